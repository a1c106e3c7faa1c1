"""What the functions and comparisons of formulas do, row by row."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from kaohe.columns import MISSING, AnyColumn, Column, Ints, Truth
from kaohe.evaluating.dates import months_after, months_between


def _mean(*parts: Column) -> Column:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total / Column.const(len(parts))


def _mean_given(*parts: Column) -> Column:
    """The mean of those parts that are there; a part somebody owes is still owed."""
    total, count, owed = Column.const(0), Column.const(0), np.zeros(1, dtype=np.uint8)
    for part in parts:
        total = total + part.or_else(Column.const(0))
        count = count + Column(Ints.of(part.given().yes.astype(np.int64)))
        if part.absent is not None:
            owed = np.maximum(owed, np.where(part.absent == MISSING, MISSING, 0).astype(np.uint8))
    return (total / count).remark(owed) if owed.any() else total / count


def _folded(act: Callable[[Column, Column], Column]) -> Callable[..., Column]:
    def fold(*parts: Column) -> Column:
        found = parts[0]
        for part in parts[1:]:
            found = act(found, part)
        return found

    return fold


def _is_multiple(value: Column, step: Column) -> Truth:
    quotient = value / step
    return Truth((quotient.n.v > 0) & (quotient.round(Fraction(1), "down").equals(quotient)).yes, quotient.absent)


def _sign(value: Column) -> Column:
    return Column(Ints(np.sign(value.n.v).astype(np.int64), 1), 1, None, value.absent)


def _floor(value: Column) -> Column:
    down = value.round(Fraction(1), "down")
    return down - Column(Ints.of((value < down).yes.astype(np.int64)))


COMPARE: dict[str, Callable[[Column, Column], Truth]] = {
    "<": Column.__lt__,
    "<=": Column.__le__,
    ">": Column.__gt__,
    ">=": Column.__ge__,
    "==": Column.equals,
}
FUNCTIONS: dict[str, Callable[..., AnyColumn]] = {
    "min": _folded(Column.least),
    "max": _folded(Column.most),
    "sum": _folded(Column.__add__),
    "mean": _mean,
    "mean_given": _mean_given,
    "sign": _sign,
    "rounded": lambda value: value.round(Fraction(1, 100)),
    "floor_of": _floor,
    "abs": Column.__abs__,
    "is_multiple": _is_multiple,
    "months_between": months_between,
    "months_after": months_after,
    "days_between": lambda first, last: last - first,
}
