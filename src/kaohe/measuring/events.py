"""Events as Parquet keeps them: in runs sorted by whose they are, so that one person's rows lie together.

A query for one subject then reads a few groups of each run and not all rows; figures do not depend
on the order. Numbers, days and instants are kept as the differences between neighbours, which takes
less space than a dictionary and a quarter less time to read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROWS_A_RUN = 1_000_000  # held in memory while they are sorted
ROWS_A_GROUP = 65_536


def events_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """A writer of events: texts by dictionary and packed well, all else as differences and packed fast."""
    texts = [field.name for field in schema if pa.types.is_string(field.type)]
    differing = {field.name: "DELTA_BINARY_PACKED" for field in schema if field.name not in texts and not pa.types.is_boolean(field.type)}
    packing = {field.name: "zstd" if field.name in texts else "lz4" for field in schema}
    return pq.ParquetWriter(path, schema, compression=packing, use_dictionary=texts or False, column_encoding=differing or None)


@contextmanager
def writing_events(path: Path, schema: pa.Schema, subject: str | None) -> Iterator[Callable[[pa.Table], None]]:
    """A function that takes tables of rows and writes them, sorted by the subject's column where there is one."""
    with events_writer(path, schema) as writer:
        runs = _Runs(writer, subject)
        yield runs.add
        runs.write()


@dataclass
class _Runs:
    """Gathers rows to runs, and writes each run sorted."""

    writer: pq.ParquetWriter
    subject: str | None
    waiting: list[pa.Table] = field(default_factory=list)
    rows: int = 0

    def add(self, table: pa.Table) -> None:
        self.waiting.append(table)
        self.rows += table.num_rows
        if self.rows >= ROWS_A_RUN:
            self.write()

    def write(self) -> None:
        if not self.rows:
            return
        run = pa.concat_tables(self.waiting)
        self.waiting, self.rows = [], 0
        self.writer.write_table(run.sort_by(self.subject) if self.subject else run, row_group_size=ROWS_A_GROUP)
