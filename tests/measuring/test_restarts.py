"""An import killed at any point and run again: nothing is lost, nothing is doubled, nothing is half there.

The child counts every line of Kaohe that it runs and kills itself, by the signal that nobody can catch, at the one that it
was told. Points are drawn by a seed that stands in the test's name.
"""

from __future__ import annotations

import gzip
import random
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from kaohe.measuring import Workspace

DIES = """
import os, signal, sys
from pathlib import Path

count, last = 0, int(sys.argv[3])

def each_line(frame, event, argument):
    global count
    if event == "line":
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)
    return each_line

def each_call(frame, event, argument):
    return each_line if "kaohe" in frame.f_code.co_filename or "tempfile" in frame.f_code.co_filename else None

from kaohe.measuring import Workspace, import_files, mend_rows, read_definitions, waive_rows
import kaohe.measuring.files

kaohe.measuring.files.BATCH = 100
folder = Path(sys.argv[1])
definitions = read_definitions(folder / "definitions.yaml")
sys.settrace(each_call)
workspace = Workspace(folder / sys.argv[2])
import_files(workspace, definitions, "calls", [folder / "exports" / "*"], imported_at="2026-04-01")
if (folder / "mended.csv").exists():
    answer = mend_rows(workspace, definitions, [folder / "mended.csv"], by="张三", at="2026-04-02")
    waive_rows(workspace, "a.csv", [59, 109], by="李四", reason="测试来电", at="2026-04-03")
sys.settrace(None)
print(count)
"""


def run(house, workspace: str, last: int = 0) -> tuple[int, str]:
    """Import everything in a process of its own, which dies at the line `last`: its exit code and what it printed."""
    command = [sys.executable, "-c", DIES, str(house.folder), workspace, str(last)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode, done.stdout.strip()


def lines(day: int) -> str:
    rows = [f"c{day}-{i},张三,2026-03-{day:02} 09:00,{'soon' if i % 50 == 7 else i % 60}" for i in range(300)]
    return "\n".join(["通话编号,坐席,来电时间,等待", *rows, ""])


@pytest.fixture
def exports(house):
    """A text file, a packed one and a workbook, each with rows that cannot be read."""
    house.define("n: {kind: count}")
    (house.folder / "exports").mkdir()
    house.write("exports/a.csv", lines(1))
    house.write("exports/b.csv.gz", gzip.compress(lines(2).encode(), mtime=0))
    book = openpyxl.Workbook()
    for line in lines(3).splitlines():
        book.active.append(line.split(","))
    book.save(house.folder / "exports" / "c.xlsx")
    return house


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def check_is_whole(folder: Path) -> None:
    """What the manifest names is there to the last row, also right after the kill."""
    for one in Workspace(folder).imports():
        assert pq.ParquetFile(folder / one.events).metadata.num_rows == one.rows_taken
        listed = (folder / str(one.set_aside)).read_text(encoding="utf-8-sig")
        assert listed.count("\n") == one.rows_set_aside + one.rows_mended + 1
        assert listed.count("mended: ") == one.rows_mended


def kill_and_go_on(house, whole: dict[str, bytes], lines_run: int, seed: int) -> int:
    point = random.Random(seed).randint(1, lines_run)
    folder = house.folder / f"killed-{seed}"
    assert run(house, folder.name, point)[0] == -signal.SIGKILL
    check_is_whole(folder)
    assert run(house, folder.name)[0] == 0
    assert contents(folder) == whole
    return point


def of_an_import_left_alone(house) -> tuple[dict[str, bytes], int]:
    code, printed = run(house, "whole")
    assert code == 0
    return contents(house.folder / "whole"), int(printed)


def mend_all(house) -> None:
    """Lists of what an import left alone set aside, with the waits mended in all rows but two of the first file."""
    run(house, "unmended")
    lists = [(house.folder / "unmended" / one.set_aside).read_text("utf-8-sig") for one in Workspace(house.folder / "unmended").imports()]
    head, *lines = dict.fromkeys(line for text in lists for line in text.splitlines())
    kept = [line for line in lines if not ("a.csv,59," in line or "a.csv,109," in line)]
    house.write("mended.csv", "\n".join([head, *(line.rpartition(",soon")[0] + ",7" for line in kept), ""]))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_import_killed_anywhere_and_run_again_is_whole(exports, seed: int) -> None:
    kill_and_go_on(exports, *of_an_import_left_alone(exports), seed)


def test_mending_and_waiving_killed_anywhere_and_run_again_are_whole(exports) -> None:
    mend_all(exports)
    whole, lines_run = of_an_import_left_alone(exports)
    entries = Workspace(exports.folder / "whole").imports()
    assert [sum(getattr(one, name) for one in entries) for name in ("rows_mended", "rows_waived", "rows_open")] == [16, 2, 0]
    for seed in (4, 5, 6):
        kill_and_go_on(exports, whole, lines_run, seed)


def test_an_import_killed_again_and_again_ends_whole(exports) -> None:
    whole, lines_run = of_an_import_left_alone(exports)
    for point in (lines_run // 5, lines_run // 3, lines_run // 2):
        run(exports, "killed", point)
        check_is_whole(exports.folder / "killed")
    assert run(exports, "killed")[0] == 0
    assert contents(exports.folder / "killed") == whole


@pytest.mark.soak
@pytest.mark.parametrize("mended", [False, True])
def test_an_import_killed_at_twenty_points_is_whole_each_time(exports, mended: bool, record_property) -> None:
    if mended:
        mend_all(exports)
    whole, lines_run = of_an_import_left_alone(exports)
    points = [kill_and_go_on(exports, whole, lines_run, seed) for seed in range(100, 120)]
    record_property("lines", lines_run)
    record_property("killed_at", points)
