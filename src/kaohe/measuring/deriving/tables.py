"""All tables of some definitions: those of events, and those made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kaohe.measuring.conditions import Scope
from kaohe.measuring.definitions import Column, Credits, Definitions, Derivation, Derived, Followed, Grouped, Matched, Parts, Rounds
from kaohe.measuring.deriving.credits import make_credits
from kaohe.measuring.deriving.followed import make_followed
from kaohe.measuring.deriving.grouped import make_grouped
from kaohe.measuring.deriving.making import Maker, PlaceOf, Shape
from kaohe.measuring.deriving.matched import make_matched
from kaohe.measuring.deriving.parts import make_parts
from kaohe.measuring.deriving.rounds import make_rounds
from kaohe.measuring.dialects import DUCKDB, Dialect
from kaohe.measuring.problems import FieldWrong, unknown_name
from kaohe.problems import NOWHERE, refuse

# Each way is a function from its settings and the tables below it to a shape.
WAYS: dict[type[Derivation], Callable[[Any, Maker], Shape]] = {
    Rounds: make_rounds,
    Parts: make_parts,
    Followed: make_followed,
    Matched: make_matched,
    Grouped: make_grouped,
    Credits: make_credits,
}


@dataclass
class Tables:
    """All tables of some definitions, in one dialect: their columns, and what to select their rows from."""

    definitions: Definitions
    dialect: Dialect = DUCKDB
    as_of: date | None = None
    shapes: dict[str, Shape] = field(default_factory=dict)

    def scope(self, id: str) -> Scope:
        """What the expressions over a table may name; raises Problems for a table that cannot be made."""
        definitions = self.definitions
        return Scope(self.columns(id), definitions.zone, self.dialect, definitions.calendars, as_of=self.as_of)

    def columns(self, id: str) -> dict[str, Column]:
        """A table's columns."""
        source = self.definitions.sources.get(id)
        return source.columns if source else self.shape(id).columns

    def shape(self, id: str, place_of: PlaceOf = lambda path: NOWHERE) -> Shape:
        """How a derived table is made."""
        if id not in self.shapes:
            self.shapes[id] = self._made(id, place_of)
        return self.shapes[id]

    def sql(self, id: str, source: Callable[[str], str]) -> str:
        """What to select a table's rows from, in brackets; `source` says it for the tables of events."""
        if id in self.definitions.sources:
            return source(id)
        return f"({self.shape(id).write([self.sql(one, source) for one in self.definitions.derived[id].tables])})"

    def _made(self, id: str, place_of: PlaceOf) -> Shape:
        derived = self.definitions.derived.get(id)
        if derived is None:
            refuse([unknown_name(place_of(()), id, ("表", "table"), [*self.definitions.sources, *self.definitions.derived])])
            raise AssertionError
        known = [*self.definitions.sources, *self.definitions.derived]
        refuse(unknown_name(place_of(()), one, ("表", "table"), known) for one in derived.tables if one not in known)
        if id in self.definitions.below(id):
            why = {"why_zh": f"{id} 由自身导出", "why_en": f"{id} is made of itself"}
            refuse([FieldWrong(place_of(()), [id], field=id, **why)])
        return _shape(derived, [self.scope(one) for one in derived.tables], place_of)


def _shape(derived: Derived, scopes: Sequence[Scope], place_of: PlaceOf) -> Shape:
    way = derived.way
    maker = Maker(scopes, place_of)
    shape = WAYS[type(way)](way, maker)
    refuse(maker.problems)
    return shape
