"""Scoring, publishing, correcting. What was published is never written again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from kaohe_web.audit.actions import record
from kaohe_web.engine.facts import Rows
from kaohe_web.engine.schemes import ENGINE
from kaohe_web.engine.scoring import Outcome, Scored, score_rows
from kaohe_web.engine.telling import Told
from kaohe_web.inbox.actions import notify, settle
from kaohe_web.people.models import Right, User
from kaohe_web.results.models import Acknowledgement, Card, PayLine, Result, Run
from kaohe_web.results.rows import rows_of
from kaohe_web.results.telling import tell, tell_cards
from kaohe_web.rounds.actions import _move, locked, may, must_be
from kaohe_web.rounds.blockers import blockers_of, latest_preview
from kaohe_web.rounds.models import Participant, Round
from kaohe_web.rounds.stages import OPEN, PUBLIC, Stage
from kaohe_web.site.refusals import Forbidden, Refused

BATCH = 500


def preview(by: User, round: Round) -> tuple[Run | None, list[Told]]:
    """Score the round as it stands; problems instead where facts cannot be scored. Nothing earlier is lost."""
    round = Round.objects.select_related("version").get(pk=round.id)
    may(by, round, Right.HR)
    must_be(round, *OPEN)
    rows = rows_of(round)
    scored, told = score_rows(round.version.plan, rows)
    if scored is None:
        return None, told
    with transaction.atomic():
        round = locked(round.id)
        must_be(round, *OPEN)
        run = _keep(by, round, scored, round.version.plan)
        if round.stage == Stage.COLLECTING:
            _move(by, round, Stage.SCORED, "round.scored")
        record(by, "run.preview", run, after=_data(run), round_id=round.id)
    _forget_old_previews(round)
    tell.enqueue(run.id)
    return run, []


def _keep(by: User, round: Round, scored: Scored, plan: str, **more: object) -> Run:
    outcomes = scored.outcomes
    run = Run.objects.create(
        round=round,
        at=timezone.now(),
        by=by,
        plan=plan,
        facts=scored.rows.write(),
        engine=ENGINE,
        facts_digest=scored.rows.digest,
        results_digest=scored.digest,
        complete=sum(one.is_complete for one in outcomes),
        incomplete=sum(one.is_incomplete for one in outcomes),
        others=sum(not one.is_complete and not one.is_incomplete for one in outcomes),
        **more,
    )
    people = {one.person.number: one for one in round.participants.select_related("person")}
    results = Result.objects.bulk_create([_result(run, outcome, people) for outcome in outcomes], batch_size=BATCH)
    PayLine.objects.bulk_create(
        [
            PayLine(result=result, line=amount.line, fen=amount.fen, exact=amount.exact)
            for result, outcome in zip(results, outcomes, strict=True)
            for amount in outcome.pay
        ],
        batch_size=BATCH,
    )
    return run


def _result(run: Run, outcome: Outcome, people: dict[str, Participant]) -> Result:
    return Result(
        run=run,
        subject=outcome.subject,
        name=outcome.name,
        participant=people.get(outcome.subject),
        status=outcome.status,
        why=outcome.why,
        why_en=outcome.why_en,
        total=outcome.total,
        shown=outcome.shown,
        key=outcome.key,
        grade=outcome.grade,
        rank=outcome.rank,
        of=outcome.of,
        items=[vars(figure) for figure in outcome.items],
        actions=list(outcome.actions),
        warnings=list(outcome.warnings),
    )


def _forget_old_previews(round: Round, keep: int = 3) -> None:
    """Cards of earlier previews go; the last three previews stay to compare with, and whatever somebody approved."""
    kept = list(round.runs.filter(version__isnull=True).order_by("-id").values_list("id", flat=True)[:keep])
    old = round.runs.filter(version__isnull=True).exclude(id__in=kept).exclude(id__in=round.approvals.values("run"))
    with transaction.atomic():
        Card.objects.filter(result__run__in=old).delete()
        PayLine.objects.filter(result__run__in=old).delete()
        Result.objects.filter(run__in=old).delete()
        old.delete()


def _data(run: Run) -> dict[str, object]:
    return {
        "run": run.id,
        "version": run.version,
        "facts": run.facts_digest,
        "results": run.results_digest,
        "engine": run.engine,
        "complete": run.complete,
        "incomplete": run.incomplete,
        "others": run.others,
    }


# --- publication ----------------------------------------------------------------------------------


@transaction.atomic
def publish(by: User, round: Round) -> Run:
    """Publish the very run that was approved; recomputed first, and refused should a single figure differ."""
    round = locked(round.id)
    may(by, round, Right.HR)
    must_be(round, Stage.APPROVED)
    blocked = blockers_of(round)
    run = latest_preview(round)
    if blocked or run is None:
        raise Refused(
            "还有事没处理完，不能公布。", "There are things to settle before publication.", *[(one.zh, one.en) for one in blocked]
        )
    scored = recomputed(run)
    broken = scored.fractions_of_fen
    if broken:
        raise Refused(
            f"{len(broken)} 笔金额不是整分：方案要写明怎样取整。",
            f"{len(broken)} amounts are no whole fen: the scheme must say how it rounds.",
        )
    run.version, run.published_at = 1, timezone.now()
    run.save()
    round.published_at = run.published_at
    _move(by, round, Stage.CONFIRMING, "round.publish")
    record(by, "run.publish", run, after=_data(run), round_id=round.id)
    notify([one.person for one in round.participants.select_related("person")], "published", f"/rounds/{round.id}/card/", round)
    return run


def recomputed(run: Run) -> Scored:
    """The run scored again from what was kept; refused where any figure differs."""
    scored, told = score_rows(run.plan, Rows.read(run.facts))
    if scored is None or scored.digest != run.results_digest:
        raise Refused(
            "用保存的数据重算，结果与保存的不一致；不能继续，请联系管理员。",
            "Recomputed from what was kept, the figures differ; this cannot go on. Ask your administrator.",
            *[(one.say("zh"), one.say("en")) for one in told],
        )
    return scored


def proved(run: Run) -> Scored:
    """The run scored again, each kept row compared with it; refused, with their names, where rows differ."""
    scored = recomputed(run)
    kept = {result.subject: figures_of(result) for result in run.results.prefetch_related("pay")}
    wrong = [one.name for one in scored.outcomes if kept.pop(one.subject, None) != one.figures[: len(KEPT)]]
    if wrong or kept:
        names = (*wrong, *kept)
        raise Refused(
            f"第{run.version}版有 {len(names)} 人的数字与重算不一致：{'、'.join(names[:5])}。请联系管理员。",
            f"In version {run.version} the figures of {len(names)} differ from those recomputed: {', '.join(names[:5])}. Ask your administrator.",
        )
    return scored


KEPT = ("subject", "status", "total", "grade", "rank", "of", "items", "pay", "actions", "warnings")


def figures_of(result: Result) -> list[object]:
    """A kept row's figures, in the order in which scoring tells them."""
    items = [[one["id"], one["exact"]] for one in result.items]
    pay = [[one.line, one.fen, one.exact] for one in result.pay.all()]
    head = [result.subject, result.status, result.total, result.grade, result.rank, result.of]
    return [*head, items, pay, result.actions, result.warnings]


def prove(by: User, round: Round) -> list[Run]:
    """Every published version scored again from what was kept with it; refused where a single figure differs."""
    may(by, round, Right.HR, Right.AUDITOR)
    versions = list(round.runs.filter(version__isnull=False).order_by("version"))
    if not versions:
        raise Refused("本轮还没有公布过结果。", "Nothing of this round was published yet.")
    for run in versions:
        proved(run)
    return versions


@transaction.atomic
def acknowledge(by: User, result_id: int) -> Acknowledgement:
    """The subject accepts her published result."""
    result = Result.objects.select_related("run__round", "participant__person").get(pk=result_id)
    if result.participant is None or by.person is None or result.participant.person_id != by.person.id or result.run.version is None:
        raise Forbidden
    must_be(result.run.round, *PUBLIC)
    found, fresh = Acknowledgement.objects.get_or_create(result=result)
    if fresh:
        settle(by.person, result.run.round, "published", "confirm", "restated")
        record(
            by,
            "result.acknowledge",
            result,
            after={"results": result.run.results_digest},
            round_id=result.run.round_id,
            about=result.subject,
        )
    return found


@transaction.atomic
def restate(by: User, round: Round, reason: str) -> Run:
    """A corrected version of what was published: scored from the facts as they stand now; the earlier one stays as it is."""
    round = locked(round.id)
    may(by, round, Right.HR)
    must_be(round, *PUBLIC)
    rows = rows_of(round)
    last = published(round)
    if last is not None and rows.digest == last.facts_digest and round.version.plan == last.plan:
        raise Refused("事实与方案都没有变化，不需要更正。", "Neither facts nor scheme changed; there is nothing to correct.")
    return publish_version(by, round, reason, round.version.plan, rows)


def publish_version(by: User, round: Round, reason: str, plan: str, rows: Rows) -> Run:
    """The next version of a round that was published, scored by a plan from facts; the caller holds the round and may correct it."""
    if not reason.strip():
        raise Refused("更正要写明理由。", "A correction takes a reason.")
    last = published(round)
    scored, told = score_rows(plan, rows)
    if scored is None or last is None:
        raise Refused(
            "更正以后算不出结果。", "With this correction nothing can be scored.", *[(one.say("zh"), one.say("en")) for one in told]
        )
    if scored.fractions_of_fen:
        raise Refused("有金额不是整分：方案要写明怎样取整。", "Some amounts are no whole fen: the scheme must say how it rounds.")
    run = _keep(by, round, scored, plan, reason=reason, replaces=last)
    tell_cards(run, scored)
    run.version, run.published_at, run.told = last.version + 1, timezone.now(), True
    run.save()
    record(by, "run.restate", run, before=_data(last), after=_data(run), reason=reason, round_id=round.id)
    changed = round.participants.filter(person__number__in=changed_subjects(last, run)).select_related("person")
    notify([one.person for one in changed], "restated", f"/rounds/{round.id}/card/", round)
    return run


def published(round: Round) -> Run | None:
    """The version of the round that holds now."""
    return round.runs.filter(version__isnull=False).order_by("-version").first()


def changed_subjects(before: Run, after: Run) -> list[str]:
    """Whose figures differ between two versions."""
    old = {result.subject: _figures(result) for result in before.results.prefetch_related("pay")}
    return [result.subject for result in after.results.prefetch_related("pay") if old.get(result.subject) != _figures(result)]


def _figures(result: Result) -> tuple[object, ...]:
    pay = tuple((line.line, line.fen, line.exact) for line in result.pay.all())
    return result.status, result.total, result.grade, result.rank, result.of, str(result.items), pay
