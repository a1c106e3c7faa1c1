"""The reference page names everything there is: fields, kinds, functions, reasons, bounds and problems."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from kaohe.measuring import Column, Limits, Measure, OneRow, Settings, Source
from kaohe.measuring.cells import FAULT_NAMES, Fault
from kaohe.measuring.conditions import FUNCTIONS
from kaohe.measuring.definitions import (
    Calendar,
    Clock,
    ColumnType,
    Credits,
    Derived,
    Followed,
    Grouped,
    Kind,
    Matched,
    Parts,
    PlatformFigures,
    Reconciliation,
    Rounds,
    Step,
    Unit,
)
from kaohe.measuring.plans import KIND_PARTS, OWN_REASONS
from kaohe.measuring.queries import KINDS
from kaohe.problems import every_problem

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGE = "".join((REFERENCE / name).read_text(encoding="utf-8") for name in ("measuring.md", "measures.md"))
WAYS = (Rounds, Parts, Followed, Matched, Grouped, Credits)
MODELS = (Source, Column, Measure, OneRow, Derived, *WAYS, Calendar, Clock, Reconciliation, PlatformFigures, Step)
FIELDS = {info.alias or name for model in MODELS for name, info in model.model_fields.items()}
WORDS = {
    *FIELDS,
    *get_args(ColumnType),
    *get_args(Kind),
    *get_args(Unit),
    *FUNCTIONS,
    *FAULT_NAMES,
    *OWN_REASONS,
    *(field.name for bounds in (Limits, Settings) for field in fields(bounds)),
    *(code for code in every_problem() if code.startswith("M")),
}


@pytest.mark.parametrize("word", sorted(WORDS))
def test_the_reference_names(word: str) -> None:
    assert word in PAGE


def test_every_kind_has_its_parts_and_its_question() -> None:
    assert set(get_args(Kind)) == set(KIND_PARTS) == set(KINDS)


def test_every_fault_is_worded_in_both_languages() -> None:
    assert set(FAULT_NAMES) == set(Fault)
    assert all(zh and en for zh, en in FAULT_NAMES.values())
