"""One column of cells against its declaration: what each cell says, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from kaohe.columns import MISSING, NONE, AnyColumn, Array, Column, Ints, Truth, Words
from kaohe.fact_problems import FactMalformed, FactNotAllowed, FactNotWhole, FactOutOfRange, FactUnknown
from kaohe.facts import is_blank
from kaohe.numbers import day_number, parse_date, parse_number, parse_yes_no, plain_text, write_number
from kaohe.problems import Problem
from kaohe.scheme import Declared
from kaohe.texts import listed, nearest

Fault = Callable[[dict[str, Any]], Problem]


@dataclass
class Cells:
    """A checked column: its values, where nothing was written, and the faults by row."""

    column: AnyColumn
    blank: Array
    faults: list[tuple[int, type[Problem], dict[str, object]]] = field(default_factory=list)


def read_cells(cells: Sequence[object], declared: Declared, vocabulary: tuple[str, ...] | None) -> Cells:
    """The cells of one column as its declaration reads them.

    A blank cell takes the default, or is NONE where the fact is optional and MISSING where it is
    owed. A faulty cell is absent in the column and told in `faults`.
    """
    if _is_whole_array(cells) and declared.kind not in ("date", "month", "text", "yes_no", "words"):
        return _read_array(np.asarray(cells), declared)
    blank = np.fromiter((is_blank(cell) for cell in cells), dtype=bool, count=len(cells))
    if declared.default is not None and blank.any():
        cells = [declared.default if empty else cell for cell, empty in zip(cells, blank, strict=True)]
    reader = _READERS.get(declared.kind, _read_numbers)
    return reader(cells, blank, declared, vocabulary)


def _is_whole_array(cells: Sequence[object]) -> bool:
    return isinstance(cells, np.ndarray) and cells.dtype.kind in "iu"


def _mark(declared: Declared) -> int:
    return NONE if declared.optional or declared.needed is not None else MISSING


def _read_array(numbers: Array, declared: Declared) -> Cells:
    """Whole numbers that come as machine words: only their bounds can be wrong."""
    column = Column(Ints.of(numbers))
    low, high = column.n.tight().v.min(initial=0), column.n.v.max(initial=0)
    found = Cells(column, np.zeros(numbers.size, dtype=bool))
    suspects = [value for value in (low, high) if number_fault(Fraction(int(value)), declared) is not None]
    if suspects:
        for row, value in enumerate(numbers.tolist()):
            fault = number_fault(Fraction(value), declared)
            if fault is not None:
                found.faults.append((row, *fault))
    return found


def number_fault(value: Fraction, declared: Declared) -> tuple[type[Problem], dict[str, object]] | None:
    """What is wrong with a number, if anything: first that it is no whole one, then its bounds."""
    if declared.whole and value.denominator != 1:
        return FactNotWhole, {"found": write_number(value)}
    if declared.allowed is not None and value not in declared.allowed:
        words = listed(write_number(number) for number in declared.allowed)
        return FactNotAllowed, {"found": write_number(value), "why_zh": f"(只能是 {words})", "why_en": f" (only {words})"}
    if declared.steps is not None and value not in declared.steps:
        return FactOutOfRange, {"found": write_number(value), "allowed": listed((write_number(step) for step in declared.steps), 20)}
    too_low = declared.low is not None and (value < declared.low or (declared.low_open and value == declared.low))
    too_high = declared.high is not None and (value > declared.high or (declared.high_open and value == declared.high))
    if too_low or too_high:
        return FactOutOfRange, {"found": write_number(value), "allowed": bounds_words(declared)}
    return None


def bounds_words(declared: Declared) -> str:
    """The bounds of a number as people write them."""
    parts = []
    if declared.low is not None:
        parts.append(f"{'>' if declared.low_open else '≥'} {write_number(declared.low)}")
    if declared.high is not None:
        parts.append(f"{'<' if declared.high_open else '≤'} {write_number(declared.high)}")
    return ", ".join(parts) or "…"


def _read_numbers(cells: Sequence[object], blank: Array, declared: Declared, vocabulary: tuple[str, ...] | None) -> Cells:
    known: dict[object, tuple[Fraction | None, tuple[type[Problem], dict[str, object]] | None]] = {}
    values: list[Fraction | None] = []
    faults: list[tuple[int, type[Problem], dict[str, object]]] = []
    for row, cell in enumerate(cells):
        key = (type(cell), cell)
        if key not in known:
            known[key] = _read_number(cell, declared)
        value, fault = known[key]
        values.append(value)
        if fault is not None:
            faults.append((row, *fault))
    return Cells(Column.of(values, _mark(declared)), blank, faults)


def _read_number(cell: object, declared: Declared) -> tuple[Fraction | None, tuple[type[Problem], dict[str, object]] | None]:
    if is_blank(cell):
        return None, None
    value = parse_number(cell)
    if isinstance(value, Problem):
        return None, malformed(value)
    return value, number_fault(value, declared)


def malformed(problem: Problem) -> tuple[type[Problem], dict[str, object]]:
    """A cell that cannot be read, in the words of whoever tried; one that is too long is out of range."""
    words = {"detail_zh": problem.sentence("zh"), "detail_en": problem.sentence("en")}
    if problem.reason == "out_of_range":
        return FactOutOfRange, {"found": problem.found.get("text", ""), "allowed": "…"}
    if problem.reason == "unknown":
        return FactUnknown, {"found": problem.found.get("text", ""), "known": "是/否 yes/no", "guess_zh": "", "guess_en": ""}
    return FactMalformed, {**words, "mend_zh": problem.mend("zh"), "mend_en": problem.mend("en")}


def _read_dates(cells: Sequence[object], blank: Array, declared: Declared, vocabulary: tuple[str, ...] | None) -> Cells:
    known: dict[object, object] = {}
    days: list[int | None] = []
    faults: list[tuple[int, type[Problem], dict[str, object]]] = []
    for row, cell in enumerate(cells):
        if cell not in known:
            known[cell] = None if is_blank(cell) else parse_date(cell)
        day = known[cell]
        if isinstance(day, Problem):
            faults.append((row, *malformed(day)))
        days.append(None if day is None or isinstance(day, Problem) else day_number(day))  # type: ignore[arg-type]
    return Cells(Column.of(days, _mark(declared)), blank, faults)


def _read_yes_no(cells: Sequence[object], blank: Array, declared: Declared, vocabulary: tuple[str, ...] | None) -> Cells:
    yes = np.zeros(len(cells), dtype=bool)
    absent = np.zeros(len(cells), dtype=np.uint8)
    faults: list[tuple[int, type[Problem], dict[str, object]]] = []
    for row, cell in enumerate(cells):
        if is_blank(cell):
            absent[row] = _mark(declared)
            continue
        value = cell if isinstance(cell, bool) else parse_yes_no(cell)
        if isinstance(value, Problem):
            faults.append((row, *malformed(value)))
            absent[row] = MISSING
        else:
            yes[row] = value
    return Cells(Truth(yes, absent if absent.any() else None), blank, faults)


def _read_words(cells: Sequence[object], blank: Array, declared: Declared, vocabulary: tuple[str, ...] | None) -> Cells:
    faults: list[tuple[int, type[Problem], dict[str, object]]] = []
    words: list[str | None] = []
    for row, cell in enumerate(cells):
        word = None if is_blank(cell) else _word(cell)
        unknown = [] if word is None or vocabulary is None else [part for part in word.split("|") if part not in vocabulary]
        if unknown and (declared.several or word not in (vocabulary or ())):
            faults.append((row, *unknown_word(unknown[0], vocabulary or ())))
            word = None
        words.append(word)
    listed_words = vocabulary if vocabulary is not None and not declared.several else None
    return Cells(Words.of(words, listed_words), blank, faults)


def _word(cell: object) -> str:
    """A word as typed; several words of one cell are kept with `|` between."""
    if isinstance(cell, (list, tuple)):
        return "|".join(plain_text(str(part)) for part in cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell).strip()


def unknown_word(word: str, known: Sequence[str]) -> tuple[type[Problem], dict[str, object]]:
    """The fault of a word that is not on the list."""
    guess = nearest(word, known)
    more = {"guess_zh": f",是否为 {guess}?" if guess else "", "guess_en": f"; did you mean {guess}?" if guess else ""}
    return FactUnknown, {"found": word, "known": listed(known), **more}


def _read_months(cells: Sequence[object], blank: Array, declared: Declared, vocabulary: tuple[str, ...] | None) -> Cells:
    faults: list[tuple[int, type[Problem], dict[str, object]]] = []
    words: list[str | None] = []
    for row, cell in enumerate(cells):
        word = None if is_blank(cell) else plain_text(str(cell))
        if word is not None and isinstance(parse_date(f"{word}-01"), Problem):
            faults.append((row, *unknown_word(word, ["2026-01"])))
            word = None
        words.append(word)
    return Cells(Words.of(words), blank, faults)


_READERS: dict[str, Callable[[Sequence[object], Array, Declared, tuple[str, ...] | None], Cells]] = {
    "date": _read_dates,
    "yes_no": _read_yes_no,
    "text": _read_words,
    "words": _read_words,
    "month": _read_months,
}
