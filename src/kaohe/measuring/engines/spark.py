"""Spark: through a session whose time zone is UTC and whose arithmetic is ANSI, so that nothing wraps in silence."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pyarrow as pa

from kaohe.measuring.dialects import Filtering
from kaohe.measuring.engine import Row
from kaohe.measuring.engines.tables import HeldTables, whole

SETTINGS = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}


class SparkDialect(Filtering):
    """What Spark writes otherwise."""

    name: ClassVar[str] = "spark"

    def quoted(self, name: str) -> str:
        """A name between backticks."""
        return "`" + name.replace("`", "``") + "`"

    def text(self, text: str) -> str:
        """Backslashes are escapes here."""
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def instant(self, instant: datetime) -> str:
        """An instant in the session's zone, which is UTC."""
        return f"TIMESTAMP '{instant.isoformat(sep=' ')}'"

    def wide(self, sql: str) -> str:
        """38 digits."""
        return f"CAST({sql} AS DECIMAL(38, 0))"

    def total(self, sql: str, condition: str | None) -> str:
        """A sum of 38 digits."""
        return f"sum({self.wide(sql)}){self.filtered(condition)}"

    def divided(self, sql: str, by: int) -> str:
        """Whole division."""
        return f"({sql} div {by})"

    def quotient(self, number: str, by: str) -> str:
        """Whole division; the quotient has to fit into 64 bits."""
        return f"(({number}) div ({by}))"

    def as_text(self, sql: str) -> str:
        """Anything as text."""
        return f"CAST({sql} AS STRING)"

    def contains(self, text: str, part: str) -> str:
        """By its own name."""
        return f"contains({text}, {part})"

    def starts_with(self, text: str, part: str) -> str:
        """By its own name."""
        return f"startswith({text}, {part})"

    def micros(self, instant: str) -> str:
        """Since 1970."""
        return f"unix_micros({instant})"

    def local(self, instant: str, zone: ZoneInfo) -> str:
        """What the zone's clock shows, as an instant of the session's zone."""
        return f"from_utc_timestamp({instant}, {self.text(str(zone))})"

    def weekday_of(self, day: str) -> str:
        """Monday is 1."""
        return f"(weekday({day}) + 1)"

    def days_between(self, first: str, second: str) -> str:
        """Days from the first to the second."""
        return f"datediff({second}, {first})"

    def at_place(self, value: str, share: Fraction, condition: str | None) -> str | None:
        """Its quantiles take binary shares: values are counted."""
        return None


class Spark(HeldTables):
    """A Spark session that has the tables of events."""

    def __init__(self, session: Any, database: str = "") -> None:
        super().__init__(SparkDialect(), database)
        self.session = session
        for name, value in SETTINGS.items():
            session.conf.set(name, value)

    def ask(self, sql: str, table: str) -> list[Row]:
        """All rows that a query gives."""
        return [tuple(whole(cell) for cell in row) for row in self.session.sql(sql).collect()]

    def lend(self, name: str, rows: pa.Table) -> None:
        """A view of a small table."""
        self.session.createDataFrame(rows).createOrReplaceTempView(name)

    def keep(self, name: str, sql: str, table: str) -> None:
        """A view whose rows are held."""
        frame = self.session.sql(sql).cache()
        frame.createOrReplaceTempView(name)
