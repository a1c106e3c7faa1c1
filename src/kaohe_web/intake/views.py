"""A round's data: what is there, files on their way in, rows set aside, figures entered by hand."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from kaohe_web.collect.actions import enter_values
from kaohe_web.collect.models import Import, SetAside
from kaohe_web.engine.importing import SET_ASIDE
from kaohe_web.engine.workbooks import fill_in_workbook, workbook_of_rows
from kaohe_web.intake import actions
from kaohe_web.intake.comparing import wrong_figures
from kaohe_web.intake.queries import data_round, grid_of, import_for, may_change, overview, preview_of, problems_of, told_rows
from kaohe_web.intake.tasks import take_in
from kaohe_web.people.models import Right
from kaohe_web.results.rows import rows_of
from kaohe_web.rounds.models import Round
from kaohe_web.site.acting import act, hides, needs
from kaohe_web.site.language import language, say
from kaohe_web.site.refusals import Refused

PAGE, PEOPLE = 50, 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL = "cell."


def _download(content: bytes, name: str) -> HttpResponse:
    """A workbook to keep; never shown in the page."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


# --- what is there --------------------------------------------------------------------------------


@require_GET
def data(request: HttpRequest, round_id: int) -> HttpResponse:
    """What the round has, what it lacks, and every file that brought something."""
    found = data_round(request.standing, round_id)
    return render(request, "intake/data.html", {"page": overview(found), "round": found, "may": may_change(request.standing, found)})


@require_GET
def fill_in(request: HttpRequest, round_id: int) -> HttpResponse:
    """The scheme's workbook to fill in."""
    found = data_round(request.standing, round_id)
    content = fill_in_workbook(found.version.plan, language(), rows_of(found))
    return _download(content, f"{found.name}_{say('填报', 'facts')}.xlsx")


@needs(Right.HR)
@require_POST
@hides
def upload(request: HttpRequest, round_id: int) -> HttpResponse:
    """A file comes in and is previewed."""
    found = data_round(request.standing, round_id)
    given = request.FILES.get("file")
    if given is None:
        messages.error(request, say("请先选一个文件。", "Choose a file first."))
        return HttpResponseRedirect(f"/rounds/{round_id}/data/")
    try:
        made = actions.upload(request.user, found, given.name or "", given.file, given.size or 0)
    except Refused as refused:
        for reason in refused.tell(language()):
            messages.error(request, reason)
        return HttpResponseRedirect(f"/rounds/{round_id}/data/")
    if made.state == Import.State.DONE:
        messages.success(
            request, say("这个文件已经收入过，内容一字不差；没有再收一遍。", "This very file is in already; nothing was taken twice.")
        )
    return HttpResponseRedirect(f"/rounds/{round_id}/data/imports/{made.id}/")


# --- one file -------------------------------------------------------------------------------------


@require_GET
def preview(request: HttpRequest, round_id: int, import_id: int) -> HttpResponse:
    """A file before it is taken in: four counts that add up, the rows to mend first, what columns mean. Afterwards: what it brought."""
    found = data_round(request.standing, round_id)
    source = import_for(request.standing, found, import_id)
    page = Paginator(source.set_aside.select_related("source", "settled_by__person").order_by("table", "row"), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "round": found,
        "preview": preview_of(source, request.standing.covers(found.unit_id, Right.HR)),
        "page": page,
        "rows": told_rows(request.standing, found, list(page)),
        "may": may_change(request.standing, found),
        "people": found.participants.select_related("person").order_by("person__number"),
    }
    return render(request, "intake/import.html", context)


@require_GET
def progress(request: HttpRequest, round_id: int, import_id: int) -> HttpResponse:
    """How far an import is: a part of its page that asks for itself again."""
    found = data_round(request.standing, round_id)
    source = import_for(request.standing, found, import_id)
    return render(request, "intake/progress.html", {"round": found, "source": source, "of": source.lines.count()})


@require_GET
def bad_rows(request: HttpRequest, round_id: int, import_id: int) -> HttpResponse:
    """An import's set-aside rows as a workbook to mend and send again."""
    found = data_round(request.standing, round_id)
    source = import_for(request.standing, found, import_id)
    rows = source.set_aside.all() if source.state == Import.State.PREVIEW else source.set_aside.filter(state=SetAside.State.OPEN)
    return _rows_workbook(request, found, list(rows), source.state != Import.State.PREVIEW)


def _rows_workbook(request: HttpRequest, found: Round, rows: list[SetAside], waiting: bool = True) -> HttpResponse:
    """Rows to mend; those that wait already carry the number under which they do. Who rated stays with HR."""
    shown = told_rows(request.standing, found, rows)
    hidden = {row.row.pk for row in shown if any(text == "•••" for _, text in row.cells)}
    told = [(row.table, _cells(row, waiting, row.pk in hidden), row.told_en if language() == "en" else row.told) for row in rows]
    return _download(workbook_of_rows(found.version.plan, language(), told), f"{found.name}_{say('要修正的行', 'rows to mend')}.xlsx")


def _cells(row: SetAside, waiting: bool, hidden: bool) -> dict[str, str]:
    number = {SET_ASIDE: str(row.pk)} if waiting else {}
    return {**row.cells, **number, **({"rater": ""} if hidden else {})}


@require_GET
def file(request: HttpRequest, round_id: int, import_id: int) -> FileResponse:
    """The file as it was sent; to HR only, since it may say who rated."""
    found = data_round(request.standing, round_id)
    source = import_for(request.standing, found, import_id)
    if not request.standing.covers(found.unit_id, Right.HR):
        raise Http404
    return FileResponse(source.file.open("rb"), as_attachment=True, filename=source.file_name, content_type="application/octet-stream")


def _act(request: HttpRequest, round_id: int, import_id: int, done: str, run: Callable[[Import], object], back: str = "") -> HttpResponse:
    found = data_round(request.standing, round_id)
    source = import_for(request.standing, found, import_id)
    return act(request, done, lambda: run(source), back or f"/rounds/{round_id}/data/imports/{import_id}/")


@require_POST
@hides
def meanings(request: HttpRequest, round_id: int, import_id: int) -> HttpResponse:
    """Say what sheets and headings mean; the file is read again under that."""

    def run(source: Import) -> None:
        sheets = source.mapping.get("sheets", ())
        tables = {sheet["name"]: request.POST[f"table.{place}"] for place, sheet in enumerate(sheets) if request.POST.get(f"table.{place}")}
        columns = {
            sheet["name"]: {
                one["text"]: request.POST[f"column.{place}.{at}"]
                for at, one in enumerate(sheet["headings"])
                if request.POST.get(f"column.{place}.{at}")
            }
            for place, sheet in enumerate(sheets)
        }
        actions.choose_meanings(request.user, source, tables, columns)

    done = say("已按新的对应重新读取，并记住了。", "Read again under the new meanings, which are remembered.")
    return _act(request, round_id, import_id, done, run)


def _typed(request: HttpRequest) -> dict[str, str]:
    """The cells that a form wrote anew, by column."""
    return {name.removeprefix(CELL): text for name, text in request.POST.items() if name.startswith(CELL)}


@require_POST
@hides
def mend_in_preview(request: HttpRequest, round_id: int, import_id: int, row_id: int) -> HttpResponse:
    """Write a cell of the file anew before anything is taken in."""
    done = say("已改，并重新检查了。", "Mended and checked again.")
    return _act(request, round_id, import_id, done, lambda source: actions.mend_in_preview(request.user, source, row_id, _typed(request)))


@require_POST
@hides
def take(request: HttpRequest, round_id: int, import_id: int) -> HttpResponse:
    """Take the good rows in; many of them beside the pages."""

    def run(source: Import) -> None:
        taken = actions.commit(request.user, source)
        if taken.state == Import.State.RUNNING:
            take_in.enqueue(taken.pk)

    done = say("好的行收入本轮，要修正的行搁置待办。", "The good rows go into the round; those to mend are set aside.")
    return _act(request, round_id, import_id, done, run)


@require_POST
@hides
def go_on(request: HttpRequest, round_id: int, import_id: int) -> HttpResponse:
    """Let an import that stopped on the way go on, beside the pages."""
    done = say("接着收入，已收入的不会再收一遍。", "It goes on; nothing is taken twice.")
    return _act(request, round_id, import_id, done, lambda source: take_in.enqueue(actions.go_on(request.user, source).pk))


@require_POST
@hides
def cancel(request: HttpRequest, round_id: int, import_id: int) -> HttpResponse:
    """Leave a previewed file, or stop and undo a running import."""
    done = say("已取消，本轮数据没有变。", "Left; the round's data is as it was.")
    return _act(request, round_id, import_id, done, lambda source: actions.cancel(request.user, source), f"/rounds/{round_id}/data/")


@require_POST
@hides
def undo(request: HttpRequest, round_id: int, import_id: int) -> HttpResponse:
    """Take an import out again, with a reason."""
    done = say("已撤销：收入的行退出，改过的恢复原样。", "Undone: what it brought is out, what it changed is back.")
    return _act(request, round_id, import_id, done, lambda source: actions.undo(request.user, source, request.POST.get("reason", "")))


# --- rows set aside -------------------------------------------------------------------------------


@require_GET
def problems(request: HttpRequest, round_id: int) -> HttpResponse:
    """The rows of all imports that wait to be mended or waived, and those that were."""
    found = data_round(request.standing, round_id)
    state = request.GET.get("show", SetAside.State.OPEN)
    state = state if state in list(SetAside.State) else SetAside.State.OPEN
    page = Paginator(problems_of(found, state), PAGE).get_page(request.GET.get("page"))
    context = {
        "round": found,
        "page": page,
        "rows": told_rows(request.standing, found, list(page)),
        "state": state,
        "mend_at": f"/rounds/{round_id}/problems/",
        "counts": {one.value: problems_of(found, one).count() for one in SetAside.State},
        "may": may_change(request.standing, found),
        "people": found.participants.select_related("person").order_by("person__number"),
    }
    return render(request, "intake/problems.html", context)


@require_GET
def open_rows(request: HttpRequest, round_id: int) -> HttpResponse:
    """All waiting rows as a workbook."""
    found = data_round(request.standing, round_id)
    return _rows_workbook(request, found, list(problems_of(found)))


@require_POST
@hides
def mend(request: HttpRequest, round_id: int, row_id: int) -> HttpResponse:
    """Write cells of a waiting row anew; where it is sound it goes in."""
    found = data_round(request.standing, round_id)
    done = say("已改正并收入。", "Mended and taken in.")
    return act(request, done, lambda: actions.mend(request.user, found, row_id, _typed(request)), f"/rounds/{round_id}/problems/")


@require_POST
@hides
def check_again(request: HttpRequest, round_id: int) -> HttpResponse:
    """Take in the waiting rows that are sound by now."""
    found = data_round(request.standing, round_id)
    done = say("已重新检查；能收入的都收入了。", "Checked again; whatever is sound by now is in.")
    return act(request, done, lambda: actions.check_again(request.user, found), f"/rounds/{round_id}/problems/")


@needs(Right.HR)
@require_POST
@hides
def waive(request: HttpRequest, round_id: int) -> HttpResponse:
    """Do without rows, by name and with a reason."""
    found = data_round(request.standing, round_id)
    rows = [int(one) for one in request.POST.getlist("row") if one.isdigit()]

    def run() -> None:
        if not rows:
            raise Refused("请先勾选要豁免的行。", "Tick the rows to do without.")
        actions.waive(request.user, found, rows, request.POST.get("reason", ""))

    return act(request, say("已豁免，理由记入审计。", "Done without; the reason is on record."), run, f"/rounds/{round_id}/problems/")


# --- figures by hand ------------------------------------------------------------------------------


@require_GET
def values(request: HttpRequest, round_id: int) -> HttpResponse:
    """A grid of figures: people down, figures across, units apart."""
    found = data_round(request.standing, round_id)
    return _grid(request, found, {}, {})


def _grid(
    request: HttpRequest, found: Round, typed: dict[tuple[str, str], str], wrong: dict[tuple[str, str], tuple[str, str]]
) -> HttpResponse:
    people = found.participants.select_related("person", "unit").order_by("unit__code", "person__number")
    page = Paginator(people, PEOPLE).get_page(request.GET.get("page"))
    context = {
        "round": found,
        "grid": grid_of(found, list(page), typed, wrong),
        "page": page,
        "wrong": len(wrong),
        "may": may_change(request.standing, found),
    }
    return render(request, "intake/values.html", context)


@require_POST
@hides
def save_values(request: HttpRequest, round_id: int) -> HttpResponse:
    """Keep the figures that changed, all of them or none; what is wrong stands at its cell, and what was typed stays."""
    found = data_round(request.standing, round_id)
    before = {(one.subject, one.key): one.text for one in found.values.all()}
    typed = {}
    for name, text in request.POST.items():
        key, dot, subject = name.removeprefix(CELL).partition(".")
        if name.startswith(CELL) and dot and before.get((subject, key), "") != text.strip():
            typed[subject, key] = text.strip()
    wrong = wrong_figures(found, typed)
    if wrong:
        return _grid(request, found, typed, wrong)
    done = say("已保存 {} 个数。", "{} figures kept.").format(len(typed))
    return act(
        request, done, lambda: enter_values(request.user, found, typed), f"/rounds/{round_id}/values/?page={request.GET.get('page', '1')}"
    )
