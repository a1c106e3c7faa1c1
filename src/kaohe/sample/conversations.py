"""The conversations themselves, as columns of whole numbers and before any dirt falls on them.

Three kinds: answered by a person, answered by the automat only, not answered at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kaohe.sample.calendar import DAY, HOUR, NEVER, Calendar
from kaohe.sample.drawing import Draws, Flags, Ints
from kaohe.sample.roster import SLOTS, Skills
from kaohe.sample.staff import NIGHT_TEAM, Company

CHANNELS = ("旺旺", "微信", "电话")
PHONE = 2
TOPICS = ("商品咨询", "规格尺寸", "优惠活动", "库存发货", "物流查询", "退换货", "破损补发", "发票", "投诉建议")
SALES_TOPICS = 4  # the first so many are asked before a sale

_TOPIC_WEIGHTS = ((36, 18, 24, 14, 4, 2, 1, 1, 0), (4, 2, 3, 6, 34, 26, 14, 8, 3), (20, 10, 14, 10, 20, 14, 7, 3, 2))

# How many customers come in each half hour of a day; a dip at noon and at six, the peak at nine in the evening.
_WEEKDAY = (
    9, 6, 4, 3, 2, 2, 1, 1, 1, 1, 1, 2, 3, 4, 7, 10, 16, 22, 30, 36, 40, 42, 40, 36,
    24, 20, 24, 32, 38, 40, 40, 38, 36, 34, 30, 26, 22, 22, 26, 34, 42, 48, 50, 46, 38, 30, 22, 14,
)  # fmt: skip
_WEEKEND = (
    14, 10, 7, 4, 3, 2, 2, 1, 1, 1, 1, 1, 2, 3, 4, 6, 9, 14, 20, 27, 33, 37, 39, 37,
    28, 24, 27, 34, 39, 42, 43, 42, 40, 38, 34, 29, 25, 25, 29, 37, 45, 51, 53, 50, 42, 34, 26, 18,
)  # fmt: skip

# How long a reply takes in each half hour, in thousandths of the usual: nights and lunch are slow.
_SLOWNESS = np.array(
    [2400] * 16 + [1200] + [1000] * 7 + [1700, 1600, 1300] + [1000] * 9 + [1300, 1200] + [1000] * 2 + [1250] * 6 + [1400] * 2
)

_MEDIAN_WAIT, _MEDIAN_TALK, _MEDIAN_PICK_UP = 22, 230, 9  # seconds
_BOT_BY_DAY, _BOT_BY_NIGHT, _LOST, _FORGOTTEN, _NEXT_MORNING, _TRANSFERRED = 1100, 8600, 180, 90, 500, 520  # of 10,000
_MORNING, _LATE_EVENING = 16, 46  # half hours


@dataclass
class Conversations:
    """One array a column; instants are seconds since the sample began, `NEVER` where there was none.

    `agent` is a position among the agents and `account` one among the account names.
    """

    agent: Ints
    account: Ints
    customer: Ints
    started: Ints
    replied: Ints
    ended: Ints
    customer_messages: Ints
    agent_messages: Ints
    automatic: Flags
    channel: Ints
    topic: Ints
    transferred: Flags
    resolved: Flags

    @property
    def handled(self) -> Flags:
        """Which were answered by a person."""
        return np.asarray(self.agent_messages > 0, dtype=np.bool_)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.started)


@dataclass(frozen=True)
class _Kinds:
    bot: Flags
    lost: Flags

    @property
    def human(self) -> Flags:
        return ~(self.bot | self.lost)


def draw_conversations(seed: int, calendar: Calendar, company: Company, skills: Skills, duty: Ints, size: int) -> Conversations:
    """So many conversations over the days, ascending by their beginning."""
    draws = Draws(seed, "conversations")
    started = _draw_starts(draws, calendar, size)
    agent = _draw_agents(draws, duty, started)
    channel = _draw_channels(draws, started)
    kinds = _draw_kinds(draws, started, channel)
    replied = _draw_replies(draws, calendar, skills, started, agent, channel, kinds)
    talk = 20 + _MEDIAN_TALK * draws.spread(size) // 1000
    customer_messages = _customer_messages(draws, talk, kinds)
    return Conversations(
        agent=agent,
        account=_accounts(calendar, company, started, agent),
        customer=draws.below(max(size * 3 // 5, 1), size),
        started=started,
        replied=replied,
        ended=_ends(draws, started, replied, talk, kinds),
        customer_messages=customer_messages,
        agent_messages=np.where(kinds.human, 1 + customer_messages * draws.between(70, 150, size) // 100, 0),
        automatic=kinds.bot,
        channel=channel,
        topic=_draw_topics(draws, company.teams[agent]),
        transferred=draws.chance(_TRANSFERRED, size) & kinds.human,
        resolved=_draw_resolved(draws, skills, agent, kinds),
    )


def slot_of(started: Ints) -> Ints:
    """The half hour of the day, 0 to 47."""
    return started % DAY // (DAY // SLOTS)


def _draw_starts(draws: Draws, calendar: Calendar, size: int) -> Ints:
    volumes = np.cumsum(calendar.volumes() * (880 + draws.below(241, calendar.days)))  # no two days are alike
    counts = np.diff(volumes * size // volumes[-1], prepend=0)
    day = np.repeat(np.arange(calendar.days), counts)
    slot = np.where(calendar.weekends()[day], draws.choose(_WEEKEND, size), draws.choose(_WEEKDAY, size))
    return np.sort(day * DAY + slot * (DAY // SLOTS) + draws.below(DAY // SLOTS, size))


def _draw_agents(draws: Draws, duty: Ints, started: Ints) -> Ints:
    """One of those on duty in that half hour, each as often as the weights say."""
    agents = duty.shape[2]
    ends = np.cumsum(duty.reshape(-1))
    place = started // (DAY // SLOTS)
    before = np.concatenate(([0], ends[agents - 1 :: agents]))
    drawn = before[place] + draws.below(before[place + 1] - before[place], len(started))
    return np.asarray(np.searchsorted(ends, drawn, side="right") % agents, dtype=np.int64)


def _draw_channels(draws: Draws, started: Ints) -> Ints:
    drawn = draws.choose((86, 10, 4), len(started))
    return np.where((drawn == PHONE) & (slot_of(started) < _MORNING), 0, drawn)


def _draw_kinds(draws: Draws, started: Ints, channel: Ints) -> _Kinds:
    share = np.where(slot_of(started) < _MORNING, _BOT_BY_NIGHT, _BOT_BY_DAY)
    bot = draws.chance(np.where(channel == PHONE, 0, share), len(started))
    return _Kinds(bot, draws.chance(_LOST, len(started)) & ~bot)


def _draw_replies(draws: Draws, calendar: Calendar, skills: Skills, started: Ints, agent: Ints, channel: Ints, kinds: _Kinds) -> Ints:
    size = len(started)
    median = np.where(channel == PHONE, _MEDIAN_PICK_UP, _MEDIAN_WAIT)
    load = _SLOWNESS[slot_of(started)] * (600 + 4 * calendar.volumes()[started // DAY]) // 1000
    wait = 1 + median * skills.slowness[agent] * load * draws.spread(size) // 1_000_000_000
    text = channel != PHONE
    wait = np.where(draws.chance(_FORGOTTEN, size) & text, wait * 20, wait)
    tomorrow = (started // DAY + 1) * DAY + 8 * HOUR + draws.below(90 * 60, size)
    put_off = draws.chance(_NEXT_MORNING, size) & text & (slot_of(started) >= _LATE_EVENING)
    replied = np.where(put_off, tomorrow, started + wait)
    replied = np.where(kinds.bot, started + draws.between(1, 2, size), replied)
    return np.where(kinds.lost, NEVER, replied)


def _customer_messages(draws: Draws, talk: Ints, kinds: _Kinds) -> Ints:
    few = draws.between(1, 3, len(talk))
    return np.where(kinds.human, few + talk // 50, few)


def _ends(draws: Draws, started: Ints, replied: Ints, talk: Ints, kinds: _Kinds) -> Ints:
    """A person's talk ends when it ends; the automat and the lost ones are closed after a while."""
    bot = started + draws.between(20, 180, len(started))
    lost = started + draws.between(300, 1800, len(started))
    return np.where(kinds.human, replied + talk, np.where(kinds.bot, bot, lost))


def _draw_topics(draws: Draws, teams: Ints) -> Ints:
    drawn = [draws.choose(weights, len(teams)) for weights in _TOPIC_WEIGHTS[: NIGHT_TEAM + 1]]
    return np.asarray(np.choose(teams, drawn), dtype=np.int64)


def _draw_resolved(draws: Draws, skills: Skills, agent: Ints, kinds: _Kinds) -> Flags:
    share = np.where(kinds.human, skills.resolving[agent], np.where(kinds.bot, 4500, 0))
    return draws.chance(share, len(agent))


def _accounts(calendar: Calendar, company: Company, started: Ints, agent: Ints) -> Ints:
    renamed = (agent == company.cast.renamed) & (started >= calendar.day_of(company.cast.renamed_on) * DAY)
    return np.where(renamed, len(company.agents), agent)
