"""Charts as a template draws them: every place and length a whole number, of `LENGTH` in all, every word ready to be set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from kaohe.papers.figures import LENGTH, length, most_places, period_mark, shown
from kaohe.papers.rounds import Round
from kaohe.papers.scales import Graded, Spread

Data = dict[str, object]
MOST_POINTS = 8
CLEAR = LENGTH // 6  # labels of edges nearer than this would stand on one another
NEAR = LENGTH // 12  # ticks nearer to one another than this would run into one another


@dataclass(frozen=True)
class Axis:
    """A piece of the number line, and where figures stand on it."""

    low: Fraction
    high: Fraction

    def at(self, value: Fraction) -> int:
        """Where a figure stands."""
        return length(value - self.low, self.high - self.low)

    @classmethod
    def over(cls, values: Sequence[Fraction], room: Fraction = Fraction(0)) -> Axis:
        """An axis over these figures, with so much of its length to spare at either end."""
        low, high = min(values), max(values)
        spare = (high - low) * room or (Fraction(0) if high > low else max(abs(high) / 10, Fraction(1)))
        return cls(low - spare, high + spare)


# --- the ruler of bands ---------------------------------------------------------------------------


def ruler(paper: Round, total: Fraction | None, span: tuple[Fraction, Fraction] | None) -> Data | None:
    """The scale of totals with its bands, somebody's mark, or the span in which the total may still come out.

    None where no grade goes by the total.
    """
    scale = paper.scale
    if not scale.edges:
        return None
    axis = _whole_scale(paper, [value for value in (total, *(span or ())) if value is not None])
    places = most_places([*scale.edges, axis.low, axis.high])
    return {
        "bands": [_band(paper, band, axis, total) for band in scale.bands],
        "edges": [{"at": axis.at(edge), "text": shown(edge, places)} for edge in scale.edges],
        "ends": [shown(axis.low), shown(axis.high)],
        "mark": None if total is None else {"at": axis.at(total)},
        "span": None if span is None else {"from": axis.at(span[0]), "to": axis.at(span[1])},
    }


def _whole_scale(paper: Round, values: list[Fraction]) -> Axis:
    """From zero, or the least below it, to the most that a total can be; where that has no end, some way beyond the last edge."""
    edges, scale = paper.scale.edges, paper.plan.scheme.scale
    room = max(edges[-1] - edges[0], abs(edges[-1]) / 5)
    low = min(edges[0] - room, Fraction(0)) if paper.scale.low is None else min(paper.scale.low, Fraction(0))
    high = paper.scale.high or max(scale or edges[-1] + room, edges[-1])
    return Axis(min([low, *values, edges[0]]), max([high, *values, edges[-1]]))


def _band(paper: Round, band: Graded, axis: Axis, total: Fraction | None) -> Data:
    low, high = axis.low if band.low is None else band.low, axis.high if band.high is None else band.high
    return {
        "from": axis.at(low),
        "to": axis.at(high),
        "name": paper.grade(band.grade),
        "short": paper.grade(band.grade, short=True),
        "mine": total is not None and paper.scale.grade(total) == band.grade,
    }


# --- the distribution -----------------------------------------------------------------------------


def spread_chart(paper: Round, spread: Spread) -> Data:
    """A distribution: bars with their counts, edges of bands between them, figures below."""
    axis = Axis(spread.low, spread.high)
    most = max(bar.count for bar in spread.bars)
    bars = [
        {
            "from": axis.at(bar.low),
            "to": axis.at(bar.high),
            "height": length(Fraction(bar.count), Fraction(most)),
            "count": bar.count,
            "mine": bar.mine,
        }
        for bar in spread.bars
    ]
    return {"bars": bars, "edges": [_edge(paper, edge, axis) for edge in spread.edges], "ticks": _ticks(spread, axis)}


def _edge(paper: Round, edge: Fraction, axis: Axis) -> Data:
    """An edge with the names of the bands on its two sides."""
    below = next((paper.grade(band.grade, short=True) for band in paper.scale.bands if band.high == edge), "")
    above = _above(paper, edge)
    return {"at": axis.at(edge), "below": below, "above": above}


def _ticks(spread: Spread, axis: Axis) -> list[Data]:
    """Figures under a distribution: at every edge of a band, and at the cuts that stand clear of those."""
    taken = {axis.at(edge): edge for edge in spread.edges}
    for cut in (spread.low, spread.high, *(bar.low for bar in spread.bars)):
        at = axis.at(cut)
        if all(abs(at - other) >= 2 * NEAR for other in taken):
            taken[at] = cut
    return [{"at": at, "text": shown(cut)} for at, cut in sorted(taken.items())]


# --- the trend ------------------------------------------------------------------------------------


def trend_chart(paper: Round, subject: str, now: Fraction | None) -> Data | None:
    """Somebody's totals over the last periods, this one last; None where no earlier one is known."""
    unit = paper.plan.scheme.period.unit
    course: list[tuple[date, Fraction]] = paper.back.course(subject)[-(MOST_POINTS - 1) :]
    if not course:
        return None
    points = [*course, *([] if now is None else [(paper.results.facts.end, now)])]
    values = [value for _, value in points]
    lowest, highest = min(values), max(values)
    room = max(highest - lowest, abs(highest) / 20)
    edges = [edge for edge in paper.scale.edges if lowest - room <= edge <= highest + room]
    axis = Axis.over([*values, *edges], Fraction(1, 8))
    places = most_places(values)
    shown_points: list[dict[str, Any]] = [
        {
            "x": (2 * place + 1) * LENGTH // (2 * len(points)),
            "y": axis.at(value),
            "text": paper.seen_total(value, places),
            "below": period_mark(end, unit),
            "now": now is not None and place == len(points) - 1,
        }
        for place, (end, value) in enumerate(points)
    ]
    marks = _labelled([(axis.at(edge), f"{_above(paper, edge)} {shown(edge)}") for edge in edges], shown_points[-1]["y"])
    return {"points": shown_points, "edges": marks}


def _labelled(edges: list[tuple[int, str]], beside: int) -> list[Data]:
    """Edges with their labels, those nearest to the last point first; one that would run into another stays without."""
    taken: list[int] = []
    found: dict[int, str] = {}
    for at, text in sorted(edges, key=lambda edge: abs(edge[0] - beside)):
        clear = all(abs(at - other) >= CLEAR for other in taken)
        found[at] = text if clear else ""
        taken += [at] if clear else []
    return [{"y": at, "text": text} for at, text in sorted(found.items())]


def _above(paper: Round, edge: Fraction) -> str:
    """The grade that begins at an edge."""
    return next((paper.grade(band.grade, short=True) for band in paper.scale.bands if band.low == edge), "")


# --- bars of items --------------------------------------------------------------------------------


def item_bars(amounts: Sequence[tuple[Fraction | None, Fraction | None]], least_taken: Fraction) -> list[Data | None]:
    """For each item's (earned, full) a bar on one scale for all of them; None where there is nothing to draw.

    What is taken away stands to the left of where what is given begins; where nothing is given, the
    scale is at least as long as `least_taken`.
    """
    ends = [value for pair in amounts for value in pair if value is not None]
    low, high = min([Fraction(0), *ends]), max([Fraction(0), *ends])
    if low == high:
        return [None] * len(amounts)
    low = low if high else min(low, -least_taken)
    axis = Axis(low, high)
    return [_bar(axis, earned, full) for earned, full in amounts]


def _bar(axis: Axis, earned: Fraction | None, full: Fraction | None) -> Data | None:
    zero = axis.at(Fraction(0))
    if earned is None and full is None:
        return None
    return {
        "zero": zero,
        "full": zero if full is None else max(axis.at(full), zero),
        "to": None if earned is None else axis.at(earned),
    }
