"""Every figure of every subject in every case, as an independent evaluator on single Fractions makes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.cases import case_of
from kaohe.checking import check_facts
from kaohe.documents import Branch
from kaohe.scoring import score
from tests import oracle
from tests.library.cases import accepted_cases, plan_of
from tests.oracle import COMPARED, Oracle

KNOWN = [pytest.param(scheme, row, id=f"{scheme}/{row['name']}") for scheme, row in accepted_cases()]


@pytest.mark.parametrize(("scheme", "row"), KNOWN)
def test_the_engine_gives_everybody_what_an_independent_evaluator_gives(scheme: str, row: Branch) -> None:
    plan = plan_of(scheme)
    results = score(plan, check_facts(plan, case_of(row).facts))
    independent = Oracle(plan.scheme, row)
    assert results.subjects() == independent.subjects()
    for subject in independent.subjects():
        card, expected = vars(results.scorecard(subject)), independent.card(subject)
        kept = [key for key in COMPARED if key in expected]
        assert {key: card[key] for key in kept} == {key: expected[key] for key in kept}, subject


def test_the_evaluator_takes_nothing_from_the_engine_but_its_texts_and_its_scheme() -> None:
    allowed = {"kaohe.expressions", "kaohe.numbers", "kaohe.problems", "kaohe.scheme"}
    lines = [line for path in Path(oracle.__file__).parent.glob("*.py") for line in path.read_text(encoding="utf-8").splitlines()]
    taken = {line.split()[1] for line in lines if line.startswith(("from ", "import "))}
    assert {module for module in taken if module.split(".")[0] in ("kaohe", "numpy")} <= allowed
