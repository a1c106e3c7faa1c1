"""Laws of scoring: the order of rows, company, weights, counts, and points of nothing."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.cases import case_of, run_case
from kaohe.checking import check_facts
from kaohe.documents import Branch
from kaohe.library import scheme_ids
from kaohe.plan import Plan
from kaohe.problems import Problems
from kaohe.reading import plan_of_text
from kaohe.scoring import Results, score
from tests.library.cases import accepted_cases, plan_of
from tests.properties.tea_house import SCHEME, cards, months, result_of, tea_house

written = cache(plan_of_text)
ALONE = ("refills", "waiting", "manner")  # items of the tea-house that look at nobody else


def shuffled(case: dict[str, Any], seed: int) -> dict[str, Any]:
    """The same facts, every table's rows in another order."""
    random, found = Random(seed), dict(case)
    for kind in ("people", "events", "ratings", "history"):
        rows = list(found.get(kind) or ())
        found[kind] = random.sample(rows, len(rows))
    values = list((found.get("values") or {}).items())
    return {**found, "values": dict(random.sample(values, len(values)))}


def scored(plan: Plan, case: dict[str, Any]) -> Results:
    """What a plan gives for a case."""
    return score(plan, check_facts(plan, case_of(case).facts))


@given(months(), st.integers(0, 9))
def test_shuffling_rows_changes_nothing(case: dict[str, Any], seed: int) -> None:
    assert cards(result_of(shuffled(case, seed))) == cards(result_of(case))


def size_of(row: Branch) -> int:
    """How many rows a case has."""
    tables = [row.get(kind) for kind in ("people", "events", "ratings", "history")]
    return sum(len(table) for table in tables if isinstance(table, list))


def largest_cases(scheme: str) -> list[Branch]:
    """The three cases of a scheme with the most rows."""
    return sorted((row for name, row in accepted_cases() if name == scheme), key=size_of, reverse=True)[:3]


def library_cases() -> Iterator[Any]:
    """A few cases of each scheme of the library, those with the most rows."""
    for scheme in scheme_ids():
        yield from (pytest.param(scheme, row, id=f"{scheme}/{row['name']}") for row in largest_cases(scheme))


@pytest.mark.parametrize(("scheme", "row"), list(library_cases()))
def test_shuffling_rows_of_a_library_case_changes_nothing(scheme: str, row: Branch) -> None:
    expected = cards(scored(plan_of(scheme), row))
    for seed in range(2):
        assert cards(scored(plan_of(scheme), shuffled(row, seed))) == expected


@pytest.mark.parametrize("scheme", scheme_ids())
def test_a_plan_written_and_read_back_scores_the_same(scheme: str) -> None:
    plan = plan_of(scheme)
    again = Plan.read(plan.write())
    assert again.write() == plan.write()
    for row in largest_cases(scheme):
        assert cards(scored(again, row)) == cards(scored(plan, row))
    for row in (row for name, row in accepted_cases() if name == scheme):
        assert run_case(again, case_of(row)).differences == ()


@given(months())
def test_scoring_one_person_alone_gives_what_scoring_all_gives(case: dict[str, Any]) -> None:
    everybody = cards(result_of(case))
    for person in case["people"][:2]:
        own = {kind: [row for row in case[kind] if row["subject"] == person["id"]] for kind in ("events", "ratings", "history")}
        alone = cards(result_of({**case, **own, "people": [person], "values": {person["id"]: case["values"][person["id"]]}}))
        if person["id"] in alone:
            mine, theirs = (found[person["id"]]["items"] for found in (alone, everybody))
            assert {item: mine.get(item, "owed") for item in ALONE} == {item: theirs.get(item, "owed") for item in ALONE}


@given(months(), st.integers(2, 4))
def test_a_count_is_as_many_rows(case: dict[str, Any], many: int) -> None:
    once = [{key: cell for key, cell in row.items() if key != "count"} for row in case["events"]]
    counted = result_of({**case, "events": [{**row, "count": str(many)} for row in once]})
    assert cards(counted) == cards(result_of({**case, "events": [row for row in once for _ in range(many)]}))


@given(months())
def test_a_record_of_no_points_changes_no_total(case: dict[str, Any]) -> None:
    free = [{"type": "cup", "subject": person["id"], "at": "2026-03-09", "price": "0"} for person in case["people"]]
    plain = written(SCHEME.replace("[5 if house.broken == 0 else 0]", "[5]"))
    before, after = cards(scored(plain, case)), cards(scored(plain, {**case, "events": case["events"] + free}))
    assert [(card["total"], card["pay"]) for card in after.values()] == [(card["total"], card["pay"]) for card in before.values()]


@given(months())
def test_an_item_of_no_weight_changes_no_total(case: dict[str, Any]) -> None:
    nothing = "  nothing: {name: 空项 | Nothing, weight: 0, clause: §6, full: 7, per_event: {guest: 0}}\nforms:"
    text = SCHEME.replace("forms:", nothing).replace("manner, first]", "manner, first, nothing]")
    more, before = cards(scored(written(text), case)), cards(result_of(case))
    assert {subject: (card["total"], card["grade"], card["rank"], card["pay"]) for subject, card in more.items()} == {
        subject: (card["total"], card["grade"], card["rank"], card["pay"]) for subject, card in before.items()
    }


@given(months(), st.integers(2, 9))
def test_weights_scaled_together_change_nothing_where_weights_are_scaled(case: dict[str, Any], factor: int) -> None:
    scaled = SCHEME.replace("total: {is: weighted sum,", "total: {is: weighted sum, weights: scaled,")
    larger = scaled
    for weight in (30, 20, 25, 15, 10):
        larger = larger.replace(f"weight: {weight},", f"weight: {Fraction(weight * factor, 7)},")
    assert cards(scored(written(larger), case)) == cards(scored(written(scaled), case))


@given(months())
def test_facts_that_were_accepted_are_accepted_whatever_their_order(case: dict[str, Any]) -> None:
    for seed in range(3):
        try:
            check_facts(tea_house(), case_of(shuffled(case, seed)).facts)
        except Problems as refused:
            pytest.fail(str(refused))
