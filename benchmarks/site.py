"""What the site's pages and acts cost with 2,000 people and 12 rounds, beside a bare Django view of the same HTML, in one run.

    python benchmarks/site.py [out/bench/site.json] [--people 2000] [--rounds 12]

The bare views take the same rows by one plain query and render the same template, without sign-in, rights or the frame's
questions. Pages are asked through Django's own client, medians of 15 in wall milliseconds; acts are wall seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

HOME = tempfile.TemporaryDirectory(prefix="kaohe-bench-")
os.environ.update(KAOHE_HOME=HOME.name, DJANGO_SETTINGS_MODULE="kaohe_web.settings", KAOHE_HOSTS="testserver")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.core.paginator import Paginator  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.utils import timezone  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from kaohe_web.collect.models import Rating, ValueEntry  # noqa: E402
from kaohe_web.engine.facts import Rows  # noqa: E402
from kaohe_web.engine.schemes import library_texts  # noqa: E402
from kaohe_web.engine.scoring import score_rows, unpack  # noqa: E402
from kaohe_web.library.actions import take_in  # noqa: E402
from kaohe_web.people.models import Grant, Person, Posting, Right, Unit, User  # noqa: E402
from kaohe_web.results.actions import _keep, publish  # noqa: E402
from kaohe_web.results.cards import shown  # noqa: E402
from kaohe_web.results.models import Card, Result  # noqa: E402
from kaohe_web.results.queries import CardPage  # noqa: E402
from kaohe_web.results.rows import rows_of  # noqa: E402
from kaohe_web.results.telling import tell_cards  # noqa: E402
from kaohe_web.rounds.models import Approval, Participant, Round  # noqa: E402
from kaohe_web.rounds.stages import Stage  # noqa: E402

WEIGHTS = {
    "first_response": "9",
    "first_contact": "11",
    "handling_time": "10",
    "reopen": "10",
    "csat": "16",
    "advocacy": "8",
    "complaint": "6",
    "ticket_compliance": "6",
    "attitude": "6",
    "collaboration": "6",
    "training": "7",
    "sharing": "5",
}
ASKED = 15
Row = dict[str, Any]


def values_of(place: int) -> dict[str, str]:
    """One person's figures, other ones for each."""
    return {
        "first_response_seconds": str(40 + place % 300), "first_contact_resolved": str(10 + place % 10), "tickets": "20", "handling_hours": str(20 + place % 60),
        "reopened": str(place % 4), "closed": "40", "csat_mean": f"{3 + place % 3}.{place % 10}" if place % 3 < 2 else "5", "positive": str(20 + place % 11), "responses": "30",
        "complaints": str(place % 3), "services": "60", "compliant": str(8 + place % 3), "sampled": "10", "collab_on_time": "8", "collab_total": "8", "attended": "3", "required": "3",
        "passed": "1", "sat": "1", "contributions": str(place % 3),
    }  # fmt: skip


def fill(people: int, rounds: int) -> Round:
    """A department and its rounds, the last of them open with all its facts."""
    unit = Unit.objects.create(code="AS", name="售后部")
    hr = User.objects.create_user("hr", password=None)
    Grant.objects.create(user=hr, right=Right.HR, since=date(2020, 1, 1))
    version, _ = take_in(library_texts()["after-sales-weight-ranges"].read_text(encoding="utf-8"), hr)
    everybody = Person.objects.bulk_create(Person(number=f"A{place:05}", name=f"员工{place:05}") for place in range(people))
    Posting.objects.bulk_create(Posting(person=one, unit=unit, role="after_sales", since=date(2020, 1, 1)) for one in everybody)
    found = [
        Round.objects.create(
            name=f"售后部2026年{month}月",
            version=version,
            unit=unit,
            start=date(2026, month, 1),
            end=date(2026, month, 28),
            config={"weights": WEIGHTS},
            by=hr,
            stage=Stage.SCORED,
        )
        for month in range(1, rounds + 1)
    ]
    for one in found:
        Participant.objects.bulk_create(Participant(round=one, person=person, unit=unit, role="after_sales") for person in everybody)
    last = found[-1]
    ValueEntry.objects.bulk_create(
        (
            ValueEntry(round=last, subject=f"A{place:05}", key=key, text=text, by=hr)
            for place in range(people)
            for key, text in values_of(place).items()
        ),
        batch_size=5000,
    )
    Rating.objects.bulk_create(
        (
            Rating(round=last, item="attitude", subject=f"A{place:05}", rater="boss", relation="superior", text=str(60 + place % 41), by=hr)
            for place in range(people)
        ),
        batch_size=5000,
    )
    Approval.objects.create(round=last, step=1, approver=everybody[0])
    return last


def seconds(act: Callable[[], Any]) -> tuple[float, Any]:
    """Wall seconds of one act, and what it gave."""
    start = time.perf_counter()
    found = act()
    return time.perf_counter() - start, found


def asked(act: Callable[[], Any]) -> float:
    """Milliseconds of a page, the median of some."""
    act()
    return statistics.median(seconds(act)[0] for _ in range(ASKED)) * 1000


def acts(last: Round, hr: User) -> tuple[list[Row], Any]:
    """Scoring a round from its facts, telling its cards, publishing it."""
    took, scored = seconds(lambda: score_rows(last.version.plan, rows_of(last))[0])
    assert scored is not None
    kept, run = seconds(lambda: _keep(hr, last, scored, last.version.plan))
    told, _ = seconds(lambda: tell_cards(run, scored, ways=False))
    Round.objects.filter(pk=last.pk).update(stage=Stage.APPROVED)
    published, _ = seconds(lambda: publish(hr, last))
    return [
        {"what": "score the round from its facts and keep the figures", "seconds": took + kept, "limit": 3},
        {"what": "write everybody's cards and explanations, two languages (in the background)", "seconds": told},
        {"what": "publish (recomputed first)", "seconds": published, "limit": 5},
    ], run


def others(last: Round, run: Any) -> None:
    """The same figures in the earlier rounds, so that every table is as full as after a year."""
    results = list(run.results.all())
    for one in Round.objects.exclude(pk=last.pk):
        copy = type(run).objects.create(
            round=one,
            at=timezone.now(),
            by=run.by,
            plan=run.plan,
            facts=Rows("2026-01-01", "2026-01-28").write(),
            engine=run.engine,
            facts_digest="",
            results_digest="",
            complete=len(results),
            incomplete=0,
            others=0,
            told=True,
        )
        people = {participant.person.number: participant.id for participant in one.participants.select_related("person")}
        Result.objects.bulk_create(
            (
                Result(
                    run=copy,
                    subject=r.subject,
                    name=r.name,
                    participant_id=people[r.subject],
                    status=r.status,
                    total=r.total,
                    shown=r.shown,
                    key=r.key,
                    items=r.items,
                )
                for r in results
            ),
            batch_size=1000,
        )


def pages(last: Round, run: Any) -> list[Row]:
    """The list and the scorecard, beside bare views of the same HTML."""
    client = Client()
    client.force_login(User.objects.get(username="hr"), backend="django.contrib.auth.backends.ModelBackend")
    factory, user = RequestFactory(), User.objects.get(username="hr")
    list_path, card_path = f"/rounds/{last.id}/people/", f"/rounds/{last.id}/cards/A00007/"
    assert client.get(list_path).status_code == client.get(card_path).status_code == 200

    def bare(path: str, template: str, context: Callable[[], dict[str, Any]]) -> bytes:
        request = factory.get(path)
        request.user = user
        return bytes(render(request, template, context()).content)

    def list_rows() -> dict[str, Any]:
        rows = run.results.select_related("participant__unit").prefetch_related("pay").order_by("key", "subject")
        return {"round": last, "run": run, "page": Paginator(rows, 50).get_page(1), "money": True, "asked": {}}

    def card_rows() -> dict[str, Any]:
        result = run.results.select_related("participant__unit", "run__round").get(subject="A00007")
        card = Card.objects.get(result=result, language="zh")
        page = CardPage(result, run, last, unpack(card.body), unpack(card.money), False, True, run, [run])
        return {"page": page, "card": shown(page), "deadline": None}

    made = {"list": (list_path, "rounds/people.html", list_rows, 1.5), "scorecard": (card_path, "results/card.html", card_rows, 2)}
    return [
        {"what": name, "ms": ours, "bare_ms": plain, "ratio": ours / plain, "limit": limit}
        for name, (path, template, context, limit) in made.items()
        for ours, plain in [
            (
                asked(lambda path=path: client.get(path)),
                asked(lambda path=path, template=template, context=context: bare(path, template, context)),
            )
        ]
    ]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", nargs="?", type=Path)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=12)
    chosen = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    last = fill(chosen.people, chosen.rounds)
    done, run = acts(last, User.objects.get(username="hr"))
    others(last, run)
    found = {
        "people": chosen.people,
        "rounds": chosen.rounds,
        "acts": done,
        "pages": pages(Round.objects.get(pk=last.pk), type(run).objects.get(pk=run.pk)),
    }
    table = Table("what", "ours", "bare", "ratio", "at most")
    for row in done:
        table.add_row(row["what"], f"{row['seconds']:.2f} s", "", "", f"{row['limit']} s" if "limit" in row else "")
    for row in found["pages"]:
        table.add_row(row["what"], f"{row['ms']:.1f} ms", f"{row['bare_ms']:.1f} ms", f"{row['ratio']:.2f}", f"{row['limit']}")
    Console(file=sys.stdout).print(table)
    if chosen.out:
        chosen.out.parent.mkdir(parents=True, exist_ok=True)
        chosen.out.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
