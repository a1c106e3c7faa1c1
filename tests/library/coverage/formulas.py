"""The parts of a formula that cases have to exercise: both ways of a choice, every word, every edge, every end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from kaohe.explaining.rows import RowReader
from kaohe.plan import PEOPLE, Tree, walk
from kaohe.rules.bands import Band
from tests.library.coverage.goal import Goal, Spot, is_absent
from tests.library.coverage.reach import can_be, ends_of, may_be_absent
from tests.library.coverage.writing import written


def goals_of(spot: Spot) -> Iterator[Goal]:
    """Every goal of a formula and of the formulas in it, each asked of the rows in which it is looked at."""
    head = spot.tree[0]
    if head in _GOALS:
        yield from _GOALS[head](spot)
    elif head in _PLAIN:
        yield from inside(spot)


def inside(spot: Spot) -> Iterator[Goal]:
    """The goals of the parts of an operation that looks at all of them."""
    for part in spot.tree[1:]:
        if isinstance(part, list) and part and isinstance(part[0], str):
            yield from goals_of(spot.at(part))


def truth(spot: Spot) -> Iterator[Goal]:
    """That a condition holds somewhere, and somewhere does not; and the goals in it."""
    if spot.tree[0] not in ("yes", "no"):
        yield spot.gives(f"{written(spot.tree)} holds", True)
        yield spot.goal(f"{written(spot.tree)} does not hold", lambda reader, row: spot.value(reader, row) is not True)
    yield from goals_of(spot)


def _choice(spot: Spot) -> Iterator[Goal]:
    _, test, yes, no = spot.tree
    asked = spot.at(test)
    yield from truth(asked)
    yield from goals_of(spot.at(yes).where(lambda reader, row: asked.value(reader, row) is True))
    yield from goals_of(spot.at(no).where(lambda reader, row: asked.value(reader, row) is False))


def _logic(spot: Spot) -> Iterator[Goal]:
    """Each part of a condition decides it somewhere: alone false among the true, or alone true among the false."""
    deciding = spot.tree[0] == "or"
    parts = [spot.at(part) for part in spot.tree[1:]]
    for place, part in enumerate(parts):
        others = parts[:place] + parts[place + 1 :]
        if not deciding and guards(part.tree, [other.tree for other in others]):
            yield from goals_of(part)
            continue
        name = f"{written(part.tree)} alone {'makes' if deciding else 'breaks'} {written(spot.tree)}"
        yield spot.goal(name, _decides(part, others, deciding))
        yield from goals_of(part)


def guards(tree: Tree, others: list[Tree]) -> bool:
    """Whether it only asks that something is given at which another part looks: without it that part cannot hold."""
    return tree[0] == "given" and any(part == tree[1] for other in others for part in walk(other))


def _decides(part: Spot, others: list[Spot], deciding: bool) -> Callable[[RowReader, int], bool]:
    def holds(reader: RowReader, row: int) -> bool:
        mine = part.value(reader, row)
        decides = mine is True if deciding else mine is not True
        return decides and not any((other.value(reader, row) is True) == deciding for other in others)

    return holds


def _compare(spot: Spot) -> Iterator[Goal]:
    """That the two sides are equal somewhere: whether the edge belongs to it."""
    one, other = spot.at(spot.tree[1]), spot.at(spot.tree[2])
    if spot.tree[0] != "==" and may_meet(spot):
        yield spot.goal(f"{written(spot.tree)} with both sides equal", lambda reader, row: _same(one, other, reader, row))
    yield from inside(spot)


def may_meet(spot: Spot) -> bool:
    """Whether the ends of the two sides, as far as they are known, let them be equal."""
    (low, high), (floor, cap) = (ends_of(spot.plan, side, spot.frame) for side in spot.tree[1:3])
    return not ((low is not None and cap is not None and low > cap) or (high is not None and floor is not None and high < floor))


def _same(one: Spot, other: Spot, reader: RowReader, row: int) -> bool:
    value = one.value(reader, row)
    return not is_absent(value) and value == other.value(reader, row)


def _among(spot: Spot) -> Iterator[Goal]:
    word = spot.at(spot.tree[1])
    for wanted in spot.tree[2]:
        yield word.gives(f"{written(word.tree)} is {wanted} in {written(spot.tree)}", wanted)


def _numbered(spot: Spot) -> Iterator[Goal]:
    """Each word of a list with numbers is met somewhere."""
    word = spot.at(spot.tree[1])
    for wanted in spot.tree[2]:
        yield word.gives(f"{written(word.tree)} is {wanted}", wanted)
    yield from goals_of(word)


def _call(spot: Spot) -> Iterator[Goal]:
    name, parts = spot.tree[1], [spot.at(part) for part in spot.tree[2:]]
    if name == "first":
        yield from _first(spot, parts)
    if name in ("min", "max") and len(parts) > 1:
        for part in parts:
            others = [other for other in parts if other is not part]
            yield spot.goal(f"{written(part.tree)} alone decides {written(spot.tree)}", _extreme(part, others, name == "max"))
    for part in parts:
        yield from goals_of(part)


def _first(spot: Spot, parts: list[Spot]) -> Iterator[Goal]:
    for place, part in enumerate(parts):
        yield spot.goal(f"{written(part.tree)} is the first given of {written(spot.tree)}", _first_given(parts[:place], part))
        if not may_be_absent(spot.plan, part.tree, spot.frame):
            break


def _first_given(before: list[Spot], part: Spot) -> Callable[[RowReader, int], bool]:
    return lambda reader, row: not is_absent(part.value(reader, row)) and all(is_absent(one.value(reader, row)) for one in before)


def _extreme(part: Spot, others: list[Spot], largest: bool) -> Callable[[RowReader, int], bool]:
    def holds(reader: RowReader, row: int) -> bool:
        mine, rest = part.value(reader, row), [other.value(reader, row) for other in others]
        if not isinstance(mine, Fraction):
            return False
        return all(isinstance(other, Fraction) and (mine > other if largest else mine < other) for other in rest)

    return holds


def _bands(spot: Spot) -> Iterator[Goal]:
    yield from bands(spot.at(spot.tree[1]), [Band.read(band) for band in spot.tree[2]], [spot.at(give) for give in spot.tree[3]])


def bands(figure: Spot, table: list[Band], gives: list[Spot]) -> Iterator[Goal]:
    """Every band of a table is met, and each of its edges exactly; and what a band gives, where it is met."""
    for place, band in enumerate(table):
        met = _meets(figure, table, place)
        yield figure.goal(f"{written(figure.tree)} {band.tell('en')}", met)
        if gives:
            yield from goals_of(gives[place].where(met))
    for edge in sorted({edge for band in table for _, edge in band.edges}):
        if can_be(figure.plan, figure.tree, figure.frame, edge):
            yield figure.gives(f"{written(figure.tree)} is exactly {edge}", edge)
    yield from goals_of(figure)


def _meets(figure: Spot, table: list[Band], place: int) -> Callable[[RowReader, int], bool]:
    def met(reader: RowReader, row: int) -> bool:
        value = figure.value(reader, row)
        return isinstance(value, Fraction) and next((at for at, band in enumerate(table) if band.holds(value)), None) == place

    return met


def _aggregate(spot: Spot) -> Iterator[Goal]:
    """Its condition takes some rows and leaves some; what it adds up is looked at in the rows that it takes."""
    _, _, child, value, condition = spot.tree

    def below(reader: RowReader, row: int) -> list[int]:
        return reader.below(child, spot.frame, row)

    if condition is not None:
        yield from truth(spot.along(condition, child, below))
    if value is not None:
        yield from goals_of(spot.along(value, child, below).where(lambda reader, row: reader.holds(condition, child, row)))


def _over(spot: Spot) -> Iterator[Goal]:
    """The same over the people of a group, or over the weeks of one's own."""
    _, _, group, value, condition = spot.tree
    inner = spot.frame if spot.frame.startswith(PEOPLE) else PEOPLE
    if group not in spot.plan.groups:
        return

    def everybody(reader: RowReader, row: int) -> range:
        return range(reader.evaluator.size(inner))

    if condition is not None:
        yield from truth(spot.along(condition, inner, everybody))
    if value is not None:
        yield from goals_of(spot.along(value, inner, everybody))


def _over_time(spot: Spot) -> Iterator[Goal]:
    """A condition on this period and on earlier ones: it holds in some earlier period and in some it does not."""
    head, now, past, _, history = spot.tree
    yield from truth(spot.at(now))
    yield from truth(spot.along(past, history, lambda reader, row: reader.below(history, spot.frame, row)))
    if head == "run":
        yield spot.goal(f"{written(now)} held before, and not now", lambda reader, row: _broken(spot, now, past, history, reader, row))


def _broken(spot: Spot, now: Tree, past: Tree, history: str, reader: RowReader, row: int) -> bool:
    earlier = reader.below(history, spot.frame, row)
    return reader.value(now, spot.frame, row) is not True and any(reader.value(past, history, at) is True for at in earlier)


def _earlier(spot: Spot) -> Iterator[Goal]:
    """A figure of an earlier period: there is one, and there is none."""
    _, value, condition, history = spot.tree
    yield spot.goal(f"{written(spot.tree)} is known", lambda reader, row: not is_absent(spot.value(reader, row)))
    yield spot.goal(f"{written(spot.tree)} is not known", lambda reader, row: is_absent(spot.value(reader, row)))
    for tree in (value, condition):
        if tree is not None:
            yield from goals_of(spot.along(tree, history, lambda reader, row: reader.below(history, spot.frame, row)))


def _lifted(spot: Spot) -> Iterator[Goal]:
    _, above, tree = spot.tree

    def parent(reader: RowReader, row: int) -> list[int]:
        found = reader.parent(spot.frame, row, above)
        return [found] if found >= 0 else []

    yield from goals_of(spot.along(tree, above, parent))


def _owed(spot: Spot) -> Iterator[Goal]:
    """A value that is owed under a condition: owed and absent, and absent where it is not owed."""
    given, needed = spot.at(spot.tree[1]), spot.at(spot.tree[2])
    for name, wanted in (("owed", True), ("not owed", False)):
        yield spot.goal(f"{written(given.tree)} absent and {name}", _absent_while(given, needed, wanted))
    yield from goals_of(needed)


def _absent_while(given: Spot, needed: Spot, wanted: bool) -> Callable[[RowReader, int], bool]:
    return lambda reader, row: is_absent(given.value(reader, row)) and (needed.value(reader, row) is True) == wanted


_PLAIN = {"+", "-", "*", "/", "neg", "not", "given", "is", "same"}
_GOALS: dict[str, Callable[[Spot], Iterator[Goal]]] = {
    "if": _choice,
    "and": _logic,
    "or": _logic,
    **dict.fromkeys(("<", "<=", ">", ">=", "=="), _compare),
    "among": _among,
    "number_of": _numbered,
    "call": _call,
    "bands": _bands,
    "agg": _aggregate,
    "over": _over,
    "run": _over_time,
    "times": _over_time,
    "latest": _earlier,
    "previous": _earlier,
    "at": _lifted,
    "owed": _owed,
}
