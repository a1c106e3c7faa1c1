"""One column of cells against its declaration: what each cell says, and what is wrong with it.

Each different cell is read once; columns of machine words are read as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache

import numpy as np

from kaohe.columns import MISSING, NONE, AnyColumn, Array, Column, Ints, Truth, Words
from kaohe.fact_problems import FactMalformed, FactNotAllowed, FactNotWhole, FactOutOfRange, FactUnknown
from kaohe.facts import is_blank
from kaohe.numbers import day_number, number, parse_date, parse_number, parse_yes_no, plain_text, write_number
from kaohe.packed import Cells as RawCells
from kaohe.packed import Coded, Days, Scaled, coded
from kaohe.problems import Problem
from kaohe.scheme import Declared
from kaohe.texts import listed, nearest

Fault = tuple[type[Problem], dict[str, object]]
Read = tuple[AnyColumn, dict[int, Fault]]
Vocabulary = tuple[str, ...] | None


@dataclass
class Cells:
    """A checked column: its values, where nothing was written, and the faults by row."""

    column: AnyColumn
    blank: Array
    faults: list[tuple[int, type[Problem], dict[str, object]]] = field(default_factory=list)


def read_cells(cells: RawCells, declared: Declared, vocabulary: Vocabulary) -> Cells:
    """The cells of one column as its declaration reads them.

    A blank cell takes the default, or is NONE where the fact is optional and MISSING where it is
    owed. A faulty cell is absent in the column and told in `faults`.
    """
    if len(cells) == 0:
        return Cells(_column_of_nothing(declared.kind, vocabulary if not declared.several else None), NO_ROWS)
    if isinstance(cells, np.ndarray) and cells.dtype.kind in "iu":
        cells = Scaled(cells)
    if isinstance(cells, Scaled) and declared.kind not in _READERS:
        return _read_scaled(cells, declared)
    if isinstance(cells, Days) and declared.kind == "date":
        return _read_days(cells, declared)
    return _read_coded(coded(cells), declared, vocabulary)


@cache
def _column_of_nothing(kind: str, vocabulary: Vocabulary) -> AnyColumn:
    """A column without rows; most tables of a small company's month are empty."""
    column, _ = _READERS.get(kind, _read_numbers)([], Declared(kind="number"), vocabulary)
    return column


NO_ROWS = np.zeros(0, dtype=bool)


def _read_coded(cells: Coded, declared: Declared, vocabulary: Vocabulary) -> Cells:
    """Each different cell read once, then brought to its rows; the empty cell stands last, at code -1."""
    different = [*cells.different, None]
    blank = np.fromiter(map(is_blank, different), dtype=bool, count=len(different))
    if declared.default is not None:
        different = [declared.default if empty else cell for cell, empty in zip(different, blank, strict=True)]
    column, faults = _READERS.get(declared.kind, _read_numbers)(different, declared, vocabulary)
    return Cells(spread(column, cells.codes), blank[cells.codes], _rows_of_faults(faults, cells.codes, len(different)))


def _rows_of_faults(faults: dict[int, Fault], codes: Array, size: int) -> list[tuple[int, type[Problem], dict[str, object]]]:
    if not faults:
        return []
    faulty = np.zeros(size, dtype=bool)
    faulty[list(faults)] = True
    return [(row, *faults[int(codes[row]) % size]) for row in np.flatnonzero(faulty[codes]).tolist()]


def spread(column: AnyColumn, codes: Array) -> AnyColumn:
    """A column of the different cells brought to the rows that hold them; every row stands for itself."""
    if isinstance(column, Words):
        return Words(column.codes[codes], column.vocabulary)
    absent = None if column.absent is None else column.absent[codes]
    if isinstance(column, Truth):
        return Truth(column.yes[codes], None if absent is None or not absent.any() else absent)
    v = None if column.v is None else Ints(column.v.v[codes], column.v.hi)
    return Column(Ints(column.n.v[codes], column.n.hi), column.d, v, absent)


def _mark(declared: Declared) -> int:
    return NONE if declared.optional or declared.needed is not None else MISSING


def _read_scaled(cells: Scaled, declared: Declared) -> Cells:
    """Exact numbers that come as machine words: only their bounds can be wrong."""
    column, blank = _with_default(Column(Ints.of(cells.numbers), cells.scale), cells.empty, declared, len(cells))
    return Cells(column, blank, number_faults(column, declared))


def _read_days(cells: Days, declared: Declared) -> Cells:
    return Cells(*_with_default(Column(Ints.of(cells.days)), cells.empty, declared, len(cells)))


def _with_default(column: Column, empty: Array | None, declared: Declared, size: int) -> tuple[Column, Array]:
    if empty is None or not empty.any():
        return column, np.zeros(size, dtype=bool)
    if declared.default is None:
        return column.remark(np.where(empty, _mark(declared), 0).astype(np.uint8)), empty
    default = parse_date(declared.default) if declared.kind == "date" else number(declared.default)
    value = day_number(default) if isinstance(default, date) else default
    return Column.const(value if isinstance(value, (int, Fraction)) else 0).where(empty, column), empty


def number_faults(column: Column, declared: Declared) -> list[tuple[int, type[Problem], dict[str, object]]]:
    """What is wrong with the numbers of a column, by row; bounds are compared a whole column at a time."""
    found = []
    for row in np.flatnonzero(_outside(column, declared)).tolist():
        fault = number_fault(column[row] or Fraction(0), declared)
        if fault is not None:
            found.append((row, *fault))
    return found


def _outside(column: Column, declared: Declared) -> Array:
    """The rows whose number breaks a bound."""
    outside = np.zeros(column.size, dtype=bool)
    if declared.whole and (column.d != 1 or column.v is not None):
        outside |= (~column.round(Fraction(1), "down").equals(column)).yes
    if declared.low is not None:
        low = Column.const(declared.low)
        outside |= (column <= low if declared.low_open else column < low).yes
    if declared.high is not None:
        high = Column.const(declared.high)
        outside |= (column >= high if declared.high_open else column > high).yes
    for choices in (declared.allowed, declared.steps):
        if choices is not None:
            among = np.zeros(column.size, dtype=bool)
            for choice in choices:
                among |= column.equals(Column.const(choice)).yes
            outside |= ~among & column.given().yes
    return outside


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


def _read_numbers(cells: list[object], declared: Declared, vocabulary: Vocabulary) -> Read:
    values: list[Fraction | int | None] = []
    faults: dict[int, Fault] = {}
    for place, cell in enumerate(cells):
        value, fault = _read_number(cell, declared)
        values.append(value)
        if fault is not None:
            faults[place] = fault
    return Column.of(values, _mark(declared)), faults


def _read_number(cell: object, declared: Declared) -> tuple[Fraction | None, Fault | None]:
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


def _read_dates(cells: list[object], declared: Declared, vocabulary: Vocabulary) -> Read:
    days: list[Fraction | int | None] = []
    faults: dict[int, Fault] = {}
    for place, cell in enumerate(cells):
        day = None if is_blank(cell) else parse_date(cell)
        if isinstance(day, Problem):
            faults[place] = malformed(day)
        days.append(day_number(day) if isinstance(day, date) else None)
    return Column.of(days, _mark(declared)), faults


def _read_yes_no(cells: list[object], declared: Declared, vocabulary: Vocabulary) -> Read:
    yes = np.zeros(len(cells), dtype=bool)
    absent = np.zeros(len(cells), dtype=np.uint8)
    faults: dict[int, Fault] = {}
    for place, cell in enumerate(cells):
        value = None if is_blank(cell) else cell if isinstance(cell, bool) else parse_yes_no(cell)
        if isinstance(value, bool):
            yes[place] = value
            continue
        absent[place] = _mark(declared) if value is None else MISSING
        if isinstance(value, Problem):
            faults[place] = malformed(value)
    return Truth(yes, absent), faults


def _read_words(cells: list[object], declared: Declared, vocabulary: Vocabulary) -> Read:
    faults: dict[int, Fault] = {}
    words: list[str | None] = []
    for place, cell in enumerate(cells):
        word = None if is_blank(cell) else _word(cell)
        unknown = [] if word is None or vocabulary is None else [part for part in word.split("|") if part not in vocabulary]
        if unknown and (declared.several or word not in (vocabulary or ())):
            faults[place] = unknown_word(unknown[0], vocabulary or ())
            word = None
        words.append(word)
    listed_words = vocabulary if vocabulary is not None and not declared.several else None
    return Words.of(words, listed_words), faults


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
    more = {"guess_zh": f"，是否为 {guess}?" if guess else "", "guess_en": f"; did you mean {guess}?" if guess else ""}
    return FactUnknown, {"found": word, "known": listed(known), **more}


def _read_months(cells: list[object], declared: Declared, vocabulary: Vocabulary) -> Read:
    faults: dict[int, Fault] = {}
    words: list[str | None] = []
    for place, cell in enumerate(cells):
        first = None if is_blank(cell) else _first_day(cell)
        if isinstance(first, Problem):
            faults[place] = unknown_word(plain_text(str(cell)), ["2026-01"])
        words.append(first.isoformat()[:7] if isinstance(first, date) else None)
    return Words.of(words), faults


def _first_day(cell: object) -> date | Problem:
    """The first day of a month; a spreadsheet makes a day of `2026-03`, which is read as its month."""
    return parse_date(cell) if isinstance(cell, date) else parse_date(f"{plain_text(str(cell))}-01")


_READERS: dict[str, Callable[[list[object], Declared, Vocabulary], Read]] = {
    "date": _read_dates,
    "yes_no": _read_yes_no,
    "text": _read_words,
    "words": _read_words,
    "month": _read_months,
}
