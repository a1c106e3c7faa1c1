"""Accounts, for the administrator: who may sign in, one-time passwords, rights over units."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kaohe_web.people import accounts as actions
from kaohe_web.people.accounts import Opened
from kaohe_web.people.models import Grant, Person, Right, Unit, User
from kaohe_web.people.queries import not_found, people_named, unit_tree
from kaohe_web.site.acting import act, hides, went
from kaohe_web.site.language import say
from kaohe_web.site.refusals import Refused

PAGE = 50
RIGHTS = {
    Right.ADMIN: ("管理员：账号与权限", "Administrator: accounts and rights"),
    Right.HR: ("人力资源：人员、方案、周期、薪酬", "HR: people, schemes, rounds, pay"),
    Right.LEAD: ("主管：看本组成绩、评分、记录", "Team lead: scores, ratings and records of the team"),
    Right.MANAGER: ("经理：看本部门成绩、评分", "Manager: scores and ratings of the department"),
    Right.FINANCE: ("财务：工资表", "Finance: the pay sheet"),
    Right.AUDITOR: ("审计：只读全部", "Auditor: reads everything"),
}


def _administrator(request: HttpRequest) -> None:
    if not request.standing.has(Right.ADMIN):
        raise Http404


def listed(request: HttpRequest) -> QuerySet[User]:
    """The accounts that the address asks for."""
    users = User.objects.select_related("person").prefetch_related("grants__unit").order_by("username")
    if name := request.GET.get("name", "").strip():
        users = users.filter(Q(username__icontains=name) | Q(person__name__icontains=name) | Q(person__number__icontains=name))
    if right := request.GET.get("right", ""):
        users = users.filter(grants__right=right).distinct()
    if request.GET.get("state") == "disabled":
        users = users.filter(is_active=False)
    return users


def without_account() -> QuerySet[Person]:
    """People who are here and cannot sign in."""
    today = timezone.localdate()
    return Person.objects.filter(user__isnull=True).filter(Q(left_on__isnull=True) | Q(left_on__gte=today))


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Every account with its rights."""
    _administrator(request)
    context = {
        "page": Paginator(listed(request), PAGE).get_page(request.GET.get("page")),
        "without": without_account().count(),
        "rights": RIGHTS,
        "asked": request.GET,
        "today": timezone.localdate(),
        "candidates": without_account()[:400],
    }
    return render(request, "accounts/accounts.html", context)


@require_GET
def account(request: HttpRequest, user_id: int) -> HttpResponse:
    """One account."""
    _administrator(request)
    found = get_object_or_404(User.objects.select_related("person"), pk=user_id)
    context = {
        "account": found,
        "grants": list(found.grants.select_related("unit").order_by("-since", "right")),
        "rights": RIGHTS,
        "units": unit_tree(Unit.objects.all()),
        "today": timezone.localdate(),
    }
    return render(request, "accounts/account.html", context)


# --- opening and passwords: told once, in the answer itself, kept nowhere -------------------------


def _told(request: HttpRequest, opened: list[Opened]) -> HttpResponse:
    return render(request, "accounts/passwords.html", {"opened": opened})


@never_cache
@require_POST
@hides
def open_one(request: HttpRequest) -> HttpResponse:
    """An account for one person, or for somebody who is none."""
    _administrator(request)
    opened: list[Opened] = []

    def run() -> None:
        opened.append(actions.open_account(request.user, request.POST.get("username", ""), _person(request.POST.get("person", ""))))

    return _told(request, opened) if went(request, "", run) else HttpResponseRedirect("/accounts/")


def _person(text: str) -> Person | None:
    if not text.strip():
        return None
    named, unclear = people_named([text])
    if unclear:
        raise Refused(*not_found(text.strip(), unclear[text.strip()]))
    return named[text.strip()]


@never_cache
@require_POST
@hides
def open_all(request: HttpRequest) -> HttpResponse:
    """An account for everybody who is here and has none."""
    _administrator(request)
    return _told(request, actions.open_accounts(request.user, list(without_account())))


@never_cache
@require_POST
@hides
def password(request: HttpRequest, user_id: int) -> HttpResponse:
    """Another one-time password."""
    _administrator(request)
    return _told(request, [actions.new_password(request.user, get_object_or_404(User, pk=user_id))])


# --- rights ---------------------------------------------------------------------------------------


@require_POST
@hides
def enable(request: HttpRequest, user_id: int) -> HttpResponse:
    """Let somebody sign in, or no more."""
    _administrator(request)
    found, wanted = get_object_or_404(User, pk=user_id), request.POST.get("wanted") == "yes"
    done = say("已启用。", "Enabled.") if wanted else say("已停用，不能再登录。", "Disabled: no more signing in.")
    return act(request, done, lambda: actions.enable(request.user, found, wanted), f"/accounts/{user_id}/")


@require_POST
@hides
def grant(request: HttpRequest, user_id: int) -> HttpResponse:
    """A right, over a unit or the whole company."""
    _administrator(request)
    found = get_object_or_404(User, pk=user_id)
    unit = request.POST.get("unit", "")

    def run() -> None:
        over = Unit.objects.filter(pk=int(unit)).first() if unit.isdigit() else None
        since, until = _day(request, "since") or timezone.localdate(), _day(request, "until")
        actions.grant(request.user, found, request.POST.get("right", ""), over, since, until)

    return act(request, say("已授予。", "Granted."), run, f"/accounts/{user_id}/")


@require_POST
@hides
def end_grant(request: HttpRequest, user_id: int, grant_id: int) -> HttpResponse:
    """End a right: yesterday was its last day."""
    _administrator(request)
    found = get_object_or_404(Grant, pk=grant_id, user_id=user_id)
    yesterday = timezone.localdate() - timedelta(days=1)
    return act(request, say("已收回。", "Ended."), lambda: actions.end_grant(request.user, found, yesterday), f"/accounts/{user_id}/")


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.POST.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(f"“{text}”不是日期。", f"“{text}” is no date.") from None
