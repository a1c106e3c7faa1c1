"""Per what things exist: the frames of a scheme, and the facts that each frame holds.

A frame is a kind of row: a person, a unit, a person's week, a record of one event type, a rating
of one item, an earlier period. Facts keep a column for each name listed here.
"""

from __future__ import annotations

from dataclasses import dataclass

from kaohe.plan import HISTORY, PART_WORD, PEOPLE
from kaohe.scheme import Declared, Scheme


def event_frame(kind: str) -> str:
    """The frame of the rows of one event type."""
    return f"event.{kind}"


def rating_frame(item: str) -> str:
    """The frame of the ratings of one item."""
    return f"rating.{item}"


def window_frame(base: str, window: str) -> str:
    """The frame of a person's (or a unit's) weeks or other parts."""
    return f"{base}/{window}"


def history_frame(unit: str | None = None) -> str:
    """The frame of earlier periods, of people or of a unit."""
    return HISTORY if unit is None else f"{HISTORY}.{unit}"


RATING_COLUMNS = {
    "score": Declared.model_validate("number"),
    "rater": Declared.model_validate("text"),
    "relation": Declared.model_validate("text"),
    "call": Declared.model_validate("text optional"),
}
EVENT_COLUMNS = {"at": Declared.model_validate("date"), "count": Declared.model_validate("whole from 1")}
HISTORY_COLUMNS = {
    "period_end": Declared.model_validate("date"),
    "month": Declared.model_validate("text"),
    "months_back": Declared.model_validate("whole"),
    "total": Declared.model_validate("number optional"),
    "rank": Declared.model_validate("whole optional"),
    "of": Declared.model_validate("whole optional"),
    "status": Declared.model_validate("text optional"),
    "last": Declared.model_validate("yes_no optional"),
}
PERSON_COLUMNS = {
    "id": Declared.model_validate("text"),
    "name": Declared.model_validate("text optional"),
    "role": Declared.model_validate("text optional"),
}


@dataclass(frozen=True)
class Fact:
    """A declared fact: the column that holds it and its declaration."""

    column: str
    declared: Declared


@dataclass(frozen=True)
class Outline:
    """The frames of one scheme."""

    scheme: Scheme

    def own_facts(self, frame: str) -> dict[str, Fact]:
        """The facts that rows of a frame hold themselves, by the bare names that formulas use."""
        scheme = self.scheme
        if frame == PEOPLE:
            person = {name: Fact(f"person.{name}", declared) for name, declared in {**PERSON_COLUMNS, **scheme.people}.items()}
            return person
        window = frame.partition("/")[2]
        if window:
            return self._window_facts(window)
        kind, _, rest = frame.partition(".")
        if kind == "event":
            return _plain({**EVENT_COLUMNS, **(scheme.events[rest].columns if rest in scheme.events else {})})
        if kind == "rating":
            return _plain(RATING_COLUMNS)
        if kind == HISTORY:
            unit = rest or None
            return _plain({**HISTORY_COLUMNS, **{name: d for name, d in scheme.history.items() if d.of == unit}})
        return {}

    def values(self, frame: str) -> dict[str, Fact]:
        """The values of the period that a person or a unit has."""
        unit = None if frame == PEOPLE else frame
        mine = {name.rpartition(".")[2]: declared for name, declared in self.scheme.values.items() if declared.of == unit}
        return {name: Fact(f"value.{name}", declared) for name, declared in mine.items()}

    def _window_facts(self, window: str) -> dict[str, Fact]:
        found: dict[str, Fact] = {}
        if window in self.scheme.words:
            found[window] = Fact(PART_WORD, Declared(kind="words", words=window))
        for kind, event in self.scheme.events.items():
            if event.one_per == window:
                for name, declared in event.columns.items():
                    found[name] = found[f"{kind}.{name}"] = Fact(f"{kind}.{name}", declared)
        return found

    @property
    def subject_frames(self) -> list[str]:
        """People and units: whatever has values and results."""
        return [PEOPLE, *self.scheme.units]

    def exists(self, frame: str) -> bool:
        """Whether the scheme has such a frame."""
        base, _, window = frame.partition("/")
        if window:
            return base in self.subject_frames and (window in self.scheme.windows or window in self.scheme.words)
        return base in self.subject_frames


def _plain(columns: dict[str, Declared]) -> dict[str, Fact]:
    return {name: Fact(name, declared) for name, declared in columns.items()}


def parents(scheme: Scheme, frame: str) -> list[str]:
    """The frames that a row of `frame` belongs to one row of, nearest first."""
    base, _, window = frame.partition("/")
    if window:
        return [base, *parents(scheme, base)] if base != PEOPLE else [PEOPLE, *scheme.units]
    kind, _, rest = frame.partition(".")
    if kind in ("event", "rating") or frame == HISTORY:
        return [PEOPLE, *scheme.units]
    if kind == HISTORY:
        return [rest]
    if frame == PEOPLE:
        return list(scheme.units)
    return [name for name, unit in scheme.units.items() if unit.by is None and name != frame]
