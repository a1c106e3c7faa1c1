"""The small tables that an engine's queries look things up in: accounts and calendars."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from kaohe.measuring.accounts import accounts_table
from kaohe.measuring.calendars import calendar_table, view_of
from kaohe.measuring.deriving.tables import Tables
from kaohe.measuring.engine import Engine
from kaohe.measuring.plans import Plan


def lend_tables(engine: Engine, tables: Tables, plans: Iterable[Plan]) -> None:
    """Let the engine's queries see the accounts that these plans go through, and all calendars of the company."""
    definitions = tables.definitions
    for id, name in {plan.rows.through: plan.rows.book for plan in plans if plan.rows.through}.items():
        engine.lend(name, accounts_table(engine, definitions, id))
    for id, calendar in definitions.calendars.items():
        if calendar.by is None:
            engine.lend(view_of(id), calendar_table(calendar, ZoneInfo(calendar.zone) if calendar.zone else definitions.zone))
