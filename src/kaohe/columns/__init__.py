"""Columns of exact values: numbers as integers over integers, truths, words.

A number column holds n / (d * v): `n` whole numbers, `d` one whole number for all rows (it comes
from the scheme: weights, scales, roundings), `v` one per row only where it must be (a ratio, a
team's size). 64-bit words serve as long as a bound proves that they cannot overflow, Python
integers where they do not; `Ints` alone knows about that. What is absent is marked and never
zero: `NONE` says that there was nothing to measure, `MISSING` that somebody owes a fact.

A column of one row stands for a constant and goes with columns of any length.
"""

from __future__ import annotations

from kaohe.columns.ints import LARGEST, ONE, ZERO, Array, Ints
from kaohe.columns.links import Links, begins_another, rank
from kaohe.columns.marks import MISSING, NONE, Marks
from kaohe.columns.numbers import Column
from kaohe.columns.words import Truth, Words

AnyColumn = Column | Truth | Words

__all__ = [
    "LARGEST",
    "MISSING",
    "NONE",
    "ONE",
    "ZERO",
    "AnyColumn",
    "Array",
    "Column",
    "Ints",
    "Links",
    "Marks",
    "Truth",
    "Words",
    "begins_another",
    "rank",
]
