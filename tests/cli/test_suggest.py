"""Mappings suggested at the shell."""

from __future__ import annotations

import pytest

CALLS = "通话编号,来电时间,坐席,状态\nc1,03/04/2026 10:00,张三,好\n"


@pytest.fixture
def calls(house):
    return house.write("calls.csv", CALLS)


def test_columns_are_shown_with_how_sure_they_are_and_what_is_in_doubt(house, calls):
    said = house.run("suggest", calls, "--table", "calls")
    assert said.code == 0, said.err
    assert "call_id" in said.out
    assert "does the day or the month come first?" in said.out
    assert "Headers not used: 状态" in said.err
    assert "日在前还是月在前？" in house.run("suggest", calls, "--table", "calls", "--lang", "zh").out


def test_a_sources_file_is_written_once_and_not_over_what_is_there(house, calls):
    path = house.folder / "sources.yaml"
    assert house.run("suggest", calls, "--table", "calls", "-o", path, "--zone", "Asia/Shanghai").code == 0
    text = path.read_text(encoding="utf-8")
    assert "company_zone: Asia/Shanghai" in text
    again = house.run("suggest", calls, "--table", "calls", "-o", path)
    assert (again.code, "C012" in again.err) == (1, True)
    assert house.run("suggest", calls, "--table", "calls", "-o", path, "--force").code == 0
    assert "M057" in house.run("import", path, f"calls={calls}", "-w", house.folder / "workspace").err


def test_without_a_table_the_fitting_ones_are_shown_and_nothing_is_chosen(house, calls):
    said = house.run("suggest", calls)
    assert (said.code, "C022" in said.err, "calls" in said.out) == (1, True, True)
    assert house.run("suggest", calls, "--json").data["tables"][0]["table"] == "calls"


def test_a_suggestion_is_data_for_machines(house, calls):
    data = house.run("suggest", calls, "--table", "calls", "--json").data
    assert {one["column"]: one["sure"] for one in data["columns"]} == {"call_id": True, "account": True, "offered_at": False}
    assert data["unused"] == ["状态"]


@pytest.mark.parametrize(("words", "code"), [(("no.csv", "--table", "calls"), "C002"), (("calls.csv", "--table", "call"), "M004")])
def test_what_is_not_there_is_told(house, calls, words, code):
    said = house.run("suggest", house.folder / words[0], *words[1:])
    assert (said.code, code in said.err) == (1, True)
