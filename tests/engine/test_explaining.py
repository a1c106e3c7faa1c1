"""Explanations: what each rule says of a figure, what stands beneath it, and how it is printed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.explaining import explain, render
from kaohe.facts import Measured
from kaohe.problems import Place
from kaohe.rules import arithmetic
from tests.arithmetic_of_people import value_of

PEOPLE = """
people:
  - {id: z, name: 张三, role: waiter, team: 前厅}
  - {id: l, name: 李四, role: waiter, team: 前厅}
  - {id: w, name: 王五, role: lead}
"""
HOUSE = """
people: {team: {is: text optional, name: 组 | Team}, base: {is: yuan optional, name: 底薪 | Base pay}}
groups: {mates: {others_of: team, name: 同组其他人 | The others of the team}}
values:
  refill_seconds: {is: seconds 0.. optional, name: 续水时长 | Refill time}
  served: {is: whole 0.. optional, name: 接待桌数 | Tables served}
  returned: {is: whole 0.. optional, name: 回头客桌数 | Tables that came back}
events:
  broken_cup: {name: 打破杯子 | Broken cup, clause: §2}
  thanks: {name: 感谢 | Thanks, columns: {stars: {is: whole 1..5, name: 星 | Stars}}}
figures:
  back: {name: 回头率 | Rate of return, clause: §4, ratio: [returned, served]}
items:
  refill:
    name: 续水 | Refill
    clause: §3
    weight: 40%
    by: refill_seconds
    tiers: [{below: 60, points: 100}, {up_to: 120, points: 60}, {else: 0}]
  breakage: {name: 破损 | Breakage, clause: §2, weight: 30%, full: 100, floor: 0, per_event: {broken_cup: -25}}
  return: {name: 回头客 | Return, clause: §4, weight: 30%, is: 100 * back}
total: {is: weighted sum, clause: §1}
grades:
  clause: §5
  columns: {share: {is: ratio, name: 比例 | Share}}
  rows: {A: {from: 80, share: 100%}, B: {from: 60, share: 50%}, C: {else: yes, share: 0}}
pay: {round: 0.01, clause: §6, lines: {bonus: {name: 奖金 | Bonus, is: base * grade.share / 3}}}
actions: {talk: {name: 谈话 | Talk, clause: §7, when: grade == C and count(broken_cup) > 2}}
"""
FACTS = """
people: [{id: z, name: 张三, role: waiter, team: 前厅, base: 1000}, {id: l, name: 李四, role: waiter, team: 前厅, base: 1000}]
values: {z: {refill_seconds: 60, served: 40, returned: 36}, l: {refill_seconds: 30, served: 40}}
events:
  - {type: broken_cup, subject: z, at: 2026-03-05, count: 2}
  - {type: broken_cup, subject: z, at: 2026-03-09}
"""


@pytest.fixture
def told(tea_house):
    """The explanation of one subject."""

    def explained(body=HOUSE, facts=FACTS, subject="z", language="zh"):
        return explain(tea_house(body, facts), subject, language)

    return explained


def test_a_band_is_told_with_the_figure_and_both_its_edges(told):
    refill = told().line("item.refill")
    assert (refill.value, refill.phrase, refill.rule, refill.clause) == (60, "60 → ≥60, ≤120", "tiers@1", "§3")
    assert [(child.id, child.value) for child in refill.children] == [("value.refill_seconds", 60)]


def test_deductions_are_multiplied_out_and_their_records_listed(told):
    breakage = told().line("item.breakage")
    assert (breakage.value, breakage.arithmetic) == (25, "100 - 75")
    cups = breakage.children[0]
    assert (cups.name, cups.value, cups.phrase, cups.arithmetic) == ("打破杯子", -75, "3 次", "-25 × 3")
    assert [(record.place.row, record.times, record.effect) for record in cups.records] == [(1, 2, -50), (2, 1, -25)]


def test_a_floor_is_told_where_it_held(told):
    facts = FACTS.replace("count: 2", "count: 9")
    breakage = told(facts=facts).line("item.breakage")
    assert (breakage.value, breakage.arithmetic, breakage.phrase) == (0, "max(100 - 250, 0)", "不低于 0")


def test_a_ratio_keeps_both_counts(told):
    back = told().line("figure.back")
    assert (back.value, back.arithmetic) == (Fraction("0.9"), "36 ÷ 40")


def test_the_total_is_written_item_by_item_with_its_weights(told):
    total = told().line("total")
    assert total.arithmetic == "60 × 40% + 25 × 30% + 90 × 30%"
    assert (total.value, value_of(total.arithmetic)) == (Fraction("58.5"), Fraction("58.5"))


THEN = "min(score, 50) if count(broken_cup) > 3 else score + count(thanks)"
HELD = HOUSE.replace("total: {is: weighted sum,", f'total: {{is: weighted sum, then: "{THEN}", cap: 100, round: 0.1,')


def steps_of(total):
    return [(line.name, line.value, line.arithmetic) for line in total.children if line.id == "part"]


def test_a_total_that_later_steps_change_shows_the_weighted_sum_beneath(told):
    total = told(HELD, FACTS.replace("count: 2", "count: 3")).line("total")
    assert (total.value, total.arithmetic, total.phrase) == (50, "min(51, 50)", "打破杯子 4 > 3")
    assert steps_of(total) == [("各项加权合计", 51, "60 × 40% + 0 × 30% + 90 × 30%")]


def test_each_step_that_changes_the_total_is_a_line_that_adds_up(told):
    facts = FACTS.replace("refill_seconds: 60", "refill_seconds: 20").replace("returned: 36", "returned: 37")
    facts += "  - {type: thanks, subject: z, at: 2026-03-09, stars: 5}\n"
    total = told(HELD, facts, language="en").line("total")
    assert (total.value, total.arithmetic) == (Fraction("76.3"), "round(76.25, 0.1, half_up)")
    assert steps_of(total) == [
        ("Weighted sum of the items", Fraction("75.25"), "100 × 40% + 25 × 30% + 92.5 × 30%"),
        ("Adjusted", Fraction("76.25"), "75.25 + 1"),
    ]


def test_a_total_that_nothing_changed_is_told_in_one_line(told):
    total = told(HELD, FACTS).line("total")
    assert (total.value, steps_of(total)) == (Fraction("58.5"), [])
    assert total.arithmetic == "60 × 40% + 25 × 30% + 90 × 30% + 0"


def test_a_grade_is_told_with_what_kept_it_out_of_the_better_one(told):
    grade = told().line("grade")
    assert (grade.value, grade.phrase) == ("C", "58.5 → C (<60)")


def test_a_pay_line_ends_with_its_rounding(told):
    facts = FACTS.replace("refill_seconds: 60", "refill_seconds: 59")
    bonus = told(facts=facts).line("pay.bonus")
    assert (bonus.value, bonus.reported, bonus.clause) == (Fraction(500, 3), Fraction("166.67"), "§6")
    assert bonus.children[-1].phrase == "166.666… → 166.67（四舍五入到 0.01）"
    assert bonus.children[-1].arithmetic == "round(500/3, 0.01, half_up)"


def test_an_action_tells_why_it_is_proposed(told):
    assert told().line("action.talk").phrase == "等级 = C，且 打破杯子 3 > 2"
    assert told(language="en").line("action.talk").phrase == "Grade = C and Broken cup 3 > 2"


def test_whoever_is_incomplete_is_told_which_fact_is_owed(told):
    status = told(subject="l").lines[0]
    assert (status.id, status.value, status.phrase) == ("status", "incomplete", "缺：回头客桌数")
    assert [child.id for child in status.children] == ["value.returned"]


def test_names_come_in_the_readers_language(told):
    assert told(language="en").line("item.refill").name == "Refill"
    assert told(language="en").line("value.refill_seconds").name == "Refill time"


def test_a_measured_value_leads_to_its_measure_and_rows(tea_house):
    results = tea_house(HOUSE, FACTS)
    object.__setattr__(results.facts, "measured", {("z", "returned"): Measured(36, 1, "returned_tables", "2", "rows:ab12")})
    assert explain(results, "z", "zh").line("value.returned").measured == Measured(36, 1, "returned_tables", "2", "rows:ab12")


def test_a_value_and_a_persons_figure_tell_the_cell_they_were_written_in(tea_house):
    results = tea_house(HOUSE, FACTS)
    returned, base = (explain(results, "z", "zh").line(id) for id in ("value.returned", "person.base"))
    assert (returned.place.row, returned.place.column) == (1, "returned")
    assert (base.place.row, base.place.column) == (1, "base")
    assert returned.as_data()["place"] == {"sheet": "values", "row": 1, "column": "returned"}
    assert explain(results, "l", "zh").line("value.served").place.row == 2
    assert explain(results, "l", "zh").line("value.returned").place is None


def test_a_value_of_several_tables_is_found_in_the_one_that_gives_it(tea_house):
    results = tea_house(HOUSE, FACTS)
    homes = results.facts.frames["people"].homes
    (home,) = homes["value.returned"]
    blank = replace(home.table, columns={**home.table.columns, "returned": [None, ""]}, place=Place("march/paper.csv"))
    homes["value.returned"] = (replace(home, table=blank), replace(home, table=replace(home.table, place=Place("march/values.csv"))))
    told_of = explain(results, "z", "en")
    assert told_of.line("value.returned").place == Place("march/values.csv", row=1, column="returned")
    assert "Tables that came back  36  (values.csv, row 1, column returned)" in render(told_of, "en")


def test_colleagues_are_counted_and_not_named(told):
    body = """
    people: {team: {is: text optional, name: 组 | Team}}
    groups: {mates: {others_of: team, name: 同组其他人 | The others of the team}}
    values: {served: {is: whole 0.., name: 接待桌数 | Tables served}}
    items: {mean: {name: 团队 | Team, clause: §1, is: "mean(served, over=mates)"}}
    total: {is: sum, clause: §1}
    """
    facts = PEOPLE + "values: {z: {served: 1}, l: {served: 4}, w: {served: 9}}"
    told_of = told(body, facts)
    line = told_of.line("group.mates")
    assert (line.name, line.value, line.phrase) == ("同组其他人·接待桌数 平均", 4, "1 人")
    assert "李四" not in render(told_of, "zh")


def test_ratings_are_told_by_party_with_their_shares(told):
    body = """
    items:
      manner:
        name: 待客 | Manner
        clause: §1
        rating: {allowed: 0..100, raters: {lead: 领班 | Lead, guest: 客人 | Guest}, mean: {lead: 40%, guest: 60%}}
    total: {is: sum, clause: §1}
    """
    facts = (
        PEOPLE
        + """
ratings:
  - {item: manner, subject: z, rater: w, relation: lead, score: 90}
  - {item: manner, subject: z, rater: g1, relation: guest, score: 70}
  - {item: manner, subject: z, rater: g2, relation: guest, score: 80}
"""
    )
    manner = told(body, facts).line("item.manner")
    assert (manner.value, manner.arithmetic) == (81, "90 × 40% + 75 × 60%")
    assert [(part.name, part.value, part.arithmetic) for part in manner.children] == [("领班", 90, ""), ("客人", 75, "mean(70, 80)")]


def test_redistributed_weights_are_shown_as_they_went(told):
    body = """
    values: {served: {is: whole 0.. optional, name: 桌 | Tables}, tips: {is: number 0.. optional, name: 小费 | Tips}}
    items:
      one: {name: 一 | One, clause: §1, weight: 60%, is: served}
      two: {name: 二 | Two, clause: §1, weight: 40%, is: tips, if_none: spread}
    total: {is: weighted sum, clause: §1}
    """
    total = told(body, PEOPLE + "values: {z: {served: 80}}").line("total")
    assert (total.value, total.arithmetic) == (80, "80 × 100%")
    assert total.phrase == "二 没有数据，权重分给其余指标"


def test_runs_over_earlier_periods_list_each_of_them(told):
    body = """
    values: {score: {is: number 0..100, name: 得分 | Score}}
    total: {is: score, clause: §1}
    rank: {by: total, clause: §2}
    actions: {praise: {name: 表扬 | Praise, clause: §3, when: run(rank == 1) >= 2}}
    """
    facts = (
        PEOPLE
        + """
values: {z: {score: 90}, l: {score: 80}, w: {score: 70}}
history: [{subject: z, period_end: 2026-02-28, rank: 1}, {subject: z, period_end: 2026-01-31, rank: 3}]
"""
    )
    (run,) = told(body, facts).line("action.praise").children
    assert (run.id, run.value) == ("run", 2)
    assert [(line.name, line.value, line.phrase) for line in run.children] == [
        ("本期", True, "名次 1 = 1"),
        ("2026-02-28", True, "名次 1 = 1"),
        ("2026-01-31", False, "名次 3 ≠ 1"),
    ]


def test_a_figure_told_once_is_only_named_again(told):
    explanation = told()
    assert all(child.seen and not child.children for child in explanation.line("total").children)


def test_the_printed_tree_says_name_value_arithmetic_reason_and_source(told):
    text = render(told(), "zh")
    assert "├─ 破损  25 = 100 - 75   [§2, per_event@1 → adjust@1]" in text
    assert "│  └─ 打破杯子  -75 = -25 × 3   3 次" in text
    assert "└─ 措施：谈话   等级 = C，且 打破杯子 3 > 2   [§7, formula@1]" in text


def test_nobody_is_explained_who_has_no_result(told):
    with pytest.raises(KeyError):
        told(subject="s")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("15 - 5 × 2 + 3", ["15", "-5 × 2", "3"]),
        ("-2 + (1 - 3)", ["-2", "1 - 3"]),
        ("1 - 2/3", ["1", "-2/3"]),
    ],
)
def test_sums_are_written_with_brackets_only_where_they_are_needed(text, parts):
    assert arithmetic.plus(parts) == text
    assert value_of(text) == sum(map(value_of, parts))


def test_products_keep_their_sums_together():
    assert arithmetic.times("1 + 2", "-3") == "(1 + 2) × (-3)"
    assert arithmetic.over("6", "2 × 3") == "6 ÷ (2 × 3)"
    assert arithmetic.minus("1", "2 - 3") == "1 - (2 - 3)"
    assert arithmetic.negative("1 + 2") == "-(1 + 2)"


def test_numbers_in_sentences_are_short_and_say_when_they_are_not_all():
    assert [arithmetic.shortly(value) for value in (Fraction(28400, 3), Fraction(-1, 3), Fraction(1, 8))] == [
        "9466.666…",
        "-0.333…",
        "0.125",
    ]


def test_an_item_tells_who_supplies_its_figures_and_who_reviews_them(told):
    body = HOUSE.replace("breakage: {name", "breakage: {source: 掌柜 | Host, reviewer: 账房 | Accounts, name")
    assert "数据来源：掌柜，复核：账房" in render(told(body), "zh")
    assert "source: Host, reviewed by: Accounts" in render(told(body, language="en"), "en")
