"""Facts as plain rows that a database keeps, and as the engine takes them; the same rows always give the same facts."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from kaohe.facts import KINDS, RawFacts, Table
from kaohe.problems import Place

Row = dict[str, object]
NUMBER = "#"  # the column of a row's own number, by which the site finds it again


@dataclass(frozen=True)
class Rows:
    """Everything that a scoring looks at: a period, choices, and rows of each kind, each with its number in the database."""

    start: str
    end: str
    config: Mapping[str, object] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)

    def write(self) -> bytes:
        """The rows as compressed canonical JSON: equal rows give equal bytes."""
        return zlib.compress(self._text().encode(), 6)

    @classmethod
    def read(cls, written: bytes) -> Rows:
        """The rows that `write` wrote."""
        return cls(**json.loads(zlib.decompress(bytes(written))))

    @property
    def digest(self) -> str:
        """The hash by which these facts are known."""
        return sha256(self._text().encode()).hexdigest()

    def _text(self) -> str:
        data = {"start": self.start, "end": self.end, "config": self.config, "tables": self.tables}
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def raw(self) -> RawFacts:
        """The rows as the engine checks them."""
        tables = {kind: [_table(kind, self.tables.get(kind, ()))] for kind in KINDS if self.tables.get(kind)}
        return RawFacts(self.start, self.end, None, self.config, tables)


def _table(kind: str, rows: Sequence[Row]) -> Table:
    numbers = [int(str(row.get(NUMBER, place))) for place, row in enumerate(rows, start=1)]
    cells = [{name: cell for name, cell in row.items() if name != NUMBER} for row in rows]
    return Table.of_rows(cells, Place(sheet=kind), numbers)
