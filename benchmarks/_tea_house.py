"""The invented company that the scoring benchmark appraises: its scheme, its people, its figures.

Ten items: three ratios with a denominator for each person, two of them on a line, two tables, two
means of three ratings, one blend of one's own and the team's mean without oneself; then grade,
rank in the team, progressive commission, and pay to the cent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from kaohe.plan import Plan
from kaohe.reading import plan_of_text

ROUNDED = "round: 0.0001, "
SCHEME = """
scheme: tea-house-benchmark
name: 茶馆考核 | Tea-house appraisal
period: month
roles: {assessed: {waiter: 茶博士 | Waiter}}
people:
  team: {is: text, name: 班组 | Team}
  base: {is: yuan 0.., name: 绩效基数 | Base}
groups:
  colleagues: {others_of: team, name: 同组他人 | The others of the team}
  everyone_of_team: {all_of: team, name: 全组 | The team}
values:
  solved: {is: whole 0.., name: 解决数 | Solved}
  asked: {is: whole 1.., name: 咨询数 | Asked}
  quick: {is: whole 0.., name: 及时数 | Quick}
  served: {is: whole 1.., name: 接待数 | Served}
  paid: {is: whole 0.., name: 付款数 | Paid}
  ordered: {is: whole 1.., name: 下单数 | Ordered}
  seconds: {is: seconds 0.., name: 响应秒数 | Seconds}
  hours: {is: hours 0.., name: 处理小时 | Hours}
  faults: {is: whole 0.., name: 差错数 | Faults}
  calls: {is: whole 0.., name: 接听数 | Calls}
  sales: {is: yuan 0.., name: 销售额 | Sales}
items:
  solving: {ROUNDEDname: 解决率 | Solving, weight: 15%, clause: §1, is: 100 * solved / asked}
  speed: {ROUNDEDname: 及时率 | Speed, weight: 10%, clause: §2, is: 100 * quick / served}
  paying: {ROUNDEDname: 付款率 | Paying, weight: 10%, clause: §3, is: 100 * paid / ordered}
  response: {ROUNDEDname: 响应 | Response, weight: 10%, clause: §4, by: seconds, line: {30: 100, 300: 0}}
  handling: {ROUNDEDname: 处理 | Handling, weight: 10%, clause: §5, by: hours, line: {24: 100, 72: 0}}
  accuracy: {name: 差错 | Accuracy, weight: 10%, clause: §6, by: faults, tiers: [{up_to: 0, points: 100}, {up_to: 2, points: 80}, {up_to: 5, points: 50}, {else: 0}]}
  volume: {name: 接听 | Volume, weight: 10%, clause: §7, by: calls, tiers: [{from: 900, points: 100}, {from: 600, points: 85}, {from: 300, points: 60}, {else: 20}]}
  attitude: {ROUNDEDname: 态度 | Attitude, weight: 10%, clause: §8, rating: {allowed: points 0..100}}
  knowledge: {ROUNDEDname: 业务 | Knowledge, weight: 5%, clause: §9, rating: {allowed: points 0..100}}
  together: {ROUNDEDname: 协同 | Together, weight: 10%, clause: §10, is: "first(40% * attitude + 60% * mean(attitude, over=colleagues), attitude)"}
total: {is: weighted sum, clause: §11}
grades:
  clause: §12
  columns: {share: {is: ratio, name: 系数 | Share}}
  rows: {A: {from: 85, share: 1.2}, B: {from: 75, share: 1}, C: {from: 60, share: 0.8}, D: {else: yes, share: 0.5}}
rank: {by: total, among: everyone_of_team, clause: §13}
pay:
  round: 0.01
  lines:
    bonus: {name: 绩效奖金 | Bonus, clause: §14, is: base * grade.share * total / 100}
    commission:
      name: 提成 | Commission
      clause: §15
      by: sales
      tiers: [{up_to: 10000, points: sales * 1%}, {up_to: 30000, points: 100 + (sales - 10000) * 2%}, {else: 500 + (sales - 30000) * 3%}]
"""


def plan(rounded: bool) -> Plan:
    """The plan, with item scores rounded to four places or nothing rounded but pay."""
    return plan_of_text(SCHEME.replace("ROUNDED", ROUNDED if rounded else ""))


@dataclass(frozen=True)
class Company:
    """The company's figures as whole numbers: money in fen, ratings in tenths."""

    people: int
    values: dict[str, np.ndarray[Any, Any]]
    team: np.ndarray[Any, Any]
    base_fen: np.ndarray[Any, Any]
    ratings: dict[str, np.ndarray[Any, Any]]


def company(people: int, seed: int = 7) -> Company:
    """A company of this many people in teams of about twelve, three ratings a person and item."""
    draw = np.random.default_rng(seed)
    asked = draw.integers(200, 5000, people)
    served, ordered = draw.integers(200, 5000, people), draw.integers(100, 3000, people)
    values = {
        "solved": (asked * draw.integers(60, 101, people)) // 100,
        "asked": asked,
        "quick": (served * draw.integers(50, 101, people)) // 100,
        "served": served,
        "paid": (ordered * draw.integers(40, 101, people)) // 100,
        "ordered": ordered,
        "seconds": draw.integers(10, 400, people),
        "hours": draw.integers(10, 90, people),
        "faults": draw.integers(0, 8, people),
        "calls": draw.integers(100, 1200, people),
        "sales": draw.integers(0, 6_000_000, people),
    }
    ratings = {item: draw.integers(500, 1001, people * 3) for item in ("attitude", "knowledge")}
    return Company(people, values, np.arange(people) // 12, draw.integers(100_000, 500_000, people), ratings)
