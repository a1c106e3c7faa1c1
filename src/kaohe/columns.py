"""Columns of exact values: numbers as integers over integers, truths, words.

A number column holds n / (d * v): `n` whole numbers, `d` one whole number for all rows (it comes
from the scheme: weights, scales, roundings), `v` one per row only where it must be (a ratio, a
team's size). 64-bit words serve as long as a bound proves that they cannot overflow, Python
integers where they do not; `Ints` alone knows about that. What is absent is marked and never
zero: `NONE` says that there was nothing to measure, `MISSING` that somebody owes a fact.

A column of one row stands for a constant and goes with columns of any length.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Marks = NDArray[np.uint8]

LARGEST = 2**63 - 1
NONE = 1
MISSING = 2
FEW = 64


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
        return Ints(self.v, hi)

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


def _worse(a: Marks | None, b: Marks | None) -> Marks | None:
    if a is None:
        return b
    return a if b is None else np.maximum(a, b)


def _rows(marks: Marks | None, rows: Array) -> Marks | None:
    if marks is None:
        return None
    taken = marks if marks.size == 1 and rows.size != 1 else marks[rows]
    return taken if taken.any() else None


class Truth:
    """A column of yes and no; `absent` rows are unknown and hold no.

    Three-valued: no and unknown is no, yes or unknown is yes, in any order.
    """

    __slots__ = ("absent", "yes")

    def __init__(self, yes: Array, absent: Marks | None = None) -> None:
        self.yes = yes if absent is None else yes & (absent == 0)
        self.absent = absent

    @property
    def no(self) -> Array:
        """Rows that are known to be no."""
        return ~self.yes if self.absent is None else ~self.yes & (self.absent == 0)

    @property
    def size(self) -> int:
        return self.yes.size

    def __and__(self, other: Truth) -> Truth:
        return self._settled(self.yes & other.yes, self.no | other.no, other)

    def __or__(self, other: Truth) -> Truth:
        return self._settled(self.yes | other.yes, self.no & other.no, other)

    def __invert__(self) -> Truth:
        return Truth(self.no, self.absent)

    def _settled(self, yes: Array, no: Array, other: Truth) -> Truth:
        absent = _worse(self.absent, other.absent)
        if absent is None:
            return Truth(yes)
        return Truth(yes, np.where(yes | no, 0, absent).astype(np.uint8))

    def take(self, rows: Array) -> Truth:
        """The truths at `rows`."""
        yes = self.yes if self.yes.size == 1 and rows.size != 1 else self.yes[rows]
        return Truth(yes, _rows(self.absent, rows))

    def __getitem__(self, row: int) -> bool | None:
        at = row if self.yes.size > 1 else 0
        if self.absent is not None and self.absent[at if self.absent.size > 1 else 0]:
            return None
        return bool(self.yes[at])


class Words:
    """A column of words as codes into a vocabulary; -1 is absent."""

    __slots__ = ("codes", "vocabulary")

    def __init__(self, codes: Array, vocabulary: Sequence[str]) -> None:
        self.codes = codes
        self.vocabulary = tuple(vocabulary)

    @classmethod
    def of(cls, words: Sequence[str | None], vocabulary: Sequence[str] | None = None) -> Words:
        """Words coded by a given vocabulary, or by their own in order of appearance."""
        known = dict.fromkeys(word for word in words if word is not None) if vocabulary is None else dict.fromkeys(vocabulary)
        place = {word: code for code, word in enumerate(known)}
        codes = np.fromiter((-1 if word is None else place[word] for word in words), dtype=np.int64, count=len(words))
        return cls(codes, tuple(known))

    @property
    def size(self) -> int:
        return self.codes.size

    @property
    def absent(self) -> Marks | None:
        marks = (self.codes < 0).astype(np.uint8)
        return marks if marks.any() else None

    def equals(self, word: str) -> Truth:
        """Is it this word; an absent word equals nothing, which is known."""
        if word not in self.vocabulary:
            return Truth(np.zeros(self.codes.size, dtype=bool))
        return Truth(self.codes == self.vocabulary.index(word))

    def same(self, other: Words) -> Truth:
        """Are both the same word."""
        mine = self.codes
        theirs = other.recoded(self.vocabulary)
        return Truth((mine == theirs) & (mine >= 0))

    def recoded(self, vocabulary: Sequence[str]) -> Array:
        """My codes in another vocabulary, -2 for a word that it lacks."""
        place = {word: code for code, word in enumerate(vocabulary)}
        table = np.array([place.get(word, -2) for word in self.vocabulary] + [-1], dtype=np.int64)
        return np.asarray(table[self.codes])

    def take(self, rows: Array) -> Words:
        """The words at `rows`."""
        return self if self.codes.size == 1 and rows.size != 1 else Words(self.codes[rows], self.vocabulary)

    def __getitem__(self, row: int) -> str | None:
        code = int(self.codes[row if self.codes.size > 1 else 0])
        return None if code < 0 else self.vocabulary[code]


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
        exact = [None if value is None else Fraction(value) for value in values]
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
        sizes = (self.n.v.size, 1 if self.v is None else self.v.v.size, 1 if self.absent is None else self.absent.size)
        return 0 if 0 in sizes else max(sizes)

    def __getitem__(self, row: int) -> Fraction | None:
        if self.absent is not None and self.absent[row if self.absent.size > 1 else 0]:
            return None
        top = int(self.n.v[row if self.n.v.size > 1 else 0])
        bottom = 1 if self.v is None else int(self.v.v[row if self.v.v.size > 1 else 0])
        return Fraction(top, self.d * bottom)

    def mark(self, row: int) -> int:
        """0 where there is a value, else NONE or MISSING."""
        return 0 if self.absent is None else int(self.absent[row if self.absent.size > 1 else 0])

    def values(self, size: int | None = None) -> list[Fraction | None]:
        """Every row as a single number."""
        return [self[row] for row in range(self.size if size is None else size)]

    def take(self, rows: Array) -> Column:
        """The column at `rows`; a constant stays one."""
        return Column(self.n.take(rows), self.d, None if self.v is None else self.v.take(rows), _rows(self.absent, rows))

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
        return Column(mine + theirs, d, v, _worse(self.absent, other.absent))

    def __sub__(self, other: Column) -> Column:
        mine, theirs, d, v = self._aligned(other)
        return Column(mine - theirs, d, v, _worse(self.absent, other.absent))

    def __neg__(self) -> Column:
        return Column(-self.n, self.d, self.v, self.absent)

    def __abs__(self) -> Column:
        return Column(abs(self.n), self.d, self.v, self.absent)

    def __mul__(self, other: Column) -> Column:
        small, large = (self, other) if self.size == 1 else (other, self)
        if small.size == 1 and small.v is None and small.n.v.size == 1:
            return large._scaled(int(small.n.v[0]), small.d, small.absent)
        v = other.v if self.v is None else self.v if other.v is None else self.v * other.v
        return Column(self.n * other.n, self.d * other.d, v, _worse(self.absent, other.absent))

    def _scaled(self, top: int, bottom: int, absent: Marks | None) -> Column:
        shared = gcd(top, self.d) or 1
        return Column(self.n.times(top // shared), self.d // shared * bottom, self.v, _worse(self.absent, absent))

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
        absent = _worse(_worse(self.absent, other.absent), np.where(zero, NONE, 0).astype(np.uint8) if zero.any() else None)
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
        return Truth(np.atleast_1d(test(mine, theirs)), _worse(self.absent, other.absent))

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
        return Column(mine.pick(chosen, theirs), d, v, _pick_marks(chosen, self.absent, other.absent))

    def least(self, other: Column) -> Column:
        """The smaller of both, row by row."""
        return self._chosen(other, (self <= other).yes)

    def most(self, other: Column) -> Column:
        """The larger of both, row by row."""
        return self._chosen(other, (self >= other).yes)

    def _chosen(self, other: Column, mine: Array) -> Column:
        chosen = self.where(mine, other)
        return Column(chosen.n, chosen.d, chosen.v, _worse(self.absent, other.absent))

    def or_else(self, other: Column) -> Column:
        """Mine where there is a value, the other's elsewhere."""
        return self if self.absent is None else self.where(self.given().yes, other)

    def remark(self, marks: Marks) -> Column:
        """The column with further rows marked absent."""
        return Column(self.n, self.d, self.v, _worse(self.absent, marks))

    def marked_as(self, old: int, new: int) -> Column:
        """The column with one kind of absence turned into the other."""
        if self.absent is None:
            return self
        return Column(self.n, self.d, self.v, np.where(self.absent == old, new, self.absent).astype(np.uint8))

    # --- rounding -----------------------------------------------------------------------------

    def round(self, place: Fraction, how: str = "half_up") -> Column:
        """Every row rounded to a multiple of `place`; halves go away from zero unless told otherwise."""
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


def _pick_marks(chosen: Array, mine: Marks | None, theirs: Marks | None) -> Marks | None:
    if mine is None and theirs is None:
        return None
    zero = np.zeros(1, dtype=np.uint8)
    return np.where(chosen, zero if mine is None else mine, zero if theirs is None else theirs).astype(np.uint8)


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


AnyColumn = Column | Truth | Words


class Links:
    """Which row of a parent each row belongs to (-1: none), and sums along it."""

    def __init__(self, parent: Array, size: int) -> None:
        self.parent = parent
        self.size = size

    @cached_property
    def _segments(self) -> tuple[Array | None, Array, Array]:
        """Row order by parent (None: already in order), first positions and parents of non-empty groups."""
        parent = self.parent
        in_order = bool((parent[1:] >= parent[:-1]).all()) if parent.size else True
        order = None if in_order and (parent.size == 0 or parent[0] >= 0) else np.argsort(parent, kind="stable")
        ranked = parent if order is None else parent[order]
        skip = int(np.searchsorted(ranked, 0))
        order = order[skip:] if order is not None else None
        ranked = ranked[skip:]
        firsts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]]) if ranked.size else np.zeros(0, dtype=np.int64)
        return order, firsts, ranked[firsts]

    @cached_property
    def linked(self) -> int:
        """How many rows have a parent."""
        return int((self.parent >= 0).sum())

    @cached_property
    def most(self) -> int:
        """The size of the largest group."""
        _, firsts, _ = self._segments
        return int(np.diff(np.r_[firsts, self.linked]).max()) if firsts.size else 0

    def rows_of(self, parents: Array) -> Array:
        """The rows that belong to any of these parents, in their own order."""
        order, firsts, groups = self._segments
        ends = np.r_[firsts[1:], self.linked]
        places = np.searchsorted(groups, parents)
        spans = [(firsts[at], ends[at]) for at, parent in zip(places, parents, strict=True) if at < groups.size and groups[at] == parent]
        found = np.concatenate([np.arange(0), *(np.arange(start, stop) for start, stop in spans)])
        return np.sort(found if order is None else order[found])

    def _reduce(self, rows: Array, act: np.ufunc, empty: int, dtype: Any) -> Array:
        order, firsts, parents = self._segments
        found = np.full(self.size, empty, dtype=dtype)
        if firsts.size:
            ranked = rows if order is None else rows[order]
            found[parents] = act.reduceat(ranked, firsts)
        return found

    def _full(self, rows: Array) -> Array:
        return np.broadcast_to(rows, self.parent.shape) if rows.size == 1 else rows

    def total(self, numbers: Ints) -> Ints:
        """The sum of each parent's numbers; 0 where there are none."""
        hi = numbers.hi * max(self.most, 1)
        if hi > LARGEST:
            numbers = numbers.tight()
            hi = numbers.hi * max(self.most, 1)
        if hi > LARGEST or numbers.v.dtype == object:
            return Ints(self._reduce(self._full(numbers.boxed), np.add, 0, object), hi).tight()
        return Ints(self._reduce(self._full(numbers.v), np.add, 0, np.int64), hi)

    def count(self, chosen: Array | None = None) -> Ints:
        """How many rows each parent has, of those chosen."""
        ones = np.ones(self.parent.size, dtype=np.int64) if chosen is None else self._full(chosen).astype(np.int64)
        return self.total(Ints(ones, 1))

    def any(self, chosen: Array) -> Array:
        """Whether any row of each parent is chosen."""
        return self.count(chosen).v > 0

    def sum(self, column: Column) -> Column:
        """The sum of each parent's rows; rows that are NONE are skipped, MISSING ones are passed on."""
        absent = None
        if column.absent is not None:
            owed = self._reduce(self._full(column.absent == MISSING), np.logical_or, 0, bool)
            absent = np.where(owed, MISSING, 0).astype(np.uint8)
        column = column.settled()
        if column.v is None:
            return Column(self.total(column.n), column.d, None, absent)
        v = self._multiples(column.v)
        of_row = np.where(self.parent >= 0, self.parent, 0)
        return Column(self.total(column.n * (v.take(of_row) // column.v)), column.d, v, absent)

    def _multiples(self, v: Ints) -> Ints:
        """A common multiple of each parent's denominators."""
        full = self._full(v.v)
        if v.hi ** max(self.most, 1) <= LARGEST and full.dtype != object:
            return Ints(self._reduce(full, np.lcm, 1, np.int64), v.hi ** max(self.most, 1))
        boxed = full if full.dtype == object else full.astype(object)
        return Ints(self._reduce(boxed, np.frompyfunc(lcm, 2, 1), 1, object), 0).tight()

    def given(self, column: Column) -> Ints:
        """How many of each parent's rows have a value."""
        return self.count(column.given().yes)

    def extreme(self, column: Column, largest: bool) -> Column:
        """The largest or smallest of each parent's rows; NONE where there is none."""
        rows = np.flatnonzero(self._full(column.given().yes) & (self.parent >= 0))
        keys = [key[rows] if key.size > 1 else np.broadcast_to(key, rows.shape) for key in column.sort_keys()]
        order = np.lexsort([*reversed(keys), self.parent[rows]])
        parents = self.parent[rows][order]
        last = np.r_[parents[1:] != parents[:-1], True] if largest else np.r_[True, parents[1:] != parents[:-1]]
        best = rows[order[last[: parents.size]]] if parents.size else rows
        place = np.full(self.size, -1, dtype=np.int64)
        place[self.parent[best]] = best
        owed = np.zeros(self.size, dtype=bool)
        if column.absent is not None:
            owed = self._reduce(self._full(column.absent == MISSING), np.logical_or, 0, bool)
        marks = np.where(owed, MISSING, np.where(place < 0, NONE, 0)).astype(np.uint8)
        if column.n.v.size == 0:
            return Column(Ints(np.zeros(self.size, dtype=np.int64), 0), 1, None, marks)
        return column.take(np.where(place < 0, 0, place)).remark(marks)


def rank(column: Column, groups: Array, ranked: Array, higher_is_better: bool = True) -> Column:
    """Each ranked row's place within its group: ties share the better place (1, 2, 2, 4); others NONE.

    Shape:  column (rows,), groups (rows,) of group numbers, ranked (rows,) of yes and no
    Exact:  compares integers; no rounding, no dependence on the order of rows
    """
    rows = np.flatnonzero(ranked & column.given().yes)
    ordered = -column if higher_is_better else column
    keys = [key[rows] if key.size > 1 else np.broadcast_to(key, rows.shape) for key in ordered.sort_keys()]
    order = _order(keys, groups[rows])
    team = groups[rows][order]
    starts = np.r_[True, team[1:] != team[:-1]][: rows.size]
    changes = starts.copy()
    for key in keys:
        sorted_key = key[order]
        changes[1:] |= sorted_key[1:] != sorted_key[:-1]
    position = np.arange(rows.size)
    first_of_team = np.maximum.accumulate(np.where(starts, position, 0))
    first_of_tie = np.maximum.accumulate(np.where(changes, position, 0))
    places = np.zeros(ranked.size, dtype=np.int64)
    places[rows[order]] = first_of_tie - first_of_team + 1
    return Column(Ints(places, ranked.size), 1, None, np.where(places == 0, NONE, 0).astype(np.uint8))


def _order(keys: list[Array], groups: Array) -> Array:
    """Rows in order of group, then keys: one sort of one combined key where that fits 64 bits."""
    if len(keys) == 1 and keys[0].dtype != object and keys[0].size:
        low, high = int(keys[0].min()), int(keys[0].max())
        span = high - low + 1
        if span * (int(groups.max()) + 1) <= LARGEST:
            return np.argsort(groups * span + (keys[0] - low))
    return np.lexsort([*reversed(keys), groups])
