"""Putting a published round right: changes gathered, their effect shown, then all of it done at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from kaohe_web.corrections.actions import amend
from kaohe_web.corrections.changes import Change
from kaohe_web.corrections.facts import asked, carried, changes_in
from kaohe_web.corrections.queries import CorrectionPage, correction_page, late, merged
from kaohe_web.results.actions import restate
from kaohe_web.site.acting import act, hides
from kaohe_web.site.language import language, say
from kaohe_web.site.refusals import Refused


@require_http_methods(["GET", "POST"])
@hides
def correct(request: HttpRequest, round_id: int) -> HttpResponse:
    """The page; what was gathered travels in it and changes nothing until `amend` is asked for."""
    subject = request.POST.get("subject", request.GET.get("subject", ""))
    try:
        changes = changes_in(request.POST.get("changes", ""))
    except Refused as refused:
        for reason in refused.tell(language()):
            messages.error(request, reason)
        return HttpResponseRedirect(f"/rounds/{round_id}/correct/")
    page = correction_page(request.standing, round_id, subject, changes)
    step = request.POST.get("do", "")
    if step == "amend":
        return _amend(request, page)
    if step == "restate":
        done = say("已按以前各期的更正重算并公布。", "Scored again with the corrected earlier periods, and published.")
        reason = request.POST.get("reason", "")
        return act(request, done, lambda: restate(request.user, page.round, reason), f"/rounds/{round_id}/")
    gathered = _gathered(request, page, step)
    if gathered != list(changes):
        page = correction_page(request.standing, round_id, subject, gathered)
    return _shown(request, page)


def _shown(request: HttpRequest, page: CorrectionPage, reason: str = "") -> HttpResponse:
    return render(request, "corrections/correct.html", {"page": page, "carried": carried(page.changes), "reason": reason})


def _gathered(request: HttpRequest, page: CorrectionPage, step: str) -> list[Change]:
    """The changes so far with what the form adds, or without the one that is dropped."""
    if step.startswith("drop:"):
        return [one for place, one in enumerate(page.changes) if f"drop:{place}" != step]
    if step != "add":
        return list(page.changes)
    more = asked(request.POST, page.facts) if page.facts is not None else []
    return merged(page.changes, [*more, *late(request.POST, page.subject, page.kinds)])


def _amend(request: HttpRequest, page: CorrectionPage) -> HttpResponse:
    """Do it, if what is in force is still what was looked at; the page again, with all that was gathered, if it is refused."""
    reason = request.POST.get("reason", "")
    try:
        if request.POST.get("run") != str(page.run.id):
            raise Refused(
                "您看到的不是最新一版结果，请重新看过再更正。", "What you saw is not the latest version; look again, then correct."
            )
        run = amend(request.user, page.round, page.changes, reason)
    except Refused as refused:
        for told in refused.tell(language()):
            messages.error(request, told)
        return _shown(request, page, reason)
    messages.success(
        request,
        say(
            f"已更正，第{run.version}版已公布；有变化的人收到了通知。",
            f"Corrected; version {run.version} is published, whoever changed was told.",
        ),
    )
    return HttpResponseRedirect(f"/rounds/{page.round.id}/")
