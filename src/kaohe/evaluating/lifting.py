"""A parent's figure seen from its children: a person's team, a record's person."""

from __future__ import annotations

import numpy as np

from kaohe.columns import NONE, AnyColumn, Array, Column, Ints, Links, Marks, Truth, Words


def lift(found: AnyColumn, links: Links) -> AnyColumn:
    """A parent's column seen from the children; a child without a parent has none."""
    if found_size(found) == 1 and links.size != 1:
        return found
    parent = links.parent
    if (parent >= 0).all():
        return found.take(parent)
    rows = np.where(parent < 0, 0, parent)
    orphan = np.where(parent < 0, NONE, 0).astype(np.uint8)
    if isinstance(found, Words):
        codes = found.codes[rows] if found.codes.size else np.full(rows.size, -1, dtype=np.int64)
        return Words(np.where(parent < 0, -1, codes), found.vocabulary)
    if found_size(found) == 0 or (isinstance(found, Column) and found.n.v.size == 0):
        return _nothing(found, orphan)
    taken = found.take(rows)
    return taken.where(parent >= 0, Column.none()) if isinstance(taken, Column) else _marked(taken, orphan)


def _nothing(found: AnyColumn, orphan: Marks) -> AnyColumn:
    if isinstance(found, Truth):
        return Truth(np.zeros(orphan.size, dtype=bool), orphan)
    return Column(Ints(np.zeros(orphan.size, dtype=np.int64), 0), 1, None, orphan)


def _marked(found: AnyColumn, marks: Marks) -> AnyColumn:
    assert isinstance(found, Truth)
    return Truth(found.yes, marks if found.absent is None else np.where(marks != 0, marks, found.absent).astype(np.uint8))


def found_size(found: AnyColumn) -> int:
    """How many rows a column has; one for a constant."""
    return found.size


def lift_number(column: Column, codes: Array) -> Column:
    """A group's figure seen from its members; none for who is in no group."""
    found = lift(column, Links(codes, max(column.size, 1)))
    assert isinstance(found, Column)
    return found


def lift_ints(numbers: Ints, codes: Array) -> Ints:
    """A group's count seen from its members; 0 for who is in no group."""
    if numbers.v.size == 0:
        return Ints(np.zeros(codes.size, dtype=np.int64), 0)
    return Ints(np.where(codes < 0, 0, numbers.v[np.where(codes < 0, 0, codes)]), numbers.hi)
