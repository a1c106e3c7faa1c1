"""Points by a figure: tiers, lines, ratios, formulas."""

from fractions import Fraction

PEOPLE = "people: [{id: a, role: waiter}, {id: b, role: waiter}, {id: c, role: waiter}, {id: d, role: waiter}]\n"
SPEED = """
values: {{seconds: {{is: seconds 0.., name: 续水秒数 | Seconds}}}}
items: {{refill: {{name: 续水 | Refill, clause: §1, by: seconds, {rule}}}}}
total: {{is: sum}}
"""


def speeds(*values: str) -> str:
    rows = ", ".join(f"{who}: {{seconds: '{value}'}}" for who, value in zip("abcd", values, strict=False))
    return PEOPLE + f"values: {{{rows}}}\n"


def test_a_value_on_the_boundary_belongs_to_the_band_that_includes_it(tea_house, items):
    rule = "tiers: [{up_to: 60, points: 100}, {below: 120, points: 60}, {else: 0}]"
    found = items(tea_house(SPEED.format(rule=rule), speeds("60", "60.01", "119.99", "120")), "refill")
    assert found == {"a": 100, "b": 60, "c": 60, "d": 0}


def test_over_excludes_the_number_and_from_includes_it(tea_house, items):
    rule = "tiers: [{above: 90, points: 3}, {from: 80, points: 2}, {else: 1}]"
    found = items(tea_house(SPEED.format(rule=rule), speeds("90", "90.0001", "80", "79.9999")), "refill")
    assert found == {"a": 2, "b": 3, "c": 2, "d": 1}


def test_a_band_may_give_a_formula(tea_house, items):
    rule = "tiers: [{up_to: 100, points: seconds * 1%}, {else: 1 + (seconds - 100) * 2%}]"
    found = items(tea_house(SPEED.format(rule=rule), speeds("100", "150", "0", "33")), "refill")
    assert found == {"a": 1, "b": 2, "c": 0, "d": Fraction(33, 100)}


def test_a_line_is_flat_outside_its_ends_and_exact_between(tea_house, items):
    found = items(tea_house(SPEED.format(rule="line: {60: 100, 300: 0}"), speeds("10", "60", "180", "400")), "refill")
    assert found == {"a": 100, "b": 100, "c": 50, "d": 0}


def test_a_line_with_several_points_bends_at_each(tea_house, items):
    found = items(tea_house(SPEED.format(rule="line: {0: 0, 10: 50, 100: 100}"), speeds("5", "10", "40", "100")), "refill")
    assert found == {"a": 25, "b": 50, "c": Fraction(200, 3), "d": 100}


RATIO = """
values:
  served: {{is: whole 0.. optional, name: 上茶数 | Served}}
  asked: {{is: whole 0.. optional, name: 点茶数 | Asked}}
  rate: {{is: ratio optional, name: 上茶率 | Rate}}
figures: {{share: {{name: 上茶率 | Share, ratio: {ratio}}}}}
items: {{serving: {{name: 上茶 | Serving, clause: §1, is: 100 * share{more}}}}}
total: {{is: sum}}
"""
COUNTS = PEOPLE + "values: {a: {served: 2, asked: 3}, b: {served: 0, asked: 0}, c: {served: 1}, d: {rate: 98.5%}}\n"


def test_a_ratio_stays_a_fraction_and_nothing_to_divide_by_is_missing(tea_house):
    results = tea_house(RATIO.format(ratio="[served, asked]", more=""), COUNTS)
    assert results.scorecard("a").items == {"serving": Fraction(200, 3)}
    assert [results.scorecard(who).missing for who in "bcd"] == [["serving"]] * 3


def test_zero_of_zero_gives_what_the_scheme_says(tea_house, items):
    found = items(tea_house(RATIO.format(ratio="{part: served, whole: asked, zero: 1, direct: rate}", more=""), COUNTS), "serving")
    assert (found["b"], found["d"]) == (100, Fraction("98.5"))


def test_a_direct_figure_counts_before_the_two_counts(tea_house, items):
    facts = PEOPLE + "values: {a: {served: 1, asked: 2, rate: 0.9}}\n"
    assert items(tea_house(RATIO.format(ratio="{part: served, whole: asked, direct: rate}", more=""), facts), "serving")["a"] == 90


def test_an_item_without_data_drops_out_where_the_scheme_says_null(tea_house):
    card = tea_house(RATIO.format(ratio="{part: served, whole: asked, both_absent: none}", more=', if_none: "null"'), COUNTS).scorecard("b")
    assert (card.items, card.total, card.status) == ({"serving": None}, 0, "assessed")


FORMULA = """
values: {{x: {{is: number optional, name: 甲 | X}}, y: {{is: number optional, name: 乙 | Y}}}}
items: {{figure: {{name: 数 | Figure, clause: §1, is: "{text}"}}}}
total: {{is: sum}}
"""
NUMBERS = PEOPLE + "values: {a: {x: 1, y: 3}, b: {x: 5}, c: {y: 7}, d: {}}\n"


def figures(tea_house, items, text):
    return list(items(tea_house(FORMULA.format(text=text), NUMBERS), "figure").values())


def test_first_takes_the_first_that_is_there(tea_house, items):
    assert figures(tea_house, items, "first(x, y, 9)") == [1, 5, 7, 9]


def test_a_mean_of_parts_is_strict_and_mean_given_takes_what_is_there(tea_house, items):
    assert figures(tea_house, items, "mean(x, y)") == [2, None, None, None]
    assert figures(tea_house, items, "mean_given(x, y)") == [2, 5, 7, None]


def test_no_and_unknown_is_no_in_any_order(tea_house, items):
    assert figures(tea_house, items, "1 if x > 2 and y > 2 else 0") == [0, None, None, None]
    assert figures(tea_house, items, "1 if given(x) and x > 2 else 0") == [0, 1, 0, 0]


def test_percent_and_per_mille_are_read_as_numbers(tea_house, items):
    assert figures(tea_house, items, "first(x, 0) * 60% + 5‰")[0] == Fraction("0.605")


def test_rounded_is_half_up_away_from_zero(tea_house, items):
    assert figures(tea_house, items, "rounded(-first(x, 0) * 0.005)")[0] == Fraction("-0.01")
