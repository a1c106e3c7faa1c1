"""YAML as plain trees of text, with the line of every key; hostile documents are refused.

Every scalar stays the text that was typed (`007`, `1e3`, `no`), an empty one or `null` is None.
Aliases, tags, duplicate keys, deep nesting and oversized files are problems, never work.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from kaohe.problems import NOWHERE, Place, Problem

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # a PyYAML without libyaml reads the same, slower

LARGEST_DOCUMENT = 4_000_000
LARGEST_SCHEME = 400_000
DEEPEST = 24


class DocumentTooLarge(Problem):
    """A document larger than any scheme or case file needs."""

    code = "D001"
    reason = "out_of_range"
    zh = "文件有 {size} 字节，最多 {most} 字节"
    en = "the file has {size} bytes, at most {most} are read"
    mend_zh = "请检查是否选错了文件。"
    mend_en = "Check whether this is the right file."


class DocumentNotYaml(Problem):
    """A document that is no YAML."""

    code = "D002"
    zh = "不是有效的 YAML:{detail_zh}"
    en = "this is not valid YAML: {detail_en}"
    mend_zh = "请检查缩进、冒号后的空格与引号；含逗号的公式写在 {{ }} 内时要加引号。"
    mend_en = "Check indentation, the blank after a colon, and quotes; a formula with a comma inside {{ }} needs quotes."


class DocumentAlias(Problem):
    """An anchor, alias or merge key."""

    code = "D003"
    reason = "not_allowed"
    zh = "不允许使用锚点或别名（& 与 *）"
    en = "anchors and aliases (& and *) are not allowed"
    mend_zh = "请把内容写全，或使用 rules 中的命名规则。"
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
    zh = "{key} 写了两次（第 {first} 行已有）"
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


class DocumentAbsent(Problem):
    """A file that is not there, or that may not be read."""

    code = "D008"
    reason = "missing"
    zh = "读不到文件：{why_zh}"
    en = "the file cannot be read: {why_en}"
    mend_zh = "请检查路径与权限。"
    mend_en = "Check the path, and who may read it."


class DocumentSecond(Problem):
    """A second document in one file, after `---`."""

    code = "D009"
    reason = "not_allowed"
    zh = "文件里有第二份文档（--- 之后）"
    en = "a second document begins here, after ---"
    mend_zh = "一个文件只写一份，请删去 --- 或分成两个文件。"
    mend_en = "One file holds one: remove the ---, or make two files."


class DocumentKey(Problem):
    """A key that is no word: nothing, a list, or keys and values."""

    code = "D010"
    zh = "键必须是一个词，这里是{found_zh}"
    en = "a key must be a word, here it is {found_en}"
    mend_zh = "含冒号、方括号或花括号的文字要加引号。"
    mend_en = "Put quotes around a text with a colon, brackets or braces in it."


class DocumentShape(Problem):
    """A document whose top level is not keys and values."""

    code = "D011"
    zh = "最外层应为“键： 值”，这里是{found_zh}"
    en = "the top level must be keys and values, here it is {found_en}"
    mend_zh = "方案从 scheme: 与 name: 开始。"
    mend_en = "A scheme begins with scheme: and name:."


class DocumentBinary(Problem):
    """A file that is no text at all: a workbook, a picture, a program."""

    code = "D012"
    zh = "这不是文本文件"
    en = "this is not a text file"
    mend_zh = "请检查是否选错了文件；工作簿请另存为 YAML 或 CSV。"
    mend_en = "Check whether this is the right file; save a workbook as text first."


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
    """Text from UTF-8 (with or without BOM), marked UTF-16, or GBK bytes; None when it is none of these."""
    marked = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ()
    for encoding in (*marked, "utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def read_document(path: Path, most: int = LARGEST_DOCUMENT) -> tuple[Branch | None, list[Problem]]:
    """The tree of a YAML file, or the problems that keep it from being one."""
    place = Place(file=str(path))
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= most else b""
    except OSError as error:
        return None, [DocumentAbsent(place, **_why_absent(error))]
    if size > most:
        return None, [DocumentTooLarge(place, size=size, most=most)]
    text = decode(data)
    if text is None or "\0" in text:
        return None, [NotUtf8(place) if text is None and b"\0" not in data else DocumentBinary(place)]
    return parse_document(text, place, most)


def _why_absent(error: OSError) -> dict[str, str]:
    words = {
        FileNotFoundError: ("没有这个文件", "there is none"),
        IsADirectoryError: ("这是文件夹", "it is a folder"),
        PermissionError: ("没有权限", "it may not be read"),
    }
    zh, en = words.get(type(error), (str(error.strerror), str(error.strerror)))
    return {"why_zh": zh, "why_en": en}


def parse_document(text: str, place: Place = NOWHERE, most: int = LARGEST_DOCUMENT) -> tuple[Branch | None, list[Problem]]:
    """The tree of a YAML text; its top must be a mapping.

    A key written twice is told and the first one kept, so that whoever reads the tree can tell what else is wrong.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > most:
        return None, [DocumentTooLarge(place, size=size, most=most)]
    problems: list[Problem] = []
    try:
        events = iter(yaml.parse(text, Loader=_LOADER))
        tree = _Builder(events, place, problems).document()
    except _Refused as refused:
        return None, [*problems, refused.problem]
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        detail = getattr(error, "problem", None) or str(error).splitlines()[0]
        opened = getattr(error, "context_mark", None)
        begun = None if opened is None or opened.line + 1 == line else opened.line + 1
        return None, [*problems, DocumentNotYaml(place.at(line=line), **_in_words(str(detail), begun))]
    if not isinstance(tree, Branch):
        return None, [*problems, DocumentShape(place.at(line=1), **_shape(tree))]
    return tree, problems


# What the parser says, in the words of somebody who does not know parsers.
_PARSER_WORDS = {
    "mapping values are not allowed": (
        "一行里有两个冒号，或缩进不齐",
        "a second colon on the line, or indentation that does not line up",
    ),
    "did not find expected key": (
        "这里应是一个键：缩进不齐，或上一行的引号、括号没有结束",
        "a key belongs here: indentation, or an open quote above",
    ),
    "could not find expected ':'": ("键后面缺少冒号与空格", "the colon and blank after a key are missing"),
    "did not find expected ',' or '}'": ("花括号里缺少逗号，或没有结束", "a comma is missing inside { }, or the brace is not closed"),
    "did not find expected ',' or ']'": ("方括号里缺少逗号，或没有结束", "a comma is missing inside [ ], or the bracket is not closed"),
    "did not find expected '-' indicator": ("列表的缩进不齐", "the rows of a list do not line up"),
    "did not find expected node content": ("这里缺少内容，或符号多余", "something is missing here, or a sign too many"),
    "found character that cannot start any token": (
        "有制表符(Tab)，或以 @ ` % 开头的文字没加引号",
        "a tab, or a text beginning with @ ` % without quotes",
    ),
    "found a tab character": ("缩进里有制表符(Tab)，请用空格", "a tab in the indentation; use blanks"),
    "found unexpected end of stream": ("引号没有结束", "a quote is not closed"),
    "found unknown escape character": ("双引号里的反斜杠不对，请用单引号", "a backslash inside double quotes; use single quotes"),
    "control characters are not allowed": ("有看不见的控制字符", "there are control characters in it"),
    "block sequence entries are not allowed": ("列表的横线写错了位置", "the dash of a list stands in the wrong place"),
}


def _in_words(detail: str, begun: int | None) -> dict[str, str]:
    zh, en = next((words for said, words in _PARSER_WORDS.items() if said in detail), (detail, detail))
    if begun is not None:
        zh, en = f"{zh}（从第 {begun} 行开始）", f"{en} (begun on line {begun})"
    return {"detail_zh": zh, "detail_en": en}


def _shape(tree: object) -> dict[str, str]:
    if tree is None:
        return {"found_zh": "空的", "found_en": "empty"}
    if isinstance(tree, Row):
        return {"found_zh": "一个列表", "found_en": "a list"}
    return {"found_zh": "一段文字", "found_en": "a text"}


class _Builder:
    """Builds the tree from parser events, counting depth and refusing what no document needs."""

    def __init__(self, events: Iterator[yaml.Event], place: Place, problems: list[Problem]) -> None:
        self.events = events
        self.place = place
        self.problems = problems
        self.depth = 0

    def document(self) -> object:
        tree: object = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if tree is not None:
                    raise _Refused(DocumentSecond(self.place.at(line=_line(event))))
                tree = self.value(next(self.events))
        return tree

    def value(self, event: yaml.Event) -> object:
        line = _line(event)
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
            here = _line(event)
            key = self.key(self.value(event), here)
            value = self.value(next(self.events))
            if key is None:
                continue
            if key in branch:
                self.problems.append(DuplicateKey(self.place.at(line=here), [key], key=key, first=branch.lines[key]))
                continue
            branch[key] = value
            branch.lines[key] = here
        return branch

    def key(self, found: object, line: int) -> str | None:
        if isinstance(found, str) and found:
            return found
        words: dict[type, tuple[str, str]] = {Row: ("一个列表", "a list"), Branch: ("“键： 值”", "keys and values")}
        zh, en = words.get(type(found), ("空的", "empty"))
        self.problems.append(DocumentKey(self.place.at(line=line), found_zh=zh, found_en=en))
        return None

    def row(self, line: int) -> Row:
        row = Row(line)
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            row.lines.append(_line(event))
            row.append(self.value(event))
        return row


def _line(event: yaml.Event) -> int:
    return 1 if event.start_mark is None else event.start_mark.line + 1


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
