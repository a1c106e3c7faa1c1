"""A round of three very different schemes on the site gives what the engine gives for the same facts, to the last digit and fen."""

from __future__ import annotations

from datetime import date

import pytest

from kaohe.cases import read_cases
from kaohe.checking import check_facts
from kaohe.exporting import exact_text
from kaohe.library import library_folder, read_library
from kaohe.problems import Problems
from kaohe.scoring import score
from kaohe_web.collect.models import Rating, Record, ValueEntry
from kaohe_web.engine.schemes import library_texts
from kaohe_web.library.actions import take_in
from kaohe_web.people.models import Attribute, Grant, Person, Posting, Right, Unit, User
from kaohe_web.results.actions import preview, publish, recomputed
from kaohe_web.results.models import Result, Run
from kaohe_web.results.telling import tell
from kaohe_web.rounds import actions
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.stages import Stage

SCHEMES = ("guoan-cs", "taobao-shop-cs", "after-sales-weight-ranges")
MOST = 12
SINCE = date(2000, 1, 1)


def usable(scheme: str):
    """Cases of the library whose facts are good and whose facts the site takes in rows: no history of its own."""
    plan = read_library(scheme)
    found = []
    for case in read_cases(library_folder() / scheme / "cases.yaml").cases:
        if case.expect_error is None and not any(table.size for table in case.facts.tables.get("history", ())) and case.facts.as_of is None:
            found.append(pytest.param(scheme, case, id=f"{scheme}-{case.name}"))
    assert plan is not None
    return found[:MOST]


def rows(case, kind):
    return [table.row(row) for table in case.facts.tables.get(kind, ()) for row in range(table.size)]


@pytest.fixture
def hr(db):
    user = User.objects.create_user("hr-of-three", person=Person.objects.create(number="HR3", name="三"))
    Grant.objects.create(user=user, right=Right.HR, since=SINCE)
    return user


def a_round(hr, scheme, case) -> Round:
    """The case's facts, entered as rows of a round."""
    version, read = take_in(library_texts()[scheme].read_text(encoding="utf-8"), hr)
    assert version is not None, read.problems
    unit = Unit.objects.create(code=f"U-{scheme}", name="组")
    for row in rows(case, "people"):
        person = Person.objects.create(number=str(row["id"]), name=str(row.get("name", row["id"])))
        Posting.objects.create(person=person, unit=unit, role=str(row.get("role", "")), since=SINCE)
        for key, text in row.items():
            if key not in ("id", "name", "role"):
                Attribute.objects.create(
                    person=person, key=key, text="、".join(map(str, text)) if isinstance(text, (list, tuple)) else str(text), since=SINCE
                )
    start, end = (date.fromisoformat(str(day)) for day in (case.facts.start, case.facts.end))
    found = Round.objects.create(
        name=case.name, version=version, unit=unit, start=start, end=end, config=dict(case.facts.config), by=hr, stage=Stage.COLLECTING
    )
    actions.take_people(hr, found)
    for row in rows(case, "values"):
        subject = str(row.pop("subject"))
        ValueEntry.objects.bulk_create(
            ValueEntry(round=found, subject=subject, key=key, text=str(text), by=hr) for key, text in row.items()
        )
    for row in rows(case, "ratings"):
        item, subject, rater, text = (str(row.pop(name, "")) for name in ("item", "subject", "rater", "score"))
        Rating.objects.create(
            round=found,
            item=item,
            subject=subject,
            rater=rater,
            text=text,
            relation=str(row.pop("relation", "")),
            call=str(row.pop("call", "")),
            more={k: str(v) for k, v in row.items()},
            by=hr,
        )
    for row in rows(case, "events"):
        kind, subject, day = (str(row.pop(name, "")) for name in ("type", "subject", "at"))
        Record.objects.create(round=found, kind=kind, subject=subject, day=day, cells={key: str(text) for key, text in row.items()}, by=hr)
    return found


@pytest.mark.parametrize(("scheme", "case"), [param for scheme in SCHEMES for param in usable(scheme)])
def test_a_round_on_the_site_gives_what_the_engine_gives(hr, scheme, case):
    plan = read_library(scheme)
    try:
        results = score(plan, check_facts(plan, case.facts))
    except Problems:
        pytest.fail("the case's facts are good")
    found = a_round(hr, scheme, case)
    run, told = preview(hr, found)
    assert told == []
    kept = {one.subject: one for one in Result.objects.filter(run=run).prefetch_related("pay")}
    assert set(kept) == set(results.subjects())
    for subject in results.subjects():
        card, row = results.scorecard(subject), kept[subject]
        assert (row.status, row.grade, row.rank) == (card.status, card.grade or "", card.rank)
        assert row.total == (exact_text(card.exact.get("total", card.total)) or "")
        assert {line.line: line.fen for line in row.pay.all()} == {
            name: int(amount * 100) for name, amount in card.pay.items() if amount is not None
        }


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_round_of_each_scheme_is_published_and_recomputes(hr, scheme):
    case = next(param.values[1] for param in usable(scheme))
    found = a_round(hr, scheme, case)
    run, _ = preview(hr, found)
    tell.call(run.id)
    Round.objects.filter(pk=found.pk).update(stage=Stage.APPROVED)
    if Run.objects.get(pk=run.pk).incomplete == 0:
        published = publish(hr, found)
        assert recomputed(published).digest == run.results_digest
