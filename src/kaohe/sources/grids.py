"""A table as its source has it: headings as written, cells by column, the number of each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kaohe.fact_problems import CellsBeyond
from kaohe.facts import is_blank
from kaohe.packed import Array, Cells, Coded, coded, compact
from kaohe.problems import Place, Problem

# What the first cell of a row begins with that is there for people to read: notes, and the example.
MARKS = ("※", "例：", "例：", "e.g.")


@dataclass(frozen=True)
class Grid:
    """Headings and columns of one sheet or file; `numbers` are the rows as people count them."""

    headings: list[str]
    columns: list[Cells]
    numbers: Array
    place: Place
    problems: tuple[Problem, ...] = ()

    @property
    def size(self) -> int:
        """How many rows there are below the headings."""
        return self.numbers.size


def grid_of(headings: Sequence[object], columns: Sequence[Cells], numbers: Array, place: Place) -> Grid:
    """The grid of a sheet: empty rows and those marked for reading only are left out, cells without a heading told."""
    packed = [coded(column) for column in columns]
    filled = [np.array([not is_blank(cell) for cell in (*column.different, None)], dtype=bool)[column.codes] for column in packed]
    kept = np.zeros(numbers.size, dtype=bool)
    for full in filled:
        kept |= full
    if packed:
        first = packed[0]
        marked = np.array([str(cell).strip().startswith(MARKS) for cell in (*first.different, "")], dtype=bool)
        kept &= ~marked[first.codes]
    names = [str(heading or "").strip() for heading in headings] + [""] * (len(columns) - len(headings))
    nameless = [place for place, name in enumerate(names) if not name]
    problems = _beyond([filled[column] for column in nameless], kept, numbers, len(names) - len(nameless), place)
    named = [place for place, name in enumerate(names) if name and place < len(packed)]
    rows = np.flatnonzero(kept)
    cells = [packed[column] if rows.size == numbers.size else _kept(packed[column], rows) for column in named]
    return Grid([names[column] for column in named], list(cells), numbers[rows], place, problems)


def _kept(cells: Coded, rows: Array) -> Cells:
    """The cells at some rows; the words of the others are forgotten, or they would count as somebody's."""
    return compact(Coded(cells.codes[rows], cells.different))


def _beyond(filled: list[Array], kept: Array, numbers: Array, most: int, place: Place) -> tuple[Problem, ...]:
    """The rows that have cells under no heading, and how many cells they have."""
    if not filled:
        return ()
    beyond = np.sum(filled, axis=0) * kept
    rows = np.flatnonzero(beyond).tolist()
    return tuple(
        CellsBeyond(place.at(row=int(numbers[row])), [place.sheet or place.file], found=most + int(beyond[row]), most=most) for row in rows
    )
