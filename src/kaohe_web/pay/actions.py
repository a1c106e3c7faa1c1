"""Pay sheets: opened from what is owed, brought up to date, locked as paid. A locked sheet never changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from kaohe_web.audit.actions import record
from kaohe_web.inbox.actions import notify
from kaohe_web.pay.checks import checks_of, is_stale, rounds_on, total_of
from kaohe_web.pay.columns import is_source
from kaohe_web.pay.models import PayEntry, PayFormat, PaySheet
from kaohe_web.pay.owing import gathered, rounds_of
from kaohe_web.people.models import Person, Right, Unit, User
from kaohe_web.people.standing import standing_of
from kaohe_web.results.actions import proved, published
from kaohe_web.rounds.actions import locked as held
from kaohe_web.site.refusals import Forbidden, Refused

BATCH = 500


def _may(by: User, unit_id: int, *rights: str) -> None:
    if not standing_of(by).covers(unit_id, *rights):
        raise Forbidden


def _hold(unit: Unit) -> None:
    """Keep a unit's published rounds still while a sheet is made of them."""
    for round in sorted(rounds_of(unit), key=lambda one: one.id):
        held(round.id)


@transaction.atomic
def open_sheet(by: User, unit: Unit, name: str, only: Collection[int] | None = None) -> PaySheet:
    """A sheet with what a unit's published rounds still owe: all of them, or these."""
    _may(by, unit.id, Right.FINANCE, Right.HR)
    if not name.strip():
        raise Refused("请给工资表起个名字。", "Name the pay sheet.")
    _hold(unit)
    sheet = PaySheet.objects.create(name=name.strip(), unit=unit, by=by)
    _fill(sheet, only)
    if not sheet.entries.exists():
        raise Refused("没有要发的：已公布的都已在工资表上。", "Nothing is owed: whatever was published stands on a sheet already.")
    record(by, "pay.open", sheet, after=_data(sheet), money=True)
    return sheet


def _fill(sheet: PaySheet, only: Collection[int] | None) -> None:
    owed = gathered(sheet.unit, only, sheet.id)
    PayEntry.objects.bulk_create(
        [PayEntry(sheet=sheet, result=one.result, line=one.line, kind=one.kind, due=one.due, paid=one.paid, fen=one.fen) for one in owed],
        batch_size=BATCH,
    )


def _data(sheet: PaySheet) -> dict[str, object]:
    return {"name": sheet.name, "unit": sheet.unit.code, "entries": sheet.entries.count(), "fen": total_of(sheet)}


def _open(sheet_id: int) -> PaySheet:
    sheet = PaySheet.objects.select_for_update(of=("self",)).select_related("unit").get(pk=sheet_id)
    if sheet.locked_at is not None:
        raise Refused("工资表已锁定，不能再改。", "The pay sheet is locked; it never changes.")
    return sheet


@transaction.atomic
def refresh(by: User, sheet_id: int) -> PaySheet:
    """Make an open sheet anew from the results in force of its rounds."""
    sheet = _open(sheet_id)
    _may(by, sheet.unit_id, Right.FINANCE, Right.HR)
    _hold(sheet.unit)
    before, rounds = _data(sheet), {round.id for round in rounds_on(sheet)}
    sheet.entries.all().delete()
    _fill(sheet, rounds)
    record(by, "pay.refresh", sheet, before=before, after=_data(sheet), money=True)
    return sheet


@transaction.atomic
def discard(by: User, sheet_id: int, reason: str) -> None:
    """Take an open sheet away; what it held waits for another."""
    sheet = _open(sheet_id)
    _may(by, sheet.unit_id, Right.FINANCE, Right.HR)
    if not reason.strip():
        raise Refused("作废要写明理由。", "Discarding takes a reason.")
    record(by, "pay.discard", sheet, before=_data(sheet), reason=reason.strip(), money=True)
    sheet.entries.all().delete()
    sheet.delete()


@transaction.atomic
def lock(by: User, sheet_id: int, seen: int) -> PaySheet:
    """Finance locks a sheet as paid, in the sum that she saw; everything is checked once more, and every round scored again."""
    sheet = _open(sheet_id)
    _may(by, sheet.unit_id, Right.FINANCE)
    _hold(sheet.unit)
    if total_of(sheet) != seen:
        raise Refused("合计与您看到的不同，请重新看过再锁定。", "The sum is not what you saw; look again, then lock.")
    if is_stale(sheet):
        raise Refused("有新的一版结果，请先更新工资表。", "There is a newer version of the results; bring the sheet up to date first.")
    wrong = [one for one in checks_of(sheet) if not one.holds]
    if wrong:
        first, *more = [(f"{one.zh}不符：{one.told_zh}", f"{one.en} does not add up: {one.told_en}") for one in wrong]
        raise Refused(*first, *more)
    for round in rounds_on(sheet):
        run = published(round)
        if run is not None:
            proved(run)
    sheet.locked_at, sheet.locked_by = timezone.now(), by
    sheet.save()
    record(by, "pay.lock", sheet, before={"locked": False}, after={**_data(sheet), "locked": True}, money=True)
    paid = Person.objects.filter(participations__results__entries__sheet=sheet).distinct()
    notify(paid, "paid", "/cards/")
    return sheet


@transaction.atomic
def exported(by: User, sheet: PaySheet, kind: str) -> None:
    """Write down that somebody took a sheet out."""
    _may(by, sheet.unit_id, Right.FINANCE, Right.HR, Right.AUDITOR)
    record(by, "pay.export", sheet, after={"kind": kind, "name": sheet.name})


@transaction.atomic
def set_columns(by: User, columns: Sequence[Mapping[str, str]]) -> PayFormat:
    """The company's own columns of exports, in order."""
    if not standing_of(by).has(Right.FINANCE):
        raise Forbidden
    kept = [{"what": one["what"], "head": one.get("head", "").strip()} for one in columns if one.get("what")]
    unknown = sorted({one["what"] for one in kept if not is_source(one["what"])})
    if unknown:
        raise Refused(f"没有这一列：{'、'.join(unknown)}", f"There is no such column: {', '.join(unknown)}")
    if not kept:
        raise Refused("至少要有一列。", "There must be one column at least.")
    found = PayFormat.objects.order_by("id").first() or PayFormat()
    before, found.columns, found.by = {"columns": found.columns}, kept, by
    found.save()
    record(by, "pay.columns", found, before=before, after={"columns": kept})
    return found
