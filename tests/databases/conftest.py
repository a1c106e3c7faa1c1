"""Databases that tests read, each on a real server of the session's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import Server, running_mariadb, running_postgresql


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server; tests that use it belong to the xdist group `postgresql`, so that one is enough."""
    with running_postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Server]:
    """A MariaDB server."""
    with running_mariadb() as server:
        yield server
