"""What a correction may change of a published round, and what it would do; for HR alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import Http404, QueryDict

from kaohe_web.corrections.changes import Change, Kind
from kaohe_web.corrections.effects import Effect, effect_of
from kaohe_web.corrections.facts import Facts, facts_of
from kaohe_web.engine.facts import Rows
from kaohe_web.engine.schemes import RatedItem, RecordKind, outline_of, people_fields, rated_items, record_kinds, value_fields
from kaohe_web.library.models import SchemeVersion
from kaohe_web.people.models import Right
from kaohe_web.people.standing import Standing
from kaohe_web.results.actions import published
from kaohe_web.results.models import Run
from kaohe_web.results.rows import rows_of
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.queries import round_for
from kaohe_web.rounds.stages import PUBLIC


@dataclass(frozen=True)
class Worded:
    """A change in words: whose, what, as it is and as it would be; a text, or a pair of both languages."""

    place: int
    whose: str
    what: object
    before: object
    after: object


@dataclass
class CorrectionPage:
    """The page on which a published round is put right."""

    round: Round
    run: Run
    people: list[tuple[str, str]]
    units: list[str]
    subject: str
    facts: Facts | None
    kinds: list[RecordKind]
    items: list[RatedItem]
    schemes: list[SchemeVersion]
    changes: Sequence[Change]
    worded: list[Worded] = field(default_factory=list)
    effect: Effect | None = None
    lines: dict[str, object] = field(default_factory=dict)
    is_behind: bool = False

    @property
    def name(self) -> str:
        """The name of whoever is being put right."""
        return dict(self.people).get(self.subject, self.subject)

    @property
    def next_version(self) -> int:
        """The number of the corrected version."""
        return (self.run.version or 0) + 1


def correction_page(standing: Standing, round_id: int, subject: str, changes: Sequence[Change]) -> CorrectionPage:
    """The facts of one subject, the changes so far, and what they would do to everybody."""
    round = round_for(standing, round_id)
    run = published(round)
    if run is None or round.stage not in PUBLIC or not standing.covers(round.unit_id, Right.HR):
        raise Http404
    rows = Rows.read(run.facts)
    people = [(str(row["id"]), str(row["name"])) for row in rows.tables.get("people", [])]
    units = sorted({str(row["subject"]) for row in rows.tables.get("values", [])} - {number for number, _ in people})
    known = subject in dict(people) or subject in units
    outline = outline_of(run.plan)
    page = CorrectionPage(
        round,
        run,
        people,
        units,
        subject if known else "",
        facts_of(run, subject) if known else None,
        record_kinds(run.plan),
        rated_items(run.plan, _role(rows, subject)) if subject in dict(people) else [],
        list(SchemeVersion.objects.filter(scheme=round.version.scheme_id).exclude(pk=round.version_id).defer("text", "plan")),
        changes,
        lines=dict(outline.pay),
    )
    page.worded = [worded(place, run, rows, change) for place, change in enumerate(changes)]
    page.effect = effect_of(run, changes) if changes else None
    page.is_behind = rows_of(round).digest != run.facts_digest
    return page


def _role(rows: Rows, subject: str) -> str:
    return next((str(row.get("role", "")) for row in rows.tables.get("people", []) if row["id"] == subject), "")


def worded(place: int, run: Run, rows: Rows, change: Change) -> Worded:
    """A change as a list tells it."""
    return _WORDS[Kind(change.kind)](place, run, rows, change)


def _value(place: int, run: Run, rows: Rows, change: Change) -> Worded:
    names = {one.key: one.name for one in value_fields(run.plan)}
    row = _row(rows, "values", "subject", change.subject)
    return Worded(place, change.subject, names.get(change.key, change.key), str(row.get(change.key, "")), change.text or TAKEN_OUT)


def _person(place: int, run: Run, rows: Rows, change: Change) -> Worded:
    names = {one.key: one.name for one in people_fields(run.plan)}
    row = _row(rows, "people", "id", change.subject)
    return Worded(place, change.subject, names.get(change.key, change.key), str(row.get(change.key, "")), change.text or TAKEN_OUT)


def _row(rows: Rows, table: str, column: str, key: object) -> Mapping[str, object]:
    return next((row for row in rows.tables.get(table, []) if row[column] == key), {})


def _withdraw(place: int, run: Run, rows: Rows, change: Change) -> Worded:
    row = _row(rows, "events", "#", change.number)
    kinds = {kind.key: kind.name for kind in record_kinds(run.plan)}
    what = kinds.get(str(row.get("type", "")), "")
    return Worded(place, str(row.get("subject", "")), what, str(row.get("at", "")) or COUNTS, LEFT_OUT)


def _record(place: int, run: Run, rows: Rows, change: Change) -> Worded:
    kinds = {kind.key: kind.name for kind in record_kinds(run.plan)}
    return Worded(place, change.subject, kinds.get(change.key, change.key), "", " ".join(change.cells.values()))


def _rating(place: int, run: Run, rows: Rows, change: Change) -> Worded:
    row = _row(rows, "ratings", "#", change.number)
    names = dict(outline_of(run.plan).items)
    item = str(row.get("item", ""))
    return Worded(place, str(row.get("subject", "")), names.get(item, item), str(row.get("score", "")), change.text or TAKEN_OUT)


def _late_rating(place: int, run: Run, rows: Rows, change: Change) -> Worded:
    names = dict(outline_of(run.plan).items)
    return Worded(place, change.subject, names.get(change.key, change.key), "", change.text)


def _scheme(place: int, run: Run, rows: Rows, change: Change) -> Worded:
    version = SchemeVersion.objects.filter(pk=change.number).first()
    number = 0 if version is None else version.number
    return Worded(place, "", SCHEME, str(run.round.version.number), str(number))


TAKEN_OUT, LEFT_OUT, COUNTS, SCHEME = (
    ("剔除", "taken out"),
    ("不计入", "left out"),
    ("计入", "counts"),
    ("方案版本", "version of the scheme"),
)
_WORDS = {
    Kind.VALUE: _value,
    Kind.PERSON: _person,
    Kind.WITHDRAW: _withdraw,
    Kind.RECORD: _record,
    Kind.RATING: _rating,
    Kind.LATE_RATING: _late_rating,
    Kind.SCHEME: _scheme,
}


# --- what a form adds -----------------------------------------------------------------------------


def late(form: QueryDict, subject: str, kinds: Iterable[RecordKind]) -> list[Change]:
    """Records and ratings that came late, as a form gives them; another version of the scheme."""
    found = [change for kind in kinds for change in _late_record(form, subject, kind)]
    if form.get("late|score", "").strip() and subject:
        cells = {"relation": form.get("late|relation", "").strip(), "rater": form.get("late|rater", "").strip()}
        item, text = form.get("late|item", ""), form.get("late|score", "").strip()
        found.append(
            Change(Kind.LATE_RATING, subject=subject, key=item, text=text, cells={name: one for name, one in cells.items() if one})
        )
    if (version := form.get("scheme", "")).isdecimal():
        found.append(Change(Kind.SCHEME, number=int(version)))
    return found


def _late_record(form: QueryDict, subject: str, kind: RecordKind) -> list[Change]:
    names = ["at", *(one.key for one in kind.fields)]
    cells = {name: text for name in names if (text := form.get(f"new|{kind.key}|{name}", "").strip())}
    return [Change(Kind.RECORD, subject=subject, key=kind.key, cells=cells)] if cells and subject else []


def merged(changes: Iterable[Change], more: Iterable[Change]) -> list[Change]:
    """Changes with others added: what concerns the same fact again takes the place of what was said before."""
    found: dict[object, Change] = {}
    for place, change in enumerate([*changes, *more]):
        adds = change.kind in (Kind.RECORD, Kind.LATE_RATING)
        found[place if adds else (change.kind, change.number or (change.subject, change.key))] = change
    return list(found.values())
