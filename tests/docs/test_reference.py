"""The reference pages: what is generated is current, and whatever they show can be compiled."""

from __future__ import annotations

import copy
import inspect
import json
import re
from datetime import date

import pytest
import yaml

from kaohe import cases
from kaohe.cases import case_of, run_case
from kaohe.documents import parse_document
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
        assert "figure.example" in compiled(tree).nodes


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
    assert set(reference.load(reference.EXAMPLES)["rules"]) == {
        key for key, rule in rules().items() if rule.apply.__module__.startswith("kaohe.")
    }


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


TYPES = {"object": dict, "array": list, "string": (str, date), "number": (int, float), "integer": int, "boolean": bool, "null": type(None)}


def fits(value, schema, defs):
    """Whether a value is as a JSON Schema says: the few keywords that ours uses."""
    if "$ref" in schema:
        return fits(value, defs[schema["$ref"].rpartition("/")[2]], defs)
    kinds = schema.get("type", [])
    if kinds and not any(isinstance(value, TYPES[kind]) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        return False
    if "anyOf" in schema and not any(fits(value, part, defs) for part in schema["anyOf"]):
        return False
    if isinstance(value, list):
        return all(fits(part, schema.get("items", {}), defs) for part in value)
    return not isinstance(value, dict) or keys_fit(value, schema, defs)


def keys_fit(value, schema, defs):
    others = schema.get("additionalProperties", True)
    for key, inner in value.items():
        known = schema.get("properties", {}).get(str(key), others)
        if known is False or (isinstance(known, dict) and not fits(inner, known, defs)):
            return False
    names = schema.get("then", {}).get("propertyNames")
    if names and "rule" not in value and any(key not in names["enum"] for key in value):
        return False
    return all(key in value for key in schema.get("required", []))


@pytest.fixture(scope="module")
def schema(reference):
    return json.loads((reference.DOCS / "reference" / "scheme.schema.json").read_text(encoding="utf-8"))


def as_an_editor_reads_it(text):
    return yaml.safe_load(text)


def test_an_editor_accepts_every_scheme_of_the_library(reference, schema):
    for path in sorted((reference.TOP / "schemes").glob("*/scheme.yaml")):
        tree = as_an_editor_reads_it(path.read_text(encoding="utf-8"))
        wrong = [key for key, value in tree.items() if not fits({key: value}, {**schema, "required": []}, schema["$defs"])]
        assert (path.parent.name, wrong) == (path.parent.name, [])


def test_an_editor_marks_a_misspelt_key(reference, schema):
    text = reference.WHOLE.read_text(encoding="utf-8")
    assert fits(as_an_editor_reads_it(text), schema, schema["$defs"])
    for right, wrong in (
        ("weight: 40%", "weigth: 40%"),
        ("actions:", "action:"),
        ("{from: 85%", "{form: 85%"),
        ("half: half_up", "half: up"),
    ):
        if right in text:
            assert not fits(as_an_editor_reads_it(text.replace(right, wrong)), schema, schema["$defs"])


def test_the_schema_knows_every_key_of_a_scheme(schema):
    assert set(schema["properties"]) >= {field.alias or name for name, field in Scheme.model_fields.items()}


def test_every_case_of_the_cases_page_is_met_by_its_scheme(reference):
    schemes = [plan_of_text(text) for text in blocks(reference, "cases.md", "yaml") if text.startswith("# scheme")]
    plans = {plan.scheme.scheme: plan for plan in schemes}
    ran = 0
    for text in [text for text in blocks(reference, "cases.md", "yaml") if text.startswith("# cases")]:
        tree, problems = parse_document(text)
        assert not problems
        for row in tree["cases"]:
            outcome = run_case(plans[tree["scheme"]], case_of(row))
            assert (row["name"], outcome.differences) == (row["name"], ())
            ran += 1
    assert ran >= 3


def test_the_cases_page_has_every_key_that_a_case_is_read_by(reference):
    page = (reference.DOCS / "reference" / "cases.md").read_text(encoding="utf-8")
    read = set(re.findall(r"row\.get\(\"(\w+)\"", inspect.getsource(cases))) | {"people", "ratings", "events", "history"}
    assert [key for key in sorted(read) if f"| `{key}` |" not in page] == []
    assert [
        key for key in (*cases.COMPLETE_LISTS, "items", "pay", "total", "grade", "rank", "of", "status", "reason") if f"`{key}`" not in page
    ] == []
