"""Two readings of the tea-house's scheme, and what tells them apart in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from kaohe.comparing import Change, Version, compare
from kaohe.comparing.telling import tell
from kaohe.problems import Language
from tests.engine.conftest import plan_of

TEA_HOUSE = """
version: 1
scale: 100
people: {base: {is: yuan 0.. optional, name: 奖金基数 | Bonus base}, team: {is: text optional, name: 班组 | Team}}
groups: {mates: {others_of: team, name: 同组其他人 | The others of the team}}
config: {target: {is: ratio above 0 up_to 1 default 0.9, name: 达标线 | Target, clause: §8}}
values:
  connect: {is: ratio, name: 接通率 | Connect rate}
  wait: {is: seconds 0.., name: 等候时长 | Wait}
events:
  late: {name: 迟到 | Late, columns: {minutes: {is: minutes 0.., name: 分钟 | Minutes}}}
  praise: 表扬 | Praise
rules:
  both: {tiers: [{above: 99%, points: 100}, {above: 97%, points: 50}, {else: 0}]}
figures:
  reached: {name: 达标程度 | Target reached, is: connect / config.target, clause: §1}
items:
  calls: {name: 接通 | Calls, weight: 20%, clause: §1, by: connect, rule: both}
  waiting: {name: 等候 | Waiting, weight: 30%, clause: §2, by: wait, line: {60: 100, 300: 0}}
  conduct: {name: 言行 | Conduct, weight: 30%, clause: §3, full: 100, per_event: {late: -5}, floor: 0}
  manners: {name: 礼仪 | Manners, weight: 20%, clause: §4, rating: {allowed: 0..100, raters: {lead: 领班 | Lead, peer: 同事 | Peer}, mean: {lead: 60%, peer: 40%}}}
total: {is: weighted sum, clause: §5}
grades:
  clause: §6
  columns: {share: {is: ratio, name: 发放比例 | Share paid}}
  rows: {A: {from: 90, share: 100%}, B: {from: 60, share: 50%}, C: {else: yes, share: 0}}
pay: {round: 0.01, clause: §7, lines: {bonus: {name: 奖金 | Bonus, is: base * grade.share}}}
actions:
  talk: {name: 谈话 | A talk, when: grade == C, clause: §6}
  training: {name: 培训 | Training, when: total < 50, instead_of: [talk], clause: §6}
"""


@dataclass(frozen=True)
class Told:
    """What tells two versions apart, and the same in words."""

    changes: tuple[Change, ...]

    def words(self, language: Language = "zh") -> list[str]:
        return [tell(change, language) for change in self.changes]


def version_of(body: str) -> Version:
    """A version of the tea-house's scheme, without a file."""
    return Version(plan_of(body))


@pytest.fixture
def told() -> Callable[..., Told]:
    """Compares the tea-house with itself after some texts of it were replaced."""

    def compared(*replacements: tuple[str, str], body: str = TEA_HOUSE) -> Told:
        newer = body
        for was, now in replacements:
            assert newer.count(was) == 1, f"{was!r} stands there {newer.count(was)} times"
            newer = newer.replace(was, now)
        return Told(compare(version_of(body), version_of(newer)).changes)

    return compared
