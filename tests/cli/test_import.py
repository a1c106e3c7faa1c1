"""Files taken into a workspace at the shell."""

from __future__ import annotations

import pytest

from kaohe.measuring.locking import only_writer

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
        ["calls", "calls.csv", "1", "1", "0", "2026-02-01T08:00:00+08:00"],
        ["chats", "chats.csv", "1", "0", "1", "2026-02-01T08:00:00+08:00"],
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
