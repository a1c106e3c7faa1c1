"""Figures that measuring wrote: each an exact fraction with the measure, the days and the rows that it came from."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from kaohe.fact_problems import FactMalformed, FactMissing, FactNotWhole, FactOutOfRange, MeasuredPeriod
from kaohe.facts import Measured, Table, is_blank
from kaohe.numbers import parse_date, parse_number
from kaohe.packed import Cells
from kaohe.problems import Problem


class MeasuredRows:
    """The rows of one table of measured figures: a table of values for each key, the references, the problems."""

    def __init__(self, table: Table, start: object, end: object) -> None:
        self.table = table
        self.problems: list[Problem] = []
        self.references: dict[tuple[str, str], Measured] = {}
        self.rows: dict[str, list[int]] = {}
        self.cells: dict[str, list[Fraction | None]] = {}
        self.numerators = self._whole("numerator", signed=True)
        self.denominators = self._whole("denominator", signed=False)
        for row in range(table.size):
            self._take(row)
        self._check_days(start, end)
        self.problems.sort(key=lambda problem: problem.place.row or 0)

    def tables(self) -> list[Table]:
        """One table of values for each key, so that each cell keeps its row."""
        return [self._table_of(key) for key in self.rows]

    def _table_of(self, key: str) -> Table:
        rows = self.rows[key]
        subjects = self.table.cells("subject")
        columns: dict[str, Cells] = {"subject": [subjects[row] for row in rows], key: self.cells[key]}
        numbers = [int(self.table.at(row).row or 0) for row in rows]
        return Table(columns, len(rows), self.table.place, numbers, {key: self.table.headings.get("numerator", "numerator")})

    def _whole(self, column: str, signed: bool) -> list[int | None]:
        """A column of whole numbers, each different text read once; what is none is told."""
        known: dict[object, int | type[Problem]] = {}
        found: list[int | None] = []
        for row, cell in enumerate(self.table.cells(column)):
            if cell not in known:
                known[cell] = _whole_number(cell, signed)
            value = known[cell]
            found.append(value if isinstance(value, int) else None)
            if not isinstance(value, int):
                self._tell(row, column, value, cell)
        return found

    def _tell(self, row: int, column: str, kind: type[Problem], cell: object) -> None:
        subject, key = (str(self.table.cells(name)[row] or "") for name in ("subject", "value"))
        detail = {
            "detail_zh": f"{cell!r} 不是整数",
            "detail_en": f"{cell!r} is not a whole number",
            "mend_zh": "请重新度量。",
            "mend_en": "Measure again.",
        }
        more = {"found": str(cell), "allowed": "≥ 0", **detail}
        self.problems.append(kind(self.table.at(row, column), [column, key, subject], what=subject or "measured", column=column, **more))

    def _take(self, row: int) -> None:
        subject, key = (self.table.cells(name)[row] for name in ("subject", "value"))
        for name, cell in (("subject", subject), ("value", key)):
            if is_blank(cell):
                self._tell(row, name, FactMissing, cell)
        top, bottom = self.numerators[row], self.denominators[row]
        if is_blank(subject) or is_blank(key) or top is None or bottom is None:
            return
        name, id = str(key).strip().rpartition(".")[2], str(subject).strip()
        self.rows.setdefault(name, []).append(row)
        self.cells.setdefault(name, []).append(Fraction(top, bottom) if bottom else None)
        words = [str(self.table.cells(column)[row] or "") for column in ("measure", "version", "rows")]
        self.references[(id, name)] = Measured(top, bottom, *words)

    def _check_days(self, start: object, end: object) -> None:
        """Figures of other days than the period, told once for each span and key."""
        wanted = (_day(start), _day(end))
        if None in wanted:
            return
        seen: set[tuple[object, ...]] = set()
        spans = [self.table.cells(name) for name in ("start", "end")]
        for row in range(self.table.size if "start" in self.table.columns or "end" in self.table.columns else 0):
            span = tuple(cells[row] for cells in spans)
            key = str(self.table.cells("value")[row] or "")
            if (span, key) in seen:
                continue
            seen.add((span, key))
            if tuple(_day(cell) for cell in span) != wanted:
                found, own = (f"{first} … {last}" for first, last in (span, wanted))
                self.problems.append(MeasuredPeriod(self.table.at(row, "start"), ["period", key], found=found, wanted=own))


def _whole_number(cell: object, signed: bool) -> int | type[Problem]:
    if is_blank(cell):
        return FactMissing
    value = parse_number(cell)
    if isinstance(value, Problem):
        return FactMalformed
    if value.denominator != 1:
        return FactNotWhole
    return FactOutOfRange if value < 0 and not signed else int(value)


def _day(cell: object) -> date | None:
    found = None if is_blank(cell) else parse_date(cell)
    return found if isinstance(found, date) else None
