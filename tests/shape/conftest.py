"""The house as these tests see it: the order of its rooms, and every module of `src/kaohe` parsed once.

A test that takes `module` runs once for each module.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
SOURCE = TOP / "src" / "kaohe"

# The rooms of the engine, top to bottom; a room is a module or a package. Each imports only from those above it.
# A new module needs its row here.
ORDER = (
    "problems",
    "numbers",
    "texts",
    "columns",
    "packed",
    "documents",
    "expressions",
    "fact_problems",
    "scheme_problems",
    "scheme",
    "plan",
    "facts",
    "rules",
    "compiling",
    "reading",
    "evaluating",
    "checking",
    "scoring",
    "explaining",
    "rescoring",
    "cases",
    "library",
    "indicators",
    "editor",
    "labels",
    "sources",
    "improving",
    "linting",
    "showing",
    "exporting",
    "sheets",
    "templates",
    "workbooks",
    "papers",
    "phrasing",
    "regulations",
    "drafting",
    "comparing",
    "measuring",
    "sample",
    "demo",
    "cli",
)

# Rooms that may use less than what stands above them.
ONLY_FROM = {
    "indicators": {"problems", "numbers", "texts", "documents"},
    "measuring": {"problems", "numbers", "texts", "documents"},
    "sample": {"problems", "numbers"},
}

# Modules that may speak of binary floats, and why. None of them stands on the way to a score, a rank, a grade or money.
FLOATS = {
    "kaohe.measuring.locking": "seconds between two tries to take a lock",
    "kaohe.texts": "how alike two words must be for a `did you mean`",
}


@dataclass(frozen=True)
class Import:
    """One imported module of kaohe, and the line that asks for it."""

    target: str
    line: int


@dataclass(frozen=True)
class Module:
    """One file of the engine."""

    name: str
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=str(self.path))

    @property
    def room(self) -> str:
        """`rules` for kaohe.rules.tiers; "" for kaohe itself."""
        return [*self.name.split("."), ""][1]

    @property
    def in_package(self) -> bool:
        """Whether its room is a package, whose modules may import one another."""
        return (SOURCE / self.room).is_dir() and bool(self.room)

    def at(self, line: int) -> str:
        return f"{self.path.relative_to(TOP)}:{line}"

    def imports(self, names: set[str]) -> list[Import]:
        """What it imports of kaohe, wherever in the file; `names` tells `from kaohe import numbers` from a function's name."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [Import(alias.name, node.lineno) for alias in node.names if alias.name.split(".")[0] == "kaohe"]
            elif isinstance(node, ast.ImportFrom):
                source = self._source_of(node)
                if source.split(".")[0] == "kaohe":
                    deeper = [f"{source}.{alias.name}" for alias in node.names]
                    found += [Import(name if name in names else source, node.lineno) for name in deeper]
        return found

    def _source_of(self, node: ast.ImportFrom) -> str:
        """The module that a `from` names, `.` and `..` resolved."""
        if not node.level:
            return node.module or ""
        package = self.name.split(".") if self.path.name == "__init__.py" else self.name.split(".")[:-1]
        return ".".join(package[: len(package) - node.level + 1] + ([node.module] if node.module else []))


def _read_modules() -> Iterator[Module]:
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        yield Module(".".join(parts[:-1] if parts[-1] == "__init__" else parts), path)


MODULES = tuple(_read_modules())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that takes `module` once for each module of the engine."""
    if "module" in metafunc.fixturenames:
        metafunc.parametrize("module", MODULES, ids=lambda module: module.name)


@pytest.fixture
def modules() -> tuple[Module, ...]:
    return MODULES


@pytest.fixture
def names() -> set[str]:
    return {module.name for module in MODULES}


@pytest.fixture
def order() -> tuple[str, ...]:
    return ORDER


@pytest.fixture
def only_from() -> dict[str, set[str]]:
    return ONLY_FROM


@pytest.fixture
def floats() -> dict[str, str]:
    return FLOATS


@pytest.fixture
def top() -> Path:
    return TOP


@pytest.fixture
def scheme_ids() -> list[str]:
    return sorted(folder.name for folder in (TOP / "schemes").glob("*") if folder.is_dir())
