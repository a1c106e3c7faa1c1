"""The most that a total can come to whatever its items give, and what holds it there: a veto, a cap, points taken off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from kaohe.explaining.rows import RowReader
from kaohe.explaining.telling import Telling
from kaohe.numbers import round_number
from kaohe.plan import Node, Tree, node_ids


@dataclass(frozen=True)
class Holding:
    """A condition that holds or does not, or a figure as it stands."""

    tree: Tree
    frame: str
    row: int
    is_condition: bool

    def tell(self, teller: Telling) -> str:
        """The condition with its figures, or the figure with its name."""
        told = teller.reason if self.is_condition else teller.told
        return told(self.tree, self.frame, self.row)


@dataclass(frozen=True)
class Lid:
    """The most that a figure can be (None: no end is known), and what holds it there."""

    most: Fraction | None
    held_by: tuple[Holding, ...] = ()

    def under(self, *more: Holding) -> Lid:
        """The same lid, held by more."""
        return Lid(self.most, (*self.held_by, *more))


OPEN = Lid(None)


class Lids:
    """Follows the rules from a figure down to one that is free; everything else stays as it is."""

    def __init__(self, reader: RowReader, free: str) -> None:
        self.reader = reader
        self.free = free

    def of(self, tree: Tree, frame: str, row: int) -> Lid:
        """The lid of a formula."""
        if tree[0] == "num":
            return Lid(self.reader.number(tree, frame, row))
        if tree[0] == "node":
            return self._node(self.reader.plan.nodes[tree[1]], row)
        if tree[0] in _OPERATIONS:
            return _OPERATIONS[tree[0]](self, tree, frame, row)
        return self._as_it_is(tree, frame, row)

    def _node(self, node: Node, row: int) -> Lid:
        if node.id == self.free:
            return Lid(None if node.high is None else Fraction(node.high))
        if node.rule in ("formula@1", "masked@1") and (self._is_free(node) or node.inputs[0][0] == "if"):
            return self.of(node.inputs[0], node.frame, row)
        if node.rule == "adjust@1" and self._is_free(node):
            return self._adjusted(node, row)
        return OPEN if self._is_free(node) else self._as_it_is(["node", node.id], node.frame, row)

    def _is_free(self, node: Node) -> bool:
        """Whether the free figure is somewhere beneath."""
        return any(id == self.free or self._is_free(self.reader.plan.nodes[id]) for id in node_ids(node.inputs))

    def _as_it_is(self, tree: Tree, frame: str, row: int) -> Lid:
        """What the free figure does not move."""
        if any(id == self.free or self._is_free(self.reader.plan.nodes[id]) for id in node_ids([tree])):
            return OPEN
        value = self.reader.number(tree, frame, row)
        return Lid(value, (Holding(tree, frame, row, False),) if value else ())

    # --- rules and operations -----------------------------------------------------------------

    def _adjusted(self, node: Node, row: int) -> Lid:
        inputs = dict(zip(node.params["roles"], node.inputs, strict=True))
        found = _sum([self.of(tree, node.frame, row) for role, tree in inputs.items() if role[:4] in ("base", "plus")])
        if "cap" in inputs:
            found = _least([found, self.of(inputs["cap"], node.frame, row)])
        if "floor" in inputs and found.most is not None:
            found = _most([found, self.of(inputs["floor"], node.frame, row)])
        if "round" not in node.params or found.most is None:
            return found
        return Lid(round_number(found.most, Fraction(node.params["round"]["to"]), node.params["round"]["half"]), found.held_by)

    def _if(self, tree: Tree, frame: str, row: int) -> Lid:
        """The branch that is taken, as long as the condition stays as it is."""
        test = self.reader.holds(tree[1], frame, row)
        return self.of(tree[2 if test else 3], frame, row).under(Holding(tree[1], frame, row, True))

    def _plus(self, tree: Tree, frame: str, row: int) -> Lid:
        return _sum([self.of(part, frame, row) for part in tree[1:]])

    def _minus(self, tree: Tree, frame: str, row: int) -> Lid:
        one, other = self.of(tree[1], frame, row), self._as_it_is(tree[2], frame, row)
        return OPEN if other.most is None else _sum([one, Lid(-other.most, other.held_by)])

    def _scaled(self, tree: Tree, frame: str, row: int) -> Lid:
        """A product or quotient of which one side stays as it is, not below zero."""
        sides = [tree[1:], tree[:0:-1]] if tree[0] == "*" else [tree[1:]]
        for this, that in sides:
            factor = self._as_it_is(that, frame, row)
            if factor.most is not None and factor.most >= 0 and (factor.most or tree[0] == "*"):
                found = self.of(this, frame, row)
                by = factor.most if tree[0] == "*" else 1 / factor.most
                most = Fraction(0) if not by else None if found.most is None else found.most * by
                return Lid(most, (*found.held_by, *factor.held_by))
        return OPEN

    def _call(self, tree: Tree, frame: str, row: int) -> Lid:
        parts = [self.of(part, frame, row) for part in tree[2:]] if tree[1] in ("min", "max", "sum") else []
        fold = {"min": _least, "max": _most, "sum": _sum}.get(tree[1])
        return self._as_it_is(tree, frame, row) if fold is None else fold(parts)


_OPERATIONS: dict[str, Callable[[Lids, Tree, str, int], Lid]] = {
    "if": Lids._if,
    "+": Lids._plus,
    "-": Lids._minus,
    "*": Lids._scaled,
    "/": Lids._scaled,
    "call": Lids._call,
}


def _sum(lids: list[Lid]) -> Lid:
    ends = [lid.most for lid in lids if lid.most is not None]
    holding = tuple(held for lid in lids for held in lid.held_by)
    return Lid(sum(ends, Fraction(0)), holding) if len(ends) == len(lids) else OPEN


def _least(lids: list[Lid]) -> Lid:
    """The lowest lid holds; those without an end do not matter."""
    ends = [(lid.most, place) for place, lid in enumerate(lids) if lid.most is not None]
    return lids[min(ends)[1]] if ends else OPEN


def _most(lids: list[Lid]) -> Lid:
    """The highest lid holds; one without an end leaves none."""
    ends = [(lid.most, place) for place, lid in enumerate(lids) if lid.most is not None]
    return lids[max(ends)[1]] if ends and len(ends) == len(lids) else OPEN
