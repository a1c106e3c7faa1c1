"""Who owes something at the stage that a round is at: the one list behind reminders and the round's page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from kaohe_web.collect.models import Duty, Rating
from kaohe_web.people.models import Grant, Person, Right, during
from kaohe_web.people.standing import standing_of
from kaohe_web.results.models import Result
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.stages import OPEN, Stage


@dataclass(frozen=True)
class Owed:
    """Somebody who owes something: what kind, how many, where it is done."""

    person: Person
    kind: str
    link: str
    count: int = 1


def owing(round: Round) -> list[Owed]:
    """Everybody who owes something now, in the order of work numbers."""
    return sorted(_owing(round), key=lambda one: one.person.number)


def _owing(round: Round) -> Iterator[Owed]:
    if round.stage == Stage.AGREEING:
        for one in round.participants.filter(signed_at__isnull=True).select_related("person"):
            yield Owed(one.person, "sign", f"/rounds/{round.id}/goals/")
    if round.stage in OPEN:
        yield from _raters(round)
    if round.stage == Stage.REVIEWING:
        turn = round.approvals.filter(decided_at__isnull=True).select_related("approver").order_by("step").first()
        if turn is not None:
            yield Owed(turn.approver, "approve", f"/rounds/{round.id}/")
    if round.stage == Stage.APPROVED:
        for person in hr_of(round):
            yield Owed(person, "publish", f"/rounds/{round.id}/")
    if round.stage == Stage.CONFIRMING:
        yield from _readers(round)


def _raters(round: Round) -> Iterator[Owed]:
    """Raters with ratings that are not given, and how many."""
    given = set(Rating.objects.filter(round=round, counts=True).values_list("item", "subject", "rater"))
    left: dict[int, list[Duty]] = {}
    for duty in Duty.objects.filter(round=round).select_related("rater", "subject__person"):
        if (duty.item, duty.subject.person.number, duty.rater.number) not in given:
            left.setdefault(duty.rater_id, []).append(duty)
    for duties in left.values():
        yield Owed(duties[0].rater, "rate", "/rate/", len(duties))


def _readers(round: Round) -> Iterator[Owed]:
    """Those who have not confirmed their results, in the version in force."""
    last = round.runs.filter(version__isnull=False).order_by("-version").first()
    if last is None:
        return
    waiting = Result.objects.filter(run=last, participant__isnull=False, acknowledgement__isnull=True, appeals__isnull=True)
    for result in waiting.select_related("participant__person"):
        yield Owed(result.participant.person, "confirm", f"/rounds/{round.id}/card/")


def hr_of(round: Round) -> list[Person]:
    """HR of the round's unit."""
    grants = Grant.objects.filter(during(timezone.localdate()), right=Right.HR)
    users = {grant.user_id: grant.user for grant in grants.select_related("user__person") if grant.user.is_active}
    return [user.person for user in users.values() if user.person is not None and standing_of(user).covers(round.unit_id, Right.HR)]
