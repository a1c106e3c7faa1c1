"""The sample company after publication: the first quarter corrected after it was paid; appeals of the second that wait."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from kaohe_web.appeals import actions as appeals
from kaohe_web.appeals.models import Appeal
from kaohe_web.corrections.actions import amend
from kaohe_web.corrections.changes import Change, Kind
from kaohe_web.people.models import User
from kaohe_web.results.actions import published
from kaohe_web.rounds.models import Round

HALF = "1/2"
NOTICE = "受理服务组排班调整通知\n2026年5月6日起，其他组员工不再与受理服务组同班。\n".encode()


def go_on() -> None:
    """What follows publication, once; a company where somebody appealed already is left alone."""
    if Appeal.objects.exists():
        return
    first, second = Round.objects.get(end="2026-03-31"), Round.objects.get(end="2026-06-30")
    amend(User.objects.get(username="hr"), first, _late_ratings(first, "KF0110", "KF0105"), "2名随机评分人的评分迟到，6月补收。")
    _appeals(second)


def _late_ratings(round: Round, rises: str, stays: str) -> list[Change]:
    """Everything that was half becomes whole for one, a single rating for the other."""
    mine = list(round.ratings.filter(subject=rises, text=HALF))
    return [Change(Kind.RATING, number=one.id, text="1") for one in [*mine, round.ratings.filter(subject=stays, text=HALF)[0]]]


def _appeals(round: Round) -> None:
    """One that would lift a grade, one that would not; both against a rating, as the scheme has many."""
    item = "internal_customer_satisfaction"
    for subject, words in (("KF0101", "这位评分人5月起不再与我同班，请核对后剔除。"), ("KF0111", "其中一份评分给错了人，请核对。")):
        result = published(round)
        found = round.ratings.filter(subject=subject, item=item, text=HALF).order_by("id").first()
        user = User.objects.get(person__number=subject)
        if result is not None and found is not None:
            file = SimpleUploadedFile("排班调整通知.txt", NOTICE)
            appeals.open_appeal(user, result.results.get(subject=subject).id, "rating", item, f"#{found.id}", words, [file])
