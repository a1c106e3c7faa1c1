"""From a grid to a table of facts: headings become columns, names become ids, each cell keeps its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np

from kaohe.facts import Table, is_blank
from kaohe.numbers import plain_text
from kaohe.packed import Cells, Coded, coded, compact, pick
from kaohe.problems import Problem
from kaohe.scheme import Scheme
from kaohe.sources.grids import Grid
from kaohe.sources.headings import Lexicon, Vocabularies, heading_lexicon, read_headings

_BETWEEN = re.compile(r"[|、,,;;]")


def tables_of_grid(grid: Grid, kind: str, scheme: Scheme | None, event: str | None = None) -> tuple[list[Table], list[Problem]]:
    """The tables of a sheet or file, and what is wrong with its headings; see `tables_of`."""
    bare = Table({}, grid.size, grid.place, grid.numbers)  # type: ignore[arg-type]
    tables, problems = _tables(bare, grid.headings, grid.columns, kind, scheme, event)
    return tables, [*grid.problems, *problems]


def in_ids(table: Table, kind: str, scheme: Scheme | None, event: str | None = None) -> Table:
    """The table with every word that has a name in the scheme written as its id."""
    if scheme is None:
        return table
    vocabularies = Vocabularies(scheme)
    several = vocabularies.several(kind, event)
    columns = dict(table.columns)
    for name, lexicon in vocabularies.of(kind, event).items():
        if name in columns:
            columns[name] = _translated(columns[name], lexicon, name in several)
    return Table(columns, table.size, table.place, table.numbers, table.headings, table.parts)


def tables_of(table: Table, kind: str, scheme: Scheme | None, event: str | None = None) -> tuple[list[Table], list[Problem]]:
    """A table with its columns under their ids, and what is wrong with their names.

    Two columns of values may mean one, a person's figure and a unit's: the second stands in a table of its own.
    """
    return _tables(table, list(table.columns), list(table.columns.values()), kind, scheme, event)


def _tables(
    table: Table, names: list[str], cells: list[Cells], kind: str, scheme: Scheme | None, event: str | None
) -> tuple[list[Table], list[Problem]]:
    shared = kind == "values"
    columns, problems = read_headings(names, heading_lexicon(kind, scheme, event), table.place, shared)
    places = {column: place for place, column in reversed(list(enumerate(columns)))}
    again = [place for place, column in enumerate(columns) if places[column] != place and column != "subject"] if shared else []
    groups = [list(places.values()), *([places["subject"], place] for place in again if "subject" in places)]
    found = [
        Table(
            {columns[place]: cells[place] for place in group},
            table.size,
            table.place,
            table.numbers,
            {columns[place]: names[place] for place in group},
        )
        for group in groups
    ]
    return [in_ids(found[0], kind, scheme, event), *(in_ids(_filled(more), kind, scheme, event) for more in found[1:])], problems


def _filled(table: Table) -> Table:
    """Only the rows that have something in the column beside the subject."""
    column = next(name for name in table.columns if name != "subject")
    cells = coded(table.columns[column])
    given = np.array([not is_blank(cell) for cell in (*cells.different, None)], dtype=bool)[cells.codes]
    rows = np.flatnonzero(given)
    numbers = [int(table.at(row).row or 0) for row in rows.tolist()]
    kept: dict[str, Cells] = {name: compact(coded(pick(own, rows))) for name, own in table.columns.items()}
    return Table(kept, rows.size, table.place, numbers, table.headings)


def with_type(table: Table, event: str) -> Table:
    """The table with the type of its records in every row."""
    return Table({**table.columns, "type": [event] * table.size}, table.size, table.place, table.numbers, table.headings)


def _translated(cells: Cells, lexicon: Lexicon, several: bool) -> Coded:
    return coded(cells).map(lambda cell: _in_id(cell, lexicon, several))


def _in_id(cell: object, lexicon: Lexicon, several: bool) -> object:
    if not isinstance(cell, str) or not cell.strip():
        return cell
    parts: Iterable[str] = _BETWEEN.split(cell) if several else [cell]
    words = [part.strip() for part in parts if part.strip()]
    return "|".join(lexicon.id(word) for word in words) if several else lexicon.id(words[0])


def settings_of(rows: Iterable[Mapping[str, object]], scheme: Scheme | None) -> dict[str, object]:
    """The company's choices from rows of key, part and value."""
    found: dict[str, object] = {}
    vocabularies = None if scheme is None else Vocabularies(scheme)
    for row in rows:
        key, part = plain_text(str(row.get("key", ""))), row.get("part")
        key = key if vocabularies is None else vocabularies.settings().id(key)
        if part is None:
            found[key] = row.get("value")
            continue
        own = plain_text(str(part))
        parts = found.setdefault(key, {})
        if isinstance(parts, dict):
            parts[own if vocabularies is None else vocabularies.parts().id(own)] = row.get("value")
    return found
