"""Writing the chain: one entry an act, in the act's own transaction."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

from django.db import connection, models, transaction
from django.utils import timezone

from kaohe_web.audit.models import Content, Entry

FIRST = "0" * 64
LOCK = 0x6B616F6865  # one writer at a time where the database does not see to that itself
SEALED = ("number", "at", "actor", "action", "object_kind", "object_id", "round_id", "reason", "before", "after", "previous")


def record(
    user: object,
    action: str,
    target: models.Model,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
    round_id: int | None = None,
    about: str = "",
    money: bool = False,
) -> Entry:
    """Append what somebody did to the chain. `about` is the work number of the person whose data it holds, by which it is erased."""
    assert connection.in_atomic_block, "an act and its entry are one transaction"
    _wait_for_turn()
    last = Entry.objects.order_by("-number").first()
    salt, actor = secrets.token_hex(16), actor_of(user)
    entry = Entry(
        number=1 if last is None else last.number + 1,
        at=timezone.now(),
        actor=seal(salt, headed(actor, about, money)),
        action=action,
        object_kind=target._meta.label_lower,
        object_id=str(target.pk),
        round_id=round_id,
        reason=seal(salt, reason),
        before=seal(salt, before),
        after=seal(salt, after),
        previous=FIRST if last is None else last.hash,
    )
    entry.hash = hash_of(entry)
    entry.save(force_insert=True)
    Content.objects.create(entry=entry, salt=salt, actor=actor, reason=reason, before=before, after=after, about=about, money=money)
    return entry


def headed(actor: object, about: str, money: bool) -> dict[str, object]:
    """Who acted, with whom it concerns and whether it is of money: sealed together, so that neither can be hidden later."""
    return {"actor": actor, "about": about, "money": money}


def actor_of(user: object) -> dict[str, object]:
    """Who acted, as the chain keeps it: the sign-in and the person's number and name; the system for nobody."""
    if user is None:
        return {"user": "system"}
    person = getattr(user, "person", None)
    return {"user": str(getattr(user, "username", "")), **({} if person is None else {"number": person.number, "name": person.name})}


def seal(salt: str, content: object) -> str:
    """The salted hash of a content; empty for none."""
    if content is None or content == "":
        return ""
    return sha256(f"{salt}{json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(',', ':'))}".encode()).hexdigest()


def hash_of(entry: Entry) -> str:
    """The hash of an entry and, through it, of all before."""
    told = {name: _plain(getattr(entry, name)) for name in SEALED}
    return sha256(json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _wait_for_turn() -> None:
    """SQLite has one writer anyway; PostgreSQL gives the lock back with the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def erase(user: object, number: str, reason: str) -> int:
    """Remove what the chain says of a person: contents and salts go, the chain stays whole. Returns how many were erased."""
    with transaction.atomic():
        found = list(Content.objects.filter(about=number).select_related("entry"))
        for content in found:
            record(user, "erase", content.entry, after={"entry": content.entry.number}, reason=reason)
        Content.objects.filter(pk__in=[content.pk for content in found]).delete()
        return len(found)
