"""Records: the list, recording one, withdrawing one, handing out evidence."""

from __future__ import annotations

from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from kaohe_web.collect.actions import withdraw_record
from kaohe_web.engine.schemes import record_kinds
from kaohe_web.records.actions import Event, record_event
from kaohe_web.records.evidence import ACCEPTED, MEDIA, MOST_BYTES
from kaohe_web.records.queries import evidence_of, records_for, records_page, writable
from kaohe_web.rounds.queries import round_for
from kaohe_web.site.acting import act, hides
from kaohe_web.site.language import language, say
from kaohe_web.site.refusals import Refused

ASKED = ("kind", "person", "show", "page")
REFUSED = 422


@require_GET
def records(request: HttpRequest, round_id: int) -> HttpResponse:
    """A round's records, and the form to record one."""
    return _shown(request, round_id, {})


def _shown(request: HttpRequest, round_id: int, typed: dict[str, str], reasons: list[str] | None = None) -> HttpResponse:
    page = records_page(request.standing, round_id, {key: request.GET.get(key, "") for key in ASKED})
    context = {
        "page": page,
        "asked": request.GET,
        "typed": typed,
        "reasons": reasons or [],
        "accepted": ACCEPTED,
        "most": MOST_BYTES // 1024 // 1024,
    }
    return render(request, "records/records.html", context, status=REFUSED if reasons else None)


@require_POST
@hides
def add(request: HttpRequest, round_id: int) -> HttpResponse:
    """Record one event; what was typed stays where it is refused."""
    round = round_for(request.standing, round_id)
    if not writable(request.standing, round).exists():
        raise Http404
    kind, subject = request.POST.get("kind", ""), request.POST.get("person", "")
    fields = next((one.fields for one in record_kinds(round.version.plan) if one.key == kind), ())
    cells = {field.key: request.POST.get(f"{kind}-{field.key}", "") for field in fields}
    event = Event(kind, subject, request.POST.get("day", ""), cells, request.POST.get("note", ""))
    try:
        made = record_event(request.user, round, event, request.FILES.get("evidence"))
    except Refused as refused:
        typed = {key: str(value) for key, value in request.POST.items() if key != "csrfmiddlewaretoken"}
        return _shown(request, round_id, typed, refused.tell(language()))
    return act(
        request, say("已登记。下次计算时计入。", "Recorded; it counts from the next scoring."), lambda: made, _back(request, round_id)
    )


def _back(request: HttpRequest, round_id: int) -> str:
    """To the board where one came from it, else to the list."""
    return f"/team/{round_id}/" if request.POST.get("from") == "team" else f"/rounds/{round_id}/records/"


@require_POST
@hides
def withdraw(request: HttpRequest, round_id: int, record_id: int) -> HttpResponse:
    """Take a record out of scoring, with a reason."""
    round = round_for(request.standing, round_id)
    if not records_for(request.standing, round).filter(pk=record_id).exists():
        raise Http404
    reason = request.POST.get("reason", "")
    done = say("已撤销，不再计入；记录仍可查看。", "Withdrawn; it no longer counts and stays readable.")
    return act(request, done, lambda: withdraw_record(request.user, round, record_id, reason), f"/rounds/{round_id}/records/")


@require_GET
def evidence(request: HttpRequest, round_id: int, record_id: int) -> FileResponse:
    """The file of a record, to be saved and never shown by the browser itself."""
    found = evidence_of(request.standing, round_id, record_id)
    kind = found.evidence.name.rpartition(".")[2]
    name = f"{found.kind}-{found.day}-{found.subject}.{kind}"
    response = FileResponse(found.evidence.open("rb"), content_type=MEDIA.get(kind, "application/octet-stream"))
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
