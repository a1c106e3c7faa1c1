"""Writing everybody's scorecard and explanation: long work, done by a worker after a preview was scored."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django_tasks import task

from kaohe_web.engine.facts import Rows
from kaohe_web.engine.scoring import LANGUAGES, Scored, pack, score_rows
from kaohe_web.results.models import Card, Run
from kaohe_web.results.rows import earlier_of

BATCH = 500


@task()
def tell(run_id: int) -> None:
    """The cards of a preview; a run that has them, or that is gone by now, is left alone. Begun again, it begins anew."""
    run = Run.objects.select_related("round__version", "round__unit").filter(pk=run_id, told=False, version__isnull=True).first()
    if run is None:
        return
    scored, _ = score_rows(run.plan, Rows.read(run.facts))
    if scored is not None:
        tell_cards(run, scored)


def tell_cards(run: Run, scored: Scored, ways: bool = True) -> None:
    """Everybody's card in both languages: all of them or none."""
    cards = _cards(run, scored, ways)
    with transaction.atomic():
        Card.objects.filter(result__run=run).delete()
        Card.objects.bulk_create(cards, batch_size=BATCH)
        Run.objects.filter(pk=run.pk).update(told=True)


def _cards(run: Run, scored: Scored, ways: bool) -> list[Card]:
    results = dict(run.results.values_list("subject", "id"))
    earlier, cards = earlier_of(run.round), []
    for language in LANGUAGES:
        told = scored.told(language, settings.COMPANY, earlier, provisional=False, ways=ways)
        for subject in told.subjects():
            body, money = told.card(subject)
            cards.append(Card(result_id=results[subject], language=language, body=pack(body), money=pack(money)))
    return cards
