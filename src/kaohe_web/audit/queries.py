"""Reading the chain, and proving it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import QuerySet

from kaohe_web.audit.actions import FIRST, hash_of, seal
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
    kept = {"actor": content.actor, "reason": content.reason, "before": content.before, "after": content.after}
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
