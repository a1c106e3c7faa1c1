"""What follows a rule: `then`, `plus`, `floor`, `cap`, `round`, and what nothing-to-measure means.

Every body ends here when it says any of these; the figure before stays a figure of its own.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from kaohe.columns import MISSING, NONE, Column
from kaohe.numbers import number, write_number
from kaohe.plan import Node
from kaohe.problems import Place
from kaohe.rules.arithmetic import call, plus, rounded, shortly
from kaohe.rules.door import Builder, Context, Draft, Line, Rule, Teller
from kaohe.scheme import Body


def build(builder: Builder, body: Body, frame: str, place: Place) -> Draft:
    """Adjusting is not written as a rule of its own; the compiler makes its node."""
    raise NotImplementedError("adjust follows another rule")


def apply(context: Context, node: Node) -> Column:
    """The figure with what was added, held between its ends, rounded where the scheme says so."""
    inputs = dict(zip(node.params["roles"], node.inputs, strict=True))
    found = context.number(inputs["base"], node.frame)
    for role, tree in inputs.items():
        if role.startswith("plus"):
            found = found + context.number(tree, node.frame)
    if "floor" in inputs:
        found = found.most(context.number(inputs["floor"], node.frame))
    if "cap" in inputs:
        found = found.least(context.number(inputs["cap"], node.frame))
    if "round" in node.params:
        rounding = node.params["round"]
        found = found.round(number(rounding["to"]), rounding["half"], rounding.get("only", "always"))
    return _absence(context, node, found)


def _absence(context: Context, node: Node, found: Column) -> Column:
    """What NONE becomes: kept (the item drops out), MISSING, another figure, or as a condition says."""
    inputs = dict(zip(node.params["roles"], node.inputs, strict=True))
    if found.absent is None:
        return found
    if "if_absent" in inputs:
        return found.or_else(context.number(inputs["if_absent"], node.frame))
    if "drops_if" in inputs:
        drops = context.truth(inputs["drops_if"], node.frame).yes
        marks = np.where((found.absent == NONE) & ~drops, MISSING, found.absent)
        return Column(found.n, found.d, found.v, marks.astype(np.uint8))
    return found.marked_as(NONE, MISSING) if node.params.get("owed") else found


def tell(teller: Teller, node: Node, row: int) -> Line:
    """The parts added, and the end at which the figure was held."""
    value = teller.figure(node, row)
    inputs = dict(zip(node.params["roles"], node.inputs, strict=True))
    parts = {role: teller.number(tree, node.frame, row) for role, tree in inputs.items()}
    added = [role for role in inputs if role[:4] in ("base", "plus")]
    given = [parts[role] for role in added]
    shown = [teller.shown(inputs[role], node.frame, row) for role in added if role == "base" or parts[role] != 0]
    if value is None:
        return Line()
    if None in given:
        other = teller.shown(inputs["if_absent"], node.frame, row)
        return Line(teller.say("没有数据，按方案规定", "no data; the scheme says what that gives"), other)
    kept = [text for text in shown if text != "0"] or shown
    found = sum((part for part in given[1:] if part is not None), given[0] or Fraction(0))
    return _held(teller, node, plus(kept), parts, found, value)


def _held(teller: Teller, node: Node, text: str, parts: dict[str, Fraction | None], found: Fraction, value: Fraction) -> Line:
    """The sum `found`, its ends where it was held at one, and its rounding where that changed it."""
    words: list[str] = []
    for side, act in (("floor", "max"), ("cap", "min")):
        end = parts.get(side)
        if end is not None and (found < end if side == "floor" else found > end):
            found, text = end, call(act, [text, write_number(end)])
            words.append(f"{teller.say('不低于', 'not below') if side == 'floor' else teller.say('不超过', 'not above')} {shortly(end)}")
    if "round" in node.params and found != value:
        text = rounded(text, node.params["round"]["to"], node.params["round"]["half"])
        words.append(tell_rounding(teller, found, value, node.params["round"]["to"], node.params["round"]["half"]))
    return Line(teller.say("；", "; ").join(words), text)


def tell_rounding(teller: Teller, exact: Fraction, value: Fraction, place: str, half: str) -> str:
    """From what to what a figure was rounded, and how."""
    zh, en = HALVES[half]
    change = f"{shortly(exact)} → {write_number(value)}"
    return teller.say(f"{change}（{zh}到 {place}）", f"{change} ({en} to {place})")


HALVES = {
    "half_up": ("四舍五入", "rounded half-up"),
    "half_even": ("四舍六入五成双", "rounded half-even"),
    "up": ("进位", "rounded up"),
    "down": ("舍去尾数", "rounded down"),
}


RULE = Rule("adjust", 1, build, apply, tell, "加减、上下限与取整 | additions, ends and rounding")
