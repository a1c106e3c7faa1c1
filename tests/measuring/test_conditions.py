"""The language of conditions: what it says, what it refuses, and that nothing of it leaks into SQL."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.measuring.conditions import FUNCTIONS, Expression, Scope, compile_condition, compile_value
from kaohe.measuring.definitions import Column
from kaohe.measuring.dialects import DUCKDB
from kaohe.problems import Problems

COLUMNS = {
    "topic": Column(**{"from": "t"}),
    "answered": Column(**{"from": "a", "type": "yes_no", "needed": True}),
    "wait_seconds": Column(**{"from": "w", "type": "seconds"}),
    "amount": Column(**{"from": "m", "type": "number", "places": 2}),
    "called_at": Column(**{"from": "c", "type": "datetime"}),
    "ended_at": Column(**{"from": "e", "type": "datetime", "places": 3}),
    "called_on": Column(**{"from": "d", "type": "date"}),
}
SCOPE = Scope(COLUMNS, ZoneInfo("Asia/Shanghai"))
ROW = """SELECT '退款' AS topic, TRUE AS answered, 20 AS wait_seconds, 1050 AS amount, TIMESTAMP '2026-03-31 15:30:00' AS called_at,
         TIMESTAMP '2026-03-31 15:30:01.25' AS ended_at, DATE '2026-03-31' AS called_on"""
EMPTY = "SELECT NULL AS topic, NULL AS wait_seconds, NULL AS amount, NULL::TIMESTAMP AS called_at, FALSE AS answered"


def answer(expression: Expression, row: str = ROW) -> object:
    found = duckdb.connect().execute(f"SELECT {expression.sql} FROM ({row})").fetchone()
    assert found
    return found[0]


def holds(text: str, row: str = ROW) -> object:
    return answer(compile_condition(text, SCOPE), row)


def refused(text: str) -> Problems:
    with pytest.raises(Problems) as caught:
        compile_condition(text, SCOPE)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "answered",
        "answered == yes",
        "not answered == no",
        "wait_seconds <= 20",
        "0 < wait_seconds < 21",
        "wait_seconds * 2 - 1 == 39",
        'topic in ["退款", "换货"]',
        'topic not in ["换货"]',
        "amount == 10.5",
        "amount > 10.499",
        "amount + wait_seconds == 30.50",
        "amount * 0.5 == 5.25",
        "-amount < 0",
        "given(topic) and wait_seconds >= 20",
        "seconds_between(called_at, ended_at) == 1.25",
        "hour_of(called_at) == 23",
        "minute_of_day(called_at) == 1410",
        "weekday_of(called_on) == 2",
        'date_of(called_at) == "2026-03-31"',
        'called_at >= "2026-03-31 23:30"',
        '"2026-03-01" <= called_on <= "2026-03-31"',
        "days_between(called_on, called_on) == 0",
        "smaller_of(wait_seconds, 10) == 10",
        "larger_of(wait_seconds, 10.5) == 20",
        "(600 if not answered else wait_seconds) == 20",
        'contains(topic, "款") and starts_with(topic, "退")',
        "or_else(wait_seconds, 600) == 20",
    ],
)
def test_what_is_true_of_the_row_holds(text: str) -> None:
    assert holds(text) is True


@pytest.mark.parametrize(
    "text", ["wait_seconds <= 20", "not (wait_seconds <= 20)", 'topic == "退款"', "smaller_of(wait_seconds, 10) == 10"]
)
def test_a_comparison_with_a_missing_cell_is_neither_true_nor_false(text: str) -> None:
    assert holds(text, EMPTY) is None


def test_a_missing_cell_does_not_matter_where_the_rest_decides() -> None:
    assert holds("answered and wait_seconds <= 20", EMPTY) is False


def test_given_and_or_else_speak_of_missing_cells() -> None:
    assert holds("not given(topic) and or_else(wait_seconds, 600) == 600", EMPTY) is True


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('ls')",
        "topic.__class__",
        "[x for x in topic]",
        "(lambda: 1)()",
        "f'{topic}'",
        "wait_seconds ** 9",
        "wait_seconds // 2 == 1",
        "wait_seconds / 2 == 1",
        "topic is None",
        "wait_seconds == 1j",
        "wait_seconds == 0x10",
        "b'a' == topic",
        "given(topic, topic)",
        "given(x=topic)",
        "topic in topic",
        "topic in []",
        "wait_seconds == True",
        "wait_seconds",
        "topic == 1",
        "called_on == 'yesterday'",
        "called_at > '2026-13-01'",
        "wait_seconds == 1" + "0" * 40,
        "not " * 200 + "answered",
        "(" * 100 + "answered" + ")" * 100,
        "answered" + " and answered" * 200,
        "topic == 'a\0b'",
        "",
        ";",
        "answered; DROP TABLE calls",
        "smaller_of(" * 20 + "wait_seconds" + ", 1)" * 20 + " > 0",
    ],
)
def test_what_the_language_does_not_say_is_refused(text: str) -> None:
    assert len(refused(text)) >= 1


def test_a_refusal_points_at_the_place() -> None:
    shown = refused("answered and wait_seconds ** 2 > 4").problems[0].sentence("en").splitlines()
    assert shown[1].index("wait_seconds ** 2") == shown[2].index("^")


def test_a_lone_equals_sign_is_told_how_to_be_written() -> None:
    assert "==" in refused("wait_seconds = 20").problems[0].sentence("en")


def test_full_width_brackets_are_told() -> None:
    assert "half-width" in refused("given\uff08topic\uff09").problems[0].sentence("en")


def test_all_unknown_names_are_told_at_once_each_with_the_nearest() -> None:
    problems = refused("wait_second <= 20 and givn(topic) and tpic == 'a'").problems
    assert [problem.found["name"] for problem in problems] == ["wait_second", "givn", "tpic"]
    assert "did you mean `wait_seconds`?" in problems[0].sentence("en")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30))
@settings(max_examples=200, deadline=None)
def test_a_text_reaches_the_engine_as_it_was_written(text: str) -> None:
    assert answer(Expression(DUCKDB.text(text), "text")) == text


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_either_compiles_to_runnable_sql_or_is_a_problem(text: str) -> None:
    try:
        expression = compile_value(text, SCOPE)
    except Problems:
        return
    answer(expression)


@given(
    st.lists(st.sampled_from([*COLUMNS, *FUNCTIONS, "(", ")", "+", "*", "and", "not", "<=", "==", ",", "1", "0.05", "'x'"]), max_size=12)
)
@settings(max_examples=300, deadline=None)
def test_any_shuffle_of_words_either_compiles_to_runnable_sql_or_is_a_problem(words: list[str]) -> None:
    try:
        expression = compile_value(" ".join(words), SCOPE)
    except Problems:
        return
    answer(expression)


@given(st.integers(-(10**6), 10**6), st.integers(0, 4), st.integers(-(10**6), 10**6), st.integers(0, 4))
@settings(max_examples=100, deadline=None)
def test_decimals_of_different_places_compare_exactly(a: int, a_places: int, b: int, b_places: int) -> None:
    def text(units: int, places: int) -> str:
        return f"{'-' if units < 0 else ''}{abs(units) // 10**places}.{abs(units) % 10**places:0{places}}" if places else str(units)

    expected = a * 10**b_places < b * 10**a_places
    assert holds(f"{text(a, a_places)} < {text(b, b_places)}") is expected
