"""ClickHouse: through any function that runs a query, such as chDB's or a client's.

Columns have to be Nullable, so that an edge of no rows is missing and not nought. `SETTINGS` go
before everything else that a session asks.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from typing import ClassVar
from zoneinfo import ZoneInfo

import pyarrow as pa

from kaohe.measuring.dialects import Filtering
from kaohe.measuring.engine import Row
from kaohe.measuring.engines.tables import HeldTables

SETTINGS = {
    "join_use_nulls": "1",
    "prefer_column_name_to_alias": "1",
    "session_timezone": "'UTC'",
    "output_format_json_quote_64bit_integers": "1",
}
FORMAT = "JSONCompactEachRowWithNamesAndTypes"
TYPES = {"int64": "Int64", "string": "String", "date32[day]": "Date32", "timestamp[us]": "DateTime64(6, 'UTC')", "bool": "Bool"}


class ClickHouseDialect(Filtering):
    """What ClickHouse writes otherwise."""

    name: ClassVar[str] = "clickhouse"

    def text(self, text: str) -> str:
        """Backslashes are escapes here."""
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def whole(self, units: int) -> str:
        """A literal of 64 bits, or of 256."""
        return f"to{'Int64' if abs(units) < 2**63 else 'Int256'}('{units}')"

    def day(self, day: date) -> str:
        """A day, of any century."""
        return f"toDate32('{day.isoformat()}')"

    def instant(self, instant: datetime) -> str:
        """An instant with microseconds."""
        return f"toDateTime64('{instant.isoformat(sep=' ', timespec='microseconds')}', 6, 'UTC')"

    def wide(self, sql: str) -> str:
        """256 bits: sums of 64 would wrap in silence."""
        return f"CAST({sql} AS Nullable(Int256))"

    def total(self, sql: str, condition: str | None) -> str:
        """Missing, not nought, where there is nothing to add."""
        return f"sumOrNull({self.wide(sql)}){self.filtered(condition)}"

    def divided(self, sql: str, by: int) -> str:
        """Whole division."""
        return f"intDiv({sql}, {by})"

    def quotient(self, number: str, by: str) -> str:
        """Whole division; of nothing where the divisor is not above nought, for every branch is worked out."""
        return f"intDiv({number}, nullIf(greatest({by}, 0), 0))"

    def as_whole(self, sql: str) -> str:
        """64 bits, or missing."""
        return f"CAST({sql} AS Nullable(Int64))"

    def surely(self, condition: str) -> str:
        """A truth that is never missing."""
        return f"ifNull({condition}, false)"

    def as_text(self, sql: str) -> str:
        """Anything as text."""
        return f"CAST({sql} AS Nullable(String))"

    def contains(self, text: str, part: str) -> str:
        """By position."""
        return f"(position({text}, {part}) > 0)"

    def starts_with(self, text: str, part: str) -> str:
        """By its own name."""
        return f"startsWith({text}, {part})"

    def micros(self, instant: str) -> str:
        """Of an instant with six places."""
        return f"toUnixTimestamp64Micro({instant})"

    def local(self, instant: str, zone: ZoneInfo) -> str:
        """The same instant in a zone; what is asked of it is asked of that zone's clock."""
        return f"toTimeZone({instant}, {self.text(str(zone))})"

    def date_of(self, local: str) -> str:
        """The day of any century."""
        return f"toDate32({local})"

    def hour_of(self, local: str) -> str:
        """0 to 23."""
        return f"toHour({local})"

    def minute_of(self, local: str) -> str:
        """0 to 59."""
        return f"toMinute({local})"

    def weekday_of(self, day: str) -> str:
        """Monday is 1."""
        return f"toDayOfWeek({day})"

    def days_between(self, first: str, second: str) -> str:
        """Days from the first to the second."""
        return f"dateDiff('day', {first}, {second})"

    def at_place(self, value: str, share: Fraction, condition: str | None) -> str | None:
        """Its quantiles place otherwise: values are counted."""
        return None


class ClickHouse(HeldTables):
    """ClickHouse through a function that runs a query in a given format and gives its text."""

    def __init__(self, run: Callable[[str, str], str], database: str = "") -> None:
        super().__init__(ClickHouseDialect(), database)
        self.run = run
        for name, value in SETTINGS.items():
            run(f"SET {name} = {value}", "Null")

    def ask(self, sql: str, table: str) -> list[Row]:
        """All rows that a query gives, numbers of any width whole."""
        lines = [json.loads(line) for line in self.run(sql, FORMAT).splitlines() if line]
        reads = [_reader(type) for type in lines[1]]
        return [tuple(None if cell is None else read(cell) for read, cell in zip(reads, line, strict=True)) for line in lines[2:]]

    def lend(self, name: str, rows: pa.Table) -> None:
        """A small table in memory."""
        columns = ", ".join(f"{self.dialect.quoted(field.name)} Nullable({TYPES[str(field.type)]})" for field in rows.schema)
        quoted = self.dialect.quoted(name)
        self.run(f"DROP TABLE IF EXISTS {quoted}", "Null")
        self.run(f"CREATE TABLE {quoted} ({columns}) ENGINE = Memory", "Null")
        for first in range(0, rows.num_rows, 5000):
            lines = ", ".join(f"({', '.join(self._literal(cell) for cell in row.values())})" for row in rows.slice(first, 5000).to_pylist())
            self.run(f"INSERT INTO {quoted} VALUES {lines}", "Null")

    def keep(self, name: str, sql: str, table: str) -> None:
        """What a query gives, in memory."""
        self.run(f"DROP TABLE IF EXISTS {name}", "Null")
        self.run(f"CREATE TABLE {name} ENGINE = Memory AS {sql}", "Null")

    def _literal(self, cell: object) -> str:
        if cell is None:
            return "NULL"
        if isinstance(cell, bool | int):
            return str(cell).lower()
        return self.dialect.text(cell.isoformat(sep=" ") if isinstance(cell, datetime) else str(cell))


def _reader(type: str) -> Callable[[object], object]:
    """How a cell of a type reads."""
    plain = type.removeprefix("Nullable(").removesuffix(")")
    if plain.startswith(("Int", "UInt")):
        return lambda cell: int(str(cell))
    if plain.startswith("DateTime64"):
        return lambda cell: datetime.fromisoformat(str(cell))
    return (lambda cell: date.fromisoformat(str(cell))) if plain.startswith("Date") else (lambda cell: cell)
