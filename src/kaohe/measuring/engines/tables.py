"""What engines share that hold the tables of events themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal

from kaohe.measuring.dialects import Dialect
from kaohe.measuring.engine import Row, as_columns

Columns = Sequence[tuple[str, str]]


class HeldTables:
    """An engine whose tables of events bear their own names; `prefix` is a schema or database before them."""

    def __init__(self, dialect: Dialect, prefix: str = "") -> None:
        self._dialect, self._prefix = dialect, prefix

    @property
    def dialect(self) -> Dialect:
        """How its queries are written."""
        return self._dialect

    def table(self, name: str) -> str:
        """The table under its name."""
        quoted = self._dialect.quoted(name)
        return f"(SELECT * FROM {self._dialect.quoted(self._prefix)}.{quoted})" if self._prefix else f"(SELECT * FROM {quoted})"

    def columns(self, sql: str, names: Sequence[str], table: str) -> dict[str, list[object]]:
        """What a query gives, as columns under these names."""
        return as_columns(self.ask(sql, table), names)

    def ask(self, sql: str, table: str) -> list[Row]:
        """All rows that a query gives."""
        raise NotImplementedError

    def file_of(self, stored: str) -> str:
        """The file as it is stored."""
        return stored

    def version_of(self, *tables: str) -> str:
        """Twelve hex digits of how many rows the tables hold, and from how many files."""
        counted = [self.ask(f"SELECT count(*), count(DISTINCT _file), max(_row) FROM {self.table(one)} AS _table", one) for one in tables]
        return hashlib.sha256(repr([tuple(map(str, row)) for rows in counted for row in rows]).encode()).hexdigest()[:12]


def whole(value: object) -> object:
    """A number as engines give it, as a whole number; all else as it is."""
    return int(value) if isinstance(value, Decimal) else value
