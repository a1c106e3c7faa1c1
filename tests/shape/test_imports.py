"""Who may import whom."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter

import pytest


def test_every_module_has_a_room_in_the_order(module, order):
    if module.name in ("kaohe", "kaohe.__main__"):
        return
    assert module.room in order, f"{module.at(1)}: add {module.room!r} to ORDER in tests/shape/conftest.py, below all that it imports"


def test_the_order_has_no_room_twice_and_none_that_is_not_there(modules, order, only_from):
    assert len(set(order)) == len(order)
    there = {module.room for module in modules}
    assert [room for room in order if room not in there] == [], "rows of ORDER without a module"
    assert set(only_from) <= set(order)


def test_a_module_imports_only_from_the_rooms_above_it(module, names, order, only_from):
    above = _may_import(module, order, only_from)
    wrong = [
        f"{module.at(found.line)}: {module.name} imports {found.target}, which does not stand above it"
        for found in module.imports(names)
        if _room(found.target) not in above
    ]
    assert not wrong, "\n".join(wrong)


def test_no_modules_import_one_another_in_a_circle(modules, names):
    needs = {module.name: {found.target for found in module.imports(names)} - {module.name} for module in modules}
    try:
        tuple(TopologicalSorter(needs).static_order())
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_no_function_imports(module):
    late = [
        f"{module.at(inner.lineno)}: an import inside {outer.name}"
        for outer in ast.walk(module.tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in _outside_type_checking(outer)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not late, "\n".join(late)


def _may_import(module, order, only_from):
    """The rooms that a module may import from. `kaohe` itself holds the version at most; `__main__` is the last room of all."""
    if module.name == "kaohe":
        return set()
    if module.name == "kaohe.__main__":
        return {"", *order}
    above = order[: order.index(module.room)] if module.room in order else order
    return {"", *only_from.get(module.room, above), *([module.room] if module.in_package else [])}


def _room(target):
    return [*target.split("."), ""][1]


def _outside_type_checking(node):
    """All nodes under `node`, save what stands under `if TYPE_CHECKING:`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from _outside_type_checking(child)
