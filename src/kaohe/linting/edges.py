"""Odd edges: taken both ways, a hole between bands, points that turn back, a grade that gives less, an edge that rounding hides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from kaohe.linting.extents import ZERO, Extent
from kaohe.linting.finding import Finding
from kaohe.linting.reckoning import stretches
from kaohe.linting.studying import Studied, path_of
from kaohe.numbers import round_number, write_number
from kaohe.plan import PEOPLE, Node, Tree, walk
from kaohe.rules.arithmetic import exact
from kaohe.rules.bands import Band
from kaohe.scheme import Rounding
from kaohe.texts import Text


class EdgesBothWays(Finding):
    """A table in which one edge belongs to the band above it and the next to the band below."""

    code = "L020"
    reason = "edges"
    zh = "“{name}”的分档对边界的说法不一：恰好 {one} 的与比它大的同档，恰好 {other} 的与比它小的同档"
    en = "the bands of “{name}” treat their edges differently: exactly {one} goes with what is more, exactly {other} with what is less"
    mend_zh = "请统一：都含本数（from、up_to），或都不含（above、below）；有意如此，请在原文里写明边界归谁。"
    mend_en = (
        "Let all edges include their number (from, up_to) or none of them (above, below); else let the document say whose each edge is."
    )


class HoleInBands(Finding):
    """Values between two bands that fall through to `else`, such as 89.5 between 80..89 and 90..100."""

    code = "L021"
    reason = "edges"
    zh = "“{name}”的 {low} 与 {high} 之间没有档，{value} 落到最后的“其余”里，得 {gives}"
    en = "no band of “{name}” holds what lies between {low} and {high}: {value} falls to `else` and gives {gives}"
    mend_zh = "相邻两档请只写一个边界，例如 from: {high}；数值只能是整数时请声明 whole。"
    mend_en = "Write one edge for two neighbouring bands, such as from: {high}; declare the figure whole where it has no decimals."


class PointsTurnBack(Finding):
    """A table whose points go down and up again as the figure rises."""

    code = "L022"
    reason = "edges"
    zh = "“{name}”随着数值升高先降后升：{steps}"
    en = "the points of “{name}” fall and rise again as the figure goes up: {steps}"
    mend_zh = "请核对各档的分数是否写反了；有意如此请说明原因。"
    mend_en = "Check whether the points of two bands were swapped; where it is meant so, say why."


class GradeGivesLess(Finding):
    """A better grade with less than the one below it, where others have more."""

    code = "L023"
    reason = "edges"
    zh = "等级表的“{name}”时高时低：{steps}"
    en = "“{name}” goes up and down along the grades: {steps}"
    mend_zh = "请核对各等级的数是否写错了行。"
    mend_en = "Check whether two grades have each other's number."


class ShownOnTheEdge(Finding):
    """A total that is shown rounded and graded exactly, so that somebody shown on the edge may be below it."""

    code = "L024"
    reason = "edges"
    zh = "总分四舍五入到 {to} 显示，却按精确值定级：{example} 显示为 {edge}，仍不到 {grade}"
    en = "the total is shown rounded to {to} and graded exactly: {example} is shown as {edge} and is still not {grade}"
    mend_zh = "请把取整写进总分（round: {to}），或在成绩单上同时给出精确值。"
    mend_en = "Round the total itself (round: {to}), or show the exact figure beside it."


class FewRecordsDecide(Finding):
    """An edge so near to all or nothing that among few records a single one decides."""

    code = "L025"
    reason = "edges"
    zh = "“{name}”以 {edge} 为界，却没有起码的样本量：总数不足 {count} 件时，一件就决定在哪一档"
    en = "“{name}” has an edge at {edge} and no least number of cases: with fewer than {count}, a single one decides the band"
    mend_zh = "请规定总数不足多少件时不计，或改按件数计分。"
    mend_en = "Say below how many cases it does not count, or give points by the number of cases."


class BackToFront(Finding):
    """A figure that is better when low, with more points when it is high; or the other way round."""

    code = "L026"
    reason = "edges"
    zh = "“{name}”按名称应是{better}，分数却相反：{steps}"
    en = "by its name “{name}” is better when {better}, and the points say the opposite: {steps}"
    mend_zh = "请核对 from 与 up_to 是否写反了。"
    mend_en = "Check whether from and up_to were swapped."


# --- tables ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ladder:
    """A table of bands over one figure: of points by tiers, of points for each record, or of grades."""

    node: Node
    name: Text
    figure: Extent
    by: Tree
    frame: str
    bands: Sequence[Band]
    gives: Sequence[Tree] = ()

    @property
    def path(self) -> tuple[str, ...]:
        """Where the table stands in the scheme."""
        return path_of(self.node.id)

    def points(self) -> list[Fraction] | None:
        """What the bands give, where each gives a number of its own."""
        return (
            None
            if not self.gives or any(tree[0] not in ("num", "neg") for tree in self.gives)
            else [_constant(tree) for tree in self.gives]
        )

    def rising(self) -> list[tuple[Text, Fraction]]:
        """The points that the figure runs through as it rises, each with its band; nothing where a band gives a formula."""
        points = self.points()
        found: list[tuple[Text, Fraction]] = []
        for low, high, sample in sorted(stretches(self.bands), key=lambda stretch: stretch[2]) if points is not None else []:
            place = next((place for place, band in enumerate(self.bands) if band.holds(sample)), None)
            if place is None or not self.figure.meets(low, high, low != high, low != high):
                continue
            if points is not None and (not found or found[-1][1] != points[place]):
                found.append((Text(self.bands[place].tell("zh"), self.bands[place].tell("en")), points[place]))
        return found

    def holes(self) -> list[tuple[Fraction, Fraction, Fraction]]:
        """Open stretches between two bands that only the last row catches: from one edge, to another, and a value between."""
        bands = self.bands[:-1]
        edges = sorted({edge for band in bands for _, edge in band.edges})
        found = []
        for low, high in pairwise(edges) if not self.bands[-1].edges else []:
            middle = (low + high) / 2
            beside = all(any(band.holds(edge) for band in bands) for edge in (low, high))
            if beside and not any(band.holds(middle) for band in bands) and self.figure.meets(low, high, open_low=True, open_high=True):
                found.append((low, high, middle))
        return found


def _constant(tree: Tree) -> Fraction:
    return -_constant(tree[1]) if tree[0] == "neg" else exact(tree[1])


def ladders(studied: Studied) -> Iterator[Ladder]:
    """Every table of points in a plan."""
    for node in studied.plan.nodes.values():
        name = studied.name(node.id)
        if node.rule == "tiers@1":
            yield _ladder(studied, node, name, node.inputs[0], node.frame, node.params["bands"], node.inputs[1:])
        for tree in walk(node.inputs):
            if tree[0] == "agg" and tree[3] is not None and tree[3][0] == "bands":
                event = studied.event_name(tree[2].partition(".")[2])
                whose = Text(f"{name.zh}·{event.zh}", f"{name.en}: {event.en}")
                yield _ladder(studied, node, whose, tree[3][1], tree[2], tree[3][2], tree[3][3])


def _grade_ladder(studied: Studied) -> Ladder | None:
    node = studied.plan.nodes.get("grade")
    if node is None or node.rule != "grades@1":
        return None
    return _ladder(studied, node, studied.name("grade"), node.inputs[0], node.frame, node.params["bands"], [])


def _ladder(studied: Studied, node: Node, name: Text, by: Tree, frame: str, bands: list[list[list[str]]], gives: Sequence[Tree]) -> Ladder:
    return Ladder(node, name, studied.overall.of(by, frame), by, frame, [Band.read(band) for band in bands], gives)


def _steps(steps: Sequence[tuple[Text, Fraction]]) -> Text:
    return Text(
        "，".join(f"{band.zh} → {write_number(gives)}" for band, gives in steps),
        ", ".join(f"{band.en} → {write_number(gives)}" for band, gives in steps),
    )


# --- edges ----------------------------------------------------------------------------------------


def edges_both_ways(studied: Studied) -> Iterator[Finding]:
    """Tables that mix edges which belong upwards with edges which belong downwards."""
    grades = _grade_ladder(studied)
    for ladder in [*ladders(studied), *([grades] if grades is not None else [])]:
        up, down = _belonging(ladder.bands, ("from", "below")), _belonging(ladder.bands, ("above", "up_to"))
        if up and down and not _is_neutral_middle(ladder):
            key = f"{ladder.path[-1]}_{ladder.frame.partition('.')[2]}" if ladder.frame.startswith("event.") else ladder.path[-1]
            yield EdgesBothWays(ladder.path, ladder.node.clause, key, name=ladder.name, one=up[0], other=down[0])


def _belonging(bands: Sequence[Band], sides: tuple[str, str]) -> list[Fraction]:
    """The edges of one-sided bands that belong to the band above (or below) them."""
    return [band.edges[0][1] for band in bands if len(band.edges) == 1 and band.edges[0][0] in sides]


def _is_neutral_middle(ladder: Ladder) -> bool:
    """Whether a middle that gives nothing holds both its edges, more on one side and less on the other: below 5 % +1, above 10 % -1."""
    points = [points for _, points in ladder.rising()] or ([_sign_of(tree) for tree in ladder.gives] if len(ladder.gives) == 3 else [])
    return len(points) == 3 and points[1] == 0 and points[0] * points[2] < 0


def _sign_of(tree: Tree) -> Fraction:
    """A number, or the one that a formula gives unless a condition spares it."""
    numbers = [exact(part[1]) for part in walk(tree) if part[0] == "num"]
    found = next((value for value in numbers if value), ZERO)
    return -found if any(part[0] == "neg" for part in walk(tree)) else found


def holes_in_bands(studied: Studied) -> Iterator[Finding]:
    """Stretches between two bands that only the last row catches."""
    for ladder in ladders(studied):
        points = ladder.points()
        if points is not None:
            yield from _fallen_through(ladder, [Text(write_number(gives), write_number(gives)) for gives in points])
    grades = _grade_ladder(studied)
    if grades is not None:
        yield from _fallen_through(grades, [studied.grade_name(grade) for grade in grades.node.vocabulary or []])


def _fallen_through(ladder: Ladder, gives: Sequence[Text]) -> Iterator[Finding]:
    for low, high, value in ladder.holes():
        key = f"{ladder.path[-1]}_{write_number(low)}"
        yield HoleInBands(ladder.path, ladder.node.clause, key, name=ladder.name, low=low, high=high, value=value, gives=gives[-1])


def points_that_turn_back(studied: Studied) -> Iterator[Finding]:
    """Tables and lines on which points fall and then rise; to rise and then fall is a best value in the middle."""
    for ladder in ladders(studied):
        if not ladder.holes() and _falls_and_rises([points for _, points in ladder.rising()]):
            yield PointsTurnBack(ladder.path, ladder.node.clause, name=ladder.name, steps=_steps(ladder.rising()))
    for node in studied.plan.nodes.values():
        if node.rule == "line@1":
            steps = [(Text(x, x), exact(y)) for x, y in ((write_number(exact(x)), y) for x, y in node.params["points"])]
            if _falls_and_rises([points for _, points in steps]):
                yield PointsTurnBack(path_of(node.id), node.clause, name=studied.name(node.id), steps=_steps(steps))


def _falls_and_rises(points: Sequence[Fraction]) -> bool:
    fell = False
    for one, other in pairwise(points):
        if other > one and fell:
            return True
        fell = fell or other < one
    return False


def grades_that_give_less(studied: Studied) -> Iterator[Finding]:
    """Columns of the grade table that neither rise nor fall along the grades."""
    for node in studied.plan.nodes.values():
        if node.rule == "lookup@1" and node.kind != "words":
            table = [(studied.grade_name(grade), exact(entry)) for grade, entry in node.params["table"].items() if entry is not None]
            numbers = [entry for _, entry in table]
            if numbers != sorted(numbers) and numbers != sorted(numbers, reverse=True):
                column = node.id.partition(".")[2]
                yield GradeGivesLess(("grades", "columns", column), node.clause, name=studied.name(node.id), steps=_steps(table))


def shown_on_the_edge(studied: Studied) -> Iterator[Finding]:
    """Edges of grades at which rounding for show lifts somebody who is below."""
    total, grades = studied.scheme.total, _grade_ladder(studied)
    if total is None or total.reported is None or grades is None or grades.by != ["node", "total"]:
        return
    place = total.reported.to
    for row, band in zip(grades.node.vocabulary or [], grades.bands, strict=True):
        for side, edge in band.edges:
            example = _lifted_to(edge, total.reported, grades.figure)
            if side == "from" and example is not None:
                shown, grade = _to_place(edge, place), studied.grade_name(row)
                yield ShownOnTheEdge(("total",), total.clause, "total", to=place, edge=shown, example=example, grade=grade)
                return


def _lifted_to(edge: Fraction, rounding: Rounding, figure: Extent) -> Fraction | None:
    """A total below an edge that rounding for show puts on it; None where there is none, or where totals have no such decimals."""
    below = (edge - rounding.to / 2, edge - rounding.to / 4)
    lifted = (value for value in below if round_number(value, rounding.to, rounding.half) == edge and figure.has(value))
    return next(lifted, None) if figure.step is None else None


def _to_place(value: Fraction, place: Fraction) -> str:
    """A number with all the decimals of a place: 90.00."""
    decimals = len(write_number(place).partition(".")[2])
    whole, _, part = write_number(value).partition(".")
    return f"{whole}.{part.ljust(decimals, '0')}" if decimals else whole


FEW = 20


def few_records_decide(studied: Studied) -> Iterator[Finding]:
    """Bands over a share of counted things whose edge leaves room for none but many."""
    for ladder in ladders(studied):
        node = studied.plan.nodes.get(ladder.by[1]) if ladder.by[0] == "node" else None
        if node is None or node.rule != "ratio@1" or not all(_is_count(studied, tree) for tree in node.inputs[:2]):
            continue
        rooms = [(min(edge, 1 - edge), edge) for band in ladder.bands for _, edge in band.edges if 0 < edge < 1]
        room, edge = min(rooms, default=(Fraction(1), ZERO))
        if room * FEW <= 1:
            share, count = f"{write_number(edge * 100)}%", -(-room.denominator // room.numerator)
            yield FewRecordsDecide(ladder.path, ladder.node.clause, name=ladder.name, edge=share, count=count)


def _is_count(studied: Studied, tree: Tree) -> bool:
    declared = studied.overall.declared(tree, PEOPLE) if tree[0] == "fact" else None
    return declared is not None and declared.kind == "number" and declared.low is not None and declared.low >= 0


# --- names ----------------------------------------------------------------------------------------

LOW_IS_GOOD = re.compile(
    r"(投诉|客诉|流失|掉线|差错|错误|退款|退货|差评|放弃|呼损|缺勤|违规|超时|重复来电)(率|占比|次数|数|量)$|(响应|等待|处理|振铃)(时长|时间|秒数)$"
)
HIGH_IS_GOOD = re.compile(r"(?<![未不无])(满意|解决|接通|好评|及时|完成|达成|合格|准确|转化|处结|处理及时|出勤)(率|度|占比)$")


def back_to_front(studied: Studied) -> Iterator[Finding]:
    """Tables and lines whose points run against what the name of their figure says."""
    for node, by, steps in _directed(studied):
        name, rises = _name_of(studied, by, node), steps[-1][1] > steps[0][1]
        low, high = bool(LOW_IS_GOOD.search(name.zh)), bool(HIGH_IS_GOOD.search(name.zh))
        if (low and rises) or (high and not rises):
            better = Text("越低越好", "low") if low else Text("越高越好", "high")
            yield BackToFront(path_of(node.id), node.clause, name=name, better=better, steps=_steps(steps))


def _directed(studied: Studied) -> Iterator[tuple[Node, Tree, list[tuple[Text, Fraction]]]]:
    """Tables and lines that only rise or only fall."""
    for ladder in ladders(studied):
        yield from _one_way(ladder.node, ladder.by, ladder.rising())
    for node in studied.plan.nodes.values():
        if node.rule == "line@1":
            points = [(write_number(exact(x)), exact(y)) for x, y in node.params["points"]]
            yield from _one_way(node, node.inputs[0], [(Text(x, x), y) for x, y in points])


def _one_way(node: Node, by: Tree, steps: list[tuple[Text, Fraction]]) -> Iterator[tuple[Node, Tree, list[tuple[Text, Fraction]]]]:
    points = [gives for _, gives in steps]
    if len(points) > 1 and points[0] != points[-1] and points in (sorted(points), sorted(points, reverse=True)):
        yield node, by, steps


def _name_of(studied: Studied, by: Tree, node: Node) -> Text:
    """The name of the figure that is looked up, else of the item."""
    if by[0] == "node":
        return studied.name(by[1])
    declared = studied.overall.declared(by, node.frame) if by[0] == "fact" else None
    return declared.name if declared is not None and declared.name is not None else studied.name(node.id)


LINTS = (
    edges_both_ways,
    holes_in_bands,
    points_that_turn_back,
    grades_that_give_less,
    shown_on_the_edge,
    few_records_decide,
    back_to_front,
)
