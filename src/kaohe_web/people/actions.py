"""Changing people and what is dated about them: each change by HR of the unit, each written down."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models, transaction
from django.db.models import Q

from kaohe_web.audit.actions import record
from kaohe_web.people.models import Attribute, Person, Posting, Right, Unit, User
from kaohe_web.people.standing import Standing, standing_of
from kaohe_web.site.refusals import Forbidden, Refused

Data = dict[str, object]


def may_touch(standing: Standing, person: Person) -> bool:
    """Whether somebody is HR's of the user: by any unit that she works or worked in; HR of the whole company reaches everybody."""
    units = standing.units(Right.HR)
    return units is None or person.postings.filter(unit_id__in=units).exists()


def _may(by: User, person: Person, *units: Unit) -> None:
    standing = standing_of(by)
    if not may_touch(standing, person) or not all(standing.covers(unit.id, Right.HR) for unit in units):
        raise Forbidden


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def told(row: models.Model) -> Data:
    """A row as the record keeps it."""
    if isinstance(row, Posting):
        return {"unit": row.unit.code, "role": row.role, "since": _day(row.since), "until": _day(row.until)}
    if isinstance(row, Attribute):
        return {"key": row.key, "text": row.text, "since": _day(row.since), "until": _day(row.until)}
    assert isinstance(row, Person)
    return {"number": row.number, "name": row.name, "email": row.email, "hired": _day(row.hired_on), "left": _day(row.left_on)}


# --- the person -----------------------------------------------------------------------------------


@transaction.atomic
def add_person(by: User, number: str, name: str, unit: Unit, role: str, since: date, hired_on: date | None = None) -> Person:
    """Somebody new with a first post."""
    if not standing_of(by).covers(unit.id, Right.HR):
        raise Forbidden
    number, name = number.strip(), name.strip()
    if not number or not name or not role.strip():
        raise Refused("工号、姓名、岗位都要写。", "Number, name and role are all needed.")
    if Person.objects.filter(number=number).exists():
        raise Refused(f"已有工号 {number}。", f"There is somebody with the number {number} already.")
    person = Person.objects.create(number=number, name=name, hired_on=hired_on or since)
    record(by, "person.add", person, after=told(person), about=number)
    _post(by, person, unit, role.strip(), since)
    return person


@transaction.atomic
def change_person(by: User, person: Person, name: str, email: str, hired_on: date | None, left_on: date | None) -> Person:
    """Name, address and days of somebody; leaving ends the posts."""
    _may(by, person)
    if not name.strip():
        raise Refused("姓名不能为空。", "The name may not be empty.")
    if hired_on and left_on and left_on < hired_on:
        raise Refused("离职日期早于入职日期。", "The day of leaving is before the day of joining.")
    before = told(person)
    person.name, person.email, person.hired_on, person.left_on = name.strip(), email.strip(), hired_on, left_on
    person.save()
    if left_on is not None:
        end_posts(person, left_on)
    record(by, "person.change", person, before=before, after=told(person), about=person.number)
    return person


def end_posts(person: Person, day: date) -> None:
    """End whatever post goes on after a day; posts that would only begin then fall away."""
    person.postings.filter(since__gt=day).delete()
    person.postings.filter(Q(until__isnull=True) | Q(until__gt=day)).update(until=day)


# --- posts ----------------------------------------------------------------------------------------


@transaction.atomic
def post(by: User, person: Person, unit: Unit, role: str, since: date) -> Posting:
    """A new post from a day on; the one held until then ends the day before."""
    _may(by, person, unit)
    if not role.strip():
        raise Refused("写明岗位。", "Say which role.")
    return _post(by, person, unit, role.strip(), since)


def _post(by: User, person: Person, unit: Unit, role: str, since: date) -> Posting:
    later = person.postings.filter(since__gte=since).order_by("since").first()
    if later is not None:
        raise Refused(
            f"{person.name}从{later.since}起已有任职，请先更正那一条。",
            f"{person.name} has a post from {later.since} on: correct that one first.",
        )
    earlier = person.postings.filter(since__lt=since).order_by("-since").first()
    if earlier is not None and (earlier.until is None or earlier.until >= since):
        before = told(earlier)
        earlier.until = since - timedelta(days=1)
        earlier.save()
        record(by, "posting.end", earlier, before=before, after=told(earlier), about=person.number)
    posting = Posting.objects.create(person=person, unit=unit, role=role, since=since)
    record(by, "posting.add", posting, after=told(posting), about=person.number)
    return posting


@transaction.atomic
def correct_posting(by: User, posting: Posting, unit: Unit, role: str, since: date, until: date | None, reason: str) -> Posting:
    """Put right what was entered wrongly, with a reason."""
    _may(by, posting.person, unit)
    _correctable(role, since, until, reason)
    others = posting.person.postings.exclude(pk=posting.pk).filter(Q(until__isnull=True) | Q(until__gte=since))
    if (others if until is None else others.filter(since__lte=until)).exists():
        raise Refused("与另一段任职重叠。", "It would overlap another post.")
    before = told(posting)
    posting.unit, posting.role, posting.since, posting.until = unit, role.strip(), since, until
    posting.save()
    record(by, "posting.correct", posting, before=before, after=told(posting), reason=reason, about=posting.person.number)
    return posting


def _correctable(text: str, since: date, until: date | None, reason: str) -> None:
    wrong = [
        *([] if text.strip() else [("内容不能为空。", "It may not be empty.")]),
        *([("结束早于开始。", "It ends before it begins.")] if until is not None and until < since else []),
        *([] if reason.strip() else [("更正要写明理由。", "Correcting takes a reason.")]),
    ]
    if wrong:
        first, *more = wrong
        raise Refused(*first, *more)


@transaction.atomic
def end_posting(by: User, posting: Posting, until: date) -> Posting:
    """End a post on a day."""
    _may(by, posting.person)
    if until < posting.since:
        raise Refused("结束早于开始。", "It ends before it begins.")
    before = told(posting)
    posting.until = until
    posting.save()
    record(by, "posting.end", posting, before=before, after=told(posting), about=posting.person.number)
    return posting


# --- attributes -----------------------------------------------------------------------------------


@transaction.atomic
def set_attribute(by: User, person: Person, key: str, text: str, since: date, money: bool = False) -> Attribute:
    """What holds of somebody from a day on; what held until then ends the day before."""
    _may(by, person)
    if not key.strip() or not text.strip():
        raise Refused("项目与内容都要写。", "Both what it is and what it says are needed.")
    later = person.attributes.filter(key=key, since__gte=since).first()
    if later is not None:
        raise Refused(f"从{later.since}起已有内容，请先更正那一条。", f"Something holds from {later.since} on: correct that first.")
    until = since - timedelta(days=1)
    person.attributes.filter(key=key).filter(Q(until__isnull=True) | Q(until__gte=since)).update(until=until)
    made = Attribute.objects.create(person=person, key=key.strip(), text=text.strip(), since=since)
    record(by, "attribute.add", made, after=told(made), about=person.number, money=money)
    return made


@transaction.atomic
def correct_attribute(by: User, one: Attribute, text: str, since: date, until: date | None, reason: str, money: bool = False) -> Attribute:
    """Put right what was entered wrongly, with a reason."""
    _may(by, one.person)
    _correctable(text, since, until, reason)
    others = one.person.attributes.filter(key=one.key).exclude(pk=one.pk).filter(Q(until__isnull=True) | Q(until__gte=since))
    if (others if until is None else others.filter(since__lte=until)).exists():
        raise Refused("与另一段内容重叠。", "It would overlap what is there.")
    before = told(one)
    one.text, one.since, one.until = text.strip(), since, until
    one.save()
    record(by, "attribute.correct", one, before=before, after=told(one), reason=reason, about=one.person.number, money=money)
    return one


@transaction.atomic
def end_attribute(by: User, one: Attribute, until: date, money: bool = False) -> Attribute:
    """End what holds of somebody on a day."""
    _may(by, one.person)
    if until < one.since:
        raise Refused("结束早于开始。", "It ends before it begins.")
    before = told(one)
    one.until = until
    one.save()
    record(by, "attribute.end", one, before=before, after=told(one), about=one.person.number, money=money)
    return one
