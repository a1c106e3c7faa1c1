"""Earlier periods' results: which rows are earlier, whose they are, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from kaohe.checking.cells import Cells, read_cells
from kaohe.checking.inspection import Found, Inspection, rows_of, words_of
from kaohe.columns import AnyColumn, Array, Column, Links, Words
from kaohe.compiling.outline import HISTORY_COLUMNS, history_frame
from kaohe.fact_problems import FactMissing
from kaohe.facts import Facts, Frame, Table
from kaohe.numbers import day_number
from kaohe.packed import pick
from kaohe.plan import PEOPLE
from kaohe.problems import Problem
from kaohe.scheme import Declared


def _optional(declared: Declared) -> Declared:
    """A history row needs only what is asked of it: whatever is declared may be absent."""
    return declared if declared.optional else declared.model_copy(update={"optional": True})


COLUMNS = {name: _optional(declared) for name, declared in {**HISTORY_COLUMNS, "grade": Declared.model_validate("text optional")}.items()}


@dataclass
class History:
    """The check of earlier periods; leaves a frame for people and one for each kind of unit behind."""

    work: Inspection
    draft: Facts
    table: Table
    found: list[Found] = field(default_factory=list)

    def build(self) -> None:
        """Read the ends of the periods, then the rows of people and of each kind of unit."""
        self.ids = words_of(self.table.cells("subject"))
        self.ends = self._ends()
        earlier = (self.ends < Column.const(day_number(self.draft.start))).yes
        self.earlier = np.broadcast_to(earlier, (self.table.size,))
        self._frame(None, PEOPLE, self.work.row_of)
        for unit, members in self.work.units.items():
            self._frame(unit, unit, {id: row for row, id in enumerate(members)})
        self.work.tell(self.found)

    def _tell(self, row: int, kind: type[Problem], column: str, words: dict[str, object]) -> None:
        id = self.ids[row] or ""
        self.found.append((row, kind(self.table.at(row, column), [column, id], what=id or "history", column=column, **words)))

    def _ends(self) -> Column:
        ends = read_cells(self.table.cells("period_end"), HISTORY_COLUMNS["period_end"], None)
        self._tell_faults(ends, "period_end", np.arange(self.table.size))
        for row in np.flatnonzero(ends.blank).tolist():
            self._tell(row, FactMissing, "period_end", {})
        assert isinstance(ends.column, Column)
        return ends.column

    def _tell_faults(self, cells: Cells, column: str, rows: Array) -> None:
        for place, kind, words in cells.faults:
            self._tell(int(rows[place]), kind, column, words)

    def _frame(self, unit: str | None, base: str, places: Mapping[str, int]) -> None:
        parents = rows_of(self.ids, places)
        rows = np.flatnonzero((parents >= 0) & self.earlier)
        days = self.ends.n.v[rows]
        columns: dict[str, AnyColumn] = {"period_end": Column.whole(days), **_months(days, self.draft.end)}
        own = {name: declared for name, declared in self.work.scheme.history.items() if declared.of == unit}
        for name, declared in {**COLUMNS, **{name: _optional(declared) for name, declared in own.items()}}.items():
            if name not in columns:
                cells = read_cells(pick(self.table.cells(name), rows), declared, self.work.vocabulary(declared))
                self._tell_faults(cells, name, rows)
                columns[name] = cells.column
        links = {base: Links(parents[rows], self.work.frames[base].size)}
        self.work.frames[history_frame(unit)] = Frame(rows.size, columns, links, self.table, rows)


def _months(days: Array, end: date) -> dict[str, AnyColumn]:
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    words = Words.of([str(month) for month in months])
    numbers = months.astype(np.int64) + 1970 * 12
    return {"month": words, "months_back": Column.whole(end.year * 12 + end.month - 1 - numbers)}
