"""The library that ships: how many, how complete, in words that are right, agreeing with the schemes and the measures."""

from __future__ import annotations

import re

import pytest

from kaohe.indicators import CYCLES, PERSPECTIVES, ROLES, read_library
from kaohe.indicators.marking import MARKINGS
from kaohe.library import read_library as read_plan_of
from kaohe.measuring.presets import read_presets
from kaohe.texts import Text

EVERY = read_library().indicators
PROMISED = 72  # the source of the KPI library promises more than seventy

# The units of measures, and the kinds of value that a scheme declares for them.
KINDS = {
    "share": {"ratio"},
    "second": {"seconds"},
    "hour": {"hours"},
    "day": {"days"},
    "yuan": {"yuan"},
    "point": {"points", "number"},
    "item": {"number"},
}


def presets():
    """The ready measures that come with the package, by id."""
    return {reference.partition("@")[0]: measure for reference, measure in read_presets().measures.items()}


def texts(one):
    """Every text of a card with the key that it stands under."""
    fields = {key: value for key, value in one if isinstance(value, Text)}
    return [*fields.items(), *(("pitfalls", text) for text in one.pitfalls), *(("parts", part.name) for part in one.parts.values())]


def test_there_are_as_many_as_the_source_promises():
    assert len(EVERY) >= PROMISED


def test_every_indicator_has_its_own_id_and_name():
    for told in ([one.id for one in EVERY], [one.name.zh for one in EVERY], [one.name.en for one in EVERY]):
        assert len(told) == len(set(told))


def test_every_perspective_role_cycle_and_way_of_scoring_is_used():
    assert {one.perspective for one in EVERY} == set(PERSPECTIVES)
    assert {role for one in EVERY for role in one.roles} == set(ROLES)
    assert {cycle for one in EVERY for cycle in one.cycle} == set(CYCLES)
    assert {one.scored.rule for one in EVERY} == set(MARKINGS)
    assert {one.measured for one in EVERY} == {True, False}


def test_every_theme_has_at_least_five(library):
    assert [theme.id for theme in library.themes if sum(one.theme == theme.id for one in EVERY) < 5] == []


def test_every_perspective_has_several_for_each_kind_of_post():
    thin = [(role, sum(role in one.roles for one in EVERY)) for role in ROLES]
    assert [role for role, count in thin if count < 5] == []


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.id)
def test_a_card_says_enough_in_both_languages(one):
    for key, text in texts(one):
        assert re.search(r"[\u4e00-\u9fff]", text.zh), key
        assert re.search(r"[A-Za-z]", text.en), key
        assert not re.search(r"[\u3000-\uffef]", text.en), key
    assert len(one.definition.zh) >= 10
    assert len(one.definition.en) >= 30
    assert len(one.pitfalls) >= 2


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.id)
def test_chinese_sentences_have_chinese_punctuation(one):
    for key, text in texts(one):
        assert not re.search(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]", text.zh), (key, text.zh)
    for text in (one.definition, one.usual, *one.pitfalls):
        assert text.zh.endswith("。"), text.zh
        assert text.en.endswith("."), text.en


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.id)
def test_a_figure_that_people_read_says_what_it_counts(one):
    if one.unit in ("number", "whole"):
        assert one.counted_in is not None


def test_a_usual_value_is_not_claimed_where_there_is_none():
    """Where the card says that nothing is usual, the number is left to the company; elsewhere it is given."""
    for one in EVERY:
        open_ones = [key for key, value in one.scored.settings().items() if value == "company"]
        if one.usual.zh.startswith("没有通用标准") and one.scored.rule in ("attained", "near", "limit"):
            assert open_ones, one.id


def test_every_measure_that_feeds_an_indicator_comes_with_the_package():
    assert [(one.id, id) for one in EVERY for id in one.measures if id not in presets()] == []


def test_a_measure_and_its_indicator_agree_on_unit_and_direction():
    made = presets()
    for one in EVERY:
        if one.measured and not one.parts:
            measure = made[one.fed_by]
            assert one.unit in KINDS.get(str(measure["unit"]), {"whole"}), one.id
            assert measure.get("direction", "neither") == one.direction, one.id


def test_two_measures_are_divided_in_their_own_units():
    for one in EVERY:
        for id in one.measures if one.parts else ():
            assert one.parts[id].unit in KINDS.get(str(presets()[id]["unit"]), {"whole"})


def test_no_measure_feeds_two_indicators():
    feeding = [one.fed_by for one in EVERY if one.measured and not one.parts]
    assert len(feeding) == len(set(feeding))


# --- the KPI library among the schemes --------------------------------------------------------------

# What the five visible KPIs are, as their scheme words it: class, who may be asked, whether more is better.
CLASSES = {"客户类": "customer", "财务类": "financial"}
BETTER = {
    "customer_service_satisfaction": "higher",
    "customer_churn_rate": "lower",
    "customer_retention_rate": "higher",
    "redevelopment_sales_attainment": "higher",
    "new_customer_sales_attainment": "higher",
}


@pytest.fixture(scope="module")
def kpi_library():
    return read_plan_of("bsc-kpi-library").scheme


def test_every_kpi_of_the_scheme_is_in_the_library_with_its_name_and_source(library, kpi_library):
    assert set(kpi_library.items) == set(BETTER)
    for id, item in kpi_library.items.items():
        one = library.by_id[id]
        assert (one.name, one.source) == (item.name, item.source)
        assert one.direction == BETTER[id]
        assert one.cycle == ("month", "year")


def test_a_kpi_has_the_unit_and_the_figures_of_its_scheme(library, kpi_library):
    for id, item in kpi_library.items.items():
        one, given = library.by_id[id], item.given
        if not given:
            assert (one.unit, kpi_library.values[str(item.is_)].kind) == ("points", "points")
            continue
        assert one.unit == "ratio"
        assert list(one.parts) == [given["part"], given["whole"]]
        for name, part in one.parts.items():
            declared = kpi_library.values[name]
            assert (part.name, part.unit == "yuan") == (declared.name, declared.kind == "yuan")


def test_a_kpi_has_the_class_and_the_scope_of_its_scheme(library, kpi_library):
    for id, item in kpi_library.items.items():
        kind, scope = item.note.zh.split(";")
        assert library.by_id[id].perspective == CLASSES[kind]
        assert library.by_id[id].roles == (tuple(ROLES) if scope == "通用" else ("manager",))
