"""Correcting what was published: changes by name, made and restated in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from django.db import transaction

from kaohe_web.audit.actions import record
from kaohe_web.collect.models import Rating, Record, ValueEntry
from kaohe_web.corrections.changes import Change, Kind
from kaohe_web.corrections.effects import proposal
from kaohe_web.engine.schemes import people_fields, value_fields
from kaohe_web.library.models import SchemeVersion
from kaohe_web.people.models import Right, User
from kaohe_web.results.actions import publish_version, published
from kaohe_web.results.models import Run
from kaohe_web.rounds.actions import locked, may, must_be
from kaohe_web.rounds.models import Participant, Round
from kaohe_web.rounds.stages import PUBLIC
from kaohe_web.site.refusals import Refused


@transaction.atomic
def amend(by: User, round: Round, changes: Sequence[Change], reason: str) -> Run:
    """Make changes to a published round and publish the corrected version; all of it or nothing."""
    round = locked(round.id)
    may(by, round, Right.HR)
    must_be(round, *PUBLIC)
    if not changes:
        raise Refused("没有要更正的内容。", "Nothing is to be corrected.")
    last = published(round)
    if last is None:
        raise Refused("本轮还没有公布过结果。", "Nothing of this round was published yet.")
    made = [_WRITE[Kind(change.kind)](by, round, change, reason.strip()) for change in changes]
    plan, rows = proposal(last, made)
    if rows.digest == last.facts_digest and plan == last.plan:
        raise Refused("改了以后与现在一样，不需要更正。", "What you entered is what stands already; there is nothing to correct.")
    return publish_version(by, round, reason, plan, rows)


def _refuse_own(by: User, subject: str) -> None:
    if by.person is not None and by.person.number == subject:
        raise Refused("不能更正自己的数据，请另一位人力资源来做。", "Nobody corrects facts of her own; ask another of HR.")


def _value(by: User, round: Round, change: Change, reason: str) -> Change:
    """A figure of the period: put right, added or taken out."""
    _refuse_own(by, change.subject)
    known = {field.key: field for field in value_fields(round.version.plan)}
    if change.key not in known:
        raise Refused(f"方案里没有“{change.key}”这个数值。", f"The scheme knows no figure “{change.key}”.")
    if not known[change.key].of:
        _participant(round, change.subject)
    kept = round.values.filter(subject=change.subject, key=change.key).first()
    before = None if kept is None else {"subject": change.subject, "key": change.key, "text": kept.text}
    after = {"subject": change.subject, "key": change.key, "text": change.text} if change.text else None
    if change.text:
        kept, _ = ValueEntry.objects.update_or_create(
            round=round, subject=change.subject, key=change.key, defaults={"text": change.text, "by": by}
        )
    if kept is None:
        return change
    _told(by, "value.correct", round, kept, before, after, reason, change.subject, known[change.key].is_money)
    number = kept.id
    if not change.text:
        kept.delete()
    return replace(change, number=number)


def _told(
    by: User,
    act: str,
    round: Round,
    row: ValueEntry | Record | Rating | Participant,
    before: Mapping[str, object] | None,
    after: Mapping[str, object] | None,
    reason: str,
    about: str,
    money: bool = False,
) -> None:
    record(by, act, row, before=before, after=after, reason=reason, round_id=round.id, about=about, money=money)


def _withdraw(by: User, round: Round, change: Change, reason: str) -> Change:
    """A record taken out of scoring; it stays readable."""
    found = round.records.filter(pk=change.number, withdrawn=False).first()
    if found is None:
        raise Refused("没有这条记录，或已撤销。", "There is no such record, or it was withdrawn already.")
    _refuse_own(by, found.subject)
    found.withdrawn, found.withdrawn_because = True, reason
    found.save()
    _told(by, "record.withdraw", round, found, {"withdrawn": False}, {"withdrawn": True}, reason, found.subject)
    return replace(change, subject=found.subject)


def _record(by: User, round: Round, change: Change, reason: str) -> Change:
    """A record that came late."""
    _refuse_own(by, change.subject)
    _participant(round, change.subject)
    cells = {name: text for name, text in change.cells.items() if text}
    day = cells.pop("at", "")
    made = Record.objects.create(round=round, kind=change.key, subject=change.subject, day=day, cells=cells, note=reason, by=by)
    _told(by, "record.add", round, made, None, {"type": change.key, "at": day, **cells}, reason, change.subject)
    return replace(change, number=made.id, cells={**({"at": day} if day else {}), **cells})


def _rating(by: User, round: Round, change: Change, reason: str) -> Change:
    """A rating put right or taken out."""
    found = round.ratings.filter(pk=change.number, counts=True).first()
    if found is None:
        raise Refused("没有这份评分，或已剔除。", "There is no such rating, or it was taken out already.")
    _refuse_own(by, found.subject)
    after = {"score": change.text} if change.text else None
    _told(by, "rating.correct", round, found, {"score": found.text, "comment": found.comment}, after, reason, found.rater)
    if change.text:
        found.text, found.by = change.text, by
        found.save()
    else:
        found.delete()
    return replace(change, subject=found.subject, key=found.item)


def _late_rating(by: User, round: Round, change: Change, reason: str) -> Change:
    """A rating that came late: who gave it stands in its cells."""
    _refuse_own(by, change.subject)
    rater, relation = change.cells.get("rater", ""), change.cells.get("relation", "")
    if round.ratings.filter(item=change.key, subject=change.subject, rater=rater, relation=relation, counts=True).exists():
        raise Refused("这位评分人已经评过这一项。", "This rater has rated this item already.")
    made = Rating.objects.create(
        round=round, item=change.key, subject=change.subject, rater=rater, relation=relation, text=change.text, by=by
    )
    _told(by, "rating.correct", round, made, None, {"score": change.text}, reason, rater)
    return replace(change, number=made.id, cells={name: text for name, text in change.cells.items() if text})


def _person(by: User, round: Round, change: Change, reason: str) -> Change:
    """What the scheme asks of a person, as it should have stood in the period."""
    _refuse_own(by, change.subject)
    known = {field.key: field for field in people_fields(round.version.plan)}
    if change.key not in known:
        raise Refused(f"方案不问“{change.key}”。", f"The scheme does not ask for “{change.key}”.")
    found = _participant(round, change.subject)
    before, after = {change.key: found.attributes.get(change.key, "")}, {change.key: change.text}
    kept = {key: text for key, text in found.attributes.items() if key != change.key}
    found.attributes = {**kept, change.key: change.text} if change.text else kept
    found.save()
    _told(by, "person.correct", round, found, before, after, reason, change.subject, known[change.key].is_money)
    return change


def _participant(round: Round, subject: str) -> Participant:
    found = round.participants.filter(person__number=subject).first()
    if found is None:
        raise Refused(f"{subject} 不在本轮。", f"{subject} is not in this round.")
    return found


def _scheme(by: User, round: Round, change: Change, reason: str) -> Change:
    """A corrected rule: another version of the same scheme."""
    version = SchemeVersion.objects.filter(pk=change.number, scheme=round.version.scheme_id).first()
    if version is None:
        raise Refused("没有这个方案版本。", "There is no such version of the scheme.")
    before, after = {"number": round.version.number, "digest": round.version.digest}, {"number": version.number, "digest": version.digest}
    round.version = version
    round.save()
    record(by, "round.scheme", round, before=before, after=after, reason=reason, round_id=round.id)
    return change


_WRITE: dict[Kind, Callable[[User, Round, Change, str], Change]] = {
    Kind.VALUE: _value,
    Kind.WITHDRAW: _withdraw,
    Kind.RECORD: _record,
    Kind.RATING: _rating,
    Kind.LATE_RATING: _late_rating,
    Kind.PERSON: _person,
    Kind.SCHEME: _scheme,
}
