"""The parts of a figure that cases have to exercise, rule by rule: bands, lines, records, ratings, ends, absences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from kaohe.explaining.rows import RowReader, cell
from kaohe.plan import PEOPLE, Node, Plan, Tree
from kaohe.rules.bands import Band
from kaohe.rules.places import placed
from kaohe.rules.rating import anchored
from tests.library.coverage.formulas import bands, goals_of, truth
from tests.library.coverage.goal import Goal, Spot, is_absent, shown, start
from tests.library.coverage.reach import can_be, ends_of, may_be_absent


@dataclass(frozen=True)
class Figure:
    """A figure of a plan, and its inputs as formulas that are looked at in each of its rows."""

    plan: Plan
    node: Node

    def spot(self, tree: Tree) -> Spot:
        """A formula that the figure looks at."""
        return start(self.plan, tree, self.node.frame)

    def goal(self, name: str, holds: Callable[[RowReader, int], bool]) -> Goal:
        """Something that must hold in a row of the figure."""
        return Goal(name, holds)

    @property
    def inputs(self) -> list[Spot]:
        """What it looks at."""
        return [self.spot(tree) for tree in self.node.inputs]


def goals_of_figure(plan: Plan, node: Node) -> Iterator[Goal]:
    """Every goal of one figure, its name first."""
    figure = Figure(plan, node)
    for goal in _GOALS.get(node.rule.partition("@")[0], _inputs)(figure):
        yield Goal(f"{node.id}: {goal.name}", goal.seen)


def _inputs(figure: Figure) -> Iterator[Goal]:
    for spot in figure.inputs:
        yield from goals_of(spot)


def _formula(figure: Figure) -> Iterator[Goal]:
    for spot in figure.inputs:
        yield from truth(spot) if figure.node.kind == "truth" else goals_of(spot)


def _tiers(figure: Figure) -> Iterator[Goal]:
    value, *gives = figure.inputs
    yield from bands(value, [Band.read(band) for band in figure.node.params["bands"]], gives)


def _line(figure: Figure) -> Iterator[Goal]:
    """Each stretch of the line strictly inside, each of its points, and the flat ends where they can be reached."""
    (value,) = figure.inputs
    points = [Fraction(x) for x, _ in figure.node.params["points"]]
    low, high = ends_of(value.plan, value.tree, value.frame)
    for x in points:
        if can_be(value.plan, value.tree, value.frame, x):
            yield value.gives(f"on the line's point {shown(x)}", x)
    for one, other in pairwise(points):
        yield value.goal(f"between {shown(one)} and {shown(other)} on the line", _within(value, one, other))
    if low is None or low < points[0]:
        yield value.goal(f"before the line's first point {shown(points[0])}", _within(value, None, points[0]))
    if high is None or high > points[-1]:
        yield value.goal(f"past the line's last point {shown(points[-1])}", _within(value, points[-1], None))
    yield from goals_of(value)


def _within(spot: Spot, low: Fraction | None, high: Fraction | None) -> Callable[[RowReader, int], bool]:
    def holds(reader: RowReader, row: int) -> bool:
        value = spot.value(reader, row)
        return isinstance(value, Fraction) and (low is None or value > low) and (high is None or value < high)

    return holds


def _ratio(figure: Figure) -> Iterator[Goal]:
    """The quotient itself, a figure given directly, nothing to divide by, one side absent, both absent."""
    part, whole, *direct = figure.inputs
    absent = [may_be_absent(spot.plan, spot.tree, spot.frame) for spot in (part, whole)]
    plain: list[Spot] = direct

    def computed(holds: Callable[[RowReader, int], bool]) -> Callable[[RowReader, int], bool]:
        return lambda reader, row: all(is_absent(spot.value(reader, row)) for spot in plain) and holds(reader, row)

    yield figure.goal(
        "a quotient", computed(lambda reader, row: _number(part, reader, row) is not None and bool(_number(whole, reader, row)))
    )
    if can_be(whole.plan, whole.tree, whole.frame, Fraction(0)):
        yield figure.goal("nothing to divide by", computed(lambda reader, row: _number(whole, reader, row) == 0))
    if any(absent):
        yield figure.goal("one side absent", computed(lambda reader, row: _absent_sides(part, whole, reader, row) == 1))
    if all(absent):
        yield figure.goal("both sides absent", computed(lambda reader, row: _absent_sides(part, whole, reader, row) == 2))
    for spot in direct:
        yield spot.goal("given directly", _is_given(spot))
    for spot in figure.inputs:
        yield from goals_of(spot)


def _is_given(spot: Spot) -> Callable[[RowReader, int], bool]:
    return lambda reader, row: not is_absent(spot.value(reader, row))


def _number(spot: Spot, reader: RowReader, row: int) -> Fraction | None:
    value = spot.value(reader, row)
    return value if isinstance(value, Fraction) else None


def _absent_sides(part: Spot, whole: Spot, reader: RowReader, row: int) -> int:
    return sum(is_absent(spot.value(reader, row)) for spot in (part, whole))


def _per_event(figure: Figure) -> Iterator[Goal]:
    """A record of each kind that is taken; two of a kind that counts once."""
    full, *entries = figure.inputs
    yield from goals_of(full)
    for spot, entry in zip(entries, figure.node.params["entries"], strict=True):
        tree = spot.tree[1] if entry["once"] else spot.tree
        yield figure.goal(f"a record of {entry['event']}", _taken(spot, tree, 1))
        if entry["once"]:
            yield figure.goal(f"two records of {entry['event']}, which counts once", _taken(spot, tree, 2))
            yield from goals_of(spot.at(spot.tree[2]))
        yield from goals_of(spot.at(tree))


def _taken(spot: Spot, aggregate: Tree, least: int) -> Callable[[RowReader, int], bool]:
    _, _, child, _, condition = aggregate

    def holds(reader: RowReader, row: int) -> bool:
        rows = [below for below in reader.below(child, spot.frame, row) if reader.holds(condition, child, below)]
        return sum(reader.times(child, below) for below in rows) >= least

    return holds


def _rating(figure: Figure) -> Iterator[Goal]:
    """Every party that may rate; each that must and has not; each share that goes elsewhere; what did not apply."""
    node, plan = figure.node, figure.plan
    frame = f"rating.{node.params['item']}"
    yield from _parties(figure, frame)
    yield from _listed_scores(figure, frame)
    for party, spot in zip(node.params["all_of"], figure.inputs, strict=True):
        yield figure.goal(f"{party} must rate and has not", _silent(spot, frame, party, True))
        if spot.tree[0] != "yes":
            yield figure.goal(f"{party} need not rate and has not", _silent(spot, frame, party, False))
            yield from truth(spot)
    for party in node.params["absent_share"]:
        yield figure.goal(f"{party} has not rated and its share goes elsewhere", _gone(node, frame, party))
    rated = _reading(plan, node)
    if node.params["mean"] == "pooled" and not node.params["per"] and (rated is None or "subject" not in rated.once_per):
        yield figure.goal("two different scores pooled", _spread_of(frame, "score", 2))
    if node.params["per"]:
        yield figure.goal("two calls rated", _spread_of(frame, "call", 2))
        yield figure.goal("a call that two rated", _shared_call(frame))
    if node.params["not_applicable"]:
        yield figure.goal("a rating that says: not applicable", _unscored(frame))
    if rated is not None and rated.whole_form:
        yield figure.goal(
            "somebody left it out of a form", lambda reader, row: reader.holds(["fact", f"unfinished.{node.params['item']}"], PEOPLE, row)
        )


def _reading(plan: Plan, node: Node):
    body = plan.scheme.items.get(node.params["item"]) or plan.scheme.figures.get(node.params["item"])
    return None if body is None else body.rating


def _listed_scores(figure: Figure, frame: str) -> Iterator[Goal]:
    """Each score of a list is given; of levels, a score of each."""
    rating = _reading(figure.plan, figure.node)
    if rating is None or "@" in figure.node.id:
        return
    for score in rating.allowed if isinstance(rating.allowed, tuple) else ():
        yield figure.goal(f"somebody gives {shown(score)}", _gives(frame, {score}))
    for level in rating.anchors or ():
        yield figure.goal(f"somebody gives a score of the level {level}", _gives(frame, set(map(Fraction, anchored([level])))))


def _gives(frame: str, scores: set[Fraction]) -> Callable[[RowReader, int], bool]:
    return lambda reader, row: any(reader.fact(frame, "score", at) in scores for at in reader.below(frame, PEOPLE, row))


def _parties(figure: Figure, frame: str) -> Iterator[Goal]:
    rating = _reading(figure.plan, figure.node)
    raters = figure.node.params["shares"] or figure.node.params["all_of"]
    if rating is not None and rating.raters != "any" and "@" not in figure.node.id:
        raters = dict.fromkeys([*rating.raters, *raters])
    for party in raters:
        yield figure.goal(f"{party} rates", _rates(frame, party))


def _rates(frame: str, party: str) -> Callable[[RowReader, int], bool]:
    return lambda reader, row: any(reader.fact(frame, "relation", at) == party for at in reader.below(frame, PEOPLE, row))


def _silent(due: Spot, frame: str, party: str, wanted: bool) -> Callable[[RowReader, int], bool]:
    rates = _rates(frame, party)
    return lambda reader, row: (due.value(reader, row) is True) == wanted and not rates(reader, row)


def _gone(node: Node, frame: str, party: str) -> Callable[[RowReader, int], bool]:
    rates = _rates(frame, party)
    return lambda reader, row: not rates(reader, row) and isinstance(reader.node(node.id, row), Fraction)


def _spread_of(frame: str, column: str, least: int) -> Callable[[RowReader, int], bool]:
    return lambda reader, row: len({reader.fact(frame, column, at) for at in reader.below(frame, PEOPLE, row)}) >= least


def _shared_call(frame: str) -> Callable[[RowReader, int], bool]:
    def holds(reader: RowReader, row: int) -> bool:
        calls = [reader.fact(frame, "call", at) for at in reader.below(frame, PEOPLE, row)]
        return len(calls) > len(set(calls))

    return holds


def _unscored(frame: str) -> Callable[[RowReader, int], bool]:
    return lambda reader, row: any(is_absent(reader.fact(frame, "score", at)) for at in reader.below(frame, PEOPLE, row))


def _places(figure: Figure) -> Iterator[Goal]:
    """Each rewarded place, a place beyond them, nothing to compare, and the gate shut."""
    node = figure.node
    rewarded = [int(place) for place in node.params["places"]]
    value, *gives = figure.inputs
    for place, give in zip(rewarded, gives, strict=False):
        yield figure.goal(f"place {place}", _placed(node, (place,)))
        yield from goals_of(give)
    yield figure.goal("a place that gets nothing", _placed(node, range(max(rewarded) + 1, 1000)))
    if may_be_absent(value.plan, value.tree, value.frame):
        yield value.goal("nothing to compare", lambda reader, row: is_absent(value.value(reader, row)))
    if node.params["gated"]:
        gate = figure.inputs[-1]
        yield figure.goal(
            "a rewarded place behind a shut gate",
            lambda reader, row: gate.value(reader, row) is not True and _placed(node, rewarded)(reader, row),
        )
        yield from truth(gate)
    yield from goals_of(value)


def _placed(node: Node, wanted: range | tuple[int, ...] | list[int]) -> Callable[[RowReader, int], bool]:
    def holds(reader: RowReader, row: int) -> bool:
        column = reader.keep((node.id, "places"), node, lambda: placed(reader.evaluator, node))
        place = cell(column, row)
        return isinstance(place, Fraction) and int(place) in wanted

    return holds


def _matched(figure: Figure) -> Iterator[Goal]:
    """Something that was followed in time, on the last day, and something that was not."""
    value = figure.spot(["node", figure.node.id])
    yield value.goal("something counted", lambda reader, row: bool(_number(value, reader, row)))
    if figure.node.params["gives"] == "matched":
        yield figure.goal("followed on the very last day", _followed(figure.node, 0))
        yield figure.goal("followed a day too late", _followed(figure.node, 1))
        where, _ = figure.inputs
        if where.tree[0] != "yes":
            then = f"event.{figure.node.params['then']}"
            yield from truth(where.along(where.tree, then, lambda reader, row: reader.below(then, PEOPLE, row)))


def _followed(node: Node, late: int) -> Callable[[RowReader, int], bool]:
    first, then, same = (node.params[key] for key in ("first", "then", "same"))

    def holds(reader: RowReader, row: int) -> bool:
        days = reader.number(node.inputs[1], node.frame, row)
        before = [_day_and_name(reader, f"event.{first}", same, at) for at in reader.below(f"event.{first}", PEOPLE, row)]
        after = [_day_and_name(reader, f"event.{then}", same, at) for at in reader.below(f"event.{then}", PEOPLE, row)]
        return any(name == other and later - day == days + late for day, name in before for later, other in after)

    return holds


def _day_and_name(reader: RowReader, frame: str, column: str, row: int) -> tuple[Fraction, object]:
    day = reader.fact(frame, "at", row)
    assert isinstance(day, Fraction)
    return day, reader.fact(frame, column, row)


def _steps(figure: Figure) -> Iterator[Goal]:
    value = figure.spot(["node", figure.node.id])
    for step in figure.node.params["order"]:
        yield value.gives(f"the furthest step is {step}", step)
    yield value.goal("no step yet", lambda reader, row: is_absent(value.value(reader, row)))


def _share_out(figure: Figure) -> Iterator[Goal]:
    """A pool among two or more, somebody without a part, and a cent that is left over."""
    value = figure.spot(["node", figure.node.id])
    yield value.goal("a share of the pool", lambda reader, row: bool(_number(value, reader, row)))
    yield value.goal("no share of the pool", lambda reader, row: not _number(value, reader, row))
    yield from _inputs(figure)


def _adjust(figure: Figure) -> Iterator[Goal]:
    """Each addition, both ends biting, rounding that changes the figure, and what stands in for what is absent."""
    node = figure.node
    parts = {role: figure.spot(tree) for role, tree in zip(node.params["roles"], node.inputs, strict=True)}
    for role, spot in parts.items():
        if role.startswith("plus") and spot.tree[0] != "num":
            yield spot.goal(f"{role} adds something", lambda reader, row, spot=spot: bool(_number(spot, reader, row)))
    if "floor" in parts and _can_pass(parts, "floor"):
        yield figure.goal("held at its floor", _held(parts, "floor"))
    if "cap" in parts and _can_pass(parts, "cap"):
        yield figure.goal("held at its cap", _held(parts, "cap"))
    if "round" in node.params:
        yield figure.goal("rounded to something else", _rounded(figure, parts))
    if "if_absent" in parts and may_be_absent(figure.plan, node.inputs[0], node.frame):
        yield figure.goal("absent, and another figure stands in", lambda reader, row: _sum(parts, reader, row) is None)
    if "drops_if" in parts:
        for name, wanted in (("drops out", True), ("is owed", False)):
            yield figure.goal(f"absent, and it {name}", _dropped(parts, wanted))
    for spot in parts.values():
        yield from truth(spot) if spot is parts.get("drops_if") else goals_of(spot)


def _sum(parts: dict[str, Spot], reader: RowReader, row: int) -> Fraction | None:
    """The figure and what is added, before its ends."""
    values = [_number(spot, reader, row) for role, spot in parts.items() if role[:4] in ("base", "plus")]
    return None if None in values else sum((value for value in values if value is not None), Fraction(0))


def _can_pass(parts: dict[str, Spot], side: str) -> bool:
    """Whether the sum can be beyond this end, as far as its own ends are known."""
    at = 0 if side == "floor" else 1
    ends = [ends_of(spot.plan, spot.tree, spot.frame)[at] for role, spot in parts.items() if role[:4] in ("base", "plus")]
    limit = ends_of(parts[side].plan, parts[side].tree, parts[side].frame)
    if None in ends or None in limit:
        return True
    reached = sum((end for end in ends if end is not None), Fraction(0))
    least, most = (end or Fraction(0) for end in limit)
    return reached < most if side == "floor" else reached > least


def _held(parts: dict[str, Spot], side: str) -> Callable[[RowReader, int], bool]:
    def holds(reader: RowReader, row: int) -> bool:
        found, end = _sum(parts, reader, row), _number(parts[side], reader, row)
        return found is not None and end is not None and (found < end if side == "floor" else found > end)

    return holds


def _rounded(figure: Figure, parts: dict[str, Spot]) -> Callable[[RowReader, int], bool]:
    value = figure.spot(["node", figure.node.id])

    def holds(reader: RowReader, row: int) -> bool:
        found, rounded = _sum(parts, reader, row), _number(value, reader, row)
        between = not any(side in parts and _held(parts, side)(reader, row) for side in ("floor", "cap"))
        return found is not None and rounded is not None and between and found != rounded

    return holds


def _dropped(parts: dict[str, Spot], wanted: bool) -> Callable[[RowReader, int], bool]:
    def holds(reader: RowReader, row: int) -> bool:
        return _sum(parts, reader, row) is None and (parts["drops_if"].value(reader, row) is True) == wanted

    return holds


def _grades(figure: Figure) -> Iterator[Goal]:
    value = figure.inputs[0]
    table = [Band.read(band) for band in figure.node.params["bands"]]
    grade = figure.spot(["node", figure.node.id])
    for name in figure.node.vocabulary or []:
        if f"grade_{name}" not in figure.plan.scheme.accept:
            yield grade.gives(f"the grade {name}", name)
    for edge in sorted({edge for band in table for _, edge in band.edges}):
        if can_be(value.plan, value.tree, value.frame, edge):
            yield value.gives(f"exactly {shown(edge)}", edge)


def _cases(figure: Figure) -> Iterator[Goal]:
    word = figure.spot(["node", figure.node.id])
    for name in figure.node.vocabulary or []:
        yield word.gives(f"{name}", name)
    yield from _inputs(figure)


def _past_grade(figure: Figure) -> Iterator[Goal]:
    grade = figure.spot(["node", figure.node.id])
    recorded = figure.spot(["fact", "grade"])
    yield recorded.goal("an earlier grade as recorded", lambda reader, row: not is_absent(recorded.value(reader, row)))
    yield grade.goal(
        "an earlier grade that follows from its total",
        lambda reader, row: is_absent(recorded.value(reader, row)) and not is_absent(grade.value(reader, row)),
    )


def _rank(figure: Figure) -> Iterator[Goal]:
    """A place behind somebody, a place shared, and somebody who is not ranked."""
    value = figure.spot(["node", figure.node.id])
    yield value.gives("the first place", Fraction(1))
    yield value.goal("a place behind the first", lambda reader, row: (_number(value, reader, row) or 0) > 1)
    yield figure.goal("a place that two share", _shared_place(figure))


def _shared_place(figure: Figure) -> Callable[[RowReader, int], bool]:
    node = figure.node

    def holds(reader: RowReader, row: int) -> bool:
        place = reader.node(node.id, row)
        codes, _ = reader.evaluator.group_codes(node.params["among"], node.frame)
        mine = [at for at in np.flatnonzero(codes == codes[row]).tolist() if reader.node(node.id, at) == place]
        return isinstance(place, Fraction) and len(mine) > 1

    return holds


def _gather(figure: Figure) -> Iterator[Goal]:
    """A part of the period that gives something, and one with nothing to measure where that can be."""
    (tree,), below = figure.node.inputs, figure.node.params["from"]
    spot = figure.spot(tree).along(tree, below, lambda reader, row: reader.below(below, PEOPLE, row))
    yield spot.goal("a part that gives something", lambda reader, row: bool(_number(spot, reader, row)))


def _nothing(figure: Figure) -> Iterator[Goal]:
    yield from ()


_GOALS: dict[str, Callable[[Figure], Iterator[Goal]]] = {
    "formula": _formula,
    "tiers": _tiers,
    "line": _line,
    "ratio": _ratio,
    "per_event": _per_event,
    "rating": _rating,
    "places": _places,
    "matched_within": _matched,
    "steps": _steps,
    "share_out": _share_out,
    "adjust": _adjust,
    "grades": _grades,
    "cases": _cases,
    "past_grade": _past_grade,
    "rank": _rank,
    "gather": _gather,
    "lookup": _nothing,
    "pick": _nothing,
    "masked": _nothing,
    "ranked": _nothing,
    "weighted": _nothing,
}
