"""Each scheme's own cases exercise everything that its rules say: every band, edge, record, absence, end and refusal."""

from __future__ import annotations

import pytest

from kaohe.cases import read_cases
from kaohe.library import library_folder, scheme_ids
from tests.library.cases import plan_of
from tests.library.coverage import Coverage, coverage_of

# What no facts can bring about, and why.
CANNOT_HAPPEN = {
    "band-wage-commission": {
        "pay.public_commission: not there": "whoever is paid is one of the heads by which the department's sales are divided",
        "pay.month_wage: not there": "likewise: each of its lines is there",
    },
    "everbright-csr": {
        "item.quality@model_1.base: score_change: kind == base alone breaks kind == base and item == quality": "bonus points for quality are refused on this form",
        "item.site.base: score_change: kind == base alone breaks kind == base and item == site": "bonus points for the site are refused on both forms",
        "total.held: held at its cap": "on both forms the items and their bonuses end at 120 together",
        "figure.bottom_three: not person.status == standby alone breaks not person.status == standby and (of > 3) and (rank > (of - 3))": "who is on stand-by has no rank",
        "figure.bottom_five: not person.status == standby alone breaks not person.status == standby and (of > 5) and (rank > (of - 5))": "who is on stand-by has no rank",
    },
    "scoring-methods-toolkit": {
        "total.held: held at its cap": "the weights make a hundred and no item passes 5",
    },
}


@pytest.fixture(scope="module", params=scheme_ids())
def covered(request: pytest.FixtureRequest) -> Coverage:
    scheme = str(request.param)
    return coverage_of(plan_of(scheme), list(read_cases(library_folder() / scheme / "cases.yaml").cases))


def exempt(covered: Coverage) -> set[str]:
    return set(CANNOT_HAPPEN.get(covered.plan.scheme.scheme, {}))


def test_the_own_cases_of_a_scheme_exercise_all_that_it_says(covered: Coverage) -> None:
    assert [goal for goal in covered.lacking() if goal not in exempt(covered)] == []


def test_what_cannot_happen_does_not_happen(covered: Coverage) -> None:
    """An exemption that some case meets, or that names nothing, is to be removed."""
    assert exempt(covered) - set(covered.lacking()) == set()
