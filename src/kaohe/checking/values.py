"""Figures of the period by subject: which row is whose, what each cell says, and the frames of units and weeks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from kaohe.checking.cells import Cells, read_cells, unknown_word
from kaohe.checking.choices import only_of_choices
from kaohe.checking.inspection import Found, Inspection, condition_of, earlier_of, not_allowed, padded, placed, rows_of, words_of
from kaohe.columns import AnyColumn, Array, Column, Links, Truth, Words
from kaohe.compiling.outline import window_frame
from kaohe.evaluating import Evaluator
from kaohe.fact_problems import CROSSED, FactDuplicate, FactMissing
from kaohe.facts import EMPTY, Facts, Frame, Home, Table, is_blank
from kaohe.packed import Coded
from kaohe.plan import PART_WORD, PEOPLE
from kaohe.problems import Problem
from kaohe.scheme import Declared


@dataclass
class Sheet:
    """One table of values: whose each row is, and for each frame the row of each of its members."""

    table: Table
    ids: Words
    homes: dict[str, Array] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)


@dataclass
class Values:
    """The check of the values; several tables may each give some of a subject's figures."""

    work: Inspection
    chosen: Facts
    sheets: list[Sheet] = field(init=False)

    def __post_init__(self) -> None:
        tables = self.work.tables("values") or [EMPTY]
        self.sheets = [Sheet(table, words_of(table.cells("subject"))) for table in tables]

    def build(self) -> None:
        """Frames of units, the columns of values, and what contradicts what."""
        ids = [word for sheet in self.sheets for word in sheet.ids.vocabulary]
        if self.work.scheme.subjects == "units":
            self._units_as_subjects(ids)
        self._unit_frames(ids)
        for sheet in self.sheets:
            self._homes(sheet)
        for base in self.work.outline.subject_frames:
            for name, fact in self.work.outline.values(base).items():
                self.work.frames[base].columns[fact.column] = self._value(base, name, fact.declared)
        self._musts()
        for sheet in self.sheets:
            if self.work.scheme.other_values == "refused":
                self._other_values(sheet)
            self.work.tell(sheet.found)
        self._window_frames()

    def _units_as_subjects(self, ids: list[str]) -> None:
        """Where units are appraised, every id under values or in a record is a subject."""
        work = self.work
        tables = [*work.tables("events"), *work.tables("ratings")]
        named = {**dict.fromkeys(ids), **dict.fromkeys(word for table in tables for word in words_of(table.cells("subject")).vocabulary)}
        new = [id for id in named if id not in work.row_of]
        size = len(work.subjects)
        work.row_of |= {id: size + place for place, id in enumerate(new)}
        frame = work.frames[PEOPLE]
        assessed = frame.columns["assessed"]
        own = [bool(assessed[row]) or work.subjects[row] in named for row in range(size)]
        work.subjects += new
        work.names += new
        rows = np.r_[np.arange(size), np.full(len(new), -1)].astype(np.int64)
        columns = {name: padded(column, rows) for name, column in frame.columns.items()}
        columns |= {"assessed": Truth(np.array(own + [True] * len(new), dtype=bool))}
        columns |= {"person.id": Words.of(work.subjects), "person.name": Words.of(work.names)}
        homes = {name: tuple(replace(home, rows=rows) for home in found) for name, found in frame.homes.items()}
        work.frames[PEOPLE] = Frame(size + len(new), columns, {}, frame.table, rows, homes)

    def _unit_frames(self, ids: Iterable[str]) -> None:
        """A frame for each kind of unit, and each person's link to it."""
        work = self.work
        people = work.frames[PEOPLE]
        singles = [name for name, unit in work.scheme.units.items() if unit.by is None]
        strangers = [id for id in dict.fromkeys(ids) if id not in work.row_of and id not in singles]
        for name, unit in work.scheme.units.items():
            if unit.by is None:
                work.units[name] = [name]
                people.links[name] = Links(np.zeros(people.size, dtype=np.int64), 1)
            else:
                words = people.columns[f"person.{unit.by}"]
                assert isinstance(words, Words)
                members = list(dict.fromkeys([*words.vocabulary, *strangers]))
                work.units[name] = members
                people.links[name] = Links(np.asarray(words.codes), len(members))
            work.frames[name] = Frame(len(work.units[name]), {})
        for name in singles:
            for other in work.scheme.units:
                if other != name:
                    work.frames[other].links[name] = Links(np.zeros(work.frames[other].size, dtype=np.int64), 1)

    def _homes(self, sheet: Sheet) -> None:
        """For each frame of subjects the sheet's row of each of its rows, -1 where there is none."""
        twice = np.zeros(sheet.table.size, dtype=bool)
        earlier = np.where(sheet.ids.codes < 0, -1, earlier_of(sheet.ids.codes))
        for base in self.work.outline.subject_frames:
            rows = rows_of(sheet.ids, self._places(base))
            home = np.full(self.work.frames[base].size, -1, dtype=np.int64)
            mine = np.flatnonzero(rows >= 0)[::-1]
            home[rows[mine]] = mine
            sheet.homes[base] = home
            twice |= (rows >= 0) & (earlier >= 0)
        for row in np.flatnonzero(sheet.ids.codes < 0).tolist():
            sheet.found.append((row, FactMissing(sheet.table.at(row, "subject"), ["subject"], what="values", column="subject")))
        keys = [name for name in sheet.table.columns if name != "subject"]
        for row in np.flatnonzero(twice).tolist():
            id = str(sheet.ids[row])
            more = {"what": "values", "found": id, "first": sheet.table.at(int(earlier[row])).tell("en")}
            names = [id, "subject", *(keys if len(keys) == 1 else [])]
            sheet.found.append((row, FactDuplicate(sheet.table.at(row, "subject"), names, **more)))

    def _places(self, base: str) -> dict[str, int]:
        """The row of each id of a frame; a unit that bears a person's id is not meant by it."""
        if base == PEOPLE:
            return self.work.row_of
        return {id: row for row, id in enumerate(self.work.units[base]) if id not in self.work.row_of}

    # --- one value ----------------------------------------------------------------------------

    def _value(self, base: str, name: str, declared: Declared) -> AnyColumn:
        """The column of one value, from whichever sheets give it."""
        giving = [sheet for sheet in self.sheets if name in sheet.table.columns] or self.sheets[:1]
        self.work.frames[base].homes[f"value.{name}"] = tuple(Home(sheet.table, name, sheet.homes[base]) for sheet in giving)
        columns, known = [], np.full(self.work.frames[base].size, -1, dtype=np.int64)
        for place, sheet in enumerate(giving):
            cells = read_cells(sheet.table.cells(name), declared, self.work.vocabulary(declared))
            self._faults(base, name, cells, sheet, declared)
            columns.append(placed(cells, sheet.homes[base], declared))
            if len(giving) > 1:
                self._given_before(base, name, giving, place, known, cells)
        if len(columns) == 1:
            return columns[0]
        return self._first_given(base, name, declared, giving, known)

    def _faults(self, base: str, name: str, cells: Cells, sheet: Sheet, declared: Declared) -> None:
        if not cells.faults:
            return
        whose = {int(row): place for place, row in enumerate(sheet.homes[base].tolist()) if row >= 0}
        for row, kind, words in cells.faults:
            if row in whose and self._applies(base, whose[row], declared):
                id = self.work.id_of(base, whose[row])
                names = [name, *self._items_fed(base, name), id]
                sheet.found.append((row, kind(sheet.table.at(row, name), names, what=id, column=name, **words)))

    def _other_values(self, sheet: Sheet) -> None:
        """Figures of assessed people that the scheme does not declare, where it refuses these; an item that is no value is not allowed."""
        known = [name.rpartition(".")[2] for name in self.work.scheme.values]
        for column in [column for column in sheet.table.columns if column != "subject" and column not in known]:
            cells = sheet.table.cells(column)
            for row, source in enumerate(sheet.homes[PEOPLE].tolist()):
                if source >= 0 and not is_blank(cells[source]) and self.work.frames[PEOPLE].columns["assessed"][row]:
                    sheet.found.append((source, self._other_value(sheet.table, source, column, self.work.subjects[row], known)))

    def _other_value(self, table: Table, source: int, column: str, id: str, known: list[str]) -> Problem:
        if column in self.work.scheme.items:
            return not_allowed(
                table, source, column, column, [column, id], "（该指标不作为数值填报）", " (this item is not handed in as a value)"
            )
        kind, words = unknown_word(column, known)
        return kind(table.at(source, column), [column, id], what=id, column=column, **words)

    def _given_before(self, base: str, name: str, giving: list[Sheet], place: int, known: Array, cells: Cells) -> None:
        """Note which sheet gives whose figure; a figure that an earlier sheet gave is told with both places."""
        home = giving[place].homes[base]
        given = home >= 0
        given[given] &= ~cells.blank[home[given]]
        for row in np.flatnonzero(given & (known >= 0)).tolist():
            first, source = giving[int(known[row])], int(home[row])
            id = self.work.id_of(base, row)
            more = {"what": id, "found": name, "first": first.table.at(int(first.homes[base][row]), name).tell("en")}
            names = [name, id, *self._items_fed(base, name)]
            giving[place].found.append((source, FactDuplicate(giving[place].table.at(source, name), names, **more)))
        known[given & (known < 0)] = place

    def _first_given(self, base: str, name: str, declared: Declared, giving: list[Sheet], known: Array) -> AnyColumn:
        """The figures of several sheets as one column: of each subject the one that is written."""
        lookup: dict[int, Callable[[int], object]] = {place: _reader(sheet, base, name) for place, sheet in enumerate(giving)}
        cells = [lookup[place](row) if place >= 0 else None for row, place in enumerate(known.tolist())]
        return read_cells(cells, declared, self.work.vocabulary(declared)).column

    def _applies(self, base: str, row: int, declared: Declared) -> bool:
        """Whether a value counts for this subject: of the roles named, or of whoever is assessed."""
        if base != PEOPLE:
            return True
        people = self.work.frames[PEOPLE].columns
        if declared.for_roles is not None:
            return people["person.role"][row] in declared.for_roles
        return bool(people["assessed"][row])

    def _items_fed(self, base: str, name: str) -> list[str]:
        return self.work.plan.feeds.get(f"value.{name}" if base == PEOPLE else f"{base}.value.{name}", [])

    def _musts(self) -> None:
        """Figures that contradict one another; a condition that cannot be decided, or about figures of other roles, is left alone."""
        musts = [must for must in self.work.plan.musts if must["frame"] == PEOPLE and not only_of_choices(must["tree"])]
        chosen = self.chosen
        evaluator = Evaluator(self.work.plan, self.work.draft(chosen.start, chosen.end, chosen.as_of, chosen.config))
        for must in musts:
            truth = evaluator.truth(must["tree"], PEOPLE)
            broken = np.broadcast_to(truth.no, (len(self.work.subjects),))
            declared = [self.work.scheme.values[name] for name in must["about"] if name in self.work.scheme.values]
            mine = [row for row in np.flatnonzero(broken).tolist() if all(self._applies(PEOPLE, row, value) for value in declared)]
            for row in mine:
                self._must_broken(must, row)

    def _must_broken(self, must: dict[str, Any], row: int) -> None:
        about: list[str] = must["about"]
        sheet = next((sheet for sheet in self.sheets if sheet.homes[PEOPLE][row] >= 0 and about[0] in sheet.table.columns), self.sheets[0])
        subject, source = self.work.subjects[row], int(sheet.homes[PEOPLE][row])
        fed = [item for name in about for item in self._items_fed(PEOPLE, name)]
        names = [*about, *fed, subject]
        place = sheet.table.at(source, about[0]) if source >= 0 else sheet.table.place
        sheet.found.append((source, CROSSED[must["reason"]](place, names, what=subject, column=about[0], **condition_of(must))))

    # --- weeks --------------------------------------------------------------------------------

    def _window_frames(self) -> None:
        """The weeks (or other parts) of each person and unit, all of them, whether or not something happened."""
        work = self.work
        for window, count in self._parts().items():
            for base in work.outline.subject_frames:
                parent = work.frames[base]
                rows = np.repeat(np.arange(parent.size), count)
                part = Column.whole(np.tile(np.arange(count), parent.size))
                links = {base: Links(rows, parent.size)}
                for unit in work.scheme.units if base == PEOPLE else ():
                    owner = parent.links[unit].parent[rows]
                    place = np.where(owner < 0, -1, owner * count + np.tile(np.arange(count), parent.size))
                    links[window_frame(unit, window)] = Links(place, work.frames[unit].size * count)
                columns: dict[str, AnyColumn] = {"part": part}
                if window in work.scheme.words:
                    columns[PART_WORD] = Words(np.tile(np.arange(count), parent.size), tuple(work.scheme.words[window].names))
                work.frames[window_frame(base, window)] = Frame(rows.size, columns, links)

    def _parts(self) -> dict[str, int]:
        """How many parts each window and each list of words used as one has."""
        scheme = self.work.scheme
        found = {name: len(window.starts_on_days) for name, window in scheme.windows.items()}
        lists = {body.per for body in (*scheme.figures.values(), *scheme.items.values()) if body.per in scheme.words}
        return found | {name: len(scheme.words[name].names) for name in sorted(str(name) for name in lists)}


def _reader(sheet: Sheet, base: str, name: str) -> Callable[[int], object]:
    """What a sheet holds for a row of a frame."""
    cells, home = sheet.table.cells(name), sheet.homes[base].tolist()
    if isinstance(cells, Coded):
        codes, different = cells.codes.tolist(), cells.different
        return lambda row: different[codes[home[row]]] if codes[home[row]] >= 0 else None
    return lambda row: cells[home[row]]
