"""What a lint says can never be, no facts bring about; what it says may happen, the engine makes happen."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.cases import case_of
from kaohe.checking import check_facts
from kaohe.linting import lint_scheme
from kaohe.problems import Problems
from kaohe.reading import plan_of_text
from kaohe.scoring import score
from tests.linting.conftest import HERE

HEAD = "scheme: tea-house\nname: 茶馆 | Tea-house\nperiod: month\n"
MARCH = {"start": "2026-03-01", "end": "2026-03-31"}
MOST_RECORDS = 4


@st.composite
def houses(draw):
    """A tea-house of two or three items with few possible scores each, and grades with edges anywhere."""
    items, values = [], []
    for place in range(draw(st.integers(2, 3))):
        full, each = draw(st.sampled_from([10, 15, 20, 40])), draw(st.sampled_from([3, 5, 10]))
        kind = draw(st.sampled_from(["each", "once", "bands"]))
        name = f"i{place}"
        if kind == "bands":
            items.append(
                f"  {name}: {{name: 甲 | A, clause: §1, by: v{place}, tiers: [{{from: 2, points: {full}}}, {{from: 1, points: {each}}}, {{else: 0}}]}}"
            )
            values.append(f"  v{place}: {{is: whole 0..2, name: 数 | Number}}")
        elif kind == "each":
            items.append(f"  {name}: {{name: 甲 | A, clause: §1, full: {full}, floor: 0, per_event: {{e{place}: -{each}}}}}")
        else:
            items.append(f"  {name}: {{name: 甲 | A, clause: §1, full: {full}, once: {{e{place}: -{each}}}}}")
    edges = sorted(draw(st.sets(st.integers(1, 99), min_size=2, max_size=4)), reverse=True)
    rows = [f"    g{place}: {{{draw(st.sampled_from(['from', 'above']))}: {edge}}}" for place, edge in enumerate(edges)]
    parts = ["events: {e0: 记录 | Record, e1: 记录 | Record, e2: 记录 | Record}", *(["values:", *values] if values else [])]
    parts += [
        "items:",
        *items,
        draw(st.sampled_from(["total: {is: sum, clause: §2}", "total: {is: sum, then: score / 2 + 10, cap: 45, clause: §2}"])),
    ]
    accept = [f"  grade_g{place}: 试试 | a try" for place in range(len(edges))]
    return HEAD + "\n".join([*parts, "grades:", "  clause: §3", "  rows:", *rows, "    rest: {else: yes}"]), accept


def everybody(plan):
    """A subject for every combination of facts that could matter."""
    values = list(plan.scheme.values)
    choices = [range(3) for _ in values] + [
        range(MOST_RECORDS + 1) if plan.feeds.get(f"event.{kind}") else range(1) for kind in ("e0", "e1", "e2")
    ]
    people, rows, events = [], {}, []
    for place, chosen in enumerate(product(*choices)):
        id = f"p{place}"
        people.append({"id": id})
        rows[id] = {name: str(number) for name, number in zip(values, chosen, strict=False)}
        counts = dict(zip(("e0", "e1", "e2"), chosen[len(values) :], strict=True))
        events += [{"type": kind, "subject": id, "at": "2026-03-05", "count": str(count)} for kind, count in counts.items() if count]
    return score(plan, check_facts(plan, case_of({"period": MARCH, "people": people, "values": rows, "events": events}).facts))


def accepted_as_needed(text, accept):
    """The plan, its unreachable grades accepted where the compiler asks for it."""
    for places in product([True, False], repeat=len(accept)):
        chosen = [line for line, kept in zip(accept, places, strict=True) if kept]
        try:
            return plan_of_text(text + ("\naccept:\n" + "\n".join(chosen) if chosen else "") + "\n")
        except Problems:
            continue  # another choice of accepts will do
    raise AssertionError(text)


@settings(max_examples=60, deadline=None)
@given(houses())
def test_a_grade_out_of_reach_is_given_to_nobody_and_a_grade_in_reach_to_somebody(house):
    plan = accepted_as_needed(*house)
    results = everybody(plan)
    given_to = {results.scorecard(subject).grade for subject in results.subjects()}
    unreachable = {finding.key for finding in lint_scheme(plan) if finding.code == "L010"}
    assert unreachable & given_to == set()


@settings(max_examples=60, deadline=None)
@given(houses())
def test_an_item_that_cannot_move_the_grade_moves_nobodys(house):
    plan = accepted_as_needed(*house)
    results = everybody(plan)
    idle = {finding.key for finding in lint_scheme(plan) if finding.code in ("L011", "L012")}
    for item in idle:
        grades = {}
        for subject in results.subjects():
            card = results.scorecard(subject)
            others = tuple((name, card.items[name]) for name in card.items if name != item)
            grades.setdefault(others, set()).add(card.grade)
        assert [found for found in grades.values() if len(found) > 1] == []


def test_the_brute_force_does_meet_grades_that_nobody_can_have():
    text = (HERE / "L010-grade-between-the-steps.yaml").read_text(encoding="utf-8").replace("broken_cup", "e0")
    results = everybody(plan_of_text(text))
    assert {results.scorecard(subject).grade for subject in results.subjects()} == {"A", "C", "D"}


# --- what may happen does ---------------------------------------------------------------------------


def paid(example, facts):
    """What the engine pays one subject of an example."""
    plan = plan_of_text((HERE / f"{example}.yaml").read_text(encoding="utf-8"))
    results = score(plan, check_facts(plan, case_of({"period": MARCH, "people": [{"id": "w1"}], **facts}).facts))
    return results.scorecard("w1").pay


def test_one_more_cent_sold_does_pay_less():
    amounts = [paid("L030-one-more-cent-sold", {"values": {"w1": {"sales": sales}}})["commission"] for sales in ("10000", "10000.01")]
    assert amounts == [500, Fraction("400")]


@pytest.mark.parametrize(("points", "bonus"), [("89.99", "899.9"), ("90", "800")])
def test_one_more_point_does_pay_less(points, bonus):
    ratings = [{"item": "manners", "subject": "w1", "rater": rater, "relation": rater, "score": points} for rater in ("lead", "guest")]
    facts = {"values": {"w1": {"refills": str(Fraction(points) / 100)}}, "ratings": ratings}
    assert paid("L030-one-more-point", facts) == {"bonus": Fraction(bonus)}


def test_conduct_pay_does_go_below_zero():
    events = [{"type": "broken_cup", "subject": "w1", "at": "2026-03-05"}]
    assert paid("L031-conduct-pay-below-zero", {"events": events}) == {"conduct": -20}


def test_printed_lines_do_miss_their_sum():
    plan = plan_of_text((HERE / "L005-lines-that-miss-their-sum.yaml").read_text(encoding="utf-8"))
    ratings = [{"item": "manners", "subject": "w1", "rater": rater, "relation": rater, "score": "100"} for rater in ("lead", "guest")]
    facts = {"period": MARCH, "people": [{"id": "w1", "base": "0.05"}], "values": {"w1": {"refills": "1/2"}}, "ratings": ratings}
    lines = score(plan, check_facts(plan, case_of(facts).facts)).scorecard("w1").pay
    assert lines["gross"] != lines["score_bonus"] + lines["refill_bonus"]


@pytest.mark.parametrize(("total", "grade"), [("89.995", "B"), ("90", "A")])
def test_a_total_shown_on_the_edge_is_graded_below_it(total, grade):
    plan = plan_of_text((HERE / "L024-shown-on-the-edge.yaml").read_text(encoding="utf-8"))
    share = Fraction(total) / 100
    ratings = [{"item": "manners", "subject": "w1", "rater": rater, "relation": rater, "score": total} for rater in ("lead", "guest")]
    facts = {"period": MARCH, "people": [{"id": "w1"}], "values": {"w1": {"refills": str(share)}}, "ratings": ratings}
    results = score(plan, check_facts(plan, case_of(facts).facts))
    assert results.scorecard("w1").grade == grade
