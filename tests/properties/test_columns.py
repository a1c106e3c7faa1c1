"""Whatever a column does, each of its rows is what single Fractions give, in words of 64 bits and beyond."""

from __future__ import annotations

import operator
from fractions import Fraction

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from kaohe.columns import LARGEST, MISSING, NONE, Column, Ints, Links, rank
from kaohe.numbers import round_number
from tests.properties.columns import ROWS, Made, absent, column_of, fractions, held, made, places, roundings, row_by_row, several

BOUNDS = Made(column_of([Fraction(LARGEST), Fraction(-LARGEST), Fraction(-(2**63)), Fraction(2**80)], False), (
    Fraction(LARGEST), Fraction(-LARGEST), Fraction(-(2**63)), Fraction(2**80)))  # fmt: skip


@given(several(2))
@example((BOUNDS, BOUNDS))
def test_sums_differences_and_products_are_those_of_fractions(pair: tuple[Made, Made]) -> None:
    a, b = pair
    size = len(a.rows)
    assert held(a.column + b.column, size) == row_by_row(lambda x, y: x + y, a, b)
    assert held(a.column - b.column, size) == row_by_row(lambda x, y: x - y, a, b)
    assert held(a.column * b.column, size) == row_by_row(lambda x, y: x * y, a, b)
    assert held(-a.column, size) == row_by_row(lambda x: -x, a)
    assert held(abs(a.column), size) == row_by_row(abs, a)


@given(several(2))
@example((BOUNDS, BOUNDS))
def test_a_quotient_is_that_of_fractions_and_nothing_over_zero(pair: tuple[Made, Made]) -> None:
    a, b = pair
    assert held(a.column / b.column, len(a.rows)) == row_by_row(lambda x, y: x / y if y else NONE, a, b)


@given(several(1), fractions)
def test_a_constant_goes_with_every_row(one: tuple[Made], constant: Fraction) -> None:
    (a,) = one
    size, same = len(a.rows), Column.const(constant)
    assert held(a.column + same, size) == row_by_row(lambda x: x + constant, a)
    assert held(same - a.column, size) == row_by_row(lambda x: constant - x, a)
    assert held(a.column * same, size) == row_by_row(lambda x: x * constant, a)
    assert held(a.column / same, size) == row_by_row(lambda x: x / constant if constant else NONE, a)
    assert held(same / a.column, size) == row_by_row(lambda x: constant / x if x else NONE, a)
    assert held(a.column.least(same), size) == row_by_row(lambda x: min(x, constant), a)


@given(several(2))
@example((BOUNDS, BOUNDS))
def test_comparisons_are_those_of_fractions_and_unknown_where_a_side_is_absent(pair: tuple[Made, Made]) -> None:
    a, b = pair
    known = [None if absent(x) or absent(y) else (x, y) for x, y in zip(a.rows, b.rows, strict=True)]
    for found, test in (
        (a.column < b.column, operator.lt),
        (a.column <= b.column, operator.le),
        (a.column > b.column, operator.gt),
        (a.column >= b.column, operator.ge),
        (a.column.equals(b.column), operator.eq),
    ):
        assert [found[row] for row in range(len(known))] == [None if pair is None else test(*pair) for pair in known]
        assert [(~found)[row] for row in range(len(known))] == [None if pair is None else not test(*pair) for pair in known]


@given(several(2))
def test_the_smaller_the_larger_and_the_first_given_are_those_of_fractions(pair: tuple[Made, Made]) -> None:
    a, b = pair
    size = len(a.rows)
    assert held(a.column.least(b.column), size) == row_by_row(min, a, b)
    assert held(a.column.most(b.column), size) == row_by_row(max, a, b)
    assert held(a.column.or_else(b.column), size) == [y if absent(x) else x for x, y in zip(a.rows, b.rows, strict=True)]


@given(several(2), st.data())
def test_a_choice_takes_each_row_from_its_own_side(pair: tuple[Made, Made], data: st.DataObject) -> None:
    a, b = pair
    chosen = data.draw(st.lists(st.booleans(), min_size=len(a.rows), max_size=len(a.rows)))
    expected = [x if mine else y for x, y, mine in zip(a.rows, b.rows, chosen, strict=True)]
    assert held(a.column.where(np.array(chosen), b.column), len(chosen)) == expected


@given(several(1), places, roundings)
@example((Made(column_of([Fraction(-5, 1000), Fraction(-1, 2), Fraction(5, 2), Fraction(-3, 2)], True), (
    Fraction(-5, 1000), Fraction(-1, 2), Fraction(5, 2), Fraction(-3, 2))),), Fraction(1, 100), "half_up")  # fmt: skip
def test_rounding_a_column_is_rounding_each_number(one: tuple[Made], place: Fraction, how: str) -> None:
    (a,) = one
    assert held(a.column.round(place, how), len(a.rows)) == row_by_row(lambda x: round_number(x, place, how), a)


@given(several(1))
def test_moving_the_rows_denominators_into_the_common_one_changes_no_number(one: tuple[Made]) -> None:
    (a,) = one
    assert held(a.column.settled(), len(a.rows)) == list(a.rows)


@given(several(1), st.data())
def test_taken_rows_are_the_rows_that_were_asked_for(one: tuple[Made], data: st.DataObject) -> None:
    (a,) = one
    at = data.draw(st.lists(st.integers(0, len(a.rows) - 1), min_size=2, max_size=9))
    assert held(a.column.take(np.array(at)), len(at)) == [a.rows[row] for row in (at if len(a.rows) > 1 else [0] * len(at))]


# --- order ----------------------------------------------------------------------------------------


close = st.one_of(
    fractions,
    st.builds(Fraction, st.integers(2**40, 2**40 + 3), st.sampled_from([2**40 + 1, 2**40, 2**40 - 1, 999983, 1000003])),
)


@given(ROWS.flatmap(lambda size: made(size, close, marks=())))
def test_sort_keys_order_rows_as_their_fractions_and_tell_equal_ones(found: Made) -> None:
    keys = [np.broadcast_to(key, (len(found.rows),)) for key in found.column.sort_keys()]
    of_row = [tuple(int(key[row]) for key in keys) for row in range(len(found.rows))]
    for x, mine in zip(found.rows, of_row, strict=True):
        for y, other in zip(found.rows, of_row, strict=True):
            assert (mine < other, mine == other) == (x < y, x == y)


@given(
    ROWS.flatmap(
        lambda size: st.tuples(
            made(size, close),
            st.lists(st.integers(0, 2), min_size=size, max_size=size),
            st.lists(st.booleans(), min_size=size, max_size=size),
        )
    ),
    st.booleans(),
)
def test_a_place_is_one_more_than_how_many_of_the_group_are_better(drawn: tuple[Made, list[int], list[bool]], higher: bool) -> None:
    found, groups, ranked = drawn
    places_ = held(rank(found.column, np.array(groups), np.array(ranked), higher), len(groups))
    for row, (mine, group) in enumerate(zip(found.rows, groups, strict=True)):
        peers = [x for x, other, inside in zip(found.rows, groups, ranked, strict=True) if inside and other == group and not absent(x)]
        better = [x for x in peers if (x > mine if higher else x < mine)]
        assert places_[row] == (NONE if absent(mine) or not ranked[row] else Fraction(1 + len(better)))


# --- along links ----------------------------------------------------------------------------------


def linked(most: int = 9) -> st.SearchStrategy[tuple[Made, list[int], int]]:
    """Rows, the parent of each (-1: none), and how many parents there are; some have no rows."""
    return st.integers(0, most).flatmap(
        lambda size: st.tuples(made(size), st.lists(st.integers(-1, 3), min_size=size, max_size=size), st.just(5))
    )


def groups_of(found: Made, parents: list[int], size: int) -> list[list[Fraction | int]]:
    """The rows of each parent."""
    return [[row for row, parent in zip(found.rows, parents, strict=True) if parent == wanted] for wanted in range(size)]


@given(linked())
def test_a_sum_along_links_skips_what_is_none_and_passes_on_what_is_owed(drawn: tuple[Made, list[int], int]) -> None:
    found, parents, size = drawn
    total = Links(np.array(parents, dtype=np.int64), size).sum(found.column)
    wanted = [
        MISSING if MISSING in map(_mark, rows) else sum((Fraction(row) for row in rows if not absent(row)), Fraction(0))
        for rows in groups_of(*drawn)
    ]
    assert held(total, size) == wanted


def _mark(row: Fraction | int) -> int:
    return int(row) if absent(row) else 0


@given(linked(), st.booleans())
def test_the_extreme_along_links_is_none_where_there_is_nothing(drawn: tuple[Made, list[int], int], largest: bool) -> None:
    found, parents, size = drawn
    extreme = Links(np.array(parents, dtype=np.int64), size).extreme(found.column, largest)
    for rows, got in zip(groups_of(*drawn), held(extreme, size), strict=True):
        there = [Fraction(row) for row in rows if not absent(row)]
        owed = MISSING in map(_mark, rows)
        assert got == (MISSING if owed else NONE if not there else max(there) if largest else min(there))


@given(linked())
def test_counts_along_links_are_those_of_the_rows(drawn: tuple[Made, list[int], int]) -> None:
    found, parents, size = drawn
    links = Links(np.array(parents, dtype=np.int64), size)
    assert [int(count) for count in links.count().v] == [len(rows) for rows in groups_of(*drawn)]
    assert [int(count) for count in links.given(found.column).v] == [sum(not absent(row) for row in rows) for rows in groups_of(*drawn)]


@given(st.lists(st.sampled_from([LARGEST, LARGEST - 1, -LARGEST, 1, -1, 0, 2**80]), min_size=1, max_size=12))
def test_a_sum_beyond_words_is_exact_and_comes_back_to_words_where_it_fits(numbers: list[int]) -> None:
    total = Links(np.zeros(len(numbers), dtype=np.int64), 1).total(Ints.of(numbers))
    assert int(total.v[0]) == sum(numbers)
    assert (total.v.dtype == object) == (abs(sum(numbers)) > LARGEST)


@given(st.lists(st.sampled_from([LARGEST, -LARGEST, 2**63, 2**80, 3, -3, 0, 1]), min_size=1, max_size=6), st.data())
def test_whole_numbers_never_wrap(numbers: list[int], data: st.DataObject) -> None:
    others = data.draw(st.lists(st.sampled_from([LARGEST, -LARGEST, 2**80, 2, -1, 7]), min_size=len(numbers), max_size=len(numbers)))
    a, b = Ints.of(numbers), Ints.of(others)
    pairs = list(zip(numbers, others, strict=True))
    for found, wanted in (
        (a + b, [x + y for x, y in pairs]),
        (a - b, [x - y for x, y in pairs]),
        (a * b, [x * y for x, y in pairs]),
        (a // b, [x // y for x, y in pairs]),
    ):
        assert [int(value) for value in found.v] == wanted
        assert all(abs(value) <= found.hi for value in wanted)
