"""The rows of a round that scoring looks at, gathered from where they were entered."""

from __future__ import annotations

from django.db.models import Q

from kaohe_web.engine.facts import NUMBER, Row, Rows
from kaohe_web.engine.scoring import Earlier
from kaohe_web.results.models import Run
from kaohe_web.rounds.models import Round


def rows_of(round: Round) -> Rows:
    """The round's facts as they stand, every row with its number."""
    tables = {
        "people": _people(round),
        "values": _values(round),
        "ratings": _ratings(round),
        "events": _records(round),
        "history": _history(round),
    }
    return Rows(round.start.isoformat(), round.end.isoformat(), round.config, {kind: rows for kind, rows in tables.items() if rows})


def _people(round: Round) -> list[Row]:
    return [
        {NUMBER: one.id, "id": one.person.number, "name": one.person.name, "role": one.role, **one.attributes}
        for one in round.participants.select_related("person").order_by("person__number")
    ]


def _values(round: Round) -> list[Row]:
    """One row a subject, as people write them; its number is that of the first entry."""
    rows: dict[str, Row] = {}
    for entry in round.values.order_by("subject", "key"):
        rows.setdefault(entry.subject, {NUMBER: entry.id, "subject": entry.subject})[entry.key] = entry.text
    return list(rows.values())


def _ratings(round: Round) -> list[Row]:
    found = round.ratings.filter(counts=True).order_by("subject", "item", "relation", "rater")
    return [
        {
            NUMBER: one.id,
            "item": one.item,
            "subject": one.subject,
            "rater": one.rater,
            **({"relation": one.relation} if one.relation else {}),
            **({"call": one.call} if one.call else {}),
            "score": one.text,
            **one.more,
        }
        for one in found
    ]


def _records(round: Round) -> list[Row]:
    found = round.records.filter(withdrawn=False).order_by("kind", "id")
    return [
        {NUMBER: one.id, "type": one.kind, "subject": one.subject, **({"at": one.day} if one.day else {}), **one.cells} for one in found
    ]


def earlier_runs(round: Round) -> list[Run]:
    """The published results of earlier periods under the same scheme, the last version of each, the oldest first."""
    runs = Run.objects.filter(
        round__version__scheme=round.version.scheme_id, round__unit=round.unit_id, round__end__lt=round.start, version__isnull=False
    )
    latest: dict[int, Run] = {}
    for run in runs.filter(~Q(round=round.id)).select_related("round").order_by("round__end", "version"):
        latest[run.round_id] = run
    return list(latest.values())


def _history(round: Round) -> list[Row]:
    """Earlier periods as the scheme may ask for them."""
    rows: list[Row] = []
    for run in earlier_runs(round):
        results = list(run.results.all())
        worst = max((one.rank for one in results if one.rank is not None), default=None)
        rows += [_past(run, one, worst) for one in results]
    return rows


def _past(run: Run, result: object, worst: int | None) -> Row:
    told = {name: getattr(result, name) for name in ("total", "grade", "rank", "of")}
    last = {} if result.rank is None else {"last": "yes" if result.rank == worst else "no"}  # type: ignore[attr-defined]
    return {
        NUMBER: result.id,  # type: ignore[attr-defined]
        "subject": result.subject,  # type: ignore[attr-defined]
        "period_end": run.round.end.isoformat(),
        "status": result.status,  # type: ignore[attr-defined]
        **{name: str(value) for name, value in told.items() if value not in (None, "")},
        **last,
    }


def earlier_of(round: Round) -> list[Earlier]:
    """Earlier totals and grades, for a trend."""
    return [
        Earlier(
            run.round.start,
            run.round.end,
            {one.subject: one.total for one in run.results.all() if one.total},
            {one.subject: one.grade for one in run.results.all() if one.grade},
        )
        for run in earlier_runs(round)
    ]
