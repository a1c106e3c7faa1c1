"""Reading records, by whom: one's own, one's team's, everybody's for HR and the auditor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from kaohe_web.collect.models import Record
from kaohe_web.engine.schemes import Field, RecordKind, record_kinds
from kaohe_web.people.models import Right
from kaohe_web.people.standing import Standing
from kaohe_web.rounds.models import Participant, Round
from kaohe_web.rounds.queries import round_for
from kaohe_web.rounds.stages import OPEN
from kaohe_web.site.language import language, say

READS = (Right.LEAD, Right.MANAGER, Right.HR, Right.AUDITOR)
WRITES = (Right.LEAD, Right.MANAGER)
PAGE = 50


@dataclass(frozen=True)
class Row:
    """One record as the list shows it."""

    record: Record
    name: str
    kind: str
    words: str
    may_withdraw: bool


@dataclass
class RecordsPage:
    """A round's records that the user may see, and what she may record."""

    round: Round
    kinds: list[RecordKind]
    rows: list[Row]
    page: Page[Record]
    counts: list[tuple[str, str, int]]
    all: int
    withdrawn: int
    people: list[Participant] = field(default_factory=list)
    person: str = ""
    kind: str = ""
    day: str = ""
    leads: bool = False

    @property
    def is_bounded(self) -> bool:
        """Whether every kind of record is of the period."""
        return all(kind.in_period for kind in self.kinds)

    @property
    def may_record(self) -> bool:
        """Whether the user may record something of somebody now."""
        return self.round.stage in OPEN and bool(self.people) and bool(self.kinds)


def records_for(standing: Standing, round: Round) -> QuerySet[Record]:
    """The round's records that the user may see: HR's and the auditor's all, a lead's her people's, anybody's her own."""
    records = Record.objects.filter(round=round)
    if standing.covers(round.unit_id, Right.HR, Right.AUDITOR):
        return records
    units = standing.units(*READS)
    if units is None:
        return records
    mine = Q(subject__in=round.participants.filter(unit_id__in=units).values("person__number"))
    if standing.person is not None:
        mine |= Q(subject=standing.person.number)
    return records.filter(mine)


def writable(standing: Standing, round: Round) -> QuerySet[Participant]:
    """Of whom the user may record something: her people, never herself."""
    people = round.participants.select_related("person", "unit").order_by("unit__code", "person__number")
    if standing.person is not None:
        people = people.exclude(person=standing.person)
    if standing.covers(round.unit_id, Right.HR):
        return people
    units = standing.units(*WRITES)
    return people if units is None else people.filter(unit_id__in=units)


def records_page(standing: Standing, round_id: int, asked: Mapping[str, str]) -> RecordsPage:
    """The list of records, filtered as the user asked."""
    round = round_for(standing, round_id)
    seen = records_for(standing, round)
    people = list(writable(standing, round))
    leads = standing.has(*READS)
    if not leads and not round.participants.filter(person=standing.person).exists():
        raise Http404
    kinds = record_kinds(round.version.plan)
    asked_for = _asked(seen, asked)
    page = Paginator(asked_for.select_related("by__person").order_by("-day", "-id"), PAGE).get_page(asked.get("page"))
    rows = _rows(standing, round, kinds, list(page), {one.person.number for one in people})
    found = RecordsPage(round, kinds, rows, page, _counts(seen, kinds), seen.count(), seen.filter(withdrawn=True).count(), people)
    found.person, found.leads = asked.get("person", ""), leads
    found.kind = asked.get("kind", "") or (kinds[0].key if kinds else "")
    found.day = min(max(timezone.localdate(), round.start), round.end).isoformat()
    return found


def _asked(records: QuerySet[Record], asked: Mapping[str, str]) -> QuerySet[Record]:
    """Those that the filters leave."""
    if asked.get("kind"):
        records = records.filter(kind=asked["kind"])
    if asked.get("show") == "withdrawn":
        records = records.filter(withdrawn=True)
    word = asked.get("person", "").strip()
    return records.filter(Q(subject__iexact=word) | Q(subject__in=_named(word))) if word else records


def _named(word: str) -> QuerySet[Participant]:
    return Participant.objects.filter(person__name__icontains=word).values("person__number")


def _counts(seen: QuerySet[Record], kinds: list[RecordKind]) -> list[tuple[str, str, int]]:
    """How many there are of each kind, withdrawn ones included."""
    counts = dict(seen.order_by().values_list("kind").annotate(Count("id")))
    return [(kind.key, kind.name.tell(language()), counts.get(kind.key, 0)) for kind in kinds]


def _rows(standing: Standing, round: Round, kinds: list[RecordKind], records: list[Record], mine: set[str]) -> list[Row]:
    known = {kind.key: kind for kind in kinds}
    names = dict(
        round.participants.filter(person__number__in={one.subject for one in records}).values_list("person__number", "person__name")
    )
    is_open, hr = round.stage in OPEN, standing.covers(round.unit_id, Right.HR)
    return [
        Row(
            one,
            names.get(one.subject, one.subject),
            known[one.kind].name.tell(language()) if one.kind in known else one.kind,
            words_of(one, known.get(one.kind)),
            is_open and one.subject in mine and not one.withdrawn and (hr or one.by_id == standing.user.id),
        )
        for one in records
    ]


def words_of(record: Record, kind: RecordKind | None) -> str:
    """What a record says, its columns by name."""
    fields = {field.key: field for field in kind.fields} if kind else {}
    told = [_told(fields.get(key), key, str(cell)) for key, cell in record.cells.items()]
    return say("；", "; ").join(told)


def _told(field: Field | None, key: str, cell: str) -> str:
    if field is None:
        return f"{key} {cell}"
    word = dict(field.words).get(cell)
    if field.kind == "yes_no":
        return f"{field.name.tell(language())}{say('：', ': ')}{say('是', 'yes') if cell in ('yes', '是') else say('否', 'no')}"
    return f"{field.name.tell(language())}{say('：', ': ')}{word.tell(language()) if word is not None else cell}"


def evidence_of(standing: Standing, round_id: int, record_id: int) -> Record:
    """A record with a file that the user may see; else it is not there."""
    found = records_for(standing, round_for(standing, round_id)).filter(pk=record_id).exclude(evidence="").first()
    if found is None:
        raise Http404
    return found
