"""Weights as people write them: shares of the whole, and the ranges within which a company chooses."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from kaohe.numbers import parse_number
from kaohe.phrasing.pieces import Glue
from kaohe.problems import Problem
from kaohe.scheme import Form, Scheme


def printed_weights(scheme: Scheme, form: Form | None) -> dict[str, Fraction]:
    """The weight of each item as a share of the whole, of one form or of all items; none where the company chooses them."""
    if scheme.total is None or scheme.total.weights.startswith("config.") or scheme.total.is_ != "weighted sum":
        return {}
    found: dict[str, Fraction] = {}
    for name in scheme.items if form is None else form.items:
        own = None if form is None else form.items[name].weight
        written = own if own is not None else parse_number(scheme.items[name].weight or "0")
        if not isinstance(written, Problem) and scheme.items[name].in_total:
            found[name] = written
    return shares(found)


def shares(weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Weights that were printed as 30 or as 30%, as shares."""
    full = 100 if sum(weights.values()) > 2 else 1
    return {name: weight / full for name, weight in weights.items()}


def weight_range(glue: Glue, written: str | None) -> str:
    """A weight, or the range within which the company chooses it."""
    if not written:
        return ""
    low, dots, high = written.partition("..")
    ends = [end if end.endswith("%") or not end else f"{end}%" for end in (low, high)]
    if not dots:
        return ends[0]
    return f"{ends[0]}–{ends[1]}" if all(ends) else glue.say(f"不低于{ends[0]}", f"at least {ends[0]}") if ends[0] else ends[1]
