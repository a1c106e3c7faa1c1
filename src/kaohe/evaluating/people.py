"""Who is assessed, who lacks what, who is incomplete."""

from __future__ import annotations

import numpy as np

from kaohe.columns import MISSING, NONE, AnyColumn, Array, Links, Truth
from kaohe.evaluating.asking import Asked
from kaohe.plan import PEOPLE, Tree


def assessed(asked: Asked, tree: Tree, frame: str) -> AnyColumn:
    """Who gets a result: the role is assessed, no state takes the person out, a form is there."""
    if "assessed" not in asked.columns:
        asked.columns["assessed"] = _find_assessed(asked)
    return asked.columns["assessed"]


def _find_assessed(asked: Asked) -> Truth:
    people = asked.facts.frames[PEOPLE].columns
    found = people["assessed"]
    assert isinstance(found, Truth)
    for state in asked.plan.scheme.states:
        found = found & Truth(~asked.truth(["node", f"state.{state}"], PEOPLE).yes)
    if "form" in asked.plan.nodes:
        found = found & Truth(asked.words(["node", "form"], PEOPLE).codes >= 0)
    return found


def owed_items(asked: Asked) -> dict[str, Array]:
    """For each item the people whose form has it and who lack it."""
    found: dict[str, Array] = {}
    assessed = asked.truth(["assessed"], PEOPLE).yes
    for item in asked.plan.scheme.items:
        column = asked.number(["node", f"item.{item}"], PEOPLE)
        if column.absent is None:
            continue
        missing = np.broadcast_to(column.absent == MISSING, assessed.shape) & assessed & having(asked, item)
        if missing.any():
            found[item] = missing
    return found


def owed_values(asked: Asked) -> dict[str, Array]:
    """For each value that everybody owes the people who lack it; empty where the scheme has items, which are named instead."""
    if asked.plan.scheme.items:
        return {}
    found: dict[str, Array] = {}
    assessed = asked.truth(["assessed"], PEOPLE).yes
    for name, declared in asked.plan.scheme.values.items():
        if declared.of is None and declared.for_roles is None:
            absent = asked.facts.frames[PEOPLE].columns[f"value.{name}"].absent
            missing = np.broadcast_to(np.zeros(1, dtype=bool) if absent is None else absent == MISSING, assessed.shape) & assessed
            if missing.any():
                found[name] = missing
    return found


def having(asked: Asked, item: str) -> Array:
    """Whose form has the item."""
    if "form" not in asked.plan.nodes:
        return np.ones(asked.size(PEOPLE), dtype=bool)
    forms = asked.words(["node", "form"], PEOPLE)
    return forms.of_which(lambda form: item in asked.plan.forms[form]["items"])


def nothing_applies(asked: Asked, tree: Tree, frame: str) -> AnyColumn:
    """Has every item of the person's form dropped out: nothing to measure in any, and nothing owed."""
    some, found = np.zeros(asked.size(PEOPLE), dtype=bool), np.ones(asked.size(PEOPLE), dtype=bool)
    for item, figure in zip(asked.plan.scheme.items, tree[1:], strict=True):
        column, mine = asked.number(figure, PEOPLE), having(asked, item)
        dropped = np.zeros(1, dtype=bool) if column.absent is None else column.absent == NONE
        some |= mine
        found &= dropped | ~mine
    return Truth(found & some)


def incomplete(asked: Asked) -> Array:
    """Who is assessed but lacks something."""
    assessed = asked.truth(["assessed"], PEOPLE).yes
    found = np.zeros(asked.size(PEOPLE), dtype=bool)
    for missing in (*owed_items(asked).values(), *owed_values(asked).values()):
        found = found | missing
    if asked.plan.scheme.total is not None:
        total = asked.number(["node", "total"], PEOPLE)
        found = found | (assessed & ~total.given().yes)
    return found & assessed


def lacking(asked: Asked, tree: Tree, frame: str) -> AnyColumn:
    """Is somebody incomplete; found once."""
    if "incomplete" not in asked.columns:
        asked.columns["incomplete"] = Truth(incomplete(asked))
    return asked.columns["incomplete"]


def whole(asked: Asked, tree: Tree, frame: str) -> AnyColumn:
    """Is nobody of a group incomplete."""
    _, members = asked.group_codes(tree[1], PEOPLE)
    open_rows = members & asked.truth(["incomplete"], PEOPLE).yes
    links = asked.links(PEOPLE, frame) if frame != PEOPLE else Links(np.zeros(open_rows.size, dtype=np.int64), 1)
    waiting = links.any(open_rows)
    return Truth(~waiting if frame != PEOPLE else np.full(open_rows.size, not waiting.any()))
