"""Steps of a procedure: their order is checked with the facts, the furthest one is a figure; and whose hand may rate."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kaohe.problems import Problem, Problems
from kaohe.scoring import Results
from tests.engine.conftest import plan_of

Scored = Callable[..., Results]
Told = Callable[..., list[Problem]]

STEPS = """
events:
  agreed: {name: 约定 | Agreed, window: any date}
  rated: {name: 评分 | Rated, window: any date, after: [agreed]}
  talk: {name: 面谈 | Talk, window: any date, after: [rated, agreed]}
figures:
  stage: {name: 进度 | Stage, show: yes, story: {rule: steps@1, settings: {order: [agreed, rated, talk]}}}
items:
  punctual: {name: 守时 | Punctual, clause: §1, full: 10, per_event: {agreed: 0}}
total: {is: sum}
"""
PEOPLE = "people: [{id: z, name: 张三, role: waiter}, {id: l, name: 李四, role: waiter}]\n"


def test_the_stage_is_the_furthest_step_and_nothing_without_any(tea_house: Scored) -> None:
    facts = PEOPLE + "events: [{type: rated, subject: z, at: 2026-04-02}, {type: agreed, subject: z, at: 2026-02-01}]"
    found = tea_house(STEPS, facts)
    assert found.scorecard("z").metrics["stage"] == "rated"
    assert found.scorecard("l").metrics["stage"] is None


def test_on_one_day_the_order_of_rows_decides(tea_house: Scored, refused: Told) -> None:
    agreed, rated = "{type: agreed, subject: z, at: 2026-03-05}", "{type: rated, subject: z, at: 2026-03-05}"
    assert tea_house(STEPS, f"{PEOPLE}events: [{agreed}, {rated}]").scorecard("z").metrics["stage"] == "rated"
    (problem,) = refused(STEPS, f"{PEOPLE}events: [{rated}, {agreed}]")
    assert (problem.code, problem.reason, problem.about) == ("F009", "out_of_order", ("rated", "agreed", "z"))


def test_every_record_must_follow_and_only_those_of_the_same_person_serve(refused: Told) -> None:
    facts = """
    people: [{id: z, name: 张三, role: waiter}, {id: l, name: 李四, role: waiter}]
    events:
      - {type: talk, subject: z, at: 2026-03-01}
      - {type: agreed, subject: z, at: 2026-03-02}
      - {type: rated, subject: l, at: 2026-03-03}
    """
    told = refused(STEPS, facts)
    assert [problem.about for problem in told] == [("talk", "rated", "agreed", "z"), ("rated", "agreed", "l")]
    assert [problem.place.row for problem in told] == [1, 3]


@pytest.mark.parametrize(("after", "code"), [("[agred]", "S017"), ("[talk]", "S007")])
def test_a_step_that_waits_for_a_stranger_or_in_a_ring_does_not_load(after: str, code: str) -> None:
    with pytest.raises(Problems) as found:
        plan_of(STEPS.replace("after: [agreed]", f"after: {after}"))
    assert code in {problem.code for problem in found.value}


SHEETS = """
items:
  service: {name: 服务 | Service, clause: §2, points: 10, rating: {raters: [self, lead], mean: by relation%s}}
total: {is: sum}
"""
OWN = "{item: service, subject: z, rater: z, relation: %s, score: 8}"
OTHER = "{item: service, subject: z, rater: w, relation: %s, score: 6}"


def test_ones_own_sheet_is_allowed_where_self_is_a_rater(tea_house: Scored, refused: Told) -> None:
    mild, strict = SHEETS % "", SHEETS % ", own_sheet: yes"
    both = f"{PEOPLE}ratings: [{OWN % 'self'}, {OTHER % 'lead'}]"
    assert tea_house(mild, both).scorecard("z").total == tea_house(strict, both).scorecard("z").total == 7
    assert tea_house(mild, f"{PEOPLE}ratings: [{OTHER % 'self'}]").scorecard("z").total == 6
    assert [problem.reason for problem in refused(strict, f"{PEOPLE}ratings: [{OTHER % 'self'}]")] == ["not_allowed"]


def test_nobody_rates_himself_in_another_name_or_where_anybody_may_rate(refused: Told) -> None:
    told = refused(SHEETS % "", f"{PEOPLE}ratings: [{OWN % 'lead'}]")
    told += refused(SHEETS.replace("raters: [self, lead], ", "") % "", f"{PEOPLE}ratings: [{OWN % 'self'}]")
    assert [(problem.reason, problem.about[0]) for problem in told] == [("not_allowed", "service")] * 2
