"""The reader understands the phrases that it was written for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drafting.comparing import Entry, entries, got, read_entry, wanted

HERE = Path(__file__).parent
KNOWN = [pytest.param(entry, id=str(entry["id"])) for entry in entries(HERE / "phrases.yaml")]


@pytest.mark.parametrize("entry", KNOWN)
def test_a_phrase_is_understood_and_what_it_leaves_open_is_asked(entry: Entry) -> None:
    read = read_entry(entry)
    assert got(read) == wanted(entry)
    assert set(read.asks) == set(entry["asks"])


@pytest.mark.parametrize("entry", KNOWN)
def test_a_remark_is_kept_as_it_was_typed(entry: Entry) -> None:
    assert read_entry(entry).note == entry.get("note", "")
