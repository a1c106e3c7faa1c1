"""A scorecard says in a sentence what each item scored and why, marks the band that was hit, and gives no rater away."""

from __future__ import annotations

import re

import pytest

from kaohe_web.collect.actions import withdraw_record
from kaohe_web.engine.tiers import tiers_of
from kaohe_web.people.standing import standing_of
from kaohe_web.rating.actions import Typed, assess_oneself
from kaohe_web.records.actions import Event, record_event
from kaohe_web.results.beside import beside_of
from kaohe_web.results.cards import shown
from kaohe_web.results.queries import card_page
from kaohe_web.rounds.models import Round

RATE, WORK, PEERS = "complaint_resolution_rate", "work_standardization", "internal_customer_satisfaction"


def card(company, name="agent", round=None, subject="KF0101"):
    page = card_page(standing_of(company.user(name)), round or company.published, subject)
    return shown(page, beside_of(page))


def item(company, id, **more):
    return next(one for one in card(company, **more).items if one.id == id)


# --- sentences, bands, arithmetic -------------------------------------------------------------------


def test_an_items_sentence_says_the_fact_the_band_and_the_score(company):
    assert item(company, RATE).sentence == "投诉解决率100%，高于99%，得1分"
    assert item(company, RATE).clauses == "§5，通则9"


def test_an_owed_item_says_that_it_is_no_nought(company):
    owed = item(company, "innovation", name="lead", round=company.collecting, subject="KF0105")
    assert owed.sentence == "缺评分：总经理，所以还没有得分，也不算0分"
    assert owed.counts == ""


def test_the_band_that_was_hit_is_marked_and_only_that(company):
    assert [(tier.edges, tier.gives, tier.hit) for tier in item(company, RATE).tiers] == [
        (">99%", "1", True),
        (">97%", "0.5", False),
        ("其余", "0", False),
    ]


@pytest.mark.parametrize(("value", "hit"), [("99/100", 1), ("98/100", 1), ("97/100", 2), ("9901/10000", 0), ("0", 2)])
def test_a_figure_on_an_edge_falls_where_the_scheme_says(company, value, hit):
    line = {"children": [{"id": "figure.resolved", "value": value}]}
    tiers = tiers_of(company.published.version.plan, RATE, "reception_agent", line, "zh")
    assert [tier.hit for tier in tiers].index(True) == hit


def test_an_item_without_bands_has_none(company):
    assert item(company, WORK).tiers == []


def test_score_times_weight_is_told_as_equal_only_where_it_is(company):
    assert item(company, WORK).counts == "1.0000 × 20% = 0.2000"
    assert item(company, PEERS).counts == "0.6667 × 20% ≈ 0.1333"


def test_the_way_to_the_next_grade_is_told_exactly(company):
    found = card(company, round=company.collecting)
    assert re.fullmatch(r"距[AB]还差 0\.\d+", found.gap)
    assert card(company).gap == ""


# --- raters -----------------------------------------------------------------------------------------


def test_offices_stand_by_their_office_and_colleagues_only_together(company):
    assert {(party.name, party.told) for party in item(company, WORK).parties} == {("经理", "1"), ("主管", "1")}
    (party,) = item(company, PEERS).parties
    assert party.name == "其他组员工"
    assert party.told == "3份（匿名）：0.5、0.5、1，平均 0.6667"


def test_fewer_than_three_colleagues_are_not_listed_singly(company):
    few = card(company, "hr", company.published, "KF0402").items
    told = [party.told for one in few for party in one.parties if party.name not in ("经理", "主管", "总经理")]
    assert all("匿名" in words for words in told)
    assert not any(re.fullmatch(r"[\d.]+", words) for words in told)


def test_no_page_of_a_card_names_a_rater_or_the_order_of_ratings(company, signed_in):
    names = set(company.published.ratings.filter(subject="KF0101").values_list("rater", flat=True)) - {"KF0101"}
    for name in ("agent", "lead"):
        page = signed_in(name).get(f"/rounds/{company.published.id}/cards/KF0101/").content.decode()
        assert not any(number in page for number in names)
        assert "mean(0.5" not in page
        assert "other_team" not in page


# --- records ----------------------------------------------------------------------------------------


def test_records_have_tabs_that_add_up_and_stand_by_their_day(company):
    found = item(company, "customer_satisfaction", round=company.collecting)
    days = [record.cells[0] for record in found.records]
    assert days == sorted(days)
    assert sum(count for _, count in found.tabs) in (0, found.taken)


def test_a_withdrawn_record_stands_in_the_same_table_with_its_reason(company, signed_in):
    event = Event("survey_response", "KF0101", "2026-08-03", {"level": "neutral"}, "电话回访")
    made = record_event(company.user("lead"), company.collecting, event)
    withdraw_record(company.user("lead"), company.collecting, made.id, "与另一条重复")
    found = item(company, "customer_satisfaction", round=company.collecting)
    assert (found.taken + 1, found.left_out) == (len(found.records), 1)
    assert [record.why for record in found.records if record.why] == ["撤销：与另一条重复"]
    page = signed_in("agent").get(f"/rounds/{company.collecting.id}/cards/KF0101/").content.decode()
    assert "不计入1" in page


def test_only_the_subject_of_a_published_card_is_offered_an_appeal(company):
    assert all(one.can_appeal for one in card(company).items)
    assert not any(one.can_appeal for one in card(company, "lead").items)
    assert not any(one.can_appeal for one in card(company, round=company.collecting).items)


def test_after_the_window_nothing_is_offered_for_appeal(company, signed_in):
    Round.objects.filter(pk=company.published.pk).update(appeal_days=0)
    assert not any(one.can_appeal for one in card(company).items)
    page = signed_in("agent").get(f"/rounds/{company.published.id}/cards/KF0101/").content.decode()
    assert "对此项申诉" not in page


# --- the page ---------------------------------------------------------------------------------------


def test_a_self_assessment_stands_beside_the_score(company, signed_in):
    Round.objects.filter(pk=company.collecting.pk).update(self_assessment=True)
    assess_oneself(company.user("agent"), company.collecting, {WORK: Typed("KF0101", "0.5", "两次漏登")})
    own = item(company, WORK, round=company.collecting).own
    assert (own.shown, own.comment, own.counts) == ("0.5", "两次漏登", False)
    for name in ("agent", "lead"):
        assert "自评 0.5" in signed_in(name).get(f"/rounds/{company.collecting.id}/cards/KF0101/").content.decode()


def test_a_provisional_card_says_so_before_its_figures_and_in_their_names(company, signed_in):
    page = signed_in("agent").get(f"/rounds/{company.collecting.id}/cards/KF0101/").content.decode()
    assert page.index("暂计</b>") < page.index("暂计总分")
    assert "接下来" in page
    assert "确认成绩单" not in page


def test_a_lead_sees_the_card_without_a_yuan(company, signed_in):
    page = signed_in("lead").get(f"/rounds/{company.published.id}/cards/KF0101/").content.decode()
    assert "¥" not in page
    assert "绩效薪资" not in page


def test_the_subject_sees_her_pay_and_how_it_comes_about(company, signed_in):
    page = signed_in("agent").get(f"/rounds/{company.published.id}/cards/KF0101/").content.decode()
    assert page.count("¥3,200.00") == 2


def test_the_card_speaks_english(company, signed_in):
    agent = signed_in("agent")
    agent.cookies["kaohe_language"] = "en"
    page = agent.get(f"/rounds/{company.published.id}/cards/KF0101/").content.decode()
    assert "Complaint resolution rate 100%, above 99%: it scores 1" in page
    assert "（" not in re.sub(r"<title>.*?</title>", "", page)
