"""From a figure back to its rows: those that made it, and those left out with the reason why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from kaohe.measuring.accounts import lend_accounts
from kaohe.measuring.cells import Value, write_cell
from kaohe.measuring.clocks import Period
from kaohe.measuring.conditions import Scope, quoted
from kaohe.measuring.definitions import Definitions
from kaohe.measuring.engine import SETTINGS, Settings, ask, connected
from kaohe.measuring.plans import OWN_REASONS, Plan, compile_measure
from kaohe.measuring.queries import FILE, ROW, behind_sql
from kaohe.measuring.workspace import Import, Workspace

COUNTED, LEFT_OUT, MADE = "_reason = ''", "_reason <> ''", "_made"


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
    settings: Settings = SETTINGS,
) -> RowsBehind:
    """The rows behind a subject's figure, `limit` of each list from `offset`, by file and row.

    Subject None asks for the rows that belong to nobody: all are excluded, as `no_subject` or, where
    their account is nobody's at their time, as `no_person`. Raises Problems for an unknown measure,
    and for a table that is gone or was imported otherwise.
    """
    plan = compile_measure(definitions, measure_id)
    imports = workspace.events_of(plan.rows.table, definitions)
    scope = Scope(definitions.sources[plan.rows.table].columns, definitions.zone)
    sql = behind_sql(plan, [workspace.path(one) for one in imports], scope, period, subject)
    with connected(workspace.folder, settings) as connection:
        lend_accounts(connection, workspace, definitions, [plan])
        connection.execute(f"CREATE TEMP TABLE behind AS {sql}", [] if subject is None else [subject])
        read = _Reader(connection, plan, scope, imports, limit, offset)
        numerator, denominator, excluded = read.page(MADE), read.page(COUNTED), read.page(LEFT_OUT)
        reasons = {str(reason): count for reason, count in read.count(LEFT_OUT, "_reason")}
        made, counted = (sum(count for _, count in read.count(where, "_made")) for where in (MADE, COUNTED))
    return RowsBehind(measure_id, subject, period, numerator, denominator, excluded, made, counted, reasons, reason_names(plan))


def reason_names(plan: Plan) -> dict[str, tuple[str, str]]:
    """The names of a measure's reasons for leaving rows out, in Chinese and English, in their order."""
    own = {exclusion.reason: (exclusion.name_zh, exclusion.name_en) for exclusion in plan.measure.exclusions}
    return OWN_REASONS | own


@dataclass(frozen=True)
class _Reader:
    """Reads pages of the rows behind a figure."""

    connection: duckdb.DuckDBPyConnection
    plan: Plan
    scope: Scope
    imports: Iterable[Import]
    limit: int
    offset: int

    def page(self, where: str) -> tuple[EventRow, ...]:
        sql = f"SELECT {FILE}, {ROW}, _reason, {', '.join(map(quoted, self.scope.columns))} FROM behind WHERE {where}"
        rows = ask(self.connection, f"{sql} ORDER BY {FILE}, {ROW} LIMIT ? OFFSET ?", self.plan.rows.table, self.limit, self.offset)
        files = {Path(one.events).name: one.file for one in self.imports}
        return tuple(self._event(files[Path(str(row[0])).name], row) for row in rows)

    def count(self, where: str, by: str) -> list[tuple[object, int]]:
        rows = ask(self.connection, f"SELECT {by}, count(*) FROM behind WHERE {where} GROUP BY {by} ORDER BY {by}", self.plan.rows.table)
        return [(row[0], int(str(row[1]))) for row in rows]

    def _event(self, file: str, row: tuple[object, ...]) -> EventRow:
        cells = {name: self._cell(name, value) for name, value in zip(self.scope.columns, row[3:], strict=True)}
        return EventRow(file, int(str(row[1])), cells, str(row[2]))

    def _cell(self, name: str, value: object) -> str | None:
        return write_cell(value if isinstance(value, Value) else None, self.scope.columns[name], self.scope.zone)
