"""The reference pages: what is generated is current, and whatever they show can be compiled."""

from __future__ import annotations

import copy
import json
import re

import pytest
import yaml

from kaohe.expressions import FUNCTIONS
from kaohe.problems import Problems
from kaohe.reading import plan_of_text
from kaohe.rules import rules
from kaohe.scheme import Scheme

FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(reference, name, kind):
    page = (reference.DOCS / "reference" / name).read_text(encoding="utf-8")
    return [text for found, text in FENCED.findall(page) if found == kind]


def compiled(tree):
    """The plan of a tree of text; the problems in words where it has none."""
    text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
    try:
        return plan_of_text(text)
    except Problems as problems:
        pytest.fail("\n".join(problem.tell("en") for problem in problems))


def test_what_is_generated_is_current(reference):
    assert reference.stale() == [], "run python tools/reference.py"


def test_every_function_has_an_example_that_compiles(reference, whole):
    examples = [text.strip() for text in blocks(reference, "formulas.md", "formula")]
    assert len(examples) == len(FUNCTIONS)
    for name, example in zip(FUNCTIONS, examples, strict=True):
        assert f"{name}(" in example
        tree = copy.deepcopy(whole)
        tree["figures"]["example"] = {"name": "例 | Example", "is": example, "clause": "§9"}
        assert f"figure.example" in compiled(tree).nodes


def test_every_rule_has_an_example_that_compiles_to_that_rule(reference, whole):
    for key, example in reference.load(reference.EXAMPLES)["rules"].items():
        tree = copy.deepcopy(whole)
        written = yaml.load(example["yaml"], Loader=yaml.BaseLoader)
        *homes, last = example["under"].split(".")
        home = tree
        for step in homes:
            home = home[step]
        home[last] = written if last in ("grades", "rank", "total", "forms") else {**home.get(last, {}), **written}
        assert key in {node.rule for node in compiled(tree).nodes.values()}, key
    assert set(reference.load(reference.EXAMPLES)["rules"]) == {key for key, rule in rules().items() if rule.apply.__module__.startswith("kaohe.")}


def test_every_scheme_of_the_language_page_compiles(reference):
    shown = [text for text in blocks(reference, "language.md", "yaml") if text.startswith("# scheme")]
    assert len(shown) >= 8
    for text in shown:
        try:
            plan_of_text(text)
        except Problems as problems:
            pytest.fail(text.splitlines()[0] + "\n" + "\n".join(problem.tell("en") for problem in problems))


def test_the_language_page_has_every_key_of_a_scheme(reference):
    page = (reference.DOCS / "reference" / "language.md").read_text(encoding="utf-8")
    keys = [field.alias or name for name, field in Scheme.model_fields.items()] + ["rules"]
    assert [key for key in keys if f"`{key}`" not in page] == []


def test_the_schema_knows_every_key_of_a_scheme(reference):
    schema = json.loads((reference.DOCS / "reference" / "scheme.schema.json").read_text(encoding="utf-8"))
    assert set(schema["properties"]) >= {field.alias or name for name, field in Scheme.model_fields.items()}
