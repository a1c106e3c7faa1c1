"""The one writer of SQL: a set of plans over the same rows becomes one query with one scan.

The query gives, for each subject, whole numbers only: counts, sums, minima, maxima, exact
quantiles and distinct counts. What they mean is in the `Reading` of each plan; no quotient is ever
taken here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from kaohe.measuring.clocks import Period, period_instants
from kaohe.measuring.conditions import Expression, Scope, column_expression, instant_literal, quoted, text_literal
from kaohe.measuring.engine import GLOB
from kaohe.measuring.plans import NO_KEY, NO_PERSON, NO_SUBJECT, NO_TIME, NO_VALUE, Plan, RowSet

SUBJECT, LOST, FILE, ROW = "_subject", "_lost", "_file", "_row"
ACCOUNT, PERSON = "_account", "_person"
SPANS = {"date": ("_from_on", "_to_on"), "datetime": ("_from_at", "_to_at")}  # of an account, by how a row tells its time
ALL = "*"

Answers = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Number:
    """A whole number made of answers: their sum times a factor; without answers, the factor itself."""

    answers: tuple[int, ...]
    factor: int = 1

    def of(self, columns: Answers) -> Sequence[int | None]:
        """The number in every row; None where one of its answers is none."""
        if not self.answers:
            return [self.factor] * len(columns[0])
        first, *others = (columns[i] for i in self.answers)
        if not others:
            return first if self.factor == 1 else [None if value is None else value * self.factor for value in first]
        return [None if None in values else sum(values) * self.factor for values in zip(first, *others, strict=True)]

    def counts(self, columns: Answers) -> list[int]:
        """The number in every row, where it is a count: none is nought."""
        return [value or 0 for value in self.of(columns)]


@dataclass(frozen=True)
class Reading:
    """How a plan's figures are read from the answers."""

    numerator: Number
    denominator: Number
    counted: Number
    in_period: Number
    excluded: dict[str, Number]
    population: Number
    empty_is_zero: bool

    def pairs(self, columns: Answers) -> list[tuple[int, int]]:
        """Numerator and denominator in every row; 0/0 where there was nothing to measure."""
        tops, bottoms = self.numerator.of(columns), self.denominator.counts(columns)
        return [self._pair(top, bottom) for top, bottom in zip(tops, bottoms, strict=True)]

    def _pair(self, top: int | None, bottom: int) -> tuple[int, int]:
        """The pair with a denominator that is never negative."""
        if top is None:
            return 0, bottom if self.empty_is_zero else 0
        return (top, bottom) if bottom >= 0 else (-top, -bottom)


@dataclass(frozen=True)
class Query:
    """One query's SQL, and how each plan reads its `width` answers.

    The first is the subject; the last, where rows belong to people through accounts, the account
    that is nobody's.
    """

    sql: str
    readings: dict[str, Reading]
    width: int


@dataclass
class _Answers:
    """The distinct things asked of every subject, in the order of their columns (0 is the subject)."""

    asked: dict[str, int] = field(default_factory=dict)

    def ask(self, sql: str) -> int:
        return self.asked.setdefault(sql, len(self.asked) + 1)


# --- the query of figures -----------------------------------------------------------------------------


def figures_query(plans: Sequence[Plan], files: Sequence[Path], scope: Scope, period: Period) -> Query:
    """The query that answers all plans of one row set at once."""
    rows = plans[0].rows
    states = _States(rows, scope)
    answers = _Answers()
    readings = {plan.id: _reading(plan, states, answers, scope) for plan in plans}
    lost = [LOST] if rows.through else []
    asked = ", ".join([SUBJECT, *answers.asked, *lost])
    columns = ", ".join([*_owner_columns(rows), *_judged_columns(plans, states, rows)])
    source = owned_sql(rows, rows_sql(rows, files, _needed_columns(plans)), scope)
    judged = f"SELECT {columns} FROM {source} WHERE {period_sql(rows, scope, period)}"
    groups = ", ".join([SUBJECT, *lost])
    return Query(f"WITH judged AS ({judged}) SELECT {asked} FROM judged GROUP BY {groups}", readings, len(answers.asked) + 1 + len(lost))


def _owner_columns(rows: RowSet) -> list[str]:
    owner = [f"{owner_sql(rows)} AS {SUBJECT}"]
    if rows.through is None or rows.subject is None:
        return owner
    return [*owner, f"(CASE WHEN {PERSON} IS NULL THEN {quoted(rows.subject)} END) AS {LOST}"]


def _judged_columns(plans: Sequence[Plan], states: _States, rows: RowSet) -> list[str]:
    return [*(f"{sql} AS {name}" for sql, name in states.named.items()), *map(quoted, _needed_columns(plans))]


def _needed_columns(plans: Iterable[Plan]) -> list[str]:
    found: set[str] = set()
    for plan in plans:
        expressions = [plan.population, *(reason.condition for reason in plan.reasons), *plan.values]
        found.update(*(expression.columns for expression in expressions if expression))
        found.add(plan.rows.time)
        found |= {plan.rows.subject} if plan.rows.subject else set()
        found |= {plan.rows.one_row.per} if plan.rows.one_row else set()
    return sorted(found)


@dataclass
class _States:
    """For each population and list of exclusions one column that says what becomes of a row.

    0: counted; a positive number: left out for that reason; -1: not in the population.
    """

    rows: RowSet
    scope: Scope
    named: dict[str, str] = field(default_factory=dict)

    def own_reasons(self) -> list[tuple[str, str]]:
        """The reasons that every measure has, as far as this row set can come upon them."""
        time, one_row = self.scope.columns[self.rows.time], self.rows.one_row
        found = [] if time.needed else [(NO_TIME, f"{quoted(self.rows.time)} IS NULL")]
        missing_key = one_row is not None and not self.scope.columns[one_row.per].needed
        return found + ([(NO_KEY, f"{quoted(one_row.per)} IS NULL")] if missing_key and one_row else [])

    def reasons(self, plan: Plan) -> list[tuple[str, str]]:
        return self.own_reasons() + [(reason.id, reason.condition.sql) for reason in plan.reasons]

    def sql(self, plan: Plan) -> str:
        """The CASE that judges a row."""
        outside = f"WHEN {plan.population.sql} IS NOT TRUE THEN -1 " if plan.population else ""
        left_out = "".join(f"WHEN {sql} THEN {i} " for i, (_, sql) in enumerate(self.reasons(plan), 1))
        return f"(CASE {outside}{left_out}ELSE 0 END)" if outside or left_out else "0"

    def column(self, plan: Plan) -> str:
        return self.named.setdefault(self.sql(plan), f"_state{len(self.named)}")

    def counted(self, plan: Plan) -> str | None:
        """The condition under which a row is counted, before its value is looked at; None for always."""
        if self.reasons(plan):
            return f"{self.column(plan)} = 0"
        return plan.population.sql if plan.population else None


def _reading(plan: Plan, states: _States, answers: _Answers, scope: Scope) -> Reading:
    counted = states.counted(plan)
    rows, with_value = answers.ask(_count(counted)), answers.ask(_count_known(plan, counted))
    numerator, denominator = KINDS[plan.measure.kind](plan, counted, answers)
    excluded = {id: Number((answers.ask(_count(f"{states.column(plan)} = {i}")),)) for i, (id, _) in enumerate(states.reasons(plan), 1)}
    population = Number((rows, *(i for number in excluded.values() for i in number.answers)))
    if with_value != rows:
        excluded[NO_VALUE] = Number((answers.ask(f"({_count(counted)} - {_count_known(plan, counted)})"),))
    time_missing = not scope.columns[plan.rows.time].needed
    in_period = answers.ask(_count(f"{quoted(plan.rows.time)} IS NOT NULL" if time_missing else None))
    empty_is_zero = plan.measure.kind in ("sum", "ratio", "mean")
    return Reading(numerator, denominator, Number((with_value,)), Number((in_period,)), excluded, population, empty_is_zero)


def _count_known(plan: Plan, counted: str | None) -> str:
    """The count of the rows that have a value. One value is counted as it is, which is faster than a filter."""
    missing = [part.sql for part in plan.values if part.may_miss]
    if len(missing) == 1:
        return f"count({missing[0]}){_filter(counted)}"
    return _count(_known(plan, counted))


def _known(plan: Plan, counted: str | None) -> str | None:
    """The condition under which a row is counted and has all its values.

    Aggregates pass over a missing value by themselves; only two values can miss apart.
    """
    missing = [f"{part.sql} IS NOT NULL" for part in plan.values if part.may_miss]
    return _and(counted, *missing) if len(plan.values) > 1 else counted


def _and(*conditions: str | None) -> str | None:
    parts = [condition for condition in conditions if condition]
    return " AND ".join(parts) if parts else None


def _filter(condition: str | None) -> str:
    return f" FILTER (WHERE {condition})" if condition else ""


def _count(condition: str | None) -> str:
    return f"count(*){_filter(condition)}"


# --- what each kind asks ------------------------------------------------------------------------------

Pair = tuple[Number, Number]


def _ask_count(plan: Plan, counted: str | None, answers: _Answers) -> Pair:
    return Number((answers.ask(_count(counted)),)), Number(())


def _ask_sum(plan: Plan, counted: str | None, answers: _Answers) -> Pair:
    value = _value(plan)
    return Number((answers.ask(f"sum({value.sql}){_filter(counted)}"),)), Number((), 10**value.places)


def _ask_mean(plan: Plan, counted: str | None, answers: _Answers) -> Pair:
    value = _value(plan)
    top, bottom = answers.ask(f"sum({value.sql}){_filter(counted)}"), answers.ask(_count_known(plan, counted))
    return Number((top,)), Number((bottom,), 10**value.places)


def _ask_ratio(plan: Plan, counted: str | None, answers: _Answers) -> Pair:
    """Both sides are multiplied by the other's scale, so that the pair stays whole."""
    top, bottom, known = _value(plan), plan.denominator, _known(plan, counted)
    bottom_answer = _ask_side(bottom, known, answers) if bottom else answers.ask(_count_known(plan, counted))
    bottom_places = bottom.places if bottom else 0
    return Number((_ask_side(top, known, answers),), 10**bottom_places), Number((bottom_answer,), 10**top.places)


def _ask_side(side: Expression, known: str | None, answers: _Answers) -> int:
    if side.kind == "yes_no":
        return answers.ask(_count(_and(known, side.sql)))
    return answers.ask(f"sum({side.sql}){_filter(known)}")


def _ask_distinct(plan: Plan, counted: str | None, answers: _Answers) -> Pair:
    return Number((answers.ask(f"count(DISTINCT {_value(plan).sql}){_filter(counted)}"),)), Number(())


def _ask_edge(function: str) -> Callable[[Plan, str | None, _Answers], Pair]:
    def ask(plan: Plan, counted: str | None, answers: _Answers) -> Pair:
        value = _value(plan)
        return Number((answers.ask(f"{function}({value.sql}){_filter(counted)}"),)), Number((), 10**value.places)

    return ask


def _ask_quantile(plan: Plan, counted: str | None, answers: _Answers) -> Pair:
    edges = tuple(answers.ask(sql) for sql in quantile_edges(plan, counted))
    return Number(edges), Number((), 10 ** _value(plan).places * len(edges))


def quantile_edges(plan: Plan, counted: str | None) -> tuple[str, ...]:
    """The row values between which the quantile lies: the one at ⌈p·n⌉, and with `midpoint` its mirror."""
    value, p = _value(plan).sql, plan.measure.p or Fraction(1, 2)
    lower = f"quantile_disc({value}, {_share_literal(p)}){_filter(counted)}"
    if plan.measure.between == "lower":
        return (lower,)
    return lower, f"(- quantile_disc(- {value}, {_share_literal(1 - p)}){_filter(counted)})"


def _share_literal(share: Fraction) -> str:
    """A share as a decimal literal, with which the engine places a quantile in whole numbers."""
    millionths = share * 10**6
    return f"CAST('{millionths.numerator // 10**6}.{millionths.numerator % 10**6:06}' AS DECIMAL(7, 6))"


def _value(plan: Plan) -> Expression:
    if plan.numerator is None:
        raise ValueError(f"{plan.id} has no value")  # the planner has refused it
    return plan.numerator


KINDS: dict[str, Callable[[Plan, str | None, _Answers], Pair]] = {
    "count": _ask_count,
    "sum": _ask_sum,
    "mean": _ask_mean,
    "ratio": _ask_ratio,
    "minimum": _ask_edge("min"),
    "maximum": _ask_edge("max"),
    "quantile": _ask_quantile,
    "distinct": _ask_distinct,
}


# --- rows -----------------------------------------------------------------------------------------


def owner_sql(rows: RowSet) -> str:
    """Whose a row is: its account's person, its subject column, or the one subject whose all rows are."""
    if rows.through:
        return PERSON
    return quoted(rows.subject) if rows.subject else text_literal(rows.for_all)


def owned_sql(rows: RowSet, source: str, scope: Scope) -> str:
    """The rows, each with the person beside it who had its account at its time; no row comes twice."""
    if rows.through is None or rows.subject is None:
        return f"({source})"
    time = column_expression(rows.time, scope.columns[rows.time])
    start, end = SPANS[time.kind]
    match = f"{quoted(rows.subject)} = {ACCOUNT} AND {time.sql} >= {start} AND {time.sql} < {end}"
    return f"({source}) LEFT JOIN {quoted(rows.book)} ON {match}"


def rows_sql(rows: RowSet, files: Sequence[Path], columns: Sequence[str]) -> str:
    """The rows that a row set looks at, before the period is; with file and row where they are needed."""
    listed = ", ".join(text_literal(glob_escaped(str(path))) for path in files)
    place = f", filename = '{FILE}'" if rows.one_row or ALL in columns else ""
    table = f"read_parquet([{listed}]{place})"
    if rows.one_row is None:
        return f"SELECT {', '.join(_selected(columns))} FROM {table}"
    one, way = rows.one_row, "DESC NULLS LAST" if rows.one_row.keep == "last" else "ASC NULLS LAST"
    order = ", ".join(f"{name} {way}" for name in [*map(quoted, one.by), ROW, FILE])
    where = f" WHERE {rows.among.sql}" if rows.among else ""
    first = f"row_number() OVER (PARTITION BY {quoted(one.per)} ORDER BY {order}) = 1"
    return f"SELECT {', '.join(_selected(columns))} FROM {table}{where} QUALIFY {quoted(one.per)} IS NULL OR {first}"


def _selected(columns: Sequence[str]) -> list[str]:
    return [column if column == ALL else quoted(column) for column in columns]


def glob_escaped(path: str) -> str:
    """A path that the engine's globs read as itself."""
    return "".join(f"[{letter}]" if letter in GLOB else letter for letter in path)


def period_sql(rows: RowSet, scope: Scope, period: Period) -> str:
    """The condition that a row lies in the period; rows that have no time come along, to be told."""
    time = column_expression(rows.time, scope.columns[rows.time])
    inside = f"{time.sql} BETWEEN DATE '{period.start}' AND DATE '{period.end}'"
    if time.kind == "datetime":
        first, after = period_instants(period, scope.zone)
        inside = f"{time.sql} >= {instant_literal(first)} AND {time.sql} < {instant_literal(after)}"
    return f"(({inside}) OR {time.sql} IS NULL)" if time.may_miss else f"({inside})"


# --- the query of one subject's rows ------------------------------------------------------------------


def behind_sql(plan: Plan, files: Sequence[Path], scope: Scope, period: Period, subject: str | None) -> str:
    """Every row of the population and what became of it.

    `_reason` is empty for a counted row and says otherwise why it was left out; `_made` is whether
    the numerator is made of it. The subject, unless there is none, is the query's one parameter.
    """
    owner = f"CAST({owner_sql(plan.rows)} AS VARCHAR)"
    mine = f"{owner} IS NULL" if subject is None else f"{owner} = ?"
    where = f"{mine} AND {period_sql(plan.rows, scope, period)}"
    states = _States(plan.rows, scope)
    reason = _nobodys_sql(plan, states) if subject is None else _reason_sql(plan, states)
    population = f"{plan.population.sql} IS TRUE" if plan.population else "TRUE"
    source = owned_sql(plan.rows, rows_sql(plan.rows, files, [ALL]), scope)
    judged = f"SELECT *, {reason} AS _reason FROM {source} WHERE {where} AND {population}"
    return f"WITH judged AS ({judged}) SELECT *, coalesce(_reason = '' AND {_made_numerator(plan)}, FALSE) AS _made FROM judged"


def _reason_sql(plan: Plan, states: _States) -> str:
    """The first reason that holds for a row of the population; the empty text for a counted row."""
    missing = [(NO_VALUE, f"{part.sql} IS NULL") for part in plan.values if part.may_miss]
    left_out = "".join(f"WHEN {sql} THEN {text_literal(id)} " for id, sql in states.reasons(plan) + missing)
    return f"(CASE {left_out}ELSE '' END)" if left_out else "''"


def _nobodys_sql(plan: Plan, states: _States) -> str:
    """Why a row is nobody's: its cell is empty; or a reason of the measure holds; or its account has no person."""
    if plan.rows.through is None or plan.rows.subject is None:
        return text_literal(NO_SUBJECT)
    left_out = "".join(f"WHEN {sql} THEN {text_literal(id)} " for id, sql in states.reasons(plan))
    empty = f"{quoted(plan.rows.subject)} IS NULL"
    return f"(CASE WHEN {empty} THEN {text_literal(NO_SUBJECT)} {left_out}ELSE {text_literal(NO_PERSON)} END)"


def _made_numerator(plan: Plan) -> str:
    """Whether a counted row is one that the numerator is made of."""
    kind = plan.measure.kind
    if kind == "ratio" and plan.numerator and plan.numerator.kind == "yes_no":
        return plan.numerator.sql
    if kind in ("minimum", "maximum", "quantile"):
        edges = quantile_edges(plan, None) if kind == "quantile" else (f"{kind[:3]}({_value(plan).sql})",)
        found = " OR ".join(f"{_value(plan).sql} = (SELECT {edge} FROM judged WHERE _reason = '')" for edge in edges)
        return f"({found})"
    return "TRUE"
