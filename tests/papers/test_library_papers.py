"""Every scheme of the library on paper: what its worked cases give stands there, on one page each, nothing outside, nothing overlapping."""

from __future__ import annotations

import warnings
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from kaohe.cases import read_cases, run_case
from kaohe.papers.contributing import RAW
from kaohe.papers.earlier import look_back
from kaohe.papers.figures import shown
from kaohe.papers.paysheets import write_pay_sheet
from kaohe.papers.roundbooks import write_summary_book
from kaohe.papers.rounds import Round, Wishes
from kaohe.papers.scorecards import scorecards_data, typeset_scorecards
from kaohe.papers.summaries import summary_data
from kaohe.papers.summing import Summary
from kaohe.papers.typesetting import typeset
from kaohe.reading import read_plan

LIBRARY = Path(__file__).resolve().parents[2] / "schemes"
SCHEMES = sorted(folder.name for folder in LIBRARY.iterdir() if (folder / "cases.yaml").exists())
MOST_CARDS = 5


@cache
def scored(name):
    """The plan of a scheme, and the facts and results of every case that scoring accepts."""
    plan = read_plan(LIBRARY / name / "scheme.yaml")
    found = [(case.facts, run_case(plan, case).results) for case in read_cases(LIBRARY / name / "cases.yaml").cases]
    return [(facts, results) for facts, results in found if results is not None]


def rounds_of(name, language):
    """Every case of a scheme as a round."""
    wishes = Wishes(language=language, company="某某科技有限公司", money=True, ways=False)
    for facts, results in scored(name):
        yield Round(results, facts, wishes, look_back(results.plan, results.facts, []))


def each_scheme(test):
    """Runs a test for each scheme, all tests of one scheme in one process, where its cases are scored once."""
    return pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.xdist_group(f"papers of {name}")) for name in SCHEMES])(
        test
    )


def richest(rounds):
    """The cards that show most: most items and figures, and of each status and form some."""
    found = {}
    for paper in rounds:
        for subject, card in paper.cards.items():
            key = (card.status, card.form)
            found.setdefault(key, []).append(
                (len(card.pay) + sum(bool(value) for value in card.items.values()), len(found), paper, subject)
            )
    some = [sorted(cards, key=lambda one: -one[0])[:2] for cards in found.values()]
    return [(paper, subject) for cards in some for *_, paper, subject in cards][:MOST_CARDS]


@pytest.mark.parametrize("language", ["zh", "en"])
@each_scheme
def test_the_cards_of_a_scheme_show_what_its_results_say(name, language, pages):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # what typst warns of, such as a layout that never settles
        for paper, subject in richest(rounds_of(name, language)):
            (page,) = pages(typeset_scorecards(scorecards_data(paper, [subject])))
            assert page.outside() == []
            assert page.overlaps() == []
            assert missing_figures(paper, subject, page) == []


def missing_figures(paper, subject, page):
    """Names and figures of the results that do not stand on the page."""
    card, labels = paper.cards[subject], paper.labels
    words = [card.name, *map(labels.action, card.actions), *map(labels.warning, card.warnings)]
    if card.status == "assessed":
        words += [paper.grade(card.grade)] if card.grade else []
        words += [f"{card.rank}/{card.of}"] if card.rank else []
        words += [paper.seen_total(card.total)] if isinstance(card.total, Fraction) else []
    if card.status in ("assessed", "incomplete"):
        words += [labels.item(item) for item in card.items]
        words += [shown(points).rstrip("0").rstrip(".") for points in card.items.values() if isinstance(points, Fraction)]
    words += [paper.labels.pay(line) for line in card.pay]
    return [word for word in words if plain(word) not in plain(page.words)]


def plain(text):
    """A text without blanks and hyphens: a reader of PDFs takes one at the end of a line for a break."""
    return "".join(letter for letter in text if letter not in "-\u00ad\u2010\ufffe\x02" and not letter.isspace())


@each_scheme
def test_what_the_items_give_adds_up_to_the_total_of_every_case(name):
    for paper in rounds_of(name, "zh"):
        for subject, card in paper.cards.items():
            making = paper.makings.of(card, paper.row(subject))
            if making.steps:
                assert making.steps[-1].value == card.exact["total"]
            if making.is_of_items and making.steps:
                assert making.steps[0].id == RAW
                assert sum((part.amount or 0 for part in making.counted), Fraction(0)) == making.steps[0].value
            span = making.range()
            assert span is None or span[0] <= span[1]


@pytest.mark.parametrize("language", ["zh", "en"])
@each_scheme
def test_a_round_of_a_scheme_has_its_summary_and_its_workbooks(name, language, pages, tmp_path):
    largest = max(rounds_of(name, language), key=lambda paper: len(paper.cards))
    document = pages(typeset("summary", summary_data(Summary(largest))))
    assert 1 <= len(document) <= 2
    assert [page.outside() for page in document] == [[]] * len(document)
    assert [page.overlaps() for page in document] == [[]] * len(document)
    assert write_summary_book(Summary(largest), tmp_path / "summary.xlsx").exists()
    assert write_pay_sheet(largest, tmp_path / "pay.xlsx").exists()
