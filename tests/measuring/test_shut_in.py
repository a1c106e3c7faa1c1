"""The engine is shut in: nothing is installed or loaded by itself, nothing outside the workspace is read."""

from __future__ import annotations

import duckdb
import pytest

from kaohe.measuring.definitions import Definitions
from kaohe.measuring.engine import embedded


@pytest.fixture
def connection(house):
    """The connection as queries have it."""
    house.workspace.folder.mkdir()
    with embedded(house.workspace, Definitions()) as engine:
        yield engine.connection


@pytest.mark.parametrize("setting", ["autoinstall_known_extensions", "autoload_known_extensions", "enable_external_access"])
def test_what_would_fetch_code_or_files_is_switched_off(connection, setting: str) -> None:
    assert connection.execute("SELECT current_setting(?)", [setting]).fetchone() == (False,)


def test_the_folder_where_extensions_would_be_cannot_even_be_looked_at(connection) -> None:
    with pytest.raises(duckdb.PermissionException):
        connection.execute("SELECT * FROM duckdb_extensions()").fetchall()


@pytest.mark.parametrize(
    "sql",
    [
        "INSTALL httpfs",
        "LOAD httpfs",
        "INSTALL excel FROM core",
        "SELECT * FROM read_xlsx('x.xlsx')",
        "SELECT ST_Point(1, 2)",
        "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
        "SELECT * FROM read_csv('s3://bucket/x.csv')",
        "SELECT * FROM sqlite_scan('x.db', 't')",
        "ATTACH 'postgres:dbname=x' AS p (TYPE postgres)",
        "SELECT * FROM read_csv('/etc/hostname')",
        "COPY (SELECT 1) TO '/tmp/kaohe-must-not-be-there.csv'",
        "SET enable_external_access = true",
        "SET autoinstall_known_extensions = true",
    ],
)
def test_no_query_reaches_beyond_the_workspace_or_fetches_an_extension(connection, sql: str) -> None:
    with pytest.raises(duckdb.Error):
        connection.execute(sql).fetchall()
