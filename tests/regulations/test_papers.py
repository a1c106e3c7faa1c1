"""The page as Markdown, HTML, PDF and on a screen: whole, safe, and looking like a company's own regulation."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pytest
from rich.console import Console

from kaohe.regulations import draft
from kaohe.regulations.html import html
from kaohe.regulations.markdown import markdown, plain
from kaohe.regulations.pdf import pdf
from kaohe.regulations.screen import screen
from tests.engine.conftest import plan_of
from tests.papers.conftest import read_pdf
from tests.regulations.conftest import page_of, words_of

VOID = {"meta", "br", "col", "hr", "link"}
HOSTILE = """
values: {own: {is: points 0..100, name: "<script>alert(1)</script> | *b* | c"}}
items: {x: {name: "#panic() [x](y) `z` | <b>|</b>", clause: "§1 <i>", is: own}}
total: {is: sum, clause: §2}
"""


class Tags(HTMLParser):
    """The tags of a document, in and out, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def bare(text: str) -> str:
    """A text without white space."""
    return "".join(text.split())


def test_every_word_of_a_page_stands_in_its_html_which_closes_every_tag(scheme, language):
    page = page_of(scheme, language)
    tags = Tags(html(page))
    assert tags.open == []
    assert not tags.seen & {"script", "iframe", "img", "link", "object"}
    text = bare("".join(tags.text))
    assert [word for word in words_of(page) if bare(word) not in text] == []


def test_html_is_one_file_that_asks_nobody_for_anything(scheme):
    assert re.findall(r"https?:|url\(|@import|src=|href=", html(page_of(scheme, "zh"))) == []


def test_every_word_of_a_page_stands_in_its_markdown(scheme, language):
    page = page_of(scheme, language)
    text = markdown(page)
    assert [word for word in words_of(page) if plain(word) not in text] == []


def test_every_row_of_a_markdown_table_has_as_many_cells_as_its_heading(scheme):
    tables = re.findall(r"(?:^\|.*\|$\n?)+", markdown(page_of(scheme, "zh")), re.MULTILINE)
    assert tables
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.strip().split("\n")}) == 1


@pytest.mark.parametrize("scheme", ["guoan-cs", "taobao-shop-cs", "everbright-csr", "hospital-service-quality", "qa-call-rubric"])
@pytest.mark.parametrize("languages", [("zh",), ("en",), ("zh", "en")])
def test_every_word_of_a_page_stands_in_its_pdf(scheme, languages):
    page = page_of(scheme, *languages)
    sheets = read_pdf(pdf(page))
    text = "".join(sheet.words for sheet in sheets)
    # typst breaks a long cell over pages, where the foot and the head come between; what is in one line is whole
    short = [word for word in words_of(page) if len(word) <= 12]
    assert [word for word in short if bare(word.removeprefix("· ")) not in text] == []


@pytest.mark.parametrize(("language", "foot"), [("zh", "第{}页，共{}页"), ("en", "Page{}of{}")])
def test_a_pdf_is_a4_with_numbered_pages_and_ends_with_a_place_to_sign(language, foot):
    sheets = read_pdf(pdf(page_of("guoan-cs", language)))
    assert {(round(sheet.width), round(sheet.height)) for sheet in sheets} == {(595, 842)}
    assert [foot.format(number, len(sheets)) in sheet.words for number, sheet in enumerate(sheets, 1)] == [True] * len(sheets)
    signing = ("编制", "审核", "批准") if language == "zh" else ("Drawnupby", "Reviewedby", "Approvedby")
    assert all(role in sheets[-1].words for role in signing)


def test_nothing_on_a_sheet_of_a_pdf_runs_over_its_edge(scheme):
    for sheet in read_pdf(pdf(page_of(scheme, "zh"))):
        assert [
            letter
            for letter, (left, low, right, high) in sheet.boxes
            if left < 40 or right > sheet.width - 30 or low < 20 or high > sheet.height - 30
        ] == []


def test_the_same_scheme_gives_the_same_bytes():
    assert pdf(page_of("guoan-cs", "zh")) == pdf(page_of("guoan-cs", "zh"))


def test_names_that_look_like_markup_are_only_letters():
    page = draft(plan_of(HOSTILE), ("zh",))
    assert Tags(html(page)).seen.isdisjoint({"script", "i", "b"})
    assert "<script>" not in markdown(page).replace("\\<script\\>", "")
    assert "#panic()[x](y)`z`" in "".join(sheet.words for sheet in read_pdf(pdf(page)))


def test_a_screen_shows_every_word(scheme):
    out = io.StringIO()
    page = page_of(scheme, "zh")
    Console(file=out, width=10_000, markup=False, highlight=False, emoji=False).print(screen(page))
    text = bare(out.getvalue())
    assert [word for word in words_of(page) if bare(word) not in text] == []
