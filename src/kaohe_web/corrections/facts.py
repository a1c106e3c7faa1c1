"""The frozen facts behind somebody's result, as a form shows them; and what somebody asks to have changed of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from kaohe_web.corrections.changes import Change, Kind, changes_of
from kaohe_web.engine.facts import NUMBER, Row, Rows
from kaohe_web.engine.schemes import Field, people_fields, rated_items, record_kinds, value_fields
from kaohe_web.results.models import Run
from kaohe_web.site.refusals import Refused

OUT = "-"  # what stands in a form for a rating taken out


@dataclass(frozen=True)
class Figure:
    """A value, or an attribute of a person, with its name and present text."""

    subject: str
    field: Field
    text: str

    @property
    def input(self) -> str:
        """The name of its field in a form."""
        return f"{self.subject}|{self.field.key}"


@dataclass(frozen=True)
class Event:
    """A dated record in words."""

    number: int
    name: object
    day: str
    words: tuple[tuple[object, object], ...]


@dataclass(frozen=True)
class Given:
    """A rating: of which item, as what, how high; never by whom."""

    number: int
    item: str
    name: object
    relation: object
    score: str
    allowed: tuple[str, ...]


@dataclass
class Facts:
    """What a result rests on."""

    values: list[Figure] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    ratings: list[Given] = field(default_factory=list)
    person: list[Figure] = field(default_factory=list)

    def event(self, number: int) -> Event | None:
        """One record."""
        return next((one for one in self.events if one.number == number), None)

    def rating(self, number: int) -> Given | None:
        """One rating."""
        return next((one for one in self.ratings if one.number == number), None)


@dataclass(frozen=True)
class Basis:
    """Which rows an item's score rests on, as its explanation says."""

    values: frozenset[tuple[int, str]] = frozenset()
    events: frozenset[int] = frozenset()
    items: frozenset[str] = frozenset()


def basis_of(line: Mapping[str, Any]) -> Basis:
    """The rows beneath a line of an explanation."""
    values, events, items = set(), set(), set()
    for one in _walk(line):
        place = one.get("place") or {}
        if place.get("sheet") == "values":
            values.add((int(place["row"]), str(place.get("column", ""))))
        for found in one.get("records", []):
            if found.get("sheet") == "ratings":
                items.add(str(found.get("item", "")))
            elif found.get("number") is not None:
                events.add(int(found["number"]))
    return Basis(frozenset(values), frozenset(events), frozenset(items))


def _walk(line: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    yield line
    for child in line.get("children", []):
        yield from _walk(child)


def facts_of(run: Run, subject: str) -> Facts:
    """All frozen facts of a person or a unit."""
    rows = Rows.read(run.facts)
    tables = {kind: list(table) for kind, table in rows.tables.items()}
    person = next((row for row in tables.get("people", []) if row["id"] == subject), None)
    return Facts(
        _values(run, tables.get("values", []), subject, person is not None),
        _events(run, [row for row in tables.get("events", []) if row["subject"] == subject]),
        _ratings(run, [row for row in tables.get("ratings", []) if row["subject"] == subject]),
        [Figure(subject, one, str((person or {}).get(one.key, ""))) for one in people_fields(run.plan)] if person else [],
    )


def basis_facts(run: Run, subject: str, basis: Basis) -> Facts:
    """The frozen facts that an item rests on; figures of units among them."""
    rows, mine = Rows.read(run.facts), facts_of(run, subject)
    fields = {one.key: one for one in value_fields(run.plan)}
    values = [
        Figure(str(row["subject"]), fields[key], str(row.get(key, "")))
        for row in rows.tables.get("values", [])
        for key in fields
        if (int(str(row[NUMBER])), key) in basis.values
    ]
    return Facts(
        values,
        [one for one in mine.events if one.number in basis.events],
        [one for one in mine.ratings if one.item in basis.items],
    )


def _values(run: Run, table: Iterable[Row], subject: str, is_person: bool) -> list[Figure]:
    row = next((row for row in table if row["subject"] == subject), {})
    return [
        Figure(subject, one, str(row.get(one.key, ""))) for one in value_fields(run.plan) if one.key in row or (is_person and not one.of)
    ]


def _events(run: Run, table: Iterable[Row]) -> list[Event]:
    kinds = {kind.key: kind for kind in record_kinds(run.plan)}
    found = []
    for row in table:
        kind = kinds[str(row["type"])]
        words = tuple((one.name, _word(one, str(row[one.key]))) for one in kind.fields if one.key in row)
        found.append(Event(int(str(row[NUMBER])), kind.name, str(row.get("at", "")), words))
    return found


def _word(one: Field, text: str) -> object:
    return dict(one.words).get(text, text)


def _ratings(run: Run, table: Iterable[Row]) -> list[Given]:
    """Ratings in an order that says nothing of who gave them."""
    items = {item.key: item for item in rated_items(run.plan)}
    found = []
    for row in table:
        item = items[str(row["item"])]
        relation = str(row.get("relation", ""))
        name = dict(item.relations).get(relation, relation)
        found.append(Given(int(str(row[NUMBER])), item.key, item.name, name, str(row["score"]), item.allowed))
    return sorted(found, key=lambda one: (one.item, str(one.relation), one.score))


# --- what a form asks -----------------------------------------------------------------------------


def asked(form: QueryDict, facts: Facts) -> list[Change]:
    """What a form asks to have changed: only what differs from what stands."""
    wanted = [_asked_figure(form, one, "value", Kind.VALUE) for one in facts.values]
    wanted += [_asked_figure(form, one, "person", Kind.PERSON) for one in facts.person]
    out = {text for text in form.getlist("withdraw") if text.isdecimal()}
    wanted += [Change(Kind.WITHDRAW, number=one.number) for one in facts.events if str(one.number) in out]
    wanted += [_asked_rating(form, one) for one in facts.ratings]
    return [one for one in wanted if one is not None]


def _asked_figure(form: QueryDict, one: Figure, prefix: str, kind: Kind) -> Change | None:
    text = form.get(f"{prefix}|{one.input}")
    if text is None or text.strip() == one.text:
        return None
    return Change(kind, subject=one.subject, key=one.field.key, text=text.strip())


def _asked_rating(form: QueryDict, one: Given) -> Change | None:
    text = form.get(f"rating|{one.number}", "").strip()
    if not text or text == one.score:
        return None
    return Change(Kind.RATING, number=one.number, text="" if text == OUT else text)


def changes_in(text: str) -> list[Change]:
    """Changes that a page carries along in a hidden field; refused where they are none."""
    try:
        return changes_of(json.loads(text or "[]"))
    except (ValueError, TypeError, AttributeError, KeyError) as wrong:
        raise Refused("表单内容不完整，请重新填写。", "The form is not whole; fill it in again.") from wrong


def carried(changes: Iterable[Change]) -> str:
    """Changes as a hidden field carries them."""
    return json.dumps([one.as_data() for one in changes], ensure_ascii=False)
