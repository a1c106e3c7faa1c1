"""A page on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text as Line

from kaohe.regulations.blocks import BRACKETS, Article, Block, Chapter, Listing, Note, Page, Paragraph, Signatures, Table
from kaohe.showing import plain


def screen(page: Page) -> RenderableType:
    """The page as a terminal shows it; nothing in it can move the cursor."""
    return Group(*_title(page), *(part for block in page.blocks for part in _block(block, BRACKETS[page.languages[0]])))


def _title(page: Page) -> Iterator[RenderableType]:
    yield from (Line(plain(text), style="bold") for text in page.title)
    marks = [f"{plain(label)} {plain(text)}" for label, text in page.marks]
    yield Line("  ·  ".join(marks), style="dim")


def _block(block: Block, brackets: str) -> Iterator[RenderableType]:
    match block:
        case Chapter():
            yield from (Line(""), Line(plain(block.text), style="bold underline"))
        case Article():
            yield from (
                Line(""),
                Line.assemble((plain(block.text), "bold"), (f" {plain(brackets.format(block.clause))}" if block.clause else "", "dim")),
            )
        case Paragraph():
            yield from (_indented(Line(plain(text))) for text in block.lines)
        case Listing():
            yield from _listing(block)
        case Note():
            yield from (_indented(Line(f"! {plain(text)}", style="yellow")) for text in block.lines)
        case Table():
            yield _indented(_table(block))
        case Signatures():
            yield Line("")
            yield Line("    ".join(f"{plain(role)} ________" for role in (*block.roles, block.date)))


def _indented(part: RenderableType, by: int = 2) -> Padding:
    return Padding(part, (0, 0, 0, by), expand=False)


def _listing(listing: Listing) -> Iterator[RenderableType]:
    for place, entry in enumerate(listing.entries, start=1):
        first, *more = (plain(text) for text in entry)
        yield _indented(Line(f"{place}. {first}"))
        yield from (_indented(Line(text), 5) for text in more)


def _table(table: Table) -> Grid:
    grid = Grid(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for column in table.columns:
        grid.add_column(Line(plain(column.heading)), justify="right" if column.right else "left", ratio=None, overflow="fold")
    for place, row in enumerate(table.rows):
        last = table.summed and place == len(table.rows) - 1
        grid.add_row(*(Line("\n".join(plain(text) for text in cell)) for cell in row), style="bold" if last else "")
    return grid
