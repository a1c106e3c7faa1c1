"""Every explanation of every case of the library adds up: to its own figures, and to the records beneath."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from kaohe.cases import read_cases
from kaohe.checking import check_facts
from kaohe.explaining import Explanation, Line, explain, render
from kaohe.explaining.rows import RowReader, cell
from kaohe.library import library_folder, read_library, scheme_ids
from kaohe.plan import Tree
from kaohe.problems import Language
from kaohe.scoring import Results, score
from tests.arithmetic_of_people import numbers_in, value_of

SCORED = ("item", "total", "grade", "rank", "pay", "action", "warning")


def case_files(scheme: str) -> Iterator[Path]:
    """Our own cases of a scheme, and the public ones where they are at hand."""
    public = os.environ.get("KAOHE_CASES")
    folders = [library_folder(), *([Path(public)] if public else [])]
    yield from (folder / scheme / "cases.yaml" for folder in folders if (folder / scheme / "cases.yaml").is_file())


def scored(scheme: str) -> Iterator[tuple[str, Results]]:
    """The results of every case that is not meant to be refused."""
    plan = read_library(scheme)
    for path in case_files(scheme):
        for case in read_cases(path).cases:
            if case.expect_error is None:
                yield case.name, score(plan, check_facts(plan, case.facts))


def explanations(scheme: str) -> Iterator[Explanation]:
    """Everybody's explanation in both languages."""
    for _, results in scored(scheme):
        for subject in results.subjects():
            for language in get_args(Language):
                yield explain(results, subject, language)


@pytest.fixture(scope="module", params=scheme_ids())
def told(request: pytest.FixtureRequest) -> list[Explanation]:
    return list(explanations(request.param))


@pytest.fixture(params=scheme_ids())
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def lines(told: list[Explanation]) -> Iterator[Line]:
    for explanation in told:
        yield from explanation.walk()


def test_the_public_cases_are_told_too() -> None:
    if not os.environ.get("KAOHE_CASES"):
        pytest.skip("KAOHE_CASES does not say where the public cases are")
    assert any(len(list(case_files(scheme))) == 2 for scheme in scheme_ids())


def test_the_arithmetic_of_every_line_gives_its_figure(told: list[Explanation]) -> None:
    wrong = [(line.id, line.value, line.arithmetic) for line in lines(told) if line.arithmetic and value_of(line.arithmetic) != line.value]
    assert wrong == []


def test_every_line_of_the_scorecard_names_its_clause(told: list[Explanation]) -> None:
    silent = {line.id for explanation in told for line in explanation.lines if line.id.split(".")[0] in SCORED and not line.clause}
    assert silent == set()


def test_a_reported_figure_ends_with_the_line_that_rounds_it(told: list[Explanation]) -> None:
    for line in lines(told):
        if line.reported is not None:
            assert line.children[-1].value == line.reported
            assert value_of(line.children[-1].arithmetic) == line.reported


def test_the_total_shows_the_sum_of_its_items(told: list[Explanation]) -> None:
    """As its own arithmetic, or as that of its first step where later steps change it."""
    for explanation in told:
        total = next((line for line in explanation.lines if line.id == "total"), None)
        if total is None or not total.rule.startswith("weighted"):
            continue
        steps = [line for line in total.children if line.id == "part"]
        numbers = set().union(*(numbers_in(line.arithmetic) for line in (*steps, total) if line.arithmetic))
        beneath = {child.id for child in total.children}
        items = [line.value for line in explanation.lines if line.id in beneath and isinstance(line.value, Fraction)]
        assert (steps or [total])[0].arithmetic or len(items) <= 1, explanation.subject
        assert {abs(item) for item in items} <= numbers | {line.value for line in (*steps, total)}, explanation.subject


def test_each_step_of_a_total_starts_from_the_step_before(told: list[Explanation]) -> None:
    for explanation in told:
        total = next((line for line in explanation.lines if line.id == "total"), None)
        steps = [line for line in total.children if line.id == "part"] if total is not None and total.rule.startswith("weighted") else []
        for before, after in pairwise([*steps, total] if total is not None and steps else []):
            assert isinstance(before.value, Fraction)
            assert not after.arithmetic or abs(before.value) in numbers_in(after.arithmetic)


def test_records_add_up_to_the_line_that_lists_them(told: list[Explanation]) -> None:
    for line in lines(told):
        effects = [record.effect for record in line.records]
        if line.id.startswith("event.") and effects and None not in effects and isinstance(line.value, Fraction):
            assert adds_up(line, effects), (line.id, line.name, line.value, effects)


def adds_up(line: Line, effects: list[Fraction | None]) -> bool:
    """Whether the effects give the line as a sum, as a mean, or as one of them."""
    given = [effect for effect in effects if effect is not None]
    weighted = [(effect, record.times) for effect, record in zip(given, line.records, strict=True)]
    mean = sum((effect * times for effect, times in weighted), Fraction(0)) / sum(times for _, times in weighted)
    return line.value in (sum(given, Fraction(0)), mean, min(given), max(given))


def test_whoever_is_incomplete_is_told_what_is_owed(told: list[Explanation]) -> None:
    for explanation in told:
        if explanation.status == "incomplete":
            assert explanation.lines[0].phrase
            assert explanation.lines[0].children


def test_every_explanation_can_be_printed_and_written(told: list[Explanation]) -> None:
    for explanation in told:
        assert render(explanation, explanation.language).startswith(explanation.name)
        assert json.loads(json.dumps(explanation.as_data()))["subject"] == explanation.subject


def test_a_row_read_alone_is_the_row_of_the_whole_column(scheme: str) -> None:
    """The reader of single rows and the evaluator of columns agree on every formula of every figure."""
    for name, results in scored(scheme):
        reader = RowReader(results.evaluator)
        for node in results.plan.nodes.values():
            for tree in formulas(node.rule, node.inputs):
                assert_same(reader, tree, node.frame, f"{name} {node.id}")


def formulas(rule: str, inputs: list[Tree]) -> list[Tree]:
    """The inputs of a figure that are read in its own frame."""
    return [] if rule in ("gather@1", "matched_within@1") else inputs


def assert_same(reader: RowReader, tree: Tree, frame: str, where: str) -> None:
    column = reader.evaluator.value(tree, frame)
    for row in range(reader.evaluator.size(frame)):
        assert reader.value(tree, frame, row) == cell(column, row), (where, tree, row)


def test_the_words_that_records_choose_from_are_told_by_name():
    for _, results in scored("hospital-service-quality"):
        for subject in results.subjects():
            told = render(explain(results, subject, "zh"), "zh")
            assert "part_word" not in told
            assert "─ check" not in told
