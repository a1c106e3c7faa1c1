"""Every broken scheme is refused by its own code, at its line, in a sentence of either language."""

from __future__ import annotations

import re

import pytest

from kaohe.problems import Problems
from kaohe.reading import plan_of_text, read_plan

JARGON = re.compile(r"Input should|valid dictionary|pydantic|Traceback|NoneType|dict\b|tuple|\bstr\b|\{\w*\}|value_error|Error\(")


def refused(path):
    with pytest.raises(Problems) as caught:
        read_plan(path)
    return list(caught.value)


def test_the_scheme_that_all_of_them_vary_is_accepted(whole):
    assert plan_of_text(whole).scheme.scheme == "tea-house"


def test_there_are_many_kinds_of_them(corpus):
    assert len(corpus) >= 70
    assert len({broken.code for broken in corpus}) >= 60


def test_a_broken_scheme_is_refused_by_its_own_code_and_nothing_else(broken):
    assert {problem.code for problem in refused(broken.path)} == {broken.code}


def test_a_broken_scheme_is_told_at_its_line(broken):
    first = refused(broken.path)[0]
    assert (first.place.file, first.place.line) == (str(broken.path), broken.line)


def test_a_broken_scheme_is_told_under_the_name_that_somebody_would_look_for(broken):
    if broken.about is not None:
        assert any(broken.about in problem.about for problem in refused(broken.path))


def test_a_broken_scheme_is_told_in_both_languages_without_jargon(broken):
    for problem in refused(broken.path):
        assert re.search("[\u4e00-\u9fff]", problem.sentence("zh") + problem.mend("zh"))
        assert problem.mend("zh")
        assert problem.mend("en")
        assert problem.sentence("zh") != problem.sentence("en")
        assert not JARGON.search(problem.tell("zh") + problem.tell("en"))


def test_the_name_of_a_file_begins_with_its_code(broken):
    assert broken.path.stem.startswith(f"{broken.code}-")
