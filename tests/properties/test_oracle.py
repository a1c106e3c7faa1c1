"""Months drawn at random: the engine and an independent evaluator agree on every figure of everybody."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from tests.oracle import COMPARED, Oracle
from tests.properties.tea_house import cards, months, result_of, tea_house


@given(months())
def test_the_engine_gives_what_an_independent_evaluator_gives(case: dict[str, Any]) -> None:
    oracle = Oracle(tea_house().scheme, case)
    engine = cards(result_of(case))
    assert list(engine) == oracle.subjects()
    for subject, card in engine.items():
        expected = oracle.card(subject)
        assert {key: card[key] for key in COMPARED if key in expected} == {key: expected[key] for key in COMPARED if key in expected}
