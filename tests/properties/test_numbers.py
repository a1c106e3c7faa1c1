"""Numbers: what is written reads back the same, and rounding stays within half a place."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from kaohe.numbers import parse_number, round_number, terminates, write_number
from tests.properties.columns import fractions, places, roundings

decimals = st.builds(lambda top, power: Fraction(top, 10**power), st.integers(-(10**30), 10**30), st.integers(0, 25))
FULL_WIDTH = str.maketrans("0123456789./-", "０１２３４５６７８９．／－")
short = st.one_of(decimals, st.builds(Fraction, st.integers(-(10**40), 10**40), st.integers(1, 10**40)))


@given(short)
def test_a_number_that_was_written_reads_back_the_same(value: Fraction) -> None:
    text = write_number(value)
    if len(text) <= 60:
        assert parse_number(text) == value
        assert parse_number(text.translate(FULL_WIDTH)) == value


@given(decimals)
def test_a_number_with_an_end_is_written_as_a_decimal_and_others_as_a_fraction(value: Fraction) -> None:
    assert terminates(value)
    assert "/" not in write_number(value)
    assert ("/" in write_number(value / 3)) == (not terminates(value / 3))


@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_thousands_separators_and_percent_signs_change_only_what_they_say(top: int, power: int) -> None:
    value = Fraction(top, 10**power)
    whole, _, part = write_number(abs(value)).partition(".")
    text = f"{'-' if top < 0 else ''}{int(whole):,}{'.' if part else ''}{part}"
    assert parse_number(text) == value
    assert parse_number(f"{text}%") == value / 100


@given(fractions, places, roundings)
def test_a_rounded_number_is_a_multiple_near_by_and_rounds_to_itself(value: Fraction, place: Fraction, how: str) -> None:
    found = round_number(value, place, how)
    assert (found / place).denominator == 1
    assert abs(found - value) < place if how in ("up", "down") else abs(found - value) * 2 <= place
    assert round_number(found, place, how) == found
    assert round_number(-value, place, how) == -found
