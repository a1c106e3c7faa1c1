"""Papers as somebody reads them: their pages, the words on them, and where each letter stands."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2
import pytest


@dataclass(frozen=True)
class Page:
    """One page of a PDF: its size in points, its text, and the box (left, bottom, right, top) of every letter that can be seen."""

    width: float
    height: float
    text: str
    boxes: tuple[tuple[str, tuple[float, float, float, float]], ...]

    @property
    def words(self):
        """The text without any white space: what stands on the page wherever its lines are broken."""
        return "".join(self.text.split())


def read_pdf(data):
    """The pages of a PDF."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [_read_page(page) for page in document]
    finally:
        document.close()


def _read_page(page):
    text = page.get_textpage()
    letters = text.get_text_range()
    boxes = tuple((text.get_text_range(place, 1), text.get_charbox(place)) for place in range(text.count_chars()))
    return Page(*page.get_size(), letters.replace("\r\n", "\n"), tuple((letter, box) for letter, box in boxes if letter.strip()))


@pytest.fixture(scope="session")
def pages():
    """Reads the pages of a PDF."""
    return read_pdf
