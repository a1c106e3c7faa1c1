"""Pay sheets: the list with what waits, one sheet with its checks, locking, exports, the company's columns."""

from __future__ import annotations

from urllib.parse import quote

from allauth.account.decorators import reauthentication_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kaohe_web.pay import actions
from kaohe_web.pay.columns import LINE, SOURCES, columns_in_force
from kaohe_web.pay.exports import csv_of, workbook_of
from kaohe_web.pay.models import PaySheet
from kaohe_web.pay.queries import openable, refuse_others, rows_of, sheet_for, sheet_page, sheets_for, units_for, waiting_for
from kaohe_web.people.models import Right
from kaohe_web.site.acting import act, hides, needs
from kaohe_web.site.language import say

PAGE = 50
SPARE = 3
BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def sheets(request: HttpRequest) -> HttpResponse:
    """All pay sheets of the user's units, and what waits for one."""
    found = sheets_for(request.standing)
    month, owed = timezone.localdate(), waiting_for(request.standing)
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "waiting": owed,
        "units": openable(request.standing, owed),
        "suggested": say(f"{month.year}年{month.month}月发放", f"Paid in {month:%B %Y}"),
        "may_open": request.standing.has(Right.FINANCE, Right.HR),
        "may_set": request.standing.has(Right.FINANCE),
    }
    return render(request, "pay/sheets.html", context)


@require_POST
@hides
def new(request: HttpRequest) -> HttpResponse:
    """A sheet with everything that a unit owes."""
    refuse_others(request.standing)
    unit = next((one for one in units_for(request.standing) if str(one.id) == request.POST.get("unit", "")), None)
    if unit is None:
        raise Http404
    made: list[PaySheet] = []
    only = {int(one) for one in request.POST.getlist("round") if one.isdecimal()} or None
    answer = act(
        request,
        say("工资表已生成。核对以后锁定。", "The pay sheet is made. Check it, then lock it."),
        lambda: made.append(actions.open_sheet(request.user, unit, request.POST.get("name", ""), only)),
        "/pay/",
    )
    return HttpResponseRedirect(f"/pay/{made[0].id}/") if made else answer


@require_GET
def sheet(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """One pay sheet; filters stand in the address."""
    page = sheet_page(request.standing, sheet_id, request.GET.dict())
    covers = request.standing.covers
    context = {
        "page": page,
        "asked": request.GET,
        "may_lock": covers(page.sheet.unit_id, Right.FINANCE),
        "may_change": covers(page.sheet.unit_id, Right.FINANCE, Right.HR),
    }
    return render(request, "pay/sheet.html", context)


@require_POST
@hides
def refresh(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """An open sheet made anew from the results in force."""
    found = sheet_for(request.standing, sheet_id)
    done = say("已按最新一版结果更新。", "Brought up to date with the latest results.")
    return act(request, done, lambda: actions.refresh(request.user, found.id), f"/pay/{sheet_id}/")


@require_POST
@hides
def discard(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """An open sheet taken away."""
    found = sheet_for(request.standing, sheet_id)
    reason = request.POST.get("reason", "")
    back = "/pay/" if reason.strip() else f"/pay/{sheet_id}/"
    return act(request, say("工资表已作废。", "The pay sheet is discarded."), lambda: actions.discard(request.user, found.id, reason), back)


@needs(Right.FINANCE)
@reauthentication_required
@require_http_methods(["GET", "POST"])
@hides
def lock(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Finance looks once more, then locks; whoever signed in long ago says her password again first."""
    page = sheet_page(request.standing, sheet_id, {})
    if not request.standing.covers(page.sheet.unit_id, Right.FINANCE):
        raise Http404
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        total = int(seen) if seen.lstrip("-").isdecimal() else -1
        done = say("已锁定，作为已发放。", "Locked as paid.")
        return act(request, done, lambda: actions.lock(request.user, sheet_id, total), f"/pay/{sheet_id}/")
    return render(request, "pay/lock.html", {"page": page})


@require_POST
@hides
def export(request: HttpRequest, sheet_id: int, kind: str) -> HttpResponse:
    """The sheet as a workbook or as CSV, in the company's columns; that it was taken out is written down."""
    found = sheet_for(request.standing, sheet_id)
    if kind not in ("xlsx", "csv"):
        raise Http404
    actions.exported(request.user, found, kind)
    columns, rows = columns_in_force(), rows_of(found)
    body = csv_of(columns, rows) if kind == "csv" else workbook_of(found.name, columns, rows)
    response = HttpResponse(body, content_type="text/csv; charset=utf-8" if kind == "csv" else BOOK)
    response["Content-Disposition"] = f"attachment; filename=\"pay-{found.id}.{kind}\"; filename*=UTF-8''{quote(found.name)}.{kind}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
@hides
def columns(request: HttpRequest) -> HttpResponse:
    """The company's columns of exports: what, in which order, under which heading."""
    refuse_others(request.standing)
    if not request.standing.has(Right.FINANCE):
        raise Http404
    if request.method == "POST":
        done = say("导出列已保存。", "The columns are saved.")
        return act(request, done, lambda: actions.set_columns(request.user, _asked(request)), "/pay/columns/")
    kept = columns_in_force()
    lines = {f"{LINE}{line}": name for one in waiting_lines(request) for line, name in one.items()}
    sources = {**SOURCES, **lines, **{one.what: (one.head, one.head) for one in kept if one.what not in SOURCES and one.what not in lines}}
    rows = [{"what": one.what, "head": one.head} for one in kept] + [{"what": "", "head": ""}] * SPARE
    return render(request, "pay/columns.html", {"rows": rows, "sources": sources.items()})


def waiting_lines(request: HttpRequest) -> list[dict[str, object]]:
    """The pay lines of the newest sheets, by name."""
    return [sheet_page(request.standing, one.id, {}).names for one in sheets_for(request.standing)[:5]]


def _asked(request: HttpRequest) -> list[dict[str, str]]:
    """Columns as a form gives them, in the order of their numbers."""
    whats, heads, places = (request.POST.getlist(name) for name in ("what", "head", "place"))
    rows = list(zip(places, whats, heads, strict=False))
    order = sorted(range(len(rows)), key=lambda at: (int(rows[at][0]) if rows[at][0].isdecimal() else len(rows), at))
    return [{"what": rows[at][1], "head": rows[at][2]} for at in order]
