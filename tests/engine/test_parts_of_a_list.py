"""A figure for each word of a list: every table of the tea-house has its own stains, and its own end to them."""

from collections.abc import Callable

from kaohe.problems import Problem
from kaohe.scoring import Results

TABLES = """
words:
  table:
    window: {number: 3, name: 窗边桌 | By the window}
    door: {number: 2, name: 门边桌 | By the door}
    round: {number: 5, name: 圆桌 | Round}
events:
  stain:
    name: 污渍 | Stain
    columns: {table: {is: table, name: 桌 | Table}, points: {is: points above 0, name: 扣分 | Points}}
    must: {within: {is: points <= table, about: [points]}}
figures:
  lost: {name: 每桌失分 | Lost at each table, per: table, is: "min(sum(stain.points), table)"}
  bad: {name: 失尽的桌数 | Tables lost in full, show: yes, is: count(lost >= table)}
items: {clean: {name: 洁净 | Clean, clause: §1, full: 8, plus: -sum(lost), floor: 0}}
total: {is: sum}
"""
PEOPLE = "people: [{id: a, role: waiter}, {id: b, role: waiter}]\n"


def stains(*rows: tuple[str, str, str]) -> str:
    lines = [f"  - {{type: stain, subject: {who}, at: 2026-03-05, table: {table}, {more}}}\n" for who, table, more in rows]
    return f"{PEOPLE}events:\n{''.join(lines)}"


def test_each_word_of_a_list_has_its_own_end(tea_house: Callable[..., Results]) -> None:
    facts = stains(("a", "door", "points: 1.5, count: 2"), ("a", "round", "points: 4"), ("b", "round", "points: 1"))
    results = tea_house(TABLES, facts)
    assert [results.scorecard(who).total for who in "ab"] == [2, 7]


def test_a_figure_of_each_word_knows_its_word(tea_house: Callable[..., Results]) -> None:
    facts = stains(("a", "door", "points: 2"), ("a", "round", "points: 4"), ("b", "window", "points: 3"))
    results = tea_house(TABLES, facts)
    assert [results.scorecard(who).metrics["bad"] for who in "ab"] == [1, 1]


def test_what_lies_outside_the_words_number_bears_the_word(refused: Callable[..., list[Problem]]) -> None:
    (problem,) = refused(TABLES, stains(("a", "door", "points: 2.1")))
    assert problem.reason == "out_of_range"
    assert {"door", "stain", "points", "clean"} <= set(problem.about)
