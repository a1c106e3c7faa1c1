"""The workbook that a clerk fills: the sheets and columns of one scheme, with choices, bounds, notes and an example row.

Every text is written as text, never as a formula. Rows that begin with a mark (`※` notes, `例:`
or `e.g.` the example) are for people and are left out when the workbook is read back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kaohe.checking.choices import period_words
from kaohe.numbers import terminates, write_number
from kaohe.plan import Plan
from kaohe.problems import Language
from kaohe.scheme import Declared
from kaohe.sheets import Entry, Setting, Sheet, sheets_of
from kaohe.texts import Text

ROWS = 2000
NOTES, EXAMPLE, FIRST = 1, 2, 3
NARROWEST, WIDEST = 10, 36
README, LISTS = Text("说明", "Read me"), Text("选项", "Choices")
NOTE_MARK, EXAMPLE_MARK = "※ ", Text("例：", "e.g. ")
NO_LIMITS = (date(1950, 1, 1), date(2199, 12, 31))

GREY, PALE, HEAD = "#7A7A7A", "#F3F3F3", "#DCE6F1"
STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "head": {"bold": True, "bg_color": HEAD, "bottom": 1, "text_wrap": True, "valign": "vcenter", "quote_prefix": True},
    "notes": {"font_color": GREY, "bg_color": PALE, "text_wrap": True, "valign": "top", "font_size": 9, "quote_prefix": True},
    "example": {"font_color": GREY, "italic": True, "quote_prefix": True},
    "text": {"num_format": "@", "quote_prefix": True},
    "wrapped": {"text_wrap": True, "valign": "top", "quote_prefix": True},
    "date": {"num_format": "yyyy-mm-dd"},
    "number": {},
}

EXAMPLES: Mapping[str, Text] = {
    "id": Text("a01", "a01"),
    "subject": Text("a01", "a01"),
    "name": Text("张三", "Zhang San"),
    "rater": Text("b07", "b07"),
    "call": Text("c-20260305-01", "c-20260305-01"),
    "start": Text("2026-03-01", "2026-03-01"),
    "end": Text("2026-03-31", "2026-03-31"),
    "period_end": Text("2026-02-28", "2026-02-28"),
}
KIND_EXAMPLES = {"date": "2026-03-05", "month": "2026-03", "text": "…", "ratio": "98.5%"}

WHAT: Mapping[str, Text] = {
    "period": Text("考核周期的第一天与最后一天", "the first and the last day of the period"),
    "config": Text("方案留给公司选择的数值；已填的是方案的默认值", "what the scheme leaves to the company; filled in are its defaults"),
    "people": Text("被考核的人，以及方案要看的情况；一人一行", "who is appraised, and what the scheme looks at in them; one row each"),
    "values": Text(
        "全周期的数值；一人（或一个部门、店铺）一行，没有数据的留空，不要填 0",
        "figures of the whole period; one row a person (or unit); leave empty what there is no data for, do not write 0",
    ),
    "ratings": Text("评分；一次评分一行", "scores that people give; one row a rating"),
    "events": Text("有日期的记录；一件事一行", "dated records; one row each"),
    "history": Text("以往周期的结果；一人一期一行", "results of earlier periods; one row a person and period"),
}
HOW = (
    Text(
        "每张表的第 1 行是列名，请勿改动；灰色的第 2 行是单位与说明。",
        "Row 1 of each sheet holds the headings: leave them. Grey row 2 tells units and bounds.",
    ),
    Text("第 3 行是示例；第 2、3 行在读取时会略过。", "Row 3 is an example. Rows 2 and 3 are left out when the file is read."),
    Text("从第 4 行开始填写。用不到的表和列可以留空。", "Fill in from row 4 on. Sheets and columns that are not needed may stay empty."),
    Text(
        "比率可写 98.5% 或 0.985；除不尽的可写成文字 2/3。", "A share is 98.5% or 0.985; one without an end may be written as the text 2/3."
    ),
    Text("日期写成 2026-03-05。", "Dates are written 2026-03-05."),
    Text(
        "填好后保存，用本文件评分；有问题时会指出表、行、列。",
        "Save the file and score it; whatever is wrong is told with sheet, row and column.",
    ),
)


Filled = Mapping[str, Sequence[Mapping[str, str]]]


def write_template(plan: Plan, path: Path, language: Language = "zh", filled: Filled | None = None) -> Path:
    """Write the workbook of a scheme's facts, ready to fill; what was at `path` is replaced.

    `filled` are rows that are known already, by table (`people`, `period`, …), each from its columns' ids to text.
    """
    sheets = sheets_of(plan, language)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        _Writer(book, plan, language, sheets, filled or {}).write()
    return path


@dataclass
class _Writer:
    book: Workbook
    plan: Plan
    language: Language
    sheets: list[Sheet]
    filled: Filled = field(default_factory=dict)
    styles: dict[str, Any] = field(default_factory=dict)
    lists: dict[tuple[str, ...], str] = field(default_factory=dict)

    def write(self) -> None:
        self.styles = {name: self.book.add_format(style) for name, style in STYLES.items()}
        self._readme(self.book.add_worksheet(README.tell(self.language)))
        pages = [(sheet, self.book.add_worksheet(sheet.name)) for sheet in self.sheets]
        self._lists(self.book.add_worksheet(LISTS.tell(self.language)))
        for sheet, page in pages:
            self._page(sheet, page)

    # --- the first sheet ----------------------------------------------------------------------

    def _readme(self, page: Worksheet) -> None:
        scheme = self.plan.scheme
        period = period_words(scheme.period)[0 if self.language == "zh" else 1]
        about = Text(
            f"方案：{scheme.scheme} 第 {scheme.version} 版；考核周期：{period}",
            f"Scheme: {scheme.scheme}, version {scheme.version}; period: {period}",
        )
        page.set_column(0, 0, 22, self.styles["wrapped"])
        page.set_column(1, 1, 96, self.styles["wrapped"])
        page.write_string(0, 0, scheme.name.tell(self.language), self.styles["title"])
        page.write_string(1, 0, about.tell(self.language))
        page.write_string(3, 0, Text("工作表", "Sheet").tell(self.language), self.styles["head"])
        page.write_string(3, 1, Text("填什么", "What to fill in").tell(self.language), self.styles["head"])
        for row, sheet in enumerate(self.sheets, 4):
            page.write_url(row, 0, f"internal:'{sheet.name}'!A1", string=sheet.name)
            page.write_string(row, 1, self._what(sheet), self.styles["wrapped"])
        for row, line in enumerate(HOW, 5 + len(self.sheets)):
            page.write_string(row, 1, line.tell(self.language), self.styles["wrapped"])

    def _what(self, sheet: Sheet) -> str:
        what = WHAT[sheet.kind].tell(self.language)
        event = self.plan.scheme.events[sheet.event].name.tell(self.language) if sheet.event else ""
        return f"{event}: {what}" if self.language == "en" and event else f"{event}:{what}" if event else what

    # --- the lists behind the choices ---------------------------------------------------------

    def _lists(self, page: Worksheet) -> None:
        """One hidden column for each list of choices; cells refer to it, so that a choice may hold a comma."""
        page.hide()
        entries = [entry for sheet in self.sheets for entry in (*sheet.entries, *(setting.entry for setting in sheet.settings))]
        for column, choices in enumerate(dict.fromkeys(entry.choices for entry in entries if entry.choices)):
            for row, choice in enumerate(choices):
                page.write_string(row, column, choice, self.styles["text"])
            name = xl_col_to_name(column)
            self.lists[choices] = f"='{LISTS.tell(self.language)}'!${name}$1:${name}${len(choices)}"

    # --- a sheet to fill ----------------------------------------------------------------------

    def _page(self, sheet: Sheet, page: Worksheet) -> None:
        page.freeze_panes(FIRST, 1)
        page.set_row(NOTES, 42)
        for column, entry in enumerate(sheet.entries):
            note, example = entry.note(self.language), self._example(entry)
            if column == 0:
                note, example = f"{NOTE_MARK}{note}", f"{EXAMPLE_MARK.tell(self.language)}{example}"
            page.set_column(column, column, _width(entry.heading, example), self._cell_style(entry.declared))
            page.write_string(0, column, entry.heading, self.styles["head"])
            page.write_string(NOTES, column, note, self.styles["notes"])
            page.write_string(EXAMPLE, column, example, self.styles["example"])
            if not sheet.settings:
                self._validate(page, FIRST, FIRST + ROWS - 1, column, entry)
        if sheet.settings:
            page.write_string(0, len(sheet.entries), README.tell(self.language), self.styles["head"])
            page.set_column(len(sheet.entries), len(sheet.entries), WIDEST)
        for row, setting in enumerate(sheet.settings, FIRST):
            self._setting(page, row, setting)
        for row, known in enumerate(self.filled.get(sheet.kind, ()), FIRST):
            for column, entry in enumerate(sheet.entries):
                if known.get(entry.column):
                    page.write_string(row, column, known[entry.column], self.styles["text"])

    def _cell_style(self, declared: Declared) -> Any:
        kind = declared.kind if declared.kind == "date" else "text" if declared.kind in ("text", "words", "month", "yes_no") else "number"
        return self.styles[kind]

    def _setting(self, page: Worksheet, row: int, setting: Setting) -> None:
        page.write_string(row, 0, setting.label, self.styles["text"])
        for column, text in ((1, setting.part_label), (2, setting.value)):
            if text:
                page.write_string(row, column, text, self.styles["text"])
        page.write_string(row, 3, setting.entry.note(self.language), self.styles["notes"])
        self._validate(page, row, row, 2, setting.entry)

    def _example(self, entry: Entry) -> str:
        declared = entry.declared
        if entry.column in EXAMPLES:
            return EXAMPLES[entry.column].tell(self.language)
        if entry.choices:
            return entry.choices[0]
        number = declared.low if declared.low is not None and not declared.low_open else declared.high
        plain = "1" if number is None or not terminates(number) else write_number(number)
        return declared.default or KIND_EXAMPLES.get(declared.kind, plain)

    # --- what a cell takes --------------------------------------------------------------------

    def _validate(self, page: Worksheet, first: int, last: int, column: int, entry: Entry) -> None:
        rule = self._rule(entry)
        if rule is None:
            return
        note = entry.note(self.language)
        told = {"error_title": entry.heading[:32], "error_message": note[:255], "ignore_blank": True}
        page.data_validation(first, column, last, column, {**told, **rule})

    def _rule(self, entry: Entry) -> dict[str, Any] | None:
        """What a cell of this column takes, as a spreadsheet checks it; None where anything goes."""
        declared = entry.declared
        if entry.choices:
            return {"validate": "list", "source": self.lists[entry.choices], "error_type": "stop" if entry.strict else "information"}
        if entry.people:
            return self._ids()
        if declared.kind == "date":
            return {"validate": "date", "criteria": "between", "minimum": NO_LIMITS[0], "maximum": NO_LIMITS[1]}
        if declared.kind in ("text", "month", "words", "yes_no"):
            return None
        return _number_rule(declared)

    def _ids(self) -> dict[str, Any] | None:
        """The ids on the sheet of people; another is asked about, since units have figures too."""
        people = next((sheet.name for sheet in self.sheets if sheet.kind == "people"), None)
        if people is None:
            return None
        return {"validate": "list", "source": f"='{people}'!$A${FIRST + 1}:$A${FIRST + ROWS}", "error_type": "warning"}


def _number_rule(declared: Declared) -> dict[str, Any]:
    """Bounds as a spreadsheet checks them; a fraction typed as text is let through after a question."""
    kind = "integer" if declared.whole else "decimal"
    low, high = (None if bound is None else _plain(bound) for bound in (declared.low, declared.high))
    rule: dict[str, Any] = {"validate": kind, "error_type": "stop" if declared.whole else "warning"}
    if low is not None and high is not None and not declared.low_open and not declared.high_open:
        return {**rule, "criteria": "between", "minimum": low, "maximum": high}
    if low is not None:
        return {**rule, "criteria": ">" if declared.low_open else ">=", "value": low}
    if high is not None:
        return {**rule, "criteria": "<" if declared.high_open else "<=", "value": high}
    return {**rule, "criteria": "between", "minimum": "-1E+15", "maximum": "1E+15"}


def _plain(bound: Any) -> str:
    """A bound as a spreadsheet reads it: a number without an end as the formula of its fraction."""
    return write_number(bound) if terminates(bound) else f"={write_number(bound)}"


def _width(*texts: str) -> int:
    """The width that the longest text needs; a Chinese character takes two places."""
    widest = max((sum(2 if ord(letter) > 0x2E7F else 1 for letter in text) for text in texts), default=0)
    return min(WIDEST, max(NARROWEST, widest + 2))
