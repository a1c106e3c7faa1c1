"""Reading results, by whom: one's own, one's team's, everybody's; money by a right of its own."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from kaohe_web.engine.scoring import Data, unpack
from kaohe_web.people.models import Right
from kaohe_web.people.standing import Standing
from kaohe_web.results.models import Card, Result, Run
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.queries import sees_money
from kaohe_web.rounds.stages import PUBLIC, Stage
from kaohe_web.site.language import language

TEAM = (Right.LEAD, Right.MANAGER, Right.HR, Right.AUDITOR)
MAY_SEE_PROVISIONAL = (Stage.SCORED, Stage.REVIEWING, Stage.APPROVED)


def run_in_force(round: Round) -> Run | None:
    """What holds now: the last published version, or before publication the latest preview."""
    runs = round.runs.defer("facts", "plan")
    return (
        runs.filter(version__isnull=False).order_by("-version").first()
        or runs.filter(version__isnull=True, told=True).order_by("-id").first()
    )


def results_for(standing: Standing, round: Round, run: Run) -> QuerySet[Result]:
    """The results of a run that the user may see: her units', and always her own."""
    results = run.results.select_related("participant__unit")
    units = standing.units(*TEAM)
    if units is None or round.unit_id in units or _approves(standing, round):
        return results
    mine = results.filter(participant__unit_id__in=units)
    return mine if standing.person is None else mine | results.filter(participant__person=standing.person)


def _approves(standing: Standing, round: Round) -> bool:
    return standing.person is not None and round.approvals.filter(approver=standing.person).exists()


@dataclass(frozen=True)
class CardPage:
    """A scorecard as its page shows it."""

    result: Result
    run: Run
    round: Round
    card: Data
    money: Data | None
    is_own: bool
    is_published: bool
    latest: Run | None
    versions: list[Run]

    @property
    def is_superseded(self) -> bool:
        """Whether a later version corrected this one."""
        return self.is_published and self.latest is not None and self.latest.id != self.run.id


def card_page(standing: Standing, round: Round, subject: str, version: int | None = None) -> CardPage:
    """Somebody's scorecard; not there for who may not see it."""
    latest = run_in_force(round)
    run = latest if version is None else round.runs.filter(version=version).first()
    result = None if run is None else results_for(standing, round, run).filter(subject=subject).first()
    if run is None or result is None:
        raise Http404
    own = standing.person is not None and standing.person.number == subject
    kept = Card.objects.filter(result=result, language=language()).first()
    if kept is None:
        raise Http404
    money = unpack(kept.money) if own or sees_money(standing, round) else None
    versions = list(round.runs.filter(version__isnull=False).order_by("version").defer("facts", "plan"))
    return CardPage(result, run, round, unpack(kept.body), money, own, run.version is not None, latest, versions)


def cards_of(standing: Standing) -> list[Result]:
    """One's own results, the newest first: of each round what holds now."""
    if standing.person is None:
        return []
    results = (
        Result.objects.filter(participant__person=standing.person)
        .select_related("run__round__version__scheme")
        .order_by("-run__round__end", "-run__version", "-run_id")
    )
    latest: dict[int, Result] = {}
    for result in results:
        public = result.run.version is not None and result.run.round.stage in PUBLIC
        if public or (result.run.told and result.run.round.stage in MAY_SEE_PROVISIONAL):
            latest.setdefault(result.run.round_id, result)
    return list(latest.values())
