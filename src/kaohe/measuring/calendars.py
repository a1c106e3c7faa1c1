"""When a desk is open: from a calendar's rules to a table of days that queries look instants up in.

A row for each day of `FIRST`..`LAST` in the calendar's zone: the microseconds of open time before the
day (`_before`), and the day's open spans as pairs of instants, in microseconds from 1970. A span
across midnight is cut there. Public holidays come from the `holidays` library, with the weekend
days that make up for them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
import pyarrow as pa

from kaohe.measuring.clocks import day_start
from kaohe.measuring.definitions import WEEK, Calendar
from kaohe.numbers import parse_date
from kaohe.problems import Problem

FIRST, LAST = date(2000, 1, 1), date(2049, 12, 31)
DAY, BEFORE = "_day", "_before"
MINUTES = 24 * 60

Minutes = tuple[int, int]


@dataclass(frozen=True)
class Lookup:
    """A day's row of a calendar beside each row of a table: `day` is the day as SQL, made of the columns `of`."""

    calendar: str
    day: str
    most_spans: int
    of: frozenset[str]

    @property
    def view(self) -> str:
        """The name under which an engine knows the calendar."""
        return view_of(self.calendar)

    def column(self, name: str) -> str:
        """The name that one of the calendar's columns has beside the table's."""
        digest = hashlib.sha256(f"{self.calendar} {self.day}".encode()).hexdigest()
        return f"_c{digest[:10]}_{name}"

    def spans(self) -> list[tuple[str, str]]:
        """The columns of each span: from, to."""
        return [(self.column(f"s{i}"), self.column(f"e{i}")) for i in range(1, self.most_spans + 1)]

    def columns(self) -> frozenset[str]:
        """All its columns beside the table's."""
        return frozenset([self.column("before"), *(name for span in self.spans() for name in span)])

    def joined(self, table: str) -> str:
        """The table with this lookup's columns."""
        pairs = [(self.column("before"), BEFORE)]
        for i, (start, end) in enumerate(self.spans(), 1):
            pairs += [(start, f"_s{i}"), (end, f"_e{i}")]
        named = ", ".join(f"_calendar.{name} AS {column}" for column, name in pairs)
        return f"(SELECT _opened.*, {named} FROM {table} AS _opened LEFT JOIN {self.view} AS _calendar ON _calendar.{DAY} = {self.day})"


def view_of(id: str) -> str:
    """The name under which engines know a calendar."""
    return f"_calendar_{id}"


def known_to(day: date, zone: ZoneInfo) -> datetime:
    """The first instant after a day, as naive UTC."""
    return day_start(day + timedelta(days=1), zone)


def spans_of(calendar: Calendar) -> int:
    """The most spans that a day of the calendar can have, with what reaches over from the day before."""
    lists = [*calendar.hours.values(), *calendar.days.values()]
    own = max((len(spans) for spans in lists), default=0)
    over = max((sum(_minutes(span)[1] > MINUTES for span in spans) for spans in lists), default=0)
    return own + over


def wrong_days(calendar: Calendar) -> list[str]:
    """The keys of `days` that are neither a day nor a span of days."""
    return [key for key in calendar.days if _span_of_days(key) is None]


def calendar_table(calendar: Calendar, zone: ZoneInfo) -> pa.Table:
    """The calendar as queries look it up."""
    most = spans_of(calendar)
    columns: dict[str, list[object]] = {DAY: [], BEFORE: [], **{f"_{edge}{i}": [] for i in range(1, most + 1) for edge in "se"}}
    before = 0
    for day, spans in _days(calendar, zone):
        columns[DAY].append(day)
        columns[BEFORE].append(before)
        for i in range(most):
            start, end = spans[i] if i < len(spans) else (0, 0)
            columns[f"_s{i + 1}"].append(start)
            columns[f"_e{i + 1}"].append(end)
        before += sum(end - start for start, end in spans)
    types = {name: pa.date32() if name == DAY else pa.int64() for name in columns}
    return pa.table({name: pa.array(values, types[name]) for name, values in columns.items()})


def _days(calendar: Calendar, zone: ZoneInfo) -> Iterator[tuple[date, list[tuple[int, int]]]]:
    """Each day with its open spans in microseconds from 1970."""
    exceptions = _exceptions(calendar)
    over: list[Minutes] = []
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        planned = sorted(_minutes(span) for span in _spans_on(day, calendar, exceptions))
        own = [(start, min(end, MINUTES)) for start, end in planned]
        yield day, [_micros(day, span, zone) for span in _merged([*over, *own])]
        over = [(0, end - MINUTES) for _, end in planned if end > MINUTES]


def _spans_on(day: date, calendar: Calendar, exceptions: Mapping[date, tuple[str, ...]]) -> tuple[str, ...]:
    if day in exceptions:
        return exceptions[day]
    off, made_up = _public_days(calendar.holidays, day.year) if calendar.holidays else (frozenset(), frozenset())
    if day in off:
        return calendar.hours.get("holiday", ())
    if day in made_up:
        return calendar.hours.get("made_up", calendar.hours.get("mon", ()))
    weekday = WEEK[day.weekday()]
    return next((spans for key, spans in calendar.hours.items() if key == weekday), ())


@lru_cache(maxsize=512)
def _public_days(country: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """A year's public holidays, and the weekend days that are worked for them."""
    name, _, part = country.partition("-")
    found = holidays.country_holidays(name, subdiv=part or None, years=year)
    return frozenset(found), frozenset(found.weekend_workdays)


def has_holidays(country: str) -> bool:
    """Whether the library knows a country's holidays."""
    name, _, part = country.partition("-")
    known = holidays.list_supported_countries()
    return name in known and (not part or part in known[name])


def _exceptions(calendar: Calendar) -> dict[date, tuple[str, ...]]:
    found: dict[date, tuple[str, ...]] = {}
    for key, spans in calendar.days.items():
        first, last = _span_of_days(key) or (LAST, FIRST)
        found |= {first + timedelta(days=i): spans for i in range((last - first).days + 1)}
    return found


def _span_of_days(key: str) -> tuple[date, date] | None:
    first, dots, last = key.partition("..")
    start, end = parse_date(first.strip()), parse_date((last if dots else first).strip())
    if isinstance(start, Problem) or isinstance(end, Problem) or not FIRST <= start <= end <= LAST:
        return None
    return start, end


def _minutes(span: str) -> Minutes:
    """A span in minutes of its day; one that ends before it begins goes on into the next day."""
    start, end = (int(hour) * 60 + int(minute) for hour, minute in (edge.split(":") for edge in span.split("-")))
    return start, end if end > start else end + MINUTES


def _merged(spans: list[Minutes]) -> list[Minutes]:
    """The spans in order, those that overlap or touch as one."""
    merged: list[Minutes] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _micros(day: date, span: Minutes, zone: ZoneInfo) -> tuple[int, int]:
    start, end = (_instant(day, minutes, zone) for minutes in span)
    return start, max(start, end)


def _instant(day: date, minutes: int, zone: ZoneInfo) -> int:
    local = datetime.combine(day, time(), tzinfo=None) + timedelta(minutes=minutes)
    instant = local.replace(tzinfo=zone).astimezone(UTC)
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
