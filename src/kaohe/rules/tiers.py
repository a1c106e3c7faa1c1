"""Points of the band that a figure falls in: `by: rate`, `tiers: [{above: 99%, points: 1}, {else: 0}]`."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from kaohe.columns import Column
from kaohe.numbers import write_number
from kaohe.plan import Node, Typed, widest
from kaohe.problems import Place
from kaohe.rules.arithmetic import shortly
from kaohe.rules.bands import Band, band_of_each, between, examine
from kaohe.rules.door import Builder, Context, Describer, Draft, Line, Rule, Teller, Wording
from kaohe.scheme import Body, Tier
from kaohe.scheme_problems import TiersGap, TiersOverlap, TierUnreachable


def build(builder: Builder, body: Body, frame: str, place: Place) -> Draft:
    """Inputs: the figure, then what each band gives."""
    tiers = body.tiers
    assert tiers is not None
    figure = builder.formula(body.by, frame, place, "number")
    if not tiers:
        return Draft([figure])
    gives = [builder.formula(tier.points, frame, place, "number") for tier in tiers]
    check(builder, tiers, figure, str(body.by), place)
    params = {"bands": [Band.of(tier).write() for tier in tiers], "clauses": [tier.clause for tier in tiers]}
    unit = next((give.unit for give in gives if give.unit), "")
    return Draft([figure, *gives], params, "number", unit, *widest(gives))


def check(builder: Builder, tiers: tuple[Tier, ...], figure: Typed, where: str, place: Place) -> None:
    """Tell gaps, overlaps and bands that nothing reaches."""
    item = builder.item
    found = examine([Band.of(tier) for tier in tiers], figure.low, figure.high)
    if found.gap:
        builder.tell(TiersGap(place, [where, item], where=item, gap=found.gap.replace("…", where)))
    if found.overlap is not None:
        one, other, value = found.overlap
        builder.tell(TiersOverlap(place, [where, item], where=item, one=one + 1, other=other + 1, value=write_number(value)))
    for tier in found.unreachable:
        builder.tell(TierUnreachable(place, [where, item], where=item, tier=tier + 1))


def apply(context: Context, node: Node) -> Column:
    """Points of the first band that holds; an absent figure stays absent as it is.

    Shape:  figure (rows,) -> points (rows,)
    Exact:  compares and copies, never rounds
    """
    figure, *gives = (context.number(tree, node.frame) for tree in node.inputs)
    bands = [Band.read(band) for band in node.params["bands"]]
    return points_of_bands(figure, bands, gives)


def points_of_bands(figure: Column, bands: list[Band], gives: list[Column]) -> Column:
    """What the bands give, row by row."""
    places = band_of_each(figure, bands)
    if all(give.size == 1 and give.v is None and give.absent is None for give in gives):
        table = Column.of([give[0] for give in gives] + [Fraction(0)])
        points = table.take(places)
    else:
        points = Column.const(0)
        for place, give in enumerate(gives):
            points = give.where(places == place, points)
    absent = figure.absent
    return points if absent is None else points.remark(np.broadcast_to(absent, places.shape))


def tell(teller: Teller, node: Node, row: int) -> Line:
    """Which band the figure fell in, and what that gives."""
    teller.shown(node.inputs[0], node.frame, row)
    figure = teller.number(node.inputs[0], node.frame, row)
    bands = teller.once(node, "bands", lambda: [Band.read(band) for band in node.params["bands"]])
    met = next((place for place, band in enumerate(bands) if figure is not None and band.holds(figure)), None)
    if figure is None or met is None:
        return Line()
    gives = teller.shown(node.inputs[1 + met], node.frame, row)
    clause = node.params["clauses"][met]
    edges = teller.once(node, f"edges {met}", lambda: between(bands, met, teller.language))
    words = f"{shortly(figure)} → {edges}" + (f" [{clause}]" if clause else "")
    return Line(words, gives)


def describe(describer: Describer, body: Body) -> Wording:
    """The figure, and what each band of it gives."""
    by = describer.formula(str(body.by))
    return Wording(describer.say(f"按{by}分档：", f"By bands of {by}:"), describer.bands(str(body.by), body.tiers or ()))


RULE = Rule("tiers", 1, build, apply, tell, "分档 | points by bands", describe)
