"""How one subject's total comes about: what each item gives to it, what it could give, and what follows their sum.

Read from the columns that scoring computed and from the weights of the total's own rule; the
parts add up to the sum of the items exactly, and the steps lead from there to the total.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from kaohe.explaining.names import Names
from kaohe.explaining.rows import RowReader
from kaohe.explaining.telling import Telling
from kaohe.plan import Node, Plan
from kaohe.problems import Language
from kaohe.rules.weighted import scale_of, shares_of, weights_of
from kaohe.scoring import Results, Scorecard

RAW, THEN, HELD, TOTAL = "total.raw", "total.then", "total.held", "total"


@dataclass(frozen=True)
class Part:
    """What one item gives to the total.

    `points` is its exact score, None where there is none; `weight` what it counts in the total of
    this subject, None where it does not count there; `amount` is points × weight. `low` and `high`
    bound the score, where the scheme does. `owed` says that somebody still owes the score.
    """

    item: str
    points: Fraction | None
    weight: Fraction | None
    low: Fraction | None
    high: Fraction | None
    owed: bool = False

    @property
    def amount(self) -> Fraction | None:
        """What the item gives."""
        return None if self.points is None or self.weight is None else self.points * self.weight

    @property
    def full(self) -> Fraction | None:
        """What the item gives at most."""
        return None if self.high is None or self.weight is None else self.high * self.weight

    @property
    def least(self) -> Fraction | None:
        """What the item gives at least."""
        return None if self.low is None or self.weight is None else self.low * self.weight


@dataclass(frozen=True)
class Step:
    """A figure on the way from the items to the total: their sum, what a formula makes of it, its ends."""

    id: str
    value: Fraction


@dataclass(frozen=True)
class Making:
    """The making of one total.

    `mode` is `sum`, `weighted sum` or `mean`, and empty where the total is a formula or there is none.
    """

    mode: str
    scale: Fraction
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]

    @property
    def is_of_items(self) -> bool:
        """Whether the total is a sum of what the items give."""
        return bool(self.mode)

    @property
    def counted(self) -> tuple[Part, ...]:
        """The items that count in the total."""
        return tuple(part for part in self.parts if part.weight is not None)

    @property
    def earned(self) -> Fraction:
        """What the items that have a score give."""
        return sum((part.amount for part in self.counted if part.amount is not None), Fraction(0))

    def range(self) -> tuple[Fraction, Fraction] | None:
        """From where to where the total may still come out while items are owed; None where that cannot be said.

        It can where the total is the sum of its items and each that is owed is bounded.
        """
        owed = [part for part in self.counted if part.owed]
        ends = [(part.least, part.full) for part in owed]
        if not owed or not self.is_of_items or len(self.steps) > 1:
            return None
        if any(end is None for pair in ends for end in pair) or any(part.points is None and not part.owed for part in self.counted):
            return None
        return self.earned + _sum(low for low, _ in ends), self.earned + _sum(high for _, high in ends)


def _sum(values: Iterable[Fraction | None]) -> Fraction:
    return sum((value for value in values if value is not None), Fraction(0))


class Makings:
    """Reads how totals come about, for one subject of a run after another."""

    def __init__(self, results: Results, language: Language) -> None:
        self.results = results
        self.plan: Plan = results.plan
        self.reader = RowReader(results.evaluator)
        self.names = Names(results.plan, language)
        self.teller = Telling(self.reader, self.names, None)

    def of(self, card: Scorecard, row: int) -> Making:
        """How one person's total comes about."""
        self.reader.forget()
        node = self._weighted()
        items = self.results.form_items(row)
        weights, scale = self._weights(node, row, card)
        parts = tuple(self._part(item, card, row, weights.get(item)) for item in items)
        steps = tuple(self._steps(row)) if card.exact.get("total") is not None else ()
        return Making("" if node is None else str(node.params["mode"]), scale, parts, steps)

    def _weighted(self) -> Node | None:
        """The figure that adds the items up, where the total is made so."""
        node = self.plan.nodes.get(RAW)
        return node if node is not None and node.rule == "weighted@1" else None

    def _weights(self, node: Node | None, row: int, card: Scorecard) -> tuple[dict[str, Fraction], Fraction]:
        """What each item counts: as it was spread where the total is there, as written while it is not."""
        if node is None:
            return {}, Fraction(1)
        scale = scale_of(self.teller, node, row)
        found = weights_of(self.teller, node, row) if card.missing else shares_of(self.teller, node, row)
        return {item: weight * scale for item, weight in found.items()}, scale

    def _part(self, item: str, card: Scorecard, row: int, weight: Fraction | None) -> Part:
        exact = card.exact.get(f"item.{item}")
        reading = self._reading(item, card)
        points = exact if isinstance(exact, Fraction) else None
        return Part(item, points, weight, _bound(reading.low), _bound(reading.high), item in card.missing)

    def _reading(self, item: str, card: Scorecard) -> Node:
        """The item as the subject's own form reads it."""
        node = self.plan.nodes[f"item.{item}"]
        if node.rule != "pick@1":
            return node
        mine = [tree for tree, forms in zip(node.inputs, node.params["forms"], strict=True) if card.form in forms]
        return self.plan.nodes[mine[0][1]] if mine and mine[0][0] == "node" else node

    def _steps(self, row: int) -> list[Step]:
        """The figures from the sum of the items to the total, each where it changed anything."""
        found: list[Step] = []
        for id in (RAW, THEN, HELD, TOTAL):
            value = self.reader.node(id, row) if id in self.plan.nodes else None
            if isinstance(value, Fraction) and (not found or found[-1].value != value):
                found.append(Step(id, value))
        return found


def _bound(written: str | None) -> Fraction | None:
    return None if written is None else Fraction(written)
