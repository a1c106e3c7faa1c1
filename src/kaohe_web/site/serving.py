"""Serving: web processes and one worker for long tasks, started together and stopped together."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from types import FrameType

TICK = 600  # seconds between two looks for what is due
PATIENCE = 30


def free_port(host: str) -> int:
    """A port that nobody listens on now."""
    with socket.socket() as found:
        found.bind((host, 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def processes(host: str, port: int, workers: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The web server and the task worker, gone again at the end whatever happens."""
    django = [sys.executable, "-m", "django"]
    web = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        "4",
        "--backpressure",
        "64",
        "--no-access-log",
        "--log-level",
        "warning",
        "kaohe_web.wsgi:application",
    ]
    started = [subprocess.Popen(command) for command in (web, [*django, "db_worker", "--no-startup-delay"])]
    try:
        yield started
    finally:
        _stop(started)


def _stop(started: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in started:
        process.terminate()
    for process in started:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(url: str, patience: int = PATIENCE) -> bool:
    """Whether the site answers within so many seconds."""
    for _ in range(patience * 10):
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False


def wait(started: Sequence[subprocess.Popen[bytes]]) -> int:
    """Until a process ends or somebody stops us; looks for what is due now and then. 0 when stopped by a person."""
    stopped = []

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.append(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    since = time.monotonic()
    while not stopped:
        if any(process.poll() is not None for process in started):
            return 1
        if time.monotonic() - since > TICK:
            subprocess.run([sys.executable, "-m", "django", "tick"], check=False)
            since = time.monotonic()
        time.sleep(0.3)
    return 0
