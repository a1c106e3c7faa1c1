"""Rounds out of messages: a first unanswered message and the first reply to it."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.measuring.definitions import Rounds
from kaohe.measuring.deriving.making import MOMENTS, Maker, Shape, in_order, looked_up, lookups_of, may_miss, selected, windowed


def make_rounds(way: Rounds, maker: Maker) -> Shape:
    """A table of rounds."""
    asks, answers, at = maker.condition(way.asks, "asks"), maker.condition(way.answers, "answers"), maker.needed(way.at, MOMENTS, "at")
    keys, dialect = maker.needed_keys(way.per), maker.dialect
    when, columns = dialect.quoted(way.at), maker.scope.columns

    def write(tables: Sequence[str]) -> str:
        asked, answered = (dialect.surely(one.sql) if one else "FALSE" for one in (asks, answers))
        source = looked_up(tables[0], lookups_of(asks, answers))
        turn = f"(CASE WHEN {answered} THEN 2 WHEN {asked} THEN 1 ELSE 0 END) AS _turn"
        turns = f"SELECT {selected(columns, dialect)}, {turn} FROM {source} AS _all"
        window = windowed(keys, in_order(when))
        after = f"min(CASE WHEN _turn = 2 THEN {when} END) OVER ({window} ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)"
        before = f"lag(_turn) OVER ({window}) AS _before, {after} AS _after"
        told = f"SELECT *, {before} FROM ({turns}) AS _turns WHERE _turn > 0"
        chosen = f"{selected(columns, dialect)}, {when} AS asked_at, _after AS replied_at"
        return f"SELECT {chosen} FROM ({told}) AS _told WHERE _turn = 1 AND coalesce(_before, 2) = 2"

    return Shape({**columns, "asked_at": at.model_copy(update={"needed": True}), "replied_at": may_miss(at)}, write)
