"""Problems as the site keeps and shows them: both languages, and where each stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kaohe.problems import Problem


@dataclass(frozen=True)
class Told:
    """One problem in words."""

    code: str
    zh: str
    en: str
    mend_zh: str
    mend_en: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    line: int | None = None
    about: tuple[str, ...] = ()

    def say(self, language: str) -> str:
        """The problem and the way out, in a language."""
        sentence, mend = (self.zh, self.mend_zh) if language == "zh" else (self.en, self.mend_en)
        return f"{sentence} {mend}".strip()


def told_of(problems: Iterable[Problem]) -> list[Told]:
    """Problems in words, in their order."""
    return [
        Told(
            problem.code,
            problem.sentence("zh"),
            problem.sentence("en"),
            problem.mend("zh"),
            problem.mend("en"),
            problem.place.sheet,
            problem.place.row,
            problem.place.column,
            problem.place.line,
            problem.about,
        )
        for problem in problems
    ]
