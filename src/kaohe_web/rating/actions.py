"""Typed scores become ratings: read by the item's own scale, all of them or none, and nothing written that did not change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from kaohe_web.collect.actions import SELF, Given, rate, take_back
from kaohe_web.collect.models import Duty, Rating
from kaohe_web.engine.grids import NOT_APPLICABLE, Sheet, sheet_of
from kaohe_web.people.models import User
from kaohe_web.rounds.actions import locked
from kaohe_web.rounds.models import Participant, Round
from kaohe_web.site.refusals import Forbidden, Refused

LONGEST_COMMENT = 2000


@dataclass(frozen=True)
class Typed:
    """What somebody typed for one person; an empty score takes the rating back."""

    subject: str
    score: str
    comment: str = ""
    call: str = ""


@transaction.atomic
def rate_typed(by: User, round: Round, item: str, typed: Sequence[Typed]) -> int:
    """Ratings that the user owes in an item, as she typed them. Returns how many changed."""
    round = locked(round.id)
    if by.person is None:
        raise Forbidden
    duties = {duty.subject.person.number: duty for duty in _duties(by, round, item)}
    if any(one.subject not in duties for one in typed):
        raise Forbidden
    given = _read(round, item, [(one, duties[one.subject].subject, duties[one.subject].relation) for one in typed if one.score.strip()])
    kept = {one.subject: one for one in Rating.objects.filter(round=round, item=item, rater=by.person.number, counts=True)}
    changed = [one for one in given if _differs(one, kept.get(one.subject))]
    cleared = [one.subject for one in typed if not one.score.strip() and one.subject in kept]
    if cleared:
        take_back(by, round, item, cleared)
    if changed:
        rate(by, round, changed)
    return len(changed) + len(cleared)


def _duties(by: User, round: Round, item: str) -> Iterable[Duty]:
    return Duty.objects.filter(round=round, item=item, rater=by.person).select_related("subject__person")


def _read(round: Round, item: str, typed: Sequence[tuple[Typed, Participant, str]], counts: bool = True) -> list[Given]:
    """Typed scores as they are kept; everything told that the scale does not allow."""
    sheets = {role: sheet_of(round.version.plan, item, role) for role in {participant.role for _, participant, _ in typed}}
    wrong = [told for one, participant, _ in typed if (told := _problem(one, participant, sheets[participant.role])) is not None]
    if wrong:
        first, *more = wrong
        raise Refused(*first, *more)
    return [_given(item, one, sheets[participant.role], relation, counts) for one, participant, relation in typed]


def _problem(one: Typed, participant: Participant, sheet: Sheet | None) -> tuple[str, str] | None:
    """What is wrong with a typed score."""
    name = participant.person.name
    if sheet is None:
        return f"{name}：方案里没有要评分的这一项。", f"{name}: the scheme does not rate this item."
    if len(one.comment) > LONGEST_COMMENT:
        return f"{name}：说明最多{LONGEST_COMMENT}字。", f"{name}: a comment takes at most {LONGEST_COMMENT} characters."
    if sheet.read(one.score) is not None:
        return None
    allowed = "、".join(score.shown for score in sheet.scores) or f"{sheet.low} 至 {sheet.high}"
    allowed_en = ", ".join(score.shown for score in sheet.scores) or f"{sheet.low} to {sheet.high}"
    written = one.score.strip()[:20]
    return f"{name}：写了“{written}”，可评的是 {allowed}。", f"{name}: “{written}” is not allowed; give {allowed_en}."


def _given(item: str, one: Typed, sheet: Sheet | None, relation: str, counts: bool) -> Given:
    assert sheet is not None
    text = sheet.read(one.score) or ""
    more = {sheet.per: one.call.strip()} if sheet.per and one.call.strip() else {}
    if text == NOT_APPLICABLE:
        text, more = "", {**more, "not_applicable": "yes"}
    return Given(item, one.subject, text, relation, one.comment.strip(), counts, more)


def _differs(one: Given, kept: Rating | None) -> bool:
    """Whether a rating says anything else than the one that is kept."""
    return kept is None or (one.text, one.comment, one.more) != (kept.text, kept.comment, kept.more)


@transaction.atomic
def assess_oneself(by: User, round: Round, typed: dict[str, Typed]) -> int:
    """What somebody says of herself, by item; counted only where the scheme hears the subject. Returns how many changed."""
    round = locked(round.id)
    participant = round.participants.select_related("person").filter(person=by.person).first() if by.person else None
    if participant is None or by.person is None:
        raise Forbidden
    changed = 0
    for item, one in typed.items():
        sheet = sheet_of(round.version.plan, item, participant.role)
        counts = sheet is not None and sheet.takes_self
        changed += _assess(by, round, participant, item, one, counts)
    return changed


def _assess(by: User, round: Round, participant: Participant, item: str, one: Typed, counts: bool) -> int:
    """One item of a self-assessment; whether it changed."""
    relation = SELF if counts else ""
    number = participant.person.number
    kept = Rating.objects.filter(round=round, item=item, rater=number, subject=number, counts=counts, relation=relation).first()
    if not one.score.strip():
        return take_back(by, round, item, [number]) if kept else 0
    (given,) = _read(round, item, [(one, participant, relation)], counts)
    if _differs(given, kept):
        rate(by, round, [given])
        return 1
    return 0
