"""Words in two languages: one text written `中文 | English`, and the few phrases that figures need."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from kaohe.problems import Language


@dataclass(frozen=True)
class Text:
    """A phrase in Chinese and English; either stands in for the other where one is not written.

    >>> Text.read("接通率 | Connect rate").tell("en")
    'Connect rate'
    """

    zh: str
    en: str

    @classmethod
    def read(cls, words: str) -> Text:
        """The text that `中文 | English` says."""
        zh, _, en = (part.strip() for part in words.partition("|"))
        return cls(zh or en, en or zh)

    def tell(self, language: Language) -> str:
        """The phrase in one language."""
        return self.zh if language == "zh" else self.en

    def write(self) -> str:
        """The text as a scheme writes it."""
        return self.zh if self.zh == self.en else f"{self.zh} | {self.en}"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like this one, or an empty text: the `did you mean` of every message."""
    if len(word) > 60:
        return ""
    close = difflib.get_close_matches(word, list(islice(known, 300)), n=1, cutoff=0.6)
    return close[0] if close else ""


def listed(words: Iterable[str], most: int = 12) -> str:
    """Words for a sentence, cut where there are too many."""
    every = list(words)
    return ", ".join(every[:most]) + (" …" if len(every) > most else "")
