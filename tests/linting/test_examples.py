"""Every lint has a small tea-house that it asks about, and is silent once that is mended as it says."""

from __future__ import annotations

import re

from kaohe.problems import every_problem
from tests.linting.conftest import codes, found

CHINESE = re.compile("[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]")
JARGON = re.compile(r"node|adjust@|masked|Fraction|None|\{\w*\}|Text\(")


def test_an_example_is_asked_about_by_its_own_code_at_its_line_and_nothing_else(example):
    told = [(finding.code, finding.key, finding.place.line) for finding in found(example.path)]
    assert told == [(example.code, example.key, example.line)]


def test_a_mended_example_is_asked_about_no_more(example):
    assert codes(example.mended) == []


def test_an_example_differs_from_its_mended_twin(example):
    assert "# mended:" in example.path.read_text(encoding="utf-8")


def test_a_finding_is_told_in_both_languages_with_a_way_out_and_without_jargon(example):
    for finding in found(example.path):
        assert CHINESE.search(finding.sentence("zh"))
        assert CHINESE.search(finding.mend("zh"))
        assert finding.mend("en")
        assert not JARGON.search(finding.tell("zh") + finding.tell("en"))


def test_chinese_sentences_have_chinese_punctuation(example):
    for finding in found(example.path):
        plain = finding.sentence("zh") + re.sub(r"[\w.]+: ?[\w{[]", "", finding.mend("zh"))
        assert not HALF_WIDTH.search(plain), plain


def test_an_english_sentence_has_no_chinese_but_what_the_scheme_says(example):
    scheme = example.path.read_text(encoding="utf-8")
    for finding in found(example.path):
        strange = [word for word in re.findall("[\u4e00-\u9fff]+", finding.sentence("en")) if word not in scheme]
        assert strange == []


def test_every_lint_has_an_example(examples):
    lints = {code for code in every_problem() if code.startswith("L")}
    assert len(lints) >= 30
    assert {example.code for example in examples} == lints


def test_the_name_of_a_file_begins_with_its_code(example):
    assert example.path.stem.startswith(f"{example.code}-")
