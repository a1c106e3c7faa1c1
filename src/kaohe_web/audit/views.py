"""The record of what was done: read, filtered, and proved."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kaohe_web.audit.queries import acts_of, filtered, refuse_others, rounds_of, told, verify

PAGE = 50


@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """Acts, the newest first; filters stand in the address."""
    page = Paginator(filtered(request.standing, request.GET.dict()), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "shown": told(request.standing, list(page)),
        "asked": request.GET,
        "acts": acts_of(request.standing),
        "rounds": rounds_of(request.standing),
        "sees_all": request.standing.sees_all,
    }
    return render(request, "audit/entries.html", context)


@require_GET
def proof(request: HttpRequest) -> HttpResponse:
    """The whole chain walked once, against a head that was kept outside where one is given."""
    refuse_others(request.standing)
    head = request.GET.get("head", "").strip().lower()
    return render(request, "audit/proof.html", {"proof": verify(head), "head": head, "now": timezone.now()})
