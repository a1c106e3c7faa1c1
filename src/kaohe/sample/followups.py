"""What comes after a conversation: orders, surveys, complaints, inspections.

Each row knows the conversation it belongs to; an order that nobody talked anyone into has none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kaohe.sample.calendar import DAY, HOUR, NEVER, Calendar
from kaohe.sample.conversations import PHONE, SALES_TOPICS, Conversations
from kaohe.sample.drawing import Draws, Flags, Ints
from kaohe.sample.roster import Skills
from kaohe.sample.staff import Company

SILENT = -1  # the conversation of an order without one
INSPECTIONS_A_MONTH = 10

_OTHER_SALES, _SURVEYED, _ANSWERED = 250, 4500, 3000  # of 10,000
_SCORE_ENDS = (600, 850, 930, 970)  # of 1,000 answers: 5, 4, 3, 2 stars; the rest 1
_PAID, _REFUNDED, _COMPLAINED, _SEVERE, _UPHELD, _CRITICAL = 8800, 480, 14, 2000, 5500, 150
_FEWEST_COMPLAINTS = 12
_QUANTITIES, _QUANTITY_WEIGHTS = np.array([1, 2, 4, 10]), (80, 12, 5, 3)
_POINT_WEIGHTS = (44, 10, 12, 10, 6, 8, 3, 2, 2, 1, 2)  # of 0, 1, 2 … 10 points off


@dataclass
class Orders:
    """Orders; `paid` is `NEVER` where nobody paid, `fen` the amount in hundredths of a yuan."""

    conversation: Ints
    customer: Ints
    ordered: Ints
    paid: Ints
    fen: Ints
    refunded: Flags


@dataclass
class Surveys:
    """Surveys that were sent; `score` is 0 where nobody answered."""

    conversation: Ints
    sent: Ints
    answered: Ints
    score: Ints


@dataclass
class Complaints:
    """Complaints, each about one conversation; `again` marks the second about the same one."""

    conversation: Ints
    received: Ints
    upheld: Flags
    severe: Flags
    again: Flags


@dataclass
class Inspections:
    """Conversations that an inspector (0 or 1) read again."""

    conversation: Ints
    inspected: Ints
    inspector: Ints
    points_off: Ints
    critical: Flags


def draw_orders(seed: int, talks: Conversations, skills: Skills) -> Orders:
    """Orders out of conversations, and about one in eight that came in silence; by the time ordered."""
    draws = Draws(seed, "orders")
    share = np.where(talks.topic < SALES_TOPICS, skills.selling[talks.agent], _OTHER_SALES)
    sold = np.flatnonzero(talks.handled & draws.chance(share, len(talks)))
    silent = draws.order(len(talks))[: len(sold) // 7]  # some moment at which a shop is busy
    size = len(sold) + len(silent)
    ordered = np.concatenate([talks.ended[sold], talks.started[silent]]) + draws.spread(size)
    conversation = np.concatenate([sold, np.full(len(silent), SILENT)])
    customer = np.concatenate([talks.customer[sold], len(talks) + silent])
    order = np.argsort(ordered, kind="stable")
    ordered = ordered[order]
    return Orders(conversation[order], customer[order], ordered, *_payments(draws, ordered))


def _payments(draws: Draws, ordered: Ints) -> tuple[Ints, Ints, Flags]:
    size = len(ordered)
    soon, slow = 20 + draws.spread(size) // 8, HOUR + draws.below(4 * DAY, size)
    delay = np.where(draws.chance(700, size), slow, soon)
    paid = np.where(draws.chance(_PAID, size), ordered + delay, NEVER)
    price = 100 * (28 + 130 * draws.spread(size) // 1000) + np.array([0, 50, 90])[draws.below(3, size)]
    fen = price * _QUANTITIES[draws.choose(_QUANTITY_WEIGHTS, size)]
    return paid, fen, (paid != NEVER) & draws.chance(_REFUNDED, size)


def draw_surveys(seed: int, talks: Conversations, skills: Skills) -> Surveys:
    """Surveys after some conversations in text, a part of them answered; by the time sent."""
    draws = Draws(seed, "surveys")
    asked = np.flatnonzero(talks.handled & (talks.channel != PHONE) & draws.chance(_SURVEYED, len(talks)))
    sent = talks.ended[asked] + draws.between(5, 90, len(asked))
    order = np.argsort(sent, kind="stable")
    asked, sent = asked[order], sent[order]
    answers = draws.chance(_ANSWERED, len(asked))
    answered = sent + 30 + draws.spread(len(asked)) // 4 * draws.between(1, 60, len(asked))
    score = _scores(draws, talks, skills, asked)
    return Surveys(asked, sent, np.where(answers, answered, NEVER), np.where(answers, score, 0))


def _scores(draws: Draws, talks: Conversations, skills: Skills, asked: Ints) -> Ints:
    """Five stars mostly: warmth lifts them, waiting and an open matter cost some."""
    wait = (talks.replied - talks.started)[asked].clip(0, 600)
    open_matter = np.where(talks.resolved[asked], 0, 220)
    mood = draws.below(1000, len(asked)) + wait // 4 + open_matter + 4 * (75 - skills.warmth[talks.agent[asked]])
    return np.asarray(5 - np.searchsorted(np.array(_SCORE_ENDS), mood, side="right"), dtype=np.int64)


def draw_complaints(seed: int, calendar: Calendar, company: Company, talks: Conversations, kept: Flags) -> Complaints:
    """Complaints about conversations that a clean-up keeps; by the time received."""
    draws = Draws(seed, "complaints")
    about = draws.pick(kept & talks.handled, max(_FEWEST_COMPLAINTS, len(talks) * _COMPLAINED // 10_000))
    delay = _delays(draws, calendar, company, talks, about, 9 * DAY)
    received = talks.ended[about] + delay
    order = np.argsort(received, kind="stable")
    upheld, severe = draws.chance(_UPHELD, len(about)), draws.chance(_SEVERE, len(about))
    return Complaints(about[order], received[order], upheld, severe, np.zeros(len(about), dtype=np.bool_))


def draw_inspections(seed: int, calendar: Calendar, company: Company, talks: Conversations, kept: Flags) -> Inspections:
    """So many conversations of each agent a month, drawn at random; by the time inspected."""
    draws = Draws(seed, "inspections")
    about = _sampled(draws, talks, calendar.months_at(talks.started), np.flatnonzero(kept & talks.handled))
    inspected = talks.ended[about] + _delays(draws, calendar, company, talks, about, 4 * DAY)
    order = np.argsort(inspected, kind="stable")
    size = len(about)
    points, critical = draws.choose(_POINT_WEIGHTS, size), draws.chance(_CRITICAL, size)
    return Inspections(about[order], inspected[order], draws.below(2, size), np.where(critical, 20, points), critical)


def _sampled(draws: Draws, talks: Conversations, months: Ints, places: Ints) -> Ints:
    """Of the conversations at those places, a few of each agent and month."""
    shuffled = places[draws.order(len(places))]
    group = months[shuffled] * (talks.agent.max() + 1) + talks.agent[shuffled]
    order = np.argsort(group, kind="stable")
    ranked = group[order]
    rank = np.arange(len(ranked)) - np.searchsorted(ranked, ranked, side="left")
    return np.sort(shuffled[order[rank < INSPECTIONS_A_MONTH]])


def _delays(draws: Draws, calendar: Calendar, company: Company, talks: Conversations, about: Ints, most: int) -> Ints:
    """Some days; less than one while the account is about to pass on, so that account and person agree."""
    cast = company.cast
    delay = HOUR + draws.below(most, len(about))
    agent, started = talks.agent[about], talks.started[about]
    renaming = (agent == cast.renamed) & (started < calendar.day_of(cast.renamed_on) * DAY)
    return np.where(renaming | (agent == cast.left), HOUR + delay % (12 * HOUR), delay)
