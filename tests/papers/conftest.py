"""Papers as somebody reads them: a small tea-house put on paper, its pages, the words on them, and where each letter stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest

from kaohe.cases import facts_of
from kaohe.checking import check_facts
from kaohe.documents import parse_document
from kaohe.papers.earlier import LookBack
from kaohe.papers.rounds import Round, Wishes
from kaohe.papers.scorecards import scorecards_data, typeset_scorecards
from kaohe.problems import NOWHERE
from kaohe.reading import plan_of_text
from kaohe.scoring import score

SCHEME = """
scheme: tea-house-waiters
name: 茶馆服务员月度考核 | Monthly appraisal of tea-house waiters
period: month
scale: 100
roles: {assessed: {waiter: 茶艺师 | Waiter}}
people:
  team: {is: text optional, name: 班组 | Team}
  base: {is: yuan 0.. optional, name: 奖金基数 | Bonus base}
  on_leave: {is: yes_no optional, name: 休假 | On leave}
groups:
  colleagues: {all_of: team, name: 本班组 | The team}
states:
  away: {when: on_leave, name: 整月休假 | Away all month, clause: §9, pay: {bonus: 50}}
values:
  seconds: {is: seconds 0.. , name: 续水秒数 | Seconds to refill}
  greeted: {is: ratio, name: 迎客率 | Share greeted}
events:
  broken: {name: 打碎茶具 | Broken cup}
items:
  greeting: {name: 迎客 | Greeting, weight: 40%, clause: §1, is: greeted * 100}
  refill: {name: 续水 | Refilling, weight: 40%, clause: §2, by: seconds, tiers: [{below: 60, points: 100}, {up_to: 120, points: 60}, {else: 0}]}
  care: {name: 爱护 | Care, weight: 20%, clause: §3, full: 100, per_event: {broken: -20}, floor: 0}
total: {is: weighted sum, clause: §4}
grades:
  clause: §5
  rows: {A: {from: 90, name: 优秀 | Excellent}, B: {from: 75, name: 良好 | Good}, C: {else: yes, name: 待改进 | To improve}}
rank: {by: total, among: colleagues, clause: §6}
pay:
  clause: §7
  lines:
    bonus: {name: 奖金 | Bonus, round: 0.01, is: base * total / 100, clause: §7.1}
    praise: {name: 表彰奖 | Praise, is: 100 if grade == A else 0, clause: §7.2}
actions: {talk: {name: 绩效面谈 | Talk, when: total < 75, clause: §8}}
warnings: {slow: {name: 续水偏慢 | Slow refills, when: seconds > 120, clause: §8}}
history: {grade: text optional}
"""

PEOPLE = """
period: {start: 2026-03-01, end: 2026-03-31}
people:
  - {id: e1, name: 张三, role: waiter, team: 前厅, base: 1000}
  - {id: e2, name: 李四, role: waiter, team: 前厅, base: 1000.10}
  - {id: e3, name: 王五, role: waiter, team: 前厅, base: 500}
  - {id: e4, name: 赵六, role: waiter, team: 前厅, base: 900}
  - {id: e5, name: 孙七, role: waiter, team: 前厅, base: 800}
  - {id: e6, name: 周八, role: waiter, team: 后院, base: 700}
  - {id: e7, name: 吴九, role: waiter, team: 后院, base: 600, on_leave: yes}
  - {id: e8, name: 郑十, role: waiter, team: 后院, base: 600}
values:
  e1: {seconds: 45, greeted: 98.5%}
  e2: {seconds: 130, greeted: 0.7}
  e3: {seconds: 90, greeted: 2/3}
  e4: {seconds: 50, greeted: 0.9}
  e5: {seconds: 100, greeted: 0.95}
  e6: {seconds: 55, greeted: 0.8}
  e8: {seconds: 70}
events:
  - {type: broken, subject: e1, at: 2026-03-05}
  - {type: broken, subject: e2, at: 2026-03-06, count: 3}
history:
  - {subject: e1, period_end: 2026-01-31, total: 91.5, grade: A}
  - {subject: e1, period_end: 2026-02-28, total: 88, grade: B}
  - {subject: e2, period_end: 2026-02-28, total: 60, grade: C}
"""


@dataclass(frozen=True)
class Page:
    """One page of a PDF: its size in points, its text, and the box (left, bottom, right, top) of every letter that can be seen."""

    width: float
    height: float
    text: str
    boxes: tuple[tuple[str, tuple[float, float, float, float]], ...]

    @property
    def words(self):
        """The text without any white space: what stands on the page wherever its lines are broken."""
        return "".join(self.text.split())

    def outside(self, margin=20):
        """Letters nearer to the paper's edge than a printer reaches."""
        return [letter for letter, (left, low, right, high) in self.boxes if not self._holds(left, low, right, high, margin)]

    def _holds(self, left, low, right, high, margin):
        return left >= margin and low >= margin and right <= self.width - margin and high <= self.height - margin

    def overlaps(self):
        """Pairs of letters of which one stands on another; the large letters behind a draft are none of them."""
        boxes = sorted((box, letter) for letter, box in self.boxes if box[3] - box[1] < 30)
        return [
            one + other
            for place, (box, one) in enumerate(boxes)
            for near, other in boxes[place + 1 : place + 60]
            if _shared(box, near) > 0.3 * min(_area(box), _area(near))
        ]


def _area(box):
    return (box[2] - box[0]) * (box[3] - box[1])


def _shared(one, other):
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    return wide * tall if wide > 0 and tall > 0 else 0


def read_pdf(data):
    """The pages of a PDF."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [_read_page(page) for page in document]
    finally:
        document.close()


def _read_page(page):
    text = page.get_textpage()
    letters = text.get_text_range()
    boxes = tuple((text.get_text_range(place, 1), text.get_charbox(place)) for place in range(text.count_chars()))
    return Page(*page.get_size(), letters.replace("\r\n", "\n"), tuple((letter, box) for letter, box in boxes if letter.strip()))


def a_round(scheme=SCHEME, facts=PEOPLE, back=None, **wishes):
    """A round of a scheme and facts written as in a case."""
    plan = plan_of_text(scheme)
    tree, problems = parse_document(facts, NOWHERE)
    assert not problems, problems
    raw = facts_of(tree, NOWHERE)
    wished = Wishes(**{"language": "zh", "company": "湖心亭茶馆", **wishes})
    return Round(score(plan, check_facts(plan, raw)), raw, wished, back or LookBack())


@dataclass(frozen=True)
class House:
    """The tea-house on paper."""

    scheme: str = SCHEME
    facts: str = PEOPLE

    def round(self, **more):
        return a_round(**more)

    def card(self, subject, **more):
        """The pages of one scorecard."""
        return read_pdf(typeset_scorecards(scorecards_data(a_round(**more), [subject])))


@pytest.fixture(scope="session")
def house():
    return House()


@pytest.fixture(scope="session")
def pages():
    """Reads the pages of a PDF."""
    return read_pdf


@pytest.fixture(scope="session")
def library():
    return Path(__file__).resolve().parents[2] / "schemes"
