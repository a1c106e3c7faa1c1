"""The reference pages: what is generated is current, and whatever they show can be compiled."""

from __future__ import annotations

import copy
import inspect
import re
from fractions import Fraction

import pytest
import yaml

from kaohe import cases
from kaohe.cases import case_of, run_case
from kaohe.documents import parse_document
from kaohe.editor import parts_of_schemes
from kaohe.expressions import FUNCTIONS
from kaohe.problems import Problems
from kaohe.reading import plan_of_text
from kaohe.rules import rules
from kaohe.scheme import Part, Scheme
from kaohe.sources.bounds import LIMITS
from kaohe.sources.headings import STRUCTURE, TABLES

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


def as_a_figure(whole, formula):
    """The tea-house with this formula as a figure."""
    tree = copy.deepcopy(whole)
    tree["figures"]["example"] = {"name": "例 | Example", "is": formula, "clause": "§9"}
    return compiled(tree)


def test_every_function_has_an_example_that_compiles(reference, whole):
    examples = [text.strip() for text in blocks(reference, "formulas.md", "formula")]
    assert len(examples) == len(FUNCTIONS)
    for name, example in zip(FUNCTIONS, examples, strict=True):
        assert f"{name}(" in example
        assert "figure.example" in as_a_figure(whole, example).nodes


def test_every_formula_of_the_table_of_formulas_compiles(reference, whole):
    page = (reference.DOCS / "reference" / "formulas.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| `(.+)` \| .+ \|$", page, re.MULTILINE)
    assert len(shown) >= 15
    for formula in shown:
        assert "figure.example" in as_a_figure(whole, formula).nodes


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


def parts_within(value):
    """A part of a scheme and all parts within it."""
    if isinstance(value, Part):
        yield value
        for name in type(value).model_fields:
            yield from parts_within(getattr(value, name))
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ():
        yield from parts_within(inner)


def declared_keys(kind):
    """The keys that a part declares itself, beside those of the part that it is made from."""
    return set(kind.model_fields) - set(kind.__mro__[1].model_fields)


def test_every_key_of_the_language_is_used_by_an_example_that_runs(reference):
    used = set()
    for text in [text for page in ("language.md", "cases.md") for text in blocks(reference, page, "yaml") if text.startswith("# scheme")]:
        for part in parts_within(plan_of_text(text).scheme):
            used |= {
                (home.__name__, name) for home in type(part).__mro__ for name in part.model_fields_set if hasattr(home, "model_fields")
            }
    wanted = {(name, key) for name, kind in parts_of_schemes().items() for key in declared_keys(kind)}
    assert len(wanted) > 230
    assert sorted(wanted - used) == []


def test_every_case_of_the_language_page_is_met_by_its_scheme(reference):
    assert ran_cases(reference, "language.md") >= 9


def ran_cases(reference, page):
    """How many cases of a page ran, each with the results that it states."""
    schemes = [plan_of_text(text) for text in blocks(reference, page, "yaml") if text.startswith("# scheme")]
    plans = {plan.scheme.scheme: plan for plan in schemes}
    ran = 0
    for text in [text for text in blocks(reference, page, "yaml") if text.startswith("# cases")]:
        tree, problems = parse_document(text)
        assert not problems
        for row in tree["cases"]:
            outcome = run_case(plans[tree["scheme"]], case_of(row))
            assert (row["name"], outcome.differences) == (row["name"], ())
            ran += 1
    return ran


def test_every_case_of_the_cases_page_is_met_by_its_scheme(reference):
    assert ran_cases(reference, "cases.md") >= 3


def test_the_cases_page_has_every_key_that_a_case_is_read_by(reference):
    page = (reference.DOCS / "reference" / "cases.md").read_text(encoding="utf-8")
    read = set(re.findall(r"row\.get\(\"(\w+)\"", inspect.getsource(cases))) | {"people", "ratings", "events", "history"}
    assert [key for key in sorted(read) if f"| `{key}` |" not in page] == []
    assert [
        key for key in (*cases.COMPLETE_LISTS, "items", "pay", "total", "grade", "rank", "of", "status", "reason") if f"`{key}`" not in page
    ] == []


def test_the_folder_of_the_facts_page_is_read_and_scored_as_its_lines_say(reference, whole, tmp_path, monkeypatch):
    for text in (*blocks(reference, "facts.md", "csv"), *blocks(reference, "facts.md", "yaml")):
        head, _, rows = text.partition("\n")
        path = tmp_path / head.removeprefix("# ")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(rows, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = {"plan": compiled(whole)}
    for lines in blocks(reference, "facts.md", "python"):
        exec(lines, found)  # the page's own lines, as a reader would run them
    results = found["results"]
    assert results.subjects() == ["w1", "w2"]
    assert results.scorecard("w1").total == 100 * Fraction("0.4") + 86 * Fraction("0.3") + 100 * Fraction("0.2") + 100 * Fraction("0.1")
    assert results.facts.config["refill_target"] == Fraction(85, 100)
    assert list(found["facts"].units["house"]) == ["house"]


def test_the_facts_page_has_every_table_and_column_and_the_bounds(reference):
    page = (reference.DOCS / "reference" / "facts.md").read_text(encoding="utf-8")
    rows = {row.split("`")[1]: row for row in page.split("\n") if row.startswith("| `")}
    for table, names in TABLES.items():
        assert names[0] in rows[table] or names[-2] in rows[table], table
        columns = STRUCTURE[table]
        assert [id for id in columns if id not in rows[table]] == [], table
        assert table == "measured" or [words[0] for words in columns.values() if words[0] not in rows[table]] == [], table
    assert f"{LIMITS.text_bytes >> 20} MB, {LIMITS.rows:,} rows, {LIMITS.columns:,} columns, {LIMITS.line_bytes >> 20} MB a line" in page
    assert f"{LIMITS.text_ratio} times its packed size (beyond {LIMITS.ratio_free_bytes >> 20} MB)" in page
    assert f"{LIMITS.workbook_bytes >> 20} MB; unpacked {LIMITS.unpacked_bytes >> 20} MB, {LIMITS.unpacked_ratio} times its size" in page
    assert f"{LIMITS.entries} entries, {LIMITS.cells:,} cells a sheet" in page
