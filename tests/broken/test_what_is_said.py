"""What a scheme is told of a mistake: one change of the tea-house a row, and every sentence that it brings about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from kaohe.problems import Problems
from kaohe.reading import plan_of_text

ROWS = yaml.safe_load((Path(__file__).parent / "said.yaml").read_text(encoding="utf-8"))


def changed(text: str, change: list[str]) -> str:
    """The scheme with each pair of `change` replaced once."""
    for old, new in zip(change[::2], change[1::2], strict=True):
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def said_of(text: str) -> list[str]:
    """Code, the entry it is told at, sentence and names of every problem; nothing for a scheme that is accepted."""
    try:
        plan_of_text(text)
    except Problems as problems:
        entries = [line.strip().partition(":")[0] for line in text.splitlines()]
        return [f"{one.code} {entries[(one.place.line or 1) - 1]}: {one.sentence('en')} [{', '.join(one.about)}]" for one in problems]
    return []


@pytest.mark.parametrize("row", ROWS, ids=[" & ".join(row["change"][1::2])[:80] for row in ROWS])
def test_a_mistake_is_told_where_it_stands_and_in_these_words(row: dict[str, Any], whole: str) -> None:
    assert said_of(changed(whole, row["change"])) == row["says"]
