"""What one check of facts carries from table to table: frames so far, who is who, what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from kaohe.checking.cells import Cells, read_cells
from kaohe.columns import NONE, AnyColumn, Array, Column, Ints, Truth, Words, begins_another
from kaohe.compiling.outline import Outline
from kaohe.evaluating import Evaluator
from kaohe.fact_problems import FactNotAllowed, FactUnknown
from kaohe.facts import Facts, Frame, RawFacts, Table, is_blank
from kaohe.packed import Cells as RawCells
from kaohe.packed import coded
from kaohe.plan import PEOPLE, Plan
from kaohe.problems import Problem
from kaohe.scheme import Declared, Scheme
from kaohe.texts import Text

Found = tuple[int, Problem]


@dataclass
class Inspection:
    """One check of one set of raw facts against one plan."""

    plan: Plan
    raw: RawFacts
    problems: list[Problem] = field(default_factory=list)
    frames: dict[str, Frame] = field(default_factory=dict)
    units: dict[str, list[str]] = field(default_factory=dict)
    subjects: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    row_of: dict[str, int] = field(default_factory=dict)

    @property
    def scheme(self) -> Scheme:
        """The scheme of the plan."""
        return self.plan.scheme

    @property
    def outline(self) -> Outline:
        """The frames of the scheme."""
        return Outline(self.plan.scheme)

    def tables(self, kind: str) -> list[Table]:
        """The raw tables of a kind that have rows."""
        return [table for table in self.raw.tables.get(kind, ()) if table.size]

    def table(self, kind: str) -> Table:
        """All raw tables of a kind as one."""
        return Table.joined(self.tables(kind))

    def tell(self, found: Iterable[Found]) -> None:
        """Keep the problems of one table in the order of its rows."""
        self.problems += [problem for _, problem in sorted(found, key=lambda pair: pair[0])]

    def vocabulary(self, declared: Declared) -> tuple[str, ...] | None:
        """The words that a declaration allows; None where it takes any."""
        if isinstance(declared.words, str):
            words = self.scheme.words.get(declared.words)
            return None if words is None else tuple(words.names)
        return declared.words

    def draft(self, start: date, end: date, as_of: date, config: dict[str, Any]) -> Facts:
        """The facts as far as they have been read."""
        return Facts(start, end, as_of, config, self.subjects, self.names, self.units, self.frames, self.raw.measured)

    def forms(self, draft: Facts) -> Words:
        """Each person's form; "" where the scheme has none, absent for somebody without one."""
        if "form" in self.plan.nodes:
            return Evaluator(self.plan, draft).words(["node", "form"], PEOPLE)
        assessed = self.frames[PEOPLE].columns["assessed"]
        assert isinstance(assessed, Truth)
        return Words(np.where(assessed.yes, 0, -1), ("",))

    def id_of(self, base: str, row: int) -> str:
        """The id of a person or a unit."""
        return self.subjects[row] if base == PEOPLE else self.units[base][row]


def words_of(cells: RawCells) -> Words:
    """Cells as plain words without outer blanks; blank ones are absent."""
    found = coded(cells)
    plain = map(str.strip, found.different) if set(map(type, found.different)) <= {str} else (_plain(cell) for cell in found.different)  # type: ignore[arg-type]
    own = Words.of([*(word or None for word in plain), None])
    return Words(own.codes[found.codes], own.vocabulary)


def _plain(cell: object) -> str:
    return "" if is_blank(cell) else str(cell).strip()


def rows_of(words: Words, places: Mapping[str, int]) -> Array:
    """The place of each word, -1 for one that has none."""
    table = np.fromiter((places.get(word, -1) for word in (*words.vocabulary, None)), dtype=np.int64, count=len(words.vocabulary) + 1)  # type: ignore[arg-type]
    return np.asarray(table[words.codes])


def is_among(words: Words, chosen: Iterable[str]) -> Array:
    """Row by row: is the word one of those."""
    return words.of_which(set(chosen).__contains__)


def earlier_of(keys: Array) -> Array:
    """For each row the first row with the same key, -1 where it is that row itself."""
    if keys.size < 2:
        return np.full(keys.size, -1, dtype=np.int64)
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    starts = begins_another(ranked)
    firsts = order[np.maximum.accumulate(np.where(starts, np.arange(keys.size), 0))]
    found = np.full(keys.size, -1, dtype=np.int64)
    found[order] = np.where(starts, -1, firsts)
    return found


def combined(*codes: tuple[Array, int]) -> Array:
    """One key for each row from several codes with their sizes; codes may be -1. Exact: equal keys mean equal codes."""
    keys, size = np.zeros(1, dtype=np.int64), 1
    for code, count in codes:
        if size * (count + 1) >= 2**62:
            different, keys = np.unique(keys, return_inverse=True)
            size = different.size
        keys = keys * (count + 1) + code + 1
        size *= count + 1
    return keys


def unknown(table: Table, row: int, column: str, word: str, names: list[str]) -> Problem:
    """A person or thing that is not on any list."""
    words = {"found": word, "known": "people", "guess_zh": "", "guess_en": ""}
    return FactUnknown(table.at(row, column), names, what=names[-1], column=column, **words)


def not_allowed(table: Table, row: int, column: str, found: str, names: list[str], zh: str, en: str) -> Problem:
    """Something known that may not stand here, with the reason why."""
    return FactNotAllowed(table.at(row, column), names, what=names[1], column=column, found=found, why_zh=zh, why_en=en)


def placed(cells: Cells, home: Array, declared: Declared) -> AnyColumn:
    """A table's column brought to the rows of a frame; a row without one is as if the cell were empty."""
    column = cells.column
    if home.size and column.size == home.size and bool((home == np.arange(home.size)).all()):
        return column
    return padded(column, home, read_cells([None], declared, None).column)


def padded(column: AnyColumn, rows: Array, absent: AnyColumn | None = None) -> AnyColumn:
    """The column at `rows`, with something absent where a row is -1."""
    there = rows >= 0
    at = np.where(there, rows, 0)
    if isinstance(column, Words):
        default = absent[0] if isinstance(absent, Words) else None
        vocabulary = column.vocabulary if default is None or default in column.vocabulary else (*column.vocabulary, str(default))
        code = -1 if default is None else vocabulary.index(str(default))
        codes = column.codes[at] if column.codes.size else np.full(rows.size, -1, dtype=np.int64)
        return Words(np.where(there, codes, code), vocabulary)
    if isinstance(column, Truth):
        return _padded_truth(column, there, at, absent)
    filler = absent if isinstance(absent, Column) else Column.none(NONE)
    if column.n.v.size == 0:
        return _filled(filler, rows.size)
    return column.take(at).where(there, filler) if not there.all() else column.take(at)


def _padded_truth(column: Truth, there: Array, at: Array, absent: AnyColumn | None) -> Truth:
    default_yes = bool(absent.yes[0]) if isinstance(absent, Truth) else False
    mark = 0 if isinstance(absent, Truth) and absent.absent is None else NONE
    yes = column.yes[at] if column.yes.size else np.zeros(there.size, dtype=bool)
    own = np.zeros(there.size, dtype=np.uint8) if column.absent is None else column.absent[at]
    marks = np.where(there, own, mark).astype(np.uint8)
    return Truth(np.where(there, yes, default_yes), marks if marks.any() else None)


def _filled(filler: Column, size: int) -> Column:
    mark = filler.mark(0)
    value = filler[0] or Fraction(0)
    numbers = Ints.of(np.full(size, value.numerator, dtype=np.int64))
    return Column(numbers, value.denominator, None, np.full(size, mark, dtype=np.uint8) if mark else None)


def condition_of(must: Mapping[str, Any]) -> dict[str, str]:
    """A condition in both languages: as the scheme writes it, with its name where it has one."""
    text = str(must["text"])
    if "name" not in must:
        return {"condition_zh": text, "condition_en": text}
    name = Text.read(must["name"])
    return {"condition_zh": f"{text}（{name.zh}）", "condition_en": f"{text} ({name.en})"}
