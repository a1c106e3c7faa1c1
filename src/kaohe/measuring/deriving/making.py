"""What the ways of making tables share: compiling what they say, and writing what they select.

Every row keeps `_file` and `_row`, those of the row that leads it: the asking message, the first of
a group. All of it is counting, comparing and ordering; nothing is divided but whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from kaohe.measuring.calendars import Lookup
from kaohe.measuring.conditions import Expression, Scope, compile_condition, compile_value
from kaohe.measuring.definitions import Column, ColumnType
from kaohe.measuring.dialects import Dialect
from kaohe.measuring.problems import FieldWrong, unknown_name
from kaohe.problems import Place, Problem, Problems

FILE, ROW = "_file", "_row"
PLACE = (FILE, ROW)
MOMENTS = ("date", "datetime")
KEYS = ("text", "whole", "date")

PlaceOf = Callable[[tuple[str, ...]], Place]
Write = Callable[[Sequence[str]], str]


@dataclass(frozen=True)
class Shape:
    """A table's columns, and how its rows are selected from the tables that it is made of."""

    columns: dict[str, Column]
    write: Write


@dataclass
class Maker:
    """Compiles what a way of making a table says, collecting what is wrong with it."""

    scopes: Sequence[Scope]
    place_of: PlaceOf
    problems: list[Problem] = field(default_factory=list)

    @property
    def scope(self) -> Scope:
        """That of the first table."""
        return self.scopes[0]

    @property
    def dialect(self) -> Dialect:
        """What is written in."""
        return self.scope.dialect

    def condition(self, text: str | None, name: str) -> Expression | None:
        """A condition over the first table, compiled."""
        return self._compiled(compile_condition, text, name, self.scope)

    def other_condition(self, text: str | None, name: str) -> Expression | None:
        """A condition over the second table, compiled."""
        return self._compiled(compile_condition, text, name, self.scopes[1])

    def value(self, text: str | None, name: str) -> Expression | None:
        """A value over the first table, compiled."""
        return self._compiled(compile_value, text, name, self.scope)

    def column(self, name: str, types: tuple[str, ...], field: str, scope: Scope | None = None) -> Column:
        """A column of a table, of one of these types."""
        columns = (scope or self.scope).columns
        column = columns.get(name)
        if column is None:
            self.problems.append(unknown_name(self.place_of((field,)), name, ("列", "column"), columns))
            return UNKNOWN
        if types and column.type not in types:
            zh, en = f"列 {name} 的类型是 {column.type}", f"column {name} is {column.type}, it has to be {'/'.join(types)}"
            self.problems.append(FieldWrong(self.place_of((field,)), [name], field=field, why_zh=zh, why_en=en))
        return column

    def needed(self, name: str, types: tuple[str, ...], field: str) -> Column:
        """A column of the first table, of one of these types, that is never missing."""
        column = self.column(name, types, field)
        if not column.needed and column is not UNKNOWN:
            zh, en = f"列 {name} 应写 needed: true", f"column {name} has to say needed: true"
            self.problems.append(FieldWrong(self.place_of((field,)), [name], field=field, why_zh=zh, why_en=en))
        return column

    def keys(self, names: Iterable[str], field: str = "per") -> list[str]:
        """The key columns, quoted."""
        for name in names:
            self.column(name, KEYS, field)
        return [self.dialect.quoted(name) for name in names]

    def needed_keys(self, names: Sequence[str], field: str = "per") -> list[str]:
        """The key columns, quoted; the first one is never missing."""
        self.needed(names[0], KEYS, field)
        return self.keys(names, field)

    def _compiled(self, compile: Callable[[str, Scope, Place], Expression], text: str | None, name: str, scope: Scope) -> Expression | None:
        if text is None:
            return None
        try:
            return compile(text, scope, self.place_of((name,)))
        except Problems as found:
            self.problems += found
            return None


UNKNOWN = Column.model_validate({"from": "?"})


def looked_up(table: str, lookups: Iterable[Lookup]) -> str:
    """A table with the calendars' columns that some expressions look up."""
    for lookup in sorted(set(lookups), key=lambda one: (one.calendar, one.day)):
        table = lookup.joined(table)
    return table


def lookups_of(*expressions: Expression | None) -> set[Lookup]:
    """The days of calendars that some expressions look up."""
    return {lookup for one in expressions if one is not None for lookup in one.lookups}


def selected(columns: Iterable[str], dialect: Dialect) -> str:
    """Some columns and the row's place, as a list of a query."""
    return ", ".join(dialect.quoted(name) for name in [*columns, *PLACE])


def all_there(keys: Iterable[str]) -> str:
    """The condition that no key is missing."""
    return " AND ".join(f"{key} IS NOT NULL" for key in keys)


def in_order(at: str, way: str = "ASC") -> str:
    """By time, and where that leaves a tie by place."""
    return f"{at} {way} NULLS LAST, {FILE} {way}, {ROW} {way}"


def windowed(keys: Sequence[str], order: str) -> str:
    """What a window function looks over."""
    return f"PARTITION BY {', '.join(keys)} ORDER BY {order}"


def may_miss(column: Column) -> Column:
    """A moment that may be missing."""
    return column.model_copy(update={"needed": False})


def made_column(name: str, type: ColumnType, needed: bool = False, places: int = 0) -> Column:
    """A column that a way of making tables adds."""
    return Column.model_validate({"from": name, "type": type, "needed": needed, "places": places})
