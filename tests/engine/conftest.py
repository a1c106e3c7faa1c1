"""The tea-house: an invented company on which the engine is tested, its scheme and facts readable in each test.

Its standing cast: 张三 (z) and 李四 (l) wait at table, 王五 (w) leads, 赵六 (s) is a stranger.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pytest

from kaohe.cases import case_of
from kaohe.checking import check_facts
from kaohe.documents import parse_document
from kaohe.plan import Plan
from kaohe.problems import Problem, Problems
from kaohe.reading import plan_of_text
from kaohe.scoring import Results, score

HEAD = """
scheme: tea-house
name: 茶馆月度考核 | Monthly appraisal of a tea-house
period: month
roles: {assessed: {waiter: 茶博士 | Waiter, lead: 领班 | Lead}}
"""
MONTH = "period: {start: 2026-03-01, end: 2026-03-31}\n"


def plan_of(body: str, head: str = HEAD) -> Plan:
    """The plan of the tea-house's scheme with this body."""
    return plan_of_text(head + textwrap.dedent(body))


def results_of(plan: Plan, facts: str, month: str = MONTH) -> Results:
    """What the plan gives for facts written as a case."""
    tree, problems = parse_document(month + textwrap.dedent(facts))
    assert tree is not None, problems
    return score(plan, check_facts(plan, case_of(tree).facts))


@pytest.fixture
def tea_house() -> Callable[..., Results]:
    """Scores the tea-house: a scheme's body, and facts as a case writes them."""

    def scored(body: str, facts: str, head: str = HEAD, month: str = MONTH) -> Results:
        return results_of(plan_of(body, head), facts, month)

    return scored


@pytest.fixture
def refused() -> Callable[..., list[Problem]]:
    """The problems for which the tea-house's facts are refused."""

    def told(body: str, facts: str, head: str = HEAD, month: str = MONTH) -> list[Problem]:
        with pytest.raises(Problems) as found:
            results_of(plan_of(body, head), facts, month)
        return list(found.value)

    return told


@pytest.fixture
def items() -> Callable[..., dict[str, Any]]:
    """One item of everybody, by subject."""

    def of(results: Results, item: str) -> dict[str, Any]:
        return {subject: results.scorecard(subject).items.get(item) for subject in results.subjects()}

    return of
