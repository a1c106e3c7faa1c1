"""Our figures beside a platform's: per person and in total, and what each cause contributes to the gap.

A reconciliation is a list of steps from our definition to the platform's. After each step all
figures are measured again, exactly; what a step contributes is by how much it moves the figure. So
ours, the steps and what remains always add up to the platform's. Steps hold in their order: another
order can split the same gap otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from kaohe.measuring.clocks import Period
from kaohe.measuring.definitions import Definitions, Reconciliation
from kaohe.measuring.deriving.tables import Tables
from kaohe.measuring.engine import SETTINGS, Engine, Settings, embedded
from kaohe.measuring.measuring import Caching, Figures, Measured, measure, measure_on
from kaohe.measuring.opening import Progress, no_progress
from kaohe.measuring.platforms import Platform, read_platform
from kaohe.measuring.problems import unknown_name
from kaohe.measuring.stepping import ladder
from kaohe.measuring.workspace import Workspace
from kaohe.numbers import write_number
from kaohe.problems import NOWHERE, Problem, refuse
from kaohe.texts import Text

Status = Literal["equal", "explained", "rounding", "open", "ours_only", "platform_only", "nothing"]
STATUSES: dict[Status, Text] = {
    "equal": Text("一致", "equal"),
    "explained": Text("已说明", "explained"),
    "rounding": Text("仅余取整", "rounding only"),
    "open": Text("未说明", "not explained"),
    "ours_only": Text("平台没有", "not on the platform"),
    "platform_only": Text("仅平台有", "platform only"),
    "nothing": Text("无可比较", "nothing to compare"),
}
ZERO_WITHOUT_ROWS = ("count", "sum", "distinct")  # kinds whose figure of no rows is 0


@dataclass(frozen=True)
class Line:
    """One subject, or all together: our figure, the figure after each step, and the platform's; None where there is none."""

    subject: str
    ours: Fraction | None
    after: tuple[Fraction | None, ...]
    platform: Fraction | None
    rounded_to: Fraction | None = None

    @property
    def gap(self) -> Fraction | None:
        """By how much the platform's figure is more than ours."""
        return _less(self.platform, self.ours)

    @property
    def steps(self) -> tuple[Fraction | None, ...]:
        """By how much each step moves the figure; None where it has none before or after."""
        return tuple(_less(after, before) for before, after in pairwise((self.ours, *self.after)))

    @property
    def remaining(self) -> Fraction | None:
        """What no step explains."""
        return _less(self.platform, (self.ours, *self.after)[-1])

    @property
    def status(self) -> Status:
        """What came of it."""
        last = (self.ours, *self.after)[-1]
        if self.platform is None or last is None:
            return "nothing" if self.platform is last else "ours_only" if self.platform is None else "platform_only"
        if self.platform == last:
            return "equal" if self.ours == last else "explained"
        return "rounding" if self.rounded_to and 2 * abs(self.platform - last) <= self.rounded_to else "open"


@dataclass(frozen=True)
class Reconciled:
    """A measure's figures beside the platform's.

    `total` begins with all our subjects. Its first step leaves out those that the platform does not
    list, its last adds those that only the platform has; between them are the steps, over the subjects
    that both have. `untold` are subjects that only the platform has and whose part of its total cannot
    be told: it stays in what remains. `counted` are the rows that counted before the first step and
    after each one.
    """

    id: str
    reconciliation: Reconciliation
    period: Period
    lines: tuple[Line, ...]
    total: Line | None
    untold: tuple[str, ...]
    counted: tuple[int, ...]
    found: tuple[Problem, ...]
    measured: Measured

    def problems(self) -> tuple[Problem, ...]:
        """The open problems behind either side's figures."""
        return (*self.found, *self.measured.problems())

    def as_data(self) -> dict[str, object]:
        """The whole report as plain data; every figure as exact text."""
        steps = [
            {"step": step.step, "name_zh": step.name_zh, "name_en": step.name_en, "counted": counted}
            for step, counted in zip(self.reconciliation.steps, self.counted[1:], strict=True)
        ]
        return {
            "reconciliation": self.id,
            "measure": self.reconciliation.measure,
            "period": {"start": self.period.start.isoformat(), "end": self.period.end.isoformat()},
            "counted": self.counted[0],
            "steps": steps,
            "lines": [_line_data(line) for line in self.lines],
            "total": self.total and _total_data(self.total),
            "untold": list(self.untold),
        }


def _total_data(total: Line) -> dict[str, object]:
    ours_only, *steps, platform_only = total.steps
    edges = {"ours_only": _text(ours_only), "platform_only": _text(platform_only)}
    return _line_data(total) | {"steps": [_text(step) for step in steps]} | edges


def _line_data(line: Line) -> dict[str, object]:
    return {
        "subject": line.subject,
        "ours": _text(line.ours),
        "steps": [_text(step) for step in line.steps],
        "remaining": _text(line.remaining),
        "platform": _text(line.platform),
        "status": line.status,
    }


def _text(figure: Fraction | None) -> str | None:
    return None if figure is None else write_number(figure)


def _less(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one - other


# --- making it ------------------------------------------------------------------------------------


def reconcile(
    workspace: Workspace,
    definitions: Definitions,
    id: str,
    period: Period,
    *,
    as_of: date | None = None,
    cache: Caching = "off",
    settings: Settings = SETTINGS,
    progress: Progress = no_progress,
) -> Reconciled:
    """Our figures of a reconciliation's measure beside the platform's, in a period.

    Raises Problems for an unknown reconciliation and wherever `measure` does.
    """
    reconciliation = _named(definitions, id)
    varied, ids = ladder(definitions, reconciliation)
    measured = measure(workspace, varied, period, measures=ids, as_of=as_of, cache=cache, settings=settings, progress=progress)
    with embedded(workspace, definitions, settings) as engine:
        platform = _platform(engine, definitions, reconciliation, period)
        found = tuple(problem for one in engine.imports(reconciliation.figures.table) for problem in one.problems())
    return _reconciled(id, reconciliation, measured, replace(platform, problems=(*found, *platform.problems)))


def reconcile_on(engine: Engine, definitions: Definitions, id: str, period: Period, *, as_of: date | None = None) -> Reconciled:
    """The same report, from any engine that holds the tables."""
    reconciliation = _named(definitions, id)
    varied, ids = ladder(definitions, reconciliation)
    measured = measure_on(engine, varied, period, measures=ids, as_of=as_of)
    return _reconciled(id, reconciliation, measured, _platform(engine, definitions, reconciliation, period))


def _named(definitions: Definitions, id: str) -> Reconciliation:
    found = definitions.reconciliations.get(id)
    if found is None:
        refuse([unknown_name(NOWHERE, id, ("对账", "reconciliation"), definitions.reconciliations)])
        raise AssertionError
    return found


def _platform(engine: Engine, definitions: Definitions, reconciliation: Reconciliation, period: Period) -> Platform:
    kind = definitions.measures[reconciliation.measure].kind
    return read_platform(engine, Tables(definitions, engine.dialect), reconciliation.figures, kind, period)


def _reconciled(id: str, reconciliation: Reconciliation, measured: Measured, platform: Platform) -> Reconciled:
    rungs = [_Rung(one) for one in measured.figures]
    rounded_to = reconciliation.figures.rounded_to
    subjects = sorted({subject for rung in rungs for subject in rung.figures.subjects} | set(platform.figures))
    lines = tuple(_line(subject, rungs, platform, rounded_to) for subject in subjects)
    total, untold = _total(rungs, platform, rounded_to)
    counted = tuple(sum(rung.figures.counted) for rung in rungs)
    return Reconciled(id, reconciliation, measured.period, lines, total, untold, counted, platform.problems, measured)


def _line(subject: str, rungs: Sequence[_Rung], platform: Platform, rounded_to: Fraction | None) -> Line:
    known = any(subject in rung.figures.place for rung in rungs)
    ours, *after = (rung.figure(subject) if known else None for rung in rungs)
    return Line(subject, ours, tuple(after), platform.figures.get(subject), rounded_to)


def _total(rungs: Sequence[_Rung], platform: Platform, rounded_to: Fraction | None) -> tuple[Line | None, tuple[str, ...]]:
    """All subjects together, and those that only the platform has and cannot be told apart in its total."""
    if rungs[0].total(None) is None:
        return None, ()
    shared = [rung.total(platform.figures) for rung in rungs]
    only = tuple(subject for subject in platform.figures if subject not in rungs[-1].figures.place)
    theirs = platform.added(platform.figures)
    theirs_of_both = platform.added(subject for subject in platform.figures if subject not in only)
    added = _less(theirs, theirs_of_both) if only else Fraction(0)
    last = shared[-1] if added is None or shared[-1] is None else shared[-1] + added
    told = theirs if platform.total is None else platform.total
    return Line("", rungs[0].total(None), (*shared, last), told, rounded_to), only if added is None else ()


@dataclass(frozen=True)
class _Rung:
    """The figures of one step."""

    figures: Figures

    def figure(self, subject: str) -> Fraction | None:
        """A subject's figure; 0 where no row is a count of nothing."""
        pair = self.figures.pair(subject)
        if pair is None:
            return Fraction(0) if self.figures.measure.kind in ZERO_WITHOUT_ROWS else None
        return Fraction(*pair) if pair[1] else None

    def total(self, subjects: Collection[str] | None) -> Fraction | None:
        """The figure of some subjects together, or of all; None where figures do not add up, or nothing was measured."""
        kind, chosen = self.figures.measure.kind, list(self._pairs(subjects))
        if kind in ("minimum", "maximum"):
            found = [Fraction(top, bottom) for top, bottom in chosen if bottom]
            return (min(found) if kind == "minimum" else max(found)) if found else None
        if kind in ("count", "sum"):
            return sum((Fraction(top, bottom) for top, bottom in chosen if bottom), Fraction(0))
        bottom = sum(bottom for _, bottom in chosen)
        return Fraction(sum(top for top, _ in chosen), bottom) if kind in ("ratio", "mean") and bottom else None

    def _pairs(self, subjects: Collection[str] | None) -> Iterator[tuple[int, int]]:
        """The two sides of each; figures that stand for no row are no part of a total."""
        figures = self.figures
        for i, subject in enumerate(figures.subjects):
            if figures.counted[i] and (subjects is None or subject in subjects):
                yield figures.numerators[i], figures.denominators[i]
