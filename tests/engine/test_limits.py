"""How far a scheme may go: chains of figures, figures that grow beyond all bounds, and how many problems are told."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest

from kaohe.problems import Problem, Problems
from tests.engine.conftest import HEAD, plan_of

VALUES = "values: {p: {is: number, name: 甲 | P}}\n"
ITEM = "items: {i: {name: 一 | One, clause: §1, is: p}}\n"


def figures(formulas: Iterable[tuple[str, str]]) -> str:
    """A scheme with these figures."""
    return VALUES + ITEM + "figures:\n" + "".join(f"  {name}: {{name: {name}, clause: §9, is: '{text}'}}\n" for name, text in formulas)


def told(body: str) -> list[Problem]:
    """The problems of a scheme; none for one that is accepted."""
    try:
        plan_of(body)
    except Problems as problems:
        return list(problems)
    return []


def chain(rows: Iterable[int]) -> str:
    """Figures of which each looks at the one before."""
    return figures((f"f{row}", f"f{row - 1} + 1" if row else "p") for row in rows)


@pytest.mark.parametrize("backwards", [False, True])
def test_a_chain_of_forty_steps_is_accepted_and_one_more_is_not(backwards: bool) -> None:
    def rows(last: int) -> list[int]:
        return sorted(range(last + 1), reverse=backwards)

    assert told(chain(rows(40))) == []
    (problem,) = told(chain(rows(41)))
    assert (problem.code, problem.found["most"], problem.found["where"]) == ("S058", 40, "figure.f41")


def test_a_chain_that_is_too_long_is_told_once() -> None:
    assert [problem.code for problem in told(chain(range(60)))] == ["S058"]


def test_many_figures_side_by_side_are_no_chain() -> None:
    assert told(figures([("f0", "p")] + [(f"f{row}", "f0 + 1") for row in range(1, 100)])) == []


def squares(most: int) -> str:
    """Figures of which each is the square of the one before."""
    return figures([("f0", "p")] + [(f"f{row}", f"f{row - 1} * f{row - 1}") for row in range(1, most + 1)])


def test_a_figure_of_more_than_a_thousand_factors_is_refused_and_what_rests_on_it_is_not_told_again() -> None:
    assert told(squares(9)) == []
    (problem,) = told(squares(12))
    assert (problem.code, problem.about, problem.found["detail_en"]) == (
        "S059",
        ("figure.f10",),
        "more than 1000 figures multiplied or added",
    )


@pytest.mark.parametrize(
    ("formula", "factors"),
    [
        ("f0 * f0", 2),
        ("f0 + f0 - f0", 3),
        ("f0 / f0", 2),
        ("-f0", 1),
        ("min(f0, f0, f0)", 3),
        ("f0 if f0 > f0 else f0", 1),
        ("f0 * (f0 if p > 3 else p)", 2),
        ("sum(p, over=all)", 1),
        ("2 * 3", 2),
    ],
)
def test_a_choice_costs_its_dearest_branch_and_a_sum_all_of_its_parts(formula: str, factors: int) -> None:
    """As many such figures as may be multiplied before it is too much say how many factors each has."""
    groups = "groups: {all: {all: yes}}\n"

    def product(many: int) -> str:
        dear = [("f2", " * ".join(["f1"] * 20)), ("f3", " + ".join(["f2"] * 10)), ("f4", " - ".join(["f3"] * many))]
        return groups + figures([("f0", "p"), ("f1", formula), *dear])

    most = 5 // factors
    assert told(product(most)) == []
    assert [problem.about for problem in told(product(most + 1))] == [("figure.f4",)]


def test_an_item_that_is_dear_is_told_at_its_own_line() -> None:
    sums = [("f", "p", 20), ("g", "f", 10)]
    body = (
        VALUES
        + "figures:\n"
        + "".join(f"  {one}: {{name: {one}, clause: §1, is: {' + '.join([other] * many)}}}\n" for one, other, many in sums)
    )
    dear = " + ".join(["g"] * 6)
    body += f"items:\n  i: {{name: 一 | One, clause: §1, is: p}}\n  j: {{name: 二 | Two, clause: §1, is: {dear}}}\n"
    body += f"pay:\n  clause: §2\n  lines:\n    k: {{name: 三 | Three, is: {dear}}}\n"
    lines = (HEAD + body).splitlines()
    assert [(problem.code, problem.about, lines[(problem.place.line or 0) - 1].split(":")[0].strip()) for problem in told(body)] == [
        ("S059", ("item.j",), "j"),
        ("S059", ("pay.k",), "k"),
    ]


def test_a_formula_of_blanks_that_ask_for_blanks_ends_in_a_problem() -> None:
    letters = [f"b{row}" for row in range(30)]
    given = ", ".join(f"{one}: {other} + {other}" for one, other in pairwise(letters))
    rules = f"rules: {{doubling: {{is: b0, note: {' '.join(letters)}}}}}\n"
    found = told(VALUES + rules + f"items: {{i: {{name: 一 | One, clause: §1, rule: doubling, {given}, b29: p}}}}\n")
    assert [problem.code for problem in found] == ["S059"] * len(found)
    assert [problem.found["detail_en"] for problem in found].count("more than 50000 steps") == 1


def test_of_very_many_problems_two_hundred_are_told() -> None:
    found = told(figures((f"f{row}", f"q{row}") for row in range(400)))
    assert [problem.code for problem in found] == ["S004"] * 200 + ["S057"]
    assert [problem.about for problem in found[:2]] == [("q0",), ("q1",)]
