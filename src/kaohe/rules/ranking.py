"""Places among a group, and how many are ranked: ties share the better place (1, 2, 2, 4)."""

from __future__ import annotations

import numpy as np

from kaohe.columns import NONE, Column, Links, rank
from kaohe.plan import Node
from kaohe.problems import Place
from kaohe.rules.arithmetic import shortly
from kaohe.rules.door import Builder, Context, Draft, Line, Rule, Teller
from kaohe.scheme import Body


def build(builder: Builder, body: Body, frame: str, place: Place) -> Draft:
    """Ranks are not written as a body; the compiler makes their nodes."""
    raise NotImplementedError("ranks are made from `rank:`")


def apply(context: Context, node: Node) -> Column:
    """Each ranked person's place; NONE for whoever is not ranked."""
    figure = context.number(node.inputs[0], node.frame)
    codes, members = context.group_codes(node.params["among"], node.frame)
    ranked = members & context.truth(["assessed"], node.frame).yes
    if node.params.get("complete"):
        ranked = ranked & ~context.truth(["incomplete"], node.frame).yes
    return rank(figure, codes, ranked, node.params["better"] == "higher")


def apply_of(context: Context, node: Node) -> Column:
    """How many are ranked in each person's group; NONE for whoever is not ranked."""
    places = context.number(node.inputs[0], node.frame)
    codes, _ = context.group_codes(node.params["among"], node.frame)
    ranked = places.given().yes
    groups = Links(np.where(ranked, codes, -1), int(codes.max(initial=0)) + 1)
    count = groups.count().take(np.where(codes >= 0, codes, 0))
    return Column(count, 1, None, np.where(ranked, 0, NONE).astype(np.uint8))


def tell(teller: Teller, node: Node, row: int) -> Line:
    """The figure by which the place was taken, and among whom."""
    teller.shown(node.inputs[0], node.frame, row)
    figure = teller.number(node.inputs[0], node.frame, row)
    place = teller.figure(node, row)
    if figure is None or place is None:
        return Line(teller.say("不参加排名", "not ranked"))
    among = teller.name("group", node.params["among"]) if node.params["among"] else teller.say("全体", "all")
    many = teller.number(["node", "of"], node.frame, row)
    return Line(
        teller.say(
            f"以 {shortly(figure)} 在{among}（{many} 人）中排第 {place}", f"place {place} of {many} ({among}) with {shortly(figure)}"
        )
    )


def tell_of(teller: Teller, node: Node, row: int) -> Line:
    """Nothing to add to the number itself."""
    return Line()


RULES = (
    Rule("rank", 1, build, apply, tell, "名次 | places"),
    Rule("ranked", 1, build, apply_of, tell_of, "参加排名人数 | how many are ranked"),
)
