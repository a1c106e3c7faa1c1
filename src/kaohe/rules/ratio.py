"""Two counts kept apart until the end: `ratio: [resolved, total]`, with a meaning for each absence."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from kaohe.columns import MISSING, NONE, Column
from kaohe.plan import Node
from kaohe.problems import Place
from kaohe.rules.arithmetic import over
from kaohe.rules.door import Builder, Context, Draft, Line, Rule, Teller
from kaohe.scheme import Body

_MARKS = {"none": NONE, "missing": MISSING}


def build(builder: Builder, body: Body, frame: str, place: Place) -> Draft:
    """Inputs: part, whole and, where the figure may be given directly, the direct figure."""
    ratio = body.ratio
    assert ratio is not None
    texts = [ratio.part, ratio.whole, *([ratio.direct] if ratio.direct is not None else [])]
    inputs = [builder.formula(text, frame, place, "number") for text in texts]
    zero = ratio.zero if isinstance(ratio.zero, str) else str(ratio.zero)
    params = {"zero": zero, "absent": ratio.absent, "both_absent": ratio.both_absent}
    same = inputs[0].unit == inputs[1].unit
    high = None if ratio.may_exceed or not same else Fraction(1)
    low = Fraction(0) if all(part.low is not None and part.low >= 0 for part in inputs[:2]) else None
    return Draft(inputs, params, "number", "ratio" if same else "", low, high)


def apply(context: Context, node: Node) -> Column:
    """Part over whole, exact; the direct figure first where there is one.

    A whole of zero gives what the scheme says (`zero`), one side absent what `absent` says, both
    absent what `both_absent` says.
    """
    part, whole, *direct = (context.number(tree, node.frame) for tree in node.inputs)
    found = _ratio(part, whole, node.params)
    return direct[0].or_else(found) if direct else found


def _ratio(part: Column, whole: Column, params: dict[str, str]) -> Column:
    quotient = part / whole
    given_part, given_whole = part.given().yes, whole.given().yes
    marks = np.where(given_part & given_whole, 0, _MARKS[params["absent"]])
    marks = np.where(~given_part & ~given_whole, _MARKS[params["both_absent"]], marks)
    zero = given_whole & given_part & (np.atleast_1d(whole.n.v) == 0)
    if not zero.any() and not marks.any():
        return quotient
    if params["zero"] in _MARKS:
        marks = np.where(zero, _MARKS[params["zero"]], marks)
    else:
        quotient = Column.const(Fraction(params["zero"])).where(zero, quotient)
    return Column(quotient.n, quotient.d, quotient.v, np.asarray(marks, dtype=np.uint8))


def tell(teller: Teller, node: Node, row: int) -> Line:
    """Part ÷ whole in figures, or that the figure was given directly, or what zero means."""
    part, whole, *direct = (teller.number(tree, node.frame, row) for tree in node.inputs)
    if direct and direct[0] is not None:
        return Line(teller.say("直接填报", "given directly"), teller.shown(node.inputs[2], node.frame, row))
    shown = [teller.shown(tree, node.frame, row) for tree in node.inputs]
    if whole == 0 and part is not None:
        words = teller.say("分母为 0，按方案规定", "nothing to divide by; the scheme says what that gives")
        return Line(words)
    return Line("", over(shown[0], shown[1]) if part is not None and whole is not None else "")


RULE = Rule("ratio", 1, build, apply, tell, "两数之比 | a ratio of two counts")
