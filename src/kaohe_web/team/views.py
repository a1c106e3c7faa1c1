"""A lead's board, on a desk and on a phone, and what is seen on it as a file."""

from __future__ import annotations

import csv
from io import StringIO

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kaohe_web.site.language import say
from kaohe_web.team.queries import Board, Line, board_of, rounds_of

ASKED = ("show", "grade", "name", "unit", "page")
RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take such a text for a formula


@require_GET
def latest(request: HttpRequest) -> HttpResponse:
    """The board of the latest round."""
    found = rounds_of(request.standing).first()
    return render(request, "team/none.html") if found is None else HttpResponseRedirect(f"/team/{found.id}/")


@require_GET
def board(request: HttpRequest, round_id: int) -> HttpResponse:
    """One round's board."""
    found = board_of(request.standing, round_id, _asked(request))
    return render(request, "team/board.html", {"board": found, "asked": request.GET})


def _asked(request: HttpRequest) -> dict[str, str]:
    return {key: request.GET.get(key, "") for key in ASKED}


@require_GET
def export(request: HttpRequest, round_id: int) -> HttpResponse:
    """What the board shows, as a file that Excel opens."""
    found = board_of(request.standing, round_id, _asked(request))
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(_heads(found))
    writer.writerows([_safe(cell) for cell in _cells(line)] for line in found.lines)
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="team-{found.round.end.isoformat()}.csv"'
    return response


def _heads(board: Board) -> list[str]:
    names = [("姓名", "Name"), ("工号", "No."), ("总分", "Total"), ("等级", "Grade"), ("上期", "Last"), ("状态", "State")]
    heads = [say(*name) for name in names]
    return [*heads[:5], *board.items.values(), heads[5]]


def _cells(line: Line) -> list[str]:
    state = line.why if not line.is_complete and not line.is_incomplete else line.turn or say("已齐", "complete")
    items = [say("缺", "owed") if cell.owed else cell.text for cell in line.cells]
    return [line.result.name, line.result.subject, line.total, line.result.grade, line.last, *items, state]


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(RISKY) else cell
