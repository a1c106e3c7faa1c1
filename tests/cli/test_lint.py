"""What is worth asking about schemes, from the shell."""

from __future__ import annotations

import pytest

from kaohe.library import library_folder, scheme_ids

COMMISSION = """scheme: tea-house-commission
name: 茶馆提成 | Commission of a tea-house
period: month
values: {sales: {is: yuan 0.., name: 茶叶销售额 | Tea sold}}
pay:
  round: 0.01
  clause: §1
  lines:
    commission: {name: 提成 | Commission, by: sales, tiers: [{up_to: 10000, points: sales * 5%}, {else: sales * 4%}]}
"""
ACCEPTED = COMMISSION + "accept: {L030_commission: 合同如此约定 | agreed so}\n"


def test_a_scheme_with_nothing_to_ask_is_fine(house):
    said = house.run("lint", house.write("mended.yaml", COMMISSION.replace("{else: sales * 4%}", "{else: 500 + (sales - 10000) * 4%}")))
    assert (said.code, said.err) == (0, "")
    assert said.out == "✓ tea-house-commission  Commission of a tea-house\n"


def test_a_finding_is_told_with_its_line_clause_sentence_and_way_out(house):
    path = house.write("commission.yaml", COMMISSION)
    said = house.run("lint", path)
    assert said.code == 1
    head, finding, mend = said.out.splitlines()
    assert head == "? tea-house-commission  Commission of a tea-house  1 worth asking"
    assert finding.startswith(f"{path}:9  L030  [§1] more brings less: “Commission” is 500 where Tea sold is 10000, and only 400.0004")
    assert mend.startswith("    Let each bracket pay its rate")
    assert "accept: {L030_commission_10000: …}" in said.err


def test_findings_are_told_in_chinese(house):
    said = house.run("lint", house.write("commission.yaml", COMMISSION), "--lang", "zh")
    assert "1 处值得一问" in said.out
    assert "多做反而少拿：茶叶销售额 10000 时“提成”为 500，10000.01 时只有 400.0004" in said.out


def test_an_accepted_finding_is_counted_and_shown_only_when_asked_for(house):
    path = house.write("accepted.yaml", ACCEPTED)
    said = house.run("lint", path)
    assert (said.code, said.err) == (0, "")
    assert said.out == "✓ tea-house-commission  Commission of a tea-house  1 accepted\n"
    shown = house.run("lint", path, "--all")
    assert shown.code == 0
    assert "L030" in shown.out
    assert "accepted: agreed so" in shown.out


def test_several_schemes_are_summed_up(house):
    said = house.run("lint", house.write("one.yaml", COMMISSION), house.write("other.yaml", ACCEPTED))
    assert said.code == 1
    assert said.out.splitlines()[-1] == "2 schemes: 1 worth asking, 1 accepted"


def test_a_broken_scheme_is_told_and_the_others_are_still_looked_at(house):
    broken = house.write("broken.yaml", COMMISSION.replace("by: sales", "by: sale"))
    said = house.run("lint", broken, house.write("accepted.yaml", ACCEPTED))
    assert said.code == 1
    assert f"{broken}:9  S004" in said.err
    assert "✓ tea-house-commission" in said.out


def test_findings_are_data_for_machines(house):
    said = house.run("lint", house.write("one.yaml", COMMISSION), house.write("other.yaml", ACCEPTED), "--json")
    assert (said.code, said.err) == (1, "")
    one, other = said.data["schemes"]
    (finding,) = one["findings"]
    assert (finding["code"], finding["key"], finding["clause"], finding["place"]["line"]) == ("L030", "commission_10000", "§1", 9)
    assert finding["zh"]
    assert finding["mend_en"]
    assert (other["findings"], [entry["accepted"] for entry in other["accepted"]]) == ([], ["合同如此约定 | agreed so"])
    assert (said.data["finding_count"], said.data["accepted_count"]) == (1, 1)


def test_a_scheme_that_is_not_there_is_a_problem_with_a_guess(house):
    said = house.run("lint", scheme_ids()[0][:-1])
    assert said.code == 1
    assert f"did you mean {scheme_ids()[0]}?" in said.err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_whole_library_is_linted_and_says_the_same_each_time(house, language):
    folders = [library_folder() / scheme for scheme in scheme_ids()]
    once, again = (house.run("lint", *folders, "--lang", language, "--all").out for _ in range(2))
    assert once == again
    assert all(scheme in once for scheme in scheme_ids())


@pytest.mark.parametrize("code", ["L001", "l030"])
def test_what_a_lint_asks_is_explained(house, code):
    said = house.run("problems", code)
    assert said.code == 0
    assert said.out.startswith(code.upper())
