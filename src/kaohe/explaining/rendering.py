"""An explanation as a plain tree of text, for a terminal or a mail; colours are the terminal's business."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kaohe.explaining.lines import Explanation, Line, Record
from kaohe.numbers import terminates, write_number
from kaohe.problems import Language, Place
from kaohe.rules.arithmetic import shortly

MOST_RECORDS = 12
SHORT_FRACTION = 7
KINDS = {"action": ("措施：", "Action: "), "warning": ("提示：", "Warning: ")}


def render(explanation: Explanation, language: Language) -> str:
    """The whole tree, a line for each figure: name, value, arithmetic, phrase, clause and rule."""
    start, end = explanation.period
    span = "" if start == "0001-01-01" else f"  {start} … {end}"
    head = f"{explanation.name}" + (f" ({explanation.subject})" if explanation.name != explanation.subject else "")
    lines = [f"{head}  {explanation.scheme} v{explanation.version}{span}"]
    last = len(explanation.lines) - 1
    for place, line in enumerate(explanation.lines):
        lines += _tree(line, language, "", place == last)
    return "\n".join(lines)


def _tree(line: Line, language: Language, before: str, last: bool) -> Iterator[str]:
    yield f"{before}{'└─ ' if last else '├─ '}{_told(line, language)}"
    beneath = before + ("   " if last else "│  ")
    children = [child for child in line.children if not child.seen]
    rows = list(_records(line, language))
    for place, text in enumerate(rows):
        yield f"{beneath}{'└─ ' if place == len(rows) - 1 and not children else '├─ '}{text}"
    for place, child in enumerate(children):
        yield from _tree(child, language, beneath, place == len(children) - 1)


def _told(line: Line, language: Language) -> str:
    """One figure in one line of text."""
    head = f"{line.name} · {line.whose}" if line.whose and line.whose != line.name else line.name
    kind = KINDS.get(line.id.partition(".")[0])
    head = f"{kind[language == 'en']}{head}" if kind else head
    value = "" if kind else _value(line, language)
    text = f"{head}  {value}" if value else head
    text += f" = {line.arithmetic}" if line.arithmetic else ""
    text += f"   {line.phrase}" if line.phrase and not (line.mark and line.phrase == value) else ""
    source = ", ".join(part for part in (line.clause, line.rule) if part)
    text += f"   [{source}]" if source else ""
    return text + (_written(line, language) if line.measured is None else _measured(line, language))


def _value(line: Line, language: Language) -> str:
    if line.mark:
        return {"missing": ("缺", "owed"), "none": ("无数据", "no data")}[line.mark][language == "en"]
    if isinstance(line.value, bool):
        return {True: ("是", "yes"), False: ("否", "no")}[line.value][language == "en"]
    if isinstance(line.value, Fraction):
        return _number(line.value)
    return "" if line.value is None or line.id == "status" else str(line.value)


def _number(value: Fraction) -> str:
    """The number in full; a long fraction behind its first decimals."""
    full = write_number(value)
    return full if terminates(value) or len(full) <= SHORT_FRACTION else f"{shortly(value)} ({full})"


def _written(line: Line, language: Language) -> str:
    """Where a fact was written, if that was in a file."""
    place = line.place
    return f"  ({_short(place).tell(language)})" if place is not None and place.file else ""


def _short(place: Place) -> Place:
    """The place without the folders above its file."""
    return place.at(file=place.file.replace("\\", "/").rpartition("/")[2])


def _measured(line: Line, language: Language) -> str:
    found = line.measured
    if found is None:
        return ""
    words = "测自" if language == "zh" else "measured"
    return f"   {words} {found.measure} v{found.version}: {found.numerator} ÷ {found.denominator}, {found.rows}"


def _records(line: Line, language: Language) -> Iterator[str]:
    for record in line.records[:MOST_RECORDS]:
        yield _record(record, language)
    more = len(line.records) - MOST_RECORDS
    if more > 0:
        yield f"… 另有 {more} 条" if language == "zh" else f"… {more} more"


def _record(record: Record, language: Language) -> str:
    """Where the record stands, what it says, what it gives."""
    cells = ", ".join(f"{name} {cell}" for name, cell in record.words.items())
    effect = "" if record.effect is None else f" → {write_number(record.effect)}"
    return f"· {cells}{effect}  ({_short(record.place).tell(language)})"
