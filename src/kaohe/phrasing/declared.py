"""Declared facts in words: of what kind they are, between which bounds, when they are owed."""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol

from kaohe.labels import UNIT_WORDS
from kaohe.numbers import as_typed
from kaohe.problems import Language
from kaohe.rules.arithmetic import percent
from kaohe.scheme import Declared

KINDS = {
    "ratio": ("比率", "a share"),
    "yuan": ("金额（元）", "an amount in yuan"),
    "points": ("分数", "points"),
    "seconds": ("时长（秒）", "seconds"),
    "minutes": ("时长（分钟）", "minutes"),
    "hours": ("时长（小时）", "hours"),
    "days": ("天数", "days"),
    "number": ("数字", "a number"),
    "date": ("日期", "a date"),
    "month": ("月份", "a month"),
    "yes_no": ("是或否", "yes or no"),
    "text": ("文字", "text"),
    "words": ("选项", "a word of a list"),
}


class Sayer(Protocol):
    """Whoever has words in one language."""

    language: Language

    def say(self, zh: str, en: str) -> str:
        """The phrase in the reader's language."""
        ...

    def comma(self, parts: list[str]) -> str:
        """Phrases of one clause."""
        ...


def kind_of(declared: Declared, sayer: Sayer) -> str:
    """The kind of a fact: `整数`, `比率`, `an amount in yuan`."""
    if declared.whole and declared.kind == "number":
        return sayer.say("整数", "a whole number")
    kind = sayer.say(*KINDS[declared.kind])
    return sayer.say(f"{kind}，整数", f"{kind}, whole") if declared.whole and declared.kind != "points" else kind


def bounds_of(declared: Declared, sayer: Sayer) -> str:
    """Between which ends a number lies, or which numbers it may be; empty where anything goes."""
    unit = UNIT_WORDS[declared.kind].tell(sayer.language) if declared.kind in UNIT_WORDS else ""
    if declared.allowed or declared.steps:
        return sayer.say("、", ", ").join(as_typed(number) for number in declared.allowed or declared.steps or ())
    low, high = _written(declared.low, declared), _written(declared.high, declared)
    whole = sayer.say("，整数", ", whole") if declared.whole and declared.kind == "points" else ""
    if low and high and not declared.low_open and not declared.high_open:
        return _with_unit(f"{low}–{high}", unit, sayer) + whole
    told = [
        _end(low, unit, ("高于", "above") if declared.low_open else ("不低于", "at least"), sayer),
        _end(high, unit, ("低于", "below") if declared.high_open else ("不超过", "at most"), sayer),
    ]
    return sayer.comma([part for part in told if part])


def _written(number: Fraction | None, declared: Declared) -> str:
    """One end as it was typed; a share as a percentage."""
    if number is None:
        return ""
    return percent(number) if declared.kind == "ratio" and number else as_typed(number)


def _end(number: str, unit: str, words: tuple[str, str], sayer: Sayer) -> str:
    return f"{sayer.say(*words)}{sayer.say('', ' ')}{_with_unit(number, unit, sayer)}" if number else ""


def _with_unit(number: str, unit: str, sayer: Sayer) -> str:
    return number if not unit or number.endswith(("%", "‰")) else sayer.say(f"{number}{unit}", f"{number} {unit}")
