"""Rows set aside come back mended, or are waived by name; until then they are open problems."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kaohe.measuring import listed_rows, mend_rows, waive_rows, write_open_rows
from kaohe.measuring.setting_aside import META
from kaohe.measuring.workspace import table_version
from kaohe.problems import Problems

TEXT = (
    "通话编号,坐席,来电时间,等待,评分,备注\n"
    "c1,张三,2026-03-01 09:00,20,5,好\n"
    "c2,张三,2026-03-01 10:00,soon,4,=1+1\n"  # row 3
    ",李四,2026-03-32,10,x,急\n"  # row 4
    "c4,李四\n"  # row 5
    "c5,王五,2026-03-02 09:00,慢,5,\n"  # row 6
)
MEASURES = ("n: {kind: count}", "wait: {kind: mean, value: wait_seconds}")


def the_list(house) -> list[list[str]]:
    """The list of rows set aside, as a person opens it."""
    (entry,) = house.workspace.imports()
    text = (house.workspace.folder / entry.set_aside).read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def change(lines: list[list[str]], row: int, **cells: str) -> None:
    """Write cells of a row of a list, by the header of the file."""
    line = next(line for line in lines if line[META.index("row")] == str(row))
    for header, cell in cells.items():
        line[lines[0].index(header)] = cell


def hand_back(house, lines: list[list[str]], name: str = "mended.csv", **said: str):
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    house.write(name, out.getvalue())
    return mend_rows(house.workspace, house.definitions, [house.folder / name], **said)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def calls(house):
    house.define(*MEASURES)
    house.take_text(TEXT)
    return house


def test_the_list_holds_why_and_all_cells_of_the_row(calls) -> None:
    head, *lines = the_list(calls)
    assert head == [*META, "通话编号", "坐席", "来电时间", "等待", "评分", "备注"]
    (entry,) = calls.workspace.imports()
    assert lines[0] == [
        *(entry.key, "calls.csv", "3", "wait_seconds", "soon", "not_a_duration", "不是时长", "not a duration", "待处理 | open"),
        *("c2", "张三", "2026-03-01 10:00", "soon", "4", "'=1+1"),
    ]
    assert lines[1][3:8] == [
        "call_id; called_at; rating",
        "call_id: ; called_at: 2026-03-32; rating: x",
        "missing; not_a_date; not_a_number",
        "必填但为空；不是日期或时刻；不是数字",
        "needed but missing; not a date or time; not a number",
    ]
    assert lines[2][3:6] == ["", "c4,李四", "wrong_column_count"]
    assert [line[2] for line in lines] == ["3", "4", "5", "6"]


def test_a_mended_row_joins_its_import_under_its_own_number(calls) -> None:
    lines = the_list(calls)
    change(lines, 3, 等待="30")
    answer = hand_back(calls, lines, by="张三", at="2026-04-02")
    assert (answer.mended, answer.problems) == (1, [])
    (entry,) = calls.workspace.imports()
    assert (entry.rows_taken, entry.rows_mended, entry.rows_set_aside, entry.rows_open) == (2, 1, 3, 3)
    rows = {row["_row"]: row["wait_seconds"] for row in pq.read_table(calls.workspace.path(entry)).to_pylist()}
    assert rows == {2: 20, 3: 30}
    assert calls.figures("wait").pair("张三") == (50, 2)
    assert [(row.file, row.row) for row in calls.behind("wait", "张三").denominator] == [("calls.csv", 2), ("calls.csv", 3)]
    assert [(one.file, one.rows, one.by, one.at) for one in entry.mendings] == [("mended.csv", 1, "张三", "2026-04-02")]
    assert the_list(calls)[1][8] == "已改正：mended.csv，张三，2026-04-02 | mended: mended.csv, 张三, 2026-04-02"


def test_a_row_of_the_wrong_width_is_mended_as_a_whole(calls) -> None:
    lines = the_list(calls)
    change(lines, 5, 来电时间="2026-03-03 09:00", 等待="40")
    assert hand_back(calls, lines).mended == 1
    assert calls.figures("wait").pair("李四") == (40, 1)


def test_the_same_list_again_changes_nothing(calls) -> None:
    lines = the_list(calls)
    change(lines, 3, 等待="30")
    hand_back(calls, lines)
    before = contents(calls.workspace.folder)
    again = hand_back(calls, lines)
    assert (again.mended, again.unchanged, again.problems) == (0, 4, [])
    assert contents(calls.workspace.folder) == before


def test_two_lists_one_after_the_other_give_what_one_list_gives(new_house) -> None:
    together, apart = new_house(), new_house()
    for house in (together, apart):
        house.define(*MEASURES)
        house.take_text(TEXT)
    lines = the_list(together)
    change(lines, 3, 等待="30")
    change(lines, 6, 等待="50")
    hand_back(together, lines)
    for row, wait in ((6, "50"), (3, "30")):
        lines = the_list(apart)
        change(lines, row, 等待=wait)
        hand_back(apart, lines)
    tables = [pq.read_table(house.workspace.path(house.workspace.imports()[0])) for house in (together, apart)]
    assert tables[0].equals(tables[1])
    assert table_version(together.workspace.imports()) == table_version(apart.workspace.imports())


def test_a_row_that_is_still_bad_stays_set_aside_and_is_told(calls) -> None:
    lines = the_list(calls)
    change(lines, 3, 等待="thirty")
    change(lines, 6, 等待="50")
    answer = hand_back(calls, lines)
    assert answer.mended == 1
    assert [(problem.code, problem.place.row, problem.found["row"], problem.found["found"]) for problem in answer.problems] == [
        ("M051", 2, 3, "thirty")
    ]
    assert calls.workspace.imports()[0].faults == {
        "missing": 1,
        "not_a_date": 1,
        "not_a_number": 1,
        "not_a_duration": 1,
        "wrong_column_count": 1,
    }


def test_an_earlier_list_does_not_undo_what_a_later_one_mended(calls) -> None:
    first, second = the_list(calls), the_list(calls)
    change(first, 3, 等待="30")
    change(second, 6, 等待="50")
    hand_back(calls, first, "first.csv")
    hand_back(calls, second, "second.csv")  # row 3 still stands in it as it was
    assert calls.workspace.imports()[0].rows_mended == 2


def test_a_row_may_be_mended_otherwise_later(calls) -> None:
    for wait in ("30", "31"):
        lines = the_list(calls)
        change(lines, 3, 等待=wait)
        hand_back(calls, lines, f"{wait}.csv")
    assert calls.workspace.imports()[0].rows_mended == 1
    assert calls.figures("wait").pair("张三") == (51, 2)


def test_cells_that_were_right_stay_as_the_file_had_them_and_that_is_told(calls) -> None:
    lines = the_list(calls)
    change(lines, 3, 等待="30", 来电时间="2026/3/1 10:00", 坐席="李四")  # a spreadsheet rewrote the time; a person the agent
    assert hand_back(calls, lines).elsewhere == 1
    assert calls.figures("n").pair("张三") == (2, 1)


def test_a_formula_in_a_cell_comes_back_as_it_was(house) -> None:
    house.define()
    house.take_text("通话编号,坐席,来电时间,主题,等待\nc1,张三,2026-03-01,=1+1,x\n")
    lines = the_list(house)
    change(lines, 2, 等待="-5")
    hand_back(house, lines)
    (row,) = pq.read_table(house.workspace.path(house.workspace.imports()[0])).to_pylist()
    assert (row["topic"], row["wait_seconds"]) == ("=1+1", -5)


def test_the_workbook_to_mend_holds_what_is_open_and_reads_back(calls) -> None:
    path = calls.folder / "to-mend.xlsx"
    waive_rows(calls.workspace, "calls.csv", [6], by="李四", reason="测试来电")
    assert write_open_rows(calls.workspace, calls.definitions, path) == 3
    book = openpyxl.load_workbook(path)
    (sheet,) = book.worksheets
    assert [cell.value for cell in sheet[1]][: len(META)] == list(META)
    assert [sheet.cell(row, 3).value for row in (2, 3, 4)] == ["3", "4", "5"]
    wait = len(META) + 4
    assert sheet.cell(2, wait).fill.fgColor.rgb == "FFFFE8A3"
    assert sheet.cell(2, wait - 1).fill.fgColor.rgb != "FFFFE8A3"
    sheet.cell(2, wait).value = 30
    book.save(path)
    assert mend_rows(calls.workspace, calls.definitions, [path]).mended == 1
    assert calls.figures("wait").pair("张三") == (50, 2)


def test_a_list_saved_by_a_chinese_spreadsheet_reads_back(calls) -> None:
    lines = the_list(calls)
    change(lines, 3, 等待="30")
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(lines)
    calls.write("back.csv", out.getvalue().encode("gbk"))
    assert mend_rows(calls.workspace, calls.definitions, [calls.folder / "back.csv"]).mended == 1


def test_a_list_with_other_columns_is_refused(calls) -> None:
    lines = [line[:-1] for line in the_list(calls)]
    assert [problem.code for problem in hand_back(calls, lines).problems] == ["M053"]
    assert [problem.code for problem in hand_back(calls, [["a", "b"], ["1", "2"]]).problems] == ["M053"]


def test_a_list_of_a_file_that_was_never_imported_is_told(calls) -> None:
    lines = the_list(calls)
    lines[1][0] = "calls-000000000000"
    assert [problem.code for problem in hand_back(calls, lines).problems] == ["M004"]


def test_a_row_that_was_not_set_aside_cannot_be_mended(calls) -> None:
    lines = the_list(calls)
    lines[1][2] = "2"
    assert [problem.code for problem in hand_back(calls, lines).problems] == ["M052"]


def test_a_changed_mapping_must_come_in_before_a_mended_list(calls) -> None:
    lines = the_list(calls)
    change(lines, 3, 等待="30")
    text = (calls.folder / "definitions.yaml").read_text(encoding="utf-8")
    calls.define(*MEASURES, sources=text.split("measures:")[0].replace("[等待, Wait]", "[等待]"))
    assert [problem.code for problem in hand_back(calls, lines).problems] == ["M031"]


# --- what stays -------------------------------------------------------------------------------------


def mend_and_waive(house) -> None:
    lines = the_list(house)
    change(lines, 3, 等待="30")
    hand_back(house, lines, at="2026-04-02")
    waive_rows(house.workspace, "calls.csv", [4, 5], by="李四", reason="测试来电", at="2026-04-03")


def test_the_same_file_again_keeps_what_was_mended_and_waived(calls) -> None:
    mend_and_waive(calls)
    before = contents(calls.workspace.folder)
    entry = calls.take("calls.csv")[0]
    assert (entry.rows_mended, entry.rows_waived, entry.rows_open) == (1, 2, 1)
    assert contents(calls.workspace.folder) == before


def test_a_changed_mapping_keeps_what_was_mended_and_waived(calls) -> None:
    mend_and_waive(calls)
    text = (calls.folder / "definitions.yaml").read_text(encoding="utf-8")
    calls.define(*MEASURES, sources=text.split("measures:")[0].replace("[等待, Wait]", "[等待]"))
    entry = calls.take("calls.csv")[0]
    assert (entry.rows_taken, entry.rows_mended, entry.rows_waived, entry.rows_open) == (2, 1, 2, 1)
    assert calls.figures("wait").pair("张三") == (50, 2)


def test_a_mapping_that_reads_the_row_by_itself_needs_no_mending(calls) -> None:
    mend_and_waive(calls)
    text = (calls.folder / "definitions.yaml").read_text(encoding="utf-8").split("measures:")[0]
    calls.define(*MEASURES, sources=text.replace('missing: "?"', 'missing: ["?", soon]'))
    entry = calls.take("calls.csv")[0]
    assert (entry.rows_taken, entry.rows_mended, entry.rows_open) == (2, 0, 1)
    calls.define(*MEASURES)
    assert calls.take("calls.csv")[0].rows_mended == 1


def test_lost_events_come_back_with_the_file_and_its_mended_rows(calls) -> None:
    mend_and_waive(calls)
    calls.workspace.path(calls.workspace.imports()[0]).unlink()
    calls.take("calls.csv")
    assert calls.figures("wait").pair("张三") == (50, 2)


def test_mending_changes_what_the_table_is_known_by_and_waiving_does_not(calls) -> None:
    versions = [table_version(calls.workspace.imports())]
    waive_rows(calls.workspace, "calls.csv", [6], by="李四", reason="测试来电")
    versions.append(table_version(calls.workspace.imports()))
    lines = the_list(calls)
    change(lines, 3, 等待="30")
    hand_back(calls, lines)
    versions.append(table_version(calls.workspace.imports()))
    assert versions[0] == versions[1] != versions[2]


# --- waiving ----------------------------------------------------------------------------------------


def test_a_waived_row_is_no_open_problem_and_stays_listed_with_who_and_why(calls) -> None:
    entry = waive_rows(calls.workspace, "calls.csv", [3, 4, 5, 6], by="李四", reason="测试来电", at="2026-04-03")
    assert (entry.rows_set_aside, entry.rows_waived, entry.rows_open, entry.problems()) == (4, 4, 0, ())
    assert {line[8] for line in the_list(calls)[1:]} == {"已放弃：李四，2026-04-03，测试来电 | waived: 李四, 2026-04-03, 测试来电"}
    assert [(one.row.row, one.status.en) for one in listed_rows(calls.workspace)][:1] == [(3, "waived: 李四, 2026-04-03, 测试来电")]
    (told,) = json.loads((calls.workspace.folder / "manifest.json").read_text(encoding="utf-8"))["imports"]
    assert told["waivers"] == [{"rows": [3, 4, 5, 6], "by": "李四", "reason": "测试来电", "at": "2026-04-03"}]


def test_open_problems_count_only_what_is_neither_mended_nor_waived(calls) -> None:
    mend_and_waive(calls)
    (problem,) = calls.measure().problems()
    assert (problem.code, problem.found["count"], problem.found["reasons"]) == ("M020", 1, "not_a_duration 1")


def test_waiving_again_changes_nothing(calls) -> None:
    waive_rows(calls.workspace, "calls.csv", [3], by="李四", reason="测试来电", at="2026-04-03")
    before = contents(calls.workspace.folder)
    waive_rows(calls.workspace, "calls.csv", [3], by="王五", reason="别的", at="2026-04-04")
    assert contents(calls.workspace.folder) == before


def test_rows_that_are_not_set_aside_cannot_be_waived(calls) -> None:
    mend_and_waive(calls)
    with pytest.raises(Problems) as caught:
        waive_rows(calls.workspace, "calls.csv", [2, 3, 6, 99], by="李四", reason="测试来电")
    assert [(problem.code, problem.found["row"]) for problem in caught.value] == [("M052", 2), ("M052", 3), ("M052", 99)]


def test_a_waived_row_may_still_be_mended(calls) -> None:
    waive_rows(calls.workspace, "calls.csv", [3], by="李四", reason="测试来电")
    lines = the_list(calls)
    change(lines, 3, 等待="30")
    hand_back(calls, lines)
    (entry,) = calls.workspace.imports()
    assert (entry.rows_mended, entry.rows_waived, entry.rows_open) == (1, 0, 3)


def test_a_file_that_was_not_imported_cannot_be_waived(calls) -> None:
    with pytest.raises(Problems) as caught:
        waive_rows(calls.workspace, "cals.csv", [3], by="李四", reason="测试来电")
    assert caught.value.problems[0].found["hint_en"] == " (did you mean `calls.csv`?)"


def test_a_name_under_which_two_files_came_in_asks_which_one(calls) -> None:
    calls.write("calls.csv", TEXT.replace("c1", "c9"))
    from_other = calls.definitions.sources["calls"].model_copy(update={"same_name": "adds"})
    calls.definitions = calls.definitions.model_copy(update={"sources": {"calls": from_other}})
    calls.take("calls.csv")
    with pytest.raises(Problems) as caught:
        waive_rows(calls.workspace, "calls.csv", [3], by="李四", reason="测试来电")
    assert [problem.code for problem in caught.value] == ["M055"]
    assert waive_rows(calls.workspace, calls.workspace.imports()[0].key, [3], by="李四", reason="测试来电").rows_waived == 1


# --- corrected exports ------------------------------------------------------------------------------


def import_again(house, text: str, same_name: str | None):
    source = house.definitions.sources["calls"].model_copy(update={"same_name": same_name})
    house.definitions = house.definitions.model_copy(update={"sources": {"calls": source}})
    return house.take_text(text)


def test_another_file_of_a_known_name_is_refused_until_it_is_said_what_it_is(calls) -> None:
    before = contents(calls.workspace.folder)
    with pytest.raises(Problems) as caught:
        import_again(calls, TEXT.replace("soon", "30"), None)
    assert [(problem.code, problem.found["rows"]) for problem in caught.value] == [("M056", 1)]
    assert contents(calls.workspace.folder) == before


def test_a_corrected_export_takes_the_place_of_the_earlier_one(calls) -> None:
    mend_and_waive(calls)
    import_again(calls, TEXT.replace("soon", "35"), "replaces")
    (entry,) = calls.workspace.imports()
    assert (entry.rows_taken, entry.rows_set_aside, entry.rows_mended, entry.rows_waived) == (2, 3, 0, 0)
    assert calls.figures("wait").pair("张三") == (55, 2)
    (gone,) = calls.workspace.superseded()
    assert (gone.rows_mended, [waiver.by for waiver in gone.waivers]) == (1, ["李四"])


def test_other_data_of_the_same_name_stand_beside_the_earlier_ones(calls) -> None:
    import_again(calls, TEXT.replace("c1", "c9"), "adds")
    assert len(calls.workspace.imports()) == 2


def test_files_of_one_name_from_several_folders_come_in_together(house) -> None:
    house.define(*MEASURES)
    for day in ("01", "02"):
        (house.folder / day).mkdir()
        house.write(f"{day}/calls.csv", TEXT.replace("2026-03-01", f"2026-03-{day}"))
    assert len(house.take("*/calls.csv")) == 2


# --- Parquet and workbooks --------------------------------------------------------------------------


def test_rows_of_a_parquet_file_are_listed_with_all_their_cells(house) -> None:
    table = {
        "Call Id": ["a", None, "c"],
        "Agent": ["x", "y", "z"],
        "Called": ["2026-03-01"] * 3,
        "Note": ["n1", "n2", "n3"],
        "Tags": [["t"]] * 3,
    }
    pq.write_table(pa.table(table), house.folder / "calls.parquet", row_group_size=1)
    house.define(*MEASURES)
    house.take("calls.parquet")
    head, line = the_list(house)
    assert dict(zip(head[len(META) :], line[len(META) :], strict=True)) == {
        "Call Id": "",
        "Agent": "y",
        "Called": "2026-03-01",
        "Note": "n2",
        "Tags": "",
    }
    change([head, line], 3, **{"Call Id": "b"})
    assert hand_back(house, [head, line]).mended == 1
    assert house.figures("n").pair("y") == (1, 1)


def test_an_id_that_a_workbook_cut_is_mended_by_itself(house) -> None:
    book = openpyxl.Workbook()
    book.active.append(["通话编号", "坐席", "来电时间"])
    book.active.append([13800138000123456789, "张三", "2026-03-01"])
    book.save(house.folder / "calls.xlsx")
    house.define(*MEASURES)
    house.take("calls.xlsx")
    lines = the_list(house)
    assert lines[1][3] == "call_id"
    change(lines, 2, 通话编号="13800138000123456789")
    hand_back(house, lines)
    (row,) = pq.read_table(house.workspace.path(house.workspace.imports()[0])).to_pylist()
    assert row["call_id"] == "13800138000123456789"
