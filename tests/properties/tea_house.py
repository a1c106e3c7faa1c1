"""A tea-house whose scheme uses every mechanism once, and months of it drawn at random."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from kaohe.cases import case_of
from kaohe.checking import check_facts
from kaohe.plan import Plan
from kaohe.reading import plan_of_text
from kaohe.scoring import Results, score

SCHEME = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
FEW = ("w1", "w2", "w3", "w4", "w5")
days = st.integers(1, 31).map(lambda day: f"2026-03-{day:02d}")


@cache
def tea_house() -> Plan:
    """The plan of the tea-house."""
    return plan_of_text(SCHEME)


def result_of(case: Mapping[str, Any]) -> Results:
    """What a month of the tea-house comes to."""
    return score(tea_house(), check_facts(tea_house(), case_of(case).facts))


def cards(results: Results) -> dict[str, dict[str, Any]]:
    """Everybody's results, exact figures included."""
    return {subject: vars(results.scorecard(subject)) for subject in results.subjects()}


def _rows(ids: tuple[str, ...], row: Mapping[str, st.SearchStrategy[Any]], most: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries({"subject": st.sampled_from(ids), **row}).map(_written), max_size=most)


def _written(row: dict[str, Any]) -> dict[str, Any]:
    return {key: cell for key, cell in row.items() if cell is not None}


def _maybe(cells: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), cells, cells, cells)


RELATIONS = {"o": "owner", "p": "peer"}
RATERS = [("o1",), ("o1", "p1"), ("o1", "o2", "o3", "p1", "p2"), ("o1", "p1", "p2", "p3"), ("o2", "o1"), ("p1",), ()]
person = {
    "role": st.sampled_from(["waiter", "waiter", "waiter", "lead", "owner"]),
    "house": _maybe(st.sampled_from(["east", "west"])),
    "status": st.sampled_from(["regular", "trial", None, None, "away"]),
    "base_pay": _maybe(st.sampled_from(["1000", "999.99", "0"])),
}
values = {
    "served": st.sampled_from([*"012345678", None]),
    "asked": st.sampled_from([*"1234567890", None]),
    "seconds": st.sampled_from(["0", "0", "10", "59.99", "60", "60", "120", "121", "100/3", "299", "300", None]),
    "tips": _maybe(st.sampled_from(["-1", "0", "0.05", "12.345", "1/3"])),
    "fund": st.sampled_from(["5", "0", None]),
}
past = {"total": _maybe(st.sampled_from(["59", "60", "61"])), "stars": _maybe(st.sampled_from(["1", "2/3"]))}


@st.composite
def months(draw: st.DrawFn) -> dict[str, Any]:
    """The facts of a month, all of them good, many of them not there."""
    ids = FEW[: draw(st.integers(1, len(FEW)))]
    people = [_written({"id": id, **draw(st.fixed_dictionaries(person))}) for id in ids]
    found: dict[str, Any] = {id: _written(draw(st.fixed_dictionaries(values))) for id in ids}
    found |= {
        house: {"pool": pool}
        for house in ("east", "west")
        if (pool := draw(_maybe(st.sampled_from(["100", "0.05", "33.333"])))) is not None
    }
    cups = _rows(
        ids,
        {
            "type": st.just("cup"),
            "at": days,
            "price": _maybe(st.sampled_from(["1", "5", "6", "30"])),
            "count": _maybe(st.sampled_from(["1", "2", "3"])),
        },
        5,
    )
    guests = _rows(
        ids, {"type": st.just("guest"), "at": days, "taste": st.sampled_from(["bad", "good", "best"]), "count": _maybe(st.just("2"))}, 8
    )
    roles = {row["id"]: row["role"] for row in people}
    return {
        "period": {"start": "2026-03-01", "end": "2026-03-31"},
        "people": people,
        "values": found,
        "events": draw(cups) + draw(guests),
        "ratings": [
            {"item": "manner", "subject": id, "rater": rater, "relation": RELATIONS[rater[0]], "score": draw(st.integers(0, 100).map(str))}
            for id in ids
            if roles[id] == "waiter"
            for rater in draw(st.sampled_from(RATERS))
        ],
        "history": [
            _written({"subject": id, "period_end": end, **draw(st.fixed_dictionaries(past))})
            for id in ids
            for end in draw(st.sets(st.sampled_from(["2025-12-31", "2026-01-31", "2026-02-28"])))
        ],
    }
