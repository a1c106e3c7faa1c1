"""Rows and the rows that they belong to: sums, counts and extremes along a link, and places within groups."""

from __future__ import annotations

from functools import cached_property
from math import lcm
from typing import Any

import numpy as np

from kaohe.columns.ints import LARGEST, Array, Ints
from kaohe.columns.marks import MISSING, NONE
from kaohe.columns.numbers import Column


def begins_another(ranked: Array) -> Array:
    """Where rows in order begin another value than the row before; the first row always does."""
    found = np.ones(ranked.size, dtype=bool)
    found[1:] = ranked[1:] != ranked[:-1]
    return found


class Links:
    """Which row of a parent each row belongs to (-1: none), and sums along it."""

    def __init__(self, parent: Array, size: int) -> None:
        self.parent = parent
        self.size = size

    @cached_property
    def _segments(self) -> tuple[Array | None, Array, Array]:
        """Row order by parent (None: already in order), first positions and parents of non-empty groups."""
        parent = self.parent
        in_order = bool((parent[1:] >= parent[:-1]).all()) if parent.size else True
        order = None if in_order and (parent.size == 0 or parent[0] >= 0) else np.argsort(parent, kind="stable")
        ranked = parent if order is None else parent[order]
        skip = int(np.searchsorted(ranked, 0))
        order = order[skip:] if order is not None else None
        ranked = ranked[skip:]
        firsts = np.flatnonzero(begins_another(ranked))
        return order, firsts, ranked[firsts]

    @cached_property
    def linked(self) -> int:
        """How many rows have a parent."""
        return int((self.parent >= 0).sum())

    @cached_property
    def most(self) -> int:
        """The size of the largest group."""
        _, firsts, _ = self._segments
        return int(np.diff(np.append(firsts, self.linked)).max()) if firsts.size else 0

    def rows_of(self, parents: Array) -> Array:
        """The rows that belong to any of these parents, in their own order."""
        order, firsts, groups = self._segments
        ends = np.append(firsts[1:], self.linked)
        places = np.searchsorted(groups, parents)
        spans = [(firsts[at], ends[at]) for at, parent in zip(places, parents, strict=True) if at < groups.size and groups[at] == parent]
        found = np.concatenate([np.arange(0), *(np.arange(start, stop) for start, stop in spans)])
        return np.sort(found if order is None else order[found])

    def _reduce(self, rows: Array, act: np.ufunc, empty: int, dtype: Any) -> Array:
        order, firsts, parents = self._segments
        found = np.full(self.size, empty, dtype=dtype)
        if firsts.size:
            ranked = rows if order is None else rows[order]
            found[parents] = act.reduceat(ranked, firsts)
        return found

    def _full(self, rows: Array) -> Array:
        return np.broadcast_to(rows, self.parent.shape) if rows.size == 1 else rows

    def total(self, numbers: Ints) -> Ints:
        """The sum of each parent's numbers; 0 where there are none."""
        hi = numbers.hi * max(self.most, 1)
        if hi > LARGEST:
            numbers = numbers.tight()
            hi = numbers.hi * max(self.most, 1)
        if hi > LARGEST or numbers.v.dtype == object:
            return Ints(self._reduce(self._full(numbers.boxed), np.add, 0, object), hi).tight()
        return Ints(self._reduce(self._full(numbers.v), np.add, 0, np.int64), hi)

    def count(self, chosen: Array | None = None) -> Ints:
        """How many rows each parent has, of those chosen."""
        ones = np.ones(self.parent.size, dtype=np.int64) if chosen is None else self._full(chosen).astype(np.int64)
        return self.total(Ints(ones, 1))

    def any(self, chosen: Array) -> Array:
        """Whether any row of each parent is chosen."""
        return self.count(chosen).v > 0

    def sum(self, column: Column) -> Column:
        """The sum of each parent's rows; rows that are NONE are skipped, MISSING ones are passed on."""
        absent = None
        if column.absent is not None:
            owed = self._reduce(self._full(column.absent == MISSING), np.logical_or, 0, bool)
            absent = np.where(owed, MISSING, 0).astype(np.uint8)
        column = column.settled()
        if column.v is None:
            return Column(self.total(column.n), column.d, None, absent)
        v = self._multiples(column.v)
        of_row = np.where(self.parent >= 0, self.parent, 0)
        return Column(self.total(column.n * (v.take(of_row) // column.v)), column.d, v, absent)

    def _multiples(self, v: Ints) -> Ints:
        """A common multiple of each parent's denominators."""
        full = self._full(v.v)
        if v.hi ** max(self.most, 1) <= LARGEST and full.dtype != object:
            return Ints(self._reduce(full, np.lcm, 1, np.int64), v.hi ** max(self.most, 1))
        boxed = full if full.dtype == object else full.astype(object)
        return Ints(self._reduce(boxed, np.frompyfunc(lcm, 2, 1), 1, object), 0).tight()

    def given(self, column: Column) -> Ints:
        """How many of each parent's rows have a value."""
        return self.count(column.given().yes)

    def extreme(self, column: Column, largest: bool) -> Column:
        """The largest or smallest of each parent's rows; NONE where there is none."""
        rows = np.flatnonzero(self._full(column.given().yes) & (self.parent >= 0))
        keys = [key[rows] if key.size > 1 else np.broadcast_to(key, rows.shape) for key in column.sort_keys()]
        order = np.lexsort([*reversed(keys), self.parent[rows]])
        parents = self.parent[rows][order]
        last = begins_another(parents[::-1])[::-1] if largest else begins_another(parents)
        best = rows[order[last[: parents.size]]] if parents.size else rows
        place = np.full(self.size, -1, dtype=np.int64)
        place[self.parent[best]] = best
        owed = np.zeros(self.size, dtype=bool)
        if column.absent is not None:
            owed = self._reduce(self._full(column.absent == MISSING), np.logical_or, 0, bool)
        marks = np.where(owed, MISSING, np.where(place < 0, NONE, 0)).astype(np.uint8)
        if column.n.v.size == 0:
            return Column(Ints(np.zeros(self.size, dtype=np.int64), 0), 1, None, marks)
        best_of_each = column.take(np.where(place < 0, 0, place))
        return Column(best_of_each.n, best_of_each.d, best_of_each.v, marks)


def rank(column: Column, groups: Array, ranked: Array, higher_is_better: bool = True) -> Column:
    """Each ranked row's place within its group: ties share the better place (1, 2, 2, 4); others NONE.

    Shape:  column (rows,), groups (rows,) of group numbers, ranked (rows,) of yes and no
    Exact:  compares integers; no rounding, no dependence on the order of rows
    """
    rows = np.flatnonzero(ranked & column.given().yes)
    ordered = -column if higher_is_better else column
    keys = [key[rows] if key.size > 1 else np.broadcast_to(key, rows.shape) for key in ordered.sort_keys()]
    order = _order(keys, groups[rows])
    team = groups[rows][order]
    starts = begins_another(team)
    changes = starts.copy()
    for key in keys:
        sorted_key = key[order]
        changes[1:] |= sorted_key[1:] != sorted_key[:-1]
    position = np.arange(rows.size)
    first_of_team = np.maximum.accumulate(np.where(starts, position, 0))
    first_of_tie = np.maximum.accumulate(np.where(changes, position, 0))
    places = np.zeros(ranked.size, dtype=np.int64)
    places[rows[order]] = first_of_tie - first_of_team + 1
    return Column(Ints(places, ranked.size), 1, None, np.where(places == 0, NONE, 0).astype(np.uint8))


def _order(keys: list[Array], groups: Array) -> Array:
    """Rows in order of group, then keys: one sort of one combined key where that fits 64 bits."""
    if len(keys) == 1 and keys[0].dtype != object and keys[0].size:
        low, high = int(keys[0].min()), int(keys[0].max())
        span = high - low + 1
        if span * (int(groups.max()) + 1) <= LARGEST:
            return np.argsort(groups * span + (keys[0] - low))
    return np.lexsort([*reversed(keys), groups])
