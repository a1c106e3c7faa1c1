"""Items into one total: a sum, a weighted sum, a mean; weights of items without data go to the others."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from kaohe.columns import MISSING, Array, Column, Ints, Words
from kaohe.numbers import number
from kaohe.plan import Node
from kaohe.problems import Place
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
    having = [code for code, form in enumerate(mine.vocabulary) if item in forms[form]]
    return np.isin(mine.codes, having)


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
    """Score × weight, item by item."""
    return teller.weighted(node, row)


RULE = Rule("weighted", 1, build, apply, tell, "总分 | the total of the items")
