"""Each row with the time of the next one of the same keys."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.measuring.definitions import Followed
from kaohe.measuring.deriving.making import MOMENTS, Maker, Shape, all_there, in_order, looked_up, lookups_of, may_miss, selected, windowed


def make_followed(way: Followed, maker: Maker) -> Shape:
    """The rows, each with the next one's time."""
    at, when = maker.column(way.at, MOMENTS, "at"), maker.condition(way.when, "when")
    keys, dialect = maker.keys(way.per), maker.dialect
    moment, columns = dialect.quoted(way.at), maker.scope.columns

    def write(tables: Sequence[str]) -> str:
        source = looked_up(tables[0], lookups_of(when))
        counts = f"CASE WHEN {dialect.surely(when.sql)} THEN {moment} END" if when else moment
        window = f"{windowed(keys, in_order(moment))} ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING"
        after = f"(CASE WHEN {all_there(keys)} THEN min({counts}) OVER ({window}) END)"
        return f"SELECT {selected(columns, dialect)}, {after} AS next_at FROM {source} AS _all"

    return Shape({**columns, "next_at": may_miss(at)}, write)
