"""Marks of absence: a row's figure is there, or there was nothing to measure, or somebody owes it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kaohe.columns.ints import Array

Marks = NDArray[np.uint8]

NONE = 1
MISSING = 2


def worse(a: Marks | None, b: Marks | None) -> Marks | None:
    """The worse mark of both, row by row: what somebody owes outweighs what cannot be measured."""
    if a is None:
        return b
    return a if b is None else np.maximum(a, b)


def rows_of_marks(marks: Marks | None, rows: Array) -> Marks | None:
    """The marks at `rows`; None where nothing there is absent."""
    if marks is None:
        return None
    taken = marks if marks.size == 1 and rows.size != 1 else marks[rows]
    return taken if taken.any() else None


def pick_marks(chosen: Array, mine: Marks | None, theirs: Marks | None) -> Marks | None:
    """Mine where `chosen`, the other's elsewhere."""
    if mine is None and theirs is None:
        return None
    zero = np.zeros(1, dtype=np.uint8)
    return np.where(chosen, zero if mine is None else mine, zero if theirs is None else theirs).astype(np.uint8)
