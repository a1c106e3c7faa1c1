"""The command that lists the ready measures."""

from __future__ import annotations

import unicodedata
from typing import Annotated

import typer
import yaml

from kaohe.cli.options import Json, Lang
from kaohe.cli.talking import Talk, talk_of
from kaohe.measuring.presets import Presets, Tree, read_presets
from kaohe.showing import pairs_table
from kaohe.texts import Text

WANTED = "编号，或名称与口径里的词 | An id, or words of a name or definition"
HEADS = (Text("预设", "preset"), Text("名称", "name"), Text("表", "table"), Text("口径", "definition"))


def list_measures(
    context: typer.Context,
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help=WANTED, show_default=False)] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """List the ready measures, or show one in full."""
    talk, presets = talk_of(context, as_json), read_presets()
    found = {id: measure for id, measure in presets.measures.items() if _speaks_of(id, measure, text or "")}
    if as_json:
        talk.data({"measures": [{"id": id, "theme": presets.themes[id], **measure} for id, measure in found.items()]})
    elif text in presets.measures:
        talk.show(_whole(presets, text))
    else:
        talk.show(pairs_table([talk.tell(head) for head in HEADS], _rows(talk, found), folding=(1, 3)))
        talk.show(talk.say(f"共 {len(found)} 个；写法：preset: 编号@版本", f"{len(found)} in all; written as preset: ID@VERSION"))


def _rows(talk: Talk, measures: dict[str, Tree]) -> list[list[str]]:
    told = [(id, measure, Text.read(str(measure["name"])), Text.read(str(measure["source"]))) for id, measure in measures.items()]
    return [[f"{id}@{measure['version']}", talk.tell(name), str(measure["table"]), talk.tell(source)] for id, measure, name, source in told]


def _speaks_of(id: str, measure: Tree, text: str) -> bool:
    said = unicodedata.normalize("NFKC", " ".join(map(str, (id, measure["name"], measure["source"], measure["table"])))).casefold()
    return all(word in said for word in unicodedata.normalize("NFKC", text).casefold().split())


def _whole(presets: Presets, id: str) -> str:
    """The preset as its file says it, with the tables that it derives."""
    measure = presets.measures[id]
    table = str(measure["table"])
    derived = {"derived": {table: presets.derived[table]}} if table in presets.derived else {}
    return yaml.safe_dump(_plain({**derived, "measures": {id: measure}}), allow_unicode=True, sort_keys=False, width=110).rstrip()


def _plain(node: object) -> object:
    """A tree as YAML writes it."""
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    return [_plain(one) for one in node] if isinstance(node, list) else node
