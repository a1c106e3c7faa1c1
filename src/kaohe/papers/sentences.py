"""What a scorecard says of an item in one short sentence: the facts that it rests on, and the band, line or bound that they met.

Taken from the lines of the explanation; whatever does not fit into a line of paper stays in the explanation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from kaohe.explaining import Line
from kaohe.numbers import parse_number
from kaohe.papers.figures import MINUS, share, shown
from kaohe.plan import Plan
from kaohe.problems import Language
from kaohe.rules.arithmetic import shortly
from kaohe.scheme import Item
from kaohe.texts import Text

MOST_FACTS = 4
LONGEST = 64
YES_NO = {True: Text("是", "yes"), False: Text("否", "no")}
CALLS = {"mean(": Text("平均(", "mean("), "min(": Text("取小(", "min("), "max(": Text("取大(", "max(")}
EDGES = {">": Text("高于", "above "), "≥": Text("达到", "at least "), "<": Text("低于", "below "), "≤": Text("不超过", "at most ")}
UPPER = {"<": Text("未达到", "below "), "≤": Text("未超过", "not above ")}  # beside a lower edge
_TABLE = re.compile(r"^(?P<figure>\S+) → (?P<band>.+)$")
_LINE = re.compile(r"^(?P<figure>\S+) (?:按直线 (?P<zh>.+) 取值|on the line (?P<en>.+))$")
_EDGE = re.compile(r"(?P<sign>[<>≤≥])(?P<edge>[-\d./]+)")
_COUNT = re.compile(r"\d+ (次|条|times?|rows?)")
_BESIDE_CHINESE = re.compile(r"(?<=[\u2e80-\uffee]) (?=[!-~\u2212≈])|(?<=[!-~]) (?=[\u2e80-\uffee])")
_NUMBER = re.compile(r"(?<![\w.])-(?=\d)")


@dataclass(frozen=True)
class Sentences:
    """The short sentences of one plan in one language."""

    plan: Plan
    language: Language

    def _say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def of_item(self, line: Line, item: Item) -> str:
        """What an item's score rests on; empty where there is no more to say than the score."""
        phrase = _without_parties(line.phrase, item)
        if line.mark:
            return self._absent(line, phrase)
        known = [child for child in line.children if not child.mark and child.value is not None and not child.id.endswith(".reported")]
        read, rest = self._read(known, phrase)
        facts = [read] if read else self._facts(known, rest)
        if not facts and not rest:
            facts = [arithmetic_words(line.arithmetic, self.language)]
        return for_paper(self._say("；", "; ").join(part for part in (self._row(facts), rest) if part), self.language)

    def _absent(self, line: Line, phrase: str) -> str:
        """Why there is no score: what somebody owes, or that there was nothing to measure."""
        if phrase or line.mark == "none":
            return for_paper(phrase or self._say("没有数据", "no data"), self.language)
        owed = self._say("、", ", ").join(dict.fromkeys(child.name for child in line.children if child.mark == "missing"))
        return self._say(f"缺：{owed}", f"Owed: {owed}") if owed else ""

    def _row(self, facts: list[str]) -> str:
        """The facts in a row; none where they are too many to read."""
        row = self._say("，", ", ").join(facts)
        return row if len(facts) <= MOST_FACTS and len(row) <= LONGEST * (1 if self.language == "zh" else 2) else ""

    def _facts(self, known: list[Line], phrase: str) -> list[str]:
        """Each fact with its figure, and how many records gave it; choices and what the phrase tells are left out."""
        told = [
            child for child in known if not child.id.startswith("config") and not (isinstance(child.value, bool) and child.name in phrase)
        ]
        alike = len(told) > 1 and len({child.name for child in told}) == 1 and all(child.whose for child in told)
        return [f"{child.whose}{self._say('：', ': ')}{self._value(child)}" if alike else self._fact(child) for child in told]

    def _fact(self, line: Line) -> str:
        count = f"{line.phrase}{self._say('，', ', ')}" if _COUNT.fullmatch(line.phrase) else ""
        return f"{line.name} {count}{self._value(line)}"

    def _value(self, line: Line) -> str:
        if isinstance(line.value, bool):
            return YES_NO[line.value].tell(self.language)
        if not isinstance(line.value, Fraction):
            return str(line.value)
        return percent(line.value) if self._is_share(line) else shown(line.value)

    def _is_share(self, line: Line) -> bool:
        """Whether a figure is a share of something, which people read as a percentage."""
        head, _, key = line.id.partition(".")
        if head == "value":
            declared = self.plan.scheme.values.get(key)
            return declared is not None and declared.kind == "ratio"
        node = self.plan.nodes.get(line.id)
        return node is not None and head == "figure" and (node.unit == "ratio" or (node.rule == "ratio@1" and node.high == "1"))

    # --- tables and lines ---------------------------------------------------------------------

    def _read(self, known: list[Line], phrase: str) -> tuple[str, str]:
        """The figure with the band or the line that it was read by, and what else the phrase says."""
        for part in phrase.split(self._say("；", "; ")):
            for pattern, tell in ((_TABLE, self._band), (_LINE, self._line)):
                found = pattern.match(part)
                fact = None if found is None else next((child for child in known if _is_figure(child, found["figure"])), None)
                if found is not None and fact is not None:
                    rest = [other for other in phrase.split(self._say("；", "; ")) if other != part]
                    return tell(fact, found), self._say("；", "; ").join(rest)
        return "", phrase

    def _band(self, fact: Line, found: re.Match[str]) -> str:
        write = self._writer(fact)
        edges = list(_EDGE.finditer(found["band"]))
        if not edges:
            return f"{fact.name} {self._value(fact)}{self._say('，', ', ')}{found['band']}"
        words = [self._edge(edge["sign"], write(edge["edge"]), bool(place)) for place, edge in enumerate(edges)]
        return f"{fact.name} {self._value(fact)}{self._say('，', ', ')}{self._say('、', ', ').join(words)}"

    def _edge(self, sign: str, edge: str, beside: bool) -> str:
        words = UPPER[sign] if beside and sign in UPPER else EDGES[sign]
        return f"{words.tell(self.language)}{edge}"

    def _line(self, fact: Line, found: re.Match[str]) -> str:
        write = self._writer(fact)
        ends = [pair.partition("→") for pair in (found["zh"] or found["en"]).split(", ")]
        row = self._say("、", ", ").join(f"{write(at)}→{points}" for at, _, points in ends)
        return f"{fact.name} {self._value(fact)}{self._say(f'，按{row}直线取分', f', on the line {row}')}"

    def _writer(self, fact: Line) -> Callable[[str], str]:
        """How an edge is written beside a fact: as a percentage where the fact is one."""
        return _as_percent if self._is_share(fact) else str


def _is_figure(line: Line, text: str) -> bool:
    return isinstance(line.value, Fraction) and shortly(line.value) == text


def _as_percent(text: str) -> str:
    read = parse_number(text)
    return share(read) if isinstance(read, Fraction) else text


def percent(value: Fraction) -> str:
    """A share as a percentage, two decimals at most.

    >>> percent(Fraction(197, 200)), percent(Fraction(2, 3))
    ('98.5%', '66.67%')
    """
    full = shown(value * 100)
    return f"{full if len(full.partition('.')[2]) <= 2 else shown(value * 100, 2)}%"


def _without_parties(phrase: str, item: Item) -> str:
    """The phrase without who supplies and reviews, which the scheme's own page tells."""
    for party, zh, en in ((item.reviewer, "复核", "reviewed by"), (item.source, "数据来源", "source")):
        for told in () if party is None else (f"{zh}：{party.zh}", f"{en}: {party.en}"):
            phrase = phrase.removesuffix(told).removesuffix("，").removesuffix(", ")
    return phrase


def arithmetic_words(text: str, language: Language) -> str:
    """Arithmetic for paper, its functions by name; nothing where it is too long or rounds on the way."""
    if len(text) > LONGEST or "round(" in text:
        return ""
    for call, words in CALLS.items():
        text = text.replace(call, words.tell(language))
    return true_minus(text)


def true_minus(text: str) -> str:
    """The text with a true minus before figures and between them.

    >>> true_minus("100 - 5, -3 of e-mail")
    '100 − 5, −3 of e-mail'
    """
    return _NUMBER.sub(MINUS, text.replace(" - ", f" {MINUS} "))


def for_paper(text: str, language: Language) -> str:
    """A text as paper has it: true minus signs; Chinese closed up, English with a capital at its head."""
    words = true_minus(text)
    return closed_up(words) if language == "zh" else words[:1].upper() + words[1:]


def closed_up(text: str) -> str:
    """Chinese text without blanks between Chinese and other letters: the space there is the typesetter's.

    >>> closed_up("满意率 98.5%，有 3 次 Excel")
    '满意率98.5%，有3次Excel'
    """
    return _BESIDE_CHINESE.sub("", text)
