"""Figures of many people beside one another: how totals are spread, what moved, how much of an item was earned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kaohe.labels import Labels
from kaohe.numbers import parse_number, write_number
from kaohe.papers.charts import NEAR, Axis
from kaohe.papers.figures import length, most_places, read_shown, shown
from kaohe.papers.scales import Bar, Scale, Spread, scale_of_totals, spread_of
from kaohe.problems import Language
from kaohe_web.engine.schemes import plan_of

Data = dict[str, object]
_DECIMAL = re.compile(r"[−-]?\d+(\.\d+)?")
HALF, MOST = Fraction(1, 2), Fraction(4, 5)


def spread_data(written: str, totals: Iterable[str], language: Language) -> Data | None:
    """How exact totals are spread, with the edges of grades between the bars; None for fewer than five."""
    plan = plan_of(written)
    scale = scale_of_totals(plan)
    spread = spread_of([Fraction(total) for total in totals], scale)
    if spread is None:
        return None
    axis, labels = Axis(spread.low, spread.high), Labels(plan, language)
    most = Fraction(max(bar.count for bar in spread.bars))
    places = most_places([bar.low for bar in spread.bars])
    return {
        "bars": [_bar(bar, axis, most, places) for bar in spread.bars],
        "edges": [_edge(scale, labels, edge, axis) for edge in spread.edges],
        "ticks": _ticks(spread, axis),
        "of": spread.of,
    }


def _bar(bar: Bar, axis: Axis, most: Fraction, places: int) -> Data:
    return {
        "from": axis.at(bar.low),
        "to": axis.at(bar.high),
        "height": length(Fraction(bar.count), most),
        "count": bar.count,
        "mine": False,
        "text": f"{shown(bar.low, places)} – {shown(bar.high, places)}",
    }


def _edge(scale: Scale, labels: Labels, edge: Fraction, axis: Axis) -> Data:
    below = next((band.grade for band in scale.bands if band.high == edge), "")
    above = next((band.grade for band in scale.bands if band.low == edge), "")
    return {"at": axis.at(edge), "below": _short(labels, below), "above": _short(labels, above)}


def _short(labels: Labels, grade: str) -> str:
    """A grade by its letter, a longer word by its name."""
    return grade if len(grade) <= 2 else labels.grade(grade).removeprefix(f"{grade} ")


def _ticks(spread: Spread, axis: Axis) -> list[Data]:
    """Figures under the bars: at every edge of a grade, and at the cuts that stand clear of those."""
    taken = {axis.at(edge): edge for edge in spread.edges}
    for cut in (spread.low, spread.high, *(bar.low for bar in spread.bars)):
        at = axis.at(cut)
        if all(abs(at - other) >= 2 * NEAR for other in taken):
            taken[at] = cut
    return [{"at": at, "text": shown(cut)} for at, cut in sorted(taken.items())]


# --- what moved -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moved:
    """By how much a total moved: as it is read, up or down, and how far, to sort by."""

    shown: str
    rose: bool | None
    far: Fraction


def moved(before: str, after: str) -> Moved | None:
    """The difference between two exact totals; None where one of them is missing."""
    one, other = parse_number(before), parse_number(after)
    if not isinstance(one, Fraction) or not isinstance(other, Fraction):
        return None
    by = other - one
    return Moved(shown(by, 4, signed=True), None if by == 0 else by > 0, abs(by))


def seen(written: str, total: str) -> str:
    """An exact total for the eye; in full where four decimals would put it on the wrong side of a grade's edge."""
    value = parse_number(total) if total else None
    if not isinstance(value, Fraction):
        return total
    scale, short = scale_of_totals(plan_of(written)), shown(value)
    return short if scale.seems(value, read_shown(short)) else write_number(value)


def aligned(texts: Sequence[str]) -> list[str]:
    """A column of figures with so many decimals that their points stand below one another; what is no figure stays."""
    places = max((len(text.partition(".")[2]) for text in texts if _DECIMAL.fullmatch(text)), default=0)
    return [_padded(text, places) if _DECIMAL.fullmatch(text) else text for text in texts]


def _padded(text: str, places: int) -> str:
    whole, _, part = text.partition(".")
    return f"{whole}.{part:0<{places}}" if places else whole


# --- heat -----------------------------------------------------------------------------------------


def heat(bar: Mapping[str, int] | None) -> str:
    """The class of an item's cell by the share that was earned; nothing where an item has no full score."""
    if bar is None or bar.get("to") is None or bar["full"] == bar["zero"]:
        return ""
    share = Fraction(bar["to"] - bar["zero"], bar["full"] - bar["zero"])
    classes: Sequence[tuple[Fraction, str]] = ((Fraction(0), "h0"), (HALF, "h1"))
    for edge, name in classes:
        if share <= edge:
            return name
    if share < MOST:
        return "h2"
    return "h3" if share < 1 else "h4"
