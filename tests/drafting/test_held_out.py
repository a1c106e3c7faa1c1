"""What the reader makes of phrases that nobody tuned it to; only counts are told.

`right`: the reading and the set of questions are exactly the corpus's. `asked more`: the reading is right, and something was asked that need not be.
`left open`: no reading was claimed, or the whole of it was put in question (meaning). `wrong without a question`: everything else, a question
that was not put included, whatever else was asked.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.drafting.comparing import Entry, entries, got, read_entry, wanted

HELD_OUT = Path(__file__).parent / "phrases_held_out.yaml"


def judged(entry: Entry) -> str:
    """How one phrase was understood."""
    read = read_entry(entry)
    asked, due = set(read.asks), set(entry["asks"])
    same = got(read) == wanted(entry)
    if same and asked == due:
        return "right"
    if same and asked > due:
        return "asked more"
    if "meaning" in asked or (read.reading is None and asked):
        return "left open"
    return "wrong without a question"


# Measured when the reader was written. The aim is nine in ten right and none wrong in silence: raise the one, lower the other, never back.
RIGHT_AT_LEAST, WRONG_AT_MOST = 121, 12


def test_phrases_that_nobody_tuned_the_reader_to_are_understood_as_often_as_measured() -> None:
    counts = Counter(judged(entry) for entry in entries(HELD_OUT))
    told = ", ".join(f"{how}: {count}" for how, count in sorted(counts.items()))
    print(told)
    assert counts["wrong without a question"] <= WRONG_AT_MOST, told
    assert counts["right"] >= RIGHT_AT_LEAST, told
