"""Points for the first places: `places: {by: rate, among: ranked, points: {1: 3, 2: 2, 3: 1}}`."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from kaohe.columns import Column, rank
from kaohe.plan import Node
from kaohe.problems import Place
from kaohe.rules.arithmetic import shortly
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
    """The place taken, and how the figure stood to what it had to reach."""
    shown = teller.shown(node.inputs[0], node.frame, row)
    place = teller.column(node, placed)[row]
    if not shown or not isinstance(place, Fraction):
        return Line(teller.say("未参加排名", "not ranked"))
    figure = teller.number(node.inputs[0], node.frame, row) or Fraction(0)
    among = teller.name("group", node.params["among"])
    words = teller.say(f"以 {shortly(figure)} 在{among}中排第 {place}", f"place {place} among {among} with {shortly(figure)}")
    return Line("; ".join([words, *_gate(teller, node, row)]))


def _gate(teller: Teller, node: Node, row: int) -> list[str]:
    if len(node.inputs) == 1:
        return []
    reason = teller.reason(node.inputs[1], node.frame, row)
    if teller.holds(node.inputs[1], node.frame, row):
        return [reason]
    return [teller.say(f"{reason},不得名次分", f"{reason}: no points for the place")]


RULE = Rule("places", 1, build, apply, tell, "名次分 | points for places")
