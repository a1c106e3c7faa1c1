"""All that moves a round from opening to closing; each act checks who, when and what must be true, and is written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from kaohe_web.audit.actions import record
from kaohe_web.engine.asking import asked_of, config_problems, period_problems, role_of
from kaohe_web.engine.schemes import choices_of
from kaohe_web.engine.telling import Told
from kaohe_web.inbox.actions import notify, settle
from kaohe_web.library.models import SchemeVersion
from kaohe_web.people.models import Attribute, Person, Posting, Right, Unit, User, during
from kaohe_web.people.standing import standing_of, unit_with_parts
from kaohe_web.rounds.blockers import blockers_of
from kaohe_web.rounds.models import Approval, Deadline, Participant, Round
from kaohe_web.rounds.stages import BACK, NAMES, Stage
from kaohe_web.site.refusals import Forbidden, Refused


def locked(round_id: int) -> Round:
    """The round, held until the transaction ends, so that two acts never pass one another."""
    return Round.objects.select_for_update().select_related("version", "unit").get(pk=round_id)


def may(user: User, round: Round, *rights: str) -> None:
    """Nothing where one of the user's rights reaches the round's unit; Forbidden otherwise."""
    if not standing_of(user).covers(round.unit_id, *rights):
        raise Forbidden


def must_be(round: Round, *stages: str) -> None:
    """Nothing where the round is at one of these stages; told otherwise."""
    if round.stage not in stages:
        zh, en = NAMES[Stage(round.stage)]
        raise Refused(f"本轮现在是“{zh}”阶段，不能做这件事。", f"The round is at the stage “{en}”; this cannot be done now.")


# --- opening --------------------------------------------------------------------------------------


@transaction.atomic
def open_round(by: User, name: str, version: SchemeVersion, unit: Unit, start: date, end: date) -> Round:
    """A new draft with everybody who worked in the unit during the period."""
    if not standing_of(by).covers(unit.id, Right.HR):
        raise Forbidden
    if end < start:
        raise Refused("结束日期早于开始日期。", "The period ends before it starts.")
    if not name.strip():
        raise Refused("给这一轮起个名字。", "Give the round a name.")
    refuse(period_problems(version.plan, start, end))
    round = Round.objects.create(name=name, version=version, unit=unit, start=start, end=end, by=by)
    record(by, "round.open", round, after=_data(round), round_id=round.id)
    take_people(by, round)
    return round


def refuse(told: Iterable[Told]) -> None:
    """Refuse with everything that is wrong; nothing where nothing is."""
    reasons = [(one.say("zh"), one.say("en")) for one in told]
    if reasons:
        first, *more = reasons
        raise Refused(*first, *more)


def _data(round: Round) -> dict[str, object]:
    return {
        "name": round.name,
        "scheme": f"{round.version.scheme.code} {round.version.number}",
        "unit": round.unit.code,
        "start": round.start.isoformat(),
        "end": round.end.isoformat(),
        "stage": round.stage,
        "config": round.config,
    }


@transaction.atomic
def take_people(by: User, round: Round) -> list[Participant]:
    """Everybody who held a post in the round's unit during its period, as the organisation knows her: the last post within it counts."""
    may(by, round, Right.HR)
    must_be(round, Stage.DRAFT, Stage.AGREEING, Stage.COLLECTING, Stage.SCORED)
    units = unit_with_parts(round.unit)
    latest: dict[int, Posting] = {}
    for posting in Posting.objects.filter(during(round.start, round.end), unit_id__in=units).select_related("unit").order_by("since"):
        latest[posting.person_id] = posting
    kept = {one.person_id: one for one in round.participants.all()}
    people = Person.objects.in_bulk(list(latest))
    facts = _attributes(round, people)
    fresh = [
        _participant(round, people[person], posting, facts.get(person, {})) for person, posting in latest.items() if person not in kept
    ]
    Participant.objects.bulk_create(fresh)
    _refresh(kept, latest, facts, people)
    gone = [one.id for person, one in kept.items() if person not in latest] if round.stage == Stage.DRAFT else []
    round.participants.filter(pk__in=gone).delete()
    record(by, "round.people", round, after={"people": len(latest), "new": len(fresh), "gone": len(gone)}, round_id=round.id)
    return list(round.participants.select_related("person"))


def _participant(round: Round, person: Person, posting: Posting, facts: Mapping[str, str]) -> Participant:
    role = role_of(round.version.plan, posting.role)
    return Participant(round=round, person=person, unit_id=posting.unit_id, role=role, attributes=_told(round, person, posting, facts))


def _refresh(
    kept: Mapping[int, Participant], latest: Mapping[int, Posting], facts: Mapping[int, Mapping[str, str]], people: Mapping[int, Person]
) -> None:
    """Whoever was there already, as she is known now."""
    for person, participant in kept.items():
        if person in latest:
            posting = latest[person]
            participant.unit_id, participant.role = posting.unit_id, role_of(participant.round.version.plan, posting.role)
            participant.attributes = _told(participant.round, people[person], posting, facts.get(person, {}))
    Participant.objects.bulk_update(kept.values(), ["unit", "role", "attributes"])


def _told(round: Round, person: Person, posting: Posting, facts: Mapping[str, str]) -> dict[str, str]:
    """What the scheme asks of a person: written attributes first, then what the organisation itself knows."""
    own = {
        "hired_on": _day(person.hired_on),
        "left_on": _day(person.left_on),
        "team": posting.unit.name,
        "group": posting.unit.name,
        "unit": posting.unit.name,
        "department": round.unit.name,
        "store": round.unit.name,
    }
    return asked_of(round.version.plan, own | {key: text for key, text in facts.items() if text})


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _attributes(round: Round, people: Mapping[int, Person]) -> dict[int, dict[str, str]]:
    """Attributes at the end of the period."""
    found: dict[int, dict[str, str]] = {}
    for one in Attribute.objects.filter(during(round.end), person_id__in=people).order_by("since"):
        found.setdefault(one.person_id, {})[one.key] = one.text
    return found


@transaction.atomic
def configure(by: User, round: Round, config: Mapping[str, object]) -> Round:
    """Set what the scheme leaves to the company; told where the scheme does not allow it."""
    round = locked(round.id)
    may(by, round, Right.HR)
    must_be(round, Stage.DRAFT)
    allowed = {choice.key for choice in choices_of(round.version.plan)}
    kept = {key: value for key, value in config.items() if key in allowed}
    refuse(config_problems(round.version.plan, round.start, round.end, kept))
    before, round.config = _data(round), kept
    round.save()
    record(by, "round.configure", round, before=before, after=_data(round), round_id=round.id)
    return round


@transaction.atomic
def ask_self_assessment(by: User, round: Round, wanted: bool) -> Round:
    """Whether people are asked to assess themselves; what they give stands beside the ratings that count."""
    round = locked(round.id)
    may(by, round, Right.HR)
    must_be(round, Stage.DRAFT)
    before = {"self_assessment": round.self_assessment}
    round.self_assessment = wanted
    round.save()
    record(by, "round.self", round, before=before, after={"self_assessment": wanted}, round_id=round.id)
    return round


@transaction.atomic
def plan_approvals(by: User, round: Round, approvers: Sequence[tuple[Person, bool]]) -> None:
    """The chain of one to three who approve, in order, and which of them see money."""
    round = locked(round.id)
    may(by, round, Right.HR)
    must_be(round, Stage.DRAFT, Stage.AGREEING, Stage.COLLECTING, Stage.SCORED)
    if not 1 <= len(approvers) <= 3:
        raise Refused("审批要有一至三步。", "Approval takes one to three steps.")
    if len({person.id for person, _ in approvers}) != len(approvers):
        raise Refused("同一个人不能审批两步。", "Nobody approves two steps.")
    round.approvals.all().delete()
    Approval.objects.bulk_create(
        Approval(round=round, step=step, approver=person, sees_money=money) for step, (person, money) in enumerate(approvers, start=1)
    )
    after = {"approvers": [{"number": person.number, "money": money} for person, money in approvers]}
    record(by, "round.approvers", round, after=after, round_id=round.id)


@transaction.atomic
def set_deadlines(by: User, round: Round, deadlines: Mapping[str, datetime | None], appeal_days: int | None = None) -> None:
    """When each stage should be over; days for appeals after publication."""
    round = locked(round.id)
    may(by, round, Right.HR)
    for stage, at in deadlines.items():
        if at is None:
            round.deadlines.filter(stage=stage).delete()
        else:
            Deadline.objects.update_or_create(round=round, stage=stage, defaults={"at": at})
    if appeal_days is not None:
        round.appeal_days = appeal_days
        round.save()
    after = {stage: None if at is None else at.isoformat() for stage, at in deadlines.items()}
    record(by, "round.deadlines", round, after={**after, "appeal_days": round.appeal_days}, round_id=round.id)


# --- moving ---------------------------------------------------------------------------------------


def _move(by: User, round: Round, stage: str, action: str, reason: str = "") -> Round:
    before = {"stage": round.stage}
    round.stage = stage
    round.save()
    record(by, action, round, before=before, after={"stage": round.stage}, reason=reason, round_id=round.id)
    return round


@transaction.atomic
def ask_for_agreement(by: User, round: Round) -> Round:
    """From the draft to everybody's signature under goals and weights."""
    round = locked(round.id)
    may(by, round, Right.HR)
    must_be(round, Stage.DRAFT)
    if not round.participants.exists():
        raise Refused("本轮还没有人：先把人员的任职录入。", "Nobody is in this round: enter who holds which post first.")
    if not round.approvals.exists():
        raise Refused("还没有定谁来审批。", "Nobody is named yet who approves.")
    refuse(config_problems(round.version.plan, round.start, round.end, round.config))
    notify([one.person for one in round.participants.select_related("person")], "sign", f"/rounds/{round.id}/goals/", round)
    return _move(by, round, Stage.AGREEING, "round.agree")


@transaction.atomic
def sign(by: User, round: Round) -> Participant:
    """The subject signs her goals and weights."""
    round = locked(round.id)
    participant = round.participants.filter(person=by.person).first() if by.person else None
    if participant is None:
        raise Forbidden
    must_be(round, Stage.AGREEING, Stage.COLLECTING)
    if participant.signed_at is None:
        participant.signed_at = timezone.now()
        participant.save()
        settle(by.person, round, "sign")
        record(
            by,
            "round.sign",
            participant,
            after={"scheme": round.version.digest, "config": round.config},
            round_id=round.id,
            about=by.person.number,
        )
    return participant


@transaction.atomic
def start_collecting(by: User, round: Round, reason: str = "") -> Round:
    """From agreement to collecting; with a reason also where some have not signed."""
    round = locked(round.id)
    may(by, round, Right.HR)
    must_be(round, Stage.AGREEING)
    unsigned = round.participants.filter(signed_at__isnull=True).count()
    if unsigned and not reason.strip():
        raise Refused(f"还有 {unsigned} 人没有签字确认；要继续请写明理由。", f"{unsigned} have not signed; to go on, give a reason.")
    return _move(by, round, Stage.COLLECTING, "round.collect", reason)


@transaction.atomic
def submit(by: User, round: Round) -> Round:
    """From the preview to the approvers; refused while anything stands in the way."""
    round = locked(round.id)
    may(by, round, Right.HR)
    must_be(round, Stage.SCORED)
    _refuse_blocked(round)
    first = round.approvals.order_by("step").first()
    if first is None:
        raise Refused("还没有定谁来审批。", "Nobody is named yet who approves.")
    round.approvals.update(run=None, decided_at=None, reason="")
    notify([first.approver], "approve", f"/rounds/{round.id}/", round)
    return _move(by, round, Stage.REVIEWING, "round.submit")


def _refuse_blocked(round: Round) -> None:
    found = blockers_of(round)
    if found:
        first, *more = [(one.zh, one.en) for one in found]
        raise Refused(*first, *more)


@transaction.atomic
def approve(by: User, round: Round, run_id: int) -> Round:
    """The next approver in turn approves one run; after the last the round waits for publication."""
    round = locked(round.id)
    if by.person is None or not round.approvals.filter(approver=by.person).exists():
        raise Forbidden
    must_be(round, Stage.REVIEWING)
    step = round.approvals.filter(decided_at__isnull=True).order_by("step").first()
    if step is None or by.person is None or step.approver_id != by.person.id:
        raise Forbidden
    latest = round.runs.filter(version__isnull=True).order_by("-id").first()
    if latest is None or latest.id != run_id:
        raise Refused("您看到的不是最近一次计算，请刷新后再批准。", "What you saw is not the latest preview; look again, then approve.")
    _refuse_blocked(round)
    step.run, step.decided_at = latest, timezone.now()
    step.save()
    settle(step.approver, round, "approve")
    record(by, "round.approve", round, after={"step": step.step, "run": latest.id, "results": latest.results_digest}, round_id=round.id)
    following = round.approvals.filter(decided_at__isnull=True).order_by("step").first()
    if following is not None:
        notify([following.approver], "approve", f"/rounds/{round.id}/", round)
        return round
    return _move(by, round, Stage.APPROVED, "round.approved")


@transaction.atomic
def send_back(by: User, round: Round, stage: str, reason: str) -> Round:
    """Back to an earlier stage, by HR or by the approver in turn, with a reason; approvals given so far fall away."""
    round = locked(round.id)
    if not _may_send_back(by, round):
        raise Forbidden
    if stage not in BACK.get(Stage(round.stage), ()):
        raise Refused("不能退回到这个阶段。", "The round cannot go back to that stage.")
    if not reason.strip():
        raise Refused("退回要写明理由。", "Sending back takes a reason.")
    round.approvals.update(run=None, decided_at=None, reason="")
    return _move(by, round, stage, "round.back", reason)


def _may_send_back(by: User, round: Round) -> bool:
    if standing_of(by).covers(round.unit_id, Right.HR):
        return True
    turn = round.approvals.filter(decided_at__isnull=True).order_by("step").first()
    return round.stage == Stage.REVIEWING and turn is not None and by.person is not None and turn.approver_id == by.person.id


@transaction.atomic
def close(by: User, round: Round) -> Round:
    """After the window for appeals, with none open and the pay sheet locked."""
    round = locked(round.id)
    may(by, round, Right.HR)
    must_be(round, Stage.CONFIRMING)
    _refuse_blocked(round)
    round.closed_at = timezone.now()
    return _move(by, round, Stage.CLOSED, "round.close")


def appeal_ends(round: Round) -> datetime | None:
    """Until when a published result may be appealed."""
    return None if round.published_at is None else round.published_at + timedelta(days=round.appeal_days)
