"""A page as a PDF: the blocks as plain data for the template that sets them."""

from __future__ import annotations

from kaohe.papers.typesetting import typeset
from kaohe.regulations.blocks import Article, Block, Chapter, Listing, Note, Page, Paragraph, Signatures, Table

TEMPLATE = "regulation"


def pdf(page: Page) -> bytes:
    """The page as a PDF."""
    return typeset(TEMPLATE, page_data(page))


def page_data(page: Page) -> dict[str, object]:
    """The page as plain data."""
    return {
        "language": page.languages[0],
        "title": " / ".join(page.title),
        "titles": list(page.title),
        "foot": f"{page.title[0]}  {page.scheme}  v{page.version}",
        "marks": [list(mark) for mark in page.marks],
        "blocks": [_block(block) for block in page.blocks],
    }


def _block(block: Block) -> dict[str, object]:
    match block:
        case Chapter():
            return {"kind": "chapter", "text": block.text}
        case Article():
            return {"kind": "article", "text": block.text, "clause": block.clause}
        case Paragraph():
            return {"kind": "paragraph", "lines": list(block.lines)}
        case Listing():
            return {"kind": "listing", "entries": [list(entry) for entry in block.entries]}
        case Note():
            return {"kind": "note", "lines": list(block.lines)}
        case Signatures():
            return {"kind": "signatures", "roles": list(block.roles), "date": block.date}
        case Table():
            return _table(block)


def _table(table: Table) -> dict[str, object]:
    columns = [{"heading": column.heading, "width": column.width, "right": column.right} for column in table.columns]
    return {"kind": "table", "columns": columns, "rows": [[list(cell) for cell in row] for row in table.rows], "summed": table.summed}
