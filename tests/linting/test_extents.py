"""An extent holds every value that can come out: tried against the values themselves."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from kaohe.linting.extents import ANY, COUNT, NEVER, Extent, common, either, point

small = st.integers(-6, 6).map(lambda number: Fraction(number, 2))
steps = st.sampled_from([None, Fraction(0), Fraction(1, 2), Fraction(1), Fraction(3)])


@st.composite
def held(draw):
    """An extent, and some values that it holds."""
    low, step = draw(small), draw(steps)
    if step is None:
        width = abs(draw(small))
        return Extent(low, low + width), [low, low + width / 3, low + width]
    count = 0 if not step else draw(st.integers(0, 3))
    values = [low + step * place for place in range(count + 1)]
    return Extent(values[0], values[-1], step if count else Fraction(0), low), values


@given(held())
def test_an_extent_has_its_values(one):
    extent, values = one
    assert all(extent.has(value) for value in values)


@given(held(), held())
def test_sums_are_held(one, other):
    assert all((one[0] + other[0]).has(a + b) for a, b in product(one[1], other[1]))


@given(held(), held())
def test_whatever_either_may_be_is_held(one, other):
    assert all((one[0] | other[0]).has(value) for value in [*one[1], *other[1]])


@given(held(), held())
def test_the_greater_and_the_lesser_are_held(one, other):
    for a, b in product(one[1], other[1]):
        assert one[0].at_least(other[0]).has(max(a, b))
        assert one[0].at_most(other[0]).has(min(a, b))


@given(held(), small)
def test_products_are_held(one, factor):
    assert all(one[0].times(factor).has(value * factor) for value in one[1])


@given(held(), st.lists(st.integers(0, 2), max_size=3))
def test_sums_of_any_number_are_held(one, places):
    assert one[0].summed().has(sum((one[1][place % len(one[1])] for place in places), Fraction(0)))


@given(held(), small, small, st.booleans(), st.booleans())
def test_what_an_extent_does_not_meet_holds_none_of_its_values(one, low, high, open_low, open_high):
    extent, values = one
    if not extent.meets(low, high, open_low, open_high):
        between = [value for value in values if low <= value <= high]
        assert all((open_low and value == low) or (open_high and value == high) for value in between)


def test_steps_of_five_have_no_value_between():
    fives = Extent(Fraction(0), Fraction(15), Fraction(5))
    assert [value for value in range(16) if fives.has(Fraction(value))] == [0, 5, 10, 15]
    assert not fives.meets(Fraction(11), Fraction(14))
    assert not fives.meets(Fraction(10), Fraction(15), open_low=True, open_high=True)


def test_deductions_from_full_marks_stay_on_their_grid_down_to_the_floor():
    lost = point(Fraction(-5)).summed()
    left = (point(Fraction(15)) + lost).at_least(point(Fraction(0)))
    assert (left.low, left.high, left.step) == (0, 15, 5)


def test_counts_have_no_end_and_no_fractions():
    assert COUNT.has(Fraction(1000))
    assert not COUNT.has(Fraction(1, 2))
    assert not COUNT.has(Fraction(-1))
    assert COUNT.meets(Fraction(1, 3), None)


def test_an_open_end_is_not_reached():
    above = Extent(Fraction(0), None, low_open=True)
    assert not above.has(Fraction(0))
    assert above.times(Fraction(-1)).has(Fraction(-1))
    assert not above.times(Fraction(-1)).has(Fraction(0))


def test_nothing_adds_nothing():
    assert (NEVER | COUNT) == COUNT
    assert (NEVER + COUNT).never
    assert either([]).never
    assert ANY.has(Fraction(-(10**9)))


def test_the_common_step_of_thirds_and_halves_is_a_sixth():
    assert common(Fraction(1, 3), Fraction(1, 2)) == Fraction(1, 6)
    assert common(Fraction(0), Fraction(5)) == 5
