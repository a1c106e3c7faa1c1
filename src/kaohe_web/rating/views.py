"""Rating: what is owed, the grid, one person a screen on a phone, and one's own assessment."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kaohe_web.collect.actions import submit_ratings
from kaohe_web.rating.actions import Typed, assess_oneself, rate_typed
from kaohe_web.rating.queries import Grid, asked_for_self, grid_of, self_page, tasks_of
from kaohe_web.rounds.queries import round_for
from kaohe_web.site.acting import act, hides
from kaohe_web.site.language import language, say
from kaohe_web.site.refusals import Refused

UNREADABLE = 400
REFUSED = 422


@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """What the user owes, by round and item, and what she gave before."""
    found = tasks_of(request.standing)
    context = {
        "open": [task for task in found if task.is_open],
        "past": [task for task in found if not task.is_open],
        "own": asked_for_self(request.standing),
    }
    return render(request, "rating/tasks.html", context)


@require_GET
def grid(request: HttpRequest, round_id: int, item: str) -> HttpResponse:
    """The grid of one item, and the same people one a screen."""
    found = grid_of(request.standing, round_id, item)
    asked = request.GET.get("person", "")
    one = next((row for row in found.rows if row.subject == asked), None) or found.following("") or found.rows[0]
    place = found.rows.index(one)
    context = {
        "grid": found,
        "task": found.task,
        "one": one,
        "before": found.rows[place - 1] if place else None,
        "next": found.following(one.subject) or (found.rows[place + 1] if place + 1 < len(found.rows) else None),
        "shown": [row for row in found.rows if not row.given] if request.GET.get("show") == "left" else found.rows,
        "asked": request.GET,
    }
    return render(request, "rating/grid.html", context)


@require_POST
@hides
def save(request: HttpRequest, round_id: int, item: str) -> HttpResponse:
    """Ratings as they are typed, answered in JSON: when they were saved, or everything that is wrong with them."""
    found = grid_of(request.standing, round_id, item)
    try:
        typed = [_typed(one) for one in json.loads(request.body)["ratings"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse(
            {"problems": [say("没有读懂这次提交，请刷新页面。", "This could not be read; load the page again.")]}, status=UNREADABLE
        )
    try:
        rate_typed(request.user, found.task.round, item, typed)
    except Refused as refused:
        return JsonResponse({"problems": refused.tell(language())}, status=REFUSED)
    return JsonResponse(_answer(grid_of(request.standing, round_id, item), {one.subject for one in typed}))


def _typed(one: dict[str, object]) -> Typed:
    return Typed(str(one["subject"]), str(one.get("score", "")), str(one.get("comment", "")), str(one.get("call", "")))


def _answer(grid: Grid, subjects: set[str]) -> dict[str, object]:
    rows = {row.subject: {"text": row.text, "shown": row.shown} for row in grid.rows if row.subject in subjects}
    counts = [{"score": score, "people": people} for score, people in grid.counts]
    return {
        "at": f"{timezone.localtime():%H:%M:%S}",
        "done": grid.task.done,
        "of": grid.task.of,
        "left": grid.task.left,
        "counts": counts,
        "rows": rows,
    }


@require_POST
@hides
def give(request: HttpRequest, round_id: int, item: str) -> HttpResponse:
    """Ratings from a plain form, as many people as it holds; then on to whoever is not rated yet."""
    found = grid_of(request.standing, round_id, item)
    typed = [
        Typed(
            row.subject,
            request.POST.get(f"score-{row.subject}", ""),
            request.POST.get(f"comment-{row.subject}", ""),
            request.POST.get(f"call-{row.subject}", ""),
        )
        for row in found.rows
        if f"score-{row.subject}" in request.POST
    ]
    following = request.POST.get("next", "")
    back = f"{found.task.link}?person={following}" if any(row.subject == following for row in found.rows) else found.task.link
    return _acted(request, lambda: rate_typed(request.user, found.task.round, item, typed), back)


def _acted(request: HttpRequest, run: Callable[[], int], back: str) -> HttpResponse:
    """One act that says how many ratings it changed."""
    return act(request, say("已保存。", "Saved."), run, back)


@require_POST
@hides
def submit(request: HttpRequest, round_id: int, item: str) -> HttpResponse:
    """Say that one's ratings are complete."""
    found = grid_of(request.standing, round_id, item)
    done = say("已提交；截止前仍可修改。", "Submitted; until the deadline you may still change them.")
    return act(request, done, lambda: submit_ratings(request.user, found.task.round, item), found.task.link)


@require_GET
def own(request: HttpRequest, round_id: int) -> HttpResponse:
    """One's own assessment."""
    return render(request, "rating/own.html", {"page": self_page(request.standing, round_for(request.standing, round_id))})


@require_POST
@hides
def say_own(request: HttpRequest, round_id: int) -> HttpResponse:
    """Keep one's own assessment."""
    page = self_page(request.standing, round_for(request.standing, round_id))
    number = page.participant.person.number
    typed = {
        item.sheet.item: Typed(number, request.POST.get(f"score-{item.sheet.item}", ""), request.POST.get(f"comment-{item.sheet.item}", ""))
        for item in page.items
    }
    return act(
        request,
        say("自评已保存。", "Your self-assessment is saved."),
        lambda: assess_oneself(request.user, page.round, typed),
        f"/rounds/{round_id}/self/",
    )


@require_GET
def first(request: HttpRequest, round_id: int) -> HttpResponse:
    """A round's first item that the user still owes ratings in."""
    found = tasks_of(request.standing, round_id)
    if not found:
        raise Http404
    return HttpResponseRedirect(next((task.link for task in found if task.left), found[0].link))
