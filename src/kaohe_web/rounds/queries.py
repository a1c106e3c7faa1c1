"""Reading rounds, by whom: what is not the user's to see is not found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from kaohe_web.appeals.models import Appeal
from kaohe_web.audit.models import Entry
from kaohe_web.collect.models import Duty, Rating
from kaohe_web.inbox.queries import Waiting, waiting_for
from kaohe_web.inbox.words import KINDS
from kaohe_web.library.models import Scheme, SchemeVersion
from kaohe_web.people.models import Person, Right
from kaohe_web.people.standing import Standing
from kaohe_web.results.models import PayLine, Result, Run
from kaohe_web.rounds.actions import appeal_ends
from kaohe_web.rounds.blockers import Blocker, blockers_of
from kaohe_web.rounds.models import Approval, Deadline, Round
from kaohe_web.rounds.stages import ORDER, PUBLIC, Stage, is_past

READERS = (Right.HR, Right.AUDITOR, Right.MANAGER, Right.LEAD, Right.FINANCE)
BOARD = (Right.HR, Right.AUDITOR)


def rounds_for(standing: Standing) -> QuerySet[Round]:
    """Rounds that the user may open: those of units that her rights reach, those she approves, those she takes part in."""
    rounds = Round.objects.select_related("version__scheme", "unit").defer("version__plan", "version__text")
    units = standing.units(*READERS)
    if units is None:
        return rounds
    mine = Q(unit_id__in=units) | Q(participants__unit_id__in=units)
    if standing.person is not None:
        mine |= Q(participants__person=standing.person) | Q(approvals__approver=standing.person)
    return rounds.filter(mine).distinct()


def round_for(standing: Standing, round_id: int) -> Round:
    """A round that the user may open; else it is not there."""
    found = rounds_for(standing).filter(pk=round_id).first()
    if found is None:
        raise Http404
    return found


def managed_round(standing: Standing, round_id: int, *rights: str) -> Round:
    """A round that one of these rights reaches, or that the user approves; else it is not there."""
    found = round_for(standing, round_id)
    if standing.covers(found.unit_id, *(rights or BOARD)) or _approves(standing, found):
        return found
    raise Http404


def hr_round(standing: Standing, round_id: int) -> Round:
    """A round whose HR the user is; else it is not there."""
    found = round_for(standing, round_id)
    if standing.covers(found.unit_id, Right.HR):
        return found
    raise Http404


def _approves(standing: Standing, round: Round) -> bool:
    return standing.person is not None and round.approvals.filter(approver=standing.person).exists()


def sees_money(standing: Standing, round: Round) -> bool:
    """Whether yuan of the round are the user's to see: by right, or as an approver of a step that pays."""
    if standing.sees_money_of(round.unit_id):
        return True
    return standing.person is not None and round.approvals.filter(approver=standing.person, sees_money=True).exists()


@dataclass(frozen=True)
class Step:
    """A stage in the bar of a round."""

    stage: str
    state: str
    at: datetime | None


def steps_of(round: Round) -> list[Step]:
    """The eight stages with their dates, the one that the round is at marked."""
    due = {one.stage: one.at for one in round.deadlines.all()}
    return [
        Step(stage, "now" if stage == round.stage else "past" if is_past(round.stage, stage) else "ahead", due.get(stage))
        for stage in ORDER
    ]


@dataclass(frozen=True)
class GradeCount:
    """How many have a grade, and what that would pay."""

    grade: str
    people: int
    fen: int | None


@dataclass(frozen=True)
class Mover:
    """Somebody whose total changed since the preview before."""

    subject: str
    name: str
    before: str
    after: str
    grade_before: str
    grade: str
    rose: bool | None


@dataclass
class RoundPage:
    """Everything on a round's page."""

    round: Round
    steps: list[Step]
    blockers: list[Blocker]
    run: Run | None
    published: Run | None
    grades: list[GradeCount] = field(default_factory=list)
    total_fen: int | None = None
    movers: list[Mover] = field(default_factory=list)
    unchanged: int = 0
    approvals: list[Approval] = field(default_factory=list)
    turn: Approval | None = None
    entries: list[Entry] = field(default_factory=list)
    waits: list[Waiting] = field(default_factory=list)
    due: Deadline | None = None
    kinds: Mapping[str, tuple[str, str]] = field(default_factory=lambda: KINDS)
    people: int = 0
    signed: int = 0
    warnings: list[tuple[str, str]] = field(default_factory=list)
    money: bool = False
    appeals_open: int = 0
    appeal_ends: datetime | None = None
    versions: list[Run] = field(default_factory=list)

    @property
    def is_late(self) -> bool:
        """Whether the stage should be over."""
        return self.due is not None and self.due.at < now()

    @property
    def unsigned(self) -> int:
        """How many have not signed."""
        return self.people - self.signed


def round_page(standing: Standing, round: Round) -> RoundPage:
    """A round as HR, an approver or an auditor sees it."""
    runs = list(round.runs.select_related("round").order_by("-id").defer("facts", "plan"))
    previews = [run for run in runs if run.version is None]
    versions = [run for run in runs if run.version is not None]
    run = versions[0] if versions and round.stage in PUBLIC else previews[0] if previews else None
    money = sees_money(standing, round)
    page = RoundPage(
        round, steps_of(round), blockers_of(round) if round.stage != Stage.CLOSED else [], run, versions[0] if versions else None
    )
    page.versions, page.money = versions, money
    page.approvals = list(round.approvals.select_related("approver", "run"))
    page.turn = next((one for one in page.approvals if one.decided_at is None), None) if round.stage == Stage.REVIEWING else None
    page.people = round.participants.count()
    page.signed = round.participants.filter(signed_at__isnull=False).count()
    page.entries = list(
        Entry.objects.filter(round_id=round.id).exclude(action="rating.give").select_related("content").order_by("-number")[:8]
    )
    page.due = deadline_of(round)
    page.waits = waiting_for(round) if standing.covers(round.unit_id, Right.HR) else []  # who rates is HR's to know
    page.appeal_ends = appeal_ends(round)
    page.appeals_open = Appeal.objects.filter(result__run__round=round, state=Appeal.State.OPEN).count()
    if run is not None:
        page.grades, page.total_fen = _grades(run, money)
        page.warnings = [(one.name, word) for one in run.results.exclude(warnings=[])[:20] for word in one.warnings]
    if run is not None and len(previews) > 1 and run is previews[0]:
        page.movers, page.unchanged = movers(previews[1], previews[0])
    return page


def _grades(run: Run, money: bool) -> tuple[list[GradeCount], int | None]:
    counts = dict(run.results.filter(status="assessed").values_list("grade").annotate(Count("id")).order_by())
    fen: dict[str, int] = {}
    if money:
        for grade, amount in PayLine.objects.filter(result__run=run, result__status="assessed").values_list("result__grade", "fen"):
            fen[grade] = fen.get(grade, 0) + amount
    found = [GradeCount(grade, people, fen.get(grade, 0) if money else None) for grade, people in sorted(counts.items())]
    return found, sum(fen.values()) if money else None


def movers(before: Run, after: Run) -> tuple[list[Mover], int]:
    """Whose total or grade changed between two runs, and how many stayed."""
    old = {one.subject: one for one in before.results.all()}
    found, same = [], 0
    for one in after.results.all():
        was = old.get(one.subject)
        if was is None or (was.total, was.grade, was.status) == (one.total, one.grade, one.status):
            same += 1
            continue
        rose = None if not was.total or not one.total or was.key is None or one.key is None else _rose(was.total, one.total)
        found.append(Mover(one.subject, one.name, was.shown or was.status, one.shown or one.status, was.grade, one.grade, rose))
    return found, same


def _rose(before: str, after: str) -> bool:
    return Fraction(after) > Fraction(before)


def owed_by(round: Round) -> list[tuple[str, int, int]]:
    """Who still owes ratings: name, how many are open, how many there are."""
    given = set(Rating.objects.filter(round=round).values_list("item", "subject", "rater"))
    open_by: dict[str, list[int]] = {}
    for name, number, item, subject in Duty.objects.filter(round=round).values_list(
        "rater__name", "rater__number", "item", "subject__person__number"
    ):
        counts = open_by.setdefault(name, [0, 0])
        counts[1] += 1
        counts[0] += (item, subject, number) not in given
    return [(name, left, of) for name, (left, of) in open_by.items() if left]


def deadline_of(round: Round) -> Deadline | None:
    """When the stage that the round is at should be over."""
    return round.deadlines.filter(stage=round.stage).first()


@dataclass
class Home:
    """What waits for somebody, and where her rounds stand."""

    rounds: list[Round]
    to_sign: list[Round] = field(default_factory=list)
    to_rate: int = 0
    to_approve: list[Round] = field(default_factory=list)
    published: list[Result] = field(default_factory=list)
    appeals: int = 0
    first: First | None = None

    @property
    def is_new(self) -> bool:
        """Whether the first round is still to come."""
        return self.first is not None


@dataclass(frozen=True)
class First:
    """How far an empty installation is: people, schemes, the database, letters."""

    people: int
    schemes: int
    version: int | None
    embedded: bool
    mails: bool
    since: date

    @property
    def step(self) -> int:
        """Which step comes next."""
        return 1 if not self.people else 2 if not self.schemes else 3


def first_steps() -> First:
    """What an empty installation has already."""
    newest = SchemeVersion.objects.order_by("-id").values_list("id", flat=True).first()
    today = timezone.localdate()
    return First(
        Person.objects.count(), Scheme.objects.count(), newest, connection.vendor == "sqlite", settings.MAILS, date(today.year, 1, 1)
    )


def home_of(standing: Standing) -> Home:
    """The first page of somebody."""
    home = Home(list(rounds_for(standing)[:12]))
    home.first = first_steps() if not home.rounds and standing.has(Right.HR) else None
    person = standing.person
    if person is not None:
        home.to_sign = list(Round.objects.filter(stage=Stage.AGREEING, participants__person=person, participants__signed_at__isnull=True))
        home.to_approve = [
            one.round
            for one in Approval.objects.filter(approver=person, decided_at__isnull=True, round__stage=Stage.REVIEWING).select_related(
                "round"
            )
        ]
        home.published = list(
            Result.objects.filter(
                participant__person=person,
                run__round__stage=Stage.CONFIRMING,
                run__version__isnull=False,
                acknowledgement__isnull=True,
                run__replaced_by__isnull=True,
            ).select_related("run__round")
        )
        home.to_rate = open_duties(standing)
    if standing.has(Right.HR):
        home.appeals = Appeal.objects.filter(state=Appeal.State.OPEN, result__run__round__in=rounds_for(standing)).count()
    return home


def open_duties(standing: Standing) -> int:
    """How many ratings the user still owes."""
    person = standing.person
    if person is None:
        return 0
    duties = Duty.objects.filter(rater=person, round__stage__in=(Stage.COLLECTING, Stage.SCORED)).values_list(
        "round_id", "item", "subject__person__number"
    )
    given = set(Rating.objects.filter(rater=person.number).values_list("round_id", "item", "subject"))
    return sum(duty not in given for duty in duties)


def now() -> datetime:
    """The moment of asking."""
    return timezone.now()
