"""Opening a round and setting it up: choices, approvers, deadlines, people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from kaohe_web.collect.raters import open_needs
from kaohe_web.library.models import SchemeVersion
from kaohe_web.people.models import Right
from kaohe_web.people.queries import not_found, people_named, units_for
from kaohe_web.rounds import actions
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.queries import hr_round, managed_round
from kaohe_web.rounds.setting import STEPS, blank_round, config_of, moment_of, setup_page
from kaohe_web.rounds.stages import ORDER
from kaohe_web.site.acting import hides, went
from kaohe_web.site.language import say
from kaohe_web.site.refusals import Refused

PAGE = 25


@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new round; a period, a scheme, a unit may stand in the address."""
    return _form(request, request.GET)


def _form(request: HttpRequest, typed: Mapping[str, str]) -> HttpResponse:
    if not request.standing.has(Right.HR):
        raise Http404
    return render(request, "rounds/new.html", {"blank": blank_round(request.standing, typed)})


@require_POST
@hides
def open_round(request: HttpRequest) -> HttpResponse:
    """Open a round, and go on to set it up; the form as it was filled in where something is refused."""
    if not request.standing.has(Right.HR):
        raise Http404
    typed = request.POST
    made: list[Round] = []
    done = say("已新建。下一步：设置本轮。", "Opened. Next: set it up.")
    if went(request, done, lambda: made.append(_open(request, typed))):
        return HttpResponseRedirect(f"/rounds/{made[0].id}/setup/")
    return _form(request, typed)


def _open(request: HttpRequest, typed: Mapping[str, str]) -> Round:
    version = SchemeVersion.objects.filter(pk=_number(typed.get("version"))).first()
    unit = units_for(request.standing, Right.HR).filter(pk=_number(typed.get("unit"))).first()
    start, end = _day(typed.get("start", "")), _day(typed.get("end", ""))
    wrong = [
        *([] if version else [("选一个方案。", "Choose a scheme.")]),
        *([] if unit else [("选一个单位。", "Choose a unit.")]),
        *([] if start and end else [("写明开始与结束日期。", "Say on which day the period starts and ends.")]),
        *([] if typed.get("name", "").strip() else [("给这一轮起个名字。", "Give the round a name.")]),
    ]
    if wrong or version is None or unit is None or start is None or end is None:
        first, *more = wrong
        raise Refused(*first, *more)
    return actions.open_round(request.user, typed["name"].strip(), version, unit, start, end)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_GET
def setup(request: HttpRequest, round_id: int) -> HttpResponse:
    """What the round needs before it runs, and what is missing."""
    return _setup(request, managed_round(request.standing, round_id))


def _setup(request: HttpRequest, found: Round, typed: Mapping[str, str] | None = None) -> HttpResponse:
    page = setup_page(request.standing, found, typed)
    page.raters_open = open_needs(found)
    shown = page.lacking if request.GET.get("show") == "missing" else page.people
    context = {
        "page": page,
        "people": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "asked": request.GET,
        "may_hr": request.standing.covers(found.unit_id, Right.HR),
    }
    return render(request, "rounds/setup.html", context)


@require_POST
@hides
def setup_part(request: HttpRequest, round_id: int, part: str) -> HttpResponse:
    """Keep one part of the setup; the page as it was filled in where something is refused."""
    found = hr_round(request.standing, round_id)
    if part not in PARTS:
        raise Http404
    run, zh, en = PARTS[part]
    if went(request, say(zh, en), lambda: run(request, found)):
        return HttpResponseRedirect(f"/rounds/{round_id}/setup/#{part}")
    return _setup(request, found, request.POST)


def _choices(request: HttpRequest, found: Round) -> None:
    actions.configure(request.user, found, config_of(found, request.POST))


def _approvers(request: HttpRequest, found: Round) -> None:
    typed = [(step, request.POST.get(f"approver.{step}", "").strip()) for step in range(1, STEPS + 1)]
    named, unclear = people_named(text for _, text in typed)
    if unclear:
        first, *more = [not_found(text, bearers) for text, bearers in unclear.items()]
        raise Refused(*first, *more)
    actions.plan_approvals(request.user, found, [(named[text], f"money.{step}" in request.POST) for step, text in typed if text])


def _deadlines(request: HttpRequest, found: Round) -> None:
    days = request.POST.get("appeal_days", "").strip()
    if not days.isdigit() or int(days) > 365:
        raise Refused("申诉天数要写0至365的整数。", "Days for appeals are a whole number from 0 to 365.")
    deadlines: dict[str, datetime | None] = {stage: moment_of(request.POST.get(f"at.{stage}", "")) for stage in ORDER[1:]}
    actions.set_deadlines(request.user, found, deadlines, int(days))


def _self(request: HttpRequest, found: Round) -> None:
    actions.ask_self_assessment(request.user, found, "self" in request.POST)


def _people(request: HttpRequest, found: Round) -> None:
    actions.take_people(request.user, found)


PARTS: dict[str, tuple[Callable[[HttpRequest, Round], None], str, str]] = {
    "choices": (_choices, "方案设置已保存。", "What the scheme leaves open is set."),
    "approvers": (_approvers, "审批人已定。", "The approvers are named."),
    "deadlines": (_deadlines, "截止时间已保存。", "The deadlines are set."),
    "self": (_self, "自评设置已保存。", "The self-assessment is set."),
    "people": (_people, "已按最新任职更新名单。", "The list of people is up to date."),
}
