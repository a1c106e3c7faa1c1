"""One made-up subject: what a figure comes to when every fact is assumed, and a search for facts that make it high or low.

Whatever the rules take from outside one subject's own line (facts, counts and sums of records,
ratings, places, groups, earlier periods) is a leaf that may be set to any value within its extent.
What a probe finds can therefore happen, as far as the facts of a subject are free of one another;
conditions between facts (`must`) are kept.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from kaohe.linting.extents import ANY, ZERO, Extent
from kaohe.linting.reckoning import Reckoning, weights_of
from kaohe.numbers import number, round_number
from kaohe.plan import PEOPLE, Node, Plan, Tree, walk
from kaohe.rules.arithmetic import exact
from kaohe.rules.bands import Band
from kaohe.scheme import ConfigEntry, Declared

Value = Fraction | bool | str
SWEEPS = 3
MOST_LEAVES = 40


@dataclass
class Leaf:
    """Something that may be assumed: where it stands, what it may be, and what is assumed now."""

    tree: Tree
    frame: str
    choices: tuple[Value, ...]
    value: Value
    extent: Extent = ANY


class Probe:
    """The figures of one made-up subject on one form; `pinned` are figures that are assumed rather than made."""

    def __init__(self, plan: Plan, form: str, pinned: Collection[str] = ()) -> None:
        self.plan = plan
        self.form = form
        self.pinned = pinned
        self.on = Reckoning(plan, form)
        self.leaves: dict[str, Leaf] = {}
        self._known: dict[str, Value | None] = {}

    def assume(self, leaf: Leaf, value: Value) -> None:
        """Set a leaf to another value."""
        leaf.value = value
        self._known.clear()

    def of(self, tree: Tree, frame: str) -> Value | None:
        """What a formula gives; None where that is nothing, or not known."""
        if tree[0] in _LEAVES:
            return self._leaf(tree, frame).value
        act = _OPERATIONS.get(tree[0])
        return None if act is None else act(self, tree, frame)

    def number(self, tree: Tree, frame: str) -> Fraction | None:
        """The same, if it is a number."""
        found = self.of(tree, frame)
        return found if isinstance(found, Fraction) else None

    def node(self, id: str) -> Value | None:
        """What a figure comes to."""
        node = self.plan.nodes[id]
        if node.rule not in _RULES or id in self.pinned:
            return self._leaf(["node", id], node.frame).value
        if id not in self._known:
            self._known[id] = _RULES[node.rule](self, node)
        return self._known[id]

    def is_allowed(self) -> bool:
        """Whether the facts assumed can be together: by the scheme's own conditions, and as records are counted."""
        musts = (must["tree"] for must in self.plan.musts if must["frame"] == PEOPLE)
        return self._counts_agree() and all(self.of(tree, PEOPLE) is not False for tree in musts)

    def _counts_agree(self) -> bool:
        """Whether some of the records are no more than all of them, and nothing is counted or summed where there are none."""
        over = [leaf for leaf in self.leaves.values() if leaf.tree[0] in ("agg", "over")]
        for all_of in (leaf for leaf in over if leaf.tree[1] in ("count", "any") and leaf.tree[3:] == [None, None]):
            others = [leaf for leaf in over if leaf.tree[2] == all_of.tree[2] and leaf is not all_of]
            if not all_of.value and any(leaf.value for leaf in others):
                return False
            if all_of.tree[1] == "count" and any(leaf.tree[1] == "count" and leaf.value > all_of.value for leaf in others):  # type: ignore[operator]
                return False
        return True

    # --- leaves -------------------------------------------------------------------------------

    def _leaf(self, tree: Tree, frame: str) -> Leaf:
        key = json.dumps([frame, tree])
        if key not in self.leaves:
            self.leaves[key] = self._assumed(tree, frame)
        return self.leaves[key]

    def _assumed(self, tree: Tree, frame: str) -> Leaf:
        declared = self._declared(tree, frame)
        if tree[0] in _TRUTHS or tree[:2] in _ANY or (declared is not None and declared.kind == "yes_no"):
            return Leaf(tree, frame, (False, True), False)
        if declared is not None and declared.kind in ("text", "words", "month"):
            words = _listed(declared) or self._compared(tree)
            return Leaf(tree, frame, (*words, ""), next(iter(words), ""))
        extent = self.on.of(tree, frame)
        choices = tuple(_tried(extent))
        first = _middle(choices) if declared is not None else next(iter(choices), ZERO)
        return Leaf(tree, frame, choices or (ZERO,), first, extent)

    def _declared(self, tree: Tree, frame: str) -> Declared | None:
        return self.plan.scheme.config.get(tree[1]) if tree[0] == "config" else self.on.declared(tree, frame) if tree[0] == "fact" else None

    def _compared(self, tree: Tree) -> tuple[str, ...]:
        """The words that some formula compares a fact with."""
        words: dict[str, None] = {}
        for node in self.plan.nodes.values():
            for part in walk(node.inputs):
                if part[0] == "is" and part[1] == tree:
                    words[part[2]] = None
                if part[0] == "among" and part[1] == tree:
                    words |= dict.fromkeys(part[2])
        return tuple(words)

    # --- searching ----------------------------------------------------------------------------

    def extreme(self, id: str, high: bool) -> Fraction | None:
        """The highest (or lowest) value of a figure that the search finds; the facts assumed are left as they give it."""
        best = self._tried(id)
        for _ in range(SWEEPS):
            before = best
            for leaf in list(self.leaves.values())[:MOST_LEAVES]:
                best = self._better(id, leaf, best, high)
            if best == before:
                break
        return best

    def _better(self, id: str, leaf: Leaf, best: Fraction | None, high: bool) -> Fraction | None:
        """The best figure after trying every choice of one leaf, which is left at the best of them."""
        kept = leaf.value
        for choice in leaf.choices:
            self.assume(leaf, choice)
            found = self._tried(id)
            if found is not None and (best is None or (found > best if high else found < best)):
                best, kept = found, choice
        self.assume(leaf, kept)
        return best

    def _tried(self, id: str) -> Fraction | None:
        found = self.node(id)
        return found if isinstance(found, Fraction) and self.is_allowed() else None


def _listed(declared: Declared) -> tuple[str, ...]:
    """The words that a declaration itself lists."""
    options = declared.one_of if isinstance(declared, ConfigEntry) else None
    return options or (declared.words if isinstance(declared.words, tuple) else ())


PLAIN = tuple(number(text) for text in ("1", "10", "100", "1000", "1000000"))


def _tried(extent: Extent) -> Iterator[Fraction]:
    """A few values of an extent: nothing, its ends, and some plain numbers within."""
    ends = [end for end in (extent.low, extent.high) if end is not None]
    inside = [(extent.low + extent.high) / 2] if extent.low is not None and extent.high is not None else []
    below = [-value for value in PLAIN] if extent.low is None else []
    yield from (value for value in dict.fromkeys([ZERO, *ends, *inside, *PLAIN, *below]) if extent.has(value))


def _middle(choices: tuple[Fraction, ...]) -> Fraction:
    """Neither nothing nor the most."""
    return sorted(choices)[len(choices) // 2] if choices else ZERO


_LEAVES = {"fact", "agg", "over", "config", "run", "times", "latest", "previous", "member", "has", "start", "end", "as_of", "whole"}
_TRUTHS = {"member", "has", "whole"}
_ANY = (["agg", "any"], ["over", "any"])


# --- rules ----------------------------------------------------------------------------------------


def _same(probe: Probe, node: Node) -> Value | None:
    return probe.of(node.inputs[0], node.frame)


def _band(probe: Probe, node: Node) -> int | None:
    figure = probe.number(node.inputs[0], node.frame)
    bands = [Band.read(band) for band in node.params["bands"]]
    return None if figure is None else next((place for place, band in enumerate(bands) if band.holds(figure)), None)


def _tiers(probe: Probe, node: Node) -> Value | None:
    place = _band(probe, node)
    return None if place is None else probe.of(node.inputs[1 + place], node.frame)


def _grade(probe: Probe, node: Node) -> Value | None:
    place = _band(probe, node)
    return None if place is None else (node.vocabulary or [])[place]


def _cases(probe: Probe, node: Node) -> Value | None:
    if node.id == "form":
        return probe.form
    holds = (probe.of(tree, node.frame) is True for tree in node.inputs)
    return next((word for word, test in zip(node.vocabulary or [], holds, strict=True) if test), None)


def _lookup(probe: Probe, node: Node) -> Value | None:
    entry = node.params["table"].get(probe.of(node.inputs[0], node.frame))
    return entry if entry is None or node.kind == "words" else exact(entry)


def _line(probe: Probe, node: Node) -> Value | None:
    figure = probe.number(node.inputs[0], node.frame)
    points = [(exact(x), exact(y)) for x, y in node.params["points"]]
    if figure is None:
        return None
    if figure <= points[0][0] or figure >= points[-1][0]:
        return points[0][1] if figure <= points[0][0] else points[-1][1]
    place = next(place for place, (x, _) in enumerate(points) if x >= figure)
    (x1, y1), (x2, y2) = points[place - 1], points[place]
    return y1 + (figure - x1) * (y2 - y1) / (x2 - x1)


def _ratio(probe: Probe, node: Node) -> Value | None:
    numbers = [probe.number(tree, node.frame) for tree in node.inputs]
    if len(numbers) > 2 and numbers[2] is not None:
        return numbers[2]
    part, whole = numbers[:2]
    if part is None or whole is None:
        return None
    if whole:
        return part / whole
    return None if node.params["zero"] in ("none", "missing") else exact(node.params["zero"])


def _per_event(probe: Probe, node: Node) -> Value | None:
    return _summed(probe.number(tree, node.frame) for tree in node.inputs)


def _summed(parts: Iterable[Fraction | None]) -> Fraction | None:
    found = list(parts)
    return None if None in found else sum((part for part in found if part is not None), ZERO)


def _adjusted(probe: Probe, node: Node) -> Value | None:
    parts = {role: probe.number(tree, node.frame) for role, tree in zip(node.params["roles"], node.inputs, strict=True)}
    found = _summed(part for role, part in parts.items() if role[:4] in ("base", "plus"))
    if found is None:
        return parts.get("if_absent")
    floor, cap = parts.get("floor"), parts.get("cap")
    found = found if floor is None else max(found, floor)
    found = found if cap is None else min(found, cap)
    rounding = node.params.get("round")
    return found if rounding is None else round_number(found, number(rounding["to"]), rounding["half"])


def _picked(probe: Probe, node: Node) -> Value | None:
    mine = [tree for tree, forms in zip(node.inputs, node.params["forms"], strict=True) if probe.form in forms]
    return probe.of(mine[0], node.frame) if mine else None


def _weighted(probe: Probe, node: Node) -> Value | None:
    """The total where every item has its figure; the company's own choice of weights is not guessed."""
    weights = weights_of(node, probe.form)
    inputs = dict(zip(node.params["items"], node.inputs, strict=True))
    mine = [item for item in node.params["on_form"][probe.form] if item in inputs]
    total = _summed(_product(probe.number(inputs[item], node.frame), weights.get(item)) for item in mine)
    scaled = node.params.get("scaled")
    return total if total is None or not scaled else total * exact(scaled.get(probe.form, "1"))


def _product(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one * other


_RULES: dict[str, Callable[[Probe, Node], Value | None]] = {
    "formula@1": _same,
    "masked@1": _same,
    "tiers@1": _tiers,
    "grades@1": _grade,
    "cases@1": _cases,
    "lookup@1": _lookup,
    "line@1": _line,
    "ratio@1": _ratio,
    "per_event@1": _per_event,
    "adjust@1": _adjusted,
    "pick@1": _picked,
    "weighted@1": _weighted,
}


# --- operations -----------------------------------------------------------------------------------


def _divided(one: Fraction, other: Fraction) -> Fraction | None:
    return one / other if other else None


_ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction | None]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
}
_COMPARISONS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}


def _reckoned(probe: Probe, tree: Tree, frame: str) -> Value | None:
    one, other = (probe.number(part, frame) for part in tree[1:])
    return None if one is None or other is None else _ARITHMETIC[tree[0]](one, other)


def _compared(probe: Probe, tree: Tree, frame: str) -> Value | None:
    one, other = (probe.number(part, frame) for part in tree[1:])
    return None if one is None or other is None else _COMPARISONS[tree[0]](one, other)


def _negative(probe: Probe, tree: Tree, frame: str) -> Value | None:
    found = probe.number(tree[1], frame)
    return None if found is None else -found


def _if(probe: Probe, tree: Tree, frame: str) -> Value | None:
    test = probe.of(tree[1], frame)
    return None if not isinstance(test, bool) else probe.of(tree[2] if test else tree[3], frame)


def _and(probe: Probe, tree: Tree, frame: str) -> Value | None:
    found = [probe.of(part, frame) for part in tree[1:]]
    return False if False in found else None if None in found else True


def _or(probe: Probe, tree: Tree, frame: str) -> Value | None:
    found = [probe.of(part, frame) for part in tree[1:]]
    return True if True in found else None if None in found else False


def _not(probe: Probe, tree: Tree, frame: str) -> Value | None:
    found = probe.of(tree[1], frame)
    return None if not isinstance(found, bool) else not found


def _number_of(probe: Probe, tree: Tree, frame: str) -> Value | None:
    word = probe.of(tree[1], frame)
    return exact(tree[2][word]) if isinstance(word, str) and word in tree[2] else None


def _mean(parts: list[Fraction]) -> Fraction:
    return sum(parts, ZERO) / len(parts)


_FUNCTIONS: dict[str, Callable[[list[Fraction]], Fraction | bool]] = {
    "min": min,
    "max": max,
    "sum": lambda parts: sum(parts, ZERO),
    "mean": _mean,
    "abs": lambda parts: abs(parts[0]),
    "sign": lambda parts: Fraction((parts[0] > 0) - (parts[0] < 0)),
    "rounded": lambda parts: round_number(parts[0], Fraction(1, 100)),
    "floor_of": lambda parts: Fraction(parts[0].numerator // parts[0].denominator),
    "is_multiple": lambda parts: parts[0] > 0 and parts[1] != 0 and (parts[0] / parts[1]).denominator == 1,
}


def _call(probe: Probe, tree: Tree, frame: str) -> Value | None:
    found = [probe.of(part, frame) for part in tree[2:]]
    if tree[1] == "first":
        return next((part for part in found if part is not None), None)
    there = [part for part in found if isinstance(part, Fraction)]
    if tree[1] == "mean_given":
        return _mean(there) if there else None
    act = _FUNCTIONS.get(tree[1])
    return None if act is None or len(there) < len(found) else act(there)


_OPERATIONS: dict[str, Callable[[Probe, Tree, str], Value | None]] = {
    "num": lambda probe, tree, frame: exact(tree[1]),
    "yes": lambda probe, tree, frame: True,
    "no": lambda probe, tree, frame: False,
    "assessed": lambda probe, tree, frame: True,
    "word": lambda probe, tree, frame: tree[1],
    "node": lambda probe, tree, frame: probe.node(tree[1]),
    "at": lambda probe, tree, frame: probe.of(tree[2], tree[1]),
    "owed": lambda probe, tree, frame: probe.of(tree[1], frame),
    "is": lambda probe, tree, frame: probe.of(tree[1], frame) == tree[2],
    "among": lambda probe, tree, frame: probe.of(tree[1], frame) in tree[2],
    "given": lambda probe, tree, frame: probe.of(tree[1], frame) is not None,
    "if": _if,
    "and": _and,
    "or": _or,
    "not": _not,
    "neg": _negative,
    "call": _call,
    "number_of": _number_of,
    **dict.fromkeys(_ARITHMETIC, _reckoned),
    **dict.fromkeys(_COMPARISONS, _compared),
}
