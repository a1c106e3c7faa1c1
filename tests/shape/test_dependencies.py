"""What the engine imports is what pyproject.toml says it needs."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

# Imported, though only another dependency brings it, and why that is safe.
BROUGHT_ALONG = {
    "pydantic-core": "pydantic pins its exact version and speaks its types",
}


def test_a_plain_install_brings_all_that_is_imported(modules, top):
    declared = _plain_names(tomllib.loads((top / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"])
    brings = packages_distributions()
    wrong = [
        f"{module.at(line)}: {name} is not among the dependencies of pyproject.toml"
        for module in modules
        for line, name in _imported(module.tree)
        if not _plain_names(brings.get(name, [name])) & (declared | set(BROUGHT_ALONG))
    ]
    assert not wrong, "\n".join(wrong)


def test_a_plain_install_brings_nothing_that_is_not_imported(modules, top):
    declared = _plain_names(tomllib.loads((top / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"])
    brings = packages_distributions()
    used = {name for module in modules for _, top_name in _imported(module.tree) for name in _plain_names(brings.get(top_name, [top_name]))}
    assert declared <= used, f"declared, and imported nowhere: {sorted(declared - used)}"


def _imported(tree):
    """The top names imported from outside the standard library and kaohe; an import that a `try` guards, or for types only, is free."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        for name in names:
            first = name.split(".")[0]
            if first not in sys.stdlib_module_names and first != "kaohe":
                yield node.lineno, first


def _plain_names(requirements):
    """Distribution names as an index writes them, versions dropped."""
    return {re.match(r"[\w.-]+", text).group().lower().replace("_", "-").replace(".", "-") for text in requirements}
