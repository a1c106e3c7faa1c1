"""Items into one total: a sum, a weighted sum, a mean; weights of items without data go to the others."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from kaohe.columns import MISSING, Array, Column, Ints, Words
from kaohe.numbers import number, write_number
from kaohe.plan import Node, Tree
from kaohe.problems import Place
from kaohe.rules.arithmetic import exact, over, percent, plus, times
from kaohe.rules.door import Builder, Context, Draft, Line, Rule, Teller
from kaohe.scheme import Body


def build(builder: Builder, body: Body, frame: str, place: Place) -> Draft:
    """The total is not written as a body; the compiler makes its node."""
    raise NotImplementedError("the total is made from `total:`")


def apply(context: Context, node: Node) -> Column:
    """The total of each person's own form.

    Params: items, weights (by form), spread (items whose weight moves on), sections, full.
    An item MISSING makes the total MISSING; one that is NONE either spreads its weight over the
    others of its section, then over the other sections, or counts for nothing.
    """
    scores = [context.number(tree, node.frame) for tree in node.inputs]
    weights = [weight_of(context, node, item) for item in node.params["items"]]
    total = _spread(node, scores, weights) if node.params["spread"] else _plain(scores, weights)
    if node.params.get("scaled"):
        total = total * _by_form(context, node, node.params["scaled"])
    return total.remark(_owed(context, node, scores))


def weight_of(context: Context, node: Node, item: str) -> Column:
    """The weight of an item: what the company chose, or what each person's form prints."""
    chosen = node.params.get("config")
    if chosen:
        return Column.const(Fraction(context.config(chosen)[item]) / Fraction(node.params["full"]))
    return _by_form(context, node, {form: weights.get(item, "0") for form, weights in node.params["weights"].items()})


def _by_form(context: Context, node: Node, numbers: dict[str, str]) -> Column:
    """One number for each person, by form."""
    if len(numbers) == 1:
        return Column.const(number(next(iter(numbers.values()))))
    forms = context.words(["node", "form"], node.frame)
    table = Column.of([number(numbers.get(form, "0")) for form in forms.vocabulary] + [Fraction(0)])
    return table.take(forms.codes)


def _plain(scores: list[Column], weights: list[Column]) -> Column:
    total = Column.const(0)
    for score, weight in zip(scores, weights, strict=True):
        total = total + score.or_else(Column.const(0)) * weight
    return total


def _spread(node: Node, scores: list[Column], weights: list[Column]) -> Column:
    """Each section's mean by the weights that are there, then the sections' mean likewise."""
    sections: dict[str, list[str]] = node.params["sections"] or {"": node.params["items"]}
    place = {item: at for at, item in enumerate(node.params["items"])}
    top, bottom, full = Column.const(0), Column.const(0), Column.const(0)
    for items in sections.values():
        points, there, whole = _section([(scores[place[item]], weights[place[item]]) for item in items])
        mean = points / there
        counts = Column(Ints.of(mean.given().yes.astype(np.int64)))
        top = top + mean.or_else(Column.const(0)) * whole
        bottom = bottom + whole * counts
        full = full + whole
    return top / bottom * full


def _section(parts: list[tuple[Column, Column]]) -> tuple[Column, Column, Column]:
    """Points gained, weight that is there, and weight in all."""
    points, there, whole = Column.const(0), Column.const(0), Column.const(0)
    for score, weight in parts:
        counts = Column(Ints.of(score.given().yes.astype(np.int64)))
        points = points + score.or_else(Column.const(0)) * weight
        there = there + weight * counts
        whole = whole + weight
    return points, there, whole


def owed_by_form(context: Context, node: Node, item: str) -> Array | None:
    """Who has the item on the form; None where everybody has it."""
    forms = node.params["on_form"]
    if all(item in items for items in forms.values()):
        return None
    mine: Words = context.words(["node", "form"], node.frame)
    return mine.of_which(lambda form: item in forms[form])


def _owed(context: Context, node: Node, scores: list[Column]) -> Array:
    marks = np.zeros(1, dtype=np.uint8)
    for item, score in zip(node.params["items"], scores, strict=True):
        if score.absent is None:
            continue
        missing = score.absent == MISSING
        mine = owed_by_form(context, node, item)
        marks = np.maximum(marks, np.where(missing if mine is None else missing & mine, MISSING, 0).astype(np.uint8))
    return marks


def tell(teller: Teller, node: Node, row: int) -> Line:
    """Score × weight, item by item; weights of items without data as they went to the others."""
    parts = _parts(teller, node, row)
    shares = _shares(node, parts)
    shown = {item: teller.shown(tree, node.frame, row) for item, tree in _inputs(node).items() if item in parts}
    text = _summed(node, [(shown[item], share) for item, share in shares.items()])
    scale = scale_of(teller, node, row)
    return Line(_dropped(teller, node, parts), text if scale == 1 else times(text, percent(scale)))


def shares_of(teller: Teller, node: Node, row: int) -> dict[str, Fraction]:
    """The weight that each item with data has in the subject's total, what was redistributed included."""
    return _shares(node, _parts(teller, node, row))


def weights_of(teller: Teller, node: Node, row: int) -> dict[str, Fraction]:
    """The weight that each item of the subject's form has by itself, with data or without."""
    return {item: weight for item, (_, weight) in _parts(teller, node, row).items()}


def _shares(node: Node, parts: dict[str, tuple[Fraction | None, Fraction]]) -> dict[str, Fraction]:
    if node.params["spread"] and any(score is None for score, _ in parts.values()):
        return _redistributed(node, parts)
    return {item: share for item, (score, share) in parts.items() if score is not None}


def _summed(node: Node, parts: list[tuple[str, Fraction]]) -> str:
    if node.params["mode"] == "sum":
        return plus([text for text, _ in parts])
    shares = {share for _, share in parts}
    if node.params["mode"] == "mean" and len(shares) == 1 and not node.params["spread"]:
        return over(plus([text for text, _ in parts]), write_number(1 / shares.pop()))
    return plus([times(text, percent(share)) for text, share in parts])


def _inputs(node: Node) -> dict[str, Tree]:
    return dict(zip(node.params["items"], node.inputs, strict=True))


def _parts(teller: Teller, node: Node, row: int) -> dict[str, tuple[Fraction | None, Fraction]]:
    """Score and weight of each item of the subject's own form."""
    form = teller.word(["node", "form"], node.frame, row) if len(node.params["on_form"]) > 1 or "" not in node.params["on_form"] else ""
    mine = [item for item in node.params["items"] if item in node.params["on_form"].get(form, ())]
    chosen = teller.config(node.params["config"]) if node.params["config"] else None
    printed = node.params["weights"].get(form, {})
    weights = {
        item: exact(printed.get(item, "0")) if chosen is None else Fraction(chosen[item]) / Fraction(node.params["full"]) for item in mine
    }
    inputs = _inputs(node)
    return {item: (teller.number(inputs[item], node.frame, row), weights[item]) for item in mine}


def scale_of(teller: Teller, node: Node, row: int) -> Fraction:
    """By what the total of the subject's form is multiplied; 1 where the scheme says nothing."""
    scaled = node.params.get("scaled")
    if not scaled:
        return Fraction(1)
    form = next(iter(scaled)) if len(scaled) == 1 else teller.word(["node", "form"], node.frame, row)
    return exact(scaled.get(form, "0"))


def _redistributed(node: Node, parts: dict[str, tuple[Fraction | None, Fraction]]) -> dict[str, Fraction]:
    """The weight that each item with data has in the end: its own, with its share of what the others left."""
    sections = node.params["sections"] or {"": node.params["items"]}
    members = [[item for item in items if item in parts] for items in sections.values()]
    full = sum((parts[item][1] for items in members for item in items), Fraction(0))
    found: dict[str, Fraction] = {}
    there_in_all = Fraction(0)
    for items in members:
        whole = sum((parts[item][1] for item in items), Fraction(0))
        there = sum((parts[item][1] for item in items if parts[item][0] is not None), Fraction(0))
        if there:
            there_in_all += whole
            found |= {item: parts[item][1] * whole / there for item in items if parts[item][0] is not None}
    return {item: weight * full / there_in_all for item, weight in found.items()}


def _dropped(teller: Teller, node: Node, parts: dict[str, tuple[Fraction | None, Fraction]]) -> str:
    gone = [teller.name("item", item) for item, (score, weight) in parts.items() if score is None and weight]
    if not gone or not node.params["spread"]:
        return ""
    return teller.say(f"{'、'.join(gone)} 没有数据，权重分给其余指标", f"no data for {', '.join(gone)}: the weight goes to the others")


RULE = Rule("weighted", 1, build, apply, tell, "总分 | the total of the items")
