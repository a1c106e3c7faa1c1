"""People: the list, one person with her dated posts, and workbooks of everybody."""

from __future__ import annotations

import base64
from datetime import date
from hashlib import sha256

from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kaohe_web.engine.tables import ReadTable, read_table, workbook_of
from kaohe_web.library.models import SchemeVersion
from kaohe_web.people import actions
from kaohe_web.people.actions import may_touch
from kaohe_web.people.models import Attribute, Person, Posting, Right, Unit
from kaohe_web.people.queries import listed_people, person_for, unit_tree, units_for
from kaohe_web.rounds.models import Round
from kaohe_web.site.acting import act, hides, needs, went
from kaohe_web.site.language import language, say
from kaohe_web.site.refusals import Refused
from kaohe_web.site.sending import download
from kaohe_web.staff.importing import import_people
from kaohe_web.staff.queries import person_page, workbook_rows
from kaohe_web.staff.reading import KINDS, SAME, difference, template
from kaohe_web.staff.words import company_words

PAGE = 50
SHOWN = 200
LARGEST = 5 * 1024 * 1024
KEPT = 24 * 3600


def _readers(request: HttpRequest) -> None:
    if not request.standing.has(Right.HR, Right.AUDITOR):
        raise Http404


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody whom the user may look up, as the address asks."""
    _readers(request)
    today = timezone.localdate()
    context = {
        "page": Paginator(listed_people(request.standing, request.GET, today), PAGE).get_page(request.GET.get("page")),
        "units": unit_tree(units_for(request.standing)),
        "words": company_words(),
        "asked": request.GET,
        "today": today,
        "may_hr": request.standing.has(Right.HR),
        "is_empty": not Person.objects.exists(),
        "no_scheme": not SchemeVersion.objects.exists(),
        "no_round": not Round.objects.exists(),
    }
    return render(request, "people/people.html", context)


@require_GET
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person."""
    _readers(request)
    found = person_for(request.standing, person_id)
    words = company_words()
    return render(
        request,
        "people/person.html",
        {"page": person_page(request.standing, found, words, language()), "words": words, "today": timezone.localdate()},
    )


# --- changing one person --------------------------------------------------------------------------


@needs(Right.HR)
@require_POST
@hides
def add(request: HttpRequest) -> HttpResponse:
    """Somebody new."""
    made: list[Person] = []
    unit = units_for(request.standing, Right.HR).filter(pk=_number(request, "unit")).first()

    def run() -> None:
        if unit is None:
            raise Refused("选一个部门。", "Choose a unit.")
        words = company_words()
        made.append(
            actions.add_person(
                request.user,
                _text(request, "number"),
                _text(request, "name"),
                unit,
                words.role(_text(request, "role")),
                _needed_day(request, "since"),
            )
        )

    went(request, say("已录入。", "Entered."), run)
    return HttpResponseRedirect(f"/people/{made[0].id}/" if made else "/people/")


@require_POST
@hides
def change(request: HttpRequest, person_id: int) -> HttpResponse:
    """Name, address, days."""
    found = _hers(request, person_id)
    return act(
        request,
        say("资料已保存。", "Kept."),
        lambda: actions.change_person(
            request.user, found, _text(request, "name"), _text(request, "email"), _day(request, "hired"), _day(request, "left")
        ),
        f"/people/{person_id}/",
    )


@needs(Right.HR)
@require_POST
@hides
def post(request: HttpRequest, person_id: int) -> HttpResponse:
    """A new post."""
    found = _hers(request, person_id)
    role = company_words().role(_text(request, "role"))
    return act(
        request,
        say("新任职已录入，前一段到前一天为止。", "The post is entered; the one before ends the day before."),
        lambda: actions.post(request.user, found, _unit(request), role, _needed_day(request, "since")),
        f"/people/{person_id}/",
    )


@needs(Right.HR)
@require_POST
@hides
def posting(request: HttpRequest, person_id: int, posting_id: int, what: str) -> HttpResponse:
    """End or correct a post."""
    found = get_object_or_404(Posting, pk=posting_id, person=_hers(request, person_id))

    def run() -> None:
        if what == "end":
            actions.end_posting(request.user, found, _needed_day(request, "until"))
        else:
            role, since = company_words().role(_text(request, "role")), _needed_day(request, "since")
            actions.correct_posting(request.user, found, _unit(request), role, since, _day(request, "until"), _text(request, "reason"))

    return act(request, say("任职已更新。", "The post is up to date."), run, f"/people/{person_id}/")


@needs(Right.HR)
@require_POST
@hides
def attribute(request: HttpRequest, person_id: int) -> HttpResponse:
    """Something that holds of somebody from a day on."""
    found, words = _hers(request, person_id), company_words()
    key = words.key(_text(request, "key"))
    return act(
        request,
        say("资料已录入。", "Entered."),
        lambda: actions.set_attribute(request.user, found, key, _text(request, "text"), _needed_day(request, "since"), words.is_money(key)),
        f"/people/{person_id}/",
    )


@needs(Right.HR)
@require_POST
@hides
def attributed(request: HttpRequest, person_id: int, attribute_id: int, what: str) -> HttpResponse:
    """End or correct what holds of somebody."""
    found = get_object_or_404(Attribute, pk=attribute_id, person=_hers(request, person_id))
    money = company_words().is_money(found.key)

    def run() -> None:
        if what == "end":
            actions.end_attribute(request.user, found, _needed_day(request, "until"), money)
        else:
            since, until = _needed_day(request, "since"), _day(request, "until")
            actions.correct_attribute(request.user, found, _text(request, "text"), since, until, _text(request, "reason"), money)

    return act(request, say("资料已更新。", "Kept."), run, f"/people/{person_id}/")


def _hers(request: HttpRequest, person_id: int) -> Person:
    """A person whose HR the user is; else she is not there."""
    found = person_for(request.standing, person_id)
    if not may_touch(request.standing, found):
        raise Http404
    return found


def _text(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name, "")).strip()


def _number(request: HttpRequest, name: str) -> int:
    text = _text(request, name)
    return int(text) if text.isdigit() else 0


def _unit(request: HttpRequest) -> Unit:
    found = units_for(request.standing, Right.HR).filter(pk=_number(request, "unit")).first()
    if found is None:
        raise Refused("选一个部门。", "Choose a unit.")
    return found


def _day(request: HttpRequest, name: str) -> date | None:
    text = _text(request, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(f"“{text}”不是日期。", f"“{text}” is no date.") from None


def _needed_day(request: HttpRequest, name: str) -> date:
    day = _day(request, name)
    if day is None:
        raise Refused("写明日期。", "Say from which day.")
    return day


# --- workbooks ------------------------------------------------------------------------------------


@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in, empty or with everybody in it."""
    _readers(request)
    words, full = company_words(), "people" in request.GET
    rows = workbook_rows(request.standing, words, timezone.localdate()) if full else ()
    name = say("人员名单.xlsx", "people.xlsx") if full else say("人员模板.xlsx", "people-template.xlsx")
    return download(workbook_of([template(words, rows)]), name)


@require_GET
def bring_in(request: HttpRequest) -> HttpResponse:
    """Where a workbook of people is uploaded."""
    if not request.standing.has(Right.HR):
        raise Http404
    today = timezone.localdate()
    first = date(today.year, 1, 1) if not Person.objects.exists() else today.replace(day=1)
    return render(request, "people/import.html", {"since": first, "is_empty": not Person.objects.exists()})


@require_POST
@hides
def upload(request: HttpRequest) -> HttpResponse:
    """Keep an uploaded workbook for a day, and show what it would change."""
    if not request.standing.has(Right.HR):
        raise Http404
    kept: list[str] = []
    if went(
        request, say("还没有收入，先看差异。", "Nothing is in yet: look at the difference first."), lambda: kept.append(_keep(request))
    ):
        return HttpResponseRedirect(f"/people/import/{kept[0]}/?since={_text(request, 'since')}")
    return HttpResponseRedirect("/people/import/")


def _keep(request: HttpRequest) -> str:
    _needed_day(request, "since")
    file = request.FILES.get("file")
    if file is None:
        raise Refused("选一个文件再上传。", "Choose a file, then upload it.")
    if file.size > LARGEST:
        raise Refused("文件超过5 MB。", "The file is larger than 5 MB.")
    content = file.read()
    digest = sha256(content).hexdigest()
    cache.set(f"people.{digest}", (file.name, base64.b64encode(content).decode()), KEPT)
    return digest


def _kept(digest: str) -> tuple[str, ReadTable] | None:
    found = cache.get(f"people.{digest}")
    return None if found is None else (found[0], read_table(found[0], base64.b64decode(found[1])))


@require_GET
def preview(request: HttpRequest, digest: str) -> HttpResponse:
    """What an uploaded workbook would change, before it changes anything."""
    if not request.standing.has(Right.HR):
        raise Http404
    kept = _kept(digest)
    if kept is None:
        raise Http404
    since = _since(request.GET.get("since", ""))
    found = difference(request.standing, kept[1], since, company_words())
    kind = request.GET.get("kind", "")
    rows = [row for row in found.rows if row.kind == kind or (not kind and row.kind != SAME)]
    context = {
        "found": found,
        "file": kept[0],
        "digest": digest,
        "since": since,
        "kinds": [(one, say(*KINDS[one]), count) for one, count in found.counts],
        "kind": kind,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "problems": found.problems[:SHOWN],
    }
    return render(request, "people/preview.html", context)


def _since(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


@require_POST
@hides
def apply(request: HttpRequest, digest: str) -> HttpResponse:
    """Take the workbook in, all of it or nothing."""
    if not request.standing.has(Right.HR):
        raise Http404
    kept, since = _kept(digest), _since(request.POST.get("since", ""))
    if kept is None:
        raise Http404
    done: list[str] = []

    def run() -> None:
        found = import_people(request.user, kept[1], since, company_words())
        parts = [f"{say(*KINDS[kind])} {count}" for kind, count in found.counts if count]
        done.append(say("已收入：", "Taken in: ") + say("，", ", ").join(parts) + say("。", "."))

    if went(request, lambda: done[0], run):
        cache.delete(f"people.{digest}")
        return HttpResponseRedirect("/people/")
    return HttpResponseRedirect(f"/people/import/{digest}/?since={since.isoformat()}")
