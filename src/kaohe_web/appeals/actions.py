"""Appealing and deciding. Upholding makes the change and the corrected version in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from kaohe_web.appeals.files import refuse_unfit, shown_name
from kaohe_web.appeals.models import Appeal, AppealFile
from kaohe_web.audit.actions import record
from kaohe_web.corrections.actions import amend
from kaohe_web.corrections.changes import Change
from kaohe_web.inbox.actions import notify
from kaohe_web.people.models import Grant, Person, Right, User, during
from kaohe_web.people.standing import standing_of
from kaohe_web.results.actions import published
from kaohe_web.results.models import Result
from kaohe_web.rounds.actions import appeal_ends, locked, may, must_be
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.stages import Stage
from kaohe_web.site.refusals import Forbidden, Refused

LONGEST = 4000


@transaction.atomic
def open_appeal(by: User, result_id: int, target: str, item: str, ref: str, words: str, files: Sequence[UploadedFile] = ()) -> Appeal:
    """The subject appeals one item, record, figure or rating of her published result, within the window."""
    result = Result.objects.select_related("run__round", "participant").get(pk=result_id)
    round = locked(result.run.round_id)
    if by.person is None or result.participant is None or result.participant.person_id != by.person.id:
        raise Forbidden
    _refuse_out_of_time(round, result)
    if not words.strip():
        raise Refused("请写明申诉理由。", "Say why you appeal.")
    if len(words) > LONGEST:
        raise Refused(f"理由最多 {LONGEST} 字。", f"At most {LONGEST} characters.")
    open_ones = Appeal.objects.filter(result__run__round=round, result__subject=result.subject, state=Appeal.State.OPEN)
    if open_ones.filter(target=target, item=item, ref=ref).exists():
        raise Refused("对这一条的申诉已提交，还没有决定。", "You have appealed this already; it waits for a decision.")
    refuse_unfit(files)
    appeal = Appeal.objects.create(result=result, item=item, target=target, ref=ref, words=words.strip(), by=by)
    names = [_keep(appeal, file).name for file in files]
    after = {"target": target, "item": item, "ref": ref, "words": appeal.words, "files": names}
    record(by, "appeal.open", appeal, after=after, round_id=round.id, about=result.subject)
    notify(_hr_of(round), "appeal", f"/appeals/{appeal.id}/", round)
    return appeal


def _refuse_out_of_time(round: Round, result: Result) -> None:
    must_be(round, Stage.CONFIRMING)
    last = published(round)
    if last is None or last.id != result.run_id:
        raise Refused("这一版已被更正，请对最新一版申诉。", "This version was corrected since; appeal the latest one.")
    ends = appeal_ends(round)
    if ends is None or timezone.now() > ends:
        raise Refused("申诉期已过。", "The time for appeals is over.")


def _keep(appeal: Appeal, file: UploadedFile) -> AppealFile:
    """A file under a name that nobody can guess; its own name stands beside."""
    name = shown_name(file.name or "")
    file.name = f"{secrets.token_urlsafe(18)}{PurePath(name).suffix.lower()}"
    return AppealFile.objects.create(appeal=appeal, name=name, file=file)


def _hr_of(round: Round) -> list[Person]:
    """Everybody of HR whose right reaches the round."""
    grants = Grant.objects.filter(during(timezone.localdate()), right=Right.HR, user__person__isnull=False).select_related("user__person")
    users = {grant.user_id: grant.user for grant in grants}.values()
    return [user.person for user in users if user.person is not None and standing_of(user).covers(round.unit_id, Right.HR)]


@transaction.atomic
def withdraw(by: User, appeal_id: int) -> Appeal:
    """The subject takes her open appeal back."""
    appeal = _held(appeal_id)
    if appeal.by_id != by.id:
        raise Forbidden
    _refuse_decided(appeal)
    appeal.state, appeal.decided_at, appeal.decided_by = Appeal.State.WITHDRAWN, timezone.now(), by
    appeal.save()
    record(by, "appeal.withdraw", appeal, round_id=appeal.result.run.round_id, about=appeal.result.subject)
    return appeal


def _held(appeal_id: int) -> Appeal:
    """The appeal, its round held until the transaction ends."""
    appeal = Appeal.objects.select_related("result__run__round", "by__person").get(pk=appeal_id)
    locked(appeal.result.run.round_id)
    appeal.refresh_from_db(fields=["state"])
    return appeal


def _refuse_decided(appeal: Appeal) -> None:
    if appeal.state != Appeal.State.OPEN:
        raise Refused("这件申诉已经结束。", "This appeal is closed already.")


def _refuse_unfit_decider(by: User, appeal: Appeal, reason: str) -> None:
    may(by, appeal.result.run.round, Right.HR)
    if by.person is not None and by.person.number == appeal.result.subject:
        raise Refused("不能决定自己的申诉，请另一位人力资源来做。", "Nobody decides an appeal of her own; ask another of HR.")
    _refuse_decided(appeal)
    if not reason.strip():
        raise Refused("决定要写明理由，申诉人会看到。", "A decision takes a reason; the appellant sees it.")


@transaction.atomic
def uphold(by: User, appeal_id: int, changes: Sequence[Change], reason: str, run_id: int | None = None) -> Appeal:
    """Grant the appeal: the change is made and the corrected version published, all or nothing. `run_id`: the version that the decider saw."""
    appeal = _held(appeal_id)
    _refuse_unfit_decider(by, appeal, reason)
    last = published(appeal.result.run.round)
    if run_id is not None and (last is None or last.id != run_id):
        raise Refused("您看到的不是最新一版结果，请重新看过再决定。", "What you saw is not the latest version; look again, then decide.")
    run = amend(by, appeal.result.run.round, changes, reason)
    appeal.change = [change.as_data() for change in changes]
    appeal.run = run
    return _decided(by, appeal, Appeal.State.UPHELD, "appeal.uphold", reason)


@transaction.atomic
def reject(by: User, appeal_id: int, reason: str) -> Appeal:
    """Leave the result as it is, with a reason that the appellant sees."""
    appeal = _held(appeal_id)
    _refuse_unfit_decider(by, appeal, reason)
    return _decided(by, appeal, Appeal.State.REJECTED, "appeal.reject", reason)


def _decided(by: User, appeal: Appeal, state: str, act: str, reason: str) -> Appeal:
    appeal.state, appeal.decided_at, appeal.decided_by, appeal.decision = state, timezone.now(), by, reason.strip()
    appeal.save()
    after = {"state": state, "run": appeal.run_id}
    record(
        by,
        act,
        appeal,
        before={"state": "open"},
        after=after,
        reason=appeal.decision,
        round_id=appeal.result.run.round_id,
        about=appeal.result.subject,
    )
    if appeal.by.person is not None:
        notify([appeal.by.person], "decided", f"/appeals/{appeal.id}/", appeal.result.run.round)
    return appeal
