"""The days of the sample: its months, its weekends and festivals, and how busy each day is.

Days are counted from the first day of the first month; times are seconds since that day began.
Nobody's shift is planned here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from kaohe.sample.drawing import Flags, Ints

DAY = 86_400
HOUR = 3_600
NEVER = -(10**12)  # an instant that did not come

# Percent of an ordinary day's conversations: the promotions of the trade, by month and day.
_PROMOTIONS = {
    (3, 6): 150, (3, 7): 180, (3, 8): 260, (6, 16): 160, (6, 17): 190, (6, 18): 260,
    (11, 9): 160, (11, 10): 210, (11, 11): 320, (12, 11): 140, (12, 12): 220,
}  # fmt: skip

# New Year's Day by the lunar calendar: couriers rest, and so do the customers.
_SPRING_FESTIVALS = (
    date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6),
    date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3),
)  # fmt: skip
_FESTIVAL_PERCENT = 35
_WEEKEND_PERCENT = 112


@dataclass(frozen=True)
class Month:
    """One month: its name (2026-01) and its days, from start up to but without end."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Calendar:
    """The days that the sample covers."""

    first: date
    months: tuple[Month, ...]

    @property
    def days(self) -> int:
        """How many days there are."""
        return self.months[-1].end

    def date_of(self, day: int) -> date:
        """The date of a day; days before the first and after the last have one too."""
        return self.first + timedelta(days=day)

    def day_of(self, when: date) -> int:
        """The day that a date is."""
        return (when - self.first).days

    def months_at(self, seconds: Ints) -> Ints:
        """The position of the month each instant falls in; after the last month, their number."""
        ends = np.array([month.end * DAY for month in self.months], dtype=np.int64)
        return np.searchsorted(ends, seconds, side="right").astype(np.int64)

    def weekends(self) -> Flags:
        """Which days are a Saturday or a Sunday."""
        return np.array([self.date_of(day).weekday() >= 5 for day in range(self.days)], dtype=np.bool_)

    def volumes(self) -> Ints:
        """How busy each day is, in percent of an ordinary day."""
        return np.array([_volume(self.date_of(day)) for day in range(self.days)], dtype=np.int64)


def make_calendar(start_month: str, months: int) -> Calendar:
    """The calendar of so many months from the one given as 2026-01."""
    if months < 1:
        raise ValueError("a sample has one month or more")
    first = date.fromisoformat(f"{start_month}-01")
    starts = [_month_after(first, count) for count in range(months + 1)]
    days = [(start - first).days for start in starts]
    named = zip(starts, days, days[1:], strict=False)
    return Calendar(first, tuple(Month(f"{start:%Y-%m}", low, high) for start, low, high in named))


def _month_after(first: date, count: int) -> date:
    years, month = divmod(first.month - 1 + count, 12)
    return date(first.year + years, month + 1, 1)


def _volume(when: date) -> int:
    if any(-1 <= (when - festival).days <= 5 for festival in _SPRING_FESTIVALS):
        return _FESTIVAL_PERCENT
    promoted = _PROMOTIONS.get((when.month, when.day))
    return promoted or (_WEEKEND_PERCENT if when.weekday() >= 5 else 100)
