"""In which results a figure shows, and whether a case writes any of them: what is exercised without being looked at proves nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kaohe.explaining.rows import RowReader
from kaohe.plan import Node, Plan, node_ids, walk
from tests.library.coverage.goal import is_absent

HOLD_GROUPS = ("over", "member")
TELLS_ABSENCE = {"missing", "status"}


def keys_of(expected: Mapping[str, Any]) -> set[str]:
    """What a case writes of one subject: `items.refill`, `total`, `pay.bonus`, `actions`."""
    found: set[str] = set()
    for key, value in expected.items():
        found |= (
            {f"{key}.{name}" for name in value} if key in ("items", "pay") and value else set(value or ()) if key == "metrics" else {key}
        )
    return found


def shown_in(plan: Plan) -> dict[str, set[str]]:
    """For each figure the results that depend on it, by the keys under which cases write them."""
    needs = {id: set(needed_by(plan, node)) for id, node in plan.nodes.items()}
    found = {id: set(own_key(plan, id)) for id in plan.nodes}
    for id in reversed(list(plan.nodes)):
        for needed in needs[id] & set(found):
            found[needed] |= found[id]
    return {id: keys or {"status"} for id, keys in found.items()} if plan.nodes else {}


def needed_by(plan: Plan, node: Node) -> Iterator[str]:
    """The figures at which a figure looks, groups included."""
    yield from node_ids(node.inputs)
    groups = {part[2] for part in walk(node.inputs) if part[0] in HOLD_GROUPS} | {node.params.get("among"), node.params.get("complete")}
    for group in groups & set(plan.groups):
        yield from node_ids([tree for tree in (plan.groups[group]["key"], plan.groups[group]["where"]) if tree is not None])
    if node.rule in ("pick@1", "weighted@1"):
        yield "form"


def own_key(plan: Plan, id: str) -> Iterator[str]:
    """The key under which cases write a figure that is a result itself."""
    head, _, rest = id.partition(".")
    if head == "item" and rest in plan.scheme.items:
        yield f"items.{rest}"
    if id in ("total", "grade", "rank", "of"):
        yield id
    if head == "pay":
        yield f"pay.{rest}"
    if head in ("action", "warning"):
        yield f"{head}s"
    if head == "state":
        yield from ("status", "reason")
    yield from (name for name, of, _ in plan.outputs["metrics"] if of == id)


def says(reader: RowReader, node: Node, row: int, keys: set[str], shown: set[str]) -> bool:
    """Whether a case that writes these keys would notice a change of the figure in this row."""
    return bool(keys & shown) or (bool(keys & TELLS_ABSENCE) and is_absent(reader.node(node.id, row)))
