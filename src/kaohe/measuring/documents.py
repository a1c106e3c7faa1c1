"""A YAML file as plain text, with the line on which everything stands.

Every scalar stays the text that was written (`0.80` is not yet a number), so no digit is lost
before a definition says what it is. This module knows nothing of sources and measures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from kaohe.measuring.problems import DocumentUnreadable, KeyTwice
from kaohe.problems import Place, Problem, refuse

MOST_BYTES = 1_000_000
MOST_NODES = 50_000
MOST_DEPTH = 40
NULLS = ("", "~", "null")

Path_ = tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """What a YAML file says: `data` of dicts, lists, text and None; `lines` by path, from 1."""

    file: str
    data: object
    lines: dict[Path_, int]

    def place(self, path: Path_) -> Place:
        """Where `path` stands: its own line or that of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return Place(self.file, line=self.lines.get(path, 1))


def read_document(path: Path) -> Document:
    """The document in a file; raises Problems for what is no YAML, too large or says a key twice."""
    file = path.name
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        refuse([DocumentUnreadable(Place(file), why=str(error))])
    if len(raw) > MOST_BYTES:
        refuse([DocumentUnreadable(Place(file), why=f"more than {MOST_BYTES} bytes")])
    return _compose(file, text)


def _compose(file: str, text: str) -> Document:
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, RecursionError) as error:
        refuse([DocumentUnreadable(_error_place(file, error), why=_first_line(error))])
    reader = _Reader(file)
    data = reader.read(root, ()) if root is not None else None
    refuse(reader.problems)
    return Document(file, data, reader.lines)


def _error_place(file: str, error: Exception) -> Place:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    return Place(file, line=mark.line + 1 if mark else 1)


def _first_line(error: Exception) -> str:
    if isinstance(error, MarkedYAMLError) and error.problem:
        return str(error.problem)
    return (str(error) or type(error).__name__).splitlines()[0]


class _Reader:
    """Walks the nodes once, keeping lines and what is wrong."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path_, int] = {}
        self.problems: list[Problem] = []
        self.seen = 0

    def read(self, node: Node, path: Path_) -> object:
        self.seen += 1
        if self.seen > MOST_NODES or len(path) > MOST_DEPTH:
            refuse([DocumentUnreadable(self._at(node), why="too large or nested too deep")])
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return dict(self._pairs(node, path))
        if isinstance(node, SequenceNode):
            return [self.read(child, (*path, str(i))) for i, child in enumerate(node.value)]
        return _scalar(node) if isinstance(node, ScalarNode) else None

    def _pairs(self, node: MappingNode, path: Path_) -> Iterator[tuple[str, object]]:
        told: set[str] = set()
        for key_node, child in node.value:
            key = str(key_node.value)
            if key in told:
                self.problems.append(KeyTwice(self._at(key_node), [key], name=key))
            told.add(key)
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            yield key, self.read(child, (*path, key))

    def _at(self, node: Node) -> Place:
        return Place(self.file, line=node.start_mark.line + 1)


def _scalar(node: ScalarNode) -> str | None:
    plain = node.style is None
    return None if plain and node.value in NULLS else str(node.value)
