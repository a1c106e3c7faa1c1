"""Reminding those who owe something: at most once a day each, near a deadline or when HR asks; letters beside the inbox, without figures."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from kaohe_web.audit.actions import record
from kaohe_web.inbox.models import Notice
from kaohe_web.inbox.owing import Owed, owing
from kaohe_web.inbox.words import KINDS
from kaohe_web.people.models import Person, Right, User
from kaohe_web.rounds.actions import locked, may
from kaohe_web.rounds.models import Deadline, Round
from kaohe_web.rounds.stages import Stage
from kaohe_web.site.refusals import Refused

NEAR = timedelta(days=2)
FRESH = timedelta(days=3)  # a letter that could not be sent for longer is not sent any more
LOG = logging.getLogger(__name__)


# --- the inbox ------------------------------------------------------------------------------------


@transaction.atomic
def remind_all(by: User, round: Round) -> int:
    """Remind everybody who owes something now; whoever was told today already is left alone. Returns how many were reminded."""
    round = locked(round.id)
    may(by, round, Right.HR)
    owed = owing(round)
    if not owed:
        raise Refused("现在没有人欠什么。", "Nobody owes anything now.")
    told = _remind(round, owed, timezone.now())
    if not told:
        raise Refused("今天都已经提醒过了。", "Everybody was reminded today already.")
    record(by, "round.remind", round, after={"people": len(told)}, round_id=round.id)
    return len(told)


@transaction.atomic
def tick(now: datetime) -> int:
    """Remind those who owe something at a stage whose deadline is near or over; once a day. Returns how many were reminded."""
    due = Deadline.objects.select_for_update().filter(at__lte=now + NEAR).exclude(round__stage__in=(Stage.DRAFT, Stage.CLOSED))
    count = 0
    for deadline in due.select_related("round__unit", "round__version"):
        if deadline.stage == deadline.round.stage and not _is_today(deadline.reminded_at, now):
            told = _remind(deadline.round, owing(deadline.round), now)
            deadline.reminded_at = now
            deadline.save()
            if told:
                record(None, "round.remind", deadline.round, after={"people": len(told)}, round_id=deadline.round_id)
            count += len(told)
    return count


def _is_today(at: datetime | None, now: datetime) -> bool:
    return at is not None and timezone.localtime(at).date() == timezone.localtime(now).date()


def _remind(round: Round, owed: Sequence[Owed], now: datetime) -> list[Person]:
    """A notice each: the unread one comes up again, a new one otherwise; nobody twice on one day."""
    kept = {
        (one.person_id, one.kind, one.link): one
        for one in Notice.objects.filter(round=round, person__in=[one.person for one in owed]).order_by("id")
    }
    told: list[Person] = []
    for one in owed:
        notice = kept.get((one.person.id, one.kind, one.link))
        if notice is not None and _is_today(notice.at, now):
            continue
        if notice is None or notice.read_at is not None:
            notice = Notice.objects.create(person=one.person, kind=one.kind, link=one.link, round=round)
        Notice.objects.filter(pk=notice.pk).update(at=now, mailed_at=None)
        told.append(one.person)
    return told


# --- letters --------------------------------------------------------------------------------------


def send_letters(now: datetime) -> int:
    """A letter to each who has unread notices of which none was written yet; returns how many went out. Nothing where no mail is set up."""
    if not settings.MAILS:
        return 0
    waiting = Notice.objects.filter(mailed_at__isnull=True, read_at__isnull=True, at__gte=now - FRESH).exclude(person__email="")
    by_person: dict[int, list[Notice]] = {}
    for notice in waiting.select_related("person", "round"):
        by_person.setdefault(notice.person_id, []).append(notice)
    return sum(_send(notices, now) for notices in by_person.values())


def _send(notices: Sequence[Notice], now: datetime) -> bool:
    """One letter; notices are claimed first, so that two who look at once do not both write, and given back where it fails."""
    claimed = [one for one in notices if Notice.objects.filter(pk=one.pk, mailed_at__isnull=True).update(mailed_at=now)]
    if not claimed:
        return False
    try:
        letter(claimed).send()
    except (smtplib.SMTPException, OSError) as error:
        LOG.warning("no letter to %s: %s", claimed[0].person.number, error)
        Notice.objects.filter(pk__in=[one.pk for one in claimed]).update(mailed_at=None)
        return False
    return True


def letter(notices: Sequence[Notice]) -> EmailMessage:
    """What waits for somebody, Chinese first, English beneath; the names of rounds and nothing of anybody's results."""
    person = notices[0].person
    zh, en = ("\n".join(_lines(notices, place)) for place in (0, 1))
    where_zh = f"请登录：{settings.ADDRESS}" if settings.ADDRESS else "请登录考核系统处理。"
    where_en = f"Sign in: {settings.ADDRESS}" if settings.ADDRESS else "Sign in to Kaohe to see to it."
    body = f"{person.name}，您好：\n\n{zh}\n\n{where_zh}\n\n—\n\nDear {person.name},\n\n{en}\n\n{where_en}\n"
    return EmailMessage("考核：有事等您处理 | Kaohe: something waits for you", body, to=[person.email])


def _lines(notices: Iterable[Notice], place: int) -> list[str]:
    """One line a notice, each once."""
    glue = ("：", ": ")[place]
    told = [KINDS.get(one.kind, ("通知", "A notice"))[place] + (f"{glue}{one.round.name}" if one.round else "") for one in notices]
    return [f"· {line}" for line in dict.fromkeys(told)]
