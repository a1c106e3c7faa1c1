"""The phrases of appraisal sheets have the form their readers rely on; phrases.yaml tells it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TypeAlias

import pytest
import yaml

Entry: TypeAlias = dict[str, object]

HERE = Path(__file__).parent
KNOWN, HELD_OUT = HERE / "phrases.yaml", HERE / "phrases_held_out.yaml"

KEYS = {"id", "family", "phrase", "given", "reads", "asks", "note"}
GIVEN = {"unit", "full", "weight", "target", "direction"}
UNITS = {"ratio", "points", "seconds", "minutes", "hours", "days", "yuan", "count", "number"}
EDGES = {"from", "up_to", "above", "below", "edge", "side"}
COUNTED = {"points", "full", "base", "floor", "cap", "most", "scope"}
PARTS = {
    "tiers": {"bands", "unit"},
    "all_or_nothing": EDGES | {"event", "points", "yuan", "value", "unit"},
    "per_event": COUNTED | {"event", "events", "yuan"},
    "per_step": COUNTED | {"by", "beyond", "side", "steps", "event", "whole", "zero", "unit"},
    "proportion": {"of", "part", "times", "inverse", "most", "least", "floor", "cap", "zero"},
    "line": {"points", "else", "unit"},
    "rating": {"allowed", "raters", "mean"},
    "veto": EDGES | {"event", "scope"},
    "places": {"points", "else", "each"},
    "pay_per_unit": {"each", "yuan", "share", "of", "tiers", "beyond", "base", "least", "most"},
}
ASKS = {
    *("shared_edge", "gap", "rest", "boundary", "decimals", "unit", "target", "direction", "full"),
    *("who_rates", "event", "floor", "cap", "step", "meaning"),
}


def entries(path: Path) -> list[Entry]:
    """The phrases of one file; every scalar is text."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


BOTH = [pytest.param(entry, id=str(entry["id"])) for path in (KNOWN, HELD_OUT) for entry in entries(path)]


@pytest.mark.parametrize("entry", BOTH)
def test_an_entry_has_the_form_that_is_told(entry: Entry) -> None:
    assert {"id", "family", "phrase", "asks"} <= set(entry) <= KEYS
    assert entry["phrase"]
    assert set(entry["asks"]) <= ASKS
    assert len(set(entry["asks"])) == len(entry["asks"])


@pytest.mark.parametrize("entry", BOTH)
def test_what_is_given_stands_in_columns_that_sheets_have(entry: Entry) -> None:
    given = entry.get("given", {})
    assert set(given) <= GIVEN
    assert given.get("unit", "ratio") in UNITS
    assert given.get("direction", "lower") in {"higher", "lower"}


@pytest.mark.parametrize("entry", BOTH)
def test_a_reading_is_of_a_known_kind_with_its_parts(entry: Entry) -> None:
    reads = entry.get("reads")
    if reads is not None:
        assert set(reads) <= PARTS[reads["kind"]] | {"kind", "veto"}


@pytest.mark.parametrize("entry", BOTH)
def test_a_cell_without_a_reading_is_asked_about_or_is_a_remark(entry: Entry) -> None:
    assert "reads" in entry or entry["asks"] or "note" in entry


@pytest.mark.parametrize("entry", BOTH)
def test_a_band_tells_its_edge_and_its_points(entry: Entry) -> None:
    *bands, last = entry.get("reads", {}).get("bands", [{"else": "0"}])
    assert "else" in last or ("points" in last and set(last) & EDGES)
    assert all("points" in band and set(band) & EDGES for band in bands)


@pytest.mark.parametrize("entry", BOTH)
def test_an_edge_in_doubt_is_asked_about(entry: Entry) -> None:
    bands = entry.get("reads", {}).get("bands", [])
    if any("edge" in band for band in bands):
        assert {"shared_edge", "boundary"} & set(entry["asks"])


def test_no_id_is_used_twice() -> None:
    used = Counter(entry["id"] for path in (KNOWN, HELD_OUT) for entry in entries(path))
    assert [name for name, times in used.items() if times > 1] == []


def test_both_files_hold_the_same_families() -> None:
    known, held_out = ({entry["family"] for entry in entries(path)} for path in (KNOWN, HELD_OUT))
    assert known == held_out
    assert len(known) >= 30


def test_a_third_is_set_aside() -> None:
    known, held_out = len(entries(KNOWN)), len(entries(HELD_OUT))
    assert known + held_out >= 300
    assert 30 * (known + held_out) <= 100 * held_out <= 36 * (known + held_out)


def test_no_phrase_that_is_set_aside_can_be_seen() -> None:
    seen = {(entry["phrase"], str(entry.get("given"))) for entry in entries(KNOWN)}
    assert [entry["id"] for entry in entries(HELD_OUT) if (entry["phrase"], str(entry.get("given"))) in seen] == []
