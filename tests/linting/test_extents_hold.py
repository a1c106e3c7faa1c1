"""Whatever the engine computes lies within the extent that linting reckoned beforehand, for every figure of every case."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from kaohe.cases import case_of
from kaohe.checking import check_facts
from kaohe.columns import Column
from kaohe.library import scheme_ids
from kaohe.linting.reckoning import Reckoning
from kaohe.plan import PEOPLE
from kaohe.problems import Problems
from kaohe.scoring import score
from tests.library.cases import cases, plan_of
from tests.properties.tea_house import months, result_of

CASES = [(scheme, row) for scheme, row in cases() if not row.get("expect_error")]


def outside(results):
    """Results that lie outside their extents on the subject's own form, and conditions and grades that came out other than was reckoned."""
    by_form = {form: Reckoning(results.plan, form) for form in results.plan.forms}
    found = []
    for row in (int(row) for row in np.flatnonzero(results.complete)):
        card = results.scorecard(results.facts.subjects[row])
        on = by_form[card.form or ""]
        found += [(card.subject, "grade", card.grade)] if card.grade is not None and card.grade not in on.grades() else []
        for node in (node for node in results.plan.nodes.values() if node.frame == PEOPLE and _is_of(card, node)):
            found += [(card.subject, *strange) for strange in _strange(results, on, node, row)]
    return found


def _is_of(card, node):
    """Whether a figure is one of a subject's results."""
    home, _, name = node.id.partition(".")
    return node.id == "total" or (home == "item" and name in card.items) or home in ("pay", "action")


def _strange(results, on, node, row):
    column = results.evaluator.node(node.id)
    if isinstance(column, Column):
        value = column[row if column.size > 1 else 0]
        return [(node.id, value)] if value is not None and not on.node(node.id).has(value) else []
    decided = on.holds(node.inputs[0], node.frame)
    place = row if column.yes.size > 1 else 0
    known = column.absent is None or not column.absent[place if column.absent.size > 1 else 0]
    return [(node.id, bool(column.yes[place]))] if decided is not None and known and bool(column.yes[place]) is not decided else []


@pytest.mark.parametrize("scheme", scheme_ids())
def test_every_figure_of_every_case_is_held_by_its_extent(scheme):
    plan = plan_of(scheme)
    for row in (row for name, row in CASES if name == scheme):
        try:
            facts = check_facts(plan, case_of(row).facts)
        except Problems:
            continue
        assert outside(score(plan, facts)) == [], row["name"]


@settings(deadline=None)
@given(months())
def test_every_figure_of_a_month_of_the_tea_house_is_held_by_its_extent(month):
    assert outside(result_of(month)) == []
