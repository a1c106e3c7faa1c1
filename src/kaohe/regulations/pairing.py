"""One page in two languages: block by block, Chinese first, English beneath."""

from __future__ import annotations

from kaohe.regulations.blocks import Article, Block, Chapter, Column, Lines, Listing, Note, Page, Paragraph, Signatures, Table


def paired(one: Page, other: Page) -> Page:
    """Both pages as one; they must have been drafted from one scheme."""
    blocks = tuple(_pair(a, b) for a, b in zip(one.blocks, other.blocks, strict=True))
    marks = tuple((_beside(a, c), _beside(b, d)) for (a, b), (c, d) in zip(one.marks, other.marks, strict=True))
    return Page(_both(one.title, other.title), marks, blocks, (*one.languages, *other.languages), one.scheme, one.version)


def _pair(one: Block, other: Block) -> Block:
    """One block in both languages; a programmer's slip where they are not alike."""
    match one, other:
        case (Chapter(), Chapter()):
            return Chapter(_beside(one.text, other.text))
        case (Article(), Article()):
            return Article(_beside(one.text, other.text), one.clause)
        case (Paragraph(), Paragraph()):
            return Paragraph(_both(one.lines, other.lines))
        case (Listing(), Listing()):
            return Listing(tuple(_both(a, b) for a, b in zip(one.entries, other.entries, strict=True)))
        case (Note(), Note()):
            return Note(_both(one.lines, other.lines))
        case (Signatures(), Signatures()):
            roles = tuple(_beside(a, b) for a, b in zip(one.roles, other.roles, strict=True))
            return Signatures(roles, _beside(one.date, other.date))
        case (Table(), Table()):
            return _tables(one, other)
    raise AssertionError("two drafts of one scheme differ in their blocks")


def _tables(one: Table, other: Table) -> Table:
    columns = tuple(Column(_beside(a.heading, b.heading), a.width, a.right) for a, b in zip(one.columns, other.columns, strict=True))
    rows = tuple(tuple(_both(a, b) for a, b in zip(x, y, strict=True)) for x, y in zip(one.rows, other.rows, strict=True))
    return Table(columns, rows, one.summed)


def _both(one: Lines, other: Lines) -> Lines:
    """The lines of both; those that are the same once."""
    return one if one == other else (*one, *other)


def _beside(one: str, other: str) -> str:
    return one if one == other else f"{one} {other}"
