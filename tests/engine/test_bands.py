"""Tables of bands: which values no band holds, which two hold, which band is never reached, and how a band is told."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kaohe.columns import NONE, Column
from kaohe.numbers import number
from kaohe.rules.bands import Band, Findings, band_of_each, between, examine

F = Fraction


def bands(*written: str) -> list[Band]:
    """Bands as `from 3 below 5`; `else` has no edge."""
    found = []
    for text in written:
        words = [] if text == "else" else text.split()
        found.append(Band(tuple((side, number(edge)) for side, edge in zip(words[::2], words[1::2], strict=True))))
    return found


TABLES = {
    # what each value belongs to is clear
    ("from 5", "below 5"): Findings(),
    ("above 5", "up_to 5"): Findings(),
    ("from 5", "else"): Findings(),
    ("from 9", "from 5", "else"): Findings(),
    ("below 5", "below 9", "from 9"): Findings(),
    ("from 3 below 5", "from 5 below 7", "below 3", "from 7"): Findings(),
    ("from 3 up_to 5", "above 5", "below 3"): Findings(),
    ("else",): Findings(),
    # gaps
    (): Findings(),  # which is told in another way
    ("from 5",): Findings("… < 5"),
    ("above 5",): Findings("… ≤ 5"),
    ("up_to 5",): Findings("… > 5"),
    ("below 5",): Findings("… ≥ 5"),
    ("above 5", "below 5"): Findings("… = 5"),
    ("from 7", "below 5"): Findings("5 ≤ … < 7"),
    ("above 7", "below 5"): Findings("5 ≤ … ≤ 7"),
    ("above 7", "up_to 5"): Findings("5 < … ≤ 7"),
    ("from 7", "up_to 5"): Findings("5 < … < 7"),
    ("from 3 below 5", "from 7", "below 3"): Findings("5 ≤ … < 7"),
    ("from 3 below 5",): Findings("… < 3"),
    ("from 3 below 5", "from 6 below 7", "else"): Findings(),
    ("below 3", "from 4 below 5", "from 6"): Findings("3 ≤ … < 4"),
    # overlaps
    ("from 5", "up_to 5"): Findings(overlap=(0, 1, F(5))),
    ("from 5", "below 7"): Findings(overlap=(0, 1, F(5))),
    ("from 3 up_to 5", "from 5 up_to 7", "else"): Findings(overlap=(0, 1, F(5))),
    ("from 3 below 6", "from 5 up_to 7", "else"): Findings(overlap=(0, 1, F(5))),
    ("from 3 below 6", "from 5", "else"): Findings(overlap=(0, 1, F(5))),
    ("from 5", "from 3 below 6", "else"): Findings(overlap=(0, 1, F(5))),
    ("from 9", "from 5", "from 7 below 8", "else"): Findings(overlap=(1, 2, F(7)), unreachable=(2,)),
    # never reached
    ("from 5", "from 7", "else"): Findings(unreachable=(1,)),
    ("from 5", "above 5", "else"): Findings(unreachable=(1,)),
    ("below 7", "below 5", "else"): Findings(unreachable=(1,)),
    ("else", "from 5"): Findings(unreachable=(1,)),
    ("from 5", "from 7", "from 9", "else"): Findings(unreachable=(1, 2)),
    ("from 5 below 5", "else"): Findings(unreachable=(0,)),
    ("from 5", "below 5", "else"): Findings(),
}


@pytest.mark.parametrize("table", TABLES, ids=", ".join)
def test_gaps_overlaps_and_bands_out_of_reach_are_found(table: tuple[str, ...]) -> None:
    assert examine(bands(*table), None, None) == TABLES[table]


@pytest.mark.parametrize(
    ("table", "low", "high", "found"),
    [
        (["from 0"], F(0), None, Findings()),
        (["from 0"], F(-1), None, Findings("… < 0")),
        (["above 0"], F(0), None, Findings("… = 0")),
        (["up_to 1"], None, F(1), Findings()),
        (["up_to 1"], None, F(2), Findings("… > 1")),
        (["below 1"], None, F(1), Findings("… = 1")),
        (["from 5", "else"], F(0), F(4), Findings(unreachable=(0,))),
        (["from 5", "else"], F(0), F(5), Findings()),
        (["above 5", "else"], F(0), F(5), Findings(unreachable=(0,))),
        (["below 5", "else"], F(5), F(9), Findings(unreachable=(0,))),
        (["up_to 5", "else"], F(5), F(9), Findings()),
        (["above 3 below 5", "else"], F(4), F(4), Findings()),
        (["above 7 below 8", "else"], F(3), F(7), Findings(unreachable=(0,))),
        (["from 1 below 2"], F(1), F(1), Findings()),
        (["from 90", "from 75", "else"], F(0), F(80), Findings(unreachable=(0,))),
        (["above 0 below 3", "from 3"], F(2), F(9), Findings()),
        (["below 10", "from 20"], F(0), F(30), Findings("10 ≤ … < 20")),
        (["below 10", "from 20"], F(12), F(15), Findings("10 < … < 20", unreachable=(0, 1))),
        (["below 10", "from 20"], F(10), F(20), Findings("10 ≤ … < 20", unreachable=(0,))),
    ],
)
def test_only_what_the_figure_can_be_is_looked_at(table: list[str], low: Fraction | None, high: Fraction | None, found: Findings) -> None:
    assert examine(bands(*table), low, high) == found


@pytest.mark.parametrize(
    ("table", "place", "zh"),
    [
        (["from 5", "else"], 0, "≥5"),
        (["from 5", "else"], 1, "<5"),
        (["above 5", "else"], 1, "≤5"),
        (["below 5", "else"], 1, "≥5"),
        (["up_to 5", "else"], 1, ">5"),
        (["from 9", "from 5", "else"], 1, "≥5, <9"),
        (["from 9", "from 5", "else"], 2, "<5"),
        (["below 5", "below 9", "else"], 1, "≥5, <9"),
        (["up_to 5", "up_to 9", "else"], 1, ">5, ≤9"),
        (["below 5", "from 9", "else"], 1, "≥9"),
        (["below 5", "from 9", "else"], 2, "<9"),
        (["from 3 below 5", "from 5 below 7", "else"], 1, "≥5, <7"),
        (["from 3 below 5", "else"], 1, "其余"),
        (["below 7 from 3", "else"], 0, "≥3, <7"),
        (["from 1/3", "else"], 0, "≥1/3"),
        (["from 5", "from 3 below 4", "from 1", "else"], 2, "≥1, <5"),
        (["from 9", "from 3 below 4", "else"], 1, "≥3, <4"),
    ],
)
def test_a_band_is_told_with_the_edge_at_which_an_earlier_one_holds(table: list[str], place: int, zh: str) -> None:
    assert between(bands(*table), place, "zh") == zh
    assert between(bands(*table), place, "en") == zh.replace("其余", "otherwise")


def test_every_row_has_the_first_band_that_holds_and_none_where_it_is_absent() -> None:
    values = Column.of([F(2), F(5), F(6), None, F(9)], NONE)
    assert list(band_of_each(values, bands("above 5 up_to 6", "from 5", "below 1"))) == [-1, 1, 0, -1, 1]
    assert list(band_of_each(values, bands("below 6", "else"))) == [0, 0, 1, -1, 1]
    assert list(band_of_each(Column.of([F(1), F(5)]), bands("up_to 5", "above 5"))) == [0, 0]


def test_a_band_written_in_a_plan_is_read_as_it_was() -> None:
    for band in bands("from 1/3 below 0.5", "above 5", "up_to -2", "else"):
        assert Band.read(band.write()) == band


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("from 5", [5, 6], [4]),
        ("above 5", [6], [5, 4]),
        ("up_to 5", [5, 4], [6]),
        ("below 5", [4], [5, 6]),
        ("from 3 below 5", [3, 4], [2, 5]),
    ],
)
def test_a_band_holds_its_edge_or_not_as_it_says(text: str, inside: list[int], outside: list[int]) -> None:
    (band,) = bands(text)
    assert [band.holds(F(value)) for value in inside] == [True] * len(inside)
    assert [band.holds(F(value)) for value in outside] == [False] * len(outside)
