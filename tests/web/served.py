"""A served site for tests: its own folder, database and port, the processes that serve people; stopped at the end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from kaohe_web.site.serving import answers, free_port

TOP = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Site:
    """A site that is being served, and the environment in which its commands run."""

    url: str
    home: Path
    database: str = ""
    processes: tuple[subprocess.Popen[bytes], ...] = ()

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "KAOHE_HOME": str(self.home),
            "DJANGO_SETTINGS_MODULE": "kaohe_web.settings",
            "KAOHE_COMPANY": "国安创想",
            "PYTHONPATH": str(TOP / "src"),
        }
        return {**os.environ, **own, **({"KAOHE_DATABASE_URL": self.database} if self.database else {})}

    def manage(self, *words: str, check: bool = True) -> str:
        """Run a management command; its output."""
        done = subprocess.run([sys.executable, "-m", "django", *words], env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0 or not check, done.stdout + done.stderr
        return done.stdout

    def python(self, code: str) -> str:
        """Run a few lines inside the site; what they print."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()


@contextmanager
def serving(home: Path, database: str = "", workers: int = 1, prepare: Sequence[str] = ("fill",)) -> Iterator[Site]:
    """The site, from when it answers. `prepare`: `fill` puts the sample company in."""
    port = free_port("127.0.0.1")
    site = Site(f"http://127.0.0.1:{port}", home, database)
    site.manage("migrate", "--verbosity", "0")
    site.manage("createcachetable")
    if "fill" in prepare:
        site.python("from kaohe_web.sample.company import fill; fill()")
    web = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        "4",
        "--log-level",
        "error",
        "kaohe_web.wsgi:application",
    ]
    started = [
        subprocess.Popen(web, env=site.environment, cwd=TOP),
        subprocess.Popen(
            [sys.executable, "-m", "django", "db_worker", "--no-startup-delay", "--interval", "0.2"],
            env=site.environment,
            stderr=subprocess.DEVNULL,
        ),
    ]
    try:
        assert answers(f"{site.url}/sign-in/"), "the site does not answer"
        yield Site(site.url, home, database, tuple(started))
    finally:
        for process in started:
            process.terminate()
        for process in started:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def new_database(url: str) -> str:
    """A fresh database on a PostgreSQL server; its URL."""
    name = f"site{time.time_ns()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return url.rpartition("/")[0] + f"/{name}"
