"""A page as Markdown, with tables as most readers of Markdown know them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaohe.regulations.blocks import BRACKETS, Article, Block, Chapter, Lines, Listing, Note, Page, Paragraph, Signatures, Table

_SIGNS = re.compile(r"([\\`*_\[\]<>|#])")


def markdown(page: Page) -> str:
    """The page as Markdown text."""
    blocks = [
        f"# {' / '.join(map(plain, page.title))}",
        _marks(page),
        *("\n".join(_block(block, BRACKETS[page.languages[0]])) for block in page.blocks),
    ]
    return "\n\n".join(blocks) + "\n"


def plain(text: str) -> str:
    """A text in which nothing is taken for a mark of Markdown.

    >>> plain("a|b *c*")
    'a\\\\|b \\\\*c\\\\*'
    """
    return _SIGNS.sub(r"\\\1", text)


def _marks(page: Page) -> str:
    return "  \n".join(f"**{plain(label)}** {plain(text)}" for label, text in page.marks)


def _block(block: Block, brackets: str) -> Iterator[str]:
    match block:
        case Chapter():
            yield f"## {plain(block.text)}"
        case Article():
            yield f"### {plain(block.text)}{_clause(block.clause, brackets)}"
        case Paragraph():
            yield _inline(block.lines)
        case Listing():
            yield from (f"{place}. {_inline(entry)}" for place, entry in enumerate(block.entries, start=1))
        case Note():
            yield f"> {_inline(block.lines)}"
        case Table():
            yield from _table(block)
        case Signatures():
            yield "---\n"
            yield "　　".join(f"{plain(role)}：＿＿＿＿＿＿" for role in block.roles) + f"　　{plain(block.date)}：＿＿＿＿＿＿"


def _table(table: Table) -> Iterator[str]:
    yield "| " + " | ".join(plain(column.heading) for column in table.columns) + " |"
    yield "|" + "|".join("---:" if column.right else "---" for column in table.columns) + "|"
    for row in table.rows:
        yield "| " + " | ".join(_inline(cell) for cell in row) + " |"


def _inline(lines: Lines) -> str:
    return "<br>".join(plain(text) for text in lines)


def _clause(clause: str, brackets: str) -> str:
    return f" {plain(brackets.format(clause))}" if clause else ""
