"""Words by bands or conditions: grades, forms, states; and the further columns of a grade."""

from __future__ import annotations

import numpy as np

from kaohe.columns import MISSING, NONE, AnyColumn, Column, Words
from kaohe.numbers import number
from kaohe.plan import Node
from kaohe.problems import Place
from kaohe.rules.arithmetic import plus, shortly
from kaohe.rules.bands import Band, band_of_each, between
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
    """The figure and the edges between which it fell."""
    teller.shown(node.inputs[0], node.frame, row)
    figure = teller.number(node.inputs[0], node.frame, row)
    bands = teller.once(node, "bands", lambda: [Band.read(written) for written in node.params["bands"]])
    met = next((place for place, band in enumerate(bands) if figure is not None and band.holds(figure)), None)
    if figure is None or met is None:
        return Line()
    grade = teller.name("grade", (node.vocabulary or [])[met])
    edges = teller.once(node, f"edges {met}", lambda: between(bands, met, teller.language))
    return Line(f"{shortly(figure)} → {grade} ({edges})")


def apply_cases(context: Context, node: Node) -> Words:
    """The first word whose condition holds; no word where none does."""
    size = context.size(node.frame)
    codes = np.full(size, -1, dtype=np.int64)
    for place, tree in enumerate(node.inputs):
        holds = np.broadcast_to(context.truth(tree, node.frame).yes, (size,))
        codes = np.where((codes < 0) & holds, place, codes)
    return Words(codes, node.vocabulary or [])


def tell_cases(teller: Teller, node: Node, row: int) -> Line:
    """Why the first condition that holds does hold."""
    met = next((tree for tree in node.inputs if teller.holds(tree, node.frame, row)), None)
    return Line("" if met is None else teller.reason(met, node.frame, row))


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
    """The grade by which the table was read."""
    teller.shown(node.inputs[0], node.frame, row)
    grade = teller.word(node.inputs[0], node.frame, row)
    return Line("" if grade is None else teller.say(f"等级 {teller.name('grade', grade)}", f"grade {teller.name('grade', grade)}"))


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
        found = context.number(tree, node.frame).where(forms.of_which(having.__contains__), found)
    return found


def tell_pick(teller: Teller, node: Node, row: int) -> Line:
    """The reading of the person's own form."""
    form = teller.word(["node", "form"], node.frame, row)
    mine = [tree for tree, forms in zip(node.inputs, node.params["forms"], strict=True) if form in forms]
    return Line("", teller.shown(mine[0], node.frame, row) if mine else "")


def apply_masked(context: Context, node: Node) -> Column:
    """A result that only those have who are assessed; it waits for `complete` where that is asked."""
    found = context.number(node.inputs[0], node.frame)
    for owed in node.inputs[1:]:
        absent = context.value(owed, node.frame).absent
        found = found if absent is None else found.remark(np.where(absent != 0, MISSING, 0).astype(np.uint8))
    if node.params.get("assessed"):
        assessed = context.truth(["assessed"], node.frame).yes
        found = found.where(assessed, Column.none())  # who is taken out owes nothing to anybody's pool or mean
    if node.params.get("complete"):
        whole = context.truth(["whole", node.params["complete"]], node.frame).yes
        found = found.remark(np.where(whole, 0, MISSING).astype(np.uint8))
    return found


def tell_masked(teller: Teller, node: Node, row: int) -> Line:
    """The figure itself; where it is withheld, what somebody owes."""
    shown = teller.shown(node.inputs[0], node.frame, row)
    if teller.figure(node, row) is not None:
        return Line("", shown)
    for owed in node.inputs[1:]:
        teller.shown(owed, node.frame, row)
    waits = node.params.get("complete") and shown
    return Line(teller.say("等全员结果齐备", "waits until everybody is complete") if waits else "")


def apply_gather(context: Context, node: Node) -> Column:
    """The sum over a person's weeks (or other parts); a part with nothing to measure adds nothing."""
    return context.links(node.params["from"], node.frame).sum(context.number(node.inputs[0], node.params["from"]))


def tell_gather(teller: Teller, node: Node, row: int) -> Line:
    """The figures of the parts, those without data left out."""
    below, (tree,) = node.params["from"], node.inputs
    parts = teller.rows(below, node.frame, row)
    told = [part for part in parts if teller.mark(tree, below, part) != NONE]
    given = [text for text in [teller.shown(tree, below, part) for part in told] if text]
    empty = len(parts) - len(told)
    part = teller.name("source", below)
    words = teller.say(f"{empty} {part}没有数据", f"no data for {empty} of them ({part})") if empty else ""
    return Line(words, plus(given) if given else "")


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
