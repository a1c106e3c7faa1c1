"""Rows cut into parts where nothing happened for a while."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.measuring.definitions import Parts
from kaohe.measuring.deriving.making import Maker, Shape, in_order, made_column, selected, windowed


def make_parts(way: Parts, maker: Maker) -> Shape:
    """The rows, each with its part."""
    maker.needed(way.at, ("datetime",), "at")
    keys, dialect = maker.needed_keys(way.per), maker.dialect
    when, columns = dialect.quoted(way.at), maker.scope.columns

    def write(tables: Sequence[str]) -> str:
        window, micros = windowed(keys, in_order(when)), dialect.micros(when)
        gap = f"{micros} - lag({micros}, 1, {micros}) OVER ({window})"
        cut = f"(CASE WHEN {gap} >= {way.idle_seconds * 10**6} THEN 1 ELSE 0 END) AS _cut"
        cuts = f"SELECT {selected(columns, dialect)}, {cut} FROM {tables[0]} AS _all"
        part = dialect.as_whole(f"1 + sum(_cut) OVER ({window} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)")
        return f"SELECT {selected(columns, dialect)}, {part} AS part FROM ({cuts}) AS _cuts"

    return Shape({**columns, "part": made_column("part", "whole", needed=True)}, write)
