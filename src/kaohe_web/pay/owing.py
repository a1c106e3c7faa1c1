"""What is still to be paid: amounts of published results that stand on no locked sheet, and differences that corrections left."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Max, Sum

from kaohe_web.pay.models import PayEntry
from kaohe_web.people.models import Unit
from kaohe_web.people.standing import unit_with_parts
from kaohe_web.results.actions import changed_subjects, published
from kaohe_web.results.models import PayLine, Result, Run
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.stages import PUBLIC


@dataclass(frozen=True)
class Owed:
    """One amount for a sheet: what is due in all, what was paid of it before, and the rest."""

    result: Result
    line: str
    kind: str
    due: int
    paid: int

    @property
    def fen(self) -> int:
        """What is to be paid now, or taken back."""
        return self.due - self.paid


Paid = dict[tuple[str, str], int]


def paid_of(round: Round) -> tuple[Paid, int]:
    """What locked sheets paid of a round by subject and line, and by which version they last went."""
    entries = PayEntry.objects.filter(result__run__round=round, sheet__locked_at__isnull=False).order_by()
    sums = entries.values_list("result__subject", "line").annotate(Sum("fen"))
    version = entries.aggregate(last=Max("result__run__version"))["last"]
    return {(subject, line): fen for subject, line, fen in sums}, version or 0


def owed_of(round: Round) -> list[Owed]:
    """What a published round still owes: all of it, or the differences since what was paid."""
    last = published(round)
    if last is None:
        return []
    paid, version = paid_of(round)
    if not version:
        return [Owed(line.result, line.line, PayEntry.Kind.DUE, line.fen, 0) for line in _lines(last)]
    if last.version == version:
        return []
    before = round.runs.get(version=version)
    return list(_differences(last, set(changed_subjects(before, last)), paid))


def _lines(run: Run) -> list[PayLine]:
    return list(PayLine.objects.filter(result__run=run).select_related("result").order_by("result__subject", "id"))


def _differences(last: Run, changed: set[str], paid: Paid) -> Iterable[Owed]:
    """Everybody whose figures changed, also where no money did: that is said as 0.00."""
    due = {(line.result.subject, line.line): line for line in _lines(last)}
    results = {result.subject: result for result in last.results.filter(subject__in=changed)}
    for key in sorted({*due, *paid}):
        subject, name = key
        if subject in changed:
            fen = due[key].fen if key in due else 0
            yield Owed(results[subject], name, PayEntry.Kind.DIFFERENCE, fen, paid.get(key, 0))


def waiting(round: Round) -> bool:
    """Whether money of a published round still waits for a locked sheet; differences of 0.00 do not wait."""
    return any(one.fen or one.kind == PayEntry.Kind.DUE for one in owed_of(round))


def rounds_of(unit: Unit) -> list[Round]:
    """Published rounds of a unit and all below it."""
    units = unit_with_parts(unit)
    found = Round.objects.filter(unit_id__in=units, stage__in=PUBLIC).select_related("unit", "version__scheme")
    return list(found.order_by("end", "id"))


def taken(round: Round, but: int | None = None) -> bool:
    """Whether another open sheet holds amounts of a round already."""
    return PayEntry.objects.filter(result__run__round=round, sheet__locked_at__isnull=True).exclude(sheet_id=but).exists()


def gathered(unit: Unit, only: Collection[int] | None, but: int | None = None) -> list[Owed]:
    """Everything that a sheet of a unit holds: of these rounds, or of all that owe something."""
    rounds = [round for round in rounds_of(unit) if (only is None or round.id in only) and not taken(round, but)]
    return [one for round in rounds for one in owed_of(round)]
