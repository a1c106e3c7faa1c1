"""Earlier periods: how many in a row, how many in all, the latest one and the one before."""

from __future__ import annotations

import numpy as np

from kaohe.columns import AnyColumn, Array, Column, Ints, Links
from kaohe.evaluating.asking import Asked
from kaohe.evaluating.dates import month_numbers, years
from kaohe.evaluating.lifting import lift
from kaohe.numbers import day_number
from kaohe.plan import Tree

PERIOD_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12, "any": 1}


def run(asked: Asked, tree: Tree, frame: str) -> AnyColumn:
    """How many adjoining periods, counted back from this one, the condition holds in."""
    _, now, past, _, history = tree
    current = np.broadcast_to(asked.truth(now, frame).yes, (asked.size(frame),))
    links, back = asked.links(history, frame), _periods_ago(asked, history)
    holds = np.broadcast_to(asked.truth(past, history).yes, back.shape)
    length = np.zeros(asked.size(frame), dtype=np.int64)
    for step in range(1, int(back.max(initial=0)) + 1):
        hit = Links(np.where(holds & (back == step), links.parent, -1), links.size).count().v > 0
        growing = hit & (length == step - 1)
        if not growing.any():
            break
        length[growing] = step
    return Column(Ints(np.where(current, length + 1, 0), int(length.max(initial=0)) + 1))


def times(asked: Asked, tree: Tree, frame: str) -> AnyColumn:
    """In how many periods the condition holds: this one and earlier ones, all or of this calendar year."""
    _, now, past, within, history = tree
    current = asked.truth(now, frame).yes.astype(np.int64)
    holds = np.broadcast_to(asked.truth(past, history).yes, (asked.size(history),))
    if within == "year":
        days = asked.number(["fact", "period_end"], history).n.v
        holds = holds & (years(days) == asked.facts.end.year)
    counted = asked.links(history, frame).count(holds)
    return Column(counted + Ints(current, 1))


def latest(asked: Asked, tree: Tree, frame: str) -> AnyColumn:
    """The value of the latest earlier period for which the condition holds."""
    _, value, where, history = tree
    return _of_period(asked, value, where, history, frame, None)


def previous(asked: Asked, tree: Tree, frame: str) -> AnyColumn:
    """The value of the period just before this one."""
    _, value, where, history = tree
    return _of_period(asked, value, where, history, frame, 1)


def _of_period(asked: Asked, value: Tree, where: Tree | None, history: str, frame: str, step: int | None) -> AnyColumn:
    size, links, back = asked.size(frame), asked.links(history, frame), _periods_ago(asked, history)
    chosen = np.ones(back.size, dtype=bool) if step is None else back == step
    if where is not None:
        chosen = chosen & asked.truth(where, history).yes
    days = asked.number(["fact", "period_end"], history).n.v
    rows = np.flatnonzero(chosen & (links.parent >= 0))
    rows = rows[np.argsort(days[rows], kind="stable")]
    place = np.full(size, -1, dtype=np.int64)
    place[links.parent[rows]] = rows
    return lift(asked.value(value, history), Links(place, back.size))


def _periods_ago(asked: Asked, history: str) -> Array:
    """How many periods ago each earlier period was."""
    months = PERIOD_MONTHS.get(asked.plan.scheme.period.unit, 1)
    days = asked.number(["fact", "period_end"], history).n.v
    if asked.plan.scheme.period.unit == "week":
        return (day_number(asked.facts.end) - days) // 7
    end = asked.facts.end.year * 12 + asked.facts.end.month - 1
    return end // months - month_numbers(days) // months
