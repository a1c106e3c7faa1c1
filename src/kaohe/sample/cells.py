"""From numbers to the text of cells, the soiled cells among them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kaohe.sample.calendar import DAY, NEVER, Calendar
from kaohe.sample.conversations import CHANNELS, TOPICS
from kaohe.sample.dirt import Marks
from kaohe.sample.drawing import Cells, Flags, Ints
from kaohe.sample.followups import SILENT
from kaohe.sample.names import SYSTEM_ACCOUNT
from kaohe.sample.world import World

Table = dict[str, Cells]

_LATEST_DAYS = 62  # how long after the sample something may still happen
_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
_TIMES = ("started_at", "first_reply_at", "ended_at")


class Clock:
    """Tells instants as 2026-01-05 09:03:11, from two tables of texts; `NEVER` is an empty cell."""

    def __init__(self, calendar: Calendar) -> None:
        """A clock for the days of the calendar and some more."""
        self._calendar = calendar
        self._days = _cells([f"{calendar.date_of(day)} " for day in range(-1, calendar.days + _LATEST_DAYS)])
        self._times = _cells([f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(DAY)])

    def tell(self, instants: Ints) -> Cells:
        """The text of each instant."""
        there = instants != NEVER
        texts = np.full(len(instants), "", dtype=np.object_)
        texts[there] = self._days[instants[there] // DAY + 1] + self._times[instants[there] % DAY]
        return texts

    def tell_year_first(self, instant: int) -> str:
        """2026/1/5 9:03; empty when it never came."""
        when = self._calendar.date_of(instant // DAY) if instant != NEVER else None
        return f"{when.year}/{when.month}/{when.day} {_hour(instant)}:{instant // 60 % 60:02d}" if when else ""

    def tell_day_first(self, instant: int) -> str:
        """05/02/2026 09:03:11; empty when it never came."""
        when = self._calendar.date_of(instant // DAY) if instant != NEVER else None
        return f"{when:%d/%m/%Y} {self._times[instant % DAY]}" if when else ""

    def tell_impossible(self, instant: int) -> str:
        """A day after the last of that month, the 30th in February; its time is right."""
        when = self._calendar.date_of(instant // DAY)
        day = 30 if when.month == 2 else 31 if when.month in (4, 6, 9, 11) else 32
        return f"{when:%Y-%m}-{day} {self._times[instant % DAY]}"


def conversation_cells(world: World, clock: Clock) -> Table:
    """The conversations as cells."""
    talks = world.talks
    table: Table = {
        "conversation_id": _ids("H", len(talks)),
        "agent_account": _cells(world.company.account_names())[talks.account],
        "customer_id": _numbered("C", talks.customer),
        "started_at": clock.tell(talks.started),
        "first_reply_at": clock.tell(talks.replied),
        "ended_at": clock.tell(talks.ended),
        "customer_messages": _whole(talks.customer_messages),
        "agent_messages": _whole(talks.agent_messages),
        "auto_reply": _yes_no(talks.automatic),
        "channel": _cells(CHANNELS)[talks.channel],
        "topic": _cells(TOPICS)[talks.topic],
        "transferred": _yes_no(talks.transferred),
        "resolved": _yes_no(talks.resolved),
    }
    _put_marks(table, world.talk_marks)
    _put_dates(table, world, clock)
    return table


def order_cells(world: World, clock: Clock) -> Table:
    """The orders as cells; an order in silence has no conversation and no account."""
    orders, marks = world.orders, world.order_marks
    amounts = _cells([f"{fen // 100}.{fen % 100:02d}" for fen in orders.fen.tolist()])
    _retell(amounts, marks.rows("amount_thousands"), lambda row: f"{orders.fen[row] // 100:,}.{orders.fen[row] % 100:02d}")
    _retell(amounts, marks.rows("amount_full_width"), lambda row: str(amounts[row]).translate(_FULL_WIDTH))
    _retell(amounts, marks.rows("amount_dash"), lambda _: "-")
    return {
        "order_id": _ids("D", len(orders.fen)),
        "conversation_id": _conversation_ids(orders.conversation),
        "agent_account": _accounts_of(world, orders.conversation),
        "customer_id": _numbered("C", orders.customer),
        "ordered_at": clock.tell(orders.ordered),
        "paid_at": clock.tell(orders.paid),
        "amount": amounts,
        "refunded": _yes_no(orders.refunded),
    }


def survey_cells(world: World, clock: Clock) -> Table:
    """The surveys as cells."""
    surveys = world.surveys
    scores = _cells(["", "1", "2", "3", "4", "5"])[surveys.score]
    scores[world.survey_marks.has("score_question_mark")] = "?"
    return {
        "survey_id": _ids("S", len(scores)),
        "conversation_id": _conversation_ids(surveys.conversation),
        "agent_account": _accounts_of(world, surveys.conversation),
        "sent_at": clock.tell(surveys.sent),
        "answered_at": clock.tell(surveys.answered),
        "score": scores,
    }


def complaint_cells(world: World, clock: Clock) -> Table:
    """The complaints as cells."""
    complaints = world.complaints
    upheld = _yes_no(complaints.upheld)
    upheld[world.complaint_marks.has("undecided_complaint")] = "-"
    return {
        "complaint_id": _ids("T", len(upheld)),
        "conversation_id": _conversation_ids(complaints.conversation),
        "agent_account": _accounts_of(world, complaints.conversation),
        "received_at": clock.tell(complaints.received),
        "upheld": upheld,
        "level": _cells(["一般", "严重"])[complaints.severe.astype(np.int64)],
    }


def inspection_cells(world: World, clock: Clock) -> Table:
    """The inspections as cells; the inspector is told by id."""
    inspections = world.inspections
    inspectors = _cells([person.id for person in world.company.staff if person.role == "inspector"])
    return {
        "inspection_id": _ids("Z", len(inspections.points_off)),
        "conversation_id": _conversation_ids(inspections.conversation),
        "agent_account": _accounts_of(world, inspections.conversation),
        "inspected_at": clock.tell(inspections.inspected),
        "inspector": inspectors[inspections.inspector],
        "points_off": _whole(inspections.points_off),
        "critical": _yes_no(inspections.critical),
    }


def _put_marks(table: Table, marks: Marks) -> None:
    for kind, column, text in (
        ("missing_agent", "agent_account", ""),
        ("agent_question_mark", "agent_account", "?"),
        ("agent_dash", "agent_account", "-"),
        ("system_account", "agent_account", SYSTEM_ACCOUNT),
        ("dash_date", "started_at", "-"),
        ("first_reply_dash", "first_reply_at", "-"),
        ("resolved_question_mark", "resolved", "?"),
    ):
        table[column][marks.has(kind)] = text


def _put_dates(table: Table, world: World, clock: Clock) -> None:
    talks, marks = world.talks, world.talk_marks
    _retell(table["started_at"], marks.rows("impossible_date"), lambda row: clock.tell_impossible(int(talks.started[row])))
    for name, instants in zip(_TIMES, (talks.started, talks.replied, talks.ended), strict=True):
        _retell(table[name], marks.rows("slash_date"), _teller(clock.tell_year_first, instants))
        _retell(table[name], marks.rows("day_first_date"), _teller(clock.tell_day_first, instants))


def _teller(tell: Callable[[int], str], instants: Ints) -> Callable[[int], str]:
    return lambda row: tell(int(instants[row]))


def _retell(column: Cells, rows: Ints, say: Callable[[int], str]) -> None:
    for row in rows.tolist():
        column[row] = say(row)


def _hour(instant: int) -> int:
    return instant % DAY // 3600


def _cells(texts: list[str] | tuple[str, ...]) -> Cells:
    return np.array(texts, dtype=np.object_)


def _ids(letter: str, size: int) -> Cells:
    return _cells([f"{letter}{number:08d}" for number in range(1, size + 1)])


def _numbered(letter: str, numbers: Ints) -> Cells:
    return _cells([f"{letter}{number + 1:07d}" for number in numbers.tolist()])


def _whole(numbers: Ints) -> Cells:
    return _cells([str(number) for number in range(int(numbers.max(initial=0)) + 1)])[numbers]


def _yes_no(flags: Flags) -> Cells:
    return _cells(["否", "是"])[flags.astype(np.int64)]


def _conversation_ids(conversation: Ints) -> Cells:
    return _cells([f"H{number + 1:08d}" if number >= 0 else "" for number in conversation.tolist()])


def _accounts_of(world: World, conversation: Ints) -> Cells:
    """The account that had each conversation; empty without one. The platform knows it even where a chat's own row lost it."""
    accounts = _cells([*world.company.account_names(), ""])
    return accounts[np.where(conversation == SILENT, len(accounts) - 1, world.talks.account[conversation])]
