"""Raw events of a round's unit: define, upload, mend, measure."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from kaohe_web.collect.models import Import
from kaohe_web.engine.measuring import Untold
from kaohe_web.intake.queries import data_round, may_change
from kaohe_web.measuring import actions
from kaohe_web.measuring.models import EventFile
from kaohe_web.measuring.queries import events_page, waiting_rows
from kaohe_web.measuring.tasks import read_events
from kaohe_web.people.models import Right
from kaohe_web.rounds.models import Round
from kaohe_web.site.acting import act, hides, needs
from kaohe_web.site.language import language, say
from kaohe_web.site.refusals import Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DRAFT = "sources.yaml"


def _page(request: HttpRequest, found: Round, **more: object) -> HttpResponse:
    hr = request.standing.covers(found.unit_id, Right.HR)
    context = {"round": found, "page": events_page(found), "hr": hr, "may": may_change(request.standing, found), **more}
    return render(request, "measuring/events.html", context)


@require_GET
def events(request: HttpRequest, round_id: int) -> HttpResponse:
    """A unit's events: files and their rows, definitions, which measure feeds which figure."""
    return _page(request, data_round(request.standing, round_id))


def _given(request: HttpRequest) -> UploadedFile:
    given = request.FILES.get("file")
    if given is None:
        raise Refused("请先选一个文件。", "Choose a file first.")
    return given


def _act(request: HttpRequest, round_id: int, done: str, run: Callable[[Round], object]) -> HttpResponse:
    found = data_round(request.standing, round_id)
    return act(request, done, lambda: run(found), f"/rounds/{round_id}/events/")


@needs(Right.HR)
@require_POST
@hides
def define(request: HttpRequest, round_id: int) -> HttpResponse:
    """Keep definitions, sent as a file or written in the page."""
    found = data_round(request.standing, round_id)
    name, text = request.POST.get("name", ""), request.POST.get("text", "")
    try:
        if not text:
            given = _given(request)
            name, text = given.name or "", given.read(actions.LONGEST_TEXT + 1).decode("utf-8", errors="replace")
        actions.keep_definitions(request.user, found, name, text)
    except Refused as refused:
        return _page(request, found, draft=text, draft_name=name, draft_wrong=refused.tell(language()))
    return act(request, say("定义已保存。", "Definitions kept."), lambda: None, f"/rounds/{round_id}/events/")


@require_POST
@hides
def drop(request: HttpRequest, round_id: int) -> HttpResponse:
    """Take definitions away."""
    done = say("已移除这份定义。", "Definitions removed.")
    return _act(request, round_id, done, lambda found: actions.drop_definitions(request.user, found, request.POST.get("name", "")))


@needs(Right.HR)
@require_POST
@hides
def suggest(request: HttpRequest, round_id: int) -> HttpResponse:
    """Definitions that a file seems to ask for, to look over and keep."""
    found = data_round(request.standing, round_id)
    try:
        given = _given(request)
        draft = actions.suggest_definitions(request.user, found, given.name or "", given.file, given.size or 0)
    except Refused as refused:
        return _page(request, found, draft_wrong=refused.tell(language()))
    return _page(request, found, draft=draft, draft_name=DRAFT)


@needs(Right.HR)
@require_POST
@hides
def upload(request: HttpRequest, round_id: int) -> HttpResponse:
    """A file of events; a large one is read beside the pages."""

    def run(found: Round) -> None:
        given = _given(request)
        post = request.POST
        made = actions.take_file(
            request.user, found, post.get("table", ""), given.name or "", given.file, given.size or 0, post.get("same_name", "")
        )
        if made.state == EventFile.WAITING:
            read_events.enqueue(made.pk)
        if made.state == EventFile.FAILED:
            first, *more = [(one["zh"], one["en"]) for one in made.told]
            raise Refused(*first, *more)

    return _act(request, round_id, say("文件已收到。", "The file is here."), run)


@require_GET
def rows(request: HttpRequest, round_id: int) -> HttpResponse:
    """The waiting rows as a workbook to mend and hand back."""
    found = data_round(request.standing, round_id)
    try:
        content = waiting_rows(found)
    except Untold as untold:
        raise Http404 from untold
    name = f"{found.unit.name}_{say('要修正的原始记录', 'events to mend')}.xlsx"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"})


@needs(Right.HR)
@require_POST
@hides
def mend(request: HttpRequest, round_id: int) -> HttpResponse:
    """Mended rows handed back."""

    def run(found: Round) -> None:
        given = _given(request)
        actions.mend_rows(request.user, found, given.name or "", given.file, given.size or 0)

    return _act(request, round_id, say("改好的行已收入。", "The mended rows are in."), run)


@needs(Right.HR)
@require_POST
@hides
def waive(request: HttpRequest, round_id: int) -> HttpResponse:
    """Do without rows, by name and with a reason."""
    chosen: dict[str, list[int]] = {}
    for one in request.POST.getlist("row"):
        key, _, number = one.rpartition(":")
        if key and number.isdigit():
            chosen.setdefault(key, []).append(int(number))

    def run(found: Round) -> None:
        if not chosen:
            raise Refused("请先勾选要豁免的行。", "Tick the rows to do without.")
        actions.waive_rows(request.user, found, chosen, request.POST.get("reason", ""))

    return _act(request, round_id, say("已豁免，理由已记下。", "Done without; the reason is on record."), run)


@require_POST
@hides
def measure(request: HttpRequest, round_id: int) -> HttpResponse:
    """Measure the round's period; the figures are previewed before they go in."""
    found = data_round(request.standing, round_id)
    keys = {name.removeprefix("feeds."): key for name, key in request.POST.items() if name.startswith("feeds.")}
    made: list[Import] = []
    done = say("已度量，请看一眼再收入。", "Measured; look it over, then take it in.")
    answer = act(request, done, lambda: made.append(actions.measure_into(request.user, found, keys)), f"/rounds/{round_id}/events/")
    return HttpResponseRedirect(f"/rounds/{round_id}/data/imports/{made[0].pk}/") if made else answer
