"""Many people at once, processes killed at any moment, a backup while people write: nothing lost, nothing half done.

`make test` runs a short form; `make soak` the full one: 20 writers and 30 readers for 60 seconds, twenty kills of each act.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from kaohe_web.site.asking import Visitor
from tests.servers import running_postgresql
from tests.web.served import Site, new_database, serving

SOAKING = os.environ.get("KAOHE_SOAK") == "1"
SECONDS, WRITERS, READERS, KILLS = (60, 20, 30, 20) if SOAKING else (3, 5, 6, 2)
SECRET = "rating-all-day-long"
PAGES = ("/", "/cards/", "/rate/")

pytestmark = pytest.mark.xdist_group("load")

DUTIES = f"""
import json
from django.contrib.auth.hashers import make_password
from kaohe_web.collect.models import Duty
from kaohe_web.people.models import User
secret = make_password({SECRET!r})
found = {{}}
for duty in Duty.objects.filter(round__stage="scored", item__in=["internal_customer_satisfaction", "innovation", "work_standardization"]).select_related("rater__user", "subject__person"):
    found.setdefault(duty.rater.user.username, (duty.round_id, duty.item, duty.subject.person.number, duty.rater.number))
User.objects.filter(username__in=found).update(password=secret)
print(json.dumps(found))
"""
STANDS = """
import json
from kaohe_web.audit.models import Entry
from kaohe_web.audit.queries import verify
from kaohe_web.collect.models import Rating
proof = verify()
ratings = {f"{one.item} {one.subject} {one.rater}": one.text for one in Rating.objects.filter(round__stage="scored")}
print(json.dumps({"holds": proof.holds, "broken": proof.broken, "entries": proof.entries, "given": Entry.objects.filter(action="rating.give").count(), "ratings": ratings}))
"""


@contextmanager
def a_site(kind: str, folder: Path):
    """A served sample company on a database of this kind."""
    if kind == "sqlite":
        with serving(folder, workers=2) as site:
            yield site
    else:
        with running_postgresql() as server, serving(folder, new_database(server.url("postgres")), workers=2) as site:
            yield site


class Crowd:
    """Writers and readers at work, and what they were told."""

    def __init__(self, site: Site, duties: dict[str, tuple[int, str, str, str]]) -> None:
        self.site = site
        self.until = 0.0
        self.last: dict[str, str] = {}
        self.changes = self.reads = 0
        self.failed: list[str] = []
        self.lock = threading.Lock()
        writers = list(duties.items())[:WRITERS]
        self.threads = [threading.Thread(target=self._write, args=(Visitor(site.url, user, SECRET), *duty)) for user, duty in writers]
        readers = [Visitor(site.url, user, SECRET) for user, _ in list(duties.items())[-min(READERS, len(duties)) :]]
        self.threads += [threading.Thread(target=self._read, args=(readers[place % len(readers)],)) for place in range(READERS)]

    def work(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds
        for thread in self.threads:
            thread.start()
        for thread in self.threads:
            thread.join()

    def _write(self, visitor: Visitor, round_id: int, item: str, subject: str, rater: str) -> None:
        scores = ["0", "0.5", "1"]
        while time.monotonic() < self.until:
            score = random.choice([one for one in scores if one != self.last.get(rater)])
            try:
                visitor.send(f"/rate/{round_id}/{item}/save/", {"ratings": [{"subject": subject, "score": score}]})
            except urllib.error.HTTPError as error:
                with self.lock:
                    self.failed.append(f"{rater}: {error.code} {error.read()[:300]!r}")
                continue
            with self.lock:
                self.changes += 1
                self.last[rater] = score

    def _read(self, visitor: Visitor) -> None:
        while time.monotonic() < self.until:
            page = random.choice(PAGES)
            try:
                visitor.page(page)
            except urllib.error.HTTPError as error:
                with self.lock:
                    self.failed.append(f"{page}: {error.code}")
                continue
            with self.lock:
                self.reads += 1


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("_form", [pytest.param("short"), pytest.param("full", marks=pytest.mark.soak)])
def test_many_writers_and_readers_lose_nothing_and_a_backup_meanwhile_restores(kind, _form, tmp_path, record_property):
    with a_site(kind, tmp_path / "home") as site:
        duties = json.loads(site.python(DUTIES))
        before = json.loads(site.python(STANDS))
        crowd = Crowd(site, duties)
        backup = threading.Timer(SECONDS / 2, lambda: site.manage("backup", str(tmp_path / "kept.zip")))
        backup.start()
        crowd.work(SECONDS)
        backup.join()
        after = json.loads(site.python(STANDS))
    assert crowd.failed == []
    assert crowd.changes > 0 < crowd.reads
    for rater, score in crowd.last.items():
        _, item, subject, _ = next(duty for duty in duties.values() if duty[3] == rater)
        assert after["ratings"][f"{item} {subject} {rater}"] == score
    assert (after["holds"], after["broken"]) == (True, [])
    # Each writer's first score may be the one that stood there; every later one differs from the one before.
    assert crowd.changes - len(crowd.last) <= after["given"] - before["given"] <= crowd.changes
    other = Site("", tmp_path / "other")
    assert "有问题" not in other.manage("restore", str(tmp_path / "kept.zip"))
    record_property(
        "figures", {"kind": kind, "seconds": SECONDS, "writers": WRITERS, "readers": READERS, "writes": crowd.changes, "reads": crowd.reads}
    )


# --- killed at any moment ---------------------------------------------------------------------------

BEGIN = "from kaohe_web.people.models import User\nfrom kaohe_web.rounds.models import Round\nfrom kaohe_web.results import actions as results\nfrom kaohe_web.results.telling import tell\nfrom kaohe_web.rounds import actions\nhr = User.objects.get(username='hr')\n"
SCORE = BEGIN + "run, told = results.preview(hr, Round.objects.get(stage='scored'))\ntell.call(run.id)\n"
READY = BEGIN + (
    "from kaohe_web.collect.models import Duty, Rating\n"
    "from kaohe_web.collect.actions import Given, rate\n"
    "round = Round.objects.get(stage='scored')\n"
    "given = set(Rating.objects.filter(round=round).values_list('item', 'subject', 'rater'))\n"
    "for duty in Duty.objects.filter(round=round).select_related('rater__user', 'subject__person'):\n"
    "    if (duty.item, duty.subject.person.number, duty.rater.number) not in given:\n"
    "        rate(duty.rater.user, round, [Given(duty.item, duty.subject.person.number, '1', duty.relation)])\n"
    "run, told = results.preview(hr, round)\ntell.call(run.id)\n"
    "actions.submit(hr, round)\n"
    "for name in ('manager', 'boss'): actions.approve(User.objects.get(username=name), round, run.id)\n"
)
PUBLISH = BEGIN + "results.publish(hr, Round.objects.get(stage='approved'))\n"
WHOLE = """
from kaohe_web.audit.queries import verify
from kaohe_web.results.actions import recomputed
from kaohe_web.results.models import Card, Run
from kaohe_web.rounds.models import Round
assert verify().holds, verify().broken
for run in Run.objects.select_related("round"):
    people = run.round.participants.count()
    assert run.results.count() == run.complete + run.incomplete + run.others == people, (run.id, run.results.count(), people)
    cards = Card.objects.filter(result__run=run).count()
    assert cards == (2 * people if run.told else 0), (run.id, run.told, cards)
    if run.version is not None:
        assert run.told and recomputed(run).digest == run.results_digest
for round in Round.objects.all():
    published = round.runs.filter(version__isnull=False).exists()
    assert published == (round.stage in ("confirming", "closed")) == (round.published_at is not None), (round.stage, published)
print(Round.objects.get(end="2026-09-30").stage)
"""


class Place:
    """A database that can be put back to how it was."""

    def __init__(self, kind: str, folder: Path, server=None) -> None:
        self.kind, self.folder, self.server = kind, folder, server
        self.site = Site("", folder / "home", "" if server is None else new_database(server.url("postgres")))
        self.site.manage("migrate", "--verbosity", "0")
        self.site.manage("createcachetable")
        self.site.python("from kaohe_web.sample.company import fill; fill()")

    def keep(self) -> None:
        if self.kind == "sqlite":
            self.site.python("from django.db import connection; connection.cursor().execute('PRAGMA wal_checkpoint(TRUNCATE)')")
            shutil.copy(self.site.home / "kaohe.sqlite3", self.folder / "kept.sqlite3")

    def put_back(self) -> Site:
        if self.kind == "sqlite":
            for left in self.site.home.glob("kaohe.sqlite3*"):
                left.unlink()
            shutil.copy(self.folder / "kept.sqlite3", self.site.home / "kaohe.sqlite3")
            return self.site
        name = f"again{time.time_ns()}"
        with psycopg.connect(self.server.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {self.site.database.rpartition('/')[2]}")
        return Site("", self.site.home, self.server.url(name))


def killed(site: Site, code: str, after: float) -> bool:
    """Run code in a process and kill it after so many seconds; whether it was still running."""
    process = subprocess.Popen(
        [sys.executable, "-c", f"import django; django.setup()\nprint('ready', flush=True)\n{code}"],
        env=site.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(after)
    running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return running


@contextmanager
def a_place(kind: str, folder: Path):
    if kind == "sqlite":
        yield Place(kind, folder)
    else:
        with running_postgresql() as server:
            yield Place(kind, folder, server)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("_form", [pytest.param("short"), pytest.param("full", marks=pytest.mark.soak)])
def test_a_process_killed_while_scoring_or_publishing_leaves_nothing_half_done(kind, _form, tmp_path, record_property):
    with a_place(kind, tmp_path) as place:
        caught = {"scoring": 0, "publishing": 0}
        place.keep()
        whole = _seconds(place.put_back(), SCORE)
        for _ in range(KILLS):
            site = place.put_back()
            caught["scoring"] += killed(site, SCORE, random.uniform(0, whole))
            site.python(WHOLE)
            site.python(SCORE)
            site.python(WHOLE)
        place.site = place.put_back()
        place.site.python(READY)
        place.keep()
        whole = _seconds(place.put_back(), PUBLISH)
        for _ in range(KILLS):
            site = place.put_back()
            caught["publishing"] += killed(site, PUBLISH, random.uniform(0, whole))
            assert site.python(WHOLE) in ("approved", "confirming")
    record_property("figures", {"kind": kind, "kills": KILLS, "caught": caught})


def _seconds(site: Site, code: str) -> float:
    """How long a piece of code takes once Django is there."""
    told = site.python(f"import time; start = time.perf_counter()\n{code}\nprint(time.perf_counter() - start)")
    return float(told.splitlines()[-1])
