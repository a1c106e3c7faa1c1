"""From a grid to a table of facts: headings become columns, names become ids, each cell keeps its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kaohe.facts import Table
from kaohe.numbers import plain_text
from kaohe.packed import Cells, Coded, coded
from kaohe.problems import Problem
from kaohe.scheme import Scheme
from kaohe.sources.grids import Grid
from kaohe.sources.headings import Lexicon, Vocabularies, heading_lexicon, read_headings

_BETWEEN = re.compile(r"[|、,,;;]")


def table_of_grid(grid: Grid, kind: str, scheme: Scheme | None, event: str | None = None) -> tuple[Table, list[Problem]]:
    """The table of a sheet or file, and what is wrong with its headings."""
    columns, problems = read_headings(grid.headings, heading_lexicon(kind, scheme, event), grid.place)
    cells: dict[str, Cells] = {}
    for column, own in zip(columns, grid.columns, strict=True):
        cells.setdefault(column, own)
    headings = dict(reversed(list(zip(columns, grid.headings, strict=True))))
    table = Table(cells, grid.size, grid.place, grid.numbers, headings)  # type: ignore[arg-type]
    return in_ids(table, kind, scheme, event), [*grid.problems, *problems]


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


def renamed(table: Table, kind: str, scheme: Scheme | None, event: str | None = None) -> tuple[Table, list[Problem]]:
    """A table in memory with its columns under their ids, and what is wrong with their names."""
    names = list(table.columns)
    columns, problems = read_headings(names, heading_lexicon(kind, scheme, event), table.place)
    cells = dict(reversed([(column, table.columns[name]) for column, name in zip(columns, names, strict=True)]))
    headings = dict(reversed(list(zip(columns, names, strict=True))))
    return in_ids(Table(cells, table.size, table.place, table.numbers, headings), kind, scheme, event), problems


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
