"""What a formula can give at all: its ends where they are known, and whether it may be absent, and how.

So that a coverage report does not ask for what no facts could ever bring about.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from kaohe.compiling.outline import Fact, Outline
from kaohe.numbers import number
from kaohe.plan import HISTORY, PEOPLE, Node, Plan, Tree

Ends = tuple[Fraction | None, Fraction | None]
Absences = frozenset[str]

NEVER: Absences = frozenset()
NONE: Absences = frozenset({"none"})  # nothing to measure
OWED: Absences = frozenset({"owed"})  # somebody owes a fact
EITHER = NONE | OWED
ALWAYS_THERE = {"num", "yes", "no", "start", "end", "as_of", "run", "times", "member", "is", "among", "has", "same", "given", "word"}
OPERATIONS = {"+", "-", "*", "/", "neg", "<", "<=", ">", ">=", "==", "and", "or", "not"}


# --- ends -----------------------------------------------------------------------------------------


def ends_of(plan: Plan, tree: Tree, frame: str) -> Ends:
    """The least and the most that a formula can give, None where that is not known."""
    head = tree[0]
    if head == "num":
        return Fraction(tree[1]), Fraction(tree[1])
    if head == "node":
        node = plan.nodes[tree[1]]
        return _exact(node.low), _exact(node.high)
    if head == "at":
        return ends_of(plan, tree[2], tree[1])
    if head == "agg" and tree[1] == "count":
        return Fraction(0), None
    fact = fact_of(plan, tree, frame) if head == "fact" else None
    return (None, None) if fact is None else (fact.declared.low, fact.declared.high)


def _exact(end: str | None) -> Fraction | None:
    if end is None:
        return None
    found = number(end)
    assert isinstance(found, Fraction)
    return found


def can_be(plan: Plan, tree: Tree, frame: str, value: Fraction) -> bool:
    """Whether a formula can give this number, as far as its ends are known; an open end is never reached."""
    low, high = ends_of(plan, tree, frame)
    fact = fact_of(plan, tree, frame) if tree[0] == "fact" else None
    if fact is not None and ((fact.declared.low_open and value == low) or (fact.declared.high_open and value == high)):
        return False
    return (low is None or low <= value) and (high is None or value <= high)


def fact_of(plan: Plan, tree: Tree, frame: str) -> Fact | None:
    """The declaration behind a fact; None for what the engine itself keeps there."""
    outline = Outline(plan.scheme)
    facts = [*outline.own_facts(frame).values(), *outline.values(frame).values()]
    return next((fact for fact in facts if fact.column == tree[1]), None)


# --- absences -------------------------------------------------------------------------------------


def may_be_absent(plan: Plan, tree: Tree, frame: str) -> bool:
    """Whether facts can leave a formula without a value."""
    return bool(absences(plan, tree, frame))


def absences(plan: Plan, tree: Tree, frame: str) -> Absences:
    """The ways in which facts can leave a formula without a value."""
    head = tree[0]
    if head in ALWAYS_THERE:
        return NEVER
    if head == "none":
        return NONE
    if head in _ABSENCES:
        return _ABSENCES[head](plan, tree, frame)
    if head in OPERATIONS:
        parts = _any(absences(plan, part, frame) for part in tree[1:])
        return parts | NONE if head == "/" and can_be(plan, tree[2], frame, Fraction(0)) else parts
    return EITHER


def _any(found: object) -> Absences:
    return frozenset().union(*found)


def _fact(plan: Plan, tree: Tree, frame: str) -> Absences:
    if frame.startswith(HISTORY):
        return NONE
    fact = fact_of(plan, tree, frame)
    if fact is None or fact.declared.default is not None:
        return NEVER
    if fact.declared.optional or fact.declared.needed is not None:
        return NONE
    return OWED if fact.column.startswith("value.") else NEVER


def _node(plan: Plan, tree: Tree, frame: str) -> Absences:
    return absences_of_figure(plan, plan.nodes[tree[1]])


def absences_of_figure(plan: Plan, node: Node) -> Absences:
    """The ways in which facts can leave a figure without a value; who is incomplete has no total, so that its absence is no other's."""
    found = _RULES.get(node.rule.partition("@")[0], _every_input)(plan, node)
    return OWED if found and (node.params.get("owed") or node.id == "total") else found


def _every_input(plan: Plan, node: Node) -> Absences:
    return _any(absences(plan, tree, node.frame) for tree in node.inputs)


def _adjusted(plan: Plan, node: Node) -> Absences:
    inputs = dict(zip(node.params["roles"], node.inputs, strict=True))
    if "if_absent" in inputs:
        return absences(plan, inputs["if_absent"], node.frame)
    found = _any(absences(plan, tree, node.frame) for role, tree in inputs.items() if role[:4] in ("base", "plus"))
    return found | OWED if found and "drops_if" in inputs else found


def _ratio(plan: Plan, node: Node) -> Absences:
    part, whole, *direct = (absences(plan, tree, node.frame) for tree in node.inputs)
    marks = {"none": NONE, "missing": OWED}
    zero = marks.get(node.params["zero"], NEVER) if can_be(plan, node.inputs[1], node.frame, Fraction(0)) else NEVER
    one = marks[node.params["absent"]] if part or whole else NEVER
    both = marks[node.params["both_absent"]] if part and whole else NEVER
    return NEVER if direct and not direct[0] else zero | one | both


def _figure_alone(plan: Plan, node: Node) -> Absences:
    return absences(plan, node.inputs[0], node.frame)


def _looked_up(plan: Plan, node: Node) -> Absences:
    return NONE if None in node.params["table"].values() else NEVER


_RULES: dict[str, Callable[[Plan, Node], Absences]] = {
    "adjust": _adjusted,
    "ratio": _ratio,
    "tiers": _figure_alone,
    "line": _figure_alone,
    "places": lambda plan, node: _figure_alone(plan, node) & OWED,
    "rating": lambda plan, node: EITHER,
    "share_out": lambda plan, node: EITHER,
    "rank": lambda plan, node: NONE,
    "ranked": lambda plan, node: NONE,
    "lookup": _looked_up,
    "gather": lambda plan, node: NEVER,
    "matched_within": lambda plan, node: NEVER,
    "steps": lambda plan, node: NONE,
    "grades": _figure_alone,
    "cases": lambda plan, node: NONE,
}


def _owed(plan: Plan, tree: Tree, frame: str) -> Absences:
    return EITHER if absences(plan, tree[1], frame) else NEVER


def _at(plan: Plan, tree: Tree, frame: str) -> Absences:
    by = plan.scheme.units[tree[1]].by if tree[1] in plan.scheme.units else None
    homeless = NONE if by is not None and plan.scheme.people[by].optional and frame == PEOPLE else NEVER
    return homeless | absences(plan, tree[2], tree[1])


def _config(plan: Plan, tree: Tree, frame: str) -> Absences:
    entry = plan.scheme.config[tree[1]]
    return NONE if entry.optional and entry.default is None else NEVER


def _aggregate(plan: Plan, tree: Tree, frame: str) -> Absences:
    """A sum of nothing is 0, a mean of nothing is none; what somebody owes, all owe."""
    _, how, child, value, _ = tree
    if how in ("count", "any"):
        return NEVER
    inner = PEOPLE if child in plan.groups else child
    below = NEVER if value is None else absences(plan, value, inner) & OWED
    return below if how == "sum" else below | NONE


def _choice(plan: Plan, tree: Tree, frame: str) -> Absences:
    return _any(absences(plan, part, frame) for part in tree[1:])


def _call(plan: Plan, tree: Tree, frame: str) -> Absences:
    parts = [absences(plan, part, frame) for part in tree[2:]]
    if tree[1] in ("first", "mean_given") and not all(parts):
        return NEVER
    return _any(parts)


def _inner(plan: Plan, tree: Tree, frame: str) -> Absences:
    return absences(plan, tree[1], frame)


_ABSENCES: dict[str, Callable[[Plan, Tree, str], Absences]] = {
    "fact": _fact,
    "node": _node,
    "at": _at,
    "config": _config,
    "owed": _owed,
    "agg": _aggregate,
    "over": _aggregate,
    "if": _choice,
    "call": _call,
    "number_of": _inner,
    "bands": _inner,
    "latest": lambda plan, tree, frame: NONE,
    "previous": lambda plan, tree, frame: NONE,
}
