"""One writer at a time: a second one waits or is told who writes; who died holds nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kaohe.measuring import import_files
from kaohe.measuring.locking import only_writer
from kaohe.problems import Problems

TEXT = "通话编号,坐席,来电时间,等待\nc1,张三,2026-03-01 09:00,20\n"
HOLDER = """
import sys
from pathlib import Path
from kaohe.measuring.locking import only_writer
with only_writer(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def another_writer(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that writes to the workspace until it is told to stop."""
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_writer_is_told_who_writes(house) -> None:
    house.define()
    house.write("calls.csv", TEXT)
    with another_writer(house.workspace.folder) as other:
        with pytest.raises(Problems) as caught:
            import_files(house.workspace, house.definitions, "calls", [house.folder / "calls.csv"], wait_seconds=0)
        (problem,) = caught.value
        assert (problem.code, problem.found["pid"]) == ("M050", str(other.pid))
        assert str(other.pid) in problem.sentence("zh")
    assert house.workspace.imports() == ()


def test_a_second_writer_waits_until_the_first_has_ended(house) -> None:
    house.define()
    house.write("calls.csv", TEXT)
    told: list[str] = []
    with another_writer(house.workspace.folder) as other:

        def let_it_end(stage: str, done: int, total: int) -> None:
            told.append(stage)
            if stage == "wait" and done == 1:
                other.stdin.write("\n")
                other.stdin.flush()

        import_files(house.workspace, house.definitions, "calls", [house.folder / "calls.csv"], wait_seconds=60, progress=let_it_end)
    assert told[0] == "wait"
    assert len(house.workspace.imports()) == 1


def test_who_died_holds_nothing(house) -> None:
    house.define()
    with another_writer(house.workspace.folder) as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    assert str(other.pid) in (house.workspace.folder / "writing.lock").read_text(encoding="utf-8")
    house.take_text(TEXT)
    assert len(house.workspace.imports()) == 1


def test_two_imports_within_one_process_exclude_each_other(house) -> None:
    with only_writer(house.workspace.folder), pytest.raises(Problems), only_writer(house.workspace.folder, wait_seconds=0):
        pass


def test_a_writer_that_failed_lets_go(house) -> None:
    with pytest.raises(ValueError, match="oh"), only_writer(house.workspace.folder):
        raise ValueError("oh")
    with only_writer(house.workspace.folder, wait_seconds=0):
        pass


def test_whoever_only_measures_needs_no_lock(house) -> None:
    house.define("n: {kind: count}")
    house.take_text(TEXT)
    with another_writer(house.workspace.folder):
        assert house.figures("n").pair("张三") == (1, 1)
