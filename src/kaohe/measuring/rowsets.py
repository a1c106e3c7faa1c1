"""The rows that measures look at, as SQL: one row per key, the owner beside each row, the period.

What stands here is shared by the query of figures and the query of the rows behind one figure, so
that both look at the same rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kaohe.measuring.clocks import Period, period_instants
from kaohe.measuring.conditions import Scope, column_expression
from kaohe.measuring.deriving.making import FILE, ROW, looked_up
from kaohe.measuring.dialects import Dialect
from kaohe.measuring.plans import NO_KEY, NO_TIME, Plan, RowSet

SUBJECT, LOST = "_subject", "_lost"
ACCOUNT, PERSON = "_account", "_person"
SPANS = {"date": ("_from_on", "_to_on"), "datetime": ("_from_at", "_to_at")}  # of an account, by how a row tells its time


def owner_sql(rows: RowSet, dialect: Dialect) -> str:
    """Whose a row is: its account's person, its subject column, or the one subject whose all rows are."""
    if rows.through:
        return PERSON
    return dialect.quoted(rows.subject) if rows.subject else dialect.text(rows.for_all)


def owned_sql(rows: RowSet, source: str, scope: Scope) -> str:
    """The rows, each with the person beside it who had its account at its time; no row comes twice."""
    if rows.through is None or rows.subject is None:
        return f"({source}) AS _rows"
    time = column_expression(rows.time, scope.columns[rows.time], scope.dialect)
    start, end = SPANS[time.kind]
    match = f"{scope.dialect.quoted(rows.subject)} = {ACCOUNT} AND {time.sql} >= {start} AND {time.sql} < {end}"
    return f"({source}) AS _rows LEFT JOIN {scope.dialect.quoted(rows.book)} ON {match}"


def rows_sql(plans: Sequence[Plan], table: str, columns: Sequence[str], dialect: Dialect) -> str:
    """The rows that plans of one row set look at, before the period is; `table` is what to select them from."""
    rows = plans[0].rows
    selected = ", ".join(dialect.quoted(column) for column in columns)
    table = looked_up(table, (lookup for plan in plans for lookup in plan.lookups))
    if rows.one_row is None:
        return f"SELECT {selected} FROM {table} AS _table"
    one, way = rows.one_row, "DESC NULLS LAST" if rows.one_row.keep == "last" else "ASC NULLS LAST"
    order = ", ".join(f"{dialect.quoted(name)} {way}" for name in [*one.by, ROW, FILE])
    where = f" WHERE {rows.among.sql}" if rows.among else ""
    key = dialect.quoted(one.per)
    numbered = f"SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY {order}) AS _nth FROM {table} AS _table{where}"
    return f"SELECT {selected} FROM ({numbered}) AS _numbered WHERE {key} IS NULL OR _nth = 1"


def period_sql(rows: RowSet, scope: Scope, period: Period) -> str:
    """The condition that a row lies in the period; rows that have no time come along, to be told."""
    time = column_expression(rows.time, scope.columns[rows.time], scope.dialect)
    inside = during_sql(rows.time, scope, period)
    return f"(({inside}) OR {time.sql} IS NULL)" if time.may_miss else f"({inside})"


def during_sql(column: str, scope: Scope, period: Period) -> str:
    """The condition that a column's day or instant lies in the period."""
    time, dialect = column_expression(column, scope.columns[column], scope.dialect), scope.dialect
    if time.kind == "datetime":
        first, after = period_instants(period, scope.zone)
        return f"{time.sql} >= {dialect.instant(first)} AND {time.sql} < {dialect.instant(after)}"
    return f"{time.sql} BETWEEN {dialect.day(period.start)} AND {dialect.day(period.end)}"


@dataclass
class States:
    """For each population and list of exclusions one column that says what becomes of a row.

    0: counted; a positive number: left out for that reason; -1: not in the population.
    """

    rows: RowSet
    scope: Scope
    named: dict[str, str] = field(default_factory=dict)

    def own_reasons(self) -> list[tuple[str, str]]:
        """The reasons that every measure has, as far as this row set can come upon them."""
        quoted, time, one_row = self.scope.dialect.quoted, self.scope.columns[self.rows.time], self.rows.one_row
        found = [] if time.needed else [(NO_TIME, f"{quoted(self.rows.time)} IS NULL")]
        missing_key = one_row is not None and not self.scope.columns[one_row.per].needed
        return found + ([(NO_KEY, f"{quoted(one_row.per)} IS NULL")] if missing_key and one_row else [])

    def reasons(self, plan: Plan) -> list[tuple[str, str]]:
        """Every reason for which a row of the population is left out before its value is looked at, in their order."""
        return self.own_reasons() + [(reason.id, reason.condition.sql) for reason in plan.reasons]

    def sql(self, plan: Plan) -> str:
        """The CASE that judges a row."""
        outside = f"WHEN NOT {self.scope.dialect.surely(plan.population.sql)} THEN -1 " if plan.population else ""
        left_out = "".join(f"WHEN {sql} THEN {i} " for i, (_, sql) in enumerate(self.reasons(plan), 1))
        return f"(CASE {outside}{left_out}ELSE 0 END)" if outside or left_out else "0"

    def column(self, plan: Plan) -> str:
        """The name of the column that judges a row for that plan."""
        return self.named.setdefault(self.sql(plan), f"_state{len(self.named)}")

    def counted(self, plan: Plan) -> str | None:
        """The condition under which a row is counted, before its value is looked at; None for always."""
        if self.reasons(plan):
            return f"{self.column(plan)} = 0"
        return plan.population.sql if plan.population else None
