"""What engines write differently: one method for each construct that the measures need.

`Dialect` itself is DuckDB's. Another engine overrides what it says otherwise. Every construct gives
a whole number, a text, a day, an instant or a truth, and the same one on every engine; what an
engine would divide, round or order in a way of its own is not among them.
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import ClassVar
from zoneinfo import ZoneInfo


class Dialect:
    """DuckDB's way of writing what the measures need."""

    name: ClassVar[str] = "duckdb"

    # --- names and literals ---

    def quoted(self, name: str) -> str:
        """A name as an identifier."""
        return '"' + name.replace('"', '""') + '"'

    def text(self, text: str) -> str:
        """A text as a literal."""
        return "'" + text.replace("'", "''") + "'"

    def whole(self, units: int) -> str:
        """A whole number as a literal, wide enough to be reckoned with."""
        return f"CAST({units} AS BIGINT)" if abs(units) < 2**63 else self.wide(str(units))

    def day(self, day: date) -> str:
        """A day as a literal."""
        return f"DATE '{day.isoformat()}'"

    def instant(self, instant: datetime) -> str:
        """A naive UTC instant as a literal."""
        return f"TIMESTAMP '{instant.isoformat(sep=' ')}'"

    # --- whole numbers ---

    def wide(self, sql: str) -> str:
        """A whole number that may grow beyond 64 bits without wrapping."""
        return f"CAST({sql} AS HUGEINT)"

    def total(self, sql: str, condition: str | None) -> str:
        """The sum of whole numbers over some rows, never wrapped; missing where no row has one."""
        return f"sum({self.chosen(sql, condition)})"

    def count(self, condition: str | None, value: str | None = None) -> str:
        """How many rows there are for which a condition holds, or how many of them have a value."""
        if condition is None or value is not None:
            return f"count({self.chosen(value or '*', condition)})"
        return f"countif({condition})"

    def chosen(self, value: str, condition: str | None) -> str:
        """A value where a condition holds, for an aggregate that passes over what is missing: faster than a filter."""
        return f"CASE WHEN {condition} THEN {value} END" if condition else value

    def divided(self, sql: str, by: int) -> str:
        """A whole number divided by one that leaves no remainder."""
        return f"({sql} // {by})"

    def smaller(self, *parts: str) -> str:
        """The smallest of some numbers that are all there."""
        return f"least({', '.join(parts)})"

    def larger(self, *parts: str) -> str:
        """The largest of some numbers that are all there."""
        return f"greatest({', '.join(parts)})"

    # --- truth ---

    def surely(self, condition: str) -> str:
        """Whether a condition holds; one that cannot be told does not."""
        return f"coalesce({condition}, FALSE)"

    def filtered(self, condition: str | None) -> str:
        """What restricts an aggregate to some rows."""
        return f" FILTER (WHERE {condition})" if condition else ""

    # --- texts ---

    def as_text(self, sql: str) -> str:
        """Anything as text."""
        return f"CAST({sql} AS VARCHAR)"

    def ordered_text(self, sql: str) -> str:
        """A text that compares and sorts by its code points."""
        return sql

    def contains(self, text: str, part: str) -> str:
        """Whether a text holds another."""
        return f"contains({text}, {part})"

    def starts_with(self, text: str, part: str) -> str:
        """Whether a text begins with another."""
        return f"starts_with({text}, {part})"

    # --- days and instants ---

    def micros(self, instant: str) -> str:
        """The microseconds from 1970 to an instant."""
        return f"epoch_us({instant})"

    def local(self, instant: str, zone: ZoneInfo) -> str:
        """What a zone's clocks show at an instant."""
        if str(zone) == "UTC":
            return instant
        return f"timezone({self.text(str(zone))}, timezone('UTC', {instant}))"

    def date_of(self, local: str) -> str:
        """The day of what a clock shows."""
        return f"CAST({local} AS DATE)"

    def hour_of(self, local: str) -> str:
        """The hour of what a clock shows, 0 to 23."""
        return f"hour({local})"

    def minute_of(self, local: str) -> str:
        """The minute of what a clock shows, 0 to 59."""
        return f"minute({local})"

    def weekday_of(self, day: str) -> str:
        """The day of the week, 1 (Monday) to 7."""
        return f"isodow({day})"

    def days_between(self, first: str, second: str) -> str:
        """The days from the first day to the second."""
        return f"datediff('day', {first}, {second})"

    def days_after(self, day: str, days: int) -> str:
        """The day that comes some days after a day."""
        return f"CAST({day} + INTERVAL {days} DAY AS DATE)"

    # --- aggregates and windows ---

    def at_place(self, value: str, share: Fraction, condition: str | None) -> str | None:
        """The value at place ⌈share·n⌉ among some rows; None where the engine has no exact way, and values are counted instead."""
        millionths = share * 10**6
        literal = f"CAST('{millionths.numerator // 10**6}.{millionths.numerator % 10**6:06}' AS DECIMAL(7, 6))"
        return f"quantile_disc({value}, {literal}){self.filtered(condition)}"

    def as_whole(self, sql: str) -> str:
        """A whole number as one of 64 bits, as columns are stored."""
        return f"CAST({sql} AS BIGINT)"

    def quotient(self, number: str, by: str) -> str:
        """How often a whole number above nought goes into one that is not below it."""
        return f"(({number}) // ({by}))"


class Filtering(Dialect):
    """An engine that counts what a filter lets through."""

    def count(self, condition: str | None, value: str | None = None) -> str:
        """As standard SQL says it."""
        return f"count({value or '*'}){self.filtered(condition)}"


DUCKDB = Dialect()
