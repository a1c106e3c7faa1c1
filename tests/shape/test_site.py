"""The website's house: one door to the engine, writes in actions, reads in queries, nothing of another host."""

from __future__ import annotations

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
SITE = TOP / "src" / "kaohe_web"
MODULES = [path for path in sorted(SITE.rglob("*.py")) if "migrations" not in path.parts]
LAYERS = ("models", "actions", "queries", "views", "urls")
WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create", "add", "set"}


def name_of(path: Path) -> str:
    parts = path.relative_to(SITE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_door_imports_the_engine(path):
    outside = {name for name in imports(path) if name == "kaohe" or name.startswith("kaohe.")}
    assert not outside or "engine" in path.parts, f"{name_of(path)} imports {sorted(outside)}: go through kaohe_web.engine"


@pytest.mark.parametrize("path", [path for path in MODULES if path.stem in ("views", "queries")], ids=name_of)
def test_views_and_queries_write_nothing(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [
        f"line {node.lineno}: .{node.func.attr}()"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
        and ".objects" in ast.unparse(node.func)
    ]
    assert not calls, f"{name_of(path)} writes; an action does that: {calls}"


def test_no_modules_of_the_site_import_one_another_in_a_circle():
    known = {name_of(path) for path in MODULES}
    needs = {name_of(path): (imports(path) & known) - {name_of(path)} for path in MODULES}
    try:
        tuple(TopologicalSorter(needs).static_order())
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_a_layer_imports_no_layer_above_it():
    for path in MODULES:
        if path.stem not in LAYERS:
            continue
        above = LAYERS[LAYERS.index(path.stem) + 1 :]
        wrong = {
            name
            for name in imports(path)
            if name.startswith("kaohe_web.") and name.rpartition(".")[2] in above and name in {name_of(one) for one in MODULES}
        }
        assert not wrong, f"{name_of(path)} imports {sorted(wrong)}"


@pytest.mark.parametrize("path", sorted(SITE.rglob("templates/**/*.html")), ids=lambda path: path.name)
def test_a_template_has_no_inline_script_no_handler_and_no_other_host(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), "an inline script"
    assert not re.search(r"\son[a-z]+=", text), "an event handler in an attribute"
    assert "hx-on" not in text
    assert not re.search(r"(?:src|href|action)=[\"']?(?:https?:)?//", text), "another host"


@pytest.mark.parametrize("path", sorted(SITE.rglob("templates/**/*.html")), ids=lambda path: path.name)
def test_a_form_that_posts_carries_its_token(path):
    text = path.read_text(encoding="utf-8")
    for form in re.findall(r"<form\b.*?</form>", text, re.S):
        if 'method="post"' in form:
            assert "{% csrf_token %}" in form


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_binary_float_in_the_site(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    floats = [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and ast.unparse(node.func) == "float")
    ]
    assert not floats or path.stem in ("serving",), f"{name_of(path)}: lines {floats}"
