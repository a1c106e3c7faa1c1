"""PostgreSQL through psycopg: a cursor of the server, in a transaction that only reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kaohe.measuring.databases.failing import DatabaseError, DriverMissing

try:
    import psycopg
    from psycopg.types.string import TextLoader
except ImportError:
    psycopg = None  # type: ignore[assignment]

BOOL, TIMESTAMPTZ = 16, 1184
WORDS = {"t": "true", "f": "false"}
HOURS_ONLY = re.compile(r"[+-]\d{2}$")
ODD_OFFSET = re.compile(r"[+-]\d{2}:\d{2}:\d{2}$")  # of the days before zones were whole minutes apart
SECONDS_TO_CONNECT = 15


@dataclass(frozen=True)
class _Rows:
    cursor: Any
    names: Sequence[str]
    kinds: Sequence[int]

    def chunks(self, rows: int) -> Iterator[list[list[str | None]]]:
        """Rows from the server's cursor, which holds the others back."""
        while some := self.cursor.fetchmany(rows):
            yield [[_cell(cell, kind) for cell, kind in zip(row, self.kinds, strict=True)] for row in some]


def _cell(cell: str | None, kind: int) -> str | None:
    if cell is None or kind not in (BOOL, TIMESTAMPTZ):
        return cell
    if kind == BOOL:
        return WORDS.get(cell, cell)
    if ODD_OFFSET.search(cell):
        return datetime.fromisoformat(cell).astimezone(UTC).isoformat(sep=" ")
    return f"{cell}:00" if HOURS_ONLY.search(cell) else cell


@contextmanager
def reading(url: str, query: str, zone: str) -> Iterator[_Rows]:
    """What the query gives; instants with the offset of the zone, everything as PostgreSQL writes it."""
    if psycopg is None:
        raise DriverMissing("psycopg")
    try:
        with psycopg.connect(url, connect_timeout=SECONDS_TO_CONNECT, client_encoding="utf8") as connection:
            connection.read_only = True
            _write_as_text(connection)
            for setting, value in (("TimeZone", zone), ("DateStyle", "ISO, YMD"), ("bytea_output", "hex")):
                connection.execute("SELECT set_config(%s, %s, false)", (setting, value))
            with connection.cursor(name="kaohe") as cursor:
                cursor.execute(query.encode())
                described = cursor.description or []
                yield _Rows(cursor, [column.name for column in described], [column.type_code for column in described])
            connection.rollback()
    except (psycopg.Error, UnicodeError) as error:
        raise DatabaseError(str(error)) from None


def _write_as_text(connection: psycopg.Connection[Any]) -> None:
    """Have every kind of value handed over as the server writes it."""
    for kind in connection.adapters.types:
        connection.adapters.register_loader(kind.oid, TextLoader)
        if kind.array_oid:
            connection.adapters.register_loader(kind.array_oid, TextLoader)
