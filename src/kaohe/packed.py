"""Columns of cells kept as machine words: what a million rows are handed in as.

A table's cells may be any sequence. `Coded` keeps each different cell once, `Scaled` decimals as
whole numbers over one scale, `Days` dates as day numbers. A cell of them is what a list would
hold: a text, a Fraction, a date, or None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaohe.numbers import day_of

Array = NDArray[Any]
Cells = Sequence[object] | Array


@dataclass(frozen=True, eq=False)
class Coded(Sequence[object]):
    """Cells as codes into the different ones among them; -1 is an empty cell."""

    codes: Array
    different: Sequence[object]

    def __len__(self) -> int:
        return self.codes.size

    def __getitem__(self, row: Any) -> Any:
        code = int(self.codes[row])
        return None if code < 0 else self.different[code]

    def map(self, change: Callable[[object], object]) -> Coded:
        """The same cells, each different one changed."""
        return Coded(self.codes, [change(cell) for cell in self.different])


@dataclass(frozen=True, eq=False)
class Scaled(Sequence[object]):
    """Exact decimals: whole numbers over one scale; empty where marked."""

    numbers: Array
    scale: int = 1
    empty: Array | None = None

    def __len__(self) -> int:
        return self.numbers.size

    def __getitem__(self, row: Any) -> Any:
        if self.empty is not None and self.empty[row]:
            return None
        value = Fraction(int(self.numbers[row]), self.scale)
        return int(value) if self.scale == 1 else value


@dataclass(frozen=True, eq=False)
class Days(Sequence[object]):
    """Dates as days since 1970-01-01; empty where marked."""

    days: Array
    empty: Array | None = None

    def __len__(self) -> int:
        return self.days.size

    def __getitem__(self, row: Any) -> Any:
        return None if self.empty is not None and self.empty[row] else day_of(int(self.days[row]))


class Codes(dict[object, int]):
    """A code for every cell asked for, in order of appearance."""

    def __missing__(self, cell: object) -> int:
        self[cell] = len(self)
        return self[cell]

    def of(self, cells: Iterable[object], size: int) -> Array:
        """The codes of hashable cells."""
        return np.fromiter(map(self.__getitem__, cells), dtype=np.int64, count=size)


def coded(cells: Cells) -> Coded:
    """Any cells as codes, the different ones in order of appearance; a number and its text stay apart."""
    if isinstance(cells, Coded):
        return cells
    if isinstance(cells, np.ndarray):
        return coded(Scaled(cells)) if cells.dtype.kind in "iu" else coded(cells.tolist())
    if isinstance(cells, (Scaled, Days)):
        return _coded_words(cells)
    known = Codes()
    if set(map(type, cells)) <= {str}:
        return Coded(known.of(cells, len(cells)), list(known))
    kept: list[object] = []
    keys = Codes()
    codes = np.empty(len(cells), dtype=np.int64)
    for row, cell in enumerate(cells):
        codes[row] = -1 if cell is None else keys[_key(cell)]
        if len(kept) < len(keys):
            kept.append(cell)
    return Coded(codes, kept)


def _key(cell: object) -> object:
    """Cells of one key are one cell: 1, True and "1" are three; a list is told by what it holds."""
    return type(cell), repr(cell) if isinstance(cell, (list, dict)) else cell


def _coded_words(cells: Scaled | Days) -> Coded:
    numbers = cells.numbers if isinstance(cells, Scaled) else cells.days
    found, codes = np.unique(numbers, return_inverse=True)
    different = list(Scaled(found, cells.scale) if isinstance(cells, Scaled) else Days(found))
    return compact(Coded(codes if cells.empty is None else np.where(cells.empty, -1, codes), different))


def compact(cells: Coded) -> Coded:
    """Only the cells that occur, in order of appearance, whatever dictionary they came with."""
    size = len(cells)
    first = np.full(len(cells.different) + 1, size, dtype=np.int64)
    first[cells.codes[::-1]] = np.arange(size - 1, -1, -1)
    order = np.argsort(first[:-1], kind="stable")
    order = order[first[:-1][order] < size]
    place = np.full(len(cells.different) + 1, -1, dtype=np.int64)
    place[order] = np.arange(order.size)
    return Coded(place[cells.codes], [cells.different[code] for code in order.tolist()])


def pick(cells: Cells, rows: Array) -> Cells:
    """The cells at some rows."""
    if isinstance(cells, Coded):
        return Coded(cells.codes[rows], cells.different)
    if isinstance(cells, Scaled):
        return Scaled(cells.numbers[rows], cells.scale, None if cells.empty is None else cells.empty[rows])
    if isinstance(cells, Days):
        return Days(cells.days[rows], None if cells.empty is None else cells.empty[rows])
    if isinstance(cells, np.ndarray):
        return Scaled(cells[rows]) if cells.dtype.kind in "iu" else cells[rows].tolist()
    return [cells[row] for row in rows.tolist()]


def joined(parts: Sequence[Cells]) -> Coded:
    """The cells of several columns, one after the other."""
    every = [coded(part) for part in parts]
    starts = np.cumsum([0, *(len(part.different) for part in every)])
    codes = [np.where(part.codes < 0, -1, part.codes + start) for part, start in zip(every, starts, strict=False)]
    return Coded(np.concatenate(codes) if codes else np.zeros(0, dtype=np.int64), [cell for part in every for cell in part.different])


def nothing(size: int) -> Coded:
    """A column of empty cells."""
    return Coded(np.full(size, -1, dtype=np.int64), ())
