"""The first page, and what goes wrong."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from kaohe_web.rounds.queries import home_of
from kaohe_web.site.language import CODES, COOKIE

YEAR = 365 * 24 * 3600


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the user, and where her rounds stand."""
    return render(request, "home.html", {"home": home_of(request.standing)})


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Change the pages' language, and stay where one was."""
    back = request.POST.get("next", "/")
    safe = back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/"
    response = HttpResponseRedirect(safe)
    chosen = request.POST.get("language", "zh")
    response.set_cookie(COOKIE, chosen if chosen in CODES else "zh", max_age=YEAR, samesite="Lax", httponly=True)
    return response


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A page that is not there, or not for this user."""
    return render(request, "404.html", status=404)


@login_not_required
def failed(request: HttpRequest) -> HttpResponse:
    """Something that nobody foresaw."""
    return render(request, "500.html", status=500)
