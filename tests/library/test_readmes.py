"""Each scheme's README in both languages: what it is for, its clauses, readings, what lies beyond arithmetic, a worked example."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from kaohe.cases import read_cases, show_value
from kaohe.library import scheme_ids
from kaohe.numbers import parse_number
from tests.library.readmes import SECTIONS, Readme

BOLD = re.compile(r"\*\*(.+?)\*\*")
CASE = re.compile(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`")
CHINESE = re.compile(r"[一-鿿]")
ASCII_POINT = re.compile(r"[一-鿿“”][,;:!?]|[一-鿿]\(|[,;:(][一-鿿]")
OTHERWISE = {"zh": "另选", "en": "Otherwise"}
CHOSEN = {"zh": "`config", "en": "`config"}


@pytest.fixture(params=scheme_ids())
def readme(request: pytest.FixtureRequest) -> Readme:
    return Readme(str(request.param))


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_section_is_there_and_says_something(readme: Readme, language: str) -> None:
    half = readme.halves[language]
    assert half.text.startswith("# ")
    assert len(half.intro) > 15
    assert [name for name in SECTIONS[language] if len(half.section(name)) < 20] == []


def test_the_english_half_is_english_and_the_chinese_half_chinese(readme: Readme) -> None:
    zh, en = (readme.halves[language] for language in ("zh", "en"))
    assert len(CHINESE.findall(zh.section("clauses"))) > 40
    assert len(CHINESE.findall(en.text)) < len(en.text) / 20, "words of the source, names, and grades only"


def test_every_clause_of_the_scheme_is_told(readme: Readme, language: str) -> None:
    assert [clause for clause in readme.named_by_scheme if clause not in readme.halves[language].clauses] == []


def test_no_clause_is_told_that_the_scheme_does_not_have(readme: Readme, language: str) -> None:
    """A heading over clauses that the scheme has counts as one of them; what holds throughout says so."""
    half = readme.halves[language]
    known = {*readme.named_by_scheme, *half.throughout}
    heads = {clause for clause in half.clauses if any(other.startswith(f"{clause}.") for other in known)}
    assert [clause for clause in half.clauses if clause not in known | heads] == []


def test_both_halves_number_the_same_clauses_each_once(readme: Readme) -> None:
    zh, en = (readme.halves[language] for language in ("zh", "en"))
    assert zh.clauses == en.clauses
    assert zh.throughout == en.throughout
    assert len(zh.headed) == len(set(zh.headed)) == len(zh.points)


def test_both_halves_tell_the_same_readings(readme: Readme) -> None:
    zh, en = (readme.halves[language].readings for language in ("zh", "en"))
    assert len(zh) == len(en) >= 3


def test_readings_say_how_a_company_would_choose_otherwise(readme: Readme) -> None:
    zh, en = (readme.halves[language].readings for language in ("zh", "en"))
    assert sum(OTHERWISE["zh"] in reading for reading in zh) >= 2
    assert [OTHERWISE["zh"] in one or CHOSEN["zh"] in one for one in zh] == [OTHERWISE["en"] in one or CHOSEN["en"] in one for one in en]


def test_what_one_half_quotes_of_the_scheme_the_other_quotes_too(readme: Readme) -> None:
    """The names between backticks, reading by reading: what a company would change."""
    zh, en = (readme.halves[language].readings for language in ("zh", "en"))
    quoted = [[sorted(re.findall(r"`([^`]+)`", reading)) for reading in half] for half in (zh, en)]
    assert quoted[0] == quoted[1]


def test_the_worked_example_is_a_case_and_ends_with_its_figures(readme: Readme, language: str) -> None:
    example = readme.halves[language].section("example")
    cases = {case.name: case for case in read_cases(readme.folder / "cases.yaml").cases}
    named = CASE.findall(example)
    assert named
    assert [name for name in named if name not in cases] == []
    expected = [value for name in named for value in leaves(cases[name].expect)]
    told = BOLD.findall(example)
    assert told
    assert [figure for figure in told if not any(is_same(figure, value) for value in expected)] == []


def leaves(expected: object) -> list[object]:
    """Every figure and word that a case expects."""
    if isinstance(expected, dict):
        return [leaf for value in expected.values() for leaf in leaves(value)]
    return [leaf for value in expected for leaf in leaves(value)] if isinstance(expected, (list, tuple)) else [expected]


def is_same(told: str, expected: object) -> bool:
    """Whether a figure of the example is the one that its case expects."""
    figure, wanted = parse_number(told.replace("−", "-")), parse_number(expected)
    if isinstance(figure, Fraction):
        return figure == wanted
    return told == show_value(expected)


def test_chinese_sentences_have_chinese_points(readme: Readme) -> None:
    lines = [re.sub(r"`[^`]*`", "", line) for line in readme.halves["zh"].text.splitlines()]
    assert [line for line in lines if ASCII_POINT.search(line)] == []
