"""A sheet of HR's is found in its file: title, headings, merged cells, totals, remarks."""

from __future__ import annotations

import pytest
import xlsxwriter

from kaohe.drafting.items import items_of
from kaohe.drafting.rows import read_sheet
from kaohe.problems import Problems

HEAD = ["序号", "维度", "考核指标", "权重", "评分标准", "数据来源"]


def test_headings_are_found_below_a_title(workbook):
    sheet = read_sheet(workbook([["客服月度考核表"], HEAD, [1, "服务", "接通率", 0.2, "≥95%得20分，否则0分", "呼叫系统"]]))
    assert sheet.titles == ["客服月度考核表"]
    assert [(item.number, item.name, item.of("standard").at) for item in sheet.items] == [(3, "接通率", "E3")]


def test_a_cell_merged_over_several_rows_belongs_to_each(workbook):
    rows = [HEAD, [1, "", "接通率", 0.2, "a", ""], [2, "", "满意率", 0.3, "b", ""], [3, "", "投诉", 0.5, "c", ""]]
    sheet = read_sheet(workbook(rows, [("B2:B4", "服务质量")]))
    assert [item.of("category").text for item in sheet.items] == ["服务质量"] * 3


def test_an_item_merged_over_several_rows_has_all_their_lines(workbook):
    rows = [HEAD, [1, "", "", "", "≥95%得20分", ""], ["", "", "", "", "≥90%得10分", ""], ["", "", "", "", "其余0分", ""]]
    sheet = read_sheet(workbook(rows, [("C2:C4", "接通率"), ("D2:D4", "20%")]))
    (item,) = sheet.items
    assert item.of("standard").text == "≥95%得20分\n≥90%得10分\n其余0分"


def test_a_row_without_a_name_goes_on_with_the_item_above(workbook):
    rows = [HEAD, [1, "", "接通率", "20%", "≥95%得20分", ""], ["", "", "", "", "其余0分", ""]]
    (item,) = read_sheet(workbook(rows)).items
    assert item.of("standard").text == "≥95%得20分\n其余0分"


def test_full_width_headings_and_digits_are_read(workbook):
    rows = [
        ["ＫＰＩ 指标", "权重（％）", "评分标准\n（计分方法）"],
        ["接通率", "２０", "≥９５％得２０分，否则０分"],
        ["投诉", "８０", "每次扣５分，扣完为止"],
    ]
    items = items_of(read_sheet(workbook(rows)).items)
    assert [item.worth for item in items] == [20, 80]
    assert [item.reading is not None for item in items] == [True, True]


def test_weights_written_as_decimals_are_percentages(workbook):
    rows = [HEAD, [1, "", "接通率", 0.2, "x", ""], [2, "", "满意率", 0.8, "y", ""]]
    assert [item.worth for item in items_of(read_sheet(workbook(rows)).items)] == [20, 80]


def test_the_row_of_totals_is_no_item(workbook):
    sheet = read_sheet(workbook([HEAD, [1, "", "接通率", 0.2, "x", ""], ["合计", "", "", 1, "", ""]]))
    assert [item.name for item in sheet.items] == ["接通率"]
    assert sheet.total.text == "1"


def test_a_row_of_remarks_is_kept_beside(workbook):
    sheet = read_sheet(workbook([HEAD, [1, "", "接通率", 0.2, "x", ""], ["备注：本表自1月起执行"]]))
    assert [(remark.at, remark.text) for remark in sheet.remarks] == [("A3", "备注：本表自1月起执行")]


def test_columns_that_nobody_knows_are_told(workbook):
    sheet = read_sheet(workbook([[*HEAD, "实际完成"], [1, "", "接通率", 0.2, "x", "", "96%"]]))
    assert sheet.unknown == ["实际完成"]


def test_the_sheet_that_has_headings_is_taken(workbook):
    assert read_sheet(workbook([HEAD, [1, "", "接通率", 0.2, "x", ""]], others=["员工名单"])).name == "考核表"


def test_a_csv_of_gbk_is_read(tmp_path):
    path = tmp_path / "kpi.csv"
    path.write_bytes("考核项目,分值,扣分标准\n接通率,20,每次扣5分\n".encode("gbk"))
    assert [(item.name, item.of("full").text) for item in read_sheet(path).items] == [("接通率", "20")]


@pytest.mark.parametrize(
    ("rows", "name", "code"),
    [
        ([["姓名", "部门"], ["张三", "客服"]], None, "W001"),
        ([["指标", "权重"], ["接通率", "20%"]], None, "W001"),
        ([HEAD, [1, "", "接通率", 0.2, "x", ""]], "没有的表", "W002"),
    ],
)
def test_a_file_without_such_a_sheet_is_refused(workbook, rows, name, code):
    with pytest.raises(Problems) as refused:
        read_sheet(workbook(rows), name)
    assert [problem.code for problem in refused.value] == [code]


def test_two_sheets_with_headings_are_asked_about(workbook, tmp_path):
    path = tmp_path / "two.xlsx"
    book = xlsxwriter.Workbook(path)
    for name in ("一月", "二月"):
        book.add_worksheet(name).write_row(0, 0, ["指标", "评分标准"])
    book.close()
    with pytest.raises(Problems) as refused:
        read_sheet(path)
    assert [problem.code for problem in refused.value] == ["W003"]
    assert read_sheet(path, "二月").name == "二月"


def test_what_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "kpi.xlsx"
    path.write_bytes(b"no workbook")
    with pytest.raises(Problems):
        read_sheet(path)
