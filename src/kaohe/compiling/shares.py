"""Whether one figure can be more than another of which it is said to be a part, and what facts are then held to."""

from __future__ import annotations

from typing import Any

from kaohe.plan import PEOPLE, Typed, walk
from kaohe.texts import Text

WRITTEN = {"fact", "num", "+", "-"}  # what a formula over figures that people enter is made of
VALUE = "value."


def is_some_of(part: Typed, whole: Typed) -> bool:
    """Whether a part is within its whole whatever the facts: by their ends, or as some of the records that the whole counts."""
    if part.high is not None and whole.low is not None and whole.low > 0 and part.high <= whole.low:
        return True
    some, every = part.tree, whole.tree
    if some[0] not in ("agg", "over") or some[:4] != every[:4] or every[4] is not None:
        return False
    return some[1] == "count" or (some[1] == "sum" and whole.low is not None and whole.low >= 0)


def can_be_held(part: Typed, whole: Typed) -> bool:
    """Whether both are made of values as they were written, and the whole is never negative."""
    trees = list(walk([part.tree, whole.tree]))
    facts = [tree[1] for tree in trees if tree[0] == "fact"]
    made_of_values = {tree[0] for tree in trees} <= WRITTEN and all(column.startswith(VALUE) for column in facts)
    return made_of_values and bool(facts_of(part)) and whole.low is not None and whole.low >= 0


def condition(part: Typed, whole: Typed, text: str, owner: str, name: Text | None) -> dict[str, Any]:
    """The condition that the part is at most the whole, as the plan keeps what a scheme writes under `must`."""
    about = [column.removeprefix(VALUE) for column in [*facts_of(part), *facts_of(whole)]]
    called = {} if name is None else {"name": Text(f"{name.zh}不超过 100%", f"{name.en}: at most 100%").write()}
    found = {"frame": PEOPLE, "tree": ["<=", part.tree, whole.tree], "reason": "out_of_range", "text": text}
    return {**found, "about": list(dict.fromkeys([*about, owner])), **called}


def facts_of(figure: Typed) -> list[str]:
    """The facts that a formula looks at, in order."""
    return [tree[1] for tree in walk(figure.tree) if tree[0] == "fact"]
