"""SQL databases read through their Python drivers: rows as texts, in batches, exactly as the server writes them.

The address comes from the environment alone, and is never told. What a query gives is fetched into a Parquet file of texts, a
few thousand rows at a time, and known by its rows, in whatever order they came.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from kaohe.measuring.databases.failing import DatabaseError, DriverMissing
from kaohe.measuring.definitions import Database
from kaohe.measuring.opening import Progress, no_progress
from kaohe.measuring.problems import AddressUnset, DatabaseFailed, ExtraMissing
from kaohe.problems import Place, Problem, Problems

ROWS = 5000  # fetched at a time
ROOM = 2**256
EXTRA = "databases"

Cell = str | None
Chunk = Sequence[Sequence[Cell]]


class Answer(Protocol):
    """What a query gives: the names of its columns, and its rows, some at a time."""

    names: Sequence[str]

    def chunks(self, rows: int) -> Iterator[Chunk]:
        """The rows, at most so many at a time, each cell as the server writes it."""
        ...


Reader = Callable[[str, str, str], AbstractContextManager[Answer]]


@dataclass(frozen=True)
class Fetched:
    """A file of what a query gave, and what those rows are known by."""

    path: Path
    name: str
    sha256: str


def label_of(database: Database) -> str:
    """How people know where rows came from: `postgresql SHOP_DB`."""
    return f"{database.kind} {database.url_from}"


def fetch(
    database: Database, zone: str, path: Path, environment: Mapping[str, str] = os.environ, progress: Progress = no_progress
) -> Fetched:
    """Fetch what the query gives into a Parquet file of texts; raises Problems, in which no address stands.

    Times without a zone are as the server writes them; those that are instants carry their offset.
    """
    place = Place(label_of(database))
    url = environment.get(database.url_from, "").strip()
    if not url:
        raise Problems([AddressUnset(place, [database.url_from], name=database.url_from)])
    try:
        reader: Reader = importlib.import_module(f"kaohe.measuring.databases.{database.kind}").reading
        with reader(url, database.query, zone) as answer:
            return Fetched(path, label_of(database), _keep(answer, path, progress))
    except DriverMissing as missing:
        found: Problem = ExtraMissing(place, [database.kind], what=database.kind, package=str(missing), extra=EXTRA)
    except DatabaseError as error:
        found = DatabaseFailed(place, [database.url_from], kind=database.kind, why=without_address(str(error), url))
    raise Problems([found])


def _keep(answer: Answer, path: Path, progress: Progress) -> str:
    """Write an answer's rows; what they are known by, whatever their order."""
    schema = pa.schema([(name, pa.string()) for name in answer.names])
    total, count = 0, 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for chunk in answer.chunks(ROWS):
            columns = [pa.array([row[i] for row in chunk], pa.string()) for i in range(len(answer.names))]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
            total = (total + sum(map(_row_number, chunk))) % ROOM
            count += len(chunk)
            progress("fetch", count, 0)
    head = "\x00".join(answer.names).encode()
    return hashlib.sha256(head + count.to_bytes(16) + total.to_bytes(32)).hexdigest()


def _row_number(row: Sequence[Cell]) -> int:
    """A number that a row's cells are known by."""
    parts = (b"\x00" if cell is None else b"\x01" + len(data := cell.encode()).to_bytes(8) + data for cell in row)
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest())


def without_address(text: str, url: str) -> str:
    """The text without the address, the password and whatever else could open the database.

    >>> without_address("no: postgresql://u:geh%40im@h/d (geh@im)", "postgresql://u:geh%40im@h/d")
    'no: … (…)'
    """
    first = " ".join(text.split())[:500]
    for secret in (url, *_secrets(url)):
        first = first.replace(secret, "…")
    return re.sub(r"//[^/\s@]*@", "//…@", first)


def _secrets(url: str) -> list[str]:
    """The parts of an address that must not be told, the longest first."""
    try:
        password, query = urlsplit(url).password or "", urlsplit(url).query
    except ValueError:
        return []
    pairs = re.findall(r"(?:password|passwd|pwd)\s*=\s*('[^']*'|[^\s&]+)", url)
    found = {password, unquote(password), query, *pairs, *(pair.strip("'") for pair in pairs)}
    return sorted((secret for secret in found if secret), key=len, reverse=True)
