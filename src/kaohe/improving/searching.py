"""The search: which edge leads into the next grade, which demands of the rules reach it, which changes the engine confirms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from functools import cached_property

from kaohe.checking import check_facts
from kaohe.explaining.rows import RowReader
from kaohe.explaining.telling import Telling
from kaohe.facts import RawFacts
from kaohe.improving.backwards import Backwards, Demand
from kaohe.improving.circle import Circle
from kaohe.improving.findings import Improvement, Way
from kaohe.improving.lids import Lids
from kaohe.improving.naming import BothNames
from kaohe.improving.proposing import Proposal, Proposals
from kaohe.improving.wanting import Want
from kaohe.plan import PEOPLE, Node, Plan
from kaohe.problems import Problems
from kaohe.rules.bands import Band
from kaohe.rules.weighted import scale_of, shares_of
from kaohe.scoring import ASSESSED, Results, Scorecard, score
from kaohe.texts import Text

MOST_WAYS = 12
RAW = "total.raw"


def next_band(plan: Plan, raw: RawFacts, results: Results, subject: str, *, ways: bool = True) -> list[Improvement]:
    """What lacks for the next better grade, first of the total, then of each item alone.

    Only of the total where its own formula holds it below the grade whatever the items give. The
    `ways`, changes of facts that would do, take a scoring each; without them it is a matter of a millisecond.
    Nothing for who is at the top, has no grade, or is graded by conditions rather than by an
    edge of the total. Raises KeyError for somebody without results.
    """
    card = results.scorecard(subject)
    if card.status != ASSESSED or card.grade is None or not isinstance(card.exact.get("total"), Fraction):
        return []
    return Search(plan, raw, results, card, ways).improvements()


class Search:
    """The search for one subject."""

    def __init__(self, plan: Plan, raw: RawFacts, results: Results, card: Scorecard, ways: bool) -> None:
        self.plan = plan
        self.raw = raw
        self.results = results
        self.wants_ways = ways
        self.card = card
        self.row = results.facts.row_of(card.subject)
        self.reader = RowReader(results.evaluator)
        self.names = BothNames(plan)
        self.teller = Telling(self.reader, self.names.by_language["zh"], None)

    @cached_property
    def circle(self) -> Circle:
        """The facts of everybody whom a change can move."""
        return Circle.around(self.raw, self.results, self.row)

    @cached_property
    def proposals(self) -> Proposals:
        """What could be changed."""
        return Proposals(self.reader, self.names, self.circle, self.card.form or "")

    def improvements(self) -> list[Improvement]:
        """The total's lack, then each item's."""
        target = self._target()
        if target is None:
            return []
        grade, want = target
        of_items = self.plan.nodes[RAW].rule == "weighted@1"
        demands = list(Backwards(self.reader, RAW if of_items else "").demands(["node", "total"], PEOPLE, self.row, want))
        raw = next((demand.want for demand in demands if demand.tree == ["node", RAW]), None)
        whole = self._whole(grade, want, [demand for demand in demands if demand.tree != ["node", RAW]])
        if raw is None or whole.cannot:
            return [whole]
        return [whole, *(found for item in self._items() if (found := self._alone(item, raw, grade)) is not None)]

    def _whole(self, grade: str, want: Want, demands: list[Demand]) -> Improvement:
        """What the total lacks, what holds it below the grade, and which facts beside the items would do."""
        total = self.card.exact["total"]
        assert isinstance(total, Fraction)
        name = self.names.text(lambda names: names.node("total"))
        found = Improvement("total", name, grade, self._grade(grade), total, want.edge, want.sign == ">", ways=self._ways(demands, grade))
        lid = Lids(self.reader, RAW).of(["node", "total"], PEOPLE, self.row)
        if lid.most is None or want.met(lid.most):
            return found
        reasons = [self.names.told(self.reader, held.tell) for held in lid.held_by]
        why = Text("，且 ".join(_each(text.zh for text in reasons)), " and ".join(_each(text.en for text in reasons)))
        return replace(found, cannot=True, best=lid.most, why=why)

    def _target(self) -> tuple[str, Want] | None:
        """The next better grade and the edge that leads into it."""
        node = self.plan.nodes["grade"]
        if node.rule != "grades@1" or node.inputs[0] != ["node", "total"]:
            return None
        grades = node.vocabulary or []
        place = grades.index(str(self.card.grade)) - 1
        edges = Band.read(node.params["bands"][place]).edges if place >= 0 else ()
        low = [(side, edge) for side, edge in edges if side in ("from", "above")]
        return (grades[place], Want(">=" if low[0][0] == "from" else ">", low[0][1])) if low else None

    def _grade(self, grade: str) -> Text:
        return self.names.text(lambda names: names.of("grade", grade))

    def _items(self) -> list[str]:
        node = self.plan.nodes[RAW]
        return [item for item, share in shares_of(self.teller, node, self.row).items() if share]

    def _alone(self, item: str, raw: Want, grade: str) -> Improvement | None:
        """What one item alone would have to be, and the facts that make it so."""
        node = self.plan.nodes[RAW]
        share = shares_of(self.teller, node, self.row)[item] * scale_of(self.teller, node, self.row)
        total, now = self.reader.node(RAW, self.row), self.reader.node(f"item.{item}", self.row)
        if not isinstance(total, Fraction) or not isinstance(now, Fraction) or not share:
            return None
        want = raw.at(now + (raw.edge - total) / share)
        high = self._reading(item).high
        best = None if high is None else Fraction(high)
        name = self.names.text(lambda names: names.of("item", item))
        found = Improvement(f"item.{item}", name, grade, self._grade(grade), now, want.edge, want.sign == ">", best)
        if best is not None and not want.met(best):
            return replace(found, cannot=True)
        return replace(found, ways=self._ways(self._demands(item, want), grade, item))

    def _reading(self, item: str) -> Node:
        """The item as the subject's own form reads it."""
        node = self.plan.nodes[f"item.{item}"]
        if node.rule != "pick@1":
            return node
        mine = [tree for tree, forms in zip(node.inputs, node.params["forms"], strict=True) if self.card.form in forms]
        return self.plan.nodes[mine[0][1]] if mine and mine[0][0] == "node" else node

    def _demands(self, item: str, want: Want) -> Iterable[Demand]:
        return Backwards(self.reader).demands(["node", f"item.{item}"], PEOPLE, self.row, want)

    # --- ways ---------------------------------------------------------------------------------

    def _ways(self, demands: Iterable[Demand], grade: str, item: str = "") -> tuple[Way, ...]:
        """The first way for each fact that the engine confirms; none where none are wanted."""
        if not self.wants_ways:
            return ()
        found: dict[str, Way] = {}
        for place, proposal in enumerate(proposal for demand in demands for proposal in self.proposals.of(demand)):
            key = f"{proposal.change.key} {proposal.change.whose.zh}"
            if key not in found and place < MOST_WAYS:
                way = self._confirmed(proposal, grade, item)
                found |= {} if way is None else {key: way}
        return tuple(found.values())

    def _confirmed(self, proposal: Proposal, grade: str, item: str) -> Way | None:
        """The way, if the engine gives the better grade for the changed facts."""
        try:
            results = score(self.plan, check_facts(self.plan, self.circle.edited(proposal.edits)))
        except Problems:
            return None
        card = results.scorecard(self.card.subject)
        grades = self.plan.nodes["grade"].vocabulary or []
        total = card.exact.get("total")
        if card.grade is None or not isinstance(total, Fraction) or grades.index(card.grade) > grades.index(grade):
            return None
        points = card.exact.get(f"item.{item}")
        return Way(proposal.change, total, card.grade, self._grade(card.grade), points if isinstance(points, Fraction) else None)


def _each(words: Iterable[str]) -> list[str]:
    return [word for word in dict.fromkeys(words) if word]
