"""Corrections of what was published: late facts, wrong figures, a rule put right; shown before they are done, done all at once."""

from __future__ import annotations

import json

import pytest

from kaohe_web.audit.models import Entry
from kaohe_web.collect.models import Rating
from kaohe_web.corrections.actions import amend
from kaohe_web.corrections.changes import Change, Kind, changes_of
from kaohe_web.corrections.effects import effect_of
from kaohe_web.library.actions import take_in
from kaohe_web.people.models import Grant, Right
from kaohe_web.results.actions import prove, published, restate
from kaohe_web.results.rows import rows_of
from kaohe_web.site.refusals import Forbidden, Refused

pytestmark = pytest.mark.django_db


def value(subject="KF0102", key="complaints_total", text="400"):
    return Change(Kind.VALUE, subject=subject, key=key, text=text)


def record_change(company, subject="KF0102"):
    return Change(Kind.RECORD, subject=subject, key="survey_response", cells={"at": "2026-05-20", "level": "very_dissatisfied"})


def every_kind(company):
    round = company.published
    item = round.ratings.filter(subject="KF0102", item="internal_customer_satisfaction").first()
    return {
        "a figure": value(),
        "a figure taken out": value(key="complaints_total", text=""),
        "a record left out": Change(Kind.WITHDRAW, number=round.records.filter(subject="KF0102").first().id),
        "a late record": record_change(company),
        "a rating put right": Change(Kind.RATING, number=item.id, text="0"),
        "a rating taken out": Change(Kind.RATING, number=item.id),
        "a late rating": Change(
            Kind.LATE_RATING, subject="KF0102", key=item.item, text="0", cells={"relation": item.relation, "rater": "KF0209"}
        ),
        "what is known of a person": Change(Kind.PERSON, subject="KF0102", key="performance_pay", text="9999"),
    }


KINDS = (
    "a figure",
    "a record left out",
    "a late record",
    "a rating put right",
    "a rating taken out",
    "a late rating",
    "what is known of a person",
)


@pytest.mark.parametrize("name", KINDS)
def test_what_was_shown_is_what_is_published(company, name):
    """The effect that a page showed beforehand, and the version that came of it, agree in every figure."""
    change = every_kind(company)[name]
    shown = effect_of(published(company.published), [change])
    assert shown.told == []
    run = amend(company.user("hr"), company.published, [change], "更正")
    assert run.results_digest == shown.scored.digest
    assert run.version == 2
    assert rows_of(company.published).digest == run.facts_digest
    assert [one.version for one in prove(company.user("hr"), company.published)] == [1, 2]


def test_a_correction_of_base_pay_changes_money_alone_and_is_kept_as_money(company):
    effect = effect_of(published(company.published), [every_kind(company)["what is known of a person"]])
    (only,) = effect.differences
    assert (only.total_change, only.fen) == ("0.0000", 999900 - 320000)
    amend(company.user("hr"), company.published, effect.changes, "合同写的是9999元")
    entry = Entry.objects.filter(action="person.correct").get()
    assert (entry.content.money, entry.content.after) == (True, {"performance_pay": "9999"})


def test_a_rule_put_right_is_another_version_of_the_scheme(company):
    text = company.published.version.text.replace("0.8", "0.85")
    version, read = take_in(text, company.user("hr"))
    assert read.problems == ()
    run = amend(company.user("hr"), company.published, [Change(Kind.SCHEME, number=version.id)], "等级线按董事会决议")
    assert run.plan == version.plan
    assert (
        published(company.published).results.get(subject="KF0104").grade
        != company.published.runs.get(version=1).results.get(subject="KF0104").grade
    )
    assert [one.version for one in prove(company.user("hr"), company.published)] == [1, 2]


def test_a_scheme_of_another_kind_is_no_correction(company):
    with pytest.raises(Refused, match="no such version"):
        amend(company.user("hr"), company.published, [Change(Kind.SCHEME, number=0)], "x")


def test_all_changes_or_none(company):
    before = Rating.objects.count(), Entry.objects.count(), rows_of(company.published).digest
    changes = [value(), record_change(company), Change(Kind.WITHDRAW, number=0)]
    with pytest.raises(Refused):
        amend(company.user("hr"), company.published, changes, "更正")
    assert (Rating.objects.count(), Entry.objects.count(), rows_of(company.published).digest) == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (value(key="nonsense"), "knows no figure"),
        (Change(Kind.PERSON, subject="KF0102", key="nonsense", text="1"), "does not ask"),
        (Change(Kind.PERSON, subject="KF9999", key="performance_pay", text="1"), "not in this round"),
        (Change(Kind.RATING, number=0, text="1"), "no such rating"),
        (value(text="many"), "nothing can be scored"),
        (value(subject="KF9999"), "not in this round"),
    ],
)
def test_what_makes_no_sense_is_refused(company, change, told):
    with pytest.raises(Refused, match=told):
        amend(company.user("hr"), company.published, [change], "更正")


def test_nobody_but_hr_corrects_with_a_reason_and_never_herself(company):
    for name in ("lead", "manager", "boss", "finance", "auditor", "agent"):
        with pytest.raises(Forbidden):
            amend(company.user(name), company.published, [value()], "更正")
    with pytest.raises(Refused, match="reason"):
        amend(company.user("hr"), company.published, [value()], "")
    Grant.objects.create(user=company.user("agent"), right=Right.HR, since="2026-01-01")
    with pytest.raises(Refused, match="of her own"):
        amend(company.user("agent"), company.published, [value(subject="KF0101")], "更正")


def test_a_round_that_was_not_published_is_not_corrected(company):
    with pytest.raises(Refused, match="stage"):
        amend(company.user("hr"), company.collecting, [value()], "更正")


def test_what_stands_already_is_no_correction(company):
    same = company.published.values.get(subject="KF0102", key="complaints_total").text
    with pytest.raises(Refused, match="stands already"):
        amend(company.user("hr"), company.published, [value(text=same)], "更正")
    with pytest.raises(Refused, match="nothing to correct"):
        restate(company.user("hr"), company.published, "再算一次")


def test_only_those_who_changed_are_told(company):
    run = amend(company.user("hr"), company.published, [value()], "更正")
    told = set(company.user("hr").person.__class__.objects.filter(notices__kind="restated").values_list("number", flat=True))
    assert told == {"KF0102"}
    assert run.reason == "更正"


def test_changes_survive_the_way_through_a_form(company):
    for change in every_kind(company).values():
        assert changes_of(json.loads(json.dumps([change.as_data()]))) == [change]


# --- the page -------------------------------------------------------------------------------------


def path(company):
    return f"/rounds/{company.published.id}/correct/"


@pytest.mark.parametrize(
    ("name", "sees"), [("hr", 200), ("lead", 404), ("manager", 404), ("boss", 404), ("auditor", 404), ("finance", 404), ("agent", 404)]
)
def test_the_page_is_for_hr_alone_and_for_what_was_published(company, signed_in, name, sees):
    assert signed_in(name).get(path(company)).status_code == sees
    assert signed_in(name).get(f"/rounds/{company.collecting.id}/correct/").status_code == 404


def test_changes_are_gathered_shown_dropped_and_done(company, signed_in):
    client = signed_in("hr")
    first = client.post(path(company), {"do": "add", "subject": "KF0102", "value|KF0102|complaints_total": "400"})
    assert "其余33人不变" in first.content.decode()
    second = client.post(
        path(company), {"do": "add", "subject": "KF0103", "changes": first.context["carried"], "person|KF0103|performance_pay": "3300"}
    )
    page = second.content.decode()
    assert "2人有变化，其余32人不变" in page
    assert "+100.00" in page
    assert company.published.runs.filter(version__isnull=False).count() == 1
    dropped = client.post(path(company), {"do": "drop:0", "changes": second.context["carried"]})
    assert [change.key for change in dropped.context["page"].changes] == ["performance_pay"]
    kept = {"changes": dropped.context["carried"], "run": published(company.published).id}
    refused = client.post(path(company), {"do": "amend", **kept, "reason": " "})
    assert "更正要写明理由" in refused.content.decode()
    assert refused.context["page"].changes == dropped.context["page"].changes
    done = client.post(path(company), {"do": "amend", **kept, "reason": "合同更新"}, follow=True)
    assert "已更正，第2版已公布" in done.content.decode()
    assert published(company.published).version == 2


def test_a_late_rating_and_a_late_record_are_added_in_the_page(company, signed_in):
    form = {
        "do": "add",
        "subject": "KF0102",
        "late|item": "internal_customer_satisfaction",
        "late|relation": "other_team",
        "late|rater": "KF0209",
        "late|score": "0",
    }
    form |= {"new|survey_response|at": "2026-05-20", "new|survey_response|level": "dissatisfied"}
    page = signed_in("hr").post(path(company), form).context["page"]
    assert [change.kind for change in page.changes] == ["record", "late_rating"]
    assert page.effect.told == []
    assert page.effect.of("KF0102") is not None


def test_a_broken_form_changes_nothing(company, signed_in):
    answer = signed_in("hr").post(path(company), {"do": "amend", "changes": "{nonsense", "reason": "x"}, follow=True)
    assert "表单内容不完整" in answer.content.decode()


def test_earlier_periods_that_were_corrected_may_be_taken_in(company, signed_in):
    client = signed_in("hr")
    assert "以前各期有更正" not in client.get(path(company)).content.decode()
    amend(company.user("hr"), company.closed, [value()], "补报")
    assert "以前各期有更正" in client.get(path(company)).content.decode()
    client.post(path(company), {"do": "restate", "reason": "按第一季度更正"})
    assert published(company.published).version == 2
