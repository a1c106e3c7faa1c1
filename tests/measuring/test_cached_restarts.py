"""A cached measuring run killed at any point and run again: the figures and the states are those of a run left alone.

As in `test_restarts`, the child kills itself by the signal that nobody can catch: at a line of Kaohe that was drawn by a
seed, or, so that the engine too is met in the middle of its work, after a part of the time that a whole run takes.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from kaohe.measuring import locking, measure
from kaohe.measuring.locking import only_writer
from kaohe.measuring.workspace import Workspace
from tests.measuring.test_caching import MARCH, Desk

DIES = """
import json, os, signal, sys
from datetime import date
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

from kaohe.measuring import Period, Settings, Workspace, measure, read_definitions

folder = Path(sys.argv[1])
definitions = read_definitions(folder / "d.yaml")
print("begun", flush=True)
sys.settrace(each_call if last >= 0 else None)
measured = measure(Workspace(folder / sys.argv[2]), definitions, Period(date(2026, 3, 1), date(2026, 3, 31)), cache="use", settings=Settings(threads=1))
sys.settrace(None)
figures = [[one.id, one.subjects, one.numerators, one.denominators, one.counted, one.excluded, one.without_person] for one in measured.figures]
print(json.dumps([count, figures]))
"""
TIMED = -1  # in place of a line: the child is killed from outside


def command(desk: Desk, workspace: str, last: int = 0) -> list[str]:
    return [sys.executable, "-c", DIES, str(desk.folder), workspace, str(last)]


def run(desk: Desk, workspace: str, last: int = 0) -> tuple[int, list]:
    """Measure with a cache in a process of its own, which dies at the line `last`: its lines, and its figures."""
    done = subprocess.run(command(desk, workspace, last), capture_output=True, text=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    assert (done.returncode == 0) == (not last), "it was to die, and only then"
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else (0, [])


@pytest.fixture
def desk(tmp_path):
    """A week of calls, a file a day."""
    desk = Desk(tmp_path)
    chosen = random.Random(7)
    for day in range(2, 9):
        rows = [(chosen.choice(["x1", "x2", "x9", ""]), chosen.randrange(90), chosen.choice(["是", "否", ""])) for _ in range(200)]
        desk.day(day, *rows)
    return desk


def copied(desk: Desk, name: str) -> Path:
    """Another workspace with the same imports and no cache."""
    return shutil.copytree(desk.workspace.folder, desk.folder / name)


def states(folder: Path) -> dict[str, list[dict]]:
    """Every file of the cache by its name, and the rows that it holds; a file that is not whole cannot be read."""
    return {path.name: rows_of(path) for path in (folder / "cache").rglob("*") if path.is_file() and path.name != locking.LOCK}


def rows_of(state: Path) -> list[dict]:
    return sorted(pq.read_table(state).to_pylist(), key=str)


def left_alone(desk: Desk) -> tuple[int, list, dict[str, list[dict]]]:
    lines, figures = run(desk, copied(desk, "whole").name)
    return lines, figures, states(desk.folder / "whole")


def check_is_whole(folder: Path, whole: dict[str, list[dict]]) -> None:
    """Right after the kill: every state that bears its name is what it should be."""
    found = {path.name: rows_of(path) for path in (folder / "cache").rglob("*.parquet") if path.name[0] != "."}
    assert found.items() <= whole.items()


def goes_on(desk: Desk, folder: Path, figures: list, whole: dict[str, list[dict]]) -> None:
    check_is_whole(folder, whole)
    assert run(desk, folder.name)[1] == figures
    assert states(folder) == whole
    assert not any((folder / "scratch").glob("*"))


def kill_at_a_line(desk: Desk, alone: tuple[int, list, dict], seed: int) -> int:
    lines, figures, whole = alone
    point, folder = random.Random(seed).randint(1, lines), copied(desk, f"killed-{seed}")
    run(desk, folder.name, point)
    goes_on(desk, folder, figures, whole)
    return point


def kill_in_time(desk: Desk, alone: tuple[int, list, dict], seed: int, taken: float) -> float:
    folder = copied(desk, f"timed-{seed}")
    part = random.Random(seed).random()
    with subprocess.Popen(command(desk, folder.name, TIMED), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
        assert child.stdout
        child.stdout.readline()
        time.sleep(part * taken)
        child.kill()
    goes_on(desk, folder, *alone[1:])
    return round(part * taken, 4)


def seconds_taken(desk: Desk) -> float:
    folder, start = copied(desk, "in-time"), time.monotonic()
    measure(Workspace(folder), desk.definitions, MARCH, cache="use")
    return time.monotonic() - start


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_cached_run_killed_anywhere_and_run_again_is_whole(desk, seed: int) -> None:
    kill_at_a_line(desk, left_alone(desk), seed)


def test_a_cached_run_killed_in_the_middle_of_the_engines_work_is_whole(desk) -> None:
    kill_in_time(desk, left_alone(desk), 4, seconds_taken(desk))


def test_what_a_killed_run_left_half_written_is_swept_by_the_next_one(desk) -> None:
    _, figures, whole = left_alone(desk)
    folder = copied(desk, "littered")
    litter = folder / "cache" / "calls" / ".abcdef.part"
    litter.parent.mkdir(parents=True)
    litter.write_bytes(b"PAR1 half a state")
    assert run(desk, folder.name)[1] == figures
    assert states(folder) == whole


def test_a_run_beside_another_that_makes_states_scans_instead(desk, monkeypatch) -> None:
    figures = desk.figures()
    monkeypatch.setattr("kaohe.measuring.locking.TRIES_A_SECOND", 0)
    with only_writer(desk.workspace.folder / "cache" / "calls"):
        assert desk.figures("use") == figures
        assert desk.states() == {}
    assert desk.figures("use") == figures
    assert desk.states()


@pytest.mark.soak
@pytest.mark.parametrize("how", ["at a line", "in time"])
def test_a_cached_run_killed_at_twenty_points_is_whole_each_time(desk, how: str, record_property) -> None:
    alone, taken = left_alone(desk), seconds_taken(desk)
    kill = {"at a line": lambda seed: kill_at_a_line(desk, alone, seed), "in time": lambda seed: kill_in_time(desk, alone, seed, taken)}[
        how
    ]
    record_property("lines", alone[0])
    record_property("seconds", round(taken, 4))
    record_property("killed_at", [kill(seed) for seed in range(100, 120)])
