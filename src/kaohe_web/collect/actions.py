"""Entering facts: values, ratings, records; each by somebody who may, while the round is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from kaohe_web.audit.actions import record
from kaohe_web.collect.models import Duty, Import, Rating, Record, ValueEntry
from kaohe_web.engine.facts import Rows
from kaohe_web.engine.schemes import rated_items, record_kinds
from kaohe_web.engine.scoring import score_rows
from kaohe_web.engine.telling import Told
from kaohe_web.people.models import Person, Right, User
from kaohe_web.people.standing import standing_of
from kaohe_web.rounds.actions import locked, may, must_be
from kaohe_web.rounds.models import Participant, Round
from kaohe_web.rounds.stages import OPEN, Stage
from kaohe_web.site.refusals import Forbidden, Refused

SELF = "self"


def check(round: Round, **tables: Sequence[Mapping[str, object]]) -> list[Told]:
    """What the engine says of new rows beside the round's people; nothing where they may be taken."""
    people = [
        {"id": one.person.number, "name": one.person.name, "role": one.role, **one.attributes}
        for one in round.participants.select_related("person")
    ]
    rows = Rows(
        round.start.isoformat(),
        round.end.isoformat(),
        round.config,
        {"people": people, **{name: [dict(row) for row in rows] for name, rows in tables.items()}},
    )
    _, told = score_rows(round.version.plan, rows)
    return [one for one in told if one.sheet in tables]


def refuse(told: Iterable[Told]) -> None:
    """Refuse with everything that is wrong."""
    reasons = [(one.say("zh"), one.say("en")) for one in told]
    if reasons:
        first, *more = reasons
        raise Refused(*first, *more)


# --- ratings --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """A score that somebody gives."""

    item: str
    subject: str
    text: str
    relation: str = ""
    comment: str = ""
    counts: bool = True
    more: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def rate(by: User, round: Round, given: Sequence[Given]) -> list[Rating]:
    """Ratings that the user owes, all of them or none; a rating given again replaces the earlier one, which the record keeps."""
    round = locked(round.id)
    must_be(round, *OPEN)
    if by.person is None:
        raise Forbidden
    _owes(by.person, round, given)
    rows = [
        {
            "item": one.item,
            "subject": one.subject,
            "rater": by.person.number,
            "score": one.text,
            **({"relation": one.relation} if one.relation else {}),
            **one.more,
        }
        for one in given
        if one.counts
    ]
    refuse(check(round, ratings=rows))
    return [_keep_rating(by, round, one) for one in given]


def _owes(person: Person, round: Round, given: Sequence[Given]) -> None:
    """The user may rate whom she was asked to rate, and herself where the round asks for that."""
    duties = set(Duty.objects.filter(round=round, rater=person).values_list("item", "subject__person__number", "relation"))
    counted = {item.key for item in rated_items(round.version.plan) if item.takes_self}
    for one in given:
        if (one.item, one.subject, one.relation) not in duties and not _is_own(person, round, one, counted):
            raise Forbidden


def _is_own(person: Person, round: Round, one: Given, counted: set[str]) -> bool:
    """A self-assessment: counted only where the scheme itself hears the subject, beside the others where the round asks for it."""
    if one.subject != person.number or not round.participants.filter(person=person).exists():
        return False
    return one.relation == SELF and one.item in counted if one.counts else round.self_assessment


def _keep_rating(by: User, round: Round, one: Given) -> Rating:
    key = {
        "round": round,
        "item": one.item,
        "subject": one.subject,
        "rater": by.person.number,
        "relation": one.relation,
        "counts": one.counts,
    }
    before = Rating.objects.filter(**key).first()
    told = None if before is None else {"score": before.text, "comment": before.comment}
    rating, _ = Rating.objects.update_or_create(**key, defaults={"text": one.text, "comment": one.comment, "more": one.more, "by": by})
    record(
        by, "rating.give", rating, before=told, after={"score": one.text, "comment": one.comment}, round_id=round.id, about=by.person.number
    )
    return rating


@transaction.atomic
def take_back(by: User, round: Round, item: str, subjects: Iterable[str]) -> int:
    """Ratings that the user gave and takes back; what she submitted before is open again. Returns how many there were."""
    round = locked(round.id)
    must_be(round, *OPEN)
    if by.person is None:
        raise Forbidden
    found = list(Rating.objects.filter(round=round, item=item, rater=by.person.number, subject__in=list(subjects)))
    for one in found:
        told = {"score": one.text, "comment": one.comment}
        record(by, "rating.take_back", one, before=told, round_id=round.id, about=by.person.number)
        one.delete()
    gone = [one.subject for one in found if one.counts]
    Duty.objects.filter(round=round, item=item, rater=by.person, subject__person__number__in=gone).update(submitted_at=None)
    return len(found)


@transaction.atomic
def submit_ratings(by: User, round: Round, item: str) -> int:
    """Say that one's ratings of an item are complete; refused while one of them is owed. They may still be changed in time."""
    round = locked(round.id)
    must_be(round, *OPEN)
    duties = list(Duty.objects.filter(round=round, item=item, rater=by.person).select_related("subject__person")) if by.person else []
    if by.person is None or not duties:
        raise Forbidden
    given = set(Rating.objects.filter(round=round, item=item, rater=by.person.number, counts=True).values_list("subject", flat=True))
    left = sum(duty.subject.person.number not in given for duty in duties)
    if left:
        raise Refused(f"还有 {left} 人没有评，评完才能提交。", f"{left} are not rated yet; submit when all are.")
    Duty.objects.filter(pk__in=[duty.pk for duty in duties]).update(submitted_at=timezone.now())
    record(by, "rating.submit", round, after={"item": item, "ratings": len(duties)}, round_id=round.id, about=by.person.number)
    return len(duties)


@dataclass(frozen=True)
class Task:
    """Who is to rate whom in what, and as what."""

    item: str
    subject: str
    rater: str
    relation: str = ""


@transaction.atomic
def assign(by: User, round: Round, tasks: Iterable[Task]) -> int:
    """Ask people for ratings; returns how many are new. A relation that the scheme does not know is told."""
    round = locked(round.id)
    may(by, round, Right.HR)
    must_be(round, Stage.DRAFT, Stage.AGREEING, *OPEN)
    tasks = list(tasks)
    subjects = {one.person.number: one for one in round.participants.select_related("person")}
    raters = {one.number: one for one in Person.objects.filter(number__in={task.rater for task in tasks})}
    _refuse_unknown(round, tasks, subjects, raters)
    _refuse_twice(tasks, raters)
    known = set(Duty.objects.filter(round=round).values_list("item", "subject_id", "rater_id"))
    fresh = [
        Duty(round=round, item=one.item, subject=subjects[one.subject], rater=raters[one.rater], relation=one.relation)
        for one in dict.fromkeys(tasks)
        if (one.item, subjects[one.subject].id, raters[one.rater].id) not in known
    ]
    Duty.objects.bulk_create(fresh)
    record(by, "round.raters", round, after={"new": len(fresh)}, round_id=round.id)
    return len(fresh)


def _refuse_twice(tasks: Iterable[Task], raters: Mapping[str, Person]) -> None:
    """One voice each: nobody rates an item of somebody in two relations."""
    relations: dict[tuple[str, str, str], set[str]] = {}
    for one in tasks:
        relations.setdefault((one.item, one.subject, one.rater), set()).add(one.relation)
    twice = [(subject, raters[rater].name) for (_, subject, rater), every in relations.items() if len(every) > 1]
    reasons = [
        (f"{name}不能以两种关系给 {subject} 评同一项。", f"{name} cannot rate one item of {subject} in two relations.")
        for subject, name in twice
    ]
    if reasons:
        first, *more = reasons
        raise Refused(*first, *more)


def _refuse_unknown(round: Round, tasks: Sequence[Task], subjects: Mapping[str, Participant], raters: Mapping[str, Person]) -> None:
    items = {item.key for item in rated_items(round.version.plan)}
    wrong = [
        *((f"{number} 不在本轮。", f"{number} is not in this round.") for number in {task.subject for task in tasks} - set(subjects)),
        *((f"没有工号 {number}。", f"Nobody has the number {number}.") for number in {task.rater for task in tasks} - set(raters)),
        *((f"方案里没有要评分的指标 {item}。", f"The scheme rates no item {item}.") for item in {task.item for task in tasks} - items),
    ]
    if wrong:
        first, *more = wrong
        raise Refused(*first, *more)


@transaction.atomic
def unassign(by: User, round: Round, duty_ids: Iterable[int]) -> int:
    """Ask no more for ratings that were not given yet; returns how many. One that was given is told and kept."""
    round = locked(round.id)
    may(by, round, Right.HR)
    must_be(round, Stage.DRAFT, Stage.AGREEING, *OPEN)
    duties = list(Duty.objects.filter(round=round, pk__in=list(duty_ids)).select_related("rater", "subject__person"))
    given = set(Rating.objects.filter(round=round, counts=True).values_list("item", "subject", "rater"))
    kept = [duty for duty in duties if (duty.item, duty.subject.person.number, duty.rater.number) in given]
    if kept:
        first, *more = [_given_already(duty) for duty in kept]
        raise Refused(*first, *more)
    told = [{"item": duty.item, "subject": duty.subject.person.number, "relation": duty.relation} for duty in duties]
    Duty.objects.filter(pk__in=[duty.id for duty in duties]).delete()
    record(by, "round.raters", round, before={"asked": told}, after={"removed": len(told)}, round_id=round.id)
    return len(duties)


@transaction.atomic
def arrange(by: User, round: Round, tasks: Sequence[Task], duty_ids: Sequence[int]) -> None:
    """Take some raters off and ask others, both or neither."""
    if duty_ids:
        unassign(by, round, duty_ids)
    if tasks:
        assign(by, round, tasks)


def _given_already(duty: Duty) -> tuple[str, str]:
    rater, subject = duty.rater.name, duty.subject.person.name
    return (f"{rater}已经给{subject}评过分，不能再撤下。", f"{rater} has rated {subject} already; that cannot be taken away.")


# --- records --------------------------------------------------------------------------------------


@transaction.atomic
def add_record(
    by: User, round: Round, kind: str, subject: str, day: date | None, cells: Mapping[str, str], note: str = "", evidence: object = None
) -> Record:
    """A dated record of somebody of one's team, checked by the scheme."""
    round = locked(round.id)
    must_be(round, *OPEN)
    participant = _of_my_team(by, round, subject)
    if kind not in {one.key for one in record_kinds(round.version.plan)}:
        raise Refused("方案里没有这种记录。", "The scheme knows no such record.")
    kept = {name: text for name, text in cells.items() if text}
    row = {"type": kind, "subject": subject, **({} if day is None else {"at": day.isoformat()}), **kept}
    refuse(check(round, events=[row]))
    made = Record.objects.create(
        round=round,
        kind=kind,
        subject=subject,
        day="" if day is None else day.isoformat(),
        cells=kept,
        note=note,
        evidence=evidence or "",
        by=by,
    )
    record(by, "record.add", made, after={**row, "note": note}, round_id=round.id, about=participant.person.number)
    return made


def _of_my_team(by: User, round: Round, subject: str) -> Participant:
    """Somebody of the round whom the user leads, or HR's."""
    found = round.participants.select_related("person").filter(person__number=subject).first()
    standing = standing_of(by)
    if found is None or not (standing.covers(found.unit_id, Right.LEAD, Right.MANAGER) or standing.covers(round.unit_id, Right.HR)):
        raise Forbidden
    if standing.person is not None and standing.person.number == subject:
        raise Refused("不能给自己记录加扣分。", "Nobody records points of her own.")
    return found


@transaction.atomic
def withdraw_record(by: User, round: Round, record_id: int, reason: str) -> Record:
    """Take a record out of scoring, with a reason; it stays readable."""
    round = locked(round.id)
    must_be(round, *OPEN)
    found = round.records.filter(pk=record_id).first()
    if found is None:
        raise Forbidden
    participant = _of_my_team(by, round, found.subject)
    if found.by_id != by.id and not standing_of(by).covers(round.unit_id, Right.HR):
        raise Refused("别人登记的记录由人力资源撤销。", "A record that somebody else wrote is withdrawn by HR.")
    if found.withdrawn:
        return found
    if not reason.strip():
        raise Refused("撤销记录要写明理由。", "Withdrawing a record takes a reason.")
    found.withdrawn, found.withdrawn_because = True, reason
    found.save()
    record(
        by,
        "record.withdraw",
        found,
        before={"withdrawn": False},
        after={"withdrawn": True},
        reason=reason,
        round_id=round.id,
        about=participant.person.number,
    )
    return found


# --- values ---------------------------------------------------------------------------------------


@transaction.atomic
def enter_values(by: User, round: Round, values: Mapping[tuple[str, str], str], source: Import | None = None) -> int:
    """Figures by (subject, key), all or none; an empty text takes the figure out. Returns how many changed."""
    round = locked(round.id)
    may(by, round, Right.HR)
    must_be(round, *OPEN)
    rows: dict[str, dict[str, str]] = {}
    for (subject, key), text in values.items():
        if text.strip():
            rows.setdefault(subject, {"subject": subject})[key] = text.strip()
    refuse(check(round, values=list(rows.values())))
    return sum(_keep_value(by, round, subject, key, text.strip(), source) for (subject, key), text in values.items())


def _keep_value(by: User, round: Round, subject: str, key: str, text: str, source: Import | None) -> bool:
    """Keep one figure; whether that changed anything."""
    before = ValueEntry.objects.filter(round=round, subject=subject, key=key).first()
    if (before.text if before else "") == text:
        return False
    told = None if before is None else {"text": before.text}
    if not text:
        assert before is not None
        record(by, "value.remove", before, before=told, round_id=round.id, about=subject)
        before.delete()
        return True
    entry, _ = ValueEntry.objects.update_or_create(
        round=round, subject=subject, key=key, defaults={"text": text, "by": by, "source": source}
    )
    record(by, "value.enter", entry, before=told, after={"subject": subject, "key": key, "text": text}, round_id=round.id, about=subject)
    return True
