"""What stands beside a card and is none of its figures: what the subject said of herself, records that do not count, the days to come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from kaohe_web.collect.models import Record
from kaohe_web.engine.grids import concerns_of, sheet_of
from kaohe_web.engine.schemes import outline_of, rated_items, record_kinds
from kaohe_web.rating.queries import own_ratings
from kaohe_web.records.queries import words_of
from kaohe_web.results.queries import CardPage
from kaohe_web.rounds.actions import appeal_ends
from kaohe_web.rounds.stages import OPEN, Stage
from kaohe_web.site.language import language, say


@dataclass(frozen=True)
class Own:
    """What the subject said of herself in an item."""

    shown: str
    comment: str
    counts: bool


@dataclass(frozen=True)
class LeftOut:
    """A record that does not count, and why."""

    day: str
    words: str
    why: str


@dataclass
class Beside:
    """All of it, by item where it is of an item."""

    own: dict[str, Own] = field(default_factory=dict)
    left_out: dict[str, list[LeftOut]] = field(default_factory=dict)
    days: list[tuple[str, datetime]] = field(default_factory=list)
    ends: datetime | None = None
    days_left: int | None = None
    ranked: bool = False
    role: str = ""
    asks_self: bool = False

    @property
    def may_appeal(self) -> bool:
        """Whether the window for appeals is open."""
        return self.ends is not None and timezone.now() <= self.ends


def beside_of(page: CardPage) -> Beside:
    """What stands beside one card."""
    round, plan = page.round, page.round.version.plan
    participant = page.result.participant
    role = "" if participant is None else participant.role
    outline = outline_of(plan)
    found = Beside(ranked=outline.ranked, role=dict(outline.roles)[role].tell(language()) if role in dict(outline.roles) else "")
    for one in own_ratings(round):
        sheet = sheet_of(plan, one.item, role) if one.subject == page.result.subject else None
        if sheet is not None:
            found.own[one.item] = Own(sheet.shown(one.text), one.comment, one.counts)
    found.asks_self = page.is_own and round.stage in OPEN and (round.self_assessment or _takes_self(plan, role))
    found.left_out = _left_out(page)
    found.days = _days(page)
    found.ends = appeal_ends(round) if page.is_published else None
    found.days_left = None if found.ends is None else max((found.ends - timezone.now()) // timedelta(days=1), 0)
    return found


def _takes_self(plan: str, role: str) -> bool:
    return any(item.takes_self for item in rated_items(plan, role))


def _left_out(page: CardPage) -> dict[str, list[LeftOut]]:
    """Withdrawn records, under each item that looks at their kind."""
    plan = page.round.version.plan
    withdrawn = list(Record.objects.filter(round=page.round, subject=page.result.subject, withdrawn=True).order_by("day", "id"))
    if not withdrawn:
        return {}
    kinds = {kind.key: kind for kind in record_kinds(plan)}
    found: dict[str, list[LeftOut]] = {}
    for item in map(str, page.card.get("parts", ())):  # type: ignore[call-overload]
        concerned = {kind for kind, _ in concerns_of(plan, item).records}
        rows = [one for one in withdrawn if one.kind in concerned]
        told = [
            LeftOut(
                one.day, words_of(one, kinds.get(one.kind)), say(f"撤销：{one.withdrawn_because}", f"withdrawn: {one.withdrawn_because}")
            )
            for one in rows
        ]
        if told:
            found[item] = told
    return found


def _days(page: CardPage) -> list[tuple[str, datetime]]:
    """The days still to come while a card is provisional."""
    names = {
        Stage.COLLECTING: say("评分与数据截止", "ratings and data due"),
        Stage.APPROVED: say("公布，届时可看等级与金额、确认或申诉", "publication: grade and pay, to confirm or appeal"),
        Stage.CONFIRMING: say("确认与申诉截止", "last day to confirm or appeal"),
    }
    if page.is_published:
        return []
    return [(names[Stage(one.stage)], one.at) for one in page.round.deadlines.filter(stage__in=list(names)).order_by("at")]
