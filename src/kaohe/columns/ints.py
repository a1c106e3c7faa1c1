"""Vectors of whole numbers that know a bound on themselves: the only place that knows about overflow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LARGEST = 2**63 - 1


class Ints:
    """A vector of whole numbers and a bound `hi` on every magnitude in it.

    Each operation derives its result's bound from the operands'. Where that bound leaves 64 bits
    it first looks at the real magnitudes, and only then goes to Python integers.
    """

    __slots__ = ("hi", "v")

    def __init__(self, v: Array, hi: int) -> None:
        self.v = v
        self.hi = hi

    @classmethod
    def of(cls, numbers: Sequence[int] | Array) -> Ints:
        """Whole numbers from a sequence or an array, in words where they fit."""
        if isinstance(numbers, np.ndarray) and numbers.dtype != object:
            if numbers.dtype == np.uint64:
                return cls.of(numbers.astype(object))
            return cls(numbers.astype(np.int64, copy=False), LARGEST).tight()
        values = list(numbers)
        hi = max((abs(value) for value in values), default=0)
        if hi <= LARGEST:
            return cls(np.array(values, dtype=np.int64), hi)
        boxed = np.empty(len(values), dtype=object)
        boxed[:] = values
        return cls(boxed, hi)

    def tight(self) -> Ints:
        """The same numbers with the smallest bound, back in words where they fit."""
        if self.v.size == 0:
            return Ints(self.v.astype(np.int64), 0)
        hi = max(abs(int(self.v.max())), abs(int(self.v.min())))
        if self.v.dtype == object and hi <= LARGEST:
            return Ints(self.v.astype(np.int64), hi)
        return Ints(self.boxed if hi > LARGEST else self.v, hi)  # the smallest word has no opposite among words

    @property
    def boxed(self) -> Array:
        """The vector as Python integers."""
        return self.v if self.v.dtype == object else self.v.astype(object)

    def _apply(self, other: Ints, act: Callable[[Array, Array], Array], bound: Callable[[int, int], int]) -> Ints:
        hi = bound(self.hi, other.hi)
        if hi <= LARGEST and self.v.dtype != object and other.v.dtype != object:
            return Ints(act(self.v, other.v), hi)
        mine, theirs = self.tight(), other.tight()
        hi = bound(mine.hi, theirs.hi)
        if hi <= LARGEST and mine.v.dtype != object and theirs.v.dtype != object:
            return Ints(act(mine.v, theirs.v), hi)
        return Ints(act(mine.boxed, theirs.boxed), hi).tight()

    def __add__(self, other: Ints) -> Ints:
        return self._apply(other, lambda a, b: a + b, lambda a, b: a + b)

    def __sub__(self, other: Ints) -> Ints:
        return self._apply(other, lambda a, b: a - b, lambda a, b: a + b)

    def __mul__(self, other: Ints) -> Ints:
        return self._apply(other, lambda a, b: a * b, lambda a, b: a * b)

    def times(self, factor: int) -> Ints:
        """Every number times one whole number."""
        return self if factor == 1 else self * Ints.of([factor])

    def __floordiv__(self, other: Ints) -> Ints:
        return self._apply(other, lambda a, b: a // b, max)

    def __neg__(self) -> Ints:
        return Ints(-self.v, self.hi)

    def __abs__(self) -> Ints:
        return Ints(np.abs(self.v), self.hi)

    def below(self, other: Ints) -> Array:
        """Row by row: is mine smaller."""
        return np.asarray(self.v < other.v, dtype=bool)

    def same(self, other: Ints) -> Array:
        """Row by row: are both equal."""
        return np.asarray(self.v == other.v, dtype=bool)

    def pick(self, chosen: Array, other: Ints) -> Ints:
        """Mine where `chosen`, the other's elsewhere."""
        return Ints(np.where(chosen, self.v, other.v), max(self.hi, other.hi))

    def take(self, rows: Array) -> Ints:
        """The numbers at `rows`; a constant stays one."""
        return self if self.v.size == 1 and rows.size != 1 else Ints(self.v[rows], self.hi)


ONE = Ints(np.ones(1, dtype=np.int64), 1)
ZERO = Ints(np.zeros(1, dtype=np.int64), 0)
