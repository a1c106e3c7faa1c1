"""What the operations of formulas may ask of the evaluator that runs them."""

from __future__ import annotations

from typing import Protocol

from kaohe.columns import AnyColumn
from kaohe.facts import Facts
from kaohe.plan import Plan
from kaohe.rules.door import Context


class Asked(Context, Protocol):
    """An evaluator, as its operations see it: the plan, the facts, and the columns computed so far."""

    plan: Plan
    facts: Facts
    columns: dict[str, AnyColumn]
