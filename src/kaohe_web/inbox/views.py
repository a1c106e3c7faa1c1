"""One's inbox, and reminding from a round's page."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from kaohe_web.inbox import actions
from kaohe_web.inbox.queries import notices_of
from kaohe_web.inbox.reminding import remind_all, send_letters
from kaohe_web.inbox.words import KINDS
from kaohe_web.rounds.queries import hr_round
from kaohe_web.site.acting import act, hides
from kaohe_web.site.language import say

PAGE = 50


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for the user and what has happened."""
    notices = notices_of(request.standing, request.GET.get("show") == "unread")
    context = {
        "page": Paginator(notices, PAGE).get_page(request.GET.get("page")),
        "kinds": KINDS,
        "asked": request.GET,
        "open": notices_of(request.standing, True).count(),
    }
    return render(request, "inbox/inbox.html", context)


@require_POST
@hides
def follow(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark one notice as read, and go where it leads."""
    link = actions.read(request.user, notice_id).link
    return HttpResponseRedirect(link if url_has_allowed_host_and_scheme(link, None) else "/inbox/")


@require_POST
@hides
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    return act(request, say("已全部标为已读。", "Everything is marked as read."), lambda: actions.read_all(request.user), "/inbox/")


@require_POST
@hides
def remind(request: HttpRequest, round_id: int) -> HttpResponse:
    """Remind everybody who owes something in a round."""
    found = hr_round(request.standing, round_id)
    told: list[int] = []
    answer = act(
        request,
        lambda: say(f"已提醒{told[0]}人。", f"{told[0]} were reminded."),
        lambda: told.append(remind_all(request.user, found)),
        f"/rounds/{round_id}/",
    )
    if told:
        send_letters(timezone.now())
    return answer
