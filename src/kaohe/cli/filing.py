"""Tables that a command writes into a file: CSV, JSON or a workbook, as the file's name says; every figure exact."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from kaohe.cli.problems import TableKindUnknown
from kaohe.exporting import json_text, safe_text
from kaohe.numbers import write_number
from kaohe.problems import Problems
from kaohe.workbooks import NUMBER, PLAIN, Sheet, new_book, sheet_formats

Cell = Fraction | int | str | None


@dataclass(frozen=True)
class Filed:
    """A table to be written: its name, its headings, its rows; the first `frozen` columns stay in sight."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    frozen: int = 1


def check_table_file(path: Path) -> Path:
    """The path, where its name says how to write a table; Problems otherwise."""
    if path.suffix.lower() not in WRITERS:
        raise Problems([TableKindUnknown(about=[path.name], name=path.name)])
    return path


def write_tables(path: Path, title: str, tables: Sequence[Filed], data: Mapping[str, object]) -> Path:
    """Write a report: its tables as sheets, the first of them as CSV, or its data as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    WRITERS[check_table_file(path).suffix.lower()](path, title, tables, data)
    return path


def _write_csv(path: Path, title: str, tables: Sequence[Filed], data: Mapping[str, object]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([map(_text, row) for row in (tables[0].headings, *tables[0].rows)])


def _text(cell: Cell) -> str:
    """A cell in full: a decimal where a figure ends, a fraction where it does not."""
    if cell is None:
        return ""
    return safe_text(cell) if isinstance(cell, str) else write_number(Fraction(cell))


def _write_json(path: Path, title: str, tables: Sequence[Filed], data: Mapping[str, object]) -> None:
    path.write_text(json_text(data) + "\n", encoding="utf-8")


def _write_book(path: Path, title: str, tables: Sequence[Filed], data: Mapping[str, object]) -> None:
    with new_book(path) as book:
        formats = sheet_formats(book)
        for table in tables:
            sheet = Sheet(book, formats, table.name, title)
            sheet.head(table.headings, table.frozen)
            for row in table.rows:
                sheet.add(row, [NUMBER if isinstance(cell, Fraction) else PLAIN for cell in row])
            sheet.close()


WRITERS: dict[str, Callable[[Path, str, Sequence[Filed], Mapping[str, object]], None]] = {
    ".csv": _write_csv,
    ".json": _write_json,
    ".xlsx": _write_book,
}
