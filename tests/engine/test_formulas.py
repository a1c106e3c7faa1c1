"""What formulas give: one tea-house month, and for each way of writing the figures of everybody, worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kaohe.scoring import Results
from tests.engine.conftest import plan_of, results_of

HEAD = """
scheme: tea-house
name: 茶馆月度考核 | Monthly appraisal of a tea-house
period: month
as_of: end + 30
roles: {assessed: {waiter: 茶博士 | Waiter, lead: 领班 | Lead}}
"""
BODY = """
people:
  team: {is: text optional, name: 组 | Team}
  coach: {is: text optional, name: 师傅 | Coach}
  hired_on: {is: date optional, name: 入职 | Hired on}
  trained: {is: yes_no default no, name: 已培训 | Trained}
  shifts: {is: [early, late], optional: yes, several: yes, name: 班次 | Shifts}
units: {house: {one: yes, name: 本店 | The house}, team: {by: team, name: 组 | Team}}
groups: {mates: {others_of: team}, crew: {all_of: team}, all: {all: yes}, old_hands: {all: yes, where: given(hired_on)}}
windows: {week: {starts_on_days: [1, 8, 15, 22], column: week, name: 周 | Week}}
words: {taste: {bad: {number: -1, name: 差 | Bad}, good: {number: 0.5, name: 好 | Good}, best: {number: 2, name: 极好 | Best}}}
config:
  target: {is: ratio default 0.8, name: 目标 | Target}
  way: {one_of: [plain, busy], default: busy, name: 算法 | Way}
  rewards: {parts: ["1", "2"], is: points 0..9 default 3, name: 奖 | Rewards}
values:
  p: {is: number, name: 甲 | P}
  q: {is: number optional, name: 乙 | Q}
  sales: {is: yuan 0.., needed: p > 2, name: 销售 | Sales}
  house.guests: {is: whole 0.., name: 客流 | Guests}
  team.goal: {is: number optional, name: 目标 | Goal}
  team.p: {is: number optional, name: 组的甲 | P of the team}
events:
  cup: {name: 打碎 | Cup, columns: {price: {is: yuan 0.., name: 价 | Price}, kind: {is: [pot, bowl], optional: yes, name: 种 | Kind}}}
  word: {name: 评价 | Word, columns: {taste: {is: taste, name: 味 | Taste}, best: {is: yes_no default no, name: 最 | Best}}}
  round: {name: 每周 | Of the week, one_per: week, columns: {poured: {is: whole 0.. optional, name: 倒茶 | Poured}}}
history: {stars: {is: number optional, name: 星 | Stars}, goal: {is: number optional, of: team, name: 目标 | Goal}}
states: {away: {name: 外派 | Away, when: p == 99, clause: §1}}
figures:
  twice: {name: 两倍 | Twice, clause: §1, is: 2 * p}
  guests_each: {name: 人均客流 | Guests each, per: house, clause: §1, is: guests / count(all)}
  size: {name: 人数 | Size, per: team, clause: §1, is: count(crew)}
  poured_much: {name: 多倒 | Poured much, per: week, clause: §1, is: poured > 3}
  broken: {name: 每周打碎 | Broken, per: week, clause: §1, is: count(cup)}
  good_month: {name: 好月 | Good month, per: period, clause: §1, is: total >= 10}
  starred: {name: 有星 | Starred, per: period, clause: §1, is: p > 2, past: given(history.stars)}
  f: {name: 数 | F, clause: §1, is: FORMULA}
items:
  i: {name: 项 | Item, clause: §1, weight: 100%, is: p, let: {half: {name: 半 | Half, clause: §1, is: p / 2}}}
  taste: {name: 味 | Taste, clause: §1, in_total: no, is: mean(word.taste), if_none: "null"}
  kind: {name: 客气 | Kind, clause: §1, in_total: no, rating: {allowed: 0..10, raters: any}, if_none: "null"}
total: {is: weighted sum, clause: §1}
grades: {clause: §1, columns: {share: {is: ratio, name: 发 | Share}, say: {is: text, name: 话 | Say}}, rows: {A: {from: 5, share: 100%, say: 好}, B: {else: yes, share: 50%, say: 勉}}}
rank: {by: total, among: all, clause: §1}
pay: {round: 1, clause: §1, lines: {bonus: {name: 奖 | Bonus, is: 10 * p}, pot: {name: 池 | Pot, per: house, is: guests * 2}}}
"""
FACTS = """
people:
  - {id: a, role: waiter, team: x, coach: y, hired_on: 2025-03-31, trained: yes, shifts: [early, late]}
  - {id: b, role: waiter, team: x, coach: x, shifts: [late]}
  - {id: c, role: lead, team: y, coach: x, hired_on: 2026-03-02}
values: {a: {p: 3, q: 10, sales: 70}, b: {p: 2}, c: {p: 8, q: 4, sales: 30}, house: {guests: 12}, x: {goal: 20, p: 7}, y: {goal: 30}}
events:
  - {type: cup, subject: a, at: 2026-03-02, price: 5, kind: pot, count: 2}
  - {type: cup, subject: a, at: 2026-03-09, price: 9}
  - {type: cup, subject: c, at: 2026-03-31, price: 1, kind: bowl}
  - {type: word, subject: a, at: 2026-03-03, taste: good}
  - {type: word, subject: a, at: 2026-03-04, taste: best, best: yes}
  - {type: word, subject: b, at: 2026-03-04, taste: bad}
  - {type: round, subject: a, at: 2026-03-01, poured: 5}
  - {type: round, subject: a, at: 2026-03-08, poured: 3}
  - {type: round, subject: b, at: 2026-03-22, poured: 4}
ratings:
  - {item: kind, subject: a, rater: b, relation: peer, score: 6}
  - {item: kind, subject: a, rater: c, relation: lead, score: 9}
  - {item: kind, subject: c, rater: a, relation: peer, score: 10}
history:
  - {subject: a, period_end: 2026-02-28, total: 12, rank: 1, of: 3, stars: 4}
  - {subject: a, period_end: 2026-01-31, total: 9, stars: 5}
  - {subject: a, period_end: 2025-12-31, total: 11}
  - {subject: c, period_end: 2026-01-31, total: 20, grade: B}
  - {subject: x, period_end: 2026-02-28, goal: 18}
"""


def month(formula: str, rest: str = "") -> Results:
    """The month with this formula as the figure `f`."""
    return results_of(plan_of(BODY.replace("FORMULA", f'"{formula}"') + rest, HEAD), FACTS)


FIGURES = {
    # numbers
    "p": (3, 2, 8),
    "2 * p + 1": (7, 5, 17),
    "(p + 1) / 2 - 1": (1, Fraction(1, 2), Fraction(7, 2)),
    "-p": (-3, -2, -8),
    "p / 3": (1, Fraction(2, 3), Fraction(8, 3)),
    "50% * p": (Fraction(3, 2), 1, 4),
    "2/3": (Fraction(2, 3),) * 3,
    "q": (10, None, 4),
    "q + 1": (11, None, 5),
    "first(q, 7)": (10, 7, 4),
    "first(q, p, 7)": (10, 2, 4),
    "none": (None, None, None),
    "p if p > 2 else none": (3, None, 8),
    "q if p > 2 else -1": (10, -1, 4),
    "min(p, 5)": (3, 2, 5),
    "max(p, 5)": (5, 5, 8),
    "sum(p, 1)": (4, 3, 9),
    "mean(p, 5)": (4, Fraction(7, 2), Fraction(13, 2)),
    "mean(p, q)": (Fraction(13, 2), None, 6),
    "mean_given(p, q)": (Fraction(13, 2), 2, 6),
    "sign(p - 3)": (0, -1, 1),
    "abs(p - 3)": (0, 1, 5),
    "floor_of(p / 3 - 1)": (0, -1, 1),
    "rounded(p / 3)": (1, Fraction("0.67"), Fraction("2.67")),
    # yes and no
    "p > 2": (True, False, True),
    "p >= 3": (True, False, True),
    "p < 3": (False, True, False),
    "p <= 3": (True, True, False),
    "p == 3": (True, False, False),
    "p != 3": (False, True, True),
    "2 < p <= 8": (True, False, True),
    "not p > 2": (False, True, False),
    "p > 2 and q > 5": (True, False, False),
    "p > 5 or q > 5": (True, None, True),
    "trained": (True, False, False),
    "trained == (p > 2)": (True, True, False),
    "trained != (p > 2)": (False, False, True),
    "trained == yes": (True, False, False),
    "trained == no": (False, True, True),
    "given(q)": (True, False, True),
    "given(hired_on)": (True, False, True),
    "not given(q)": (False, True, False),
    "is_multiple(p, 2)": (False, True, True),
    "p in [2, 3]": (True, True, False),
    "p in [q - 7, 8]": (True, None, True),
    "yes": (True, True, True),
    "no": (False, False, False),
    "3 if yes else 4": (3, 3, 3),
    "nothing_applies": (False, False, False),
    "state.away": (False, False, False),
    # words
    "team == x": (True, True, False),
    "x == team": (True, True, False),
    "team != x": (False, False, True),
    "team == 'x'": (True, True, False),
    "'x' == team": (True, True, False),
    "team == coach": (False, True, False),
    "team != coach": (True, False, True),
    "team in [x, z]": (True, True, False),
    "team in [coach, z]": (False, True, False),
    "role == lead": (False, False, True),
    "role in [waiter, lead]": (True, True, True),
    "config.way == busy": (True, True, True),
    "busy == config.way": (True, True, True),
    "config.way == plain": (False, False, False),
    "late in shifts": (True, True, False),
    "early in shifts": (True, False, False),
    "'early' in shifts": (True, False, False),
    # dates
    "days_between(start, end)": (30, 30, 30),
    "days_between(hired_on, end)": (365, None, 29),
    "months_between(hired_on, end)": (12, None, 0),
    "months_after(hired_on, 12) == end": (True, None, False),
    "hired_on < start": (True, None, False),
    "hired_on > start": (False, None, True),
    "hired_on + 1 == months_after(start, -11)": (True, None, False),
    "days_between(end - 30, start)": (0, 0, 0),
    "days_between(end, as_of)": (30, 30, 30),
    "months_between(hired_on, end) + 1": (13, None, 1),
    "days_between(months_after(hired_on, 1), months_after(hired_on, 2))": (31, None, 30),
    "(hired_on if p > 2 else start) <= start": (True, True, False),
    # records
    "count(cup)": (3, 0, 1),
    "any(cup)": (True, False, True),
    "sum(cup.price)": (19, 0, 1),
    "sum(cup.price, kind == pot)": (10, 0, 0),
    "sum(cup.price, cup.price > 5)": (9, 0, 0),
    "sum(cup.price * 2)": (38, 0, 2),
    "sum(cup.price * p)": (57, 0, 8),
    "count(cup, price > 5)": (1, 0, 0),
    "count(cup.price > 5)": (1, 0, 0),
    "any(cup.price > 5)": (True, False, False),
    "share(cup.price > 5)": (Fraction(1, 3), None, 0),
    "share(cup, price > 5)": (Fraction(1, 3), None, 0),
    "mean(cup.price)": (Fraction(19, 3), None, 1),
    "min(cup.price)": (5, None, 1),
    "max(cup.price)": (9, None, 1),
    "count(cup, cup.at > start + 7)": (1, 0, 1),
    "count(word.taste == best)": (1, 0, 0),
    "count(word, best)": (1, 0, 0),
    "count(word.taste != best)": (1, 1, 0),
    "count(word.taste in [good, bad])": (1, 1, 0),
    "count(word.taste == 2)": (1, 0, 0),
    "count(word.taste > 0)": (2, 0, 0),
    "mean(word.taste)": (Fraction(5, 4), -1, None),
    "sum(cup.count * cup.price)": (29, 0, 1),
    "mean(p * max(cup.price))": (27, None, 8),
    "min(p, max(cup.price))": (3, None, 1),
    "sum(cup.price, where=kind == pot)": (10, 0, 0),
    "count(cup, days_between(start, at) > 7)": (1, 0, 1),
    "sum(cup.price, p > 2)": (19, 0, 1),
    "sum(cup.price * house.guests)": (228, 0, 12),
    # ratings
    "mean(rating.kind.score)": (Fraction(15, 2), None, 10),
    "count(rating.kind)": (2, 0, 1),
    "count(rating.kind, relation == peer)": (1, 0, 1),
    "count(rating.kind.score > 6)": (1, 0, 1),
    "count(rating.kind, rater in mates)": (1, 0, 0),
    "count(rating.kind, rater in all)": (2, 0, 1),
    "count(rating.kind, p > 2)": (2, 0, 1),
    "sum(rating.kind.score * p)": (45, 0, 80),
    "count(rating.kind, relation in [peer, lead])": (2, 0, 1),
    "mean(rating.kind.score, relation == lead)": (9, None, None),
    # groups
    "count(mates)": (1, 1, 0),
    "count(crew)": (2, 2, 1),
    "count(all, p > 2)": (2, 2, 2),
    "count(p > 2, over=all)": (2, 2, 2),
    "any(p > 5, over=mates)": (False, False, False),
    "share(p > 2, over=crew)": (Fraction(1, 2), Fraction(1, 2), 1),
    "sum(p, over=all)": (13, 13, 13),
    "sum(p, team == x, over=all)": (5, 5, 5),
    "sum(p, over=all, where=q > 5)": (3, 3, 3),
    "mean(p, over=mates)": (2, 3, None),
    "min(p, over=all)": (2, 2, 2),
    "max(p + 1, over=all)": (9, 9, 9),
    "sum(count(cup), over=all)": (4, 4, 4),
    "sum(p, over=old_hands)": (11, 11, 11),
    # units
    "house.guests": (12, 12, 12),
    "guests": (12, 12, 12),
    "p / house.guests": (Fraction(1, 4), Fraction(1, 6), Fraction(2, 3)),
    "team.goal": (20, 20, 30),
    "team.p": (7, 7, None),
    "goal": (20, 20, 30),
    "house.guests_each": (4, 4, 4),
    "guests_each": (4, 4, 4),
    "figure.guests_each": (4, 4, 4),
    "team.size": (2, 2, 1),
    "house.pot": (24, 24, 24),
    "pay.pot": (24, 24, 24),
    # choices
    "config.target": (Fraction("0.8"),) * 3,
    "p * config.target": (Fraction("2.4"), Fraction("1.6"), Fraction("6.4")),
    # figures, items, results
    "twice": (6, 4, 16),
    "figure.twice": (6, 4, 16),
    "i": (3, 2, 8),
    "item.i": (3, 2, 8),
    "i.half": (Fraction(3, 2), 1, 4),
    "value.p": (3, 2, 8),
    "value.sales": (70, None, 30),
    "sales": (70, None, 30),
    "person.trained": (True, False, False),
    "total": (3, 2, 8),
    "grade == A": (False, False, True),
    "grade.share": (Fraction(1, 2), Fraction(1, 2), 1),
    "grade.say == 好": (False, False, True),
    "rank": (2, 3, 1),
    "of": (3, 3, 3),
    "pay.bonus": (30, 20, 80),
    # weeks
    "count(poured_much, per=week)": (1, 1, 0),
    "any(poured_much, per=week)": (True, True, False),
    "sum(round.poured)": (8, 4, 0),
    "sum(poured, per=week)": (8, 4, 0),
    "max(broken, per=week)": (2, 0, 1),
    "sum(broken)": (3, 0, 1),
    # earlier periods
    "latest(total)": (12, None, 20),
    "previous(total)": (12, None, None),
    "latest(history.stars)": (4, None, None),
    "previous(history.stars)": (4, None, None),
    "latest(history.total, where=history.stars > 4)": (9, None, None),
    "previous(rank)": (1, None, None),
    "run(good_month)": (0, 0, 0),
    "run(total >= 3)": (4, 0, 1),
    "times(total >= 10)": (2, 0, 1),
    "times(good_month)": (2, 0, 1),
    "times(good_month, within=year)": (1, 0, 1),
    "times(starred)": (3, 0, 1),
    "times(grade == A)": (3, 0, 1),
    "times(grade == B)": (1, 1, 1),
    "count(history)": (3, 0, 1),
    "sum(history.total)": (32, 0, 20),
    "count(history, months_back == 1)": (1, 0, 0),
    "max(history.total)": (12, None, 20),
    "count(history, month == '2026-02')": (1, 0, 0),
    "count(history, stars > 4)": (1, 0, 0),
    "count(history, grade == B)": (0, 0, 1),
    "previous(of)": (3, None, None),
}


@pytest.mark.parametrize("formula", FIGURES)
def test_a_formula_gives_everybody_what_it_says(formula: str) -> None:
    column = month(formula).figure("figure.f")
    assert tuple(column[row] if column.size > 1 else column[0] for row in range(3)) == FIGURES[formula]


UNITS = {
    ("house", "guests"): (12,),
    ("house", "house.guests"): (12,),
    ("house", "count(all)"): (3,),
    ("house", "sum(p, over=all)"): (13,),
    ("house", "mean(p, over=all)"): (Fraction(13, 3),),
    ("house", "max(total, over=all)"): (8,),
    ("house", "count(p > 2, over=all)"): (2,),
    ("house", "sum(cup.price)"): (20,),
    ("house", "count(cup)"): (4,),
    ("house", "any(cup.price > 9)"): (False,),
    ("house", "mean(word.taste)"): (Fraction(1, 2),),
    ("house", "pot"): (24,),
    ("house", "pay.pot + 1"): (25,),
    ("house", "config.target * guests"): (Fraction("9.6"),),
    ("house", "days_between(start, as_of)"): (60,),
    ("team", "goal"): (20, 30),
    ("team", "team.goal"): (20, 30),
    ("team", "goal + house.guests"): (32, 42),
    ("team", "size"): (2, 1),
    ("team", "count(crew)"): (2, 1),
    ("team", "sum(p, over=crew)"): (5, 8),
    ("team", "sum(value.p, over=crew) - p"): (-2, None),
    ("team", "sum(value.p, over=old_hands)"): (3, 8),
    ("team", "count(cup)"): (3, 1),
    ("team", "previous(history.goal)"): (18, None),
    ("team", "latest(goal)"): (18, None),
    ("team", "times(goal >= 18)"): (2, 1),
    ("week", "poured"): (5, 3, None, None, None, None, None, 4, None, None, None, None),
    ("week", "poured * p"): (15, 9, None, None, None, None, None, 8, None, None, None, None),
    ("week", "round.poured"): (5, 3, None, None, None, None, None, 4, None, None, None, None),
    ("week", "poured - house.guests"): (-7, -9, None, None, None, None, None, -8, None, None, None, None),
    ("week", "count(cup)"): (2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
    ("week", "sum(cup.price, price > 5)"): (0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    ("week", "twice"): (6, 6, 6, 6, 4, 4, 4, 4, 16, 16, 16, 16),
    ("week", "poured_much"): (True, False, None, None, None, None, None, True, None, None, None, None),
    ("week", "sum(poured, over=all)"): (5, 3, 0, 4) * 3,
}


@pytest.mark.parametrize(("per", "formula"), UNITS)
def test_a_formula_gives_every_unit_and_every_week_what_it_says(per: str, formula: str) -> None:
    body = BODY.replace("clause: §1, is: FORMULA", f'clause: §1, per: {per}, is: "{formula}"')
    column = results_of(plan_of(body, HEAD), FACTS).figure("figure.f")
    size = len(UNITS[per, formula])
    assert tuple(column[row] if column.size > 1 else column[0] for row in range(size)) == UNITS[per, formula]


BLANKS = """
rules:
  of_team: {is: 5 if team == which else 1, clause: §2}
  of_teams: {is: "5 if team in [which, other] else 1", clause: §2}
  way: {is: 5 if config.way == which else 1, clause: §2}
  twice: {is: number * 2 + more, clause: §2}
"""


@pytest.mark.parametrize(
    ("blanks", "figures"),
    [
        ("rule: of_team, which: x", (5, 5, 1)),
        ("rule: of_team, which: y", (1, 1, 5)),
        ("rule: of_team, which: coach", (1, 1, 1)),
        ("rule: of_teams, which: y, other: z", (1, 1, 5)),
        ("rule: of_teams, which: z, other: x", (5, 5, 1)),
        ("rule: way, which: busy", (5, 5, 5)),
        ("rule: way, which: plain", (1, 1, 1)),
        ("rule: twice, number: p, more: 1", (7, 5, 17)),
        ("rule: twice, number: p + 1, more: number", (12, 9, 27)),
        ("rule: twice, number: more, more: p", (9, 6, 24)),
        ("rule: twice, number: twice, more: 0", (12, 8, 32)),
    ],
)
def test_each_figure_fills_the_blanks_of_a_named_rule_with_its_own_words(blanks: str, figures: tuple[int, ...]) -> None:
    body = BLANKS + BODY.replace("clause: §1, is: FORMULA", blanks)
    column = results_of(plan_of(body, HEAD), FACTS).figure("figure.f")
    assert tuple(column[row] if column.size > 1 else column[0] for row in range(3)) == figures
