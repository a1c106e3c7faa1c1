"""Whether points add up: weights of 90 %, full marks of 95, a total that leaves its own scale, printed lines that miss their sum."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kaohe.linting.extents import ZERO
from kaohe.linting.finding import Finding
from kaohe.linting.probing import Probe
from kaohe.linting.studying import Studied, joined, path_of
from kaohe.numbers import number, parse_number, write_number
from kaohe.plan import Node, Tree
from kaohe.problems import Problem

USUAL_FULL_MARKS = {number(marks) for marks in ("1", "5", "10", "50", "100", "120", "150", "200", "1000")}


class WeightsNotFull(Finding):
    """Weights that do not add up to 100 %."""

    code = "L001"
    reason = "adds_up"
    zh = "{form}的权重合计 {found}，不是 100%"
    en = "the weights of {form} add up to {found}, not 100%"
    mend_zh = "请补足缺少的权重，或写明按比例放大；等级界限是按 100% 定的，缺的部分人人都拿不到。"
    mend_en = "Add the weight that is lacking, or say that the rest is scaled up: grades are set for 100%, and nobody can get the rest."


class OddFullMarks(Finding):
    """Items whose full marks add up to an unusual sum, such as 95 or 80."""

    code = "L002"
    reason = "adds_up"
    zh = "各项满分{form}合计 {found} 分，不是 100 分"
    en = "the full marks{form} add up to {found}, not 100"
    mend_zh = "请补上漏写的指标，或写明满分就是 {found} 分；“90 分以上”之类的说法在这里不是原来的意思。"
    mend_en = "Add the item that was left out, or say that {found} is meant: “90 and above” means something else here."


class ScaleMissed(Finding):
    """A total that cannot reach its scale, or may go beyond it."""

    code = "L003"
    reason = "adds_up"
    zh = "写明满分 {scale}，总分{form}最高却是 {found}"
    en = "the scale says {scale}, but the total{form} runs up to {found}"
    mend_zh = "请核对 scale、各项满分与权重；超出是有意的，请写上限 cap，或把满分改为 {found}。"
    mend_en = "Check the scale, full marks and weights; where more is meant, write a cap, or make {found} the scale."


class TotalBelowZero(Finding):
    """A total with full marks that deductions may take below zero."""

    code = "L004"
    reason = "adds_up"
    zh = "满分 {scale} 的总分可能低于 0：扣分没有到 0 为止"
    en = "the total of {scale} full marks may go below 0: nothing stops the deductions there"
    mend_zh = "请写 total: {{floor: 0}}，或说明负分意味着什么。"
    mend_en = "Write total: {{floor: 0}}, or say what a negative total means."


class LinesDoNotAddUp(Finding):
    """A pay line that adds up other lines before they are rounded."""

    code = "L005"
    reason = "adds_up"
    zh = "{name}由{lines}相加，用的是取整前的数：工资条上各行之和可能与它差几分"
    en = "{name} adds up {lines} before they are rounded: the printed lines may miss it by some cents"
    mend_zh = "请先取整再相加，例如 rounded(pay.{first})，或在工资条上注明合计另行取整。"
    mend_en = "Round first, for example rounded(pay.{first}), or say on the pay slip that the sum is rounded by itself."


def weights_full(studied: Studied) -> Iterator[Finding]:
    """Forms whose printed weights do not add up."""
    total, raw = studied.scheme.total, studied.raw
    if total is None or raw is None or raw.params["mode"] != "weighted sum" or raw.params["config"]:
        return
    for form in studied.forms:
        found = _printed(studied, raw, form)
        if found and found != 1:
            path, clause = _form_path(studied, form)
            key = f"weights_{write_number(found * 100).replace('.', '_')}"
            name = studied.form_name(form) if form else studied.name("total")
            yield WeightsNotFull(path, clause, form or "total", [key], form=name, found=f"{write_number(found * 100)}%")


def _form_path(studied: Studied, form: str) -> tuple[tuple[str, ...], str]:
    total = studied.scheme.total
    if not form:
        return ("total",), "" if total is None else total.clause
    return ("forms", form), studied.scheme.forms[form].clause


def _printed(studied: Studied, raw: Node, form: str) -> Fraction:
    """The sum of the weights as they are printed, 1 being all."""
    entry = studied.scheme.forms.get(form)
    own = [
        weight if entry is not None and (weight := entry.items[item].weight) is not None else _number(studied.scheme.items[item].weight)
        for item in raw.params["on_form"][form]
        if item in raw.params["items"]
    ]
    found = sum(own, ZERO)
    return found / 100 if found > 2 else found


def _number(text: str | None) -> Fraction:
    found = parse_number(text or "0")
    return ZERO if isinstance(found, Problem) else found


def full_marks(studied: Studied) -> Iterator[Finding]:
    """Forms whose items add up to unusual full marks."""
    raw = studied.raw
    if studied.scheme.scale is None or raw is None or raw.params["mode"] != "sum" or raw.params.get("scaled"):
        return
    for form in studied.forms:
        most = studied.total(form).high
        if most is not None and most > 1 and most not in USUAL_FULL_MARKS:
            path, clause = _form_path(studied, form)
            yield OddFullMarks(path, clause, form or "total", form=studied.on_form(form), found=most)


def scale_reached(studied: Studied) -> Iterator[Finding]:
    """Totals that end above or below the scale."""
    scale = studied.scheme.scale
    if scale is None or studied.scheme.total is None:
        return
    lacking = {finding.key for finding in weights_full(studied)}
    for form in studied.forms:
        most = studied.total(form).high
        if most is None or most == scale or (most < scale and (form or "total") in lacking):
            continue
        if most < scale or _goes_to(studied, form, most):
            path, clause = _form_path(studied, form)
            yield ScaleMissed(path, clause, form or "total", form=studied.on_form(form), found=most, scale=scale)


def _goes_to(studied: Studied, form: str, most: Fraction) -> bool:
    """Whether facts can be thought of that bring the total there."""
    return Probe(studied.plan, form).extreme("total", high=True) == most


def total_below_zero(studied: Studied) -> Iterator[Finding]:
    """Totals of a scale that deductions may take below zero."""
    scheme = studied.scheme
    if scheme.scale is None or scheme.total is None:
        return
    for form in studied.forms:
        low = studied.total(form).low
        least = Probe(studied.plan, form).extreme("total", high=False) if low is None or low < 0 else None
        if least is not None and least < 0:
            path, clause = _form_path(studied, form)
            yield TotalBelowZero(path, clause, form or "total", scale=scheme.scale)


def lines_add_up(studied: Studied) -> Iterator[Finding]:
    """Pay lines that are sums of lines which are rounded only when they are printed."""
    pay = studied.scheme.pay
    if pay is None or pay.round is None:
        return
    for name in studied.pay_lines():
        node = studied.plan.nodes[f"pay.{name}"]
        loose = [id for id in _addends(node.inputs[0]) if id.startswith("pay.") and _has_parts(studied, id, pay.round.to)]
        if len(loose) > 1:
            lines = joined([studied.name(id) for id in loose])
            yield LinesDoNotAddUp(
                path_of(node.id), studied.clause(node.id), name=studied.name(node.id), lines=lines, first=loose[0].partition(".")[2]
            )


def _addends(tree: Tree) -> Iterator[str]:
    """The figures that a sum adds up as they are."""
    if tree[0] == "node":
        yield tree[1]
    elif tree[0] == "+" or tree[:2] == ["call", "sum"]:
        for part in tree[1:] if tree[0] == "+" else tree[2:]:
            yield from _addends(part)


def _has_parts(studied: Studied, id: str, place: Fraction) -> bool:
    """Whether a figure may have more decimals than are printed."""
    return studied.overall.node(id).rounded(place, "half_up") != studied.overall.node(id)


LINTS = (weights_full, full_marks, scale_reached, total_below_zero, lines_add_up)
