"""Scorecards: one's own, and those that one may see."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from kaohe_web.results.actions import acknowledge, prove
from kaohe_web.results.beside import beside_of
from kaohe_web.results.cards import shown
from kaohe_web.results.models import Run
from kaohe_web.results.queries import card_page, cards_of
from kaohe_web.rounds.queries import round_for
from kaohe_web.site.acting import act, hides
from kaohe_web.site.language import say


@require_GET
def my_cards(request: HttpRequest) -> HttpResponse:
    """One's scorecards through time."""
    return render(request, "results/cards.html", {"results": cards_of(request.standing)})


@require_GET
def my_card(request: HttpRequest, round_id: int) -> HttpResponse:
    """One's own scorecard of a round."""
    if request.standing.person is None:
        raise Http404
    return HttpResponseRedirect(f"/rounds/{round_id}/cards/{request.standing.person.number}/")


@require_GET
def card(request: HttpRequest, round_id: int, subject: str, version: int | None = None) -> HttpResponse:
    """A scorecard: how the total comes about, each figure down to its records."""
    page = card_page(request.standing, round_for(request.standing, round_id), subject, version)
    beside = beside_of(page)
    return render(request, "results/card.html", {"page": page, "card": shown(page, beside), "beside": beside})


@require_POST
@hides
def confirm(request: HttpRequest, round_id: int, subject: str) -> HttpResponse:
    """The subject accepts her result."""
    page = card_page(request.standing, round_for(request.standing, round_id), subject)
    done = say("已确认成绩单。", "You have confirmed your scorecard.")
    return act(request, done, lambda: acknowledge(request.user, page.result.id), f"/rounds/{round_id}/cards/{subject}/")


@require_POST
@hides
def recompute(request: HttpRequest, round_id: int) -> HttpResponse:
    """Prove a published round: every version scored again from what was frozen with it."""
    found = round_for(request.standing, round_id)
    proved: list[Run] = []
    return act(request, lambda: _said(proved), lambda: proved.extend(prove(request.user, found)), f"/rounds/{round_id}/")


def _said(proved: Sequence[Run]) -> str:
    people = sum(run.complete + run.incomplete + run.others for run in proved)
    return say(
        f"已用冻结的方案与数据重算 {len(proved)} 个版本、{people} 份结果，每个数字都一致。",
        f"{len(proved)} versions with {people} results were scored again from what was frozen: every figure is the same.",
    )
