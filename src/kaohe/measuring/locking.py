"""One writer at a time: the lock of a workspace, held by a process and let go of when it ends, however it ends.

The system keeps the lock, not the file: a process that died holds nothing, whatever its file still says. What
stands in the file is for people: who holds the lock.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kaohe.measuring.opening import Progress, no_progress
from kaohe.measuring.problems import WorkspaceBusy
from kaohe.problems import Place, refuse

if sys.platform == "win32":
    import msvcrt

    BEYOND = 1 << 30  # a byte that nobody reads: on Windows a locked byte cannot be

    def _take(handle: int) -> None:
        os.lseek(handle, BEYOND, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _let_go(handle: int) -> None:
        os.lseek(handle, BEYOND, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _let_go(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


LOCK = "writing.lock"
WAIT_SECONDS = 10
TRIES_A_SECOND = 10
BETWEEN_TRIES = 0.1  # seconds


@contextmanager
def only_writer(folder: Path, wait_seconds: int = WAIT_SECONDS, progress: Progress = no_progress) -> Iterator[None]:
    """Be the one process that writes to a workspace.

    Another one that does is waited for, so many seconds; raises Problems that tell who it is when
    it takes longer. A process that died is not waited for. Two threads of one process count as two.
    """
    with writer_if_free(folder, wait_seconds, progress) as busy:
        if busy:
            refuse([busy])
        yield


@contextmanager
def writer_if_free(folder: Path, wait_seconds: int = WAIT_SECONDS, progress: Progress = no_progress) -> Iterator[WorkspaceBusy | None]:
    """Be the one process that writes to a folder, or be handed the problem that says who is."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if not _taken_within(handle, wait_seconds, progress):
            yield _busy(folder, handle)
            return
        with _named_in(handle):
            yield None
        _let_go(handle)
    finally:
        os.close(handle)


def _taken_within(handle: int, wait_seconds: int, progress: Progress) -> bool:
    tries = wait_seconds * TRIES_A_SECOND
    for done in range(tries + 1):
        try:
            _take(handle)
            return True
        except OSError:
            progress("wait", done, tries)
            if done < tries:
                time.sleep(BETWEEN_TRIES)
    return False


@contextmanager
def _named_in(handle: int) -> Iterator[None]:
    """While it lasts, the file says who holds the lock."""
    _write(handle, {"pid": os.getpid(), "host": socket.gethostname()})
    try:
        yield
    finally:
        _write(handle, None)


def _write(handle: int, holder: dict[str, object] | None) -> None:
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    if holder:
        os.write(handle, json.dumps(holder).encode())


def _busy(folder: Path, handle: int) -> WorkspaceBusy:
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        said = json.loads(os.read(handle, 1000))
        pid, host = str(said["pid"]), str(said["host"])
    except (ValueError, KeyError, TypeError):
        pid, host = "?", socket.gethostname()
    return WorkspaceBusy(Place(folder.name), [str(folder)], pid=pid, host=host)
