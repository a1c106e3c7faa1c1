"""Open hours: week, holidays with the days that make up for them, single days, midnight, zones, clocks that change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.measuring import Period, Workspace, import_files, measure, read_definitions
from kaohe.problems import Problems

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
HOURS = "office: {name: 办公 | Office, holidays: CN, hours: {mon-fri: ['09:00-12:00', '13:00-18:00']}, days: {2026-11-11: ['00:00-24:00'], 2026-11-20..2026-11-21: []}}"
SOURCES = """
company_zone: ZONE
sources:
  cases:
    name: 工单 | Cases
    subject: id
    time: start
    columns:
      id: {from: id, needed: true}
      channel: {from: channel}
      start: {from: start, type: datetime, needed: true}
      stop: {from: stop, type: datetime}
calendars:
  CALENDARS
measures:
  taken: {name: 用时 | Time taken, version: 1, table: cases, kind: sum, clock: {start: start, stop: stop, calendar: office}}
  open: {name: 上班 | Open, version: 1, table: cases, kind: count, where: 'is_open(office, start)'}
"""


class Desk:
    def __init__(self, folder: Path, calendars: str = HOURS, zone: str = "Asia/Shanghai") -> None:
        self.folder = folder
        text = SOURCES.replace("CALENDARS", calendars).replace("ZONE", zone)
        (folder / "definitions.yaml").write_text(text, encoding="utf-8")
        self.definitions = read_definitions(folder / "definitions.yaml")

    def figures(self, id: str, *lines: str) -> dict[str, Fraction]:
        (self.folder / "cases.csv").write_text("\n".join(["id,channel,start,stop", *lines]) + "\n", encoding="utf-8")
        workspace = Workspace(self.folder / f"workspace-{len(list(self.folder.iterdir()))}")
        import_files(workspace, self.definitions, "cases", [self.folder / "cases.csv"])
        figures = measure(workspace, self.definitions, YEAR, measures=[id])[id]
        return {s: Fraction(n, d) for s, n, d in zip(figures.subjects, figures.numerators, figures.denominators, strict=True)}

    def taken(self, start: str, stop: str, channel: str = "") -> Fraction:
        return self.figures("taken", f"a,{channel},{start},{stop}")["a"]

    def is_open(self, moment: str) -> bool:
        return self.figures("open", f"a,,{moment},")["a"] == 1


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


@pytest.mark.parametrize(
    ("start", "stop", "hours"),
    [
        ("2026-03-02 09:00", "2026-03-02 18:00", 8),
        ("2026-03-02 08:00", "2026-03-02 09:00", 0),
        ("2026-03-02 11:30", "2026-03-02 13:30", 1),
        ("2026-03-06 17:00", "2026-03-09 10:00", 2),  # over a weekend
        ("2026-02-14 09:00", "2026-02-14 18:00", 8),  # a Saturday that makes up for the Spring Festival
        ("2026-02-16 09:00", "2026-02-20 18:00", 0),  # the Spring Festival
        ("2026-10-10 17:00", "2026-10-12 10:00", 2),  # made up on a Saturday, then a Monday
        ("2026-11-11 00:00", "2026-11-12 00:00", 24),  # a promotion
        ("2026-11-20 00:00", "2026-11-22 00:00", 0),  # days that are closed
        ("2026-03-02 18:00", "2026-03-02 09:00", -8),  # backwards
    ],
)
def test_only_open_hours_count(desk, start, stop, hours):
    assert desk.taken(start, stop) == hours * 3600


@pytest.mark.parametrize(
    ("moment", "open"),
    [("08:59:59", False), ("09:00:00", True), ("11:59:59", True), ("12:00:00", False), ("13:00:00", True), ("18:00:00", False)],
)
def test_a_span_includes_its_first_instant_and_not_its_last(desk, moment, open):
    assert desk.is_open(f"2026-03-02 {moment}") is open


def test_a_span_across_midnight_goes_on_into_the_next_day(tmp_path):
    desk = Desk(tmp_path, "office: {name: 夜班 | Night, hours: {fri: '22:00-02:00'}}")
    assert desk.taken("2026-03-06 20:00", "2026-03-07 20:00") == 4 * 3600
    assert desk.is_open("2026-03-07 01:59:59")
    assert not desk.is_open("2026-03-07 02:00")
    assert not desk.is_open("2026-03-06 01:00")


def test_a_limit_at_eleven_in_the_evening_leaves_the_hour_itself_out(tmp_path):
    desk = Desk(tmp_path, "office: {name: 白天 | Day, hours: {mon-sun: '08:00-23:00'}}")
    assert desk.is_open("2026-03-08 22:59:59")
    assert not desk.is_open("2026-03-08 23:00:00")


def test_a_day_on_which_clocks_change_is_as_long_as_it_was(tmp_path):
    desk = Desk(tmp_path, "office: {name: 全天 | All day, hours: {mon-sun: '00:00-24:00'}}", "Europe/Berlin")
    assert desk.taken("2026-03-29 00:00", "2026-03-30 00:00") == 23 * 3600
    assert desk.taken("2026-10-25 00:00", "2026-10-26 00:00") == 25 * 3600


def test_each_channel_has_its_own_hours(tmp_path):
    calendars = "\n  ".join(
        [
            "day: {name: 白班 | Day, hours: {mon-sun: '09:00-18:00'}}",
            "round_the_clock: {name: 全天 | All day, hours: {mon-sun: '00:00-24:00'}}",
            "office: {name: 按渠道 | By channel, by: channel, each: {phone: day}, otherwise: round_the_clock}",
        ]
    )
    desk = Desk(tmp_path, calendars)
    assert desk.taken("2026-03-02 00:00", "2026-03-03 00:00", "phone") == 9 * 3600
    assert desk.taken("2026-03-02 00:00", "2026-03-03 00:00", "chat") == 24 * 3600


def test_a_calendar_may_have_a_zone_of_its_own(tmp_path):
    desk = Desk(tmp_path, "office: {name: 柏林 | Berlin, zone: Europe/Berlin, hours: {mon-sun: '09:00-17:00'}}")
    assert desk.taken("2026-01-05 16:00", "2026-01-05 17:00") == 3600
    assert desk.taken("2026-01-05 15:00", "2026-01-05 16:00") == 0


MOMENTS = st.integers(0, 300 * 86400).map(lambda seconds: datetime(2026, 1, 15, tzinfo=UTC) + timedelta(seconds=seconds))


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(MOMENTS, st.integers(0, 40 * 3600)), min_size=1, max_size=12))
def test_open_time_is_what_one_would_count_minute_by_minute(cases):
    zone = ZoneInfo("Europe/Berlin")
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder), "office: {name: 办公 | Office, hours: {mon-fri: ['09:00-12:00', '20:00-03:00']}}", str(zone))
        lines = [f"c{i},,{start.isoformat()},{(start + timedelta(seconds=length)).isoformat()}" for i, (start, length) in enumerate(cases)]
        counted = {f"c{i}": by_hand(start, start + timedelta(seconds=length), zone) for i, (start, length) in enumerate(cases)}
        assert desk.figures("taken", *lines) == counted


def by_hand(start: datetime, stop: datetime, zone: ZoneInfo) -> int:
    seconds, moment = 0, start
    while moment < stop:
        after = min(stop, (moment + timedelta(minutes=1)).replace(second=0))
        local = moment.astimezone(zone)
        yesterday = (local.weekday() - 1) % 7
        open_now = (local.weekday() < 5 and (9 <= local.hour < 12 or local.hour >= 20)) or (yesterday < 5 and local.hour < 3)
        seconds += int((after - moment).total_seconds()) if open_now else 0
        moment = after
    return seconds


@pytest.mark.parametrize(
    ("calendar", "code"),
    [
        ("office: {name: x, hours: {mon: '9-18'}}", "M002"),
        ("office: {name: x, hours: {monday: '09:00-18:00'}}", "M002"),
        ("office: {name: x, holidays: XX}", "M002"),
        ("office: {name: x, days: {2026-13-01: []}}", "M002"),
        ("office: {name: x, by: channel}", "M003"),
        ("office: {name: x, by: channel, each: {phone: day}}", "M004"),
        ("office: {name: x, zone: Mars/Base}", "M002"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(tmp_path, calendar, code):
    with pytest.raises(Problems) as caught:
        Desk(tmp_path, calendar)
    assert code in {problem.code for problem in caught.value}
