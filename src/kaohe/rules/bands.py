"""What a table of bands says: edges with or without the number itself, the first that holds counts.

Used by `tiers` and by grades. The check finds every gap, overlap and unreachable band by trying
the edges, the middles between them and the ends of what the figure can be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from kaohe.columns import Array, Column
from kaohe.numbers import write_number
from kaohe.problems import Language
from kaohe.rules.arithmetic import exact


class Edged(Protocol):
    """A row of a table that may have edges."""

    @property
    def below(self) -> Fraction | None: ...
    @property
    def up_to(self) -> Fraction | None: ...
    @property
    def above(self) -> Fraction | None: ...
    @property
    def from_(self) -> Fraction | None: ...
    @property
    def else_(self) -> bool: ...


@dataclass(frozen=True)
class Band:
    """One band: its edges by name (`below`, `up_to`, `above`, `from`); none at all is `else`."""

    edges: tuple[tuple[str, Fraction], ...]

    @classmethod
    def of(cls, row: Edged) -> Band:
        """The band that a row of a table says."""
        written = {"below": row.below, "up_to": row.up_to, "above": row.above, "from": row.from_}
        return cls(tuple((side, edge) for side, edge in written.items() if edge is not None))

    def holds(self, value: Fraction) -> bool:
        """Whether the value is in the band."""
        return all(_TESTS[side](value, edge) for side, edge in self.edges)

    def write(self) -> list[list[str]]:
        """The band as a plan keeps it."""
        return [[side, str(edge)] for side, edge in self.edges]

    @classmethod
    def read(cls, written: list[list[str]]) -> Band:
        """The band that `write` wrote."""
        return cls(tuple((side, exact(edge)) for side, edge in written))

    def tell(self, language: Language) -> str:
        """The band as people write it: `≥0.6, <0.8`; other values where it has no edge."""
        if not self.edges:
            return "其余" if language == "zh" else "otherwise"
        low = [f"{_SIGNS[side]}{write_number(edge)}" for side, edge in self.edges if side in ("above", "from")]
        high = [f"{_SIGNS[side]}{write_number(edge)}" for side, edge in self.edges if side in ("below", "up_to")]
        return ", ".join(low + high)


def between(bands: Sequence[Band], place: int, language: Language) -> str:
    """A band as people write it, with the edge at which an earlier one in the table would have held: `≥0.6, <0.8`."""
    return edges_of(bands, place).tell(language)


def edges_of(bands: Sequence[Band], place: int) -> Band:
    """A band with the edge at which an earlier one in the table would have held."""
    band = bands[place]
    kept_out = _kept_out(bands[:place], band)
    return band if kept_out is None else Band((*band.edges, kept_out))


def _kept_out(earlier: Sequence[Band], band: Band) -> tuple[str, Fraction] | None:
    """What the bands before leave of a band: the edge of the nearest one, turned round."""
    single = [other.edges[0] for other in earlier if len(other.edges) == 1]
    if not single or len(band.edges) > 1:
        return None
    side, edge = single[-1]
    if band.edges and _DIRECTION[side] != _DIRECTION[band.edges[0][0]]:
        return None
    return _OPPOSITE[side], edge


_OPPOSITE = {"from": "below", "above": "up_to", "below": "from", "up_to": "above"}
# The edges in words, as sentences have them.
EDGE_WORDS = {
    "from": ("达到", "at least"),
    "above": ("高于", "above"),
    "below": ("低于", "below"),
    "up_to": ("不超过", "at most"),
}
_TESTS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "below": lambda value, edge: value < edge,
    "up_to": lambda value, edge: value <= edge,
    "above": lambda value, edge: value > edge,
    "from": lambda value, edge: value >= edge,
}
_SIGNS = {"below": "<", "up_to": "≤", "above": ">", "from": "≥"}
_COLUMN_TESTS: dict[str, Callable[[Column, Column], Any]] = {
    "below": lambda values, edge: values < edge,
    "up_to": lambda values, edge: values <= edge,
    "above": lambda values, edge: values > edge,
    "from": lambda values, edge: values >= edge,
}


def band_of_each(values: Column, bands: Sequence[Band]) -> Array:
    """The place of the first band that holds, row by row; -1 where none does or the value is absent.

    Shape:  values (rows,) -> places (rows,)
    Exact:  compares by cross-multiplication
    """
    open_rows = values.given().yes.copy()
    places = np.full(open_rows.size, -1, dtype=np.int64)
    for place, band in enumerate(bands):
        inside = open_rows
        for side, edge in band.edges:
            inside = inside & _COLUMN_TESTS[side](values, Column.const(edge)).yes
        places[inside] = place
        open_rows = open_rows & ~inside
    return places


@dataclass(frozen=True)
class Findings:
    """What is wrong with a table: values that no band holds, bands in conflict, bands never reached."""

    gap: str = ""
    overlap: tuple[int, int, Fraction] | None = None
    unreachable: tuple[int, ...] = ()


def examine(bands: Sequence[Band], low: Fraction | None, high: Fraction | None) -> Findings:
    """Try every edge, every middle and both ends, within the bounds of the figure."""
    tried = _samples(bands, low, high)
    holding = {value: [place for place, band in enumerate(bands) if band.holds(value)] for value in tried}
    gaps = [value for value in tried if not holding[value]]
    reached = {places[0] for places in holding.values() if places}
    never = tuple(place for place, band in enumerate(bands) if place not in reached and band.edges)
    edges = sorted({edge for band in bands for _, edge in band.edges})
    return Findings(_gap_words(gaps, tried, edges), _overlap(bands, holding), never)


def _samples(bands: Sequence[Band], low: Fraction | None, high: Fraction | None) -> list[Fraction]:
    edges = sorted({edge for band in bands for _, edge in band.edges})
    points = set(edges)
    points |= {(one + other) / 2 for one, other in pairwise(edges)}
    if edges:
        points |= {edges[0] - 1, edges[-1] + 1}
    points |= {end for end in (low, high) if end is not None}
    points |= {(end + edge) / 2 for end in (low, high) if end is not None for edge in edges}
    return sorted(point for point in points if (low is None or point >= low) and (high is None or point <= high))


def _gap_words(gaps: list[Fraction], tried: list[Fraction], edges: list[Fraction]) -> str:
    """The first values that no band holds: `0.9 ≤ … < 0.95`, where `…` stands for the figure."""
    if not gaps:
        return ""
    place = tried.index(gaps[0])
    last = next((value for value, after in zip(tried[place:], tried[place + 1 :], strict=False) if after not in gaps), gaps[-1])
    below = max((edge for edge in edges if edge <= gaps[0]), default=None)
    above = min((edge for edge in edges if edge >= last), default=None)
    if below is not None and below == above:
        return f"… = {write_number(below)}"
    left = "" if below is None else f"{write_number(below)} {'≤' if below in gaps else '<'} "
    right = "" if above is None else f" {'≤' if above in gaps else '<'} {write_number(above)}"
    return f"{left}…{right}" if right else f"… {'≥' if below in gaps else '>'} {write_number(below or gaps[0])}"


def _overlap(bands: Sequence[Band], holding: dict[Fraction, list[int]]) -> tuple[int, int, Fraction] | None:
    """Bands with two edges each, or facing edges, must not share a value; one-sided steps in one direction may."""
    for value, places in holding.items():
        for one, other in pairwise(places):
            if _conflict(bands[one], bands[other]):
                return one, other, value
    return None


def _conflict(one: Band, other: Band) -> bool:
    if not one.edges or not other.edges:
        return False
    sides = {_DIRECTION[side] for band in (one, other) for side, _ in band.edges}
    return len(one.edges) == 2 or len(other.edges) == 2 or len(sides) == 2


_DIRECTION = {"below": "down", "up_to": "down", "above": "up", "from": "up"}
