"""Accounts: who may sign in, with which rights over what and until when. Only the administrator changes them; all of it is written down."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.db import transaction
from django.utils import timezone

from kaohe_web.audit.actions import record
from kaohe_web.people.models import Grant, Person, Right, Unit, User, during
from kaohe_web.people.standing import standing_of
from kaohe_web.site.refusals import Forbidden, Refused

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
GROUPS, EACH = 4, 4
ROUNDS = 20_000  # a drawn password of 79 bits, good for one sign-in, needs no more; the next one is hashed in full


@dataclass(frozen=True)
class Opened:
    """An account with the password that is told once."""

    user: User
    password: str


def drawn_password() -> str:
    """A password to type off a sheet of paper: four groups of four."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(EACH)) for _ in range(GROUPS))


def _hashed(password: str) -> str:
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return str(hasher.encode(password, hasher.salt(), iterations=ROUNDS))
    return make_password(password)


def _may(by: User) -> None:
    if not standing_of(by).has(Right.ADMIN):
        raise Forbidden


def _about(user: User) -> str:
    return user.person.number if user.person else ""


@transaction.atomic
def open_accounts(by: User, people: Sequence[Person]) -> list[Opened]:
    """Accounts under the work numbers, each with a password to be changed at the first sign-in; whoever has one is left out."""
    _may(by)
    taken = set(User.objects.filter(person__in=people).values_list("person_id", flat=True))
    names = set(User.objects.filter(username__in=[one.number for one in people]).values_list("username", flat=True))
    return [_open(by, one.number, one) for one in people if one.id not in taken and one.number not in names]


@transaction.atomic
def open_account(by: User, username: str, person: Person | None) -> Opened:
    """One account, of a person or of nobody."""
    _may(by)
    username = username.strip() or (person.number if person else "")
    if not username or len(username) > 150:
        raise Refused("写一个用户名，或选一个人。", "Write a user name, or choose a person.")
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(f"已有用户名 {username}。", f"There is a user {username} already.")
    if person is not None and User.objects.filter(person=person).exists():
        raise Refused(f"{person.name}已有账号。", f"{person.name} has an account already.")
    return _open(by, username, person)


def _open(by: User, username: str, person: Person | None) -> Opened:
    password = drawn_password()
    user = User(username=username, person=person, must_change_password=True, email=person.email if person else "")
    user.password = _hashed(password)
    user.save()
    record(by, "account.open", user, after={"user": username}, about=_about(user))
    return Opened(user, password)


@transaction.atomic
def new_password(by: User, user: User) -> Opened:
    """Another password to be told once; the old one and whoever is signed in with it fall away."""
    _may(by)
    password = drawn_password()
    user.password, user.must_change_password = _hashed(password), True
    user.save()
    record(by, "account.password", user, after={"user": user.username}, about=_about(user))
    return Opened(user, password)


@transaction.atomic
def enable(by: User, user: User, wanted: bool) -> User:
    """Let somebody sign in, or no more; the last administrator stays."""
    _may(by)
    if not wanted and user.pk == by.pk:
        raise Refused("不能停用自己的账号。", "Nobody disables her own account.")
    before = {"active": user.is_active}
    user.is_active = wanted
    user.save()
    _needs_admin()
    record(by, "account.enable" if wanted else "account.disable", user, before=before, after={"active": wanted}, about=_about(user))
    return user


@transaction.atomic
def grant(by: User, user: User, right: str, unit: Unit | None, since: date, until: date | None) -> Grant:
    """A right over a unit with its parts, or over the whole company, from a day on."""
    _may(by)
    if right not in set(Right):
        raise Refused("没有这种权限。", "There is no such right.")
    if until is not None and until < since:
        raise Refused("结束早于开始。", "It ends before it begins.")
    if Grant.objects.filter(during(since, until), user=user, right=right, unit=unit).exists():
        raise Refused("已有同样的权限。", "The same right is there already.")
    made = Grant.objects.create(user=user, right=right, unit=unit, since=since, until=until)
    record(by, "grant.add", made, after=_told(made), about=_about(user))
    return made


def _told(one: Grant) -> dict[str, object]:
    return {
        "user": one.user.username,
        "right": one.right,
        "unit": one.unit.code if one.unit else "",
        "since": one.since.isoformat(),
        "until": one.until.isoformat() if one.until else "",
    }


@transaction.atomic
def end_grant(by: User, one: Grant, until: date) -> Grant:
    """End a right on a day; one that never held before that day is ended before it began."""
    _may(by)
    before = _told(one)
    one.until = until
    one.save()
    _needs_admin()
    record(by, "grant.end", one, before=before, after=_told(one), about=_about(one.user))
    return one


def _needs_admin() -> None:
    held = Grant.objects.filter(during(timezone.localdate()), right=Right.ADMIN, user__is_active=True)
    if not held.exists():
        raise Refused("至少要留一位管理员。", "One administrator must stay.")
