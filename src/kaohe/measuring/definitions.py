"""What a company means by its tables and measures: the models, as a definitions file writes them.

A source says how a file's headers and cells become the columns of a table. A measure says which
rows count for whom, when and how much. Nothing here reads a file or computes a figure; what a
measure's expressions mean is checked in `kaohe.measuring.plans`.
"""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator, model_validator

from kaohe.measuring.clocks import zone_named
from kaohe.numbers import parse_number
from kaohe.problems import Problem
from kaohe.texts import Text

ColumnType = Literal["text", "whole", "number", "date", "datetime", "seconds", "yes_no"]
Unit = Literal["seconds", "milliseconds", "minutes", "hours", "days", "mm:ss", "hh:mm"]
SameName = Literal["replaces", "adds"]
Kind = Literal["count", "sum", "ratio", "mean", "minimum", "maximum", "quantile", "distinct"]

MAPPING_VERSION = "1"  # raised whenever the same mapping would read the same file otherwise
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CREDIT = 720_720  # the parts of one case that is credited to several people: divisible by every number up to 16
READS_NOTHING = ("name", "subject", "time", "one_row", "exclusions", "adapter", "confirmed", "same_name")  # of what a source says


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _as_owner(value: object) -> object:
    return {"account": value} if isinstance(value, str) else value


def _as_share(value: object) -> object:
    number = parse_number(value)
    if isinstance(number, Problem) or not 0 < number <= 1 or (number * 10**6).denominator != 1:
        raise ValueError("has to be above 0 and at most 1, with at most 6 decimal places")
    return number


def _as_empty(value: object) -> object:
    if value == "none":
        return value
    number = parse_number(value)
    if isinstance(number, Problem):
        raise ValueError("has to be `none` or a number")
    return number


def _as_place(value: object) -> object:
    number = parse_number(value)
    if isinstance(number, Problem) or number <= 0:
        raise ValueError("has to be a number above 0")
    return number


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Words = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Header = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Headers = Annotated[tuple[Header, ...], BeforeValidator(_as_list)]
Share = Annotated[Fraction, BeforeValidator(_as_share)]
Place = Annotated[Fraction, BeforeValidator(_as_place)]
Empty = Annotated[Fraction | Literal["none"], BeforeValidator(_as_empty)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class Definition(BaseModel):
    """A frozen part of a definitions file; what it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, arbitrary_types_allowed=True)


class Named(Definition):
    """Something people see, with its name in Chinese and English: `来电数 | Calls offered`."""

    name: Line

    @property
    def name_zh(self) -> str:
        """The Chinese name."""
        return Text.read(self.name).zh

    @property
    def name_en(self) -> str:
        """The English name; the Chinese one where no other is given."""
        return Text.read(self.name).en


class Column(Definition):
    """A column of a table: the headers it may stand under, and how its cells read.

    A header is one name, or a list of names whose cells are joined by a blank (`[Date, Time]`).
    `places` are the decimal places kept; a cell with more is set aside, never rounded. `words` say
    what cells stand for: under each text the cells that mean it. A text that no words have is set aside.
    """

    from_: Headers = Field(alias="from", min_length=1)
    type: ColumnType = "text"
    name: Line | None = None
    needed: bool = False
    optional: bool = False
    places: int = Field(default=0, ge=0, le=9)
    unit: Unit = "seconds"
    formats: Words = ()
    missing: Words = ()
    words: dict[Line, Words] = {}
    yes: Words = ()
    no: Words = ()

    @property
    def scale(self) -> int:
        """How many stored units make one: 100 for two decimal places; 1 for what is not scaled."""
        return 10**self.places if self.type in ("number", "seconds") else 1


class Exclusion(Named):
    """A reason for which a row of the population is left out: the first that holds is kept."""

    reason: Id
    when: Line


class OneRow(Definition):
    """Which one row stands for a key: the last (or first) by some columns, among some rows.

    The choice is made over the whole table, before the period is looked at. Where `by` leaves a
    tie, the row further down its file wins.
    """

    per: Id
    by: Annotated[tuple[Id, ...], BeforeValidator(_as_list)] = Field(min_length=1)
    keep: Literal["last", "first"] = "last"
    among: Line | None = None


class Owner(Definition):
    """Whose a row is: the column that says so; `through` names the accounts that lead from it to a person."""

    account: Id
    through: Id | None = None


Subject = Annotated[Owner, BeforeValidator(_as_owner)]


class Accounts(Named):
    """Who used which account of a platform and when: the table that holds it, and its columns.

    An entry holds from the day under `from_` on, up to but without the day under `to`; an empty
    cell is open. `account` and `person` are columns of text. `otherwise` says whose an account is on
    days that no entry covers.
    """

    table: Id
    account: Id
    person: Id
    from_: Id = Field(alias="from")
    to: Id
    otherwise: dict[Line, Line] = {}


class Table(Named):
    """What a table says for all its measures, unless one says otherwise.

    Its `exclusions` come before those of a measure.
    """

    subject: Subject | None = None
    time: Id | None = None
    one_row: OneRow | None = None
    exclusions: tuple[Exclusion, ...] = ()


class Database(Definition):
    """A database whose rows a table takes: what to ask it, and which variable of the environment holds its address."""

    kind: Literal["postgresql", "mysql", "clickhouse"]
    url_from: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,99}$")]
    query: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100_000)]


class Source(Table):
    """A table of events: where its files' headers stand, and how they become columns."""

    columns: dict[Id, Column] = Field(min_length=1)
    sheet: str | None = None
    zone: str | None = None
    encoding: Literal["auto", "utf-8", "gb18030", "utf-16"] = "auto"
    delimiter: Literal["auto", "comma", "tab", "semicolon", "pipe"] = "auto"
    header_row: int = Field(default=1, ge=1, le=1000)
    missing: Words = ()
    database: Database | None = None
    same_name: SameName | None = None
    adapter: str | None = None
    confirmed: bool = True

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, zone: str | None) -> str | None:
        return _existing_zone(zone)


# --- tables made of tables ------------------------------------------------------------------------


class Rounds(Definition):
    """A customer's first unanswered message and the first reply to it, one row each.

    `asks` and `answers` say which rows of `of` are which; several asks in a row are one round.
    Gives the columns of the asking row and `asked_at`, `replied_at` (missing while unanswered), and
    what `take` names of the answering row.
    """

    of: Id
    per: Words = Field(min_length=1)
    at: Id
    asks: Line
    answers: Line
    take: dict[Id, Id] = {}


class Parts(Definition):
    """Every row with the number of the part it belongs to: a gap of `idle_seconds` or more begins another.

    Gives the columns of the row and `part`, from 1.
    """

    of: Id
    per: Words = Field(min_length=1)
    at: Id
    idle_seconds: int = Field(ge=1)


class Followed(Definition):
    """Every row with the time of the next row that has the same keys: `next_at`, missing where none comes.

    `when` says which rows count as the next one; each row of `of` stays.
    """

    of: Id
    per: Words = Field(min_length=1)
    at: Id
    when: Line | None = None


class Matched(Definition):
    """Every row of `of` with what one row of `with` says that has the same keys.

    The row lies between `from_seconds` and `to_seconds` after it (negative: before; missing: no end);
    of several the `first` or `last` by time. `take` names the columns that come along.
    """

    of: Id
    with_: Id = Field(alias="with")
    same: dict[Id, Id] = Field(min_length=1)
    at: Id | None = None
    with_at: Id
    from_seconds: int | None = None
    to_seconds: int | None = None
    pick: Literal["first", "last"] = "first"
    when: Line | None = None
    take: dict[Id, Id] = Field(min_length=1)


class Grouped(Definition):
    """One row for each combination of keys: how many rows there are, whether any is so, sums and edges.

    `days` makes days of instants by the company's calendar, as further keys. A column is
    `{count: condition}`, `{any: condition}`, `{sum: value}`, `{first: value}` (the smallest) or `{last: value}`.
    """

    of: Id
    per: Words = Field(min_length=1)
    days: dict[Id, Id] = {}
    where: Line | None = None
    columns: dict[Id, dict[Literal["count", "any", "sum", "first", "last"], Line]] = {}


class Credits(Definition):
    """Who is credited with a case that several people worked on: a row for each case and person.

    `credit` counts in parts of 720720: the whole case for the `first` or `last` person, an `equal`
    share for each, or shares of their `seconds` (`time`); the parts of a case always add up to one.
    """

    of: Id
    per: Id
    who: Id
    at: Id
    policy: Literal["first", "last", "equal", "time"]
    seconds: Line | None = None
    where: Line | None = None


Derivation = Rounds | Parts | Followed | Matched | Grouped | Credits


class Derived(Table):
    """A table made of another one, in one of these ways."""

    rounds: Rounds | None = None
    parts: Parts | None = None
    followed: Followed | None = None
    matched: Matched | None = None
    grouped: Grouped | None = None
    credits: Credits | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Derived:
        if len(self._ways()) != 1:
            raise ValueError("has to be made in exactly one way: " + ", ".join(WAYS))
        return self

    def _ways(self) -> list[Derivation]:
        return [way for way in (getattr(self, name) for name in WAYS) if way is not None]

    @property
    def way(self) -> Derivation:
        """How it is made."""
        return self._ways()[0]

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it is made of."""
        way = self.way
        return (way.of, way.with_) if isinstance(way, Matched) else (way.of,)


WAYS = ("rounds", "parts", "followed", "matched", "grouped", "credits")


# --- calendars ------------------------------------------------------------------------------------


def _as_days(value: object) -> object:
    """`mon-fri: [...]` for each of its days."""
    if not isinstance(value, dict):
        return value
    return {day: spans for key, spans in value.items() for day in _days_of(str(key))}


def _days_of(key: str) -> tuple[str, ...]:
    first, dash, last = key.partition("-")
    if not dash or first not in WEEK or last not in WEEK:
        return (key,)
    return WEEK[WEEK.index(first) : WEEK.index(last) + 1]


Span = Annotated[str, StringConstraints(pattern=r"^([01]?\d|2[0-4]):[0-5]\d-([01]?\d|2[0-4]):[0-5]\d$")]
Spans = Annotated[tuple[Span, ...], BeforeValidator(_as_list)]
WeekHours = Annotated[
    dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday", "made_up"], Spans], BeforeValidator(_as_days)
]


class Calendar(Named):
    """When a desk is open: hours of the week, public holidays with the working days that make up for them, single days.

    `09:00-18:00` includes the first instant and not the last; `22:00-02:00` goes on into the next day.
    `holidays` is a country as ISO 3166 names it (CN), or nothing. On a `holiday` it is closed and on a
    day that makes up for one it is a Monday, unless `hours` say otherwise. `days` come before all else:
    a day, or `2026-11-10..2026-11-12`. Or `by` a column `each` of whose words has a calendar of its own.
    """

    zone: str | None = None
    holidays: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] | None = None
    hours: WeekHours = {}
    days: dict[str, Spans] = {}
    by: Id | None = None
    each: dict[str, Id] = {}
    otherwise: Id | None = None

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, zone: str | None) -> str | None:
        return _existing_zone(zone)


# --- measures -------------------------------------------------------------------------------------


class Clock(Definition):
    """From when to when a measure's time runs: `elapsed` in its expressions, in seconds.

    Within a `calendar` only its open hours count. A row whose clock has not stopped has
    `unanswered` seconds, or none; more than `cap` counts as `cap`.
    """

    start: Line
    stop: Line
    calendar: Id | None = None
    unanswered: Line | None = None
    cap: Line | None = None

    @property
    def text(self) -> str:
        """The elapsed seconds as an expression."""
        between = (
            f"open_seconds({self.calendar}, {self.start}, {self.stop})" if self.calendar else f"seconds_between({self.start}, {self.stop})"
        )
        answered = f"or_else({between}, {self.unanswered})" if self.unanswered else between
        return f"smaller_of({answered}, {self.cap})" if self.cap else answered


class Measure(Named):
    """A figure made from events: whose, when, of which rows, counted how.

    `subject` is the column that says whose a row is, itself or through accounts; `for_all` is
    instead the one subject (a team, the company) whose all rows are. `parameters` are numbers or
    texts that its expressions name. `without` names reasons of its table or preset for which no row
    is left out here. `parts` are how many units of the value make one. A figure
    `settles_after` so many days: until then late events may change it. `empty` is what it is where
    nothing was to measure: `none`, or a number.
    """

    version: int = Field(ge=1)
    preset: str | None = None
    table: Id
    subject: Subject | None = None
    for_all: Line | None = None
    time: Id | None = None
    kind: Kind
    unit: Line | None = None
    direction: Literal["higher", "lower", "neither"] = "neither"
    clause: Line | None = None
    source: Line | None = None
    note: Line | None = None
    parameters: dict[Id, Line] = {}
    where: Line | None = None
    exclusions: tuple[Exclusion, ...] = ()
    without: tuple[Id, ...] = ()
    one_row: OneRow | None = None
    clock: Clock | None = None
    value: Line | None = None
    numerator: Line | None = None
    denominator: Line | None = None
    p: Share | None = None
    between: Literal["lower", "midpoint"] = "lower"
    parts: int = Field(default=1, ge=1)
    settles_after: int = Field(default=0, ge=0)
    empty: Empty = "none"

    def settled(self, table: Table) -> Measure:
        """The measure with what its table says for all its measures."""
        held = [exclusion for exclusion in table.exclusions if exclusion.reason not in self.without]
        return self.model_copy(
            update={
                "subject": self.subject or (None if self.for_all else table.subject),
                "time": self.time or table.time,
                "one_row": self.one_row or table.one_row,
                "exclusions": (*held, *self.exclusions),
            }
        )


# --- beside a platform's figures ------------------------------------------------------------------


class PlatformFigures(Definition):
    """The figures that a platform itself reports: the table of events that holds them, and where they stand in it.

    A figure is a `value`, or a `numerator` and a `denominator`: expressions over the columns. `where`
    chooses rows, `time` those of the period. `total` are the words under which the platform gives its
    own total in the subject's column; `rounded_to` is the place to which it rounds.
    """

    table: Id
    subject: Subject
    value: Line | None = None
    numerator: Line | None = None
    denominator: Line | None = None
    where: Line | None = None
    time: Id | None = None
    total: Words = ()
    rounded_to: Place | None = None


class Step(Named):
    """One thing that the platform counts otherwise: what the measure says instead, after the steps before it.

    `with` gives values to parameters, `change` says fields otherwise, `drop` takes fields away (`where`,
    `clock.cap`, `exclusions.night`), `accounts` say whose rows are that were nobody's. `measure` is
    what the definition then is; the reader fills it in.
    """

    step: Id
    with_: dict[Id, Line] = Field(default={}, alias="with")
    change: dict[Id, object] = {}
    drop: Words = ()
    accounts: dict[Line, Line] = {}
    measure: Measure


class Reconciliation(Named):
    """How our figures of a measure lead to those of a platform, step by step."""

    measure: Id
    figures: PlatformFigures
    steps: tuple[Step, ...] = ()
    note: Line | None = None

    @field_validator("steps")
    @classmethod
    def _named_once(cls, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        if len({one.step for one in steps}) < len(steps):
            raise ValueError("names a step twice")
        return steps


class Definitions(Definition):
    """All sources, accounts and measures of a company, and the zone in which its days begin."""

    company_zone: str = "UTC"
    sources: dict[Id, Source] = {}
    derived: dict[Id, Derived] = {}
    accounts: dict[Id, Accounts] = {}
    calendars: dict[Id, Calendar] = {}
    measures: dict[Id, Measure] = {}
    reconciliations: dict[Id, Reconciliation] = {}

    @field_validator("company_zone")
    @classmethod
    def _zone_exists(cls, zone: str) -> str | None:
        return _existing_zone(zone)

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.company_zone)

    def zone_of(self, table: str) -> ZoneInfo:
        """The zone in which a table's files write their times: its own, or the company's."""
        return ZoneInfo(self.sources[table].zone or self.company_zone)

    def table(self, id: str) -> Table | None:
        """The source or derived table of that id."""
        return self.sources.get(id) or self.derived.get(id)

    def sources_of(self, table: str) -> tuple[str, ...]:
        """The sources that a table is made of, in the order in which they are met."""
        if table in self.sources:
            return (table,)
        derived = self.derived.get(table)
        found = [source for one in (derived.tables if derived else ()) for source in self.sources_of(one)]
        return tuple(dict.fromkeys(found))

    def below(self, table: str) -> set[str]:
        """All tables that a table is made of, itself not among them unless it is made of itself."""
        found: set[str] = set()
        waiting = [table]
        while waiting:
            derived = self.derived.get(waiting.pop())
            new = [one for one in (derived.tables if derived else ()) if one not in found]
            found.update(new)
            waiting += new
        return found

    def holds_accounts(self, table: str) -> bool:
        """Whether a table says who used which account."""
        return any(accounts.table == table for accounts in self.accounts.values())

    def mapping_hash(self, table: str) -> str:
        """What a table's mapping is known by: 64 hex digits that change when its reading would."""
        unread: Any = {**dict.fromkeys(READS_NOTHING, True), "columns": {"__all__": {"name"}}, "database": {"url_from"}}
        source = self.sources[table].model_dump(mode="json", exclude=unread)
        text = json.dumps([MAPPING_VERSION, str(self.zone_of(table)), source], sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _existing_zone(zone: str | None) -> str | None:
    if zone is not None and zone_named(zone) is None:
        raise ValueError("is no time zone; write one such as Asia/Shanghai")
    return zone
