"""The workspace: importing again changes nothing, and nothing is half written."""

from __future__ import annotations

import json

import pytest

from kaohe.measuring import import_files
from kaohe.measuring.workspace import table_version
from kaohe.problems import Problems

TEXT = "通话编号,坐席,来电时间,等待\nc1,张三,2026-03-01 09:00,20\nc2,李四,2026-03-01 10:00,=x\n"


def contents(house) -> dict[str, bytes]:
    folder = house.workspace.folder
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_importing_the_same_again_changes_nothing(house) -> None:
    house.define()
    first = house.take_text(TEXT)
    before = contents(house)
    assert house.take_text(TEXT) == first
    assert contents(house) == before


def test_the_same_bytes_under_another_name_are_the_same_import(house) -> None:
    house.define()
    house.take_text(TEXT)
    assert house.take_text(TEXT, "copy.csv").file == "calls.csv"


def test_two_workspaces_fed_in_different_orders_are_alike(new_house) -> None:
    houses = [new_house(), new_house()]
    for house, names in zip(houses, (["a.csv", "b.csv"], ["b.csv", "a.csv"]), strict=True):
        house.define()
        house.write("a.csv", TEXT)
        house.write("b.csv", TEXT.replace("c1", "c9"))
        for name in names:
            house.take(name)
    assert contents(houses[0]) == contents(houses[1])


def test_a_changed_mapping_asks_for_the_file_again_and_replaces_it(house) -> None:
    house.define("n: {kind: count}")
    house.take_text(TEXT)
    version = table_version(house.workspace.imports())
    house.define(
        "n: {kind: count}",
        sources=(house.folder / "definitions.yaml").read_text(encoding="utf-8").split("measures:")[0].replace("[等待, Wait]", "[等待]"),
    )
    with pytest.raises(Problems) as caught:
        house.measure()
    assert [problem.code for problem in caught.value] == ["M031"]
    house.take_text(TEXT)
    assert len(house.workspace.imports()) == 1
    assert table_version(house.workspace.imports()) != version


def test_the_manifest_keeps_what_came_in(house) -> None:
    house.define()
    house.take_text(TEXT)
    (entry,) = json.loads((house.workspace.folder / "manifest.json").read_text(encoding="utf-8"))["imports"]
    assert {key: entry[key] for key in ("table", "file", "size", "rows_taken", "rows_set_aside", "faults", "imported_at")} == {
        "table": "calls",
        "file": "calls.csv",
        "size": len(TEXT.encode()),
        "rows_taken": 1,
        "rows_set_aside": 1,
        "faults": {"not_a_duration": 1},
        "imported_at": None,
    }


def test_when_a_file_came_in_is_kept_as_it_was_said(house) -> None:
    definitions = house.define()
    path = house.write("calls.csv", TEXT)
    taken = import_files(house.workspace, definitions, "calls", [path], imported_at="2026-04-01T09:00:00+08:00")
    assert taken[0].imported_at == "2026-04-01T09:00:00+08:00"


def test_the_list_of_bad_rows_starts_no_formula_in_a_spreadsheet(house) -> None:
    house.define()
    listed = house.take_text(TEXT).set_aside
    data = (house.workspace.folder / listed).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert ",'=x," in data.decode("utf-8-sig")


def test_an_import_that_fails_leaves_no_trace(house, monkeypatch: pytest.MonkeyPatch) -> None:
    house.define()
    house.take_text(TEXT)
    before = contents(house)

    def break_off(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("kaohe.measuring.files.raw_batch", break_off)
    with pytest.raises(OSError, match="disk full"):
        house.take_text(TEXT.replace("c1", "c7"), "more.csv")
    assert contents(house) == before


def test_a_manifest_that_was_tampered_with_is_told(house) -> None:
    house.define("n: {kind: count}")
    house.take_text(TEXT)
    for text in ("{", "{}", '{"imports": [{"colour": 1}]}'):
        (house.workspace.folder / "manifest.json").write_text(text, encoding="utf-8")
        with pytest.raises(Problems) as caught:
            house.measure()
        assert [problem.code for problem in caught.value] == ["M030"]


def test_events_that_are_gone_are_told_and_come_back_with_the_file(house) -> None:
    house.define("n: {kind: count}")
    entry = house.take_text(TEXT)
    house.workspace.path(entry).unlink()
    with pytest.raises(Problems) as caught:
        house.measure()
    assert [problem.code for problem in caught.value] == ["M030"]
    house.take_text(TEXT)
    assert house.figures("n").pair("张三") == (1, 1)


def test_a_table_of_which_nothing_was_imported_is_told(house) -> None:
    house.define("n: {kind: count}")
    with pytest.raises(Problems) as caught:
        house.measure()
    assert [problem.code for problem in caught.value] == ["M032"]


def test_a_table_that_nobody_defined_is_told_with_the_nearest(house) -> None:
    house.define()
    house.write("calls.csv", TEXT)
    with pytest.raises(Problems) as caught:
        house.take("calls.csv", table="call")
    assert caught.value.problems[0].found["hint_en"] == " (did you mean `calls`?)"


def test_a_workspace_may_stand_in_a_folder_with_brackets_stars_and_quotes(new_house) -> None:
    house = new_house()
    house.folder = house.folder / "a[b]'c*?"
    house.folder.mkdir()
    house.define("n: {kind: count}")
    house.take_text(TEXT)
    assert house.figures("n").pair("张三") == (1, 1)
