"""Real database servers for tests: started on a private port and folder, under an unprivileged user when we are root, stopped at the end.

    with running_postgresql() as server:
        psycopg.connect(server.url("postgres"))

`tools/server_programs.sh` finds the programs, or installs them, or says what to type; nothing is skipped.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pymysql

TOP = Path(__file__).resolve().parents[1]
USER = "kaohe"
SECONDS_TO_START = 60


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, and the password of its one user."""

    scheme: str
    port: int
    password: str
    folder: Path

    def url(self, database: str) -> str:
        """The address of a database, with its user and password."""
        return f"{self.scheme}://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"


@contextmanager
def running_postgresql() -> Iterator[Server]:
    """A PostgreSQL server of our own, with the database `postgres`."""
    programs = _programs("postgresql")
    with _folder() as folder:
        server = Server("postgresql", _free_port(), secrets.token_hex(8), folder)
        secret = folder / "password"
        secret.write_text(server.password, encoding="utf-8")
        _hand_over(secret)
        data = folder / "data"
        _run(
            [
                programs / "initdb",
                "-D",
                data,
                "-U",
                USER,
                "-A",
                "scram-sha-256",
                f"--pwfile={secret}",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "-N",
            ]
        )
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": str(folder), "fsync": "off", "port": str(server.port)}
        command = [programs / "postgres", "-D", data, *(word for key, value in options.items() for word in ("-c", f"{key}={value}"))]
        with _running(command, folder, signal.SIGINT, lambda: _opens(server)):
            yield server


@contextmanager
def running_mariadb() -> Iterator[Server]:
    """A MariaDB server of our own, with the database `kaohe`."""
    programs = _programs("mariadb")
    with _folder() as folder:
        server = Server("mysql", _free_port(), secrets.token_hex(8), folder)
        first = folder / "first.sql"
        first.write_text(
            "CREATE DATABASE kaohe CHARACTER SET utf8mb4;\n"
            f"CREATE USER {USER}@'127.0.0.1' IDENTIFIED BY '{server.password}';\n"
            f"GRANT ALL ON *.* TO {USER}@'127.0.0.1';\n",
            encoding="utf-8",
        )
        _hand_over(first)
        data = folder / "data"
        install = shutil.which("mariadb-install-db") or str(programs / "mariadb-install-db")
        _run([install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"])
        options = {"datadir": data, "socket": folder / "socket", "port": server.port, "init-file": first, "pid-file": folder / "pid"}
        command = [
            programs / "mariadbd",
            "--no-defaults",
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            *(f"--{key}={value}" for key, value in options.items()),
        ]
        with _running(command, folder, signal.SIGTERM, lambda: _lets_in(server)):
            yield server


# --- how servers are started and stopped ------------------------------------------------------------


def _programs(server: str) -> Path:
    """The folder of a server's programs; an error with what to type where there is none and none may be installed."""
    done = subprocess.run([TOP / "tools" / "server_programs.sh", server], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def _unprivileged() -> dict[str, int]:
    """Whom servers run as: ourselves, or somebody without rights where we are root, as whom they refuse to run."""
    if os.getuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = next(names[name] for name in ("postgres", "mysql", "nobody") if name in names)
    return {"user": entry.pw_uid, "group": entry.pw_gid}


def _hand_over(path: Path) -> None:
    owner = _unprivileged()
    if owner:
        os.chown(path, owner["user"], owner["group"])


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder of the server's own, with a short name, for sockets have none longer."""
    folder = Path(tempfile.mkdtemp(prefix="kaohe-"))
    _hand_over(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _run(command: Sequence[object]) -> None:
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/", **_unprivileged())
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"


@contextmanager
def _running(command: Sequence[object], folder: Path, stop: signal.Signals, answers: Callable[[], bool]) -> Iterator[None]:
    """The server, from when it answers; stopped at the end, whatever happens."""
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(word) for word in command], stdout=out, stderr=out, stdin=subprocess.DEVNULL, cwd="/", **_unprivileged()
        )
        try:
            _wait(process, answers, log)
            yield
        finally:
            process.send_signal(stop)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], answers: Callable[[], bool], log: Path) -> None:
    last = time.monotonic() + SECONDS_TO_START
    while not answers():
        told = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        assert process.poll() is None, f"the server has ended:\n{told}"
        assert time.monotonic() < last, f"the server does not answer:\n{told}"
        time.sleep(0.1)


def _opens(server: Server) -> bool:
    """Whether PostgreSQL lets somebody in."""
    try:
        psycopg.connect(server.url("postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _lets_in(server: Server) -> bool:
    """Whether MariaDB lets somebody in."""
    try:
        pymysql.connect(host="127.0.0.1", port=server.port, user=USER, password=server.password, connect_timeout=2).close()
    except pymysql.OperationalError:
        return False
    return True
