"""The sheets of a file as plain rows of text: merged cells filled, numbers as their shortest text. What they mean is for `rows`."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import python_calamine

from kaohe.numbers import write_number
from kaohe.problems import Place, Problems
from kaohe.sources.bounds import guard_workbook, telling_damage, text_of, unreadable
from kaohe.sources.workbooks import exact

BOOKS, TEXTS = (".xlsx", ".xlsm"), (".csv", ".tsv", ".txt")
MOST_ROWS, MOST_COLUMNS = 2_000, 60
Cell = tuple[int, int]


@dataclass(frozen=True)
class Table:
    """One sheet: its name, its rows of text, and for every cell of a merged range the cell that was typed into."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    merged: dict[Cell, Cell]

    def text(self, row: int, column: int) -> str:
        """What stands in a cell, in a merged one what was typed into the range."""
        row, column = self.merged.get((row, column), (row, column))
        line = self.rows[row] if row < len(self.rows) else ()
        return line[column] if column < len(line) else ""

    def origin(self, row: int, column: int) -> Cell:
        """The cell that was typed into."""
        return self.merged.get((row, column), (row, column))

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max((len(row) for row in self.rows), default=0)


def read_tables(path: Path) -> list[Table]:
    """Every sheet of a workbook, or the one table of a text file; Problems where it is neither."""
    suffix, place = path.suffix.lower(), Place(file=str(path))
    if suffix in BOOKS:
        return _of_workbook(path, place)
    if suffix in TEXTS:
        return [_of_text(path, place)]
    raise unreadable(
        place,
        f"不支持 {suffix or '无后缀'} 文件，请存为 .xlsx 或 .csv",
        f"{suffix or 'a nameless kind'} is not read: save as .xlsx or .csv",
    )


def _of_workbook(path: Path, place: Place) -> list[Table]:
    guard_workbook(path, place)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
        return [_table(name, sheet) for name, sheet in sheets]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise unreadable(place, f"不是有效的工作簿：{error}", f"this is no valid workbook: {error}") from None


def _table(name: str, sheet: python_calamine.CalamineSheet) -> Table:
    rows = sheet.to_python(skip_empty_area=False)[:MOST_ROWS]
    merged = {cell: first for first, last in sheet.merged_cell_ranges or () for cell in _cells(first, last)}
    return Table(name, tuple(tuple(_text(cell) for cell in row[:MOST_COLUMNS]) for row in rows), merged)


def _cells(first: Cell, last: Cell) -> Iterator[Cell]:
    for row in range(first[0], min(last[0], MOST_ROWS) + 1):
        for column in range(first[1], min(last[1], MOST_COLUMNS) + 1):
            yield row, column


def _text(cell: object) -> str:
    """A cell as text; a number in the digits that it is stored with."""
    found = exact(cell)
    if isinstance(found, bool) or found is None:
        return "" if found is None else str(found)
    return str(found).strip() if isinstance(found, (str, int)) else write_number(Fraction(str(found))) if _is_number(found) else str(found)


def _is_number(found: object) -> bool:
    try:
        Fraction(str(found))
    except ValueError:
        return False
    return True


def _of_text(path: Path, place: Place) -> Table:
    with text_of(path, place) as text, telling_damage(place):
        try:
            sample = text.read(4096)
            text.seek(0)
            separator = max((",", ";", "\t"), key=sample.count)
            rows = [row[:MOST_COLUMNS] for _, row in zip(range(MOST_ROWS), csv.reader(text, delimiter=separator), strict=False)]
        except (csv.Error, UnicodeError) as error:
            raise unreadable(place, f"CSV 有误：{error}", f"bad CSV: {error}") from None
    return Table("", tuple(tuple(cell.strip() for cell in row) for row in rows), {})


def address(row: int, column: int) -> str:
    """The name of a cell as spreadsheets tell it.

    >>> address(4, 5), address(0, 26)
    ('F5', 'AA1')
    """
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def even(text: str) -> str:
    """A heading made comparable: half-width, without blanks, brackets and what stands in them."""
    plain, depth, kept = unicodedata.normalize("NFKC", text), 0, ""
    for letter in plain:
        depth += letter in "([【"
        if not depth and not letter.isspace() and letter not in ":：*":
            kept += letter
        depth -= letter in ")]】" and depth > 0
    return kept.lower()


__all__ = ["Problems", "Sequence", "Table", "address", "even", "read_tables"]
