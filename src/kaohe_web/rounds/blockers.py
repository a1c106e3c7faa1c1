"""What stands in the way of a round's next step: each with whom it concerns, and where it is settled."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from kaohe_web.collect.models import SetAside
from kaohe_web.pay.models import PayEntry
from kaohe_web.results.models import PayLine, Result, Run
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.stages import Stage


@dataclass(frozen=True)
class Blocker:
    """One thing to settle first."""

    kind: str
    zh: str
    en: str
    whom: tuple[str, ...] = ()
    link: str = ""

    def tell(self, language: str) -> str:
        """The blocker in a language."""
        return self.en if language == "en" else self.zh


def blockers_of(round: Round) -> list[Blocker]:
    """Everything that keeps the round from approval, publication or closing, at whichever of these it stands."""
    if round.stage == Stage.CONFIRMING:
        return [*_appeals(round), *_unpaid(round)]
    latest = latest_preview(round)
    return [*_running(round), *_set_aside(round), *_stale(round, latest), *_incomplete(round, latest)]


def latest_preview(round: Round) -> Run | None:
    """The last scoring that was not published."""
    return round.runs.filter(version__isnull=True).order_by("-id").first()


def _set_aside(round: Round) -> list[Blocker]:
    rows = list(SetAside.objects.filter(source__round=round, state=SetAside.State.OPEN).exclude(source__state__in=("undone", "preview")))
    if not rows:
        return []
    whom = tuple(sorted({row.subject for row in rows if row.subject}))
    return [
        Blocker(
            "set_aside",
            f"{len(rows)} 行被搁置，未收入",
            f"{len(rows)} rows are set aside and not in",
            whom,
            f"/rounds/{round.id}/problems/",
        )
    ]


def _running(round: Round) -> list[Blocker]:
    """Files that are being taken in."""
    found = round.imports.filter(state__in=("waiting", "running", "failed")).values_list("id", "file_name")
    return [
        Blocker("import", f"“{name}”还没有收完", f"{name} is not taken in whole", (), f"/rounds/{round.id}/data/imports/{id}/")
        for id, name in found
    ]


def _stale(round: Round, latest: Run | None) -> list[Blocker]:
    from_here = f"/rounds/{round.id}/"
    if latest is None:
        return [Blocker("unscored", "还没有计算过", "Nothing was scored yet", (), from_here)]
    return [] if latest.told else [Blocker("untold", "成绩单还在生成", "The scorecards are still being written", (), from_here)]


def _incomplete(round: Round, latest: Run | None) -> list[Blocker]:
    if latest is None or not latest.incomplete:
        return []
    rows = Result.objects.filter(run=latest, status="incomplete").values_list("name", "why", "why_en")
    names = tuple(name for name, _, _ in rows)
    return [
        Blocker(
            "incomplete",
            f"{len(names)} 人缺数据，没有总分",
            f"{len(names)} lack facts and have no total",
            names,
            f"/rounds/{round.id}/people/?show=incomplete",
        )
    ]


def _appeals(round: Round) -> list[Blocker]:
    names = tuple(Result.objects.filter(run__round=round, appeals__state="open").values_list("name", flat=True).distinct())
    return (
        [Blocker("appeals", f"{len(names)} 人的申诉还没有处理", f"{len(names)} appeals wait for a decision", names, "/appeals/")]
        if names
        else []
    )


def _unpaid(round: Round) -> list[Blocker]:
    """A round that pays is closed when locked sheets have paid what its last version says, to the fen."""
    last = round.runs.filter(version__isnull=False).order_by("-version").first()
    if last is None or not last.results.filter(pay__isnull=False).exists():
        return []
    due = {
        (subject, line): fen
        for subject, line, fen in PayLine.objects.filter(result__run=last).values_list("result__subject", "line", "fen")
    }
    entries = PayEntry.objects.filter(result__run__round=round, sheet__locked_at__isnull=False).order_by()
    paid = {(subject, line): fen for subject, line, fen in entries.values_list("result__subject", "line").annotate(Sum("fen"))}
    if not paid:
        return [Blocker("unpaid", "绩效工资还没有发放锁定", "The pay sheet is not locked yet", (), "/pay/")]
    short = {subject for key in {*due, *paid} for subject in [key[0]] if due.get(key, 0) != paid.get(key, 0)}
    names = tuple(last.results.filter(subject__in=short).values_list("name", flat=True))
    return (
        [Blocker("unpaid", f"{len(short)} 人的更正差额还没有发", f"Differences of {len(short)} are not paid yet", names, "/pay/")]
        if short
        else []
    )
