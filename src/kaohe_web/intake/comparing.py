"""A file's rows beside what the round holds already: what is new, what is the same, what would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from kaohe_web.collect.models import Import, Rating, Record, ValueEntry
from kaohe_web.engine.facts import Rows
from kaohe_web.engine.importing import Line, Reading, counts_in_period, every_fault_of, faults_of, same_figure, without
from kaohe_web.engine.row_words import Fault
from kaohe_web.intake.models import ImportedRow
from kaohe_web.results.rows import rows_of
from kaohe_web.rounds.models import Round

RatingKey = tuple[str, str, str, str, str]
OF_RATING = ("item", "subject", "rater", "relation", "call")
OF_RECORD = ("type", "subject", "at")
MOST = 2000  # how many names one question to the database may list
NEW, SAME, CHANGED = ImportedRow.NEW, ImportedRow.SAME, ImportedRow.CHANGED


def figures_of(cells: Mapping[str, str]) -> dict[str, str]:
    """The figures of a row of values."""
    return {key: text for key, text in cells.items() if key != "subject"}


def rating_key(cells: Mapping[str, str]) -> RatingKey:
    """By what a rating is known."""
    item, subject, rater, relation, call = (cells.get(name, "") for name in OF_RATING)
    return item, subject, rater, relation, call


def more_of(cells: Mapping[str, str]) -> dict[str, str]:
    """What a rating says beside its score."""
    return {name: text for name, text in cells.items() if name not in (*OF_RATING, "score")}


def columns_of(cells: Mapping[str, str]) -> dict[str, str]:
    """The columns of a record beside kind, person and day."""
    return {name: text for name, text in cells.items() if name not in OF_RECORD}


def record_key(kind: str, subject: str, day: str, cells: Mapping[str, str]) -> str:
    """All that a record says, as one text."""
    return "\t".join([kind, subject, day, *(f"{name}={cells[name]}" for name in sorted(cells))])


def _of_subjects(rows: QuerySet[Any], subjects: set[str]) -> QuerySet[Any]:
    """Rows of these people; of all of them where they are too many to name."""
    return rows.filter(subject__in=subjects) if len(subjects) <= MOST else rows


def _numbered(round: Round) -> QuerySet[ImportedRow]:
    """Rows of files through which records with numbers came in."""
    taken = ImportedRow.objects.filter(source__round=round, is_taken=True, table="events").exclude(number="")
    return taken.filter(source__state__in=(Import.State.DONE, Import.State.RUNNING))


@dataclass
class Held:
    """What a round holds, by what it is known by."""

    values: dict[tuple[str, str], ValueEntry] = field(default_factory=dict)
    ratings: dict[RatingKey, Rating] = field(default_factory=dict)
    records: dict[str, list[Record]] = field(default_factory=dict)
    numbered: dict[tuple[str, str], Record] = field(default_factory=dict)

    @classmethod
    def of(cls, round: Round, lines: Sequence[Line]) -> Held:
        """The facts of a round that these rows may meet."""
        held, subjects = cls(), {line.cells.get("subject", "") for line in lines}
        tables = {line.table for line in lines}
        if "values" in tables:
            held.values = {(one.subject, one.key): one for one in _of_subjects(round.values.all(), subjects)}
        if "ratings" in tables:
            ratings = _of_subjects(round.ratings.filter(counts=True), subjects)
            held.ratings = {(one.item, one.subject, one.rater, one.relation, one.call): one for one in ratings}
        if "events" in tables:
            held._add_numbered(round, {line.number for line in lines if line.number})
            nameless = {line.cells.get("subject", "") for line in lines if line.table == "events" and not line.number}
            if nameless:
                held._add_plain(round, nameless)
        return held

    def _add_numbered(self, round: Round, numbers: set[str]) -> None:
        """Records that came with these numbers."""
        rows = _numbered(round)
        rows = rows.filter(number__in=numbers) if len(numbers) <= MOST else rows
        found = {fact: number for fact, number in rows.values_list("fact", "number") if number in numbers}
        records = round.records.filter(withdrawn=False)
        for one in records.filter(pk__in=found) if len(found) <= MOST else records:
            if one.pk in found:
                self.numbered[one.kind, found[one.pk]] = one

    def _add_plain(self, round: Round, subjects: set[str]) -> None:
        """Records without numbers, of these people."""
        known = set(_numbered(round).values_list("fact", flat=True))
        for one in _of_subjects(round.records.filter(withdrawn=False).order_by("id"), subjects):
            if one.pk not in known:
                self.records.setdefault(record_key(one.kind, one.subject, one.day, one.cells), []).append(one)

    def judge(self, line: Line) -> tuple[str, int | None]:
        """What a row would do, and the record that it meets; a record without a number meets each equal one once."""
        if line.table == "values":
            return self._judge_values(line), None
        if line.table == "ratings":
            held = self.ratings.get(rating_key(line.cells))
            if held is None:
                return NEW, None
            same = same_figure(held.text, line.cells.get("score", "")) and held.more == more_of(line.cells)
            return (SAME if same else CHANGED), held.id
        return self._judge_record(line)

    def _judge_values(self, line: Line) -> str:
        subject = line.cells.get("subject", "")
        found = [(self.values.get((subject, key)), text) for key, text in figures_of(line.cells).items()]
        if all(held is not None and same_figure(held.text, text) for held, text in found):
            return SAME
        return CHANGED if any(held is not None and not same_figure(held.text, text) for held, text in found) else NEW

    def _judge_record(self, line: Line) -> tuple[str, int | None]:
        key = record_key(line.kind, line.cells.get("subject", ""), line.cells.get("at", ""), columns_of(line.cells))
        if line.number:
            held = self.numbered.get((line.kind, line.number))
            if held is not None:
                return (SAME if record_key(held.kind, held.subject, held.day, held.cells) == key else CHANGED), held.id
            return NEW, None
        equal = self.records.get(key, [])
        return (SAME, equal.pop(0).id) if equal else (NEW, None)


@dataclass
class Judged:
    """The rows of a file, sorted."""

    good: list[tuple[Line, str]] = field(default_factory=list)
    bad: list[tuple[Line, Fault]] = field(default_factory=list)
    outside: set[tuple[str, int]] = field(default_factory=set)


def judge(round: Round, reading: Reading) -> Judged:
    """Which rows of a reading go in, and which are set aside and why."""
    lines, judged = reading.lines, Judged()
    held = Held.of(round, lines)
    met = [(line, *held.judge(line)) for line in lines]
    headings = {sheet.name: {one.column: one.text for one in sheet.headings} for sheet in reading.sheets}
    faults = {**faults_of(round.version.plan, beside(round, met), lines, headings), **reading.faults, **_twice(lines)}
    for line, kind, _ in met:
        fault = faults.get((line.sheet, line.row))
        if fault is not None:
            judged.bad.append((line, fault))
            continue
        judged.good.append((line, kind))
        if line.table == "events" and not counts_in_period(round.version.plan, line, round.start, round.end):
            judged.outside.add((line.sheet, line.row))
    return judged


def beside(round: Round, met: Sequence[tuple[Line, str, int | None]]) -> Rows:
    """The round's facts without those that the rows replace or repeat."""
    values = {(line.cells.get("subject", ""), key) for line, _, _ in met if line.table == "values" for key in figures_of(line.cells)}
    ratings = {rating_key(line.cells)[:4] for line, _, _ in met if line.table == "ratings"}
    records = {found for line, _, found in met if line.table == "events" and found is not None}
    return without(rows_of(round), values, ratings, records)


def _twice(lines: Sequence[Line]) -> dict[tuple[str, int], Fault]:
    """Rows of records whose number an earlier row of the file bears already."""
    first: dict[tuple[str, str], int] = {}
    found = {}
    for line in lines:
        if line.table == "events" and line.number:
            row = first.setdefault((line.kind, line.number), line.row)
            if row != line.row:
                zh, en = f"记录编号与第{row}行相同", f"The same record no. as row {row}"
                found[line.sheet, line.row] = Fault("F006", "#number", "", line.number, zh, en)
    return found


def people_of(round: Round) -> dict[str, str]:
    """Names of the round's people by number."""
    return dict(round.participants.order_by("person__number").values_list("person__number", "person__name"))


def check_one(round: Round, line: Line) -> Fault | None:
    """What is wrong with a row that was written anew; nothing where it may go in."""
    met = (line, *Held.of(round, [line]).judge(line))
    return faults_of(round.version.plan, beside(round, [met]), [line]).get((line.sheet, line.row))


def wrong_figures(round: Round, typed: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], tuple[str, str]]:
    """What is wrong with figures that somebody typed, each at its cell."""
    rows: dict[str, dict[str, str]] = {}
    for (subject, key), text in typed.items():
        rows.setdefault(subject, {"subject": subject})[key] = text
    lines = [
        Line("grid", place, "values", {key: text for key, text in cells.items() if text})
        for place, cells in enumerate(rows.values(), start=1)
    ]
    held = without(rows_of(round), set(typed), set(), set())
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for line, fault in every_fault_of(round.version.plan, held, [line for line in lines if len(line.cells) > 1]):
        place = line.cells["subject"], fault.column if fault.column in line.cells else next(key for key in line.cells if key != "subject")
        found.setdefault(place, (fault.zh, fault.en))
    return found
