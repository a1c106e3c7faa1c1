"""Aggregates: over the rows of a child frame, and over a group of people seen from each of them."""

from __future__ import annotations

import numpy as np

from kaohe.columns import MISSING, NONE, AnyColumn, Array, Column, Ints, Links, Marks, Truth
from kaohe.evaluating.asking import Asked
from kaohe.evaluating.lifting import lift_ints, lift_number
from kaohe.plan import PEOPLE, Tree


def aggregate(asked: Asked, tree: Tree, frame: str) -> AnyColumn:
    """An aggregate over the rows of a child frame, for each row that they belong to."""
    _, how, child, value, where = tree
    links = asked.links(child, frame)
    chosen = None if where is None else asked.truth(where, child).yes
    if how == "share":
        return _share(asked, child, links, value, chosen, _times_of(asked, child))
    if value is not None and how in ("count", "any"):
        chosen = asked.truth(value, child).yes if chosen is None else chosen & asked.truth(value, child).yes
    kept = links if chosen is None else Links(np.where(chosen, links.parent, -1), links.size)
    if how == "any":
        return Truth(kept.count().v > 0)
    times = _times_of(asked, child)
    if how == "count":
        return Column(kept.count() if times is None else kept.total(times))
    return _of_rows(asked, how, asked.number(value, child), kept, times)


def _times_of(asked: Asked, child: str) -> Ints | None:
    """How often each row counts: its `count`, where the rows have one."""
    count = asked.facts.frames[child].columns.get("count")
    return count.n if isinstance(count, Column) and child.startswith("event.") else None


def _of_rows(asked: Asked, how: str, value: Column, links: Links, times: Ints | None) -> Column:
    if how in ("min", "max"):
        return links.extreme(value, how == "max")
    weighted = value if times is None else value * Column(times)
    total = links.sum(weighted)
    if how == "sum":
        return total
    given = value.given().yes
    counted = links.count(given) if times is None else links.total(Ints(np.where(given, times.v, 0), times.hi))
    return (total / Column(counted)).settled()


def _share(asked: Asked, child: str, links: Links, value: Tree, chosen: Array | None, times: Ints | None) -> Column:
    holds = asked.truth(value, child).yes
    kept = links if chosen is None else Links(np.where(chosen, links.parent, -1), links.size)
    if times is None:
        return Column(kept.count(holds)) / Column(kept.count())
    return Column(kept.total(Ints(np.where(holds, times.v, 0), times.hi))) / Column(kept.total(times))


def over(asked: Asked, tree: Tree, frame: str) -> AnyColumn:
    """An aggregate over a group of people, seen from each of them, or from a unit."""
    _, how, group, value, where = tree
    inner = frame if frame.startswith(PEOPLE) else PEOPLE
    codes, members = asked.group_codes(group, inner)
    if where is not None:
        members = members & asked.truth(where, inner).yes
    groups = Links(np.where(members, codes, -1), int(codes.max(initial=-1)) + 1)
    others = asked.plan.groups[group]["others"] and frame.startswith(PEOPLE)
    if frame.startswith(PEOPLE):
        return _seen(asked, how, value, inner, groups, codes, members if others else None)
    return _from_unit(asked, how, value, inner, members, frame)


def _from_unit(asked: Asked, how: str, value: Tree | None, inner: str, members: Array, frame: str) -> AnyColumn:
    links = Links(np.where(members, asked.links(inner, frame).parent, -1), asked.size(frame))
    if how in ("count", "any"):
        chosen = None if value is None else asked.truth(value, inner).yes
        counted = links.count(chosen)
        return Truth(counted.v > 0) if how == "any" else Column(counted)
    if how == "share":
        assert value is not None
        return Column(links.count(asked.truth(value, inner).yes)) / Column(links.count())
    assert value is not None
    return _of_rows(asked, how, asked.number(value, inner), links, None)


def _seen(asked: Asked, how: str, value: Tree | None, inner: str, groups: Links, codes: Array, own: Array | None) -> AnyColumn:
    """The aggregate of each row's group; without the row itself where `own` says who is in it."""
    if how in ("count", "any", "share"):
        return _seen_counts(asked, how, value, inner, groups, codes, own)
    assert value is not None
    column = asked.number(value, inner)
    mine = np.zeros(codes.size, dtype=bool) if own is None else own
    there = column.marked_as(MISSING, NONE)
    if how in ("min", "max"):
        found = _extreme_seen(there, groups, codes, mine, how == "max")
    else:
        found = _sum_seen(there, groups, codes, mine, how == "mean")
    return found.remark(_owed_seen(column, groups, codes, mine))


def _owed_seen(column: Column, groups: Links, codes: Array, mine: Array) -> Marks:
    """MISSING where somebody of the group owes the fact; what a row owes itself does not keep the others' figure from it."""
    if column.absent is None:
        return np.zeros(1, dtype=np.uint8)
    owed = np.broadcast_to(column.absent == MISSING, codes.shape)
    left = lift_ints(groups.count(owed), codes) - Ints((mine & owed).astype(np.int64), 1)
    return np.where(left.v > 0, MISSING, 0).astype(np.uint8)


def _sum_seen(column: Column, groups: Links, codes: Array, mine: Array, mean: bool) -> Column:
    own = mine & column.given().yes
    total = lift_number(groups.sum(column), codes).where(codes >= 0, Column.const(0))  # of nobody the sum is 0
    total = total - column.or_else(Column.const(0)).where(own, Column.const(0))
    if not mean:
        return total
    return total / Column(lift_ints(groups.given(column), codes) - Ints(own.astype(np.int64), 1))


def _extreme_seen(column: Column, groups: Links, codes: Array, mine: Array, largest: bool) -> Column:
    """The group's best; where that is the row's own alone, the best of what is not equal to it."""
    best = lift_number(groups.extreme(column, largest), codes)
    own = np.broadcast_to(column.equals(best).yes, codes.shape) & (groups.parent >= 0)
    alone = mine & own & (lift_ints(groups.count(own), codes).v == 1)
    if not alone.any():
        return best
    others = Links(np.where(own, -1, groups.parent), groups.size)
    return lift_number(others.extreme(column, largest), codes).where(alone, best)


def _seen_counts(asked: Asked, how: str, value: Tree | None, inner: str, groups: Links, codes: Array, own: Array | None) -> AnyColumn:
    holds = np.ones(codes.size, dtype=bool) if value is None else np.broadcast_to(asked.truth(value, inner).yes, codes.shape)
    mine = np.zeros(codes.size, dtype=bool) if own is None else own
    count = lift_ints(groups.count(holds), codes) - Ints((mine & holds).astype(np.int64), 1)
    if how == "any":
        return Truth(count.v > 0)
    if how == "count":
        return Column(count)
    whole = lift_ints(groups.count(), codes) - Ints(mine.astype(np.int64), 1)
    return Column(count) / Column(whole)
