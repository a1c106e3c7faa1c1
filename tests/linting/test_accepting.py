"""A scheme may accept what is found, with a reason; an accept of nothing is told."""

from __future__ import annotations

import pytest

from kaohe.linting import lint_scheme
from kaohe.problems import Problems
from kaohe.reading import plan_of_text

SCHEME = """
scheme: tea-house
name: 茶馆 | Tea-house
period: month
events: {broken_cup: 打破茶具 | Broken cup, late: 迟到 | Late}
pay:
  round: 0.01
  clause: §1
  lines:
    cups: {name: 扣款（茶具） | Fine for cups, is: 20 * count(broken_cup)}
    late: {name: 扣款（迟到） | Fine for lateness, is: 10 * count(late)}
"""
PRINTED = """
scheme: tea-house
name: 茶馆 | Tea-house
period: month
values: {refills: {is: ratio, name: 及时续水率 | Refills in time}}
items:
  refill: {name: 续水 | Refilling, weight: 50%, clause: §1, is: 80 * refills}
  manners: {name: 礼仪 | Manners, weight: 40%, clause: §2, rating: {allowed: 0..80, raters: [lead, guest]}}
total: {is: weighted sum, weights: printed, clause: §3}
grades: {clause: §4, rows: {A: {from: 90}, B: {from: 60}, C: {else: yes}}}
accept:
  weights_90: 原文如此 | printed so
  grade_A: 只作愿景 | a vision only
"""


def told(text):
    """Codes and names of findings, with the reason for which each is accepted."""
    return [(finding.code, finding.key, finding.accepted.en if finding.accepted else None) for finding in lint_scheme(plan_of_text(text))]


def test_without_an_accept_every_finding_is_open():
    assert told(SCHEME) == [("L031", "cups", None), ("L031", "late", None)]


def test_a_whole_code_is_accepted():
    text = SCHEME + "accept: {L031: 工会已同意 | the union agreed}\n"
    assert told(text) == [("L031", "cups", "the union agreed"), ("L031", "late", "the union agreed")]


def test_one_finding_is_accepted_by_its_name():
    text = SCHEME + "accept: {L031_cups: 已有约定 | agreed upon}\n"
    assert told(text) == [("L031", "cups", "agreed upon"), ("L031", "late", None)]


def test_what_the_compiler_lets_a_scheme_accept_is_told_as_accepted():
    assert [(code, key, why) for code, key, why in told(PRINTED) if why] == [
        ("L001", "total", "printed so"),
        ("L010", "A", "a vision only"),
    ]


@pytest.mark.parametrize("key", ["L031_plates", "L001", "L999", "L030_cups_5000"])
def test_an_accept_of_what_does_not_occur_is_told(key):
    text = SCHEME + f"accept: {{{key}: 早已改好 | mended long ago}}\n"
    assert told(text)[2:] == [("L090", key, None)]


def test_an_accept_that_is_neither_a_lint_nor_an_oddity_is_refused():
    with pytest.raises(Problems) as caught:
        plan_of_text(SCHEME + "accept: {L31: 看错了 | misread}\n")
    assert [problem.code for problem in caught.value] == ["S028"]


def test_a_reason_in_one_language_serves_both():
    (first, _) = lint_scheme(plan_of_text(SCHEME + "accept: {L031: 工会已同意}\n"))
    assert (first.accepted.zh, first.accepted.en) == ("工会已同意", "工会已同意")
