"""Pages of the library's schemes, drafted once, and all the words that stand on one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from kaohe.library import read_library, scheme_ids
from kaohe.phrasing.phrases import Phrases
from kaohe.plan import Plan
from kaohe.problems import Language
from kaohe.regulations import Page, draft
from kaohe.regulations.blocks import Article, Chapter, Listing, Note, Paragraph, Signatures, Table
from tests.engine.conftest import plan_of


@cache
def plan_of_library(scheme: str) -> Plan:
    """The plan of a scheme of the library, compiled once."""
    return read_library(scheme)


@cache
def page_of(scheme: str, *languages: Language) -> Page:
    """The page of a scheme of the library, drafted once."""
    return draft(plan_of_library(scheme), languages)


def words_of(page: Page) -> list[str]:
    """Every text of a page, in order."""
    return [*page.title, *(text for mark in page.marks for text in mark), *(text for block in page.blocks for text in _texts(block))]


def _texts(block: object) -> Iterator[str]:
    match block:
        case Chapter():
            yield block.text
        case Article():
            yield from (block.text, block.clause)
        case Paragraph() | Note():
            yield from block.lines
        case Listing():
            yield from (text for entry in block.entries for text in entry)
        case Table():
            yield from (column.heading for column in block.columns)
            yield from (text for row in block.rows for cell in row for text in cell)
        case Signatures():
            yield from (*block.roles, block.date)


@pytest.fixture(params=scheme_ids())
def scheme(request) -> str:
    """Each scheme of the library."""
    return str(request.param)


@pytest.fixture(params=["zh", "en"])
def language(request) -> Language:
    """Each language."""
    return request.param


@pytest.fixture
def tell():
    """Puts the tea-house's scheme into words: its body in, its phrases out."""

    def phrases(body: str, language: Language = "zh") -> Phrases:
        return Phrases(plan_of(body), language)

    return phrases
