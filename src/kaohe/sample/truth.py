"""What is true of each agent in each month: the figures that a correct measuring finds again.

The clean-up: a conversation counts once, when it has an account that is somebody's, a beginning that
can be read with the year first, and an end that is not before it. It belongs to its month by its
beginning and to the person who had the account on that day. Orders, surveys, complaints and
inspections are told in two ways: by their own account and date, as they stand in their files; and by
their conversation, when that one counts, in the month of its beginning.
"""

from __future__ import annotations

import numpy as np

from kaohe.sample.calendar import NEVER
from kaohe.sample.conversations import SALES_TOPICS
from kaohe.sample.dirt import kept_rows
from kaohe.sample.drawing import Flags, Ints
from kaohe.sample.followups import SILENT
from kaohe.sample.staff import employed_in
from kaohe.sample.world import World

SOON = 1800  # seconds

Figures = dict[str, dict[str, dict[str, int]]]  # month, person, name of the figure

DEFINITIONS = {
    "conversations": "conversations that count",
    "handled": "of these, answered by a person: agent_messages above 0",
    "inquiries": "handled, about something asked before a sale: 商品咨询, 规格尺寸, 优惠活动 or 库存发货",
    "bot_only": "of these, answered by the automat only: auto_reply is 是",
    "unanswered": "the others",
    "answered": "handled, and the time of the first reply is known",
    "first_reply_seconds": "sum over the answered of first_reply_at minus started_at",
    "answered_within_30": "answered in 30 seconds or fewer",
    "answered_soon": "answered in half an hour or less; what took longer was a message left for the morning",
    "soon_reply_seconds": "sum over these of first_reply_at minus started_at",
    "transferred": "handled, transferred is 是",
    "resolved_known": "handled, resolved is 是 or 否",
    "resolved": "handled, resolved is 是",
    "surveys_sent": "surveys sent",
    "surveys_answered": "surveys with a score",
    "survey_score_sum": "sum of their scores",
    "surveys_good": "surveys with a score of 4 or 5",
    "complaints": "complaints",
    "complaints_upheld": "complaints whose upheld is 是",
    "contacts_upheld": "conversations with an upheld complaint, each counted once, dated by the first of its complaints",
    "orders": "orders",
    "orders_paid": "orders with paid_at",
    "orders_paid_in_month": "paid before the end of the month that the order is counted in",
    "paid_fen": "sum of the known amounts of paid orders, in hundredths of a yuan",
    "orders_refunded": "orders whose refunded is 是",
    "inspections": "inspections",
    "points_off": "sum of their points off",
    "inspections_critical": "inspections whose critical is 是",
}


class _Tally:
    """Sums by month and agent, one table a figure."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._shape = (len(world.calendar.months) + 1, len(world.company.agents))
        self._sums: dict[str, Ints] = {}

    def add(self, name: str, month: Ints, agent: Ints, counted: Flags, values: Ints | int = 1) -> None:
        sums = self._sums[name] = np.zeros(self._shape, dtype=np.int64)
        np.add.at(sums, (month[counted], agent[counted]), values if isinstance(values, int) else values[counted])

    def figures(self) -> Figures:
        """The sums of everybody who was employed in the month; what fell after the last month is dropped."""
        return {month.name: self._of_month(place) for place, month in enumerate(self._world.calendar.months)}

    def _of_month(self, place: int) -> dict[str, dict[str, int]]:
        calendar, agents = self._world.calendar, self._world.company.agents
        there = [number for number, agent in enumerate(agents) if employed_in(agent, calendar, calendar.months[place])]
        return {agents[number].id: {name: int(sums[place, number]) for name, sums in self._sums.items()} for number in there}


def true_figures(world: World, by_own_date: bool) -> Figures:
    """The figures of `DEFINITIONS` for every month and agent, follow-ups dated one way or the other."""
    tally = _Tally(world)
    _tally_conversations(tally, world)
    _tally_surveys(tally, world, by_own_date)
    _tally_complaints(tally, world, by_own_date)
    _tally_orders(tally, world, by_own_date)
    _tally_inspections(tally, world, by_own_date)
    return tally.figures()


def _tally_conversations(tally: _Tally, world: World) -> None:
    talks, marks = world.talks, world.talk_marks
    month, agent, kept = world.calendar.months_at(talks.started), talks.agent, kept_rows(marks)
    handled, bot = kept & talks.handled, kept & talks.automatic
    answered = handled & (talks.replied != NEVER) & ~marks.has("first_reply_dash")
    known = handled & ~marks.has("resolved_question_mark")
    wait = talks.replied - talks.started
    tally.add("conversations", month, agent, kept)
    tally.add("handled", month, agent, handled)
    tally.add("inquiries", month, agent, handled & (talks.topic < SALES_TOPICS))
    tally.add("bot_only", month, agent, bot)
    tally.add("unanswered", month, agent, kept & ~handled & ~bot)
    tally.add("answered", month, agent, answered)
    tally.add("first_reply_seconds", month, agent, answered, wait)
    tally.add("answered_within_30", month, agent, answered & (wait <= 30))
    tally.add("answered_soon", month, agent, answered & (wait <= SOON))
    tally.add("soon_reply_seconds", month, agent, answered & (wait <= SOON), wait)
    tally.add("transferred", month, agent, handled & talks.transferred)
    tally.add("resolved_known", month, agent, known)
    tally.add("resolved", month, agent, known & talks.resolved)


def _tally_surveys(tally: _Tally, world: World, by_own_date: bool) -> None:
    surveys = world.surveys
    month, agent, counted = _placed(world, surveys.conversation, surveys.sent, by_own_date)
    scored = counted & (surveys.score > 0) & ~world.survey_marks.has("score_question_mark")
    tally.add("surveys_sent", month, agent, counted)
    tally.add("surveys_answered", month, agent, scored)
    tally.add("survey_score_sum", month, agent, scored, surveys.score)
    tally.add("surveys_good", month, agent, scored & (surveys.score >= 4))


def _tally_complaints(tally: _Tally, world: World, by_own_date: bool) -> None:
    complaints = world.complaints
    month, agent, counted = _placed(world, complaints.conversation, complaints.received, by_own_date)
    upheld = counted & complaints.upheld & ~world.complaint_marks.has("undecided_complaint")
    tally.add("complaints", month, agent, counted)
    tally.add("complaints_upheld", month, agent, upheld)
    tally.add("contacts_upheld", month, agent, upheld & ~complaints.again)


def _tally_orders(tally: _Tally, world: World, by_own_date: bool) -> None:
    orders = world.orders
    month, agent, counted = _placed(world, orders.conversation, orders.ordered, by_own_date)
    paid = counted & (orders.paid != NEVER)
    tally.add("orders", month, agent, counted)
    tally.add("orders_paid", month, agent, paid)
    tally.add("orders_paid_in_month", month, agent, paid & (world.calendar.months_at(orders.paid) <= month))
    tally.add("paid_fen", month, agent, paid & ~world.order_marks.has("amount_dash"), orders.fen)
    tally.add("orders_refunded", month, agent, counted & orders.refunded)


def _tally_inspections(tally: _Tally, world: World, by_own_date: bool) -> None:
    inspections = world.inspections
    month, agent, counted = _placed(world, inspections.conversation, inspections.inspected, by_own_date)
    tally.add("inspections", month, agent, counted)
    tally.add("points_off", month, agent, counted, inspections.points_off)
    tally.add("inspections_critical", month, agent, counted & inspections.critical)


def _placed(world: World, conversation: Ints, own: Ints, by_own_date: bool) -> tuple[Ints, Ints, Flags]:
    """The month and agent of each follow-up, and whether it counts: it has a conversation, which itself counts where that one dates it."""
    talks, kept = world.talks, kept_rows(world.talk_marks)
    instants = own if by_own_date else talks.started[conversation]
    counted = (conversation != SILENT) & (kept[conversation] | by_own_date)
    return world.calendar.months_at(instants), talks.agent[conversation], counted
