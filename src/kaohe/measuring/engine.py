"""What an engine does for the measures, and the embedded one: DuckDB, shut in.

No network, no extensions, no files outside the workspace, bounded memory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import duckdb
import pyarrow as pa

from kaohe.measuring.definitions import Definitions
from kaohe.measuring.deriving.making import FILE
from kaohe.measuring.dialects import DUCKDB, Dialect
from kaohe.measuring.problems import EngineExhausted, FigureTooLarge
from kaohe.measuring.workspace import Import, Workspace, table_version
from kaohe.problems import refuse

GLOB = frozenset("*?[")

Row = tuple[object, ...]


@dataclass(frozen=True)
class Settings:
    """How much of the machine the engine may use: threads (0 leaves it to the engine), and memory ("" is half of the machine's)."""

    threads: int = 0
    memory_limit: str = ""

    @property
    def memory(self) -> str:
        """The bound on memory as the engine reads it."""
        return self.memory_limit or f"{_machine_memory() // 2**21}MiB"


SETTINGS = Settings()


def _machine_memory() -> int:
    """The machine's memory in bytes; 2 GiB where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 2**31


class Engine(Protocol):
    """What holds the tables of events and answers queries in whole numbers."""

    @property
    def dialect(self) -> Dialect:
        """How its queries are written."""

    def table(self, name: str) -> str:
        """What to select the rows of a table of events from, in brackets: its columns, and `_file` and `_row`, their place."""

    def ask(self, sql: str, table: str) -> list[Row]:
        """All rows that a query gives; raises Problems where figures or memory go beyond their bounds."""

    def columns(self, sql: str, names: Sequence[str], table: str) -> dict[str, list[object]]:
        """What a query gives, as columns under these names; raises Problems as `ask` does."""

    def lend(self, name: str, rows: pa.Table) -> None:
        """Let queries see a small table under that name."""

    def keep(self, name: str, sql: str, table: str) -> None:
        """Keep what a query gives under that name, for further queries."""

    def file_of(self, stored: str) -> str:
        """The name under which people know the file that `_file` says."""

    def version_of(self, *tables: str) -> str:
        """What the rows of some tables are known by, at this moment."""


@dataclass(frozen=True)
class Embedded:
    """The workspace's Parquet files seen through DuckDB."""

    connection: duckdb.DuckDBPyConnection
    workspace: Workspace
    definitions: Definitions

    @property
    def dialect(self) -> Dialect:
        """DuckDB's."""
        return DUCKDB

    def imports(self, table: str) -> tuple[Import, ...]:
        """The imports that hold a table's rows; raises Problems where there are none, or of an older mapping."""
        return self.workspace.events_of(table, self.definitions)

    def table(self, name: str) -> str:
        """The table's files, with the file of each row as `_file`."""
        return self.parts(self.imports(name))

    def parts(self, imports: tuple[Import, ...]) -> str:
        """Some of a table's files."""
        return f"(SELECT *, filename AS {FILE} FROM {self.files([self.workspace.path(one) for one in imports])})"

    def part(self, one: Import, first: int, count: int) -> str:
        """So many rows of one file, from the row at that place on."""
        source = f"read_parquet({self._listed([self.workspace.path(one)])}, file_row_number = true)"
        inside = f"file_row_number >= {first} AND file_row_number < {first + count}"
        return f"(SELECT * EXCLUDE (file_row_number), filename AS {FILE} FROM {source} WHERE {inside})"

    def files(self, paths: Sequence[Path]) -> str:
        """Some Parquet files as a table."""
        return f"read_parquet({self._listed(paths)})"

    def _listed(self, paths: Sequence[Path]) -> str:
        return f"[{', '.join(DUCKDB.text(glob_escaped(str(path))) for path in paths)}]"

    def write(self, sql: str, path: Path, table: str) -> None:
        """Write what a query gives into a Parquet file."""
        self._run(f"COPY ({sql}) TO {DUCKDB.text(str(path.resolve()))} (FORMAT parquet, COMPRESSION zstd)", table)

    def ask(self, sql: str, table: str) -> list[Row]:
        """All rows that a query gives."""
        return self._run(sql, table).fetchall()

    def columns(self, sql: str, names: Sequence[str], table: str) -> dict[str, list[object]]:
        """What a query gives as columns: through arrow where every number fits into 64 bits, which is faster."""
        try:
            found: pa.Table = self.connection.sql(f"SELECT {', '.join(map(self._narrow, names))} FROM ({sql})").to_arrow_table()
        except (duckdb.ConversionException, duckdb.OutOfRangeException):
            return as_columns(self.ask(sql, table), names)
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            refuse([EngineExhausted(about=[table], table=table, why=_first_line(error))])
        return {name: found.column(i).to_pylist() for i, name in enumerate(names)}

    def _narrow(self, name: str) -> str:
        """A column, a number as one of 64 bits; one that is too large for that is an error."""
        return name if name.startswith("_") else f"CAST({name} AS BIGINT) AS {name}"

    def lend(self, name: str, rows: pa.Table) -> None:
        """Register the table with the connection."""
        self.connection.register(name, rows)

    def keep(self, name: str, sql: str, table: str) -> None:
        """Keep the rows in a temporary table."""
        self._run(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}", table)

    def file_of(self, stored: str) -> str:
        """The imported file behind a file of events."""
        return self._files.get(Path(stored).name, stored)

    @cached_property
    def _files(self) -> dict[str, str]:
        return {Path(one.events).name: one.file for one in self.workspace.imports()}

    def version_of(self, *tables: str) -> str:
        """A digest of the imports."""
        return table_version(one for table in tables for one in self.imports(table))

    def _run(self, sql: str, table: str) -> duckdb.DuckDBPyConnection:
        try:
            return self.connection.execute(sql)
        except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
            refuse([FigureTooLarge(about=[table], table=table, why=_first_line(error))])
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            refuse([EngineExhausted(about=[table], table=table, why=_first_line(error))])
        raise AssertionError


def as_columns(rows: Sequence[Row], names: Sequence[str]) -> dict[str, list[object]]:
    """Rows as columns under these names."""
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


@contextmanager
def embedded(workspace: Workspace, definitions: Definitions, settings: Settings = SETTINGS) -> Iterator[Embedded]:
    """DuckDB in memory, which may read and spill under the workspace only."""
    folder = workspace.folder.resolve()
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": settings.memory,
        "preserve_insertion_order": "false",
        "temp_directory": str(folder / "scratch"),
    }
    if settings.threads:
        config["threads"] = str(settings.threads)
    connection = duckdb.connect(config=config)
    try:
        _shut_in(connection, folder)
        yield Embedded(connection, workspace, definitions)
    finally:
        connection.close()


def _shut_in(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Let the connection see nothing but the folder.

    The engine compares names before it undoes the escapes of a glob, so a folder whose own name
    looks like a glob cannot be shut in; the queries are the house's own all the same.
    """
    if not GLOB.intersection(str(folder)):
        connection.execute("SET allowed_directories = [?]", [f"{folder}/"])
        connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def glob_escaped(path: str) -> str:
    """A path that the engine's globs read as itself."""
    return "".join(f"[{letter}]" if letter in GLOB else letter for letter in path)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
