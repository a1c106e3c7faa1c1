"""Delimited text: CSV as spreadsheets and programs write it, in UTF-8 or GBK, separated by comma, semicolon or tab."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import numpy as np

from kaohe.packed import Array, Coded, Codes
from kaohe.problems import Place
from kaohe.sources.bounds import LIMITS, Limits, telling_damage, text_of, too_large, unreadable
from kaohe.sources.grids import Grid, grid_of

SEPARATORS = (",", ";", "\t")
BATCH = 20_000


def read_delimited(path: Path, limits: Limits = LIMITS) -> Grid:
    """The grid of a text file; Problems where it is too large or no text. Row 1 holds the headings."""
    place = Place(file=str(path))
    with text_of(path, place, limits) as text, telling_damage(place):
        try:
            head = text.readline()
            return _grid(csv.reader(chain([head], text), delimiter=_separator(head), strict=True), place, limits)
        except (csv.Error, UnicodeError) as error:
            raise unreadable(place, f"CSV 有误：{error}", f"bad CSV: {error}") from None


def _separator(head: str) -> str:
    """The separator that the headings hold most of."""
    return max(SEPARATORS, key=head.count)


def _grid(reader: Iterator[list[str]], place: Place, limits: Limits) -> Grid:
    headings = next(reader, [])
    if len(headings) > limits.columns:
        raise too_large(place, "列数", "the number of columns", len(headings), limits.columns)
    columns = _Columns(len(headings))
    while batch := list(islice(reader, BATCH)):
        if max(map(len, batch)) > limits.columns:
            raise too_large(place, "列数", "the number of columns", max(map(len, batch)), limits.columns)
        columns.add(batch)
        if columns.size > limits.rows:
            raise too_large(place, "行数", "the number of rows", columns.size, limits.rows)
    return grid_of(headings, columns.cells(), np.arange(2, columns.size + 2), place)


class _Columns:
    """Takes rows of text as they come and keeps each different cell of a column once."""

    def __init__(self, width: int) -> None:
        self.size = 0
        self.codes: list[Codes] = []
        self.parts: list[list[Array]] = []
        self._widen(width)

    def _widen(self, width: int) -> None:
        while len(self.codes) < width:
            self.codes.append(Codes({"": 0}))
            self.parts.append([np.zeros(self.size, dtype=np.int32)])

    def add(self, rows: list[list[str]]) -> None:
        """Add rows; shorter ones end in empty cells."""
        self._widen(max(map(len, rows)))
        width = len(self.codes)
        full = [row if len(row) == width else [*row, *([""] * (width - len(row)))] for row in rows]
        for column, cells in enumerate(zip(*full, strict=True)):
            self.parts[column].append(self.codes[column].of(cells, len(rows)).astype(np.int32))
        self.size += len(rows)

    def cells(self) -> list[Coded]:
        """The columns so far."""
        return [Coded(np.concatenate(parts).astype(np.int64), list(codes)) for parts, codes in zip(self.parts, self.codes, strict=True)]
