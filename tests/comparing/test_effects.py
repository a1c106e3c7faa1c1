"""What a new version does to people: the same facts under both."""

from __future__ import annotations

from kaohe.comparing import effects
from kaohe.comparing.effects import pay_rows, subject_rows
from tests.engine.conftest import plan_of, results_of

OLD = """
people: {base: {is: yuan 0.. optional, name: 奖金基数 | Bonus base}}
values: {own: {is: points 0..100, name: 得分 | Score}}
total: {is: own, clause: §1}
grades: {clause: §2, columns: {share: {is: ratio, name: 比例 | Share}}, rows: {A: {from: 90, share: 100%}, B: {else: yes, share: 1/3}}}
pay: {round: 0.01, clause: §3, lines: {bonus: {name: 奖金 | Bonus, is: base * grade.share}}}
"""
FACTS = """
people: [{id: z, name: 张三, role: waiter, base: 100}, {id: l, name: 李四, role: waiter, base: 100}, {id: w, name: 王五, role: lead, base: 50}]
values: {z: {own: 95}, l: {own: 85}, w: {own: 20}}
"""


def under(new: str):
    return effects(results_of(plan_of(OLD), FACTS), results_of(plan_of(new), FACTS))


def test_who_changes_is_told_with_grade_and_pay_before_and_after():
    found = under(OLD.replace("from: 90", "from: 80"))
    assert [effect.name for effect in found.changed] == ["李四"]
    assert list(subject_rows(found, "zh")) == [["李四", "l", "等级", "B", "A", ""], ["李四", "l", "奖金", "33.33", "100.00", "+66.67"]]


def test_sums_of_pay_are_told_exactly_where_they_differ():
    found = under(OLD.replace("from: 90", "from: 80"))
    assert list(pay_rows(found, "en")) == [["Bonus", "150.00", "216.67", "+66.67"]]
    assert found.as_data()["pay_sums"] == {"bonus": {"old": "150", "new": "216.67", "more": "66.67"}}


def test_a_version_that_moves_nobody_changes_nobody():
    found = under(OLD.replace("from: 90", "from: 91"))
    assert found.changed == ()
    assert list(pay_rows(found, "zh")) == []


def test_somebody_whom_only_one_version_appraises_is_told():
    narrower = plan_of(OLD, head="scheme: tea-house\nname: 茶馆\nperiod: month\nroles: {assessed: {waiter: 茶博士 | Waiter}}\n")
    found = effects(results_of(plan_of(OLD), FACTS), results_of(narrower, FACTS))
    assert [effect.subject for effect in found.changed] == ["w"]
    assert found.changed[0].new is None
    assert next(iter(subject_rows(found, "zh")))[:5] == ["王五", "w", "状态", "已考核", "–"]
