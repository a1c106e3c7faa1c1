"""Resolved formulas as a person writes them: what a coverage report calls the part that no case exercises."""

from __future__ import annotations

from kaohe.plan import Tree

BETWEEN = {"+", "-", "*", "/", "<", "<=", ">", ">=", "==", "and", "or"}


def written(tree: Tree) -> str:
    """A formula in one line; parts of an operation in brackets where they are operations themselves."""
    head = tree[0]
    if head in BETWEEN:
        return f" {head} ".join(_bracketed(part) for part in tree[1:])
    if head in ("agg", "over"):
        inner = [text for part in tree[3:5] if part is not None for text in [written(part)]]
        return f"{tree[1]}({', '.join([tree[2].removeprefix('event.'), *inner])})"
    if head == "if":
        return f"{written(tree[2])} if {written(tree[1])} else {written(tree[3])}"
    if head == "call":
        return f"{tree[1]}({', '.join(map(written, tree[2:]))})"
    return _WRITTEN.get(head, _plainly)(tree)


def _bracketed(tree: Tree) -> str:
    return f"({written(tree)})" if tree[0] in BETWEEN or tree[0] == "if" else written(tree)


def _plainly(tree: Tree) -> str:
    return str(tree[0]) if len(tree) == 1 else f"{tree[0]}({written(tree[1])})" if isinstance(tree[1], list) else str(tree[1])


_WRITTEN = {
    "node": lambda tree: str(tree[1]).removeprefix("figure."),
    "fact": lambda tree: str(tree[1]),
    "config": lambda tree: ".".join(["config", *map(str, tree[1:])]),
    "at": lambda tree: written(tree[2]),
    "is": lambda tree: f"{written(tree[1])} == {tree[2]}",
    "same": lambda tree: f"{written(tree[1])} == {written(tree[2])}",
    "among": lambda tree: f"{written(tree[1])} in [{', '.join(tree[2])}]",
    "has": lambda tree: f"{tree[2]} in {written(tree[1])}",
    "member": lambda tree: f"{tree[1]} in {tree[2]}",
    "not": lambda tree: f"not {_bracketed(tree[1])}",
    "neg": lambda tree: f"-{_bracketed(tree[1])}",
    "number_of": lambda tree: written(tree[1]),
    "owed": lambda tree: written(tree[1]),
    "bands": lambda tree: f"bands of {written(tree[1])}",
}
