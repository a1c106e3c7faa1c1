"""A backup is one file that either database takes in again, and what comes back proves itself."""

from __future__ import annotations

import os
import zipfile

import pytest

from tests.servers import running_postgresql
from tests.web.served import Site, new_database

FIGURES = """
from kaohe_web.results.models import Run, PayLine
from kaohe_web.audit.queries import verify
print([(run.results_digest, run.version) for run in Run.objects.order_by("id")], sum(line.fen for line in PayLine.objects.all()), verify().head)
"""


# Somebody with the database in hand takes the guards away first, then rewrites what was said.
TAMPER = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in cursor.fetchall():
        cursor.execute(f"DROP TRIGGER {name}")
    cursor.execute("UPDATE audit_content SET reason = 'x' WHERE entry_id = 5")
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    site = Site("", tmp_path_factory.mktemp("filled"))
    site.manage("migrate", "--verbosity", "0")
    site.manage("createcachetable")
    site.python("from kaohe_web.sample.company import fill; fill()")
    return site


@pytest.fixture(scope="module")
def backup(filled, tmp_path_factory):
    file = tmp_path_factory.mktemp("kept") / "kaohe.zip"
    filled.manage("backup", str(file))
    return file


def test_a_backup_comes_back_on_sqlite_with_the_same_figures_and_a_whole_chain(filled, backup, tmp_path):
    other = Site("", tmp_path / "other")
    told = other.manage("restore", str(backup))
    assert "有问题" not in told
    assert other.python(FIGURES) == filled.python(FIGURES)


def test_a_backup_of_sqlite_comes_back_on_postgresql_and_from_there_on_sqlite(filled, backup, tmp_path):
    with running_postgresql() as server:
        there = Site("", tmp_path / "there", new_database(server.url("postgres")))
        there.manage("restore", str(backup))
        assert there.python(FIGURES) == filled.python(FIGURES)
        again = tmp_path / "again.zip"
        there.manage("backup", str(again))
        assert there.manage("doctor").count("有问题") == 0
    back = Site("", tmp_path / "back")
    back.manage("restore", str(again))
    assert back.python(FIGURES) == filled.python(FIGURES)


def test_a_backup_is_not_restored_over_what_is_there(filled, backup):
    told = filled.manage("restore", str(backup), check=False)
    assert "已恢复" not in told
    assert filled.manage("doctor").count("有问题") == 0


def test_a_damaged_backup_is_refused_before_anything_is_written(backup, tmp_path):
    damaged = tmp_path / "damaged.zip"
    with zipfile.ZipFile(backup) as good, zipfile.ZipFile(damaged, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, good.read(name).replace("陈雨桐".encode(), "陈雨同".encode()) if name == "rows.jsonl" else good.read(name))
    other = Site("", tmp_path / "other")
    assert "已恢复" not in other.manage("restore", str(damaged), check=False)
    assert (
        not (other.home / "kaohe.sqlite3").exists()
        or other.python("from kaohe_web.people.models import Person; print(Person.objects.count())") == "0"
    )


def test_the_secret_and_the_folder_are_private(filled):
    assert oct((filled.home / "secret").stat().st_mode)[-3:] == "600"
    assert os.access(filled.home, os.W_OK)


def test_a_doctor_names_a_changed_entry_of_the_chain(filled, backup, tmp_path):
    other = Site("", tmp_path / "other")
    other.manage("restore", str(backup))
    other.python(TAMPER)
    told = other.manage("doctor", check=False)
    assert "审计链第 5 条" in told
