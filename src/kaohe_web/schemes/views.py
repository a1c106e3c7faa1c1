"""Schemes: the library, own uploads with every problem by its line, versions as regulations, two of them compared."""

from __future__ import annotations

from typing import Literal

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from kaohe_web.engine.regulation import differences, library_text, odd_in, regulation_of, regulation_pdf, shelves
from kaohe_web.engine.schemes import Read, outline_of, people_fields, rated_items, read_scheme, record_kinds, value_fields
from kaohe_web.library.models import SchemeVersion
from kaohe_web.people.models import Person, Right
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.queries import rounds_for
from kaohe_web.schemes.actions import take
from kaohe_web.schemes.queries import shelf, taken_in, version_for, versions_of
from kaohe_web.site.acting import hides, needs
from kaohe_web.site.language import language, say
from kaohe_web.site.refusals import Refused
from kaohe_web.site.sending import download

LARGEST = 1024 * 1024
Language = Literal["zh", "en"]


def _readers(request: HttpRequest) -> None:
    if not request.standing.has(Right.HR, Right.AUDITOR):
        raise Http404


@require_GET
def schemes(request: HttpRequest) -> HttpResponse:
    """What was taken in, and the library."""
    _readers(request)
    words = request.GET.get("q", "")
    context = {
        "taken": taken_in(),
        "shelf": shelf(words),
        "all": len(shelves()),
        "words": words,
        "may_hr": request.standing.has(Right.HR),
        "no_round": not Round.objects.exists(),
        "no_people": not Person.objects.exists(),
    }
    return render(request, "schemes/schemes.html", context)


@require_GET
def shelved(request: HttpRequest, code: str) -> HttpResponse:
    """A scheme of the library as a regulation, before it is taken in."""
    _readers(request)
    text = _library(code)
    read = read_scheme(text)
    known = SchemeVersion.objects.filter(digest=read.digest).first()
    if known is not None:
        return HttpResponseRedirect(f"/schemes/versions/{known.id}/")
    context = {"name": say(read.name, read.name_en), "code": code, "may_hr": request.standing.has(Right.HR), **_in_words(read.plan, text)}
    return render(request, "schemes/version.html", context)


def _library(code: str) -> str:
    try:
        return library_text(code)
    except KeyError:
        raise Http404 from None


def _in_words(plan: str, text: str) -> dict[str, object]:
    return {
        "page": regulation_of(plan, language()),
        "odd": odd_in(text),
        "outline": outline_of(plan),
        "asks": {
            "people": people_fields(plan),
            "values": value_fields(plan),
            "records": record_kinds(plan),
            "rated": rated_items(plan),
        },
    }


@require_POST
@hides
def take_shelved(request: HttpRequest, code: str) -> HttpResponse:
    """Take a scheme of the library in."""
    if not request.standing.has(Right.HR):
        raise Http404
    version, _ = take(request.user, _library(code))
    assert version is not None, "the library's schemes compile"
    return HttpResponseRedirect(f"/schemes/versions/{version.id}/?taken=1")


@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """Where a scheme is uploaded or written; beginning with a version's text where one is named."""
    if not request.standing.has(Right.HR):
        raise Http404
    start = request.GET.get("from", "")
    text = version_for(request.standing, int(start)).text if start.isdigit() else ""
    return render(request, "schemes/new.html", {"text": text})


@needs(Right.HR)
@require_POST
@hides
def upload(request: HttpRequest) -> HttpResponse:
    """Take a text or a file in; every problem by its line, with the text as it was, where it cannot be right."""
    try:
        text = _uploaded(request)
    except Refused as refused:
        return render(request, "schemes/new.html", {"text": request.POST.get("text", ""), "refused": refused.tell(language())})
    version, read = take(request.user, text)
    if version is None:
        return render(request, "schemes/new.html", {"text": text, "problems": read.problems, "lines": _lines(text, read)})
    return HttpResponseRedirect(f"/schemes/versions/{version.id}/?taken=1")


def _uploaded(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        text = str(request.POST.get("text", "")).replace("\r\n", "\n")
        if not text.strip():
            raise Refused("选一个文件，或把方案写进去。", "Choose a file, or write the scheme.")
        return text
    if file.size > LARGEST:
        raise Refused("文件超过1 MB，不像是方案。", "The file is larger than 1 MB; that is no scheme.")
    try:
        return str(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused("文件不是UTF-8文字，请另存为UTF-8。", "The file is not UTF-8 text; save it as UTF-8.") from None


def _lines(text: str, read: Read) -> list[tuple[int, str]]:
    """The lines that problems are told of."""
    lines = text.split("\n")
    return [(one, lines[one - 1]) for one in sorted({problem.line for problem in read.problems if problem.line}) if one <= len(lines)]


@require_GET
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """A version as the regulation that people read and sign."""
    found = version_for(request.standing, version_id)
    context = {
        "version": found,
        "versions": list(versions_of(found)),
        "rounds": list(rounds_for(request.standing).filter(version=found)[:12]),
        "name": say(found.scheme.name, found.scheme.name_en),
        "code": found.scheme.code,
        "may_hr": request.standing.has(Right.HR),
        "readers": request.standing.has(Right.HR, Right.AUDITOR),
        "taken": "taken" in request.GET,
        "no_people": not Person.objects.exists(),
        **_in_words(found.plan, found.text),
    }
    return render(request, "schemes/version.html", context)


@require_GET
def text(request: HttpRequest, version_id: int) -> HttpResponse:
    """A version's text as it was taken in."""
    _readers(request)
    found = version_for(request.standing, version_id)
    return download(found.text.encode(), f"{found.scheme.code}-v{found.number}.yaml", "application/yaml; charset=utf-8")


@require_GET
def paper(request: HttpRequest, version_id: int) -> HttpResponse:
    """A version's regulation as a PDF, with a place to sign; in both languages where asked."""
    found = version_for(request.standing, version_id)
    languages: tuple[Language, ...] = ("zh", "en") if "both" in request.GET else (language(),)
    return download(
        regulation_pdf(found.plan, languages), f"{say(found.scheme.name, found.scheme.name_en)} v{found.number}.pdf", "application/pdf"
    )


@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """What a version changes against another, in plain words."""
    _readers(request)
    old, new = (_version(request, name) for name in ("old", "new"))
    parts = differences(old.text, new.text)
    context = {
        "old": old,
        "new": new,
        "parts": parts,
        "count": sum(len(changes) for _, changes in parts),
        "versions": list(versions_of(new)),
    }
    return render(request, "schemes/compare.html", context)


def _version(request: HttpRequest, name: str) -> SchemeVersion:
    asked = request.GET.get(name, "")
    return version_for(request.standing, int(asked) if asked.isdigit() else 0)
