"""How problems are told: all at once, by line, without echoes; and nothing but problems ever comes out."""

from __future__ import annotations

import copy
import random

import pytest
import yaml

from kaohe.problems import Place, Problems
from kaohe.reading import plan_of_text, read_plan

PLACE = Place(file="tea-house.yaml")


def told(text):
    with pytest.raises(Problems) as caught:
        plan_of_text(text, PLACE)
    return [(problem.code, problem.place.line) for problem in caught.value]


def line_of(text, part):
    return text[: text.index(part)].count("\n") + 1


def test_mistakes_of_every_kind_are_told_at_once_and_by_line(whole):
    text = (
        whole.replace("weight: 40%", "weigth: 40%")
        .replace("among: everybody", "among: everbody")
        .replace("scale: 100", "scale: hundred")
        .replace("when: grade == C", "when: totl < 60")
    )
    assert told(text) == [
        ("N001", line_of(text, "scale:")),
        ("S001", line_of(text, "weigth")),
        ("S036", line_of(text, "among: everbody")),
        ("S004", line_of(text, "talk:")),
    ]


def test_a_key_written_twice_does_not_hide_what_else_is_wrong(whole):
    text = whole.replace("weight: 20%, clause: §3", "weight: 20%, clause: §3, weight: 20%").replace("when: rank == 1", "when: rnk == 1")
    assert [code for code, _ in told(text)] == ["D006", "S004"]


def test_what_uses_a_part_that_could_not_be_read_is_not_told_again(whole):
    assert [code for code, _ in told(whole.replace("refill_rate: {is: ratio,", "refill_rate: {is: 0..1,"))] == ["S033"]


def test_a_mistake_inside_a_named_rule_is_told_at_the_rule(whole):
    text = whole.replace("\nitems:", "\nrules:\n  per_cup: {full: 100, flor: 0, per_event: {broken_cup: -10}}\n\nitems:").replace(
        "full: 100, per_event: {broken_cup: -10}, floor: 0}\n  speed", "rule: per_cup}\n  speed"
    )
    assert told(text) == [("S001", line_of(text, "per_cup: {full"))]


def test_a_misspelt_key_of_a_forms_own_reading_is_told(whole):
    forms = "\nforms:\n  waiter: {items: {refill: 40%, greeting: {weight: 30%, ratters: [lead]}, care: 20%, speed: 10%}}\n"
    text = whole.replace("\ntotal:", f"{forms}  brewer: {{items: {{care: 100%}}}}\n\ntotal:")
    assert told(text) == [("S001", line_of(text, "waiter: {items"))]


def test_a_figure_that_is_first_met_as_a_word_still_has_its_mistakes_told(whole):
    text = whole.replace("figures:\n", "figures:\n  busy: {name: 忙 | Busy, is: refill_rate + nothing, clause: §9}\n").replace(
        "when: grade == C", "when: grade == C and config.weighting == busy"
    )
    assert told(text) == [("S004", line_of(text, "  busy:"))]


def test_a_file_that_is_not_there_is_a_problem(tmp_path):
    with pytest.raises(Problems) as caught:
        read_plan(tmp_path / "none.yaml")
    assert [problem.code for problem in caught.value] == ["D008"]


def test_a_scheme_saved_by_an_old_editor_is_read(tmp_path, whole):
    for encoding in ("gb18030", "utf-8-sig", "utf-16"):
        path = tmp_path / f"{encoding}.yaml"
        path.write_bytes(whole.replace("\n", "\r\n").encode(encoding))
        assert read_plan(path).scheme.name.zh == "茶馆服务员月度考核"


JUNK = (
    None,
    "",
    "x",
    "-1",
    "0",
    "abc def",
    "1..0",
    "nan",
    [],
    {},
    ["x"],
    {"x": "y"},
    "yes",
    "1/0",
    "1e400",
    "a.b",
    "week",
    "99%",
    "[",
    {"is": "5"},
    [[]],
)


def mutated(tree, chance):
    """The tree with one entry removed, renamed or replaced by junk."""
    tree = copy.deepcopy(tree)
    path = chance.choice([path for path in paths(tree) if path])
    home = tree
    for step in path[:-1]:
        home = home[step]
    what = chance.random()
    if what < 0.25:
        del home[path[-1]]
    elif what < 0.4 and isinstance(home, dict):
        home[f"{path[-1]}x"] = home.pop(path[-1])
    else:
        home[path[-1]] = copy.deepcopy(chance.choice(JUNK))
    return tree


def paths(tree, path=()):
    yield path
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, inner in steps:
        yield from paths(inner, (*path, step))


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_changed_in_a_scheme_ends_in_a_plan_or_in_problems(whole, seed):
    chance = random.Random(seed)
    tree = yaml.load(whole, Loader=yaml.BaseLoader)
    for _ in range(120):
        changed = mutated(mutated(tree, chance), chance) if chance.random() < 0.3 else mutated(tree, chance)
        try:
            plan_of_text(yaml.safe_dump(changed, allow_unicode=True, sort_keys=False), PLACE)
        except Problems as problems:
            told_in_words = [problem.tell("zh") and problem.tell("en") for problem in problems]
            if not all(told_in_words):
                pytest.fail(str(changed))
