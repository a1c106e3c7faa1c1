"""The months' folders: what people enter by hand for a month — ratings, conduct records, who was there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from kaohe.sample.calendar import Month
from kaohe.sample.drawing import Draws, Flags, Ints
from kaohe.sample.staff import DEPARTMENT, Person, employed_in
from kaohe.sample.world import World
from kaohe.sample.writing import write_rows, write_text

PEOPLE_HEADER = ("id", "name", "role", "team", "department", "hired_on", "left_on", "base_pay", "performance_pay")
RATINGS_HEADER = ("item", "subject", "rater", "relation", "score")
EVENTS_HEADER = ("type", "subject", "at", "count", "minutes", "days", "points", "level")
ACCOUNTS_HEADER = ("agent_account", "person", "from", "to")

_PRAISED, _VIOLATED = 35, 25  # of 10,000 days at work
_PRAISES, _PRAISE_WEIGHTS = ("oral", "letter", "banner"), (70, 22, 8)
_VIOLATION_WEIGHTS = (50, 25, 15, 6, 4)  # of 1 to 5 points
_PEERS = 2

Row = tuple[str, ...]


def write_people(path: Path, people: Iterable[Person]) -> int:
    """People, one a row; empty cells where there is nothing to say."""
    return write_rows(path, PEOPLE_HEADER, (_person_row(person) for person in people))


def write_accounts(path: Path, world: World) -> int:
    """Who used which account, from a day up to but without another; empty is open."""
    rows = ((account.name, account.person, _text(account.start), _text(account.end)) for account in world.company.accounts)
    return write_rows(path, ACCOUNTS_HEADER, rows)


def write_months(folder: Path, world: World) -> dict[str, int]:
    """The folders of all months; answers how many rows each table has."""
    rows: dict[str, int] = {}
    for place, month in enumerate(world.calendar.months):
        inside = folder / "months" / month.name
        rows[f"months/{month.name}/people.csv"] = write_people(inside / "people.csv", _people_in(world, month))
        rows[f"months/{month.name}/ratings.csv"] = write_rows(inside / "ratings.csv", RATINGS_HEADER, _ratings(world, place))
        rows[f"months/{month.name}/events.csv"] = write_rows(inside / "events.csv", EVENTS_HEADER, _events(world, place))
        write_text(inside / "facts.yaml", _facts(world, month))
    return rows


def _facts(world: World, month: Month) -> str:
    first, last = world.calendar.date_of(month.start), world.calendar.date_of(month.end - 1)
    return f"period: {{start: {first}, end: {last}}}\n"


def _people_in(world: World, month: Month) -> list[Person]:
    return [person for person in world.company.people if employed_in(person, world.calendar, month)]


def _person_row(person: Person) -> Row:
    pay = (_text(person.base_pay), _text(person.performance_pay))
    return (person.id, person.name, person.role, person.team, DEPARTMENT, _text(person.hired_on), _text(person.left_on), *pay)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _ratings(world: World, place: int) -> Iterator[Row]:
    """Attitude by lead, two peers and an inspector; teamwork by lead and peers; of those who worked that month."""
    month = world.calendar.months[place]
    draws = Draws(world.seed, f"ratings {month.name}")
    worked = np.asarray(world.roster.working[month.start : month.end].any(axis=0), dtype=np.bool_)
    for number in np.flatnonzero(worked).tolist():
        peers = _peers(world, worked, number, draws)
        for item, raters in (("attitude", [*peers, ("inspector", f"q{1 + number % 2}")]), ("teamwork", peers)):
            lead = ("lead", f"t{int(world.company.teams[number]) + 1}")
            yield from _rated(world, draws, item, number, [lead, *raters])


def _rated(world: World, draws: Draws, item: str, number: int, raters: list[tuple[str, str]]) -> Iterator[Row]:
    subject = world.company.agents[number].id
    noise = draws.between(-9, 9, len(raters)).tolist()
    base = int(world.skills.warmth[number]) + (4 if item == "teamwork" else 0)
    for (relation, rater), shift in zip(raters, noise, strict=True):
        yield item, subject, rater, relation, str(min(100, max(0, base + shift)))


def _peers(world: World, worked: Flags, number: int, draws: Draws) -> list[tuple[str, str]]:
    teams = world.company.teams
    others = np.flatnonzero((teams == teams[number]) & worked & (np.arange(len(teams)) != number))
    chosen = np.sort(others[draws.order(len(others))[:_PEERS]])
    return [("peer", world.company.agents[peer].id) for peer in chosen.tolist()]


def _events(world: World, place: int) -> list[Row]:
    """What the attendance sheet and the conduct book say, by date and person."""
    month = world.calendar.months[place]
    days = slice(month.start, month.end)
    absences = _found(world, month, world.roster.half_days_absent[days])
    lates = _found(world, month, world.roster.late_minutes[days])
    rows = [
        *(("absence", subject, at, "1", "", "1" if halves == 2 else "0.5", "", "") for subject, at, halves in absences),
        *(("late", subject, at, "1", str(minutes), "", "", "") for subject, at, minutes in lates),
        *_conduct(world, month),
    ]
    return sorted(rows, key=lambda row: (row[2], row[1], row[0]))


def _conduct(world: World, month: Month) -> Iterator[Row]:
    """Praise and violations by chance, of those who were there."""
    draws = Draws(world.seed, f"conduct {month.name}")
    there = world.roster.working[month.start : month.end]
    levels = 1 + draws.choose(_PRAISE_WEIGHTS, there.size).reshape(there.shape)
    points = 1 + draws.choose(_VIOLATION_WEIGHTS, there.size).reshape(there.shape)
    praised = there & draws.chance(_PRAISED, there.size).reshape(there.shape)
    violated = there & draws.chance(_VIOLATED, there.size).reshape(there.shape)
    for subject, at, level in _found(world, month, levels * praised):
        yield "praise", subject, at, "1", "", "", "", _PRAISES[level - 1]
    for subject, at, point in _found(world, month, points * violated):
        yield "violation", subject, at, "1", "", "", str(point), ""


def _found(world: World, month: Month, grid: Ints) -> Iterator[tuple[str, str, int]]:
    """Subject, date and value of every cell of a month's grid that is not 0."""
    for day, number in np.argwhere(grid).tolist():
        yield world.company.agents[number].id, str(world.calendar.date_of(month.start + day)), int(grid[day, number])
