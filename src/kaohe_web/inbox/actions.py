"""Telling people what waits for them, in the product and by letter; never with figures."""

from __future__ import annotations

from collections.abc import Iterable

from kaohe_web.inbox.models import Notice
from kaohe_web.people.models import Person
from kaohe_web.rounds.models import Round


def notify(people: Iterable[Person], kind: str, link: str, round: Round | None = None) -> None:
    """One notice each; somebody who has the same one unread gets no second."""
    people = list(people)
    waiting = set(Notice.objects.filter(person__in=people, kind=kind, link=link, read_at__isnull=True).values_list("person_id", flat=True))
    Notice.objects.bulk_create(Notice(person=person, kind=kind, link=link, round=round) for person in people if person.id not in waiting)
