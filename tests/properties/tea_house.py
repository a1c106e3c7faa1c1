"""A tea-house whose scheme uses every mechanism once, and months of it drawn at random."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from hypothesis import strategies as st

from kaohe.cases import case_of
from kaohe.checking import check_facts
from kaohe.plan import Plan
from kaohe.reading import plan_of_text
from kaohe.scoring import Results, score

SCHEME = """
scheme: tea-house
name: 茶馆月度考核 | Monthly appraisal of a tea-house
period: month
roles: {assessed: {waiter: 茶博士 | Waiter, lead: 领班 | Lead}, rate_only: {owner: 掌柜 | Owner}}
people:
  house: {is: text optional, name: 分店 | House}
  status: {is: [regular, trial, away], optional: yes, name: 状态 | Status}
  hired_on: {is: date optional, name: 入职 | Hired on}
  base_pay: {is: yuan 0.. optional, name: 底薪 | Base pay}
units: {house: {by: house, results: yes, name: 分店 | House}}
states: {away: {name: 外派 | Away, when: status == away, status: away, pay: {wage: 10}}}
groups:
  mates: {others_of: house, where: role == waiter, name: 同店茶博士 | Waiters beside one}
  staff: {all_of: house, blank: one group, where: not away, name: 全店 | The house}
  everybody: {all: yes, name: 所有人 | Everybody}
windows: {week: {starts_on_days: [1, 8, 15, 22], name: 周 | Week}}
words: {taste: {bad: {number: -1, name: 差 | Bad}, good: {number: 0.7, name: 好 | Good}, best: {number: 2/3, name: 极好 | Best}}}
config: {most: {is: whole 1.. default 3, name: 上限 | Most}}
values:
  served: {is: whole 0.. optional, name: 已续杯 | Served}
  asked: {is: whole 0.. optional, name: 要续杯 | Asked}
  seconds: {is: seconds 0.., name: 等候秒数 | Waiting}
  tips: {is: yuan optional, name: 小费 | Tips}
  fund: {is: yuan 0.., needed: role == lead, name: 备用金 | Fund}
  house.pool: {is: yuan 0.. optional, name: 奖金池 | Pool}
events:
  cup: {name: 打碎 | Broken cup, columns: {price: {is: yuan 0.. optional, name: 价 | Price}}}
  guest: {name: 茶客评价 | Guest, columns: {taste: {is: taste, name: 口味 | Taste}}}
history: {stars: {is: number optional, name: 星 | Stars}}
figures:
  refill: {name: 续杯率 | Refills, ratio: {part: served, whole: asked, may_exceed: yes}, show: yes}
  pleased: {name: 口味 | Taste, is: mean(guest.taste), show: yes}
  beside: {name: 同店口味 | Taste beside one, is: "mean(pleased, over=mates)", show: yes}
  fastest: {name: 同店最快 | Fastest beside one, is: "min(seconds, over=mates)", show: yes}
  broken: {name: 全店打碎 | Broken in the house, per: house, is: count(cup), show: yes}
  dear: {name: 贵杯占比 | Share of dear cups, is: "share(cup.price > 5)", show: yes}
  busy: {name: 忙周 | Busy week, per: week, is: count(guest) >= 2}
  weeks: {name: 忙周数 | Busy weeks, is: "count(busy, per=week)", show: yes}
  good_month: {name: 好月 | Good month, per: period, is: total >= 60}
  streak: {name: 连续好月 | Good months in a row, is: run(good_month), show: yes}
  stars: {name: 上月星 | Stars before, is: previous(history.stars), show: yes}
items:
  refills: {name: 续杯 | Refills, weight: 30, clause: §1, by: refill, line: {50%: 0, 95%: 100}, if_none: spread}
  waiting: {name: 等候 | Waiting, weight: 20, clause: §2, by: seconds, tiers: [{below: 60, points: 100}, {up_to: 120, points: 200 - seconds}, {else: 0}]}
  taste: {name: 口味 | Taste, weight: 25, clause: §3, is: "50 + 25 * first(mean_given(pleased, beside), 0)", cap: 100, floor: 0, if_none: spread}
  cups: {name: 爱惜 | Care, weight: 15, clause: §4, full: 100, per_event: {cup: "-min(price, 20) if given(price) else -10"}, plus: [5 if house.broken == 0 else 0], floor: 0}
  manner: {name: 举止 | Manner, weight: 10, clause: §5, rating: {allowed: 0..100, raters: [peer, owner], mean: {peer: 30%, owner: 70%}, absent_share: {peer: owner}, all_of: [owner]}}
  first: {name: 名次分 | Place, in_total: no, clause: §6, places: {by: seconds, better: lower, among: staff, points: {1: 3, 2: 2, 3: 1}, only: seconds < 300}, if_none: "null"}
forms:
  waiter: {clause: §7, items: [refills, waiting, taste, cups, manner, first]}
  lead: {clause: §7, items: {refills: 40, waiting: 20, taste: {weight: 40, floor: 10}}}
total: {is: weighted sum, reported: 0.01, clause: §8}
grades: {clause: §9, columns: {share: {is: ratio, name: 发放 | Paid}}, rows: {A: {from: 90, share: 100%}, B: {from: 60, share: 2/3}, C: {else: yes, share: 0}}}
rank: {by: total, among: staff, clause: §10}
pay:
  round: 0.01
  clause: §11
  lines:
    wage: {name: 底薪 | Wage, is: base_pay * grade.share, clause: §11}
    bonus: {name: 奖金 | Bonus, share: {pool: "first(house.pool, 0)", by: total, among: staff, rounding: largest_remainder}, clause: §12}
    tip_share: {name: 小费均分 | Tips, share: {pool: "sum(tips, over=everybody)", by: "1 + sign(config.most - 1)", among: everybody}, clause: §13}
actions: {talk: {name: 谈话 | Talk, when: "grade == C or (refill < 50% and tips < 0)", clause: §14}, praise: {name: 表扬 | Praise, when: streak >= config.most, instead_of: [talk], clause: §14}}
warnings: {few: {name: 评价少 | Few guests, when: 0 < count(guest) < 2, clause: §15}}
"""
FEW = ("w1", "w2", "w3", "w4", "w5")
days = st.integers(1, 31).map(lambda day: f"2026-03-{day:02d}")


@cache
def tea_house() -> Plan:
    """The plan of the tea-house."""
    return plan_of_text(SCHEME)


def result_of(case: Mapping[str, Any]) -> Results:
    """What a month of the tea-house comes to."""
    return score(tea_house(), check_facts(tea_house(), case_of(case).facts))


def cards(results: Results) -> dict[str, dict[str, Any]]:
    """Everybody's results, exact figures included."""
    return {subject: vars(results.scorecard(subject)) for subject in results.subjects()}


def _rows(ids: tuple[str, ...], row: Mapping[str, st.SearchStrategy[Any]], most: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries({"subject": st.sampled_from(ids), **row}).map(_written), max_size=most)


def _written(row: dict[str, Any]) -> dict[str, Any]:
    return {key: cell for key, cell in row.items() if cell is not None}


def _maybe(cells: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), cells, cells, cells)


RELATIONS = {"o": "owner", "p": "peer"}
RATERS = [("o1",), ("o1", "p1"), ("o1", "o2", "o3", "p1", "p2"), ("o1", "p1", "p2", "p3"), ("o2", "o1"), ("p1",), ()]
person = {
    "role": st.sampled_from(["waiter", "waiter", "waiter", "lead", "owner"]),
    "house": _maybe(st.sampled_from(["east", "west"])),
    "status": st.sampled_from(["regular", "trial", None, None, "away"]),
    "base_pay": _maybe(st.sampled_from(["1000", "999.99", "0"])),
}
values = {
    "served": _maybe(st.integers(0, 9).map(str)),
    "asked": _maybe(st.integers(0, 9).map(str)),
    "seconds": st.sampled_from(["0", "0", "10", "59.99", "60", "60", "120", "121", "100/3", "299", "300", None]),
    "tips": _maybe(st.sampled_from(["-1", "0", "0.05", "12.345", "1/3"])),
    "fund": st.sampled_from(["5", "0", None]),
}
past = {"total": _maybe(st.sampled_from(["59", "60", "61"])), "stars": _maybe(st.sampled_from(["1", "2/3"]))}


@st.composite
def months(draw: st.DrawFn) -> dict[str, Any]:
    """The facts of a month, all of them good, many of them not there."""
    ids = FEW[: draw(st.integers(1, len(FEW)))]
    people = [_written({"id": id, **draw(st.fixed_dictionaries(person))}) for id in ids]
    found: dict[str, Any] = {id: _written(draw(st.fixed_dictionaries(values))) for id in ids}
    found |= {house: {"pool": pool} for house in ("east", "west") if (pool := draw(_maybe(st.sampled_from(["100", "0.05", "33.333"])))) is not None}
    cups = _rows(ids, {"type": st.just("cup"), "at": days, "price": _maybe(st.sampled_from(["1", "5", "6", "30"])), "count": _maybe(st.sampled_from(["1", "2", "3"]))}, 5)
    guests = _rows(ids, {"type": st.just("guest"), "at": days, "taste": st.sampled_from(["bad", "good", "best"]), "count": _maybe(st.just("2"))}, 8)
    roles = {row["id"]: row["role"] for row in people}
    return {
        "period": {"start": "2026-03-01", "end": "2026-03-31"},
        "people": people,
        "values": found,
        "events": draw(cups) + draw(guests),
        "ratings": [
            {"item": "manner", "subject": id, "rater": rater, "relation": RELATIONS[rater[0]], "score": draw(st.integers(0, 100).map(str))}
            for id in ids
            if roles[id] == "waiter"
            for rater in draw(st.sampled_from(RATERS))
        ],
        "history": [
            _written({"subject": id, "period_end": end, **draw(st.fixed_dictionaries(past))})
            for id in ids
            for end in draw(st.sets(st.sampled_from(["2025-12-31", "2026-01-31", "2026-02-28"])))
        ],
    }
