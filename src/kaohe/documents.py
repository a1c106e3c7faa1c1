"""YAML as plain trees of text, with the line of every key; hostile documents are refused.

Every scalar stays the text that was typed (`007`, `1e3`, `no`), an empty one or `null` is None.
Aliases, tags, duplicate keys, deep nesting and oversized files are problems, never work.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from kaohe.problems import NOWHERE, Place, Problem

try:
    from yaml import CBaseLoader as _Loader
except ImportError:  # a PyYAML without libyaml reads the same, slower
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

LARGEST_DOCUMENT = 4_000_000
LARGEST_SCHEME = 400_000
DEEPEST = 24




class DocumentTooLarge(Problem):
    """A document larger than any scheme or case file needs."""

    code = "D001"
    reason = "out_of_range"
    zh = "文件有 {size} 字节,最多 {most} 字节"
    en = "the file has {size} bytes, at most {most} are read"
    mend_zh = "请检查是否选错了文件。"
    mend_en = "Check whether this is the right file."


class DocumentNotYaml(Problem):
    """A document that is no YAML."""

    code = "D002"
    zh = "不是有效的 YAML:{detail}"
    en = "this is not valid YAML: {detail}"
    mend_zh = "请检查缩进、冒号后的空格与引号;含逗号的公式写在 {{ }} 内时要加引号。"
    mend_en = "Check indentation, the blank after a colon, and quotes; a formula with a comma inside {{ }} needs quotes."


class DocumentAlias(Problem):
    """An anchor, alias or merge key."""

    code = "D003"
    reason = "not_allowed"
    zh = "不允许使用锚点或别名(& 与 *)"
    en = "anchors and aliases (& and *) are not allowed"
    mend_zh = "请把内容写全,或使用 rules 中的命名规则。"
    mend_en = "Write the content in full, or use a named rule."


class DocumentTag(Problem):
    """A YAML tag such as !!python/object."""

    code = "D004"
    reason = "not_allowed"
    zh = "不允许使用标签 {tag}"
    en = "the tag {tag} is not allowed"
    mend_zh = "请删除标签。"
    mend_en = "Remove the tag."


class DocumentTooDeep(Problem):
    """A document nested more deeply than any scheme needs."""

    code = "D005"
    reason = "out_of_range"
    zh = "嵌套超过 {most} 层"
    en = "nested more than {most} levels deep"
    mend_zh = "请减少嵌套。"
    mend_en = "Nest less deeply."


class DuplicateKey(Problem):
    """One key written twice in the same place."""

    code = "D006"
    reason = "duplicate"
    zh = "{key} 写了两次(第 {first} 行已有)"
    en = "{key} is written twice (first on line {first})"
    mend_zh = "请删除或改名其中之一。"
    mend_en = "Remove or rename one of them."


class NotUtf8(Problem):
    """A text file in an unknown encoding."""

    code = "D007"
    zh = "文件既不是 UTF-8 也不是 GBK 编码"
    en = "the file is neither UTF-8 nor GBK text"
    mend_zh = "请另存为 UTF-8。"
    mend_en = "Save it as UTF-8."


class Branch(dict[str, object]):
    """A mapping that knows the line of each key and its own first line."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Row(list[object]):
    """A sequence that knows the line of each entry."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def decode(data: bytes) -> str | None:
    """Text from UTF-8 (with or without BOM) or GBK bytes; None when it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def read_document(path: Path, most: int = LARGEST_DOCUMENT) -> tuple[Branch | None, list[Problem]]:
    """The tree of a YAML file, or the problems that keep it from being one."""
    place = Place(file=str(path))
    size = path.stat().st_size
    if size > most:
        return None, [DocumentTooLarge(place, size=size, most=most)]
    text = decode(path.read_bytes())
    if text is None:
        return None, [NotUtf8(place)]
    return parse_document(text, place)


def parse_document(text: str, place: Place = NOWHERE) -> tuple[Branch | None, list[Problem]]:
    """The tree of a YAML text; its top must be a mapping."""
    problems: list[Problem] = []
    try:
        events = iter(yaml.parse(text, Loader=_Loader))
        tree = _Builder(events, place, problems).document()
    except _Refused as refused:
        return None, [*problems, refused.problem]
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        detail = getattr(error, "problem", None) or str(error).splitlines()[0]
        return None, [*problems, DocumentNotYaml(place.at(line=line), detail=detail)]
    if not isinstance(tree, Branch):
        return None, [*problems, DocumentNotYaml(place.at(line=1), detail="the top level must be keys and values")]
    return tree, problems


class _Builder:
    """Builds the tree from parser events, counting depth and refusing what no document needs."""

    def __init__(self, events: Iterator[yaml.Event], place: Place, problems: list[Problem]) -> None:
        self.events = events
        self.place = place
        self.problems = problems
        self.depth = 0

    def document(self) -> object:
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                return self.value(next(self.events))
        return None

    def value(self, event: yaml.Event) -> object:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(DocumentAlias(self.place.at(line=line)))
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            raise _Refused(DocumentTag(self.place.at(line=line), [str(tag)], tag=tag))
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        self.depth += 1
        if self.depth > DEEPEST:
            raise _Refused(DocumentTooDeep(self.place.at(line=line), most=DEEPEST))
        built = self.branch(line) if isinstance(event, yaml.MappingStartEvent) else self.row(line)
        self.depth -= 1
        return built

    def branch(self, line: int) -> Branch:
        branch = Branch(line)
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = str(self.value(event))
            here = event.start_mark.line + 1
            value = self.value(next(self.events))
            if key in branch:
                self.problems.append(DuplicateKey(self.place.at(line=here), [key], key=key, first=branch.lines[key]))
                continue
            branch[key] = value
            branch.lines[key] = here
        return branch

    def row(self, line: int) -> Row:
        row = Row(line)
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            row.lines.append(event.start_mark.line + 1)
            row.append(self.value(event))
        return row


def _scalar(event: yaml.ScalarEvent) -> str | None:
    if event.style in ("'", '"', "|", ">"):
        return str(event.value)
    return None if event.value in ("", "~", "null", "Null", "NULL") else str(event.value)


def line_of(tree: object, path: tuple[object, ...]) -> int | None:
    """The line of the deepest part of `path` that the tree has."""
    line = getattr(tree, "line", None)
    for step in path:
        if isinstance(tree, Branch) and str(step) in tree:
            line, tree = tree.lines[str(step)], tree[str(step)]
        elif isinstance(tree, Row) and isinstance(step, int) and step < len(tree):
            line, tree = tree.lines[step], tree[step]
        else:
            break
    return line
