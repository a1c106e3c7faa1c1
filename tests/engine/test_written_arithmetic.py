"""Arithmetic as explanations write it: brackets only where they are needed, and it gives the figure beside it."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from kaohe.rules.arithmetic import (
    binding,
    bracketed,
    call,
    counted,
    exact,
    mean_of,
    minus,
    negative,
    over,
    percent,
    plus,
    rounded,
    shortly,
    written,
)
from kaohe.rules.arithmetic import times as multiplied
from tests.arithmetic_of_people import value_of

SUM, PRODUCT, NEGATIVE, WHOLE = 1, 2, 3, 4
F = Fraction


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("5", WHOLE),
        ("2/3", WHOLE),
        ("60%", WHOLE),
        ("-5", NEGATIVE),
        ("-2/3", NEGATIVE),
        ("a + b", SUM),
        ("5 - 3", SUM),
        ("5 × 3", PRODUCT),
        ("5 ÷ 3", PRODUCT),
        ("5 × 3 + 1", SUM),
        ("5 + 3 × 1", SUM),
        ("-5 + 3", SUM),
        ("-5 × 3", PRODUCT),
        ("max(5 - 3, 0)", WHOLE),
        ("max(5, 0) + 1", SUM),
        ("max(5 + 1, 0) × 2", PRODUCT),
        ("2 × max(5 + 1, 0)", PRODUCT),
        ("2 × (5 + 1)", PRODUCT),
        ("(5 + 1) × (2 - 1)", PRODUCT),
        ("(5 + 1) - (2 - 1)", SUM),
        ("2 × (5 + 1) - 1", SUM),
        ("-max(5, 0)", NEGATIVE),
        ("-(5 + 3)", NEGATIVE),
    ],
)
def test_a_sum_holds_together_least_and_a_number_most(text: str, firm: int) -> None:
    assert binding(text) == firm


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (plus([]), "0"),
        (plus(["5"]), "5"),
        (plus(["5", "3", "2"]), "5 + 3 + 2"),
        (plus(["5", "-3"]), "5 - 3"),
        (plus(["-5", "3"]), "-5 + 3"),
        (plus(["5", "-3 × 2"]), "5 - 3 × 2"),
        (plus(["5", "-3 + 2"]), "5 + (-3 + 2)"),
        (plus(["5", "3 + 2"]), "5 + (3 + 2)"),
        (plus(["5 - 1", "3 × 2"]), "5 - 1 + 3 × 2"),
        (minus("5", "3"), "5 - 3"),
        (minus("5", "-3"), "5 - (-3)"),
        (minus("5", "3 + 2"), "5 - (3 + 2)"),
        (minus("5", "3 × 2"), "5 - 3 × 2"),
        (minus("5 + 1", "3"), "5 + 1 - 3"),
        (multiplied("5", "3"), "5 × 3"),
        (multiplied("5 + 1", "3"), "(5 + 1) × 3"),
        (multiplied("5", "3 + 1"), "5 × (3 + 1)"),
        (multiplied("5", "-3"), "5 × (-3)"),
        (multiplied("-5", "3"), "-5 × 3"),
        (multiplied("5 × 2", "3 ÷ 4"), "5 × 2 × 3 ÷ 4"),
        (over("5", "3"), "5 ÷ 3"),
        (over("5 + 1", "3"), "(5 + 1) ÷ 3"),
        (over("5 × 2", "3"), "5 × 2 ÷ 3"),
        (over("5", "3 × 2"), "5 ÷ (3 × 2)"),
        (over("5", "3 + 2"), "5 ÷ (3 + 2)"),
        (over("5", "-3"), "5 ÷ (-3)"),
        (over("5", "max(3, 2)"), "5 ÷ max(3, 2)"),
        (negative("5"), "-5"),
        (negative("-5"), "5"),
        (negative("5 + 3"), "-(5 + 3)"),
        (negative("-5 + 3"), "-(-5 + 3)"),
        (negative("5 × 3"), "-(5 × 3)"),
        (negative("-5 × 3"), "-(-5 × 3)"),
        (negative("max(5, 3)"), "-max(5, 3)"),
        (call("max", ["5"]), "5"),
        (call("max", ["5", "3 + 1"]), "max(5, 3 + 1)"),
        (rounded("1/3", "0.01", "half_up"), "round(1/3, 0.01, half_up)"),
        (bracketed("5 + 3", PRODUCT), "(5 + 3)"),
        (bracketed("5 + 3", SUM), "5 + 3"),
        (bracketed("-5", WHOLE), "(-5)"),
        (bracketed("-5", NEGATIVE), "-5"),
        (bracketed("", WHOLE), ""),
    ],
)
def test_brackets_stand_only_where_they_are_needed(told: str, text: str) -> None:
    assert told == text


PARTS = ["3", "-2", "1/4", "-2/3", "5 + 1", "4 - 7", "2 × 3", "-2 × 3", "7 ÷ 2", "max(1, 2)", "-(2 + 1)", "5 - 2 × 3"]


@pytest.mark.parametrize(("one", "other"), product(PARTS, PARTS))
def test_whatever_is_put_together_gives_the_figure_beside_it(one: str, other: str) -> None:
    a, b = value_of(one), value_of(other)
    assert value_of(plus([one, other])) == a + b
    assert value_of(minus(one, other)) == a - b
    assert value_of(multiplied(one, other)) == a * b
    assert value_of(over(one, other)) == a / b
    assert value_of(negative(one)) == -a


@pytest.mark.parametrize(
    ("value", "text"),
    [(F("0.3"), "30%"), (F(1), "100%"), (F(1, 3), "1/3"), (F("0.125"), "12.5%"), (F(0), "0%"), (F(3, 2), "150%"), (F(-1, 2), "-50%")],
)
def test_a_weight_is_a_percentage_where_that_ends(value: Fraction, text: str) -> None:
    assert percent(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (F("0.5"), "0.5"),
        (F(-3), "-3"),
        (F(1, 3), "0.333…"),
        (F(-1, 3), "-0.333…"),
        (F(5, 3), "1.666…"),
        (F(1, 300), "0.003…"),
        (F(-7, 3), "-2.333…"),
        (F(100001, 3), "33333.666…"),
        (F("0.12345"), "0.12345"),
        (F(31, 30), "1.033…"),
    ],
)
def test_a_number_without_an_end_is_told_by_three_decimals(value: Fraction, text: str) -> None:
    assert shortly(value) == text


def test_a_mean_of_few_is_told_one_by_one_and_one_of_many_by_its_sum() -> None:
    assert mean_of([F(5)]) == "5"
    assert mean_of([F(5), F(1, 3)]) == "mean(5, 1/3)"
    assert mean_of([F(1)] * 12) == f"mean({', '.join(['1'] * 12)})"
    assert mean_of([F(2)] * 13) == "26 ÷ 13"
    assert mean_of([F(-2)] * 13) == "-26 ÷ 13"


def test_equal_values_are_counted_together_and_too_many_different_ones_not_told() -> None:
    assert counted([]) == "0"
    assert counted([(F(-5), 1)]) == "-5"
    assert counted([(F(-5), 2), (F(-10), 1), (F(-5), 1)]) == "-5 × 3 - 10"
    assert counted([(F(5), 2), (F(-3), 2)]) == "5 × 2 - 3 × 2"
    assert counted([(F(n), 1) for n in range(1, 13)]) == " + ".join(map(str, range(1, 13)))
    assert counted([(F(n), 1) for n in range(1, 14)]) == ""


def test_a_number_of_a_plan_is_read_exactly_and_written_as_people_write_it() -> None:
    assert (exact("1/3"), exact("0.10"), written("1/3"), written("1/4")) == (F(1, 3), F(1, 10), "1/3", "0.25")
