"""What every request carries: who asks, by which rights, and on which day."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from kaohe_web.people.standing import standing_of


class StandingMiddleware:
    """Hangs the asking user's standing on the request, read once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.standing = SimpleLazyObject(lambda: standing_of(request.user))
        return self.get_response(request)


class PasswordMiddleware:
    """Whoever signed in with a password that was handed out changes it before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.must_change_password and request.path not in _ways_out():
            return HttpResponseRedirect(reverse("account_change_password"))
        return self.get_response(request)


def _ways_out() -> set[str]:
    """Where somebody may go who has to change her password."""
    return {reverse(name) for name in ("account_change_password", "account_logout", "account_reauthenticate", "language")}
