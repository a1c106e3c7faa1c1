"""The facts of one case as plain rows: each with its cells and the rows that it belongs to.

Written for the tests alone, in another manner than the engine: dictionaries and single Fractions,
one row at a time. The facts were accepted before; nothing is checked here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any

from kaohe.numbers import parse_date, parse_number, parse_yes_no
from kaohe.scheme import Declared, Scheme, Window

PEOPLE, HISTORY = "people", "history"


class Gap(Enum):
    """What stands where there is no value: nothing to measure, or a fact that somebody owes; the worse is the larger."""

    NONE = 1
    MISSING = 2


Value = Fraction | bool | date | str | frozenset[str] | Gap
Cells = Mapping[str, Any]


@dataclass(eq=False)
class Row:
    """One row of one frame: a person, a unit, a week, a record, a rating, an earlier period."""

    frame: str
    key: tuple[object, ...]
    cells: dict[str, Value] = field(default_factory=dict)
    parents: dict[str, Row] = field(default_factory=dict)

    def up(self, frame: str) -> Row | None:
        """The row of another frame that this one belongs to, over several steps if need be."""
        if frame == self.frame:
            return self
        if frame in self.parents:
            return self.parents[frame]
        return next((found for parent in self.parents.values() if (found := parent.up(frame)) is not None), None)


def is_blank(cell: object) -> bool:
    """Whether nothing is written."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def read_cell(declared: Declared, cell: object, gap: Gap | None = None) -> Value:
    """What a cell says; the default, NONE or MISSING where it is empty."""
    if is_blank(cell):
        if declared.default is None:
            return gap if gap is not None else Gap.NONE if declared.optional or declared.needed is not None else Gap.MISSING
        cell = declared.default
    if declared.several:
        return frozenset(str(part) for part in (cell if isinstance(cell, list) else str(cell).split("|")))
    found: object = _READERS.get(declared.kind, parse_number)(cell)
    assert isinstance(found, (Fraction, bool, date, str)), (cell, declared.kind)
    return found


_READERS: dict[str, Callable[[Any], object]] = {
    "date": parse_date,
    "yes_no": lambda cell: cell if isinstance(cell, bool) else parse_yes_no(cell),
    "text": lambda cell: str(cell).strip(),
    "words": lambda cell: str(cell).strip(),
    "month": lambda cell: str(cell).strip()[:7],
}
TEXT, DATE, NUMBER, YES_NO = (Declared.model_validate(f"{kind} optional") for kind in ("text", "date", "number", "yes_no"))
PERSON = {"id": TEXT, "name": TEXT, "role": TEXT}
EVENT = {"at": DATE, "count": NUMBER}
RATING = {"score": NUMBER, "rater": TEXT, "relation": TEXT, "call": TEXT}
PAST = {"period_end": DATE, "month": TEXT, "months_back": NUMBER, "total": NUMBER, "rank": NUMBER, "of": NUMBER, "status": TEXT}
PAST |= {"last": YES_NO, "grade": TEXT}


class World:
    """All rows of one case."""

    def __init__(self, scheme: Scheme, case: Cells) -> None:
        self.scheme = scheme
        period = case.get("period") or {}
        self.start = _day(period.get("start"), date(1, 1, 1))
        self.end = _day(period.get("end"), date(9999, 12, 31))
        self.as_of = self.end
        self.rows: dict[str, list[Row]] = {}
        self.named: set[str] = set()
        self._weeks: dict[tuple[str, object, int], Row] = {}
        self._index: dict[tuple[str, str], dict[Row | None, list[Row]]] = {}
        self.config = {key: _choice(scheme, key, (case.get("config") or {}).get(key)) for key in scheme.config}
        self._people(case)
        self._units(case)
        self._parts()
        self._history(case.get("history") or ())
        self._ratings(case.get("ratings") or ())

    def below(self, row: Row, frame: str) -> list[Row]:
        """The rows of another frame that belong to this one, in order."""
        key = (frame, row.frame)
        if key not in self._index:
            found: dict[Row | None, list[Row]] = {}
            for child in self.rows.get(frame, ()):
                found.setdefault(child.up(row.frame), []).append(child)
            self._index[key] = found
        return self._index[key].get(row, [])

    def one(self, frame: str, id: str) -> Row | None:
        """The person or unit of that id."""
        return next((row for row in self.rows.get(frame, ()) if row.key[1] == id), None)

    # --- people and units ---------------------------------------------------------------------

    def _people(self, case: Cells) -> None:
        own = {str(person["id"]).strip(): person for person in case.get("people") or ()}
        ids = list(own)
        if self.scheme.subjects == "units":
            named = [*(case.get("values") or {}), *(row["subject"] for kind in ("events", "ratings") for row in case.get(kind) or ())]
            ids = list(dict.fromkeys([*ids, *(str(id) for id in named)]))
            self.named = {str(id) for id in named}
        self.rows[PEOPLE] = [Row(PEOPLE, (PEOPLE, id), self._person(id, own.get(id))) for id in ids]

    def _person(self, id: str, person: Cells | None) -> dict[str, Value]:
        declared = {**PERSON, **self.scheme.people}
        gap = Gap.NONE if person is None else None
        cells = {f"person.{name}": read_cell(kind, (person or {}).get(name), gap) for name, kind in declared.items()}
        return {**cells, "person.id": id}

    def _units(self, case: Cells) -> None:
        values = {str(id): cells or {} for id, cells in (case.get("values") or {}).items()}
        people = {row.key[1] for row in self.rows[PEOPLE]}
        singles = [name for name, unit in self.scheme.units.items() if unit.by is None]
        for name, unit in self.scheme.units.items():
            named = [row.cells.get(f"person.{unit.by}") for row in self.rows[PEOPLE]]
            members = [name] if unit.by is None else [word for word in named if isinstance(word, str)]
            members += [id for id in values if unit.by is not None and id not in people and id not in singles]
            self.rows[name] = [Row(name, (name, id)) for id in dict.fromkeys(members)]
            for row, word in zip(self.rows[PEOPLE], named, strict=True):
                home = self.one(name, name if unit.by is None else str(word))
                row.parents |= {} if home is None else {name: home}
        for name in self.scheme.units:
            for row in self.rows[name]:
                row.parents |= {single: self.rows[single][0] for single in singles if single != name}
        self._values(values, people)

    def _values(self, values: Mapping[str, Cells], people: Iterable[object]) -> None:
        for key, declared in self.scheme.values.items():
            name = key.rpartition(".")[2]
            for row in self.rows[declared.of or PEOPLE]:
                mine = values.get(str(row.key[1]), {}) if declared.of is None or row.key[1] not in people else {}
                row.cells[f"value.{name}"] = read_cell(declared, mine.get(name))

    # --- weeks and other parts ----------------------------------------------------------------

    def _parts(self) -> None:
        scheme = self.scheme
        counts = {name: len(window.starts_on_days) for name, window in scheme.windows.items()}
        lists = {body.per for body in (*scheme.figures.values(), *scheme.items.values()) if body.per in scheme.words}
        counts |= {str(name): len(scheme.words[str(name)].names) for name in lists}
        for window, count in counts.items():
            for base in (*scheme.units, PEOPLE):
                self.rows[f"{base}/{window}"] = [self._part(row, window, part) for row in self.rows[base] for part in range(count)]

    def _part(self, row: Row, window: str, part: int) -> Row:
        frame = f"{row.frame}/{window}"
        found = self._weeks[frame, row.key[1], part] = Row(frame, (frame, row.key[1], part), {"part": Fraction(part)}, {row.frame: row})
        for unit in self.scheme.units if row.frame == PEOPLE else ():
            home = row.up(unit)
            if home is not None:
                found.parents[f"{unit}/{window}"] = self.part_of(home, window, part)
        return found

    def part_of(self, row: Row, window: str, part: int) -> Row:
        """One week of a person or a unit."""
        return self._weeks[f"{row.frame}/{window}", row.key[1], part]

    # --- records, ratings, earlier periods ----------------------------------------------------

    def events(self, rows: Iterable[Cells]) -> None:
        """Put in the records that count, once `as_of` is known."""
        self._index.clear()
        for place, row in enumerate(rows):
            kind = str(row["type"]).strip()
            columns = {**EVENT, **self.scheme.events[kind].columns}
            cells = {name: read_cell(declared, row.get(name)) for name, declared in columns.items()}
            cells["count"] = Fraction(1) if isinstance(cells["count"], Gap) else cells["count"]
            subject = str(row["subject"]).strip()
            owner = self.one(PEOPLE, subject) or next((self.rows[unit][0] for unit in self.scheme.units if unit == subject), None)
            assert owner is not None, subject
            self._event(Row(f"event.{kind}", (kind, place), cells, {owner.frame: owner}), owner, row, kind)

    def _event(self, event: Row, owner: Row, row: Cells, kind: str) -> None:
        parts = {name: self._part_number(window, event, row, kind) for name, window in self.scheme.windows.items()}
        named = any(window.any_date and _named(window, row, kind) for window in self.scheme.windows.values())
        if not self._counts(kind, event) and not (named and self.scheme.events[kind].window == "period"):
            return
        for name, declared in self.scheme.events[kind].columns.items():
            if isinstance(declared.words, str) and f"{PEOPLE}/{declared.words}" in self.rows and isinstance(event.cells[name], str):
                parts[declared.words] = list(self.scheme.words[declared.words].names).index(str(event.cells[name]))
        for window, part in parts.items():
            if part >= 0:
                event.parents[f"{owner.frame}/{window}"] = self.part_of(owner, window, part)
        self.rows.setdefault(event.frame, []).append(event)
        once = self.scheme.events[kind].one_per
        if once is not None and f"{owner.frame}/{once}" in event.parents:
            week = event.parents[f"{owner.frame}/{once}"]
            week.cells |= {f"{kind}.{name}": event.cells[name] for name in self.scheme.events[kind].columns}

    def _part_number(self, window: Window, event: Row, row: Cells, kind: str) -> int:
        if _named(window, row, kind):
            return int(str(row[str(window.column)])) - 1
        day = event.cells["at"]
        assert isinstance(day, date)
        return sum(1 for start in window.starts_on_days if start <= day.day) - 1

    def _counts(self, kind: str, event: Row) -> bool:
        window, day = self.scheme.events[kind].window, event.cells["at"]
        assert isinstance(day, date)
        return {"any date": True, "up to as_of": day <= self.as_of, "period": self.start <= day <= self.end}[window]

    def _ratings(self, rows: Iterable[Cells]) -> None:
        for place, row in enumerate(rows):
            cells = {name: read_cell(declared, row.get(name)) for name, declared in RATING.items()}
            person = self.one(PEOPLE, str(row["subject"]).strip())
            assert person is not None
            item = str(row["item"]).strip()
            self.rows.setdefault(f"rating.{item}", []).append(Row(f"rating.{item}", (item, place), cells, {PEOPLE: person}))

    def _history(self, rows: Iterable[Cells]) -> None:
        for place, row in enumerate(rows):
            end = _day(row.get("period_end"), self.start)
            if end >= self.start:
                continue
            for frame in (PEOPLE, *self.scheme.units):
                owner = self.one(frame, str(row["subject"]).strip())
                if owner is not None:
                    self._past(owner, None if frame == PEOPLE else frame, row, place, end)

    def _past(self, owner: Row, unit: str | None, row: Cells, place: int, end: date) -> None:
        declared = {**PAST, **{name: kind for name, kind in self.scheme.history.items() if kind.of == unit}}
        cells = {name: read_cell(kind, row.get(name), Gap.NONE) for name, kind in declared.items()}
        back = (self.end.year - end.year) * 12 + self.end.month - end.month
        cells |= {"period_end": end, "month": end.isoformat()[:7], "months_back": Fraction(back)}
        frame = HISTORY if unit is None else f"{HISTORY}.{unit}"
        self.rows.setdefault(frame, []).append(Row(frame, (frame, place), cells, {owner.frame: owner}))


def _named(window: Window, row: Cells, kind: str) -> bool:
    """Whether a record says itself to which part it belongs."""
    return window.column is not None and (not window.of or kind in window.of) and not is_blank(row.get(window.column))


def _day(cell: object, otherwise: date) -> date:
    found = otherwise if is_blank(cell) else parse_date(cell)
    assert isinstance(found, date)
    return found


def _choice(scheme: Scheme, key: str, chosen: Any) -> Any:
    """A choice of the company: one value, or one for each part."""
    entry = scheme.config[key]
    if entry.for_ is not None or entry.parts is not None:
        parts = list(entry.parts or scheme.items)
        chosen = chosen or entry.defaults or {}
        return {part: parse_number(entry.default if is_blank(chosen.get(part)) else chosen[part]) for part in parts}
    return read_cell(entry, chosen, Gap.NONE)
