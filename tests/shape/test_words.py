"""What every module and function says of itself, and what none may say."""

from __future__ import annotations

import ast
import re
from pathlib import Path


def test_a_module_says_what_it_is(module):
    if module.text.strip():
        assert ast.get_docstring(module.tree), f"{module.at(1)}: no docstring"


def test_a_public_class_or_function_says_what_it_gives(module):
    silent = [f"{module.at(node.lineno)}: {name} has no docstring" for name, node in _public(module.tree) if not ast.get_docstring(node)]
    assert not silent, "\n".join(silent)


def test_a_function_says_what_it_returns(module):
    silent = [
        f"{module.at(node.lineno)}: {node.name} has no return type"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is None
    ]
    assert not silent, "\n".join(silent)


SAMPLE = Path(__file__).resolve().parents[2] / "src" / "kaohe_web" / "sample"


def test_no_file_of_the_engine_or_the_site_names_a_scheme_of_the_library(top, scheme_ids):
    """The sample company says which scheme it lives by; nobody else knows one by name."""
    if not scheme_ids:
        return
    names = re.compile(r"(?<![\w-])(" + "|".join(re.escape(name).replace(r"\-", "[-_]") for name in scheme_ids) + r")(?![\w-])")
    named = [
        f"{path.relative_to(top)}:{number}: {found.group()}"
        for path in sorted((top / "src").rglob("*"))
        if path.is_file() and SAMPLE not in path.parents and path.suffix not in (".pyc", ".xlsx", ".parquet", ".otf")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        for found in names.finditer(line)
    ]
    assert not named, "\n".join(named)


def _public(node, within=""):
    """Public classes, functions and methods, by their dotted name; what stands inside a function is nobody's business."""
    for child in node.body:
        if not isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or child.name.startswith("_"):
            continue
        if any("overload" in ast.unparse(decorator) for decorator in child.decorator_list):
            continue
        if not _is_plain_property(child):
            yield within + child.name, child
        if isinstance(child, ast.ClassDef):
            yield from _public(child, f"{within}{child.name}.")


def _is_plain_property(node):
    """A property of one line is as plain as a field: its name is what it says."""
    return [ast.unparse(decorator) for decorator in getattr(node, "decorator_list", [])] == ["property"] and len(node.body) == 1
