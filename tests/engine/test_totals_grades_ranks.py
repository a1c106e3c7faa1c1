"""Forms, weights, totals, grades, ranks."""

from fractions import Fraction

import pytest

from kaohe.problems import Problems
from tests.engine.conftest import plan_of

PEOPLE = "people: [{id: a, role: waiter, team: x}, {id: b, role: waiter, team: x}, {id: c, role: waiter, team: x}, {id: w, role: lead, team: x}]\n"
TWO = """
people: {{team: {{is: text optional, name: 班组 | Team}}}}
values: {{p: {{is: number 0..100 optional, name: 甲 | P}}, q: {{is: number 0..100 optional, name: 乙 | Q}}}}
items:
  p: {{name: 甲 | P, weight: {p}, clause: §1, is: value.p{more}}}
  q: {{name: 乙 | Q, weight: {q}, clause: §2, is: value.q{more}}}
total: {{is: weighted sum{total}}}
{rest}
"""
MARKS = PEOPLE + "values: {a: {p: 80, q: 60}, b: {p: 90}, c: {p: 70, q: 90}, w: {}}\n"


def two(p="60%", q="40%", more="", total="", rest=""):
    return TWO.format(p=p, q=q, more=more, total=total, rest=rest)


def totals(results):
    return {subject: results.scorecard(subject).total for subject in results.subjects()}


def test_a_missing_item_withholds_the_total_and_the_others_are_scored(tea_house):
    results = tea_house(two(), MARKS)
    assert totals(results) == {"a": 72, "b": None, "c": 78, "w": None}
    assert (results.scorecard("b").status, results.scorecard("b").items, results.scorecard("b").missing) == ("incomplete", {"p": 90}, ["q"])


def test_the_weight_of_an_item_without_data_goes_to_the_others(tea_house):
    results = tea_house(two(more=", if_none: spread"), MARKS)
    assert (totals(results)["b"], results.scorecard("b").items) == (90, {"p": 90, "q": None})
    assert results.scorecard("w").status == "incomplete"


SPREAD = """
values: {p: {is: number 0..100 optional, name: 甲 | P}, q: {is: number 20..60 optional, name: 乙 | Q}, r: {is: number 0..10, name: 丙 | R}}
items:
  p: {name: 甲 | P, weight: 50%, clause: §1, is: value.p, if_none: IF_NONE}
  q: {name: 乙 | Q, weight: 30%, clause: §2, is: value.q, if_none: IF_NONE}
  r: {name: 丙 | R, weight: 20%, clause: §3, is: value.r}
total: {is: weighted sum, clause: §4}
"""


@pytest.mark.parametrize(
    ("change", "low", "high"),
    [
        (("IF_NONE", "missing"), 6, 70),  # 30% × 20, and 50% × 100 + 30% × 60 + 20% × 10
        (("IF_NONE", '"null"'), 0, 70),  # q may give nothing at all
        (("IF_NONE", "spread"), 0, Fraction(520, 7)),  # without q: (50% × 100 + 20% × 10) ÷ 70%
        (("is: value.r}", "is: value.r, if_none: spread}"), 0, 100),  # whatever is left may be p alone
        (("IF_NONE", "spread if value.r > 5 else missing"), 0, Fraction(520, 7)),
        (
            ("total:", "sections: {one: {name: 一 | One, items: [p, q]}, two: {name: 二 | Two, items: [r]}}\ntotal:"),
            0,
            82,
        ),  # 80% × 100 + 20% × 10
        (
            ("weight: 20%, clause: §3, is: value.r}", "weight: 20%, clause: §3, is: value.r * 100, if_none: missing}"),
            0,
            1000,
        ),  # the others may drop out
    ],
)
def test_the_ends_of_a_total_count_with_items_that_have_nothing_to_measure(change, low, high):
    text = SPREAD.replace(*change).replace("IF_NONE", "spread")
    node = plan_of(text).nodes["total"]
    assert (Fraction(node.low), Fraction(node.high)) == (low, high)


def test_a_grade_that_is_reached_only_where_weights_were_spread_is_no_mistake(tea_house):
    grades = "grades: {clause: §5, rows: {A: {from: 74}, B: {else: yes}}}\n"
    facts = PEOPLE + "values: {a: {p: 100, r: 10}, b: {p: 100, q: 60, r: 10}, c: {r: 10}, w: {r: 10}}\n"
    results = tea_house(SPREAD.replace("IF_NONE", "spread") + grades, facts)
    assert [(results.scorecard(who).total, results.scorecard(who).grade) for who in ("a", "b")] == [(Fraction(520, 7), "A"), (70, "B")]
    with pytest.raises(Problems) as found:
        tea_house(SPREAD.replace("IF_NONE", "missing") + grades, facts)
    assert [problem.code for problem in found.value] == ["S013"]


def test_weights_that_do_not_add_up_are_refused_unless_accepted_or_scaled(tea_house):
    with pytest.raises(Problems) as found:
        tea_house(two(q="30%"), MARKS)
    assert [problem.code for problem in found.value] == ["S014"]
    assert totals(tea_house(two(q="30%", rest="accept: {weights_90: printed so | printed so}"), MARKS))["a"] == 66
    assert totals(tea_house(two(q="30%", total=", weights: scaled"), MARKS))["a"] == Fraction(220, 3)


def test_weights_may_be_written_as_percents_or_out_of_a_hundred(tea_house):
    assert totals(tea_house(two(p="60", q="40"), MARKS))["a"] == 72


def test_each_role_has_the_items_and_weights_of_its_own_form(tea_house):
    forms = "forms: {waiter: {items: {p: 60%, q: 40%}}, lead: {items: {p: 100%}}}"
    results = tea_house(two(rest=forms), PEOPLE + "values: {a: {p: 80, q: 60}, w: {p: 55}}\n")
    assert (totals(results)["a"], totals(results)["w"], results.scorecard("w").items) == (72, 55, {"p": 55})


def test_a_total_may_jump_and_is_held_between_its_ends(tea_house):
    assert totals(tea_house(two(total=", then: 100 if score >= 78 else score, cap: 90"), MARKS)) == {"a": 72, "b": None, "c": 90, "w": None}


@pytest.mark.parametrize("scaled", ["100/110", "10/11", "50%", "0.5"])
def test_a_form_of_another_size_is_scaled(tea_house, scaled):
    forms = f"forms: {{waiter: {{items: {{p: 60%, q: 40%}}, scaled: {scaled}}}, lead: {{items: {{p: 100%}}}}}}"
    results = tea_house(two(rest=forms), PEOPLE + "values: {a: {p: 80, q: 60}, w: {p: 55}}\n")
    factor = Fraction(1, 2) if scaled in ("50%", "0.5") else Fraction(10, 11)
    assert (totals(results)["a"], totals(results)["w"]) == (72 * factor, 55)


def test_a_factor_that_is_no_number_is_refused(tea_house):
    with pytest.raises(Problems) as found:
        tea_house(two(rest="forms: {waiter: {items: {p: 60%, q: 40%}, scaled: twice}}"), MARKS)
    assert [problem.code[0] for problem in found.value] == ["N"]


def test_a_form_says_of_an_item_what_an_item_says(tea_house):
    forms = "forms: {waiter: {items: {p: {weight: 60%, points: 50, cap: 70}, q: 40%}}, lead: {items: {p: 100%}}}"
    assert totals(tea_house(two(rest=forms), MARKS))["a"] == 66


@pytest.mark.parametrize(("p", "total"), [("200/3", Fraction("66.67")), ("66.125", Fraction("66.125"))])
def test_figures_and_totals_may_be_rounded_only_where_their_decimals_never_end(tea_house, p, total):
    facts = PEOPLE + f"values: {{a: {{p: {p}, q: {p}}}}}\n"
    assert totals(tea_house(two(total=", round: {to: 0.01, only: endless}"), facts))["a"] == total
    assert totals(tea_house(two(more=", round: {to: 0.01, only: endless}"), facts))["a"] == total


def test_the_reported_total_is_rounded_and_grades_go_by_the_exact_one(tea_house):
    rest = "grades: {clause: §3, rows: {A: {from: 66.67}, B: {else: yes}}}"
    facts = PEOPLE + "values: {a: {p: 200/3, q: 200/3}}\n"
    card = tea_house(two(total=", reported: 0.01", rest=rest), facts).scorecard("a")
    assert (card.total, card.exact["total"], card.grade) == (Fraction("66.67"), Fraction(200, 3), "B")


def test_equal_totals_share_the_better_rank_and_the_incomplete_are_not_counted(tea_house):
    rest = "groups: {all_of_team: {all_of: team}}\nrank: {by: total, among: all_of_team}"
    results = tea_house(two(rest=rest), PEOPLE + "values: {a: {p: 80, q: 80}, b: {p: 80, q: 80}, c: {p: 1, q: 1}}\n")
    assert [(results.scorecard(who).rank, results.scorecard(who).of) for who in "abcw"] == [(1, 3), (1, 3), (3, 3), (None, None)]


def test_a_grade_table_gives_figures_and_words_beside_the_grade(tea_house):
    rest = """
grades:
  clause: §3
  columns: {share: {is: ratio, name: 系数 | Share}, word: {is: text, show: yes, name: 评语 | Word}}
  rows: {A: {from: 78, share: 100%, word: 好}, B: {else: yes, share: 50%, word: null}}
pay: {round: 0.01, lines: {bonus: {name: 奖 | Bonus, clause: §4, is: 1000 * grade.share}}}
"""
    results = tea_house(two(rest=rest), MARKS)
    assert [(results.scorecard(who).grade, results.scorecard(who).metrics, results.scorecard(who).pay) for who in "ac"] == [
        ("B", {"word": None}, {"bonus": 500}),
        ("A", {"word": "好"}, {"bonus": 1000}),
    ]


def test_a_mean_of_items_is_even(tea_house):
    body = two().replace("weighted sum", "mean")
    assert totals(tea_house(body, MARKS))["a"] == 70


def test_where_only_grades_are_given_every_value_is_owed_and_the_absent_ones_are_named(tea_house):
    grades = "grades: {clause: §1, rows: {calm: {when: p >= 60 or role == lead}, busy: {else: yes}}}"
    values = (
        "values: {p: {is: number 0..100, name: 甲 | P}, q: {is: number 0..100, name: 乙 | Q}, r: {is: number optional, name: 丙 | R}}\n"
    )
    results = tea_house(values + grades, PEOPLE + "values: {a: {p: 80, q: 60}, b: {p: 90}, c: {p: 0, q: 1}, w: {r: 5}}\n")
    cards = {subject: results.scorecard(subject) for subject in results.subjects()}
    assert {subject: card.grade for subject, card in cards.items()} == {"a": "calm", "b": None, "c": "busy", "w": None}
    assert {subject: card.missing for subject, card in cards.items()} == {"a": [], "b": ["q"], "c": [], "w": ["p", "q"]}
    assert cards["b"].status == "incomplete"


def test_two_figures_may_each_be_owed_because_of_the_other(tea_house):
    scheme = """
    values:
      praised: {is: whole 0.., needed: guests > 0, name: 夸奖数 | Praises}
      guests: {is: whole 0.., needed: given(praised), name: 客人数 | Guests}
      cups: {is: whole 0.., name: 茶碗数 | Cups}
    items: {praise: {name: 夸奖 | Praise, clause: §1, is: 100 * praised / guests, if_none: "null"}, tea: {name: 茶 | Tea, clause: §2, is: cups}}
    total: {is: sum, clause: §3}
    """
    results = tea_house(
        scheme,
        PEOPLE
        + "values: {a: {praised: 1, guests: 4, cups: 2}, b: {praised: 1, cups: 2}, c: {guests: 4, cups: 2}, w: {guests: 0, cups: 2}}\n",
    )
    cards = {subject: results.scorecard(subject) for subject in results.subjects()}
    assert {subject: card.items.get("praise") for subject, card in cards.items()} == {"a": 25, "b": None, "c": None, "w": None}
    assert {subject: card.missing for subject, card in cards.items()} == {"a": [], "b": ["praise"], "c": ["praise"], "w": []}


def test_a_figure_that_is_owed_because_of_itself_is_a_circle(tea_house):
    scheme = """
    values: {guests: {is: whole 0.., needed: busy > 0, name: 客人数 | Guests}}
    figures: {busy: {name: 忙 | Busy, clause: §1, is: guests + 1}}
    items: {tea: {name: 茶 | Tea, clause: §2, is: guests}}
    total: {is: sum, clause: §3}
    """
    with pytest.raises(Problems) as found:
        tea_house(scheme, PEOPLE)
    assert [problem.code for problem in found.value] == ["S007"]
