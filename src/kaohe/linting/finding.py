"""What a linter tells: something that a scheme may say and that somebody should look at all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import ClassVar

from kaohe.linting.studying import Studied
from kaohe.problems import NOWHERE, Language, Problem
from kaohe.rules.arithmetic import shortly
from kaohe.texts import Text


class Finding(Problem):
    """One thing that is legal and odd. Subclasses own the sentence; whoever finds it hands in path, clause and facts.

    `key` is the entry's name, by which a scheme may accept this one alone (`L030_bonus`); `accepted` is
    the reason that it gives for doing so.
    """

    reason: ClassVar[str] = "odd"

    def __init__(self, path: tuple[object, ...], clause: str = "", key: str = "", also: Iterable[str] = (), **found: object) -> None:
        """A finding at the entry of this path; `also` are further keys of `accept` that mean it."""
        self.path = path
        self.key = key or str(path[-1])
        self.clause = clause
        self.also = tuple(also)
        self.accepted: Text | None = None
        super().__init__(NOWHERE, [self.key], **found)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of `accept` that mean this finding."""
        return (self.code, f"{self.code}_{self.key}", *self.also)

    def sentence(self, language: Language) -> str:
        """The clause, and what is odd about it."""
        told = self._told(self.zh if language == "zh" else self.en, language)
        return f"[{self.clause}] {told}" if self.clause else told

    def mend(self, language: Language) -> str:
        """A way out."""
        return self._told(self.mend_zh if language == "zh" else self.mend_en, language)

    def as_data(self) -> dict[str, object]:
        """The finding as plain data, for JSON."""
        accepted = None if self.accepted is None else self.accepted.write()
        return {**super().as_data(), "key": self.key, "clause": self.clause, "accepted": accepted}

    def _told(self, sentence: str, language: Language) -> str:
        return sentence.format(code=self.code, key=self.key, **{name: _worded(value, language) for name, value in self.found.items()})


def _worded(value: object, language: Language) -> object:
    """A text in one language, a number as people write it."""
    if isinstance(value, Text):
        return value.tell(language)
    return shortly(value) if isinstance(value, Fraction) else value


Lint = Callable[[Studied], Iterable[Finding]]
