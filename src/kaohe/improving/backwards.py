"""Backwards along the rules: what a fact, an aggregate or a rated item would have to be, for a figure to be what is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from kaohe.explaining.rows import RowReader
from kaohe.improving.wanting import OPPOSITE, TURNED, Want, before_rounding, ways_into
from kaohe.plan import Node, Tree
from kaohe.rules.bands import Band


@dataclass(frozen=True)
class Demand:
    """What a leaf of the rules would have to be: a fact, an aggregate, a rated item, or a figure that was asked for."""

    tree: Tree
    frame: str
    row: int
    want: Want


class Backwards:
    """Follows the rules from a figure down to what it rests on, one fact at a time, all others as they are."""

    def __init__(self, reader: RowReader, stop: str = "") -> None:
        self.reader = reader
        self.stop = stop

    def demands(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        """The leaves that, each alone, could meet the want."""
        if tree[0] == "node":
            yield from self.of_node(self.reader.plan.nodes[tree[1]], row, want)
        elif tree[0] in _STEPS:
            yield from _STEPS[tree[0]](self, tree, frame, row, want)
        elif tree[0] in ("fact", "agg"):
            yield Demand(tree, frame, row, want)

    def value(self, tree: Tree, frame: str, row: int) -> Fraction:
        """A number as it is now; 0 where there is none."""
        return self.reader.number(tree, frame, row) or Fraction(0)

    def of_node(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        """The leaves of a figure by its rule."""
        if node.id == self.stop or node.rule == "rating@1":
            yield Demand(["node", node.id], node.frame, row, want)
        elif node.rule in _RULES:
            yield from _RULES[node.rule](self, node, row, want)

    # --- rules --------------------------------------------------------------------------------

    def _first_input(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        yield from self.demands(node.inputs[0], node.frame, row, want)

    def _pick(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        form = self.reader.value(["node", "form"], node.frame, row)
        for tree, forms in zip(node.inputs, node.params["forms"], strict=True):
            if form in forms:
                yield from self.demands(tree, node.frame, row, want)

    def _adjust(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        inputs = dict(zip(node.params["roles"], node.inputs, strict=True))
        if "round" in node.params:
            want = before_rounding(want, Fraction(node.params["round"]["to"]), node.params["round"]["half"])
        ends = {side: self.value(inputs[side], node.frame, row) for side in ("floor", "cap") if side in inputs}
        if ("cap" in ends and want.up and not want.met(ends["cap"])) or ("floor" in ends and not want.up and not want.met(ends["floor"])):
            return
        added = [tree for role, tree in inputs.items() if role[:4] in ("base", "plus")]
        yield from self._of_sum(added, node.frame, row, want)

    def _of_sum(self, parts: list[Tree], frame: str, row: int, want: Want) -> Iterator[Demand]:
        total = sum((self.value(part, frame, row) for part in parts), Fraction(0))
        for part in parts:
            yield from self.demands(part, frame, row, want.at(want.edge - total + self.value(part, frame, row)))

    def _per_event(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        yield from self._of_sum(node.inputs, node.frame, row, want)

    def _gather(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        parts = self.reader.below(node.params["from"], node.frame, row)
        values = [self.value(node.inputs[0], node.params["from"], part) for part in parts]
        for part, value in zip(parts, values, strict=True):
            yield from self.demands(node.inputs[0], node.params["from"], part, want.at(want.edge - sum(values, Fraction(0)) + value))

    def _tiers(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        """Into the nearest bands whose points would do, on either side."""
        figure = self.reader.number(node.inputs[0], node.frame, row)
        if figure is None:
            return
        bands = [Band.read(band) for band in node.params["bands"]]
        good = [want.met(self.value(gives, node.frame, row)) for gives in node.inputs[1:]]
        for into in ways_into(bands, good, figure):
            yield from self.demands(node.inputs[0], node.frame, row, into)

    def _line(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        """Where the line reaches the points that would do."""
        figure = self.reader.number(node.inputs[0], node.frame, row)
        points = [(Fraction(x), Fraction(y)) for x, y in node.params["points"]]
        if figure is None:
            return
        for (x1, y1), (x2, y2) in pairwise(points):
            if y1 != y2 and min(y1, y2) <= want.edge <= max(y1, y2):
                edge = x1 + (want.edge - y1) * (x2 - x1) / (y2 - y1)
                yield from self.demands(node.inputs[0], node.frame, row, want.at(edge, turned=y2 < y1))

    def _ratio(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        part, whole, *direct = node.inputs
        if direct and self.reader.number(direct[0], node.frame, row) is not None:
            yield from self.demands(direct[0], node.frame, row, want)
        elif size := self.reader.number(whole, node.frame, row):
            yield from self.demands(part, node.frame, row, want.at(want.edge * size, turned=size < 0))

    # --- operations ---------------------------------------------------------------------------

    def _at(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        above = self.reader.parent(frame, row, tree[1])
        if above >= 0:
            yield from self.demands(tree[2], tree[1], above, want)

    def _passed(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        yield from self.demands(tree[1], frame, row, want)

    def _plus_minus(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        one, other = (self.value(part, frame, row) for part in tree[1:])
        if tree[0] == "+":
            yield from self.demands(tree[1], frame, row, want.at(want.edge - other))
            yield from self.demands(tree[2], frame, row, want.at(want.edge - one))
        else:
            yield from self.demands(tree[1], frame, row, want.at(want.edge + other))
            yield from self.demands(tree[2], frame, row, want.at(one - want.edge, turned=True))

    def _times(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        for this, that in ((tree[1], tree[2]), (tree[2], tree[1])):
            factor = self.value(that, frame, row)
            if factor:
                yield from self.demands(this, frame, row, want.at(want.edge / factor, turned=factor < 0))

    def _over(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        size = self.value(tree[2], frame, row)
        if size:
            yield from self.demands(tree[1], frame, row, want.at(want.edge * size, turned=size < 0))

    def _negative(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        yield from self.demands(tree[1], frame, row, want.at(-want.edge, turned=True))

    def _if(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        """What the branch taken would have to be; or the other branch, where that would do as it is."""
        test = self.reader.holds(tree[1], frame, row)
        yield from self.demands(tree[2 if test else 3], frame, row, want)
        other = self.reader.number(tree[3 if test else 2], frame, row)
        if other is not None and want.met(other):
            yield from self.turned(tree[1], frame, row, not test)

    def turned(self, tree: Tree, frame: str, row: int, wanted: bool) -> Iterator[Demand]:
        """What would make a condition hold, or fail."""
        if tree[0] == "not":
            yield from self.turned(tree[1], frame, row, not wanted)
        elif tree[0] in ("and", "or"):
            open_parts = [part for part in tree[1:] if self.reader.holds(part, frame, row) is not wanted]
            if len(open_parts) == 1 or wanted is (tree[0] == "or"):
                for part in open_parts:
                    yield from self.turned(part, frame, row, wanted)
        elif tree[0] == "agg" and tree[1] == "any" and not wanted:
            yield Demand(["agg", "count", *tree[2:]], frame, row, Want("<=", Fraction(0)))
        elif tree[0] in TURNED:
            sign = tree[0] if wanted else OPPOSITE[tree[0]]
            yield from self.demands(tree[1], frame, row, Want(sign, self.value(tree[2], frame, row)))
            yield from self.demands(tree[2], frame, row, Want(TURNED[sign], self.value(tree[1], frame, row)))

    def _call(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        name, parts = tree[1], tree[2:]
        if name == "first":
            given = [part for part in parts if self.reader.number(part, frame, row) is not None]
            parts = given[:1]
        if name in ("first", "rounded") and parts:
            yield from self.demands(parts[0], frame, row, want)
        elif name == "sum":
            yield from self._of_sum(parts, frame, row, want)
        elif name in ("mean", "mean_given"):
            given = [part for part in parts if self.reader.number(part, frame, row) is not None]
            yield from self._of_sum(given, frame, row, want.at(want.edge * len(given)))
        elif name in ("min", "max"):
            yield from self._extreme(name, parts, frame, row, want)

    def _extreme(self, name: str, parts: list[Tree], frame: str, row: int, want: Want) -> Iterator[Demand]:
        """All must do where the smaller is to rise (or the larger to fall), one where it is the other way round."""
        short = [part for part in parts if not want.met(self.value(part, frame, row))]
        if (name == "min") is want.up and len(short) > 1:
            return
        for part in short:
            yield from self.demands(part, frame, row, want)


_STEPS: dict[str, Callable[[Backwards, Tree, str, int, Want], Iterator[Demand]]] = {
    "at": Backwards._at,
    "owed": Backwards._passed,
    "+": Backwards._plus_minus,
    "-": Backwards._plus_minus,
    "*": Backwards._times,
    "/": Backwards._over,
    "neg": Backwards._negative,
    "if": Backwards._if,
    "call": Backwards._call,
}
_RULES: dict[str, Callable[[Backwards, Node, int, Want], Iterator[Demand]]] = {
    "formula@1": Backwards._first_input,
    "masked@1": Backwards._first_input,
    "pick@1": Backwards._pick,
    "adjust@1": Backwards._adjust,
    "per_event@1": Backwards._per_event,
    "gather@1": Backwards._gather,
    "tiers@1": Backwards._tiers,
    "line@1": Backwards._line,
    "ratio@1": Backwards._ratio,
}
