"""Questions about edges, gaps and the rest of bands, settled: the bands with an answer built in, and what a value gets by them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Literal

from kaohe.drafting.amounts import NONE, Points
from kaohe.drafting.bands import End
from kaohe.drafting.readings import AllOrNothing, Band, Edge, Level, Tiers

Side = Literal["upper", "lower"]
Banded = Tiers | AllOrNothing
HALF = Fraction(1, 2)


def bands_in(reading: Banded) -> tuple[Band, ...]:
    """The bands of a reading; all or nothing has two."""
    if isinstance(reading, Tiers):
        return reading.bands
    return (Band((reading.edge,), reading.points), Band((), NONE)) if reading.edge is not None else ()


def edge_given_to(edge: Edge, side: Side) -> Edge:
    """An edge in doubt, its number given to the stretch above it or below it."""
    if edge.side == "below":
        return Edge("below" if side == "upper" else "up_to", edge.at)
    return Edge("from" if side == "upper" else "above", edge.at)


def with_edge(reading: Banded, level: Level, side: Side) -> Banded:
    """The reading with the number of its edges in doubt at a level given to one side."""

    def settled(edge: Edge) -> Edge:
        return edge_given_to(edge, side) if edge.kind == "edge" and edge.at == level else edge

    if isinstance(reading, AllOrNothing):
        return replace(reading, edge=None if reading.edge is None else settled(reading.edge))
    return replace(reading, bands=tuple(replace(band, edges=tuple(settled(edge) for edge in band.edges)) for band in reading.bands))


def with_rest(reading: Tiers, points: Points) -> Tiers:
    """The reading with what every other value gets."""
    return replace(reading, bands=(*reading.bands, Band((), points)))


def with_gap(reading: Tiers, low: End, high: End, points: Points) -> Tiers:
    """The reading with a band for the values between two others."""
    first = Edge("above" if low.included is not False else "from", low.level)
    last = Edge("below" if high.included is not False else "up_to", high.level)
    gap = Band((first, last), points)
    held = next(
        (band for band in reading.bands if band.edges and all(_holds(edge, (low.at + high.at) * HALF) for edge in band.edges)), None
    )
    if held is not None:
        return replace(reading, bands=tuple(replace(band, points=points) if band is held else band for band in reading.bands))
    place = next((at for at, band in enumerate(reading.bands) if not band.edges), len(reading.bands))
    return replace(reading, bands=(*reading.bands[:place], gap, *reading.bands[place:]))


def with_decimals(reading: Banded, low: End, high: End, side: Side) -> Banded:
    """The reading in which what lies between two whole numbers goes with the upper or the lower of them."""

    def moved(edge: Edge) -> Edge:
        if side == "upper" and edge == Edge("from", high.at):
            return Edge("above", low.at)
        if side == "lower" and edge == Edge("from", high.at):
            return edge
        if side == "upper" and edge == Edge("up_to", low.at):
            return edge
        return Edge("below", high.at) if side == "lower" and edge == Edge("up_to", low.at) else edge

    if isinstance(reading, AllOrNothing):
        return replace(reading, edge=None if reading.edge is None else moved(reading.edge))
    return replace(reading, bands=tuple(replace(band, edges=tuple(moved(edge) for edge in band.edges)) for band in reading.bands))


def points_at(reading: Banded, value: Fraction) -> Points | None:
    """What a value gets; None where no band holds. Edges in doubt hold on neither side, edges at the target never."""
    return next((band.points for band in bands_in(reading) if all(_holds(edge, value) for edge in band.edges)), None)


def _holds(edge: Edge, value: Fraction) -> bool:
    if isinstance(edge.at, str):
        return False
    kind = edge.kind if edge.kind != "edge" else ("above" if edge.side != "below" else "below")
    return {"from": value >= edge.at, "above": value > edge.at, "up_to": value <= edge.at, "below": value < edge.at}[kind]
