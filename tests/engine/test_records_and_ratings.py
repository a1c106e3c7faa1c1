"""Points for records, and scores that people give."""

from fractions import Fraction

PEOPLE = "people: [{id: a, role: waiter}, {id: b, role: waiter}, {id: w, role: lead}]\n"
BREAKAGE = """
events:
  broken_cup: {{name: 打破杯子 | Broken cup, columns: {{cost: {{is: yuan 0..100, name: 价 | Cost}}}}}}
  thanks: 感谢 | Thanks
items: {{care: {{name: 爱护 | Care, clause: §1, {rule}}}}}
total: {{is: sum}}
"""
CUPS = (
    PEOPLE
    + """
events:
  - {type: broken_cup, subject: a, at: 2026-03-01, cost: 12.5, count: 2}
  - {type: broken_cup, subject: a, at: 2026-03-31, cost: 40}
  - {type: broken_cup, subject: b, at: 2026-04-01, cost: 100}
  - {type: thanks, subject: b, at: 2026-03-02}
  - {type: thanks, subject: b, at: 2026-03-03}
"""
)


def test_count_multiplies_and_both_end_days_are_inside(tea_house, items):
    assert items(tea_house(BREAKAGE.format(rule="full: 20, per_event: {broken_cup: -5}"), CUPS), "care") == {"a": 5, "b": 20, "w": 20}


def test_points_may_be_read_from_the_record(tea_house, items):
    assert items(tea_house(BREAKAGE.format(rule="per_event: {broken_cup: -cost / 10}"), CUPS), "care")["a"] == Fraction("-6.5")


def test_an_item_stops_at_its_floor(tea_house, items):
    assert items(tea_house(BREAKAGE.format(rule="full: 20, floor: 0, per_event: {broken_cup: -10}"), CUPS), "care")["a"] == 0


def test_what_counts_once_counts_once(tea_house, items):
    assert items(tea_house(BREAKAGE.format(rule="once: {thanks: 3}"), CUPS), "care") == {"a": 0, "b": 3, "w": 0}


def test_a_table_is_looked_up_for_each_record(tea_house, items):
    rule = "per_event: {broken_cup: {by: cost, tiers: [{up_to: 20, points: -1}, {else: -4}]}}"
    assert items(tea_house(BREAKAGE.format(rule=rule), CUPS), "care")["a"] == -6


def test_no_records_means_that_nothing_happened(tea_house, items):
    assert set(items(tea_house(BREAKAGE.format(rule="full: 20, per_event: {broken_cup: -5}"), PEOPLE), "care").values()) == {20}


RATED = """
items: {{smile: {{name: 微笑 | Smile, clause: §1, points: 10, rating: {rating}}}}}
total: {{is: sum}}
"""


def rated(*rows: str) -> str:
    return PEOPLE + "ratings:\n" + "".join(f"  - {{item: smile, subject: a, {row}}}\n" for row in rows)


def test_the_mean_of_three_raters_stays_a_third(tea_house, items):
    facts = rated("rater: r1, score: 5", "rater: r2, score: 5", "rater: r3, score: 6")
    assert items(tea_house(RATED.format(rating="{}"), facts), "smile")["a"] == Fraction(16, 3)


def test_shares_by_relation_take_each_partys_mean_first(tea_house, items):
    rating = "{raters: [lead, guest], mean: {lead: 60%, guest: 40%}}"
    facts = rated("rater: w, relation: lead, score: 10", "rater: g1, relation: guest, score: 2", "rater: g2, relation: guest, score: 4")
    assert items(tea_house(RATED.format(rating=rating), facts), "smile")["a"] == Fraction("7.2")


def test_the_share_of_an_absent_party_goes_where_the_scheme_says(tea_house, items):
    rating = "{raters: [lead, guest], mean: {lead: 60%, guest: 40%}, absent_share: {guest: lead}}"
    assert items(tea_house(RATED.format(rating=rating), rated("rater: w, relation: lead, score: 7")), "smile")["a"] == 7


def test_a_party_that_must_rate_and_has_not_leaves_the_item_missing(tea_house):
    rating = "{raters: [lead, guest], all_of: [lead, guest]}"
    card = tea_house(RATED.format(rating=rating), rated("rater: w, relation: lead, score: 7")).scorecard("a")
    assert (card.status, card.missing, card.total) == ("incomplete", ["smile"], None)


def test_every_call_counts_the_same_however_many_raters_it_had(tea_house, items):
    facts = rated("rater: r1, call: c1, score: 2", "rater: r2, call: c1, score: 4", "rater: r1, call: c2, score: 9")
    assert items(tea_house(RATED.format(rating="{per: call}"), facts), "smile")["a"] == 6


def test_what_is_mute_is_recorded_without_effect(tea_house, items):
    rating = "{raters: [lead, self], mute: [self]}"
    facts = rated("rater: w, relation: lead, score: 4", "rater: a, relation: self, score: 10")
    assert items(tea_house(RATED.format(rating=rating), facts), "smile")["a"] == 4


def test_ratings_that_may_not_be_are_told_all_at_once(refused):
    rating = "{raters: [lead]}"
    facts = rated(
        "rater: w, relation: lead, score: 11",
        "rater: w, relation: lead, score: 3",
        "rater: g, relation: guest, score: 3",
        "rater: a, relation: lead, score: 3",
    )
    found = refused(RATED.format(rating=rating), facts + "  - {item: smile, subject: nobody, rater: w, relation: lead, score: 3}\n")
    assert [problem.reason for problem in found] == ["out_of_range", "duplicate", "not_allowed", "not_allowed", "unknown"]
    assert all("smile" in problem.about for problem in found)
