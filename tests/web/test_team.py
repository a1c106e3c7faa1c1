"""A lead's board: her own people alone, in the order of their totals, whose turn it is, and never a yuan."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe_web.engine.boards import aligned, heat, moved, seen, spread_data
from kaohe_web.people.models import Grant
from kaohe_web.people.standing import standing_of
from kaohe_web.rating.actions import Typed, rate_typed
from kaohe_web.results.actions import preview
from kaohe_web.results.models import Result
from kaohe_web.results.telling import tell
from kaohe_web.rounds.models import Round
from kaohe_web.team.queries import board_of

ITEM = "work_standardization"


def board(company, user, round=None, **asked):
    return board_of(standing_of(company.user(user)), (round or company.collecting).id, asked)


def subjects(found):
    return [line.result.subject for line in found.lines]


# --- whom it shows ----------------------------------------------------------------------------------


def test_a_lead_sees_her_own_team_without_herself(company):
    shown = set(subjects(board(company, "lead")))
    assert shown == {f"KF01{place:02}" for place in range(1, 19)}


def test_another_lead_sees_nobody_of_hers(company):
    assert not set(subjects(board(company, "lead"))) & set(subjects(board(company, "lead2")))


def test_a_manager_sees_all_the_teams_below_and_may_choose_one(company):
    found = board(company, "manager")
    assert len(found.units) == 4
    assert {line.result.participant.unit.code for line in board(company, "manager", unit="CS-T").lines} == {"CS-T"}


def test_a_unit_that_is_not_hers_shows_a_lead_nothing(company):
    assert subjects(board(company, "lead", unit="CS-T")) == []


@pytest.mark.parametrize("name", ["agent", "finance", "admin"])
def test_there_is_no_board_for_who_leads_nobody(company, signed_in, name):
    assert signed_in(name).get("/team/").status_code == 404
    assert signed_in(name).get(f"/team/{company.collecting.id}/").status_code == 404
    assert signed_in(name).get(f"/team/{company.collecting.id}/export/").status_code == 404


def test_a_lead_whose_units_have_no_people_in_a_round_does_not_find_it(company, signed_in):
    Grant.objects.filter(user=company.user("lead")).update(unit=company.collecting.unit.parent.parts.get(code="GM"))
    assert signed_in("lead").get(f"/team/{company.collecting.id}/").status_code == 404
    assert "我的团队" in signed_in("lead").get("/team/").content.decode()


# --- what it says -----------------------------------------------------------------------------------


def test_totals_come_first_from_the_highest_then_the_incomplete_then_who_is_not_assessed(company):
    lines = board(company, "lead").lines
    kinds = [line.result.status for line in lines]
    assert kinds == sorted(kinds, key=lambda kind: {"assessed": 0, "incomplete": 1}.get(kind, 2))
    totals = [Fraction(line.result.total) for line in lines if line.is_complete]
    assert totals == sorted(totals, reverse=True)
    assert lines[-1].why == "不满考核期"


def test_the_strip_adds_up(company):
    found = board(company, "lead")
    assert (found.people, found.complete, found.incomplete, len(found.out)) == (17, 7, 10, 1)
    assert sum(people for _, people in found.grades) == found.complete
    assert sum(people for _, people in found.lacking) == found.incomplete


def test_it_says_whose_turn_it_is_by_what_they_are_and_not_by_name(company, signed_in):
    turns = {line.result.subject: (line.turn, line.is_mine) for line in board(company, "lead").lines}
    assert turns["KF0110"] == ("等您评分", True)
    assert turns["KF0105"] == ("等总经理", False)
    page = signed_in("lead").get(f"/team/{company.collecting.id}/").content.decode()
    assert "钱卫东" not in page


def test_who_was_rated_since_the_preview_waits_for_scoring_and_not_for_the_rater(company):
    rate_typed(company.user("lead"), company.collecting, ITEM, [Typed("KF0110", "1")])
    turns = {line.result.subject: line.turn for line in board(company, "lead").lines}
    assert turns["KF0110"] == "已补评，待重算"


def test_an_owed_item_is_said_to_be_owed_and_never_a_nought(company):
    line = next(line for line in board(company, "lead").lines if line.result.subject == "KF0110")
    cells = dict(zip(board(company, "lead").items, line.cells, strict=True))
    assert (cells[ITEM].text, cells[ITEM].owed) == ("", True)
    assert line.total == ""


def test_no_board_shows_money(company, signed_in):
    for name in ("lead", "manager", "hr", "auditor"):
        for round in (company.collecting, company.published):
            text = signed_in(name).get(f"/team/{round.id}/").content.decode()
            assert "¥" not in text
            assert "3,200" not in text
            assert "绩效薪资" not in text


def test_what_moved_since_the_preview_before_is_told_and_the_rest_counted(company):
    rate_typed(company.user("lead"), company.collecting, ITEM, [Typed("KF0110", "1"), Typed("KF0101", "0")])
    run, _ = preview(company.user("hr"), company.collecting)
    tell.call(run.id)
    found = board(company, "lead")
    assert {mover.result.subject for mover in found.movers} == {"KF0101", "KF0110"}
    assert found.unchanged == 16
    assert next(mover for mover in found.movers if mover.result.subject == "KF0110").before == "未定"


def test_filters_leave_whom_they_name(company):
    assert {line.result.status for line in board(company, "lead", show="incomplete").lines} == {"incomplete"}
    assert all(line.is_mine for line in board(company, "lead", show="mine").lines)
    assert {line.result.grade for line in board(company, "lead", grade="A").lines} == {"A"}
    assert subjects(board(company, "lead", name="kf0105")) == ["KF0105"]
    assert subjects(board(company, "lead", name="没有的人")) == []


def test_before_the_first_preview_the_board_says_what_to_do(company, signed_in):
    Round.objects.filter(pk=company.collecting.pk).update(stage="collecting")
    company.collecting.runs.update(told=False)
    page = signed_in("lead").get(f"/team/{company.collecting.id}/")
    assert "还没有计算过" in page.content.decode()


def test_the_board_costs_the_same_number_of_queries_for_few_as_for_many(company, signed_in):
    lead = signed_in("lead")
    lead.get(f"/team/{company.collecting.id}/")
    with CaptureQueriesContext(connection) as many:
        lead.get(f"/team/{company.collecting.id}/")
    with CaptureQueriesContext(connection) as few:
        lead.get(f"/team/{company.collecting.id}/?name=KF0105")
    assert len(few) == len(many)


def test_the_latest_round_opens_first(company, signed_in):
    assert signed_in("lead").get("/team/").url == f"/team/{company.collecting.id}/"


def test_what_is_seen_can_be_taken_along_as_a_file_that_runs_no_formula(company, signed_in):
    Result.objects.filter(run__round=company.collecting, subject="KF0105").update(name="=1+1")
    answer = signed_in("lead").get(f"/team/{company.collecting.id}/export/?show=incomplete")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("姓名,工号,总分,等级,上期,")
    assert len(lines) == 11
    assert any(line.startswith("'=1+1,KF0105") for line in lines)


def test_the_board_speaks_english_too(company, signed_in):
    manager = signed_in("manager")
    manager.cookies["kaohe_language"] = "en"
    page = manager.get(f"/team/{company.published.id}/").content.decode()
    assert "Moved most since last period" in page
    assert "Fewer than ten survey answers" in page


# --- figures ----------------------------------------------------------------------------------------


def test_shades_go_by_the_share_that_was_earned():
    shades = [heat({"zero": 0, "full": 6000, "to": to}) for to in (0, 1, 3000, 3001, 4799, 4800, 5999, 6000)]
    assert shades == ["h0", "h1", "h1", "h2", "h2", "h3", "h3", "h4"]
    assert heat(None) == heat({"zero": 0, "full": 6000, "to": None}) == ""


def test_a_move_is_exact_and_signed():
    assert (moved("2/3", "0.75").shown, moved("2/3", "0.75").rose) == ("+0.0833", True)
    assert (moved("0.75", "2/3").shown, moved("0.75", "2/3").rose) == ("−0.0833", False)
    assert moved("0.5", "1/2").rose is None
    assert moved("", "1") is None


def test_figures_of_a_column_have_their_points_below_one_another():
    assert aligned(["1", "0.75", "−0.5", "", "–", "463/600"]) == ["1.00", "0.75", "−0.50", "", "–", "463/600"]
    assert aligned(["1", "10"]) == ["1", "10"]


def test_a_total_just_below_an_edge_is_written_out_and_not_rounded_onto_it(company):
    plan = company.collecting.version.plan
    assert seen(plan, "79999999/100000000") == "0.79999999"
    assert seen(plan, "463/600") == "0.7717"


def test_fewer_than_five_totals_are_no_distribution(company):
    plan = company.collecting.version.plan
    assert spread_data(plan, ["0.5", "0.6", "0.7", "0.8"], "zh") is None
    drawn = spread_data(plan, ["0.5", "0.6", "0.7", "0.8", "0.8"], "zh")
    assert sum(bar["count"] for bar in drawn["bars"]) == 5
    assert [(edge["below"], edge["above"]) for edge in drawn["edges"]] == [("C", "B"), ("B", "A")]
