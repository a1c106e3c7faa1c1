"""What every request carries: who asks, by which rights, and on which day."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from kaohe_web.people.standing import standing_of


class StandingMiddleware:
    """Hangs the asking user's standing on the request, read once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.standing = SimpleLazyObject(lambda: standing_of(request.user))
        return self.get_response(request)
