"""No binary floats, and no error swallowed."""

from __future__ import annotations

import ast

FLOAT_TYPES = {"float", "float16", "float32", "float64", "float128", "Float32", "Float64", "longdouble", "double"}
ANY_ERROR = {"Exception", "BaseException"}


def test_no_binary_float_is_made(module, floats):
    if module.name in floats:
        return
    made = [f"{module.at(line)}: {what}" for line, what in sorted(_floats(module.tree))]
    assert not made, "\n".join([*made, "if one of these is for show only, say so in FLOATS of tests/shape/conftest.py"])


def test_the_table_of_floats_has_no_idle_row(floats, modules):
    by_name = {module.name: module for module in modules}
    idle = [name for name in floats if name not in by_name or not any(_floats(by_name[name].tree))]
    assert not idle


def test_only_the_outermost_door_catches_every_error(module):
    if module.room == "cli":
        return
    broad = [
        f"{module.at(node.lineno)}: except {'' if node.type is None else ast.unparse(node.type)}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and (node.type is None or _named(node.type) & ANY_ERROR)
    ]
    assert not broad, "\n".join(broad)


def _floats(tree):
    """Where a float comes into being: a literal, a call, a float type given to a call, a numpy float type.

    To ask whether something is a float, in order to refuse it, is allowed, and so is naming the type in an annotation.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield node.lineno, f"the literal {node.value!r}"
        elif isinstance(node, ast.Attribute) and node.attr in FLOAT_TYPES:
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Call):
            callee = ast.unparse(node.func)
            given = [] if callee in ("isinstance", "issubclass") else [*node.args, *(keyword.value for keyword in node.keywords)]
            if callee == "float" or any(isinstance(value, ast.Name) and value.id == "float" for value in given):
                yield node.lineno, ast.unparse(node)


def _named(node):
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
