"""A pool shared out: exact lines, cents by largest remainder, who waits and who gets nothing."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from kaohe.problems import Problem, Problems
from kaohe.reading import plan_of_text
from kaohe.scoring import Results

SCHEME = """
    people: {{house: {{is: text optional, name: 店 | House}}}}
    units: {{house: {{by: house, name: 店 | House}}}}
    groups:
      staff: {{all_of: house, where: role == waiter, name: 茶博士 | Waiters}}
      beside: {{others_of: house, name: 同店 | Beside}}
    values:
      cups: {{is: number optional, name: 杯 | Cups}}
      done: {{is: number, name: 完成 | Done}}
      house.pool: {{is: yuan, name: 奖金池 | Pool}}
    items: {{done: {{name: 完成 | Done, clause: §1, is: value.done}}}}
    total: {{is: sum, clause: §1}}
    pay: {{round: 0.01, lines: {{bonus: {{name: 奖金 | Bonus, clause: §2, share: {{pool: house.pool, by: {by}, among: {among}{more}}}}}}}}}
"""
TeaHouse = Callable[..., Results]


def shared(
    tea_house: TeaHouse, people: dict[str, str | None], pool: str, by: str = "cups", rounding: str = "largest_remainder", lead: bool = False
) -> dict[str, Any]:
    """The bonus of each waiter of one house, by the cups that she poured."""
    rows = [f"{{id: {id}, role: {'lead' if lead and id == 'w' else 'waiter'}, house: east}}" for id in people]
    cells = [f"  {id}: {{done: 1{'' if cups is None else f', cups: {cups}'}}}" for id, cups in people.items()]
    facts = "\n".join([f"people: [{', '.join(rows)}]", "values:", f"  east: {{pool: {pool}}}", *cells])
    results = tea_house(SCHEME.format(by=by, among="staff", more=f", rounding: {rounding}"), facts)
    return {subject: results.scorecard(subject).pay.get("bonus") for subject in results.subjects()}


def test_lines_are_rounded_one_by_one_where_nothing_else_is_declared(tea_house: TeaHouse) -> None:
    found = shared(tea_house, {"z": "1", "l": "1", "w": "1"}, "100", rounding="half_up")
    assert found == {"z": Fraction("33.33"), "l": Fraction("33.33"), "w": Fraction("33.33")}


def test_the_last_cent_goes_to_the_largest_remainder(tea_house: TeaHouse) -> None:
    found = shared(tea_house, {"z": "5", "l": "3", "w": "1"}, "100")
    assert found == {"z": Fraction("55.56"), "l": Fraction("33.33"), "w": Fraction("11.11")}


@pytest.mark.parametrize("order", [("z", "l", "w"), ("w", "z", "l"), ("l", "w", "z")])
def test_equal_remainders_go_by_subject_id_and_never_by_row(tea_house: TeaHouse, order: tuple[str, ...]) -> None:
    found = shared(tea_house, dict.fromkeys(order, "1"), "100")
    assert found == {"l": Fraction("33.34"), "w": Fraction("33.33"), "z": Fraction("33.33")}


def test_a_pool_below_nothing_is_shared_to_the_cent_as_well(tea_house: TeaHouse) -> None:
    found = shared(tea_house, dict.fromkeys(("z", "l", "w"), "1"), "-100")
    assert found == {"l": Fraction("-33.33"), "w": Fraction("-33.33"), "z": Fraction("-33.34")}


def test_who_has_no_part_gets_no_line_and_keeps_it_from_nobody(tea_house: TeaHouse) -> None:
    assert shared(tea_house, {"z": "1", "l": None, "w": "0"}, "0.05") == {"z": Fraction("0.05"), "l": None, "w": Fraction(0)}


def test_nothing_is_shared_where_all_parts_are_nothing(tea_house: TeaHouse) -> None:
    assert shared(tea_house, {"z": "0", "l": "0"}, "10") == {"z": None, "l": None}


def test_who_is_not_among_them_gets_no_line(tea_house: TeaHouse) -> None:
    assert shared(tea_house, {"z": "1", "w": "1"}, "10", lead=True) == {"z": Fraction(10), "w": None}


def test_a_part_that_somebody_owes_keeps_the_pool_from_everybody(tea_house: TeaHouse) -> None:
    facts = """
    people: [{id: z, role: waiter, house: east}, {id: l, role: waiter, house: east}, {id: w, role: waiter, house: west}]
    values: {east: {pool: 10}, west: {pool: 7}, z: {done: 1}, w: {done: 2}}
    """
    results = tea_house(SCHEME.format(by="total", among="staff", more=""), facts)
    assert [results.scorecard(subject).pay for subject in ("z", "l", "w")] == [{}, {}, {"bonus": Fraction(7)}]


def test_houses_share_their_own_pools(tea_house: TeaHouse) -> None:
    facts = """
    people: [{id: z, role: waiter, house: east}, {id: l, role: waiter, house: west}, {id: w, role: waiter, house: west}]
    values: {east: {pool: 10}, west: {pool: 0.03}, z: {done: 1, cups: 2}, l: {done: 1, cups: 1}, w: {done: 2, cups: 1}}
    """
    results = tea_house(SCHEME.format(by="cups", among="staff", more=", rounding: largest_remainder"), facts)
    assert [results.scorecard(subject).pay["bonus"] for subject in ("z", "l", "w")] == [Fraction(10), Fraction("0.02"), Fraction("0.01")]


def problems_of(by: str = "cups", among: str = "staff", more: str = "") -> list[Problem]:
    """What is wrong with the scheme."""
    head = "scheme: tea-house\nname: 茶馆 | Tea-house\nperiod: month\nroles: {assessed: {waiter: 茶博士 | Waiter}}\n"
    with pytest.raises(Problems) as found:
        plan_of_text(head + SCHEME.replace("\n    ", "\n").format(by=by, among=among, more=more))
    return list(found.value)


def test_a_group_that_is_not_there_is_told() -> None:
    assert [(problem.code, problem.about[0]) for problem in problems_of(among="stuff")] == [("S036", "stuff")]


def test_a_group_that_differs_from_person_to_person_cannot_share() -> None:
    assert [(problem.code, problem.about[0]) for problem in problems_of(among="beside")] == [("S030", "beside")]


def test_a_coin_of_nothing_is_told() -> None:
    assert [problem.code for problem in problems_of(more=", to: 0")] == ["S046"]
