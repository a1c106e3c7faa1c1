"""A part of a rule that worked cases have to exercise, and how one row of a result shows that they did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from kaohe.explaining.rows import Absent, RowReader, Value
from kaohe.numbers import write_number
from kaohe.plan import Plan, Tree

# From a row of a figure's own frame to the rows at which a part of its formula is looked at.
Way = Callable[[RowReader, int], Iterable[int]]


@dataclass(frozen=True)
class Goal:
    """One thing that must have happened in some row of a figure, told by its name."""

    name: str
    seen: Callable[[RowReader, int], bool]


@dataclass(frozen=True)
class Spot:
    """Where a formula stands: its tree, its frame, and the way there from the rows of the figure that it belongs to."""

    plan: Plan
    tree: Tree
    frame: str
    way: Way

    def at(self, tree: Tree) -> Spot:
        """Another formula of the same place."""
        return Spot(self.plan, tree, self.frame, self.way)

    def where(self, holds: Callable[[RowReader, int], bool]) -> Spot:
        """The same formula, looked at only in rows in which something holds."""
        return Spot(self.plan, self.tree, self.frame, lambda reader, row: (at for at in self.way(reader, row) if holds(reader, at)))

    def along(self, tree: Tree, frame: str, step: Way) -> Spot:
        """A formula of another frame, one step further on."""

        def way(reader: RowReader, row: int) -> Iterator[int]:
            for at in self.way(reader, row):
                yield from step(reader, at)

        return Spot(self.plan, tree, frame, way)

    def goal(self, name: str, holds: Callable[[RowReader, int], bool]) -> Goal:
        """Something that must hold in a row at which the formula is looked at."""
        kind, _, rest = self.frame.partition(".")
        where = f"{rest or kind}: " if kind in ("event", "rating", "history") else ""
        return Goal(where + name, lambda reader, row: any(holds(reader, at) for at in self.way(reader, row)))

    def value(self, reader: RowReader, row: int) -> Value:
        """What the formula gives in one row of its frame."""
        return reader.value(self.tree, self.frame, row)

    def gives(self, name: str, wanted: Value) -> Goal:
        """That the formula gives this value somewhere."""
        return self.goal(name, lambda reader, row: self.value(reader, row) == wanted)


def start(plan: Plan, tree: Tree, frame: str) -> Spot:
    """A formula of a figure, looked at in every row of the figure."""
    return Spot(plan, tree, frame, lambda reader, row: (row,))


def is_absent(value: Value) -> bool:
    """Whether there is no value: nothing to measure, or somebody owes a fact."""
    return isinstance(value, Absent)


def shown(number: Fraction) -> str:
    """A number as the name of a goal has it."""
    return write_number(number)
