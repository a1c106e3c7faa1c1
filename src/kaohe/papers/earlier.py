"""Earlier results to look back at: those of earlier periods, and an earlier version of the same one.

They come from the results.json that scoring wrote, and from the history in the facts. Nothing is
scored again here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from kaohe.columns import Column, Words
from kaohe.exporting import RESULTS
from kaohe.facts import Facts
from kaohe.numbers import day_of, parse_number
from kaohe.papers.problems import EarlierIsLater, EarlierOfAnotherScheme, EarlierUnreadable
from kaohe.plan import HISTORY, PEOPLE, Plan
from kaohe.problems import Place, Problem, Problems


@dataclass(frozen=True)
class EarlierRound:
    """What came out before: exact totals, grades and amounts by subject; whoever had none is not there."""

    start: date | None
    end: date
    totals: Mapping[str, Fraction] = field(default_factory=dict)
    grades: Mapping[str, str] = field(default_factory=dict)
    pay: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LookBack:
    """Earlier periods, the oldest first, and the version of this period that these results replace, if there is one."""

    periods: tuple[EarlierRound, ...] = ()
    replaced: EarlierRound | None = None

    @property
    def last(self) -> EarlierRound | None:
        """The period just before."""
        return self.periods[-1] if self.periods else None

    def course(self, subject: str) -> list[tuple[date, Fraction]]:
        """One subject's earlier totals in order of time."""
        return [(period.end, period.totals[subject]) for period in self.periods if subject in period.totals]


def look_back(plan: Plan, facts: Facts, paths: Iterable[Path]) -> LookBack:
    """Everything that there is to look back at; Problems with all that is wrong in the files.

    Where files and history tell of the same period, the files do.
    """
    read = [read_earlier(path, plan, facts) for path in paths]
    problems = [problem for found in read if isinstance(found, list) for problem in found]
    if problems:
        raise Problems(problems)
    rounds = [found for found in read if isinstance(found, EarlierRound)]
    same = [one for one in rounds if one.end == facts.end]
    periods = {one.end: one for one in history_of(facts)} | {one.end: one for one in rounds if one.end < facts.end}
    return LookBack(tuple(periods[end] for end in sorted(periods)), same[-1] if same else None)


# --- the history in the facts ---------------------------------------------------------------------


def history_of(facts: Facts) -> list[EarlierRound]:
    """The earlier periods that the facts tell of."""
    frame = facts.frames.get(HISTORY)
    if frame is None or PEOPLE not in frame.links:
        return []
    ends, totals, grades = (frame.columns[name] for name in ("period_end", "total", "grade"))
    found: dict[date, tuple[dict[str, Fraction], dict[str, str]]] = {}
    for row, person in enumerate(frame.links[PEOPLE].parent.tolist()):
        end, subject = _number(ends, row), facts.subjects[person]
        if end is not None:
            by_total, by_grade = found.setdefault(day_of(int(end)), ({}, {}))
            total, grade = _number(totals, row), grades[row] if isinstance(grades, Words) else None
            by_total |= {} if total is None else {subject: total}
            by_grade |= {} if grade is None else {subject: str(grade)}
    return [EarlierRound(None, end, *figures) for end, figures in sorted(found.items())]


def _number(column: object, row: int) -> Fraction | None:
    return column[row] if isinstance(column, Column) else None


# --- files ----------------------------------------------------------------------------------------


class _Part(BaseModel):
    """A part of results.json; what else stands there is left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Figure(_Part):
    reported: str
    exact: str


class _Card(_Part):
    subject: str
    name: str = ""
    total: _Figure | None = None
    grade: str | None = None
    pay: dict[str, _Figure | None] = {}


class _Period(_Part):
    start: date
    end: date


class _Scheme(_Part):
    id: str


class _Results(_Part):
    """As much of results.json as is looked back at."""

    scheme: _Scheme
    period: _Period
    subjects: tuple[_Card, ...]


REASONS = {
    "missing": ("没有 results.json", "there is no results.json"),
    "broken": ("results.json 已损坏，或不是计分的结果", "results.json is damaged, or does not hold results of scoring"),
}


def read_earlier(path: Path, plan: Plan, facts: Facts) -> EarlierRound | list[Problem]:
    """The results that a folder or its results.json holds, or what is wrong with them."""
    file = path / RESULTS if path.is_dir() else path
    place = Place(str(file))
    data = _read(file)
    if isinstance(data, str):
        zh, en = REASONS[data]
        return [EarlierUnreadable(place, [str(path)], why_zh=zh, why_en=en)]
    if data.scheme.id != plan.scheme.scheme:
        return [EarlierOfAnotherScheme(place, [data.scheme.id], found=data.scheme.id, wanted=plan.scheme.scheme)]
    if data.period.end > facts.end:
        return [EarlierIsLater(place, [str(data.period.end)], end=data.period.end)]
    return _round(data)


def _read(file: Path) -> _Results | str:
    """The file's results, or what is the matter with it."""
    if not file.is_file():
        return "missing"
    try:
        return _Results.model_validate_json(file.read_bytes())
    except ValidationError:
        return "broken"


def _round(data: _Results) -> EarlierRound:
    cards = data.subjects
    totals = {card.subject: total for card in cards if card.total is not None and (total := _exact(card.total.exact)) is not None}
    paid = {card.subject: _amounts(card.pay) for card in cards}
    grades = {card.subject: card.grade for card in cards if card.grade is not None}
    names = {card.subject: card.name for card in cards}
    return EarlierRound(data.period.start, data.period.end, totals, grades, paid, names)


def _amounts(pay: Mapping[str, _Figure | None]) -> dict[str, Fraction]:
    """What was reported of each line, as far as it is a number."""
    read = {line: _exact(figure.reported) for line, figure in pay.items() if figure is not None}
    return {line: amount for line, amount in read.items() if amount is not None}


def _exact(text: str) -> Fraction | None:
    read = parse_number(text)
    return read if isinstance(read, Fraction) else None
