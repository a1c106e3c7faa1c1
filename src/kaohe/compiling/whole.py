"""The plan as a whole: figures with what they need before them, and which facts feed which items."""

from __future__ import annotations

from kaohe.plan import HISTORY, PEOPLE, Node, Tree
from kaohe.scheme import Scheme


def in_order(nodes: dict[str, Node]) -> dict[str, Node]:
    """Nodes with what they need before them."""
    ordered: dict[str, Node] = {}

    def place(id: str) -> None:
        if id in ordered or id not in nodes:
            return
        for needed in needs(nodes[id].inputs):
            place(needed)
        ordered[id] = nodes[id]

    for id in nodes:
        place(id)
    return ordered


def feeds(scheme: Scheme, nodes: dict[str, Node]) -> dict[str, list[str]]:
    """For each declared fact the items that it feeds, and the further names that its problems bear."""
    found: dict[str, list[str]] = {}
    for item in scheme.items:
        for fact in facts_behind(f"item.{item}", nodes):
            found.setdefault(fact, []).append(item)
    for name, declared in ((name, declared) for name, declared in scheme.values.items() if declared.about):
        fed = found.setdefault(f"value.{name}" if declared.of is None else f"{declared.of}.value.{name.rpartition('.')[2]}", [])
        fed += [item for item in declared.about if item not in fed]
    return found


def needs(tree: object) -> list[str]:
    """The figures that a tree looks at."""
    if not isinstance(tree, list):
        return []
    own = [tree[1]] if len(tree) == 2 and tree[0] == "node" else []
    return own + [id for part in tree for id in needs(part)]


def facts_behind(id: str, nodes: dict[str, Node]) -> list[str]:
    """The declared facts that a figure rests on, by kind: `value.x`, `event.x`, `rating.x`."""
    found: dict[str, None] = {}
    seen: set[str] = set()

    def visit_node(id: str) -> None:
        if id in seen or id not in nodes:
            return
        seen.add(id)
        node = nodes[id]
        if node.rule.startswith("rating@"):
            found[f"rating.{node.params['item']}"] = None
        for key in ("first", "then"):
            if key in node.params:
                found[f"event.{node.params[key]}"] = None
        for tree in node.inputs:
            visit(tree, node.frame)

    def visit(tree: Tree, frame: str) -> None:
        if not isinstance(tree, list) or not tree:
            return
        head = tree[0]
        if head == "node" and len(tree) == 2:
            visit_node(tree[1])
        elif head == "fact" and len(tree) == 2:
            found[_fact_key(frame, tree[1])] = None
        elif head == "at":
            visit(tree[2], tree[1])
        elif head == "agg":
            found[tree[2]] = None
            for part in tree[3:]:
                visit(part, tree[2])
        else:
            for part in tree[1:]:
                visit(part, frame)

    visit_node(id)
    return list(found)


def _fact_key(frame: str, column: str) -> str:
    if "/" in frame:
        return f"event.{column.partition('.')[0]}"
    if frame.startswith(("event.", "rating.", HISTORY)):
        return frame
    return column if frame == PEOPLE else f"{frame}.{column}"
