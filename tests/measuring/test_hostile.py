"""Files made to break the reader: each is refused with its bound, or streamed, quickly and in little memory."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import zstandard

from kaohe.measuring import Limits, import_files
from kaohe.problems import Problems

pytestmark = pytest.mark.hostile

HEADER = "通话编号,坐席,来电时间\n"
SCRIPT = """
import sys, time
from pathlib import Path
from kaohe.measuring import Workspace, import_files, read_definitions
from kaohe.problems import Problems
definitions = read_definitions(Path(sys.argv[1]))
start = time.process_time()
try:
    import_files(Workspace(Path(sys.argv[1]).parent / "workspace"), definitions, "calls", sys.argv[2:])
    codes = "taken"
except Problems as found:
    codes = " ".join(problem.code for problem in found)
seconds = time.process_time() - start
status = Path("/proc/self/status").read_text()
peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) // 1024
print(codes, peak, seconds, sep="|")
"""


def run(house, path: Path) -> tuple[str, int, float]:
    """What came of importing a file in a process of its own: problem codes, peak MB, seconds."""
    house.define()
    command = [sys.executable, "-c", SCRIPT, str(house.folder / "definitions.yaml"), str(path)]
    codes, peak, seconds = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().split("|")
    return codes, int(peak), float(seconds)


def zeros(path: Path, megabytes: int, head: bytes = b"") -> Path:
    """A zstd file of a header and megabytes of one letter, a few hundred kilobytes on disk."""
    with path.open("wb") as file, zstandard.ZstdCompressor(level=3).stream_writer(file) as packed:
        packed.write(head)
        for _ in range(megabytes):
            packed.write(b"a,b,2026-03-01\n" * 69_905)
    return path


def test_a_small_file_that_unpacks_to_five_gigabytes_is_refused(house) -> None:
    path = zeros(house.folder / "bomb.csv.zst", 5000, HEADER.encode())
    assert path.stat().st_size < 2_000_000
    codes, peak, seconds = run(house, path)
    assert (codes, peak < 300, seconds < 4) == ("M013", True, True), (codes, peak, seconds)


@pytest.mark.parametrize("head", ["", HEADER])
def test_a_line_of_a_gigabyte_is_refused(house, head: str) -> None:
    path = house.write("line.csv", head)
    with path.open("r+b") as file:
        file.truncate(1 << 30)
    codes, peak, seconds = run(house, path)
    assert (codes, peak < 300, seconds < 6) == ("M013", True, True), (codes, peak, seconds)


def test_a_header_of_a_hundred_thousand_columns_is_refused(house) -> None:
    codes, peak, seconds = run(house, house.write("wide.csv", ",".join(f"c{i}" for i in range(100_000)) + "\n"))
    assert (codes, peak < 300, seconds < 2) == ("M013", True, True), (codes, peak, seconds)


def test_a_row_of_a_hundred_thousand_cells_is_set_aside(house) -> None:
    codes, peak, _ = run(house, house.write("row.csv", HEADER + "x," * 100_000 + "\n" + "c1,张三,2026-03-01\n"))
    assert (codes, peak < 300) == ("taken", True)
    assert house.workspace.imports()[0].faults == {"wrong_column_count": 1}


def test_a_long_plain_file_is_streamed_in_little_memory(house) -> None:
    line = "c1,张三,2026-03-01\n".encode()
    path = house.write("long.csv", HEADER.encode() + line * 1_000_000)
    codes, peak, _ = run(house, path)
    assert (codes, peak < 300) == ("taken", True), peak
    assert house.workspace.imports()[0].rows_taken == 1_000_000


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"通话编号": [' + "[]," * 2_600_000 + "[]]}\n", "missing"),
        ('{"通话编号":' * 400_000 + "\n", "malformed_json"),
        ("{" + ",".join(f'"k{i % 1000}":1' for i in range(800_000)) + "}\n", "malformed_json"),
    ],
    ids=["a list of lists", "a nest", "keys over and over"],
)
def test_a_line_of_eight_megabytes_of_json_is_set_aside_in_bounded_memory(house, text: str, fault: str) -> None:
    good = '{"通话编号": "c1", "坐席": "张三", "来电时间": "2026-03-01"}\n'
    codes, peak, _ = run(house, house.write("calls.jsonl", good + text))
    assert (codes, peak < 900) == ("taken", True), (codes, peak)
    assert (house.workspace.imports()[0].rows_taken, fault in house.workspace.imports()[0].faults) == (1, True)


@pytest.mark.parametrize(("names", "size"), [(501, 10), (1, 200_000_000)])
def test_a_workbook_of_too_many_entries_or_too_much_in_them_is_refused(house, names: int, size: int) -> None:
    with zipfile.ZipFile(house.folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(names):
            with archive.open(f"xl/{i}.xml", "w") as entry:
                for _ in range(max(1, size // 1_000_000)):
                    entry.write(b"0" * min(size, 1_000_000))
    codes, peak, seconds = run(house, house.folder / "bomb.xlsx")
    assert (codes, peak < 300, seconds < 2) == ("M013", True, True), (codes, peak, seconds)


def test_whoever_raises_the_bound_may_read_the_file(house) -> None:
    definitions = house.define()
    path = zeros(house.folder / "large.csv.zst", 3, HEADER.encode())
    with pytest.raises(Problems):
        import_files(house.workspace, definitions, "calls", [path], limits=Limits(ratio_free_bytes=1_000_000))
    taken = import_files(house.workspace, definitions, "calls", [path], limits=Limits(ratio_free_bytes=1_000_000, unpacked_ratio=100_000))
    assert taken[0].rows_taken == 3 * 69_905


def test_a_zstd_window_beyond_the_bound_is_refused(house) -> None:
    parameters = zstandard.ZstdCompressionParameters.from_level(1, window_log=29, enable_ldm=False)
    packed = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    house.write("window.csv.zst", packed.compress(HEADER.encode() * 10) + packed.flush())
    codes, peak, _ = run(house, house.folder / "window.csv.zst")
    assert (codes, peak < 300) == ("M012", True)
