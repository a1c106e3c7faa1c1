"""Figures and spans as they stand on paper: places, signs, money, periods, and lengths of bars as whole numbers.

Nothing is computed here that decides anything; a figure of which not everything is shown is
rounded half-up to four places for the eye, and the exact one stands elsewhere on the paper.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from kaohe.numbers import round_number, terminates, write_number
from kaohe.problems import Language

MOST_PLACES = 4
LENGTH = 10_000  # a whole axis, in the whole numbers of which lengths are handed to a template
NOTHING = "–"
MINUS = "\u2212"


def places_of(value: Fraction) -> int:
    """How many decimals a figure shows: those that it has, four at most.

    >>> places_of(Fraction(197, 2)), places_of(Fraction(2, 3))
    (1, 4)
    """
    if not terminates(value):
        return MOST_PLACES
    return min(len(write_number(value).partition(".")[2]), MOST_PLACES)


def most_places(values: Iterable[Fraction | None]) -> int:
    """How many decimals a column of figures shows, so that its points stand below one another."""
    return max((places_of(value) for value in values if value is not None), default=0)


def is_shown_whole(value: Fraction) -> bool:
    """Whether four places say all of a figure."""
    return round_number(value, Fraction(1, 10**MOST_PLACES)) == value


def shown(value: Fraction | None, places: int | None = None, signed: bool = False) -> str:
    """A figure with so many places (its own, where none are given); a dash for none.

    >>> shown(Fraction(-5, 2)), shown(Fraction(2, 3)), shown(Fraction(1), 2), shown(Fraction(1, 2), signed=True)
    ('−2.5', '0.6667', '1.00', '+0.5')
    """
    if value is None:
        return NOTHING
    kept = places_of(value) if places is None else places
    tops = rounded(abs(value.numerator) * 10**kept, value.denominator)
    digits = str(tops).rjust(kept + 1, "0")
    whole, part = (digits[:-kept], digits[-kept:]) if kept else (digits, "")
    sign = "" if not tops else MINUS if value < 0 else "+" if signed else ""
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def read_shown(figure: str) -> Fraction:
    """The number that a shown figure says."""
    return Fraction(figure.replace(MINUS, "-"))


def money(value: Fraction | None, signed: bool = False) -> str:
    """An amount with separators and two places; more where it has them, and an endless one behind ≈.

    >>> money(Fraction(2469, 2)), money(Fraction(-1, 3)), money(Fraction(280028, 1000))
    ('1,234.50', '≈−0.3333', '280.028')
    """
    if value is None:
        return NOTHING
    text = shown(value, max(2, places_of(value)), signed)
    sign, digits = (text[0], text[1:]) if text[0] in f"{MINUS}+" else ("", text)
    whole, _, part = digits.partition(".")
    return f"{'' if terminates(value) else '≈'}{sign}{int(whole):,}.{part}"


def share(value: Fraction) -> str:
    """A weight: a percentage where that ends within two places, else a fraction.

    >>> share(Fraction(3, 10)), share(Fraction(1, 7)), share(Fraction(1, 8))
    ('30%', '1/7', '12.5%')
    """
    full = value * 100
    return f"{shown(full)}%" if terminates(full) and places_of(full) <= 2 else write_number(value)


def length(value: Fraction, whole: Fraction) -> int:
    """How long a figure is on an axis, of `LENGTH` in all; held within it.

    >>> length(Fraction(1, 3), Fraction(1)), length(Fraction(7), Fraction(5))
    (3333, 10000)
    """
    if whole <= 0 or value <= 0:
        return 0
    return min(rounded(value.numerator * whole.denominator * LENGTH, value.denominator * whole.numerator), LENGTH)


def rounded(top: int, bottom: int) -> int:
    """top ÷ bottom to a whole number, halves upwards; both are at least zero."""
    return (2 * top + bottom) // (2 * bottom)


# --- spans of time --------------------------------------------------------------------------------

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
HALVES = {6: ("上半年", "First half of"), 12: ("下半年", "Second half of")}
QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")


def period_words(start: date, end: date, language: Language) -> str:
    """A period in words: the month, quarter, half-year or year that it is, else its first and last day.

    >>> period_words(date(2026, 3, 1), date(2026, 3, 31), "zh"), period_words(date(2026, 2, 21), date(2026, 3, 20), "en")
    ('2026年3月', '21 February to 20 March 2026')
    """
    chinese = language == "zh"
    if start.year == 1:  # a scheme of any period, and facts that say none
        return ""
    months = _whole_months(start, end)
    if months == 1:
        return f"{start.year}年{start.month}月" if chinese else f"{MONTHS[start.month - 1]} {start.year}"
    if months == 3 and end.month % 3 == 0:
        quarter = end.month // 3
        return f"{start.year}年{QUARTERS[quarter - 1]}" if chinese else f"Quarter {quarter} of {start.year}"
    if months == 6 and end.month in HALVES:
        half = HALVES[end.month]
        return f"{start.year}年{half[0]}" if chinese else f"{half[1]} {start.year}"
    if months == 12 and start.month == 1:
        return f"{start.year}年" if chinese else str(start.year)
    return _days(start, end, chinese)


def _whole_months(start: date, end: date) -> int:
    """How many calendar months a period is; 0 where it is no number of whole ones."""
    last = calendar.monthrange(end.year, end.month)[1]
    whole = start.day == 1 and end.day == last
    return (end.year - start.year) * 12 + end.month - start.month + 1 if whole else 0


def _days(start: date, end: date, chinese: bool) -> str:
    if chinese:
        year = "" if start.year == end.year else f"{end.year}年"
        return f"{start.year}年{start.month}月{start.day}日至{year}{end.month}月{end.day}日"
    year = "" if start.year == end.year else f" {start.year}"
    return f"{start.day} {MONTHS[start.month - 1]}{year} to {end.day} {MONTHS[end.month - 1]} {end.year}"


def period_mark(end: date, unit: str) -> str:
    """An earlier period at the foot of a chart, by its last day: `2026-03`, `26Q1`, `26H1`, `2026`.

    >>> period_mark(date(2026, 3, 31), "month"), period_mark(date(2026, 3, 31), "quarter")
    ('2026-03', '26Q1')
    """
    marks = {
        "month": f"{end.year}-{end.month:02}",
        "quarter": f"{end.year % 100:02}Q{(end.month + 2) // 3}",
        "half_year": f"{end.year % 100:02}H{1 if end.month <= 6 else 2}",
        "year": str(end.year),
    }
    return marks.get(unit, f"{end.month:02}-{end.day:02}")
