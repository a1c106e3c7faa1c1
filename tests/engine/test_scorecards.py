"""Everything that stands on a scorecard, of somebody assessed, incomplete, taken out, and of a unit; and as columns."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from kaohe.columns import Column, Truth, Words
from kaohe.numbers import number
from kaohe.scheme import Rounding
from kaohe.scoring import Results, Scorecard, report, score
from tests.engine.conftest import plan_of, results_of

HEAD = """
scheme: tea-house
name: 茶馆月度考核 | Monthly appraisal of a tea-house
period: month
roles: {assessed: {waiter: 茶博士 | Waiter, lead: 领班 | Lead}, rate_only: {owner: 掌柜 | Owner}}
"""
HOUSE = """
people: {team: {is: text optional, name: 组 | Team}, far: {is: "yes_no default no", name: 外派 | Away}, fresh: {is: "yes_no default no", name: 新人 | New}}
units: {team: {by: team, results: yes, name: 组 | Team}, house: {one: yes, name: 本店 | The house}}
groups: {all: {all: yes, name: 全体 | Everybody}}
values: {p: {is: number optional, name: 甲 | P}, q: {is: number optional, name: 乙 | Q}, team.goal: {is: number optional, name: 目标 | Goal}}
states:
  away: {name: 外派 | Away, when: far, status: on_leave, clause: §8, pay: {bonus: 50, meal: 5}}
  new: {name: 新人 | New, when: fresh, clause: §8}
figures:
  twice: {name: 两倍 | Twice, clause: §1, show: yes, is: 2 * p}
  reach: {name: 达成 | Reach, clause: §1, per: team, show: yes, is: "goal / count(all)"}
  hidden: {name: 不显示 | Hidden, clause: §1, is: p + 1}
items:
  a: {name: 一 | One, clause: §1, weight: 60%, is: p / 3, reported: 0.01}
  b: {name: 二 | Two, clause: §2, weight: 40%, is: q}
  c: {name: 三 | Three, clause: §3, in_total: no, is: q / p, if_none: "null"}
forms: {waiter: {items: {a: 60%, b: 40%}, clause: §4}, lead: {items: {a: 100%, c: 0}, clause: §4}}
total: {is: weighted sum, reported: 0.1, clause: §5}
grades: {clause: §6, columns: {share: {is: ratio, show: yes, name: 比例 | Share}, say: {is: text, show: yes, name: 评语 | Word}}, rows: {A: {from: 3, share: 100%, say: 好}, C: {else: yes, share: 1/3}}}
rank: {by: total, among: all, clause: §6}
pay:
  round: 0.01
  clause: §7
  lines:
    bonus: {name: 奖 | Bonus, is: 100 * grade.share}
    meal: {name: 餐 | Meal, is: q}
    pool: {name: 池 | Pool, per: team, is: goal / 3}
actions:
  talk: {name: 谈话 | Talk, clause: §8, when: p < 4}
  train: {name: 培训 | Training, clause: §8, when: p < 3, instead_of: [talk]}
  praise: {name: 表扬 | Praise, clause: §8, when: p > 8, instead_of: all}
  cheer: {name: 鼓励 | Cheer, clause: §8, when: p > 0}
warnings: {low: {name: 偏低 | Low, clause: §8, when: p < 3}, odd: {name: 反常 | Odd, clause: §8, when: q > p}}
"""
PEOPLE = """
people:
  - {id: z, name: 张三, role: waiter, team: x}
  - {id: l, name: 李四, role: waiter, team: x}
  - {id: w, name: 王五, role: lead, team: y}
  - {id: a, name: 阿离, role: waiter, team: y, far: yes, fresh: yes}
  - {id: n, name: 小新, role: waiter, fresh: yes}
  - {id: i, name: 未齐, role: waiter}
  - {id: o, name: 掌柜, role: owner}
values: {z: {p: 10, q: 5}, l: {p: 2, q: 1}, w: {p: 3, q: 1}, a: {p: 9, q: 1}, n: {p: 9, q: 1}, i: {p: 1}, o: {p: 1, q: 1}, x: {goal: 10}}
"""
F = Fraction


def house(body: str = HOUSE, facts: str = PEOPLE) -> Results:
    return results_of(plan_of(body, HEAD), facts)


def card(subject: str, **changes: Any) -> dict[str, Any]:
    """What is on a scorecard apart from what every card has."""
    plain = vars(Scorecard(subject, "", ""))
    return {key: value for key, value in (vars(house().scorecard(subject)) | changes).items() if value != plain[key]}


def test_who_is_assessed_has_everything() -> None:
    assert card("z") == {
        "name": "张三",
        "status": "assessed",
        "form": "waiter",
        "items": {"a": F("3.33"), "b": 5},
        "total": 4,
        "grade": "A",
        "rank": 1,
        "of": 3,
        "pay": {"bonus": 100, "meal": 5},
        "metrics": {"twice": 20, "share": 1, "say": "好"},
        "actions": ["praise"],
        "exact": {"item.a": F(10, 3), "item.b": 5, "total": 4, "pay.bonus": 100, "pay.meal": 5},
    }


def test_what_is_reported_is_rounded_and_what_is_exact_is_not() -> None:
    assert card("l") == {
        "name": "李四",
        "status": "assessed",
        "form": "waiter",
        "items": {"a": F("0.67"), "b": 1},
        "total": F("0.8"),
        "grade": "C",
        "rank": 3,
        "of": 3,
        "pay": {"bonus": F("33.33"), "meal": 1},
        "metrics": {"twice": 4, "share": F(1, 3), "say": None},
        "actions": ["train", "cheer"],
        "warnings": ["low"],
        "exact": {"item.a": F(2, 3), "item.b": 1, "total": F("0.8"), "pay.bonus": F(100, 3), "pay.meal": 1},
    }


def test_another_form_has_other_items() -> None:
    found = card("w")
    assert (found["form"], found["items"], found["total"], found["rank"]) == ("lead", {"a": 1, "c": F(1, 3)}, 1, 2)
    assert found["exact"] == {"item.a": 1, "item.c": F(1, 3), "total": 1, "pay.bonus": F(100, 3), "pay.meal": 1}


def test_a_state_takes_out_of_scoring_and_pays_what_it_says() -> None:
    assert card("a") == {"name": "阿离", "status": "on_leave", "form": "waiter", "pay": {"bonus": 50, "meal": 5}, "actions": ["praise"]}


def test_a_state_without_a_status_of_its_own_is_the_reason() -> None:
    assert card("n") == {"name": "小新", "status": "not_assessed", "reason": "new", "form": "waiter", "actions": ["praise"]}


def test_who_is_incomplete_keeps_the_items_that_are_there() -> None:
    assert card("i") == {
        "name": "未齐",
        "status": "incomplete",
        "form": "waiter",
        "items": {"a": F("0.33")},
        "metrics": {"twice": 2, "share": None, "say": None},
        "actions": ["train", "cheer"],
        "warnings": ["low"],
        "missing": ["b"],
        "exact": {"item.a": F(1, 3), "item.b": None},
    }


def test_a_unit_has_its_pay_and_figures() -> None:
    assert card("x") == {"name": "x", "status": "assessed", "pay": {"pool": F("3.33")}, "metrics": {"reach": 5}}
    assert card("y") == {"name": "y", "status": "assessed", "metrics": {"reach": None}}


def test_who_only_rates_has_no_scorecard_and_neither_has_a_unit_without_results() -> None:
    results = house()
    assert results.subjects() == ["z", "l", "w", "a", "n", "i", "x", "y"]
    for stranger in ("o", "house", "nobody"):
        with pytest.raises(KeyError):
            results.scorecard(stranger)


def test_a_grade_that_is_not_to_be_shown_still_decides_the_pay() -> None:
    found = house(HOUSE.replace("grades: {clause", "grades: {shown: no, clause")).scorecard("z")
    assert (found.grade, found.pay["bonus"]) == (None, 100)


def test_everything_is_there_as_columns_too() -> None:
    columns = house().columns()
    names = ["status", "item.a", "item.b", "item.c", "total", "grade", "rank", "pay.bonus", "pay.meal"]
    assert list(columns) == [*names, "action.talk", "action.train", "action.praise", "action.cheer", "warning.low", "warning.odd"]
    status, total, praise, low = (columns[name] for name in ("status", "total", "action.praise", "warning.low"))
    assert isinstance(status, Words)
    assert isinstance(total, Column)
    assert isinstance(praise, Truth)
    assert isinstance(low, Truth)
    assert [status[row] for row in range(7)] == ["assessed", "assessed", "assessed", "on_leave", "not_assessed", "incomplete", None]
    assert [total[row] for row in range(7)] == [4, F("0.8"), 1, None, None, None, None]
    assert [praise[row] for row in range(7)] == [True, False, False, True, True, False, False]
    assert [low[row] for row in range(7)] == [False, True, False, False, False, True, False]


def test_what_a_scheme_does_not_have_is_no_column() -> None:
    plain = "values: {p: {is: number, name: 甲 | P}}\nitems: {a: {name: 一 | One, clause: §1, is: p}}\n"
    results = results_of(plan_of(plain), "people: [{id: z, role: waiter}]\nvalues: {z: {p: 4}}\n")
    assert list(results.columns()) == ["status", "item.a"]
    found = results.scorecard("z")
    assert (found.total, found.grade, found.rank, found.of, found.form, found.exact) == (None, None, None, None, None, {"item.a": 4})


def test_states_may_share_a_status_and_the_first_that_holds_counts() -> None:
    paid = "new: {name: 新人 | New, when: fresh, status: away, pay: {meal: 1},"
    body = HOUSE.replace("status: on_leave", "status: away").replace("new: {name: 新人 | New, when: fresh,", paid)
    results = house(body)
    assert [results.scorecard(subject).status for subject in ("a", "n", "z")] == ["away", "away", "assessed"]
    assert [results.scorecard(subject).pay for subject in ("a", "n")] == [{"bonus": 50, "meal": 5}, {"meal": 1}]
    assert results.status.vocabulary == ("assessed", "incomplete", "away")


def test_a_line_that_waits_is_worked_out_also_for_who_is_taken_out_and_only_not_paid() -> None:
    body = HOUSE.replace("bonus: {name: 奖 | Bonus, is: 100 * grade.share}", "bonus: {name: 奖 | Bonus, complete: all, is: 2 * p}")
    results = house(body, PEOPLE.replace("i: {p: 1}", "i: {p: 1, q: 1}"))
    bonus = results.figure("pay.bonus")
    assert isinstance(bonus, Column)
    assert [bonus[row] for row in (0, 4, 5)] == [20, 18, 2]
    assert [results.scorecard(subject).pay for subject in ("z", "n", "i")] == [{"bonus": 20, "meal": 5}, {}, {"bonus": 2, "meal": 1}]


def test_scoring_the_same_again_gives_the_same() -> None:
    results = house()
    again = score(results.plan, results.facts)
    assert [vars(again.scorecard(who)) for who in again.subjects()] == [vars(results.scorecard(who)) for who in results.subjects()]


VALUES = ["1/2", "1/3", "7", "-1/6", "0.125", "3/40", "1/1024", "1/15", "0", "2/7"]


def test_only_what_ends_in_decimal_digits_has_an_end() -> None:
    column = Column.of([number(value) for value in VALUES])
    assert list(column.ends()) == [True, False, True, False, True, True, True, False, True, False]
    assert list(Column.of([F(1, 2), F(3, 4)]).ends()) == [True, True]
    assert list(Column.of([F(1, 3), F(2, 3), F(3, 3)]).ends()) == [False, False, True]


def test_a_rounding_may_be_for_endless_figures_only() -> None:
    column = Column.of([number(value) for value in VALUES])
    rounding = Rounding.model_validate({"to": "0.1", "only": "endless"})
    assert [report(column, rounding)[row] for row in range(4)] == [F(1, 2), F("0.3"), 7, F("-0.2")]
    assert [report(column, rounding)[row] for row in (4, 5, 6)] == [F("0.125"), F(3, 40), F(1, 1024)]
    assert [report(column, Rounding.model_validate("0.1"))[row] for row in (0, 4)] == [F(1, 2), F("0.1")]
    assert report(column, None) is column
