"""Scores that people give: which rows are sound, and one frame of them for each rated item.

All rows are looked at a column at a time; only those that something is wrong with are looked at
one by one, to say what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from kaohe.checking.cells import number_faults as faults_of
from kaohe.checking.cells import read_cells, unknown_word
from kaohe.checking.inspection import Found, Inspection, combined, earlier_of, is_among, not_allowed, rows_of, unknown, words_of
from kaohe.checking.rated import RatedItem, rated_items
from kaohe.columns import AnyColumn, Array, Column, Links, Truth, Words
from kaohe.compiling.outline import rating_frame
from kaohe.fact_problems import FactDuplicate, FactMissing
from kaohe.facts import Facts, Frame, Table
from kaohe.packed import pick
from kaohe.plan import PEOPLE
from kaohe.problems import Problem
from kaohe.scheme import Declared
from kaohe.texts import listed

ANY_NUMBER = Declared(kind="number", optional=True)
YES_OR_NO = Declared(kind="yes_no", default="no")


@dataclass
class Ratings:
    """The check of the ratings; leaves a frame for each rated item behind, and whose forms lack one."""

    work: Inspection
    draft: Facts
    table: Table
    found: list[Found] = field(default_factory=list)

    def build(self) -> None:
        """Look at all rows, tell what is wrong, keep what is sound."""
        if not self.table.size:
            self._nobody_rated()
            return
        self._read()
        self._readings()
        self.call_of = np.where(self._of_reading([reading.rating.per is not None for reading in self.readings], False), self.call.codes, -1)
        self.reached = (self.people >= 0) & (self.rater.codes >= 0) & (self.reading >= 0)
        self._repeats()
        self._scores()
        self._dropped()
        suspects = self._lacking() | (self.reached & self._odd())
        sound = self.reached.copy()
        for row in np.flatnonzero(suspects).tolist():
            problems = self._problems(row)
            self.found += [(row, problem) for problem in problems]
            sound[row] &= not problems
        self.work.tell(self.found)
        for place, item in enumerate(self.rated):
            self._frame(item, np.flatnonzero(sound & (self.item_of == place)))
        self._unfinished(np.flatnonzero(sound))

    def _read(self) -> None:
        table = self.table
        self.item, self.subject, self.rater, self.relation, self.call = (
            words_of(table.cells(name)) for name in ("item", "subject", "rater", "relation", "call")
        )
        self.rated = rated_items(self.work.scheme)
        self.item_of = rows_of(self.item, {item: place for place, item in enumerate(self.rated)})
        self.people = rows_of(self.subject, self.work.row_of)
        self.own = rows_of(self.rater, {word: code for code, word in enumerate(self.subject.vocabulary)}) == self.subject.codes
        self.own &= self.rater.codes >= 0

    def _readings(self) -> None:
        """Which reading each row has: by its item and by the form of the person; -1 where the form has no such item."""
        self.readings = [reading for by_form in self.rated.values() for reading in by_form.values()]
        forms = self.work.forms(self.draft)
        table = np.full((len(self.rated) + 1, len(forms.vocabulary) + 1), -1, dtype=np.int64)
        for place, (item, by_form) in enumerate(self.rated.items()):
            for code, form in enumerate(forms.vocabulary):
                if not form or item in self.work.plan.forms[form]["items"]:
                    chosen = by_form.get(form) or by_form.get("") or next(iter(by_form.values()))
                    table[place, code] = self.readings.index(chosen)
        self.reading_table, self.forms = table, forms
        self.form_of = np.append(forms.codes, -1)[self.people]
        self.reading = table[self.item_of, self.form_of]

    def _of_reading(self, figures: Sequence[object], absent: object) -> Array:
        """A figure of each row's reading."""
        return np.asarray(np.array([*figures, absent])[self.reading])

    def _repeats(self) -> None:
        """For each row the earlier one by the same rater, of a party that has one voice, or by anybody where one rating is all."""
        rows = np.flatnonzero(self.reached)
        thing = [(self.item_of[rows], len(self.rated)), (self.subject.codes[rows], len(self.subject.vocabulary))]
        thing.append((self.call_of[rows], len(self.call.vocabulary)))
        self.earlier = np.full(self.table.size, -1, dtype=np.int64)
        keys = combined(*thing, (self.rater.codes[rows], len(self.rater.vocabulary)))
        _set_earlier(self.earlier, rows, keys)
        relations = (self.relation.codes[rows], len(self.relation.vocabulary))
        for voice, more in (("relation", [relations]), ("subject", [])):
            once = self._of_reading([voice in reading.rating.once_per for reading in self.readings], False)
            voices = np.flatnonzero(once[rows])
            if voices.size:
                keys = combined(*((codes[voices], size) for codes, size in (*thing, *more)))
                _set_earlier(self.earlier, rows[voices], keys)

    def _scores(self) -> None:
        """Every item's scores as one column, and what is wrong with them by row."""
        self.score_columns: dict[str, Column] = {}
        self.score_rows: dict[str, Array] = {}
        self.score_faults: dict[int, tuple[type[Problem], dict[str, object]]] = {}
        self.unscored = np.zeros(self.table.size, dtype=bool)
        cells = self.table.cells("score")
        for place, item in enumerate(self.rated):
            rows = np.flatnonzero(self.reached & (self.item_of == place))
            read = read_cells(pick(cells, rows), ANY_NUMBER, None)
            assert isinstance(read.column, Column)
            self.score_columns[item], self.score_rows[item] = read.column, rows
            self.unscored[rows] = read.blank
            self.score_faults |= {int(rows[at]): (kind, words) for at, kind, words in read.faults}
            for code in np.unique(self.reading[rows]).tolist():
                mine = np.flatnonzero(self.reading[rows] == code)
                scores = read.column.take(mine) if mine.size < rows.size else read.column
                found = faults_of(scores, self.readings[code].scale())
                self.score_faults |= {int(rows[mine[at]]): (kind, words) for at, kind, words in found if not read.blank[mine[at]]}

    def _dropped(self) -> None:
        """Which rows say that the item did not apply; only where the item may be called that."""
        cells = read_cells(self.table.cells("not_applicable"), YES_OR_NO, None)
        assert isinstance(cells.column, Truth)
        allowed = self._of_reading([reading.rating.not_applicable == "allowed" for reading in self.readings], False)
        self.dropped = np.broadcast_to(cells.column.yes, allowed.shape) & allowed
        self.drop_faults = {row: (kind, words) for row, kind, words in cells.faults if allowed[row] and self.reached[row]}

    # --- what is wrong ------------------------------------------------------------------------

    def _lacking(self) -> Array:
        """Rows that name no item, subject or rater, or one that is not known, or an item that is not on the form."""
        lacking = (self.item_of < 0) | (self.people < 0) | (self.rater.codes < 0)
        rated = (self.form_of >= 0) | np.append(self._only_rate(), False)[self.people]
        return np.asarray(lacking | (rated & (self.reading < 0)))

    def _only_rate(self) -> Array:
        """Who is known to the scheme as a rater and is appraised by nobody."""
        roles = self.work.frames[PEOPLE].columns["person.role"]
        assert isinstance(roles, Words)
        return is_among(roles, self.work.scheme.roles.rate_only)

    def _odd(self) -> Array:
        """Rows with a wrong relation, rater, call or score, or that come again."""
        words = (*self.relation.vocabulary, None)
        takes = np.array([[reading.takes(word) for word in words] for reading in self.readings] + [[True] * len(words)], dtype=bool)
        refuses = [[[reading.refuses(word, own) for own in (False, True)] for word in words] for reading in self.readings]
        hand = np.array([*refuses, [[False, False]] * len(words)], dtype=bool)
        odd = ~takes[self.reading, self.relation.codes] | hand[self.reading, self.relation.codes, self.own.astype(np.int64)]
        odd |= self._of_reading([reading.rating.per is not None for reading in self.readings], False) & (self.call.codes < 0)
        odd |= (self.unscored != self.dropped) | (self.earlier >= 0)
        odd[[*self.score_faults, *self.drop_faults]] = True
        return np.asarray(odd)

    def _problems(self, row: int) -> list[Problem]:
        """What is wrong with one rating."""
        table, item, subject = self.table, self.item[row], self.subject[row]
        missing = [name for name, cell in (("item", item), ("subject", subject), ("rater", self.rater[row])) if cell is None]
        if missing or item is None or subject is None:
            names = [*missing, item or "", subject or ""]
            return [FactMissing(table.at(row, missing[0]), names, what="ratings", column=missing[0])]
        if item not in self.rated:
            return [self._no_rated_item(row, item, subject)]
        if self.people[row] < 0:
            return [unknown(table, row, "subject", subject, [subject, "subject", item])]
        if self.reading[row] < 0:
            form = self.forms[int(self.people[row])]
            if form is None:
                return [
                    not_allowed(
                        table, row, "subject", subject, [item, subject], "（只评分，不被考核）", " (only rates and is not appraised)"
                    )
                ]
            return [not_allowed(table, row, "item", item, [item, subject], f"(不在 {form} 的考核表里)", f" (not on the form {form})")]
        return self._problems_of(row, self.readings[int(self.reading[row])], subject)

    def _no_rated_item(self, row: int, item: str, subject: str) -> Problem:
        if item in self.work.scheme.items:
            return not_allowed(self.table, row, "item", item, [item, subject], "（该指标不是评分得出的）", " (this item is not rated)")
        kind, words = unknown_word(item, list(self.rated))
        return kind(self.table.at(row, "item"), [item, "item", subject], what=subject, column="item", **words)

    def _problems_of(self, row: int, reading: RatedItem, subject: str) -> list[Problem]:
        problems = self._rater_problems(row, reading, subject)
        names = [reading.item, subject, *self.work.plan.feeds.get(rating_frame(reading.item), [])]
        per = reading.rating.per
        if per is not None and self.call[row] is None:
            problems.append(FactMissing(self.table.at(row, per), [per, *names], what=subject, column=per))
        if row in self.drop_faults:
            kind, words = self.drop_faults[row]
            place = self.table.at(row, "not_applicable")
            problems.append(kind(place, [*names, "not_applicable"], what=subject, column="not_applicable", **words))
        elif self.unscored[row] and not self.dropped[row]:
            problems.append(FactMissing(self.table.at(row, "score"), [*names, "score"], what=subject, column="score"))
        elif self.dropped[row] and not self.unscored[row]:
            more = ("（既评分又注明不适用）", " (both a score and not applicable)")
            problems.append(not_allowed(self.table, row, "score", "not_applicable", [*names, "score", "not_applicable"], *more))
        if row in self.score_faults:
            kind, words = self.score_faults[row]
            problems.append(kind(self.table.at(row, "score"), [*names, "score"], what=subject, column=reading.item, **words))
        if self.earlier[row] >= 0:
            first = self.table.at(int(self.earlier[row])).tell("en")
            found = f"{reading.item} ({self.rater[row]})"
            problems.append(
                FactDuplicate(self.table.at(row, "item"), [*names, str(self.rater[row])], what=subject, found=found, first=first)
            )
        return problems

    def _rater_problems(self, row: int, reading: RatedItem, subject: str) -> list[Problem]:
        table, relation, rater = self.table, self.relation[row], str(self.rater[row])
        names = [reading.item, subject, *self.work.plan.feeds.get(rating_frame(reading.item), [])]
        if not reading.takes(relation):
            if relation is None:
                return [FactMissing(table.at(row, "relation"), [*names, "relation"], what=subject, column="relation")]
            known = listed(reading.rating.raters)
            more = (f"(可为 {known})", f" (may be {known})")
            return [not_allowed(table, row, "relation", relation, [*names, relation, "relation"], *more)]
        if reading.refuses(relation, bool(self.own[row])):
            more = ("（不得自评或代为自评）", " (nobody rates himself, or another as self)")
            return [not_allowed(table, row, "rater", rater, [*names, "rater", relation or ""], *more)]
        return []

    # --- what is kept -------------------------------------------------------------------------

    def _nobody_rated(self) -> None:
        """The frames of rated items without any rows."""
        size, nobody = len(self.work.subjects), np.zeros(0, dtype=np.int64)
        columns: dict[str, AnyColumn] = {"score": Column.whole(nobody), **dict.fromkeys(("relation", "rater", "call"), Words(nobody, ()))}
        for item in rated_items(self.work.scheme):
            links = {PEOPLE: Links(nobody, size), f"{PEOPLE}.rater": Links(nobody, size)}
            self.work.frames[rating_frame(item)] = Frame(0, dict(columns), links, self.table, nobody)
            self.work.frames[PEOPLE].columns[f"unfinished.{item}"] = Truth(np.zeros(size, dtype=bool))

    def _frame(self, item: str, kept: Array) -> None:
        work = self.work
        order = np.argsort(self.people[kept], kind="stable")
        kept = kept[order]
        people = self.people[kept]
        places = np.searchsorted(self.score_rows[item], kept)
        columns: dict[str, AnyColumn] = {"score": self.score_columns[item].take(places)}
        columns |= {name: words.take(kept) for name, words in (("relation", self.relation), ("rater", self.rater), ("call", self.call))}
        raters = rows_of(self.rater, work.row_of)[kept]
        size = len(work.subjects)
        links = {PEOPLE: Links(people, size), f"{PEOPLE}.rater": Links(raters, size)}
        work.frames[rating_frame(item)] = Frame(kept.size, columns, links, self.table, kept)

    def _unfinished(self, sound: Array) -> None:
        """Whose item some rater left out of a form that he began."""
        size = len(self.work.subjects)
        marks = np.zeros((len(self.rated), size), dtype=bool)
        whole = [reading.rating.whole_form for reading in self.readings]
        if any(whole):
            self._mark_unfinished(sound, np.array([*whole, False]), marks)
        for place, item in enumerate(self.rated):
            self.work.frames[PEOPLE].columns[f"unfinished.{item}"] = Truth(marks[place])

    def _mark_unfinished(self, sound: Array, whole: Array, marks: Array) -> None:
        words = (*self.relation.vocabulary, None)
        mute = np.array([[word in reading.rating.mute for word in words] for reading in self.readings], dtype=bool)
        rows = sound[whole[self.reading[sound]] & ~mute[self.reading[sound], self.relation.codes[sound]]]
        sheet = combined(
            (self.people[rows], marks.shape[1]),
            (self.rater.codes[rows], len(self.rater.vocabulary)),
            (self.call_of[rows], len(self.call.vocabulary)),
        )
        _, first, sheets = np.unique(np.broadcast_to(sheet, rows.shape), return_index=True, return_inverse=True)
        given = np.zeros((len(self.rated), first.size), dtype=bool)
        given[self.item_of[rows], sheets] = True
        owner, form = self.people[rows[first]], self.form_of[rows[first]]
        wanted = whole[self.reading_table]
        for place in range(len(self.rated)):
            marks[place, owner[wanted[place, form] & ~given[place]]] = True


def _set_earlier(earlier: Array, rows: Array, keys: Array) -> None:
    """Write down for each row the first of the rows with its key, unless one is known already."""
    first = earlier_of(np.broadcast_to(keys, rows.shape))
    again = (first >= 0) & (earlier[rows] < 0)
    earlier[rows[again]] = rows[first[again]]
