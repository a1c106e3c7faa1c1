"""Facts scored at the shell: the table, and the files."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from rich.cells import cell_len

from kaohe.showing import plain
from kaohe.workbooks import sheet_number

FILES = ["items.csv", "pay.csv", "results.json", "results.xlsx", "scorecards.csv"]
HOSTILE = ["=1+1", "+1", "-1+2", "@SUM(1)", "\t=1", "\uff1d1+1", "\uff201", "\uff0b1", "\uff0d1", " =1"]


def _rows(path):
    return list(csv.reader(path.open(encoding="utf-8-sig", newline="")))


def test_the_table_shows_items_total_grade_rank_pay_actions_and_status(house):
    said = house.run("score", house.scheme, house.facts)
    assert (said.code, said.err) == (0, "")
    row = next(line for line in said.out.splitlines() if "李四" in line)
    assert row.split() == ["李四", "e2", "70", "0", "28", "C", "To", "improve", "2/2", "280.028", "Talk", "assessed"]


def test_somebody_incomplete_is_shown_with_what_is_missing(house):
    zh, en = house.run("score", house.scheme, house.facts, "--lang", "zh").out, house.run("score", house.scheme, house.facts).out
    assert "数据不全（迎客）" in zh
    assert "incomplete (Greeting)" in en
    assert zh.splitlines()[-1] == "3 人：已考核 2，数据不全 1"
    assert en.splitlines()[-1] == "3 people: assessed 2, incomplete 1"


def test_pay_is_summed_below_the_table(house):
    last = [line for line in house.run("score", house.scheme, house.facts).out.splitlines() if "1,274.028" in line]
    assert [line.split() for line in last] == [["total", "1,274.028"]]


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_line_is_wider_than_the_screen(house, monkeypatch, columns, language):
    monkeypatch.setenv("COLUMNS", str(columns))
    told = house.run("score", house.scheme, house.facts, "--lang", language).out
    assert [line for line in told.splitlines() if cell_len(line.rstrip()) > columns] == []
    assert "王五" in told


def test_items_are_left_out_with_a_hint_where_they_do_not_fit(house, monkeypatch):
    monkeypatch.setenv("COLUMNS", "85")
    told = house.run("score", house.scheme, house.facts).out
    assert "Too narrow for the items" in told
    assert "98.5" not in told
    assert "99.4" in told


def test_json_holds_exact_figures_as_text_beside_reported_ones(house):
    data = house.run("score", house.scheme, house.facts, "--json").data
    second = data["subjects"][1]
    assert second["pay"] == {"bonus": {"reported": "280.028", "exact": "280.028"}}
    assert second["total"] == {"reported": "28", "exact": "28"}
    assert data["subjects"][2]["total"] is None
    assert data["subjects"][2]["missing"] == ["greeting"]
    assert data["statuses"] == {"assessed": 2, "incomplete": 1}
    assert data["pay_sums"] == {"bonus": "1274.028"}


def test_a_third_stays_a_third_in_json_and_csv(house):
    thirds = house.facts.replace("facts.yaml", "thirds.yaml")
    house.write("thirds.yaml", (house.folder / "facts.yaml").read_text(encoding="utf-8").replace("98.5%", "2/3"))
    house.run("score", house.scheme, thirds, "-o", house.folder / "out")
    data = json.loads((house.folder / "out" / "results.json").read_text(encoding="utf-8"))
    assert data["subjects"][0]["items"]["greeting"] == {"reported": "200/3", "exact": "200/3"}
    assert _rows(house.folder / "out" / "items.csv")[1][4:6] == ["200/3", "200/3"]


def test_a_folder_gets_every_file(house):
    said = house.run("score", house.scheme, house.facts, "-o", house.folder / "out")
    assert said.code == 0
    assert sorted(path.name for path in (house.folder / "out").iterdir()) == FILES
    assert said.err.count("wrote ") == len(FILES)


def test_a_folder_gets_only_the_formats_asked_for(house):
    house.run("score", house.scheme, house.facts, "-o", house.folder / "out", "--format", "csv")
    assert sorted(path.name for path in (house.folder / "out").iterdir()) == ["items.csv", "pay.csv", "scorecards.csv"]


def test_csv_begins_with_a_mark_so_that_spreadsheets_read_it(house):
    house.run("score", house.scheme, house.facts, "-o", house.folder / "out")
    assert {(house.folder / "out" / name).read_bytes()[:3] for name in FILES if name.endswith(".csv")} == {b"\xef\xbb\xbf"}


def test_csv_and_json_agree_on_every_amount(house):
    house.run("score", house.scheme, house.facts, "-o", house.folder / "out")
    data = json.loads((house.folder / "out" / "results.json").read_text(encoding="utf-8"))
    paid = {(card["subject"], line): amount["exact"] for card in data["subjects"] for line, amount in card["pay"].items()}
    assert {(row[0], row[2]): row[5] for row in _rows(house.folder / "out" / "pay.csv")[1:]} == paid


# --- the workbook ---------------------------------------------------------------------------------


@pytest.fixture
def book(house):
    """The workbook of the tea-house, in Chinese."""
    house.run("score", house.scheme, house.facts, "-o", house.folder / "out", "--lang", "zh")
    return openpyxl.load_workbook(house.folder / "out" / "results.xlsx")


def test_the_workbook_has_four_sheets_to_print(book):
    assert book.sheetnames == ["成绩单", "指标", "工资表", "问题"]
    assert {(sheet.page_setup.orientation, int(sheet.page_setup.paperSize), sheet.freeze_panes) for sheet in book} == {
        ("landscape", 9, "C2")
    }


def test_the_pay_sheet_sums_by_formula_and_beside_it_stands_a_checked_total(book):
    rows = list(book["工资表"].iter_rows(values_only=True))
    amounts = [Decimal(repr(row[3])) for row in rows[1:4] if row[3] is not None]
    assert rows[0] == ("编号", "姓名", "状态", "奖金")
    assert [row[0] for row in rows[4:]] == ["合计", "核对数", "差额"]
    assert [row[3] for row in rows[4:]] == ["=SUM(D2:D4)", 1274.028, "=ROUND(D5-D6,6)"]
    assert sum(amounts) == Decimal("1274.028")


def test_the_sums_are_there_before_a_spreadsheet_computes_them(house, book):
    cached = openpyxl.load_workbook(house.folder / "out" / "results.xlsx", data_only=True)["工资表"]
    assert [cached.cell(row, 4).value for row in (5, 6, 7)] == [1274.028, 1274.028, 0]


def test_money_has_two_places_and_figures_are_numbers(book):
    assert book["工资表"]["D2"].number_format == "#,##0.00"
    assert [cell.data_type for cell in book["工资表"]["D"][1:3]] == ["n", "n"]
    heading = [cell.value for cell in book["成绩单"][1]]
    assert book["成绩单"].cell(2, heading.index("迎客") + 1).value == 98.5


def test_the_problems_sheet_names_who_is_incomplete_and_why(book):
    assert list(book["问题"].iter_rows(min_row=2, values_only=True)) == [("e3", "王五", "数据不全", "缺少：迎客")]


def test_a_number_that_a_spreadsheet_would_round_is_written_as_text(house):
    house.write("thirds.yaml", (house.folder / house.facts).read_text(encoding="utf-8").replace("1000.10", "100").replace("0.7", "1/3"))
    house.run("score", house.scheme, house.folder / "thirds.yaml", "-o", house.folder / "out", "--lang", "zh")
    sheet = openpyxl.load_workbook(house.folder / "out" / "results.xlsx", data_only=True)["工资表"]
    assert (sheet["D3"].data_type, sheet["D3"].value) == ("s", "40/3")
    assert [sheet[cell].value for cell in ("D5", "D6", "D7")] == [994, "3022/3", "-40/3"]


@pytest.mark.parametrize(
    ("number", "held"),
    [
        ("98.5", True),
        ("0.1", True),
        ("-1234567890123.45", True),
        ("1/3", False),
        ("1234567890123456", False),
        ("0.1234567890123456", False),
    ],
)
def test_fifteen_digits_are_what_a_spreadsheet_holds(number, held):
    value = sheet_number(Fraction(number))
    assert (value is not None) == held
    if value is not None:
        assert Decimal(repr(float(value))) == value


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_looks_like_a_formula_stays_text(house, name):
    quoted = json.dumps(name)
    house.write("facts.yaml", "")
    text = f"""
period: {{start: 2026-03-01, end: 2026-03-31}}
people: [{{id: e1, name: {quoted}, bonus_base: 100}}]
values: {{e1: {{refill_seconds: 45, greeting_share: 1}}}}
"""
    said = house.run("score", house.scheme, house.write("hostile.yaml", text), "-o", house.folder / "out")
    assert said.code == 0, said.err
    for sheet in openpyxl.load_workbook(house.folder / "out" / "results.xlsx").worksheets[:3]:
        assert (sheet["B2"].data_type, sheet["B2"].value) == ("s", f"'{name.strip()}")
    for file in ("scorecards.csv", "items.csv", "pay.csv"):
        assert _rows(house.folder / "out" / file)[1][1] == f"'{name.strip()}"


def test_a_name_cannot_colour_or_move_the_screen(house):
    text = 'people: [{id: e1, name: "\\x1b[31m[red]红\\u202e"}]\nperiod: {start: 2026-03-01, end: 2026-03-31}\n'
    told = house.run("score", house.scheme, house.write("hostile.yaml", text)).out
    assert "\x1b" not in told
    assert "[red]红" in told
    assert plain("a\u202eb") == "a�b"


# --- problems -------------------------------------------------------------------------------------


def test_malformed_facts_are_refused_with_every_problem(house):
    bad = house.write("bad.yaml", (house.folder / house.facts).read_text(encoding="utf-8").replace("98.5%", "985").replace("130", "-1"))
    said = house.run("score", house.scheme, bad, "-o", house.folder / "out")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("2 problems\n")
    assert not (house.folder / "out").exists()


def test_facts_that_are_not_there_are_a_problem(house):
    said = house.run("score", house.scheme, house.folder / "no.yaml", "--json")
    assert (said.code, said.err) == (1, "")
    assert [problem["place"]["file"] for problem in said.data["problems"]] == [str(house.folder / "no.yaml")]
