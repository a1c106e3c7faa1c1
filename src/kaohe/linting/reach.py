"""What can never come out: a grade out of reach, an item that moves nothing, an end that never bites, a condition decided beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from kaohe.linting.extents import ZERO, Extent, point
from kaohe.linting.finding import Finding
from kaohe.linting.reckoning import Reckoning, scores_of, weights_of
from kaohe.linting.studying import Studied, path_of
from kaohe.numbers import write_number
from kaohe.plan import Node, Tree, node_ids
from kaohe.rules.arithmetic import exact
from kaohe.rules.bands import Band
from kaohe.texts import Text


class GradeOutOfReach(Finding):
    """A grade that nobody can get, or nobody on one form."""

    code = "L010"
    reason = "reach"
    zh = "等级“{grade}”{form}无人可得：{by}只能是 {range}"
    en = "nobody{form} can get grade {grade}: {by} can only be {range}"
    mend_zh = "请核对等级界限、满分与扣分的步长；本来就不会有的等级请删去。"
    mend_en = "Check the edges, the full marks and the steps of the deductions; remove a grade that is not meant to be given."


class ItemMovesNothing(Finding):
    """An item that changes no result, whatever its facts."""

    code = "L011"
    reason = "reach"
    zh = "指标“{name}”什么也改变不了：{why}"
    en = "the item “{name}” changes nothing: {why}"
    mend_zh = "请给它权重或去掉它；只作参考的数请写进 figures 并加 show: yes。"
    mend_en = "Give it a weight or take it out; a figure for information belongs to figures, with show: yes."


class ItemCannotMoveGrade(Finding):
    """An item too small to bring anybody from one grade to another."""

    code = "L012"
    reason = "reach"
    zh = "指标“{name}”改变不了任何人的等级{form}：它最多动 {swing} 分，其余指标合计只能是 {others}，够不到任何界限"
    en = "the item “{name}” moves nobody's grade{form}: it makes {swing} points at most, the others add up to {others}, and no edge is near"
    mend_zh = "请加大它的权重、调整等级界限，或承认它只影响分数。"
    mend_en = "Give it more weight or move the edges, or say that it counts for the points alone."


class EndNeverBites(Finding):
    """A floor or cap beyond all that the figure can be."""

    code = "L013"
    reason = "reach"
    zh = "“{name}”的{end}写为 {limit}，永远用不上：这个数只能是 {range}"
    en = "the {end} of {limit} on “{name}” never bites: the figure can only be {range}"
    mend_zh = "请删去，或核对是否写错了数。"
    mend_en = "Remove it, or check whether another number was meant."


class DecidedBeforehand(Finding):
    """A condition that never holds, or holds for everybody."""

    code = "L014"
    reason = "reach"
    zh = "“{name}”的条件{how}：不论数据如何都是这样"
    en = "the condition of “{name}” {how}, whatever the facts"
    mend_zh = "请核对条件里的数与等级；用不上的请删去。"
    mend_en = "Check the numbers and grades in the condition; remove what is not needed."


FLOOR, CAP = Text("下限", "floor"), Text("上限", "cap")
NEVER, ALWAYS = Text("永远不成立", "never holds"), Text("对人人都成立", "holds for everybody")


# --- grades ---------------------------------------------------------------------------------------


def grades_out_of_reach(studied: Studied) -> Iterator[Finding]:
    """Grades that no form can bring, then those that one form cannot."""
    grades = studied.scheme.grades
    if grades is None:
        return
    given = {form: on.grades() for form, on in studied.by_form.items()}
    for grade in grades.rows:
        lacking = [form for form, found in given.items() if grade not in found]
        for form in [""] if len(lacking) == len(given) else lacking:
            yield _out_of_reach(studied, grade, form)


def _out_of_reach(studied: Studied, grade: str, form: str) -> Finding:
    grades, node = studied.scheme.grades, studied.plan.nodes["grade"]
    assert grades is not None
    on = studied.by_form.get(form, studied.overall)
    by = studied.name(node.inputs[0][1]) if node.inputs[0][0] == "node" else Text.read(grades.by)
    name = studied.form_name(form)
    where = Text(f"（{name.zh}）", f" with the form “{name.en}”") if form else Text("", "")
    extent = told(on.of(node.inputs[0], node.frame)) if node.rule == "grades@1" else Text("条件所说的", "what its condition says")
    clause = grades.rows[grade].clause or grades.clause
    key = f"{grade}_{form}" if form else grade
    path, known_as = ("grades", "rows", grade), studied.grade_name(grade)
    return GradeOutOfReach(path, clause, key, [f"grade_{grade}", f"L010_{grade}"], grade=known_as, form=where, by=by, range=extent)


def told(extent: Extent) -> Text:
    """An extent in words: `0 to 100 in steps of 20`."""
    low, high = (None if end is None else write_number(end) for end in (extent.low, extent.high))
    if low is None or high is None:
        ends = Text("任意数", "any number")
        ends = ends if low is None else Text(f"不小于 {low}", f"{low} or more")
        ends = ends if high is None else Text(f"不大于 {high}", f"{high} or less")
    elif low == high:
        return Text(low, low)
    elif extent.low is not None and extent.high is not None and extent.high - extent.low == extent.step:
        return Text(f"{low} 或 {high}", f"{low} or {high}")
    else:
        ends = Text(f"{low} 到 {high}", f"{low} to {high}")
    step = write_number(extent.step) if extent.step else ""
    return Text(f"{ends.zh}，每 {step} 一级", f"{ends.en} in steps of {step}") if step else ends


# --- items ----------------------------------------------------------------------------------------


def items_that_move_nothing(studied: Studied) -> Iterator[Finding]:
    """Items without weight, items that always give the same, items beside the total that nothing else looks at."""
    raw, plan = studied.raw, studied.plan
    if studied.scheme.total is None:
        return
    trees = [node.inputs for node in plan.nodes.values() if node is not raw]
    looked_at = set(node_ids([trees, [must["tree"] for must in plan.musts], list(plan.groups.values())]))
    for name, item in studied.scheme.items.items():
        if f"item.{name}" not in looked_at:
            why = BESIDE if raw is None or not item.in_total else _idle(studied, raw, name)
            if why is not None:
                yield ItemMovesNothing(("items", name), item.clause, name=studied.name(f"item.{name}"), why=why)


BESIDE = Text("它不计入总分，也没有别处用到", "it is not in the total, and nothing else looks at it")


def _idle(studied: Studied, raw: Node, name: str) -> Text | None:
    """Why an item of the total adds nothing on any form; None where it does."""
    forms = [form for form in studied.forms if name in raw.params["on_form"][form]]
    if not raw.params["config"] and forms and all(not weights_of(raw, form).get(name) for form in forms):
        return Text("权重是 0", "its weight is 0")
    extent = studied.overall.node(f"item.{name}")
    if not extent.is_one or extent.low is None:
        return None
    value = write_number(extent.low)
    return Text(f"不论记录如何都是 {value} 分", f"it is {value} whatever is recorded")


@dataclass(frozen=True)
class Edge:
    """An edge of the grades as the raw total meets it."""

    at: Fraction
    is_above: bool


def items_that_cannot_move_the_grade(studied: Studied) -> Iterator[Finding]:
    """Items whose points cannot make up the distance to any edge, on one form or another."""
    raw, edges = studied.raw, _edges(studied)
    if raw is None or edges is None or raw.params["config"] or raw.params["spread"]:
        return
    for form in studied.forms:
        parts = _parts(studied, raw, form)
        for item, mine in parts.items():
            others = point(ZERO)
            for other, part in parts.items():
                others = others if other == item else others + part
            swing = _swing(mine)
            if swing and not any(_crosses(edge, mine, others) for edge in edges):
                name, clause = studied.name(f"item.{item}"), studied.scheme.items[item].clause
                key, where = f"{item}_{form}" if form else item, studied.on_form(form)
                yield ItemCannotMoveGrade(("items", item), clause, key, name=name, form=where, swing=swing, others=told(others))


def _swing(mine: Extent) -> Fraction | None:
    """How much an item may make in all; None where that has no end."""
    return None if mine.low is None or mine.high is None else mine.high - mine.low


def _parts(studied: Studied, raw: Node, form: str) -> dict[str, Extent]:
    """What each item of a form adds to the raw total."""
    weights = weights_of(raw, form)
    scale = exact(raw.params["scaled"].get(form, "1")) if raw.params.get("scaled") else Fraction(1)
    scores = scores_of(studied.by_form[form], raw, form)
    return {item: score.times(weights.get(item, ZERO) * scale) for item, score in scores.items()}


def _crosses(edge: Edge, mine: Extent, others: Extent) -> bool:
    """Whether there are others with whom this item's least stays below the edge and its most does not."""
    assert mine.low is not None
    assert mine.high is not None
    return others.meets(edge.at - mine.high, edge.at - mine.low, edge.is_above, not edge.is_above)


def _edges(studied: Studied) -> list[Edge] | None:
    """The edges of the grades in points of the raw total; None where something stands between that is not a straight line."""
    grade = studied.plan.nodes.get("grade")
    if grade is None or grade.rule != "grades@1" or grade.inputs[0] != ["node", "total"]:
        return None
    bands = [Band.read(band) for band in grade.params["bands"]]
    edges = list(dict.fromkeys(Edge(edge, side in ("above", "up_to")) for band in bands for side, edge in band.edges))
    tree: Tree = studied.plan.nodes["total"].inputs[0]
    while tree != ["node", "total.raw"]:
        node = studied.plan.nodes[tree[1]] if tree[0] == "node" else None
        step = None if node is None else _held(node, edges, studied.overall) if node.rule == "adjust@1" else _straight(node, edges)
        if step is None:
            return None
        tree, edges = step
    return edges


def _held(node: Node, edges: list[Edge], on: Reckoning) -> tuple[Tree, list[Edge]] | None:
    """Edges that a floor or a cap puts out of reach are none."""
    parts = dict(zip(node.params["roles"], node.inputs, strict=True))
    if set(parts) - {"base", "floor", "cap"} or "round" in node.params:
        return None
    floor, cap = (on.of(parts[end], node.frame).low if end in parts else None for end in ("floor", "cap"))
    kept = [edge for edge in edges if (floor is None or edge.at > floor or (edge.is_above and edge.at == floor))]
    kept = [edge for edge in kept if cap is None or edge.at < cap or (edge.at == cap and not edge.is_above)]
    return parts["base"], kept


def _straight(node: Node, edges: list[Edge]) -> tuple[Tree, list[Edge]] | None:
    """Edges before `a + b × score`, b being above 0."""
    found = _line(node.inputs[0]) if node.rule in ("formula@1", "masked@1") else None
    if found is None:
        return None
    inner, start, slope = found
    return inner, [Edge((edge.at - start) / slope, edge.is_above) for edge in edges]


def _line(tree: Tree) -> tuple[Tree, Fraction, Fraction] | None:
    """A formula as a figure, what is added to it, and by what it is multiplied."""
    if tree[0] == "node":
        return tree, ZERO, Fraction(1)
    if tree[0] not in ("+", "-", "*", "/") or (tree[1][0] == "num") == (tree[2][0] == "num"):
        return None
    constant, other = (tree[1], tree[2]) if tree[1][0] == "num" else (tree[2], tree[1])
    inner, number = _line(other), exact(constant[1])
    if inner is None or (tree[1] is constant and tree[0] in ("-", "/")) or (tree[0] in ("*", "/") and number <= 0):
        return None
    figure, start, slope = inner
    if tree[0] in ("+", "-"):
        return figure, start + (number if tree[0] == "+" else -number), slope
    factor = number if tree[0] == "*" else 1 / number
    return figure, start * factor, slope * factor


# --- ends and conditions --------------------------------------------------------------------------


def ends_that_never_bite(studied: Studied) -> Iterator[Finding]:
    """Floors below all that a figure can be, caps above it; one that only repeats its end is left alone."""
    for node in studied.plan.nodes.values():
        if node.rule == "adjust@1":
            yield from _idle_ends(studied, node)


def _idle_ends(studied: Studied, node: Node) -> Iterator[Finding]:
    parts = {
        role: studied.overall.of(tree, node.frame)
        for role, tree in zip(node.params["roles"], node.inputs, strict=True)
        if role != "drops_if"
    }
    found = point(ZERO)
    for role, part in parts.items():
        found = found + part if role[:4] in ("base", "plus") else found
    for side, words in (("floor", FLOOR), ("cap", CAP)):
        limit = parts[side].low if side in parts and parts[side].is_one else None
        end = found.low if side == "floor" else found.high
        if limit is not None and end is not None and (limit < end if side == "floor" else limit > end):
            home = node.id.removesuffix(".held")
            key = path_of(home)
            yield EndNeverBites(key, node.clause, f"{key[-1]}_{side}", name=studied.name(home), end=words, limit=limit, range=told(found))


def decided_beforehand(studied: Studied) -> Iterator[Finding]:
    """Actions, warnings and states whose condition no fact can change."""
    for kind, home in (("action", studied.scheme.actions), ("warning", studied.scheme.warnings), ("state", studied.scheme.states)):
        for name, entry in home.items():
            node = studied.plan.nodes[f"{kind}.{name}"]
            holds = studied.overall.holds(node.inputs[0], node.frame)
            if holds is not None:
                yield DecidedBeforehand((f"{kind}s", name), entry.clause, name=entry.name, how=ALWAYS if holds else NEVER)


LINTS = (grades_out_of_reach, items_that_move_nothing, items_that_cannot_move_the_grade, ends_that_never_bite, decided_beforehand)
