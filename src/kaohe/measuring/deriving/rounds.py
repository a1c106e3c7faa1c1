"""Rounds out of messages: a first unanswered message and the first reply to it."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.measuring.definitions import Rounds
from kaohe.measuring.deriving.making import MOMENTS, PLACE, Maker, Shape, in_order, looked_up, lookups_of, may_miss, selected, windowed
from kaohe.measuring.dialects import Dialect


def make_rounds(way: Rounds, maker: Maker) -> Shape:
    """A table of rounds."""
    asks, answers, at = maker.condition(way.asks, "asks"), maker.condition(way.answers, "answers"), maker.needed(way.at, MOMENTS, "at")
    maker.needed_keys(way.per)
    taken = {name: may_miss(maker.column(column, (), "take")) for name, column in way.take.items()}
    columns = maker.scope.columns

    def write(tables: Sequence[str]) -> str:
        asked, answered = (maker.dialect.surely(one.sql) if one else "FALSE" for one in (asks, answers))
        turn = f"(CASE WHEN {answered} THEN 2 WHEN {asked} THEN 1 ELSE 0 END) AS _turn"
        turns = f"SELECT {selected(columns, maker.dialect)}, {turn} FROM {looked_up(tables[0], lookups_of(asks, answers))} AS _all"
        return _rounds_sql(way, turns, list(columns), maker.dialect)

    return Shape({**columns, "asked_at": at.model_copy(update={"needed": True}), "replied_at": may_miss(at), **taken}, write)


def _rounds_sql(way: Rounds, turns: str, columns: list[str], dialect: Dialect) -> str:
    """Turns that matter, numbered; those that ask after an answer, each beside the next answer."""
    keys, at = [dialect.quoted(name) for name in way.per], dialect.quoted(way.at)
    numbered = f"SELECT *, row_number() OVER ({windowed(keys, in_order(at))}) AS _n FROM ({turns}) AS _turns WHERE _turn > 0"
    window = windowed(keys, "_n")
    after = f"min(CASE WHEN _turn = 2 THEN _n END) OVER ({window} ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS _after"
    told = f"SELECT *, lag(_turn, 1, 2) OVER ({window}) AS _before, {after} FROM ({numbered}) AS _numbered"
    same = " AND ".join([*(f"_ask.{key} = _reply.{key}" for key in keys), "_ask._after = _reply._n"])
    chosen = [f"_ask.{dialect.quoted(name)} AS {dialect.quoted(name)}" for name in [*columns, *PLACE] if name not in way.take]
    chosen += [f"_ask.{at} AS asked_at", f"_reply.{at} AS replied_at"]
    chosen += [f"_reply.{dialect.quoted(column)} AS {dialect.quoted(name)}" for name, column in way.take.items()]
    asked = f"SELECT * FROM ({told}) AS _told WHERE _turn = 1 AND _before = 2"
    return f"SELECT {', '.join(chosen)} FROM ({asked}) AS _ask LEFT JOIN ({numbered}) AS _reply ON {same}"
