"""Rounds: the list, one round with what stands in its way, and each act that moves it."""

from __future__ import annotations

from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from kaohe_web.engine.schemes import choices_of, outline_of
from kaohe_web.people.models import Right
from kaohe_web.results.actions import preview, publish
from kaohe_web.results.queries import results_for, run_in_force
from kaohe_web.rounds import actions
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.queries import managed_round, round_for, round_page, rounds_for, sees_money
from kaohe_web.rounds.stages import BACK, Stage
from kaohe_web.site.acting import act, hides
from kaohe_web.site.language import language, say
from kaohe_web.site.refusals import Refused

PAGE = 50


@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """All rounds that the user may open."""
    if not request.standing.has(Right.HR, Right.AUDITOR, Right.MANAGER, Right.FINANCE, Right.LEAD):
        raise Http404
    return render(request, "rounds/rounds.html", {"page": Paginator(rounds_for(request.standing), PAGE).get_page(request.GET.get("page"))})


@require_GET
def round(request: HttpRequest, round_id: int) -> HttpResponse:
    """One round: its stage, what blocks it, who owes what, what would be published."""
    found = managed_round(request.standing, round_id)
    page = round_page(request.standing, found)
    return render(
        request,
        "rounds/round.html",
        {
            "page": page,
            "back": BACK.get(Stage(found.stage), ()),
            "may_hr": request.standing.covers(found.unit_id, Right.HR),
            "may_prove": request.standing.covers(found.unit_id, Right.HR, Right.AUDITOR),
        },
    )


@require_GET
def people(request: HttpRequest, round_id: int) -> HttpResponse:
    """Everybody in a round with what holds now; sorted and filtered in the address."""
    found = round_for(request.standing, round_id)
    run = run_in_force(found)
    if run is None or (
        not request.standing.has(Right.HR, Right.AUDITOR, Right.MANAGER, Right.LEAD)
        and not found.approvals.filter(approver=request.standing.person).exists()
    ):
        raise Http404
    results = results_for(request.standing, found, run).defer("items", "actions", "warnings").order_by("key", "subject")
    if request.GET.get("show") == "incomplete":
        results = results.filter(status="incomplete")
    if grade := request.GET.get("grade"):
        results = results.filter(grade=grade)
    if name := request.GET.get("name", "").strip():
        results = results.filter(name__icontains=name)
    money = sees_money(request.standing, found)
    results = results.prefetch_related("pay") if money else results
    page = Paginator(results, PAGE).get_page(request.GET.get("page"))
    return render(request, "rounds/people.html", {"round": found, "run": run, "page": page, "money": money, "asked": request.GET})


MOVES: dict[str, tuple[Callable[..., object], str, str]] = {
    "agree": (actions.ask_for_agreement, "已请各人确认目标。", "Everybody was asked to agree."),
    "collect": (actions.start_collecting, "开始收集数据。", "Collecting has begun."),
    "submit": (actions.submit, "已送审批。", "Sent for approval."),
    "publish": (publish, "已公布，每个人都收到了通知。", "Published; everybody was told."),
    "close": (actions.close, "本轮已结束。", "The round is closed."),
    "people": (actions.take_people, "已按最新任职更新名单。", "The list of people is up to date."),
}


@require_POST
@hides
def move(request: HttpRequest, round_id: int, to: str) -> HttpResponse:
    """One step of a round."""
    found = round_for(request.standing, round_id)
    if to not in MOVES:
        raise Http404
    run, zh, en = MOVES[to]
    reasons = {"reason": request.POST.get("reason", "")} if to == "collect" else {}
    return act(request, say(zh, en), lambda: run(request.user, found, **reasons), f"/rounds/{round_id}/")


@require_POST
@hides
def score(request: HttpRequest, round_id: int) -> HttpResponse:
    """Score the round as it stands."""
    found = round_for(request.standing, round_id)
    return act(request, say("已按现有数据计算。", "Scored with what is there."), lambda: _preview(request, found), f"/rounds/{round_id}/")


def _preview(request: HttpRequest, found: Round) -> None:
    _, told = preview(request.user, found)
    if told:
        first, *more = [(one.say("zh"), one.say("en")) for one in told]
        raise Refused(*first, *more)


@require_POST
@hides
def approve(request: HttpRequest, round_id: int) -> HttpResponse:
    """The approver in turn approves what she saw."""
    found = round_for(request.standing, round_id)
    run = int(request.POST.get("run", "0") or 0)
    return act(request, say("已批准。", "Approved."), lambda: actions.approve(request.user, found, run), f"/rounds/{round_id}/")


@require_POST
@hides
def send_back(request: HttpRequest, round_id: int) -> HttpResponse:
    """Back to an earlier stage, with a reason."""
    found = round_for(request.standing, round_id)
    stage, reason = request.POST.get("stage", ""), request.POST.get("reason", "")
    return act(
        request, say("已退回。", "Sent back."), lambda: actions.send_back(request.user, found, stage, reason), f"/rounds/{round_id}/"
    )


@require_GET
def goals(request: HttpRequest, round_id: int) -> HttpResponse:
    """What a subject is asked to agree to: the items, their weights, the company's choices."""
    found = round_for(request.standing, round_id)
    participant = found.participants.filter(person=request.standing.person).first() if request.standing.person else None
    context = {
        "round": found,
        "participant": participant,
        "outline": outline_of(found.version.plan),
        "choices": choices_of(found.version.plan),
        "language": language(),
    }
    return render(request, "rounds/goals.html", context)


@require_POST
@hides
def sign(request: HttpRequest, round_id: int) -> HttpResponse:
    """The subject signs."""
    found = round_for(request.standing, round_id)
    return act(request, say("已签字确认。", "Signed."), lambda: actions.sign(request.user, found), f"/rounds/{round_id}/goals/")
