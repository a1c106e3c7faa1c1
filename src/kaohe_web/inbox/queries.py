"""Reading one's inbox."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from kaohe_web.inbox.models import Notice
from kaohe_web.inbox.owing import Owed, owing
from kaohe_web.people.standing import Standing
from kaohe_web.rounds.models import Round


def notices_of(standing: Standing, only_unread: bool = False) -> QuerySet[Notice]:
    """The user's notices, the newest first."""
    found = Notice.objects.select_related("round").order_by("-at", "-id")
    if standing.person is None:
        return found.none()
    found = found.filter(person=standing.person)
    return found.filter(read_at__isnull=True) if only_unread else found


@dataclass(frozen=True)
class Waiting:
    """Somebody who owes something, and when she was last told."""

    owed: Owed
    told: object


def waiting_for(round: Round) -> list[Waiting]:
    """Who owes something in a round, each with when she was last told."""
    last = {
        (person, kind): at for person, kind, at in Notice.objects.filter(round=round).order_by("at").values_list("person_id", "kind", "at")
    }
    return [Waiting(one, last.get((one.person.id, one.kind))) for one in owing(round)]
