"""The facts folder: what scoring reads is exactly what was measured."""

from __future__ import annotations

import pytest

from kaohe.measuring import write_facts_folder
from kaohe.problems import Problems

TEXT = "通话编号,坐席,来电时间,等待,金额\nc1,张三,2026-03-01,20,0.10\nc2,李四,2026-03-02,,\n"


@pytest.fixture
def measured(house):
    """The figures of two measures."""
    house.define("wait: {kind: mean, value: wait_seconds}", "paid: {kind: sum, value: amount}")
    house.take_text(TEXT)
    return house.measure()


def test_measured_csv_holds_whole_numbers_and_where_they_come_from(measured, tmp_path) -> None:
    write_facts_folder(measured, tmp_path / "facts", {"wait": "wait_seconds_mean"})
    rows = measured["wait"].rows
    assert (tmp_path / "facts" / "measured.csv").read_bytes().decode("utf-8").splitlines() == [
        "\ufeffsubject,value,numerator,denominator,measure,version,start,end,rows",
        f"张三,wait_seconds_mean,20,1,wait,1,2026-03-01,2026-03-31,{rows}",
        f"李四,wait_seconds_mean,0,0,wait,1,2026-03-01,2026-03-31,{rows}",
        f"张三,paid,10,100,paid,1,2026-03-01,2026-03-31,{rows}",
        f"李四,paid,0,100,paid,1,2026-03-01,2026-03-31,{rows}",
    ]


def test_other_files_and_what_else_facts_yaml_says_stay(measured, tmp_path) -> None:
    (tmp_path / "people.csv").write_text("id,name\n", encoding="utf-8")
    (tmp_path / "facts.yaml").write_text("# 三月\nas_of: 2026-04-01\nperiod: {start: 2025-01-01, end: 2025-01-31}\n", encoding="utf-8")
    write_facts_folder(measured, tmp_path)
    assert (tmp_path / "people.csv").read_text(encoding="utf-8") == "id,name\n"
    text = (tmp_path / "facts.yaml").read_text(encoding="utf-8")
    assert text == "# 三月\nas_of: 2026-04-01\nperiod: {start: 2026-03-01, end: 2026-03-31}\n"


def test_writing_twice_writes_the_same(measured, tmp_path) -> None:
    write_facts_folder(measured, tmp_path)
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    write_facts_folder(measured, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == first


def test_a_binding_of_no_measure_and_two_of_one_key_are_told(measured, tmp_path) -> None:
    with pytest.raises(Problems) as caught:
        write_facts_folder(measured, tmp_path, {"wiat": "x", "wait": "paid"})
    assert [problem.code for problem in caught.value] == ["M004", "M005"]
