"""Columns of exact rationals: n / (d * v), row by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import gcd, lcm

import numpy as np

from kaohe.columns.ints import LARGEST, ONE, ZERO, Array, Ints
from kaohe.columns.marks import MISSING, NONE, Marks, pick_marks, rows_of_marks, worse
from kaohe.columns.words import Truth

FEW = 64


class Column:
    """A column of exact rationals, each row n / (d * v) or absent.

    `d` and every `v` are above zero. Absent rows hold 0 / 1, so that no rubbish can overflow.
    """

    __slots__ = ("absent", "d", "n", "v")

    def __init__(self, n: Ints, d: int = 1, v: Ints | None = None, absent: Marks | None = None) -> None:
        if absent is not None:
            if absent.any():
                n = Ints(np.where(absent != 0, 0, n.v), n.hi)
                v = None if v is None else Ints(np.where(absent != 0, 1, v.v), v.hi)
            else:
                absent = None
        self.n = n
        self.d = d
        self.v = v
        self.absent = absent

    # --- making one ---------------------------------------------------------------------------

    @classmethod
    def const(cls, value: Fraction | int) -> Column:
        """A constant: one row that goes with any length."""
        exact = Fraction(value)
        return cls(Ints.of([exact.numerator]), exact.denominator)

    @classmethod
    def none(cls, mark: int = NONE) -> Column:
        """A constant that is absent."""
        return cls(ZERO, 1, None, np.full(1, mark, dtype=np.uint8))

    @classmethod
    def of(cls, values: Sequence[Fraction | int | None], mark: int = MISSING) -> Column:
        """A column from single values; None becomes `mark`."""
        exact = [value if value is None or type(value) is Fraction else Fraction(value) for value in values]
        scale = _common_scale(exact)
        absent = np.fromiter((mark if value is None else 0 for value in exact), dtype=np.uint8, count=len(exact))
        if scale is None:
            tops = Ints.of([0 if value is None else value.numerator for value in exact])
            bottoms = Ints.of([1 if value is None else value.denominator for value in exact])
            return cls(tops, 1, bottoms, absent)
        tops = Ints.of([0 if value is None else value.numerator * (scale // value.denominator) for value in exact])
        return cls(tops, scale, None, absent)

    @classmethod
    def whole(cls, numbers: Array | Sequence[int], absent: Marks | None = None) -> Column:
        """A column of whole numbers."""
        return cls(Ints.of(numbers), 1, None, absent)

    # --- reading it ---------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """How many rows; one for a constant."""
        sizes = (self.n.v.size, 1 if self.v is None else self.v.v.size, 1 if self.absent is None else self.absent.size)
        return 0 if 0 in sizes else max(sizes)

    def __getitem__(self, row: int) -> Fraction | None:
        if self.absent is not None and self.absent[row if self.absent.size > 1 else 0]:
            return None
        tops = self.n.v
        top = int(tops[row if tops.size > 1 else 0])
        if self.v is None:
            return Fraction(top, self.d)
        return Fraction(top, self.d * int(self.v.v[row if self.v.v.size > 1 else 0]))

    def mark(self, row: int) -> int:
        """0 where there is a value, else NONE or MISSING."""
        return 0 if self.absent is None else int(self.absent[row if self.absent.size > 1 else 0])

    def values(self, size: int | None = None) -> list[Fraction | None]:
        """Every row as a single number."""
        return [self[row] for row in range(self.size if size is None else size)]

    def take(self, rows: Array) -> Column:
        """The column at `rows`; a constant stays one."""
        return Column(self.n.take(rows), self.d, None if self.v is None else self.v.take(rows), rows_of_marks(self.absent, rows))

    # --- arithmetic ---------------------------------------------------------------------------

    def _aligned(self, other: Column) -> tuple[Ints, Ints, int, Ints | None]:
        """Both numerators over one common d and v."""
        d = lcm(self.d, other.d)
        mine, theirs = self.n.times(d // self.d), other.n.times(d // other.d)
        if self.v is other.v or (self.v is None and other.v is None):
            return mine, theirs, d, self.v
        if self.v is None:
            return mine * other.v, theirs, d, other.v  # type: ignore[operator]
        if other.v is None:
            return mine, theirs * self.v, d, self.v
        v = _common_rows(self.v, other.v)
        return mine * (v // self.v), theirs * (v // other.v), d, v

    def __add__(self, other: Column) -> Column:
        mine, theirs, d, v = self._aligned(other)
        return Column(mine + theirs, d, v, worse(self.absent, other.absent))

    def __sub__(self, other: Column) -> Column:
        mine, theirs, d, v = self._aligned(other)
        return Column(mine - theirs, d, v, worse(self.absent, other.absent))

    def __neg__(self) -> Column:
        return Column(-self.n, self.d, self.v, self.absent)

    def __abs__(self) -> Column:
        return Column(abs(self.n), self.d, self.v, self.absent)

    def __mul__(self, other: Column) -> Column:
        small, large = (self, other) if self.size == 1 else (other, self)
        if small.size == 1 and small.v is None and small.n.v.size == 1:
            return large._scaled(int(small.n.v[0]), small.d, small.absent)
        v = other.v if self.v is None else self.v if other.v is None else self.v * other.v
        return Column(self.n * other.n, self.d * other.d, v, worse(self.absent, other.absent))

    def _scaled(self, top: int, bottom: int, absent: Marks | None) -> Column:
        shared = gcd(top, self.d) or 1
        return Column(self.n.times(top // shared), self.d // shared * bottom, self.v, worse(self.absent, absent))

    def __truediv__(self, other: Column) -> Column:
        """The quotient; where the divisor is zero there is nothing to measure."""
        if other.size == 1 and other.v is None and other.absent is None and int(other.n.v[0]) != 0:
            top = int(other.n.v[0])
            return self._scaled(other.d if top > 0 else -other.d, abs(top), None)
        zero = other.n.v == 0
        sign = Ints(np.where(other.n.v < 0, -1, 1).astype(np.int64), 1)
        size = abs(other.n).pick(~zero, ONE)
        numerator = self.n * sign if (other.n.v < 0).any() else self.n
        if other.v is not None:
            numerator = numerator * other.v
        shared = gcd(other.d, self.d)
        v = size if self.v is None else self.v * size
        absent = worse(worse(self.absent, other.absent), np.where(zero, NONE, 0).astype(np.uint8) if zero.any() else None)
        return Column(numerator.times(other.d // shared), self.d // shared, v, absent)

    def settled(self) -> Column:
        """The same numbers with the rows' denominators moved into the common one, where these are few and small."""
        if self.v is None or (self.v.hi > FEW and self.v.tight().hi > FEW):
            return self
        shared = lcm(*(int(size) for size in np.unique(self.v.v)))
        factors = Ints(shared // self.v.v, shared)
        return Column(self.n * factors, self.d * shared, None, self.absent)

    # --- comparing ----------------------------------------------------------------------------

    def _compare(self, other: Column, test: Callable[[Ints, Ints], Array]) -> Truth:
        mine, theirs, _, _ = self._aligned(other)
        return Truth(np.atleast_1d(test(mine, theirs)), worse(self.absent, other.absent))

    def __lt__(self, other: Column) -> Truth:
        return self._compare(other, lambda a, b: a.below(b))

    def __le__(self, other: Column) -> Truth:
        return self._compare(other, lambda a, b: ~b.below(a))

    def __gt__(self, other: Column) -> Truth:
        return other < self

    def __ge__(self, other: Column) -> Truth:
        return other <= self

    def equals(self, other: Column) -> Truth:
        """Row by row: the same number."""
        return self._compare(other, lambda a, b: a.same(b))

    def given(self) -> Truth:
        """Row by row: is there a value."""
        return Truth(np.ones(self.size, dtype=bool) if self.absent is None else self.absent == 0)

    # --- choosing -----------------------------------------------------------------------------

    def where(self, chosen: Array, other: Column) -> Column:
        """Mine where `chosen`, the other's elsewhere."""
        mine, theirs, d, v = self._aligned(other)
        return Column(mine.pick(chosen, theirs), d, v, pick_marks(chosen, self.absent, other.absent))

    def least(self, other: Column) -> Column:
        """The smaller of both, row by row."""
        return self._chosen(other, (self <= other).yes)

    def most(self, other: Column) -> Column:
        """The larger of both, row by row."""
        return self._chosen(other, (self >= other).yes)

    def _chosen(self, other: Column, mine: Array) -> Column:
        chosen = self.where(mine, other)
        return Column(chosen.n, chosen.d, chosen.v, worse(self.absent, other.absent))

    def or_else(self, other: Column) -> Column:
        """Mine where there is a value, the other's elsewhere."""
        return self if self.absent is None else self.where(self.given().yes, other)

    def remark(self, marks: Marks) -> Column:
        """The column with further rows marked absent."""
        return Column(self.n, self.d, self.v, worse(self.absent, marks))

    def marked_as(self, old: int, new: int) -> Column:
        """The column with one kind of absence turned into the other."""
        if self.absent is None:
            return self
        return Column(self.n, self.d, self.v, np.where(self.absent == old, new, self.absent).astype(np.uint8))

    # --- rounding -----------------------------------------------------------------------------

    def round(self, place: Fraction, how: str = "half_up", only: str = "always") -> Column:
        """Every row rounded to a multiple of `place`; with `endless` only rows that have no end in decimal digits."""
        return self._rounded(place, how) if only == "always" else self.where(self.ends(), self._rounded(place, how))

    def ends(self) -> Array:
        """Which rows have an end in decimal digits."""
        bottom = Ints.of([self.d]) if self.v is None else self.v.times(self.d)
        rest = np.broadcast_to(bottom.v, (self.size,)).astype(object)
        for prime in (2, 5):
            while (divisible := np.array([int(value) % prime == 0 for value in rest], dtype=bool)).any():
                rest = np.where(divisible, rest // prime, rest)
        tops = np.broadcast_to(self.n.v, rest.shape)
        return np.array([int(top) % int(value) == 0 for top, value in zip(tops, rest, strict=True)], dtype=bool)

    def _rounded(self, place: Fraction, how: str) -> Column:
        shared = gcd(place.denominator, self.d * place.numerator)
        top = abs(self.n).times(place.denominator // shared)
        bottom = Ints.of([self.d * place.numerator // shared])
        if self.v is not None:
            bottom = bottom * self.v
        steps = top // bottom
        rest = top - steps * bottom
        more = _ROUND_UP[how](rest.times(2), bottom, steps)
        steps = steps + Ints(more.astype(np.int64), 1)
        signed = steps.pick(self.n.v >= 0, -steps)
        return Column(signed.times(place.numerator), place.denominator, None, self.absent)

    # --- order --------------------------------------------------------------------------------

    def sort_keys(self) -> list[Array]:
        """Integer sort keys, most important first: rows are in order and equal just as their keys are."""
        if self.v is None:
            return [self.n.v]
        bits = self.v.tight().hi.bit_length()
        need = 2 * bits + 1
        whole = self.n // self.v
        rest = self.n - whole * self.v
        keys = [whole.v]
        step = max(1, 62 - bits)
        while need > 0:
            shifted = rest.times(2**step)
            digit = shifted // self.v
            rest = shifted - digit * self.v
            keys.append(digit.v)
            need -= step
        return keys


_ROUND_UP: dict[str, Callable[[Ints, Ints, Ints], Array]] = {
    "half_up": lambda twice, bottom, steps: ~twice.below(bottom),
    "half_even": lambda twice, bottom, steps: bottom.below(twice) | (bottom.same(twice) & (steps.v % 2 == 1)),
    "up": lambda twice, bottom, steps: twice.v > 0,
    "down": lambda twice, bottom, steps: np.zeros(twice.v.size, dtype=bool),
}


def _common_scale(values: Sequence[Fraction | None]) -> int | None:
    """One denominator for all values, or None where it would grow past 64 bits."""
    scale = 1
    for bottom in {value.denominator for value in values if value is not None}:
        scale = lcm(scale, bottom)
        if scale > LARGEST:
            return None
    return scale


def _common_rows(a: Ints, b: Ints) -> Ints:
    """A common multiple of two denominators, row by row: the product where it fits, else the least."""
    if np.array_equal(a.v, b.v):
        return a
    if a.hi * b.hi <= LARGEST and a.v.dtype != object and b.v.dtype != object:
        return a * b
    if a.v.dtype != object and b.v.dtype != object:
        shared = Ints(np.gcd(a.v, b.v), min(a.hi, b.hi))
        return (a // shared) * b
    multiples = [lcm(int(x), int(y)) for x, y in np.broadcast(a.v, b.v)]
    return Ints.of(multiples)
