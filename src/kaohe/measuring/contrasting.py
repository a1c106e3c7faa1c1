"""Two measures over the same rows: what becomes of everybody where one takes the other's place.

For each subject both figures, their difference where the units are alike, the place by each of
them, and how many rows count in one and not in the other. A row is known by where it stands in its
file; of a table made of others it is the row that leads there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kaohe.measuring.behind import counted_sql, counts_sql
from kaohe.measuring.clocks import Period
from kaohe.measuring.definitions import Definitions
from kaohe.measuring.deriving.making import PLACE
from kaohe.measuring.deriving.tables import Tables
from kaohe.measuring.engine import SETTINGS, Engine, Settings, embedded
from kaohe.measuring.lending import lend_tables
from kaohe.measuring.measuring import Caching, Figures, Measured, measure, measure_on
from kaohe.measuring.opening import Progress, no_progress
from kaohe.measuring.plans import Plan, compile_measures
from kaohe.measuring.rowsets import SUBJECT
from kaohe.measuring.workspace import Workspace
from kaohe.numbers import write_number
from kaohe.problems import Problem

SIDES = ("kaohe_first", "kaohe_second")
Counts = tuple[int, int, int]
NO_ROWS: Counts = (0, 0, 0)


@dataclass(frozen=True)
class Contrasted:
    """One subject under both measures: its figures, its places, and its rows."""

    subject: str
    first: Fraction | None
    second: Fraction | None
    first_place: int | None
    second_place: int | None
    both: int
    first_only: int
    second_only: int

    @property
    def difference(self) -> Fraction | None:
        """By how much the second figure is more than the first."""
        return None if self.first is None or self.second is None else self.second - self.first


@dataclass(frozen=True)
class Contrast:
    """Two measures and everybody under both. Figures are subtracted only where the `units_alike`.

    `rows_shared` says whether both look at rows of one source at all.
    """

    first: Figures
    second: Figures
    period: Period
    lines: tuple[Contrasted, ...]
    units_alike: bool
    rows_shared: bool
    measured: Measured

    def problems(self) -> tuple[Problem, ...]:
        """The open problems behind the figures."""
        return self.measured.problems()

    def difference(self, line: Contrasted) -> Fraction | None:
        """The difference of a subject's figures, where they can be subtracted."""
        return line.difference if self.units_alike else None

    def as_data(self) -> dict[str, object]:
        """The whole comparison as plain data; every figure as exact text."""
        sides = [{"measure": one.id, "version": one.measure.version, "unit": one.measure.unit} for one in (self.first, self.second)]
        return {
            "first": sides[0],
            "second": sides[1],
            "period": {"start": self.period.start.isoformat(), "end": self.period.end.isoformat()},
            "units_alike": self.units_alike,
            "rows_shared": self.rows_shared,
            "lines": [self._line_data(line) for line in self.lines],
        }

    def _line_data(self, line: Contrasted) -> dict[str, object]:
        figures = {"first": line.first, "second": line.second, "difference": self.difference(line)}
        places = {"first_place": line.first_place, "second_place": line.second_place}
        rows = {"rows_in_both": line.both, "rows_in_first_only": line.first_only, "rows_in_second_only": line.second_only}
        told = {name: None if figure is None else write_number(figure) for name, figure in figures.items()}
        return {"subject": line.subject, **told, **places, **rows}


def contrast(
    workspace: Workspace,
    definitions: Definitions,
    first: str,
    second: str,
    period: Period,
    *,
    as_of: date | None = None,
    cache: Caching = "off",
    settings: Settings = SETTINGS,
    progress: Progress = no_progress,
) -> Contrast:
    """Two measures of some definitions side by side, for every subject in a period; raises Problems as `measure` does."""
    ids = (first, second)
    measured = measure(workspace, definitions, period, measures=ids, as_of=as_of, cache=cache, settings=settings, progress=progress)
    with embedded(workspace, definitions, settings) as engine:
        return _contrasted(engine, definitions, measured)


def contrast_on(
    engine: Engine, definitions: Definitions, first: str, second: str, period: Period, *, as_of: date | None = None
) -> Contrast:
    """The same comparison, from any engine that holds the tables."""
    return _contrasted(engine, definitions, measure_on(engine, definitions, period, measures=(first, second), as_of=as_of))


def _contrasted(engine: Engine, definitions: Definitions, measured: Measured) -> Contrast:
    first, second = measured.figures
    tables = Tables(definitions, engine.dialect, measured.as_of)
    one, other = compile_measures(tables, [first.id, second.id])
    lend_tables(engine, tables, [one, other])
    shared = leading_source(definitions, one.rows.table) == leading_source(definitions, other.rows.table)
    counts = _counts(engine, tables, one, other, measured.period) if shared else _counts_apart(first, second)
    ours, theirs = _figures(first), _figures(second)
    places, other_places = _places(first, ours), _places(second, theirs)
    lines = []
    for subject in sorted({*first.subjects, *second.subjects}):
        figures, standing = (ours.get(subject), theirs.get(subject)), (places.get(subject), other_places.get(subject))
        lines.append(Contrasted(subject, *figures, *standing, *counts.get(subject, NO_ROWS)))
    alike = first.measure.unit == second.measure.unit
    return Contrast(first, second, measured.period, tuple(lines), alike, shared, measured)


def leading_source(definitions: Definitions, table: str) -> str:
    """The source to whose rows those of a table lead back."""
    derived = definitions.derived.get(table)
    return leading_source(definitions, derived.tables[0]) if derived else table


def _counts(engine: Engine, tables: Tables, first: Plan, second: Plan, period: Period) -> dict[str, Counts]:
    """How many rows of each subject count in both, in the first alone, in the second alone."""
    table = first.rows.table
    if first.rows == second.rows:
        return _read(engine, counts_sql(first, second, tables.sql(table, engine.table), tables.scope(table), period), table)
    for name, plan in zip(SIDES, (first, second), strict=True):
        rows = tables.sql(plan.rows.table, engine.table)
        engine.keep(name, counted_sql(plan, rows, tables.scope(plan.rows.table), period), plan.rows.table)
    keys = ", ".join([SUBJECT, *map(engine.dialect.quoted, PLACE)])
    marked = " UNION ALL ".join(f"SELECT {keys}, {mark} AS _mark FROM {name}" for mark, name in enumerate(SIDES, 1))
    joined = f"SELECT {SUBJECT}, sum(_mark) AS _marks FROM ({marked}) AS _marked GROUP BY {keys}"
    sums = ", ".join(f"sum(CASE WHEN _marks = {marks} THEN 1 ELSE 0 END)" for marks in (3, 1, 2))
    return _read(engine, f"SELECT {SUBJECT}, {sums} FROM ({joined}) AS _joined GROUP BY {SUBJECT}", table)


def _read(engine: Engine, sql: str, table: str) -> dict[str, Counts]:
    rows = engine.ask(sql, table)
    return {str(subject): (int(str(both)), int(str(one)), int(str(other))) for subject, both, one, other in rows}


def _counts_apart(first: Figures, second: Figures) -> dict[str, Counts]:
    """The same for measures that look at rows of different sources."""
    subjects = {*first.subjects, *second.subjects}
    return {subject: (0, _counted(first, subject), _counted(second, subject)) for subject in subjects}


def _counted(figures: Figures, subject: str) -> int:
    i = figures.place.get(subject)
    return 0 if i is None else figures.counted[i]


def _figures(figures: Figures) -> dict[str, Fraction]:
    """The figures of those for whom there was something to measure."""
    sides = zip(figures.subjects, figures.numerators, figures.denominators, strict=True)
    return {subject: Fraction(top, bottom) for subject, top, bottom in sides if bottom}


def _places(figures: Figures, known: Mapping[str, Fraction]) -> dict[str, int]:
    """Everybody's place by a measure, equal figures sharing the better one; none where neither more nor less is better."""
    direction = figures.measure.direction
    if direction == "neither":
        return {}
    ordered = sorted(known.values(), reverse=direction == "higher")
    first = {value: place for place, value in reversed([*enumerate(ordered, 1)])}
    return {subject: first[value] for subject, value in known.items()}
