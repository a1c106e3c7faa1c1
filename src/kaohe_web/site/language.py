"""The language of a page: what somebody chose, else Chinese; every text stands in both beside one another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils import translation

COOKIE = "kaohe_language"
CODES = {"zh": "zh-hans", "en": "en"}


class LanguageMiddleware:
    """Turns on the language that the user, or else the browser's cookie, asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(COOKIE) or getattr(request.user, "language", "")
        with translation.override(CODES.get(chosen, "zh-hans")):
            return self.get_response(request)


def language() -> Literal["zh", "en"]:
    """`zh` or `en`, as the page is asked for."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"


def say(zh: str, en: str) -> str:
    """The words of the page's language."""
    return en if language() == "en" else zh
