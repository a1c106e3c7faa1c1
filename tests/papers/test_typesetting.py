"""The door to typst: data become pages, the same everywhere, in the package's own fonts."""

from __future__ import annotations

import re
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from kaohe.papers.typesetting import FONTS, HERE, Press

TEMPLATE = """
#import "page.typ": *
#show: paper
*#data.name* #data.words
#if data.at("more", default: false) [#pagebreak() 1,111.10 #linebreak() 9,998.00]
"""
DATA = {"language": "zh", "title": "成绩单", "dated": "2026-03-31", "foot": "茶馆", "name": "张三", "words": "迎客"}
TOP = Path(__file__).resolve().parents[2]


@pytest.fixture
def press(tmp_path):
    """A press whose one template sets a name in bold and some words."""
    (tmp_path / "page.typ").write_text((HERE / "page.typ").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "tea.typ").write_text(TEMPLATE, encoding="utf-8")
    return Press(tmp_path)


def test_words_stand_on_the_page_as_they_were_given(press, pages):
    (page,) = pages(press.typeset("tea", DATA))
    assert "张三 迎客" in page.text
    assert "茶馆" in page.text
    assert "第1页，共1页" in page.words


def test_markup_in_a_name_is_only_letters(press, pages):
    hostile = '#panic("x") $x$ *b* <label> @ref \\ #import "page.typ" "quoted" // gone'
    (page,) = pages(press.typeset("tea", DATA | {"words": hostile}))
    assert "".join(hostile.split()) in page.words


def test_the_same_data_give_the_same_bytes_from_any_press(press):
    assert press.typeset("tea", DATA) == press.typeset("tea", DATA) == Press(press.templates).typeset("tea", DATA)


def test_a_paper_bears_the_date_of_its_data_and_none_of_its_making(press):
    dated = press.typeset("tea", DATA)
    assert re.findall(rb"Date\(D:(\d{8})", dated) == [b"20260331"] * 2
    assert not re.findall(rb"Date\(D:", press.typeset("tea", DATA | {"dated": None}))


def test_several_threads_may_use_one_press(press, pages):
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda number: press.typeset("tea", DATA | {"words": f"第{number}份"}), range(24)))
    assert [f"第{number}份" in pages(pdf)[0].words for number, pdf in enumerate(made)] == [True] * 24


def test_pages_come_as_pictures_too(press):
    first, second = press.render("tea", DATA | {"more": True}, 72)
    assert [struct.unpack(">II", page[16:24]) for page in (first, second)] == [(595, 842)] * 2  # A4 in points


def test_digits_are_all_as_wide_as_one_another(press, pages):
    _, page = pages(press.typeset("tea", DATA | {"more": True}))
    font = TTFont(FONTS / "KaoheSans-Regular.otf")
    assert {font["hmtx"][font.getBestCmap()[ord(digit)]][0] for digit in "0123456789"} == {555}
    assert "1,111.10\n9,998.00" in page.text


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_each_weight_has_every_letter_of_gbk_and_of_the_library(weight):
    there = set(TTFont(FONTS / f"KaoheSans-{weight}.otf").getBestCmap())
    gbk = {letter for letter in map(chr, range(0x4E00, 0x9FA6)) if _in_gbk(letter)}
    told = ("explaining/*.py", "rules/*.py", "improving/*.py", "papers/*.py", "phrasing/*.py", "regulations/*.py", "labels.py")
    read = [*(TOP / "schemes").rglob("*.yaml"), *(path for names in told for path in (TOP / "src" / "kaohe").glob(names))]
    written = {letter for path in read for letter in path.read_text(encoding="utf-8") if letter.isprintable()}
    assert len(gbk) == 20902
    assert "".join(sorted(letter for letter in gbk | written if ord(letter) not in there)) == ""


def test_a_rare_letter_of_a_name_is_set_also_where_the_name_is_bold(press, pages):
    for letter in "䶮㑇𬱟𠮷":
        (page,) = pages(press.typeset("tea", DATA | {"name": f"张{letter}"}))
        assert f"张{letter}" in page.text


def test_the_licence_of_the_fonts_stands_beside_them():
    licence = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in licence
    assert "Copyright © 2014-2021 Adobe" in licence
    for weight in ("Regular", "Bold"):
        names = TTFont(FONTS / f"KaoheSans-{weight}.otf")["name"]
        assert "SIL Open Font License" in names.getDebugName(13)
        assert (names.getDebugName(1), names.getDebugName(2)) == ("Kaohe Sans", weight)


def _in_gbk(letter):
    try:
        letter.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True
