"""Between which ends a formula's figure lies, and its unit: for the checks that no grade is out of reach."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from kaohe.plan import Bounds, Typed, summed, widest

LARGEST_BOUND = Fraction(10) ** 120
STRICT_UNITS = {"yuan", "points", "seconds", "minutes", "hours", "days"}


def unit_of(operation: str, a: str, b: str) -> str:
    """The unit of a result: kept by adding, lost where two units are multiplied or a third divides."""
    a, b = (unit if unit in STRICT_UNITS else "" for unit in (a, b))
    if operation in ("+", "-"):
        return a or b
    if operation == "*":
        return "" if a and b else a or b
    return "" if a == b or b else a


def tame(end: Fraction | None) -> Fraction | None:
    """A bound that is worth knowing; one of hundreds of digits is none."""
    if end is None or max(abs(end.numerator), end.denominator) > LARGEST_BOUND:
        return None
    return end


def negative_bounds(a: Typed) -> Bounds:
    """The bounds with the sign turned."""
    return None if a.high is None else -a.high, None if a.low is None else -a.low


def _add_bounds(a: Typed, b: Typed) -> Bounds:
    return summed([a, b])


def _subtract_bounds(a: Typed, b: Typed) -> Bounds:
    return summed([a, b.held(*negative_bounds(b))])


def _multiply_bounds(a: Typed, b: Typed) -> Bounds:
    for constant, other in ((a, b), (b, a)):
        if constant.low is not None and constant.low == constant.high:
            ends = [None if end is None else end * constant.low for end in (other.low, other.high)]
            return (ends[0], ends[1]) if constant.low >= 0 else (ends[1], ends[0])
    if None in (a.low, a.high, b.low, b.high):
        return (Fraction(0), None) if a.low is not None and b.low is not None and a.low >= 0 and b.low >= 0 else (None, None)
    corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]  # type: ignore[operator]
    return min(corners), max(corners)


def _divide_bounds(a: Typed, b: Typed) -> Bounds:
    if b.low is not None and b.low == b.high and b.low != 0:
        return _multiply_bounds(a, Typed([], "number", "", 1 / b.low, 1 / b.low))
    return (Fraction(0), None) if a.low is not None and a.low >= 0 and b.low is not None and b.low >= 0 else (None, None)


ARITHMETIC_BOUNDS: dict[str, Callable[[Typed, Typed], Bounds]] = {
    "+": _add_bounds,
    "-": _subtract_bounds,
    "*": _multiply_bounds,
    "/": _divide_bounds,
}


def call_bounds(name: str, parts: list[Typed]) -> Bounds:
    """Between which ends a function's result lies."""
    low, high = widest(parts)
    if name == "min":
        return low, min((part.high for part in parts if part.high is not None), default=None)
    if name == "max":
        return max((part.low for part in parts if part.low is not None), default=None), high
    if name in ("mean", "mean_given", "first"):
        return low, high
    if name == "sign":
        return Fraction(-1), Fraction(1)
    return (Fraction(0), None) if name == "abs" else (None, None)


def aggregate_bounds(how: str, value: Typed | None) -> tuple[str, Fraction | None, Fraction | None]:
    """Unit and ends of an aggregate over rows."""
    if how == "count":
        return "", Fraction(0), None
    if how == "share":
        return "ratio", Fraction(0), Fraction(1)
    if value is None:
        return "", None, None
    if how == "sum":
        low = Fraction(0) if value.low is not None and value.low >= 0 else None
        high = Fraction(0) if value.high is not None and value.high <= 0 else None
        return value.unit, low, high
    return value.unit, value.low, value.high
