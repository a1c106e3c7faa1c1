"""Numbers and days as people type them: read exactly, refused clearly, written back in full."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from kaohe.numbers import number, parse_date, parse_number, parse_yes_no, round_number, terminates, write_number
from kaohe.problems import Problem


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0.8", Fraction(4, 5)),
        ("98.5%", Fraction(985, 1000)),
        ("5‰", Fraction(1, 200)),
        ("2/3", Fraction(2, 3)),
        ("-2/3", Fraction(-2, 3)),
        ("1,234,567.5", Fraction(2469135, 2)),
        ("９８．５％", Fraction(985, 1000)),
        ("−3", Fraction(-3)),
        ("+.5", Fraction(1, 2)),
        ("5.", Fraction(5)),
        ("1e3", Fraction(1000)),
        ("1.5E-2", Fraction(3, 200)),
        (" 7 ", Fraction(7)),
        ("007", Fraction(7)),
        (Decimal("0.1"), Fraction(1, 10)),
        (12, Fraction(12)),
    ],
)
def test_a_number_is_read_exactly_as_it_is_typed(text: object, wanted: Fraction) -> None:
    assert parse_number(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        ".",
        "1,23",
        "12,34,567",
        "NaN",
        "inf",
        "-Infinity",
        "1/0",
        "0x10",
        "1_000",
        "1e",
        "--1",
        "五",
        "1 2",
        "1%%",
        None,
        True,
        0.1,
    ],
)
def test_what_is_no_number_is_said_to_be_none(text: object) -> None:
    found = parse_number(text)
    assert isinstance(found, Problem)
    assert found.code == "N001"


@pytest.mark.parametrize("text", ["1e400", "1e-400", "9" * 61, "9" * 400, "1e99999", f"{'1' * 70}/3", f"1/{'1' * 70}"])
def test_a_number_longer_than_anybodys_wage_is_refused_and_not_computed(text: str) -> None:
    found = parse_number(text)
    assert isinstance(found, Problem)
    assert (found.code, found.reason) == ("N002", "out_of_range")


def test_a_slip_in_program_text_is_raised_at_once() -> None:
    with pytest.raises(ValueError, match="is not a number"):
        number("eight")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.80", "0.8"),
        ("-0.5", "-0.5"),
        ("1/8", "0.125"),
        ("2/3", "2/3"),
        ("-7/3", "-7/3"),
        ("100", "100"),
        ("0", "0"),
        ("1e-9", "0.000000001"),
        ("-0", "0"),
    ],
)
def test_a_number_is_written_in_full(value: str, text: str) -> None:
    assert write_number(number(value)) == text


def test_only_numbers_with_twos_and_fives_below_have_an_end() -> None:
    assert [terminates(Fraction(1, bottom)) for bottom in (1, 2, 3, 5, 6, 7, 8, 40, 2**70, 3 * 5**30)] == [
        True, True, False, True, False, False, True, True, True, False
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "place", "how", "wanted"),
    [
        ("-0.005", "0.01", "half_up", "-0.01"),
        ("0.005", "0.01", "half_up", "0.01"),
        ("2.5", "1", "half_even", "2"),
        ("3.5", "1", "half_even", "4"),
        ("-2.5", "1", "half_even", "-2"),
        ("-2.1", "1", "up", "-3"),
        ("-2.9", "1", "down", "-2"),
        ("12.5", "5", "half_up", "15"),
        ("0", "0.01", "up", "0"),
        ("2/3", "0.01", "half_up", "0.67"),
    ],
)
def test_a_number_is_rounded_by_its_size(value: str, place: str, how: str, wanted: str) -> None:
    assert round_number(number(value), number(place), how) == number(wanted)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-31",
        "2026/3/31",
        "2026.03.31",
        "2026年3月31日",
        "2026-03-31 08:00",
        "2026-03-31T08:00:00Z",
        date(2026, 3, 31),
        datetime(2026, 3, 31, 8, tzinfo=UTC),
    ],
)
def test_a_day_is_read_in_every_common_writing(text: object) -> None:
    assert parse_date(text) == date(2026, 3, 31)


@pytest.mark.parametrize("text", ["2026-02-30", "31.03.2026", "2026-3", "yesterday", "", "0000-01-01"])
def test_what_is_no_day_is_said_to_be_none(text: str) -> None:
    found = parse_date(text)
    assert isinstance(found, Problem)
    assert found.code == "N003"


def test_yes_and_no_are_read_in_both_languages() -> None:
    assert [parse_yes_no(text) for text in ("是", "yes", "TRUE", "1")] == [True] * 4
    assert [parse_yes_no(text) for text in ("否", "No", "false", "0")] == [False] * 4
    assert isinstance(parse_yes_no("perhaps"), Problem)
