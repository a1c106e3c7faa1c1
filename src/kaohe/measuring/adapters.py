"""Adapters, as data: how the exports of known products become the canonical tables.

`adapter: zendesk@1` in a source stands for everything that the adapter says of the table of the source's id (or of another
one: `zendesk@1 tickets`). What the company writes beside it comes instead; its columns come beside those of the adapter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kaohe.documents import Branch, parse_document
from kaohe.measuring.problems import unknown_name
from kaohe.problems import Place, Problem, refuse
from kaohe.texts import Text

Tree = dict[str, object]


@dataclass(frozen=True)
class Adapter:
    """How one product's exports are read: by canonical table."""

    id: str
    version: str
    name: Text
    about: Text
    sources: Mapping[str, Tree]

    @property
    def reference(self) -> str:
        """How sources name it."""
        return f"{self.id}@{self.version}"


@cache
def read_adapters() -> dict[str, Adapter]:
    """The adapters that come with the house, by id."""
    found = [_adapter(tree) for tree in read_data("adapters")]
    return {one.id: one for one in found}


@cache
def read_data(folder: str) -> tuple[Branch, ...]:
    """What the YAML files of a folder of this room say, in the order of their names."""
    trees: list[Branch] = []
    for path in sorted(files("kaohe.measuring").joinpath(folder).iterdir(), key=lambda path: path.name):
        if path.name.endswith(".yaml"):
            tree, problems = parse_document(path.read_text(encoding="utf-8"), Place(path.name))
            refuse(problems)
            trees.append(tree or Branch(1))
    return tuple(trees)


def _adapter(tree: Branch) -> Adapter:
    sources = {str(table): _tree(source) for table, source in _tree(tree["sources"]).items()}
    return Adapter(str(tree["adapter"]), str(tree["version"]), Text.read(str(tree["name"])), Text.read(str(tree["about"])), sources)


def adapted(item: Mapping[str, object], table: str, place: Place) -> tuple[Tree, list[Problem]]:
    """A source that names an adapter, with everything that the adapter says."""
    reference, _, other = str(item.get("adapter")).partition(" ")
    id, _, version = reference.partition("@")
    adapter = read_adapters().get(id)
    if adapter is None or version not in ("", adapter.version):
        return dict(item), [unknown_name(place, reference, ("适配器", "adapter"), [one.reference for one in read_adapters().values()])]
    wanted = other.strip() or table
    if wanted not in adapter.sources:
        return dict(item), [unknown_name(place, wanted, ("适配器的表", "table of the adapter"), adapter.sources)]
    found = {**_usual(wanted), **adapter.sources[wanted]}
    merged = {**found, **item, "columns": {**_tree(found["columns"]), **_tree(item.get("columns"))}}
    return {**merged, "adapter": f"{adapter.reference} {wanted}"}, []


def _usual(table: str) -> Tree:
    """Whose a row of a canonical table is, and when it happened, unless somebody says otherwise."""
    trees = [tree for tree in read_data("tables") if tree["table"] == table]
    return {key: tree[key] for tree in trees for key in ("subject", "time") if key in tree}


def _tree(value: object) -> Tree:
    return dict(value) if isinstance(value, dict) else {}
