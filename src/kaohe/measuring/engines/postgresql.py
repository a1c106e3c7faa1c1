"""PostgreSQL 14 or newer, through a psycopg connection."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pyarrow as pa

from kaohe.measuring.dialects import Filtering
from kaohe.measuring.engine import Row
from kaohe.measuring.engines.tables import HeldTables, whole

TYPES = {"int64": "bigint", "string": "text", "date32[day]": "date", "timestamp[us]": "timestamp", "bool": "boolean"}


class PostgreSQLDialect(Filtering):
    """What PostgreSQL writes otherwise."""

    name: ClassVar[str] = "postgresql"

    def wide(self, sql: str) -> str:
        """Of any width."""
        return f"CAST({sql} AS NUMERIC)"

    def total(self, sql: str, condition: str | None) -> str:
        """A sum of any width."""
        return f"sum({self.wide(sql)}){self.filtered(condition)}"

    def divided(self, sql: str, by: int) -> str:
        """Whole division."""
        return f"div({self.wide(sql)}, {by})"

    def quotient(self, number: str, by: str) -> str:
        """Whole division."""
        return f"div({self.wide(number)}, {self.wide(by)})"

    def as_text(self, sql: str) -> str:
        """Anything as text."""
        return f"CAST({sql} AS TEXT)"

    def ordered_text(self, sql: str) -> str:
        """By code points, whatever the database's language."""
        return f'{sql} COLLATE "C"'

    def contains(self, text: str, part: str) -> str:
        """By position."""
        return f"(position({part} IN {text}) > 0)"

    def micros(self, instant: str) -> str:
        """Exact: the epoch is a decimal."""
        return f"CAST(EXTRACT(EPOCH FROM {instant}) * 1000000 AS BIGINT)"

    def local(self, instant: str, zone: ZoneInfo) -> str:
        """What the zone's clock shows."""
        return f"(({instant} AT TIME ZONE 'UTC') AT TIME ZONE {self.text(str(zone))})"

    def hour_of(self, local: str) -> str:
        """0 to 23."""
        return f"CAST(EXTRACT(HOUR FROM {local}) AS BIGINT)"

    def minute_of(self, local: str) -> str:
        """0 to 59."""
        return f"CAST(EXTRACT(MINUTE FROM {local}) AS BIGINT)"

    def weekday_of(self, day: str) -> str:
        """Monday is 1."""
        return f"CAST(EXTRACT(ISODOW FROM {day}) AS BIGINT)"

    def days_between(self, first: str, second: str) -> str:
        """Days from the first to the second."""
        return f"({second} - {first})"

    def instant(self, instant: datetime) -> str:
        """An instant without a zone."""
        return f"TIMESTAMP '{instant.isoformat(sep=' ')}'"

    def at_place(self, value: str, share: Fraction, condition: str | None) -> str | None:
        """Its quantiles take binary shares: values are counted."""
        return None


class PostgreSQL(HeldTables):
    """A psycopg connection to a database that has the tables of events."""

    def __init__(self, connection: Any, schema: str = "") -> None:
        super().__init__(PostgreSQLDialect(), schema)
        self.connection = connection

    def ask(self, sql: str, table: str) -> list[Row]:
        """All rows that a query gives."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return [tuple(whole(cell) for cell in row) for row in cursor.fetchall()]

    def lend(self, name: str, rows: pa.Table) -> None:
        """A small table of this session."""
        columns = ", ".join(f"{self.dialect.quoted(field.name)} {TYPES[str(field.type)]}" for field in rows.schema)
        quoted = self.dialect.quoted(name)
        with self.connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {quoted}")
            cursor.execute(f"CREATE TEMP TABLE {quoted} ({columns})")
            with cursor.copy(f"COPY {quoted} FROM STDIN") as copy:
                for row in rows.to_pylist():
                    copy.write_row(tuple(row.values()))

    def keep(self, name: str, sql: str, table: str) -> None:
        """What a query gives, for this session."""
        with self.connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
            cursor.execute(f"CREATE TEMP TABLE {name} AS {sql}")
