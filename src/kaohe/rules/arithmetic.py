"""The arithmetic of explanations, written as a person writes it: `0.75 × 30% + 1 × 20%`, `max(15 - 5 × 4, 0)`.

The grammar, whole:

    sum      = product (("+" | "-") product)*
    product  = factor (("×" | "÷") factor)*
    factor   = "-" factor | number | "(" sum ")" | call
    call     = ("min" | "max" | "mean") "(" sum ("," sum)* ")" | "round" "(" sum "," number "," half ")"
    number   = digits ("." digits)? "%"? | digits "/" digits
    half     = "half_up" | "half_even" | "up" | "down"

A fraction such as `2/3` is one number. Whatever is written here evaluates to the figure beside it, exactly.
The functions take texts of this grammar and give one, with brackets only where they are needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from kaohe.numbers import write_number

SUM, PRODUCT, NEGATIVE, WHOLE = 1, 2, 3, 4
MOST_TERMS = 12


@lru_cache(maxsize=4096)
def exact(text: str) -> Fraction:
    """The number that a plan wrote; the same few are read for every subject."""
    return Fraction(text)


@lru_cache(maxsize=4096)
def written(text: str) -> str:
    """The number that a plan wrote, as an explanation writes it."""
    return write_number(exact(text))


def binding(text: str) -> int:
    """How firmly a text holds together: a sum least, a single number or call most."""
    depth, found = 0, NEGATIVE if text.startswith("-") else WHOLE
    if " " not in text:
        return found
    if "(" not in text:
        return SUM if " + " in text or " - " in text else PRODUCT
    for before, sign, after in zip(text, text[1:], text[2:], strict=False):
        depth += (before == "(") - (before == ")")
        if depth == 0 and before == after == " ":
            if sign in "+-":
                return SUM
            found = PRODUCT if sign in "×÷" else found
    return found


def bracketed(text: str, least: int) -> str:
    """The text as a part of something that holds more firmly."""
    if " " not in text and text[:1] != "-":
        return text
    return f"({text})" if binding(text) < least else text


def plus(parts: Sequence[str]) -> str:
    """The sum of the parts; what is taken away is written with a minus."""
    found = parts[0] if parts else "0"
    for part in parts[1:]:
        if part.startswith("-") and binding(part) != SUM:
            found += f" - {part[1:]}"
        else:
            found += f" + {bracketed(part, PRODUCT)}"
    return found


def minus(one: str, other: str) -> str:
    """The difference."""
    return f"{one} - ({other})" if binding(other) == SUM or other.startswith("-") else f"{one} - {other}"


def times(one: str, other: str) -> str:
    """The product."""
    return f"{bracketed(one, PRODUCT)} × {_factor(other, PRODUCT)}"


def over(one: str, other: str) -> str:
    """The quotient."""
    return f"{bracketed(one, PRODUCT)} ÷ {_factor(other, WHOLE)}"


def _factor(text: str, least: int) -> str:
    return f"({text})" if text[:1] == "-" else bracketed(text, least)


def negative(text: str) -> str:
    """The number with its sign turned."""
    return text[1:] if text.startswith("-") and binding(text) == NEGATIVE else f"-{_factor(text, WHOLE)}"


def call(name: str, parts: Sequence[str]) -> str:
    """The smallest, largest or mean of the parts; one part stands for itself."""
    return parts[0] if len(parts) == 1 else f"{name}({', '.join(parts)})"


def rounded(text: str, place: str, half: str) -> str:
    """The figure rounded to a multiple of `place`."""
    return f"round({text}, {place}, {half})"


@lru_cache(maxsize=4096)
def percent(value: Fraction) -> str:
    """A weight as people write it: a percentage where that ends, else a fraction."""
    full = write_number(value * 100)
    return write_number(value) if "/" in full else f"{full}%"


def mean_of(values: Sequence[Fraction]) -> str:
    """The mean of the values: each of them where they are few, else their sum over their number."""
    if len(values) <= MOST_TERMS:
        return call("mean", [write_number(value) for value in values])
    return over(write_number(sum(values, Fraction(0))), str(len(values)))


def counted(values: Sequence[tuple[Fraction, int]]) -> str:
    """The sum of values that came so often, equal ones together: `-5 × 2 - 10`; empty where it would grow too long."""
    often: dict[Fraction, int] = {}
    for value, count in values:
        often[value] = often.get(value, 0) + count
    if len(often) > MOST_TERMS:
        return ""
    return plus([write_number(value) if count == 1 else f"{write_number(value)} × {count}" for value, count in often.items()])


def shortly(value: Fraction) -> str:
    """The number for a sentence: in full where it ends, else its first three decimals and an ellipsis."""
    full = write_number(value)
    if "/" not in full:
        return full
    thousandths = abs(value.numerator) * 1000 // value.denominator
    return f"{'-' if value < 0 else ''}{thousandths // 1000}.{thousandths % 1000:03d}…"
