"""Laws of comparing, over all forty schemes: itself, its mirror, and every mutated number."""

from __future__ import annotations

import random
import re
from fractions import Fraction
from functools import cache

import pytest

from kaohe.comparing import Version, compare, read_version
from kaohe.comparing.telling import tell
from kaohe.library import library_folder, scheme_ids
from kaohe.problems import Problems
from kaohe.reading import plan_of_text

MUTATED_PER_SCHEME = 4
NUMBER = re.compile(r"(?<![\w.§-])\d+(?:\.\d+)?(?![\w.])")
NO_FIGURES = ("scheme:", "version:", "#")


@cache
def text_of(scheme: str) -> str:
    return (library_folder() / scheme / "scheme.yaml").read_text(encoding="utf-8")


@cache
def version_of(scheme: str) -> Version:
    return read_version(library_folder() / scheme / "scheme.yaml")


def mutants(scheme: str):
    """Some versions of a scheme in each of which one number became another, with both numbers; the same at every run."""
    text = text_of(scheme)
    places = [found for found in NUMBER.finditer(text) if _is_a_figure(text, found.start())]
    random.Random(scheme).shuffle(places)
    made = 0
    for found in places:
        was = found.group()
        now = str(int(was) + 1) if "." not in was else was[:-1] + str((int(was[-1]) + 1) % 10 or 5)
        newer = text[: found.start()] + now + text[found.end() :]
        try:
            plan = plan_of_text(newer)
        except Problems:
            continue  # a scheme that cannot be right: weights that no longer add up, bands that overlap
        made += 1
        yield was, now, Version(plan)
        if made == MUTATED_PER_SCHEME:
            return


def _is_a_figure(text: str, at: int) -> bool:
    """Whether a number stands in a value and not in a name, a clause, a comment or an id."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    key = re.split(r"[{,]\s*(?=\w+:)|^\s*", line)[-1]
    return not line.lstrip().startswith(NO_FIGURES) and not re.match(
        r"\W*(?:name|clause|note|about|source|text|why|training\w*|post_level)\b", key
    )


def says(change, side: str, number: str) -> bool:
    """Whether one side of a change has the number, as it was typed or as a percentage."""
    text = f"{getattr(change, side).zh} {getattr(change, side).en} {change.at.zh}"
    shown = {Fraction(found) for found in re.findall(r"\d+(?:\.\d+)?", text)}
    return bool({Fraction(number), Fraction(number) * 100} & shown)


@pytest.mark.parametrize("scheme", scheme_ids())
def test_a_scheme_compared_with_itself_has_no_changes(scheme):
    assert compare(version_of(scheme), read_version(library_folder() / scheme / "scheme.yaml")).changes == ()


@pytest.mark.parametrize("scheme", scheme_ids())
def test_a_number_that_became_another_is_told_and_nothing_else_is(scheme):
    told = 0
    for was, now, newer in mutants(scheme):
        changes = compare(version_of(scheme), newer).changes
        assert changes, (was, now)
        assert [tell(change, "zh") for change in changes if change.before == change.after] == [], (was, now)
        assert [tell(change, "zh") for change in changes if not says(change, "after", now) or not says(change, "before", was)] == [], (
            was,
            now,
        )
        told += 1
    assert told or not NUMBER.search(text_of(scheme))


@pytest.mark.parametrize("scheme", scheme_ids())
def test_the_way_back_is_the_mirror_of_the_way_there(scheme):
    for _, _, newer in mutants(scheme):
        there = compare(version_of(scheme), newer).changes
        back = compare(newer, version_of(scheme)).changes
        assert {_seen(change.mirrored()) for change in back} == {_seen(change) for change in there}


def _seen(change):
    """A change without lines: the mutant has no file."""
    return (change.part, change.kind, change.subjects, change.what, change.before, change.after, change.at)
