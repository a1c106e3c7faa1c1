"""A lint never fails, whatever the numbers of a scheme are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.library import library_folder, scheme_ids
from kaohe.linting import LINTS, lint_scheme
from kaohe.linting.studying import Studied
from kaohe.problems import Problems
from kaohe.reading import plan_of_text
from tests.library.cases import plan_of

# A number that stands by itself: of a weight, an edge, full marks; not of a clause, a name or a scheme's version.
NUMBER = re.compile(r"(?<=[ (\[])-?\d+(?:\.\d+)?%?(?=[,}\]) ]|$)", re.MULTILINE)
OTHERS = st.sampled_from(["0", "1", "-1", "0.5", "2", "5", "10", "50", "95", "100", "1000", "2/3"])


@pytest.mark.parametrize("scheme", scheme_ids())
def test_every_lint_runs_over_every_scheme_of_the_library_by_itself(scheme):
    for lint in LINTS:
        assert isinstance(list(lint(Studied(plan_of(scheme)))), list)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(scheme_ids()), st.lists(st.tuples(st.integers(0, 10**6), OTHERS), min_size=1, max_size=4))
def test_other_numbers_in_a_scheme_make_no_lint_fail(scheme, changes):
    text = (library_folder() / scheme / "scheme.yaml").read_text(encoding="utf-8")
    for place, number in changes:
        if not (found := list(NUMBER.finditer(text))):
            break  # two thirds is no number that stands by itself any more
        spot = found[place % len(found)]
        text = text[: spot.start()] + number + text[spot.end() :]
    try:
        plan = plan_of_text(text)
    except Problems:
        return  # refused: there is nothing to lint
    for finding in lint_scheme(plan):
        assert finding.tell("zh")
        assert finding.tell("en")


@pytest.mark.parametrize("scheme", scheme_ids())
def test_a_plan_written_and_read_back_has_the_same_findings(scheme):
    plan = plan_of(scheme)
    again = type(plan).read(plan.write())
    assert [finding.as_data() for finding in lint_scheme(again)] == [finding.as_data() for finding in lint_scheme(plan)]
