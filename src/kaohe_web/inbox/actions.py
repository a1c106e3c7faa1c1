"""Telling people what waits for them, in the product and by letter; never with figures."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from kaohe_web.inbox.models import Notice
from kaohe_web.people.models import Person, User
from kaohe_web.rounds.models import Round
from kaohe_web.site.refusals import Forbidden


def notify(people: Iterable[Person], kind: str, link: str, round: Round | None = None) -> None:
    """One notice each; somebody who has the same one unread gets no second."""
    people = list(people)
    waiting = set(Notice.objects.filter(person__in=people, kind=kind, link=link, read_at__isnull=True).values_list("person_id", flat=True))
    Notice.objects.bulk_create(Notice(person=person, kind=kind, link=link, round=round) for person in people if person.id not in waiting)


def settle(person: Person, round: Round, *kinds: str) -> None:
    """What somebody was asked for and has done waits for her no more."""
    Notice.objects.filter(person=person, round=round, kind__in=kinds, read_at__isnull=True).update(read_at=timezone.now())


@transaction.atomic
def read(by: User, notice_id: int) -> Notice:
    """One's own notice, read now."""
    found = None if by.person is None else Notice.objects.select_for_update().filter(pk=notice_id, person=by.person).first()
    if found is None:
        raise Forbidden
    if found.read_at is None:
        found.read_at = timezone.now()
        found.save()
    return found


@transaction.atomic
def read_all(by: User) -> int:
    """All of one's own notices, read now; returns how many were not."""
    if by.person is None:
        raise Forbidden
    return Notice.objects.filter(person=by.person, read_at__isnull=True).update(read_at=timezone.now())
