"""What a company means by its tables and measures: the models, as a definitions file writes them.

A source says how a file's headers and cells become the columns of a table. A measure says which
rows count for whom, when and how much. Nothing here reads a file or computes a figure; what a
measure's expressions mean is checked in `kaohe.measuring.plans`.
"""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator

from kaohe.measuring.clocks import zone_named
from kaohe.numbers import parse_number
from kaohe.problems import Problem
from kaohe.texts import Text

ColumnType = Literal["text", "whole", "number", "date", "datetime", "seconds", "yes_no"]
Unit = Literal["seconds", "milliseconds", "minutes", "hours", "days", "mm:ss", "hh:mm"]
Kind = Literal["count", "sum", "ratio", "mean", "minimum", "maximum", "quantile", "distinct"]

MAPPING_VERSION = "1"  # raised whenever the same mapping would read the same file otherwise
OF_MEASURES = ("name", "subject", "time", "one_row", "exclusions")  # what a source says that no file is read by


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _as_owner(value: object) -> object:
    return {"account": value} if isinstance(value, str) else value


def _as_share(value: object) -> object:
    number = parse_number(value)
    if isinstance(number, Problem) or not 0 < number <= 1 or (number * 10**6).denominator != 1:
        raise ValueError("has to be above 0 and at most 1, with at most 6 decimal places")
    return number


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Words = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Header = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Headers = Annotated[tuple[Header, ...], BeforeValidator(_as_list)]
Share = Annotated[Fraction, BeforeValidator(_as_share)]
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
    `places` are the decimal places kept; a cell with more is set aside, never rounded.
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
    cell is open. `account` and `person` are columns of text.
    """

    table: Id
    account: Id
    person: Id
    from_: Id = Field(alias="from")
    to: Id


class Source(Named):
    """A table of events: where its files' headers stand, and how they become columns.

    `subject`, `time` and `one_row` hold for the table's measures, unless one says otherwise; its
    `exclusions` come before those of a measure.
    """

    columns: dict[Id, Column] = Field(min_length=1)
    sheet: str | None = None
    zone: str | None = None
    encoding: Literal["auto", "utf-8", "gb18030", "utf-16"] = "auto"
    delimiter: Literal["auto", "comma", "tab", "semicolon", "pipe"] = "auto"
    header_row: int = Field(default=1, ge=1, le=1000)
    missing: Words = ()
    subject: Subject | None = None
    time: Id | None = None
    one_row: OneRow | None = None
    exclusions: tuple[Exclusion, ...] = ()

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, zone: str | None) -> str | None:
        return _existing_zone(zone)


class Measure(Named):
    """A figure made from events: whose, when, of which rows, counted how.

    `subject` is the column that says whose a row is, itself or through accounts; `for_all` is
    instead the one subject (a team, the company) whose all rows are.
    """

    version: int = Field(ge=1)
    table: Id
    subject: Subject | None = None
    for_all: Line | None = None
    time: Id | None = None
    kind: Kind
    unit: Line | None = None
    direction: Literal["higher", "lower", "neither"] = "neither"
    clause: Line | None = None
    where: Line | None = None
    exclusions: tuple[Exclusion, ...] = ()
    one_row: OneRow | None = None
    value: Line | None = None
    numerator: Line | None = None
    denominator: Line | None = None
    p: Share | None = None
    between: Literal["lower", "midpoint"] = "lower"

    def settled(self, source: Source) -> Measure:
        """The measure with what its table says for all its measures."""
        return self.model_copy(
            update={
                "subject": self.subject or (None if self.for_all else source.subject),
                "time": self.time or source.time,
                "one_row": self.one_row or source.one_row,
                "exclusions": (*source.exclusions, *self.exclusions),
            }
        )


class Definitions(Definition):
    """All sources, accounts and measures of a company, and the zone in which its days begin."""

    company_zone: str = "UTC"
    sources: dict[Id, Source] = {}
    accounts: dict[Id, Accounts] = {}
    measures: dict[Id, Measure] = {}

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

    def holds_accounts(self, table: str) -> bool:
        """Whether a table says who used which account."""
        return any(accounts.table == table for accounts in self.accounts.values())

    def mapping_hash(self, table: str) -> str:
        """What a table's mapping is known by: 64 hex digits that change when its reading would."""
        source = self.sources[table].model_dump(mode="json", exclude={**dict.fromkeys(OF_MEASURES, True), "columns": {"__all__": {"name"}}})
        text = json.dumps([MAPPING_VERSION, str(self.zone_of(table)), source], sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _existing_zone(zone: str | None) -> str | None:
    if zone is not None and zone_named(zone) is None:
        raise ValueError("is no time zone; write one such as Asia/Shanghai")
    return zone
