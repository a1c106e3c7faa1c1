"""What each kind of measure counts, against plain Python; and what must hold of all of them."""

from __future__ import annotations

import random
import re
from datetime import date
from fractions import Fraction
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.measuring import Period, measure
from kaohe.problems import Problems

HEAD = "通话编号,坐席,来电时间,接听,等待,评分,金额,主题\n"
TEXT = HEAD + (
    "c1,张三,2026-03-01 00:00,是,20,5,0.10,退款\n"
    "c2,张三,2026-03-31 23:59:59,是,21,4,0.20,换货\n"
    "c3,张三,2026-03-15 12:00,否,,,,退款\n"
    "c4,张三,2026-02-28 23:59:59,是,1000,1,9.00,退款\n"
    "c5,张三,2026-04-01 00:00,是,1000,1,9.00,退款\n"
    "c6,李四,2026-03-02 09:00,否,,,,\n"
    "c7,,2026-03-03 09:00,是,5,5,1.00,退款\n"
)

EVERY_KIND = (
    "offered: {kind: count}",
    "answered: {kind: count, where: answered}",
    "waited: {kind: sum, value: wait_seconds}",
    "paid: {kind: sum, value: amount}",
    "answer_share: {kind: ratio, numerator: answered}",
    "quick_share: {kind: ratio, numerator: answered and wait_seconds <= 20}",
    "wait_a_yuan: {kind: ratio, numerator: wait_seconds, denominator: amount}",
    "rating: {kind: mean, value: rating}",
    "longest: {kind: maximum, value: wait_seconds}",
    "cheapest: {kind: minimum, value: amount}",
    "median: {kind: quantile, value: wait_seconds, p: 0.5}",
    "middle: {kind: quantile, value: wait_seconds, p: 0.5, between: midpoint}",
    "topics: {kind: distinct, value: topic}",
)


@pytest.mark.parametrize(
    ("id", "zhang", "li"),
    [
        ("offered", (3, 1), (1, 1)),
        ("answered", (2, 1), (0, 1)),
        ("waited", (41, 1), (0, 1)),
        ("paid", (30, 100), (0, 100)),
        ("answer_share", (2, 3), (0, 1)),
        ("quick_share", (1, 3), (0, 1)),
        ("wait_a_yuan", (4100, 30), (0, 0)),
        ("rating", (9, 2), (0, 0)),
        ("longest", (21, 1), (0, 0)),
        ("cheapest", (10, 100), (0, 0)),
        ("median", (20, 1), (0, 0)),
        ("middle", (41, 2), (0, 0)),
        ("topics", (2, 1), (0, 1)),
    ],
)
def test_each_kind_keeps_a_whole_numerator_and_denominator(house, id: str, zhang: tuple[int, int], li: tuple[int, int]) -> None:
    house.define(*EVERY_KIND)
    house.take_text(TEXT)
    figures = house.figures(id)
    assert (figures.pair("张三"), figures.pair("李四")) == (zhang, li)


def test_the_days_of_a_period_are_the_companys_own(house) -> None:
    house.define("offered: {kind: count}")
    house.take_text(TEXT)
    assert house.figures("offered", Period(date(2026, 2, 28), date(2026, 2, 28))).pair("张三") == (1, 1)
    assert house.figures("offered", Period(date(2026, 4, 1), date(2026, 4, 1))).pair("张三") == (1, 1)
    assert house.figures("offered", Period(date(2026, 3, 31), date(2026, 4, 1))).pair("张三") == (2, 1)


def test_who_has_no_row_in_the_period_has_no_figure(house) -> None:
    house.define("offered: {kind: count}")
    house.take_text(TEXT)
    assert house.figures("offered", Period(date(2026, 2, 1), date(2026, 2, 28))).subjects == ("张三",)
    assert house.figures("offered", Period(date(2025, 2, 1), date(2025, 2, 28))).subjects == ()


def test_rows_of_nobody_are_counted_apart(house) -> None:
    house.define("offered: {kind: count}", "unanswered: {kind: count, where: not answered}")
    house.take_text(TEXT)
    assert (house.figures("offered").without_subject, house.figures("unanswered").without_subject) == (1, 0)


def test_a_row_is_left_out_for_the_first_reason_that_holds(house) -> None:
    house.define(
        "wait: {kind: mean, value: wait_seconds, exclusions: ["
        "{reason: long, name: 太长 | Too long, when: wait_seconds > 20},"
        '{reason: refund, name: 退款 | Refund, when: topic == "退款" and answered},'
        "{reason: any, name: 其他 | Any, when: wait_seconds > 0}]}"
    )
    house.take_text(TEXT)
    figures = house.figures("wait")
    assert figures.pair("张三") == (0, 0)
    assert figures.excluded_of("张三") == {"long": 1, "refund": 1, "any": 0, "no_value": 1}


def test_a_row_whose_condition_cannot_be_told_is_left_out_as_without_value(house) -> None:
    house.define("quick: {kind: ratio, numerator: wait_seconds <= 20}")
    house.take_text(TEXT)
    assert house.figures("quick").pair("张三") == (1, 2)
    assert house.figures("quick").excluded_of("张三") == {"no_value": 1}


def test_rows_without_a_time_belong_to_no_period_and_are_told(house) -> None:
    sources = "sources: {calls: {name: 来电, columns: {agent: {from: A}, called_at: {from: T, type: datetime}}}}\n"
    house.define("n: {kind: count}", sources=sources)
    house.take_text("A,T\n张三,2026-03-01\n张三,\n李四,\n")
    figures = house.figures("n")
    assert (figures.subjects, figures.pair("张三"), figures.excluded_of("张三"), figures.without_time) == (
        ("张三",),
        (1, 1),
        {"no_time": 1},
        1,
    )


def test_only_the_last_row_of_a_key_counts_and_its_own_time_places_it(house) -> None:
    one_row = 'one_row: {per: call_id, by: called_at, among: topic != "换货"}'
    house.define(
        f"n: {{kind: count, {one_row}}}", f"first: {{kind: sum, value: wait_seconds, {one_row.replace('by:', 'keep: first, by:')}}}"
    )
    house.take_text(
        HEAD
        + "t1,张三,2026-03-01,是,1,,,退款\nt1,李四,2026-03-09,是,2,,,退款\nt1,王五,2026-03-20,是,4,,,换货\n"
        + "t2,张三,2026-03-05,是,8,,,退款\nt2,李四,2026-04-02,是,16,,,退款\n"
    )
    assert [house.figures("n").pair(name) for name in ("张三", "李四", "王五")] == [None, (1, 1), None]
    assert house.figures("first").pair("张三") == (9, 1)


def test_where_times_are_alike_the_row_further_down_stands_for_the_key(house) -> None:
    house.define("wait: {kind: sum, value: wait_seconds, one_row: {per: call_id, by: called_at}}")
    house.take_text(HEAD + "t1,张三,2026-03-01,是,1,,,\nt1,张三,2026-03-01,是,2,,,\n")
    assert house.figures("wait").pair("张三") == (2, 1)


def test_rows_without_a_key_are_left_out_and_told(house) -> None:
    house.define("n: {kind: count, one_row: {per: topic, by: called_at}}")
    house.take_text(HEAD + "t1,张三,2026-03-01,是,1,,,\nt2,张三,2026-03-01,是,2,,,\nt3,张三,2026-03-01,是,2,,,退款\n")
    assert (house.figures("n").pair("张三"), house.figures("n").excluded_of("张三")) == ((1, 1), {"no_key": 2})


def test_one_subject_may_own_all_rows(house) -> None:
    house.define()
    text = (house.folder / "definitions.yaml").read_text(encoding="utf-8")
    house.define(sources=text + "measures: {n: {name: 全部, version: 1, table: calls, for_all: tea_house, time: called_at, kind: count}}\n")
    house.take_text(TEXT)
    assert house.figures("n").pair("tea_house") == (5, 1)


def test_a_denominator_below_nought_turns_both_signs(house) -> None:
    house.define("r: {kind: ratio, numerator: wait_seconds, denominator: amount}")
    house.take_text(HEAD + "t1,张三,2026-03-01,是,3,,-0.50,\n")
    assert house.figures("r").pair("张三") == (-300, 50)


def test_sums_beyond_a_machine_word_stay_exact(house) -> None:
    house.define("s: {kind: sum, value: rating}")
    house.take_text(HEAD + "".join(f"t{i},张三,2026-03-01,是,,9223372036854775807,,\n" for i in range(3)))
    assert house.figures("s").pair("张三") == (3 * (2**63 - 1), 1)


def test_a_product_beyond_exact_whole_numbers_is_a_problem(house) -> None:
    house.define("p: {kind: sum, value: rating * rating * rating}")
    house.take_text(HEAD + "t1,张三,2026-03-01,是,,9223372036854775807,,\n")
    with pytest.raises(Problems) as caught:
        house.measure()
    assert [problem.code for problem in caught.value] == ["M033"]


def test_a_period_that_ends_before_it_starts_is_a_problem() -> None:
    with pytest.raises(Problems) as caught:
        Period(date(2026, 3, 31), date(2026, 3, 1))
    assert caught.value.problems[0].reason == "period"


def test_the_order_of_rows_and_of_files_changes_nothing(new_house) -> None:
    lines = TEXT.removeprefix(HEAD).splitlines(keepends=True)
    found = []
    for seed in range(3):
        house = new_house()
        house.define(*EVERY_KIND)
        random.Random(seed).shuffle(lines)
        house.take_text(HEAD + "".join(lines[:3]), "a.csv")
        house.take_text(HEAD + "".join(lines[3:]), "b.csv")
        found.append([(f.id, f.subjects, f.numerators, f.denominators, f.excluded, f.counted) for f in house.measure().figures])
    assert found[0] == found[1] == found[2]


def test_a_measure_asked_alone_says_what_it_says_among_others(house) -> None:
    definitions = house.define(*EVERY_KIND)
    house.take_text(TEXT)
    for figures in house.measure().figures:
        (alone,) = measure(house.workspace, definitions, house.measure().period, measures=[figures.id]).figures
        assert alone == figures


def test_the_rows_behind_figures_are_named_by_their_table_and_change_with_it(house) -> None:
    house.define("n: {kind: count}")
    house.take_text(TEXT)
    first = house.figures("n").rows
    house.take_text(TEXT.replace("c1", "c9"), "more.csv")
    assert re.fullmatch("calls@[0-9a-f]{12}", first)
    assert house.figures("n").rows != first


VALUES = st.lists(st.integers(0, 60), min_size=1, max_size=120)
SHARES = st.integers(1, 1000).map(lambda thousandths: Fraction(thousandths, 1000))


@given(VALUES, SHARES)
@settings(max_examples=40)
def test_a_quantile_is_the_row_at_the_exact_place(house_in, values: list[int], p: Fraction) -> None:
    with TemporaryDirectory() as folder:
        house = house_in(Path(folder))
        quantile = f"kind: quantile, value: wait_seconds, p: {p}"
        house.define(f"lower: {{{quantile}}}", f"middle: {{{quantile}, between: midpoint}}")
        house.take_text(HEAD + "".join(f"c{i},张三,2026-03-01,是,{value},,,\n" for i, value in enumerate(values)))
        measured = house.measure()
    place, ordered = p * len(values), sorted(values)
    upper = ordered[min(int(place), len(values) - 1)]
    lower = ordered[ceil(place) - 1]
    assert measured["lower"].pair("张三") == (lower, 1)
    assert measured["middle"].pair("张三") == (lower + upper, 2)


AMOUNTS = st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=50)


@given(AMOUNTS)
@settings(max_examples=25)
def test_decimals_add_up_to_the_cent(house_in, cents: list[int]) -> None:
    with TemporaryDirectory() as folder:
        house = house_in(Path(folder))
        house.define("paid: {kind: sum, value: amount}")
        lines = [
            f"c{i},张三,2026-03-01,是,,,{'-' if cent < 0 else ''}{abs(cent) // 100}.{abs(cent) % 100:02},\n" for i, cent in enumerate(cents)
        ]
        house.take_text(HEAD + "".join(lines))
        assert house.figures("paid").pair("张三") == (sum(cents), 100)
