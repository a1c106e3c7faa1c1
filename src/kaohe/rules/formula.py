"""A formula over named figures and facts: `is: 40% * own + 60% * team`."""

from __future__ import annotations

from kaohe.columns import AnyColumn
from kaohe.plan import Node
from kaohe.problems import Place
from kaohe.rules.door import Builder, Context, Describer, Draft, Line, Rule, Teller, Wording
from kaohe.scheme import Body


def build(builder: Builder, body: Body, frame: str, place: Place) -> Draft:
    """The formula itself is the one input."""
    found = builder.formula(body.is_ if body.is_ is not None else body.full, frame, place)
    return Draft([found], {}, found.kind, found.unit, found.low, found.high, found.vocabulary)


def apply(context: Context, node: Node) -> AnyColumn:
    """Whatever the formula gives."""
    return context.value(node.inputs[0], node.frame)


def tell(teller: Teller, node: Node, row: int) -> Line:
    """The formula with its figures put in; a condition with what decided it."""
    if node.kind == "truth":
        return Line(teller.reason(node.inputs[0], node.frame, row))
    return Line("", teller.shown(node.inputs[0], node.frame, row))


def describe(describer: Describer, body: Body) -> Wording:
    """The formula; a line for each of its ways. Without one, where the score starts."""
    if body.is_ is not None:
        return describer.ways(body.is_)
    start = describer.measured_result(str(body.full or 0))
    return Wording(describer.say(f"起始{start}", f"From {start}"))


RULE = Rule("formula", 1, build, apply, tell, "公式 | a formula", describe)
