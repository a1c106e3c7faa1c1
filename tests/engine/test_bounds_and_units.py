"""What the compiler knows of a figure before any fact: between which ends it lies, and in which unit."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kaohe.problems import Problems
from tests.engine.conftest import plan_of

VALUES = """
values:
  a: {is: number 2..5, name: 甲 | A}
  b: {is: number -3..4, name: 乙 | B}
  c: {is: number -9..-1, name: 丙 | C}
  up: {is: number from 1, name: 至少一 | From one}
  down: {is: number up_to 7, name: 至多七 | Up to seven}
  free: {is: number, name: 随意 | Free}
  zero: {is: number 0.., name: 非负 | From nothing}
  tea: {is: yuan 0..100, name: 茶钱 | Tea money}
  wait: {is: seconds 0..600, name: 等候 | Waiting}
  shift: {is: hours 0..12, name: 当班 | Shift}
  marks: {is: points 0..9, name: 分 | Points}
  portion: {is: ratio, name: 占比 | Portion}
events:
  cup: {name: 打碎 | Broken cup, columns: {price: {is: yuan 1..50, name: 价 | Price}, loss: {is: points -5..0, name: 失分 | Loss}, any: {is: number, name: 数 | Number}}}
"""


BIG = f"1{'0' * 30} * 1{'0' * 30}"  # 10 to the 60, as formulas may write it


def node_of(formula, rest=""):
    """The node of the plan that a formula becomes."""
    return plan_of(f"{VALUES}figures: {{f: {{name: 数 | F, clause: §1, is: {formula!r}}}}}\n{rest}").nodes["figure.f"]


def ends_of(formula):
    node = node_of(formula)
    return tuple(None if end is None else Fraction(end) for end in (node.low, node.high))


@pytest.mark.parametrize(
    ("formula", "low", "high"),
    [
        ("a", 2, 5),
        ("12", 12, 12),
        ("-a", -5, -2),
        ("-up", None, -1),
        ("-down", -7, None),
        ("a + b", -1, 9),
        ("a + up", 3, None),
        ("a + down", None, 12),
        ("up + down", None, None),
        ("down + up", None, None),
        ("a - b", -2, 8),
        ("b - a", -8, 2),
        ("a - up", None, 4),
        ("a - down", -5, None),
        ("up - a", -4, None),
        ("down - a", None, 5),
        ("down - up", None, 6),
        ("up - down", -6, None),
        ("a * 2", 4, 10),
        ("2 * a", 4, 10),
        ("a * -2", -10, -4),
        ("-2 * up", None, -2),
        ("3 * down", None, 21),
        ("up * 3", 3, None),
        ("0 * free", None, None),
        ("0 * up", 0, None),
        ("a * b", -15, 20),
        ("b * b", -12, 16),
        ("b * c", -36, 27),
        ("c * c", 1, 81),
        ("a * up", 0, None),
        ("up * a", 0, None),
        ("zero * up", 0, None),
        ("b * up", None, None),
        ("up * b", None, None),
        ("a * down", None, None),
        ("down * down", None, None),
        ("a / 2", 1, Fraction(5, 2)),
        ("a / -2", Fraction(-5, 2), -1),
        ("up / 2", Fraction(1, 2), None),
        ("a / up", 0, None),
        ("zero / zero", 0, None),
        ("b / a", None, None),
        ("a / b", None, None),
        ("a / down", None, None),
        ("down / a", None, None),
        ("a if b > 0 else 3", 2, 5),
        ("a if b > 0 else up", 1, None),
        ("a if b > 0 else down", None, 7),
        ("a if b > 0 else none", 2, 5),
        ("none if b > 0 else a", 2, 5),
        ("min(a, b)", -3, 4),
        ("min(a, up)", 1, 5),
        ("min(a, down)", None, 5),
        ("min(up, free)", None, None),
        ("max(a, b)", 2, 5),
        ("max(a, up)", 2, None),
        ("max(a, down)", 2, 7),
        ("max(down, free)", None, None),
        ("mean(a, b)", -3, 5),
        ("mean(a, up)", 1, None),
        ("mean(a, down)", None, 7),
        ("mean_given(a, b)", -3, 5),
        ("sign(b)", -1, 1),
        ("abs(b)", 0, None),
        ("floor_of(a)", None, None),
        ("first(a, b)", -3, 5),
        ("first(a, up)", 1, None),
        ("first(a, down)", None, 7),
        ("count(cup)", 0, None),
        ("share(cup.price > 3)", 0, 1),
        ("sum(cup.price)", 0, None),
        ("sum(cup.loss)", None, 0),
        ("sum(cup.any)", None, None),
        ("mean(cup.price)", 1, 50),
        ("min(cup.loss)", -5, 0),
        ("months_between(start, end)", None, None),
    ],
)
def test_the_ends_of_a_formula_follow_from_those_of_its_parts(formula, low, high):
    assert ends_of(formula) == (low, high)


@pytest.mark.parametrize(
    ("formula", "high"),
    [
        (f"portion * {BIG} * {BIG}", 10**120),
        (f"portion * {BIG} * {BIG} * 10", None),
        (f"portion / ({BIG}) / ({BIG})", Fraction(1, 10**120)),
        (f"portion / ({BIG}) / ({BIG}) / 10", None),
        (f"(0 - portion) * {BIG} * {BIG}", 0),
        (f"(1 - portion) * {BIG} * {BIG} * -1 - 1", -1),
    ],
)
def test_an_end_beyond_ten_to_the_120_is_no_end(formula, high):
    assert ends_of(formula)[1] == high


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        ("tea", "yuan"),
        ("-tea", "yuan"),
        ("tea + 5", "yuan"),
        ("5 + tea", "yuan"),
        ("tea - 5", "yuan"),
        ("tea + portion", "yuan"),
        ("tea * portion", "yuan"),
        ("portion * tea", "yuan"),
        ("2 * tea", "yuan"),
        ("tea * wait", ""),
        ("tea / 2", "yuan"),
        ("tea / tea", ""),
        ("tea / shift", ""),
        ("2 / shift", ""),
        ("portion * a", ""),
        ("tea if a > 3 else 0", "yuan"),
        ("0 if a > 3 else tea", "yuan"),
        ("min(tea, 50)", "yuan"),
        ("first(tea, 0)", "yuan"),
        ("sum(cup.price)", "yuan"),
        ("mean(cup.loss)", "points"),
        ("count(cup)", ""),
        ("share(cup.price > 3)", "ratio"),
    ],
)
def test_the_unit_of_a_formula_follows_from_those_of_its_parts(formula, unit):
    assert node_of(formula).unit == unit


@pytest.mark.parametrize(
    "formula",
    [
        "tea + wait",
        "tea - wait",
        "shift + wait",
        "tea < wait",
        "tea == marks",
        "min(tea, wait)",
        "max(tea, 5, wait)",
        "mean(tea, wait)",
        "mean_given(tea, wait)",
        "tea + (wait if a > 3 else 0)",
        "tea / 2 + wait / 2",
        "tea + wait * portion",
    ],
)
def test_two_units_are_neither_added_nor_compared(formula):
    with pytest.raises(Problems) as found:
        node_of(formula)
    assert {problem.code for problem in found.value} == {"S008"}


@pytest.mark.parametrize(
    "formula", ["tea + tea * portion", "tea / shift + wait / shift", "first(tea, wait)", "tea + a", "portion < tea / 5"]
)
def test_a_unit_beside_none_may_be_added_and_compared(formula):
    assert node_of(formula)


@pytest.mark.parametrize("formula", ["a / 0", "a / (2 - 2)", "1 / (a - a * 0 - a)"])
def test_dividing_by_what_is_always_nothing_is_refused(formula):
    if formula.startswith("1"):
        assert node_of(formula)  # which ends at nothing only now and then
        return
    with pytest.raises(Problems) as found:
        node_of(formula)
    assert [problem.code for problem in found.value] == ["S043"]


RULES = {
    "tiers": ("by: a, tiers: [{below: 3, points: 10}, {below: 4, points: b}, {else: 1}]", -3, 10),
    "tiers with an open end": ("by: a, tiers: [{below: 3, points: up}, {else: 0}]", 0, None),
    "tiers with no lowest": ("by: a, tiers: [{below: 3, points: down}, {else: 9}]", None, 9),
    "line": ("by: a, line: {3: 100, 2: 0, 5: 60}", 0, 100),
    "ratio": ("ratio: [zero, up]", 0, 1),
    "ratio that may exceed": ("ratio: {part: zero, whole: up, may_exceed: yes}", 0, None),
    "ratio of what may be negative": ("ratio: [b, up]", None, 1),
    "ratio of two units": ("ratio: [tea, wait]", 0, None),
    "ratio or a figure given directly": ("ratio: {part: zero, whole: up, direct: a}", 0, 5),
    "ratio that gives a number where there is nothing to divide by": ("ratio: {part: zero, whole: up, zero: 3}", 0, 3),
    "ratio that takes nothing to divide by for owed": ("ratio: {part: zero, whole: up, zero: missing}", 0, 1),
    "ratio of some records to all": ("ratio: ['count(cup, price > 9)', count(cup)]", 0, 1),
    "ratio of some money to all": ("ratio: ['sum(cup.price, price > 9)', sum(cup.price)]", 0, 1),
    "ratio of some losses to all": ("ratio: ['sum(cup.loss, loss > -2)', sum(cup.loss)]", None, None),
    "ratio of different records": ("ratio: [count(cup), 'count(cup, price > 9)']", 0, None),
    "ratio within ends that never cross": ("ratio: [a + 0, 5]", 0, 1),
    "ratio of sums of values": ("ratio: [zero + a, up + a]", 0, 1),
    "ratio to what may be negative": ("ratio: [zero, b]", None, None),
    "ratio of what people do not enter": ("ratio: [abs(zero), up]", 0, None),
    "ratio to a choice or to nothing that is entered": ("ratio: [5, zero]", 0, None),
    "ratio of each week": ("per: week, ratio: [zero, up]", 0, None),
    "per event": ("full: 100, per_event: {cup: -2}", None, 100),
    "per event, gained": ("per_event: {cup: price}", 0, None),
    "per event, both": ("full: a, per_event: {cup: any}", None, None),
    "per event, once": ("full: 10, once: {cup: -3}", 7, 10),
    "per event, once gained": ("full: 10, once: {cup: 3}", 10, 13),
    "per event, once, by a figure": ("full: 10, once: {cup: b}", 7, 14),
    "per event, once, without an end": ("full: 10, once: {cup: up}", 10, None),
    "per event, once, without a lowest": ("full: 10, once: {cup: down}", None, 17),
    "per event, in bands": ("full: 10, per_event: {cup: {by: price, tiers: [{below: 9, points: 0}, {else: -2}]}}", None, 10),
    "per event, in bands that add": ("per_event: {cup: {by: price, tiers: [{below: 9, points: 1}, {else: 2}]}}", 0, None),
    "places": ("places: {by: a, among: all, points: {1: 3, 2: 2}}", 0, 3),
    "places that cost": ("places: {by: a, among: all, points: {1: -3, 2: -1}}", -3, 0),
    "places without an end": ("places: {by: a, among: all, points: {1: up, 2: -1}}", -1, None),
    "floor": ("is: b, floor: 0", 0, 4),
    "floor above everything": ("is: b, floor: 9", 9, 9),
    "floor of what has no lowest": ("is: down, floor: 0", 0, 7),
    "floor of what has no end": ("is: free, floor: 0", 0, None),
    "cap": ("is: b, cap: 1", -3, 1),
    "cap below everything": ("is: b, cap: -5", -5, -5),
    "cap of what has no highest": ("is: up, cap: 5", 1, 5),
    "cap of what has no end": ("is: free, cap: 5", None, 5),
    "floor and cap": ("is: free, floor: 0, cap: 5", 0, 5),
    "floor and cap by figures": ("is: free, floor: a, cap: a + 10", 2, 15),
    "plus": ("is: a, plus: [b, 1]", 0, 10),
    "plus without an end": ("is: a, plus: [up]", 3, None),
    "then": ("is: a, then: score * 2", 4, 10),
    "then and plus": ("is: a, then: score * 2, plus: [1]", 5, 11),
    "for each part": ("per: week, is: a", 2, 5),
    "rounded upwards beyond its end": ("is: a / 3, round: {to: 0.5, half: up}", 1, 2),
    "rounded only without an end": ("is: a / 3, round: {to: 0.5, half: up, only: endless}", Fraction(2, 3), 2),
    "what stands where there is nothing": ("is: a, if_absent: 9", 2, 9),
    "what stands where there is nothing, without an end": ("is: a, if_absent: up", 1, None),
}


@pytest.mark.parametrize(("body", "low", "high"), RULES.values(), ids=RULES)
def test_the_ends_of_a_rule_follow_from_what_it_gives(body, low, high):
    groups = "groups: {all: {all: yes, name: 全体 | All}}\nwindows: {week: {starts_on_days: [1, 8, 15, 22], name: 周 | Week}}"
    node = plan_of(f"{VALUES}{groups}\nfigures: {{f: {{name: 数 | F, clause: §1, {body}}}}}\n").nodes["figure.f"]
    assert tuple(None if end is None else Fraction(end) for end in (node.low, node.high)) == (low, high)


@pytest.mark.parametrize(
    ("body", "unit"),
    [
        ("by: a, tiers: [{below: 3, points: 0}, {else: tea}]", "yuan"),
        ("places: {by: a, among: all, points: {1: 1, 2: tea}}", "yuan"),
        ("per_event: {cup: price}, full: tea", "yuan"),
        ("is: tea, plus: [5]", "yuan"),
        ("is: a, unit: points", "points"),
        ("ratio: [zero, up]", "ratio"),
        ("ratio: [tea, wait]", ""),
        ("by: a, line: {2: 0, 5: 1}", ""),
    ],
)
def test_the_unit_of_a_rule_is_that_of_what_it_gives(body, unit):
    groups = "groups: {all: {all: yes, name: 全体 | All}}\n"
    assert plan_of(f"{VALUES}{groups}figures: {{f: {{name: 数 | F, clause: §1, {body}}}}}\n").nodes["figure.f"].unit == unit


# --- what a part of a whole is held to ------------------------------------------------------------

SERVED = """
values: {served: {is: whole 0.., name: 上茶 | Served}, quick: {is: whole 0.., name: 及时 | Quick}}
figures: {share: {name: 及时率 | Share served in time, clause: §1, show: yes, ratio: RATIO}}
items: {speed: {name: 上茶 | Serving, clause: §1, is: 100 * share}}
total: {is: sum, clause: §2}
"""
PEOPLE = "people: [{id: a, role: waiter}, {id: b, role: waiter}]\nvalues: {a: {served: 10, quick: 12}, b: {served: 10, quick: 10}}\n"


def served(ratio, more=""):
    return SERVED.replace("RATIO", ratio) + more


def test_a_part_that_is_more_than_its_whole_is_refused(tea_house):
    with pytest.raises(Problems) as found:
        tea_house(served("[quick, served]"), PEOPLE)
    (problem,) = found.value
    assert (problem.code, problem.reason, set(problem.about)) == ("F011", "out_of_range", {"quick", "served", "share", "speed", "a"})
    assert "quick <= served（及时率不超过 100%）" in problem.tell("zh")
    assert "quick <= served (Share served in time: at most 100%)" in problem.tell("en")


def test_a_part_that_may_exceed_its_whole_is_taken_and_every_grade_above_is_within_reach(tea_house):
    grades = "grades: {clause: §3, rows: {A: {from: 110}, B: {else: yes}}}\n"
    results = tea_house(served("{part: quick, whole: served, may_exceed: yes}", grades), PEOPLE)
    assert [results.scorecard(who).grade for who in ("a", "b")] == ["A", "B"]
    with pytest.raises(Problems) as found:
        tea_house(served("[quick, served]", grades), PEOPLE)
    assert [problem.code for problem in found.value] == ["S013"]


def test_a_share_of_figures_that_nobody_holds_to_it_may_reach_any_grade(tea_house):
    figures = "{part: twice, whole: served}}, twice: {name: 两倍 | Twice, clause: §1, is: 2 * quick"
    grades = "grades: {clause: §3, rows: {A: {from: 110}, B: {else: yes}}}\n"
    results = tea_house(served(figures, grades), PEOPLE)
    assert [results.scorecard(who).grade for who in ("a", "b")] == ["A", "A"]


@pytest.mark.parametrize("written", ["quick <= served", "served >= quick"])
def test_a_scheme_that_says_so_itself_is_not_told_twice(tea_house, written):
    must = f"must: {{within: {{is: {written}, about: quick, clause: §1}}}}\n"
    with pytest.raises(Problems) as found:
        tea_house(served("[quick, served]", must), PEOPLE)
    (problem,) = found.value
    assert "within" in problem.about
