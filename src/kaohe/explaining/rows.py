"""One row of what scoring computed: any formula of a plan, read for one person, week or record.

Figures are read from their columns, never computed again; what a formula does between figures is
followed with single fractions. Looks at groups and over earlier periods go through the columns
too, which are kept: the first look costs a column, every later one a row.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from enum import Enum
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np

from kaohe.columns import NONE, AnyColumn, Array, Column, Truth
from kaohe.evaluating import FUNCTIONS, Evaluator
from kaohe.numbers import day_number
from kaohe.plan import Tree
from kaohe.rules.arithmetic import exact
from kaohe.rules.bands import Band


class Absent(Enum):
    """Why there is no value: nothing to measure, or somebody owes a fact."""

    NONE = 1
    MISSING = 2

    @property
    def word(self) -> str:
        """The kind of absence in one word."""
        return self.name.lower()


Value = Fraction | bool | str | Absent
Made = TypeVar("Made")
CHEAP = {"num", "yes", "no", "none", "word"}


def cell(column: AnyColumn, row: int) -> Value:
    """One row of a column."""
    if row < 0:
        return Absent.NONE
    found = column[row]
    if found is not None:
        return found
    if isinstance(column, Column):
        return Absent(column.mark(row))
    marks = column.absent if isinstance(column, Truth) else None
    return Absent.NONE if marks is None else Absent(int(marks[row if marks.size > 1 else 0]))


class RowReader:
    """Reads formulas of one plan for single rows of its frames."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.plan = evaluator.plan
        self.facts = evaluator.facts
        self._below: dict[tuple[str, str], tuple[Array, Array]] = {}
        self._kept: dict[Any, tuple[object, AnyColumn]] = {}
        self._once: dict[Hashable, Any] = {}
        self._cells: dict[tuple[str, str, int], Value] = {}
        self._values: dict[tuple[int, str, int], tuple[Tree, Value]] = {}

    def forget(self) -> None:
        """Drop the single cells of the explanation before; columns and ways to the records stay."""
        self._cells = {}
        self._values = {}

    def value(self, tree: Tree, frame: str, row: int) -> Value:
        """What a formula gives in one row."""
        head = tree[0]
        if head == "node":
            return self.node(tree[1], row)
        if head == "fact":
            return self.fact(frame, tree[1], row)
        if head in CHEAP:
            return _READERS[head](self, tree, frame, row)
        key = (id(tree), frame, row)
        known = self._values.get(key)
        if known is None:
            # the tree is held beside its value, so that no other can come to bear its identity
            known = self._values[key] = tree, _READERS[head](self, tree, frame, row)
        return known[1]

    def number(self, tree: Tree, frame: str, row: int) -> Fraction | None:
        """The number that a formula gives in one row, if there is one."""
        found = self.value(tree, frame, row)
        return found if isinstance(found, Fraction) else None

    def holds(self, tree: Tree | None, frame: str, row: int) -> bool:
        """Whether a condition is known to hold; none at all holds."""
        return tree is None or self.value(tree, frame, row) is True

    def node(self, id: str, row: int) -> Value:
        """One row of a figure's column."""
        found = self._cells.get(("", id, row))
        if found is None:
            found = self._cells["", id, row] = cell(self.evaluator.node(id), row)
        return found

    def fact(self, frame: str, column: str, row: int) -> Value:
        """One row of a fact's column."""
        found = self._cells.get((frame, column, row))
        if found is None:
            found = self._cells[frame, column, row] = cell(self.facts.frames[frame].columns[column], row)
        return found

    def parent(self, frame: str, row: int, above: str) -> int:
        """The row of another frame that a row belongs to; -1 for none."""
        return int(self.evaluator.links(frame, above).parent[row])

    def below(self, child: str, frame: str, row: int) -> list[int]:
        """The rows of `child` that belong to one row of `frame`, in order."""
        key = (child, frame)
        if key not in self._below:
            parents = self.evaluator.links(child, frame).parent
            order = np.argsort(parents, kind="stable")
            self._below[key] = order, parents[order]
        order, parents = self._below[key]
        first, last = np.searchsorted(parents, [row, row + 1])
        found: list[int] = order[first:last].tolist()
        return found

    def kept(self, tree: Tree, frame: str) -> AnyColumn:
        """The whole column of a formula, computed once."""
        return self.keep((id(tree), frame), tree, lambda: self.evaluator.value(tree, frame))

    def keep(self, key: Any, owner: object, make: Callable[[], AnyColumn]) -> AnyColumn:
        """A column made once; `owner` is held, so that nothing else can come to bear its identity."""
        if key not in self._kept:
            self._kept[key] = owner, make()
        return self._kept[key][1]

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Something of the plan that is the same for every subject, made once."""
        if key not in self._once:
            self._once[key] = make()
        found: Made = self._once[key]
        return found

    def beside(self, tree: Tree, frame: str, how: str, value: Tree | None) -> AnyColumn:
        """The column of a look at the same group, with another question asked of it."""
        other = ["over", how, tree[2], value, tree[4]]
        return self.keep((id(tree), frame, how, value is None), (tree, other), lambda: self.evaluator.value(other, frame))

    def times(self, child: str, row: int) -> int:
        """How often a record counts."""
        if not child.startswith("event."):
            return 1
        count = self.facts.frames[child].columns["count"][row]
        return int(count) if isinstance(count, Fraction) else 1

    def chosen(self, tree: Tree, frame: str, row: int) -> list[int]:
        """The rows that an aggregate takes for one row."""
        _, how, child, value, where = tree
        rows = [below for below in self.below(child, frame, row) if self.holds(where, child, below)]
        return rows if how not in ("count", "any") else [below for below in rows if self.holds(value, child, below)]


def _worst(*values: Value) -> Absent | None:
    found = None
    for value in values:
        if value is Absent.MISSING:
            return value
        found = Absent.NONE if value is Absent.NONE else found
    return found


def _at(reader: RowReader, tree: Tree, frame: str, row: int) -> Value:
    above = reader.parent(frame, row, tree[1])
    return Absent.NONE if above < 0 else reader.value(tree[2], tree[1], above)


def _config(reader: RowReader, tree: Tree, frame: str, row: int) -> Value:
    value = reader.facts.config.get(tree[1])
    if len(tree) > 2 and value is not None:
        value = value.get(tree[2])
    return value if isinstance(value, (bool, str, Fraction)) else Absent.NONE


def _owed(reader: RowReader, tree: Tree, frame: str, row: int) -> Value:
    found = reader.value(tree[1], frame, row)
    if not isinstance(found, Absent):
        return found
    return Absent.MISSING if reader.holds(tree[2], frame, row) else Absent.NONE


def _number_of(reader: RowReader, tree: Tree, frame: str, row: int) -> Value:
    word = reader.value(tree[1], frame, row)
    return exact(tree[2][word]) if isinstance(word, str) and word in tree[2] else Absent.NONE


def _both(reader: RowReader, tree: Tree, frame: str, row: int) -> tuple[Fraction, Fraction] | Absent:
    """Both sides of an operation, or why there is none."""
    one, other = reader.value(tree[1], frame, row), reader.value(tree[2], frame, row)
    absent = _worst(one, other)
    if absent is not None:
        return absent
    assert isinstance(one, Fraction)
    assert isinstance(other, Fraction)
    return one, other


def _arithmetic(reader: RowReader, tree: Tree, frame: str, row: int) -> Value:
    both = _both(reader, tree, frame, row)
    if isinstance(both, Absent):
        return both
    one, other = both
    if tree[0] == "/":
        return one / other if other else Absent.NONE
    return {"+": Fraction.__add__, "-": Fraction.__sub__, "*": Fraction.__mul__}[tree[0]](one, other)


def _negative(reader: RowReader, tree: Tree, frame: str, row: int) -> Value:
    found = reader.value(tree[1], frame, row)
    return -found if isinstance(found, Fraction) else found


def _compare(reader: RowReader, tree: Tree, frame: str, row: int) -> Value:
    both = _both(reader, tree, frame, row)
    if isinstance(both, Absent):
        return both
    one, other = both
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other, "==": one == other}[tree[0]]


def _logic(reader: RowReader, tree: Tree, frame: str, row: int) -> Value:
    """Three-valued: one that settles it settles it, whatever is unknown."""
    settling = tree[0] == "or"
    values = [reader.value(part, frame, row) for part in tree[1:]]
    return settling if any(value is settling for value in values) else _worst(*values) or not settling


def _not(reader: RowReader, tree: Tree, frame: str, row: int) -> Value:
    found = reader.value(tree[1], frame, row)
    return not found if isinstance(found, bool) else found


def _if(reader: RowReader, tree: Tree, frame: str, row: int) -> Value:
    test = reader.value(tree[1], frame, row)
    if not isinstance(test, Absent):
        return reader.value(tree[2] if test else tree[3], frame, row)
    yes, no = reader.value(tree[2], frame, row), reader.value(tree[3], frame, row)
    if isinstance(yes, str) or isinstance(no, str):
        return no
    return _worst(test, yes, no) or test if isinstance(yes, bool) or isinstance(no, bool) else test


def _same(reader: RowReader, tree: Tree, frame: str, row: int) -> Value:
    one = reader.value(tree[1], frame, row)
    return isinstance(one, str) and one == reader.value(tree[2], frame, row)


def _has(reader: RowReader, tree: Tree, frame: str, row: int) -> Value:
    words = reader.value(tree[1], frame, row)
    return isinstance(words, str) and tree[2] in words.split("|")


def _call(reader: RowReader, tree: Tree, frame: str, row: int) -> Value:
    values = [reader.value(part, frame, row) for part in tree[2:]]
    if tree[1] == "first":
        return next((value for value in values if not isinstance(value, Absent)), values[-1])
    if tree[1] in _FOLDS and all(isinstance(value, Fraction) for value in values):
        return _FOLDS[tree[1]](values)
    columns = [Column.const(value) if isinstance(value, Fraction) else Column.none(_mark(value)) for value in values]
    return cell(FUNCTIONS[tree[1]](*columns), 0)


def _mean(values: list[Any]) -> Fraction:
    return Fraction(sum(values, Fraction(0)) / len(values))


_FOLDS: dict[str, Callable[[list[Any]], Value]] = {"min": min, "max": max, "mean": _mean, "mean_given": _mean}


def _mark(value: Value) -> int:
    return value.value if isinstance(value, Absent) else NONE


def _bands(reader: RowReader, tree: Tree, frame: str, row: int) -> Value:
    figure = reader.value(tree[1], frame, row)
    if not isinstance(figure, Fraction):
        return figure
    met = next((place for place, band in enumerate(tree[2]) if Band.read(band).holds(figure)), None)
    return Fraction(0) if met is None else reader.value(tree[3][met], frame, row)


def _aggregate(reader: RowReader, tree: Tree, frame: str, row: int) -> Value:
    _, how, child, value, _ = tree
    rows = reader.chosen(tree, frame, row)
    if how == "any":
        return bool(rows)
    if how == "count":
        return Fraction(sum(reader.times(child, below) for below in rows))
    if how == "share":
        holding = sum(reader.times(child, below) for below in rows if reader.holds(value, child, below))
        return Fraction(holding, sum(reader.times(child, below) for below in rows)) if rows else Absent.NONE
    values = [reader.value(value, child, below) for below in rows]
    if any(value is Absent.MISSING for value in values):
        return Absent.MISSING
    given = [(found, reader.times(child, below)) for found, below in zip(values, rows, strict=True) if isinstance(found, Fraction)]
    return _of_values(how, given)


def _of_values(how: str, given: list[tuple[Fraction, int]]) -> Value:
    if how == "sum":
        return sum((value * times for value, times in given), Fraction(0))
    if not given:
        return Absent.NONE
    if how in ("min", "max"):
        return (min if how == "min" else max)(value for value, _ in given)
    return sum((value * times for value, times in given), Fraction(0)) / sum(times for _, times in given)


def _kept(reader: RowReader, tree: Tree, frame: str, row: int) -> Value:
    return cell(reader.kept(tree, frame), row)


def _day(name: str) -> Callable[[RowReader, Tree, str, int], Value]:
    return lambda reader, tree, frame, row: Fraction(day_number(getattr(reader.facts, name)))


_READERS: dict[str, Callable[[RowReader, Tree, str, int], Value]] = {
    "num": lambda reader, tree, frame, row: exact(tree[1]),
    "yes": lambda reader, tree, frame, row: True,
    "no": lambda reader, tree, frame, row: False,
    "none": lambda reader, tree, frame, row: Absent.NONE,
    "word": lambda reader, tree, frame, row: str(tree[1]),
    "start": _day("start"),
    "end": _day("end"),
    "as_of": _day("as_of"),
    "at": _at,
    "config": _config,
    "owed": _owed,
    "number_of": _number_of,
    "+": _arithmetic,
    "-": _arithmetic,
    "*": _arithmetic,
    "/": _arithmetic,
    "neg": _negative,
    "<": _compare,
    "<=": _compare,
    ">": _compare,
    ">=": _compare,
    "==": _compare,
    "is": lambda reader, tree, frame, row: reader.value(tree[1], frame, row) == tree[2],
    "same": _same,
    "among": lambda reader, tree, frame, row: reader.value(tree[1], frame, row) in tree[2],
    "has": _has,
    "and": _logic,
    "or": _logic,
    "not": _not,
    "if": _if,
    "given": lambda reader, tree, frame, row: not isinstance(reader.value(tree[1], frame, row), Absent),
    "call": _call,
    "bands": _bands,
    "agg": _aggregate,
    **dict.fromkeys(("member", "over", "run", "times", "latest", "previous", "assessed", "incomplete", "whole", "nothing_applies"), _kept),
}
