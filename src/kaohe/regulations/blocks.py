"""What a page is made of: headings, articles, paragraphs, lists, tables, notes and a place to sign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kaohe.problems import Language

Lines = tuple[str, ...]
BRACKETS: dict[Language, str] = {"zh": "〔{}〕", "en": "[{}]"}  # around the clause that an article tells


@dataclass(frozen=True)
class Chapter:
    """The heading of a chapter."""

    text: str


@dataclass(frozen=True)
class Article:
    """The heading of an article, with the clause of the scheme that it tells."""

    text: str
    clause: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Sentences; in both languages one line each."""

    lines: Lines


@dataclass(frozen=True)
class Listing:
    """Entries below one another."""

    entries: tuple[Lines, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its share of the width, and whether figures stand in it."""

    heading: str
    width: int = 10
    right: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells; a cell is lines. The last row may be a sum."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Lines, ...], ...]
    summed: bool = False


@dataclass(frozen=True)
class Note:
    """Something that must not be overlooked."""

    lines: Lines


@dataclass(frozen=True)
class Signatures:
    """Who signs: one place for each."""

    roles: tuple[str, ...]
    date: str


Block = Chapter | Article | Paragraph | Listing | Table | Note | Signatures


@dataclass(frozen=True)
class Page:
    """A whole regulation: its title, what stands beneath it, and its blocks."""

    title: Lines
    marks: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    languages: tuple[Language, ...]
    scheme: str
    version: str


def tabled(columns: Sequence[Column], rows: Iterable[Sequence[Lines]], summed: bool = False) -> Table:
    """A table without the columns in which nothing stands."""
    every = [tuple(row) for row in rows]
    kept = [place for place in range(len(columns)) if any(row[place] for row in every)]
    return Table(tuple(columns[place] for place in kept), tuple(tuple(row[place] for place in kept) for row in every), summed)


def line(text: str) -> Lines:
    """A cell of one line; none for nothing."""
    return (text,) if text else ()
