"""Somebody rates whom she was asked to rate, by the item's own scale, all of a paste or nothing; nobody else's grid is there."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe_web.audit.models import Entry
from kaohe_web.collect.actions import Given, rate, submit_ratings
from kaohe_web.collect.models import Duty, Rating
from kaohe_web.engine.grids import relation_name, sheet_of
from kaohe_web.engine.schemes import library_texts, read_scheme
from kaohe_web.people.standing import standing_of
from kaohe_web.rating.actions import Typed, assess_oneself, rate_typed
from kaohe_web.rating.queries import grid_of, tasks_of
from kaohe_web.results.actions import preview
from kaohe_web.results.rows import rows_of
from kaohe_web.rounds.models import Round
from kaohe_web.site.refusals import Forbidden, Refused

ITEM = "work_standardization"


def grid_link(company, item=ITEM):
    return f"/rate/{company.collecting.id}/{item}/"


def save(client, company, *ratings, item=ITEM):
    body = json.dumps({"ratings": [{"subject": subject, "score": score} for subject, score in ratings]})
    return client.post(f"{grid_link(company, item)}save/", body, content_type="application/json")


def text_of(company, subject, item=ITEM, rater="KF0002"):
    found = Rating.objects.filter(round=company.collecting, item=item, subject=subject, rater=rater, counts=True).first()
    return None if found is None else found.text


def plan(scheme):
    return read_scheme(library_texts()[scheme].read_text(encoding="utf-8")).plan


# --- who may rate whom ------------------------------------------------------------------------------


def test_the_list_tells_what_is_owed_by_item_with_its_deadline(company):
    tasks = [task for task in tasks_of(standing_of(company.user("lead"))) if task.is_open]
    assert [(task.item, task.of, task.left) for task in tasks if task.item == ITEM] == [(ITEM, 18, 10)]
    assert {task.due for task in tasks} == {company.collecting.deadlines.get(stage="collecting").at}


def test_a_grid_is_there_only_for_whoever_owes_ratings_in_it(company, signed_in):
    assert signed_in("lead").get(grid_link(company)).status_code == 200
    for name in ("hr", "agent", "finance", "auditor", "boss"):
        assert signed_in(name).get(grid_link(company)).status_code == 404
        assert save(signed_in(name), company, ("KF0110", "1")).status_code == 404


def test_nobody_rates_a_person_that_she_was_not_asked_to_rate(company, signed_in):
    assert save(signed_in("lead"), company, ("KF0201", "1")).status_code == 404
    assert Rating.objects.filter(rater="KF0002", subject="KF0201", item=ITEM).count() == 0
    with pytest.raises(Forbidden):
        rate(company.user("lead"), company.collecting, [Given(ITEM, "KF0201", "1", "supervisor")])
    with pytest.raises(Forbidden):
        rate(company.user("lead"), company.collecting, [Given(ITEM, "KF0110", "1", "manager")])


def test_an_administrator_who_is_no_person_rates_nobody(company, signed_in):
    assert signed_in("admin").get("/rate/").status_code == 200
    assert signed_in("admin").get(grid_link(company)).status_code == 404


def test_a_round_that_no_longer_collects_is_readable_and_takes_no_rating(company, signed_in):
    lead, published = signed_in("lead"), company.published
    page = lead.get(f"/rate/{published.id}/{ITEM}/")
    assert page.status_code == 200
    assert "只能看" in page.content.decode()
    before = list(Rating.objects.filter(round=published).values_list("subject", "item", "rater", "text"))
    body = json.dumps({"ratings": [{"subject": "KF0101", "score": "0"}]})
    answer = lead.post(f"/rate/{published.id}/{ITEM}/save/", body, content_type="application/json")
    assert answer.status_code == 422
    assert list(Rating.objects.filter(round=published).values_list("subject", "item", "rater", "text")) == before


# --- rating -----------------------------------------------------------------------------------------


def test_a_key_saves_at_once_and_the_answer_tells_how_far_one_is(company, signed_in):
    answer = save(signed_in("lead"), company, ("KF0110", "0.5"))
    assert answer.status_code == 200
    told = answer.json()
    assert (told["done"], told["of"], told["left"]) == (9, 18, 9)
    assert told["rows"] == {"KF0110": {"text": "0.5", "shown": "0.5"}}
    assert text_of(company, "KF0110") == "0.5"


def test_the_same_rating_twice_is_one_rating_and_one_entry(company, signed_in):
    lead = signed_in("lead")
    save(lead, company, ("KF0110", "0.5"))
    entries = Entry.objects.count()
    assert save(lead, company, ("KF0110", "0.50")).status_code == 200
    assert Entry.objects.count() == entries
    assert Rating.objects.filter(round=company.collecting, item=ITEM, subject="KF0110", rater="KF0002").count() == 1


def test_a_rating_that_is_changed_leaves_the_earlier_one_in_the_chain(company, signed_in):
    lead = signed_in("lead")
    save(lead, company, ("KF0110", "0.5"))
    save(lead, company, ("KF0110", "1"))
    content = Entry.objects.filter(action="rating.give").order_by("-number").first().content
    assert (content.before, content.after) == ({"score": "0.5", "comment": ""}, {"score": "1", "comment": ""})


def test_a_score_that_the_scale_does_not_allow_is_told_with_the_name_and_changes_nothing(company, signed_in):
    answer = save(signed_in("lead"), company, ("KF0110", "1"), ("KF0111", "0.7"), ("KF0112", "两分"))
    assert answer.status_code == 422
    assert len(answer.json()["problems"]) == 2
    assert "写了“0.7”，可评的是 0、0.5、1。" in answer.json()["problems"][0]
    assert text_of(company, "KF0110") is None


def test_a_score_that_is_cleared_is_owed_again(company, signed_in):
    lead = signed_in("lead")
    save(lead, company, ("KF0110", "1"))
    assert save(lead, company, ("KF0110", "")).json()["left"] == 10
    assert text_of(company, "KF0110") is None
    assert Entry.objects.order_by("-number").first().action == "rating.take_back"


def test_what_cannot_be_read_is_refused_not_half_taken(company, signed_in):
    for body in (b"", b"[]", b'{"ratings": [1]}', b'{"ratings": [{"score": "1"}]}', b"\xff"):
        answer = signed_in("lead").post(f"{grid_link(company)}save/", body, content_type="application/json")
        assert answer.status_code == 400


def test_without_javascript_a_plain_form_rates_many_and_goes_on_to_the_next(company, signed_in):
    form = {"score-KF0110": "1", "comment-KF0110": "细致", "score-KF0111": "0.5", "score-KF0201": "1", "next": "KF0112"}
    answer = signed_in("lead").post(f"{grid_link(company)}give/", form)
    assert answer.url == f"{grid_link(company)}?person=KF0112"
    assert (text_of(company, "KF0110"), text_of(company, "KF0111")) == ("1", "0.5")
    assert Rating.objects.get(round=company.collecting, item=ITEM, subject="KF0110", rater="KF0002").comment == "细致"
    assert Rating.objects.filter(rater="KF0002", subject="KF0201", item=ITEM).count() == 0


def test_two_raters_of_one_person_do_not_touch_one_another(company):
    before = text_of(company, "KF0110", rater="KF0001")
    rate_typed(company.user("lead"), company.collecting, ITEM, [Typed("KF0110", "0")])
    assert text_of(company, "KF0110", rater="KF0001") == before


def test_ratings_are_submitted_when_all_are_given_and_not_before(company, signed_in):
    lead = signed_in("lead")
    with pytest.raises(Refused, match="10 are not rated yet"):
        submit_ratings(company.user("lead"), company.collecting, ITEM)
    left = [row.subject for row in grid_of(standing_of(company.user("lead")), company.collecting.id, ITEM).rows if not row.given]
    save(lead, company, *[(subject, "1") for subject in left])
    lead.post(f"{grid_link(company)}submit/")
    assert Duty.objects.filter(round=company.collecting, item=ITEM, rater__number="KF0002", submitted_at__isnull=True).count() == 0
    save(lead, company, (left[0], "0.5"))
    assert text_of(company, left[0]) == "0.5"
    save(lead, company, (left[0], ""))
    assert (
        Duty.objects.get(round=company.collecting, item=ITEM, rater__number="KF0002", subject__person__number=left[0]).submitted_at is None
    )


# --- what the grid shows ----------------------------------------------------------------------------


def test_a_colleague_who_rates_learns_nothing_of_others_scores_or_records(company):
    rows = grid_of(standing_of(company.user("agent")), company.collecting.id, "internal_customer_satisfaction").rows
    assert len(rows) == 3
    assert [(row.records, row.others) for row in rows] == [([], [])] * 3
    assert "上期得分" not in grid_of(standing_of(company.user("agent")), company.collecting.id, "internal_customer_satisfaction").heads


def test_a_lead_sees_last_periods_score_and_her_own_last_rating(company):
    grid = grid_of(standing_of(company.user("lead")), company.collecting.id, ITEM)
    assert grid.heads == ["上期得分", "上期您评"]
    assert all(len(row.facts) == 2 for row in grid.rows)


def test_the_grid_costs_the_same_number_of_queries_for_one_as_for_many(company, signed_in):
    lead = signed_in("lead")
    lead.get(grid_link(company))
    with CaptureQueriesContext(connection) as many:
        lead.get(grid_link(company))
    Duty.objects.filter(round=company.collecting, item=ITEM, rater__number="KF0002").exclude(subject__person__number="KF0110").delete()
    with CaptureQueriesContext(connection) as one:
        lead.get(grid_link(company))
    assert len(one) == len(many)


def test_the_page_speaks_english_too(company, signed_in):
    lead = signed_in("lead")
    lead.cookies["kaohe_language"] = "en"
    page = lead.get(grid_link(company)).content.decode()
    assert "10 still to rate" in page
    assert "full score" in page


# --- scales -----------------------------------------------------------------------------------------


def test_a_scale_of_a_few_scores_has_a_button_and_a_key_for_each():
    sheet = sheet_of(plan("guoan-cs"), ITEM)
    assert [(score.shown, score.key, score.meaning.zh) for score in sheet.scores] == [
        ("0", "0", "不得分"),
        ("0.5", "5", "满分的50%"),
        ("1", "1", "满分"),
    ]


def test_anchored_levels_are_told_as_the_scheme_words_them():
    sheet = sheet_of(plan("qa-call-rubric"), "listening")
    assert [score.shown for score in sheet.scores] == [str(one) for one in range(11)]
    assert sheet.scores[1].meaning.zh == "打断客户"
    assert sheet.scores[10].key == ""


def test_a_wide_scale_takes_any_score_between_its_ends_and_none_beyond():
    sheet = sheet_of(plan("appraisal-cycle-a-to-e"), "goal_completion")
    assert [sheet.read(typed) for typed in ("0", "7.5", "１０", "10.1", "-1", "", "七")] == ["0", "7.5", "10", None, None, None, None]


def test_a_scale_of_whole_numbers_takes_no_broken_one():
    sheet = sheet_of(plan("everbright-csr"), "superior_review")
    assert [sheet.read(typed) for typed in ("3", "3.5")] == ["3", None]


def test_an_item_that_may_not_apply_says_so():
    assert sheet_of(plan("shandong-cable-duties"), "s01").read("N/A") == "n/a"
    assert sheet_of(plan("guoan-cs"), ITEM).read("n/a") is None


def test_a_relation_has_the_name_that_people_know():
    assert relation_name(plan("guoan-cs"), "manager").zh == "经理"
    assert relation_name(plan("appraisal-cycle-a-to-e"), "self").en == "Oneself"


# --- self-assessment --------------------------------------------------------------------------------


@pytest.fixture
def asking(company):
    """The collecting round, asking everybody to assess herself."""
    Round.objects.filter(pk=company.collecting.pk).update(self_assessment=True)
    return company.collecting


def test_no_round_asks_for_a_self_assessment_unless_it_says_so(company, signed_in):
    assert signed_in("agent").get(f"/rounds/{company.collecting.id}/self/").status_code == 404


def test_a_self_assessment_stands_beside_the_others_and_never_counts(company, signed_in, asking):
    agent = signed_in("agent")
    assert agent.get(f"/rounds/{asking.id}/self/").status_code == 200
    before = rows_of(asking).digest
    agent.post(f"/rounds/{asking.id}/self/save/", {f"score-{ITEM}": "0.5", f"comment-{ITEM}": "两次漏登"})
    own = Rating.objects.get(round=asking, subject="KF0101", rater="KF0101")
    assert (own.text, own.comment, own.counts) == ("0.5", "两次漏登", False)
    assert rows_of(asking).digest == before
    row = next(row for row in grid_of(standing_of(company.user("lead")), asking.id, ITEM).rows if row.subject == "KF0101")
    assert row.own == "0.5"


def test_a_self_assessment_keeps_to_the_scale_too(company, asking):
    with pytest.raises(Refused, match=r"0\.6"):
        assess_oneself(company.user("agent"), asking, {ITEM: Typed("KF0101", "0.6")})


def test_nobody_assesses_another_as_herself(company, asking):
    with pytest.raises(Forbidden):
        rate(company.user("agent"), asking, [Given(ITEM, "KF0102", "1", "", "", counts=False)])


def test_a_subject_whom_the_scheme_does_not_hear_is_not_counted_by_her_own_word(company, asking):
    with pytest.raises(Forbidden):
        rate(company.user("agent"), asking, [Given(ITEM, "KF0101", "1", "self")])


def test_the_preview_after_a_self_assessment_gives_the_same_figures(company, asking):
    first, _ = preview(company.user("hr"), asking)
    assess_oneself(company.user("agent"), asking, {ITEM: Typed("KF0101", "0")})
    second, _ = preview(company.user("hr"), asking)
    assert first.results_digest == second.results_digest
