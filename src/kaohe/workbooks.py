"""Results as a workbook: scorecards, items, a pay sheet whose sums are checked, and what is in the way.

A number of up to 15 significant digits is written as a number: a spreadsheet holds those exactly.
One that is longer, or has no end, is written as text in full, because a spreadsheet would round it
silently; the pay sheet then shows that its sum is short of the checked one. Numbers go to the file
as decimals, never through a binary float.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from kaohe.exporting import safe_text, write_csv_files, write_json
from kaohe.labels import Labels
from kaohe.numbers import terminates, write_number
from kaohe.problems import Language
from kaohe.scoring import ASSESSED, Results, Scorecard, Value
from kaohe.showing import pay_sums
from kaohe.texts import Text

WORKBOOK = "results.xlsx"
SHEETS = {
    "scorecards": Text("成绩单", "scorecards"),
    "items": Text("指标", "items"),
    "pay": Text("工资表", "pay sheet"),
    "problems": Text("问题", "problems"),
}
EXACT_DIGITS = 15
A4 = 9
WIDEST, WIDEST_SUM = 40, 80  # a sum written out is read to its end
MONEY, NUMBER, PLAIN, HEAD, BOLD_MONEY, BOLD = "money", "number", "plain", "head", "bold money", "bold"
FINE_MONEY, QUIET, GOOD, BAD = "fine money", "quiet", "good", "bad"
HEAD_FIGURE, WRITTEN = "head of figures", "written out"

Cell = Fraction | int | str | None


class Format(StrEnum):
    """What results may be written as."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


FORMATS = tuple(Format)


def write_results(results: Results, folder: Path, language: Language, formats: Iterable[Format] = FORMATS) -> list[Path]:
    """The results of a run in a folder: results.json, three CSV files, results.xlsx; gives what was written."""
    wanted = set(formats)
    folder.mkdir(parents=True, exist_ok=True)
    written = [write_json(results, folder, language)] if Format.JSON in wanted else []
    written += write_csv_files(results, folder, language) if Format.CSV in wanted else []
    return written + ([write_workbook(results, folder / WORKBOOK, language)] if Format.XLSX in wanted else [])


def sheet_number(value: Fraction) -> Decimal | None:
    """The number as a spreadsheet can hold it exactly; None for one that it would round.

    >>> sheet_number(Fraction(197, 2)), sheet_number(Fraction(1, 3))
    (Decimal('98.5'), None)
    """
    if not terminates(value):
        return None
    number = Decimal(write_number(value))
    return number if len(number.normalize().as_tuple().digits) <= EXACT_DIGITS else None


def write_workbook(results: Results, path: Path, language: Language) -> Path:
    """The results of a run as one XLSX file."""
    with new_book(path) as book:
        _Writer(book, results, language).write()
    return path


def new_book(path: Path) -> Any:
    """A new workbook, in which a text is never anything but a text."""
    return xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False})


class Sheet:
    """One sheet: a heading, rows below it, widths as wide as what stands there, A4 across."""

    def __init__(self, book: Any, formats: dict[str, Any], name: str, title: str) -> None:
        self.sheet = book.add_worksheet(name)
        self.formats = formats
        self.widths: dict[int, int] = {}
        self.headings: list[str] = []
        self.figures: set[int] = set()
        self.row = 0
        self.sheet.set_paper(A4)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0)
        self.sheet.set_margins(left=Decimal("0.4"), right=Decimal("0.4"), top=Decimal("0.6"), bottom=Decimal("0.6"))
        self.sheet.set_header(f"&L{title.replace('&', '&&')}&R{name}")
        self.sheet.set_footer("&C&P / &N")

    def head(self, headings: Sequence[str], frozen: int) -> None:
        """The heading row, which stays in sight with the first columns."""
        self.headings = list(headings)
        for column, heading in enumerate(headings):
            self.put(column, heading, HEAD)
        self.sheet.freeze_panes(1, frozen)
        self.row = 1

    def add(self, cells: Iterable[Cell], styles: Sequence[str] = ()) -> None:
        """A row of cells; a column without a style of its own is plain."""
        for column, cell in enumerate(cells):
            self.put(column, cell, styles[column] if column < len(styles) else PLAIN)
        self.row += 1

    def put(self, column: int, cell: Cell, style: str) -> None:
        """One cell of the current row: a number where it can be held exactly, text otherwise."""
        if cell is None or cell == "":
            return
        number = sheet_number(Fraction(cell)) if isinstance(cell, (Fraction, int)) else None
        text = safe_text(cell) if isinstance(cell, str) else write_number(Fraction(cell))
        if number is None:
            self.sheet.write_string(self.row, column, text, self.formats[style])
        else:
            self.sheet.write_number(self.row, column, number, self.formats[style])
            self.figures.add(column)
        self.widen(column, text, style)

    def formula(self, column: int, formula: str, value: Fraction | str, style: str) -> None:
        """A formula in the current row, with what it gives written beside it for whoever does not compute."""
        number = sheet_number(value) if isinstance(value, Fraction) else value
        if isinstance(value, Fraction):
            self.figures.add(column)
        self.sheet.write_formula(self.row, column, formula, self.formats[style], 0 if number is None else number)
        self.widen(column, write_number(value) if isinstance(value, Fraction) and number is not None else str(number or ""), style)

    def widen(self, column: int, text: str, style: str) -> None:
        """Remember how wide a column must be; a full-width letter takes two places."""
        width = sum(2 if ord(letter) > 0x2E7F else 1 for letter in text) + (4 if style in (MONEY, BOLD_MONEY) else 2)
        self.widths[column] = min(max(width, self.widths.get(column, 0)), WIDEST_SUM if style == WRITTEN else WIDEST)

    def close(self) -> None:
        """Set the widths, and the headings of figures to the right, above them."""
        for column, heading in enumerate(self.headings):
            if column in self.figures and heading:
                self.sheet.write_string(0, column, safe_text(heading), self.formats[HEAD_FIGURE])
        for column, width in self.widths.items():
            self.sheet.set_column(column, column, width)


@dataclass(frozen=True)
class _Column:
    """One column of a sheet."""

    heading: str
    cells: Sequence[Cell]
    style: str


class _Writer:
    """Writes the sheets of one run."""

    def __init__(self, book: Any, results: Results, language: Language) -> None:
        self.book = book
        self.results = results
        self.language = language
        self.labels = Labels(results.plan, language)
        self.cards = [results.scorecard(subject) for subject in results.subjects()]
        self.formats = sheet_formats(book)

    def write(self) -> None:
        """All sheets, in the order in which they are read."""
        for key, fill in self._sheets().items():
            sheet = Sheet(self.book, self.formats, SHEETS[key].tell(self.language), self._title())
            fill(sheet)
            sheet.close()

    def _sheets(self) -> dict[str, Callable[[Sheet], None]]:
        known = {"scorecards": self._scorecards, "items": self._items, "pay": self._pay, "problems": self._problems}
        return {key: fill for key, fill in known.items() if key != "pay" or self.results.plan.outputs["pay"]}

    def _title(self) -> str:
        facts = self.results.facts
        return f"{self.results.plan.scheme.name.tell(self.language)}  {facts.start} – {facts.end}"

    def _say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def _lines(self) -> list[str]:
        return [name for name, _, _ in self.results.plan.outputs["pay"]]

    def _scorecards(self, sheet: Sheet) -> None:
        """A row for each subject; columns in which nobody has anything are left out."""
        columns = [
            column for place, column in enumerate(self._columns()) if place < 2 or any(cell not in (None, "") for cell in column.cells)
        ]
        sheet.head([column.heading for column in columns], frozen=2)
        for row in zip(*(column.cells for column in columns), strict=True):
            sheet.add(row, [column.style for column in columns])
        if self.cards:
            sheet.sheet.autofilter(0, 0, len(self.cards), len(columns) - 1)

    def _columns(self) -> list[_Column]:
        labels, cards = self.labels, self.cards
        who = {
            "subject": [card.subject for card in cards],
            "name": [card.name for card in cards],
            "form": [labels.form(card.form) for card in cards],
            "status": [labels.status(card) for card in cards],
        }
        outcome: dict[str, list[Cell]] = {
            "total": [_cell(card.total) for card in cards],
            "grade": [labels.grade(card.grade) for card in cards],
            "rank": [card.rank for card in cards],
            "of": [card.of for card in cards],
        }
        words = {
            "actions": [labels.join(map(labels.action, card.actions)) for card in cards],
            "warnings": [labels.join(map(labels.warning, card.warnings)) for card in cards],
            "why": [labels.why(card) for card in cards],
        }
        items = [_Column(labels.item(id), [_cell(card.items.get(id)) for card in cards], NUMBER) for id in labels.items()]
        pay = [_Column(labels.pay(line), [_cell(card.pay.get(line)) for card in cards], MONEY) for line in self._lines()]
        return [*self._headed(who), *self._headed(outcome), *items, *pay, *self._headed(words)]

    def _headed(self, columns: Mapping[str, Sequence[Cell]]) -> list[_Column]:
        return [_Column(self.labels.heading(key), cells, NUMBER if key == "total" else PLAIN) for key, cells in columns.items()]

    def _items(self, sheet: Sheet) -> None:
        keys = ("subject", "name", "item", "item_name", "points", "exact", "clause")
        sheet.head([self.labels.heading(key) for key in keys], frozen=2)
        clauses = {id: item.clause for id, item in self.results.plan.scheme.items.items()}
        for card in self.cards:
            for id, points in card.items.items():
                exact = _cell(card.exact.get(f"item.{id}"))
                row: list[Cell] = [card.subject, card.name, id, self.labels.item(id), _cell(points), exact, clauses[id]]
                sheet.add(row, [PLAIN] * 4 + [NUMBER, NUMBER])

    def _pay(self, sheet: Sheet) -> None:
        lines = self._lines()
        headings = [self.labels.heading(key) for key in ("subject", "name", "status")]
        sheet.head([*headings, *map(self.labels.pay, lines)], frozen=2)
        for card in self.cards:
            row: list[Cell] = [card.subject, card.name, self.labels.status(card), *(_cell(card.pay.get(line)) for line in lines)]
            sheet.add(row, [PLAIN] * 3 + [MONEY] * len(lines))
        self._pay_sums(sheet, lines)

    def _pay_sums(self, sheet: Sheet, lines: list[str]) -> None:
        """Below the rows: the sum by formula, the exact sum that was computed, and what lies between them."""
        sums, last = pay_sums(self.cards), sheet.row
        checked, difference = last + 1, last + 2
        for offset, key in enumerate(("sum", "checked", "difference")):
            sheet.row = last + offset
            sheet.put(0, self.labels.heading(key), BOLD)
        for column, line in enumerate(lines, start=3):
            amount, by_sheet, name = sums.get(line, Fraction(0)), self._summed(line), xl_col_to_name(column)
            sheet.row = last
            sheet.formula(column, f"=SUM({name}2:{name}{last})" if last > 1 else "=0", by_sheet, BOLD_MONEY)
            sheet.row = checked
            sheet.put(column, amount, BOLD_MONEY)
            sheet.row = difference
            if sheet_number(amount) is None:  # a sum that the sheet cannot hold cannot be subtracted there either
                sheet.put(column, by_sheet - amount, BOLD_MONEY)
            else:
                cells = f"{xl_rowcol_to_cell(last, column)}-{xl_rowcol_to_cell(checked, column)}"
                sheet.formula(column, f"=ROUND({cells},6)", by_sheet - amount, BOLD_MONEY)
        red = self.book.add_format({"font_color": "#C00000", "bold": True})
        rule = {"type": "cell", "criteria": "!=", "value": 0, "format": red}
        sheet.sheet.conditional_format(difference, 3, difference, 2 + max(len(lines), 1), rule)

    def _summed(self, line: str) -> Fraction:
        """What a spreadsheet sums: the amounts that it holds as numbers."""
        amounts = (card.pay.get(line) for card in self.cards)
        return sum((value for value in amounts if isinstance(value, Fraction) and sheet_number(value) is not None), Fraction(0))

    def _problems(self, sheet: Sheet) -> None:
        keys = ("subject", "name", "status", "why")
        sheet.head([self.labels.heading(key) for key in keys], frozen=2)
        for card in self.cards:
            if card.status != ASSESSED or card.missing:
                sheet.add([card.subject, card.name, self.labels.status(card), self._why(card)])
            for warning in card.warnings:
                sheet.add([card.subject, card.name, self.labels.heading("warnings"), self.labels.warning(warning)])
        if sheet.row == 1:
            sheet.add([self._say("没有问题", "none")])

    def _why(self, card: Scorecard) -> str:
        if card.reason is not None or not card.missing:
            return self.labels.why(card)
        return self._say(f"缺少：{self.labels.missing(card)}", f"missing: {self.labels.missing(card)}")


def sheet_formats(book: Any) -> dict[str, Any]:
    """The looks of cells that every workbook shares."""
    head = {"bold": True, "bottom": 1, "bg_color": "#EDEDED", "text_wrap": True, "valign": "vcenter"}
    return {
        HEAD: book.add_format(head),
        HEAD_FIGURE: book.add_format({**head, "align": "right"}),
        WRITTEN: book.add_format({}),
        PLAIN: book.add_format({}),
        NUMBER: book.add_format({"num_format": "General", "align": "right"}),
        MONEY: book.add_format({"num_format": "#,##0.00", "align": "right"}),
        FINE_MONEY: book.add_format({"num_format": "#,##0.00####", "align": "right"}),
        QUIET: book.add_format({"font_color": "#646A73"}),
        GOOD: book.add_format({"font_color": "#0B7A43", "bold": True}),
        BAD: book.add_format({"font_color": "#C0271D", "bold": True}),
        BOLD: book.add_format({"bold": True}),
        BOLD_MONEY: book.add_format({"num_format": "#,##0.00", "bold": True, "top": 1, "align": "right"}),
    }


def _cell(value: Value) -> Cell:
    return str(value) if isinstance(value, bool) else value
