"""Stretches of values put in order: whom each edge belongs to, what nobody spoke of, and what must be asked.

What is said explicitly beats custom, custom beats 以下. Two claims of the same strength make a shared edge; where nobody claims a number
there is a boundary to ask about; ends one last digit apart ask about decimals; a stretch that nobody spoke of is a gap inside and the
rest outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from kaohe.drafting.amounts import Points
from kaohe.drafting.readings import Band, Edge, Level

ENORMOUS = Fraction(10**9)


@dataclass(frozen=True)
class End:
    """One end of a stretch as a number; `label` says target where it is one. `included` None: not told."""

    at: Fraction
    included: bool | None
    strength: int
    digit: Fraction = Fraction(1)
    label: str = ""

    @property
    def level(self) -> Level:
        """What is written for it."""
        return "target" if self.label == "target" else self.at


@dataclass(frozen=True)
class Stretch:
    """Values between two ends, and what they give; an end that is None is open, or given by a neighbour."""

    low: End | None
    high: End | None
    points: Points
    filled: bool = False

    @property
    def order(self) -> tuple[Fraction, int]:
        """Where it stands among the others."""
        if self.low is not None and self.high is not None:
            return (self.low.at + self.high.at) / 2, 0
        if self.low is not None:
            return self.low.at, 1 if self.low.included else 2
        return (self.high.at, -2 if self.high.included is False else -1) if self.high is not None else (Fraction(0), 0)


@dataclass(frozen=True)
class Joint:
    """Where two stretches meet: the number, to whom it belongs, and what has to be asked about it."""

    lower: End
    upper: End
    belongs: Literal["lower", "upper", "both", ""]
    ask: str = ""


@dataclass(frozen=True)
class Gap:
    """A stretch between two others, or outside of all, that nobody spoke of."""

    low: End | None
    high: End | None


@dataclass(frozen=True)
class Doubt:
    """One thing to ask, and the numbers that it is about."""

    kind: str
    low: End | None = None
    high: End | None = None


@dataclass
class Axis:
    """The whole of it: stretches from low to high, what lies between each two, and outside."""

    stretches: list[Stretch]
    between: list[Joint | Gap]
    below: Gap | None
    above: Gap | None
    doubts: list[Doubt] = field(default_factory=list)
    muddled: bool = False


@dataclass(frozen=True)
class Ground:
    """What the values are like: whole numbers only, and where they end by themselves."""

    whole: bool
    least: Fraction
    most: Fraction | None


def lay_out(stretches: Sequence[Stretch], rest: Points | None, signed: bool, ground: Ground, full: Fraction | None) -> Axis:
    """The stretches in order, joined, with what is left given to the rest (or to 0 where points are only added and taken)."""
    row = _without_natural_ends(sorted(stretches, key=lambda stretch: stretch.order), ground)
    between = [_met(lower, upper, ground) for lower, upper in pairwise(row)]
    low, high = row[0].low, row[-1].high
    axis = Axis(
        row,
        [piece for piece in between if piece is not None],
        None if low is None else Gap(None, low),
        None if high is None else Gap(high, None),
    )
    axis.muddled = None in between
    if not axis.muddled:
        _fill(axis, Points(Fraction(0)) if signed and rest is None else rest, signed and rest is None, full, ground.whole)
        axis.doubts = list(_doubts(axis, rest is not None or signed))
    return axis


def _without_natural_ends(row: list[Stretch], ground: Ground) -> list[Stretch]:
    first, last = row[0], row[-1]
    if first.low is not None and first.low.at <= ground.least and not first.low.label:
        row[0] = replace(first, low=None)
    last = row[-1]
    if (
        last.high is not None
        and ground.most is not None
        and last.high.at == ground.most
        and not last.high.label
        and (last.low is not None or last.high.included is not True)
    ):
        row[-1] = replace(last, high=None)
    return row


def _met(lower: Stretch, upper: Stretch, ground: Ground) -> Joint | Gap | None:
    """What lies between two neighbours; None where they overlap."""
    if lower.high is None and upper.low is None:
        return None
    if lower.high is None:
        return _implied(lower, upper)
    if upper.low is None:
        return _implied_above(lower, upper)
    low, high = lower.high, upper.low
    if low.at == high.at:
        return _shared(low, high)
    return _apart(low, high, ground) if low.at < high.at else None


def _implied(lower: Stretch, upper: Stretch) -> Joint | None:
    """The upper one says where it begins; the lower one goes on until there."""
    edge = upper.low
    assert edge is not None
    if lower.low is not None and (lower.low.at > edge.at or (lower.low.at == edge.at and (edge.included or not lower.low.included))):
        return None
    return Joint(edge, edge, "upper" if edge.included else "lower")


def _implied_above(lower: Stretch, upper: Stretch) -> Joint | None:
    """The lower one says where it ends; the upper one begins there."""
    edge = lower.high
    assert edge is not None
    if upper.high is not None and (
        upper.high.at < edge.at or (upper.high.at == edge.at and (edge.included is not False or upper.high.included is False))
    ):
        return None
    if edge.included is None:
        return Joint(edge, edge, "", "boundary")
    return Joint(edge, edge, "lower" if edge.included else "upper")


def _shared(low: End, high: End) -> Joint:
    """Both name the same number: who claims it more firmly has it."""
    if low.included is None:
        return Joint(low, high, "upper" if high.included else "lower")
    if low.included != high.included:
        return Joint(low, high, "lower" if low.included else "upper")
    if not low.included:
        return Joint(low, high, "", "boundary")
    if low.strength == high.strength:
        return Joint(low, high, "", "shared_edge")
    return Joint(low, high, "upper" if high.strength > low.strength else "lower")


def _apart(low: End, high: End, ground: Ground) -> Joint | Gap:
    if ground.whole and not low.label and not high.label:
        last = low.at if low.included is not False else low.at - 1
        first = high.at if high.included else high.at + 1
        return Joint(low, high, "both") if last + 1 == first else Gap(low, high)
    near = high.at - low.at == min(low.digit, high.digit) and low.included is not False and high.included
    return Joint(low, high, "both", "decimals") if near else Gap(low, high)


# --- what nobody spoke of -----------------------------------------------------------------------------


def _fill(axis: Axis, rest: Points | None, unasked: bool, full: Fraction | None, whole: bool) -> None:
    """Give what is left to the rest; a gap inside is still asked about where its neighbours are better."""
    if rest is None:
        return
    row, between = [axis.stretches[0]], list[Joint]()
    for piece, upper in zip(axis.between, axis.stretches[1:], strict=True):
        if isinstance(piece, Gap) and piece.low is not None and piece.high is not None:
            if not unasked and min(worth(row[-1].points, full), worth(upper.points, full)) > worth(rest, full):
                axis.doubts.append(Doubt("gap", piece.low, piece.high))
            row.append(Stretch(piece.low, piece.high, rest, filled=True))
            between += [_beside(piece.low, "lower", whole), _beside(piece.high, "upper", whole)]
        elif isinstance(piece, Joint):
            between.append(piece)
        row.append(upper)
    if axis.below is not None and axis.below.high is not None:
        row.insert(0, Stretch(None, axis.below.high, rest, filled=True))
        between.insert(0, _beside(axis.below.high, "upper", whole))
        axis.below = None
    if axis.above is not None and axis.above.low is not None:
        row.append(Stretch(axis.above.low, None, rest, filled=True))
        between.append(_beside(axis.above.low, "lower", whole))
        axis.above = None
    axis.stretches, joints = _merged(row, between)
    axis.between = [*joints]


def _merged(row: list[Stretch], between: list[Joint]) -> tuple[list[Stretch], list[Joint]]:
    """The stretches, what was filled in put together with a neighbour that gives the same and leaves nothing to ask."""
    kept, joints = [row[0]], list[Joint]()
    for joint, upper in zip(between, row[1:], strict=True):
        lower = kept[-1]
        if (lower.filled or upper.filled) and lower.points == upper.points and not joint.ask:
            kept[-1] = Stretch(lower.low, upper.high, lower.points)
        else:
            kept.append(upper)
            joints.append(joint)
    return kept, joints


def _beside(end: End, side: Literal["lower", "upper"], whole: bool) -> Joint:
    """The edge between a stretch (that lies on `side` of it) and the rest."""
    if end.included is None:
        return Joint(end, end, "", "boundary")
    if whole and end.included and not end.label:
        return Joint(end, replace(end, at=end.at + 1), "both") if side == "lower" else Joint(replace(end, at=end.at - 1), end, "both")
    other: Literal["lower", "upper"] = "upper" if side == "lower" else "lower"
    return Joint(end, end, side if end.included else other)


def _doubts(axis: Axis, rest_told: bool) -> Iterator[Doubt]:
    yield from axis.doubts
    for piece in axis.between:
        if isinstance(piece, Gap):
            yield Doubt("gap", piece.low, piece.high)
        elif piece.ask:
            yield Doubt(piece.ask, piece.lower, piece.upper)
    for gap in (axis.below, axis.above):
        if gap is not None:
            yield Doubt("rest", gap.low, gap.high)
            end = gap.low or gap.high
            if end is not None and end.included is None:
                yield Doubt("boundary", end, end)


def worth(points: Points, full: Fraction | None) -> Fraction:
    """Points to compare: shares of a full that nobody told are larger than any number."""
    return points.number * (ENORMOUS if full is None else full) if points.is_share else points.number


# --- telling it ---------------------------------------------------------------------------------------


def tell(axis: Axis, full: Fraction | None) -> tuple[Band, ...]:
    """The bands in the order in which the first that holds counts: from the better side."""
    figures = [worth(stretch.points, full) for stretch in axis.stretches]
    falling = all(low >= high for low, high in pairwise(figures)) and figures[0] > figures[-1]
    if len(figures) == 1:
        stretch = axis.stretches[0]
        falling = stretch.low is None
    whole = axis.below is None and axis.above is None and not any(isinstance(piece, Gap) for piece in axis.between)
    count = len(axis.stretches)
    order = range(count) if falling else range(count - 1, -1, -1)
    return tuple(_band(axis, place, falling, last=number == count - 1, whole=whole) for number, place in enumerate(order))


def _band(axis: Axis, place: int, falling: bool, last: bool, whole: bool) -> Band:
    points = axis.stretches[place].points
    if last and whole:
        return Band((), points)
    own, other = (_high_edge, _low_edge) if falling else (_low_edge, _high_edge)
    edges = [own(axis, place)] if not last or _untold(axis, place, falling) else []
    if _untold(axis, place, not falling) or (last and not edges):
        edges.append(other(axis, place))
    kept = [edge for edge in edges if edge is not None]
    return Band(tuple(sorted(kept, key=lambda edge: edge.kind not in ("from", "above"))), points)


def _untold(axis: Axis, place: int, above: bool) -> bool:
    """Whether nobody spoke of what lies above (or below) this stretch."""
    if above:
        return axis.above is not None if place == len(axis.stretches) - 1 else isinstance(axis.between[place], Gap)
    return axis.below is not None if place == 0 else isinstance(axis.between[place - 1], Gap)


def _low_edge(axis: Axis, place: int) -> Edge | None:
    piece = axis.between[place - 1] if place else axis.below
    if piece is None:
        return None
    if isinstance(piece, Gap):
        return _own(piece.high, "from", "above", "above") if piece.high is not None else None
    if piece.belongs == "lower":
        return Edge("above", piece.lower.level)
    return Edge("from", piece.upper.level) if piece.belongs else Edge("edge", piece.upper.level, "above")


def _high_edge(axis: Axis, place: int) -> Edge | None:
    piece = axis.between[place] if place < len(axis.stretches) - 1 else axis.above
    if piece is None:
        return None
    if isinstance(piece, Gap):
        return _own(piece.low, "up_to", "below", "below") if piece.low is not None else None
    if piece.belongs == "upper":
        return Edge("below", piece.upper.level)
    return Edge("up_to", piece.lower.level) if piece.belongs else Edge("edge", piece.lower.level, "below")


def _own(end: End, with_it: Literal["from", "up_to"], without: Literal["above", "below"], side: Literal["above", "below"]) -> Edge:
    if end.included is None:
        return Edge("edge", end.level, side)
    return Edge(with_it if end.included else without, end.level)
