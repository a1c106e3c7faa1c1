"""Guards in the database itself: triggers that refuse to change rows, alike on SQLite and PostgreSQL.

They stand below everything that Python could get wrong: a shell, a forgotten script, another program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import post_migrate, pre_migrate


@dataclass(frozen=True)
class Guard:
    """One refusal: on a table, before an event, where a condition on OLD or NEW holds."""

    table: str
    event: str
    when: str
    told: str

    @property
    def name(self) -> str:
        """The trigger's name."""
        return f"{self.table}_no_{self.event.lower()}"


def never(table: str, told: str, *events: str, when: str = "1 = 1") -> list[Guard]:
    """The same refusal for several events."""
    return [Guard(table, event, when, told) for event in events]


# --- what is written into the database ------------------------------------------------------------


def _sqlite(guard: Guard) -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW WHEN {guard.when} "
        f"BEGIN SELECT RAISE(ABORT, '{guard.told}'); END"
    ]


def _postgresql(guard: Guard) -> list[str]:
    kept = "OLD" if guard.event == "DELETE" else "NEW"
    return [
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN IF {guard.when} THEN "
        f"RAISE EXCEPTION '{guard.told}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {kept}; END $guard$",
        f"DROP TRIGGER IF EXISTS {guard.name} ON {guard.table}",
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW EXECUTE FUNCTION {guard.name}()",
    ]


def _removal(guard: Guard, vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [f"DROP FUNCTION IF EXISTS {guard.name}() CASCADE"]
    return [f"DROP TRIGGER IF EXISTS {guard.name}"]


def install(connection: BaseDatabaseWrapper, guards: Iterable[Guard]) -> None:
    """Set the guards up; those that stand already stay."""
    write = _postgresql if connection.vendor == "postgresql" else _sqlite
    _run(connection, (line for guard in guards for line in write(guard)))


def remove(connection: BaseDatabaseWrapper, guards: Iterable[Guard]) -> None:
    """Take the guards down."""
    _run(connection, (line for guard in guards for line in _removal(guard, connection.vendor)))


def _run(connection: BaseDatabaseWrapper, lines: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for line in lines:
            cursor.execute(line)


def standing(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of all triggers in the database."""
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {name for (name,) in cursor.fetchall()}


# --- migrations -----------------------------------------------------------------------------------

Step = Callable[[object, BaseDatabaseSchemaEditor], None]


def steps(guards: Sequence[Guard]) -> tuple[Step, Step]:
    """Forward and backward steps of a migration that sets guards up."""
    return (
        lambda apps, editor: install(editor.connection, guards),
        lambda apps, editor: remove(editor.connection, guards),
    )


def keep_through_migrations(config: AppConfig, guards: Sequence[Guard], migration: str) -> None:
    """Guards step aside while tables are remade and stand again afterwards, for as long as their migration is applied."""

    def before(plan: Sequence[object] = (), using: str = DEFAULT_DB_ALIAS, **more: object) -> None:
        if plan and _is_applied(connections[using], config.label, migration):
            remove(connections[using], guards)

    def after(using: str = DEFAULT_DB_ALIAS, **more: object) -> None:
        if _is_applied(connections[using], config.label, migration):
            install(connections[using], guards)

    pre_migrate.connect(before, sender=config, weak=False)
    post_migrate.connect(after, sender=config, weak=False)


def _is_applied(connection: BaseDatabaseWrapper, label: str, migration: str) -> bool:
    return (label, migration) in MigrationRecorder(connection).applied_migrations()
