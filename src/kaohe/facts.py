"""What happened: raw tables as they were handed in, and the checked frames that scoring looks at.

A raw table keeps every cell as it was found and knows where each row stands. A frame holds
checked columns, links to the frames that its rows belong to, and the way back to the raw rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from kaohe.columns import AnyColumn, Array, Links
from kaohe.packed import Cells, joined, nothing
from kaohe.problems import NOWHERE, Place, Problem

KINDS = ("people", "values", "ratings", "events", "history")


@dataclass(frozen=True)
class Table:
    """Cells by column, as found; `place` is the file and sheet, `rows` the row number of each row.

    `headings` are the columns' names as their source writes them, where these are others. A table
    of several `parts` tells the place of each row as the part does that it came from.
    """

    columns: Mapping[str, Cells]
    size: int
    place: Place = NOWHERE
    numbers: Sequence[int] | None = None
    headings: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Table, ...] = ()

    @classmethod
    def of_rows(cls, rows: Sequence[Mapping[str, object]], place: Place = NOWHERE, numbers: Sequence[int] | None = None) -> Table:
        """A table from rows that may each have other columns."""
        names = list(dict.fromkeys(name for row in rows for name in row))
        return cls({name: [row.get(name) for row in rows] for name in names}, len(rows), place, numbers)

    @classmethod
    def joined(cls, tables: Sequence[Table]) -> Table:
        """Several tables as one, row after row."""
        if len(tables) <= 1:
            return tables[0] if tables else EMPTY
        names = list(dict.fromkeys(name for table in tables for name in table.columns))
        columns = {name: joined([table.cells(name) for table in tables]) for name in names}
        return cls(columns, sum(table.size for table in tables), tables[0].place, parts=tuple(tables))

    def cells(self, name: str) -> Cells:
        """The cells of a column; empty ones where the table lacks it."""
        return self.columns[name] if name in self.columns else nothing(self.size)

    def at(self, row: int, column: str = "") -> Place:
        """Where a row stands in its source; the column as it is headed there."""
        for part in self.parts:
            if row < part.size:
                return part.at(row, column)
            row -= part.size
        number = row + 1 if self.numbers is None else int(self.numbers[row])
        return self.place.at(row=number, column=self.headings.get(column, column))

    def row(self, row: int) -> dict[str, object]:
        """The cells of one row that are not empty."""
        return {name: cells[row] for name, cells in self.columns.items() if not is_blank(cells[row])}


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip()) or (isinstance(cell, (list, tuple)) and not cell)


EMPTY = Table({}, 0)


@dataclass(frozen=True)
class Measured:
    """Where a measured value came from: its two integers, its measure, its rows."""

    numerator: int
    denominator: int
    measure: str
    version: str
    rows: str


@dataclass(frozen=True)
class RawFacts:
    """Facts as handed in: the period, what the company chose, and the tables of each kind.

    `problems` were found on the way here and do not keep the rest from being checked: they are
    told together with whatever the check finds.
    """

    start: object = None
    end: object = None
    as_of: object = None
    config: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Table]] = field(default_factory=dict)
    place: Place = NOWHERE
    measured: Mapping[tuple[str, str], Measured] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Home:
    """A table in which cells of a column were written: which of its rows is whose, -1 where there is none."""

    table: Table
    column: str
    rows: Array

    def take(self, rows: Array) -> Home:
        """The home with only these rows of its frame."""
        return Home(self.table, self.column, self.rows[rows])

    def place(self, row: int) -> Place | None:
        """Where the cell of one row of the frame stands; None where nothing was written."""
        source = int(self.rows[row])
        written = source >= 0 and not is_blank(self.table.cells(self.column)[source])
        return self.table.at(source, self.column) if written else None


@dataclass(frozen=True)
class Frame:
    """Checked rows of one kind; `homes` tell where a column of subjects was written."""

    size: int
    columns: dict[str, AnyColumn]
    links: dict[str, Links] = field(default_factory=dict)
    table: Table = EMPTY
    rows: Array | None = None
    homes: dict[str, tuple[Home, ...]] = field(default_factory=dict)

    def take(self, rows: Array, links: dict[str, Links] | None = None) -> Frame:
        """The frame with only these rows; links keep their targets unless others are given."""
        columns: dict[str, AnyColumn] = {name: column.take(rows) for name, column in self.columns.items()}
        kept = {to: Links(link.parent[rows], link.size) for to, link in self.links.items()} if links is None else links
        source = rows if self.rows is None else self.rows[rows]
        homes = {name: tuple(home.take(rows) for home in found) for name, found in self.homes.items()}
        return Frame(rows.size, columns, kept, self.table, source, homes)

    def place(self, column: str, row: int) -> Place | None:
        """Where a fact was written; None where it was not, or where the record as a whole tells it."""
        return next((place for home in self.homes.get(column, ()) if (place := home.place(row)) is not None), None)

    def record(self, row: int) -> tuple[Place, dict[str, object]]:
        """Where one row came from, and its cells."""
        source = row if self.rows is None else int(self.rows[row])
        return self.table.at(source), self.table.row(source)


@dataclass(frozen=True)
class Facts:
    """Everything that scoring may look at, checked against one plan."""

    start: date
    end: date
    as_of: date
    config: dict[str, Any]
    subjects: list[str]
    names: list[str]
    units: dict[str, list[str]]
    frames: dict[str, Frame]
    measured: Mapping[tuple[str, str], Measured] = field(default_factory=dict)

    def row_of(self, subject: str) -> int:
        """The row of a subject; a KeyError for somebody who is not there."""
        return self._rows[subject]

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {subject: row for row, subject in enumerate(self.subjects)}
