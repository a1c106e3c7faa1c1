"""The scale on which totals stand: its bands with their edges, and how many totals fall where.

Bars of a distribution never straddle the edge of a band: who stands on it must be seen on the
right side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from kaohe.plan import Plan
from kaohe.rules.bands import Band

FEWEST_TO_SHOW = 5  # a distribution of fewer would tell who is who
BARS = (8, 20)
NICE = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5))


@dataclass(frozen=True)
class Graded:
    """One grade's part of the scale; None where it has no end there."""

    grade: str
    low: Fraction | None
    high: Fraction | None


@dataclass(frozen=True)
class Scale:
    """The scale of a scheme's totals, from the lowest band up; no bands where no grade goes by the total."""

    low: Fraction | None
    high: Fraction | None
    bands: tuple[Graded, ...]
    rows: tuple[tuple[str, Band], ...]

    @property
    def edges(self) -> tuple[Fraction, ...]:
        """The edges between the bands."""
        return tuple(band.low for band in self.bands if band.low is not None)

    def grade(self, total: Fraction) -> str | None:
        """The grade of a total."""
        return next((grade for grade, band in self.rows if band.holds(total)), None)

    def is_below(self, edge: Fraction) -> bool:
        """Whether an edge itself belongs to the band below it, as where a grade is for more than it (超过)."""
        below = next((band for band in self.bands if band.high == edge), None)
        return below is not None and self.grade(edge) == below.grade

    def seems(self, total: Fraction, seen: Fraction) -> bool:
        """Whether a total that is shown as `seen` still seems to have its own grade."""
        return self.grade(total) == self.grade(seen)


def scale_of_totals(plan: Plan) -> Scale:
    """The scale of a plan's totals."""
    node, total = plan.nodes.get("grade"), plan.nodes.get("total")
    low, high = (None, None) if total is None else (_bound(total.low), _bound(total.high))
    if node is None or node.rule != "grades@1" or node.inputs[0] != ["node", "total"]:
        return Scale(low, high, (), ())
    bands = [Band.read(written) for written in node.params["bands"]]
    rows = tuple(zip(node.vocabulary or (), bands, strict=True))
    return Scale(low, high, tuple(_in_order(rows)), rows)


def _bound(written: str | None) -> Fraction | None:
    return None if written is None else Fraction(written)


def _in_order(rows: Sequence[tuple[str, Band]]) -> Iterable[Graded]:
    """The bands between one edge and the next, each with the grade of its middle; neighbours of one grade are one band."""
    edges = sorted({edge for _, band in rows for _, edge in band.edges})
    ends: list[Fraction | None] = [None, *edges, None]
    found: list[Graded] = []
    for low, high in pairwise(ends):
        grade = next((name for name, band in rows if band.holds(_middle(low, high))), None)
        if grade is None:
            continue
        if found and found[-1].grade == grade:
            found[-1] = Graded(grade, found[-1].low, high)
        else:
            found.append(Graded(grade, low, high))
    return found


def _middle(low: Fraction | None, high: Fraction | None) -> Fraction:
    if low is None:
        return Fraction(0) if high is None else high - 1
    return low + 1 if high is None else (low + high) / 2


# --- distributions --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """How many totals lie between `low` and `high`; `closed` says that `high` itself belongs here and not to the next bar."""

    low: Fraction
    high: Fraction
    count: int = 0
    closed: bool = False
    mine: bool = False

    def holds(self, total: Fraction) -> bool:
        """Whether a total that lies in no earlier bar lies in this one."""
        return total < self.high or (self.closed and total == self.high)


@dataclass(frozen=True)
class Spread:
    """A distribution of totals; the bars lie side by side."""

    bars: tuple[Bar, ...]
    edges: tuple[Fraction, ...]
    of: int

    @property
    def low(self) -> Fraction:
        """Where the axis begins."""
        return self.bars[0].low

    @property
    def high(self) -> Fraction:
        """Where the axis ends."""
        return self.bars[-1].high

    def marked(self, mine: Fraction) -> Spread:
        """The same distribution with the bar of one total marked."""
        own = place_in(self.bars, mine)
        return replace(self, bars=tuple(replace(bar, mine=place == own) for place, bar in enumerate(self.bars)))


def spread_of(totals: Sequence[Fraction], scale: Scale) -> Spread | None:
    """How totals are distributed, with the edges of the bands between the bars; None for fewer than five totals."""
    if len(totals) < FEWEST_TO_SHOW:
        return None
    least, most = min(totals), max(totals)
    near = [edge for edge in scale.edges if _is_near(edge, least, most)]
    cuts = _cuts(min([least, *near]), max([most, *near]), near, scale)
    last = len(cuts) - 2
    bars = [Bar(low, high, closed=place == last or scale.is_below(high)) for place, (low, high) in enumerate(pairwise(cuts))]
    counts = Counter(place_in(bars, total) for total in totals)
    return Spread(tuple(replace(bar, count=counts[place]) for place, bar in enumerate(bars)), tuple(near), len(totals))


def place_in(bars: Sequence[Bar], total: Fraction) -> int:
    """In which bar a total lies."""
    return next((place for place, bar in enumerate(bars) if bar.holds(total)), len(bars) - 1)


def _is_near(edge: Fraction, least: Fraction, most: Fraction) -> bool:
    """Whether an edge is near enough to the totals to be worth showing."""
    room = max(most - least, abs(most) / 20)
    return least - room <= edge <= most + room


def _cuts(least: Fraction, most: Fraction, edges: Sequence[Fraction], scale: Scale) -> list[Fraction]:
    """Where one bar ends and the next begins: at multiples of a round step, and at every edge.

    Where the axis would end at an edge that belongs to the band on the far side, it goes on by a step.
    """
    step = step_of(most - least, edges)
    first, last = floor(least / step), max(ceil(most / step), floor(least / step) + 1)
    first -= step * first in edges and scale.is_below(step * first)
    last += step * last in edges and not scale.is_below(step * last)
    inner = [step * place for place in range(first + 1, last)]
    clear = {cut for cut in inner if all(cut == edge or abs(cut - edge) >= step / 2 for edge in edges)}
    return sorted(clear | set(edges) | {step * first, step * last})


def step_of(span: Fraction, edges: Sequence[Fraction]) -> Fraction:
    """A round width for some eight to twenty bars, if possible one by which every edge is reached.

    >>> step_of(Fraction(3, 5), [Fraction(3, 5), Fraction(4, 5)])
    Fraction(1, 20)
    """
    if not span:
        return Fraction(1)
    sizes = [nice * Fraction(10) ** power for power in range(6, -9, -1) for nice in reversed(NICE)]
    fitting = [size for size in sizes if BARS[0] <= span / size <= BARS[1]]
    even = [size for size in fitting if all((edge / size).denominator == 1 for edge in edges)]
    return (even or fitting or sizes[-1:])[0]
