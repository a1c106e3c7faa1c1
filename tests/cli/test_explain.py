"""One subject's story at the shell."""

from __future__ import annotations


def test_a_story_is_told_by_id_or_by_name(house):
    by_id, by_name = (house.run("explain", house.scheme, house.facts, who) for who in ("e1", "张三"))
    assert by_id.code == 0
    assert by_id.out == by_name.out
    assert "99.4" in by_id.out
    assert "§1" in by_id.out


def test_a_story_is_told_in_either_language(house):
    assert "总分" in house.run("explain", house.scheme, house.facts, "e1", "--lang", "zh").out
    assert "Total" in house.run("explain", house.scheme, house.facts, "e1", "--lang", "en").out


def test_one_figure_is_told_with_all_that_it_rests_on(house):
    told = house.run("explain", house.scheme, house.facts, "e1", "bonus").out
    assert "Bonus" in told.splitlines()[1]
    assert "Greeting" in told
    assert "Talk" not in told


def test_a_figure_may_be_asked_for_by_its_name(house):
    assert (
        house.run("explain", house.scheme, house.facts, "e1", "Bonus").out
        == house.run("explain", house.scheme, house.facts, "e1", "pay.bonus").out
    )


def test_a_story_is_data_for_machines(house):
    data = house.run("explain", house.scheme, house.facts, "e1", "total", "--json").data
    assert [(line["id"], line["value"]) for line in data["lines"]] == [("total", "99.4")]


def test_somebody_who_is_not_there_is_a_problem_that_lists_who_is(house):
    said = house.run("explain", house.scheme, house.facts, "e9")
    assert said.code == 1
    assert "C003" in said.err
    assert "e1, e2, e3" in said.err


def test_a_figure_that_is_not_there_is_a_problem_with_a_guess(house):
    said = house.run("explain", house.scheme, house.facts, "e1", "totl")
    assert said.code == 1
    assert "did you mean total?" in said.err


def test_what_would_be_enough_for_the_next_grade_is_told_when_asked(house):
    told = house.run("explain", house.scheme, house.facts, "e2", "--next").out
    assert "B" in told.splitlines()[-1] or "75" in told
    assert house.run("explain", house.scheme, house.facts, "e2", "--next", "--json").data["next"][0]["need"] == "75"


def test_who_has_the_best_grade_needs_nothing_more(house):
    assert house.run("explain", house.scheme, house.facts, "e1", "--next", "--json").data["next"] == []
