"""The small tables that an engine's queries look things up in: accounts and calendars."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from kaohe.measuring.accounts import AccountBook, accounts_table, read_book
from kaohe.measuring.calendars import calendar_table, view_of
from kaohe.measuring.deriving.tables import Tables
from kaohe.measuring.engine import Engine
from kaohe.measuring.plans import Plan


def lend_tables(engine: Engine, tables: Tables, plans: Sequence[Plan]) -> dict[str, AccountBook]:
    """Let the engine's queries see the accounts and the calendars that these plans go through; gives the accounts by id."""
    definitions = tables.definitions
    names = {plan.rows.through: plan.rows.book for plan in plans if plan.rows.through}
    books = {id: read_book(engine, definitions, id) for id in names}
    for id, name in names.items():
        engine.lend(name, accounts_table(books[id], definitions.zone))
    for id in _calendars(tables, plans):
        calendar = definitions.calendars[id]
        engine.lend(view_of(id), calendar_table(calendar, ZoneInfo(calendar.zone) if calendar.zone else definitions.zone))
    return books


def _calendars(tables: Tables, plans: Sequence[Plan]) -> list[str]:
    """The calendars that plans look days up in; all of them where a table is derived, whose conditions may."""
    definitions = tables.definitions
    derives = any(_looks_at_calendars(tables, plan.rows.table) for plan in plans)
    looked_up = {lookup.calendar for plan in plans for lookup in plan.lookups}
    return [id for id, calendar in definitions.calendars.items() if calendar.by is None and (derives or id in looked_up)]


def _looks_at_calendars(tables: Tables, table: str) -> bool:
    below = {table, *tables.definitions.below(table)} & set(tables.definitions.derived)
    told = " ".join(tables.definitions.derived[one].model_dump_json() for one in below)
    return "open_seconds(" in told or "is_open(" in told
