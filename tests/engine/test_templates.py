"""The workbook that a clerk fills: what it offers, and that a filled one gives the facts that were filled in."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kaohe.cases import Case, read_cases
from kaohe.checking import check_facts
from kaohe.facts import RawFacts
from kaohe.library import library_folder, read_library, scheme_ids
from kaohe.numbers import parse_date
from kaohe.plan import Plan
from kaohe.problems import Problems
from kaohe.reading import plan_of_text, read_plan
from kaohe.scoring import score
from kaohe.sheets import Sheet, sheets_of
from kaohe.sources import read_facts
from kaohe.templates import FIRST, write_template

LANGUAGES = ("zh", "en")
MOST_CASES = 2


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan(Path(__file__).parent / "facts_tea_house.yaml")


def opened(plan: Plan, path: Path, language: str = "zh") -> Any:
    return openpyxl.load_workbook(write_template(plan, path, language))


def rows(page: Any, count: int) -> list[list[Any]]:
    return [list(row) for row in page.iter_rows(min_row=1, max_row=count, values_only=True)]


def checks(page: Any) -> dict[str, Any]:
    """What each column's cells take, by the heading of the column."""
    headings = {cell.column_letter: cell.value for cell in page[1]}
    return {headings[str(rule.sqref).split(":")[0].rstrip("0123456789")]: rule for rule in page.data_validations.dataValidation}


def offered(book: Any, rule: Any) -> list[str]:
    """The choices of a list, looked up where the list refers to."""
    name, cells = rule.formula1.split("!")
    return [row[0].value for row in book[name.strip("'")][cells.replace("$", "")]]


# --- what the workbook offers ---------------------------------------------------------------------


def test_there_is_a_sheet_for_each_table_that_the_scheme_needs(plan, tmp_path) -> None:
    assert opened(plan, tmp_path / "zh.xlsx").sheetnames == [
        "说明",
        "周期",
        "方案设置",
        "人员",
        "数值",
        "评分",
        "记录",
        "打翻茶水",
        "盘点",
        "历史",
        "选项",
    ]
    english = opened(plan, tmp_path / "en.xlsx", "en").sheetnames
    assert english == [
        "Read me",
        "Period",
        "Config",
        "People",
        "Values",
        "Ratings",
        "Events",
        "Tea spilt",
        "Stock-take",
        "History",
        "Choices",
    ]


def test_a_sheet_has_headings_then_notes_then_an_example(plan, tmp_path) -> None:
    book = opened(plan, tmp_path / "facts.xlsx")
    assert rows(book["打翻茶水"], 4) == [
        ["被考核人", "日期", "次数", "轻重", "杯数", "酌情"],
        [
            "※ 文字",
            "日期",
            "数字；整数；≥ 1；不填按 1 计",
            "从列表中选择",
            "数字；整数；≥ 1, ≤ 9",
            "从列表中选择；可填多个，用、隔开；可不填",
        ],
        ["例：a01", "2026-03-05", "1", "轻微", "1", "勤快"],
        [None] * 6,
    ]
    assert rows(book["数值"], 2)[1][4] == "填在“茶楼”的行；元；≥ 0；可不填"
    assert (book["数值"].freeze_panes, book["选项"].sheet_state) == ("B4", "hidden")


def test_words_dates_and_numbers_are_checked_while_they_are_typed(plan, tmp_path) -> None:
    book = opened(plan, tmp_path / "facts.xlsx")
    spilt = checks(book["打翻茶水"])
    assert offered(book, spilt["轻重"]) == ["轻微", "严重"]
    assert offered(book, checks(book["人员"])["茶艺证"]) == ["red", "green"]
    assert offered(book, checks(book["人员"])["岗位"]) == ["茶博士", "领班"]
    assert offered(book, checks(book["记录"])["类型"]) == ["迟到", "赔礼"]
    assert offered(book, checks(book["评分"])["指标"]) == ["礼仪"]
    cups = spilt["杯数"]
    assert (cups.type, cups.operator or "between", cups.formula1, cups.formula2, cups.errorStyle or "stop") == (
        "whole",
        "between",
        "1",
        "9",
        "stop",
    )
    assert (spilt["日期"].type, spilt["酌情"].errorStyle, spilt["被考核人"].formula1) == ("date", "information", "'人员'!$A$4:$A$2003")
    assert str(cups.sqref) == "E4:E2003"


def test_the_first_sheet_tells_what_to_fill_in(plan, tmp_path) -> None:
    texts = [str(cell) for row in rows(opened(plan, tmp_path / "facts.xlsx")["说明"], 30) for cell in row if cell]
    assert texts[:2] == ["茶馆月度考核", "方案：tea-house-facts 第 1 版；考核周期：一个自然月"]
    assert [text for text in texts if text.startswith("打翻茶水")] == ["打翻茶水", "打翻茶水:有日期的记录；一件事一行"]


def test_the_choices_of_the_company_stand_there_with_their_defaults(plan, tmp_path) -> None:
    found = rows(opened(plan, tmp_path / "facts.xlsx")["方案设置"], 6)
    assert [row[:3] for row in found[3:]] == [["免扣次数", None, None], ["口味与礼仪比例", "taste", "60"], ["口味与礼仪比例", "礼仪", "40"]]


def test_an_empty_template_lacks_the_period_and_nothing_else_of_its_own_making(plan, tmp_path) -> None:
    with pytest.raises(Problems) as found:
        check_facts(plan, read_facts(write_template(plan, tmp_path / "facts.xlsx"), plan))
    assert [(problem.reason, problem.about[0]) for problem in found.value] == [("missing", "free_pours"), ("period", "period")]


def test_no_text_becomes_a_formula(tmp_path) -> None:
    plan = plan_of_text(
        """
scheme: tea-house
name: "=HYPERLINK(\\"x\\") | @SUM(A1)"
period: month
roles: {assessed: {"=1+1": "=cmd | +cmd"}}
people: {shift: {is: ["=2+2", "@x, y"], name: "-3 | =A1"}}
values: {cups: {is: whole 0.., name: "+杯 | =cups"}}
items: {cups_score: {name: 杯, is: cups, clause: 一}}
total: {is: sum, clause: 一}
"""
    )
    for language in LANGUAGES:
        book = opened(plan, tmp_path / f"{language}.xlsx", language)
        cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} == {"s"}
        starting = [cell for cell in cells if str(cell.value).startswith(("=", "+", "-", "@")) and cell.coordinate != "A1"]
        assert starting
        assert all(cell.style.startswith("Normal") and cell.quotePrefix for cell in starting)


# --- there and back again -------------------------------------------------------------------------


def filled(plan: Plan, facts: RawFacts, path: Path, language: str) -> Path:
    """The template with the facts of a case typed into it, as a clerk would: days as days, numbers as numbers, words as offered."""
    book = opened(plan, path, language)
    sheets = sheets_of(plan, language)
    people = {str(id) for table in facts.tables["people"] for id in table.cells("id")}
    for sheet in sheets:
        page, row = book[sheet.name], FIRST + 1
        for record in _records(sheet, sheets, facts):
            for column, entry in enumerate(sheet.entries, 1):
                cell = record.get(entry.column)
                mine = sheet.kind != "values" or not entry.whose or record["subject"] not in people
                if cell is not None and mine:
                    page.cell(row, column).value = _typed(cell)
            row += 1
        if sheet.settings:
            _choose(page, sheet, facts.config)
    book.save(path)
    return path


def _records(sheet: Sheet, sheets: list[Sheet], facts: RawFacts) -> Iterator[Mapping[str, Any]]:
    if sheet.kind == "period":
        yield {"start": facts.start, "end": facts.end, "as_of": facts.as_of}
        return
    own = {other.event for other in sheets if other.kind == "events" and other.event}
    for table in facts.tables.get(sheet.kind, ()):
        for record in (table.row(row) for row in range(table.size)):
            if sheet.kind != "events" or record["type"] == sheet.event or (sheet.event is None and record["type"] not in own):
                yield record


def _choose(page: Any, sheet: Sheet, config: Mapping[str, Any]) -> None:
    """Every row of the choices gets what was chosen; one that is not chosen keeps what stands there."""
    for row, setting in enumerate(sheet.settings, FIRST + 1):
        chosen = config.get(setting.key)
        if isinstance(chosen, Mapping):
            chosen = chosen.get(setting.part)
        if chosen is not None:
            page.cell(row, 3).value = _typed(chosen)


def _typed(cell: Any) -> Any:
    """What ends up in a cell when a clerk types this."""
    if isinstance(cell, list):
        return "、".join(map(str, cell))
    text = str(cell)
    day = parse_date(text)
    if isinstance(day, date):
        return day
    try:
        return Decimal(text) if len(text) < 15 else text
    except InvalidOperation:
        return text


def own_and_public_cases(scheme: str) -> list[Case]:
    folders = [library_folder(), *([Path(os.environ["KAOHE_CASES"])] if os.environ.get("KAOHE_CASES") else [])]
    files = [folder / scheme / "cases.yaml" for folder in folders]
    return [case for file in files if file.is_file() for case in read_cases(file).cases[:MOST_CASES] if case.expect_error is None]


@pytest.mark.parametrize("scheme", scheme_ids())
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_filled_template_scores_as_the_facts_that_were_filled_in(scheme, language, tmp_path) -> None:
    plan = read_library(scheme)
    cases = own_and_public_cases(scheme)
    if not cases:
        pytest.skip("the scheme has no cases of its own, and KAOHE_CASES names no folder of others")
    for number, case in enumerate(cases):
        path = filled(plan, case.facts, tmp_path / f"{number}.xlsx", language)
        wanted, found = score(plan, check_facts(plan, case.facts)), score(plan, check_facts(plan, read_facts(path, plan)))
        assert {id: found.scorecard(id) for id in found.subjects()} == {id: wanted.scorecard(id) for id in wanted.subjects()}, case.name
