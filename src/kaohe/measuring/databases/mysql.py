"""MySQL and MariaDB through PyMySQL: rows streamed as texts, in a transaction that only reads, on a clock of UTC."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from kaohe.measuring.databases.failing import DatabaseError, DriverMissing

try:
    import pymysql
    from pymysql.converters import encoders
    from pymysql.cursors import SSCursor
except ImportError:
    pymysql = None

TIMESTAMP, BIT = 7, 16  # the wire's numbers of types
SECONDS_TO_CONNECT = 15


@dataclass(frozen=True)
class _Rows:
    cursor: Any
    names: Sequence[str]
    kinds: Sequence[int]

    def chunks(self, rows: int) -> Iterator[list[list[str | None]]]:
        """Rows as they come over the wire; the server holds the others back."""
        while some := self.cursor.fetchmany(rows):
            yield [[_cell(cell, kind) for cell, kind in zip(row, self.kinds, strict=True)] for row in some]


def _cell(cell: str | bytes | None, kind: int) -> str | None:
    """A cell as text: a TIMESTAMP, which is an instant, with its offset; bytes as letters where they are some."""
    if isinstance(cell, bytes):
        if kind == BIT:
            return str(int.from_bytes(cell))
        try:
            return cell.decode()
        except UnicodeDecodeError:
            return cell.hex()
    return f"{cell}+00:00" if cell is not None and kind == TIMESTAMP else cell


@contextmanager
def reading(url: str, query: str, zone: str) -> Iterator[_Rows]:
    """What the query gives; a TIMESTAMP is told in UTC, a DATETIME as it was written."""
    if pymysql is None:
        raise DriverMissing("PyMySQL")
    try:
        connection = pymysql.connect(**_arguments(url))
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET SESSION time_zone = '+00:00'")
                cursor.execute("START TRANSACTION READ ONLY")
                cursor.execute(query)
                described = cursor.description or ()
                yield _Rows(cursor, [column[0] for column in described], [column[1] for column in described])
        finally:
            connection.close()
    except (pymysql.Error, UnicodeError, ValueError) as error:
        raise DatabaseError(_told(error)) from None


def _told(error: Exception) -> str:
    return str(error.args[1]) if len(error.args) > 1 else str(error)


def _arguments(url: str) -> dict[str, Any]:
    """What `mysql://user:password@host:3306/database?ssl_ca=ca.pem` says, as the driver wants it."""
    parts = urlsplit(url)
    options = {key: values[-1] for key, values in parse_qs(parts.query).items() if key in ("ssl_ca", "ssl_cert", "ssl_key", "unix_socket")}
    named = {"user": parts.username, "password": parts.password, "host": parts.hostname, "database": parts.path.lstrip("/")}
    told = {key: unquote(value) for key, value in named.items() if value}
    as_text = {"charset": "utf8mb4", "conv": dict(encoders), "cursorclass": SSCursor, "connect_timeout": SECONDS_TO_CONNECT}
    return {**told, "port": parts.port or 3306, **options, **as_text}
