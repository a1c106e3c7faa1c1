"""A mapping suggested from a file: which header may be which column, how sure that is, and why not.

Names decide first (the headers that canonical tables know), contents confirm or rule out. What is not sure is asked, never
taken: a doubtful column is written as a comment, and nothing is imported before somebody has confirmed the mapping.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import islice
from pathlib import Path

from kaohe.measuring.adapters import read_data
from kaohe.measuring.definitions import Column, Source
from kaohe.measuring.fitting import Fit, fit_of
from kaohe.measuring.formats import open_source
from kaohe.measuring.opening import LIMITS, Limits
from kaohe.measuring.problems import unknown_name
from kaohe.measuring.sources import plain_header
from kaohe.problems import NOWHERE, refuse
from kaohe.texts import Text

SAMPLE = 2000  # rows that are looked at
SHOWN = 3
SURE, POSSIBLE = 70, 45  # of 100
BY_ALIAS, BY_BARE_ALIAS, BY_PART, BY_LIKENESS = 60, 55, 40, 30
BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
BARE = re.compile(r"[\s_\-./:：]+")
PLAIN = re.compile(r"[A-Za-z_一-鿿][\w一-鿿]*( [\w一-鿿]+)*")
NOT_PLAIN = {"yes", "no", "true", "false", "null", "on", "off", "y", "n"}


@cache
def canonical_tables() -> Mapping[str, Source]:
    """The tables that ready measures speak of, each as a source whose headers are all that are known to be used."""
    trees = {str(tree["table"]): tree for tree in read_data("tables")}
    said = ("name", "subject", "time", "columns")
    return {id: Source.model_validate({key: tree[key] for key in said if key in tree}) for id, tree in trees.items()}


@dataclass(frozen=True)
class Suggested:
    """A column of the table, and the header that it may stand under; `confidence` of 100.

    `column` is how it would read; `doubts` are what a person must decide, each in both languages.
    """

    id: str
    name: Text
    needed: bool
    header: str
    confidence: int
    column: Column
    doubts: tuple[Text, ...]
    samples: tuple[str, ...]

    @property
    def is_sure(self) -> bool:
        """Whether it may stand in the mapping as it is."""
        return self.confidence >= SURE and not self.doubts


@dataclass(frozen=True)
class Suggestion:
    """What a file seems to hold of a table: the columns found, those not found, the headers left over."""

    file: str
    table: str
    name: Text
    columns: tuple[Suggested, ...]
    missing: tuple[str, ...]
    unused: tuple[str, ...]

    @property
    def sure(self) -> tuple[Suggested, ...]:
        """The columns about which there is no doubt."""
        return tuple(one for one in self.columns if one.is_sure)


def suggest(path: Path, table: str, *, sheet: str | None = None, header_row: int = 1, limits: Limits = LIMITS) -> Suggestion:
    """Which header of a file may be which column of a canonical table; raises Problems for an unknown table or a bad file."""
    if table not in canonical_tables():
        refuse([unknown_name(NOWHERE, table, ("标准表", "canonical table"), canonical_tables())])
    headers, cells = _sample(path, sheet, header_row, limits)
    return _suggestion(path.name, table, headers, cells)


def fitting_tables(path: Path, *, sheet: str | None = None, header_row: int = 1, limits: Limits = LIMITS) -> tuple[Suggestion, ...]:
    """What the file seems to hold of each canonical table, the one with most columns found first."""
    headers, cells = _sample(path, sheet, header_row, limits)
    found = [_suggestion(path.name, table, headers, cells) for table in canonical_tables()]
    return tuple(sorted(found, key=lambda one: (-len(one.sure), one.table)))


def _sample(path: Path, sheet: str | None, header_row: int, limits: Limits) -> tuple[list[str], list[list[str]]]:
    """The headers of a file, and under each the filled cells of its first rows."""
    anything = Source.model_validate({"name": "?", "columns": {"any": {"from": "?"}}, "sheet": sheet, "header_row": header_row})
    raw = open_source(path, anything, limits)
    batch = next(iter(raw.batches([])), None)
    rows = [batch.whole(i) for i in range(min(SAMPLE, len(batch.rows)))] if batch else []
    return raw.headers, [[row[i].strip() for row in rows if i < len(row) and row[i].strip()] for i in range(len(raw.headers))]


# --- weighing -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Match:
    id: str
    place: int
    confidence: int
    fit: Fit


def _suggestion(file: str, table: str, headers: Sequence[str], cells: Sequence[Sequence[str]]) -> Suggestion:
    source = canonical_tables()[table]
    chosen: dict[str, _Match] = {}
    taken: set[int] = set()
    for match in sorted(_matches(source, headers, cells), key=lambda match: (-match.confidence, match.place)):
        if match.id not in chosen and match.place not in taken:
            chosen[match.id] = match
            taken.add(match.place)
    columns = tuple(_suggested(source, chosen[id], headers, cells) for id in source.columns if id in chosen)
    missing = tuple(id for id in source.columns if id not in chosen)
    unused = tuple(header for i, header in enumerate(headers) if i not in taken and header.strip())
    return Suggestion(file, table, Text.read(source.name), columns, missing, unused)


def _matches(source: Source, headers: Sequence[str], cells: Sequence[Sequence[str]]) -> Iterator[_Match]:
    for id, column in source.columns.items():
        for place, header in enumerate(headers):
            by_name = name_points(header, column)
            if not by_name:
                continue
            fit = fit_of(cells[place], column, header)
            confidence = min(100, by_name + fit.points)
            if confidence >= POSSIBLE:
                yield _Match(id, place, confidence, fit)


def name_points(header: str, column: Column) -> int:
    """How much the name of a header speaks for a column, of 60."""
    plain, bare = plain_header(header), _bare(header)
    aliases = [alias[0] for alias in column.from_]
    if plain in (plain_header(alias) for alias in aliases):
        return BY_ALIAS - min(5, [plain_header(alias) for alias in aliases].index(plain))
    if bare in (known := [_bare(alias) for alias in aliases]):
        return BY_BARE_ALIAS - min(5, known.index(bare))
    if any(_is_part(bare, alias) for alias in known):
        return BY_PART
    return BY_LIKENESS if any(_alike(bare, alias) for alias in known if len(alias) > 3) else 0


def _is_part(one: str, other: str) -> bool:
    """Whether one stands within the other and is most of it."""
    short, long = sorted((one, other), key=len)
    return len(short) > 2 and short in long and 3 * len(short) >= 2 * len(long)


def _bare(header: str) -> str:
    """A header without what stands in brackets, without blanks and signs: `等待时长(秒)` is 等待时长."""
    return BARE.sub("", BRACKETS.sub("", plain_header(header)))


def _alike(one: str, other: str) -> bool:
    matched = sum(block.size for block in SequenceMatcher(None, one, other).get_matching_blocks())
    return 2 * matched * 100 >= 85 * (len(one) + len(other))


def _suggested(source: Source, match: _Match, headers: Sequence[str], cells: Sequence[Sequence[str]]) -> Suggested:
    known, header = source.columns[match.id], headers[match.place]
    doubts = [*match.fit.doubts]
    if [plain_header(one) for one in headers].count(plain_header(header)) > 1:
        doubts.append(Text("这个表头出现了两次", "this header stands twice"))
    column = known.model_copy(update={"from_": ((header,),), **match.fit.update})
    samples = tuple(dict.fromkeys(islice(cells[match.place], 200)))[:SHOWN]
    return Suggested(match.id, Text.read(known.name or match.id), known.needed, header, match.confidence, column, tuple(doubts), samples)


# --- written --------------------------------------------------------------------------------------


def sources_text(suggestion: Suggestion, zone: str | None = None) -> str:
    """The suggestion as a definitions file to confirm: sure columns stand in it, doubtful ones as comments."""
    missing = ", ".join(suggestion.missing) or "-"
    unused = ", ".join(map(_yaml, suggestion.unused)) or "-"
    lines = [
        f"# 由 kaohe suggest 按 {_yaml(suggestion.file)} 的表头与内容提出。请逐行核对，再把 confirmed 改为 yes；此前不会读入。",
        f"# Suggested from the headers and contents of {_yaml(suggestion.file)}. Look over every line, then write confirmed: yes;",
        "# nothing is imported before.",
        *([f"company_zone: {zone}"] if zone else []),
        "sources:",
        f"  {suggestion.table}:",
        f"    name: {suggestion.name.write()}",
        "    confirmed: no",
        *_usual_lines(suggestion),
        "    columns:",
        *(line for one in suggestion.columns for line in _column_lines(one)),
        f"    # 没有找到 | not found: {missing}",
        f"    # 没有用到的表头 | headers not used: {unused}",
    ]
    return "\n".join(lines) + "\n"


def _usual_lines(suggestion: Suggestion) -> Iterator[str]:
    """Whose a row is and when it happened, where those columns are sure; for measures that do not say."""
    table, sure = canonical_tables()[suggestion.table], {one.id for one in suggestion.sure}
    for field, column in (("subject", table.subject.account if table.subject else ""), ("time", table.time)):
        if column:
            yield f"    {'' if column in sure else '# '}{field}: {column}"


def _column_lines(one: Suggested) -> Iterator[str]:
    written = f"{one.id}: {{{', '.join(_fields(one.column))}}}"
    yield f"      {'' if one.is_sure else '# '}{written}  # {one.confidence}%"
    yield from (f"      #   ? {doubt.zh} | {doubt.en}" for doubt in one.doubts)


def _fields(column: Column) -> Iterator[str]:
    """The fields of a column that say something."""
    yield f"from: {_yaml(column.from_[0][0])}"
    for field in ("type", "unit", "places"):
        value = getattr(column, field)
        if value != Column.model_fields[field].default:
            yield f"{field}: {value}"
    for field in ("formats", "missing", "yes", "no"):
        if getattr(column, field):
            yield f"{field}: {_listed(getattr(column, field))}"
    if column.words:
        yield f"words: {{{', '.join(f'{_yaml(text)}: {_listed(cells)}' for text, cells in column.words.items())}}}"
    yield from (f"{field}: true" for field in ("needed", "optional") if getattr(column, field))


def _listed(words: Iterable[str]) -> str:
    return f"[{', '.join(map(_yaml, words))}]"


def _yaml(text: str) -> str:
    """A text as YAML reads it back, plain where it can be."""
    if PLAIN.fullmatch(text) and text.lower() not in NOT_PLAIN:
        return text
    escaped = "".join(_escaped(letter) for letter in text)
    return f'"{escaped}"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    return letter if letter.isprintable() else f"\\U{ord(letter):08X}"
