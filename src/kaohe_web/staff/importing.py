"""Taking a workbook of people in: all of it or nothing, and once more changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from kaohe_web.audit.actions import record
from kaohe_web.engine.tables import ReadTable
from kaohe_web.people.actions import end_posts
from kaohe_web.people.models import Attribute, Person, Posting, Right, Unit, User
from kaohe_web.people.standing import standing_of
from kaohe_web.site.refusals import Forbidden, Refused
from kaohe_web.staff.reading import LEFT, MOVED, NEW, SAME, Cells, Difference, Row, difference
from kaohe_web.staff.words import Words


@transaction.atomic
def import_people(by: User, table: ReadTable, since: date, words: Words) -> Difference:
    """Apply what a workbook changes; refused with every problem while there is one."""
    standing = standing_of(by)
    if not standing.has(Right.HR):
        raise Forbidden
    found = difference(standing, table, since, words)
    if found.problems:
        first, *more = [_told(*one) for one in found.problems]
        raise Refused(*first, *more)
    if not found.changes_anything:
        return found
    units = _units(by, found)
    for row in found.rows:
        if row.kind != SAME:
            _apply(by, row, units, words)
    counts: dict[str, object] = dict(found.counts)
    record(by, "people.import", by, after={**counts, "units": len(found.new_units), "since": since.isoformat()})
    return found


def _told(row: int, zh: str, en: str) -> tuple[str, str]:
    return (f"第{row}行：{zh}", f"Row {row}: {en}") if row else (zh, en)


def _units(by: User, found: Difference) -> dict[str, Unit]:
    """New units made, units that belong elsewhere moved; all units by name and code."""
    for name in found.new_units:
        made = Unit.objects.create(code=name, name=name)
        record(by, "unit.add", made, after={"name": name, "parent": found.new_units[name]})
    units: dict[str, Unit] = {}
    for unit in Unit.objects.all():
        units.setdefault(unit.name, unit)
        units[unit.code] = unit
    parents = {name: ("", parent) for name, parent in found.new_units.items() if parent} | found.moved_units
    for name, (before, parent) in parents.items():
        units[name].parent = units[parent]
        units[name].save()
        if name in found.moved_units:
            record(by, "unit.move", units[name], before={"parent": before}, after={"parent": parent})
    return units


def _apply(by: User, row: Row, units: dict[str, Unit], words: Words) -> None:
    person = row.person or Person(number=row.cells.number)
    _facts(person, row.cells)
    if row.kind in (NEW, MOVED):
        _post(person, row, units)
    if row.cells.left and row.kind in (NEW, LEFT):
        end_posts(person, row.cells.left)
    for key, text in row.cells.more.items():
        _hold(person, key, text, row.since, words)
    told = [{"what": one.what, "before": one.before, "after": one.after} for one in row.changes]
    money = any(words.is_money(key) for key in row.cells.more)
    after: dict[str, object] = {"kind": row.kind, "changes": told, "since": row.since.isoformat()}
    if row.kind == NEW:
        after |= {"number": person.number, "name": person.name, "more": dict(row.cells.more)}
    record(by, "person.import", person, after=after, about=person.number, money=money)


def _facts(person: Person, cells: Cells) -> None:
    """Whatever the row says; an empty cell says nothing."""
    for field, said in (("name", cells.name), ("email", cells.email), ("hired_on", cells.hired), ("left_on", cells.left)):
        if said:
            setattr(person, field, said)
    person.save()


def _post(person: Person, row: Row, units: dict[str, Unit]) -> None:
    """The post that the row says from its day on; one that began on that very day is put right."""
    held = person.postings.filter(since__lte=row.since).filter(Q(until__isnull=True) | Q(until__gte=row.since)).first()
    unit = units[row.cells.unit] if row.cells.unit else held.unit if held else None
    assert unit is not None, "a row without a unit was refused"
    role = row.cells.role or (held.role if held else "")
    if held is not None and held.since == row.since:
        held.unit, held.role = unit, role
        held.save()
        return
    if held is not None:
        held.until = row.since - timedelta(days=1)
        held.save()
    Posting.objects.create(person=person, unit=unit, role=role, since=row.since)


def _hold(person: Person, key: str, text: str, since: date, words: Words) -> None:
    """What holds of somebody from a day on."""
    held = next((one for one in _holding(person, since) if words.key(one.key) == key), None)
    if held is not None and held.text == text:
        return
    if held is not None and held.since == since:
        held.text = text
        held.save()
        return
    if held is not None:
        held.until = since - timedelta(days=1)
        held.save()
    following = next((one.since for one in person.attributes.filter(key=key, since__gt=since).order_by("since")), None)
    until = None if following is None else following - timedelta(days=1)
    Attribute.objects.create(person=person, key=key, text=text, since=since, until=until)


def _holding(person: Person, day: date) -> Iterator[Attribute]:
    yield from person.attributes.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gte=day))
