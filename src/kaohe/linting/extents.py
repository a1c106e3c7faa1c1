"""What values a figure may take: two ends, and the grid on which they lie where there is one.

An extent holds every value that can come out, and perhaps more; what it says cannot be, cannot.
Full marks of 15 less 5 for each record, not below 0, are `0..15` in steps of 5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from kaohe.numbers import round_number

ZERO = Fraction(0)


@dataclass(frozen=True)
class Extent:
    """Values from `low` to `high` (None: no end), each a whole number of `step` away from `origin`.

    A step of 0 is the one value `origin`; without a step any value between the ends will do. An open
    end is not itself reached. `never` is the extent of a figure that gives no value at all.
    """

    low: Fraction | None = None
    high: Fraction | None = None
    step: Fraction | None = None
    origin: Fraction = ZERO
    never: bool = False
    low_open: bool = False
    high_open: bool = False

    @property
    def is_one(self) -> bool:
        """Whether only one value is possible."""
        return not self.never and self.low is not None and self.low == self.high

    def __add__(self, other: Extent) -> Extent:
        """Sums of one of either."""
        if self.never or other.never:
            return NEVER
        step = None if self.step is None or other.step is None else common(self.step, other.step)
        return Extent(_sum(self.low, other.low), _sum(self.high, other.high), step, self.origin + other.origin)

    def times(self, factor: Fraction) -> Extent:
        """Each value multiplied."""
        if self.never or not factor:
            return self if self.never else point(ZERO)
        low, high = (None if end is None else end * factor for end in (self.low, self.high))
        step = None if self.step is None else self.step * abs(factor)
        if factor > 0:
            return Extent(low, high, step, self.origin * factor, low_open=self.low_open, high_open=self.high_open)
        return Extent(high, low, step, self.origin * factor, low_open=self.high_open, high_open=self.low_open)

    def __or__(self, other: Extent) -> Extent:
        """Whatever either may be."""
        if self.never or other.never:
            return other if self.never else self
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Extent(low, high, _joint_step(self, other), self.origin)

    def at_least(self, floor: Extent) -> Extent:
        """The greater of this and another."""
        if self.never or floor.never or (self.low is not None and floor.high is not None and self.low >= floor.high):
            return self
        low = max((end for end in (self.low, floor.low) if end is not None), default=None)
        high = None if self.high is None or floor.high is None else max(self.high, floor.high)
        return Extent(low, high, _joint_step(self, floor), self.origin)

    def at_most(self, cap: Extent) -> Extent:
        """The lesser of this and another."""
        return self.times(-ONE).at_least(cap.times(-ONE)).times(-ONE)

    def rounded(self, place: Fraction, how: str) -> Extent:
        """Each value rounded to a place."""
        if self.never or (self.step is not None and not self.step % place and not self.origin % place):
            return self
        low, high = (None if end is None else round_number(end, place, how) for end in (self.low, self.high))
        return Extent(low, high, place, ZERO)

    def summed(self) -> Extent:
        """Sums of any number of them, none included."""
        low = ZERO if self.low is not None and self.low >= 0 else None
        high = ZERO if self.high is not None and self.high <= 0 else None
        return point(ZERO) if self.never else Extent(low, high, None if self.step is None else common(self.step, self.origin))

    def has(self, value: Fraction) -> bool:
        """Whether this may come out."""
        return self.meets(value, value)

    def meets(self, low: Fraction | None, high: Fraction | None, open_low: bool = False, open_high: bool = False) -> bool:
        """Whether a value may come out between two ends; an open end is not itself counted."""
        if self.never:
            return False
        lows = [(end, is_open) for end, is_open in ((self.low, self.low_open), (low, open_low)) if end is not None]
        highs = [(end, not is_open) for end, is_open in ((self.high, self.high_open), (high, open_high)) if end is not None]
        if self.step is None or not lows or not highs:
            return _is_span(max(lows, default=None), min(highs, default=None)) if self.step is None else True
        (least, is_open), (most, is_closed) = max(lows), min(highs)
        first = self._next(least, is_open)
        return first is not None and (first < most or (first == most and is_closed))

    def _next(self, least: Fraction, is_open: bool) -> Fraction | None:
        """The first value of the grid from here on."""
        assert self.step is not None
        if not self.step:
            return self.origin if self.origin > least or (self.origin == least and not is_open) else None
        count = -((self.origin - least) // self.step)
        found = self.origin + count * self.step
        return found + self.step if is_open and found == least else found


ONE = Fraction(1)
ANY = Extent()
NEVER = Extent(never=True)
COUNT = Extent(ZERO, None, ONE)


def point(value: Fraction) -> Extent:
    """One value."""
    return Extent(value, value, ZERO, value)


def either(extents: Iterable[Extent]) -> Extent:
    """Whatever any of them may be."""
    found = NEVER
    for extent in extents:
        found = found | extent
    return found


def common(one: Fraction, other: Fraction) -> Fraction:
    """The widest step of which both are whole multiples; 0 only of two zeros."""
    bottom = one.denominator * other.denominator
    return Fraction(gcd(one.numerator * other.denominator, other.numerator * one.denominator), bottom)


def _joint_step(one: Extent, other: Extent) -> Fraction | None:
    if one.step is None or other.step is None:
        return None
    return common(common(one.step, other.step), one.origin - other.origin)


def _sum(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other


def _is_span(low: tuple[Fraction, bool] | None, high: tuple[Fraction, bool] | None) -> bool:
    """Whether something lies between two ends; a low end is (value, open), a high end (value, closed)."""
    if low is None or high is None:
        return True
    return low[0] < high[0] or (low[0] == high[0] and not low[1] and high[1])
