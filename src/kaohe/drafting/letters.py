"""A cell's text with its signs made alike, and the way back to what was typed.

Full-width digits, letters and signs become half-width; the many signs for one thing (≧ ≥ =>, ～ 〜, × ✕) become one; numbering at the
head of lines (1. 2、 ③ a) 一、) becomes a line break. Nothing is read here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

# Signs that Unicode does not make alike by itself, or makes alike too eagerly (，is never a thousands separator).
SIGNS = {
    **dict.fromkeys("≧⩾≥", ">="),
    **dict.fromkeys("≦⩽≤", "<="),
    **dict.fromkeys("~〜～∼˜", "~"),
    **dict.fromkeys("–—―－−‐‑‒─", "-"),
    **dict.fromkeys("×✕✖·•∙Ⅹ＊", "*"),
    **dict.fromkeys("÷∕／", "/"),
    **dict.fromkeys("【〔［", "["),
    **dict.fromkeys("】〕］", "]"),
    **dict.fromkeys("“”‘’「」『』《》", ""),
    **dict.fromkeys("″＂", '"'),
    **dict.fromkeys("′＇", "'"),
    **dict.fromkeys("。｡", "。"),
    **dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n"),
    "，": "，",
    "、": "、",
    "；": "；",
    ";": "；",
    "Χ": "X",
    "※": "※",
    "\u3000": " ",
    "\t": " ",
}
CIRCLED = re.compile("[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793●○◆◇■□▪▲△►▶◎★☆]")

_NUMBERING = re.compile(
    r" *(?:[(\[]?(\d{1,2})(?:[)\]、]|\.(?!\d)|:(?=\D)| +(?=[<>]))|([a-hA-H])[).、]"
    r"|[(]?([一二三四五六七八九十])[)、.]|第([一二三四五六七八九])条?[，、: ]) *"
)
_ANYWHERE = re.compile(r"\((\d{1,2}|[一二三四五六七八九十])\)")
_GLUED = re.compile(r"^ *(\d)\.\d", re.MULTILINE)


def listed(words: str) -> tuple[str, ...]:
    """The words of a line of a table, which blanks divide."""
    return tuple(words.split())


@dataclass(frozen=True)
class Script:
    """One cell: as typed, made alike, and for each letter of the latter its place in the former."""

    typed: str
    plain: str
    places: tuple[int, ...]

    @property
    def is_oddly_numbered(self) -> bool:
        """Whether lines begin 1.95%, 2.90%: nobody can tell the numbering from the figures."""
        heads = _GLUED.findall(self.plain)
        return len(heads) > 1 and heads == [str(count) for count in range(1, len(heads) + 1)]

    def original(self, start: int, end: int) -> str:
        """What was typed between two places of the plain text."""
        return self.typed[self.places[start] : self.places[end]]


def script(typed: str) -> Script:
    """The cell's text made alike, numbering at the head of its lines taken away."""
    letters = [(letter, place) for place, sign in enumerate(typed) for letter in _alike(sign)]
    plain, places = "".join(letter for letter, _ in letters), [place for _, place in letters]
    plain = _STOPS.sub("。", plain)
    kept = list(_without_numbering(plain))
    text = "".join(plain[start:end] if take else "\n" for start, end, take in kept)
    back = [place for start, end, take in kept for place in (places[start:end] if take else places[start : start + 1])]
    return Script(typed, text, (*back, len(typed)))


_STOPS = re.compile(r"(?<!\d)\.(?=\s*(?:\n|$))|(?<=[\u4e00-\u9fff])\.(?=\s*(?:\n|$|[\u4e00-\u9fff]))")


def _alike(sign: str) -> str:
    if sign in SIGNS:
        return SIGNS[sign]
    if CIRCLED.match(sign):
        return "\n"
    return "".join(
        letter for letter in unicodedata.normalize("NFKC", sign) if unicodedata.category(letter) not in ("Cf", "Cc") or letter == "\n"
    )


def _without_numbering(plain: str) -> Iterator[tuple[int, int, bool]]:
    """Stretches of the text, and whether they stay; the numbering in between is a line break."""
    numbering = sorted(_numbering(plain))
    at = 0
    for start, end in numbering:
        yield at, start, True
        yield start, end, False
        at = end
    yield at, len(plain), True


def _numbering(plain: str) -> Iterator[tuple[int, int]]:
    """Where lines are numbered: 1. 2. 3. in a row, or a lone number that no digit follows."""
    found = [(kind, number, match) for match in _heads(plain) for kind, number in [_counted(match)]]
    for kind, group in groupby(found, key=lambda entry: entry[0]):
        row = list(group)
        counts = [number for _, number, _ in row]
        if len(row) > 1 and counts == list(range(1, len(row) + 1)):
            yield from (match.span() for _, _, match in row)
        elif kind and len(row) == 1 and counts == [1] and not plain[row[0][2].end() :][:1].isdigit():
            yield row[0][2].span()


def _heads(plain: str) -> Iterator[re.Match[str]]:
    yield from sorted({match.end(): match for match in _found_heads(plain)}.values(), key=lambda match: match.start())


def _found_heads(plain: str) -> Iterator[re.Match[str]]:
    for found in _ANYWHERE.finditer(plain):
        match = _NUMBERING.match(plain, found.start())
        if match:
            yield match
    for start in [0, *(match.end() for match in re.finditer(r"[\n；。 ，]+", plain))]:
        match = _NUMBERING.match(plain, start)
        if match:
            yield match


def _counted(match: re.Match[str]) -> tuple[str, int]:
    """The manner of numbering, and which number it is."""
    digits, letter, numeral, ordinal = match.groups()
    if digits:
        return "digits", int(digits)
    if letter:
        return "letters", ord(letter.lower()) - ord("a") + 1
    return ("ordinals", "一二三四五六七八九".index(ordinal) + 1) if ordinal else ("numerals", "一二三四五六七八九十".index(numeral) + 1)
