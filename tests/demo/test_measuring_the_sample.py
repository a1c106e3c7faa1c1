"""The sample measured with its company's own definitions: every figure is the planted one, every dirty row is accounted for."""

from __future__ import annotations

from typing import Any

import pytest

from kaohe.demo import Demo
from kaohe.measuring import RowsBehind, Workspace, measure, read_accounts, read_definitions, rows_behind

# For each measure the truth's numerator and denominator; a number stands for itself.
TRUTH: dict[str, tuple[str, str | int]] = {
    "conversations_handled": ("handled", 1),
    "inquiries_handled": ("inquiries", 1),
    "first_reply_seconds_mean": ("soon_reply_seconds", "answered_soon"),
    "quick_reply_share": ("answered_within_30", "answered"),
    "resolution_share": ("resolved", "resolved_known"),
    "survey_answer_share": ("surveys_answered", "surveys_sent"),
    "satisfaction_share": ("surveys_good", "surveys_answered"),
    "satisfaction_mean": ("survey_score_sum", "surveys_answered"),
    "complaints_upheld": ("contacts_upheld", 1),
    "orders_paid": ("orders_paid", 1),
    "paid_amount": ("paid_fen", 100),
    "points_off_mean": ("points_off", "inspections"),
    "critical_errors": ("inspections_critical", 1),
}


@pytest.fixture(scope="module")
def whole(demo: Demo):
    """The definitions of the company, and what its workspace holds."""
    definitions = read_definitions(demo.folder / "sources.yaml", demo.folder / "measures.yaml")
    return definitions, Workspace(demo.folder / "workspace")


def behind(demo: Demo, whole: Any, measure_id: str, subject: str | None) -> dict[str, int]:
    """How many rows of all months were left out, by reason."""
    found: dict[str, int] = {}
    for measured in demo.measured.values():
        rows: RowsBehind = rows_behind(whole[1], whole[0], measure_id, subject, measured.period, limit=0)
        found = {reason: found.get(reason, 0) + rows.excluded_count.get(reason, 0) for reason in {**found, **rows.excluded_count}}
    return found


@pytest.mark.parametrize("id", sorted(TRUTH))
def test_every_figure_of_everybody_and_every_month_is_the_planted_one(demo: Demo, expected: dict[str, Any], id: str) -> None:
    top, bottom = TRUTH[id]
    for month, measured in demo.measured.items():
        truth = expected["by_own_date"][month]
        for subject in {*truth, *measured[id].subjects}:
            figures = truth[subject]
            pair = measured[id].pair(subject)
            wanted = figures[top], bottom if isinstance(bottom, int) else figures[bottom]
            assert pair == wanted or (pair is None and wanted in ((0, bottom), (0, 0))), f"{id} of {subject} in {month}"


def test_every_measure_is_compared(whole: Any) -> None:
    assert set(whole[0].measures) == set(TRUTH)


def test_the_rows_set_aside_are_those_whose_beginning_cannot_be_read(demo: Demo, whole: Any, expected: dict[str, Any]) -> None:
    dirt = {name: kind["count"] for name, kind in expected["dirt"].items()}
    aside = {table: sum(one.rows_set_aside for one in whole[1].imports(table)) for table in whole[0].sources}
    assert aside.pop("conversations") == dirt["day_first_date"] + dirt["impossible_date"] + dirt["dash_date"]
    assert set(aside.values()) == {0}


def test_the_rows_that_are_nobodys_are_those_without_an_account(demo: Demo, whole: Any, expected: dict[str, Any]) -> None:
    dirt = {name: kind["count"] for name, kind in expected["dirt"].items()}
    without = dirt["missing_agent"] + dirt["agent_question_mark"] + dirt["agent_dash"]
    found = behind(demo, whole, "conversations_handled", None)
    assert found == {"no_subject": without, "system_account": dirt["system_account"]}
    assert all(not measured["conversations_handled"].without_person for measured in demo.measured.values())


def test_the_rows_left_out_of_peoples_figures_are_those_planted(demo: Demo, expected: dict[str, Any]) -> None:
    dirt = {name: kind["count"] for name, kind in expected["dirt"].items()}
    handled = [measured["conversations_handled"].excluded for measured in demo.measured.values()]
    assert sum(sum(counts["ends_before_start"]) for counts in handled) == dirt["negative_duration"]
    resolved = [measured["resolution_share"].excluded["no_value"] for measured in demo.measured.values()]
    assert sum(map(sum, resolved)) == dirt["resolved_question_mark"]


def test_rows_taken_twice_count_once_and_all_rows_are_accounted_for(demo: Demo, whole: Any, expected: dict[str, Any]) -> None:
    dirt = {name: kind["count"] for name, kind in expected["dirt"].items()}
    taken = sum(one.rows_taken for one in whole[1].imports("conversations"))
    kept = sum(figures["conversations"] for people in expected["by_own_date"].values() for figures in people.values())
    left_out = dirt["missing_agent"] + dirt["agent_question_mark"] + dirt["agent_dash"] + dirt["system_account"] + dirt["negative_duration"]
    assert taken == kept + left_out + dirt["duplicate_row"] + dirt["reexported_row"]


def test_an_account_that_passed_on_is_told_and_its_rows_reach_both_people(demo: Demo, whole: Any, expected: dict[str, Any]) -> None:
    cast = expected["cast"]
    book = read_accounts(whole[1], whole[0], "shop")
    assert list(book.shared().values()) == [(cast["left"]["person"], cast["joined"]["person"])]
    assert len(book.gaps()) == 1
    last = list(demo.measured.values())[-1]["conversations_handled"]
    assert all((last.pair(cast[who]["person"]) or (0, 1))[0] > 0 for who in ("left", "joined"))


def test_measuring_again_gives_the_same(demo: Demo, whole: Any) -> None:
    month, before = next(iter(demo.measured.items()))
    again = measure(whole[1], whole[0], before.period)
    assert [(figures.id, figures.subjects, figures.numerators, figures.denominators, figures.rows) for figures in again.figures] == [
        (figures.id, figures.subjects, figures.numerators, figures.denominators, figures.rows) for figures in before.figures
    ], month
