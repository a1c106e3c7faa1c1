"""Asks every route as every role about somebody of one's own, of one's team and of another team; says what came back.

python -m tests.web.probing    prints the table as it is now, to be read and kept in permissions.yaml
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kaohe_web.people.models import User
from kaohe_web.results.models import PayLine
from kaohe_web.rounds.models import Round

ACTORS = ("agent", "lead", "manager", "boss", "hr", "finance", "auditor", "admin", "stranger", "other_lead", "other_hr", "nobody")
TEAM, OTHER = "KF0102", "KF0201"
OUTSIDE = re.compile(r"^(account_|mfa_|static|language$)")
REACHED = (200, 400, 422)  # a page, or a form that was read and refused
MONEY_SIGNS = ("¥", "应发/元", "Due, yuan")


@dataclass(frozen=True)
class Route:
    """One address of the site: its name, its path with blanks, how it is asked."""

    name: str
    path: str
    blanks: tuple[str, ...]
    posts: bool


@dataclass
class Things:
    """What fills the blanks of paths, by the route's name and the blank's; a subject is filled by who is asked about."""

    published: Round
    collecting: Round
    fills: dict[str, object] = field(default_factory=dict)

    def path(self, route: Route, row: dict, subject: str) -> str:
        round = self.collecting if row.get("round") == "collecting" else self.published
        known = {"round_id": round.id, "subject": subject, "number": subject, **self.fills, **row.get("fill", {})}
        found = route.path
        for blank in route.blanks:
            assert blank in known, f"{route.name}: say in permissions.yaml what fills <{blank}>"
            found = found.replace(f"<{blank}>", str(known[blank]))
        return found


def routes() -> list[Route]:
    """Every named route of our own."""
    return sorted(_walk(get_resolver().url_patterns, ""), key=lambda route: route.name)


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Route]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, here)
        elif not OUTSIDE.match(pattern.name or ""):
            blanks = tuple(re.findall(r"<(?:\w+:)?(\w+)>", here))
            path = "/" + re.sub(r"<\w+:(\w+)>", r"<\1>", here)
            yield Route(pattern.name or path, path, blanks, _only_posts(pattern.callback))


def _only_posts(view) -> bool:
    """Whether a view refuses to be looked at: asked once without anything, 405 says so."""
    wrapped = view
    while hasattr(wrapped, "__wrapped__"):
        closure = [cell.cell_contents for cell in (wrapped.__closure__ or ())]
        if ["POST"] in closure:
            return True
        wrapped = wrapped.__wrapped__
    return False


def clients() -> dict[str, Client]:
    """Everybody signed in; `nobody` is not."""
    found = {}
    for actor in ACTORS:
        client = Client(raise_request_exception=False)
        if actor != "nobody":
            client.force_login(User.objects.get(username=actor), backend="django.contrib.auth.backends.ModelBackend")
        found[actor] = client
    return found


def subjects_of(actor: str, route: Route) -> dict[str, str]:
    """Whom an actor asks about; only one where the path names nobody."""
    if "subject" not in route.blanks and "number" not in route.blanks:
        return {"yes": ""}
    person = None if actor in ("nobody", "admin") else User.objects.get(username=actor).person
    return {**({"own": person.number} if person else {}), "team": TEAM, "other": OTHER}


@dataclass
class Answers:
    """For each actor about whom she was let in, and where money stood on the page."""

    let_in: dict[str, str]
    money: dict[str, str]
    broken: list[str]


def probe(route: Route, row: dict, things: Things, everybody: dict[str, Client]) -> Answers:
    """Ask one route as everybody; every answer is taken back."""
    answers = Answers({}, {}, [])
    for actor, client in everybody.items():
        seen, paid = [], []
        for about, subject in subjects_of(actor, route).items():
            path = things.path(route, row, subject)
            status, text = _ask(client, route, path, row.get("data", {}))
            if status >= 500:
                answers.broken.append(f"{actor} {path}: {status}")
            if status in REACHED or (status == 302 and route.posts and actor != "nobody"):
                seen.append(about)
            if status == 200 and any(sign in text for sign in _signs(things)):
                paid.append(about)
        if seen:
            answers.let_in[actor] = " ".join(seen)
        if paid:
            answers.money[actor] = " ".join(paid)
    return answers


def _ask(client: Client, route: Route, path: str, data: dict) -> tuple[int, str]:
    with transaction.atomic():
        response = client.post(path, data) if route.posts else client.get(path)
        text = "" if response.streaming else response.content.decode(errors="replace")
        transaction.set_rollback(True)
    if response.status_code == 302 and not route.posts and "/sign-in/" not in response["Location"] and response["Location"] != path:
        return _ask(client, route, response["Location"], data)
    return response.status_code, text


def _signs(things: Things) -> tuple[str, ...]:
    """What money looks like on a page: its signs, and the amounts of the round."""
    if "signs" not in things.fills:
        amounts = {fen for fen in PayLine.objects.filter(result__run__round=things.published).values_list("fen", flat=True) if fen}
        things.fills["signs"] = (*MONEY_SIGNS, *(f"{fen // 100:,}.{fen % 100:02}" for fen in amounts))
    return things.fills["signs"]
