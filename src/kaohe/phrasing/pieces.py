"""Phrases that are put together: how firmly each holds, brackets, and the glue of each language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kaohe.problems import Language

# From what holds least to what needs no brackets anywhere.
CHOICE, OR, AND, TEST, LOOSE, SUM, PRODUCT, WHOLE = range(8)


class Piece(NamedTuple):
    """A phrase, and how firmly it holds together."""

    text: str
    hold: int = WHOLE


class Glue:
    """The punctuation of one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def say(self, zh: str, en: str) -> str:
        """The phrase in this language."""
        return zh if self.language == "zh" else en

    def within(self, piece: Piece, least: int) -> str:
        """The phrase as a part of something that holds more firmly."""
        return piece.text if piece.hold >= least else self.bracketed(piece.text)

    def bracketed(self, text: str) -> str:
        """The text in brackets; none around nothing."""
        return self.say(f"（{text}）", f"({text})") if text else ""

    def quoted(self, name: str) -> str:
        """A name that stands out in a sentence; what is quoted within it already takes the inner signs."""
        inner = str.maketrans("“”", "‘’") if self.language == "zh" else str.maketrans('"', "'")
        return self.say(f"“{name.translate(inner)}”", f'"{name.translate(inner)}"')

    def spaced(self, *parts: str) -> str:
        """Words of one phrase, with the blanks that the language has between words."""
        return self.say("", " ").join(part for part in parts if part)

    def listed(self, words: Iterable[str]) -> str:
        """Words in a row."""
        return self.say("、", ", ").join(words)

    def either(self, words: Sequence[str]) -> str:
        """Words of which one is meant."""
        return self._last(words, self.say("或", " or "))

    def both(self, words: Sequence[str]) -> str:
        """Words that are all meant."""
        return self._last(words, self.say("和", " and "))

    def _last(self, words: Sequence[str], word: str) -> str:
        return words[0] if len(words) == 1 else f"{self.listed(words[:-1])}{word}{words[-1]}" if words else ""

    def joined(self, parts: Iterable[str]) -> str:
        """Clauses of one sentence."""
        return self.say("；", "; ").join(part for part in parts if part)

    def comma(self, parts: Iterable[str]) -> str:
        """Phrases of one clause."""
        return self.say("，", ", ").join(part for part in parts if part)

    def claused(self, clause: str) -> str:
        """The clause that a sentence comes from, behind it; nothing for none."""
        return self.say(f"〔{clause}〕", f" [{clause}]") if clause else ""

    def and_then(self, text: str) -> str:
        """A sentence that goes on from another: in English without its capital."""
        return self.say(text, text[:1].lower() + text[1:])

    def labelled(self, label: str, text: str) -> str:
        """A label and what it says."""
        return self.say(f"{label}：{text}", f"{label}: {text}")
