"""A pay sheet as a workbook and as CSV, in the company's own columns: amounts as numbers, texts that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from decimal import Decimal
from io import BytesIO, StringIO

import xlsxwriter

from kaohe_web.pay.columns import LINE, Column
from kaohe_web.pay.queries import Row

MARK = "\ufeff"  # by which Excel knows UTF-8
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
MONEY_FORMAT = "#,##0.00"

TEXTS: dict[str, Callable[[Row], str]] = {
    "number": lambda row: row.subject,
    "name": lambda row: row.name,
    "unit": lambda row: row.unit,
    "role": lambda row: getattr(row.role, "zh", str(row.role)),
    "period": lambda row: row.period,
    "total": lambda row: row.total,
    "grade": lambda row: row.grade,
    "note": lambda row: row.note,
}
AMOUNTS: dict[str, Callable[[Row], int | None]] = {
    "due": lambda row: row.due,
    "difference": lambda row: row.difference,
    "payable": lambda row: row.payable,
}


def text_of(row: Row, column: Column) -> str:
    """What a column of words says of somebody."""
    return TEXTS[column.what](row)


def fen_of(row: Row, column: Column) -> int | None:
    """What a column of money holds for somebody."""
    if column.what.startswith(LINE):
        return row.lines.get(column.what.removeprefix(LINE))
    return AMOUNTS[column.what](row)


def harmless(text: str) -> str:
    """A text that a spreadsheet shows and never computes."""
    return f"'{text}" if text.startswith(STARTS) else text


def written(fen: int | None) -> str:
    """Fen as a plain number of yuan, as other programs read it."""
    if fen is None:
        return ""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02}"


def csv_of(columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
    """The sheet as CSV that Excel opens in the right letters."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(column.head) for column in columns])
    for row in rows:
        writer.writerow([written(fen_of(row, column)) if column.is_money else harmless(text_of(row, column)) for column in columns])
    return (MARK + out.getvalue()).encode()


def workbook_of(title: str, columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
    """The sheet as a workbook: every amount a number, every word a text, the sum of each column of money at the foot."""
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    head = book.add_format({"bold": True, "bg_color": "#F0F2F5", "bottom": 1})
    money, total = book.add_format({"num_format": MONEY_FORMAT}), book.add_format({"num_format": MONEY_FORMAT, "bold": True, "top": 1})
    sheet = book.add_worksheet(_name(title))
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.head, head)
        sheet.set_column(place, place, 16 if column.is_money else 14)
    for number, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            _write(sheet, number, place, row, column, money)
    for place, column in enumerate(columns):
        if column.is_money:
            sheet.write_number(len(rows) + 1, place, Decimal(written(sum(fen_of(row, column) or 0 for row in rows))), total)
    sheet.freeze_panes(1, 2)
    book.close()
    return out.getvalue()


def _write(sheet: xlsxwriter.worksheet.Worksheet, number: int, place: int, row: Row, column: Column, money: object) -> None:
    if not column.is_money:
        sheet.write_string(number, place, text_of(row, column))
    elif (fen := fen_of(row, column)) is not None:
        sheet.write_number(number, place, Decimal(written(fen)), money)


def _name(title: str) -> str:
    """A title as the name of a worksheet may be."""
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:31] or "工资表"
