"""Scores that people give: which rows are sound, and one frame of them for each rated item.

All rows are looked at a column at a time; only those that something is wrong with are looked at
one by one, to say what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from kaohe.checking.cells import number_faults as faults_of
from kaohe.checking.cells import read_cells, unknown_word
from kaohe.checking.inspection import Found, Inspection, combined, earlier_of, not_allowed, rows_of, unknown, words_of
from kaohe.columns import AnyColumn, Array, Column, Links, Truth
from kaohe.compiling.outline import rating_frame
from kaohe.fact_problems import FactDuplicate, FactMissing
from kaohe.facts import Facts, Frame, Table
from kaohe.packed import pick
from kaohe.plan import PEOPLE
from kaohe.problems import Problem
from kaohe.rules.rating import anchored
from kaohe.scheme import Declared, Rating, Scheme
from kaohe.texts import listed

ANY_NUMBER = Declared(kind="number")


@dataclass(frozen=True)
class RatedItem:
    """A rating as one form (or every form) reads it."""

    item: str
    rating: Rating
    points: Fraction | None

    def scale(self) -> Declared:
        """Which scores it allows, as a declaration."""
        rating = self.rating
        if rating.anchors is not None:
            return Declared(kind="number", steps=tuple(Fraction(score) for score in sorted(anchored(rating.anchors))))
        if isinstance(rating.allowed, tuple):
            return Declared(kind="number", allowed=rating.allowed)
        if isinstance(rating.allowed, Declared):
            return rating.allowed
        return Declared(kind="number", low=Fraction(0), high=self.points)

    def refuses(self, relation: str | None, own: bool) -> bool:
        """Whether a rating comes from somebody who may not give it: oneself, unless `self` is among the raters.

        Where the rating says `own_sheet`, the relation `self` is one's own sheet and nobody else's.
        """
        listed_self = relation == "self" and self.rating.raters != "any"
        return own != listed_self if self.rating.own_sheet else own and not listed_self

    def takes(self, relation: str | None) -> bool:
        """Whether a rater of this relation may rate."""
        return self.rating.raters == "any" or relation in self.rating.raters


def rated_items(scheme: Scheme) -> dict[str, dict[str, RatedItem]]:
    """Every rated item by form; the form "" stands for all."""
    found: dict[str, dict[str, RatedItem]] = {}
    for name, item in scheme.items.items():
        if item.rating is not None:
            found.setdefault(name, {})[""] = RatedItem(name, item.rating, item.points)
        for form, entry in scheme.forms.items():
            own = entry.items[name].own if name in entry.items else None
            if own is not None and own.rating is not None:
                found.setdefault(name, {})[form] = RatedItem(name, own.rating, own.points)
    for name, figure in scheme.figures.items():
        if figure.rating is not None:
            rated = figure.rating.item or name
            found.setdefault(rated, {})[""] = RatedItem(rated, figure.rating, None)
    return found


@dataclass
class Ratings:
    """The check of the ratings; leaves a frame for each rated item behind, and whose forms lack one."""

    work: Inspection
    draft: Facts
    table: Table
    found: list[Found] = field(default_factory=list)

    def build(self) -> None:
        """Look at all rows, tell what is wrong, keep what is sound."""
        self._read()
        self._readings()
        self.call_of = np.where(self._of_reading([reading.rating.per is not None for reading in self.readings], False), self.call.codes, -1)
        self.reached = (self.people >= 0) & (self.rater.codes >= 0) & (self.reading >= 0)
        self._repeats()
        self._scores()
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
        self.form_of = np.r_[forms.codes, -1][self.people]
        self.reading = table[self.item_of, self.form_of]

    def _of_reading(self, figures: Sequence[object], absent: object) -> Array:
        """A figure of each row's reading."""
        return np.asarray(np.array([*figures, absent])[self.reading])

    def _repeats(self) -> None:
        """For each row the earlier one by the same rater, or of a party that has one voice."""
        rows = np.flatnonzero(self.reached)
        thing = [(self.item_of[rows], len(self.rated)), (self.subject.codes[rows], len(self.subject.vocabulary))]
        thing.append((self.call_of[rows], len(self.call.vocabulary)))
        self.earlier = np.full(self.table.size, -1, dtype=np.int64)
        keys = combined(*thing, (self.rater.codes[rows], len(self.rater.vocabulary)))
        _set_earlier(self.earlier, rows, keys)
        once = self._of_reading(["relation" in reading.rating.once_per for reading in self.readings], False)
        if not once[rows].any():
            return
        voices = np.flatnonzero(once[rows])
        party = combined(
            *((codes[voices], size) for codes, size in thing), (self.relation.codes[rows][voices], len(self.relation.vocabulary))
        )
        _set_earlier(self.earlier, rows[voices], party)

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

    # --- what is wrong ------------------------------------------------------------------------

    def _lacking(self) -> Array:
        """Rows that name no item, subject or rater, or one that is not known, or an item that is not on the form."""
        lacking = (self.item_of < 0) | (self.people < 0) | (self.rater.codes < 0)
        return np.asarray(lacking | ((self.form_of >= 0) & (self.reading < 0)))

    def _odd(self) -> Array:
        """Rows with a wrong relation, rater, call or score, or that come again."""
        words = (*self.relation.vocabulary, None)
        takes = np.array([[reading.takes(word) for word in words] for reading in self.readings] + [[True] * len(words)], dtype=bool)
        refuses = [[[reading.refuses(word, own) for own in (False, True)] for word in words] for reading in self.readings]
        hand = np.array([*refuses, [[False, False]] * len(words)], dtype=bool)
        odd = ~takes[self.reading, self.relation.codes] | hand[self.reading, self.relation.codes, self.own.astype(np.int64)]
        odd |= self._of_reading([reading.rating.per is not None for reading in self.readings], False) & (self.call.codes < 0)
        odd |= self.unscored | (self.earlier >= 0)
        odd[list(self.score_faults)] = True
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
            return [not_allowed(table, row, "item", item, [item, subject], f"(不在 {form} 的考核表里)", f" (not on the form {form})")]
        return self._problems_of(row, self.readings[int(self.reading[row])], subject)

    def _no_rated_item(self, row: int, item: str, subject: str) -> Problem:
        if item in self.work.scheme.items:
            return not_allowed(self.table, row, "item", item, [item, subject], "(该指标不是评分得出的)", " (this item is not rated)")
        kind, words = unknown_word(item, list(self.rated))
        return kind(self.table.at(row, "item"), [item, "item", subject], what=subject, column="item", **words)

    def _problems_of(self, row: int, reading: RatedItem, subject: str) -> list[Problem]:
        problems = self._rater_problems(row, reading, subject)
        names = [reading.item, subject, *self.work.plan.feeds.get(rating_frame(reading.item), [])]
        per = reading.rating.per
        if per is not None and self.call[row] is None:
            problems.append(FactMissing(self.table.at(row, per), [per, *names], what=subject, column=per))
        if self.unscored[row]:
            problems.append(FactMissing(self.table.at(row, "score"), [*names, "score"], what=subject, column="score"))
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
            more = ("(不得自评或代为自评)", " (nobody rates himself, or another as self)")
            return [not_allowed(table, row, "rater", rater, [*names, "rater", relation or ""], *more)]
        return []

    # --- what is kept -------------------------------------------------------------------------

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
