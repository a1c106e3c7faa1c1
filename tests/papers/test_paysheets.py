"""The pay sheet: formulas that give what was computed, sums that agree on both sides, nothing that runs, differences from before."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest

from kaohe.papers.earlier import EarlierRound, LookBack
from kaohe.papers.paysheets import write_pay_sheet


@pytest.fixture
def sheets(house, tmp_path):
    """The tea-house's pay sheet, its formulas and what is written beside them."""

    def make(**more):
        path = write_pay_sheet(house.round(money=True, **more), tmp_path / "pay-sheet.xlsx")
        return openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)

    return make


def amount(cell):
    return Fraction(Decimal(repr(cell)))


# --- the lines ------------------------------------------------------------------------------------


def test_everybody_has_a_line_and_teams_have_subtotals(sheets):
    _, shown = sheets()
    rows = [row for row in shown["工资表"].iter_rows(values_only=True) if any(row)]
    assert rows[0] == ("编号", "姓名", "班组", "岗位", "等级", "状态", "奖金", "表彰奖", "说明")
    assert rows[1] == ("e1", "张三", "前厅", "茶艺师", "A 优秀", "已考核", 954, 100, None)
    assert [row[1] for row in rows[1:]][5:] == ["小计 前厅", "周八", "吴九", "郑十", "小计 后院", "合计", rows[-1][1]]
    assert rows[6][6:8] == (3187.37, 200)
    assert rows[11][6:8] == (3881.37, 300)
    assert rows[-1][1].startswith("制表：")


def test_who_is_not_appraised_or_incomplete_is_told_why(sheets):
    _, shown = sheets()
    lines = {row[0]: row for row in shown["工资表"].iter_rows(values_only=True)}
    assert (lines["e7"][5], lines["e7"][6], lines["e7"][8]) == ("不考核", 50, "整月休假")
    assert (lines["e8"][5], lines["e8"][6], lines["e8"][8]) == ("数据不全", None, "迎客")


def test_amounts_are_numbers_with_cents(sheets):
    formulas, _ = sheets()
    cell = formulas["工资表"]["G3"]
    assert (cell.data_type, cell.value, cell.number_format) == ("n", 360.04, "#,##0.00")


def test_the_sheet_is_ready_to_be_printed(sheets):
    formulas, _ = sheets()
    for sheet in formulas:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.print_title_rows == "$1:$1"
    assert formulas["工资表"].freeze_panes == "C2"


# --- sums and checks ------------------------------------------------------------------------------


def test_every_formula_gives_what_is_written_beside_it(sheets):
    formulas, shown = sheets()
    checked = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    found = Computed(formulas, shown).value(sheet.title, cell.value)
                    wanted = shown[sheet.title][cell.coordinate].value
                    assert found == (wanted if isinstance(wanted, str) else amount(wanted)), (sheet.title, cell.coordinate, cell.value)
                    checked += 1
    assert checked > 40


def test_every_check_agrees_and_is_written_out(sheets):
    _, shown = sheets()
    rows = list(shown["核对"].iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[5], row[6]) for row in rows] == [
        ("人数", 0, "相符"),
        ("等级", 0, "相符"),
        ("奖金：各行 = 合计", 0, "相符"),
        ("奖金：按等级 = 合计", 0, "相符"),
        ("表彰奖：各行 = 合计", 0, "相符"),
        ("表彰奖：按等级 = 合计", 0, "相符"),
    ]
    assert rows[0][1] == "已考核 6 + 不考核 1 + 数据不全 1 = 8"
    assert rows[2][1] == "3,187.37 + 694.00 = 3,881.37"
    assert rows[3][1] == "2,462.00 + 656.00 + 713.37 + 50.00 = 3,881.37"


def test_an_amount_that_a_spreadsheet_would_round_is_text_and_the_check_says_so(sheets, house):
    scheme = house.scheme.replace(
        "bonus: {name: 奖金 | Bonus, round: 0.01, is: base * total / 100", "bonus: {name: 奖金 | Bonus, is: base * total / 300"
    )
    _, shown = sheets(scheme=scheme)
    lines = {row[0]: row for row in shown["工资表"].iter_rows(values_only=True)}
    assert lines["e3"][6] == "1060/9"
    row = next(row for row in shown["核对"].iter_rows(values_only=True) if row[0] == "奖金：各行 = 合计")
    assert row[6] == "不符"


def test_pay_by_grade_adds_up(sheets):
    _, shown = sheets()
    rows = list(shown["按等级"].iter_rows(values_only=True))
    assert rows[0] == ("等级", "人数", "奖金", "表彰奖")
    assert [row[:2] for row in rows[1:]] == [("A 优秀", 3), ("B 良好", 1), ("C 待改进", 2), ("无等级", 2), ("合计", 8)]
    assert sum(amount(row[2]) for row in rows[1:-1]) == amount(rows[-1][2]) == Fraction("3881.37")


def test_a_round_without_teams_is_summed_from_its_rows(sheets, house):
    scheme = house.scheme.replace("  team: {is: text optional, name: 班组 | Team}\n", "").replace("all_of: team", "all: yes")
    facts = re.sub(r", team: \w+", "", house.facts)
    formulas, shown = sheets(scheme=scheme, facts=facts)
    assert formulas["工资表"]["G10"].value == "=SUM(G2:G9)"
    assert shown["工资表"]["G10"].value == 3881.37


# --- what differs ---------------------------------------------------------------------------------


def test_differences_from_the_version_before_are_listed_and_added_up(sheets, house):
    paper = house.round()
    before = {subject: {line: value for line, value in card.pay.items() if value is not None} for subject, card in paper.cards.items()}
    before["e1"] = {"bonus": Fraction(900), "praise": Fraction(0)}
    before["gone"] = {"bonus": Fraction(30)}
    facts = paper.results.facts
    replaced = EarlierRound(facts.start, facts.end, pay=before, names={"gone": "离职者"})
    _, shown = sheets(back=LookBack((), replaced))
    rows = [row for row in shown["更正差额"].iter_rows(values_only=True) if any(cell is not None for cell in row)]
    assert rows[0] == ("编号", "姓名", "薪酬项名称", "原发", "应为", "差额")
    assert rows[1:4] == [
        ("e1", "张三", "奖金", 900, 954, 54),
        ("e1", "张三", "表彰奖", 0, 100, 100),
        ("gone", "离职者", "奖金", 30, None, -30),
    ]
    assert rows[4][1:] == ("合计", "奖金", 930, 954, 24)
    assert rows[5][1:] == ("合计", "表彰奖", 0, 100, 100)
    assert rows[6][1] == "原发：2026年3月"


def test_an_unchanged_version_says_that_nothing_differs(sheets, house):
    paper = house.round()
    same = {subject: {line: value for line, value in card.pay.items() if value is not None} for subject, card in paper.cards.items()}
    facts = paper.results.facts
    _, shown = sheets(back=LookBack((), EarlierRound(facts.start, facts.end, pay=same)))
    assert shown["更正差额"]["A2"].value == "没有差别"


# --- hostile names --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1+2", "@SUM(1)", "＝1+1", "\\t=1"])
def test_a_name_that_looks_like_a_formula_stays_text(sheets, house, name):
    facts = house.facts.replace("name: 张三", f'name: "{name}"').replace("team: 前厅", f'team: "{name}"')
    formulas, shown = sheets(facts=facts)
    cell = formulas["工资表"]["B2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")
    assert [row[6] for row in shown["核对"].iter_rows(min_row=2, values_only=True)] == ["相符"] * 6


class Computed:
    """Just as much of a spreadsheet as these formulas need."""

    def __init__(self, formulas, shown):
        self.formulas = formulas
        self.shown = shown

    def value(self, sheet, formula):
        """What a formula gives; a figure is exact."""
        text = formula.removeprefix("=").replace("$", "")
        verdict = re.fullmatch(r'IF\((\w+)=0,"(.*)","(.*)"\)', text)
        if verdict:
            return verdict[2] if self.cell(sheet, verdict[1]) == 0 else verdict[3]
        text = CALL.sub(lambda found: written(self.call(found[1], sheet, found[2])), text)
        text = re.sub(r"'([^']+)'!([A-Z]+\d+)", lambda found: written(self.cell(found[1], found[2])), text)
        text = re.sub(r"(?<![\w(])N\(([A-Z]+\d+)\)|\b([A-Z]+\d+)\b", lambda found: written(self.cell(sheet, found[1] or found[2])), text)
        text = re.sub(r"ROUND\((.*?),6\)", r"(\1)", text.replace("ABS", "abs"))
        return eval(text, {"exact": Fraction, "abs": abs})

    def cell(self, sheet, name):
        found = self.shown[sheet][name].value
        return Fraction(0) if found is None or isinstance(found, str) else amount(found)

    def call(self, function, sheet, inside):
        """One function over ranges; conditions are `<>`, an empty text, or a text that must be met."""
        parts = [part.strip() for part in re.findall(r'"(?:[^"]|"")*"|[^,]+', inside)]
        if function == "SUM":
            return sum((number(value) for value in self.range(sheet, parts[0])), Fraction(0))
        if function == "COUNTA":
            return Fraction(sum(value is not None for value in self.range(sheet, parts[0])))
        if function == "SUMIF":
            tests, values = [(parts[0], parts[1])], self.range(sheet, parts[2])
        elif function == "SUMIFS":
            tests, values = list(zip(parts[1::2], parts[2::2], strict=True)), self.range(sheet, parts[0])
        else:
            tests, values = list(zip(parts[::2], parts[1::2], strict=True)), None
        held = [
            all(met(value, test) for value, (_, test) in zip(row, tests, strict=True))
            for row in zip(*(self.range(sheet, over) for over, _ in tests), strict=True)
        ]
        if values is None:
            return Fraction(sum(held))
        return sum((number(value) for value, holds in zip(values, held, strict=True) if holds), Fraction(0))

    def range(self, sheet, text):
        named = re.fullmatch(r"'([^']+)'!(\w+:\w+)", text)
        title, cells = (named[1], named[2]) if named else (sheet, text)
        return [cell.value for row in self.shown[title][cells] for cell in row]


CALL = re.compile(r"\b(SUMIFS|SUMIF|SUM|COUNTIFS|COUNTIF|COUNTA)\(([^()]*)\)")


def written(value):
    """An exact figure as an expression."""
    return f"exact({value.numerator}, {value.denominator})"


def number(value):
    return amount(value) if isinstance(value, (int, float)) else Fraction(0)


def met(value, test):
    wanted = test.strip('"').replace('""', '"').replace("~", "")
    if wanted == "<>":
        return value is not None
    return (value or "") == wanted
