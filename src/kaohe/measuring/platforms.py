"""The figures that a platform itself reports, read from the table into which its export was imported.

A platform names accounts; where those lead to people, a figure is the person's who had the account
throughout the period. Figures of one subject are added up where that can be done: counts and sums
always, others where the platform gives numerators and denominators.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from kaohe.measuring.accounts import AccountBook, read_book
from kaohe.measuring.clocks import Period
from kaohe.measuring.conditions import Expression, compile_condition, compile_value
from kaohe.measuring.definitions import PlatformFigures
from kaohe.measuring.deriving.making import FILE, ROW
from kaohe.measuring.deriving.tables import Tables
from kaohe.measuring.engine import Engine, Row
from kaohe.measuring.plans import PlaceOf, column_problem
from kaohe.measuring.problems import AccountPassedOn, FieldMissing, FieldWrong, PlatformTwice, unknown_name
from kaohe.measuring.rowsets import during_sql
from kaohe.problems import Place, Problem, Problems

SIDES = ("value", "numerator", "denominator")
ADDED = ("count", "sum")  # kinds whose figures of one subject, or of all, add up


Sides = tuple[Fraction, Fraction | None]


@dataclass(frozen=True)
class PlatformRow:
    """One figure as the platform reports it: under which account, its two sides or the figure alone, and where it stands."""

    account: str
    sides: Sides
    place: Place


@dataclass(frozen=True)
class Platform:
    """A platform's figures by subject, its own total where it gives one, and what cannot be told of it.

    `sides` are numerators and denominators by subject where figures add up; a denominator is none
    where it is the figures themselves that do.
    """

    figures: dict[str, Fraction | None]
    total: Fraction | None
    sides: dict[str, Sides] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def added(self, subjects: Iterable[str]) -> Fraction | None:
        """The figure of some subjects together; None where figures do not add up."""
        chosen = list(subjects)
        known = [self.sides[subject] for subject in chosen if subject in self.sides]
        return _figure_of(_added(known)) if known and len(known) == len(chosen) else None


def check_figures(tables: Tables, figures: PlatformFigures, place_of: PlaceOf) -> Iterator[Problem]:
    """What is wrong with where the platform's figures are said to stand."""
    definitions = tables.definitions
    if figures.table not in definitions.sources:
        yield unknown_name(place_of(("table",)), figures.table, ("表", "table"), definitions.sources)
        return
    columns = tables.columns(figures.table)
    named = [(figures.subject.account, ("text", "whole"), "subject"), (figures.time, ("date", "datetime"), "time")]
    found = (column_problem(columns, name, types, part, place_of((part,))) for name, types, part in named if name)
    yield from (problem for problem in found if problem)
    if figures.subject.through is not None and figures.subject.through not in definitions.accounts:
        yield unknown_name(place_of(("subject",)), figures.subject.through, ("账号对照", "accounts"), definitions.accounts)
    yield from _wrong_sides(figures, place_of)
    try:
        compiled = _Compiled.of(tables, figures, place_of)
    except Problems as wrong:
        yield from wrong
        return
    for side in (compiled.top, compiled.bottom):
        if side is not None and side.kind not in ("number", "unknown"):
            yield FieldWrong(
                place_of(("value",)), ["value"], field="value", why_zh="应是数字", why_en=f"has to be a number, it is {side.kind}"
            )


def _wrong_sides(figures: PlatformFigures, place_of: PlaceOf) -> Iterator[Problem]:
    """A figure is a value, or a numerator and a denominator, and not both."""
    given = [side for side in SIDES if getattr(figures, side) is not None]
    if given in (["value"], ["numerator", "denominator"]):
        return
    if "value" in given:
        why = {"why_zh": "不能与 numerator、denominator 同写", "why_en": "cannot stand beside numerator and denominator"}
        yield FieldWrong(place_of(("value",)), ["value"], field="value", **why)
    else:
        missing = "denominator" if "numerator" in given else "numerator" if given else "value"
        yield FieldMissing(place_of(()), [missing], field=missing)


@dataclass(frozen=True)
class _Compiled:
    """The expressions of a platform's figures."""

    top: Expression
    bottom: Expression | None
    where: Expression | None

    @classmethod
    def of(cls, tables: Tables, figures: PlatformFigures, place_of: PlaceOf) -> _Compiled:
        """Raises Problems for expressions that cannot be right."""
        scope = replace(tables.scope(figures.table), calendars={})
        side = "value" if figures.value is not None else "numerator"
        top = compile_value(getattr(figures, side) or "0", scope, place_of((side,)))
        bottom = compile_value(figures.denominator, scope, place_of(("denominator",))) if figures.denominator else None
        where = compile_condition(figures.where, scope, place_of(("where",))) if figures.where else None
        return cls(top, bottom, where)

    def row(self, row: Row, engine: Engine) -> PlatformRow | None:
        """A row of the answer; None for one that holds no figure."""
        file, number, account, top, bottom = row
        if account is None or top is None or (self.bottom is not None and bottom is None):
            return None
        below = Fraction(int(str(bottom)), 10**self.bottom.places) if self.bottom else None
        sides = Fraction(int(str(top)), 10**self.top.places), below
        return PlatformRow(str(account), sides, Place(engine.file_of(str(file)), row=int(str(number))))


def read_platform(engine: Engine, tables: Tables, figures: PlatformFigures, kind: str, period: Period) -> Platform:
    """The platform's figures of a period, as an engine has them; `kind` is that of the measure beside which they stand."""
    rows = list(_rows(engine, tables, figures, period))
    through = figures.subject.through
    people = _people(read_book(engine, tables.definitions, through), period) if through else {}
    problems: list[Problem] = []
    alike: dict[str, list[PlatformRow]] = {}
    for row in rows:
        if row.account not in figures.total:
            alike.setdefault(_subject(row, people, problems), []).append(row)
    adds = figures.value is None or kind in ADDED
    problems += [_twice(subject, same) for subject, same in alike.items() if len(same) > 1 and not adds]
    told = {subject: _figure(same, adds) for subject, same in alike.items()}
    total = _figure([row for row in rows if row.account in figures.total], adds)
    sides = {subject: _added([row.sides for row in same]) for subject, same in alike.items()} if adds else {}
    return Platform(told, total, sides, tuple(problems))


def _figure(rows: list[PlatformRow], adds: bool) -> Fraction | None:
    """The figure of some rows; None for none, and for several that do not add up."""
    return _figure_of(_added([row.sides for row in rows])) if len(rows) == 1 or (rows and adds) else None


def _added(sides: Sequence[Sides]) -> Sides:
    """Numerators and denominators added up, or the figures themselves."""
    bottoms = [bottom for _, bottom in sides if bottom is not None]
    return sum((top for top, _ in sides), Fraction(0)), sum(bottoms, Fraction(0)) if bottoms else None


def _figure_of(sides: Sides) -> Fraction | None:
    """The figure of two sides; None where there was nothing to measure."""
    top, bottom = sides
    if bottom is None:
        return top
    return top / bottom if bottom else None


def _rows(engine: Engine, tables: Tables, figures: PlatformFigures, period: Period) -> Iterator[PlatformRow]:
    compiled, scope = _Compiled.of(tables, figures, lambda path: Place("")), tables.scope(figures.table)
    quoted, text = scope.dialect.quoted, scope.dialect.as_text
    columns = [FILE, ROW, text(quoted(figures.subject.account)), compiled.top.sql, compiled.bottom.sql if compiled.bottom else "1"]
    conditions = [scope.dialect.surely(compiled.where.sql)] if compiled.where else []
    conditions += [during_sql(figures.time, scope, period)] if figures.time else []
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    sql = f"SELECT {', '.join(columns)} FROM {engine.table(figures.table)} AS _table{where} ORDER BY {FILE}, {ROW}"
    return (row for row in (compiled.row(one, engine) for one in engine.ask(sql, figures.table)) if row)


def _people(book: AccountBook, period: Period) -> dict[str, tuple[str, ...]]:
    """Who had each account on a day of the period, in that order."""
    found: dict[str, list[str]] = {}
    for entry in book.entries:
        if entry.start <= period.end and entry.end > period.start:
            found.setdefault(entry.account, []).append(entry.person)
    return {account: tuple(dict.fromkeys(people)) for account, people in found.items()}


def _subject(row: PlatformRow, people: dict[str, tuple[str, ...]], problems: list[Problem]) -> str:
    """Whose a figure is: the person's who had its account, or the account itself where it is nobody's or was several people's."""
    found = people.get(row.account, ())
    if len(found) > 1:
        problems.append(AccountPassedOn(row.place, [row.account], account=row.account, people=", ".join(found)))
    return found[0] if len(found) == 1 else row.account


def _twice(subject: str, same: list[PlatformRow]) -> Problem:
    return PlatformTwice(same[1].place, [subject], subject=subject, count=len(same), other=f"{same[0].place.file}:{same[0].place.row}")
