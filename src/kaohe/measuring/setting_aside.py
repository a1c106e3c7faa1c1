"""The rows set aside: kept to the letter, and listed for people to mend, one line a row.

What is kept (Parquet) is each row's number, what is wrong with it and all its cells. The list (CSV, UTF-8 with a mark, so
that spreadsheets read it; or a workbook) is made from that, and says what became of each row since.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from kaohe.measuring.cells import FAULT_NAMES
from kaohe.measuring.files import MOST_SHOWN, BadRow
from kaohe.measuring.workspace import Import
from kaohe.measuring.writing import as_shown, write_rows, written_whole
from kaohe.texts import Text

META = ("import", "file", "row", "column", "found", "reason", "原因", "in words", "status")
BETWEEN = "; "  # of several columns at fault in one row
OPEN = Text("待处理", "open")
SHEET_ROWS = 1_000_000
WIDTHS = (22, 18, 7, 16, 24, 18, 24, 28, 14)
TEXTS = pa.list_(pa.string())
SCHEMA = pa.schema([("row", pa.int64()), ("columns", TEXTS), ("faults", TEXTS), ("found", pa.string()), ("cells", TEXTS)])
HEADERS = b"headers"

Line = tuple[str, ...]
Status = Callable[[int], str]
Marks = Callable[["RowAside"], frozenset[int]]


@dataclass(frozen=True)
class RowAside:
    """A row set aside: its number, the columns at fault (none: the whole row), the words for why, what was found, all cells."""

    row: int
    columns: tuple[str, ...]
    faults: tuple[str, ...]
    found: str
    cells: tuple[str, ...]

    def line(self, entry: Import, status: str) -> Line:
        """The row as a line of a list."""
        words = [FAULT_NAMES[fault] for fault in self.faults]
        zh, en = "；".join(pair[0] for pair in words), BETWEEN.join(pair[1] for pair in words)
        place = (entry.key, as_shown(entry.file), str(self.row), BETWEEN.join(self.columns), as_shown(self.found))
        return (*place, BETWEEN.join(self.faults), zh, en, as_shown(status), *map(as_shown, self.cells))


def rows_aside(bad: Iterable[BadRow]) -> Iterator[RowAside]:
    """One row each for bad cells that stand in the order of their rows."""
    for row, cells in groupby(bad, key=lambda cell: cell.row):
        yield _row_aside(row, list(cells))


def _row_aside(row: int, bad: Sequence[BadRow]) -> RowAside:
    columns = () if any(not cell.column for cell in bad) else tuple(cell.column for cell in bad)
    found = bad[0].text if len(bad) == 1 else BETWEEN.join(f"{cell.column}: {cell.text}" for cell in bad)
    return RowAside(row, columns, tuple(cell.fault.value for cell in bad), found[:MOST_SHOWN], bad[0].cells)


# --- kept -----------------------------------------------------------------------------------------


@contextmanager
def keeping_rows(path: Path, headers: Sequence[str]) -> Iterator[Callable[[Iterable[RowAside]], None]]:
    """A function that keeps rows set aside; at the end they stand in `path`, whole or not at all."""
    schema = SCHEMA.with_metadata({HEADERS: json.dumps(list(headers)).encode()})
    with written_whole(path) as part, pq.ParquetWriter(part, schema, compression="zstd") as writer:

        def keep(rows: Iterable[RowAside]) -> None:
            data = [vars(row) for row in rows]
            if data:
                writer.write_table(pa.Table.from_pylist(data, schema=schema))

        yield keep


def kept_headers(path: Path) -> tuple[str, ...]:
    """The headers of the file whose rows are kept there."""
    return tuple(json.loads(pq.read_schema(path).metadata[HEADERS]))


def kept_rows(path: Path) -> Iterator[RowAside]:
    """The rows kept there, in their order."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(10_000):
            for data in batch.to_pylist():
                yield RowAside(data["row"], tuple(data["columns"]), tuple(data["faults"]), data["found"], tuple(data["cells"]))


# --- listed ---------------------------------------------------------------------------------------


def write_list(path: Path, entry: Import, kept: Path, status: Status) -> None:
    """Write the list of an import's rows set aside, each with what became of it."""
    head = (*META, *map(as_shown, kept_headers(kept)))
    lines = (_as_wide(row.line(entry, status(row.row)), len(head)) for row in kept_rows(kept))
    write_rows(path, lambda file: csv.writer(file).writerows(chain([head], lines)))


def _as_wide(line: Line, width: int) -> Line:
    return (*line, *("" for _ in range(width - len(line))))


def write_workbook(path: Path, lists: Iterable[tuple[Import, Path, Status, Marks]]) -> int:
    """Write the open rows of several imports into a workbook, a sheet each, all cells as text; how many rows that were.

    The cells that `Marks` names stand out.
    """
    count = 0
    with written_whole(path) as part, xlsxwriter.Workbook(part, {"constant_memory": True}) as book:
        looks = _Looks(book)
        for number, (entry, kept, status, marks) in enumerate(lists, 1):
            sheet = _Sheet(book.add_worksheet(f"{number} {entry.table}"[:31]), looks, (*META, *map(as_shown, kept_headers(kept))))
            for row in kept_rows(kept):
                if status(row.row) == OPEN.write():
                    sheet.add(row.line(entry, OPEN.write()), marks(row))
            count += sheet.finish()
    return count


class _Looks:
    """How the cells of the workbook look."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.head = book.add_format({"bold": True, "bg_color": "#E8EDF3", "bottom": 1, "num_format": "@"})
        self.said = book.add_format({"font_color": "#666666", "num_format": "@"})
        self.text = book.add_format({"num_format": "@"})
        self.wrong = book.add_format({"bg_color": "#FFE8A3", "num_format": "@"})


class _Sheet:
    """One import's sheet, written line by line."""

    def __init__(self, sheet: xlsxwriter.worksheet.Worksheet, looks: _Looks, headers: Line) -> None:
        self._sheet, self._looks, self._width, self._count = sheet, looks, len(headers), 0
        for place in range(len(headers)):
            sheet.set_column(place, place, WIDTHS[place] if place < len(WIDTHS) else 16, looks.text)
        sheet.freeze_panes(1, 3)
        for place, header in enumerate(headers):
            sheet.write_string(0, place, header, looks.head)

    def add(self, line: Line, marked: frozenset[int]) -> None:
        """Write one row; `marked` are the places of the cells at fault among the file's own."""
        if self._count == SHEET_ROWS:
            return
        self._count += 1
        for place, cell in enumerate(line):
            look = self._looks.said if place < len(META) else self._looks.wrong if place - len(META) in marked else self._looks.text
            self._sheet.write_string(self._count, place, cell, look)

    def finish(self) -> int:
        """How many rows there are, all of them to be filtered."""
        self._sheet.autofilter(0, 0, max(1, self._count), self._width - 1)
        return self._count
