"""From a figure back to its rows: they add up to it, and those left out say why."""

from __future__ import annotations

import pytest

from kaohe.problems import Problems

TEXT = """通话编号,坐席,来电时间,接听,等待,评分,金额,主题
c1,张三,2026-03-01 09:00,是,20,5,0.10,退款
c2,张三,2026-03-02 09:00,是,40,4,0.20,换货
c3,张三,2026-03-03 09:00,否,,,,退款
c4,张三,2026-04-03 09:00,是,1,1,1,退款
c5,,2026-03-04 09:00,是,9,3,1,退款
c6,李四,2026-03-04 09:00,是,7,3,1,退款
c7,张三,2026-03-05 09:00,是,,3,1,退款
"""
MEASURES = (
    "quick: {kind: ratio, where: answered, numerator: wait_seconds <= 20, exclusions: ["
    '{reason: exchange, name: 换货不计 | Exchanges stay out, when: topic == "换货"}]}',
    "longest: {kind: maximum, value: wait_seconds}",
    "waited: {kind: sum, value: wait_seconds}",
    "middle: {kind: quantile, p: 0.5, between: midpoint, value: wait_seconds}",
)


@pytest.fixture
def traced(house):
    """A house whose calls have been taken in."""
    house.define(*MEASURES)
    house.take_text(TEXT)
    return house


def test_the_rows_of_a_share_are_those_it_counts_and_those_it_leaves_out(traced) -> None:
    found = traced.behind("quick", "张三")
    assert [row.row for row in found.numerator] == [2]
    assert [row.row for row in found.denominator] == [2]
    assert [(row.row, row.reason) for row in found.excluded] == [(3, "exchange"), (8, "no_value")]
    assert found.excluded_count == {"exchange": 1, "no_value": 1}
    assert found.reason_names["exchange"] == ("换货不计", "Exchanges stay out")


def test_a_row_says_its_file_and_its_cells_as_people_read_them(traced) -> None:
    row = traced.behind("quick", "张三").numerator[0]
    assert (row.file, row.cells) == (
        "calls.csv",
        {
            "call_id": "c1",
            "agent": "张三",
            "called_at": "2026-03-01 09:00:00",
            "topic": "退款",
            "answered": "yes",
            "wait_seconds": "20",
            "rating": "5",
            "amount": "0.10",
        },
    )


def test_the_rows_agree_with_the_figure(traced) -> None:
    for figures in traced.measure().figures:
        for subject in figures.subjects:
            found = traced.behind(figures.id, subject)
            assert found.denominator_count == len(found.denominator) == figures.counted[figures.place[subject]]
            assert found.excluded_count == {reason: count for reason, count in figures.excluded_of(subject).items() if count}
    waited = traced.behind("waited", "张三")
    assert sum(int(row.cells["wait_seconds"]) for row in waited.numerator) == traced.figures("waited").pair("张三")[0]


def test_an_edge_leads_to_the_rows_that_hold_it(traced) -> None:
    assert [row.row for row in traced.behind("longest", "张三").numerator] == [3]
    assert [row.row for row in traced.behind("middle", "张三").numerator] == [2, 3]


def test_the_rows_of_nobody_are_all_left_out_for_that(traced) -> None:
    found = traced.behind("quick", None)
    assert [(row.row, row.reason) for row in found.excluded] == [(6, "no_subject")]
    assert (found.numerator_count, found.denominator_count) == (0, 0)


def test_pages_follow_one_another(traced) -> None:
    pages = [traced.behind("waited", "张三", limit=1, offset=offset) for offset in range(3)]
    assert [[row.row for row in page.denominator] for page in pages] == [[2], [3], []]
    assert {page.denominator_count for page in pages} == {2}


@pytest.mark.parametrize("subject", ["赵六", "' OR 1=1 --", "\0"])
def test_somebody_without_rows_has_none(traced, subject: str) -> None:
    found = traced.behind("quick", subject)
    assert (found.denominator, found.excluded, found.excluded_count) == ((), (), {})


def test_a_measure_that_nobody_defined_is_told(traced) -> None:
    with pytest.raises(Problems) as caught:
        traced.behind("quik", "张三")
    assert caught.value.problems[0].found["hint_en"] == " (did you mean `quick`?)"
