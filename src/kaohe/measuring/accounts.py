"""Who used which account of a platform, and when: the small table that leads from rows to people.

It is imported like any table; `accounts` in the definitions says which of its columns are which.
An account belongs to one person at a time: entries that overlap are a problem, gaps are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

import pyarrow as pa

from kaohe.measuring.clocks import Period, day_start
from kaohe.measuring.definitions import Definitions
from kaohe.measuring.deriving.making import FILE, ROW
from kaohe.measuring.engine import SETTINGS, Engine, Row, Settings, embedded
from kaohe.measuring.problems import AccountBackwards, AccountsOverlap
from kaohe.measuring.rowsets import ACCOUNT, PERSON, SPANS
from kaohe.measuring.workspace import Workspace
from kaohe.problems import Place, Problem, refuse

ALWAYS, NEVER = date(1, 1, 2), date(9999, 12, 30)  # a day within, so that every zone has their midnights


@dataclass(frozen=True)
class Entry:
    """One row of an accounts table: whose the account is from `start` on, up to but without `end`."""

    account: str
    person: str
    start: date
    end: date
    file: str
    row: int

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.file, row=self.row)


@dataclass(frozen=True)
class Gap:
    """Days on which an account that was somebody's before and after is nobody's: from `start`, without `end`."""

    account: str
    start: date
    end: date


@dataclass(frozen=True)
class AccountUse:
    """Accounts that several people had in turn within a period, with their entries, and the gaps that reach into it."""

    shared: dict[str, tuple[Entry, ...]]
    gaps: tuple[Gap, ...]

    def as_data(self) -> dict[str, object]:
        """The same as plain data; `end` is the first day on which it no longer holds, and what is open is none."""
        shared = [
            {"account": account, "entries": [{"person": entry.person, **_span_data(entry.start, entry.end)} for entry in entries]}
            for account, entries in self.shared.items()
        ]
        return {"shared": shared, "gaps": [{"account": gap.account, **_span_data(gap.start, gap.end)} for gap in self.gaps]}


def _span_data(start: date, end: date) -> dict[str, str | None]:
    return {"start": None if start == ALWAYS else start.isoformat(), "end": None if end == NEVER else end.isoformat()}


@dataclass(frozen=True)
class AccountBook:
    """All entries of a platform's accounts, by account and time; no two of one account overlap."""

    entries: tuple[Entry, ...]

    def gaps(self) -> tuple[Gap, ...]:
        """The days between two entries on which an account is nobody's."""
        pairs = (pair for entries in self._by_account().values() for pair in pairwise(entries))
        return tuple(Gap(one.account, one.end, other.start) for one, other in pairs if one.end < other.start)

    def shared(self) -> dict[str, tuple[str, ...]]:
        """The accounts that more than one person had, one after another, and their people in that order."""
        people = {account: tuple(dict.fromkeys(entry.person for entry in entries)) for account, entries in self._by_account().items()}
        return {account: found for account, found in people.items() if len(found) > 1}

    def during(self, period: Period) -> AccountUse:
        """What one should know of the accounts' use in a period: who had one after another, and days on which nobody did."""
        inside = AccountBook(tuple(entry for entry in self.entries if entry.start <= period.end and entry.end > period.start))
        shared = {account: tuple(inside._by_account()[account]) for account in inside.shared()}
        gaps = tuple(gap for gap in self.gaps() if gap.start <= period.end and gap.end > period.start)
        return AccountUse(shared, gaps)

    def filled(self, otherwise: Mapping[str, str]) -> AccountBook:
        """The book in which some accounts are somebody's also on days that no entry covers."""
        if not otherwise:
            return self
        added = (Entry(account, person, *days, "", 0) for account, person in otherwise.items() for days in self._free_days(account))
        return AccountBook(tuple(sorted([*self.entries, *added], key=lambda entry: (entry.account, entry.start))))

    def _free_days(self, account: str) -> Iterator[tuple[date, date]]:
        """The spans of days, each without its last, on which an account is nobody's."""
        entries = self._by_account().get(account, [])
        edges = [ALWAYS, *(day for entry in entries for day in (entry.start, entry.end)), NEVER]
        return ((start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end)

    def _by_account(self) -> dict[str, list[Entry]]:
        return {account: list(entries) for account, entries in groupby(self.entries, key=lambda entry: entry.account)}


def read_accounts(workspace: Workspace, definitions: Definitions, id: str, settings: Settings = SETTINGS) -> AccountBook:
    """The accounts of that id, as they were imported last.

    Raises Problems, all at once, for entries of one account that overlap and for entries that end
    before they start; for a table of which nothing was imported.
    """
    with embedded(workspace, definitions, settings) as engine:
        return read_book(engine, definitions, id)


def read_book(engine: Engine, definitions: Definitions, id: str) -> AccountBook:
    """The accounts of that id, as an engine has them."""
    accounts = definitions.accounts[id]
    names = (accounts.account, accounts.person, accounts.from_, accounts.to, FILE, ROW)
    sql = f"SELECT {', '.join(map(engine.dialect.quoted, names))} FROM {engine.table(accounts.table)} AS _table"
    entries = {_entry(row, engine) for row in engine.ask(sql, accounts.table)}
    book = AccountBook(tuple(sorted(entries, key=lambda entry: (entry.account, entry.start, entry.end, entry.file, entry.row))))
    refuse(_wrong(book.entries))
    return book.filled(accounts.otherwise)


def _entry(row: Row, engine: Engine) -> Entry:
    account, person, start, end, path, number = row
    first = start if isinstance(start, date) else ALWAYS
    last = end if isinstance(end, date) else NEVER
    return Entry(str(account), str(person), first, last, engine.file_of(str(path)), int(str(number)))


def _wrong(entries: tuple[Entry, ...]) -> Iterator[Problem]:
    for entry in entries:
        if entry.end <= entry.start:
            yield AccountBackwards(entry.place, [entry.account], account=entry.account, start=entry.start, end=entry.end)
    for one, other in pairwise(entries):
        if one.account == other.account and other.start < one.end:
            yield _overlap(one, other)


def _overlap(one: Entry, other: Entry) -> Problem:
    found = {"account": one.account, "day": other.start, "person": other.person, "other_person": one.person}
    return AccountsOverlap(other.place, [one.account], other=f"{one.file}:{one.row}", **found)


def accounts_table(book: AccountBook, zone: ZoneInfo) -> pa.Table:
    """The entries as queries look at them: with days, and with the instants at which those begin in the company's zone."""
    starts, ends = [entry.start for entry in book.entries], [entry.end for entry in book.entries]
    (from_on, to_on), (from_at, to_at) = SPANS["date"], SPANS["datetime"]
    columns = {
        ACCOUNT: pa.array([entry.account for entry in book.entries], pa.string()),
        PERSON: pa.array([entry.person for entry in book.entries], pa.string()),
        from_on: pa.array(starts, pa.date32()),
        to_on: pa.array(ends, pa.date32()),
        from_at: pa.array([day_start(day, zone) for day in starts], pa.timestamp("us")),
        to_at: pa.array([day_start(day, zone) for day in ends], pa.timestamp("us")),
    }
    return pa.table(columns)
