"""Files taken into a workspace at the shell."""

from __future__ import annotations

import openpyxl
import pytest

from kaohe.measuring.locking import only_writer
from kaohe.measuring.setting_aside import META

SOURCES = """
sources:
  calls:
    name: 来电 | Calls
    columns:
      agent: {from: [坐席]}
      called_at: {from: [时间], type: datetime, needed: true}
  chats:
    name: 会话 | Chats
    columns:
      agent: {from: [客服]}
"""
CALLS = "坐席,时间\ne1,2026-01-05 09:00\ne2,someday\n"


@pytest.fixture
def files(house):
    """The definitions and two exports."""
    return house.write("sources.yaml", SOURCES), house.write("calls.csv", CALLS), house.write("chats.csv", "客服\ne1\n\n")


def _import(house, *words):
    return house.run("import", *words, "-w", house.folder / "workspace")


def test_files_are_taken_into_their_tables_and_told_in_a_table(house, files):
    said = _import(house, files[0], f"calls={files[1]}", f"chats={files[2]}", "--at", "2026-02-01T08:00:00+08:00")
    assert said.code == 0, said.err
    rows = [line.split() for line in said.out.splitlines() if ".csv" in line]
    assert rows == [
        ["calls", "calls.csv", "1", "0", "1", "0", "0", "2026-02-01T08:00:00+08:00"],
        ["chats", "chats.csv", "1", "0", "0", "0", "1", "2026-02-01T08:00:00+08:00"],
    ]
    assert "M020" in said.err


def test_what_was_imported_can_be_listed_without_definitions(house, files):
    _import(house, files[0], f"chats={files[2]}")
    assert "chats.csv" in _import(house, "--list").out
    assert [one["rows_taken"] for one in _import(house, "--list", "--json").data["imports"]] == [1]


def test_the_same_file_again_keeps_the_time_of_the_first_import(house, files):
    for at in ("2026-02-01T08:00:00+08:00", "2026-02-02T08:00:00+08:00"):
        said = _import(house, files[0], f"chats={files[2]}", "--at", at, "--json")
    assert [one["imported_at"] for one in said.data["imports"]] == ["2026-02-01T08:00:00+08:00"]


def test_an_import_without_definitions_says_what_to_write(house):
    said = _import(house)
    assert said.code == 1
    assert "C020" in said.err


def test_a_bad_file_of_one_table_does_not_keep_the_other_table_out(house, files):
    said = _import(house, files[0], "calls=no.csv", f"chats={files[2]}")
    assert said.code == 1
    assert "M010" in said.err
    assert "chats.csv" in _import(house, "--list").out


def test_a_workspace_that_another_process_writes_to_is_told(house, files):
    with only_writer(house.folder / "workspace"):
        said = _import(house, files[0], f"calls={files[1]}", "--wait", "0", "--lang", "zh")
    assert said.code == 1
    assert "M050  工作区正由另一个进程写入" in said.err


def test_a_time_that_is_none_is_wrong_usage(house, files):
    assert _import(house, files[0], f"calls={files[1]}", "--at", "yesterday").code == 2


def test_rows_are_written_to_be_mended_and_come_back(house, files):
    _import(house, files[0], f"calls={files[1]}")
    path = house.folder / "to-mend.xlsx"
    assert _import(house, files[0], "--to-mend", path, "--json").data["to_mend"] == 1
    book = openpyxl.load_workbook(path)
    book.active.cell(2, len(META) + 2).value = "2026-01-06 09:00"
    book.save(path)
    said = _import(house, files[0], "--mended", path, "--by", "张三", "--at", "2026-02-03", "--json")
    assert (said.code, said.data["mended"], said.data["problems"]) == (0, {"rows": 1, "unchanged": 0, "elsewhere": 0}, [])
    (entry,) = said.data["imports"]
    assert (entry["rows_taken"], entry["rows_mended"], entry["mendings"][0]["by"]) == (2, 1, "张三")


def test_a_row_that_is_still_bad_makes_the_command_fail_and_tells_the_others(house, files):
    _import(house, files[0], f"calls={files[1]}")
    listed = next((house.folder / "workspace" / "set-aside").glob("*.csv"))
    mended = house.write("mended.csv", listed.read_text(encoding="utf-8-sig").replace("e2,someday", "e2,tomorrow"))
    said = _import(house, files[0], "--mended", mended)
    assert said.code == 1
    assert "mended.csv, row 2, column called_at  M051  row 3 of calls.csv cannot be read after mending either" in said.err
    assert "0 rows mended" in said.err


def test_a_row_is_waived_by_name_and_stays_listed(house, files):
    _import(house, files[0], f"calls={files[1]}")
    said = house.run("waive", house.folder / "workspace", "calls.csv", "3", "--by", "李四", "--reason", "测试来电", "--at", "2026-02-03")
    assert (said.code, said.err) == (0, "")
    told = _import(house, "--list", "--rows").out
    assert "waived: 李四, 2026-02-03T00:00:00, 测试来电" in told
    assert "已放弃" in _import(house, "--list", "--rows", "--lang", "zh").out
    assert _import(house, "--list", "--rows", "--json").data["rows"][0]["faults"] == ["not_a_date"]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("calls.csv", "3", "--by", "李四"), 2, "--reason"),
        (("calls.csv", "3", "--by", " ", "--reason", "x"), 2, "' '"),
        (("calls.csv", "three", "--by", "李四", "--reason", "x"), 1, "C021"),
        (("calls.csv", "2-4", "--by", "李四", "--reason", "x"), 1, "M052"),
        (("cals.csv", "3", "--by", "李四", "--reason", "x"), 1, "did you mean `calls.csv`"),
    ],
)
def test_what_cannot_be_waived_is_told(house, files, words, code, told):
    _import(house, files[0], f"calls={files[1]}")
    said = house.run("waive", house.folder / "workspace", *words)
    assert said.code == code
    assert told in said.err


def test_waiving_in_a_folder_that_is_not_there_makes_none(house):
    said = house.run("waive", house.folder / "nowhere", "calls.csv", "3", "--by", "李四", "--reason", "x")
    assert (said.code, "C002" in said.err, (house.folder / "nowhere").exists()) == (1, True, False)


def test_a_corrected_export_asks_what_it_is(house, files):
    _import(house, files[0], f"calls={files[1]}")
    house.write("calls.csv", CALLS.replace("someday", "2026-01-06"))
    assert "M056" in _import(house, files[0], f"calls={files[1]}").err
    said = _import(house, files[0], f"calls={files[1]}", "--same-name", "replaces", "--json")
    assert [(one["rows_taken"], one["rows_set_aside"]) for one in said.data["imports"]] == [(2, 0)]
    assert len(said.data["superseded"]) == 1
