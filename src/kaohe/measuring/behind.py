"""The query of one subject's rows: every row of a measure's population, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaohe.measuring.clocks import Period
from kaohe.measuring.conditions import Scope
from kaohe.measuring.deriving.making import PLACE
from kaohe.measuring.dialects import Dialect
from kaohe.measuring.plans import NO_PERSON, NO_SUBJECT, NO_VALUE, Plan
from kaohe.measuring.rowsets import SUBJECT, States, owned_sql, owner_sql, period_sql, rows_sql

REASON, MADE = "_reason", "_made"


def behind_sql(plan: Plan, table: str, scope: Scope, period: Period, subject: str | None, accounts: tuple[str, ...] | None = None) -> str:
    """The rows of the population with `_reason`, empty for a counted row and otherwise why it was left out.

    Subject None asks for the rows that belong to nobody. `accounts` are all that the subject ever
    had: with them the engine need not look at the rows of others.
    """
    dialect = scope.dialect
    owner = dialect.as_text(owner_sql(plan.rows, dialect))
    mine = f"{owner} IS NULL" if subject is None else f"{owner} = {dialect.text(subject)}"
    if accounts is not None and plan.rows.subject is not None:
        mine = f"{mine} AND {dialect.quoted(plan.rows.subject)} IN ({', '.join(map(dialect.text, accounts or ('',)))})"
    reason = _nobodys_sql(plan, scope) if subject is None else _reason_sql(plan, scope)
    population = f" AND {dialect.surely(plan.population.sql)}" if plan.population else ""
    names = [*PLACE, *scope.columns, *sorted(column for lookup in plan.lookups for column in lookup.columns())]
    source = owned_sql(plan.rows, rows_sql([plan], table, names, dialect), scope)
    columns = ", ".join(map(dialect.quoted, names))
    where = f"{mine} AND {period_sql(plan.rows, scope, period)}{population}"
    return f"SELECT {columns}, {reason} AS {REASON} FROM {source} WHERE {where}"


def counted_sql(plan: Plan, table: str, scope: Scope, period: Period) -> str:
    """The counted rows of everybody: whose each is, and where it stands."""
    owned, rows = _everybodys_sql([plan], table, scope, period)
    return f"SELECT {owned} AS {SUBJECT}, {', '.join(map(scope.dialect.quoted, PLACE))} FROM {rows} AND {_counts_sql(plan, scope)}"


def counts_sql(first: Plan, second: Plan, table: str, scope: Scope, period: Period) -> str:
    """How many rows of everybody count in both of two measures of one set of rows, in the first alone, in the second alone."""
    owned, rows = _everybodys_sql([first, second], table, scope, period)
    one, other = _counts_sql(first, scope), _counts_sql(second, scope)
    cases = (f"{one} AND {other}", f"{one} AND NOT {other}", f"{other} AND NOT {one}")
    counts = ", ".join(f"sum(CASE WHEN {case} THEN 1 ELSE 0 END)" for case in cases)
    return f"SELECT {owned} AS {SUBJECT}, {counts} FROM {rows} GROUP BY {owned}"


def _everybodys_sql(plans: Sequence[Plan], table: str, scope: Scope, period: Period) -> tuple[str, str]:
    """Whose a row is, and the rows of a period that are somebody's, for more conditions to follow."""
    rows, dialect = plans[0].rows, scope.dialect
    owner = dialect.as_text(owner_sql(rows, dialect))
    names = [*PLACE, *scope.columns, *sorted({column for plan in plans for lookup in plan.lookups for column in lookup.columns()})]
    source = owned_sql(rows, rows_sql(plans, table, names, dialect), scope)
    return owner, f"{source} WHERE {owner} IS NOT NULL AND {period_sql(rows, scope, period)}"


def _counts_sql(plan: Plan, scope: Scope) -> str:
    """The condition that a row counts: it is of the population, nothing leaves it out, and its values are there."""
    reasons = _reasons(plan, scope)
    conditions = [scope.dialect.surely(plan.population.sql)] if plan.population else []
    conditions += [f"NOT {scope.dialect.surely(sql)}" for _, sql in reasons]
    return f"({' AND '.join(conditions) or '1 = 1'})"


def _reasons(plan: Plan, scope: Scope) -> list[tuple[str, str]]:
    """Every reason for which a row of the population is left out, in their order."""
    return States(plan.rows, scope).reasons(plan) + [(NO_VALUE, f"{part.sql} IS NULL") for part in plan.values if part.may_miss]


def _reason_sql(plan: Plan, scope: Scope) -> str:
    """The first reason that holds for a row of the population; the empty text for a counted row."""
    return _first_reason(_reasons(plan, scope), scope.dialect.text(""), scope.dialect)


def _nobodys_sql(plan: Plan, scope: Scope) -> str:
    """Why a row is nobody's: its cell is empty; or a reason of the measure holds; or its account has no person."""
    dialect = scope.dialect
    if plan.rows.through is None or plan.rows.subject is None:
        return dialect.text(NO_SUBJECT)
    empty = (NO_SUBJECT, f"{dialect.quoted(plan.rows.subject)} IS NULL")
    return _first_reason([empty, *States(plan.rows, scope).reasons(plan)], dialect.text(NO_PERSON), dialect)


def _first_reason(reasons: list[tuple[str, str]], otherwise: str, dialect: Dialect) -> str:
    left_out = "".join(f"WHEN {sql} THEN {dialect.text(id)} " for id, sql in reasons)
    return f"(CASE {left_out}ELSE {otherwise} END)" if left_out else otherwise


def made_sql(plan: Plan, behind: str, dialect: Dialect) -> str:
    """The condition that a row of `behind` is one that the numerator is made of."""
    kind, counted = plan.measure.kind, f"{REASON} = {dialect.text('')}"
    if kind == "ratio" and plan.numerator and plan.numerator.kind == "yes_no":
        return f"{counted} AND {dialect.surely(plan.numerator.sql)}"
    if kind in ("minimum", "maximum", "quantile"):
        value = plan.numerator.sql if plan.numerator else "NULL"
        found = " OR ".join(f"{value} = ({edge})" for edge in _edges(plan, value, f"FROM {behind} WHERE {counted}"))
        return f"{counted} AND ({found})"
    return counted


def _edges(plan: Plan, value: str, source: str) -> list[str]:
    """The values at which a minimum, maximum or quantile lies, each as a query."""
    if plan.measure.kind != "quantile":
        return [f"SELECT {plan.measure.kind[:3]}({value}) {source}"]
    share = plan.measure.p or Fraction(1, 2)
    lower = _at_place(value, source, share, "ASC")
    return [lower] if plan.measure.between == "lower" else [lower, _at_place(value, source, 1 - share, "DESC")]


def _at_place(value: str, source: str, share: Fraction, way: str) -> str:
    """The value at place ⌈share·n⌉ from one end: the last of those whose place less one is below share·n."""
    numbered = f"SELECT {value} AS _value, row_number() OVER (ORDER BY {value} {way}) AS _nth, count(*) OVER () AS _all {source}"
    last = "max" if way == "ASC" else "min"
    inside = f"(_nth - 1) * {share.denominator} < _all * {share.numerator} OR _nth = 1"
    return f"SELECT {last}(_value) FROM ({numbered}) AS _numbered WHERE {inside}"
