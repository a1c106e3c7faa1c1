"""The compiled plan: figures in the order in which they are computed, as plain JSON.

A plan says for every figure per what it exists (its frame), by which version of which rule it is
made, from which inputs. It can be written, kept with a published round, and read again years later.
Trees are the formulas with every name resolved: nested lists whose first entry is the operation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from typing import Any

from kaohe.numbers import write_number
from kaohe.scheme import Scheme

FORMAT = 1
PEOPLE = "people"
HISTORY = "history"
PART_WORD = "part_word"  # which word of a list a part of the period stands for

Tree = list[Any]


@dataclass(frozen=True)
class Typed:
    """A resolved formula: its tree, what kind of column it gives, its unit and its bounds."""

    tree: Tree
    kind: str = "number"
    unit: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    vocabulary: tuple[str, ...] | None = None
    numbers: str = ""

    def held(self, low: Fraction | None, high: Fraction | None) -> Typed:
        """The same formula with other bounds."""
        return replace(self, low=low, high=high)


Bounds = tuple[Fraction | None, Fraction | None]
ZERO = Typed(["num", "0"], "number", "", Fraction(0), Fraction(0))


def widest(parts: Sequence[Typed]) -> Bounds:
    """From the least to the most that one of the parts may be; no end where one of them has none."""
    lows = [part.low for part in parts if part.low is not None]
    highs = [part.high for part in parts if part.high is not None]
    low = min(lows) if parts and len(lows) == len(parts) else None
    return low, max(highs) if parts and len(highs) == len(parts) else None


def summed(parts: Sequence[Typed]) -> Bounds:
    """From the least to the most that all of the parts together may be; no end where one of them has none."""
    lows = [part.low for part in parts if part.low is not None]
    highs = [part.high for part in parts if part.high is not None]
    low = sum(lows, Fraction(0)) if len(lows) == len(parts) else None
    return low, sum(highs, Fraction(0)) if len(highs) == len(parts) else None


@dataclass(frozen=True)
class Node:
    """One figure of the plan."""

    id: str
    frame: str
    rule: str
    inputs: list[Tree]
    params: dict[str, Any] = field(default_factory=dict)
    kind: str = "number"
    unit: str = ""
    clause: str = ""
    name: str = ""
    low: str | None = None
    high: str | None = None
    vocabulary: list[str] | None = None


@dataclass(frozen=True)
class Plan:
    """A scheme made ready to score: the scheme itself, its figures in order, its groups and forms."""

    scheme: Scheme
    nodes: dict[str, Node]
    groups: dict[str, dict[str, Any]]
    forms: dict[str, dict[str, Any]]
    musts: list[dict[str, Any]]
    feeds: dict[str, list[str]]
    outputs: dict[str, Any]

    def write(self) -> str:
        """The plan as JSON text, the same for the same scheme."""
        parts = {
            "format": FORMAT,
            "scheme": self.scheme.model_dump(mode="json", by_alias=True, exclude_defaults=True),
            "nodes": [asdict(node) for node in self.nodes.values()],
            "groups": self.groups,
            "forms": self.forms,
            "musts": self.musts,
            "feeds": self.feeds,
            "outputs": self.outputs,
        }
        return json.dumps(parts, ensure_ascii=False, indent=1, sort_keys=False)

    @classmethod
    def read(cls, text: str) -> Plan:
        """The plan that `write` wrote; a ValueError for another format."""
        parts = json.loads(text)
        if parts.pop("format") != FORMAT:
            raise ValueError("this plan was written by another format of Kaohe")
        nodes = [Node(**node) for node in parts.pop("nodes")]
        return cls(scheme=Scheme.model_validate(parts.pop("scheme")), nodes={node.id: node for node in nodes}, **parts)


def bound(value: Fraction | None) -> str | None:
    """A bound as the plan writes it."""
    return None if value is None else write_number(value)


def walk(tree: object) -> Iterator[Tree]:
    """Every operation in a tree, outermost first."""
    if isinstance(tree, list):
        if tree and isinstance(tree[0], str):
            yield tree
        for part in tree:
            yield from walk(part)


def node_ids(trees: list[Tree]) -> list[str]:
    """The figures that trees look at, in order, each once."""
    return list(dict.fromkeys(part[1] for part in walk(trees) if part[0] == "node"))
