"""Dated records: the rows of each event type read, checked, and put into a frame of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from kaohe.checking.cells import Cells, read_cells, unknown_word
from kaohe.checking.inspection import Found, Inspection, condition_of, earlier_of, padded, rows_of, words_of
from kaohe.checking.orders import Diary
from kaohe.columns import AnyColumn, Array, Column, Links, Words
from kaohe.compiling.outline import EVENT_COLUMNS, event_frame, window_frame
from kaohe.evaluating import Evaluator
from kaohe.fact_problems import CROSSED, FactDuplicate, FactMissing, FactNotAllowed, FactUnknown
from kaohe.facts import Facts, Frame, Table
from kaohe.numbers import day_number
from kaohe.packed import Cells as RawCells
from kaohe.packed import pick
from kaohe.plan import PEOPLE
from kaohe.problems import Problem
from kaohe.scheme import Declared, EventType, Window


@dataclass
class Events:
    """The check of all records; leaves a frame for each event type behind."""

    work: Inspection
    draft: Facts
    table: Table
    found: list[Found] = field(default_factory=list)
    diary: Diary = field(default_factory=Diary)

    def build(self) -> None:
        """Sort the rows by their type, then look at each type's."""
        events = self.work.scheme.events
        kinds = words_of(self.table.cells("type"))
        kind_of = rows_of(kinds, {kind: place for place, kind in enumerate(events)})
        for row in np.flatnonzero(kind_of < 0).tolist():
            self._no_such_type(row, kinds[row], events)
        subjects = words_of(self.table.cells("subject"))
        for place, kind in enumerate(events):
            EventRows(self, kind, np.flatnonzero(kind_of == place), subjects).build()
        self.found += self.diary.out_of_order(events, self.table)
        self.work.tell(self.found)

    def _no_such_type(self, row: int, kind: str | None, events: Iterable[str]) -> None:
        place = self.table.at(row, "type")
        if kind is None:
            self.found.append((row, FactMissing(place, ["type"], what="events", column="type")))
            return
        fault, words = unknown_word(kind, list(events))
        self.found.append((row, fault(place, [kind, "type"], what="events", column="type", **words)))


COUNT = EVENT_COLUMNS["count"].model_copy(update={"default": "1"})


@dataclass
class EventRows:
    """The rows of one event type."""

    events: Events
    kind: str
    rows: Array
    all_subjects: Words
    parents: dict[str, Array] = field(default_factory=dict)
    named: Array | None = None

    @property
    def event(self) -> EventType:
        """The declaration of this type."""
        return self.events.work.scheme.events[self.kind]

    def build(self) -> None:
        """Read every column, look at every row, keep those that the period counts."""
        work = self.events.work
        self.ids = Words(self.all_subjects.codes[self.rows], self.all_subjects.vocabulary)
        self._subjects()
        columns: dict[str, AnyColumn] = {}
        blanks: dict[str, Array] = {}
        for name, declaration in {**EVENT_COLUMNS, **self.event.columns}.items():
            cells = self._read(name, declaration)
            columns[name], blanks[name] = cells.column, cells.blank
        links = {PEOPLE: Links(self.parents[PEOPLE], len(work.subjects))}
        links |= {unit: Links(self._in_unit(unit), len(work.units[unit])) for unit in work.units}
        self.frame = Frame(self.rows.size, columns, links, self.events.table, self.rows)
        work.frames[event_frame(self.kind)] = self.frame
        self._conditions(blanks)
        self._remember()
        self._weeks()
        self._unfed()
        self._keep()

    def _cells(self, name: str) -> RawCells:
        return pick(self.events.table.cells(name), self.rows)

    # --- telling ------------------------------------------------------------------------------

    def names(self, place: int, *first: str) -> list[str]:
        """Every name under which a problem of this row may be looked for."""
        own = self.events.table.row(int(self.rows[place]))
        words = [str(own[name]).strip() for name, declared in self.event.columns.items() if declared.kind == "words" and name in own]
        items = self.events.work.plan.feeds.get(event_frame(self.kind), [])
        return [*first, self.kind, *words, *items, self.ids[place] or ""]

    def tell(self, place: int, kind: type[Problem], column: str, names: list[str], **words: object) -> None:
        """Keep a problem of one row."""
        row, id = int(self.rows[place]), self.ids[place]
        what = f"{self.kind} ({id})" if id else self.kind
        self.events.found.append((row, kind(self.events.table.at(row, column), names, what=what, column=column, **words)))

    # --- reading ------------------------------------------------------------------------------

    def _subjects(self) -> None:
        work = self.events.work
        if not self.rows.size:
            self.parents = dict.fromkeys((PEOPLE, *work.units), self.rows)
            return
        self.parents = {PEOPLE: rows_of(self.ids, work.row_of)}
        for unit, members in work.units.items():
            places = {id: row for row, id in enumerate(members)} if work.scheme.units[unit].by is None else {}
            self.parents[unit] = rows_of(self.ids, places)
        known = np.zeros(self.rows.size, dtype=bool)
        for parent in self.parents.values():
            known |= parent >= 0
        for place in np.flatnonzero(~known).tolist():
            id = self.ids[place]
            if id is None:
                self.tell(place, FactMissing, "subject", self.names(place, "subject"))
                continue
            _, words = unknown_word(id, work.subjects)
            self.tell(place, FactUnknown, "subject", self.names(place, id, "subject"), **words)

    def _in_unit(self, unit: str) -> Array:
        """The unit that each record belongs to: the one that it names, else that of the person named."""
        own, people = self.parents[unit], self.parents[PEOPLE]
        if not people.size:
            return own
        through = np.append(self.events.work.frames[PEOPLE].links[unit].parent, -1)[people]
        return np.where(own >= 0, own, through)

    def _read(self, name: str, declared: Declared) -> Cells:
        once = name == "count"
        raw = self._cells(name)
        cells = read_cells(raw, COUNT if once else declared, self.events.work.vocabulary(declared))
        for place, kind, words in cells.faults:
            self.tell(place, kind, name, self.names(place, name, str(raw[place])), **words)
        if not once:
            self._presence(name, declared, cells)
        return cells

    def _presence(self, name: str, declared: Declared, cells: Cells) -> None:
        """Columns that a row cannot do without, and columns that it may not have."""
        if declared.refused:
            for place in np.flatnonzero(~cells.blank).tolist():
                self.tell(place, FactNotAllowed, name, self.names(place, name), found=name, why_zh="", why_en="")
        elif not declared.optional and declared.default is None and declared.needed is None:
            for place in np.flatnonzero(cells.blank).tolist():
                self.tell(place, FactMissing, name, self.names(place, name))

    def _conditions(self, blanks: dict[str, Array]) -> None:
        """Columns needed only under a condition, and what rows must meet."""
        if not self.rows.size:
            return
        plan, frame = self.events.work.plan, event_frame(self.kind)
        evaluator = Evaluator(plan, self.events.draft)
        for name, tree in plan.outputs["needed"].get(self.kind, {}).items():
            needed = np.broadcast_to(evaluator.truth(tree, frame).yes, (self.rows.size,))
            for place in np.flatnonzero(needed & blanks[name]).tolist():
                self.tell(place, FactMissing, name, self.names(place, name))
        for must in plan.musts:
            if must["frame"] == frame:
                broken = np.broadcast_to(evaluator.truth(must["tree"], frame).no, (self.rows.size,))
                for place in np.flatnonzero(broken).tolist():
                    self.tell(place, CROSSED[must["reason"]], must["about"][0], self.names(place, *must["about"]), **condition_of(must))

    def _remember(self) -> None:
        """Write the rows into the diary where an order of steps looks at this type."""
        at, events = self.frame.columns["at"], self.events.work.scheme.events
        if not self.event.after and not any(self.kind in other.after for other in events.values()):
            return
        for place, row in enumerate(self.rows.tolist()):
            day, id = at[place], self.ids[place]
            if id and isinstance(day, Fraction):
                self.events.diary.write(self.kind, id, int(day), row)

    # --- windows ------------------------------------------------------------------------------

    def _weeks(self) -> None:
        """Link rows to their week, and let a once-a-week row's columns be columns of that week."""
        work = self.events.work
        for window, settings in work.scheme.windows.items():
            part = self._part_of(settings)
            self._link_parts(window, part, len(settings.starts_on_days))
            if self.event.one_per == window:
                self._once_a_part(window, part)
        for name, declared in self.event.columns.items():
            words = self.frame.columns[name]
            if isinstance(declared.words, str) and f"{PEOPLE}/{declared.words}" in work.frames and isinstance(words, Words):
                self._link_parts(declared.words, words.codes, len(work.scheme.words[declared.words].names))

    def _part_of(self, window: Window) -> Array:
        """The part of each row: by its own column where it has one, else by the day of its date."""
        starts = window.starts_on_days
        column = window.column if not window.of or self.kind in window.of else None
        days = self._days().astype("datetime64[D]")
        day_of_month = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
        part = np.searchsorted(np.array(starts), day_of_month, side="right") - 1
        if column is None:
            return np.asarray(part)
        own = read_cells(self._cells(column), Declared(kind="number", whole=True, low=Fraction(1), high=Fraction(len(starts))), None)
        for place, kind, words in own.faults:
            self.tell(place, kind, column, self.names(place, column), **words)
        assert isinstance(own.column, Column)
        nameless = own.blank | (own.column.n.v == 0)
        self.named = ~nameless if window.any_date else None
        return np.asarray(np.where(nameless, part, own.column.n.v - 1))

    def _days(self) -> Array:
        at = self.frame.columns["at"]
        assert isinstance(at, Column)
        return at.n.v

    def _link_parts(self, window: str, part: Array, count: int) -> None:
        for base, parent in self.parents.items():
            frame = window_frame(base, window)
            inside = (parent >= 0) & (part >= 0) & (part < count)
            self.frame.links[frame] = Links(np.where(inside, parent * count + part, -1), self.events.work.frames[frame].size)

    def _once_a_part(self, window: str, part: Array) -> None:
        counted = self._counted()
        for base in self.parents:
            frame = window_frame(base, window)
            links = self.frame.links[frame]
            rows = np.flatnonzero((links.parent >= 0) & counted)
            first = earlier_of(links.parent[rows])
            place = np.full(links.size, -1, dtype=np.int64)
            place[links.parent[rows[first < 0]]] = rows[first < 0]
            for again in np.flatnonzero(first >= 0).tolist():
                row = int(rows[again])
                told = self.events.table.at(int(self.rows[rows[first[again]]])).tell("en")
                self.tell(row, FactDuplicate, window, self.names(row, window), found=f"{window} {int(part[row]) + 1}", first=told)
            for name in self.event.columns:
                self.events.work.frames[frame].columns[f"{self.kind}.{name}"] = padded(self.frame.columns[name], place)

    # --- which rows count ---------------------------------------------------------------------

    def _counted(self) -> Array:
        days, draft = self._days(), self.events.draft
        if self.event.window == "any date":
            return np.ones(self.rows.size, dtype=bool)
        if self.event.window == "up to as_of":
            return np.asarray(days <= day_number(draft.as_of))
        inside = (days >= day_number(draft.start)) & (days <= day_number(draft.end))
        return np.asarray(inside if self.named is None else inside | self.named)

    def _unfed(self) -> None:
        """Rows that no item of the person's form takes, where the scheme refuses these."""
        if self.event.unfed != "refused" or not self.rows.size:
            return
        plan, people = self.events.work.plan, self.parents[PEOPLE]
        evaluator = Evaluator(plan, self.events.draft)
        forms = self.events.work.forms(self.events.draft)
        form_of = np.append(forms.codes, -1)[people]
        fed = np.zeros(self.rows.size, dtype=bool)
        for item, condition in plan.outputs["takers"].get(self.kind, []):
            holds = np.ones(self.rows.size, dtype=bool) if condition is None else evaluator.truth(condition, event_frame(self.kind)).yes
            having = np.array([*(not form or item in plan.forms[form]["items"] for form in forms.vocabulary), True], dtype=bool)
            fed |= holds & having[form_of]
        unsound = {row for row, problem in self.events.found if problem.reason in ("unknown", "missing")}
        for place in np.flatnonzero(~fed & (form_of >= 0)).tolist():
            if int(self.rows[place]) not in unsound:
                more = {"found": self.kind, "why_zh": "（考核表里没有对应的项）", "why_en": " (no item of the form takes it)"}
                self.tell(place, FactNotAllowed, "item", self.names(place), **more)

    def _keep(self) -> None:
        """The frame with only the rows that count, in order of their subject."""
        if not self.rows.size:
            return
        rows = np.flatnonzero(self._counted())
        order = rows[np.argsort(self.parents[PEOPLE][rows], kind="stable")]
        self.events.work.frames[event_frame(self.kind)] = self.frame.take(order)
