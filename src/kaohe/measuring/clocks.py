"""Days and instants: local time in a zone, the same instant in UTC, the days of a period.

Instants are kept as naive UTC datetimes; days belong to the company's zone. A local time that
never was (clocks put forward) is refused; one that was twice is the first of the two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kaohe.measuring.problems import PeriodBackwards
from kaohe.problems import refuse

_ISO = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s?(Z|[+-]\d{2}:?\d{2})?"
)


@dataclass(frozen=True)
class Period:
    """From one day to another, both included, as the company's calendar has them."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            refuse([PeriodBackwards(about=["period"], start=self.start, end=self.end)])


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of that name, or None where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def to_utc(local: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant of a local time as naive UTC; None where the zone's clocks never showed it."""
    instant = local.replace(tzinfo=zone).astimezone(UTC)
    shown = instant.astimezone(zone).replace(tzinfo=None)
    return instant.replace(tzinfo=None) if shown == local else None


def to_local(instant: datetime, zone: ZoneInfo) -> datetime:
    """What the zone's clocks show at a naive UTC instant."""
    return instant.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day in a zone, as naive UTC, also where midnight never was."""
    local = datetime.combine(day, time())
    return local.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


def period_instants(period: Period, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first instant of the period and the first one after it, as naive UTC."""
    return day_start(period.start, zone), day_start(period.end + timedelta(days=1), zone)


def parse_iso(text: str) -> datetime | None:
    """The date and time of day that an ISO-like text says (2026-03-31 09:00:05, 2026年3月1日).

    With an offset (Z, +08:00) the answer is aware, without one naive; a day alone is midnight.
    More than six places of a second, and what is no date, give None.
    """
    match = _ISO.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second, part, offset = match.groups()
    if part and part[6:].strip("0"):
        return None
    try:
        moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))  # noqa: DTZ001
        return (moment + timedelta(microseconds=int((part or "0")[:6].ljust(6, "0")))).replace(tzinfo=_offset(offset))
    except (ValueError, OverflowError):
        return None


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-span if text[0] == "-" else span)
