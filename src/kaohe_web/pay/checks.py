"""The six checks of a pay sheet: each side counted by itself, one from the sheet, the other from the frozen results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Sum

from kaohe_web.engine.schemes import outline_of
from kaohe_web.pay.models import PayEntry, PaySheet
from kaohe_web.pay.owing import owed_of
from kaohe_web.results.actions import published
from kaohe_web.results.models import PayLine, Result
from kaohe_web.rounds.models import Round


@dataclass(frozen=True)
class Check:
    """One check with both sides written out."""

    zh: str
    en: str
    told_zh: str
    told_en: str
    holds: bool


def total_of(sheet: PaySheet) -> int:
    """All entries together, in fen."""
    return sheet.entries.aggregate(fen=Sum("fen"))["fen"] or 0


def rounds_on(sheet: PaySheet) -> list[Round]:
    """The rounds whose amounts stand on a sheet."""
    found = Round.objects.filter(runs__results__entries__sheet=sheet).select_related("version__scheme", "unit")
    return list(found.distinct().order_by("end", "id"))


def is_stale(sheet: PaySheet) -> bool:
    """Whether an open sheet rests on a version that was corrected since, or lacks what is owed by now."""
    if sheet.locked_at is not None:
        return False
    kept = Counter(sheet.entries.values_list("result_id", "line", "due", "paid"))
    now = Counter((one.result.id, one.line, one.due, one.paid) for round in rounds_on(sheet) for one in owed_of(round))
    return kept != now


def checks_of(sheet: PaySheet) -> list[Check]:
    """All six."""
    entries = list(sheet.entries.select_related("result__participant__unit"))
    due = [one for one in entries if one.kind == PayEntry.Kind.DUE]
    results = _due_results(due)
    return [
        _people(due, results),
        _grades(due, results),
        _lines(due, results),
        _units(entries, sheet),
        _frozen(sheet, entries),
        _once(sheet, entries),
    ]


def _due_results(due: Iterable[PayEntry]) -> list[Result]:
    """All frozen results of the runs whose amounts are due."""
    runs = {one.result.run_id for one in due}
    return list(Result.objects.filter(run_id__in=runs).annotate(lines=Count("pay")))


def _people(due: Sequence[PayEntry], results: Sequence[Result]) -> Check:
    paid = len({one.result_id for one in due})
    rest = sum(not one.lines for one in results)
    return Check(
        "人数",
        "People",
        f"在册{len(results)} = 计发{paid} + 不计发{rest}",
        f"{len(results)} listed = {paid} paid + {rest} not",
        len(results) == paid + rest,
    )


def _grades(due: Sequence[PayEntry], results: Sequence[Result]) -> Check:
    """Grades on the sheet, one by one, against those of the frozen results that pay."""
    mine = Counter({one.result_id: one.result.grade for one in due}.values())
    kept = Counter(one.grade for one in results if one.lines)
    said = " + ".join(f"{grade or '–'} {count}" for grade, count in sorted(mine.items())) or "0"
    total = sum(kept.values())
    return Check("等级", "Grades", f"{said} = {total}", f"{said} = {total}", mine == kept)


def _lines(due: Sequence[PayEntry], results: Sequence[Result]) -> Check:
    """Each pay line's sum on the sheet against the sum of the frozen amounts."""
    mine: Counter[str] = Counter()
    for one in due:
        mine[one.line] += one.fen
    sums = PayLine.objects.filter(result__in=[one.id for one in results]).order_by().values_list("line").annotate(Sum("fen"))
    kept = dict(sums)
    names = _names(due)
    zh = "；".join(f"{names.get(line, (line, line))[0]} {yuan(fen)} = {yuan(kept.get(line, 0))}" for line, fen in sorted(mine.items()))
    en = "; ".join(f"{names.get(line, (line, line))[1]} {yuan(fen)} = {yuan(kept.get(line, 0))}" for line, fen in sorted(mine.items()))
    return Check("按薪酬项", "Each pay line", zh or "0.00 = 0.00", en or "0.00 = 0.00", dict(mine) == kept)


def _names(entries: Iterable[PayEntry]) -> dict[str, tuple[str, str]]:
    plans = {one.result.run_id: one.result for one in entries}
    return {line: (name.zh, name.en) for result in plans.values() for line, name in outline_of(result.run.plan).pay}


def _units(entries: Sequence[PayEntry], sheet: PaySheet) -> Check:
    """The units' subtotals against the sheet's own sum."""
    sums: Counter[str] = Counter()
    for one in entries:
        sums[unit_of(one.result)] += one.fen
    said = " + ".join(yuan(fen) for _, fen in sorted(sums.items())) or "0.00"
    total = total_of(sheet)
    return Check("按部门", "Each unit", f"{said} = {yuan(total)}", f"{said} = {yuan(total)}", sum(sums.values()) == total)


def unit_of(result: Result) -> str:
    """The name of the unit under which somebody is paid."""
    return "–" if result.participant is None else result.participant.unit.name


def _frozen(sheet: PaySheet, entries: Sequence[PayEntry]) -> Check:
    """The sheet's sum against the frozen amounts in force less what was paid of them before."""
    owed = paid = 0
    for round in rounds_on(sheet):
        mine = {(one.result.subject, one.line) for one in entries if one.result.run.round_id == round.id}
        owed += sum(fen for subject, line, fen in _in_force(round, sheet) if (subject, line) in mine)
        paid += sum(fen for subject, line, fen in _paid_before(round, sheet) if (subject, line) in mine)
    total = sum(one.fen for one in entries)
    zh = f"{yuan(total)} = 冻结结果{yuan(owed)} − 以前已发{yuan(paid)}"
    en = f"{yuan(total)} = frozen results {yuan(owed)} − paid before {yuan(paid)}"
    return Check("与冻结结果", "Frozen results", zh, en, total == owed - paid)


def _in_force(round: Round, sheet: PaySheet) -> list[tuple[str, str, int]]:
    """The frozen amounts that the sheet goes by: of the last version, or of that which a locked sheet was paid by."""
    run = published(round)
    if sheet.locked_at is not None:
        versions = sheet.entries.filter(result__run__round=round).values_list("result__run__version", flat=True)
        run = round.runs.get(version=max(versions))
    return list(PayLine.objects.filter(result__run=run).values_list("result__subject", "line", "fen"))


def _paid_before(round: Round, sheet: PaySheet) -> list[tuple[str, str, int]]:
    entries = PayEntry.objects.filter(result__run__round=round, sheet__locked_at__isnull=False).exclude(sheet=sheet)
    if sheet.locked_at is not None:
        entries = entries.filter(sheet__locked_at__lt=sheet.locked_at)
    return list(entries.values_list("result__subject", "line", "fen"))


def _once(sheet: PaySheet, entries: Sequence[PayEntry]) -> Check:
    """Nobody stands twice on the sheet for one amount, nor is due the whole of it on another."""
    keys = [(one.result.run.round_id, one.result.subject, one.line) for one in entries]
    due = {key for key, one in zip(keys, entries, strict=True) if one.kind == PayEntry.Kind.DUE}
    others = PayEntry.objects.filter(kind=PayEntry.Kind.DUE, result__run__round__in={key[0] for key in due}).exclude(sheet=sheet)
    twice = due & set(others.values_list("result__run__round_id", "result__subject", "line"))
    zh = f"{len(keys)}笔 = {len(set(keys))}个不同的人与项；别的工资表上重复{len(twice)}笔"
    en = f"{len(keys)} amounts = {len(set(keys))} different people and lines; {len(twice)} repeated on other sheets"
    return Check("不重复", "Nobody twice", zh, en, len(keys) == len(set(keys)) and not twice)


def yuan(fen: int) -> str:
    """Whole fen as yuan with two decimals."""
    whole, rest = divmod(abs(fen), 100)
    return f"{chr(0x2212) if fen < 0 else ''}{whole:,}.{rest:02}"
