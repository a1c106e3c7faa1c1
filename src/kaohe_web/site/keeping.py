"""Backups: everything that the site keeps in one file that any of its databases can take in again.

Rows stand in it as JSON, a line each, in the order of their tables; files, workspace and secret as
they are; a manifest names the version and the hash of every member.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management import call_command
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, connections, models, transaction

from kaohe_web.pay.models import PaySheet
from kaohe_web.results.models import Run
from kaohe_web.site.refusals import Refused

ROWS, MANIFEST, SECRET = "rows.jsonl", "manifest.json", "secret"
FOLDERS = ("files", "workspace")
SKIPPED = ("sessions.session", "contenttypes.contenttype", "auth.permission", "django_tasks_db.dbtaskresult")
SNAPSHOT = "snapshot"
BATCH = 500


class Exact(DjangoJSONEncoder):
    """Moments to the microsecond: the audit chain's hashes rest on them."""

    def default(self, o: object) -> object:
        """A moment as written; anything else as Django writes it."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


@dataclass(frozen=True)
class Kept:
    """What a backup holds."""

    file: Path
    rows: int
    files: int


def back_up(file: Path) -> Kept:
    """Write a backup beside people working; it holds one moment of the database. Nothing is left of one that fails."""
    part = file.with_name(f"{file.name}.part")
    members: dict[str, str] = {}
    try:
        with _moment() as alias, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            rows = _write_rows(archive, alias, members)
            for path, name in _files():
                archive.write(path, name)
                members[name] = sha256(path.read_bytes()).hexdigest()
            manifest = {"kaohe": version("kaohe"), "rows": rows, "members": members}
            archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return Kept(file, rows, len(members) - 1)


def _files() -> Iterator[tuple[Path, str]]:
    yield settings.HOME / SECRET, SECRET
    for folder in FOLDERS:
        for path in sorted((settings.HOME / folder).rglob("*")):
            if path.is_file() and not path.name.endswith((".lock", ".part")):
                yield path, path.relative_to(settings.HOME).as_posix()


@contextlib.contextmanager
def _moment() -> Iterator[str]:
    """A connection that sees one moment of the database, without keeping anybody from writing."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield "default"
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.sqlite3"
        copy_database(copy)
        connections.databases[SNAPSHOT] = {**connections.databases["default"], "NAME": copy}
        try:
            yield SNAPSHOT
        finally:
            connections[SNAPSHOT].close()
            del connections[SNAPSHOT]
            del connections.databases[SNAPSHOT]


def copy_database(copy: Path) -> None:
    """The embedded database as it is now, copied while others write."""
    connection.ensure_connection()
    target = sqlite3.connect(copy)
    try:
        connection.connection.backup(target)
    finally:
        target.close()


def tables() -> list[type[models.Model]]:
    """Every table in an order in which rows find what they point to."""
    groups = [(app, None) for app in apps.get_app_configs()]
    ordered: list[type[models.Model]] = serializers.sort_dependencies(groups, allow_cycles=True)
    return [model for model in ordered if model._meta.label_lower not in SKIPPED and not model._meta.proxy]


def _write_rows(archive: zipfile.ZipFile, alias: str, members: dict[str, str]) -> int:
    """Every row as a line; returns how many."""
    digest, count = sha256(), 0
    with archive.open(ROWS, "w", force_zip64=True) as out:
        for model in tables():
            for row in model._base_manager.using(alias).order_by("pk").iterator(chunk_size=BATCH):
                line = f"{serializers.serialize('json', [row], ensure_ascii=False, cls=Exact)[1:-1]}\n".encode()
                digest.update(line)
                out.write(line)
                count += 1
    members[ROWS] = digest.hexdigest()
    return count


# --- restoring ------------------------------------------------------------------------------------


def restore(file: Path) -> Kept:
    """Bring a backup into an empty folder and database; told where either holds anything, or the backup is damaged."""
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read(MANIFEST))
        _refuse_damaged(archive, manifest)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        _refuse_full()
        count = _read_rows(archive)
        for name in manifest["members"]:
            if name != ROWS:
                _put(settings.HOME / name, archive.read(name))
    return Kept(file, count, len(manifest["members"]) - 1)


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(0o600)


def _refuse_damaged(archive: zipfile.ZipFile, manifest: dict[str, dict[str, str]]) -> None:
    for name, expected in manifest["members"].items():
        if name.startswith(("/", "..")) or "/../" in name:
            raise Refused(f"备份里有不该有的路径：{name}", f"The backup names a path that it must not: {name}")
        digest = sha256()
        with archive.open(name) as member:
            while chunk := member.read(1 << 20):
                digest.update(chunk)
        if digest.hexdigest() != expected:
            raise Refused(f"备份已损坏：{name} 与清单不符。", f"The backup is damaged: {name} is not what its manifest says.")


def _refuse_full() -> None:
    full = [model._meta.label for model in tables() if model._meta.label_lower.split(".")[0] in OWN and model._base_manager.exists()]
    if full:
        raise Refused(f"目标数据库不是空的：{'、'.join(full[:5])}", f"The database is not empty: {', '.join(full[:5])}")


OWN = ("people", "library", "rounds", "collect", "results", "appeals", "pay", "audit", "inbox")


@transaction.atomic
def _read_rows(archive: zipfile.ZipFile) -> int:
    """All rows or none; what was published or paid becomes so when everything that belongs to it is there."""
    sealed: list[tuple[type[models.Model], object, dict[str, object]]] = []
    count = 0
    with (
        connection.constraint_checks_disabled() if connection.vendor == "sqlite" else contextlib.nullcontext(),
        archive.open(ROWS) as lines,
    ):
        for line in lines:
            for row in serializers.deserialize("json", f"[{line.decode()}]"):
                if seals := SEALS.get(type(row.object), ()):
                    sealed.append((type(row.object), row.object.pk, {name: getattr(row.object, name) for name in seals}))
                    for name in seals:
                        setattr(row.object, name, None)
                row.object.save_base(raw=True, force_insert=True)
                count += 1
    for model, pk, values in sealed:
        model._base_manager.filter(pk=pk).update(**values)
    connection.check_constraints()
    _set_sequences()
    return count


SEALS: dict[type[models.Model], tuple[str, ...]] = {Run: ("version", "published_at"), PaySheet: ("locked_at",)}


def _set_sequences() -> None:
    """After rows with numbers of their own, new ones must begin behind them."""
    statements = connection.ops.sequence_reset_sql(no_style(), tables())
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
