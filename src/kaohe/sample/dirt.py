"""The dirt of real exports, planted on purpose and counted: what kinds there are, and which rows have it.

A row carries one kind at most, so every count is exact. What is done to the cells of such a row is
told in `cells`; what a clean-up has to do about it is the `effect` of its kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from kaohe.sample.calendar import DAY, HOUR, NEVER, Calendar
from kaohe.sample.conversations import Conversations
from kaohe.sample.drawing import Draws, Flags, Ints
from kaohe.sample.followups import Complaints, Orders, Surveys

Effect = Literal["set_aside", "kept"]
FEWEST = 3
DAY_FIRST_DAY, ZONE_DAY = 5, 14  # of the month
ZONE_HOURS = 8


@dataclass(frozen=True)
class Kind:
    """One kind of dirt: how many of 100,000 rows of which table have it, and what a clean-up does."""

    name: str
    table: str
    share: int
    effect: Effect
    sentence: str


KINDS = (
    Kind("reexported_row", "conversations", 60, "set_aside", "the row is in a second export of the same month as well: one is kept"),
    Kind("day_first_date", "conversations", 60, "set_aside", "05/02/2026: which is the month cannot be known"),
    Kind("shifted_zone", "conversations", 40, "kept", "all three times are 8 hours early (UTC), the month stays right"),
    Kind("open_overnight", "conversations", 20, "kept", "closed the next day, 12 hours or more after it began"),
    Kind("negative_duration", "conversations", 25, "set_aside", "ended before it began"),
    Kind("duplicate_row", "conversations", 60, "set_aside", "the same row stands twice in one file: one is kept"),
    Kind("missing_agent", "conversations", 40, "set_aside", "no account"),
    Kind("agent_question_mark", "conversations", 10, "set_aside", "? where the account belongs"),
    Kind("agent_dash", "conversations", 10, "set_aside", "- where the account belongs"),
    Kind("system_account", "conversations", 50, "set_aside", "the account is 系统, which is nobody's"),
    Kind("impossible_date", "conversations", 10, "set_aside", "began on a day that does not exist, like 2026-02-30"),
    Kind("dash_date", "conversations", 10, "set_aside", "- where the beginning belongs"),
    Kind("slash_date", "conversations", 50, "kept", "2026/1/5 9:03, to the minute; year first, so it can be read"),
    Kind("first_reply_dash", "conversations", 15, "kept", "- where the first reply belongs: missing, like an empty cell"),
    Kind("resolved_question_mark", "conversations", 15, "kept", "? where 是 or 否 belongs: not known whether resolved"),
    Kind("duplicate_order", "orders", 100, "set_aside", "the same order stands twice in one file: one is kept"),
    Kind("amount_dash", "orders", 50, "kept", "- where the amount belongs: the order counts, its amount is missing"),
    Kind("amount_thousands", "orders", 150, "kept", '"1,280.00": a separator of thousands'),
    Kind("amount_full_width", "orders", 100, "kept", "１２８．００: full-width digits"),
    Kind("score_question_mark", "surveys", 30, "kept", "? where the score belongs: not answered"),
    Kind("undecided_complaint", "complaints", 2000, "kept", "- where 是 or 否 belongs: not decided, not upheld"),
    Kind("second_complaint", "complaints", 2000, "kept", "the same conversation is complained about twice"),
)

NAMES = tuple(kind.name for kind in KINDS)
CLEAN = -1


@dataclass(frozen=True)
class Marks:
    """For each row of a table the position of its kind of dirt in `KINDS`, or `CLEAN`."""

    codes: Ints

    def has(self, name: str) -> Flags:
        """Which rows have that kind."""
        return np.asarray(self.codes == NAMES.index(name), dtype=np.bool_)

    def rows(self, name: str) -> Ints:
        """The places of the rows that have that kind."""
        return np.flatnonzero(self.has(name)).astype(np.int64)

    def count(self, name: str) -> int:
        """How many rows have that kind."""
        return int(self.has(name).sum())


def is_repeat(kind: Kind) -> bool:
    """Whether the kind sets aside a repetition only, so that the row itself stays."""
    return kind.name in ("reexported_row", "duplicate_row", "duplicate_order")


def kept_rows(marks: Marks) -> Flags:
    """Which rows a clean-up keeps once."""
    lost = [code for code, kind in enumerate(KINDS) if kind.effect == "set_aside" and not is_repeat(kind)]
    return ~np.isin(marks.codes, lost)


def mark_conversations(seed: int, calendar: Calendar, talks: Conversations) -> Marks:
    """Chooses the conversations that get dirty: three runs of neighbours first, the rest scattered."""
    draws = Draws(seed, "dirt")
    marks = _clean(len(talks))
    for name, start in _runs(calendar, talks).items():
        marks.codes[start : start + _wanted(name, len(talks))] = NAMES.index(name)
    hour = talks.started % DAY // HOUR
    answered = talks.handled & (talks.replied != NEVER)
    _scatter(draws, marks, "open_overnight", answered & (hour >= 10) & (hour < 20))
    for kind in KINDS:
        if kind.table == "conversations" and not marks.has(kind.name).any():
            _scatter(draws, marks, kind.name, answered)
    return marks


def soil_conversations(seed: int, talks: Conversations, marks: Marks) -> None:
    """Changes the instants of the rows whose dirt is a wrong instant rather than a wrong text."""
    draws = Draws(seed, "soil")
    shifted, minutes = marks.has("shifted_zone"), marks.has("slash_date")
    for column in (talks.started, talks.replied, talks.ended):
        there = column != NEVER
        column[shifted & there] -= ZONE_HOURS * HOUR
        column[minutes & there] -= column[minutes & there] % 60
    backward, overnight = marks.rows("negative_duration"), marks.rows("open_overnight")
    talks.ended[backward] = talks.started[backward] - draws.between(60, HOUR, len(backward))
    next_day = (talks.started[overnight] // DAY + 1) * DAY
    talks.ended[overnight] = next_day + 8 * HOUR + draws.below(HOUR, len(overnight))


def mark_orders(seed: int, orders: Orders) -> Marks:
    """Chooses the orders that get dirty."""
    draws, marks = Draws(seed, "dirt orders"), _clean(len(orders.ordered))
    everything = np.ones(len(orders.ordered), dtype=np.bool_)
    _scatter(draws, marks, "amount_thousands", np.asarray(orders.fen >= 100_000, dtype=np.bool_))
    for name in ("duplicate_order", "amount_dash", "amount_full_width"):
        _scatter(draws, marks, name, everything)
    return marks


def mark_surveys(seed: int, surveys: Surveys) -> Marks:
    """Chooses the answered surveys whose score got lost."""
    marks = _clean(len(surveys.sent))
    _scatter(Draws(seed, "dirt surveys"), marks, "score_question_mark", np.asarray(surveys.score > 0, dtype=np.bool_))
    return marks


def mark_complaints(seed: int, complaints: Complaints) -> Marks:
    """Chooses the complaints not decided yet, and those that came a second time."""
    draws, marks = Draws(seed, "dirt complaints"), _clean(len(complaints.received))
    everything = np.ones(len(complaints.received), dtype=np.bool_)
    for name in ("undecided_complaint", "second_complaint"):
        _scatter(draws, marks, name, everything)
    return marks


def repeat_complaints(complaints: Complaints, marks: Marks) -> tuple[Complaints, Marks]:
    """The complaints with the second ones among them, by the time received."""
    twice = marks.rows("second_complaint")
    received = np.concatenate([complaints.received, complaints.received[twice] + 2 * HOUR])
    places = np.concatenate([np.arange(len(marks.codes)), twice])
    order = np.argsort(received, kind="stable")
    rows, again = places[order], order >= len(marks.codes)
    more = Complaints(complaints.conversation[rows], received[order], complaints.upheld[rows], complaints.severe[rows], again)
    return more, Marks(np.where(again, CLEAN, marks.codes[rows]))


def _clean(size: int) -> Marks:
    return Marks(np.full(size, CLEAN, dtype=np.int64))


def _wanted(name: str, size: int) -> int:
    share = KINDS[NAMES.index(name)].share
    return max(FEWEST, size * share // 100_000)


def _scatter(draws: Draws, marks: Marks, name: str, allowed: Flags) -> None:
    free = allowed & (marks.codes == CLEAN)
    marks.codes[draws.pick(free, _wanted(name, len(marks.codes)))] = NAMES.index(name)


def _runs(calendar: Calendar, talks: Conversations) -> dict[str, int]:
    """Where each run of neighbouring rows begins."""
    first, second, last = calendar.months[0], calendar.months[1 % len(calendar.months)], calendar.months[-1]
    day_first = (second.start + DAY_FIRST_DAY - 1) * DAY + 9 * HOUR
    zone = (last.start + ZONE_DAY - 1) * DAY + 10 * HOUR
    end = int(np.searchsorted(talks.started, first.end * DAY))
    return {
        "day_first_date": int(np.searchsorted(talks.started, day_first)),
        "shifted_zone": int(np.searchsorted(talks.started, zone)),
        "reexported_row": end - _wanted("reexported_row", len(talks)),
    }
