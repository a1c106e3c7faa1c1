"""What each rule tells of its figures: small tea-houses, and every line of everybody's explanation in both languages."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from kaohe.explaining import explain
from kaohe.numbers import write_number
from kaohe.scoring import Results
from tests.engine.conftest import plan_of, results_of

ROWS = yaml.load((Path(__file__).parent / "told.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def told(results: Results, subject: str) -> list[str]:
    """Each line of a subject's explanation: figure, value, Chinese, English, arithmetic."""
    lines = []
    for zh, en in zip(explain(results, subject, "zh").walk(), explain(results, subject, "en").walk(), strict=True):
        value = write_number(zh.value) if isinstance(zh.value, Fraction) else str(zh.value)
        assert zh.arithmetic == en.arithmetic
        lines.append(" | ".join((subject, zh.id, value, zh.phrase, en.phrase, zh.arithmetic)).rstrip())
    return lines


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_everybody_is_told_how_each_figure_came_about(row: dict[str, Any]) -> None:
    results = results_of(plan_of(row["body"]), row["facts"])
    assert [line for subject in results.subjects() for line in told(results, subject)] == row["told"].splitlines()
