"""The shape of an explanation: lines of figures, each with what it rests on, down to the records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from kaohe.facts import Frame, Measured
from kaohe.numbers import write_number
from kaohe.problems import Language, Place

Shown = Fraction | str | bool | None


def _place_data(place: Place) -> dict[str, object]:
    return {key: value for key, value in vars(place).items() if value not in ("", None)}


def _as_text(cells: dict[str, object]) -> dict[str, str]:
    return {name: str(cell) for name, cell in cells.items()}


@dataclass(frozen=True)
class Record:
    """One record behind a figure: where it stands, what it says, what it gives and how often it counts."""

    frame: Frame
    row: int
    effect: Fraction | None = None
    times: int = 1
    told: Callable[[dict[str, object]], dict[str, str]] = field(default=_as_text, compare=False, repr=False)

    @property
    def place(self) -> Place:
        """Where the record stands in its source."""
        return self.frame.record(self.row)[0]

    @property
    def cells(self) -> dict[str, object]:
        """The cells of the record that are not empty."""
        return self.frame.record(self.row)[1]

    @property
    def words(self) -> dict[str, str]:
        """The cells as people call and write them, without what the line above says already."""
        return self.told(self.cells)

    def as_data(self) -> dict[str, object]:
        """The record as plain data."""
        cells = {name: cell if isinstance(cell, (int, bool)) else str(cell) for name, cell in self.cells.items()}
        effect = {} if self.effect is None else {"effect": write_number(self.effect)}
        return {"place": _place_data(self.place), "cells": cells, **effect, **({} if self.times == 1 else {"times": self.times})}


class Origin(NamedTuple):
    """The cell that a fact was read from."""

    frame: Frame
    column: str
    row: int

    @property
    def place(self) -> Place | None:
        """Where the cell stands; None where nothing was written."""
        return self.frame.place(self.column, self.row)


class Line(NamedTuple):
    """One figure, how it came about, and the figures and records that it rests on.

    `value` is exact, and `arithmetic`, where there is any, evaluates to it; `reported` is the
    figure as the scheme rounds it, where that differs. An absent value says in `mark` whether
    there was `none` to measure or somebody owes a fact (`missing`). A line told before in the
    same explanation comes again as `seen`, without what is beneath it.
    """

    id: str
    name: str
    value: Shown = None
    reported: Fraction | None = None
    mark: str = ""
    clause: str = ""
    rule: str = ""
    phrase: str = ""
    arithmetic: str = ""
    whose: str = ""
    children: tuple[Line, ...] = ()
    records: tuple[Record, ...] = ()
    measured: Measured | None = None
    origin: Origin | None = None
    seen: bool = False

    @property
    def place(self) -> Place | None:
        """Where a fact was written, if it was."""
        return None if self.origin is None else self.origin.place

    def again(self) -> Line:
        """The line where it is told again: the figure, without what is beneath it."""
        return Line(self.id, self.name, self.value, mark=self.mark, clause=self.clause, whose=self.whose, seen=True)

    def walk(self) -> Iterator[Line]:
        """This line and all beneath it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def as_data(self) -> dict[str, object]:
        """The line as plain data; what is empty is left out."""
        parts: dict[str, object] = {
            "mark": self.mark,
            "reported": None if self.reported is None else write_number(self.reported),
            "clause": self.clause,
            "rule": self.rule,
            "phrase": self.phrase,
            "arithmetic": self.arithmetic,
            "whose": self.whose,
            "measured": None if self.measured is None else vars(self.measured),
            "place": None if self.place is None else _place_data(self.place),
            "seen": self.seen,
            "records": [record.as_data() for record in self.records],
            "children": [child.as_data() for child in self.children],
        }
        value = write_number(self.value) if isinstance(self.value, Fraction) else self.value
        return {"id": self.id, "name": self.name, "value": value, **{key: part for key, part in parts.items() if part}}


@dataclass(frozen=True)
class Explanation:
    """One subject's story: the lines from the items to the actions, in the order of the scorecard."""

    subject: str
    name: str
    language: Language
    scheme: str
    version: str
    period: tuple[str, str]
    status: str
    lines: tuple[Line, ...] = field(default_factory=tuple)

    def line(self, id: str) -> Line:
        """The first line of this id; a KeyError where there is none."""
        for line in self.walk():
            if line.id == id and not line.seen:
                return line
        raise KeyError(id)

    def walk(self) -> Iterator[Line]:
        """Every line, from the top."""
        for line in self.lines:
            yield from line.walk()

    def as_data(self) -> dict[str, object]:
        """The explanation as plain data, for JSON: numbers as text, in full."""
        head = {key: value for key, value in vars(self).items() if key not in ("lines", "period")}
        return {**head, "period": list(self.period), "lines": [line.as_data() for line in self.lines]}
