"""Small changes to Python source, one at a time: each mutant is one node of a module's tree replaced by another.

What is changed: comparisons, arithmetic, `and`/`or`/`not`, numbers, yes and no, texts that are compared or are keys, what is
returned, statements left out, conditions forced, ends of slices, `min`/`max`, `any`/`all`, `sorted`. What is not: docstrings,
annotations, decorators, imports, messages, `assert` and `strict=` (a programmer's claims), and what is raised.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
SWAPPED = {"min": "max", "any": "all", "minimum": "maximum", "least": "most"}
SWAPPED |= {other: one for one, other in SWAPPED.items()}
READS_A_KEY = {"get", "pop", "setdefault", "startswith", "endswith", "partition", "rpartition", "removeprefix", "count", "split", "index"}
CACHED = {"cache", "lru_cache"}
LONGEST = 120


@dataclass(frozen=True)
class Mutant:
    """One change: where it stands, what becomes what, and by which statement one tells whether a test comes near it."""

    file: str
    inside: str  # the class and function in which it stands; empty at the top of the module
    line: int
    text: str  # the line as it stands
    change: str  # `before → after`; a number follows where one line has several such
    statement: int  # the line on which the innermost statement begins
    at_import: bool  # whether it takes effect when the module is imported (or once for all), whatever test comes first

    @property
    def key(self) -> str:
        """What the mutant is called from run to run: everything but the line's number."""
        return " | ".join((self.file, self.inside, self.text, self.change))


@dataclass(frozen=True)
class Site:
    """A node of a tree and its way there: the nodes above it, and the field of the last one that holds it."""

    above: tuple[ast.AST, ...]
    field: str
    place: int | None
    node: ast.AST

    @property
    def parent(self) -> ast.AST:
        """The node that holds it."""
        return self.above[-1]

    def put(self, other: ast.AST) -> None:
        """Replace the node in its tree."""
        if self.place is None:
            setattr(self.parent, self.field, other)
        else:
            getattr(self.parent, self.field)[self.place] = other

    def nearest(self, *kinds: type[ast.AST]) -> list[ast.AST]:
        """The nodes of these kinds above it and itself, outermost first."""
        return [node for node in (*self.above, self.node) if isinstance(node, kinds)]


# --- what may be changed --------------------------------------------------------------------------


def sites(tree: ast.Module) -> Iterator[Site]:
    """Every node that may be changed, in the order of the source."""
    yield from _below(tree, ())


def _below(node: ast.AST, above: tuple[ast.AST, ...]) -> Iterator[Site]:
    for field, value in ast.iter_fields(node):
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                site = Site((*above, node), field, place, child)
                if not _left_alone(site):
                    yield site
                    yield from _below(child, (*above, node))


def _left_alone(site: Site) -> bool:
    if site.field in ("annotation", "returns", "decorator_list", "bases", "type_params"):
        return True
    if isinstance(site.node, (ast.Import, ast.ImportFrom, ast.Assert, ast.Raise)):
        return True
    return _is_docstring(site) or _is_claim(site.node) or _is_type(site.node)


def _is_docstring(site: Site) -> bool:
    return isinstance(site.node, ast.Expr) and isinstance(site.node.value, ast.Constant)


def _is_claim(node: ast.AST) -> bool:
    return isinstance(node, ast.keyword) and node.arg == "strict"


def _is_type(node: ast.AST) -> bool:
    """A type written as a value: `Bounds = tuple[Fraction | None, Fraction | None]`, `TypeVar("Made")`, `__all__`."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__":
        return True
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in ("tuple", "Callable", "dict", "list"):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "TypeVar":
        return True
    return isinstance(node, ast.BinOp) and isinstance(node.right, ast.Constant) and node.right.value is None


# --- how it may be changed ------------------------------------------------------------------------


def comparisons(site: Site) -> Iterator[ast.AST]:
    """`<` and `<=`, `==` and `!=`, `in` and `not in`, `is` and `is not`: each for the other."""
    node = site.node
    if isinstance(node, ast.Compare):
        for place, sign in enumerate(node.ops):
            signs = [*node.ops[:place], COMPARED[type(sign)](), *node.ops[place + 1 :]]
            yield ast.Compare(node.left, signs, node.comparators)


def arithmetic(site: Site) -> Iterator[ast.AST]:
    """`+` and `-`, `*` and `/`, `&` and `|`: each for the other, also in `+=`."""
    node = site.node
    if isinstance(node, ast.BinOp) and type(node.op) in COMPUTED and not (_is_written(node.left) or _is_written(node.right)):
        yield ast.BinOp(node.left, COMPUTED[type(node.op)](), node.right)
    if isinstance(node, ast.AugAssign) and type(node.op) in COMPUTED and not _is_written(node.value):
        yield ast.AugAssign(node.target, COMPUTED[type(node.op)](), node.value)


def _is_written(node: ast.AST) -> bool:
    """A text or a list: taking it away from something is no program."""
    return isinstance(node, (ast.JoinedStr, ast.List, ast.ListComp)) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def logic(site: Site) -> Iterator[ast.AST]:
    """`and` and `or` each for the other; `not`, `~` and the minus of a sum left out."""
    node = site.node
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    if isinstance(node, ast.UnaryOp) and not isinstance(node.operand, ast.Constant):
        yield node.operand


def constants(site: Site) -> Iterator[ast.AST]:
    """Yes for no, 0 for 1 and back, other whole numbers one more; texts that are compared or are keys made others."""
    node = site.node
    if not isinstance(node, ast.Constant):
        return
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant({0: 1, 1: 0}.get(node.value, node.value + 1))
    elif isinstance(node.value, str) and _decides(site):
        yield ast.Constant(f"{node.value}_")


def _decides(site: Site) -> bool:
    """Whether a text is compared, is a key, is one of a table's words, or is what an argument is when left out."""
    parent, field, above = site.parent, site.field, site.above[:-1]
    if isinstance(parent, (ast.Tuple, ast.List, ast.Set)):
        if _is_table(site):
            return True
        parent, field, above = above[-1], "args" if isinstance(above[-1], ast.Call) else field, above[:-1]
    if isinstance(parent, ast.Call) and field == "args":
        return isinstance(parent.func, ast.Attribute) and parent.func.attr in READS_A_KEY and site.place == 0
    if isinstance(parent, ast.Dict):
        return field == "keys" and (isinstance(above[-1], ast.Call) or _is_table(site) or isinstance(above[-1], ast.Attribute))
    return isinstance(parent, (ast.Compare, ast.Subscript, ast.arguments))


def _is_table(site: Site) -> bool:
    """Whether it stands in a table at the top of the module."""
    return not site.nearest(ast.FunctionDef, ast.Lambda, ast.Call, ast.ListComp, ast.DictComp)


def conditions(site: Site) -> Iterator[ast.AST]:
    """What an `if` asks, always so and never so; a loop that never runs; a comprehension that leaves nothing out."""
    if isinstance(site.parent, (ast.If, ast.IfExp)) and site.field == "test":
        yield ast.Constant(True)
        yield ast.Constant(False)
    if isinstance(site.parent, ast.While) and site.field == "test":
        yield ast.Constant(False)
    if isinstance(site.parent, ast.comprehension) and site.field == "ifs":
        yield ast.Constant(True)


def returns(site: Site) -> Iterator[ast.AST]:
    """Nothing returned where something was."""
    node = site.node
    if isinstance(node, ast.Return) and node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield ast.Return(ast.Constant(None))


def deletions(site: Site) -> Iterator[ast.AST]:
    """Calls, additions and second assignments left out."""
    node = site.node
    if isinstance(node, (ast.AugAssign, ast.Continue)) or (isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)):
        yield ast.Pass()
    if isinstance(node, ast.Assign) and all(
        isinstance(target, (ast.Subscript, ast.Attribute)) or _is_bound(target, site) for target in node.targets
    ):
        yield ast.Pass()


def _is_bound(target: ast.AST, site: Site) -> bool:
    """Whether a name has been given a value before, so that leaving the assignment out leaves the older value."""
    functions = site.nearest(ast.FunctionDef)
    if not functions:
        return False
    names = {name.id for name in ast.walk(target) if isinstance(name, ast.Name)}
    before = {arg.arg for arg in ast.walk(functions[-1]) if isinstance(arg, ast.arg)}
    stored = [name for name in ast.walk(functions[-1]) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)]
    before |= {name.id for name in stored if name.lineno < target.lineno}  # type: ignore[attr-defined]
    return bool(names) and names <= before


def slices(site: Site) -> Iterator[ast.AST]:
    """An end of a slice moved by one, where it is not a plain number (those are changed as numbers)."""
    if isinstance(site.parent, ast.Slice) and site.field in ("lower", "upper") and not isinstance(site.node, (ast.Constant, ast.UnaryOp)):
        yield ast.BinOp(site.node, ast.Add(), ast.Constant(1))  # type: ignore[arg-type]


def calls(site: Site) -> Iterator[ast.AST]:
    """`min` for `max`, `any` for `all`, as functions and as methods; `sorted` without its key, its direction, or at all."""
    node = site.node
    if not isinstance(node, ast.Call):
        return
    if isinstance(node.func, ast.Name) and node.func.id in SWAPPED:
        yield ast.Call(ast.Name(SWAPPED[node.func.id], ast.Load()), node.args, node.keywords)
    if isinstance(node.func, ast.Attribute) and node.func.attr in SWAPPED:
        yield ast.Call(ast.Attribute(node.func.value, SWAPPED[node.func.attr], ast.Load()), node.args, node.keywords)
    if isinstance(node.func, ast.Name) and node.func.id == "sorted":
        for gone in node.keywords:
            yield ast.Call(node.func, node.args, [word for word in node.keywords if word is not gone])
        if not node.keywords:
            yield ast.Call(ast.Name("list", ast.Load()), node.args, [])
    if isinstance(node.func, ast.Name) and node.func.id == "reversed":
        yield ast.Call(ast.Name("list", ast.Load()), node.args, [])


OPERATORS: tuple[Callable[[Site], Iterator[ast.AST]], ...] = (
    comparisons,
    arithmetic,
    logic,
    constants,
    conditions,
    returns,
    deletions,
    slices,
    calls,
)


# --- mutants of a file ----------------------------------------------------------------------------


def mutants_of(path: Path, name: str) -> list[Mutant]:
    """Every mutant of a file, in the order of its lines."""
    return [mutant for mutant, _ in _changes(path.read_text(encoding="utf-8"), name)]


def mutated(path: Path, mutant: Mutant) -> ast.Module:
    """The tree of the file with that one change; a KeyError where the file has no such mutant any more."""
    tree, changes = _parsed(path.read_text(encoding="utf-8"), mutant.file)
    for found, put in changes:
        if found.key == mutant.key:
            put()
            return ast.fix_missing_locations(tree)
    raise KeyError(mutant.key)


def _changes(source: str, name: str) -> Iterator[tuple[Mutant, Callable[[], None]]]:
    yield from _parsed(source, name)[1]


def _parsed(source: str, name: str) -> tuple[ast.Module, Iterator[tuple[Mutant, Callable[[], None]]]]:
    tree, lines = ast.parse(source), source.splitlines()

    def changes() -> Iterator[tuple[Mutant, Callable[[], None]]]:
        often: Counter[str] = Counter()
        for site in list(sites(tree)):
            for operator in OPERATORS:
                for other in operator(site):
                    yield _mutant(site, other, name, lines, often), lambda site=site, other=other: _put(site, other)  # type: ignore[misc]

    return tree, changes()


def _put(site: Site, other: ast.AST) -> None:
    site.put(ast.copy_location(copy.copy(other), site.node))


def _mutant(site: Site, other: ast.AST, name: str, lines: list[str], often: Counter[str]) -> Mutant:
    assert isinstance(site.node, (ast.expr, ast.stmt))
    statement = [node for node in (*site.above, site.node) if isinstance(node, ast.stmt)][-1]
    owners = [node.name for node in site.above if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    text = lines[site.node.lineno - 1].strip()
    change = f"{_written(site.node)} → {_written(other)}"
    found = Mutant(name, ".".join(owners), site.node.lineno, text, change, statement.lineno, _at_import(site))
    often[found.key] += 1
    return found if often[found.key] == 1 else replace(found, change=f"{change} ({often[found.key]})")


def _written(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _at_import(site: Site) -> bool:
    """Outside every function, in what a function's arguments are when left out, or in a function that answers only once."""
    functions = [node for node in site.above if isinstance(node, ast.FunctionDef)]
    in_arguments = any(isinstance(node, ast.arguments) and isinstance(above, ast.FunctionDef) for above, node in pairwise(site.above))
    once = any(_name_of(made) in CACHED for function in functions for made in function.decorator_list)
    return not functions or in_arguments or once


def _name_of(made: ast.AST) -> str:
    target = made.func if isinstance(made, ast.Call) else made
    return target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")
