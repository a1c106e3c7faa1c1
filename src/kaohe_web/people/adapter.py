"""How accounts behave: nobody signs up; a password that was handed out is changed before anything else."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.http import HttpRequest

from kaohe_web.audit.actions import record
from kaohe_web.people.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed; whoever sets her own password need not change it any more."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for herself."""
        return False

    @transaction.atomic
    def set_password(self, user: User, password: str) -> None:
        """The new password of somebody's own; written down that it was changed, never what it is."""
        user.must_change_password = False
        super().set_password(user, password)
        record(user, "account.own", user, about=user.person.number if user.person else "")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """On to the first page."""
        return "/"
