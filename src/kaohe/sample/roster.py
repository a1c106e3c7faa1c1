"""Who worked when: rest days, shifts, absences, and each agent's abilities.

The roster is what conversations, attendance records and ratings agree on: nobody chats on a day
on which the attendance sheet says absent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kaohe.sample.calendar import Calendar
from kaohe.sample.drawing import Draws, Flags, Ints
from kaohe.sample.staff import NIGHT_TEAM, Company

SLOTS = 48  # half hours of a day

_ABSENT, _HALF_ABSENT, _LATE = 60, 25, 130  # of 10,000 days at work

# How much of the work a shift takes in each half hour: 08-17, 13-22, and 16-24 with stand-by at night.
_SHIFTS = np.array(
    [
        [0] * 16 + [10] * 18 + [0] * 14,
        [0] * 26 + [10] * 18 + [0] * 4,
        [3] * 16 + [0] * 16 + [12] * 16,
    ],
    dtype=np.int64,
)


@dataclass(frozen=True)
class Skills:
    """What each agent is able to do, by position."""

    slowness: Ints  # of replies, in thousandths of the usual
    pace: Ints  # of taking the next customer
    resolving: Ints  # of 10,000 conversations
    selling: Ints  # of 10,000 conversations before a sale
    warmth: Ints  # in points of 100


@dataclass(frozen=True)
class Roster:
    """Days down, agents across: planned to work, absent in half days (0, 1, 2), minutes late."""

    planned: Flags
    half_days_absent: Ints
    late_minutes: Ints

    @property
    def working(self) -> Flags:
        """Who was there, for half a day at least."""
        return np.asarray(self.planned & (self.half_days_absent < 2), dtype=np.bool_)


def draw_skills(seed: int, agents: int) -> Skills:
    """Abilities that differ from agent to agent; the quick are not always the kind."""
    draws = Draws(seed, "skills")
    return Skills(
        slowness=650 + draws.spread(agents).clip(0, 2400) * 2 // 5,
        pace=draws.between(8, 12, agents),
        resolving=draws.between(7400, 9500, agents),
        selling=draws.between(1400, 3200, agents),
        warmth=draws.between(55, 95, agents),
    )


def draw_roster(seed: int, calendar: Calendar, company: Company) -> Roster:
    """Rest days by rotation, absences and late arrivals by chance, the cast's leave and gaps by plan."""
    draws = Draws(seed, "roster")
    planned = company.employed(calendar) & ~_rest_days(calendar, company)
    shape, size = planned.shape, planned.size
    half = np.where(draws.chance(_ABSENT, size), 2, draws.chance(_HALF_ABSENT, size).astype(np.int64)).reshape(shape)
    leave = company.cast.leave
    half[leave.start : leave.end, company.cast.on_leave] = 2
    late = np.where(draws.chance(_LATE, size), 1 + draws.spread(size) // 120, 0).reshape(shape)
    there = planned & (half < 2)
    return Roster(planned, np.where(planned, half, 0), np.where(there, late, 0))


def duty_weights(calendar: Calendar, company: Company, roster: Roster, skills: Skills) -> Ints:
    """How likely each agent takes a conversation: (day, half hour, agent).

    Where a shift is empty, whoever works that day steps in.
    """
    days, agents = np.arange(calendar.days)[:, None], np.arange(len(company.agents))
    shifts = np.where(company.teams == NIGHT_TEAM, NIGHT_TEAM, (days // 7 + agents) % 2)
    there = roster.working[:, None, :]
    weights = _SHIFTS[shifts].transpose(0, 2, 1) * skills.pace * there
    empty = weights.sum(axis=2, keepdims=True) == 0
    return np.where(empty, there.astype(np.int64), weights)


def _rest_days(calendar: Calendar, company: Company) -> Flags:
    """Two days a week each; and the day before a new account name, so that no chat straddles it."""
    days, agents = np.arange(calendar.days)[:, None], np.arange(len(company.agents))
    rest = np.asarray((days + 2 * agents) % 7 < 2, dtype=np.bool_)
    rest[calendar.day_of(company.cast.renamed_on) - 1, company.cast.renamed] = True
    return rest
