"""Schemes checked, listed and shown from the shell."""

from __future__ import annotations

import json

import pytest
from rich.cells import cell_len

from kaohe.library import scheme_ids
from kaohe.plan import Plan

BROKEN = """
scheme: tea-house-waiters
name: 茶馆 | Tea-house
period: month
values:
  refill_seconds: {is: seconds 0.., name: 续水 | Refill}
  greeting_share: {is: ratio, name: 迎客 | Greeting}
items:
  refill: {name: 续水 | Refill, clause: §1, by: refil_seconds, tiers: [{below: 60, points: 100}, {else: 0}]}
  greeting: {name: 迎客 | Greeting, is: greeting_share * 100}
total: {is: sum, clause: §2}
"""


def test_a_right_scheme_is_told_with_its_name_and_size(house):
    said = house.run("check", house.scheme)
    assert (said.code, said.err) == (0, "")
    assert "✓ tea-house-waiters  Monthly appraisal of tea-house waiters" in said.out
    assert "items 2" in said.out


def test_what_a_scheme_insists_on_is_shown_with_its_reason(house):
    printed = BROKEN.replace("refil_seconds", "refill_seconds").replace(
        "greeting_share * 100", "greeting_share * 100, clause: §2, weight: 40%"
    )
    printed = printed.replace("name: 续水 | Refill, clause", "name: 续水 | Refill, weight: 40%, clause").replace(
        "is: sum", "is: weighted sum, weights: scaled"
    )
    path = house.write("scaled.yaml", printed + "accept: {weights_80: 合计 80%;按比例放大 | weights sum to 80%; scaled}\n")
    said = house.run("check", path)
    assert (said.code, said.err) == (0, "")
    assert "accepted weights_80: weights sum to 80%; scaled" in said.out


def test_all_problems_of_a_broken_scheme_are_told_with_file_and_line(house):
    path = house.write("broken.yaml", BROKEN)
    said = house.run("check", path)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("2 problems\n")
    assert f"{path}:9  S004" in said.err
    assert f"{path}:10  S032" in said.err
    assert "did you mean refill_seconds?" in said.err


def test_problems_are_counted_first_in_chinese_too(house):
    path = house.write("broken.yaml", BROKEN)
    assert house.run("check", path, "--lang", "zh").err.startswith("共 2 处问题\n")


def test_problems_of_several_schemes_are_told_together(house):
    one, other = house.write("one.yaml", BROKEN), house.write("other.yaml", BROKEN)
    said = house.run("check", one, house.scheme, other)
    assert said.err.startswith("4 problems\n")
    assert "✓ tea-house-waiters" in said.out


def test_problems_are_data_for_machines(house):
    said = house.run("check", house.write("broken.yaml", BROKEN), house.scheme, "--json")
    assert said.code == 1
    assert said.err == ""
    broken, right = said.data["schemes"]
    assert [problem["code"] for problem in broken["problems"]] == ["S004", "S032"]
    assert broken["problems"][0]["place"]["line"] == 9
    assert (right["ok"], right["id"], right["problems"]) == (True, "tea-house-waiters", [])


def test_a_broken_scheme_prints_no_traceback(house):
    for text in (BROKEN, "", "- 1", "scheme: [", "a: *b", "!!python/object:os.system {}"):
        said = house.run("check", house.write("broken.yaml", text))
        assert said.code == 1
        assert "Traceback" not in said.err + said.out


def test_a_scheme_that_is_not_there_is_a_problem_with_a_guess(house):
    said = house.run("check", scheme_ids()[0][:-1])
    assert said.code == 1
    assert f"did you mean {scheme_ids()[0]}?" in said.err


def test_the_library_is_listed_with_names_in_both_languages(house):
    listed = house.run("schemes", "--json").data["schemes"]
    told = house.run("schemes").out
    assert [entry["id"] for entry in listed] == scheme_ids()
    assert [entry["id"] for entry in listed if entry["zh"] not in told or entry["en"] not in told] == []


def test_a_plan_is_shown_in_the_order_in_which_it_is_computed(house):
    told = house.run("plan", house.scheme).out
    places = [told.index(id) for id in ("item.greeting", "item.refill", "\n total ", "pay.bonus")]
    assert places == sorted(places)
    assert "tiers@1" in told
    assert "§2" in told


@pytest.mark.parametrize("columns", [80, 120, 200])
def test_a_plan_fits_the_screen(house, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    told = house.run("plan", house.scheme, "--lang", "zh").out
    assert [line for line in told.splitlines() if cell_len(line.rstrip()) > columns] == []
    assert "value.refill_seconds" in told


def test_a_plan_as_json_reads_back_as_the_same_plan(house):
    text = house.run("plan", house.scheme, "--json").out
    assert json.loads(Plan.read(text).write()) == json.loads(text)


def test_a_code_is_explained(house):
    said = house.run("problems", "s004")
    assert said.code == 0
    assert said.out.startswith("S004  unknown\n")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_code_is_listed(house, language):
    listed = house.run("problems", "--json").data["problems"]
    told = house.run("problems", "--lang", language).out
    assert [kind["code"] for kind in listed if kind["code"] not in told] == []
    assert {"N001", "F001", "S001", "M001", "C001", "D001"} <= {kind["code"] for kind in listed}


def test_a_code_that_does_not_exist_is_a_problem(house):
    assert house.run("problems", "X999").code == 1
