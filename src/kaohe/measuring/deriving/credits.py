"""Who is credited with a case that several people worked on."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.measuring.conditions import Expression
from kaohe.measuring.definitions import CREDIT, Credits
from kaohe.measuring.deriving.making import (
    FILE,
    KEYS,
    MOMENTS,
    PLACE,
    ROW,
    Maker,
    Shape,
    in_order,
    looked_up,
    lookups_of,
    made_column,
    windowed,
)
from kaohe.measuring.dialects import Dialect
from kaohe.measuring.problems import FieldWrong


def make_credits(way: Credits, maker: Maker) -> Shape:
    """A table of cases and people, with the share of each; people who are credited with nothing stay, with 0."""
    key, who = maker.needed(way.per, KEYS, "per"), maker.column(way.who, ("text", "whole"), "who")
    at = maker.needed(way.at, MOMENTS, "at")
    where, seconds = maker.condition(way.where, "where"), maker.value(way.seconds, "seconds")
    if way.policy == "time" and way.seconds is None:
        zh, en = "按时长分摊时要写", "is needed with policy: time"
        maker.problems.append(FieldWrong(maker.place_of(("seconds",)), ["seconds"], field="seconds", why_zh=zh, why_en=en))

    def write(tables: Sequence[str]) -> str:
        people = _people_sql(way, looked_up(tables[0], lookups_of(where, seconds)), maker.dialect, where, seconds)
        names = ", ".join(maker.dialect.quoted(name) for name in (way.per, way.who, way.at))
        shared = _shared_sql(way.policy, people, maker.dialect.quoted(way.per), maker.dialect)
        return f"SELECT {names}, {maker.dialect.as_whole('_credit')} AS credit, {FILE}, {ROW} FROM ({shared}) AS _shared"

    return Shape({way.per: key, way.who: who, way.at: at, "credit": made_column("credit", "whole", needed=True)}, write)


def _people_sql(way: Credits, table: str, dialect: Dialect, where: Expression | None, seconds: Expression | None) -> str:
    """Each case's people: where in its course each came first and last, and the time that each spent."""
    key, who, at = (dialect.quoted(name) for name in (way.per, way.who, way.at))
    spent = f"CASE WHEN {seconds.sql} > 0 THEN {seconds.sql} ELSE 0 END" if seconds else "0"
    kept = " WHERE " + " AND ".join([f"{who} IS NOT NULL", *([dialect.surely(where.sql)] if where else [])])
    touched = f"{dialect.as_whole(spent)} AS _spent, row_number() OVER ({windowed([key], in_order(at))}) AS _n"
    touches = f"SELECT {key}, {who}, {at}, {FILE}, {ROW}, {touched} FROM {table} AS _all{kept}"
    firsts = f"SELECT *, row_number() OVER (PARTITION BY {key}, {who} ORDER BY _n) AS _nth FROM ({touches}) AS _touches"
    place = ", ".join(f"max(CASE WHEN _nth = 1 THEN {name} END) AS {name}" for name in PLACE)
    course = f"min({at}) AS {at}, min(_n) AS _first, max(_n) AS _last, {dialect.as_whole('sum(_spent)')} AS _spent"
    return f"SELECT {key}, {who}, {course}, {place} FROM ({firsts}) AS _firsts GROUP BY {key}, {who}"


def _shared_sql(policy: str, people: str, key: str, dialect: Dialect) -> str:
    """The people of each case with their `_credit`, in parts of 720720 that add up to a whole case."""
    all_of = f"OVER (PARTITION BY {key})"
    if policy in ("first", "last"):
        mine, edge = ("_first", "min(_first)") if policy == "first" else ("_last", "max(_last)")
        return f"SELECT *, (CASE WHEN {mine} = {edge} {all_of} THEN {CREDIT} ELSE 0 END) AS _credit FROM ({people}) AS _people"
    counted = f"SELECT *, count(*) {all_of} AS _heads, {dialect.as_whole(f'sum(_spent) {all_of}')} AS _all_spent FROM ({people}) AS _people"
    by_time = policy == "time"
    weight = "(CASE WHEN _all_spent > 0 THEN _spent ELSE 1 END)" if by_time else "1"
    whole = "(CASE WHEN _all_spent > 0 THEN _all_spent ELSE _heads END)" if by_time else "_heads"
    weighed = f"SELECT *, {dialect.as_whole(weight)} * {CREDIT} AS _part, {dialect.as_whole(whole)} AS _whole FROM ({counted}) AS _counted"
    based = f"SELECT *, {dialect.quotient('_part', '_whole')} AS _base FROM ({weighed}) AS _weighed"
    turn = f"row_number() OVER (PARTITION BY {key} ORDER BY _part - _whole * _base DESC, _first) AS _turn"
    left = f"{CREDIT} - {dialect.as_whole(f'sum(_base) {all_of}')} AS _left"
    turned = f"SELECT *, {turn}, {left} FROM ({based}) AS _based"
    return f"SELECT *, _base + (CASE WHEN _turn <= _left THEN 1 ELSE 0 END) AS _credit FROM ({turned}) AS _turned"
