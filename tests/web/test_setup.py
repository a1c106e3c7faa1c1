"""Before a round runs: it is opened, set up within the scheme's bounds, its raters are named; then it is frozen."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from kaohe_web.collect.actions import Task, assign, unassign
from kaohe_web.collect.models import Duty
from kaohe_web.collect.raters import needs_of, open_needs, proposals
from kaohe_web.engine.schemes import choices_of, library_texts
from kaohe_web.engine.tables import Filling, workbook_of
from kaohe_web.library.actions import take_in
from kaohe_web.library.models import SchemeVersion
from kaohe_web.people.models import Attribute, Person, Posting, Unit
from kaohe_web.people.standing import standing_of
from kaohe_web.rounds import actions
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.periods import Period, suggested
from kaohe_web.rounds.setting import config_of, groups_of, setup_page, taken_people
from kaohe_web.site.refusals import Forbidden, Refused

QUARTER = {"start": "2026-10-01", "end": "2026-12-31"}
WEIGHTS = {
    "first_response": "9", "first_contact": "11", "handling_time": "10", "reopen": "10", "csat": "16", "advocacy": "8", "complaint": "6",
    "ticket_compliance": "6", "attitude": "6", "collaboration": "6", "training": "7", "sharing": "5",
}  # fmt: skip


def guoan() -> SchemeVersion:
    return SchemeVersion.objects.get(scheme__code="guoan-cs")


def ranges(hr) -> SchemeVersion:
    version, _ = take_in(library_texts()["after-sales-weight-ranges"].read_text(encoding="utf-8"), hr)
    return version


def draft(company, version=None, unit="CS", start=date(2026, 10, 1), end=date(2026, 12, 31)) -> Round:
    return actions.open_round(company.user("hr"), "第四季度", version or guoan(), Unit.objects.get(code=unit), start, end)


# --- opening --------------------------------------------------------------------------------------


def test_opening_a_round_leads_on_to_its_setup(company, signed_in):
    hr = signed_in("hr")
    answer = hr.post("/rounds/open/", {"name": "四季度", "version": guoan().id, "unit": Unit.objects.get(code="CS").id, **QUARTER})
    made = Round.objects.get(name="四季度")
    assert (answer.status_code, answer.url) == (302, f"/rounds/{made.id}/setup/")
    assert made.participants.count() == 35


def test_a_quarterly_scheme_takes_no_month_and_the_form_keeps_what_was_typed(company, signed_in):
    typed = {
        "name": "十月",
        "version": guoan().id,
        "unit": Unit.objects.get(code="CS").id,
        "start": "2026-10-01",
        "end": "2026-10-31",
    }
    answer = signed_in("hr").post("/rounds/open/", typed)
    assert answer.status_code == 200
    assert 'value="十月"' in answer.content.decode()
    assert not Round.objects.filter(name="十月").exists()


def test_everything_that_a_new_round_lacks_is_told_at_once(company, signed_in):
    answer = signed_in("hr").post("/rounds/open/", {})
    told = answer.content.decode()
    assert all(words in told for words in ("选一个方案。", "选一个单位。", "写明开始与结束日期。", "给这一轮起个名字。"))


def test_periods_are_suggested_as_the_scheme_takes_them():
    assert [one.written for one in suggested(("quarter",), date(2026, 11, 22))] == [
        "2026-07-01..2026-09-30",
        "2026-10-01..2026-12-31",
        "2027-01-01..2027-03-31",
    ]
    assert suggested(("month",), date(2026, 1, 20), starts_on=26)[1] == Period(date(2025, 12, 26), date(2026, 1, 25))
    assert len(suggested(("any",), date(2026, 1, 1))) == 6


def test_nobody_but_hr_sees_the_form_or_opens_a_round(company, signed_in):
    for user in ("lead", "agent", "manager", "finance", "auditor"):
        client = signed_in(user)
        assert client.get("/rounds/new/").status_code == 404
        assert client.post("/rounds/open/", {"name": "x", "version": guoan().id, "unit": 1, **QUARTER}).status_code in (200, 404)
    assert Round.objects.count() == 3


# --- choices --------------------------------------------------------------------------------------


def test_choices_are_shown_with_bounds_sums_and_options(company):
    version = ranges(company.user("hr"))
    round = draft(company, version, "CS-K", date(2026, 10, 1), date(2026, 10, 31))
    groups = {group.first.key: group for group in groups_of(round)}
    assert groups["weights"].first.sum == "100"
    assert groups["weights"].rows[0].choice.bounds == "≥ 8, ≤ 10"
    _, first, _, parts = groups["weights"].sections[0]
    assert (first.section.zh, first.section_bounds, len(parts)) == ("客户响应与问题解决", "≥ 35, ≤ 45", 4)
    assert [option for option, _ in groups["reopen_days"].first.options] == ["7", "30"]


def test_every_fault_of_the_choices_is_told_and_what_was_typed_stays(company, signed_in):
    round = draft(company, ranges(company.user("hr")), "CS-K", date(2026, 10, 1), date(2026, 10, 31))
    typed = {f"c.weights.{choice.part}": "9" for choice in choices_of(round.version.plan) if choice.key == "weights"}
    answer = signed_in("hr").post(f"/rounds/{round.id}/setup/choices/", typed)
    told = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="c.weights.first_response" value="9"' in told
    assert "first_contact" in told or "一次性解决率" in told
    assert Round.objects.get(pk=round.pk).config == {}


def test_choices_within_their_bounds_are_kept(company, signed_in):
    round = draft(company, ranges(company.user("hr")), "CS-K", date(2026, 10, 1), date(2026, 10, 31))
    posted = {f"c.weights.{part}": weight for part, weight in WEIGHTS.items()} | {"c.csat": "weighted"}
    answer = signed_in("hr").post(f"/rounds/{round.id}/setup/choices/", posted)
    kept = Round.objects.get(pk=round.pk).config
    assert answer.status_code == 302
    assert (sum(int(one) for one in kept["weights"].values()), kept["csat"]) == (100, "weighted")
    assert config_of(round, posted) == kept


def test_a_round_whose_choices_are_open_asks_nobody_to_agree(company):
    hr = company.user("hr")
    round = draft(company, ranges(hr), "CS-K", date(2026, 10, 1), date(2026, 10, 31))
    actions.plan_approvals(hr, round, [(Person.objects.get(number="GA0001"), True)])
    assert not setup_page_of(company, round).is_ready
    with pytest.raises(Refused):
        actions.ask_for_agreement(hr, round)


def setup_page_of(company, round):
    return setup_page(standing_of(company.user("hr")), round)


def test_after_the_draft_choices_and_self_assessment_are_frozen(company, signed_in):
    hr = company.user("hr")
    round = draft(company)
    actions.ask_self_assessment(hr, round, True)
    actions.plan_approvals(hr, round, [(Person.objects.get(number="GA0001"), True)])
    actions.ask_for_agreement(hr, round)
    for change in (lambda: actions.configure(hr, round, {}), lambda: actions.ask_self_assessment(hr, round, False)):
        with pytest.raises(Refused, match="Goals agreed"):
            change()
    assert Round.objects.get(pk=round.pk).self_assessment
    assert "不再改动" in signed_in("hr").get(f"/rounds/{round.id}/setup/").content.decode()


# --- approvers and deadlines ----------------------------------------------------------------------


def test_approvers_are_named_by_number_or_name_and_a_stranger_is_told(company, signed_in):
    round, hr = draft(company), signed_in("hr")
    hr.post(f"/rounds/{round.id}/setup/approvers/", {"approver.1": "高建国", "approver.2": "GA0001 钱卫东", "money.2": "on"})
    assert [(one.approver.number, one.sees_money) for one in round.approvals.all()] == [("KF0001", False), ("GA0001", True)]
    answer = hr.post(f"/rounds/{round.id}/setup/approvers/", {"approver.1": "没有这人"})
    assert "没有“没有这人”这个工号或姓名。" in answer.content.decode()
    assert round.approvals.count() == 2


def test_deadlines_are_suggested_until_some_are_kept(company, signed_in):
    round = draft(company)
    page = setup_page_of(company, round)
    assert page.suggests_deadlines
    assert dict(page.deadlines)["collecting"] == "2027-01-10T18:00"
    signed_in("hr").post(f"/rounds/{round.id}/setup/deadlines/", {"at.collecting": "2027-01-08T12:00", "appeal_days": "5"})
    page = setup_page_of(company, Round.objects.get(pk=round.pk))
    assert (page.suggests_deadlines, dict(page.deadlines)["collecting"], page.round.appeal_days) == (False, "2027-01-08T12:00", 5)


# --- people ---------------------------------------------------------------------------------------


def test_what_the_scheme_misses_of_somebody_is_shown_with_her(company):
    Person.objects.filter(number="KF0105").update(hired_on=None)
    round = draft(company)
    fields, people = taken_people(round, money=True)
    lacking = {one.participant.person.number: [told.column for _, told in one.cells if told] for one in people if one.lacks}
    assert lacking == {"KF0105": ["hired_on"]}
    assert [field.key for field in fields] == ["team", "department", "hired_on", "left_on", "performance_pay"]


def test_roles_and_attributes_may_be_written_by_their_names(company):
    person = Person.objects.create(number="KF0999", name="新来", hired_on=date(2026, 9, 1))
    Posting.objects.create(person=person, unit=Unit.objects.get(code="CS-R"), role="受理岗位", since=date(2026, 9, 1))
    Attribute.objects.create(person=person, key="季度绩效薪资", text="3000", since=date(2026, 9, 1))
    taken = draft(company).participants.get(person=person)
    assert (taken.role, taken.attributes["performance_pay"]) == ("reception_agent", "3000")


def test_a_draft_follows_the_organisation_later_stages_keep_who_was_asked(company):
    hr, round = company.user("hr"), draft(company)
    Posting.objects.filter(person__number="KF0303").update(until=date(2026, 9, 30))
    actions.take_people(hr, round)
    assert not round.participants.filter(person__number="KF0303").exists()


# --- raters ---------------------------------------------------------------------------------------


def test_the_organisation_proposes_leads_managers_and_the_head_of_the_company(company):
    round = draft(company)
    found = {(task.item, task.relation): task.rater for task in proposals(needs_of(round)) if task.subject == "KF0110"}
    assert found[("work_standardization", "supervisor")] == "KF0002"
    assert found[("innovation", "manager")] == "KF0001"
    assert found[("innovation", "general_manager")] == "GA0001"
    assert not [task for task in proposals(needs_of(round)) if task.subject == task.rater]


def test_proposals_are_taken_once_and_the_rest_by_workbook(company, signed_in):
    round, hr = draft(company), signed_in("hr")
    before = open_needs(round)
    hr.post(f"/rounds/{round.id}/raters/propose/")
    taken = Duty.objects.filter(round=round).count()
    hr.post(f"/rounds/{round.id}/raters/propose/")
    assert (Duty.objects.filter(round=round).count(), open_needs(round)) == (taken, before - taken)
    template = hr.get(f"/rounds/{round.id}/raters/template/")
    assert template.content[:2] == b"PK"
    sheet = Filling(
        "评分人", [("被考核人", ""), ("指标", ""), ("关系", ""), ("评分人", "")], [["KF0110", "内部客户满意度", "其他组员工", "KF0201"]]
    )
    file = BytesIO(workbook_of([sheet]))
    file.name = "评分人.xlsx"
    hr.post(f"/rounds/{round.id}/raters/upload/", {"file": file})
    assert Duty.objects.filter(round=round, rater__number="KF0201", subject__person__number="KF0110").count() == 1


def test_every_wrong_row_of_a_workbook_is_told_by_its_number_and_nothing_is_taken(company, signed_in):
    round, hr = draft(company), signed_in("hr")
    file = BytesIO("被考核人,指标,关系,评分人\nKF0110,创新力,经理,KF9999\nKF0110,没有,经理,KF0001\nKF0110,创新力,朋友,KF0001\n".encode())
    file.name = "评分人.csv"
    told = hr.post(f"/rounds/{round.id}/raters/upload/", {"file": file}, follow=True).content.decode()
    assert all(words in told for words in ("第2行：没有“KF9999”", "第3行：方案里没有要评分的指标“没有”", "第4行：“创新力”没有“朋友”"))
    assert not Duty.objects.filter(round=round).exists()


def test_raters_are_added_and_taken_off_by_hand(company, signed_in):
    round, hr = draft(company), signed_in("hr")
    subject = round.participants.get(person__number="KF0110")
    field = f"add.{subject.id}.innovation.manager"
    hr.post(f"/rounds/{round.id}/raters/change/", {field: "高建国"})
    duty = Duty.objects.get(round=round)
    assert (duty.rater.number, duty.relation) == ("KF0001", "manager")
    hr.post(f"/rounds/{round.id}/raters/change/", {"duty": duty.id})
    assert not Duty.objects.filter(round=round).exists()


def test_who_has_rated_is_not_taken_off(company):
    round, hr = company.collecting, company.user("hr")
    duty = Duty.objects.filter(round=round, rater__number="KF0001", item="innovation").first()
    with pytest.raises(Refused, match="has rated"):
        unassign(hr, round, [duty.id])


def test_nobody_but_hr_names_raters(company, signed_in):
    round = company.collecting
    with pytest.raises(Forbidden):
        assign(company.user("lead"), round, [Task("innovation", "KF0110", "KF0002", "manager")])
    for user in ("lead", "agent", "finance", "manager", "boss", "auditor"):
        client = signed_in(user)
        assert client.get(f"/rounds/{round.id}/raters/").status_code == 404
        assert client.post(f"/rounds/{round.id}/setup/deadlines/", {"appeal_days": "x"}).status_code == 404
        assert client.post(f"/rounds/{round.id}/raters/upload/").status_code == 404


def test_approvers_do_not_see_on_the_round_who_rates(company, signed_in):
    path = f"/rounds/{company.collecting.id}/"
    assert "谁还有事要做" in signed_in("hr").get(path).content.decode()
    assert "谁还有事要做" not in signed_in("manager").get(path).content.decode()
