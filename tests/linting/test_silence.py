"""What looks odd and is meant so: lints are silent where they are not sure."""

from __future__ import annotations

import pytest

from kaohe.linting import lint_scheme
from kaohe.reading import plan_of_text
from tests.linting.conftest import codes

HEAD = "scheme: tea-house\nname: 茶馆 | Tea-house\nperiod: month\n"
REFILLS = "values: {refills: {is: ratio, name: 及时续水率 | Refills in time}}\n"
TOTAL = "total: {is: sum, clause: §2}\n"


def item(body):
    """A scheme of one item."""
    return HEAD + REFILLS + f"items:\n  refill: {{name: 续水 | Refilling, clause: §1, {body}}}\n" + TOTAL


def sentences(text):
    return [(finding.code, finding.sentence("zh")) for finding in lint_scheme(plan_of_text(text))]


# --- edges ----------------------------------------------------------------------------------------


def test_a_best_value_in_the_middle_is_no_turning_back():
    tiers = "tiers: [{below: 20%, points: 0}, {up_to: 80%, points: 100}, {else: 40}]".replace("up_to", "below")
    assert codes(item(f"by: refills, {tiers}")) == []


def test_a_neutral_middle_may_hold_both_its_edges():
    assert codes(item("by: refills, tiers: [{above: 95%, points: 1}, {from: 85%, points: 0}, {else: -1}]")) == []


def test_a_table_of_one_direction_and_one_kind_of_edge_is_plain():
    assert codes(item("by: refills, tiers: [{from: 95%, points: 100}, {from: 85%, points: 60}, {else: 0}]")) == []


def test_a_hole_between_whole_numbers_holds_no_whole_number():
    guests = HEAD + "values: {guests: {is: whole 0..100, name: 客流 | Guests}}\n"
    tiers = "tiers: [{from: 90, up_to: 100, points: 100}, {from: 80, up_to: 89, points: 60}, {else: 0}]"
    text = guests + f"items:\n  guests: {{name: 客流 | Guests, clause: §1, by: value.guests, {tiers}}}\n" + TOTAL
    assert codes(text) == []
    assert codes(text.replace("whole 0..100", "number 0..100")) == [("L021", "guests_89")]


def test_a_total_that_is_rounded_itself_is_graded_as_it_is_shown():
    text = item("is: 100 * refills").replace("{is: sum, clause", "{is: sum, round: 1, reported: 1, clause")
    assert codes(text + "grades: {clause: §3, rows: {A: {from: 90, up_to: 100}, B: {from: 80, up_to: 89}, C: {else: yes}}}\n") == []


def test_a_low_rate_of_what_is_not_good_is_good():
    assert codes(item("by: refills, line: {0: 0, 1: 100}").replace("及时续水率 | Refills in time", "解决率 | Share solved")) == []
    assert codes(item("by: refills, line: {0: 100, 1: 0}").replace("及时续水率 | Refills in time", "未解决率 | Share not solved")) == []
    assert codes(item("by: refills, line: {0: 100, 1: 0}").replace("及时续水率 | Refills in time", "解决率 | Share solved")) == [
        ("L026", "refill")
    ]


# --- reach ----------------------------------------------------------------------------------------


def test_an_end_that_only_repeats_what_the_figure_can_be_is_left_alone():
    assert codes(item("is: 100 * refills, floor: 0, cap: 100")) == []


def test_an_item_outside_the_total_that_pay_looks_at_moves_something():
    text = (
        item("is: 100 * refills, in_total: no")
        + "pay: {round: 0.01, clause: §3, lines: {bonus: {name: 奖金 | Bonus, is: refill * 2, unit: yuan}}}\n"
    )
    text = text.replace("items:\n", "items:\n  care: {name: 茶具 | Cups, clause: §1, rating: {allowed: 0..100, raters: [lead, guest]}}\n")
    assert codes(text) == []


def test_weight_that_may_pass_to_others_keeps_a_grade_within_reach():
    text = (
        HEAD
        + """
values: {refills: {is: ratio, name: 及时续水率 | Refills in time}, smiles: {is: ratio optional, name: 微笑率 | Share of smiles}}
items:
  refill: {name: 续水 | Refilling, weight: 50%, clause: §1, is: 100 * refills}
  smiles: {name: 笑容 | Smiles, weight: 50%, clause: §2, is: 60 * value.smiles, if_none: spread}
total: {is: weighted sum, clause: §3}
grades: {clause: §4, rows: {A: {from: 75}, B: {else: yes}}}
"""
    )
    assert codes(text) == []


# --- money and labour law -------------------------------------------------------------------------

FINE = """
people: {daily_wage: {is: yuan 0.., name: 日工资 | Daily wage}}
events: {away: {name: 缺勤 | Absence, columns: {days: {is: days 0.., name: 天数 | Days}}}}
pay:
  round: 0.01
  clause: §1
  lines:
    away: {name: 缺勤扣款 | Deduction from wages for absence, is: 0 - AMOUNT}
"""


def test_days_that_were_not_worked_at_ones_own_wage_are_no_fine():
    line = FINE.replace("0 - AMOUNT", "person.daily_wage * sum(away.days)")
    assert codes(HEAD + line) == []
    fixed = FINE.replace("0 - AMOUNT", "40 * sum(away.days)").replace(
        "people: {daily_wage: {is: yuan 0.., name: 日工资 | Daily wage}}\n", ""
    )
    assert codes(HEAD + fixed) == [("L031", "away")]


def test_days_taken_off_at_ones_own_wage_are_no_fine_although_they_are_below_zero():
    line = FINE.replace("0 - AMOUNT", "-person.daily_wage * sum(away.days)").replace(
        "缺勤扣款 | Deduction from wages for absence", "缺勤 | Absence"
    )
    assert codes(HEAD + line) == []


def test_a_sum_that_may_be_negative_is_told_of_the_line_where_that_arises():
    more = "    gross: {name: 应发 | Gross, is: rounded(person.daily_wage) + rounded(pay.away)}\n"
    line = FINE.replace("is: 0 - AMOUNT", "is: -40 * sum(away.days), unit: yuan") + more
    assert codes(HEAD + line) == [("L031", "away")]


SALES = """
people: {base: {is: yuan 0..5000, name: 基本工资 | Base pay}}
values: {sales: {is: yuan 0.., name: 茶叶销售额 | Tea sold}}
pay:
  round: 0.01
  clause: §1
  lines:
    commission: {name: 提成 | Commission, is: LINE}
    gross: {name: 应发 | Gross, is: rounded(base) + rounded(commission)}
"""


@pytest.mark.parametrize(
    "line",
    [
        "sales * 5% if sales <= 10000 else 500 + (sales - 10000) * 4%",
        "sales * 4% if sales <= 10000 else sales * 5%",
        "100 if sales <= 10000 else 300",
        "min(sales * 5%, 500)",
    ],
)
def test_pay_that_never_falls_as_more_is_sold_is_not_asked_about(line):
    assert codes(HEAD + SALES.replace("LINE", f'"{line}"')) == []


@pytest.mark.parametrize("line", ["sales * (5% if sales <= 10000 else 4%)", "sales * 5% if sales <= 10000 else sales * 4%"])
def test_a_fall_is_told_of_the_line_where_it_arises_and_not_of_their_sum(line):
    assert codes(HEAD + SALES.replace("LINE", f'"{line}"')) == [("L030", "commission_10000")]


def test_what_else_was_assumed_is_told_with_the_fall():
    text = HEAD + SALES.replace("is: LINE", 'is: "base * 10% + sales * (5% if sales <= 10000 else 4%)"')
    (found,) = sentences(text)
    assert found[1].endswith("（设基本工资 100）")


def test_records_that_take_points_and_bring_nothing_else_are_one_punishment():
    text = (
        HEAD
        + """
people: {base: {is: yuan 0.., name: 奖金基数 | Bonus base}}
events: {broken_cup: 打破茶具 | Broken cup, sold: 卖出茶叶 | Tea sold}
items:
  care: {name: 爱护茶具 | Care of the cups, clause: §1, full: 100, floor: 0, per_event: {broken_cup: -10}}
total: {is: sum, clause: §2}
pay:
  round: 0.01
  clause: §3
  lines:
    bonus: {name: 奖金 | Bonus, is: base * total / 100}
    sold: {name: 茶叶奖 | Tea bonus, is: 10 * count(sold)}
"""
    )
    assert codes(text) == []


@pytest.mark.parametrize("name", ["离职面谈 | Exit interview", "解除预警 | Alarm lifted", "培训 | Training"])
def test_an_action_that_ends_no_employment_is_none_of_the_lawyers_business(name):
    text = item("is: 100 * refills") + f"actions: {{talk: {{name: {name}, when: total < 60, clause: §3}}}}\n"
    assert codes(text) == []


def test_the_end_of_a_vendors_contract_is_no_dismissal():
    text = item("is: 100 * refills").replace("period: month\n", "period: month\nsubjects: units\n")
    assert codes(text + "actions: {end: {name: 解除合同 | Contract terminated, when: total < 60, clause: §3}}\n") == []


@pytest.mark.parametrize(
    ("name", "asked"), [("病假 | Sick leave", 1), ("无故不请病假 | Sick leave without notice", 0), ("加班 | Overtime", 0)]
)
def test_what_the_law_protects_is_asked_about_by_its_name(name, asked):
    text = (
        HEAD
        + f"events: {{ill: {{name: {name}, clause: §1}}}}\n"
        + """
items:
  attendance: {name: 出勤 | Attendance, clause: §1, full: 100, floor: 0, per_event: {ill: -5}}
total: {is: sum, clause: §2}
"""
    )
    assert len(codes(text)) == asked


def test_points_given_for_sick_leave_are_not_asked_about():
    text = (
        HEAD
        + """
events: {ill: {name: 病假 | Sick leave, clause: §1}, late: 迟到 | Late}
items:
  attendance: {name: 出勤 | Attendance, clause: §1, full: 100, floor: 0, cap: 100, per_event: {ill: 0, late: -5}}
total: {is: sum, clause: §2}
"""
    )
    assert codes(text) == []


# --- evidence -------------------------------------------------------------------------------------

ASKED = (
    HEAD
    + """
values: {asked: {is: whole 0.., name: 询问数 | Asked}, answered: {is: whole 0.., name: 答复数 | Answered}}
must: {answered_of_asked: {is: answered <= asked, about: [answered], clause: §1}}
items:
  answers: {name: 答复 | Answers, clause: §1, BODY}
total: {is: sum, clause: §2}
"""
)


@pytest.mark.parametrize(
    "body",
    [
        'is: "100 * answered / asked if asked > 0 else 100"',
        'is: 100 * answered / asked, if_none: "null"',
        "is: 100 * answered / asked, if_none: missing",
        "is: 100 * answered / asked, if_absent: 100",
        'is: "first(100 * answered / asked, 100)"',
        'is: "100 * answered / max(1, asked)"',
    ],
)
def test_an_item_that_says_what_nothing_means_is_not_asked_about(body):
    assert codes(ASKED.replace("BODY", body)) == []
    assert codes(ASKED.replace("BODY", "is: 100 * answered / asked")) == [("L043", "items")]


def test_points_that_a_condition_keeps_within_limits_are_not_without_limit():
    text = (
        HEAD
        + """
events:
  fault:
    name: 过失 | Fault
    columns: {points: {is: points 0.., name: 扣分 | Points}}
    must: {at_most_five: {is: points <= 5, about: [points], clause: §1}}
items:
  conduct: {name: 言行 | Conduct, clause: §1, full: 100, per_event: {fault: -points}}
total: {is: sum, clause: §2}
"""
    )
    assert codes(text) == []


def test_a_prize_for_the_first_is_no_matter_of_small_groups():
    text = (
        item("is: 100 * refills")
        + "groups: {everybody: {all: yes, name: 全体 | Everybody}}\nrank: {by: total, among: everybody, clause: §3}\n"
    )
    for test in ("rank == 1", "of > 1 and rank == of"):
        assert codes(text + f"actions: {{praise: {{name: 表扬 | Praise, when: {test}, clause: §4}}}}\n") == []


def test_several_parties_are_more_than_one_voice():
    assert codes(item("rating: {allowed: 0..100, raters: [lead, guest]}").replace(REFILLS, "")) == []
    assert codes(item("rating: {allowed: 0..100, raters: [lead]}").replace(REFILLS, "")) == [("L042", "total")]


# --- idle -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("home", "entry", "key"),
    [
        ("values", "guests: {is: whole 0.., name: 客流 | Guests}", "guests"),
        ("config", "target: {is: ratio default 0.9, name: 达标线 | Target}", "target"),
        ("events", "broken_cup: {name: 打破茶具 | Broken cup}", "broken_cup"),
        ("groups", "everybody: {all: yes, name: 全体 | Everybody}", "everybody"),
        ("figures", "kept: {name: 封底的续水率 | Refills, kept above, is: refills, floor: 0.5, clause: §1}", "kept"),
    ],
)
def test_whatever_is_declared_and_not_looked_at_is_told(home, entry, key):
    text = item("is: 100 * refills")
    own = text.replace("values: {", f"values: {{{entry}, ") if home == "values" else text + f"{home}: {{{entry}}}\n"
    assert codes(own.replace("Refills, kept above", "Refills kept above")) == [("L050", key)]


@pytest.mark.parametrize(
    "more",
    [
        "config: {weights: {for_each: items, is: number 0.., sum: 100, name: 权重 | Weights}}",
        "config: {days: {one_of: [7, 30], default: 7, name: 天数 | Days}}\nas_of: end + config.days",
        "figures: {kept: {name: 续水率 | Refills, is: refills, show: yes, clause: §1}}",
        "events: {first: {name: 约定 | Agreed}, then: {name: 签字 | Signed, after: [first]}}",
        "groups: {everybody: {all: yes, name: 全体 | Everybody}}\nrank: {by: total, among: everybody, clause: §3}",
        "people: {late: {is: date optional, name: 迟到 | Late}}\nstates: {late: {name: 迟到 | Late, when: given(person.late), clause: §3}}",
    ],
)
def test_what_is_of_use_in_any_way_is_not_told(more):
    text = item("is: 100 * refills, weight: 0..100")
    if "weights" in more:
        text = text.replace("{is: sum, clause", "{is: weighted sum, weights: config.weights, clause")
    assert codes(text.replace(", weight: 0..100", "" if "weights" not in more else ", weight: 0..100") + more + "\n") == []


# --- words ----------------------------------------------------------------------------------------


def test_a_scheme_written_in_chinese_alone_lacks_no_english():
    text = item("is: 100 * refills").replace(" | Refills in time", "").replace(" | Refilling", "").replace(" | Tea-house", "")
    assert codes(text) == []


def test_an_abbreviation_is_the_same_in_both_languages():
    assert codes(item("is: 100 * refills").replace("及时续水率 | Refills in time", "CSAT")) == []
