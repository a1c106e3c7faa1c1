"""Reading schemes: what was taken in, what the library holds, one version by whoever may read it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.http import Http404

from kaohe_web.engine.regulation import Shelved, shelves
from kaohe_web.library.models import Scheme, SchemeVersion
from kaohe_web.people.models import Right
from kaohe_web.people.standing import Standing
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.queries import rounds_for


@dataclass(frozen=True)
class Taken:
    """A scheme that was taken in: its newest version, how many there are, how many rounds use it."""

    scheme: Scheme
    newest: SchemeVersion
    versions: int
    rounds: int


def taken_in() -> list[Taken]:
    """Every scheme that was taken in."""
    rounds = dict(Round.objects.values_list("version__scheme_id").annotate(Count("id")).order_by())
    newest: dict[int, SchemeVersion] = {}
    counts: dict[int, int] = {}
    for version in SchemeVersion.objects.select_related("by__person").defer("text", "plan").order_by("scheme_id", "-number"):
        newest.setdefault(version.scheme_id, version)
        counts[version.scheme_id] = counts.get(version.scheme_id, 0) + 1
    return [Taken(one, newest[one.id], counts[one.id], rounds.get(one.id, 0)) for one in Scheme.objects.filter(pk__in=newest)]


def shelf(words: str) -> list[tuple[Shelved, bool]]:
    """The schemes of the library that match, each with whether it was taken in."""
    known = set(Scheme.objects.values_list("code", flat=True))
    return [(one, one.code in known) for one in shelves() if one.matches(words)]


def version_for(standing: Standing, version_id: int) -> SchemeVersion:
    """A version that the user may read: HR and the auditor any, others those of their rounds; else it is not there."""
    found = SchemeVersion.objects.select_related("scheme", "by__person").filter(pk=version_id).first()
    if found is None or not (standing.has(Right.HR, Right.AUDITOR) or rounds_for(standing).filter(version=found).exists()):
        raise Http404
    return found


def versions_of(version: SchemeVersion) -> QuerySet[SchemeVersion]:
    """All versions of a scheme, the newest first."""
    return version.scheme.versions.select_related("by__person").defer("text", "plan")
