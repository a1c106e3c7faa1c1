"""Which ids the newer version calls otherwise: what went and what came with the same content, or under the same name."""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.comparing.canon import Renamed, shared_ids
from kaohe.comparing.entries import Entry, Part
from kaohe.comparing.parts import parts_of
from kaohe.comparing.side import Side
from kaohe.comparing.versions import Version

MOST_ROUNDS = 6
# Parts whose entries may bear another id. A form's parts go with the form, an accepted oddity is known by its key alone.
HOMES = (
    "roles",
    "states",
    "items",
    "forms",
    "sections",
    "grades",
    "columns",
    "pay",
    "actions",
    "warnings",
    "figures",
    "values",
    "events",
    "people",
    "history",
    "words",
    "groups",
    "units",
    "windows",
    "must",
    "config",
)


def under_new_names(old: Version, there: dict[str, Part]) -> dict[str, Part]:
    """The parts of the older version, each id under the name that the newer one gives it.

    What rests on something renamed is looked at again under its new name, until nothing more is found.
    """
    shared, found = shared_ids(old.scheme), dict[str, dict[str, str]]()
    here = parts_of(Side(old))
    for _ in range(MOST_ROUNDS):
        more = {home: dict(_pairs(here[home], there[home])) for home in HOMES if home in here and home in there}
        if not any(more.values()):
            break
        found = {home: {**found.get(home, {}), **more.get(home, {})} for home in (*found, *more)}
        here = parts_of(Side(old, Renamed(found, shared)))
    return here


def _pairs(old: Part, new: Part) -> Iterator[tuple[str, str]]:
    """What went and what came, paired by content; what is left by name, where only one bears it."""
    gone = [entry for id, entry in old.entries.items() if id not in new.entries]
    come = [entry for id, entry in new.entries.items() if id not in old.entries]
    for entry in list(gone):
        same = next((other for other in come if _content(entry) == _content(other)), None)
        if same is not None:
            gone.remove(entry)
            come.remove(same)
            yield entry.own_id, same.id
    for entry in gone:
        namesakes = [other for other in come if (other.name.zh, other.name.en) == (entry.name.zh, entry.name.en)]
        if len(namesakes) == 1 and sum(other.name == entry.name for other in gone) == 1:
            yield entry.own_id, namesakes[0].id


def _content(entry: Entry) -> tuple[object, ...]:
    """What an entry says, its id left out: a formula of its own may name it."""
    return tuple((key, _without(value, entry.id)) for key, value in entry.content)


def _without(value: object, id: str) -> object:
    if isinstance(value, tuple):
        return tuple(_without(part, id) for part in value)
    return "this" if value == id else value
