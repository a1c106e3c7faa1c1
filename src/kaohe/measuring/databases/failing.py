"""What the drivers of databases say when they fail, in one word each."""

from __future__ import annotations


class DatabaseError(Exception):
    """A database that cannot be reached, or refuses the query; the text is the driver's and may hold secrets."""


class DriverMissing(Exception):
    """A driver that is not installed; the text names its package."""
