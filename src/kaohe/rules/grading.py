"""Words by bands or conditions: grades, forms, states; and the further columns of a grade."""

from __future__ import annotations


import numpy as np

from kaohe.columns import MISSING, NONE, AnyColumn, Column, Words
from kaohe.numbers import number, write_number
from kaohe.plan import Node
from kaohe.problems import Place
from kaohe.rules.bands import Band, band_of_each
from kaohe.rules.door import Builder, Context, Draft, Line, Rule, Teller
from kaohe.scheme import Body


def build(builder: Builder, body: Body, frame: str, place: Place) -> Draft:
    """Grades are not written as a body; the compiler makes their nodes."""
    raise NotImplementedError("grades are made from `grades:`")


def apply_bands(context: Context, node: Node) -> Words:
    """The grade whose band holds the figure; no grade where the figure is absent."""
    figure = context.number(node.inputs[0], node.frame)
    bands = [Band.read(band) for band in node.params["bands"]]
    return Words(band_of_each(figure, bands), node.vocabulary or [])


def tell_bands(teller: Teller, node: Node, row: int) -> Line:
    """The figure and the edge that it met."""
    figure = teller.number(node.inputs[0], node.frame, row)
    if figure is None:
        return Line()
    for place, written in enumerate(node.params["bands"]):
        band = Band.read(written)
        if band.holds(figure):
            edges = ", ".join(part for part in (band.tell(teller.language), _until(node, place, band)) if part)
            return Line(f"{write_number(figure)} → {(node.vocabulary or [])[place]} ({edges})")
    return Line()


def _until(node: Node, place: int, band: Band) -> str:
    """Where the better band begins: what keeps the figure out of it."""
    if place == 0 or len(band.edges) > 1:
        return ""
    better = Band.read(node.params["bands"][place - 1])
    signs = {"from": "<", "above": "≤", "below": "≥", "up_to": ">"}
    return ", ".join(f"{signs[side]}{write_number(edge)}" for side, edge in better.edges[:1])


def apply_cases(context: Context, node: Node) -> Words:
    """The first word whose condition holds; no word where none does."""
    size = context.size(node.frame)
    codes = np.full(size, -1, dtype=np.int64)
    for place, tree in enumerate(node.inputs):
        holds = np.broadcast_to(context.truth(tree, node.frame).yes, (size,))
        codes = np.where((codes < 0) & holds, place, codes)
    return Words(codes, node.vocabulary or [])


def tell_cases(teller: Teller, node: Node, row: int) -> Line:
    """Nothing to add to the word itself."""
    return Line()


def apply_lookup(context: Context, node: Node) -> AnyColumn:
    """What the table holds beside each row's grade."""
    grade = context.words(node.inputs[0], node.frame)
    table = [node.params["table"].get(word) for word in grade.vocabulary]
    if node.kind == "words":
        vocabulary = node.vocabulary or []
        codes = np.array([-1 if word is None else vocabulary.index(word) for word in table] + [-1], dtype=np.int64)
        return Words(codes[grade.codes], vocabulary)
    numbers = Column.of([None if word is None else number(word) for word in table] + [None], NONE)
    return numbers.take(grade.codes)


def tell_lookup(teller: Teller, node: Node, row: int) -> Line:
    """What the table says."""
    value = teller.figure(node, row)
    return Line("", "" if value is None else write_number(value))


def apply_past_grade(context: Context, node: Node) -> Words:
    """An earlier period's grade: as recorded, or by that period's total where it is not."""
    recorded = context.words(["fact", "grade"], node.frame)
    bands = [Band.read(band) for band in node.params["bands"]]
    vocabulary = node.vocabulary or []
    by_total = band_of_each(context.number(["fact", "total"], node.frame), bands)
    mine = recorded.recoded(vocabulary)
    return Words(np.where(mine >= 0, mine, np.where(recorded.codes >= 0, -1, by_total)), vocabulary)


def apply_pick(context: Context, node: Node) -> Column:
    """Of several readings of one item, the one that each person's form has."""
    forms = context.words(["node", "form"], node.frame)
    found = Column.none(NONE)
    for tree, having in zip(node.inputs, node.params["forms"], strict=True):
        codes = [code for code, form in enumerate(forms.vocabulary) if form in having]
        found = context.number(tree, node.frame).where(np.isin(forms.codes, codes), found)
    return found


def tell_pick(teller: Teller, node: Node, row: int) -> Line:
    """The reading of the person's own form."""
    for tree in node.inputs:
        if teller.number(tree, node.frame, row) == teller.figure(node, row):
            return Line("", teller.shown(tree, node.frame, row))
    return Line()


def apply_masked(context: Context, node: Node) -> Column:
    """A result that only those have who are assessed; it waits for `complete` where that is asked."""
    found = context.number(node.inputs[0], node.frame)
    for owed in node.inputs[1:]:
        absent = context.value(owed, node.frame).absent
        found = found if absent is None else found.remark(np.where(absent != 0, MISSING, 0).astype(np.uint8))
    if node.params.get("assessed"):
        assessed = context.truth(["assessed"], node.frame).yes
        found = found.remark(np.where(assessed, 0, NONE).astype(np.uint8))
    if node.params.get("complete"):
        whole = context.truth(["whole", node.params["complete"]], node.frame).yes
        found = found.remark(np.where(whole, 0, MISSING).astype(np.uint8))
    return found


def tell_masked(teller: Teller, node: Node, row: int) -> Line:
    """The figure itself."""
    value = teller.figure(node, row)
    return Line("", "" if value is None else teller.shown(node.inputs[0], node.frame, row))


def apply_gather(context: Context, node: Node) -> Column:
    """The sum over a person's weeks (or other parts); a part with nothing to measure adds nothing."""
    return context.links(node.params["from"], node.frame).sum(context.number(node.inputs[0], node.params["from"]))


def tell_gather(teller: Teller, node: Node, row: int) -> Line:
    """The figures of the parts."""
    return teller.parts(node, row)


def _nothing(teller: Teller, node: Node, row: int) -> Line:
    return Line()


RULES = (
    Rule("grades", 1, build, apply_bands, tell_bands, "等级 | grades by bands"),
    Rule("cases", 1, build, apply_cases, tell_cases, "按条件取词 | words by conditions"),
    Rule("lookup", 1, build, apply_lookup, tell_lookup, "等级表的其他列 | further columns of the grade table"),
    Rule("past_grade", 1, build, apply_past_grade, _nothing, "往期等级 | grades of earlier periods"),
    Rule("pick", 1, build, apply_pick, tell_pick, "按考核表取 | by form"),
    Rule("masked", 1, build, apply_masked, tell_masked, "仅对被考核人 | for those assessed"),
    Rule("gather", 1, build, apply_gather, tell_gather, "合计各部分 | the sum of parts"),
)
