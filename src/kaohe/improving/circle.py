"""The raw facts around one person, and changes of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kaohe.facts import RawFacts, Table, is_blank
from kaohe.rescoring import Rescorer
from kaohe.scoring import Results


@dataclass(frozen=True)
class Edit:
    """One change of a raw table of the circle: a cell written, or a row left out (no column)."""

    kind: str
    row: int
    column: str = ""
    cell: object = None
    table: int = 0


@dataclass(frozen=True)
class Circle:
    """The raw facts of everybody whose results one person's facts can move, and of their units.

    Tables of values stay apart; those of every other kind become one, as when they were checked.
    `places` says for each of these kinds which row of the whole became which row here.
    """

    raw: RawFacts
    places: dict[str, dict[int, int]]

    @classmethod
    def around(cls, raw: RawFacts, results: Results, row: int) -> Circle:
        """The circle of one person; the whole company where some figure is about all of it."""
        near = Rescorer(results).neighbourhood(row)
        facts = results.facts
        units = [member for members in facts.units.values() for member in members]
        ids = None if near.everybody else {*(facts.subjects[other] for other in near.rows.tolist()), *units}
        places: dict[str, dict[int, int]] = {}
        kept: dict[str, list[Table]] = {}
        for kind, found in raw.tables.items():
            tables = [table for table in found if table.size]
            tables = tables if kind == "values" else [Table.joined(tables)]
            rows = [_rows_of(table, "id" if kind == "people" else "subject", ids) for table in tables]
            kept[kind] = [_taken(table, own) for table, own in zip(tables, rows, strict=True)]
            places[kind] = {source: place for place, source in enumerate(rows[0] if rows else ())}
        return cls(replace(raw, tables=kept), places)

    def edit_of_value(self, subject: str, column: str, cell: str) -> Edit | None:
        """A value written where the subject's stands, else in any row of the subject; None where there is no row."""
        found = []
        for place, table in enumerate(self.raw.tables.get("values", ())):
            for row in _rows_of(table, "subject", {subject}):
                here = column in table.columns
                found.append((here + (here and not is_blank(table.cells(column)[row])), Edit("values", row, column, cell, place)))
        return max(found, key=lambda pair: pair[0])[1] if found else None

    def edit_of_row(self, kind: str, row: int, column: str = "", cell: str = "") -> Edit:
        """A cell written in, or with no column the whole of, a row of the company's table of a kind."""
        return Edit(kind, self.places[kind][row], column, cell)

    def edited(self, edits: Iterable[Edit]) -> RawFacts:
        """The facts of the circle with cells written and rows left out."""
        tables = {kind: list(found) for kind, found in self.raw.tables.items()}
        by_table: dict[tuple[str, int], list[Edit]] = {}
        for edit in edits:
            by_table.setdefault((edit.kind, edit.table), []).append(edit)
        for (kind, place), mine in by_table.items():
            tables[kind][place] = _edited(tables[kind][place], mine)
        return replace(self.raw, tables=tables)


def _rows_of(table: Table, column: str, ids: set[str] | None) -> list[int]:
    """The rows of these subjects; every row where none are named."""
    if ids is None:
        return list(range(table.size))
    return [row for row, cell in enumerate(table.cells(column)) if str(cell).strip() in ids]


def _taken(table: Table, rows: list[int]) -> Table:
    return Table({name: [cells[row] for row in rows] for name, cells in table.columns.items()}, len(rows), table.place)


def _edited(table: Table, edits: list[Edit]) -> Table:
    columns: dict[str, list[object]] = {name: list(cells) for name, cells in table.columns.items()}
    for edit in edits:
        if edit.column:
            columns.setdefault(edit.column, [None] * table.size)[edit.row] = edit.cell
    gone = {edit.row for edit in edits if not edit.column}
    return _taken(replace(table, columns=columns), [row for row in range(table.size) if row not in gone])
