"""Points for the first places: `places: {by: rate, among: ranked, points: {1: 3, 2: 2, 3: 1}}`."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from kaohe.columns import Column, rank
from kaohe.numbers import write_number
from kaohe.plan import Node
from kaohe.problems import Place
from kaohe.rules.door import Builder, Context, Draft, Line, Rule, Teller
from kaohe.scheme import Body


def build(builder: Builder, body: Body, frame: str, place: Place) -> Draft:
    """Inputs: the figure that is compared, and the gate behind which points are given."""
    places = body.places
    assert places is not None
    inputs = [builder.formula(places.by, frame, place, "number")]
    if places.only is not None:
        inputs.append(builder.formula(places.only, frame, place, "truth"))
    points = {str(int(rank_)): str(value) for rank_, value in places.points.items()}
    params = {"among": places.among, "better": places.better, "points": points}
    highest = max(places.points.values(), default=Fraction(0))
    return Draft(inputs, params, "number", "", Fraction(0), highest)


def placed(context: Context, node: Node) -> Column:
    """The place of each row among its group (and its week, where the figure is one of a week)."""
    figure = context.number(node.inputs[0], node.frame)
    codes, members = context.group_codes(node.params["among"], node.frame)
    return rank(figure, codes, members, node.params["better"] == "higher")


def apply(context: Context, node: Node) -> Column:
    """Points of the place; ties share the better place and its points; behind the gate, and unranked, nothing."""
    places = placed(context, node)
    highest = max(int(place) for place in node.params["points"])
    table = Column.of([Fraction(node.params["points"].get(str(place), "0")) for place in range(highest + 2)])
    at = np.where(places.given().yes, np.minimum(places.n.v, highest + 1), 0)
    points = table.take(at)
    if len(node.inputs) == 1:
        return points
    return points.where(context.truth(node.inputs[1], node.frame).yes, Column.const(0))


def tell(teller: Teller, node: Node, row: int) -> Line:
    """The figure that was compared, and what the place gave."""
    figure = teller.number(node.inputs[0], node.frame, row)
    value = teller.figure(node, row)
    if figure is None or value is None:
        return Line(teller.say("未参加排名", "not ranked"), write_number(value or Fraction(0)))
    return Line(teller.say(f"以 {write_number(figure)} 排名", f"ranked by {write_number(figure)}"), write_number(value))


RULE = Rule("places", 1, build, apply, tell, "名次分 | points for places")
