"""Points on a straight line between given points, flat outside: `line: {60: 100, 300: 0}`."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np

from kaohe.columns import Column
from kaohe.numbers import as_typed, number, write_number
from kaohe.plan import Node
from kaohe.problems import Place
from kaohe.rules.arithmetic import exact, minus, over, plus, shortly, times
from kaohe.rules.door import Builder, Context, Describer, Draft, Line, Rule, Teller, Wording
from kaohe.scheme import Body
from kaohe.scheme_problems import LineWrong


def build(builder: Builder, body: Body, frame: str, place: Place) -> Draft:
    """The figure is the input; the points of the line are kept in order."""
    assert body.line is not None
    figure = builder.formula(body.by, frame, place, "number")
    points = sorted((number(x), y) for x, y in body.line.items())
    if len(points) < 2:
        builder.tell(LineWrong(place, where=str(body.by), count=len(points)))
    heights = [y for _, y in points] or [Fraction(0)]
    params = {"points": [[str(x), str(y)] for x, y in points]}
    return Draft([figure], params, "number", "", min(heights), max(heights))


def apply(context: Context, node: Node) -> Column:
    """Between two points y1 + (x - x1) * (y2 - y1) / (x2 - x1), exact; before the first and after the last, flat."""
    figure = context.number(node.inputs[0], node.frame)
    points = [(Fraction(x), Fraction(y)) for x, y in node.params["points"]]
    found = Column.const(points[0][1])
    for (x1, y1), (x2, y2) in pairwise(points):
        slope = (y2 - y1) / (x2 - x1)
        part = figure * Column.const(slope) + Column.const(y1 - x1 * slope)
        found = part.where((figure > Column.const(x1)).yes, found)
    found = Column.const(points[-1][1]).where((figure >= Column.const(points[-1][0])).yes, found)
    absent = figure.absent
    return found if absent is None else found.remark(np.broadcast_to(absent, (found.size,)))


def tell(teller: Teller, node: Node, row: int) -> Line:
    """The two points around the figure and the step between them."""
    teller.shown(node.inputs[0], node.frame, row)
    figure = teller.number(node.inputs[0], node.frame, row)
    if figure is None:
        return Line()
    points = teller.once(node, "points", lambda: [(exact(x), exact(y)) for x, y in node.params["points"]])
    shown = teller.once(node, "line", lambda: ", ".join(f"{write_number(x)}→{write_number(y)}" for x, y in points))
    words = teller.say(f"{shortly(figure)} 按直线 {shown} 取值", f"{shortly(figure)} on the line {shown}")
    return Line(words, _step(figure, points))


def _step(figure: Fraction, points: list[tuple[Fraction, Fraction]]) -> str:
    for x, y in (points[0], points[-1]):
        if figure == x or (figure < x and x == points[0][0]) or (figure > x and x == points[-1][0]):
            return write_number(y)
    (x1, y1), (x2, y2) = next((one, other) for one, other in pairwise(points) if one[0] <= figure <= other[0])
    way = minus(write_number(figure), write_number(x1))
    climb = over(times(way, write_number(y2 - y1)), write_number(x2 - x1))
    return plus([write_number(y1), climb]) if y1 else climb


def describe(describer: Describer, body: Body) -> Wording:
    """The figure, and the points between which the line runs."""
    by = describer.formula(str(body.by))
    points = [(describer.measured(x, str(body.by)), describer.gives(as_typed(y))) for x, y in (body.line or {}).items()]
    lead = describer.say(
        f"按{by}线性计分，两点之间按直线取值，两端之外取端点值：", f"On a straight line of {by} between these points, flat outside:"
    )
    return Wording(lead, tuple(describer.say(f"{x}，{y}", f"{x}: {y}") for x, y in points))


RULE = Rule("line", 1, build, apply, tell, "线性 | points on a line", describe)
