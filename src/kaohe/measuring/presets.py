"""Ready measures, as data: what a company takes by name and adapts instead of writing it itself.

`preset: service_level@1` stands for everything that the preset says; what the company writes beside
it comes instead, its exclusions come after the preset's, and `with` gives values to its parameters.
The presets speak of tables and columns with fixed names (docs/reference/presets.md), to which the
company's sources map their files; the tables that a preset derives come along.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kaohe.documents import Branch, parse_document
from kaohe.measuring.problems import PresetLacksTable, unknown_name
from kaohe.problems import Place, Problem, refuse

Tree = dict[str, object]


@dataclass(frozen=True)
class Presets:
    """All presets by id, the tables that they derive, and the theme that each preset belongs to."""

    measures: dict[str, Tree]
    derived: dict[str, Tree]
    themes: dict[str, str]

    def find(self, reference: str) -> Tree | None:
        """The measure of a reference, `id` or `id@version`."""
        id, _, version = reference.partition("@")
        found = self.measures.get(reference) or self.measures.get(id)
        return found if found is not None and version in ("", str(found.get("version"))) else None

    def references(self) -> list[str]:
        """Every preset as `id@version`."""
        return [f"{id.partition('@')[0]}@{measure.get('version')}" for id, measure in self.measures.items()]


@cache
def read_presets() -> Presets:
    """The presets that come with the house."""
    measures: dict[str, Tree] = {}
    derived: dict[str, Tree] = {}
    themes: dict[str, str] = {}
    for path in sorted(files("kaohe.measuring").joinpath("presets").iterdir(), key=lambda path: path.name):
        if path.name.endswith(".yaml"):
            tree, problems = parse_document(path.read_text(encoding="utf-8"), Place(path.name))
            refuse(problems)
            found = _section(tree or Branch(1), "measures")
            measures |= found
            themes |= dict.fromkeys(found, path.name.removesuffix(".yaml"))
            derived |= _section(tree or Branch(1), "derived")
    return Presets(measures, derived, themes)


def _section(tree: Mapping[str, object], name: str) -> dict[str, Tree]:
    section = tree.get(name)
    return {id: dict(item) for id, item in section.items() if isinstance(item, dict)} if isinstance(section, dict) else {}


def taken(presets: Presets, item: Mapping[str, object], place: Place) -> tuple[Tree, list[Problem]]:
    """A measure that names a preset, with everything that the preset says."""
    reference = str(item.get("preset"))
    found = presets.find(reference)
    if found is None:
        return dict(item), [unknown_name(place, reference, ("预设度量", "preset"), presets.references())]
    own = {key: value for key, value in item.items() if key not in ("preset", "with")}
    values = item.get("with")
    given = dict(values) if isinstance(values, dict) else {}
    known = _tree(found.get("parameters"))
    problems: list[Problem] = [unknown_name(place, name, ("参数", "parameter"), known) for name in given if name not in known]
    merged = {**found, **own, "preset": f"{reference.partition('@')[0]}@{found.get('version')}"}
    for part in ("parameters", "clock"):
        if part in found or part in own:
            merged[part] = {**_tree(found.get(part)), **_tree(own.get(part)), **(given if part == "parameters" else {})}
    merged["exclusions"] = [*_held(found, own), *_list(own.get("exclusions", []))]
    if "without" in merged:
        merged["without"] = [reason for reason in _list(own["without"]) if reason not in _reasons(found)]
    return merged, problems


def _held(found: Tree, own: Tree) -> list[object]:
    """The preset's exclusions, but for those that the company does without."""
    without = _list(own.get("without", []))
    return [one for one in _list(found.get("exclusions", [])) if not (isinstance(one, dict) and one.get("reason") in without)]


def _reasons(found: Tree) -> list[object]:
    return [one.get("reason") for one in _list(found.get("exclusions", [])) if isinstance(one, dict)]


def tables_below(presets: Presets, table: str, known: Mapping[str, object]) -> dict[str, Tree]:
    """The derived tables of the presets that a table needs and the company does not have itself."""
    if table in known or table not in presets.derived:
        return {}
    derived = presets.derived[table]
    below = [below for one in _made_of(derived) for below in tables_below(presets, one, known).items()]
    return {**dict(below), table: derived}


def lacking(presets: Presets, reference: str, table: str, known: Mapping[str, object], place: Place) -> Iterator[Problem]:
    """The tables of events that a preset needs and the company's sources lack."""
    if table in known:
        return
    if table not in presets.derived:
        yield PresetLacksTable(place, [reference, table], preset=reference, table=table, known=", ".join(known) or "–")
        return
    for one in _made_of(presets.derived[table]):
        yield from lacking(presets, reference, one, known, place)


def _made_of(derived: Mapping[str, object]) -> list[str]:
    ways = [way for way in derived.values() if isinstance(way, dict) and "of" in way]
    return [str(way[key]) for way in ways for key in ("of", "with") if key in way]


def _tree(value: object) -> Tree:
    return dict(value) if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [value]
