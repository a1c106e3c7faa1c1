"""Files made to break the reader of facts: each is refused by its bound, quickly and in little memory."""

from __future__ import annotations

import gzip
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

pytestmark = pytest.mark.hostile

MOST_SECONDS, MOST_MEGABYTES = 2, 300
SCRIPT = """
import sys, time
from pathlib import Path
from kaohe.problems import Problems
from kaohe.sources import read_facts
began = time.process_time()
try:
    raw = read_facts(sys.argv[1])
    codes = " ".join(problem.code for problem in raw.problems) or "read"
except Problems as found:
    codes = " ".join(problem.code for problem in found)
status = Path("/proc/self/status").read_text()  # not ru_maxrss: that one remembers the parent from before the exec
peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) // 1024
print(codes, peak, time.process_time() - began, sep="|")
"""
HEADER = b"subject,served\n"


def refused(path: Path) -> tuple[str, bool, bool]:
    """What came of reading a file in a process of its own: problem codes, and whether time and memory were kept to."""
    command = [sys.executable, "-c", SCRIPT, str(path)]
    codes, peak, seconds = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().split("|")
    return codes, int(peak) < MOST_MEGABYTES, float(seconds) < MOST_SECONDS


def packed(path: Path, write: Callable[[object], None]) -> Path:
    """A zip archive that `write` fills."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        write(archive)
    return path


def test_a_small_file_that_unpacks_to_five_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "values.csv.zst"
    with path.open("wb") as file, zstandard.ZstdCompressor(level=3).stream_writer(file) as stream:
        stream.write(HEADER)
        for _ in range(5000):
            stream.write(b"abcdefghij,1\n" * 80_660)
    assert path.stat().st_size < 2_000_000
    assert refused(path) == ("F021", True, True)


def test_a_gzip_file_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "values.csv.gz"
    # gzip members may follow one another: a thousand times the same megabyte.
    path.write_bytes(gzip.compress(b"abcdefghij,1\n" * 80_660) * 1000)
    assert refused(path) == ("F021", True, True)


@pytest.mark.parametrize("head", [b"", HEADER])
def test_a_line_of_a_gigabyte_is_refused(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "values.csv"
    with path.open("wb") as file:
        file.write(head)
        file.truncate(1 << 30)
    assert refused(path) == ("F021", True, True)


def test_a_file_of_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    with path.open("wb") as file:
        file.write(HEADER)
        file.truncate(5 << 30)
    assert refused(path) == ("F021", True, True)


@pytest.mark.parametrize("row", [0, 1])
def test_a_hundred_thousand_columns_are_refused(tmp_path: Path, row: int) -> None:
    path = tmp_path / "values.csv"
    path.write_bytes(HEADER * row + b",".join(b"c%d" % column for column in range(100_000)) + b"\n")
    assert refused(path) == ("F021", True, True)


def test_a_quotation_mark_that_never_ends_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    path.write_bytes(HEADER + b'"' + b"abcdefghij,1\n" * 1_000_000)
    assert refused(path) == ("F020", True, True)


@pytest.mark.parametrize(("entries", "megabytes"), [(501, 0), (1, 200), (1, 90)], ids=["entries", "size", "ratio"])
def test_a_workbook_of_too_many_entries_or_too_much_in_them_is_refused(tmp_path: Path, entries: int, megabytes: int) -> None:
    def fill(archive: zipfile.ZipFile) -> None:
        for number in range(entries):
            with archive.open(f"xl/{number}.xml", "w") as entry:
                for _ in range(megabytes):
                    entry.write(bytes(1 << 20))

    assert refused(packed(tmp_path / "facts.xlsx", fill)) == ("F021", True, True)


def test_a_workbook_of_more_bytes_than_any_clerk_fills_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "facts.xlsx"
    with path.open("wb") as file:
        file.truncate(21 << 20)
    assert refused(path) == ("F021", True, True)


SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{cell}"><v>1</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(("row", "cell"), [(1048576, "ZZ1048576"), (1048576, "J1048576"), (2, "XFD2")])
def test_two_cells_in_the_far_corners_of_a_sheet_are_refused(tmp_path: Path, row: int, cell: str) -> None:
    """A reader fills the gap between them; it would need gigabytes."""
    path = packed(tmp_path / "facts.xlsx", lambda archive: archive.writestr("xl/worksheets/sheet1.xml", SHEET.format(row=row, cell=cell)))
    assert refused(path) == ("F021", True, True)


def test_a_workbook_whose_texts_are_an_alias_bomb_is_refused(tmp_path: Path) -> None:
    bomb = (
        "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'ha'>"
        + "".join(f"<!ENTITY {b} '{'&' + a + ';' * 1}{'&' + a + ';'}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
        + "]><x>&i;</x>"
    )
    path = packed(tmp_path / "facts.xlsx", lambda archive: archive.writestr("xl/workbook.xml", bomb))
    codes, small, fast = refused(path)
    assert (codes in ("F020", "F025"), small, fast) == (True, True, True)


def test_an_alias_bomb_as_facts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    rings = "\n".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    path.write_text(f"a: &a [x, x]\n{rings}\n", encoding="utf-8")
    assert refused(path) == ("D003", True, True)


def test_three_hundred_thousand_rows_are_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    path.write_bytes(HEADER + b"".join(b"person%d,%d\n" % (row, row % 100) for row in range(300_000)))
    codes, small, _ = refused(path)
    assert (codes, small) == ("read", True)
