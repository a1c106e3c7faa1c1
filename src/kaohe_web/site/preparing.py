"""Making a data folder ready: database, cache table, the first administrator. Doing it again changes nothing."""

from __future__ import annotations

import secrets

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from kaohe_web.people.models import Grant, Right, User


def prepare() -> str:
    """Everything that serving needs; returns the first administrator's one-time password where one was made."""
    migrate()
    return first_administrator()


def migrate() -> None:
    """The database at this version, with the table of the cache."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


@transaction.atomic
def first_administrator() -> str:
    """The account `admin` with a password to be changed at the first sign-in, where nobody is there yet."""
    if User.objects.exists():
        return ""
    password = secrets.token_urlsafe(12)
    user = User.objects.create_user("admin", password=password, must_change_password=True)
    for right in (Right.ADMIN, Right.HR):
        Grant.objects.create(user=user, right=right, since=timezone.localdate())
    return password
