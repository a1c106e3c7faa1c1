"""The report of what cases leave out, on the tea-house: whatever is not exercised is named, whatever is, is struck out."""

from __future__ import annotations

import pytest

from kaohe.cases import case_of
from kaohe.documents import parse_document
from kaohe.reading import plan_of_text
from tests.library.coverage import coverage_of

SCHEME = """
scheme: tea-house-waiters
name: 茶馆 | Tea-house
period: calendar month
roles: {assessed: {waiter: 茶博士 | Waiter}, rate_only: {lead: 领班 | Lead}, others: refused}
people: {base: {is: yuan 0.. optional, name: 基数 | Base}}
config: {way: {one_of: [cups, pots], default: cups, name: 计法 | Way, clause: §1}}
values: {refill: {is: seconds 0.., name: 续水 | Refill, clause: §1}}
events: {broken_cup: {name: 破杯 | Broken cup, clause: §2}}
items:
  refill: {name: 续水 | Refill, clause: §1, by: value.refill, tiers: [{below: 60, points: 50}, {else: 0}]}
  cups: {name: 茶具 | Cups, clause: §2, full: 50, once: {broken_cup: -60}, floor: 0}
  talk: {name: 谈吐 | Talk, clause: §3, rating: {allowed: 0..10, raters: [lead]}, if_none: "null"}
total: {is: sum, clause: §4}
grades: {clause: §4, rows: {A: {from: 50}, B: {else: yes}}}
pay: {round: 0.01, clause: §5, lines: {bonus: {name: 奖金 | Bonus, is: base if config.way == cups and grade == A else 0}}}
"""
EVERYTHING = """
cases:
  - period: {start: 2026-03-01, end: 2026-03-31}
    people: [{id: a, role: waiter, base: 100.005}, {id: b, role: waiter}, {id: c, role: waiter, base: 9}, {id: d, role: waiter}, {id: l, role: lead}]
    values: {a: {refill: 59}, b: {refill: 60}, c: {refill: 70}}
    ratings:
      - {item: talk, subject: a, rater: l, relation: lead, score: 5}
      - {item: talk, subject: a, rater: k, relation: lead, score: 6}
      - {item: talk, subject: c, rater: l, relation: lead, score: 0}
    events: [{type: broken_cup, subject: c, at: 2026-03-08, count: 2}]
    expect:
      a: {items: {refill: 50, cups: 50, talk: 5.5}, total: 105.5, grade: A, pay: {bonus: 100.01}}
      b: {items: {refill: 0, talk: null}, total: 50, grade: A, pay: {bonus: null}}
      c: {items: {cups: 0}, total: 0, grade: B, pay: {bonus: 0}}
      d: {missing: [refill]}
  - period: {start: 2026-03-01, end: 2026-03-31}
    config: {way: pots}
    people: [{id: a, role: waiter, base: 100}]
    values: {a: {refill: 90}}
    ratings: [{item: talk, subject: a, rater: l, relation: lead, score: 5}]
    expect: {a: {total: 55, pay: {bonus: 0}}}
  - period: {start: 2026-03-01, end: 2026-03-30}
    config: {way: buckets}
    people: [{id: a, role: cook}, {id: b, role: waiter, base: -1}]
    values: {b: {refill: -1}}
    ratings:
      - {item: talk, subject: b, rater: l, relation: lead, score: -1}
      - {item: talk, subject: b, rater: k, relation: lead, score: 11}
      - {item: talk, subject: b, rater: m, relation: guest, score: 1}
    expect_error:
      - {about: period, reason: period}
      - {about: way, reason: not_allowed}
      - {about: cook, reason: unknown}
      - {about: base, reason: out_of_range}
      - {about: refill, reason: out_of_range}
      - {about: talk, reason: out_of_range}
      - {about: talk, reason: not_allowed}
"""


def lacking(text: str) -> list[str]:
    tree, problems = parse_document(text)
    assert tree is not None
    assert not problems
    return coverage_of(plan_of_text(SCHEME), [case_of(row) for row in tree["cases"]]).lacking()


def test_cases_that_meet_everything_leave_nothing_out() -> None:
    assert lacking(EVERYTHING) == []


@pytest.mark.parametrize(
    ("written", "instead", "named"),
    [
        ("refill: 59", "refill: 61", "item.refill: value.refill <60"),
        ("refill: 60}", "refill: 61}", "item.refill: value.refill is exactly 60"),
        ("count: 2", "count: 1", "item.cups.base: two records of broken_cup, which counts once"),
        ("subject: c, at: 2026-03-08", "subject: c, at: 2026-04-08", "item.cups: held at its floor"),
        ("score: 6", "score: 5", "item.talk: two different scores pooled"),
        ("way: pots", "way: cups", "config.way: pots"),
        ("base: 100.005", "base: 100", "pay: rounded to the cent"),
        ("{id: c, role: waiter, base: 9}", "{id: c, role: waiter, base: 9}, {id: l, role: lead}", "roles: a lead only rates"),
        ("- {about: base, reason: out_of_range}", "- {about: b, reason: out_of_range}", ""),
        ("base: -1", "base: 1", "people.base: below 0"),
        ("- {about: way, reason: not_allowed}", "", "config.way: no such option"),
        ("- {about: cook, reason: unknown}", "", "roles: another role is refused"),
        ("- {about: period, reason: period}", "", "period: another span is refused"),
        ("score: 11", "score: 10", "rating.talk: above 10"),
        ("relation: guest", "relation: lead", "rating.talk: a relation that may not rate"),
        ("d: {missing: [refill]}", "", "item.refill: owed by somebody"),
        ("d: {missing: [refill]}", "d: {}", "item.refill: owed by somebody"),
        (", talk: null}, total: 50", "}", "item.talk: drops out"),
        (", pay: {bonus: null}", "", "pay.bonus: not there"),
        ("total: 105.5", "total: 1", "grade: the grade B"),
        ("{items: {cups: 0}, total: 0, grade: B, pay: {bonus: 0}}", "{items: {cups: 0}}", "grade: the grade B"),
    ],
)
def test_what_no_case_exercises_is_named(written: str, instead: str, named: str) -> None:
    """A case that does not pass, or says nothing of the result, exercises nothing."""
    assert EVERYTHING.count(written) >= 1
    found = lacking(EVERYTHING.replace(written, instead, 1))
    assert named in found if named else found == []
