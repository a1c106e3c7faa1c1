"""A table as its source has it: headings as written, cells by column, the number of each row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from kaohe.facts import is_blank
from kaohe.fact_problems import CellsBeyond
from kaohe.packed import Array, Cells, Codes, Coded, coded, pick
from kaohe.problems import Place, Problem

# What the first cell of a row begins with that is there for people to read: notes, and the example.
MARKS = ("※", "例:", "例:", "e.g.")
BATCH = 20_000


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

    def column(self, heading: str) -> Cells:
        """The cells under a heading; a KeyError where there is none."""
        return self.columns[self.headings.index(heading)]


@dataclass
class GridBuilder:
    """Takes rows as they come and keeps each different cell of a column once."""

    place: Place
    codes: list[Codes] = field(default_factory=list)
    parts: list[list[Array]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    size: int = 0

    def add(self, rows: list[list[object]]) -> None:
        """Add rows; shorter ones end in empty cells."""
        width = max(map(len, rows), default=0)
        while len(self.codes) < width:
            self.codes.append(Codes())
            self.parts.append([np.full(self.size, -1, dtype=np.int64)])
        full = [row if len(row) == len(self.codes) else [*row, *([None] * (len(self.codes) - len(row)))] for row in rows]
        for place, cells in enumerate(zip(*full, strict=True)):
            self.parts[place].append(self.codes[place].of(map(_hashed, cells), len(rows)))
        self.size += len(rows)
