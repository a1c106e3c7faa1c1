"""Reading people and the organisation, by whom: what is not the user's to see is not found."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from kaohe_web.people.models import Person, Right, Unit
from kaohe_web.people.standing import Standing


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
