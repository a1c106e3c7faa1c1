"""A round moves only by those who may, when what must be true is true; each step is written down."""

from __future__ import annotations

import pytest

from kaohe_web.audit.models import Entry
from kaohe_web.audit.queries import verify
from kaohe_web.results.actions import preview, recomputed
from kaohe_web.results.models import Result, Run
from kaohe_web.rounds import actions
from kaohe_web.site.refusals import Forbidden, Refused


def test_the_sample_company_has_a_closed_a_published_and_a_collecting_round(company):
    assert [company.closed.stage, company.published.stage, company.collecting.stage] == ["closed", "confirming", "scored"]


def test_every_act_stands_in_a_chain_that_proves_itself(company):
    proof = verify()
    assert proof.holds
    assert proof.entries == Entry.objects.count() > 700


def test_a_published_round_recomputes_to_the_same_figures(company):
    for run in Run.objects.filter(version__isnull=False):
        assert recomputed(run).digest == run.results_digest


def test_somebody_without_all_ratings_has_no_total_and_is_told_what_is_owed(company):
    waiting = Result.objects.filter(run__round=company.collecting, status="incomplete")
    assert waiting.count() == 10
    assert {(one.total, one.grade) for one in waiting} == {("", "")}
    assert "工作标准化" in waiting.get(subject="KF0110").why


def test_a_round_that_lacks_facts_is_not_sent_for_approval(company):
    with pytest.raises(Refused, match="lack facts"):
        actions.submit(company.user("hr"), company.collecting)


def test_nobody_but_hr_scores_and_submits(company):
    for name in ("lead", "agent", "finance", "auditor", "manager"):
        with pytest.raises(Forbidden):
            preview(company.user(name), company.collecting)


def test_an_approver_out_of_turn_approves_nothing(company):
    with pytest.raises((Refused, Forbidden)):
        actions.approve(company.user("boss"), company.collecting, 1)


def test_sending_back_takes_a_reason(company):
    with pytest.raises(Refused, match="reason"):
        actions.send_back(company.user("hr"), company.collecting, "collecting", " ")
    actions.send_back(company.user("hr"), company.collecting, "collecting", "补评分")
    assert company.collecting.stage == "collecting"
    assert Entry.objects.order_by("-number").first().content.reason == "补评分"


def test_a_round_with_a_wrong_period_is_not_opened(company):
    unit = company.closed.unit
    with pytest.raises(Refused, match="before it starts"):
        actions.open_round(company.user("hr"), "x", company.closed.version, unit, company.closed.end, company.closed.start)
