"""Events as Parquet keeps them: in runs sorted by whose they are, so that one person's rows lie together.

A query for one subject then reads a few groups of each run and not all rows; figures do not depend
on the order.
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


@contextmanager
def writing_events(path: Path, schema: pa.Schema, subject: str | None) -> Iterator[Callable[[pa.Table], None]]:
    """A function that takes tables of rows and writes them, sorted by the subject's column where there is one."""
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
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
