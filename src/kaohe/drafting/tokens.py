"""A cell's text cut into tokens: quantities with units, the steering words of the trade, separators, brackets, plain text between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from kaohe.drafting.letters import Script
from kaohe.drafting.lexicon import words
from kaohe.drafting.quantities import Quantity, quantity_at, whole_of

MOST_LETTERS = 2_000


@dataclass(frozen=True)
class Token:
    """One token: its kinds (a word may have several), its text, where it stands, and what it says beside each kind."""

    kinds: frozenset[str]
    text: str
    start: int
    end: int
    says: dict[str, object] = field(default_factory=dict, compare=False)

    def of(self, *kinds: str) -> bool:
        """Whether it is of one of these kinds."""
        return not self.kinds.isdisjoint(kinds)

    @property
    def quantity(self) -> Quantity:
        """The quantity that a QTY token says."""
        found = self.says["QTY"]
        assert isinstance(found, Quantity)
        return found


_BREAKS = {
    "；": "BREAK",
    "。": "BREAK",
    "\n": "BREAK",
    "!": "BREAK",
    "！": "BREAK",
    "，": "PAUSE",
    ",": "PAUSE",
    "、": "PAUSE",
    " ": "PAUSE",
    "|": "PAUSE",
}
_SIGNS = {
    "/": "SLASH",
    ":": "COLON",
    "(": "OPEN",
    "[": "OPEN",
    ")": "CLOSE",
    "]": "CLOSE",
    "~": "DASH",
    "-": "DASH",
    "至": "DASH",
    "到": "DASH",
    "*": "TIMES",
    "=": "EQUALS",
}
_LEXICON: dict[str, dict[str, object]] = {}
for _word, _kind, _says in words():
    _LEXICON.setdefault(_word, {})[_kind] = _says
_LONGEST = max(map(len, _LEXICON))
_INTERVAL = re.compile(r"([\[(]) *([^\[\](),，、~\n]{0,12}?) *([,，、]|~|-|至) *([^\[\](),，、~\n]{0,12}?) *([\])])")
_ENDLESS = ("", "∞", "+∞", "-∞", "inf", "无穷", "正无穷", "+无穷")


@dataclass(frozen=True)
class Interval:
    """A range written with brackets: `[90%,95%)`; an end that is absent is open."""

    low: Quantity | None
    high: Quantity | None
    low_in: bool
    high_in: bool


def tokenize(script: Script) -> list[Token]:
    """The tokens of a cell, in order; together they cover its whole text."""
    return list(_joined(_cut(script.plain)))


def _cut(text: str) -> Iterator[Token]:
    at, after_each = 0, False
    before: Token | None = None
    while at < len(text):
        token = _token_at(text, at, after_each)
        if token.text in ("至", "到") and not (before is not None and before.of("QTY", "CLOSE", "SIDE")):
            token = Token(frozenset({"TEXT"}), token.text, token.start, token.end)  # 迟到, 至今: no range
        yield token
        before = token
        after_each = token.of("EACH") or (token.text == "/" and at > 0)
        at = token.end


_ORDINAL = re.compile(r"第(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:次|单|天|起|件|个|例|条|项|笔|通|日|周|季度|小时|分钟|阶段|遍)")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?!\d)")


def _token_at(text: str, at: int, after_each: bool) -> Token:
    ordinal = _ORDINAL.match(text, at)
    if ordinal:
        return Token(frozenset({"ORDINAL", "DOUBT"}), ordinal[0], at, ordinal.end())
    clock = _CLOCK.match(text, at)
    if clock and text[clock.end() : clock.end() + 1] in ("前", "之", "以"):
        return Token(frozenset({"CLOCK"}), clock[0], at, clock.end())
    interval = _interval_at(text, at)
    if interval is not None:
        return interval
    place = _place_at(text, at)
    if place is not None:
        return place
    word = _word_at(text, at)
    found = quantity_at(text, at, after_each)
    if found is not None and (word is None or found[1] > word.end):
        return Token(frozenset({"QTY"}), text[at : found[1]], at, found[1], {"QTY": found[0]})
    if word is not None and found is not None and found[1] == word.end:
        return replace(word, kinds=word.kinds | {"QTY"}, says={**word.says, "QTY": found[0]})
    if word is not None:
        return word
    sign = text[at]
    if sign == "、":
        return Token(frozenset({"PAUSE", "LISTED"}), sign, at, at + 1)
    kind = _BREAKS.get(sign) or _SIGNS.get(sign) or ("LETTER" if sign.isascii() and sign.isalpha() else "TEXT")
    return Token(frozenset({kind}), sign, at, at + 1)


def _word_at(text: str, at: int) -> Token | None:
    for length in range(min(_LONGEST, len(text) - at), 0, -1):
        word = text[at : at + length]
        if word.endswith("有") and length > 1 and text[at + length - 1 : at + length + 1] in _LEXICON:
            continue  # 每有效: 有 belongs to what follows
        if word in _LEXICON and not (word.isascii() and word.isalpha() and _goes_on(text, at, at + length)):
            says = dict(_LEXICON[word])
            if length == 1 and word in _SIGNS:
                says[_SIGNS[word]] = word
            return Token(frozenset(says), word, at, at + length, says)
    return None


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether a latin word goes on before or after, so that this is a part of it only."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())


_PLACE = re.compile(
    r"第?(?P<first>[一二三四五六七八九十两]{1,3}|\d{1,4})名?(?:-|~|至|到)第?(?P<last>[一二三四五六七八九十]{1,3}|\d{1,4})(?:名|位)"
    r"|第(?P<ordinal>[一二三四五六七八九十]{1,3}|\d{1,4})(?:名|位|(?=[得加扣奖减,，、；:/ (+]|\d|[一二三四五六七八九十]分|为|给|计|$))"
    r"|(?P<end>前|后|最后|倒数|末)(?P<count>[一二三四五六七八九十两]{1,3}|\d{1,4}(?:\.\d+)?)(?P<share>%|名|位|(?=[得加扣的，,:]|满分))"
    r"|倒数第(?P<back>[一二三四五六七八九十]|\d{1,2})名?"
    r"|(?P<word>(?<=排名)最后|最后一位|冠军|亚军|季军|末位|末名|最后一名|垫底|榜首|首位)"
)
_WORDS = {"冠军": 1, "榜首": 1, "首位": 1, "亚军": 2, "季军": 3}


@dataclass(frozen=True)
class Places:
    """Places of a ranking: from one to another, counted from the end where below zero; or a first or last share of them."""

    first: int = 0
    last: int = 0
    share: Fraction | None = None


def _place_at(text: str, at: int) -> Token | None:
    match = _PLACE.match(text, at)
    says = _places(match) if match else None
    if match is None or says is None:
        return None
    return Token(frozenset({"PLACE"}), match[0], at, match.end(), {"PLACE": says})


def _places(match: re.Match[str]) -> Places | None:
    if match["word"]:
        place = _WORDS.get(match["word"], -1)
        return Places(place, place)
    if match["end"]:
        count, back = _count(match["count"]), match["end"] != "前"
        if match["share"] == "%":
            return Places(share=-count / 100 if back else count / 100)
        return Places(-int(count), -1) if back else Places(1, int(count))
    if match["back"]:
        return Places(-int(_count(match["back"])), -int(_count(match["back"])))
    first, last = match["first"] or match["ordinal"], match["last"] or match["ordinal"]
    return Places(int(_count(first)), int(_count(last)))


def _count(text: str) -> Fraction:
    return Fraction(text) if text[0].isdigit() else Fraction(whole_of(text) or 0)


def _interval_at(text: str, at: int) -> Token | None:
    match = _INTERVAL.match(text, at)
    if match is None:
        return None
    opened, low, separator, high, closed = match.groups()
    if opened + closed == "()" and separator not in ",，、":
        return None
    ends = [_end_of(low), _end_of(high)]
    if ends.count(None) or (ends[0] == ends[1] == "open"):
        return None
    ends, end = _with_unit(text, match.end(), ends)
    low_end, high_end = (found if isinstance(found, Quantity) else None for found in ends)
    says = Interval(low_end, high_end, opened == "[", closed == "]")
    return Token(frozenset({"INTERVAL"}), text[at:end], at, end, {"INTERVAL": says})


def _end_of(text: str) -> Quantity | str | None:
    """One end of a bracketed range: a quantity, open, or none at all."""
    if text in _ENDLESS:
        return "open"
    found = quantity_at(text, 0, False)
    return found[0] if found is not None and found[1] == len(text) else None


def _with_unit(text: str, at: int, ends: list[Quantity | str | None]) -> tuple[list[Quantity | str | None], int]:
    """The ends of a bracketed range with the unit that follows the bracket, `[0,30]秒`, and where that ends."""
    found = quantity_at("1" + text[at : at + 6], 0, False)
    numbers = [end for end in ends if isinstance(end, Quantity)]
    if found is None or found[0].measure in ("bare", "points", "factor") or any(end.measure != "bare" for end in numbers):
        return ends, at
    return [end.within(found[0]) if isinstance(end, Quantity) else end for end in ends], at + found[1] - 1


def _joined(tokens: Iterator[Token]) -> Iterator[Token]:
    """The tokens, single letters of plain text put together."""
    held: Token | None = None
    for token in tokens:
        if held is not None and token.kinds == held.kinds == frozenset({"TEXT"}):
            held = Token(held.kinds, held.text + token.text, held.start, token.end)
            continue
        if held is not None:
            yield held
        held = token
    if held is not None:
        yield held
