"""One row for each combination of keys: people by day, inspections by form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kaohe.measuring.conditions import Expression
from kaohe.measuring.definitions import Column, ColumnType, Grouped
from kaohe.measuring.deriving.making import FILE, PLACE, ROW, UNKNOWN, Maker, Shape, looked_up, lookups_of, made_column
from kaohe.measuring.dialects import Dialect
from kaohe.measuring.problems import FieldWrong

TYPES: dict[str, ColumnType] = {"number": "number", "text": "text", "date": "date", "datetime": "datetime", "yes_no": "yes_no"}


def make_grouped(way: Grouped, maker: Maker) -> Shape:
    """A table of groups."""
    where, dialect = maker.condition(way.where, "where"), maker.dialect
    keys = {name: (quoted, maker.scope.columns.get(name, UNKNOWN)) for name, quoted in zip(way.per, maker.keys(way.per), strict=True)}
    for name, moment in way.days.items():
        maker.column(moment, ("datetime",), "days")
        day = dialect.date_of(dialect.local(dialect.quoted(moment), maker.scope.zone))
        keys[name] = (day, made_column(name, "date"))
    asked = {name: _aggregate(name, column, maker) for name, column in way.columns.items()}
    columns = {**{name: column for name, (_, column) in keys.items()}, **{name: one.column for name, one in asked.items()}}

    def write(tables: Sequence[str]) -> str:
        values = [one.value for one in asked.values()]
        source = looked_up(tables[0], lookups_of(where, *values))
        named = [f"{sql} AS _g{i}" for i, (sql, _) in enumerate(keys.values())]
        named += [f"{value.sql} AS _v{i}" for i, value in enumerate(values)]
        groups = ", ".join(f"_g{i}" for i in range(len(keys)))
        kept = f" WHERE {dialect.surely(where.sql)}" if where else ""
        rows = f"SELECT {', '.join(named)}, {FILE}, {ROW} FROM {source} AS _all{kept}"
        numbered = f"SELECT *, row_number() OVER (PARTITION BY {groups} ORDER BY {FILE}, {ROW}) AS _nth FROM ({rows}) AS _rows"
        chosen = [f"_g{i} AS {dialect.quoted(name)}" for i, name in enumerate(keys)]
        chosen += [f"{one.write(f'_v{i}', dialect)} AS {dialect.quoted(name)}" for i, (name, one) in enumerate(asked.items())]
        chosen += [f"max(CASE WHEN _nth = 1 THEN {name} END) AS {name}" for name in PLACE]
        return f"SELECT {', '.join(chosen)} FROM ({numbered}) AS _numbered GROUP BY {groups}"

    return Shape(columns, write)


@dataclass(frozen=True)
class _Aggregate:
    """A column of a group: what is looked at in each row, and what the group's is."""

    value: Expression
    column: Column
    write: Callable[[str, Dialect], str]


AGGREGATES: dict[str, tuple[str | None, Callable[[str, Dialect], str]]] = {
    "count": ("yes_no", lambda value, dialect: f"count(*){dialect.filtered(value)}"),
    "any": ("yes_no", lambda value, dialect: f"CAST(max(CASE WHEN {value} THEN 1 ELSE 0 END) = 1 AS BOOLEAN)"),
    "sum": ("number", lambda value, dialect: dialect.as_whole(dialect.total(value, None))),
    "first": (None, lambda value, dialect: f"min({value})"),
    "last": (None, lambda value, dialect: f"max({value})"),
}


def _aggregate(name: str, parts: Mapping[Any, str], maker: Maker) -> _Aggregate:
    (way, text), *more = parts.items() or (("count", "yes"),)
    if more:
        zh, en = "只能写一种合计", "takes one way of adding up"
        maker.problems.append(FieldWrong(maker.place_of(("columns", name)), [name], field=name, why_zh=zh, why_en=en))
    kind, write = AGGREGATES[way]
    value = maker.condition(text, "columns") if kind == "yes_no" else maker.value(text, "columns")
    value = value or Expression("NULL", "unknown")
    if kind == "number" and value.kind not in ("number", "unknown"):
        zh, en = "应是数字", "has to be a number"
        maker.problems.append(FieldWrong(maker.place_of(("columns", name)), [name], field=name, why_zh=zh, why_en=en))
    return _Aggregate(value, _aggregate_column(name, way, value), write)


def _aggregate_column(name: str, way: str, value: Expression) -> Column:
    if way == "count":
        return made_column(name, "whole", needed=True)
    if way == "any":
        return made_column(name, "yes_no", needed=True)
    kind = TYPES.get(value.kind, "text")
    return made_column(name, "whole" if kind == "number" and not value.places else kind, places=min(value.places, 9))
