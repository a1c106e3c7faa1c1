"""Checks raw tables against a plan and builds the frames that scoring looks at.

All problems are found in one go and told in the order configuration, period, people, values,
ratings, events, history, and within a table in the order of its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from kaohe.checking.cells import Cells, read_cells, unknown_word
from kaohe.checking.choices import Choices
from kaohe.checking.orders import Diary
from kaohe.columns import NONE, AnyColumn, Array, Column, Ints, Links, Truth, Words
from kaohe.compiling.outline import EVENT_COLUMNS, HISTORY_COLUMNS, Outline, event_frame, history_frame, rating_frame, window_frame
from kaohe.evaluating import Evaluator
from kaohe.fact_problems import CROSSED, FactDuplicate, FactMissing, FactNotAllowed, FactUnknown
from kaohe.facts import EMPTY, Facts, Frame, Measured, RawFacts, Table, is_blank
from kaohe.numbers import day_number, day_of
from kaohe.plan import PEOPLE, Plan
from kaohe.problems import Problem, Problems
from kaohe.rules.rating import anchored
from kaohe.scheme import Declared, EventType, Rating, Scheme, Window
from kaohe.texts import listed

Found = tuple[int, Problem]


def check_facts(plan: Plan, raw: RawFacts) -> Facts:
    """The checked facts; `Problems` with everything that is wrong otherwise."""
    return Checker(plan, raw).facts()


@dataclass(frozen=True)
class RatedItem:
    """A rating as one form (or every form) reads it."""

    item: str
    rating: Rating
    points: Fraction | None


class Checker:
    """One check of one set of raw facts."""

    def __init__(self, plan: Plan, raw: RawFacts) -> None:
        self.plan = plan
        self.scheme: Scheme = plan.scheme
        self.outline = Outline(plan.scheme)
        self.raw = raw
        self.problems: list[Problem] = []
        self.frames: dict[str, Frame] = {}
        self.units: dict[str, list[str]] = {}
        self.measured: dict[tuple[str, str], Measured] = {}
        self.diary = Diary()

    def facts(self) -> Facts:
        """All frames; raises `Problems` once everything has been looked at."""
        choices = Choices(self.plan, self.raw)
        config = choices.config()
        start, end = choices.period()
        self.problems += choices.problems
        self._people()
        self._values()
        draft = self._draft(start, end, end, config)
        as_of = choices.as_of(self._default_as_of(draft, end))
        draft = replace(draft, as_of=as_of)
        self._ratings(draft)
        self._events(draft)
        self._history(draft)
        if self.problems:
            raise Problems(self.problems)
        return draft

    def _draft(self, start: date, end: date, as_of: date, config: dict[str, Any]) -> Facts:
        return Facts(start, end, as_of, config, self.subjects, self.names, self.units, self.frames, self.measured)

    def _default_as_of(self, draft: Facts, end: date) -> date:
        """The day that the scheme gives for `as_of`; the period's end unless it says otherwise."""
        text = self.scheme.as_of
        if text == "end" or draft.end.year == 9999:
            return end
        days = str(text).partition("+")[2].strip()
        chosen = draft.config.get(days.removeprefix("config.")) if days.startswith("config.") else days
        return end if chosen is None else day_of(day_number(end) + int(Fraction(str(chosen))))

    def tables(self, kind: str) -> list[Table]:
        """The raw tables of a kind."""
        return [table for table in self.raw.tables.get(kind, ()) if table.size]

    def tell(self, table: Table, found: Iterable[Found]) -> None:
        """Keep the problems of one table in the order of its rows."""
        self.problems += [problem for _, problem in sorted(found, key=lambda pair: pair[0])]

    # --- people -------------------------------------------------------------------------------

    def _people(self) -> None:
        table = self._one(self.tables("people"))
        found: list[Found] = []
        self._identities(table, found)
        roles = table.cells("role")
        assessed = self._assessed(table, roles, found)
        columns: dict[str, AnyColumn] = {"assessed": Truth(assessed), "person.id": Words.of(self.subjects), "person.name": Words.of(self.names)}
        columns["person.role"] = Words.of([None if is_blank(role) else str(role).strip() for role in roles])
        for name, declared in self.scheme.people.items():
            mine = self._whose(declared, roles) & (assessed | (declared.for_roles is not None))
            cells = self._column(table, name, declared, found, mine)
            columns[f"person.{name}"] = cells.column
        self.tell(table, found)
        self.frames[PEOPLE] = Frame(table.size, columns, {}, table)

    def _identities(self, table: Table, found: list[Found]) -> None:
        ids = table.cells("id")
        self.subjects = [f"#{row + 1}" if is_blank(cell) else str(cell).strip() for row, cell in enumerate(ids)]
        names = table.cells("name")
        self.names = [subject if is_blank(name) else str(name) for subject, name in zip(self.subjects, names, strict=True)]
        first: dict[str, int] = {}
        for row, subject in enumerate(self.subjects):
            if is_blank(ids[row]):
                found.append((row, FactMissing(table.at(row, "id"), ["id"], what="people", column="id")))
            elif subject in first:
                more = {"what": "people", "found": subject, "first": table.at(first[subject]).tell("en")}
                found.append((row, FactDuplicate(table.at(row, "id"), [subject, "id"], **more)))
            first.setdefault(subject, row)
        self.row_of = first

    def _assessed(self, table: Table, roles: Sequence[object], found: list[Found]) -> Array:
        """Whose role is assessed; a role that the scheme refuses is a problem."""
        settings = self.scheme.roles
        if settings.assessed == "all":
            return np.ones(table.size, dtype=bool)
        assessed = np.fromiter((not is_blank(role) and str(role).strip() in settings.assessed for role in roles), dtype=bool, count=table.size)
        known = [*settings.assessed, *settings.rate_only]
        for row, role in enumerate(roles):
            if assessed[row] or settings.others == "ignored" or (not is_blank(role) and str(role).strip() in known):
                continue
            subject = self.subjects[row]
            if is_blank(role):
                found.append((row, FactMissing(table.at(row, "role"), ["role", subject], what=subject, column="role")))
                continue
            kind, words = unknown_word(str(role).strip(), known)
            found.append((row, kind(table.at(row, "role"), [str(role).strip(), "role", subject], what=subject, column="role", **words)))
        return assessed

    @staticmethod
    def _whose(declared: Declared, roles: Sequence[object]) -> Array:
        """The rows to which a declaration applies: those of the roles it names, or all."""
        if declared.for_roles is None:
            return np.ones(len(roles), dtype=bool)
        return np.fromiter((not is_blank(role) and str(role).strip() in declared.for_roles for role in roles), dtype=bool, count=len(roles))

    def _column(self, table: Table, name: str, declared: Declared, found: list[Found], mine: Array) -> Cells:
        """One column of people, with what is wrong in the rows that it applies to."""
        cells = read_cells(table.cells(name), declared, self._vocabulary(declared))
        for row, kind, words in cells.faults:
            if mine[row]:
                subject = self.subjects[row]
                found.append((row, kind(table.at(row, name), [name, subject], what=subject, column=name, **words)))
        if not declared.optional and declared.default is None and declared.needed is None:
            for row in np.flatnonzero(cells.blank & mine):
                subject = self.subjects[row]
                found.append((int(row), FactMissing(table.at(int(row), name), [name, subject], what=subject, column=name)))
        return cells

    def _vocabulary(self, declared: Declared) -> tuple[str, ...] | None:
        if isinstance(declared.words, str):
            words = self.scheme.words.get(declared.words)
            return None if words is None else tuple(words.names)
        return declared.words

    @staticmethod
    def _one(tables: list[Table]) -> Table:
        """Several tables of one kind as one; rows keep the number that they have in their source."""
        if len(tables) <= 1:
            return tables[0] if tables else EMPTY
        names = list(dict.fromkeys(name for table in tables for name in table.columns))
        columns = {name: [cell for table in tables for cell in table.cells(name)] for name in names}
        numbers = [row + 1 if table.numbers is None else table.numbers[row] for table in tables for row in range(table.size)]
        return Table(columns, len(numbers), tables[0].place, numbers)

    # --- values -------------------------------------------------------------------------------

    def _values(self) -> None:
        tables = self.tables("values")
        table = self._one(tables)
        ids = [str(cell).strip() for cell in table.cells("subject")]
        if self.scheme.subjects == "units":
            self._units_as_subjects(ids)
        found: list[Found] = []
        self._unit_frames(ids)
        homes = self._homes(table, ids, found)
        for base in self.outline.subject_frames:
            self._values_of(base, table, homes[base], found)
        self.tell(table, found)
        self._window_frames()

    def _units_as_subjects(self, ids: list[str]) -> None:
        """Where units are appraised, every id under values or in a record is a subject."""
        records = [str(cell).strip() for table in self.tables("events") for cell in table.cells("subject") if not is_blank(cell)]
        records += [str(cell).strip() for table in self.tables("ratings") for cell in table.cells("subject") if not is_blank(cell)]
        new = [id for id in dict.fromkeys(ids + records) if id not in self.row_of]
        size = len(self.subjects)
        self.row_of |= {id: size + place for place, id in enumerate(new)}
        self.subjects += new
        self.names += new
        frame = self.frames[PEOPLE]
        rows = np.r_[np.arange(size), np.full(len(new), -1)].astype(np.int64)
        columns = {name: _padded(column, rows) for name, column in frame.columns.items()}
        named = {*ids, *records}
        assessed = frame.columns["assessed"]
        own = [bool(assessed[row]) or self.subjects[row] in named for row in range(size)]
        columns |= {"assessed": Truth(np.array(own + [True] * len(new), dtype=bool)), "person.id": Words.of(self.subjects), "person.name": Words.of(self.names)}
        self.frames[PEOPLE] = Frame(size + len(new), columns, {}, frame.table, rows)

    def _unit_frames(self, ids: list[str]) -> None:
        """A frame for each kind of unit, and each person's link to it."""
        people = self.frames[PEOPLE]
        singles = {name for name, unit in self.scheme.units.items() if unit.by is None}
        strangers = [id for id in dict.fromkeys(ids) if id not in self.row_of and id not in singles]
        for name, unit in self.scheme.units.items():
            if unit.by is None:
                self.units[name] = [name]
                people.links[name] = Links(np.zeros(people.size, dtype=np.int64), 1)
            else:
                words = people.columns[f"person.{unit.by}"]
                assert isinstance(words, Words)
                members = list(dict.fromkeys([*words.vocabulary, *strangers]))
                self.units[name] = members
                people.links[name] = Links(np.asarray(words.codes), len(members))
            self.frames[name] = Frame(len(self.units[name]), {})
        for name in singles:
            for other in self.scheme.units if name in self.scheme.units else ():
                if other != name:
                    self.frames[other].links[name] = Links(np.zeros(self.frames[other].size, dtype=np.int64), 1)

    def _homes(self, table: Table, ids: list[str], found: list[Found]) -> dict[str, Array]:
        """For each frame of subjects the table's row of each of its rows, -1 where there is none."""
        homes = {base: np.full(self.frames[base].size, -1, dtype=np.int64) for base in self.outline.subject_frames}
        places: dict[str, list[tuple[str, int]]] = {}
        for id, row in self.row_of.items():
            places.setdefault(id, []).append((PEOPLE, row))
        for unit, members in self.units.items():
            for row, id in enumerate(members):
                if id not in self.row_of:
                    places.setdefault(id, []).append((unit, row))
        for source, id in enumerate(ids):
            for base, row in places.get(id, []):
                if homes[base][row] >= 0:
                    more = {"what": "values", "found": id, "first": table.at(int(homes[base][row])).tell("en")}
                    found.append((source, FactDuplicate(table.at(source, "subject"), [id, "subject"], **more)))
                homes[base][row] = source
        return homes

    def _values_of(self, base: str, table: Table, home: Array, found: list[Found]) -> None:
        for name, fact in self.outline.values(base).items():
            cells = read_cells(table.cells(name), fact.declared, self._vocabulary(fact.declared))
            column = _placed(cells, home, fact.declared)
            self._value_faults(base, name, cells, table, home, fact.declared, found)
            self.frames[base].columns[fact.column] = column
        self._value_musts(base, table, home, found)

    def _value_faults(
        self, base: str, name: str, cells: Cells, table: Table, home: Array, declared: Declared, found: list[Found]
    ) -> None:
        whose = {int(row): place for place, row in enumerate(home) if row >= 0}
        for row, kind, words in cells.faults:
            if row in whose and self._applies(base, whose[row], declared):
                names = [name, *self._items_fed(base, name, whose[row]), self._id_of(base, whose[row])]
                found.append((row, kind(table.at(row, name), names, what=self._id_of(base, whose[row]), column=name, **words)))

    def _applies(self, base: str, row: int, declared: Declared) -> bool:
        """Whether a value counts for this subject: of the roles named, or of whoever is assessed."""
        if base != PEOPLE:
            return True
        people = self.frames[PEOPLE].columns
        role, assessed = people["person.role"], people["assessed"]
        if declared.for_roles is not None:
            return role[row] in declared.for_roles
        return bool(assessed[row])

    def _id_of(self, base: str, row: int) -> str:
        return self.subjects[row] if base == PEOPLE else self.units[base][row]

    def _items_fed(self, base: str, name: str, row: int) -> list[str]:
        key = f"value.{name}" if base == PEOPLE else f"{base}.value.{name}"
        return self.plan.feeds.get(key, [])

    def _value_musts(self, base: str, table: Table, home: Array, found: list[Found]) -> None:
        """Figures that contradict one another; a condition that cannot be decided is left alone."""
        if base != PEOPLE:
            return
        evaluator = Evaluator(self.plan, self._draft(date(1, 1, 1), date(9999, 1, 1), date(9999, 1, 1), {}))
        for must in self.plan.musts:
            if must["frame"] != PEOPLE:
                continue
            truth = evaluator.truth(must["tree"], PEOPLE)
            for row in np.flatnonzero(np.broadcast_to(truth.no, home.shape)):
                fed = [item for name in must["about"] for item in self._items_fed(PEOPLE, name, int(row))]
                more = {"what": self.subjects[row], "column": must["about"][0], "condition": must["text"]}
                place = table.at(int(home[row]), must["about"][0]) if home[row] >= 0 else table.place
                found.append((int(home[row]), CROSSED[must["reason"]](place, [*must["about"], *fed, self.subjects[row]], **more)))

    def _window_frames(self) -> None:
        """The weeks (or other parts) of each person and unit, all of them, whether or not something happened."""
        for window in self._parts():
            for base in self.outline.subject_frames:
                parent, count = self.frames[base], self._parts()[window]
                rows = np.repeat(np.arange(parent.size), count)
                part = Column.whole(np.tile(np.arange(count), parent.size))
                links = {base: Links(rows, parent.size)}
                for unit in self.scheme.units if base == PEOPLE else ():
                    owner = parent.links[unit].parent[rows]
                    place = np.where(owner < 0, -1, owner * count + np.tile(np.arange(count), parent.size))
                    links[window_frame(unit, window)] = Links(place, self.frames[unit].size * count)
                self.frames[window_frame(base, window)] = Frame(rows.size, {"part": part}, links)

    def _parts(self) -> dict[str, int]:
        """How many parts each window and each list of words used as one has."""
        found = {name: len(window.starts_on_days) for name, window in self.scheme.windows.items()}
        bodies = [*self.scheme.figures.values(), *self.scheme.items.values()]
        lists = {body.per for body in bodies if body.per in self.scheme.words}
        return found | {name: len(self.scheme.words[name].names) for name in sorted(str(name) for name in lists)}

    # --- ratings ------------------------------------------------------------------------------

    def _ratings(self, draft: Facts) -> None:
        table = self._one(self.tables("ratings"))
        found: list[Found] = []
        rated = self._rated_items()
        forms = self._forms_of(draft)
        rows = RatingRows.of(table, self.row_of)
        kept: dict[str, list[int]] = {item: [] for item in rated}
        scores: dict[str, list[object]] = {item: [] for item in rated}
        seen: dict[tuple[object, ...], int] = {}
        for row in range(table.size):
            problems, item, score = self._rating_row(table, rows, row, rated, forms, seen)
            found += [(row, problem) for problem in problems]
            if item is not None and not problems:
                kept[item].append(row)
                scores[item].append(score)
        self.tell(table, found)
        for item in rated:
            self._rating_frame(item, table, rows, np.array(kept[item], dtype=np.int64), scores[item])
        self._unfinished(rated, rows, kept, forms)

    def _rated_items(self) -> dict[str, dict[str, RatedItem]]:
        """Every rated item by form; the form "" stands for all."""
        found: dict[str, dict[str, RatedItem]] = {}
        for name, item in self.scheme.items.items():
            if item.rating is not None:
                found.setdefault(name, {})[""] = RatedItem(name, item.rating, item.points)
            for form, entry in self.scheme.forms.items():
                own = entry.items[name].own if name in entry.items else None
                if own is not None and own.rating is not None:
                    found.setdefault(name, {})[form] = RatedItem(name, own.rating, own.points)
        for name, figure in self.scheme.figures.items():
            if figure.rating is not None:
                rated = figure.rating.item or name
                found.setdefault(rated, {})[""] = RatedItem(rated, figure.rating, None)
        return found

    def _forms_of(self, draft: Facts) -> list[str | None]:
        """Each person's form; "" where the scheme has none, None for somebody without one."""
        if "form" not in self.plan.nodes:
            assessed = self.frames[PEOPLE].columns["assessed"]
            return ["" if assessed[row] else None for row in range(len(self.subjects))]
        forms = Evaluator(self.plan, draft).words(["node", "form"], PEOPLE)
        return [forms[row] for row in range(len(self.subjects))]

    def _rating_row(
        self,
        table: Table,
        rows: RatingRows,
        row: int,
        rated: dict[str, dict[str, RatedItem]],
        forms: list[str | None],
        seen: dict[tuple[object, ...], int],
    ) -> tuple[list[Problem], str | None, object]:
        """What is wrong with one rating; else its item and score, or no item where it counts for nobody."""
        item, subject = rows.item[row], rows.subject[row]
        missing = [name for name, cell in (("item", item), ("subject", subject), ("rater", rows.rater[row])) if cell is None]
        if missing:
            names = [*missing, item or "", subject or ""]
            return [FactMissing(table.at(row, missing[0]), names, what="ratings", column=missing[0])], None, None
        assert item is not None and subject is not None
        if item not in rated:
            return [self._no_rated_item(table, row, item, subject, rated)], None, None
        if subject not in self.row_of:
            return [_unknown(table, row, "subject", subject, [subject, "subject", item])], None, None
        form = forms[self.row_of[subject]]
        if form is None:
            return [], None, None
        if form and item not in self.plan.forms[form]["items"]:
            return [_not_allowed(table, row, "item", item, [item, subject], f"(不在 {form} 的考核表里)", f" (not on the form {form})")], None, None
        reading = rated[item].get(form) or rated[item][""]
        return self._rating_cells(table, rows, row, reading, seen)

    def _no_rated_item(self, table: Table, row: int, item: str, subject: str, rated: Iterable[str]) -> Problem:
        if item in self.scheme.items:
            return _not_allowed(table, row, "item", item, [item, subject], "(该指标不是评分得出的)", " (this item is not rated)")
        kind, words = unknown_word(item, list(rated))
        return kind(table.at(row, "item"), [item, "item", subject], what=subject, column="item", **words)

    def _rating_cells(
        self, table: Table, rows: RatingRows, row: int, reading: RatedItem, seen: dict[tuple[object, ...], int]
    ) -> tuple[list[Problem], str | None, object]:
        item, subject, rater, relation = reading.item, str(rows.subject[row]), rows.rater[row], rows.relation[row]
        rating, names = reading.rating, [reading.item, str(rows.subject[row])]
        problems: list[Problem] = []
        if rating.raters != "any":
            if relation is None:
                problems.append(FactMissing(table.at(row, "relation"), [*names, "relation"], what=subject, column="relation"))
            elif relation not in rating.raters:
                known = listed(rating.raters)
                problems.append(_not_allowed(table, row, "relation", relation, [*names, relation, "relation"], f"(可为 {known})", f" (may be {known})"))
        if not problems and _wrong_hand(rating, relation, own=rater == subject):
            more = [word for word in ("rater", relation) if word]
            problems.append(_not_allowed(table, row, "rater", str(rater), [*names, *more], "(不得自评或代为自评)", " (nobody rates himself, or another as self)"))
        if rating.per is not None and rows.call[row] is None:
            problems.append(FactMissing(table.at(row, rating.per), [rating.per, *names], what=subject, column=rating.per))
        fault, score = self._score(table, row, rows.score[row], reading, names)
        problems += fault
        problems += self._twice(table, rows, row, reading, seen, names)
        return problems, item, score

    def _score(self, table: Table, row: int, cell: object, reading: RatedItem, names: list[str]) -> tuple[list[Problem], object]:
        if is_blank(cell):
            return [FactMissing(table.at(row, "score"), [*names, "score"], what=names[1], column="score")], None
        cells = read_cells([cell], scale(reading), None)
        faults = [kind(table.at(row, "score"), [*names, "score"], what=names[1], column=names[0], **words) for _, kind, words in cells.faults]
        return faults, cells.column[0]

    def _twice(
        self, table: Table, rows: RatingRows, row: int, reading: RatedItem, seen: dict[tuple[object, ...], int], names: list[str]
    ) -> list[Problem]:
        """The same rater rating the same thing again, or another of a party that has one voice."""
        thing = (reading.item, rows.subject[row], rows.call[row] if reading.rating.per else None)
        keys: list[tuple[object, ...]] = [("rater", *thing, rows.rater[row])]
        keys += [("relation", *thing, rows.relation[row])] if "relation" in reading.rating.once_per else []
        repeated = [seen[key] for key in keys if key in seen]
        for key in keys:
            seen.setdefault(key, row)
        if not repeated:
            return []
        more = {"what": names[1], "found": f"{reading.item} ({rows.rater[row]})", "first": table.at(repeated[0]).tell("en")}
        return [FactDuplicate(table.at(row, "item"), [*names, str(rows.rater[row])], **more)]

    def _rating_frame(self, item: str, table: Table, rows: RatingRows, kept: Array, scores: list[object]) -> None:
        people = np.array([self.row_of[str(rows.subject[row])] for row in kept], dtype=np.int64)
        order = np.argsort(people, kind="stable")
        kept, people = kept[order], people[order]
        columns: dict[str, AnyColumn] = {"score": Column.of([scores[place] for place in order])}  # type: ignore[misc]
        for name, cells in (("relation", rows.relation), ("rater", rows.rater), ("call", rows.call)):
            columns[name] = Words.of([cells[row] for row in kept])
        raters = np.array([self.row_of.get(str(rows.rater[row]), -1) for row in kept], dtype=np.int64)
        size = len(self.subjects)
        links = {PEOPLE: Links(people, size), f"{PEOPLE}.rater": Links(raters, size)}
        self.frames[rating_frame(item)] = Frame(kept.size, columns, links, table, kept)

    def _unfinished(
        self, rated: dict[str, dict[str, RatedItem]], rows: RatingRows, kept: dict[str, list[int]], forms: list[str | None]
    ) -> None:
        """Whose item some rater left out of a form that he began."""
        begun: dict[tuple[str, object, object], set[str]] = {}
        for item, taken in kept.items():
            for row in taken:
                reading = rated[item].get(forms[self.row_of[str(rows.subject[row])]] or "") or next(iter(rated[item].values()))
                if reading.rating.whole_form and rows.relation[row] not in reading.rating.mute:
                    call = rows.call[row] if reading.rating.per else None
                    begun.setdefault((str(rows.subject[row]), rows.rater[row], call), set()).add(item)
        lacking: dict[str, set[int]] = {item: set() for item in rated}
        for (subject, _, _), given in begun.items():
            person = self.row_of[subject]
            form = forms[person] or ""
            whole = [item for item in rated if not form or item in self.plan.forms[form]["items"]]
            for item in whole:
                if item not in given and (rated[item].get(form) or next(iter(rated[item].values()))).rating.whole_form:
                    lacking[item].add(person)
        for item, people in lacking.items():
            marks = np.zeros(len(self.subjects), dtype=bool)
            marks[list(people)] = True
            self.frames[PEOPLE].columns[f"unfinished.{item}"] = Truth(marks)

    # --- events -------------------------------------------------------------------------------

    def _events(self, draft: Facts) -> None:
        table = self._one(self.tables("events"))
        found: list[Found] = []
        by_type: dict[str, list[int]] = {kind: [] for kind in self.scheme.events}
        for row, cell in enumerate(table.cells("type")):
            kind = "" if is_blank(cell) else str(cell).strip()
            if kind in by_type:
                by_type[kind].append(row)
            elif not kind:
                found.append((row, FactMissing(table.at(row, "type"), ["type"], what="events", column="type")))
            else:
                fault, words = unknown_word(kind, list(by_type))
                found.append((row, fault(table.at(row, "type"), [kind, "type"], what="events", column="type", **words)))
        for kind, taken in by_type.items():
            EventRows(self, draft, kind, table, np.array(taken, dtype=np.int64), found).build()
        found += self.diary.out_of_order(self.scheme.events, table)
        self.tell(table, found)

    # --- history ------------------------------------------------------------------------------

    def _history(self, draft: Facts) -> None:
        table = self._one(self.tables("history"))
        found: list[Found] = []
        ids = [str(cell).strip() for cell in table.cells("subject")]
        ends = read_cells(table.cells("period_end"), HISTORY_COLUMNS["period_end"], None)
        for row, kind, words in ends.faults:
            found.append((row, kind(table.at(row, "period_end"), ["period_end", ids[row]], what=ids[row], column="period_end", **words)))
        for row in np.flatnonzero(ends.blank):
            found.append((int(row), FactMissing(table.at(int(row), "period_end"), ["period_end", ids[row]], what=ids[row], column="period_end")))
        assert isinstance(ends.column, Column)
        earlier = (ends.column < Column.const(day_number(draft.start))).yes
        earlier = np.broadcast_to(earlier, (table.size,)) if table.size else np.zeros(0, dtype=bool)
        self._history_frame(None, PEOPLE, self.row_of, table, ids, ends.column, earlier, draft, found)
        for unit, members in self.units.items():
            places = {id: row for row, id in enumerate(members)}
            self._history_frame(unit, unit, places, table, ids, ends.column, earlier, draft, found)
        self.tell(table, found)

    def _history_frame(
        self,
        unit: str | None,
        base: str,
        places: dict[str, int],
        table: Table,
        ids: list[str],
        ends: Column,
        earlier: Array,
        draft: Facts,
        found: list[Found],
    ) -> None:
        rows = np.array([row for row, id in enumerate(ids) if id in places and earlier[row]], dtype=np.int64)
        days = ends.n.v[rows] if rows.size else np.zeros(0, dtype=np.int64)
        columns: dict[str, AnyColumn] = {"period_end": Column.whole(days), **_months(days, draft.end)}
        declared = {**HISTORY_COLUMNS, "grade": _TEXT, **{name: d for name, d in self.scheme.history.items() if d.of == unit}}
        for name, declaration in declared.items():
            if name in columns:
                continue
            cells = read_cells([table.cells(name)[row] for row in rows], replace_optional(declaration), self._vocabulary(declaration))
            for place, kind, words in cells.faults:
                row = int(rows[place])
                found.append((row, kind(table.at(row, name), [name, ids[row]], what=ids[row], column=name, **words)))
            columns[name] = cells.column
        parents = np.array([places[ids[row]] for row in rows], dtype=np.int64)
        links = {base: Links(parents, self.frames[base].size)}
        self.frames[history_frame(unit)] = Frame(rows.size, columns, links, table, rows)


_TEXT = Declared.model_validate("text optional")


def replace_optional(declared: Declared) -> Declared:
    """A history row needs only what is asked of it: whatever is declared may be absent."""
    return declared.model_copy(update={"optional": True})


def _months(days: Array, end: date) -> dict[str, AnyColumn]:
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    words = Words.of([str(month) for month in months])
    numbers = months.astype(np.int64) + 1970 * 12
    return {"month": words, "months_back": Column.whole(end.year * 12 + end.month - 1 - numbers)}


def scale(reading: RatedItem) -> Declared:
    """Which scores a rating allows, as a declaration."""
    rating = reading.rating
    if rating.anchors is not None:
        whole = sorted(anchored(rating.anchors))
        return Declared(kind="number", steps=tuple(Fraction(score) for score in whole))
    if isinstance(rating.allowed, tuple):
        return Declared(kind="number", allowed=rating.allowed)
    if isinstance(rating.allowed, Declared):
        return rating.allowed
    return Declared(kind="number", low=Fraction(0), high=reading.points)


@dataclass
class RatingRows:
    """The cells of a table of ratings as plain words."""

    item: list[str | None]
    subject: list[str | None]
    rater: list[str | None]
    relation: list[str | None]
    call: list[str | None]
    score: Sequence[object]

    @classmethod
    def of(cls, table: Table, people: dict[str, int]) -> RatingRows:
        """The rows of a table."""
        words = {name: [None if is_blank(cell) else str(cell).strip() for cell in table.cells(name)] for name in ("item", "subject", "rater", "relation", "call")}
        return cls(**words, score=table.cells("score"))


@dataclass
class EventRows:
    """The rows of one event type: read, checked, and put into a frame."""

    checker: Checker
    draft: Facts
    kind: str
    table: Table
    rows: Array
    found: list[Found]
    parents: dict[str, Array] = field(default_factory=dict)
    named: Array | None = None

    @property
    def event(self) -> EventType:
        """The declaration of this type."""
        return self.checker.scheme.events[self.kind]

    def build(self) -> None:
        """Read every column, look at every row, keep those that the period counts."""
        self.ids = [str(cell).strip() if not is_blank(cell) else "" for cell in self._cells("subject")]
        self._subjects()
        declared = {**EVENT_COLUMNS, **self.event.columns}
        columns: dict[str, AnyColumn] = {}
        blanks: dict[str, Array] = {}
        for name, declaration in declared.items():
            cells = self._read(name, declaration)
            columns[name], blanks[name] = cells.column, cells.blank
        size = len(self.checker.subjects)
        links = {PEOPLE: Links(self.parents[PEOPLE], size)}
        links |= {unit: Links(parent, len(self.checker.units[unit])) for unit, parent in self.parents.items() if unit != PEOPLE}
        self.frame = Frame(self.rows.size, columns, links, self.table, self.rows)
        self.checker.frames[event_frame(self.kind)] = self.frame
        self._conditions(blanks)
        self._remember()
        self._weeks()
        self._unfed()
        self._keep()

    def _cells(self, name: str) -> list[object]:
        cells = self.table.cells(name)
        return [cells[row] for row in self.rows]

    def names(self, place: int, *first: str) -> list[str]:
        """Every name under which a problem of this row may be looked for."""
        words = [str(cell).strip() for name, cell in self._row(place).items() if name in self._word_columns()]
        return [*first, self.kind, *words, *self._items(place), self.ids[place]]

    def _row(self, place: int) -> dict[str, object]:
        return self.table.row(int(self.rows[place]))

    def _word_columns(self) -> list[str]:
        return [name for name, declared in self.event.columns.items() if declared.kind == "words"]

    def _items(self, place: int) -> list[str]:
        return self.checker.plan.feeds.get(event_frame(self.kind), [])

    def tell(self, place: int, kind: type[Problem], column: str, names: list[str], **words: object) -> None:
        """Keep a problem of one row."""
        row = int(self.rows[place])
        what = f"{self.kind} ({self.ids[place]})" if self.ids[place] else self.kind
        self.found.append((row, kind(self.table.at(row, column), names, what=what, column=column, **words)))

    def _subjects(self) -> None:
        checker = self.checker
        people = np.array([checker.row_of.get(id, -1) for id in self.ids], dtype=np.int64)
        known = people >= 0
        self.parents = {PEOPLE: people}
        for unit, members in checker.units.items():
            places = {id: row for row, id in enumerate(members)} if checker.scheme.units[unit].by is None else {}
            self.parents[unit] = np.array([places.get(id, -1) for id in self.ids], dtype=np.int64)
            known |= self.parents[unit] >= 0
        for place in np.flatnonzero(~known):
            id = self.ids[place]
            if id:
                _, words = unknown_word(id, checker.subjects)
                self.tell(int(place), FactUnknown, "subject", self.names(int(place), id, "subject"), **words)
            else:
                self.tell(int(place), FactMissing, "subject", self.names(int(place), "subject"))

    def _read(self, name: str, declared: Declared) -> Cells:
        raw = self._cells(name)
        if name == "count":
            raw = ["1" if is_blank(cell) else cell for cell in raw]
        cells = read_cells(raw, declared, self.checker._vocabulary(declared))
        for place, kind, words in cells.faults:
            self.tell(place, kind, name, self.names(place, name, str(raw[place])), **words)
        self._presence(name, declared, cells)
        return cells

    def _presence(self, name: str, declared: Declared, cells: Cells) -> None:
        """Columns that a row cannot do without, and columns that it may not have."""
        if declared.refused:
            for place in np.flatnonzero(~cells.blank):
                self.tell(int(place), FactNotAllowed, name, self.names(int(place), name), found=name, why_zh="", why_en="")
        elif not declared.optional and declared.default is None and declared.needed is None and name != "count":
            for place in np.flatnonzero(cells.blank):
                self.tell(int(place), FactMissing, name, self.names(int(place), name))

    def _conditions(self, blanks: dict[str, Array]) -> None:
        """Columns needed only under a condition, and what rows must meet."""
        evaluator = Evaluator(self.checker.plan, self.draft)
        frame = event_frame(self.kind)
        for name, tree in self.checker.plan.outputs["needed"].get(self.kind, {}).items():
            needed = np.broadcast_to(evaluator.truth(tree, frame).yes, (self.rows.size,))
            for place in np.flatnonzero(needed & blanks[name]):
                self.tell(int(place), FactMissing, name, self.names(int(place), name))
        for must in self.checker.plan.musts:
            if must["frame"] == frame:
                truth = evaluator.truth(must["tree"], frame)
                for place in np.flatnonzero(np.broadcast_to(truth.no, (self.rows.size,))):
                    self.tell(int(place), CROSSED[must["reason"]], must["about"][0], self.names(int(place), *must["about"]), condition=must["text"])

    def _remember(self) -> None:
        """Write the rows into the diary where an order of steps looks at this type."""
        at = self.frame.columns["at"]
        if not self.event.after and not any(self.kind in other.after for other in self.checker.scheme.events.values()):
            return
        for place, day in enumerate(at[row] for row in range(self.rows.size)):
            if self.ids[place] and isinstance(day, Fraction):
                self.checker.diary.write(self.kind, self.ids[place], int(day), int(self.rows[place]))

    # --- windows ------------------------------------------------------------------------------

    def _weeks(self) -> None:
        """Link rows to their week, and let a once-a-week row's columns be columns of that week."""
        for window, settings in self.checker.scheme.windows.items():
            part = self._part_of(settings)
            self._link_parts(window, part, len(settings.starts_on_days))
            if self.event.one_per == window:
                self._once_a_part(window, part)
        for name, declared in self.event.columns.items():
            words = self.frame.columns[name]
            if isinstance(declared.words, str) and f"{PEOPLE}/{declared.words}" in self.checker.frames and isinstance(words, Words):
                self._link_parts(declared.words, words.codes, len(self.checker.scheme.words[declared.words].names))

    def _part_of(self, window: Window) -> Array:
        """The part of each row: by its own column where it has one, else by the day of its date."""
        starts = window.starts_on_days
        column = window.column if not window.of or self.kind in window.of else None
        at = self.frame.columns["at"]
        assert isinstance(at, Column)
        days = at.n.v.astype("datetime64[D]")
        day_of_month = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
        part = np.searchsorted(np.array(starts), day_of_month, side="right") - 1
        own = read_cells(self._cells(column), Declared(kind="number", whole=True, low=Fraction(1), high=Fraction(len(starts))), None) if column else None
        if own is None or column is None:
            return np.asarray(part)
        for place, kind, words in own.faults:
            self.tell(place, kind, column, self.names(place, column), **words)
        assert isinstance(own.column, Column)
        nameless = own.blank | (own.column.n.v == 0)
        self.named = ~nameless if window.any_date else None
        return np.asarray(np.where(nameless, part, own.column.n.v - 1))

    def _link_parts(self, window: str, part: Array, count: int) -> None:
        for base, parent in self.parents.items():
            frame = window_frame(base, window)
            inside = (parent >= 0) & (part >= 0) & (part < count)
            self.frame.links[frame] = Links(np.where(inside, parent * count + part, -1), self.checker.frames[frame].size)

    def _once_a_part(self, window: str, part: Array) -> None:
        counted = self._counted()
        for base in self.parents:
            frame = window_frame(base, window)
            links = self.frame.links[frame]
            place = np.full(links.size, -1, dtype=np.int64)
            for row in range(self.rows.size):
                week = int(links.parent[row])
                if week < 0 or not counted[row]:
                    continue
                if place[week] >= 0:
                    first = self.table.at(int(self.rows[place[week]])).tell("en")
                    self.tell(row, FactDuplicate, window, self.names(row, window), found=f"{window} {int(part[row]) + 1}", first=first)
                else:
                    place[week] = row
            for name in self.event.columns:
                column = self.frame.columns[name]
                self.checker.frames[frame].columns[f"{self.kind}.{name}"] = _padded(column, place)

    # --- which rows count ---------------------------------------------------------------------

    def _counted(self) -> Array:
        at = self.frame.columns["at"]
        assert isinstance(at, Column)
        days = at.n.v
        start, end, as_of = (day_number(day) for day in (self.draft.start, self.draft.end, self.draft.as_of))
        if self.event.window == "any date":
            return np.ones(self.rows.size, dtype=bool)
        if self.event.window == "up to as_of":
            return np.asarray(days <= as_of)
        inside = (days >= start) & (days <= end)
        return np.asarray(inside if self.named is None else inside | self.named)

    def _unfed(self) -> None:
        """Rows that no item of the person's form takes, where the scheme refuses these."""
        if self.event.unfed != "refused" or not self.rows.size:
            return
        evaluator = Evaluator(self.checker.plan, self.draft)
        forms = self.checker._forms_of(self.draft)
        fed = np.zeros(self.rows.size, dtype=bool)
        for item, condition in self.checker.plan.outputs["takers"].get(self.kind, []):
            holds = np.ones(self.rows.size, dtype=bool) if condition is None else evaluator.truth(condition, event_frame(self.kind)).yes
            mine = [form is None or not form or item in self.checker.plan.forms[form]["items"] for form in forms]
            having = np.array([person < 0 or mine[person] for person in self.parents[PEOPLE]], dtype=bool)
            fed |= holds & having
        for place in np.flatnonzero(~fed):
            if self.parents[PEOPLE][place] >= 0 and forms[self.parents[PEOPLE][place]] is not None and self._is_sound(int(place)):
                self.tell(int(place), FactNotAllowed, "item", self.names(int(place)), found=self.kind, why_zh="(考核表里没有对应的项)", why_en=" (no item of the form takes it)")

    def _is_sound(self, place: int) -> bool:
        row = int(self.rows[place])
        return all(told != row for told, problem in self.found if problem.reason in ("unknown", "missing"))

    def _keep(self) -> None:
        """The frame with only the rows that count, in order of their subject."""
        rows = np.flatnonzero(self._counted())
        order = rows[np.argsort(self.parents[PEOPLE][rows], kind="stable")]
        self.checker.frames[event_frame(self.kind)] = self.frame.take(order)


def _wrong_hand(rating: Rating, relation: str | None, own: bool) -> bool:
    """Whether a rating comes from somebody who may not give it: oneself, unless `self` is among the raters.

    Where the rating says `own_sheet`, the relation `self` is one's own sheet and nobody else's.
    """
    listed_self = relation == "self" and rating.raters != "any"
    return own != listed_self if rating.own_sheet else own and not listed_self


def _unknown(table: Table, row: int, column: str, word: str, names: list[str]) -> Problem:
    words = {"found": word, "known": "people", "guess_zh": "", "guess_en": ""}
    return FactUnknown(table.at(row, column), names, what=names[-1], column=column, **words)


def _not_allowed(table: Table, row: int, column: str, found: str, names: list[str], zh: str, en: str) -> Problem:
    return FactNotAllowed(table.at(row, column), names, what=names[1], column=column, found=found, why_zh=zh, why_en=en)


def _placed(cells: Cells, home: Array, declared: Declared) -> AnyColumn:
    """A table's column brought to the rows of a frame; a row without one is as if the cell were empty."""
    absent = read_cells([None], declared, None).column
    column = cells.column
    if home.size and (home >= 0).all() and column.size == home.size and bool((home == np.arange(home.size)).all()):
        return column
    return _padded(column, home, absent)


def _padded(column: AnyColumn, rows: Array, absent: AnyColumn | None = None) -> AnyColumn:
    """The column at `rows`, with something absent where a row is -1."""
    there = rows >= 0
    at = np.where(there, rows, 0)
    if isinstance(column, Words):
        default = absent[0] if isinstance(absent, Words) else None
        vocabulary = column.vocabulary if default is None or default in column.vocabulary else (*column.vocabulary, str(default))
        code = -1 if default is None else vocabulary.index(str(default))
        codes = column.codes[at] if column.codes.size else np.full(rows.size, -1, dtype=np.int64)
        return Words(np.where(there, codes, code), vocabulary)
    if isinstance(column, Truth):
        default_yes = bool(absent.yes[0]) if isinstance(absent, Truth) else False
        mark = 0 if isinstance(absent, Truth) and absent.absent is None else NONE
        yes = column.yes[at] if column.yes.size else np.zeros(rows.size, dtype=bool)
        own = np.zeros(rows.size, dtype=np.uint8) if column.absent is None else column.absent[at]
        marks = np.where(there, own, mark).astype(np.uint8)
        return Truth(np.where(there, yes, default_yes), marks if marks.any() else None)
    filler = absent if isinstance(absent, Column) else Column.none(NONE)
    if column.n.v.size == 0:
        return _filled(filler, rows.size)
    return column.take(at).where(there, filler) if not there.all() else column.take(at)


def _filled(filler: Column, size: int) -> Column:
    mark = filler.mark(0)
    value = filler[0] or Fraction(0)
    numbers = Ints.of(np.full(size, value.numerator, dtype=np.int64))
    return Column(numbers, value.denominator, None, np.full(size, mark, dtype=np.uint8) if mark else None)

