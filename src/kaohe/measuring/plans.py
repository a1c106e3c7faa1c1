"""From a measure to its plan: expressions compiled, names resolved, the rows it looks at named.

Measures that look at the same rows (`RowSet`: table, subject, time, one row per key) are asked of
the engine together. Whatever can be wrong with a measure is said here, before any row is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kaohe.measuring.calendars import Lookup, has_holidays, wrong_days
from kaohe.measuring.conditions import ELAPSED, Expression, Scope, compile_condition, compile_value
from kaohe.measuring.definitions import Column, Definitions, Exclusion, Measure, OneRow, Owner
from kaohe.measuring.deriving.tables import Tables
from kaohe.measuring.problems import FieldMissing, FieldWrong, KeyTwice, unknown_name
from kaohe.problems import NOWHERE, Place, Problem, Problems, refuse

NO_SUBJECT, NO_PERSON, NO_TIME, NO_VALUE, NO_KEY = "no_subject", "no_person", "no_time", "no_value", "no_key"
OWN_REASONS = {
    NO_SUBJECT: ("没有归属人", "belongs to no subject"),
    NO_PERSON: ("账号当日不归任何人", "its account is nobody's on that day"),
    NO_TIME: ("没有时间", "has no time"),
    NO_VALUE: ("没有可计的值", "has no value to count"),
    NO_KEY: ("没有单号", "has no key"),
}
PARTS = ("value", "numerator", "denominator", "p")
KIND_PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "count": ((), ()),
    "sum": (("value",), ()),
    "ratio": (("numerator",), ("denominator",)),
    "mean": (("value",), ()),
    "minimum": (("value",), ()),
    "maximum": (("value",), ()),
    "quantile": (("value", "p"), ()),
    "distinct": (("value",), ()),
}

PlaceOf = Callable[[tuple[str, ...]], Place]


@dataclass(frozen=True)
class RowSet:
    """The rows that some measures look at together; without a subject column they are all `for_all`'s.

    `through` are the accounts that lead from the subject column to a person.
    """

    table: str
    subject: str | None
    through: str | None
    for_all: str
    time: str
    one_row: OneRow | None
    among: Expression | None

    @property
    def book(self) -> str:
        """The name under which an engine knows the accounts."""
        return f"_accounts_{self.through}"


@dataclass(frozen=True)
class Reason:
    """Why a row of the population is left out: its id, its name, its condition."""

    id: str
    name: str
    condition: Expression


@dataclass(frozen=True)
class Plan:
    """A measure ready to be asked of an engine; every expression is compiled."""

    id: str
    measure: Measure
    rows: RowSet
    population: Expression | None
    reasons: tuple[Reason, ...]
    numerator: Expression | None
    denominator: Expression | None

    @property
    def values(self) -> tuple[Expression, ...]:
        """The expressions that a row must have a value for, to be counted."""
        return tuple(part for part in (self.numerator, self.denominator) if part is not None)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """All its expressions over the columns of a row."""
        conditions = [self.population, self.rows.among, *(reason.condition for reason in self.reasons)]
        return (*(one for one in conditions if one is not None), *self.values)

    @property
    def lookups(self) -> frozenset[Lookup]:
        """The days of calendars that its expressions look up."""
        return frozenset(lookup for one in self.expressions for lookup in one.lookups)


def compile_measures(tables: Tables, ids: Iterable[str] | None = None) -> tuple[Plan, ...]:
    """The plans of some measures, or of all; raises Problems, those of all measures at once."""
    wanted = list(tables.definitions.measures) if ids is None else list(ids)
    plans: list[Plan] = []
    problems: list[Problem] = []
    for id in wanted:
        try:
            plans.append(compile_measure(tables, id))
        except Problems as found:
            problems += found
    refuse(problems)
    return tuple(plans)


def compile_measure(tables: Tables, id: str, place_of: PlaceOf = lambda path: NOWHERE) -> Plan:
    """The plan of one measure; raises Problems, all that are wrong with it at once."""
    definitions = tables.definitions
    measure = definitions.measures.get(id)
    if measure is None:
        refuse([unknown_name(NOWHERE, id, ("度量", "measure"), definitions.measures)])
        raise AssertionError
    table = definitions.table(measure.table)
    if table is None:
        refuse([unknown_name(place_of(("table",)), measure.table, ("表", "table"), [*definitions.sources, *definitions.derived])])
        raise AssertionError
    elapsed = measure.clock.text if measure.clock else None
    scope = replace(tables.scope(measure.table), parameters=measure.parameters, elapsed=elapsed)
    settled = measure.settled(table).model_copy(update={"subject": owner_of(tables, measure)})
    planner = _Planner(id, settled, list(definitions.accounts), scope, place_of)
    planner.check_without(table.exclusions)
    return planner.plan()


def owner_of(tables: Tables, measure: Measure) -> Owner | None:
    """Whose the rows of a measure are: as it says itself, its table, or the table that this one is made of."""
    table = tables.definitions.table(measure.table)
    if table is None or measure.subject or measure.for_all:
        return measure.subject
    return table.subject or _inherited_subject(tables.definitions, measure.table, tables.columns(measure.table))


def _inherited_subject(definitions: Definitions, table: str, columns: Mapping[str, Column]) -> Owner | None:
    """Whose the rows of a derived table are: as the first table that it is made of says, where that column is still there."""
    derived = definitions.derived.get(table)
    if derived is None:
        return None
    below = definitions.table(derived.tables[0])
    subject = (below.subject if below else None) or _inherited_subject(definitions, derived.tables[0], columns)
    return subject if subject and subject.account in columns else None


def check_derived(tables: Tables, id: str, place_of: PlaceOf) -> Iterator[Problem]:
    """What is wrong with a derived table; what is wrong with those below it is told there."""
    below = [one for one in tables.definitions.derived[id].tables if one in tables.definitions.derived and one != id]
    for one in below:
        try:
            tables.shape(one)
        except Problems:
            return
    try:
        tables.shape(id, place_of)
    except Problems as found:
        yield from found


def check_calendar(definitions: Definitions, id: str, place_of: PlaceOf) -> Iterator[Problem]:
    """What is wrong with a calendar."""
    calendar = definitions.calendars[id]
    for key in wrong_days(calendar):
        why = {"why_zh": "应是日期或“起日..止日”", "why_en": "has to be a day or FIRST..LAST"}
        yield FieldWrong(place_of(("days", key)), [id, key], field=key, **why)
    if calendar.holidays and not has_holidays(calendar.holidays):
        why = {"why_zh": "不认识这个国家或地区的代码", "why_en": "is no country whose holidays are known"}
        yield FieldWrong(place_of(("holidays",)), [id, calendar.holidays], field="holidays", **why)
    plain = [other for other, one in definitions.calendars.items() if one.by is None]
    for other in [*calendar.each.values(), *([calendar.otherwise] if calendar.otherwise else [])]:
        if other not in plain:
            yield unknown_name(place_of(("each",)), other, ("日历", "calendar"), plain)
    if bool(calendar.by) != bool(calendar.each):
        yield FieldMissing(place_of(()), [id], field="each" if calendar.by else "by")


def check_accounts(definitions: Definitions, id: str, place_of: PlaceOf = lambda path: NOWHERE) -> Iterator[Problem]:
    """What the accounts of that id say that their table does not bear out."""
    accounts = definitions.accounts[id]
    source = definitions.sources.get(accounts.table)
    if source is None:
        yield unknown_name(place_of(("table",)), accounts.table, ("表", "table"), definitions.sources)
        return
    for field, name in (("account", accounts.account), ("person", accounts.person), ("from", accounts.from_), ("to", accounts.to)):
        dated = field in ("from", "to")
        problem = column_problem(source.columns, name, ("date",) if dated else ("text",), field, place_of((field,)))
        if problem:
            yield problem
        elif not dated and not source.columns[name].needed:
            why = {"why_zh": f"列 {name} 应写 needed: true", "why_en": f"column {name} has to say needed: true"}
            yield FieldWrong(place_of((field,)), [id, field], field=field, **why)


def column_problem(columns: Mapping[str, Column], name: str, types: tuple[str, ...], field: str, place: Place) -> Problem | None:
    """What is wrong with naming that column where one of these types belongs; None where nothing is."""
    column = columns.get(name)
    if column is None:
        return unknown_name(place, name, ("列", "column"), columns)
    if not types or column.type in types:
        return None
    wanted = "/".join(types)
    zh, en = f"列 {name} 的类型是 {column.type}，应为 {wanted}", f"column {name} is {column.type}, it has to be {wanted}"
    return FieldWrong(place, [name], field=field, why_zh=zh, why_en=en)


class _Planner:
    """Compiles one measure, collecting what is wrong with it."""

    def __init__(self, id: str, measure: Measure, accounts: list[str], scope: Scope, place_of: PlaceOf) -> None:
        self.id, self.measure, self.accounts = id, measure, accounts
        self.scope, self.place_of = scope, place_of
        self.problems: list[Problem] = []

    def plan(self) -> Plan:
        measure = self.measure
        self._check_owner()
        self._check_columns()
        self._check_parts()
        population = self._condition(measure.where, "where")
        reasons = tuple(self._reasons())
        numerator, denominator = self._numerator(), self._value(measure.denominator, "denominator")
        self._check_kinds(numerator, denominator)
        among = self._among()
        refuse(self.problems)
        owner = measure.subject
        subject, through = (owner.account, owner.through) if owner else (None, None)
        rows = RowSet(measure.table, subject, through, measure.for_all or "", measure.time or "", measure.one_row, among)
        return Plan(self.id, measure, rows, population, reasons, numerator, denominator)

    def check_without(self, exclusions: Iterable[Exclusion]) -> None:
        """Reasons that the measure does without have to be among those of its table."""
        known = [exclusion.reason for exclusion in exclusions]
        for i, reason in enumerate(self.measure.without):
            if reason not in known:
                self._say(unknown_name(self.place_of(("without", str(i))), reason, ("剔除理由", "exclusion"), known))

    def _numerator(self) -> Expression | None:
        if self.measure.kind == "ratio":
            return self._value(self.measure.numerator, "numerator")
        return self._value(self.measure.value or self._timed(), "value")

    def _timed(self) -> str | None:
        """A measure that has a clock and no value counts the time that elapsed."""
        return ELAPSED if self.measure.clock and "value" in KIND_PARTS[self.measure.kind][0] else None

    def _reasons(self) -> Iterable[Reason]:
        told = set(OWN_REASONS)
        for i, exclusion in enumerate(self.measure.exclusions):
            if exclusion.reason in told:
                self._say(KeyTwice(self.place_of(("exclusions", str(i))), [exclusion.reason], name=exclusion.reason))
            told.add(exclusion.reason)
            condition = self._condition(exclusion.when, "exclusions", str(i), "when")
            if condition:
                yield Reason(exclusion.reason, exclusion.name, condition)

    def _among(self) -> Expression | None:
        one_row = self.measure.one_row
        return self._condition(one_row.among, "one_row", "among") if one_row else None

    def _check_owner(self) -> None:
        measure = self.measure
        if measure.subject is None and measure.for_all is None:
            self._say(FieldMissing(self.place_of(()), [self.id, "subject"], field="subject"))
        elif measure.subject is not None and measure.for_all is not None:
            why = {"why_zh": "与 subject 只能写一个", "why_en": "cannot stand beside subject"}
            self._say(FieldWrong(self.place_of(("for_all",)), [self.id, "for_all"], field="for_all", **why))

    def _check_columns(self) -> None:
        measure = self.measure
        if measure.subject is not None:
            self._check_subject(measure.subject)
        if measure.time is None:
            self._say(FieldMissing(self.place_of(()), [self.id, "time"], field="time"))
        else:
            self._check_column(measure.time, ("date", "datetime"), "time")
        if measure.one_row:
            self._check_column(measure.one_row.per, ("text", "whole"), "one_row", "per")
            for name in measure.one_row.by:
                self._check_column(name, (), "one_row", "by")

    def _check_subject(self, owner: Owner) -> None:
        self._check_column(owner.account, ("text",) if owner.through else ("text", "whole"), "subject")
        if owner.through is not None and owner.through not in self.accounts:
            self._say(unknown_name(self.place_of(("subject", "through")), owner.through, ("账号对照", "accounts"), self.accounts))

    def _check_column(self, name: str, types: tuple[str, ...], *path: str) -> None:
        problem = column_problem(self.scope.columns, name, types, path[-1], self.place_of(path))
        if problem:
            self._say(problem)

    def _check_parts(self) -> None:
        needed, allowed = KIND_PARTS[self.measure.kind]
        given = [part for part in PARTS if getattr(self.measure, part) is not None or (part == "value" and self._timed())]
        for part in needed:
            if part not in given:
                self._say(FieldMissing(self.place_of(()), [self.id, part], field=part))
        for part in given:
            if part not in (*needed, *allowed):
                kind = self.measure.kind
                why = {"why_zh": f"kind: {kind} 用不到它", "why_en": f"kind: {kind} has no use for it"}
                self._say(FieldWrong(self.place_of((part,)), [self.id, part], field=part, **why))

    def _check_kinds(self, numerator: Expression | None, denominator: Expression | None) -> None:
        allowed = {"ratio": ("number", "yes_no"), "distinct": ("number", "yes_no", "text", "date", "datetime")}
        fits = (*allowed.get(self.measure.kind, ("number",)), "unknown")
        first = "numerator" if self.measure.kind == "ratio" else "value"
        for part, expression in ((first, numerator), ("denominator", denominator)):
            if expression is not None and expression.kind not in fits:
                why = {"why_zh": "应是数字", "why_en": f"has to be a number, it is {expression.kind}"}
                self._say(FieldWrong(self.place_of((part,)), [self.id, part], field=part, **why))

    def _condition(self, text: str | None, *path: str) -> Expression | None:
        return self._compiled(compile_condition, text, path)

    def _value(self, text: str | None, *path: str) -> Expression | None:
        return self._compiled(compile_value, text, path)

    def _compiled(self, compile: Callable[[str, Scope, Place], Expression], text: str | None, path: tuple[str, ...]) -> Expression | None:
        if text is None:
            return None
        try:
            return compile(text, self.scope, self.place_of(path))
        except Problems as found:
            self.problems += found
            return None

    def _say(self, problem: Problem) -> None:
        self.problems.append(problem)
