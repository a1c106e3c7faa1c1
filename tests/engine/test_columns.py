"""Columns: the pitfalls of machine words, of absences, of halves and of the order of rows, each by name."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from kaohe.columns import LARGEST, MISSING, NONE, Column, Ints, Links, Truth, Words, rank

F = Fraction


def column(*numbers: str | None) -> Column:
    """A column from texts; None is MISSING."""
    return Column.of([None if number is None else F(number) for number in numbers])


# --- words of 64 bits, and beyond -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "wanted"),
    [
        (lambda a: a + a, [2 * LARGEST, -2 * LARGEST, 2]),
        (lambda a: a * a, [LARGEST**2, LARGEST**2, 1]),
        (lambda a: a - (-a), [2 * LARGEST, -2 * LARGEST, 2]),
    ],
)
def test_an_operation_that_would_wrap_goes_to_python_integers(act: Callable[[Ints], Ints], wanted: list[int]) -> None:
    found = act(Ints.of([LARGEST, -LARGEST, 1]))
    assert [int(value) for value in found.v] == wanted
    assert found.v.dtype == object


def test_the_smallest_word_has_a_size_beyond_the_largest() -> None:
    smallest = Ints.of(np.array([-(2**63), 5], dtype=np.int64))
    assert [int(value) for value in abs(smallest).v] == [2**63, 5]
    assert [int(value) for value in (-smallest).v] == [2**63, -5]


def test_what_fits_words_again_comes_back_to_words() -> None:
    large = Ints.of([2**80, 3])
    assert (large - Ints.of([2**80, 0])).v.dtype == np.int64


def test_a_bound_that_is_too_careful_is_looked_at_before_falling_to_python_integers() -> None:
    careful = Ints(np.array([3, 4], dtype=np.int64), LARGEST)
    assert (careful * careful).v.dtype == np.int64


def test_unsigned_words_beyond_the_largest_signed_one_are_kept() -> None:
    assert [int(value) for value in Ints.of(np.array([2**64 - 1, 1], dtype=np.uint64)).v] == [2**64 - 1, 1]


def test_a_python_integer_beyond_words_goes_with_a_column_of_zeros() -> None:
    assert (column("0", "0") * Column.const(2**90)).values() == [F(0), F(0)]


def test_one_huge_absent_row_does_not_make_a_column_slow() -> None:
    marks = np.array([0, MISSING], dtype=np.uint8)
    assert (Column(Ints.of([7, 2**80]), 1, None, marks) + Column.const(1)).n.tight().v.dtype == np.int64


def test_a_sum_along_links_beyond_words_is_exact() -> None:
    links = Links(np.zeros(4, dtype=np.int64), 2)
    total = links.sum(Column.whole([LARGEST] * 4))
    assert total.values(2) == [F(4 * LARGEST), F(0)]


# --- exactness ------------------------------------------------------------------------------------


def test_four_fifths_reach_four_fifths() -> None:
    total = column("0.75", "1") * Column.const(F("0.3")) + column("1", "0.625") * Column.const(F("0.575")) - column("0", "-0.140625")
    assert (total >= Column.const(F("0.8"))).yes.tolist() == [True, True]


def test_a_division_before_a_product_loses_nothing() -> None:
    # 775/768 on the line from (0.8, 40) to (1.3, 100): 38 decimal digits give 65.0937
    x = Column.whole([775]) / Column.whole([768])
    found = (x - Column.const(F("0.8"))) * Column.const(F(120)) + Column.const(F(40))
    assert found.values() == [F("65.09375")]
    assert found.round(F("0.0001")).values() == [F("65.0938")]


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        ("half_up", ["-0.01", "0.01", "-3", "3", "2", "-0.02"]),
        ("half_even", ["0", "0", "-2", "2", "2", "-0.02"]),
        ("up", ["-0.01", "0.01", "-3", "3", "2", "-0.02"]),
        ("down", ["0", "0", "-2", "2", "1", "-0.01"]),
    ],
)
def test_halves_go_by_their_size_and_never_by_their_sign(how: str, wanted: list[str]) -> None:
    cents = column("-0.005", "0.005").round(F("0.01"), how).values()
    whole = column("-2.5", "2.5", "1.5").round(F(1), how).values()
    assert [*cents, *whole, *column("-0.015").round(F("0.01"), how).values()] == [F(number) for number in wanted]


def test_rounding_to_five_and_to_thirds_is_rounding_to_a_multiple() -> None:
    assert column("7.5", "12.4").round(F(5)).values() == [F(10), F(10)]
    assert column("0.5", "0.6").round(F(1, 3)).values() == [F(2, 3), F(2, 3)]


# --- absences -------------------------------------------------------------------------------------


def test_what_is_owed_wins_over_nothing_to_measure() -> None:
    both = Column.of([None, F(1)], NONE) + Column.of([None, F(1)], MISSING)
    assert [both.mark(row) for row in (0, 1)] == [MISSING, 0]


def test_nothing_is_smaller_than_an_absent_number_and_not_smaller_is_unknown_too() -> None:
    found = column("1", None) < Column.const(2)
    assert [found[0], found[1], (~found)[1]] == [True, None, None]


def test_over_zero_there_is_nothing_to_measure() -> None:
    found = column("1", "0") / Column.whole([0, 0])
    assert [found.mark(0), found.mark(1), (Column.const(1) / Column.const(0)).mark(0)] == [NONE, NONE, NONE]


def test_logic_knows_three_values_in_any_order() -> None:
    unknown, yes, no = Truth(np.array([False]), np.array([MISSING], dtype=np.uint8)), Truth(np.array([True])), Truth(np.array([False]))
    assert [(unknown & no)[0], (no & unknown)[0], (unknown | yes)[0], (yes | unknown)[0]] == [False, False, True, True]
    assert [(unknown & yes)[0], (unknown | no)[0], (~unknown)[0]] == [None, None, None]


def test_an_absent_word_equals_nothing_and_that_is_known() -> None:
    words = Words.of(["east", None])
    assert [words.equals("east")[1], (~words.equals("east"))[1], words.same(words)[1]] == [False, True, False]


def test_a_group_without_rows_has_a_sum_of_nothing_and_no_largest() -> None:
    links = Links(np.array([2, 2]), 3)
    assert links.sum(column("1", "2")).values(3) == [F(0), F(0), F(3)]
    assert links.extreme(column("1", "2"), True).values(3) == [None, None, F(2)]


def test_a_group_without_rows_owes_nothing_where_another_group_does() -> None:
    found = Links(np.array([1]), 3).extreme(column(None), False)
    assert [found.mark(row) for row in range(3)] == [NONE, MISSING, NONE]


# --- order ----------------------------------------------------------------------------------------


def test_numbers_that_differ_in_the_last_digit_of_unlike_denominators_are_told_apart() -> None:
    a, b = F(2**40 + 1, 2**40), F(2**40, 2**40 - 1)
    found = rank(
        Column(Ints.of([a.numerator, b.numerator, b.numerator * 3]), 1, Ints.of([a.denominator, b.denominator, b.denominator * 3])),
        np.zeros(3, dtype=np.int64),
        np.ones(3, dtype=bool),
    )
    assert found.values() == [F(3), F(1), F(1)]


def test_equal_numbers_share_the_better_place_and_the_next_one_is_left_out() -> None:
    found = rank(column("8", "9", "9", "7"), np.zeros(4, dtype=np.int64), np.ones(4, dtype=bool))
    assert found.values() == [F(3), F(1), F(1), F(4)]


def test_who_is_not_ranked_takes_no_place_away() -> None:
    found = rank(column("9", "8", None), np.zeros(3, dtype=np.int64), np.array([False, True, True]))
    assert found.values() == [None, F(1), None]
