"""What can be wrong, one class each: its code, its reason, its sentence in Chinese and English.

A problem is something that a person can mend. It says where it stands, what was found there and
what to do, and it keeps every name under which somebody may look for it (the column, the item
that the figure feeds, the text that was not known). Problems are collected and told together;
only the outermost callers raise them, as one `Problems` exception.

This module words problems. It neither finds them nor prints them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Place:
    """Where something stands: a file, a sheet, a row or line (counted from 1), a column.

    >>> Place("facts.xlsx", sheet="values", row=3, column="score").tell("en")
    'facts.xlsx, sheet values, row 3, column score'
    """

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    line: int | None = None

    def tell(self, language: Language) -> str:
        """The place as a person would say it; empty when nothing is known."""
        if self.line is not None:
            return f"{self.file}:{self.line}"
        words = ("工作表 {}", "第 {} 行", "列 {}") if language == "zh" else ("sheet {}", "row {}", "column {}")
        row = "" if self.row is None else str(self.row)
        parts = [word.format(part) for word, part in zip(words, (self.sheet, row, self.column), strict=True) if part]
        glue = "，" if language == "zh" else ", "
        return glue.join(([self.file] if self.file else []) + parts)

    def at(self, **changes: str | int | None) -> Place:
        """The same place, more closely told."""
        return replace(self, **changes)  # type: ignore[arg-type]


NOWHERE = Place()


class Problem:
    """One thing that is wrong. Subclasses own the sentence; whoever finds it hands in the facts."""

    code: ClassVar[str] = ""
    reason: ClassVar[str] = "malformed"
    zh: ClassVar[str] = ""
    en: ClassVar[str] = ""
    mend_zh: ClassVar[str] = ""
    mend_en: ClassVar[str] = ""

    def __init__(self, place: Place = NOWHERE, about: Iterable[str] = (), **found: object) -> None:
        """A problem at `place`, found under every name of `about`; `found` fills the sentence."""
        self.place = place
        self.about = tuple(dict.fromkeys(name for name in about if name))
        self.found = found

    def sentence(self, language: Language) -> str:
        """What is wrong and what was found, in one sentence."""
        return self._word(self.zh if language == "zh" else self.en)

    def mend(self, language: Language) -> str:
        """What to do about it."""
        return self._word(self.mend_zh if language == "zh" else self.mend_en)

    def tell(self, language: Language) -> str:
        """Place, code, sentence and way out, on two or three lines."""
        place = self.place.tell(language)
        head = f"{place}  {self.code}  {self.sentence(language)}".strip()
        mend = self.mend(language)
        return f"{head}\n    {mend}" if mend else head

    def as_data(self) -> dict[str, object]:
        """The problem as plain data, for JSON: code, reason, names, place and both sentences."""
        return {
            "code": self.code,
            "reason": self.reason,
            "about": list(self.about),
            "place": {key: value for key, value in vars(self.place).items() if value not in ("", None)},
            "zh": self.sentence("zh"),
            "en": self.sentence("en"),
            "mend_zh": self.mend("zh"),
            "mend_en": self.mend("en"),
        }

    def _word(self, sentence: str) -> str:
        return sentence.format(about=self.about[0] if self.about else "", **self.found)

    def __repr__(self) -> str:
        return f"<{self.code} {self.reason} {list(self.about)}: {self.sentence('en')}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and self.as_data() == other.as_data()

    def __hash__(self) -> int:
        return hash((self.code, self.place, self.about))


class Problems(Exception):
    """All problems of one piece of work, in the order in which they were found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} problems")

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.problems)

    def __len__(self) -> int:
        return len(self.problems)

    def __str__(self) -> str:
        return "\n".join(problem.tell("en") for problem in self.problems)


def refuse(problems: Iterable[Problem]) -> None:
    """Raise all problems at once, if there are any."""
    found = tuple(problems)
    if found:
        raise Problems(found)


def every_problem() -> dict[str, type[Problem]]:
    """Every class of problem by its code: what the reference pages and their test list."""
    found: dict[str, type[Problem]] = {}
    waiting = list(Problem.__subclasses__())
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if kind.code:
            found[kind.code] = kind
    return dict(sorted(found.items()))


# --- N: numbers and dates as text ---------------------------------------------------------------


class NotANumber(Problem):
    """A text that had to be a number."""

    code = "N001"
    zh = "{text!r} 不是数字"
    en = "{text!r} is not a number"
    mend_zh = "请填写数字，例如 98.5、98.5%、2/3 或 1,200。"
    mend_en = "Write a number such as 98.5, 98.5%, 2/3 or 1,200."


class NumberTooLong(Problem):
    """A number with more digits, or a larger exponent, than anybody's wage needs."""

    code = "N002"
    reason = "out_of_range"
    zh = "数字 {text!r} 太长(最多 {most} 位)"
    en = "the number {text!r} is too long (at most {most} digits)"
    mend_zh = "请检查是否录入有误。"
    mend_en = "Check whether it was typed or exported wrongly."


class NotADate(Problem):
    """A text that had to be a date."""

    code = "N003"
    zh = "{text!r} 不是日期"
    en = "{text!r} is not a date"
    mend_zh = "请写成 2026-03-31 这样的日期。"
    mend_en = "Write a date such as 2026-03-31."


class NotYesOrNo(Problem):
    """A text that had to be yes or no."""

    code = "N004"
    reason = "unknown"
    zh = "{text!r} 既不是“是”也不是“否”"
    en = "{text!r} is neither yes nor no"
    mend_zh = "请填 是/否、true/false 或 1/0。"
    mend_en = "Write yes or no (true/false, 1/0)."
