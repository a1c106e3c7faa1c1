"""Points for the first places: `places: {by: rate, among: ranked, points: {1: 3, 2: 2, 3: 1}}`."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from kaohe.columns import MISSING, Array, Column, rank
from kaohe.numbers import number
from kaohe.plan import ZERO, Node, Typed, widest
from kaohe.problems import Place
from kaohe.rules.arithmetic import shortly
from kaohe.rules.door import Builder, Context, Describer, Draft, Line, Rule, Teller, Wording
from kaohe.scheme import Body
from kaohe.scheme_problems import NameUnknown, TableEmpty, did_you_mean


def build(builder: Builder, body: Body, frame: str, place: Place) -> Draft:
    """Inputs: the figure that is compared, what each place gives, and the gate behind which points are given."""
    places = body.places
    assert places is not None
    figure = builder.formula(places.by, frame, place, "number")
    if isinstance(places.points, str):
        gives = chosen_points(builder, places.points, place)
    else:
        gives = {str(int(number(key))): builder.formula(text, frame, place, "number") for key, text in places.points.items()}
    gate = [] if places.only is None else [builder.formula(places.only, frame, place, "truth")]
    params = {"among": places.among, "better": places.better, "places": list(gives), "gated": bool(gate)}
    unit = next((give.unit for give in gives.values() if give.unit), "")
    return Draft([figure, *gives.values(), *gate], params, "number", unit, *widest([*gives.values(), ZERO]))


def chosen_points(builder: Builder, name: str, place: Place) -> dict[str, Typed]:
    """What each place gives where the company chooses it: the parts of `config.<key>` are the places."""
    key = name.removeprefix("config.")
    entry = builder.scheme.config.get(key)
    if entry is None or not name.startswith("config."):
        known = [f"config.{known}" for known in builder.scheme.config]
        builder.tell(NameUnknown(place, [name], where=builder.item, name=name, **did_you_mean(name, known)))
        return {}
    parts = [part for part in entry.parts or () if part.isdigit() and int(part) > 0]
    if not parts:
        builder.tell(TableEmpty(place, [name], where=f"{name}.parts"))
    return {str(int(part)): Typed(["config", key, part], "number", entry.kind, entry.low, entry.high) for part in parts}


def placed(context: Context, node: Node) -> Column:
    """The place of each row among its group (and its week, where the figure is one of a week)."""
    figure = context.number(node.inputs[0], node.frame)
    codes, members = context.group_codes(node.params["among"], node.frame)
    return rank(figure, codes, members, node.params["better"] == "higher")


def apply(context: Context, node: Node) -> Column:
    """Points of the place; ties share the better place and its points; behind the gate, and unranked, nothing.

    A figure that somebody owes leaves its points owed; one with nothing to measure gives no points.
    """
    gives = [context.number(tree, node.frame) for tree in node.inputs[1 : 1 + len(node.params["places"])]]
    points = _points_of(placed(context, node), [int(place) for place in node.params["places"]], gives)
    shut = np.zeros(1, dtype=bool)
    if node.params["gated"]:
        gate = context.truth(node.inputs[-1], node.frame)
        points, shut = points.where(gate.yes, Column.const(0)), gate.no
    figure = context.number(node.inputs[0], node.frame)
    if figure.absent is None:
        return points
    return points.remark(np.where((figure.absent == MISSING) & ~shut, MISSING, 0).astype(np.uint8))


def _points_of(places: Column, rewarded: list[int], gives: list[Column]) -> Column:
    """What each row's place gives; nothing for other places and for who has none."""
    at: Array = np.where(places.given().yes, places.n.v, 0)
    if all(give.size == 1 and give.v is None and give.absent is None for give in gives):
        table = Column.of([Fraction(0), *(give[0] for give in gives)])
        row = np.zeros(at.shape, dtype=np.int64)
        for index, place in enumerate(rewarded, start=1):
            row = np.where(at == place, index, row)
        return table.take(row)
    points = Column.const(0)
    for place, give in zip(rewarded, gives, strict=True):
        points = give.where(at == place, points)
    return points


def tell(teller: Teller, node: Node, row: int) -> Line:
    """The place taken, and how the figure stood to what it had to reach."""
    shown = teller.shown(node.inputs[0], node.frame, row)
    place = teller.column(node, placed)[row]
    if not shown or not isinstance(place, Fraction):
        return Line(teller.say("未参加排名", "not ranked"))
    figure = teller.number(node.inputs[0], node.frame, row) or Fraction(0)
    among = teller.name("group", node.params["among"])
    words = teller.say(f"以 {shortly(figure)} 在{among}中排第 {place}", f"place {place} among {among} with {shortly(figure)}")
    return Line(teller.say("；", "; ").join([words, *_gate(teller, node, row)]), _given(teller, node, row, place))


def _given(teller: Teller, node: Node, row: int, place: Fraction) -> str:
    """What the place gives, in figures."""
    if node.params["gated"] and not teller.holds(node.inputs[-1], node.frame, row):
        return ""
    gives = dict(zip(map(int, node.params["places"]), node.inputs[1:], strict=False))
    return teller.shown(gives[int(place)], node.frame, row) if int(place) in gives else ""


def _gate(teller: Teller, node: Node, row: int) -> list[str]:
    if not node.params["gated"]:
        return []
    reason = teller.reason(node.inputs[-1], node.frame, row)
    if teller.holds(node.inputs[-1], node.frame, row):
        return [reason]
    return [teller.say(f"{reason}，不得名次分", f"{reason}: no points for the place")]


def describe(describer: Describer, body: Body) -> Wording:
    """Among whom places are taken, by what, and what each place gives."""
    places = body.places
    assert places is not None
    by, group = describer.formula(places.by), describer.quoted(describer.name("group", places.among))
    lower = places.better == "lower"
    lead = describer.say(
        f"在{group}中按{by}由{'低到高' if lower else '高到低'}排名，并列的同取较好名次：",
        f"By the place among {group}, the {'lowest' if lower else 'highest'} {by} first; ties share the better place:",
    )
    gate = "" if places.only is None else describer.condition(places.only)
    told = describer.say(f"须{gate}，否则不得名次分", f"only where {gate}") if gate else ""
    return Wording(lead, tuple(part for part in (*_places_told(describer, places.points), told) if part))


def _places_told(describer: Describer, points: dict[str, str] | str) -> list[str]:
    """What each place gives; other places give nothing."""
    if isinstance(points, str):
        name = describer.formula(points)
        return [describer.say(f"各名次所得由公司在“{name}”中选定", f"what each place gives the company chooses ({name})")]
    told = [(place, describer.gives(text)) for place, text in points.items()]
    lines = [describer.say(f"第{place}名，{text}", f"place {place}: {text}") for place, text in told]
    return [*lines, describer.say("其余名次不得分", "other places: nothing")]


RULE = Rule("places", 1, build, apply, tell, "名次分 | points for places", describe)
