"""Exact numbers: read from text, rounded only where asked, written back without losing a digit.

A single number is a `fractions.Fraction`; a whole column of them lives in `kaohe.columns`. No
function here takes or gives a binary float.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache

from kaohe.problems import NotADate, NotANumber, NotYesOrNo, NumberTooLong, Problem

MOST_DIGITS = 60
EPOCH = date(1970, 1, 1)

_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d{1,3}(?:,\d{3})+|\d*)(?:\.(?P<part>\d*))?(?:[eE](?P<power>[+-]?\d+))?(?P<unit>[%‰]?)")
_FRACTION = re.compile(r"([+-]?\d+)\s*/\s*(\d+)")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_UNITS = {"": Fraction(1), "%": Fraction(1, 100), "‰": Fraction(1, 1000)}
_YES = {"true", "yes", "y", "1", "是", "对", "t"}
_NO = {"false", "no", "n", "0", "否", "不", "f"}


def plain_text(text: str) -> str:
    """The text with full-width digits and signs made half-width, without outer blanks.

    >>> plain_text(" 98.5% ")
    '98.5%'
    """
    return unicodedata.normalize("NFKC", text).strip().replace("−", "-")


def parse_number(text: object) -> Fraction | Problem:
    """The exact number that a text, an int or a Decimal says, or the problem with it.

    Reads percent and per-mille signs, fractions `2/3`, thousands separators, exponents and
    full-width digits. A bool, a binary float, NaN and infinities are no numbers; more than
    sixty digits or powers of ten beyond sixty are refused rather than computed.

    >>> parse_number("98.5%")
    Fraction(197, 200)
    >>> parse_number("2/3")
    Fraction(2, 3)
    >>> parse_number("1e400").code
    'N002'
    """
    if isinstance(text, Fraction):
        return text
    if isinstance(text, (bool, float)) or text is None:
        return NotANumber(text=str(text))
    words = plain_text(str(text)[:500])
    fraction = _FRACTION.fullmatch(words)
    if fraction:
        return _parse_fraction(words, *fraction.groups())
    match = _NUMBER.fullmatch(words)
    if not match or not (match["whole"] or match["part"]):
        return NotANumber(text=_shown(words))
    digits = (match["whole"] + (match["part"] or "")).replace(",", "")
    power = match["power"] or "0"
    if len(digits) > MOST_DIGITS or len(power) > 4 or abs(int(power)) > MOST_DIGITS:
        return NumberTooLong(text=_shown(words), most=MOST_DIGITS)
    places = int(power) - len(match["part"] or "")
    value = Fraction(int(digits)) * Fraction(10) ** places * _UNITS[match["unit"]]
    return -value if match["sign"] == "-" else value


class Written(Fraction):
    """A number that remembers how it was typed, for whoever shows it again; it counts as any other.

    >>> as_typed(Written.of(Fraction(97, 100), "97%")), as_typed(Fraction(97, 100))
    ('97%', '0.97')
    """

    typed: str

    @classmethod
    def of(cls, value: Fraction, typed: object) -> Written:
        """The number that was typed so."""
        made = cls(value)
        made.typed = plain_text(str(typed))
        return made


def as_typed(value: Fraction) -> str:
    """The number as it was typed; one that nobody typed in full."""
    return value.typed if isinstance(value, Written) else write_number(value)


def _parse_fraction(words: str, top: str, bottom: str) -> Fraction | Problem:
    if len(top) > MOST_DIGITS or len(bottom) > MOST_DIGITS:
        return NumberTooLong(text=_shown(words), most=MOST_DIGITS)
    if int(bottom) == 0:
        return NotANumber(text=words)
    return Fraction(int(top), int(bottom))


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."


def number(text: str | int) -> Fraction:
    """The number that program text says; a programmer's slip raises ValueError.

    >>> number("0.8")
    Fraction(4, 5)
    """
    value = parse_number(text)
    if isinstance(value, Problem):
        raise ValueError(value.sentence("en"))
    return value


def round_number(value: Fraction, place: Fraction, how: str = "half_up") -> Fraction:
    """`value` rounded to a multiple of `place`; halves go away from zero (四舍五入) by default.

    >>> round_number(Fraction(-5, 1000), Fraction(1, 100))
    Fraction(-1, 100)
    """
    steps, rest = divmod(abs(value) / place, 1)
    more = {
        "half_up": rest * 2 >= 1,
        "half_even": rest * 2 > 1 or (rest * 2 == 1 and steps % 2 == 1),
        "up": rest > 0,
        "down": False,
    }[how]
    rounded = (steps + (1 if more else 0)) * place
    return Fraction(-rounded if value < 0 else rounded)


def terminates(value: Fraction) -> bool:
    """Whether the number has an end in decimal digits: 1/8 does, 1/3 does not."""
    return _decimals(value.denominator) is not None


def write_number(value: Fraction) -> str:
    """The number in full: a decimal where it ends, a fraction where it does not.

    >>> write_number(Fraction(4, 5)), write_number(Fraction(2, 3)), write_number(Fraction(-5, 2))
    ('0.8', '2/3', '-2.5')
    """
    top, bottom = value.numerator, value.denominator
    if bottom == 1:
        return str(top)
    places = _decimals(bottom)
    if places is None:
        return f"{top}/{bottom}"
    digits = str(abs(top) * 10**places // bottom).rjust(places + 1, "0")
    return f"{'-' if top < 0 else ''}{digits[:-places]}.{digits[-places:]}"


@lru_cache(maxsize=4096)
def _decimals(bottom: int) -> int | None:
    """How many decimal digits a reduced fraction over `bottom` has; None where they never end."""
    powers = []
    for prime in (2, 5):
        power = 0
        while bottom % prime == 0:
            bottom //= prime
            power += 1
        powers.append(power)
    return max(powers) if bottom == 1 else None


def parse_date(text: object) -> date | Problem:
    """The calendar day that a text or a date says; a time of day after it is left out."""
    if isinstance(text, date):
        return date(text.year, text.month, text.day)
    words = plain_text(str(text)[:100])
    match = _DATE.fullmatch(words)
    if not match:
        return NotADate(text=_shown(words))
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return NotADate(text=words)


def parse_yes_no(text: object) -> bool | Problem:
    """Yes or no, in either language."""
    words = plain_text(str(text)[:40]).lower()
    if words in _YES:
        return True
    return False if words in _NO else NotYesOrNo(text=words)


def day_number(day: date) -> int:
    """The day as a whole number: days since 1970-01-01."""
    return (day - EPOCH).days


def day_of(days: int) -> date:
    """The calendar day of a day number."""
    return EPOCH + timedelta(days=days)
