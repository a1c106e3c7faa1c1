"""How facts become points: every rule in one table, built-in ones and a company's own alike.

A company adds rules through the entry point group `kaohe.rules`; each entry names a `Rule`.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from kaohe.rules import (
    adjust,
    formula,
    grading,
    line,
    matched_within,
    per_event,
    places,
    ranking,
    rating,
    ratio,
    share_out,
    steps,
    tiers,
    weighted,
)
from kaohe.rules.door import Rule

BUILT_IN: tuple[Rule, ...] = (
    formula.RULE,
    ratio.RULE,
    tiers.RULE,
    line.RULE,
    per_event.RULE,
    rating.RULE,
    places.RULE,
    matched_within.RULE,
    steps.RULE,
    share_out.RULE,
    adjust.RULE,
    weighted.RULE,
    *grading.RULES,
    *ranking.RULES,
)


@cache
def rules() -> dict[str, Rule]:
    """Every rule by name and version (`tiers@1`); a name and version that comes twice is a ValueError."""
    found: dict[str, Rule] = {}
    own = [entry.load() for entry in entry_points(group="kaohe.rules")]
    for rule in (*BUILT_IN, *own):
        if rule.key in found:
            raise ValueError(f"two rules are called {rule.key}")
        found[rule.key] = rule
    return found
