"""Appeals: who may, when, against what; what upholding would change; and the decision with its corrected version."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kaohe_web.appeals import actions
from kaohe_web.appeals.models import Appeal
from kaohe_web.appeals.queries import appeals_for
from kaohe_web.audit.models import Entry
from kaohe_web.audit.queries import verify
from kaohe_web.collect.models import Rating
from kaohe_web.corrections.actions import amend
from kaohe_web.corrections.changes import Change, Kind
from kaohe_web.corrections.effects import effect_of
from kaohe_web.people.models import Grant, Right
from kaohe_web.people.standing import standing_of
from kaohe_web.results.actions import prove, published
from kaohe_web.results.models import Result
from kaohe_web.results.rows import rows_of
from kaohe_web.rounds.models import Round
from kaohe_web.site.refusals import Forbidden, Refused

AGENT, ITEM = "KF0101", "internal_customer_satisfaction"
PDF = b"%PDF-1.7\n" + b"x" * 500


@pytest.fixture
def result(company):
    return Result.objects.get(run__round=company.published, run__version=1, subject=AGENT)


@pytest.fixture
def low_rating(company):
    """One of two ratings of a half among three colleagues' ratings."""
    return company.published.ratings.filter(subject=AGENT, item=ITEM, text="1/2").first()


@pytest.fixture
def appeal(company, result, low_rating):
    return actions.open_appeal(company.user("agent"), result.id, "rating", ITEM, f"#{low_rating.id}", "没有一起工作过。")


def taken_out(rating):
    return [Change(Kind.RATING, number=rating.id)]


# --- appealing ------------------------------------------------------------------------------------


def test_the_subject_appeals_and_hr_is_told(company, appeal):
    assert (appeal.state, appeal.result.subject) == ("open", AGENT)
    assert company.user("hr").person.notices.filter(kind="appeal", link=f"/appeals/{appeal.id}/").count() == 1
    assert Entry.objects.order_by("-number").first().action == "appeal.open"


def test_nobody_appeals_for_somebody_else(company, result):
    for name in ("lead", "hr", "boss"):
        with pytest.raises(Forbidden):
            actions.open_appeal(company.user(name), result.id, "item", ITEM, "", "不公平")


def test_one_open_appeal_a_target_and_another_target_beside_it(company, result, appeal, low_rating):
    with pytest.raises(Refused, match="already"):
        actions.open_appeal(company.user("agent"), result.id, "rating", ITEM, f"#{low_rating.id}", "再说一次")
    assert actions.open_appeal(company.user("agent"), result.id, "item", "innovation", "", "另一件").id != appeal.id


def test_a_withdrawn_appeal_may_be_made_again_by_the_subject_alone(company, result, appeal, low_rating):
    with pytest.raises(Forbidden):
        actions.withdraw(company.user("hr"), appeal.id)
    assert actions.withdraw(company.user("agent"), appeal.id).state == "withdrawn"
    assert actions.open_appeal(company.user("agent"), result.id, "rating", ITEM, f"#{low_rating.id}", "还是要申诉").state == "open"


def test_after_the_window_nothing_is_appealed(company, result):
    Round.objects.filter(pk=company.published.pk).update(published_at=timezone.now() - timedelta(days=8))
    with pytest.raises(Refused, match="over"):
        actions.open_appeal(company.user("agent"), result.id, "item", ITEM, "", "晚了")


def test_an_appeal_takes_words(company, result):
    with pytest.raises(Refused, match="why"):
        actions.open_appeal(company.user("agent"), result.id, "item", ITEM, "", "  ")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("木马.exe", b"MZ" * 100, "of a kind that is not taken"),
        ("通知.pdf", b"MZ" * 100, "not what its name says"),
        ("截图.png", b"<svg onload=alert(1)>", "not what its name says"),
        ("空.txt", b"", "is empty"),
        ("大.pdf", PDF + b"x" * (10 * 1024 * 1024), "larger than 10 MB"),
        ("单.csv", b"a,b\x00", "not what its name says"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_the_reason(company, result, name, content, told):
    with pytest.raises(Refused, match=told):
        actions.open_appeal(company.user("agent"), result.id, "item", ITEM, "", "见附件", [SimpleUploadedFile(name, content)])
    assert not Appeal.objects.exists()


def test_files_are_saved_under_a_name_of_their_own_and_served_to_be_saved(company, signed_in, result, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("故障公告.pdf", PDF)
    made = actions.open_appeal(company.user("agent"), result.id, "item", ITEM, "", "见附件", [file])
    kept = made.files.get()
    assert kept.name == "故障公告.pdf"
    assert Entry.objects.get(action="appeal.open").content.after["files"] == ["故障公告.pdf"]
    assert "故障" not in kept.file.name
    answer = signed_in("hr").get(f"/appeals/{made.id}/files/{kept.id}/")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/octet-stream"
    assert b"".join(answer.streaming_content) == PDF
    assert signed_in("lead2").get(f"/appeals/{made.id}/files/{kept.id}/").status_code == 404


# --- what it would change -------------------------------------------------------------------------


def test_the_effect_says_item_total_money_and_that_nobody_else_changes(company, low_rating):
    effect = effect_of(published(company.published), taken_out(low_rating))
    mine = effect.of(AGENT)
    assert [(one.key, one.before, one.after) for one in mine.items] == [(ITEM, "0.6667", "0.75")]
    assert (mine.before.shown, mine.after.shown, mine.total_change) == ("0.9083", "0.925", "+0.0167")
    assert (mine.paid_before, mine.paid_after, mine.fen) == (320000, 320000, 0)
    assert (effect.others(AGENT), effect.unchanged) == ([], 33)


def test_an_effect_changes_nothing(company, low_rating):
    before = list(Rating.objects.values_list("id", "text"))
    effect_of(published(company.published), taken_out(low_rating))
    assert list(Rating.objects.values_list("id", "text")) == before
    assert company.published.runs.filter(version__isnull=False).count() == 1


def test_a_figure_of_the_whole_department_changes_others_too(company):
    change = Change(Kind.VALUE, subject="客户服务部", key="drop_rate", text="0.5")
    effect = effect_of(published(company.published), [change])
    assert len(effect.differences) >= 1
    assert effect.people == 34


def test_what_cannot_be_scored_is_told(company):
    effect = effect_of(published(company.published), [Change(Kind.VALUE, subject=AGENT, key="complaints_total", text="viele")])
    assert effect.scored is None
    assert effect.told[0].column == "complaints_total"


# --- deciding -------------------------------------------------------------------------------------


def test_upholding_makes_the_change_and_the_second_version_at_once(company, appeal, low_rating):
    decided = actions.uphold(company.user("hr"), appeal.id, taken_out(low_rating), "已核实，4月已调离。")
    assert (decided.state, decided.run.version, decided.run.replaces.version) == ("upheld", 2, 1)
    assert not Rating.objects.filter(pk=low_rating.pk).exists()
    assert decided.run.results.get(subject=AGENT).total == "0.925"
    assert Result.objects.get(run__round=company.published, run__version=1, subject=AGENT).total == "109/120"
    assert [run.version for run in prove(company.user("hr"), company.published)] == [1, 2]
    assert [one.action for one in Entry.objects.order_by("-number")[:3]][::-1] == ["rating.correct", "run.restate", "appeal.uphold"]
    assert verify().holds


def test_the_facts_afterwards_are_those_that_the_version_was_scored_from(company, appeal, low_rating):
    run = actions.uphold(company.user("hr"), appeal.id, taken_out(low_rating), "已核实").run
    assert rows_of(company.published).digest == run.facts_digest


def test_several_upheld_appeals_each_make_a_version(company, result, appeal, low_rating):
    hr = company.user("hr")
    second = actions.open_appeal(
        company.user("agent"), result.id, "value", "complaint_resolution_rate", f"{AGENT}|complaints_total", "少算了十件"
    )
    actions.uphold(hr, appeal.id, taken_out(low_rating), "已核实")
    resolved = company.published.values.get(subject=AGENT, key="complaints_resolved")
    change = Change(Kind.VALUE, subject=AGENT, key="complaints_total", text=str(int(resolved.text) + 10))
    assert actions.uphold(hr, second.id, [change], "工单核对").run.version == 3
    kept = published(company.published)
    assert {row["complaints_total"] for row in rows_of(company.published).tables["values"] if row["subject"] == AGENT} == {change.text}
    assert kept.results.get(subject=AGENT).total != "0.925"


def test_who_is_the_subject_does_not_decide(company, appeal, low_rating):
    Grant.objects.create(user=company.user("agent"), right=Right.HR, since="2026-01-01")
    with pytest.raises(Refused, match="of her own"):
        actions.reject(company.user("agent"), appeal.id, "我同意我自己")
    with pytest.raises(Refused, match="of her own"):
        actions.uphold(company.user("agent"), appeal.id, taken_out(low_rating), "我同意我自己")


def test_nobody_but_hr_decides_and_a_decision_takes_a_reason(company, appeal):
    for name in ("lead", "manager", "boss", "finance", "auditor"):
        with pytest.raises(Forbidden):
            actions.reject(company.user(name), appeal.id, "不行")
    with pytest.raises(Refused, match="reason"):
        actions.reject(company.user("hr"), appeal.id, " ")


def test_rejecting_leaves_everything_as_it_was_and_tells_the_subject(company, appeal):
    decided = actions.reject(company.user("hr"), appeal.id, "评分人与她同组三个月。")
    assert (decided.state, decided.run) == ("rejected", None)
    assert company.published.runs.filter(version__isnull=False).count() == 1
    assert company.user("agent").person.notices.filter(kind="decided").count() == 1
    with pytest.raises(Refused, match="closed already"):
        actions.uphold(company.user("hr"), appeal.id, [], "反悔")


def test_a_decider_who_saw_an_older_version_looks_again(company, appeal, low_rating):
    seen = published(company.published).id
    amend(company.user("hr"), company.published, [Change(Kind.VALUE, subject="KF0102", key="complaints_total", text="400")], "漏报")
    with pytest.raises(Refused, match="not the latest"):
        actions.uphold(company.user("hr"), appeal.id, taken_out(low_rating), "已核实", seen)
    assert Rating.objects.filter(pk=low_rating.pk).exists()


def test_a_change_that_cannot_be_scored_leaves_no_trace(company, appeal):
    before = list(Rating.objects.values_list("id", "text")), Entry.objects.count()
    with pytest.raises(Refused):
        actions.uphold(company.user("hr"), appeal.id, [Change(Kind.VALUE, subject=AGENT, key="complaints_total", text="0")], "x")
    assert (list(Rating.objects.values_list("id", "text")), Entry.objects.count()) == before


# --- who sees what --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sees"),
    [("agent", True), ("hr", True), ("lead", True), ("boss", True), ("auditor", True), ("lead2", False), ("finance", False)],
)
def test_an_appeal_is_seen_by_those_concerned(company, signed_in, appeal, name, sees):
    assert appeals_for(standing_of(company.user(name))).filter(pk=appeal.pk).exists() == sees
    assert signed_in(name).get(f"/appeals/{appeal.id}/").status_code == (200 if sees else 404)


def test_a_lead_sees_the_effect_without_yuan(signed_in, appeal):
    assert "¥3,200.00" in signed_in("hr").get(f"/appeals/{appeal.id}/").content.decode()
    page = signed_in("lead").get(f"/appeals/{appeal.id}/").content.decode()
    assert "0.9250" in page
    assert "¥" not in page


def test_the_page_says_each_choice_with_its_consequence(signed_in, appeal):
    page = signed_in("hr").get(f"/appeals/{appeal.id}/").content.decode()
    assert "0.9083 → 0.925，仍为A，¥3,200.00 → ¥3,200.00；生成第2版结果" in page
    assert "支持，生成第2版" in page
    assert "A，¥3,200.00；第1版不变" in page
    assert "其他33人不受影响" in page


def test_who_gave_a_rating_stands_nowhere(company, signed_in, appeal, low_rating):
    name = company.user("hr").person.__class__.objects.get(number=low_rating.rater).name
    for user in ("agent", "lead", "hr"):
        page = signed_in(user).get(f"/appeals/{appeal.id}/").content.decode()
        assert low_rating.rater not in page
        assert name not in page
    form = signed_in("agent").get(f"/rounds/{company.published.id}/appeal/?item={ITEM}").content.decode()
    assert f"rating:{low_rating.id}" not in form
    assert low_rating.rater not in form


def test_from_the_form_to_the_decision_in_the_browser(company, signed_in, low_rating):
    agent, hr = signed_in("agent"), signed_in("hr")
    form = agent.get(f"/rounds/{company.published.id}/appeal/?item={ITEM}").content.decode()
    token = form.split('value="rating:')[1].split('"')[0]
    sent = agent.post(f"/rounds/{company.published.id}/appeal/", {"item": ITEM, "about": f"rating:{token}", "words": "请核对"}, follow=True)
    assert "申诉已提交" in sent.content.decode()
    appeal = Appeal.objects.get()
    tried = hr.get(f"/appeals/{appeal.id}/", {"try": 1, f"rating|{low_rating.id}": "-"})
    changes = tried.context["changes"]
    choice = {"decision": "uphold", "changes": changes, "run": tried.context["page"].latest.id, "reason": "已核实"}
    assert agent.post(f"/appeals/{appeal.id}/decide/", choice).status_code == 404
    done = hr.post(f"/appeals/{appeal.id}/decide/", choice, follow=True).content.decode()
    assert "已支持，更正版已公布。" in done
    assert "支持后，结果怎样变了" in done


def test_a_form_that_fails_keeps_the_words(company, signed_in):
    agent = signed_in("agent")
    file = SimpleUploadedFile("x.exe", b"MZ")
    page = agent.post(
        f"/rounds/{company.published.id}/appeal/", {"item": ITEM, "about": "item:", "words": "写了很久的话", "files": file}
    ).content.decode()
    assert "不是可以附的类型" in page
    assert "写了很久的话" in page


def test_an_open_appeal_keeps_the_round_from_closing(company, signed_in, appeal):
    page = signed_in("hr").post(f"/rounds/{company.published.id}/move/close/", follow=True).content.decode()
    assert "申诉还没有处理" in page
