"""Periods that a round may have: the calendar's spans around a day, as a scheme takes them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
USUAL = ("month", "quarter")  # what is suggested where a scheme takes any span


@dataclass(frozen=True)
class Period:
    """Two days, the first and the last."""

    start: date
    end: date

    @property
    def written(self) -> str:
        """The period as an address holds it."""
        return f"{self.start.isoformat()}..{self.end.isoformat()}"

    @classmethod
    def read(cls, written: str) -> Period | None:
        """The period that `written` wrote; none for anything else."""
        start, _, end = written.partition("..")
        try:
            return cls(date.fromisoformat(start), date.fromisoformat(end))
        except ValueError:
            return None


def suggested(spans: Sequence[str], today: date, starts_on: int = 1) -> list[Period]:
    """For each span the one before, the one now and the one after, in the order of time."""
    wanted = [span for span in spans if span in MONTHS] or list(USUAL)
    return [period for span in wanted for period in _around(MONTHS[span], today, starts_on)]


def _around(months: int, today: date, starts_on: int) -> Iterator[Period]:
    month = today.year * 12 + today.month - 1 - (today.day < starts_on)
    now = month - month % months
    for first in (now - months, now, now + months):
        yield Period(_day(first, starts_on), _day(first + months, starts_on) - timedelta(days=1))


def _day(month: int, day: int) -> date:
    year, place = divmod(month, 12)
    return date(year, place + 1, min(day, monthrange(year, place + 1)[1]))
