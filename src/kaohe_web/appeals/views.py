"""Appeals: the list, the form, one appeal with its effect, and the decision."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kaohe_web.appeals import actions
from kaohe_web.appeals.files import KINDS, KINDS_EN, MEGABYTES, MOST
from kaohe_web.appeals.models import Appeal
from kaohe_web.appeals.queries import aim_of, appeal_for, appeal_page, appeals_for, file_for, form_page, token_of, with_effect
from kaohe_web.corrections.facts import asked, carried, changes_in
from kaohe_web.people.models import Right
from kaohe_web.site.acting import act, hides
from kaohe_web.site.language import language, say
from kaohe_web.site.refusals import Refused

PAGE = 50
BY_SHEET = (("events", Appeal.Target.RECORD), ("values", Appeal.Target.VALUE), ("ratings", Appeal.Target.RATING))


@require_GET
def appeals(request: HttpRequest) -> HttpResponse:
    """The appeals that the user may see; filtered in the address."""
    state = request.GET.get("state", "")
    found = appeals_for(request.standing, state)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    own = request.standing.person
    return render(request, "appeals/appeals.html", {"page": page, "state": state, "own": own, "may_decide": request.standing.has(Right.HR)})


def _target(asked_for: QueryDict) -> tuple[str, str]:
    """What a link or a form names: `events=12`, `values=KF0101|calls`, `ratings=token`, or the item alone."""
    for sheet, target in BY_SHEET:
        if ref := asked_for.get(sheet, ""):
            return target, ref
    target, _, ref = asked_for.get("about", "").partition(":")
    return (target, ref) if target in set(Appeal.Target) else (Appeal.Target.ITEM, "")


@require_http_methods(["GET", "POST"])
@hides
def form(request: HttpRequest, round_id: int) -> HttpResponse:
    """The subject appeals: what it is about, words, files; what upholding would change stands beside."""
    if request.method == "POST":
        return _send(request, round_id)
    return _form(request, round_id, request.GET)


def _form(request: HttpRequest, round_id: int, said: QueryDict, words: str = "") -> HttpResponse:
    target, ref = _target(said)
    page = form_page(request.standing, round_id, said.get("item", ""), target, ref)
    tokens = {} if page.item is None else {one.number: token_of(page.result, one.number) for one in page.item.facts.ratings}
    limits = {"most": MOST, "megabytes": MEGABYTES, "kinds": say(KINDS, KINDS_EN)}
    return render(
        request, "appeals/form.html", {"page": page, "tokens": tokens, "words": words, "limits": limits, "longest": actions.LONGEST}
    )


def _send(request: HttpRequest, round_id: int) -> HttpResponse:
    target, ref = _target(request.POST)
    page = form_page(request.standing, round_id, request.POST.get("item", ""), target, ref)
    aim = None if page.item is None else aim_of(page.result, page.item, target, ref)
    if aim is None:
        raise Http404
    words, files = request.POST.get("words", ""), request.FILES.getlist("files")
    try:
        made = actions.open_appeal(request.user, page.result.id, aim.target, aim.item, aim.ref, words, files)
    except Refused as refused:
        for reason in refused.tell(language()):
            messages.error(request, reason)
        return _form(request, round_id, request.POST, words)
    messages.success(request, say("申诉已提交，人力资源会收到通知。", "Your appeal is in; HR was told."))
    return HttpResponseRedirect(f"/appeals/{made.id}/")


@require_GET
def appeal(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """One appeal: the argument, the record, the effect, the decision. What the decider tries stands in the address."""
    page = appeal_page(request.standing, appeal_id)
    tries = page.may_decide and "try" in request.GET and page.item is not None
    page = with_effect(page, asked(request.GET, page.item.facts) if tries and page.item is not None else None)
    return render(
        request, "appeals/appeal.html", {"page": page, "appeal": page.appeal, "told": page.told, "changes": carried(page.changes)}
    )


@require_POST
@hides
def decide(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """Uphold with the change that was shown, or reject; both with a reason."""
    found = appeal_for(request.standing, appeal_id)
    reason = request.POST.get("reason", "")
    said: dict[str, tuple[str, Callable[[], object]]] = {
        "uphold": (say("已支持，更正版已公布。", "Upheld; the corrected version is published."), lambda: _uphold(request, found, reason)),
        "reject": (say("已决定：维持原结果。", "Decided: the result stays."), lambda: actions.reject(request.user, found.id, reason)),
    }
    choice = request.POST.get("decision", "")
    if choice not in said:
        raise Http404
    done, run = said[choice]
    return act(request, done, run, f"/appeals/{appeal_id}/")


def _uphold(request: HttpRequest, found: Appeal, reason: str) -> object:
    run = request.POST.get("run", "")
    seen = int(run) if run.isdecimal() else None
    return actions.uphold(request.user, found.id, changes_in(request.POST.get("changes", "")), reason, seen)


@require_POST
@hides
def withdraw(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """The subject takes her appeal back."""
    found = appeal_for(request.standing, appeal_id)
    done = say("申诉已撤回。", "You have withdrawn the appeal.")
    return act(request, done, lambda: actions.withdraw(request.user, found.id), f"/appeals/{appeal_id}/")


@require_GET
def file(request: HttpRequest, appeal_id: int, file_id: int) -> FileResponse:
    """A file that was handed in, to be saved and never shown by the browser itself."""
    found = file_for(request.standing, appeal_id, file_id)
    if not found.file.storage.exists(found.file.name):
        raise Http404
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
