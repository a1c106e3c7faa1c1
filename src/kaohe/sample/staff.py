"""Who works in the company, since when, in which team, for what pay, and under which account.

A few people have a story that every appraisal meets sooner or later (the `Cast`): one leaves and
one joins in mid-month, one is on leave a whole month, one gets a new sub-account, two share a name.
What they do all day is not told here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from kaohe.sample.calendar import Calendar, Month
from kaohe.sample.drawing import Draws, Flags, Ints
from kaohe.sample.names import draw_names, name_account

TEAMS = ("售前组", "售后组", "晚班组")
NIGHT_TEAM = 2
DEPARTMENT = "客服部"
FEWEST_AGENTS = 12

_TEAM_ENDS = (40, 75, 100)  # percent of the agents, added up
_LAST_DAY, _FIRST_DAY, _NEW_NAME_DAY = 12, 16, 10  # of the month


@dataclass(frozen=True)
class Person:
    """One employee. `left_on` is the last day at work; whose pay is not kept here has none."""

    id: str
    name: str
    role: str
    team: str
    hired_on: date
    left_on: date | None = None
    base_pay: int | None = None
    performance_pay: int | None = None


@dataclass(frozen=True)
class Account:
    """A sub-account and who used it: from a day on, up to but without another; None is open."""

    name: str
    person: str
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Cast:
    """The agents with a story, by position, and the days their stories turn on."""

    renamed: int
    same_name: tuple[int, int]
    left: int
    joined: int
    on_leave: int
    leave: Month
    renamed_on: date
    left_on: date
    joined_on: date


@dataclass(frozen=True)
class Company:
    """Everybody, and the accounts. `teams` says the team of each agent by position."""

    agents: tuple[Person, ...]
    staff: tuple[Person, ...]
    accounts: tuple[Account, ...]
    teams: Ints
    cast: Cast

    @property
    def people(self) -> tuple[Person, ...]:
        """Agents first, then leads, inspectors and the manager."""
        return self.agents + self.staff

    def account_names(self) -> list[str]:
        """The account each agent uses, by position; at the end the one that the renamed agent got."""
        of_person = {account.person: account.name for account in reversed(self.accounts)}
        return [of_person[agent.id] for agent in self.agents] + [self.accounts[1].name]

    def employed(self, calendar: Calendar) -> Flags:
        """Whether each agent (column) was employed on each day (row)."""
        days = np.arange(calendar.days)[:, None]
        hired = np.array([calendar.day_of(agent.hired_on) for agent in self.agents])
        left = np.array([calendar.day_of(agent.left_on) if agent.left_on else calendar.days for agent in self.agents])
        return np.asarray((days >= hired) & (days <= left), dtype=np.bool_)


def make_company(seed: int, calendar: Calendar, agents: int) -> Company:
    """The company of a seed, with so many agents."""
    if agents < FEWEST_AGENTS:
        raise ValueError(f"a sample has {FEWEST_AGENTS} agents or more, not {agents}")
    draws = Draws(seed, "company")
    teams = np.searchsorted(_TEAM_ENDS, np.arange(agents) * 100 // agents, side="right").astype(np.int64)
    cast = _cast(calendar, agents)
    names = draw_names(draws, agents + 6)
    names[cast.same_name[1]] = names[cast.same_name[0]]
    people = _agents(draws, calendar, cast, names[:agents], teams)
    return Company(people, _staff(calendar, names[agents:]), _accounts(cast, people), teams, cast)


def employed_in(person: Person, calendar: Calendar, month: Month) -> bool:
    """Whether the person was employed on at least one day of the month."""
    left = calendar.days if person.left_on is None else calendar.day_of(person.left_on)
    return calendar.day_of(person.hired_on) < month.end and left >= month.start


def _cast(calendar: Calendar, agents: int) -> Cast:
    middle = calendar.months[(len(calendar.months) - 1) // 2]
    last = calendar.months[-1]
    return Cast(
        renamed=0,
        same_name=(2, agents - 1),
        left=5,
        joined=6,
        on_leave=8,
        leave=middle,
        renamed_on=_day_in(calendar, middle, _NEW_NAME_DAY),
        left_on=_day_in(calendar, last, _LAST_DAY),
        joined_on=_day_in(calendar, last, _FIRST_DAY),
    )


def _day_in(calendar: Calendar, month: Month, day: int) -> date:
    return calendar.date_of(month.start + day - 1)


def _agents(draws: Draws, calendar: Calendar, cast: Cast, names: list[str], teams: Ints) -> tuple[Person, ...]:
    hired = _hire_dates(draws, calendar, len(names))
    hired[cast.joined] = cast.joined_on
    grades = draws.choose((35, 40, 25), len(names))
    return tuple(
        Person(
            id=f"e{number + 1:03d}",
            name=name,
            role="agent",
            team=TEAMS[teams[number]],
            hired_on=hired[number],
            left_on=cast.left_on if number == cast.left else None,
            base_pay=3600 + 400 * int(grades[number]),
            performance_pay=1200 + 300 * int(grades[number]),
        )
        for number, name in enumerate(names)
    )


def _hire_dates(draws: Draws, calendar: Calendar, count: int) -> list[date]:
    years = draws.choose((30, 30, 20, 12, 8), count)  # most stay a year or two
    days = draws.between(20, 364, count)
    return [calendar.first - timedelta(days=int(year) * 365 + int(day)) for year, day in zip(years, days, strict=True)]


def _staff(calendar: Calendar, names: list[str]) -> tuple[Person, ...]:
    """Three leads with pay; two inspectors and a manager whose pay this file does not show."""
    since = [calendar.first - timedelta(days=700 + 137 * number) for number in range(6)]
    leads = [Person(f"t{number + 1}", names[number], "lead", team, since[number], None, 5600, 2400) for number, team in enumerate(TEAMS)]
    inspectors = [Person(f"q{number - 2}", names[number], "inspector", "质检组", since[number]) for number in (3, 4)]
    return (*leads, *inspectors, Person("m1", names[5], "manager", "", since[5]))


def _accounts(cast: Cast, agents: tuple[Person, ...]) -> tuple[Account, ...]:
    """One account each: the renamed agent has two, the one who joined took over the leaver's."""
    names = [name_account(number) for number in range(len(agents))]
    names[cast.joined] = names[cast.left]
    plain = [Account(name, agent.id) for name, agent in zip(names, agents, strict=True)]
    plain[cast.left] = Account(names[cast.left], agents[cast.left].id, None, cast.left_on + timedelta(days=2))
    plain[cast.joined] = Account(names[cast.joined], agents[cast.joined].id, cast.joined_on)
    old = Account(names[cast.renamed], agents[cast.renamed].id, None, cast.renamed_on)
    new = Account(name_account(len(agents)), agents[cast.renamed].id, cast.renamed_on)
    return (old, new, *plain[1:])
