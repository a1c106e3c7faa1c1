"""Reading people and the organisation, by whom: what is not the user's to see is not found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from kaohe_web.people.models import Person, Posting, Right, Unit, during
from kaohe_web.people.standing import Standing, unit_with_parts

ORDERS = {"name": ("name", "number"), "hired": ("-hired_on", "number")}


def units_for(standing: Standing, *rights: str) -> QuerySet[Unit]:
    """The units that the user's rights reach."""
    covered = standing.units(*(rights or (Right.HR, Right.AUDITOR)))
    return Unit.objects.all() if covered is None else Unit.objects.filter(pk__in=covered)


def unit_tree(units: Iterable[Unit]) -> list[tuple[int, Unit]]:
    """Units below one another, each with its depth."""
    every = {unit.id: unit for unit in units}
    parts: dict[int | None, list[Unit]] = {}
    for unit in every.values():
        parts.setdefault(unit.parent_id if unit.parent_id in every else None, []).append(unit)
    found: list[tuple[int, Unit]] = []
    waiting = [(0, unit) for unit in reversed(parts.get(None, []))]
    while waiting:
        depth, unit = waiting.pop()
        found.append((depth, unit))
        waiting += [(depth + 1, part) for part in reversed(parts.get(unit.id, []))]
    return found


def people_named(texts: Iterable[str]) -> tuple[dict[str, Person], dict[str, int]]:
    """People by what was typed for them, a work number, a number and a name, or a name that one alone bears; and how many bear the others."""
    typed = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    first = {text: text.split()[0] for text in typed}
    by_number = {person.number: person for person in Person.objects.filter(number__in={*typed, *first.values()})}
    by_name: dict[str, list[Person]] = {}
    for person in Person.objects.filter(name__in=typed):
        by_name.setdefault(person.name, []).append(person)
    found: dict[str, Person] = {}
    unclear: dict[str, int] = {}
    for text in typed:
        person = by_number.get(text) or by_number.get(first[text])
        same = by_name.get(text, [])
        if person is not None or len(same) == 1:
            found[text] = person or same[0]
        else:
            unclear[text] = len(same)
    return found, unclear


def not_found(text: str, bearers: int) -> tuple[str, str]:
    """Why a typed person was not found."""
    if bearers:
        return (f"有{bearers}个人叫“{text}”，请写工号。", f"{bearers} people are called “{text}”: write the work number.")
    return (f"没有“{text}”这个工号或姓名。", f"Nobody has the number or name “{text}”.")


def people_for(standing: Standing) -> QuerySet[Person]:
    """Whoever holds or held a post in units that HR's or the auditor's right reaches; people without any post for the whole company."""
    units = standing.units(Right.HR, Right.AUDITOR)
    return Person.objects.all() if units is None else Person.objects.filter(postings__unit_id__in=units).distinct()


def person_for(standing: Standing, person_id: int) -> Person:
    """A person whom the user may look up; else she is not there."""
    found = people_for(standing).filter(pk=person_id).first()
    if found is None:
        raise Http404
    return found


def listed_people(standing: Standing, asked: Mapping[str, str], today: date) -> QuerySet[Person]:
    """The people of a list as its address asks: by name or number, by unit with its parts, here or left, in an order."""
    people = people_for(standing).select_related("user")
    if name := asked.get("name", "").strip():
        people = people.filter(Q(name__icontains=name) | Q(number__icontains=name))
    unit = Unit.objects.filter(pk=int(asked["unit"])).first() if asked.get("unit", "").isdigit() else None
    held = during(today)
    if unit is not None:
        held &= Q(unit_id__in=unit_with_parts(unit))
        people = people.filter(pk__in=Posting.objects.filter(held).values("person"))
    if asked.get("state") == "left":
        people = people.filter(left_on__lt=today)
    elif asked.get("state") != "all":
        people = people.filter(Q(left_on__isnull=True) | Q(left_on__gte=today))
    order = ORDERS.get(asked.get("sort", ""), ("number",))
    now = Prefetch("postings", Posting.objects.filter(during(today)).select_related("unit"), to_attr="now")
    return people.order_by(*order).prefetch_related(now)
