"""Every figure of every subject in every case, as an independent evaluator on single Fractions makes it."""

from __future__ import annotations

import pytest

from kaohe.cases import case_of
from kaohe.checking import check_facts
from kaohe.documents import Branch
from kaohe.scoring import score
from tests.library.cases import accepted_cases, plan_of
from tests.oracle import COMPARED, Oracle

KNOWN = [pytest.param(scheme, row, id=f"{scheme}/{row['name']}") for scheme, row in accepted_cases()]


@pytest.mark.parametrize(("scheme", "row"), KNOWN)
def test_the_engine_gives_everybody_what_an_independent_evaluator_gives(scheme: str, row: Branch) -> None:
    plan = plan_of(scheme)
    results = score(plan, check_facts(plan, case_of(row).facts))
    oracle = Oracle(plan.scheme, row)
    assert results.subjects() == oracle.subjects()
    for subject in oracle.subjects():
        card, expected = vars(results.scorecard(subject)), oracle.card(subject)
        kept = [key for key in COMPARED if key in expected]
        assert {key: card[key] for key in kept} == {key: expected[key] for key in kept}, subject
