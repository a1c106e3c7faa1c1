"""The page that says who rates whom: proposals, by hand, by workbook."""

from __future__ import annotations

from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from kaohe_web.collect.actions import Task, arrange, assign
from kaohe_web.collect.raters import (
    candidates,
    lacking_headings,
    matching,
    needs_of,
    proposals,
    summaries,
    tasks_of,
    template_of,
)
from kaohe_web.engine.tables import read_table, workbook_of
from kaohe_web.people.models import Right
from kaohe_web.people.queries import not_found, people_named
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.queries import hr_round
from kaohe_web.rounds.stages import OPEN, Stage
from kaohe_web.site.acting import act, hides, needs
from kaohe_web.site.language import say
from kaohe_web.site.refusals import Refused
from kaohe_web.site.sending import download

PAGE = 12
CHANGING = (Stage.DRAFT, Stage.AGREEING, *OPEN)


@require_GET
def raters(request: HttpRequest, round_id: int) -> HttpResponse:
    """Everything to be rated with who was asked; what nobody was asked for; what could be proposed."""
    found = hr_round(request.standing, round_id)
    needs = needs_of(found)
    left = matching(needs, request.GET)
    people = [(subject, list(own)) for subject, own in groupby(left, key=lambda need: need.subject)]
    context = {
        "round": found,
        "page": Paginator(people, PAGE).get_page(request.GET.get("page")),
        "summaries": summaries(needs),
        "wanted": len(needs),
        "open": sum(not need.duties for need in needs),
        "proposed": len(proposals(needs)),
        "candidates": candidates(found),
        "asked": request.GET,
        "changing": found.stage in CHANGING,
    }
    return render(request, "rounds/raters.html", context)


@require_POST
@hides
def propose(request: HttpRequest, round_id: int) -> HttpResponse:
    """Ask whom the organisation names, wherever nobody was asked yet."""
    found = hr_round(request.standing, round_id)
    tasks = proposals(needs_of(found))
    done = say(f"已安排{len(tasks)}项评分。", f"{len(tasks)} ratings were asked for.")
    return act(request, done, lambda: assign(request.user, found, tasks), _back(found))


@needs(Right.HR)
@require_POST
@hides
def change(request: HttpRequest, round_id: int) -> HttpResponse:
    """Raters added and taken off by hand, all of it or nothing."""
    found = hr_round(request.standing, round_id)
    back = request.POST.get("back", "")
    target = f"{_back(found)}{back}" if back.startswith("?") else _back(found)
    return act(request, say("评分人已更新。", "The raters are up to date."), lambda: _change(request, found), target)


def _change(request: HttpRequest, found: Round) -> None:
    typed = {name: text for name, text in request.POST.items() if name.startswith("add.") and str(text).strip()}
    parts = {
        name: [one.strip() for one in str(text).replace("，", ",").replace("、", ",").split(",") if one.strip()]
        for name, text in typed.items()
    }
    named, unclear = people_named(one for texts in parts.values() for one in texts)
    if unclear:
        first, *more = [not_found(text, bearers) for text, bearers in unclear.items()]
        raise Refused(*first, *more)
    numbers = dict(found.participants.values_list("id", "person__number"))
    tasks = []
    for name, texts in parts.items():
        _, subject, item, relation = name.split(".", 3)
        tasks += [Task(item, numbers.get(int(subject), subject), named[text].number, relation) for text in texts]
    arrange(request.user, found, tasks, [int(one) for one in request.POST.getlist("duty") if one.isdigit()])


@require_GET
def template(request: HttpRequest, round_id: int) -> HttpResponse:
    """A workbook with a row for every rating that has nobody yet."""
    found = hr_round(request.standing, round_id)
    return download(workbook_of([template_of(found)]), say("评分人.xlsx", "raters.xlsx"))


@needs(Right.HR)
@require_POST
@hides
def upload(request: HttpRequest, round_id: int) -> HttpResponse:
    """Raters from a workbook, all rows or none."""
    found = hr_round(request.standing, round_id)
    return act(request, say("评分人已收入。", "The raters were taken in."), lambda: _upload(request, found), _back(found))


def _upload(request: HttpRequest, found: Round) -> None:
    file = request.FILES.get("file")
    if file is None:
        raise Refused("选一个文件再上传。", "Choose a file, then upload it.")
    table = read_table(file.name, file.read())
    wrong = [(one.say("zh"), one.say("en")) for one in table.problems] or lacking_headings(table.headings)
    tasks, more = ([], []) if wrong else tasks_of(found, table.lines)
    wrong += more
    if not wrong and not tasks:
        wrong = [("没有一行写了评分人。", "No row names a rater.")]
    if wrong:
        first, *others = wrong
        raise Refused(*first, *others)
    assign(request.user, found, tasks)


def _back(found: Round) -> str:
    return f"/rounds/{found.id}/raters/"
