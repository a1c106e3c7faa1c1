"""Odd money: one more cent sold that pays less, deductions from wages, nobody's pay while out of scoring, one fault that costs twice."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from kaohe.linting.finding import Finding
from kaohe.linting.probing import Leaf, Probe
from kaohe.linting.studying import Studied, joined, path_of, says
from kaohe.numbers import number, write_number
from kaohe.plan import PEOPLE, Tree, walk
from kaohe.rules.arithmetic import exact
from kaohe.texts import Text


class PaysLessForMore(Finding):
    """Pay that grows with a figure and falls as the figure crosses an edge: one more cent sold pays less."""

    code = "L030"
    reason = "money"
    zh = "多做反而少拿：{by} {one} 时“{name}”为 {before}，{other} 时只有 {after}{others}"
    en = "more brings less: “{name}” is {before} where {by} is {one}, and only {after} where it is {other}{others}"
    mend_zh = "请改为分段累进（每段只对超出部分用新比例，并带上前面各段之和），或核对各段的起点金额。"
    mend_en = "Let each bracket pay its rate on what lies within it, with the sum of those below, or check the sum it starts from."


class FineFromWages(Finding):
    """Money taken from wages for conduct or points: a fine that a labour inspector would question."""

    code = "L031"
    reason = "labour_law"
    zh = "“{name}”{how}：用人单位没有罚款权（《企业职工奖惩条例》2008 年已废止），劳动监察会问依据"
    en = (
        "“{name}” {how}: employers have no power to fine (the rules that gave it were repealed in 2008), "
        "and a labour inspector would ask for the grounds"
    )
    mend_zh = (
        "请改为少发奖金而不是扣工资；确属赔偿本人造成的损失，要有约定，每月不超过当月工资的 20%，"
        "余额不低于最低工资（《工资支付暂行规定》第十六条）。"
    )
    mend_en = (
        "Let it reduce a bonus instead of wages. Compensation for a loss that somebody caused must be agreed, "
        "takes at most 20% of the month's wage, and leaves the minimum wage (Interim Provisions on Payment of Wages, art. 16)."
    )


class StatePaysNothing(Finding):
    """A state that takes people out of scoring without a word on their pay."""

    code = "L032"
    reason = "money"
    zh = "“{name}”的人不考核，方案却没有说各薪酬项（{lines}）给不给、给多少"
    en = "whoever is “{name}” is not appraised, and nothing says what becomes of their {lines}"
    mend_zh = "请在该状态下写 pay，哪怕是 0；已经干了的日子，通常应按天数折算。"
    mend_en = "Give the state its pay, be it 0; days that were worked are usually paid in proportion."


class PunishedTwice(Finding):
    """A record that costs points and, by itself, money."""

    code = "L033"
    reason = "money"
    zh = "一事两罚：“{event}”既扣分（{item}），又另外影响“{line}”"
    en = "one fault costs twice: “{event}” takes points ({item}) and by itself changes “{line}”"
    mend_zh = "请只留一种；两种都要，请写明理由，并让本人事先知道。"
    mend_en = "Keep one of the two; where both are meant, say why, and let people know beforehand."


# --- more that pays less --------------------------------------------------------------------------


def pays_less_for_more(studied: Studied) -> Iterator[Finding]:
    """Pay lines that fall at an edge although they rise on both sides of it; not those that merely add up such a line."""
    falls: dict[tuple[str, Fraction], Fall] = {}
    for line in studied.pay_lines():
        for fall in (fall for form in studied.forms for by in (FACTS, SCORE) for fall in _falls(studied, line, form, by)):
            falls.setdefault((line, fall.at), fall)
    for (line, at), fall in falls.items():
        parts = {node.id.partition(".")[2] for node in studied.behind(f"pay.{line}")} - {line}
        if not any((part, at) in falls for part in parts):
            id = f"pay.{line}"
            yield PaysLessForMore(
                path_of(id),
                studied.clause(id),
                f"{line}_{write_number(at)}",
                [f"L030_{line}"],
                name=studied.name(id),
                by=fall.by,
                one=fall.one[0],
                before=fall.one[1],
                other=fall.other[0],
                after=fall.other[1],
                others=fall.others,
            )


Standing = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Fall:
    """A fact and the pay that it brings, just before an edge and just behind it; `others` is what else was assumed."""

    at: Fraction
    by: Text
    one: Standing
    other: Standing
    others: Text


FACTS: tuple[str, ...] = ()
SCORE = ("total",)


def _falls(studied: Studied, line: str, form: str, pinned: tuple[str, ...]) -> Iterator[Fall]:
    """Falls of a line as one of its facts rises; or as the total does, where that is pinned."""
    id = f"pay.{line}"
    if not {*pinned} <= {node.id for node in studied.behind(id)}:
        return
    probe = Probe(studied.plan, form, pinned)
    if not probe.node(id):
        probe.extreme(id, high=True)
    for leaf in [leaf for leaf in probe.leaves.values() if _may_rise(leaf, pinned)]:
        kept = leaf.value
        for at in _edges_of(studied, probe, id, leaf):
            found = next((found for step in STEPS if (found := _fall_at(probe, id, leaf, at, step)) is not None), None)
            if found is not None:
                yield Fall(at, _name_of(studied, leaf), *found, _others(studied, probe, id, leaf))
        probe.assume(leaf, kept)


def _may_rise(leaf: Leaf, pinned: tuple[str, ...]) -> bool:
    wanted = leaf.tree[0] == "node" and leaf.tree[1] in pinned if pinned else leaf.tree[0] == "fact"
    return wanted and isinstance(leaf.value, Fraction)


def _others(studied: Studied, probe: Probe, id: str, leaf: Leaf) -> Text:
    """The other facts that the amount rests on, as they were assumed: `（设基本工资 100）`."""
    named = []
    for other in probe.leaves.values():
        if other is not leaf and other.tree[0] == "fact" and isinstance(other.value, Fraction) and _matters(probe, id, other):
            name, value = _name_of(studied, other), write_number(other.value)
            named.append(Text(f"{name.zh} {value}", f"{name.en} is {value}"))
    told = joined(named)
    return Text(f"（设{told.zh}）", f" (where {told.en})") if named else told


def _matters(probe: Probe, id: str, leaf: Leaf) -> bool:
    """Whether another choice of a leaf gives another figure."""
    before = probe.node(id)
    return any(found != before for found in _tried(probe, id, leaf))


def _name_of(studied: Studied, leaf: Leaf) -> Text:
    if leaf.tree[0] == "node":
        return studied.name(leaf.tree[1])
    declared = studied.overall.declared(leaf.tree, leaf.frame)
    return declared.name if declared is not None and declared.name is not None else Text.read(str(leaf.tree[1]).rpartition(".")[2])


def _edges_of(studied: Studied, probe: Probe, id: str, leaf: Leaf) -> list[Fraction]:
    """Where this fact brings some table or condition behind a figure to an edge, the other facts as they are."""
    found: dict[Fraction, None] = {}
    for node in studied.behind(id):
        edges: list[tuple[Tree, str]] = []
        if node.rule in ("tiers@1", "grades@1"):
            edges = [(node.inputs[0], edge) for band in node.params["bands"] for _, edge in band]
        for tree in walk(node.inputs):
            if tree[0] in ("<", "<=", ">", ">="):
                edges += [(one, other[1]) for one, other in (tree[1:], tree[:0:-1]) if other[0] == "num"]
        for tree, edge in edges:
            at = _solved(probe, leaf, tree, node.frame, exact(edge))
            if at is not None:
                found[at] = None
    return list(found)


TRIED = tuple(number(value) for value in ("1000", "2000", "4000", "1", "2", "3", "1/4", "1/2"))


def _solved(probe: Probe, leaf: Leaf, tree: Tree, frame: str, wanted: Fraction) -> Fraction | None:
    """The fact at which a formula that is a straight line in it gives the wanted figure."""
    if frame != PEOPLE:
        return None
    tried = [value for value in TRIED if leaf.extent.has(value)][:3]
    points = []
    for value in tried:
        probe.assume(leaf, value)
        points.append((value, probe.number(tree, frame)))
    if len(points) < 3 or any(figure is None for _, figure in points):
        return None
    (x1, y1), (x2, y2), (x3, y3) = ((x, y) for x, y in points if y is not None)
    slope = (y2 - y1) / (x2 - x1)
    if not slope or y1 + (x3 - x1) * slope != y3:
        return None
    at = x1 + (wanted - y1) / slope
    return at if leaf.extent.has(at) else None


STEPS = tuple(number(step) for step in ("0.01", "1", "100"))  # a cent first; rounded lines rise by more


def _fall_at(probe: Probe, id: str, leaf: Leaf, at: Fraction, step: Fraction) -> tuple[Standing, Standing] | None:
    """The two neighbouring facts of which the greater pays less, although pay rises before and after."""
    seen: list[Standing] = []
    for count in range(-2, 3):
        probe.assume(leaf, at + count * step)
        found = probe.node(id)
        if not leaf.extent.has(at + count * step) or not isinstance(found, Fraction):
            return None
        seen.append((at + count * step, found))
    rises = seen[0][1] < seen[1][1] and seen[3][1] < seen[4][1]
    return next(((one, other) for one, other in pairwise(seen[1:4]) if rises and other[1] < one[1]), None)


# --- deductions -----------------------------------------------------------------------------------

A_DEDUCTION = re.compile(r"扣(工资|薪|款|罚)|罚款|罚金")
A_DEDUCTION_EN = re.compile(r"\b(fine|penalty|wages? deduction|deduction from wages?)\b", re.IGNORECASE)


def fines_from_wages(studied: Studied) -> Iterator[Finding]:
    """Pay lines of people that may be negative, and those called a deduction that take so many yuan a record."""
    if studied.scheme.subjects != "people":
        return
    for name in studied.pay_lines():
        how = _below_zero(studied, name) or _called_a_deduction(studied, name)
        if how is not None:
            id = f"pay.{name}"
            yield FineFromWages(path_of(id), studied.clause(id), name=studied.name(id), how=how)


def _below_zero(studied: Studied, line: str) -> Text | None:
    """Whether a line may be negative: one that adds up others is left to these, and one for time not worked to whoever reads it."""
    id = f"pay.{line}"
    if any(node.id.startswith("pay.") and not node.id.startswith(id) for node in studied.behind(id)) or _is_time_not_worked(studied, id):
        return None
    for form in studied.forms:
        low = studied.by_form[form].node(id).low
        least = None if low is not None and low >= 0 else Probe(studied.plan, form).extreme(id, high=False)
        if least is not None and least < 0:
            return Text("可以是负数，负数就要从工资里扣", "may be negative, and what is negative is taken from wages")
    return None


def _is_time_not_worked(studied: Studied, id: str) -> bool:
    """Whether a line is days or hours at the person's own wage, and looks at no score."""
    trees = list(studied.trees_behind(id))
    spans, wages = any(_counts(tree) and _is_span(studied, tree) for tree in trees), any(_is_wage(studied, tree) for tree in trees)
    return spans and wages and "total" not in {node.id for node in studied.behind(id)}


def _is_span(studied: Studied, tree: Tree) -> bool:
    """Whether records are added up in days or hours."""
    declared = studied.overall.declared(tree[3], tree[2]) if tree[3] is not None and tree[3][0] == "fact" else None
    return declared is not None and declared.kind in ("days", "hours")


def _called_a_deduction(studied: Studied, line: str) -> Text | None:
    name, trees = studied.name(f"pay.{line}"), list(studied.trees_behind(f"pay.{line}"))
    counts, wages = any(_counts(tree) for tree in trees), any(_is_wage(studied, tree) for tree in trees)
    if not counts or wages or not says(name, A_DEDUCTION, A_DEDUCTION_EN):
        return None
    return Text("按记录的次数或天数扣固定的钱", "takes so many yuan for each record or day")


def _is_wage(studied: Studied, tree: Tree) -> bool:
    """Whether a formula looks at money of the person's own: somebody's daily wage is no fixed sum."""
    declared = studied.overall.declared(tree, PEOPLE) if tree[0] == "fact" else None
    return declared is not None and declared.kind == "yuan"


def punished_twice(studied: Studied) -> Iterator[Finding]:
    """Kinds of record that take points in the total and, with the total as it is, money from a pay line."""
    if studied.scheme.total is None:
        return
    in_total = {node.id for node in studied.behind("total")}
    results = {"total", "grade", "rank", "of", *(f"item.{item}" for item in studied.scheme.items if f"item.{item}" in in_total)}
    taken = {kind: item for item in studied.scheme.items if f"item.{item}" in results for kind in _changed_by(studied, f"item.{item}", ())}
    for line in studied.pay_lines():
        id = f"pay.{line}"
        mine = set(_changed_by(studied, id, results, either_way=says(studied.name(id), A_DEDUCTION, A_DEDUCTION_EN)))
        found = [kind for kind in studied.scheme.events if kind in mine and kind in taken]
        if found:
            names, item = joined([studied.event_name(kind) for kind in found]), studied.name(f"item.{taken[found[0]]}")
            yield PunishedTwice(path_of(id), studied.clause(id), event=names, item=item, line=studied.name(id))


def _changed_by(studied: Studied, id: str, pinned: Collection[str], either_way: bool = False) -> Iterator[str]:
    """Kinds of record that lower a figure (or, of a deduction, change it), all else being as it is."""
    for form in studied.forms:
        probe = Probe(studied.plan, form, pinned)
        before = probe.node(id)
        if isinstance(before, Fraction):
            for leaf in [leaf for leaf in probe.leaves.values() if _counts(leaf.tree)]:
                if any(found < before or (either_way and found != before) for found in _tried(probe, id, leaf)):
                    yield leaf.tree[2].partition(".")[2]


def _tried(probe: Probe, id: str, leaf: Leaf) -> list[Fraction]:
    """What a figure comes to with each choice of a leaf."""
    kept, tried = leaf.value, []
    for choice in leaf.choices:
        probe.assume(leaf, choice)
        tried.append(probe.node(id))
    probe.assume(leaf, kept)
    return [found for found in tried if isinstance(found, Fraction)]


def _counts(tree: Tree) -> bool:
    """Whether a leaf is made of the records of one kind."""
    return tree[0] == "agg" and str(tree[2]).startswith("event.")


def states_that_pay_nothing(studied: Studied) -> Iterator[Finding]:
    """States without pay in a scheme that pays."""
    lines = [studied.name(f"pay.{name}") for name in studied.pay_lines()]
    for name, state in studied.scheme.states.items():
        if lines and not state.pay and studied.scheme.subjects == "people":
            yield StatePaysNothing(("states", name), state.clause, name=state.name, lines=joined(lines))


LINTS = (pays_less_for_more, fines_from_wages, states_that_pay_nothing, punished_twice)
