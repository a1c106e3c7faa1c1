"""One measure in another's place: both figures, places, and the rows that count in one alone, worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kaohe.measuring import contrast, read_definitions
from kaohe.measuring.presets import read_presets
from kaohe.problems import Problems
from tests.measuring.conftest import MARCH
from tests.measuring.test_preset_month import shop

__all__ = ["shop"]

CALLS = """通话编号,坐席,来电时间,主题,接听,等待
1,e1,2026-03-02 09:00,退款,是,10
2,e1,2026-03-02 10:00,测试,是,50
3,e1,2026-03-02 23:00,退款,是,90
4,e2,2026-03-02 09:00,退款,是,40
5,e2,2026-03-02 10:00,退款,否,
6,e2,,退款,是,7
7,,2026-03-02 10:00,退款,是,10
"""
MEASURES = (
    'all_day: {kind: mean, value: wait_seconds, unit: second, direction: lower, where: topic != "测试"}',
    "by_day: {kind: mean, value: wait_seconds, unit: second, direction: lower, exclusions: [{reason: night, name: 夜间, when: hour_of(called_at) >= 22}]}",
    "of_each: {kind: mean, value: wait_seconds, unit: second, direction: lower, one_row: {per: topic, by: called_at}}",
    "share: {kind: ratio, numerator: answered, unit: share, direction: higher}",
    "calls: {kind: count}",
)


@pytest.fixture
def desk(house):
    """Seven calls, of which one has no time and one nobody."""
    house.define(*MEASURES, sources=CALLS_SOURCE)
    house.take_text(CALLS)
    return house


CALLS_SOURCE = """
company_zone: Asia/Shanghai
sources:
  calls:
    name: 来电 | Calls
    columns:
      call_id: {from: 通话编号, needed: true}
      agent: {from: 坐席}
      called_at: {from: 来电时间, type: datetime}
      topic: {from: 主题}
      answered: {from: 接听, type: yes_no}
      wait_seconds: {from: 等待, type: seconds}
"""


def lines(house, first: str, second: str):
    found = contrast(house.workspace, house.definitions, first, second, MARCH)
    return found, {line.subject: line for line in found.lines}


def rows(line) -> tuple[int, int, int]:
    return line.both, line.first_only, line.second_only


def test_both_figures_their_difference_places_and_rows(desk) -> None:
    found, told = lines(desk, "all_day", "by_day")
    assert (told["e1"].first, told["e1"].second, found.difference(told["e1"])) == (50, 30, -20)
    assert (told["e1"].first_place, told["e1"].second_place, told["e2"].first_place, told["e2"].second_place) == (2, 1, 1, 2)
    assert [rows(told[subject]) for subject in ("e1", "e2")] == [(1, 1, 1), (1, 0, 0)]


def test_rows_chosen_otherwise_are_compared_one_by_one(desk) -> None:
    found, told = lines(desk, "all_day", "of_each")
    assert rows(told["e1"]) == (1, 1, 1)
    assert found.rows_shared
    assert (told["e2"].first, told["e2"].second, rows(told["e2"])) == (40, None, (0, 1, 0))


def test_figures_of_other_units_are_not_subtracted_and_what_has_no_better_has_no_place(desk) -> None:
    found, told = lines(desk, "all_day", "share")
    assert not found.units_alike
    assert found.difference(told["e2"]) is None
    assert told["e2"].second == Fraction(1, 2)
    found, told = lines(desk, "calls", "calls")
    assert (told["e1"].first_place, rows(told["e1"])) == (None, (3, 0, 0))


def test_the_same_measure_twice_moves_nobody(desk) -> None:
    found, _ = lines(desk, "all_day", "all_day")
    assert all(found.difference(line) == 0 and line.first_place == line.second_place and rows(line)[1:] == (0, 0) for line in found.lines)


def test_the_comparison_is_data_in_exact_text(desk) -> None:
    data = lines(desk, "all_day", "by_day")[0].as_data()
    assert data["lines"][0] == {
        "subject": "e1",
        "first": "50",
        "second": "30",
        "difference": "-20",
        "first_place": 2,
        "second_place": 1,
        "rows_in_both": 1,
        "rows_in_first_only": 1,
        "rows_in_second_only": 1,
    }


def test_a_measure_that_is_not_there_is_told(desk) -> None:
    with pytest.raises(Problems) as caught:
        contrast(desk.workspace, desk.definitions, "all_day", "all_days", MARCH)
    assert [problem.code for problem in caught.value] == ["M004"]


# --- ready measures over the month of the tests -----------------------------------------------------


def by_subject(found):
    return {line.subject: (line.first, line.second, rows(line)) for line in found.lines}


def test_switching_tmalls_reply_time_for_the_usual_one(shop) -> None:
    workspace, definitions, _ = shop
    found = contrast(workspace, definitions, "tmall_average_reply_seconds", "average_reply_seconds", MARCH)
    told = by_subject(found)
    assert told["a1"] == (Fraction("322.5"), Fraction("322.5"), (4, 0, 0))
    assert told["a2"] == (Fraction(1210, 3), Fraction(616, 3), (2, 1, 1))
    assert found.rows_shared


def test_switching_tmalls_reply_time_for_jds_share_counts_other_rows(shop) -> None:
    workspace, definitions, _ = shop
    found = contrast(workspace, definitions, "tmall_average_reply_seconds", "jd_first_reply_within_30_share", MARCH)
    assert (found.units_alike, found.rows_shared) == (False, False)
    assert by_subject(found)["a3"] == (Fraction(1220, 3), Fraction(1, 2), (0, 3, 4))


THEMES = {id: theme for id, theme in read_presets().themes.items() if theme in ("replies", "calls")}


@pytest.mark.parametrize("theme", sorted(set(THEMES.values())))
def test_what_counts_in_both_and_in_one_alone_is_all_that_counts(shop, theme) -> None:
    workspace, definitions, _ = shop
    ids = [id for id, one in THEMES.items() if one == theme]
    for first, second in zip(ids, [*ids[1:], ids[0]], strict=True):
        found = contrast(workspace, definitions, first, second, MARCH, as_of=MARCH.end)
        for line in found.lines:
            counts = [dict(zip(one.subjects, one.counted, strict=True)).get(line.subject, 0) for one in (found.first, found.second)]
            assert [line.both + line.first_only, line.both + line.second_only] == counts, (first, second, line.subject)


def test_a_ready_measure_is_taken_without_a_file_that_names_it(desk) -> None:
    definitions = read_definitions(desk.folder / "definitions.yaml", presets={})
    assert list(definitions.measures) == [measure.partition(":")[0] for measure in MEASURES]
    with pytest.raises(Problems) as caught:
        read_definitions(desk.folder / "definitions.yaml", presets={"reply": "average_reply_seconds@9"})
    assert [(problem.code, problem.place.file) for problem in caught.value] == [("M004", "preset average_reply_seconds@9")]
