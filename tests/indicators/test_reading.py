"""Reading the library's files: what they say, and every problem in them at once."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from kaohe.indicators import read_indicators
from kaohe.problems import Problems
from kaohe.texts import Text
from tests.indicators.conftest import CUPS, GREETING, SALES


def problems_of(folder):
    with pytest.raises(Problems) as caught:
        read_indicators(folder)
    return caught.value.problems


def told(folder):
    """Code, indicator and the text of the line that is named, of each problem."""
    found = problems_of(folder)
    lines = {
        problem: Path(problem.place.file).read_text(encoding="utf-8").splitlines()[problem.place.line - 1].strip() for problem in found
    }
    return {(problem.code, problem.about[0], lines[problem]) for problem in found}


def test_themes_stand_in_their_order_and_indicators_in_theirs(tea_house):
    assert [theme.id for theme in tea_house.themes] == ["service", "trade"]
    assert [one.id for one in tea_house.indicators] == ["greeting_share", "broken_cups", "target_reached"]
    assert [one.theme for one in tea_house.indicators] == ["service", "service", "trade"]


def test_an_indicator_says_everything_in_both_languages(tea_house):
    one = tea_house.by_id["greeting_share"]
    assert one.name == Text("迎客率", "Share greeted")
    assert one.pitfalls == (Text("常客不必招呼。", "Regulars need no greeting."),)
    assert (one.unit, one.direction, one.perspective) == ("ratio", "higher", "customer")
    assert (one.cycle, one.roles) == (("day", "month"), ("agent", "lead"))
    assert one.scored.settings() == {"full": Fraction(9, 10), "zero": Fraction(1, 2)}


def test_a_measure_feeds_an_indicator_or_a_person_enters_it(tea_house):
    assert [(one.id, one.measured, one.value) for one in tea_house.indicators] == [
        ("greeting_share", True, "greeting_share"),
        ("broken_cups", False, "broken_cups"),
        ("target_reached", False, "target_reached"),
    ]
    assert list(tea_house.by_id["target_reached"].parts) == ["cakes_sold", "cakes_planned"]


def test_a_share_ends_at_one_unless_it_may_pass_it(tea_house):
    assert [one.ends() for one in tea_house.indicators] == [(0, 1), (0, None), (0, None)]


def test_a_frozen_card_cannot_be_changed(tea_house):
    with pytest.raises(ValueError, match="frozen"):
        tea_house.by_id["greeting_share"].unit = "yuan"


def test_all_problems_of_all_files_are_told_at_once(written):
    written(SALES.replace("direction: higher", "direction: up"), id="trade", name="trade.yaml")
    folder = written(GREETING.replace("    unit: ratio\n", ""), CUPS.replace("    roles", "    rolls"))
    assert told(folder) == {
        ("I002", "greeting_share", "greeting_share:"),
        ("I001", "broken_cups", "rolls: [agent]"),
        ("I002", "broken_cups", "broken_cups:"),
        ("I003", "target_reached", "direction: up"),
    }


def test_a_misspelt_key_is_told_with_the_one_meant(written):
    [problem] = [one for one in problems_of(written(GREETING, CUPS.replace("counted_in", "countd_in"))) if one.code == "I001"]
    assert "did you mean counted_in?" in problem.sentence("en")
    assert "是否为 counted_in？" in problem.sentence("zh")


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ("name: 迎客率 | Share greeted", "name: 迎客率", "name"),
        ("name: 迎客率 | Share greeted", "name: Share greeted", "name"),
        ("name: 迎客率 | Share greeted", "name: 迎客率 | Share | greeted", "name"),
        ("name: 迎客率 | Share greeted", "name: Share greeted | 迎客率", "name"),
        ("guests greeted ÷ guests", "", "formula"),
        ("常客不必招呼。 | Regulars need no greeting.", "常客不必招呼。", "pitfalls"),
    ],
)
def test_a_text_in_one_language_is_refused(written, right, wrong, key):
    [problem] = problems_of(written(GREETING.replace(right, wrong)))
    assert (problem.code, problem.about[0], problem.about[1]) == ("I004", "greeting_share", key)


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ("unit: ratio", "unit: percent", "unit"),
        ("perspective: customer", "perspective: guests", "perspective"),
        ("cycle: [day, month]", "cycle: []", "cycle"),
        ("cycle: [day, month]", "cycle: [day, moon]", "cycle"),
        ("roles: [agent, lead]", "roles: [agent, waiter]", "roles"),
        ("fed_by: greeting_share", "fed_by: Greeting Share", "fed_by"),
        ("full: 90%", "full: most", "scored.full"),
        ("rule: line", "rule: curve", "scored.rule"),
        ("  greeting_share:\n    name", "  Greeting Share:\n    name", "id"),
    ],
)
def test_what_a_key_cannot_hold_is_refused(written, right, wrong, key):
    found = problems_of(written(GREETING.replace(right, wrong)))
    assert [(problem.code, problem.found["key"]) for problem in found] == [("I003", key)]


def test_one_id_in_two_files_is_refused_with_the_other_file(written):
    written(GREETING, id="trade", order=2, name="trade.yaml")
    [problem] = problems_of(written(GREETING))
    assert (problem.code, problem.about) == ("I005", ("greeting_share",))
    assert "service.yaml" in problem.sentence("en")
    assert problem.place.file.endswith("trade.yaml")


def test_one_theme_in_two_files_is_refused(written):
    written(SALES, name="trade.yaml")
    assert [problem.code for problem in problems_of(written(GREETING))] == ["I005"]


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ("full: 90%, zero: 50%", "full: 90%", "lacks zero"),
        ("full: 90%, zero: 50%", "full: 90%, zero: 50%, cap: 120", "has no use for cap"),
        ("full: 90%, zero: 50%", "full: 50%, zero: 90%", "has full and zero the wrong way round for its direction"),
        ("full: 90%, zero: 50%", "full: 90%, zero: 90%", "has full and zero the wrong way round for its direction"),
        ("full: 90%, zero: 50%", "full: 190%, zero: 50%", "has a full that the figure can never be"),
        ("full: 90%, zero: 50%", "full: company, zero: 50%", "must have a number for full"),
        ("direction: higher", "direction: neither", "does not suit the direction neither"),
        ("rule: line, full: 90%, zero: 50%", "rule: within, low: 50%, high: 90%", "does not suit the direction higher"),
        ("direction: higher", "direction: lower", "has full and zero the wrong way round"),
        ("rule: line, full: 90%, zero: 50%", "rule: attained, target: 0", "must have a target above 0"),
    ],
)
def test_a_scoring_that_cannot_be_is_refused(written, right, wrong, why):
    [problem] = problems_of(written(GREETING.replace(right, wrong)))
    assert (problem.code, problem.about[0]) == ("I006", "greeting_share")
    assert why in problem.sentence("en")


def test_only_points_and_shares_of_points_are_points_already(written):
    [problem] = problems_of(
        written(CUPS.replace("direction: lower", "direction: higher").replace("rule: each, start: 100, each: 10", "rule: as_points"))
    )
    assert "is for points from 0 to 100 or a share from 0 to 1" in problem.sentence("en")


def test_a_band_needs_a_lower_end_below_its_upper_one(written):
    card = GREETING.replace("direction: higher", "direction: neither")
    [problem] = problems_of(written(card.replace("rule: line, full: 90%, zero: 50%", "rule: within, low: 90%, high: 50%")))
    assert "must have low above 0 and below high" in problem.sentence("en")


@pytest.mark.parametrize(
    ("card", "why"),
    [
        (CUPS.replace("    entered_by: 领班 | The lead\n", ""), "does not say by whom"),
        (
            GREETING.replace("fed_by: greeting_share", "fed_by: entered\n    entered_by: 领班 | The lead"),
            "must be entered as its two counts",
        ),
        (GREETING.replace("fed_by: greeting_share", "fed_by: greeting_share\n    entered_by: 领班 | The lead"), "cannot have entered_by"),
        (CUPS.replace("fed_by: entered\n    entered_by: 领班 | The lead", "fed_by: parts"), "must have two parts"),
        (SALES.replace("fed_by: entered\n    entered_by: 账房 | The bookkeeper", "fed_by: cakes"), "cannot have parts too"),
        (SALES.replace("      cakes_planned: {name: 茶点计划 | Tea-cakes planned, unit: yuan}\n", ""), "must have two parts"),
    ],
)
def test_where_a_figure_comes_from_is_said_plainly(written, card, why):
    [problem] = problems_of(written(card))
    assert problem.code == "I007"
    assert why in problem.sentence("en")


def test_a_figure_that_two_indicators_share_is_one_figure(written):
    other = SALES.replace("target_reached", "other_target").replace("茶点计划 | Tea-cakes planned", "计划 | Plan")
    [problem] = problems_of(written(SALES, other))
    assert (problem.code, problem.about) == ("I008", ("cakes_planned", "other_target"))


def test_a_theme_without_indicators_is_refused(written):
    assert told(written("  \n")) == {("I002", "indicators", "theme: service")}


def test_a_file_that_is_no_yaml_is_refused_with_its_line(written):
    folder = written(GREETING)
    (folder / "more.yaml").write_text("theme: more\nname: [\n", encoding="utf-8")
    assert [problem.code for problem in problems_of(folder)] == ["D002"]
