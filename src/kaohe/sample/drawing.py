"""Chance as whole numbers: the same seed gives the same draws on every machine and numpy.

Only the raw words of a bit generator are used (numpy promises that they never change) and only
integer arithmetic is done with them. No floating point takes part, so no platform can differ.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Cells = NDArray[np.object_]

# A lognormal shape (sigma 0.85) in thousandths of its median, at 65 evenly spaced quantiles.
_SPREAD = (
    87,
    160,
    205,
    241,
    271,
    300,
    326,
    352,
    376,
    400,
    424,
    447,
    470,
    494,
    517,
    540,
    564,
    587,
    611,
    635,
    660,
    685,
    710,
    736,
    763,
    790,
    817,
    846,
    875,
    905,
    936,
    967,
    1000,
    1034,
    1069,
    1105,
    1143,
    1182,
    1223,
    1266,
    1311,
    1358,
    1408,
    1460,
    1515,
    1574,
    1636,
    1703,
    1774,
    1851,
    1935,
    2026,
    2126,
    2236,
    2360,
    2499,
    2659,
    2844,
    3066,
    3337,
    3684,
    4156,
    4871,
    6239,
    11547,
)
_STEPS = len(_SPREAD) - 1


class Draws:
    """A stream of draws of its own name, so that one table's draws never move another's."""

    def __init__(self, seed: int, name: str) -> None:
        """Starts the stream that belongs to the seed and the name."""
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(name.encode())]))

    def raw(self, size: int) -> NDArray[np.uint64]:
        """That many 64-bit words."""
        return np.asarray(self._bits.random_raw(size), dtype=np.uint64)

    def below(self, limit: int | Ints, size: int) -> Ints:
        """Whole numbers from 0 up to but without the limit (each its own limit, when it is an array)."""
        words = (self.raw(size) >> np.uint64(32)).astype(np.int64)
        return np.asarray(words * limit >> 32, dtype=np.int64)

    def between(self, low: int, high: int, size: int) -> Ints:
        """Whole numbers from low up to and with high."""
        return low + self.below(high - low + 1, size)

    def chance(self, share: int | Ints, size: int) -> Flags:
        """True in so many of 10,000 cases."""
        return np.asarray(self.below(10_000, size) < share, dtype=np.bool_)

    def spread(self, size: int) -> Ints:
        """Lognormal factors in thousandths: the median is 1000, most lie between 300 and 3500."""
        knots = np.array((*_SPREAD, _SPREAD[-1]), dtype=np.int64)
        place = self.below(_STEPS << 10, size)
        step, part = place >> 10, place & 1023
        return np.asarray(knots[step] + ((knots[step + 1] - knots[step]) * part >> 10), dtype=np.int64)

    def choose(self, weights: Sequence[int], size: int) -> Ints:
        """Positions in the weights, each as often as its weight says."""
        ends = np.cumsum(np.array(weights, dtype=np.int64))
        return np.searchsorted(ends, self.below(int(ends[-1]), size), side="right").astype(np.int64)

    def order(self, size: int) -> Ints:
        """The numbers from 0 to size - 1, shuffled."""
        return np.argsort(self.raw(size), kind="stable").astype(np.int64)

    def pick(self, allowed: Flags, count: int) -> Ints:
        """Positions of that many of the allowed, ascending; a ValueError when there are too few."""
        places = np.flatnonzero(allowed)
        if len(places) < count:
            raise ValueError(f"a sample this small has no room: {count} rows are wanted, {len(places)} are there")
        return np.sort(places[self.order(len(places))[:count]]).astype(np.int64)
