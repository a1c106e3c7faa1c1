"""Between which ends a formula's figure lies, and its unit: for the checks that no grade is out of reach."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from kaohe.plan import Typed

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


Bounds = tuple[Fraction | None, Fraction | None]


def _add_bounds(a: Typed, b: Typed) -> Bounds:
    low = None if a.low is None or b.low is None else a.low + b.low
    high = None if a.high is None or b.high is None else a.high + b.high
    return low, high


def _subtract_bounds(a: Typed, b: Typed) -> Bounds:
    low = None if a.low is None or b.high is None else a.low - b.high
    high = None if a.high is None or b.low is None else a.high - b.low
    return low, high


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


def either_bounds(parts: list[Typed]) -> Bounds:
    """From the least to the most of what may come out; a part that gives nothing says nothing."""
    lows, highs = [part.low for part in parts], [part.high for part in parts]
    low = None if None in lows or not lows else min(low for low in lows if low is not None)
    high = None if None in highs or not highs else max(high for high in highs if high is not None)
    return low, high


def call_bounds(name: str, parts: list[Typed]) -> Bounds:
    """Between which ends a function's result lies."""
    lows = [part.low for part in parts]
    highs = [part.high for part in parts]
    known_lows = [low for low in lows if low is not None]
    known_highs = [high for high in highs if high is not None]
    if name == "min":
        return (min(known_lows) if None not in lows else None), (min(known_highs) if known_highs else None)
    if name == "max":
        return (max(known_lows) if known_lows else None), (max(known_highs) if None not in highs else None)
    if name in ("mean", "mean_given"):
        return (min(known_lows) if None not in lows else None), (max(known_highs) if None not in highs else None)
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
