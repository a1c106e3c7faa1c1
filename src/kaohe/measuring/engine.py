"""DuckDB, shut in: no network, no extensions, no files outside the workspace, bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from kaohe.measuring.problems import EngineExhausted, FigureTooLarge
from kaohe.problems import refuse

GLOB = frozenset("*?[")

Row = tuple[object, ...]


@dataclass(frozen=True)
class Settings:
    """How much of the machine the engine may use; `threads` 0 leaves it to the engine."""

    threads: int = 0
    memory_limit: str = "1GB"


SETTINGS = Settings()


@contextmanager
def connected(folder: Path, settings: Settings = SETTINGS) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in memory that may read and spill under `folder` only."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": settings.memory_limit,
        "preserve_insertion_order": "false",
        "temp_directory": str(folder.resolve() / "scratch"),
    }
    if settings.threads:
        config["threads"] = str(settings.threads)
    connection = duckdb.connect(config=config)
    try:
        _shut_in(connection, folder.resolve())
        yield connection
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


def ask(connection: duckdb.DuckDBPyConnection, sql: str, table: str, *values: str | int) -> list[Row]:
    """All rows that a query gives; raises Problems where figures or memory go beyond their bounds."""
    try:
        return connection.execute(sql, list(values)).fetchall()
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
        refuse([FigureTooLarge(about=[table], table=table, why=_first_line(error))])
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        refuse([EngineExhausted(about=[table], table=table, why=_first_line(error))])
    raise AssertionError


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
