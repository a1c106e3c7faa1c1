"""Who counts in a group's figure, a unit's figure and a rank; what one person's gap does to the others."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from kaohe.scoring import Results

HOUSES = """
people: {house: {is: text optional, name: 店 | House}, status: {is: text optional, name: 状态 | Status}}
units: {house: {by: house, name: 店 | House}}
groups:
  beside: {others_of: house, name: 同店其他人 | Those beside one}
  staff: {all_of: house, name: 全店 | The house}
values: {cups: {is: number, name: 杯 | Cups}, tips: {is: yuan optional, name: 小费 | Tips}, house.rent: {is: yuan, name: 租金 | Rent}}
events: {broken: {name: 打碎 | Broken cup, columns: {price: {is: yuan, name: 价 | Price}}}}
total: {is: sum, clause: §1}
"""
EAST = """
people: [{id: z, role: waiter, house: east}, {id: l, role: waiter, house: east}, {id: w, role: lead, house: east}, {id: s, role: waiter}]
"""
TeaHouse = Callable[..., Results]


def figures(tea_house: TeaHouse, formula: str, values: str, events: str = "") -> dict[str, Any]:
    """One figure of everybody."""
    body = (
        HOUSES
        + f"figures: {{asked: {{name: 所问 | Asked, show: yes, is: '{formula}'}}}}\nitems: {{poured: {{name: 杯 | Poured, clause: §1, is: cups}}}}\n"
    )
    results = tea_house(body, f"{EAST}values: {{{values}}}\nevents: [{events}]\n")
    return {subject: results.scorecard(subject).metrics["asked"] for subject in results.subjects()}


def test_the_least_of_the_others_leaves_oneself_out(tea_house: TeaHouse) -> None:
    found = figures(tea_house, "min(cups, over=beside)", "z: {cups: 1}, l: {cups: 2}, w: {cups: 3}, s: {cups: 9}")
    assert found == {"z": 2, "l": 1, "w": 1, "s": None}


def test_an_equal_of_ones_own_stays_among_the_others(tea_house: TeaHouse) -> None:
    found = figures(tea_house, "max(cups, over=beside)", "z: {cups: 3}, l: {cups: 2}, w: {cups: 3}")
    assert found == {"z": 3, "l": 3, "w": 3, "s": None}


def test_what_one_owes_keeps_ones_figure_from_the_others_and_not_theirs_from_oneself(tea_house: TeaHouse) -> None:
    found = figures(tea_house, "mean(cups, over=beside)", "z: {cups: 1}, w: {cups: 3}")
    assert found == {"z": None, "l": 2, "w": None, "s": None}


def test_who_belongs_to_no_group_has_a_sum_of_nothing_and_no_mean(tea_house: TeaHouse) -> None:
    values = "z: {cups: 1}, l: {cups: 2}, w: {cups: 3}, s: {cups: 4}"
    assert figures(tea_house, "sum(cups, over=staff)", values)["s"] == 0
    assert figures(tea_house, "mean(cups, over=staff)", values)["s"] is None


def test_what_the_first_house_owes_is_nothing_to_who_has_no_house(tea_house: TeaHouse) -> None:
    body = HOUSES + "items: {rent: {name: 租金 | Rent, clause: §1, is: house.rent + cups, if_none: 'null'}}\n"
    results = tea_house(body, f"{EAST}values: {{z: {{cups: 1}}, l: {{cups: 1}}, w: {{cups: 1}}, s: {{cups: 1}}}}")
    assert {subject: results.scorecard(subject).status for subject in results.subjects()} == dict.fromkeys("zlw", "incomplete") | {
        "s": "assessed"
    }


def test_a_house_counts_the_records_of_its_people(tea_house: TeaHouse) -> None:
    body = HOUSES + "figures: {broken_in_house: {name: 打碎 | Broken, per: house, is: count(broken)}}\n"
    body += "items: {care: {name: 爱惜 | Care, clause: §1, is: 'first(-house.broken_in_house, 0) + 0 * cups'}}\n"
    events = "events: [{type: broken, subject: z, at: 2026-03-02, price: 3, count: 2}, {type: broken, subject: w, at: 2026-03-02, price: 1}, {type: broken, subject: s, at: 2026-03-02, price: 1}]"
    results = tea_house(body, f"{EAST}values: {{z: {{cups: 1}}, l: {{cups: 1}}, w: {{cups: 1}}, s: {{cups: 1}}}}\n{events}\n")
    assert [results.scorecard(subject).total for subject in ("z", "l", "w", "s")] == [-3, -3, -3, 0]


def test_a_share_of_records_counts_each_as_often_as_it_says(tea_house: TeaHouse) -> None:
    events = "{type: broken, subject: z, at: 2026-03-02, price: 9, count: 3}, {type: broken, subject: z, at: 2026-03-03, price: 1}"
    assert figures(tea_house, "share(broken.price > 5)", "z: {cups: 1}", events)["z"] == Fraction(3, 4)


def test_the_score_so_far_is_the_same_figure_seen_from_each_record(tea_house: TeaHouse) -> None:
    body = HOUSES + "items: {cups: {name: 杯 | Cups, clause: §1, is: value.cups, then: score - sum(broken.price * score)}}\n"
    events = (
        "events: [{type: broken, subject: l, at: 2026-03-02, price: 2}, {type: broken, subject: z, at: 2026-03-02, price: 3, count: 2}]"
    )
    results = tea_house(body, f"{EAST}values: {{z: {{cups: 5}}, l: {{cups: 7}}}}\n{events}\n")
    assert [results.scorecard(subject).items["cups"] for subject in ("z", "l")] == [5 - 30, 7 - 14]


def test_an_undecided_condition_owes_nothing_though_the_other_branch_does(tea_house: TeaHouse) -> None:
    body = HOUSES + "items: {tips: {name: 小费 | Tips, clause: §1, is: 1 if value.tips > 0 else cups, if_none: 'null'}}\n"
    results = tea_house(body, f"{EAST}values: {{}}")
    assert results.scorecard("z").missing == []


def test_who_is_incomplete_takes_no_place_whatever_the_rank_goes_by(tea_house: TeaHouse) -> None:
    body = HOUSES + "items: {cups: {name: 杯 | Cups, clause: §1, is: value.cups}, tips: {name: 小费 | Tips, clause: §1, is: value.tips}}\n"
    body += "rank: {by: item.cups, among: staff, clause: §2}\n"
    results = tea_house(body, f"{EAST}values: {{z: {{cups: 1, tips: 1}}, l: {{cups: 2}}, w: {{cups: 0, tips: 0}}}}")
    cards = {subject: results.scorecard(subject) for subject in ("z", "l", "w")}
    assert {subject: (card.rank, card.of) for subject, card in cards.items()} == {"z": (1, 2), "l": (None, None), "w": (2, 2)}


def test_who_is_taken_out_keeps_no_pool_waiting(tea_house: TeaHouse) -> None:
    body = HOUSES + "states: {away: {name: 外派 | Away, when: status == away, clause: §3}}\n"
    body += "items: {cups: {name: 杯 | Cups, clause: §1, is: value.cups}}\n"
    body += "pay: {lines: {pool: {name: 奖金 | Pool, clause: §2, is: 'sum(total, over=staff)', unit: yuan}}}\n"
    facts = "people: [{id: z, role: waiter, house: east}, {id: l, role: waiter, house: east, status: away}]\nvalues: {z: {cups: 4}}"
    assert tea_house(body, facts).scorecard("z").pay == {"pool": 4}


def test_ratings_may_be_named_by_their_item_and_column(tea_house: TeaHouse) -> None:
    body = HOUSES + "figures: {best: {name: 最高 | Best, show: yes, is: max(rating.manner.score)}}\n"
    body += "items: {manner: {name: 举止 | Manner, clause: §1, rating: {allowed: 0..10}}}\n"
    facts = "ratings: [{item: manner, subject: z, rater: a, score: 7}, {item: manner, subject: z, rater: b, score: 9}]"
    assert tea_house(body, f"{EAST}{facts}").scorecard("z").metrics["best"] == 9


def test_a_word_that_somebody_owes_is_not_taken_for_another_word(tea_house):
    scheme = """
values: {level: {is: [calm, rushed], name: 节奏 | Pace}, mood: {is: [good, poor], optional: yes, name: 心情 | Mood}}
items:
  pace: {name: 节奏 | Pace, clause: §1, is: 5 if level == calm else 0}
  mood: {name: 心情 | Mood, clause: §2, is: 5 if value.mood == good else 0}
total: {is: sum}
"""
    results = tea_house(scheme, "people: [{id: a, role: waiter}, {id: b, role: waiter}]\nvalues: {a: {level: calm}, b: {mood: good}}\n")
    cards = {subject: results.scorecard(subject) for subject in "ab"}
    assert (cards["a"].total, cards["a"].status) == (5, "assessed")
    assert (cards["b"].items, cards["b"].status, cards["b"].missing) == ({"mood": 5}, "incomplete", ["pace"])
