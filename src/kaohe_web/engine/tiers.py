"""An item's table of bands as its card shows it: every band in the scheme's order, the one that was hit marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kaohe.numbers import parse_number, write_number
from kaohe.papers.figures import money, share, shown
from kaohe.papers.sentences import percent
from kaohe.plan import Node, Plan
from kaohe.problems import Language
from kaohe.rules.bands import Band
from kaohe_web.engine.schemes import plan_of

TIERS = "tiers@1"
SIGNS = {"below": "<", "up_to": "≤", "above": ">", "from": "≥"}


@dataclass(frozen=True)
class Tier:
    """One band: its edges, what it gives, whether the figure fell in it."""

    edges: str
    gives: str
    hit: bool


def tiers_of(written: str, item: str, role: str, line: Mapping[str, Any], language: Language) -> list[Tier]:
    """The bands of an item that scores by bands; none of any other."""
    plan = plan_of(written)
    node = _node(plan, item, role)
    if node is None or node.rule != TIERS:
        return []
    id = _figure(node.inputs[0])
    figure = next((_value(child) for child in line.get("children", []) if child["id"] == id), None)
    bands = [Band.read(band) for band in node.params["bands"]]
    met = None if figure is None else next((place for place, band in enumerate(bands) if band.holds(figure)), None)
    as_share = _is_share(plan, id)
    return [
        Tier(_edges(band, as_share, language), _gives(give), place == met)
        for place, (band, give) in enumerate(zip(bands, node.inputs[1:], strict=True))
    ]


def _node(plan: Plan, item: str, role: str) -> Node | None:
    """An item's node, or that of the reading on a role's own form."""
    own = (node for id, node in plan.nodes.items() if id.startswith(f"item.{item}@") and role in id.partition("@")[2].split("+"))
    return next(own, plan.nodes.get(f"item.{item}"))


def _figure(tree: Sequence[Any]) -> str:
    """The id of the figure that a table looks at; empty where it is a formula."""
    while tree[0] == "at":
        tree = tree[2]
    return str(tree[1]) if tree[0] in ("node", "fact") else ""


def _value(line: Mapping[str, Any]) -> Fraction | None:
    value = parse_number(line["value"]) if line.get("value") is not None else None
    return value if isinstance(value, Fraction) else None


def _is_share(plan: Plan, id: str) -> bool:
    """Whether a figure is read as a percentage."""
    head, _, key = id.partition(".")
    if head == "value":
        declared = plan.scheme.values.get(key)
        return declared is not None and declared.kind == "ratio"
    node = plan.nodes.get(id)
    return node is not None and (node.unit == "ratio" or (node.rule == "ratio@1" and node.high == "1"))


def _edges(band: Band, as_share: bool, language: Language) -> str:
    if not band.edges:
        return "其余" if language == "zh" else "else"
    return " ".join(f"{SIGNS[side]}{share(edge) if as_share else write_number(edge)}" for side, edge in band.edges)


def _gives(tree: Sequence[Any]) -> str:
    value = parse_number(tree[1]) if tree[0] == "num" else None
    return shown(value) if isinstance(value, Fraction) else "…"


def as_percent(value: str) -> str:
    """An exact share as a percentage; nothing for what is none."""
    number = parse_number(value)
    return percent(number) if isinstance(number, Fraction) else ""


def in_short(value: object) -> str:
    """An exact figure with four decimals at most."""
    number = parse_number(value) if isinstance(value, str) else None
    return shown(number) if isinstance(number, Fraction) else str(value)


def is_cut(value: str) -> bool:
    """Whether four decimals do not say all of a figure."""
    number = parse_number(value)
    return isinstance(number, Fraction) and parse_number(shown(number).replace("−", "-")) != number


def is_share(written: str, id: str) -> bool:
    """Whether a figure of a scheme is read as a percentage."""
    return _is_share(plan_of(written), id)


def mean_shown(values: Sequence[str]) -> str:
    """The mean of exact figures, with four decimals at most."""
    numbers = [number for value in values if isinstance(number := parse_number(value), Fraction)]
    return shown(sum(numbers, Fraction(0)) / len(numbers)) if numbers else ""


def yuan(value: object) -> object:
    """An exact amount as people write money; what is no number stays."""
    number = parse_number(value) if isinstance(value, str) else None
    return f"¥{money(number)}" if isinstance(number, Fraction) else value
