"""What would be enough for the next better grade; every way that is told is scored again here."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.cases import case_of
from kaohe.checking import check_facts
from kaohe.documents import parse_document
from kaohe.facts import Table
from kaohe.improving import next_band
from kaohe.reading import plan_of_text
from kaohe.scoring import score

HEAD = """
scheme: tea-house
name: 茶馆月度考核 | Monthly appraisal of a tea-house
period: month
roles: {assessed: {waiter: 茶博士 | Waiter}}
"""
MONTH = "period: {start: 2026-03-01, end: 2026-03-31}\npeople: [{id: z, role: waiter}, {id: l, role: waiter}]\n"
GRADES = """
total: {is: weighted sum, clause: §1}
grades: {clause: §1, rows: {A: {from: 80}, B: {from: 60}, C: {else: yes}}}
"""
HOUSE = (
    """
values:
  back: {is: ratio, name: 回头率 | Rate of return}
  refill_seconds: {is: seconds 0.., name: 续水时长 | Refill time}
  served: {is: whole 0.., name: 接待桌数 | Tables served}
  praised: {is: whole 0.., name: 受表扬桌数 | Tables that praised}
events: {broken_cup: {name: 打破杯子 | Broken cup}}
must: {praised_of_served: {is: praised <= served, about: [praised]}}
items:
  back: {name: 回头客 | Return, clause: §1, weight: 40%, by: value.back, tiers: [{above: 90%, points: 100}, {else: 50}]}
  refill: {name: 续水 | Refill, clause: §2, weight: 20%, by: refill_seconds, line: {60: 100, 160: 0}}
  praise: {name: 表扬 | Praise, clause: §3, weight: 20%, is: 100 * praised / served}
  breakage: {name: 破损 | Breakage, clause: §4, weight: 20%, full: 100, floor: 0, per_event: {broken_cup: -20}}
"""
    + GRADES
)
FACTS = """
values:
  z: {back: 0.9, refill_seconds: 110, served: 30, praised: 20}
  l: {back: 1, refill_seconds: 60, served: 10, praised: 10}
events: [{type: broken_cup, subject: z, at: 2026-03-02, count: 3}]
"""


@pytest.fixture
def asked():
    """What the next grade asks of 张三， by the figure that it is about; and the facts that it was asked of."""

    def improved(body=HOUSE, facts=FACTS, subject="z", handed=lambda raw: raw):
        plan = plan_of_text(HEAD + textwrap.dedent(body))
        tree, problems = parse_document(MONTH + textwrap.dedent(facts))
        assert tree is not None, problems
        raw = handed(case_of(tree).facts)
        return {found.id: found for found in next_band(plan, raw, score(plan, check_facts(plan, raw)), subject)}

    return improved


@pytest.fixture
def graded():
    """The grade that changed facts give."""

    def scored(facts, body=HOUSE, subject="z"):
        plan = plan_of_text(HEAD + textwrap.dedent(body))
        tree, _ = parse_document(MONTH + textwrap.dedent(facts))
        card = score(plan, check_facts(plan, case_of(tree).facts)).scorecard(subject)
        return card.total, card.grade

    return scored


def test_the_total_says_exactly_what_lacks(asked):
    total = asked()["total"]
    assert (total.grade, total.now, total.need, total.lacking) == ("B", Fraction(154, 3), 60, Fraction(26, 3))


def test_a_strict_edge_asks_for_the_next_value_of_the_facts_precision(asked, graded):
    (way,) = asked()["item.back"].ways
    assert (way.change.key, way.change.now, way.change.to) == ("value.back", Fraction("0.9"), Fraction("0.9001"))
    assert graded(FACTS.replace("back: 0.9,", "back: 0.9001,")) == (way.total, "B") == (Fraction(214, 3), "B")


def test_a_line_is_followed_back_to_the_value_that_would_do(asked, graded):
    (way,) = asked()["item.refill"].ways
    assert (way.change.to, way.grade) == (Fraction("66.66"), "B")
    assert graded(FACTS.replace("refill_seconds: 110", "refill_seconds: 66.66")) == (way.total, "B")
    assert graded(FACTS.replace("refill_seconds: 110", "refill_seconds: 66.67"))[1] == "C"


def test_counts_go_up_in_whole_numbers_with_their_denominator_as_it_is(asked, graded):
    facts = FACTS.replace("refill_seconds: 110", "refill_seconds: 60").replace("praised: 20", "praised: 9")
    praise = asked(facts=facts)["item.praise"]
    (way,) = praise.ways
    assert (praise.need, way.change.now, way.change.to) == (60, 9, 18)
    assert graded(facts.replace("praised: 9", "praised: 18")) == (way.total, "B") == (60, "B")
    assert graded(facts.replace("praised: 9", "praised: 17"))[1] == "C"


def test_fewer_records_are_counted(asked, graded):
    breakage = asked()["item.breakage"]
    (way,) = breakage.ways
    assert (breakage.now, breakage.need, way.change.kind, way.change.count) == (40, Fraction(250, 3), "fewer", 3)
    assert graded(FACTS.replace("count: 3", "count: 1"))[1] == "C"


def test_an_item_that_alone_is_not_enough_says_so(asked):
    facts = FACTS.replace("count: 3", "count: 5").replace("praised: 20", "praised: 10")
    refill = asked(facts=facts)["item.refill"]
    assert (refill.cannot, refill.best, refill.ways) == (True, 100, ())
    assert refill.tell("zh").startswith("仅靠 续水 不够：最高 100")


def test_a_change_that_the_facts_would_refuse_is_not_told(asked):
    """30 of 30 tables is the most there can be; the value itself has no upper bound."""
    facts = FACTS.replace("served: 30, praised: 20", "served: 30, praised: 29").replace("count: 3", "count: 9").replace("110", "160")
    praise = asked(facts=facts)["item.praise"]
    assert praise.ways == ()


def test_ratings_say_from_which_score_on_all_of_them_would_do(asked):
    body = """
    items: {manner: {name: 待客 | Manner, clause: §1, rating: {allowed: [0, 50, 80, 100]}}}
    total: {is: sum, clause: §1}
    grades: {clause: §1, rows: {A: {from: 80}, B: {else: yes}}}
    """
    facts = "ratings: [{item: manner, subject: z, rater: g1, score: 50}, {item: manner, subject: z, rater: g2, score: 100}]"
    (way,) = asked(body, facts)["item.manner"].ways
    assert (way.change.kind, way.change.to, way.change.count, way.total) == ("ratings", 80, 1, 90)


def test_answers_that_would_have_to_be_better_are_counted(asked):
    body = """
    words: {answer: {bad: {number: 0, name: 不好 | Bad}, good: {number: 1, name: 好 | Good}}}
    events: {asked: {name: 回访 | Asked, columns: {answer: {is: answer, name: 答 | Answer}}}}
    items: {manner: {name: 待客 | Manner, clause: §1, is: 100 * mean(asked.answer)}}
    total: {is: sum, clause: §1}
    grades: {clause: §1, rows: {A: {from: 80}, B: {else: yes}}}
    """
    rows = ", ".join(f"{{type: asked, subject: z, at: 2026-03-02, answer: {word}}}" for word in ("bad", "bad", "good", "good", "good"))
    (way,) = asked(body, f"events: [{rows}]")["item.manner"].ways
    assert (way.change.kind, way.change.count, way.total) == ("better", 1, 80)


def test_a_total_that_is_a_value_asks_for_the_value(asked):
    body = """
    values: {score: {is: number 0..100, name: 得分 | Score}}
    total: {is: score, clause: §1}
    grades: {clause: §1, rows: {A: {above: 80}, B: {else: yes}}}
    """
    total = asked(body, "values: {z: {score: 80}, l: {score: 90}}")["total"]
    assert (total.strict, total.lacking) == (True, 0)
    assert [(way.change.key, way.change.to, way.grade) for way in total.ways] == [("value.score", Fraction("80.01"), "A")]


def test_a_rounded_total_is_reached_from_half_a_place_below(asked):
    body = """
    values: {score: {is: number 0..100, name: 得分 | Score}}
    items: {one: {name: 一 | One, clause: §1, is: score}}
    total: {is: sum, round: 1, clause: §1}
    grades: {clause: §1, rows: {A: {from: 80}, B: {else: yes}}}
    """
    (way,) = asked(body, "values: {z: {score: 70}, l: {score: 90}}")["item.one"].ways
    assert (way.change.to, way.total) == (Fraction("79.5"), 80)


VETO = HOUSE.replace("is: weighted sum,", 'is: weighted sum, then: "min(score, 70) if count(broken_cup) > 2 else score",')
STRONG = FACTS.replace("back: 0.9, refill_seconds: 110, served: 30, praised: 20", "back: 0.95, refill_seconds: 60, served: 30, praised: 30")


def test_a_grade_above_what_the_totals_formula_allows_is_out_of_reach_of_every_item(asked, graded):
    found = asked(VETO, STRONG)
    assert list(found) == ["total"]
    total = found["total"]
    assert (total.grade, total.now, total.need, total.best, total.cannot) == ("A", 70, 80, 70, True)
    assert total.tell("zh").startswith("A 须达到 80 分，现为 70，差 10；但在 打破杯子 3 > 2 时总分最高 70，任何单项都达不到 A")
    assert "while Broken cup 3 > 2 holds, the total is at most 70: no item reaches A" in total.tell("en")


def test_what_would_lift_the_veto_is_told_where_that_is_enough(asked, graded):
    (way,) = asked(VETO, STRONG)["total"].ways
    assert (way.change.kind, way.change.count, way.grade) == ("fewer", 1, "A")
    assert graded(STRONG.replace("count: 3", "count: 2"), VETO) == (way.total, "A") == (92, "A")
    weak = asked(VETO, STRONG.replace("praised: 30", "praised: 15"))["total"]
    assert (weak.cannot, weak.ways) == (True, ())


def test_a_grade_below_the_veto_is_still_asked_of_the_items(asked):
    found = asked(VETO)
    assert (found["total"].cannot, found["total"].best) == (False, None)
    assert found["item.back"].ways[0].grade == "B"


def test_a_veto_that_is_a_figure_of_its_own_is_told_with_its_condition(asked):
    body = HOUSE.replace("is: weighted sum,", 'is: weighted sum, then: "min(score, limit)",') + textwrap.dedent(
        """
        figures: {limit: {name: 上限 | Limit, is: 70 if count(broken_cup) > 2 else 100}}
        """
    )
    total = asked(body, STRONG)["total"]
    assert (total.cannot, total.best) == (True, 70)
    assert total.why.zh == "打破杯子 3 > 2"


def test_a_total_held_by_another_figure_names_it(asked):
    body = HOUSE.replace("is: weighted sum,", 'is: weighted sum, then: "min(score, praised + 40)",')
    facts = STRONG.replace("served: 30, praised: 30", "served: 30, praised: 25")
    total = asked(body, facts)["total"]
    assert (total.best, total.why.zh) == (65, "受表扬桌数 25")


def in_a_table_each(raw):
    """The same facts with a table of its own for each value, as measuring hands them over."""
    (values,) = raw.tables["values"]
    names = [name for name in values.columns if name != "subject"]
    tables = [Table({"subject": values.cells("subject"), name: values.cells(name)}, values.size) for name in names]
    return replace(raw, tables={**raw.tables, "values": tables})


def test_a_value_is_changed_in_the_table_that_it_stands_in(asked):
    assert asked(handed=in_a_table_each) == asked()


def test_there_is_nothing_above_the_top_and_nothing_without_grades(asked):
    assert asked(subject="l") == {}
    body = "values: {score: {is: number, name: 得分 | Score}}\ntotal: {is: score, clause: §1}"
    assert asked(body, "values: {z: {score: 1}, l: {score: 2}}") == {}


def test_both_languages_tell_the_way(asked):
    back = asked()["item.back"]
    assert "回头率：0.9 → 0.9001" in back.tell("zh")
    assert "Rate of return: 0.9 → 0.9001" in back.tell("en")
    assert back.as_data()["ways"][0]["to"] == "0.9001"


def test_a_grade_is_told_by_its_name_and_keeps_its_id_as_data(asked):
    named = HOUSE.replace("B: {from: 60}", "B: {name: 良好 | Good, from: 60}")
    whole = asked(named)["total"]
    assert whole.tell("zh").startswith("良好 须达到 60 分")
    assert whole.tell("en").startswith("Good takes at least 60 points")
    assert whole.as_data()["grade"] == "B"
    assert all("Good" in way.tell("en") for way in asked(named).values() if way.ways)
