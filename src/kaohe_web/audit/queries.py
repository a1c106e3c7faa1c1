"""Reading the chain, and proving it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from kaohe_web.audit.actions import FIRST, hash_of, headed, seal
from kaohe_web.audit.models import Content, Entry
from kaohe_web.people.models import Right
from kaohe_web.people.standing import Standing
from kaohe_web.rounds.models import Round


@dataclass
class Proof:
    """What a walk along the chain found."""

    entries: int = 0
    erased: list[int] = field(default_factory=list)
    broken: list[tuple[int, str, str]] = field(default_factory=list)
    head: str = FIRST

    @property
    def holds(self) -> bool:
        """Whether nothing was changed, removed or inserted."""
        return not self.broken


def verify(head: str = "") -> Proof:
    """Walk the whole chain; `head`, where one was kept outside, must stand in it."""
    proof, erased = Proof(), _erased()
    seen = not head
    for entry in Entry.objects.order_by("number").select_related("content").iterator(chunk_size=2000):
        _check(entry, proof, erased)
        seen = seen or entry.hash == head
        proof.entries, proof.head = entry.number, entry.hash
    if not seen:
        proof.broken.append(
            (proof.entries, f"外部保存的链头 {head[:12]}… 不在链上", f"the head kept outside, {head[:12]}…, is not in the chain")
        )
    return proof


def _check(entry: Entry, proof: Proof, erased: set[int]) -> None:
    if entry.number != proof.entries + 1:
        proof.broken.append((entry.number, f"第 {proof.entries + 1} 条不见了", f"entry {proof.entries + 1} is gone"))
    if entry.previous != proof.head:
        proof.broken.append((entry.number, "与前一条接不上", "it does not follow the entry before it"))
    if entry.hash != hash_of(entry):
        proof.broken.append((entry.number, "本条被改过", "the entry was changed"))
    content = getattr(entry, "content", None)
    if content is not None and not _is_sealed(entry, content):
        proof.broken.append((entry.number, "内容与本条的印记不符", "its content is not what was sealed"))
    if content is None:
        proof.erased.append(entry.number)
        if entry.number not in erased:
            proof.broken.append((entry.number, "内容被删，却没有删除的记录", "its content is gone and no act erased it"))


def _is_sealed(entry: Entry, content: Content) -> bool:
    kept = {
        "actor": headed(content.actor, content.about, content.money),
        "reason": content.reason,
        "before": content.before,
        "after": content.after,
    }
    return all(getattr(entry, name) == seal(content.salt, said) for name, said in kept.items())


def _erased() -> set[int]:
    """Entries whose content was removed by an act of its own."""
    ids = Entry.objects.filter(action="erase").values_list("object_id", flat=True)
    return set(Entry.objects.filter(pk__in=[int(one) for one in ids]).values_list("number", flat=True))


def entries_for(standing: Standing) -> QuerySet[Entry]:
    """What the user may read of the chain: all of it for the auditor, her rounds' for HR."""
    entries = Entry.objects.select_related("content").order_by("-number")
    if standing.sees_all:
        return entries
    if not standing.has(Right.HR):
        return entries.none()
    units = standing.units(Right.HR)
    return entries if units is None else entries.filter(round_id__in=Round.objects.filter(unit_id__in=units).values("id"))


# --- pages ----------------------------------------------------------------------------------------

HASH = re.compile("[0-9a-f]{64}")
RATINGS = "rating."  # acts that would tell who rated how


@dataclass(frozen=True)
class Said:
    """One thing that an act changed: as it was and as it became."""

    key: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.after


@dataclass
class Told:
    """An entry as somebody may read it; `hidden` says why its content is not shown: erased, money, or who rated."""

    entry: Entry
    who: str = ""
    number: str = ""
    about: str = ""
    reason: str = ""
    said: list[Said] = field(default_factory=list)
    hidden: str = ""
    round: Round | None = None


def refuse_others(standing: Standing) -> None:
    """The record does not exist for anybody but audit and HR."""
    if not (standing.sees_all or standing.has(Right.HR)):
        raise Http404


def filtered(standing: Standing, asked: Mapping[str, str]) -> QuerySet[Entry]:
    """The entries that the user may read, narrowed to a round, a person, an act, a day."""
    refuse_others(standing)
    entries = entries_for(standing)
    if asked.get("round", "").isdecimal():
        entries = entries.filter(round_id=int(asked["round"]))
    if act := asked.get("act", ""):
        entries = entries.filter(action=act)
    if (number := asked.get("person", "").strip()) != "":
        entries = entries.filter(Q(content__about=number) | Q(content__actor__number=number))
        # Who rated whom must not come out by asking for a rater.
        entries = entries if standing.sees_all else entries.exclude(action__startswith=RATINGS)
    if (day := _day(asked.get("day", ""))) is not None:
        entries = entries.filter(at__gte=day, at__lt=day + timedelta(days=1))
    return entries


def _day(text: str) -> datetime | None:
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(text), time.min))
    except ValueError:
        return None


def told(standing: Standing, entries: list[Entry]) -> list[Told]:
    """Entries with what the user may read of them."""
    rounds = Round.objects.in_bulk({entry.round_id for entry in entries if entry.round_id is not None})
    return [_told(standing, entry, rounds.get(entry.round_id or 0)) for entry in entries]


def _told(standing: Standing, entry: Entry, round: Round | None) -> Told:
    content: Content | None = getattr(entry, "content", None)
    if content is None:
        return Told(entry, hidden="erased", round=round)
    if entry.action.startswith(RATINGS) and not standing.sees_all:
        return Told(entry, hidden="rater", round=round)
    shown = Told(
        entry, str(content.actor.get("name") or content.actor.get("user")), str(content.actor.get("number", "")), content.about, round=round
    )
    if content.money and not _sees_money(standing, round):
        shown.hidden = "money"
        return shown
    shown.reason, shown.said = content.reason, said(content.before, content.after)
    return shown


def _sees_money(standing: Standing, round: Round | None) -> bool:
    if round is not None:
        return standing.sees_money_of(round.unit_id)
    return standing.units(Right.HR, Right.FINANCE, Right.AUDITOR) is None


def said(before: Mapping[str, object] | None, after: Mapping[str, object] | None) -> list[Said]:
    """What stood before beside what stood after, a line a name."""
    old, new = before or {}, after or {}
    return [Said(key, _text(old.get(key)), _text(new.get(key))) for key in dict.fromkeys([*old, *new])]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str) and HASH.fullmatch(value):
        return f"{value[:12]}…"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def acts_of(standing: Standing) -> list[str]:
    """The acts that stand in what the user may read."""
    return list(entries_for(standing).order_by("action").values_list("action", flat=True).distinct())


def rounds_of(standing: Standing) -> list[Round]:
    """The rounds that the user may read about."""
    units = None if standing.sees_all else standing.units(Right.HR)
    return list(Round.objects.all() if units is None else Round.objects.filter(unit_id__in=units))
