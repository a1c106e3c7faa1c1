"""What every page shows around itself: places by role, the inbox's count, the language, the company."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from kaohe_web.people.models import Right
from kaohe_web.people.standing import Standing
from kaohe_web.site.language import language, say


@dataclass(frozen=True)
class Place:
    """One of the five or six places of the top bar."""

    name: str
    link: str
    here: bool = False


def shell(request: HttpRequest) -> dict[str, object]:
    """The frame of a page."""
    standing: Standing | None = getattr(request, "standing", None) if request.user.is_authenticated else None
    person = None if standing is None else standing.person
    return {
        "language": language(),
        "company": settings.COMPANY,
        "places": [] if standing is None else places_of(standing, request.path),
        "unread": 0 if person is None else person.notices.filter(read_at__isnull=True).count(),
    }


def places_of(standing: Standing, path: str) -> list[Place]:
    """The places of somebody's top bar, by her rights; never all of them."""
    found = [("首页", "Home", "/")]
    if standing.person is not None:
        found += [("我的成绩单", "My scorecards", "/cards/"), ("待我评分", "To rate", "/rate/")]
    if standing.has(Right.LEAD, Right.MANAGER):
        found += [("我的团队", "My team", "/team/")]
    if standing.has(Right.HR, Right.AUDITOR):
        found += [("考核周期", "Rounds", "/rounds/"), ("人员", "People", "/people/"), ("方案", "Schemes", "/schemes/")]
    if standing.person is not None or standing.has(Right.HR, Right.AUDITOR):
        found += [("申诉", "Appeals", "/appeals/")]
    if standing.has(Right.HR, Right.FINANCE, Right.AUDITOR):
        found += [("工资表", "Pay", "/pay/")]
    if standing.has(Right.AUDITOR, Right.HR):
        found += [("审计", "Audit", "/audit/")]
    if standing.has(Right.ADMIN):
        found += [("账号", "Accounts", "/accounts/")]
    return [Place(say(zh, en), link, path == link if link == "/" else path.startswith(link)) for zh, en, link in found]
