"""Columns of yes and no, and columns of words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from kaohe.columns.ints import Array
from kaohe.columns.marks import Marks, rows_of_marks, worse


class Truth:
    """A column of yes and no; `absent` rows are unknown and hold no.

    Three-valued: no and unknown is no, yes or unknown is yes, in any order.
    """

    __slots__ = ("absent", "yes")

    def __init__(self, yes: Array, absent: Marks | None = None) -> None:
        self.yes = yes if absent is None else yes & (absent == 0)
        self.absent = absent

    @property
    def no(self) -> Array:
        """Rows that are known to be no."""
        return ~self.yes if self.absent is None else ~self.yes & (self.absent == 0)

    @property
    def size(self) -> int:
        return self.yes.size

    def __and__(self, other: Truth) -> Truth:
        return self._settled(self.yes & other.yes, self.no | other.no, other)

    def __or__(self, other: Truth) -> Truth:
        return self._settled(self.yes | other.yes, self.no & other.no, other)

    def __invert__(self) -> Truth:
        return Truth(self.no, self.absent)

    def _settled(self, yes: Array, no: Array, other: Truth) -> Truth:
        absent = worse(self.absent, other.absent)
        if absent is None:
            return Truth(yes)
        return Truth(yes, np.where(yes | no, 0, absent).astype(np.uint8))

    def take(self, rows: Array) -> Truth:
        """The truths at `rows`."""
        yes = self.yes if self.yes.size == 1 and rows.size != 1 else self.yes[rows]
        return Truth(yes, rows_of_marks(self.absent, rows))

    def __getitem__(self, row: int) -> bool | None:
        at = row if self.yes.size > 1 else 0
        if self.absent is not None and self.absent[at if self.absent.size > 1 else 0]:
            return None
        return bool(self.yes[at])


class Words:
    """A column of words as codes into a vocabulary; -1 is absent."""

    __slots__ = ("codes", "vocabulary")

    def __init__(self, codes: Array, vocabulary: Sequence[str]) -> None:
        self.codes = codes
        self.vocabulary = tuple(vocabulary)

    @classmethod
    def of(cls, words: Sequence[str | None], vocabulary: Sequence[str] | None = None) -> Words:
        """Words coded by a given vocabulary, or by their own in order of appearance."""
        known = dict.fromkeys(word for word in words if word is not None) if vocabulary is None else dict.fromkeys(vocabulary)
        place = {word: code for code, word in enumerate(known)}
        codes = np.fromiter((-1 if word is None else place[word] for word in words), dtype=np.int64, count=len(words))
        return cls(codes, tuple(known))

    @property
    def size(self) -> int:
        return self.codes.size

    @property
    def absent(self) -> Marks | None:
        """Where there is no word."""
        marks = (self.codes < 0).astype(np.uint8)
        return marks if marks.any() else None

    def equals(self, word: str) -> Truth:
        """Is it this word; an absent word equals nothing, which is known."""
        if word not in self.vocabulary:
            return Truth(np.zeros(self.codes.size, dtype=bool))
        return Truth(self.codes == self.vocabulary.index(word))

    def of_which(self, holds: Callable[[str], bool]) -> Array:
        """Row by row: does something hold of the word; of an absent word nothing does."""
        table = np.fromiter((*map(holds, self.vocabulary), False), dtype=bool, count=len(self.vocabulary) + 1)
        return np.asarray(table[self.codes])

    def same(self, other: Words) -> Truth:
        """Are both the same word."""
        mine = self.codes
        theirs = other.recoded(self.vocabulary)
        return Truth((mine == theirs) & (mine >= 0))

    def recoded(self, vocabulary: Sequence[str]) -> Array:
        """My codes in another vocabulary, -2 for a word that it lacks."""
        place = {word: code for code, word in enumerate(vocabulary)}
        table = np.array([place.get(word, -2) for word in self.vocabulary] + [-1], dtype=np.int64)
        return np.asarray(table[self.codes])

    def take(self, rows: Array) -> Words:
        """The words at `rows`."""
        return self if self.codes.size == 1 and rows.size != 1 else Words(self.codes[rows], self.vocabulary)

    def __getitem__(self, row: int) -> str | None:
        code = int(self.codes[row if self.codes.size > 1 else 0])
        return None if code < 0 else self.vocabulary[code]
