"""Columns to try: numbers that fit words just so, numbers that do not, thirds, absences; and what one row must give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from kaohe.columns import LARGEST, MISSING, NONE, Column, Ints

EDGES = [
    0,
    1,
    -1,
    2,
    3,
    5,
    7,
    10,
    100,
    10**9,
    2**31,
    2**32 - 1,
    3037000499,
    2**62,
    LARGEST - 1,
    LARGEST,
    -LARGEST,
    -(2**63),
    2**63,
    2**64,
    2**80,
]
DENOMINATORS = [1, 1, 2, 3, 7, 8, 10, 100, 10**6, 999983, 2**31 - 1, 2**62, LARGEST, 2**63, 2**80]
ROWS = st.integers(1, 7)
whole_numbers = st.one_of(st.sampled_from(EDGES), st.integers(-1000, 1000), st.integers(-(2**80), 2**80))
denominators = st.one_of(st.sampled_from(DENOMINATORS), st.integers(1, 50), st.integers(1, 2**80))
small_halves = st.builds(Fraction, st.integers(-200, 200), st.sampled_from([1, 2, 4, 8, 20, 200]))
fractions = st.one_of(small_halves, st.builds(Fraction, whole_numbers, denominators))
roundings = st.sampled_from(["half_up", "half_even", "up", "down"])
places = st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(1, 100), Fraction(1, 10**12), Fraction(5), Fraction(3, 7), Fraction(10**6)])


@dataclass(frozen=True)
class Made:
    """A column and what each of its rows holds; an absent row holds its mark, NONE or MISSING."""

    column: Column
    rows: tuple[Fraction | int, ...]


def absent(row: Fraction | int) -> bool:
    """Whether a row is absent: its mark is a plain int, every number a Fraction."""
    return not isinstance(row, Fraction)


def column_of(rows: Sequence[Fraction | int], apart: bool) -> Column:
    """The column of these rows, each over its own denominator where `apart` says so."""
    values = [Fraction(0) if absent(row) else Fraction(row) for row in rows]
    marks = np.array([row if absent(row) else 0 for row in rows], dtype=np.uint8)
    if apart:
        return Column(Ints.of([value.numerator for value in values]), 1, Ints.of([value.denominator for value in values]), marks)
    found = Column.of(values)
    return Column(found.n, found.d, found.v, marks)


def made(size: int, numbers: st.SearchStrategy[Fraction] = fractions, marks: Sequence[int] = (NONE, MISSING)) -> st.SearchStrategy[Made]:
    """A column of some rows, the edges of 64-bit words among them more often than not."""
    cells = st.one_of(numbers, numbers, numbers, st.sampled_from(marks)) if marks else numbers
    rows = st.lists(cells, min_size=size, max_size=size).map(tuple)
    return st.builds(lambda found, apart: Made(column_of(found, apart), found), rows, st.booleans())


def several(count: int, numbers: st.SearchStrategy[Fraction] = fractions) -> st.SearchStrategy[tuple[Made, ...]]:
    """Columns of one length."""
    return ROWS.flatmap(lambda size: st.tuples(*(made(size, numbers) for _ in range(count))))


def held(column: Column, size: int) -> list[Fraction | int]:
    """What each row of a column holds."""
    values = column.values(size)
    return [column.mark(row) if value is None else value for row, value in enumerate(values)]


def row_by_row(act: Callable[..., Fraction | int], *columns: Made) -> list[Fraction | int]:
    """The act on single Fractions; where a side is absent, the worst absence."""
    found: list[Fraction | int] = []
    for rows in zip(*(column.rows for column in columns), strict=True):
        marks = [int(row) for row in rows if absent(row)]
        found.append(max(marks) if marks else act(*rows))
    return found
