"""Indicators in the scheme language: every snippet compiles, every way of scoring gives the points that its sentence says."""

from __future__ import annotations

from fractions import Fraction

import pytest
import yaml

from kaohe.cases import facts_of
from kaohe.checking import check_facts
from kaohe.documents import parse_document
from kaohe.indicators import NewScheme, compose, read_library, scoring_sentence, snippet
from kaohe.linting import lint_scheme
from kaohe.problems import Place, Problems
from kaohe.reading import plan_of_text
from kaohe.scoring import score
from kaohe.texts import Text

HEAD = "scheme: tea-house\nname: 茶馆 | Tea-house\nperiod: any\ntotal: {is: sum, clause: §1}\n"
EVERY = read_library().indicators
WITH_IT = read_library().by_id["exam_score"]  # what is only watched makes no scheme by itself
PERIOD = "period: {start: 2026-03-01, end: 2026-03-31}\npeople: [{id: w1, name: 张三}]\n"


def refused(text, facts):
    with pytest.raises(Problems) as caught:
        results_of(text, facts)
    return caught.value.problems


def results_of(text, facts):
    plan = plan_of_text(text)
    tree, problems = parse_document(PERIOD + facts)
    assert not problems
    return score(plan, check_facts(plan, facts_of(tree, Place(file="facts.yaml")))).scorecard("w1")


def points(library, id, values, config="{}"):
    """The points of one indicator for one person's values."""
    return results_of(HEAD + snippet([library.by_id[id]]), f"values: {{w1: {values}}}\nconfig: {config}\n").items[id]


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.id)
def test_every_snippet_compiles_within_a_scheme(one):
    text = snippet([one, WITH_IT]) if one.watched else snippet([one])
    plan = plan_of_text(HEAD + text)
    written = plan.scheme.figures if one.watched else plan.scheme.items
    assert list(written) == [one.id]
    assert written[one.id].name == one.name


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.id)
def test_every_number_of_a_snippet_is_a_choice_that_says_so(one):
    text = snippet([one])
    config = yaml.load(text, Loader=yaml.BaseLoader).get("config", {})
    lines = {line.split(":")[0].strip(): line for line in text.splitlines()}
    numbers = {key: value for key, value in one.scored.settings().items() if key not in ("start", "cap")}
    assert set(config) == {f"{one.id}_{key}" for key in numbers}
    for key, value in numbers.items():
        entry = lines[f"{one.id}_{key}"]
        assert ("# 没有通常值，由本公司定" if value == "company" else "# 通常值，请按本公司改") in entry
        assert (" default " in entry) == (value != "company")


@pytest.mark.parametrize("one", [one for one in EVERY if not one.watched], ids=lambda one: one.id)
def test_a_scheme_of_any_one_indicator_is_whole(one):
    plan = plan_of_text(compose([one], NewScheme("one", Text("一", "One"), "month")))
    assert plan.scheme.items[one.id].weight == "100%"


def test_a_scheme_of_all_indicators_is_whole():
    plan = plan_of_text(compose(EVERY, NewScheme("all", Text("全部", "All"), "year")))
    assert list(plan.scheme.items) == [one.id for one in EVERY if not one.watched]


def test_a_new_scheme_of_all_indicators_leaves_nothing_to_ask_about():
    """`kaohe lint` has no question to it."""
    plan = plan_of_text(compose(EVERY, NewScheme("all", Text("全部", "All"), "year")))
    assert [finding.sentence("en") for finding in lint_scheme(plan)] == []


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [("0", 100), ("30", 100), ("31", Fraction(8900, 90)), ("75", 50), ("119", Fraction(100, 90)), ("120", 0), ("9999", 0)],
)
def test_on_a_line_where_lower_is_better(library, seconds, expected):
    assert points(library, "first_reply_seconds", f"{{first_reply_seconds: {seconds}}}") == expected


@pytest.mark.parametrize(
    ("share", "expected"), [("100%", 100), ("90%", 100), ("80%", 50), ("2/3", 0), ("70%", 0), ("8/9", Fraction(850, 9))]
)
def test_on_a_line_where_higher_is_better(library, share, expected):
    assert points(library, "satisfied_share", f"{{satisfied_share: {share}}}") == expected


def test_a_line_from_below_zero(library):
    given = [points(library, "net_promoter_score", f"{{net_promoter_score: {score}}}") for score in ("-100", "0", "25", "50", "100")]
    assert given == [0, 0, 50, 100, 100]


@pytest.mark.parametrize(("done", "expected"), [("0", 0), ("45", 75), ("60", 100), ("66", 110), ("72", 120), ("600", 120)])
def test_against_a_target_that_is_to_be_reached(library, done, expected):
    values = f"{{new_customer_actual: {done}, new_customer_plan: 60}}"
    assert points(library, "new_customer_sales_attainment", values) == expected


@pytest.mark.parametrize(("share", "expected"), [("0", 100), ("2%", 100), ("2.5%", 80), ("4%", 50), ("100%", 2)])
def test_against_a_target_that_is_not_to_be_passed(library, share, expected):
    assert points(library, "refund_share", f"{{refund_share: {share}}}", "{refund_share_target: 2%}") == expected


@pytest.mark.parametrize(
    ("seconds", "expected"), [("300", 100), ("240", 100), ("360", 100), ("210", 90), ("390", 90), ("0", 20), ("900", 0)]
)
def test_near_a_target(library, seconds, expected):
    assert points(library, "handle_seconds", f"{{handle_seconds: {seconds}}}", "{handle_seconds_target: 300}") == expected


@pytest.mark.parametrize(
    ("chats", "expected"), [("0", 0), ("1", 50), ("2", 100), ("3.5", 100), ("5", 100), ("6", 80), ("10", 0), ("11", 0)]
)
def test_within_a_band(library, chats, expected):
    assert points(library, "concurrent_chats", f"{{concurrent_chats: {chats}}}") == expected


@pytest.mark.parametrize(("days", "expected"), [("0", 100), ("1", 90), ("10", 0), ("12", 0)])
def test_points_off_for_each(library, days, expected):
    assert points(library, "late_days", f"{{late_days: {days}}}") == expected


@pytest.mark.parametrize(("cases", "expected"), [("0", 60), ("1", 70), ("4", 100), ("9", 100)])
def test_points_more_for_each(library, cases, expected):
    assert points(library, "praise_count", f"{{praise_count: {cases}}}") == expected


@pytest.mark.parametrize(("days", "expected"), [("0", 100), ("0.5", 0), ("1", 0)])
def test_a_limit_is_all_or_nothing(library, days, expected):
    assert points(library, "absent_days", f"{{absent_days: {days}}}") == expected


@pytest.mark.parametrize(("changes", "expected"), [("0", 100), ("1", 100), ("2", 60), ("3", 60), ("4", 0)])
def test_in_steps(library, changes, expected):
    assert points(library, "roster_changes", f"{{roster_changes: {changes}}}") == expected


def test_points_as_they_are_and_a_share_of_points_out_of_a_hundred(library):
    assert points(library, "exam_score", "{exam_score: 87.5}") == Fraction(175, 2)
    assert points(library, "qa_score_points", "{qa_score_points: 0.875}") == Fraction(175, 2)


def test_two_measures_are_divided_and_scored(library):
    assert points(library, "calls_per_hour", "{calls_handled: 900, online_hours: 120}") == 75
    values = yaml.load(snippet([library.by_id["calls_per_hour"]]), Loader=yaml.BaseLoader)["values"]
    assert {id: value["measure"] for id, value in values.items()} == {"calls_handled": "calls_handled", "online_hours": "online_hours"}


def test_a_sentence_says_the_numbers_that_score(library):
    assert scoring_sentence(library.by_id["satisfied_share"]) == Text(
        "线性：90% 及以上满分，70% 及以下零分，中间按直线",
        "On a line: full points from 90% up, none from 70% down, a straight line in between",
    )
    assert scoring_sentence(library.by_id["full_resolution_seconds"]).zh == "线性：48 小时及以下满分，120 小时及以上零分，中间按直线"
    assert scoring_sentence(library.by_id["late_days"]).zh == "按次加减：从 100 分起，每一天减 10 分，减完为止"
    assert scoring_sentence(library.by_id["refund_share"]).en.startswith(
        "Against a target: 100 points up to the target (the company's target)"
    )


def test_what_has_no_usual_value_is_asked_of_the_company(library):
    [problem] = refused(HEAD + snippet([library.by_id["refund_share"]]), "values: {w1: {refund_share: 2%}}\n")
    assert (problem.code, problem.about) == ("F001", ("refund_share_target",))


@pytest.mark.parametrize(("full", "zero"), [(100, 50), (50, 50)])
def test_a_full_points_number_cannot_be_swapped_with_a_no_points_one(library, full, zero):
    facts = f"values: {{w1: {{first_reply_seconds: 40}}}}\nconfig: {{first_reply_seconds_full: {full}, first_reply_seconds_zero: {zero}}}\n"
    [problem] = refused(HEAD + snippet([library.by_id["first_reply_seconds"]]), facts)
    assert (problem.reason, problem.about[0]) == ("out_of_range", "first_reply_seconds_full")


@pytest.mark.parametrize(
    ("id", "config"),
    [
        ("satisfied_share", "{satisfied_share_full: 60%}"),
        ("occupancy", "{occupancy_low: 90%}"),
        ("roster_changes", "{roster_changes_fair: 0}"),
    ],
)
def test_choices_the_wrong_way_round_are_refused_in_every_way_of_scoring(library, id, config):
    [problem] = refused(HEAD + snippet([library.by_id[id]]), f"values: {{w1: {{{id}: 1}}}}\nconfig: {config}\n")
    assert problem.about[0].startswith(id)


def test_a_company_changes_a_number_without_touching_a_formula(library):
    config = "{first_reply_seconds_full: 20, first_reply_seconds_zero: 100}"
    assert points(library, "first_reply_seconds", "{first_reply_seconds: 60}", config) == 50


def test_a_part_of_more_than_its_whole_is_refused(library):
    facts = "values: {w1: {customers_retained: 301, customers_total: 300}}\n"
    [problem] = refused(HEAD + snippet([library.by_id["customer_retention_rate"]]), facts)
    assert (problem.reason, problem.about[0]) == ("out_of_range", "customers_retained")


def test_nothing_to_measure_hands_its_weight_to_the_others(library):
    text = compose([library.by_id[id] for id in ("customer_retention_rate", "exam_score")], NewScheme("two", Text("二", "Two")))
    card = results_of(text, "values: {w1: {customers_retained: 0, customers_total: 0, exam_score: 80}}\n")
    assert (card.status, card.items["customer_retention_rate"], card.total) == ("assessed", None, 80)


def test_a_figure_that_nobody_entered_leaves_the_person_incomplete(library):
    text = compose([library.by_id[id] for id in ("customer_retention_rate", "exam_score")], NewScheme("two", Text("二", "Two")))
    card = results_of(text, "values: {w1: {customers_retained: 5, exam_score: 80}}\n")
    assert (card.status, card.missing) == ("incomplete", ["customer_retention_rate"])


def test_figures_that_two_indicators_share_are_declared_once(library):
    text = snippet([library.by_id["repaired_first_time_share"], library.by_id["repair_returned_share"]])
    assert list(yaml.load(text, Loader=yaml.BaseLoader)["values"]) == ["repairs_first_time", "repairs_done", "repairs_returned"]
    plan_of_text(HEAD + text)


def test_a_measured_value_names_its_measure_and_stands_where_measuring_writes(library):
    values = yaml.load(snippet([library.by_id["satisfied_share"]]), Loader=yaml.BaseLoader)["values"]
    assert values == {"satisfied_share": {"is": "ratio", "measure": "satisfied_share", "name": "满意率 | Satisfied share"}}


@pytest.mark.parametrize(("count", "weight"), [(1, "100%"), (2, "50%"), (3, "1/3"), (4, "25%"), (7, "1/7"), (8, "12.5%")])
def test_equal_weights_add_up_to_exactly_one(count, weight):
    chosen = [one for one in EVERY if one.scored.rule == "line" and one.measured][:count]
    plan = plan_of_text(compose(chosen, NewScheme("some", Text("几个", "Some"))))
    assert [item.weight for item in plan.scheme.items.values()] == [weight] * count


def test_a_watched_indicator_is_shown_without_a_weight(library):
    text = compose([library.by_id["talk_seconds_mean"], library.by_id["exam_score"]], NewScheme("two", Text("二", "Two")))
    card = results_of(text, "values: {w1: {talk_seconds_mean: 200, exam_score: 80}}\n")
    assert (card.items, card.metrics, card.total) == ({"exam_score": 80}, {"talk_seconds_mean": 200}, 80)


def test_a_scheme_needs_something_that_gets_points(library):
    with pytest.raises(Problems) as caught:
        compose([library.by_id["talk_seconds_mean"]], NewScheme("none", Text("无", "None")))
    assert [(problem.code, problem.about) for problem in caught.value] == [("I012", ("talk_seconds_mean",))]


def test_the_period_is_one_that_suits_all(library):
    def period(*ids):
        return plan_of_text(compose([library.by_id[id] for id in ids], NewScheme("some", Text("几个", "Some")))).scheme.period.unit

    assert period("first_reply_seconds", "late_days") == "month"
    assert period("certified_share", "net_promoter_score") == "quarter"
    assert period("certified_share", "customer_churn_rate") == "year"


def test_without_a_period_that_suits_all_one_must_be_said(library):
    chosen = [library.by_id["late_days"], library.by_id["certified_share"]]
    with pytest.raises(Problems) as caught:
        compose(chosen, NewScheme("some", Text("几个", "Some")))
    [problem] = caught.value
    assert (problem.code, problem.about) == ("I013", ("late_days", "certified_share"))
    assert "late_days month" in problem.sentence("en")
    assert plan_of_text(compose(chosen, NewScheme("some", Text("几个", "Some"), "quarter"))).scheme.period.unit == "quarter"
