"""Two counts kept apart until the end: `ratio: [resolved, total]`, with a meaning for each absence."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from kaohe.columns import MISSING, NONE, Column
from kaohe.numbers import as_typed
from kaohe.plan import ZERO, Node, widest
from kaohe.problems import Place
from kaohe.rules.arithmetic import over
from kaohe.rules.door import Builder, Context, Describer, Draft, Line, Rule, Teller, Wording
from kaohe.scheme import Body

_MARKS = {"none": NONE, "missing": MISSING}


def build(builder: Builder, body: Body, frame: str, place: Place) -> Draft:
    """Inputs: part, whole and, where the figure may be given directly, the direct figure.

    At most 1 is known of the figure only where the part cannot be more than the whole.
    """
    ratio = body.ratio
    assert ratio is not None
    texts = [ratio.part, ratio.whole, *([ratio.direct] if ratio.direct is not None else [])]
    inputs = [builder.formula(text, frame, place, "number") for text in texts]
    zero = ratio.zero if isinstance(ratio.zero, str) else str(ratio.zero)
    params = {"zero": zero, "absent": ratio.absent, "both_absent": ratio.both_absent}
    same = inputs[0].unit == inputs[1].unit
    is_share = same and not ratio.may_exceed and builder.keeps_within(ratio.part, ratio.whole, frame, body.name)
    high = Fraction(1) if is_share else None
    low = Fraction(0) if all(part.low is not None and part.low >= 0 for part in inputs[:2]) else None
    given = [] if zero in _MARKS else [ZERO.held(Fraction(zero), Fraction(zero))]
    bounds = widest([ZERO.held(low, high), *inputs[2:], *given])
    return Draft(inputs, params, "number", "ratio" if same else "", *bounds)


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


def describe(describer: Describer, body: Body) -> Wording:
    """Part over whole, and what is said of absences where it is not the usual."""
    ratio = body.ratio
    assert ratio is not None
    say = describer.say
    direct = "" if ratio.direct is None else describer.formula(ratio.direct)
    told = [
        say(f"有{direct}时，以其为准", f"{direct} stands where it is given") if direct else "",
        say("可以超过100%", "may exceed 100%") if ratio.may_exceed else "",
        "" if ratio.zero == "none" else _when_zero(describer, ratio.zero),
        say(*ABSENT[ratio.absent, ratio.both_absent]),
    ]
    quotient = f"{describer.factor(ratio.part)}{say('÷', ' ÷ ')}{describer.factor(ratio.whole)}"
    return Wording(describer.equals(quotient), tuple(part for part in told if part))


# What is said where one side is absent, and where both are; nothing where both keep somebody waiting, as usual.
ABSENT = {
    ("none", "none"): ("分子分母缺一方或都缺，为无数据", "no data where either side is absent"),
    ("none", "missing"): ("分子分母缺一方，为无数据；都缺则视为缺数据", "no data where one side is absent, owed where both are"),
    ("missing", "none"): ("分子分母都缺，为无数据；只缺一方则视为缺数据", "no data where both sides are absent, owed where one is"),
    ("missing", "missing"): ("", ""),
}


def _when_zero(describer: Describer, zero: str | Fraction) -> str:
    if isinstance(zero, Fraction):
        return describer.say(f"分母为0时按{as_typed(zero)}计", f"{as_typed(zero)} where there is nothing to divide by")
    return describer.say("分母为0时视为缺数据", "owed where there is nothing to divide by")


RULE = Rule("ratio", 1, build, apply, tell, "两数之比 | a ratio of two counts", describe)
