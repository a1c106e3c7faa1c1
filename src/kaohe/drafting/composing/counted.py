"""Points for each occurrence, and for each step away from a line, with the ends of what they may come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from kaohe.drafting.amounts import ALL, NONE, Outcome, Points
from kaohe.drafting.bands import Doubt
from kaohe.drafting.composing.banded import Placement
from kaohe.drafting.composing.heard import Heard, Understood, doubts
from kaohe.drafting.conditions import End as SaidEnd
from kaohe.drafting.conditions import Span
from kaohe.drafting.grammar import Statement
from kaohe.drafting.levels import TIMES, Scale
from kaohe.drafting.lexicon import KINDS, SAID
from kaohe.drafting.phrases.counting import named
from kaohe.drafting.quantities import Quantity
from kaohe.drafting.readings import AllOrNothing, Counted, Edge, Level, PerEvent, PerStep, Step
from kaohe.drafting.statements import (
    Allowed,
    Banded,
    Base,
    Bound,
    Deadline,
    Drawn,
    Event,
    Full,
    Limit,
    Placed,
    PlacedList,
    Raters,
    Rest,
    Vetoed,
    Whole,
)
from kaohe.drafting.statements import PerEvent as SaidEvent
from kaohe.drafting.statements import PerStep as SaidStep

Scope = Literal["total", "pay", ""]


@dataclass(frozen=True)
class Ends:
    """Where a score starts and ends, from all that was said of it."""

    full: Fraction | None = None
    base: Points | None = None
    floor: Points | None = None
    cap: Points | None = None
    most: Points | None = None
    most_sign: int = 0
    endless: bool = False

    @property
    def closed_below(self) -> bool:
        """Whether it is told where taking ends."""
        return self.floor is not None or (self.most is not None and self.most_sign < 0) or self.endless

    @property
    def closed_above(self) -> bool:
        """Whether it is told where adding ends."""
        return self.cap is not None or (self.most is not None and self.most_sign > 0) or self.endless


def ends_of(heard: Heard, signs: set[int]) -> Ends | None:
    """The ends that a cell tells; None where it tells one twice, or one that cannot be placed."""
    scale = heard.first(Allowed)
    found = Ends(full=heard.told_full or (scale.high if scale else None))
    base = heard.first(Base)
    if base is not None:
        found = replace(found, base=base.points)
    for limit in heard.all(Limit):
        further = _with(found, limit, signs, heard.full)
        if further is None:
            return None
        found = further
    if found.full is not None and (found.base is not None or signs == {1}):
        return replace(found, full=None, cap=found.cap or Points(found.full))
    return found


def _with(ends: Ends, limit: Limit, signs: set[int], full: Fraction | None) -> Ends | None:
    if limit.kind in ("untold", "endless"):
        return replace(ends, endless=ends.endless or limit.kind == "endless")
    amount = limit.amount
    if amount is None:
        return None
    if limit.kind == "floor":
        return replace(ends, floor=amount) if ends.floor is None or ends.floor == amount else None
    if limit.sign and limit.sign not in signs:
        return None
    if signs == {-1} and limit.rate == 1 and not limit.sign:
        return ends
    if limit.sign < 0 and amount == ALL:
        return replace(ends, floor=NONE)
    is_full = -1 in signs and full is not None and amount == Points(full) and limit.word in ("最高", "最高分", "最大", "上限")
    if limit.sign == 0 and (ends.base is not None or limit.of_score or len(signs) > 1 or is_full):
        return replace(ends, cap=amount) if ends.cap is None else None
    return replace(ends, most=amount, most_sign=limit.sign or min(signs)) if ends.most is None else None


def settled(heard: Heard) -> Heard:
    """The same, with what only its neighbours can tell apart told apart: one time of something, or the band of the first time."""
    heard = _taken_until_gone(_overdue(_whole_from_limits(heard)))
    return _steps_from_bands(_vetoes_from_bands(_vetoes_from_events(_events_from_steps(_events_from_bands(heard)))))


_OVERDUE = ("超时", "逾期", "超期", "超出", "超过", "延误", "超出时间", "超出时限")


def _overdue(heard: Heard) -> Heard:
    """60秒内得满分，超时不得分: 超时 is the other side of the time that was told."""
    late = [event for event in heard.all(Event) if event.event in _OVERDUE]
    within = [band for band in heard.all(Banded) if _is_within_time(band.span)]
    if len(late) != 1 or len(within) != 1 or not heard.only(Event, Banded) or len(heard.all(Event)) > 1:
        return heard
    rest = Rest(late[0].outcome, opposite=True)
    return replace(heard, statements=[rest if statement is late[0] else statement for statement in heard.statements])


def _is_within_time(span: Span) -> bool:
    """30秒内, 3天内."""
    end = span.high
    return end is not None and span.low is None and isinstance(end.at, Quantity) and end.at.measure in ("time", "days")


def _whole_from_limits(heard: Heard) -> Heard:
    """低于1%按1%计 beside steps of 1%: what a part of a step counts, not an end of the score."""
    by = {step.by.number for step in heard.all(SaidStep) if step.by.measure == "share"}
    turned = {id(limit): Whole("up") for limit in heard.all(Limit) if limit.kind == "floor" and limit.rate in by}
    return replace(heard, statements=[turned.get(id(statement), statement) for statement in heard.statements])


# --- occurrences ------------------------------------------------------------------------------------------


def compose_events(heard: Heard) -> Understood | None:
    """Points for each occurrence; None where the cell says anything else."""
    if not heard.only(SaidEvent, Event, Limit, Full, Base, Deadline, Allowed):
        return None
    signed = [event for event in heard.all(Event) if event.outcome.sign and not event.outcome.kept]
    context = [event for event in heard.all(Event) if event not in signed]
    rows = [statement for statement in heard.statements if isinstance(statement, SaidEvent) or statement in signed]
    scales = heard.all(Allowed)
    if len(scales) > 1 or any(scale.low for scale in scales):
        return None
    if not rows or any(
        event.outcome.points not in (ALL, Points(heard.full or Fraction(0))) and not event.outcome.kept for event in context
    ):
        return None
    if len(rows) == 1 and isinstance(rows[0], Event) and _once_a_period(rows[0]) and heard.only(Event):
        outcome = rows[0].outcome
        return Understood(
            AllOrNothing(points=outcome.points, event=_name(rows[0]), is_yuan=outcome.is_yuan),
            doubts("full" if outcome.points.is_share and heard.full is None else ""),
        )
    outcomes = [row.outcome for row in rows]
    events = tuple(Counted(_name(row), row.outcome.change) for row in rows)
    scope = scope_of(outcomes)
    if scope is None or len({outcome.is_yuan for outcome in outcomes}) > 1:
        return None
    return _events(heard, events, outcomes, scope)


def _taken_until_gone(heard: Heard) -> Heard:
    """每次2分，扣完为止: what is taken, though only its end says so."""
    gone = any(limit.kind == "floor" and limit.amount == NONE for limit in heard.all(Limit))
    if not gone or any(row.outcome.sign for row in heard.all(SaidEvent)):
        return heard
    turned = {id(row): replace(row, outcome=replace(row.outcome, sign=-1)) for row in heard.all(SaidEvent)}
    return replace(heard, statements=[turned.get(id(statement), statement) for statement in heard.statements])


def _events_from_bands(heard: Heard) -> Heard:
    """违规一次扣3分 alone is about each time; beside 二次扣6分 it is a band."""
    banded = heard.all(Banded)
    once = [band for band in banded if _is_once(band, len(banded) > 1)]
    zeros = [band for band in banded if band.words and _is_first(band.span) and band.outcome == Outcome(scope=band.outcome.scope)]
    if once and zeros and len(once) + len(zeros) == len(banded):
        vetoed = {id(band): Vetoed(named(band.words), band.outcome.scope or "item") for band in zeros}
        heard = replace(heard, statements=[vetoed.get(id(statement), statement) for statement in heard.statements])
        banded = once
    if not banded or len(once) != len(banded) or (len(once) > 1 and any(not band.words for band in once)):
        return _bands_from_events(heard)
    turned: dict[int, Statement] = {id(band): SaidEvent(band.words, band.outcome, each=False) for band in once}
    return replace(heard, statements=[turned.get(id(statement), statement) for statement in heard.statements])


def _name(row: Event | SaidEvent) -> str:
    """The name of an occurrence: 无 belongs to it where it is about there being none."""
    return f"无{row.event}" if isinstance(row, Event) and row.negated else named(row.event)


def _once_a_period(event: Event) -> bool:
    """全勤加2分, 全月无投诉加5分: it is so for a period, or it is not; it cannot happen twice."""
    return event.outcome.sign > 0 and (event.negated or any(word in event.event for word in ("全勤", "全部", "零", "满勤")))


def _bands_from_events(heard: Heard) -> Heard:
    """违规一次扣3分 beside 二次扣6分 and 三次本项清零: the first of several bands."""
    if not any(band.outcome.sign and band.span.exact for band in heard.all(Banded)):
        return heard
    first = SaidEnd(Quantity(Fraction(1), "count", "次"), True, SAID)
    bands = {id(row): Banded(Span(first, first, exact=True), row.outcome, row.event) for row in heard.all(SaidEvent) if not row.each}
    bands |= {
        id(veto): Banded(veto.span, Outcome()) for veto in heard.vetoes if veto.span is not None and veto.scope == "item" and not veto.event
    }
    return replace(heard, statements=[bands.get(id(statement), statement) for statement in heard.statements])


def _events_from_steps(heard: Heard) -> Heard:
    """每少一项扣5分 where nobody draws a line: each missing one is an occurrence."""
    if (
        heard.targets.known
        or bool(heard.all(Bound))
        or bool(heard.all(Placed) or heard.all(PlacedList))
        or any(band.outcome.points.number or band.outcome.sign for band in heard.all(Banded))
    ):
        return heard
    if _are_days_of_several(heard.all(SaidStep)):
        days = {id(step): SaidEvent(step.event or step.words, step.outcome, step.by.unit) for step in heard.all(SaidStep)}
        return replace(heard, statements=[days.get(id(statement), statement) for statement in heard.statements])
    turned = {
        id(step): SaidEvent(step.words + step.way, step.outcome, step.by.unit)
        for step in heard.all(SaidStep)
        if step.side in ("below", "worse", "")
        and step.by.measure == "count"
        and step.by.number == step.by.size
        and step.beyond is None
        and not step.event
    }
    return replace(heard, statements=[turned.get(id(statement), statement) for statement in heard.statements])


def _are_days_of_several(steps: Sequence[SaidStep]) -> bool:
    """每旷工一天扣10分，每请假一天扣1分: each day of several things."""
    names = {step.event or step.words for step in steps}
    single = all(step.by.measure == "days" and step.by.number == step.by.size and step.beyond is None for step in steps)
    return len(steps) > 1 and single and len(names) == len(steps) and "" not in names


def _vetoes_from_events(heard: Heard) -> Heard:
    """重大差错不得分 beside points of other things, 事故扣除全部分值: what takes everything, though nobody says 本项."""
    others = bool(heard.all(SaidEvent) or heard.all(SaidStep) or heard.all(Raters) or any(event.outcome.sign for event in heard.all(Event)))
    others = others or any(isinstance(level, Quantity) for band in heard.all(Banded) for level in band.span.levels)
    rows: list[Event | SaidEvent] = [*heard.all(Event), *[row for row in heard.all(SaidEvent) if not row.each]]
    turned = {
        id(row): Vetoed(_name(row), row.outcome.scope or "item")
        for row in rows
        if _takes_all(row) or (others and isinstance(row, Event) and _gives_nothing(row))
    }
    return replace(heard, statements=[turned.get(id(statement), statement) for statement in heard.statements])


def _takes_all(row: Event | SaidEvent) -> bool:
    return row.outcome.sign < 0 and row.outcome.whole and row.outcome.scope in (None, "item")


def _gives_nothing(event: Event) -> bool:
    """Whether it is an event, not 未参加 among counts, after which nothing is left."""
    plain = not event.mark and not event.negated and not event.event.startswith(("未", "没", "无", "零", "不"))
    return plain and not event.outcome.points.number and not event.outcome.sign and not event.outcome.kept and not event.outcome.word


def _vetoes_from_bands(heard: Heard) -> Heard:
    """超过5次本项不得分 beside points for each time: so many take everything."""
    alone = heard.all(Banded)
    if len(alone) == 1 and heard.only(Banded) and _is_first(alone[0].span) and alone[0].outcome == Outcome(scope=alone[0].outcome.scope):
        return replace(
            heard,
            statements=[
                Vetoed(named(alone[0].words), alone[0].outcome.scope or "item") if row is alone[0] else row for row in heard.statements
            ],
        )
    if not heard.all(SaidEvent) or heard.all(SaidStep):
        return heard
    full = Points(heard.full) if heard.full is not None else ALL
    whole = [
        band
        for band in heard.all(Banded)
        if band.span.exact and band.words and band.outcome.points in (ALL, full) and not band.outcome.sign
    ]
    heard = replace(heard, statements=[statement for statement in heard.statements if statement not in whole])
    zeros = {
        id(band): Vetoed(named(band.words) if named(band.words) != "缺" else "", "item", None if _is_first(band.span) else band.span)
        for band in heard.all(Banded)
        if band.outcome == Outcome(scope=band.outcome.scope) and band.outcome.scope in (None, "item") and _is_count(band.span)
    }
    return replace(heard, statements=[zeros.get(id(statement), statement) for statement in heard.statements])


def _is_count(span: Span) -> bool:
    return all(isinstance(level, Quantity) and level.measure in ("count", "days") for level in span.levels) and span.low is not None


def _is_first(span: Span) -> bool:
    """Whether it speaks of one time: 一次, 1起."""
    level = span.low.at if span.exact and span.low is not None else None
    return isinstance(level, Quantity) and level.measure == "count" and level.number == 1 and level.unit != "个"


def _is_once(band: Banded, several: bool) -> bool:
    """一次扣1分, and beside it 旷工一天扣5分: a day of it is one of them."""
    level = band.span.low.at if band.span.exact and band.span.low is not None else None
    counts = ("count", "days") if several else ("count",)
    return isinstance(level, Quantity) and level.measure in counts and level.number == level.size and band.outcome.sign != 0


def scope_of(outcomes: Sequence[Outcome]) -> Scope | None:
    """What is changed: the item (empty), the total or the pay; None where that is not one thing."""
    scopes: set[Scope] = {_scope(outcome) for outcome in outcomes if outcome.scope not in ("unclear", "review")}
    return scopes.pop() if len(scopes) == 1 and all(outcome.scope not in ("unclear", "review") for outcome in outcomes) else None


def _scope(outcome: Outcome) -> Scope:
    if outcome.is_yuan or outcome.scope == "pay":
        return "pay"
    return "total" if outcome.scope == "total" else ""


def _events(heard: Heard, events: tuple[Counted, ...], outcomes: list[Outcome], scope: Scope) -> Understood | None:
    signs = {1 if event.points.number > 0 else -1 for event in events}
    ends = ends_of(heard, signs)
    if ends is None or any(event.points.number == 0 for event in events):
        return None
    is_yuan = outcomes[0].is_yuan
    reading = PerEvent(events=events, is_yuan=is_yuan, scope=scope, **vars(ends))
    shares = any(event.points.is_share for event in events)
    asked = list(asked_of(heard, ends, signs, scope, shares))
    if len(events) > 1 and any(not event.event for event in events):
        asked.append("event")
    return Understood(reading, doubts(*asked))


def asked_of(heard: Heard, ends: Ends, signs: set[int], scope: Scope, shares: bool, ended: bool = False) -> Iterator[str]:
    """What has to be asked about the ends of a score; `ended` where something else tells where taking ends."""
    if scope:
        return
    by_number = any(veto.span is not None and veto.scope == "item" for veto in heard.vetoes)
    full = heard.full if heard.full is not None else ends.full
    if (-1 in signs and ends.base is None and full is None) or (shares and full is None):
        yield "full"
    if -1 in signs and not ends.closed_below and not ended and not by_number:
        yield "floor"
    if 1 in signs and not ends.closed_above:
        yield "cap"


# --- steps ------------------------------------------------------------------------------------------------


def compose_steps(heard: Heard) -> Understood | None:
    """Points for each step; None where the cell says anything else."""
    steps = heard.all(SaidStep)
    if any(step.outcome.is_yuan and step.outcome.sign >= 0 and not step.way and step.beyond is None for step in steps):
        return None
    if not steps or not heard.only(SaidStep, Banded, Bound, Drawn, Event, Limit, Full, Base, Whole, Deadline):
        return None
    if any(event.outcome.points not in (ALL, Points(heard.full or Fraction(0))) or event.outcome.sign for event in heard.all(Event)):
        return None
    return _Steps(heard, steps).understood()


def _steps_from_bands(heard: Heard) -> Heard:
    """逾期一天扣1分: a day late, not the first day; 超过3天本项0分 beside steps: where they end."""
    late = {step.event or step.words for step in heard.all(SaidStep)} | {""}
    ends = {
        id(veto): Banded(veto.span, Outcome())
        for veto in heard.vetoes
        if veto.span is not None and veto.scope == "item" and veto.event in late
    }
    if heard.all(SaidStep) and ends:
        heard = replace(heard, statements=[ends.get(id(statement), statement) for statement in heard.statements])
    zeros = [band for band in heard.all(Banded) if band.outcome == Outcome(scope=band.outcome.scope) and not band.span.exact]
    banded = [band for band in heard.all(Banded) if band not in zeros]
    if len(banded) != 1 or not banded[0].words or not _is_one_long(banded[0]):
        return heard
    level = banded[0].span.low.at if banded[0].span.low else None
    assert isinstance(level, Quantity)
    turned = SaidStep(level, banded[0].outcome, event=banded[0].words)
    return replace(heard, statements=[turned if statement is banded[0] else statement for statement in heard.statements])


def _is_one_long(band: Banded) -> bool:
    level = band.span.low.at if band.span.exact and band.span.low is not None else None
    return isinstance(level, Quantity) and level.measure in ("time", "days") and band.outcome.sign < 0


_LATE = ("超", "逾", "晚", "迟", "延", "未按", "未及时", "滞后", "拖", "误")
_ABSENCES = ("迟到", "早退", "旷工", "离岗", "缺勤", "脱岗")


class _Steps:
    """One cell about steps, put together piece by piece."""

    def __init__(self, heard: Heard, steps: list[SaidStep]) -> None:
        self.heard, self.steps = heard, steps
        levels = [level for band in heard.all(Banded) for level in band.span.levels if isinstance(level, Quantity)]
        lines = [step.beyond for step in steps if isinstance(step.beyond, Quantity)]
        bounds = [level for bound in heard.all(Bound) for level in bound.span.levels if isinstance(level, Quantity)]
        self.scale = Scale.of(heard.given, [*[step.by for step in steps], *levels, *lines, *bounds])
        self.placement = Placement(heard, self.scale)
        self.asked: list[str] = []

    def understood(self) -> Understood | None:
        """The reading and its questions."""
        self._part_from_zero()
        beyond, event = self._beyond()
        zero, reached = self._zero(), self._reached()
        if beyond is None or zero is False or reached is False:
            return None
        steps = tuple(self._step(step, bool(event)) for step in self.steps)
        if any(step is None for step in steps) or not self._agrees(steps, reached):  # type: ignore[arg-type]
            return None
        told = [step for step in steps if step is not None]
        signs = {1 if step.points.number > 0 else -1 for step in told}
        scope = scope_of([step.outcome for step in self.steps])
        ends, whole = ends_of(self.heard, signs), self._whole()
        if ends is None or scope is None or whole is None or len({step.outcome.is_yuan for step in self.steps}) > 1:
            return None
        ends = self._with_base(ends)
        asked = list(asked_of(self.heard, ends, signs, scope, any(step.points.is_share for step in told), zero is not None))
        reading = PerStep(
            steps=tuple(told),
            beyond=beyond,
            event=event,
            whole=whole,  # type: ignore[arg-type]
            zero=zero,
            scope=scope,
            is_yuan=self.steps[0].outcome.is_yuan,
            unit=self.scale.unit if self.scale.told else "",
            **vars(ends),
        )
        return Understood(
            reading,
            (*doubts(*self.asked, *asked, "unit" if self.scale.doubtful else "", self._part_asked(told, whole)), *self._boundary(zero)),
        )

    def _part_from_zero(self) -> None:
        """不足1%不得分, where 1% is the step: what a part of it counts, not where the item is 0."""
        by = {step.by.written for step in self.steps}
        for band in self.heard.all(Banded):
            end = band.span.high
            if (
                end is not None
                and band.span.low is None
                and isinstance(end.at, Quantity)
                and end.at.written in by
                and not band.outcome.points.number
            ):
                rows = [Whole("down", end.at) if row is band else row for row in self.heard.statements]
                self.heard = replace(self.heard, statements=rows)
                self.placement = Placement(self.heard, self.scale)

    # --- pieces ------------------------------------------------------------------------------------

    def _beyond(self) -> tuple[Level | None, str]:
        """The line from which steps are counted, and the event whose length is counted where that is it."""
        told = {step.beyond for step in self.steps if step.beyond is not None}
        if len(told) > 1:
            return None, ""
        line = told.pop() if told else self._drawn_line()
        if line == "target" and not self.heard.targets.known:
            line = self._drawn_line() or line
        if isinstance(line, Quantity):
            lengths = {line.measure, self.steps[0].by.measure}
            return (None, "") if "share" in lengths and not lengths.isdisjoint({"count", "days", "time"}) else (self.scale.number(line), "")
        event = self._event()
        if line is None and event and all(word in KINDS["BEYOND"].split() for word in (event,)):
            event = ""
        if line is None and event:
            return Fraction(0), event
        at = self.heard.targets.at.get("target")
        if at is not None and self.heard.targets.told_here:
            return self.scale.number(at), ""
        if not self.heard.targets.known and self.steps[0].only_whole and self.steps[0].by.measure == "count":
            return Fraction(0), ""
        if not self.heard.targets.known:
            self.asked.append("target")
        return "target", ""

    def _drawn_line(self) -> Quantity | str | None:
        """The line that a band with the full points, or a bare condition, draws."""
        drawing: list[Banded | Bound] = [*[band for band in self.heard.all(Banded) if self._is_full(band)], *self.heard.all(Bound)]
        for found in drawing:
            ends = {id(level): level for level in found.span.levels}
            if len({str(level) for level in ends.values()}) == 1:
                return next(iter(ends.values()))
        return None

    def _is_full(self, band: Banded) -> bool:
        points = band.outcome.points
        return not band.outcome.sign and (points == ALL or bool(band.outcome.kept) or points.number > 0)

    def _event(self) -> str:
        """What is late or lasts, where that is what the steps count."""
        step = self.steps[0]
        named_event = named(step.event)
        if named_event and any(word in step.words for word in _LATE):
            named_event = step.words
        late = named_event or step.words
        timed = step.by.measure in ("time", "days")
        if not late or len({row.event or row.words for row in self.steps}) > 1:
            return ""
        if step.by.measure == "count":
            return named_event
        over = any(word in late for word in _LATE)
        if not timed or (self.heard.targets.known and over and late not in _ABSENCES):
            return ""
        return late if named_event or (over and step.side == "above") else ""

    def _step(self, step: SaidStep, event: bool) -> Step | None:
        side = step.side
        if side == "both" or step.outcome.points.number == 0:
            return None
        if event or (not side and any(word in step.words + step.event for word in _LATE)):
            side = "above"
        elif side in ("worse", "better", ""):
            side = self._worse_side(side or ("worse" if step.outcome.sign < 0 else "better"))
        change = step.outcome.change
        return Step(self.scale.number(step.by), side, change)  # type: ignore[arg-type]

    def _worse_side(self, quality: str) -> str:
        if self.steps[0].by.measure == "count" and not self.heard.targets.known:
            return "above"
        if not self.heard.better and (self.scale.unit in (*TIMES, "days") or not self.steps[0].side):
            self.asked.append("direction")
        lower = self.heard.better == "lower"
        return "above" if (quality == "worse") == lower else "below"

    def _zero(self) -> Edge | Literal[False] | None:
        """From where the item is 0; False where bands say more than that."""
        zeros = [
            band for band in self.heard.all(Banded) if band.outcome.points.number == 0 and not band.outcome.kept and not band.outcome.sign
        ]
        if len(zeros) > 1:
            return False
        return self._edge(zeros[0].span) if zeros else None

    def _edge(self, span: Span) -> Edge | Literal[False]:
        low, high = self.placement.sides(span)
        if (low is None) == (high is None):
            return False
        end = low or high
        assert end is not None
        if end.included is None:
            return Edge("edge", end.level, "below")
        if low is not None:
            return Edge("from" if end.included else "above", end.level)
        return Edge("up_to" if end.included else "below", end.level)

    def _reached(self) -> Banded | Literal[False] | None:
        """The band that gives the full points, or those from which steps are counted."""
        rest = [band for band in self.heard.all(Banded) if band.outcome.points.number or band.outcome.kept]
        if len(rest) > 1 or any(not self._is_full(band) for band in rest):
            return False
        return rest[0] if rest else None

    def _agrees(self, steps: tuple[Step, ...], reached: Banded | None) -> bool:
        """Whether points are taken on the other side of the line from where the full points are given."""
        if reached is None or reached.span.exact:
            return True
        low, high = self.placement.sides(reached.span)
        if low is not None and high is not None:
            return False
        return all(step.side == ("below" if low is not None else "above") or step.points.number > 0 for step in steps)

    def _with_base(self, ends: Ends) -> Ends:
        """达到90%得8分，每低1%扣1分: counting starts at 8, unless 8 is the full."""
        reached = self._reached()
        if (
            not reached
            or reached.outcome.kept
            or reached.outcome.points == ALL
            or reached.outcome.points == Points(self.heard.full or Fraction(0))
        ):
            return ends
        if self.heard.full is None and ends.base is None:
            return replace(ends, full=reached.outcome.points.number)
        return replace(ends, base=reached.outcome.points) if ends.base is None else ends

    def _whole(self) -> str | None:
        """What a part of a step counts; None where the cell speaks of another step."""
        told = self.heard.all(Whole)
        if len(told) > 1 or any(row.by is not None and row.by.written not in {step.by.written for step in self.steps} for row in told):
            return None
        return told[0].whole if told else "down" if any(step.only_whole for step in self.steps) else ""

    def _part_asked(self, steps: list[Step], whole: str) -> str:
        singles = self.scale.is_whole and all(step.by == 1 for step in steps)
        return "" if whole or singles else "step"

    def _boundary(self, zero: Edge | None) -> tuple[Doubt, ...]:
        return (Doubt("boundary"),) if zero is not None and zero.kind == "edge" else ()
