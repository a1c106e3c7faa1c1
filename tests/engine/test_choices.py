"""What the company chooses, where choices have to fit together: conditions on choices alone, and on facts beside choices and the period."""

from __future__ import annotations

import pytest

from kaohe.cases import case_of
from kaohe.checking import check_facts
from kaohe.documents import parse_document
from kaohe.plan import Plan
from kaohe.problems import Problem, Problems
from kaohe.reading import plan_of_text

SCHEME = """
scheme: tea-house-limits
name: 茶馆 | Tea-house
period: calendar month
config:
  quick_seconds: {is: seconds above 0 default 30, name: 快 | Quick, clause: §1}
  slow_seconds: {is: seconds above 0 default 60, name: 慢 | Slow, clause: §1}
  most_cups: {is: whole 0.. default 40, name: 至多 | Most, clause: §1}
people:
  hired_on: {is: date optional, name: 入职日期 | Hired on}
values:
  cups: {is: whole 0.. optional, name: 杯数 | Cups}
must:
  limits_in_order: {is: config.quick_seconds <= config.slow_seconds, about: [slow_seconds], clause: §1}
  cups_in_bounds: {is: cups <= config.most_cups, about: [cups], name: 一人至多这么多 | No more for one, clause: §1}
  hired_by_then: {is: hired_on <= end, reason: not_allowed, about: [hired_on], clause: §1}
items:
  serving: {name: 上茶 | Serving, clause: §1, is: "cups * config.quick_seconds / config.slow_seconds"}
total: {is: sum, clause: §2}
"""


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of_text(SCHEME)


def told(plan: Plan, config: str = "{}", person: str = "", cups: int = 1) -> list[Problem]:
    text = f"""
period: {{start: 2026-03-01, end: 2026-03-31}}
config: {config}
people: [{{id: w, name: 张三{person}}}, {{id: v, name: 李四}}]
values: {{w: {{cups: {cups}}}, v: {{cups: 2}}}}
"""
    tree, problems = parse_document(text)
    assert tree is not None
    assert not problems
    try:
        check_facts(plan, case_of(tree).facts)
    except Problems as found:
        return list(found)
    return []


def test_choices_that_contradict_one_another_are_told_once_and_before_any_fact(plan: Plan) -> None:
    found = told(plan, "{quick_seconds: 90}", cups=41)
    assert [(problem.reason, problem.found["what"], problem.found["column"]) for problem in found] == [
        ("out_of_range", "config", "slow_seconds"),
        ("out_of_range", "w", "cups"),
    ]
    assert {"slow_seconds", "limits_in_order"} <= set(found[0].about)


def test_choices_that_fit_together_are_taken(plan: Plan) -> None:
    assert told(plan, "{quick_seconds: 60}") == []
    assert told(plan, "{quick_seconds: 20, slow_seconds: 20}") == []


def test_a_choice_that_cannot_be_read_is_told_and_not_compared(plan: Plan) -> None:
    assert [problem.about[0] for problem in told(plan, "{quick_seconds: soon}")] == ["quick_seconds"]


def test_a_condition_on_facts_sees_what_the_company_chose(plan: Plan) -> None:
    assert told(plan, "{most_cups: 50}", cups=50) == []
    assert [problem.about[0] for problem in told(plan, "{most_cups: 50}", cups=51)] == ["cups"]


def test_a_condition_on_facts_sees_the_period(plan: Plan) -> None:
    assert told(plan, person=", hired_on: 2026-03-31") == []
    assert [(problem.reason, problem.about[0]) for problem in told(plan, person=", hired_on: 2026-04-01")] == [("not_allowed", "hired_on")]


def test_a_condition_is_told_with_its_name_where_it_has_one(plan: Plan) -> None:
    named, plain = told(plan, cups=41)[0], told(plan, "{quick_seconds: 90}")[0]
    assert "应满足 cups <= config.most_cups（一人至多这么多）" in named.tell("zh")
    assert "cups <= config.most_cups (No more for one) must hold" in named.tell("en")
    assert "config.quick_seconds <= config.slow_seconds must hold" in plain.tell("en")


def test_a_condition_beside_one_value_is_refused_and_not_overlooked() -> None:
    with pytest.raises(Problems) as found:
        plan_of_text(SCHEME.replace("cups: {is: whole 0.. optional,", "cups: {is: whole 0.. optional, must: {few: {is: cups < 9}},"))
    assert [problem.code for problem in found.value] == ["S001"]
