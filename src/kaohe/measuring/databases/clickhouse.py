"""ClickHouse through clickhouse-connect: rows as tab-separated text, streamed; instants in ISO form, in UTC."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from kaohe.measuring.databases.failing import DatabaseError, DriverMissing

try:
    import clickhouse_connect
    import urllib3
    from clickhouse_connect.driver.exceptions import ClickHouseError
except ImportError:
    clickhouse_connect = None  # type: ignore[assignment]

FORMAT = "TabSeparatedWithNames"
# The server keeps the answer until it is whole, so that an error within it is told as one; it may not write.
SETTINGS = {"readonly": "2", "date_time_output_format": "iso", "wait_end_of_query": "1"}
SECONDS_TO_CONNECT = 15
CHUNK = 1 << 18
MISSING = r"\N"
ESCAPE = re.compile(r"\\(.)")
ESCAPED = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "0": "\0"}


@dataclass(frozen=True)
class _Rows:
    lines: Iterator[str]
    names: Sequence[str]

    def chunks(self, rows: int) -> Iterator[list[list[str | None]]]:
        """Rows as they come over the wire."""
        while some := list(islice(self.lines, rows)):
            yield [self._row(line) for line in some]

    def _row(self, line: str) -> list[str | None]:
        cells = line.split("\t")
        if len(cells) != len(self.names):
            raise DatabaseError(f"the answer breaks off: {line[:300]}")
        return [_cell(cell) for cell in cells]


def _lines(stream: Any) -> Iterator[str]:
    """The lines of an answer, as they come."""
    rest = b""
    while chunk := stream.read(CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line.decode() for line in lines)
    if rest:
        yield rest.decode()


def _cell(cell: str) -> str | None:
    if "\\" not in cell:
        return cell
    return None if cell == MISSING else ESCAPE.sub(lambda match: ESCAPED.get(match[1], match[1]), cell)


@contextmanager
def reading(url: str, query: str, zone: str) -> Iterator[_Rows]:
    """What the query gives; every DateTime is told in UTC."""
    if clickhouse_connect is None:
        raise DriverMissing("clickhouse-connect")
    try:
        client = clickhouse_connect.get_client(dsn=url, connect_timeout=SECONDS_TO_CONNECT)
        try:
            stream: Any = client.raw_stream(query, fmt=FORMAT, settings=SETTINGS)
            lines = _lines(stream)
            head = next(lines, "")
            yield _Rows(lines, [str(_cell(name)) for name in head.split("\t")] if head else [])
        finally:
            client.close()
    except (ClickHouseError, urllib3.exceptions.HTTPError, UnicodeError, ValueError, OSError) as error:
        raise DatabaseError(str(error)) from None
