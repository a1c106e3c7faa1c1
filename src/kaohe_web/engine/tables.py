"""Workbooks and CSV files as plain rows of text, read under the engine's bounds; and rows as workbooks to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from kaohe.facts import is_blank
from kaohe.numbers import parse_date
from kaohe.problems import Problem, Problems
from kaohe.sources.delimited import read_delimited
from kaohe.sources.grids import Grid
from kaohe.sources.workbooks import read_workbook
from kaohe_web.engine.telling import Told, told_of

BOOKS, TEXTS = (".xlsx", ".xlsm"), (".csv", ".tsv", ".txt")
WIDEST = 40
STYLES = {
    "head": {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "text_wrap": True, "valign": "vcenter"},
    "note": {"font_color": "#7A7A7A", "bg_color": "#F3F3F3", "text_wrap": True, "valign": "top", "font_size": 9},
    "text": {"num_format": "@"},
}
NOT_A_TABLE = Told(
    "",
    "只能读取 XLSX 工作簿与 CSV 文件。",
    "Only XLSX workbooks and CSV files are read.",
    "请另存为这两种之一再上传。",
    "Save it as one of these, then upload again.",
)
EMPTY = Told(
    "", "文件里没有数据行。", "The file holds no rows.", "第1行写列名，下面一行一条。", "Row 1 holds the headings, one row each below."
)


@dataclass(frozen=True)
class Line:
    """One row of a file: its number as the spreadsheet counts, and its cells by heading."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class ReadTable:
    """The first sheet of a file that has rows, or why there is none."""

    headings: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    problems: tuple[Told, ...] = ()


def read_table(name: str, content: bytes) -> ReadTable:
    """The rows of an uploaded workbook or CSV file; problems where it is neither, too large, or empty."""
    suffix = Path(name).suffix.lower()
    if suffix not in (*BOOKS, *TEXTS):
        return ReadTable(problems=(NOT_A_TABLE,))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{suffix}"
        path.write_bytes(content)
        try:
            grids = list(read_workbook(path).values()) if suffix in BOOKS else [read_delimited(path)]
        except Problems as refused:
            return ReadTable(problems=tuple(told_of(refused.problems)))
    filled = next((grid for grid in grids if grid.size), None)
    return ReadTable(problems=(EMPTY,)) if filled is None else _table(filled)


def _table(grid: Grid) -> ReadTable:
    columns = [[cell_text(cell) for cell in column] for column in grid.columns]
    rows = zip(*columns, strict=True)
    lines = tuple(
        Line(number, dict(zip(grid.headings, cells, strict=True))) for number, cells in zip(grid.numbers.tolist(), rows, strict=True)
    )
    return ReadTable(tuple(grid.headings), lines, tuple(told_of(grid.problems)))


def cell_text(cell: object) -> str:
    """A cell as text: days in ISO form, nothing for a blank."""
    if is_blank(cell):
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def day_of(text: str) -> date | None:
    """The day that a text writes; none where it writes no day."""
    day = parse_date(text)
    return None if isinstance(day, Problem) else day


@dataclass(frozen=True)
class Filling:
    """A sheet to fill in: headings each with a note, rows that are known already, choices by heading."""

    name: str
    headings: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[str]] = ()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def workbook_of(sheets: Iterable[Filling]) -> bytes:
    """The sheets as one XLSX file; a text is never anything but a text."""
    buffer = BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, plain) as book:
        styles = {name: book.add_format(style) for name, style in STYLES.items()}
        for sheet in sheets:
            _write(book, styles, sheet)
    return buffer.getvalue()


def _write(book: Any, styles: Mapping[str, Any], filling: Filling) -> None:
    sheet = book.add_worksheet(filling.name)
    for column, (heading, note) in enumerate(filling.headings):
        sheet.set_column(column, column, _width(filling, column), styles["text"])
        sheet.write_string(0, column, heading, styles["head"])
        sheet.write_string(1, column, f"※ {note}" if column == 0 else note, styles["note"])
        if filling.choices.get(heading):
            sheet.data_validation(2, column, 2001, column, {"validate": "list", "source": _listed(filling.choices[heading])})
    for place, row in enumerate(filling.rows, start=2):
        for column, text in enumerate(row):
            sheet.write_string(place, column, text, styles["text"])
    sheet.freeze_panes(2, 0)


def _listed(choices: Sequence[str]) -> list[str]:
    """As many choices as a spreadsheet's list takes: 255 letters in all."""
    found: list[str] = []
    for choice in choices:
        if sum(len(one) + 1 for one in (*found, choice)) > 255:
            break
        found.append(choice)
    return found


def _width(filling: Filling, column: int) -> int:
    """A full-width letter takes two places."""
    texts = [filling.headings[column][0], *(row[column] for row in filling.rows[:200])]
    return min(WIDEST, max(14, *(sum(2 if ord(letter) > 0x2E7F else 1 for letter in text) + 2 for text in texts)))
