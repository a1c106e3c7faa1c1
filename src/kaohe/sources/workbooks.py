"""XLSX workbooks: every sheet as a grid, numbers in the digits that the sheet shows them with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import python_calamine

from kaohe.packed import Cells
from kaohe.problems import Place
from kaohe.sources.bounds import LIMITS, Limits, guard_workbook, unreadable
from kaohe.sources.grids import Grid, grid_of


def read_workbook(path: Path, limits: Limits = LIMITS) -> dict[str, Grid]:
    """Every sheet that has headings, by its name; Problems for a file that is too large or no workbook."""
    place = Place(file=str(path))
    guard_workbook(path, place, limits)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise unreadable(place, f"不是有效的工作簿：{error}", f"this is no valid workbook: {error}") from None
    return {name: _grid(rows, place.at(sheet=name)) for name, rows in sheets.items() if rows}


def _grid(rows: Sequence[Sequence[object]], place: Place) -> Grid:
    headings, *body = rows
    columns: list[Cells] = [[exact(cell) for cell in column] for column in zip(*body, strict=True)]
    return grid_of(headings, columns or [[] for _ in headings], np.arange(2, len(body) + 2), place)


def exact(cell: object) -> object:
    """A cell as facts take it: whole numbers as such, other numbers by their shortest decimal text, days as dates."""
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else Decimal(repr(cell))
    if isinstance(cell, datetime):
        return cell.date() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, (date, bool, int)):
        return cell
    return str(cell) if isinstance(cell, (time, timedelta)) else cell
