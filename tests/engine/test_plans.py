"""What a plan says: every figure of a few schemes that write everything once, its inputs, settings, names and ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from kaohe.plan import Node, Plan, node_ids
from tests.engine.conftest import plan_of

ROWS = yaml.load((Path(__file__).parent / "planned.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def line_of(node: Node) -> str:
    """A figure on one line."""
    texts = f"{node.kind} {node.unit} | {node.clause} {node.name} | {node.low}..{node.high} | {written(node.vocabulary)}"
    return f"{node.id} | {node.frame} | {node.rule} | {written(node.inputs)} | {written(node.params)} | {texts}"


def lines_of(plan: Plan) -> Iterator[str]:
    """A plan line by line."""
    yield from map(line_of, plan.nodes.values())
    yield from (f"group {name}: {written(group)}" for name, group in plan.groups.items())
    yield from (f"form {name}: {written(form)}" for name, form in plan.forms.items())
    yield from (f"must: {written(must)}" for must in plan.musts)
    yield from (f"feeds {fact}: {', '.join(items)}" for fact, items in plan.feeds.items())
    yield from (f"{what}: {written(output)}" for what, output in plan.outputs.items() if what != "rules")


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_a_scheme_becomes_this_plan(row: dict[str, Any]) -> None:
    assert list(lines_of(plan_of(row["scheme"]))) == row["plan"].splitlines()


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_every_figure_stands_behind_those_it_needs(row: dict[str, Any]) -> None:
    seen: set[str] = set()
    for node in plan_of(row["scheme"]).nodes.values():
        assert set(node_ids(node.inputs)) <= seen
        seen.add(node.id)


def test_a_plan_says_what_each_of_its_rules_does() -> None:
    plan = plan_of(ROWS[0]["scheme"])
    used = {node.rule for node in plan.nodes.values()}
    assert used <= set(plan.outputs["rules"])
    assert all(" | " in about for about in chain(plan.outputs["rules"].values()))
