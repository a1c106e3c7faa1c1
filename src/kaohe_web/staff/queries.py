"""Reading one person with all that is dated about her, and the workbook of everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kaohe_web.people.actions import may_touch
from kaohe_web.people.models import Attribute, Person, Posting, Unit, User
from kaohe_web.people.queries import people_for, unit_tree, units_for
from kaohe_web.people.standing import Standing
from kaohe_web.rounds.models import Participant
from kaohe_web.site.language import say
from kaohe_web.staff.words import KNOWN, Language, Words


@dataclass
class PersonPage:
    """Everything on a person's page."""

    person: Person
    postings: list[Posting]
    attributes: list[tuple[str, Attribute]]
    rounds: list[Participant]
    user: User | None
    units: list[tuple[int, Unit]]
    roles: list[str]
    keys: list[str]
    may_change: bool
    money: bool


def person_page(standing: Standing, person: Person, words: Words, language: Language) -> PersonPage:
    """A person with posts and attributes, the newest first; money only for whoever may see it."""
    postings = list(person.postings.select_related("unit").order_by("-since"))
    money = standing.sees_money_of(postings[0].unit_id if postings else -1)
    attributes = [
        (words.heading(one.key, language), one)
        for one in person.attributes.order_by("key", "-since")
        if money or not words.is_money(one.key)
    ]
    return PersonPage(
        person,
        postings,
        attributes,
        list(person.participations.select_related("round__unit").order_by("-round__end")[:12]),
        User.objects.filter(person=person).first(),
        unit_tree(units_for(standing)),
        [zh if language == "zh" else en for zh, en in words.role_names.values()],
        [words.heading(key, language) for key in words.fields if key not in KNOWN],
        may_touch(standing, person),
        money,
    )


def workbook_rows(standing: Standing, words: Words, today: date) -> Iterator[list[str]]:
    """Everybody as the workbook has her, to be changed and sent again."""
    keys = [key for key in words.fields if key not in KNOWN]
    people = people_for(standing).order_by("number").prefetch_related("postings__unit__parent", "attributes")
    for person in people:
        held = [one for one in person.postings.all() if one.since <= today and (one.until is None or one.until >= today)]
        unit, role = (held[0].unit, held[0].role) if held else (None, "")
        texts = {
            words.key(one.key): one.text
            for one in person.attributes.all()
            if one.since <= today and (one.until is None or one.until >= today)
        }
        names = words.role_names.get(role)
        yield [
            person.number,
            person.name,
            unit.name if unit else "",
            unit.parent.name if unit and unit.parent else "",
            say(*names) if names else role,
            _iso(person.hired_on),
            _iso(person.left_on),
            person.email,
            *(texts.get(key, "") for key in keys),
        ]


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()
