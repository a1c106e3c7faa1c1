"""What did not apply, what a place is worth, which periods will do, and what values may say."""

from fractions import Fraction

PEOPLE = "people: [{id: a, role: waiter}, {id: b, role: waiter}, {id: w, role: lead}]\n"
DUTIES = """
states: {idle: {name: 没有一项适用 | Nothing applied, when: nothing_applies, clause: §2}}
rules: {duty: {if_none: spread, rating: {allowed: 0..5, raters: [lead], not_applicable: allowed, once_per: subject}}}
items:
  tables: {name: 抹桌 | Tables, rule: duty, clause: §1}
  guests: {name: 迎客 | Guests, rule: duty, clause: §1}
total: {is: mean, then: 20 * score}
"""


def rated(*rows: str) -> str:
    return PEOPLE + "ratings:\n" + "".join(f"  - {{subject: a, relation: lead, {row}}}\n" for row in rows)


def test_an_item_that_did_not_apply_drops_out(tea_house):
    card = tea_house(DUTIES, rated("rater: w, item: tables, not_applicable: yes", "rater: w, item: guests, score: 4")).scorecard("a")
    assert (card.status, card.items, card.total) == ("assessed", {"tables": None, "guests": 4}, 80)


def test_without_spreading_an_item_that_did_not_apply_counts_for_nothing(tea_house):
    scheme = DUTIES.replace("if_none: spread, ", "")
    facts = rated("rater: w, item: tables, not_applicable: yes", "rater: w, item: guests, score: 4")
    cards = [tea_house(scheme, facts).scorecard(subject) for subject in "ab"]
    assert [(card.status, card.total, card.missing) for card in cards] == [("assessed", 40, []), ("incomplete", None, ["tables", "guests"])]


def test_an_item_that_nobody_spoke_of_is_owed(tea_house):
    card = tea_house(DUTIES, rated("rater: w, item: tables, not_applicable: yes")).scorecard("a")
    assert (card.status, card.missing, card.total) == ("incomplete", ["guests"], None)


def test_where_nothing_applies_a_state_may_say_so(tea_house):
    rows = [f"rater: w, item: {item}, not_applicable: yes" for item in ("tables", "guests")]
    card = tea_house(DUTIES, rated(*rows)).scorecard("a")
    assert (card.status, card.reason, card.total) == ("not_assessed", "idle", None)


def test_two_raters_of_whom_one_found_nothing_to_rate_make_the_others_score(tea_house, items):
    scheme = DUTIES.replace(", once_per: subject", "")
    facts = rated("rater: w, item: tables, not_applicable: yes", "rater: v, item: tables, score: 3")
    assert items(tea_house(scheme, facts), "tables")["a"] == 3


def test_a_row_says_either_a_score_or_that_it_did_not_apply(refused):
    facts = rated("rater: w, item: tables", "rater: w, item: guests, score: 3, not_applicable: yes")
    assert [(problem.reason, "score" in problem.about) for problem in refused(DUTIES, facts)] == [("missing", True), ("not_allowed", True)]


def test_neither_yes_nor_no_is_no_answer(refused):
    found = refused(DUTIES, rated("rater: w, item: tables, not_applicable: perhaps"))
    assert [(problem.reason, problem.about[0]) for problem in found] == [("unknown", "tables")]


def test_a_second_rating_by_anybody_is_one_too_many_where_one_is_all(refused):
    facts = rated("rater: w, item: tables, score: 3", "rater: v, item: tables, score: 3")
    assert [problem.reason for problem in refused(DUTIES, facts)] == ["duplicate"]


def test_not_applicable_is_a_column_like_any_other_where_no_rating_takes_it(refused):
    scheme = DUTIES.replace("not_applicable: allowed, ", "")
    assert [problem.reason for problem in refused(scheme, rated("rater: w, item: tables, not_applicable: yes"))] == ["missing"]


def test_a_rating_of_somebody_who_only_rates_is_refused(refused):
    head = "scheme: tea-house\nname: 茶馆 | Tea-house\nperiod: month\nroles: {assessed: [waiter], rate_only: [lead], others: refused}\n"
    facts = PEOPLE + "ratings: [{subject: w, relation: lead, rater: v, item: tables, score: 3}]\n"
    assert [(problem.reason, problem.about[0]) for problem in refused(DUTIES, facts, head)] == [("not_allowed", "tables")]


PLACES = """
groups: {{all: {{all: yes}}}}
config: {{prize: {{parts: [1, 2], is: yuan 0.. optional default 0, name: 奖 | Prize}}, third: {{is: yuan default 7, name: 第三 | Third}}}}
values: {{cups: {{is: number 0.., name: 杯 | Cups}}, spilt: {{is: number 0.., name: 洒 | Spilt}}}}
figures: {{clean: {{name: 不洒 | Clean, is: spilt / cups if cups > 0 else none}}}}
items: {{sold: {{name: 卖 | Sold, clause: §1, {sold}}}}}
total: {{is: sum}}
"""
SOLD = PEOPLE + "values: {a: {cups: 9, spilt: 3}, b: {cups: 9, spilt: 1}, w: {cups: 4, spilt: 0}}\n"


def test_the_company_chooses_what_a_place_is_worth_and_a_place_left_out_takes_the_default(tea_house, items):
    scheme = PLACES.format(sold="places: {by: cups, among: all, points: config.prize}")
    assert items(tea_house(scheme, SOLD + "config: {prize: {1: 12.5}}\n"), "sold") == {"a": Fraction(25, 2), "b": Fraction(25, 2), "w": 0}
    assert items(tea_house(scheme, SOLD), "sold") == {"a": 0, "b": 0, "w": 0}


def test_a_place_that_is_not_rewarded_is_unknown(refused):
    scheme = PLACES.format(sold="places: {by: cups, among: all, points: config.prize}")
    found = refused(scheme, SOLD + "config: {prize: {3: 1}}\n")
    assert [(problem.reason, "prize" in problem.about) for problem in found] == [("unknown", True)]


def test_points_of_a_place_may_be_a_formula_of_each_person(tea_house, items):
    scheme = PLACES.format(sold="places: {by: clean, among: all, better: lower, points: {1: cups, 2: config.third}}")
    assert items(tea_house(scheme, SOLD), "sold") == {"a": 0, "b": 7, "w": 4}


def test_nothing_to_compare_takes_no_place_and_no_points(tea_house, items):
    scheme = PLACES.format(sold="places: {by: clean, among: all, better: lower, points: {1: 3, 2: 2}}")
    facts = PEOPLE + "values: {a: {cups: 0}, b: {cups: 2, spilt: 1}, w: {cups: 4, spilt: 3}}\n"
    assert items(tea_house(scheme, facts), "sold") == {"a": 0, "b": 3, "w": 2}


def test_a_figure_that_is_owed_leaves_the_points_owed_and_the_others_their_places(tea_house):
    scheme = PLACES.format(sold="places: {by: clean, among: all, better: lower, points: {1: 3, 2: 2}}")
    results = tea_house(scheme, PEOPLE + "values: {a: {cups: 5}, b: {cups: 2, spilt: 1}, w: {cups: 4, spilt: 3}}\n")
    cards = [results.scorecard(subject) for subject in "abw"]
    assert [(card.missing, card.items.get("sold")) for card in cards] == [(["sold"], None), ([], 3), ([], 2)]


HEAD = "scheme: tea-house\nname: 茶馆 | Tea-house\nperiod: calendar month or year\n"
TASTE = "values: {taste: {is: points 0..10 optional, name: 味 | Taste}}\nitems: {taste: {name: 味 | Taste, clause: §1, is: value.taste}}\n"


def test_a_month_or_a_year_will_do_and_a_quarter_will_not(tea_house, refused):
    facts = "people: [{id: a}]\nvalues: {a: {taste: 3}}\n"
    for end in ("2026-01-31", "2026-12-31"):
        assert tea_house(TASTE, facts, HEAD, f"period: {{start: 2026-01-01, end: {end}}}\n").scorecard("a").items == {"taste": 3}
    found = refused(TASTE, facts, HEAD, "period: {start: 2026-01-01, end: 2026-03-31}\n")
    assert [problem.sentence("en") for problem in found if problem.reason == "period"] != []


def test_other_values_may_be_refused(refused, tea_house):
    scheme = TASTE + "other_values: refused\n"
    scheme = scheme.replace("items: {", "items: {smile: {name: 笑 | Smile, clause: §2, rating: {allowed: 0..5}}, ")
    found = refused(scheme, "people: [{id: a, role: waiter}]\nvalues: {a: {smile: 3, colour: 4, taste: 5}}\n")
    assert [(problem.reason, problem.about[0]) for problem in found] == [("not_allowed", "smile"), ("unknown", "colour")]
    assert tea_house(TASTE, "people: [{id: a, role: waiter}]\nvalues: {a: {colour: 4, taste: 5}}\n").scorecard("a").items == {"taste": 5}


def test_a_problem_with_a_figure_bears_the_names_that_it_is_about(refused):
    scheme = TASTE.replace("optional, name", "optional, about: service, name")
    found = refused(scheme, "people: [{id: a, role: waiter}]\nvalues: {a: {taste: 11}}\n")
    assert [(problem.reason, {"taste", "service"} <= set(problem.about)) for problem in found] == [("out_of_range", True)]


def test_a_condition_between_figures_of_another_role_is_not_looked_at(tea_house, refused):
    scheme = """
    values: {sold: {is: number 0.., for: waiter, name: 卖 | Sold}, brewed: {is: number 0.., for: waiter, name: 泡 | Brewed}}
    must: {sold_of_brewed: {is: value.sold <= brewed, about: sold}}
    items: {sold: {name: 卖 | Sold, clause: §1, is: value.sold / value.brewed, if_none: "null"}}
    """
    facts = "people: [{id: a, role: waiter}, {id: w, role: lead}]\nvalues: {a: {sold: 1, brewed: 2}, w: {sold: 3, brewed: 2}}\n"
    assert tea_house(scheme, facts).scorecard("a").items == {"sold": Fraction(1, 2)}
    assert [problem.reason for problem in refused(scheme, facts.replace("sold: 1", "sold: 5"))] == ["out_of_range"]
