"""From a figure back to its rows: those that made it, and those left out with the reason why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kaohe.measuring.accounts import read_book
from kaohe.measuring.behind import MADE, REASON, behind_sql, made_sql
from kaohe.measuring.cells import Value, write_cell
from kaohe.measuring.clocks import Period
from kaohe.measuring.conditions import Scope
from kaohe.measuring.definitions import Definitions
from kaohe.measuring.deriving.making import FILE, ROW
from kaohe.measuring.deriving.tables import Tables
from kaohe.measuring.engine import SETTINGS, Engine, Row, Settings, embedded
from kaohe.measuring.lending import lend_tables
from kaohe.measuring.plans import OWN_REASONS, Plan, compile_measure
from kaohe.measuring.workspace import Workspace

BEHIND, JUDGED = "kaohe_behind", "kaohe_judged"


@dataclass(frozen=True)
class EventRow:
    """One row of an imported file: where it stands, and what its cells say under their column's name.

    `reason` is the id for which it was left out; empty for a counted row.
    """

    file: str
    row: int
    cells: dict[str, str | None]
    reason: str = ""


@dataclass(frozen=True)
class RowsBehind:
    """The rows behind one figure: a page of each list, and how many there are in all.

    `numerator` are the counted rows that the numerator is made of (for a minimum, maximum or
    quantile: the rows that hold it), `denominator` all counted rows, `excluded` those left out.
    """

    measure: str
    subject: str | None
    period: Period
    numerator: tuple[EventRow, ...]
    denominator: tuple[EventRow, ...]
    excluded: tuple[EventRow, ...]
    numerator_count: int
    denominator_count: int
    excluded_count: dict[str, int]
    reason_names: dict[str, tuple[str, str]]


def rows_behind(
    workspace: Workspace,
    definitions: Definitions,
    measure_id: str,
    subject: str | None,
    period: Period,
    limit: int = 100,
    offset: int = 0,
    *,
    as_of: date | None = None,
    settings: Settings = SETTINGS,
) -> RowsBehind:
    """The rows behind a subject's figure, `limit` of each list from `offset`, by file and row.

    Subject None asks for the rows that belong to nobody: all are excluded, as `no_subject` or, where
    their account is nobody's at their time, as `no_person`. Raises Problems for an unknown measure,
    and for a table that is gone or was imported otherwise.
    """
    with embedded(workspace, definitions, settings) as engine:
        return rows_behind_on(engine, definitions, measure_id, subject, period, limit, offset, as_of)


def rows_behind_on(
    engine: Engine,
    definitions: Definitions,
    measure_id: str,
    subject: str | None,
    period: Period,
    limit: int = 100,
    offset: int = 0,
    as_of: date | None = None,
) -> RowsBehind:
    """The same rows, from any engine."""
    tables = Tables(definitions, engine.dialect, as_of)
    plan = compile_measure(tables, measure_id)
    scope = tables.scope(plan.rows.table)
    lend_tables(engine, tables, [plan])
    table = tables.sql(plan.rows.table, engine.table)
    engine.keep(BEHIND, behind_sql(plan, table, scope, period, subject, _accounts(engine, definitions, plan, subject)), plan.rows.table)
    made = made_sql(plan, BEHIND, engine.dialect)
    engine.keep(JUDGED, f"SELECT *, (CASE WHEN {made} THEN 1 ELSE 0 END) AS {MADE} FROM {BEHIND}", plan.rows.table)
    read = _Reader(engine, plan, scope, limit, offset)
    numerator, denominator, excluded = read.page(f"{MADE} = 1"), read.page(f"{REASON} = ''"), read.page(f"{REASON} <> ''")
    reasons = read.counts()
    made_count = sum(count for (_, made), count in reasons.items() if made)
    counted = sum(count for (reason, _), count in reasons.items() if not reason)
    left_out = {reason: count for (reason, _), count in reasons.items() if reason}
    return RowsBehind(measure_id, subject, period, numerator, denominator, excluded, made_count, counted, left_out, reason_names(plan))


def _accounts(engine: Engine, definitions: Definitions, plan: Plan, subject: str | None) -> tuple[str, ...] | None:
    """All accounts that a person ever had; None where rows do not belong to people through accounts."""
    if plan.rows.through is None or subject is None:
        return None
    entries = read_book(engine, definitions, plan.rows.through).entries
    return tuple(dict.fromkeys(entry.account for entry in entries if entry.person == subject))


def reason_names(plan: Plan) -> dict[str, tuple[str, str]]:
    """The names of a measure's reasons for leaving rows out, in Chinese and English, in their order."""
    own = {exclusion.reason: (exclusion.name_zh, exclusion.name_en) for exclusion in plan.measure.exclusions}
    return OWN_REASONS | own


@dataclass(frozen=True)
class _Reader:
    """Reads pages of the rows behind a figure."""

    engine: Engine
    plan: Plan
    scope: Scope
    limit: int
    offset: int

    def page(self, where: str) -> tuple[EventRow, ...]:
        quoted = self.engine.dialect.quoted
        columns = ", ".join(map(quoted, [FILE, ROW, REASON, *self.scope.columns]))
        sql = f"SELECT {columns} FROM {JUDGED} WHERE {where} ORDER BY {quoted(FILE)}, {quoted(ROW)} LIMIT {self.limit} OFFSET {self.offset}"
        return tuple(self._event(row) for row in self.engine.ask(sql, self.plan.rows.table))

    def counts(self) -> dict[tuple[str, bool], int]:
        """How many rows there are of each reason, those that the numerator is made of apart."""
        sql = f"SELECT {REASON}, {MADE}, count(*) FROM {JUDGED} GROUP BY {REASON}, {MADE} ORDER BY {REASON}, {MADE}"
        return {(str(reason), made == 1): int(str(count)) for reason, made, count in self.engine.ask(sql, self.plan.rows.table)}

    def _event(self, row: Row) -> EventRow:
        cells = {name: self._cell(name, value) for name, value in zip(self.scope.columns, row[3:], strict=True)}
        return EventRow(self.engine.file_of(str(row[0])), int(str(row[1])), cells, str(row[2]))

    def _cell(self, name: str, value: object) -> str | None:
        return write_cell(value if isinstance(value, Value) else None, self.scope.columns[name], self.scope.zone)
