"""The one writer of SQL: a set of plans over the same rows becomes one query with one scan.

The query gives, for each subject, whole numbers only: counts, sums, minima, maxima, exact
quantiles and distinct counts. What they mean is in the `Reading` of each plan; no quotient is ever
taken here. On an engine that has no exact quantile the values are counted (`Tally`) and the place
is found here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import Any, Literal

from kaohe.measuring.clocks import Period
from kaohe.measuring.conditions import Expression, Scope, column_expression
from kaohe.measuring.definitions import Empty
from kaohe.measuring.plans import NO_VALUE, Plan, RowSet
from kaohe.measuring.rowsets import LOST, PERSON, SUBJECT, States, owned_sql, owner_sql, period_sql, rows_sql

DAY = "_day"
ROWS = "\0rows\0"  # stands in a query for where its rows come from; no text of a definitions file holds it
Merge = Literal["sum", "min", "max"]
Answers = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Number:
    """A whole number made of answers: their sum times a factor; without answers, the factor itself."""

    answers: tuple[str, ...]
    factor: int = 1

    def of(self, columns: Answers) -> Sequence[int | None]:
        """The number in every row; None where one of its answers is none."""
        if not self.answers:
            return [self.factor] * len(columns[SUBJECT])
        first, *others = (columns[name] for name in self.answers)
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
    unsettled: Number | None
    empty: Empty
    empty_is_zero: bool

    def sides(self, columns: Answers) -> tuple[Sequence[int], Sequence[int]]:
        """Numerators and denominators, in parallel; 0/0 where there was nothing to measure."""
        tops, bottoms = self.numerator.of(columns), self.denominator.counts(columns)
        if self.empty == "none" and None not in tops and min(bottoms, default=0) >= 0:
            return tops, bottoms  # type: ignore[return-value]  # none of them is missing
        pairs = [self._pair(top, bottom) for top, bottom in zip(tops, bottoms, strict=True)]
        return [top for top, _ in pairs], [bottom for _, bottom in pairs]

    def _pair(self, top: int | None, bottom: int) -> tuple[int, int]:
        """The pair with a denominator that is never negative."""
        if top is None:
            top, bottom = 0, bottom if self.empty_is_zero else 0
        if (top, bottom) == (0, 0) and self.empty != "none":
            return self.empty.as_integer_ratio()
        return (top, bottom) if bottom >= 0 else (-top, -bottom)


@dataclass(frozen=True)
class Answer:
    """One thing asked of every subject; `merge` joins the answers of two parts of the rows, if anything does."""

    sql: str
    name: str
    merge: Merge | None


@dataclass(frozen=True)
class Tally:
    """A quantile asked as a query of (subject, value, how many): the value at place ⌈share·n⌉, from the top where mirrored."""

    sql: str
    name: str
    share: Fraction
    mirrored: bool

    def found(self, rows: Iterable[Sequence[Any]]) -> dict[object, int]:
        """The value of each subject."""
        counts: dict[object, list[tuple[int, int]]] = {}
        for subject, value, count in rows:
            counts.setdefault(subject, []).append((int(value), int(count)))
        return {subject: self._at_place(sorted(pairs, reverse=self.mirrored)) for subject, pairs in counts.items()}

    def _at_place(self, pairs: list[tuple[int, int]]) -> int:
        wanted, passed = self.share * sum(count for _, count in pairs), 0
        for value, count in pairs:
            passed += count
            if passed >= wanted:
                return value
        return pairs[-1][0]


@dataclass(frozen=True)
class Query:
    """One query's SQL, what its columns are, and how each plan reads them.

    The columns are the subject, the answers, and, where rows belong to people through accounts, the
    account that is nobody's. Every tally is a query of its own.
    """

    sql: str
    answers: tuple[Answer, ...]
    readings: dict[str, Reading]
    tallies: tuple[Tally, ...] = ()
    lost: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return (SUBJECT, *(answer.name for answer in self.answers), *([LOST] if self.lost else []))

    @property
    def mergeable(self) -> bool:
        """Whether the answers of all rows follow from those of their parts."""
        return not self.tallies and all(answer.merge for answer in self.answers)


@dataclass
class _Answers:
    """The distinct things asked of every subject, each under its name."""

    scope: Scope
    asked: dict[str, Answer] = field(default_factory=dict)
    tallied: dict[str, Tally] = field(default_factory=dict)

    def ask(self, sql: str, merge: Merge | None = "sum") -> str:
        return self.asked.setdefault(sql, Answer(sql, f"a{len(self.asked) + 1}", merge)).name

    def count(self, condition: str | None) -> str:
        return self.ask(self.scope.dialect.count(condition))

    def total(self, value: str, condition: str | None) -> str:
        return self.ask(self.scope.dialect.total(value, condition))

    def place(self, value: str, share: Fraction, condition: str | None, mirrored: bool) -> str:
        """The value at place ⌈share·n⌉, from the top where it is mirrored."""
        asked = self.scope.dialect.at_place(f"- {value}" if mirrored else value, share, condition)
        if asked is not None:
            return self.ask(f"(- {asked})" if mirrored else asked, None)
        where = f" WHERE {' AND '.join(part for part in (condition, f'{value} IS NOT NULL') if part)}"
        sql = f"SELECT {SUBJECT}, {value} AS _value, count(*) AS _count FROM judged{where} GROUP BY {SUBJECT}, {value}"
        return self.tallied.setdefault(f"{sql} {share} {mirrored}", Tally(sql, f"t{len(self.tallied) + 1}", share, mirrored)).name


# --- the query of figures -----------------------------------------------------------------------------


def figures_query(plans: Sequence[Plan], table: str, scope: Scope, period: Period) -> Query:
    """The query that answers all plans of one row set at once, over the rows of `table`, in a period."""
    return _written(plans, table, scope, period_sql(plans[0].rows, scope, period), by_day=False)


def states_query(plans: Sequence[Plan], table: str, scope: Scope) -> Query:
    """The same answers by subject and day, for all days that the rows of `table` have: `_day` comes after the subject.

    Rows without a time come under no day.
    """
    return _written(plans, table, scope, None, by_day=True)


def _written(plans: Sequence[Plan], table: str, scope: Scope, where: str | None, by_day: bool) -> Query:
    rows, needed = plans[0].rows, _needed_columns(plans)
    states, answers = States(rows, scope), _Answers(scope)
    readings = {plan.id: _reading(plan, states, answers) for plan in plans}
    keys = [SUBJECT, *([DAY] if by_day else []), *([LOST] if rows.through else [])]
    asked = [SUBJECT, *([DAY] if by_day else []), *(f"{answer.sql} AS {answer.name}" for answer in answers.asked.values())]
    columns = [*_key_columns(rows, scope, by_day), *(f"{sql} AS {name}" for sql, name in states.named.items())]
    columns += [scope.dialect.quoted(name) for name in needed]
    source = owned_sql(rows, rows_sql(plans, table, needed, scope.dialect), scope)
    judged = f"WITH judged AS (SELECT {', '.join(columns)} FROM {source}{f' WHERE {where}' if where else ''})"
    lost = [LOST] if rows.through else []
    sql = f"{judged} SELECT {', '.join(asked + lost)} FROM judged GROUP BY {', '.join(keys)}"
    tallies = tuple(Tally(f"{judged} {tally.sql}", tally.name, tally.share, tally.mirrored) for tally in answers.tallied.values())
    return Query(sql, tuple(answers.asked.values()), readings, tallies, bool(lost))


def _key_columns(rows: RowSet, scope: Scope, by_day: bool) -> list[str]:
    """Whose a row is, its day, and the account that is nobody's."""
    dialect = scope.dialect
    columns = [f"{owner_sql(rows, dialect)} AS {SUBJECT}"]
    if by_day:
        columns.append(f"{day_sql(rows, scope)} AS {DAY}")
    if rows.through is not None and rows.subject is not None:
        columns.append(f"(CASE WHEN {PERSON} IS NULL THEN {dialect.quoted(rows.subject)} END) AS {LOST}")
    return columns


def day_sql(rows: RowSet, scope: Scope) -> str:
    """The day on which a row counts, by the company's calendar."""
    time = column_expression(rows.time, scope.columns[rows.time], scope.dialect)
    return time.sql if time.kind == "date" else scope.dialect.date_of(scope.dialect.local(time.sql, scope.zone))


def _needed_columns(plans: Iterable[Plan]) -> list[str]:
    found: set[str] = set()
    for plan in plans:
        found.update(*(expression.columns for expression in plan.expressions))
        found.add(plan.rows.time)
        found |= {plan.rows.subject} if plan.rows.subject else set()
        found |= {plan.rows.one_row.per} if plan.rows.one_row else set()
    return sorted(found)


def _reading(plan: Plan, states: States, answers: _Answers) -> Reading:
    counted = states.counted(plan)
    rows, with_value = answers.count(counted), _count_known(plan, counted, answers)
    numerator, denominator = KINDS[plan.measure.kind](plan, counted, answers)
    excluded = {id: Number((answers.count(f"{states.column(plan)} = {i}"),)) for i, (id, _) in enumerate(states.reasons(plan), 1)}
    population = Number((rows, *(name for number in excluded.values() for name in number.answers)))
    if with_value != rows:
        excluded[NO_VALUE] = Number((_count_lacking(plan, counted, answers),))
    time = states.scope.columns[plan.rows.time]
    in_period = answers.count(None if time.needed else f"{states.scope.dialect.quoted(plan.rows.time)} IS NOT NULL")
    empty_is_zero = plan.measure.kind in ("sum", "ratio", "mean")
    unsettled = _count_unsettled(plan, counted, answers, states.scope)
    counts = Number((with_value,)), Number((in_period,)), excluded, population
    return Reading(numerator, denominator, *counts, unsettled, plan.measure.empty, empty_is_zero)


def _count_unsettled(plan: Plan, counted: str | None, answers: _Answers, scope: Scope) -> Number | None:
    """How many counted rows late events may still change; None where nothing can, or no day is given as of which is measured."""
    days = plan.measure.settles_after
    if not days or scope.as_of is None:
        return None
    late = f"{day_sql(plan.rows, scope)} > {scope.dialect.day(scope.as_of - timedelta(days=days))}"
    return Number((answers.count(_and(counted, late)),))


def _count_known(plan: Plan, counted: str | None, answers: _Answers) -> str:
    """The count of the rows that have a value. One value is counted as it is, which is faster than a filter."""
    return answers.ask(_known_sql(plan, counted, answers))


def _known_sql(plan: Plan, counted: str | None, answers: _Answers) -> str:
    missing = [part.sql for part in plan.values if part.may_miss]
    if len(missing) == 1:
        return answers.scope.dialect.count(counted, missing[0])
    return answers.scope.dialect.count(_known(plan, counted))


def _count_lacking(plan: Plan, counted: str | None, answers: _Answers) -> str:
    return answers.ask(f"({answers.scope.dialect.count(counted)} - {_known_sql(plan, counted, answers)})")


def _known(plan: Plan, counted: str | None) -> str | None:
    """The condition under which a row is counted and has all its values.

    Aggregates pass over a missing value by themselves; only two values can miss apart.
    """
    missing = [f"{part.sql} IS NOT NULL" for part in plan.values if part.may_miss]
    return _and(counted, *missing) if len(plan.values) > 1 else counted


def _and(*conditions: str | None) -> str | None:
    parts = [condition for condition in conditions if condition]
    return " AND ".join(parts) if parts else None


# --- what each kind asks ------------------------------------------------------------------------------

Pair = tuple[Number, Number]


def _ask_count(plan: Plan, counted: str | None, answers: _Answers) -> Pair:
    return Number((answers.count(counted),)), Number(())


def _ask_sum(plan: Plan, counted: str | None, answers: _Answers) -> Pair:
    value = _value(plan)
    return Number((answers.total(value.sql, counted),)), Number((), 10**value.places * plan.measure.parts)


def _ask_mean(plan: Plan, counted: str | None, answers: _Answers) -> Pair:
    value = _value(plan)
    top, bottom = answers.total(value.sql, counted), _count_known(plan, counted, answers)
    return Number((top,)), Number((bottom,), 10**value.places * plan.measure.parts)


def _ask_ratio(plan: Plan, counted: str | None, answers: _Answers) -> Pair:
    """Both sides are multiplied by the other's scale, so that the pair stays whole."""
    top, bottom, known = _value(plan), plan.denominator, _known(plan, counted)
    bottom_answer = _ask_side(bottom, known, answers) if bottom else _count_known(plan, counted, answers)
    bottom_places = bottom.places if bottom else 0
    return Number((_ask_side(top, known, answers),), 10**bottom_places), Number((bottom_answer,), 10**top.places)


def _ask_side(side: Expression, known: str | None, answers: _Answers) -> str:
    if side.kind == "yes_no":
        return answers.count(_and(known, side.sql))
    return answers.total(side.sql, known)


def _ask_distinct(plan: Plan, counted: str | None, answers: _Answers) -> Pair:
    return Number((answers.ask(f"count(DISTINCT {_value(plan).sql}){answers.scope.dialect.filtered(counted)}", None),)), Number(())


def _ask_edge(function: Literal["min", "max"]) -> Callable[[Plan, str | None, _Answers], Pair]:
    def ask(plan: Plan, counted: str | None, answers: _Answers) -> Pair:
        value = _value(plan)
        chosen = answers.scope.dialect.chosen(value.sql, counted)
        return Number((answers.ask(f"{function}({chosen})", function),)), Number((), 10**value.places)

    return ask


def _ask_quantile(plan: Plan, counted: str | None, answers: _Answers) -> Pair:
    """The row values between which the quantile lies: the one at ⌈p·n⌉, and with `midpoint` its mirror."""
    value, p = _value(plan), plan.measure.p or Fraction(1, 2)
    lower = answers.place(value.sql, p, counted, False)
    edges = (lower,) if plan.measure.between == "lower" else (lower, answers.place(value.sql, 1 - p, counted, True))
    return Number(edges), Number((), 10**value.places * len(edges))


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
