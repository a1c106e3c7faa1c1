"""Bands, and all or nothing: from stretches of values and what each gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from kaohe.drafting.amounts import ALL, NONE, Outcome, Points
from kaohe.drafting.bands import Axis, Doubt, End, Ground, Joint, Stretch, lay_out, tell, worth
from kaohe.drafting.composing.heard import Heard, Understood, doubts
from kaohe.drafting.conditions import End as SaidEnd
from kaohe.drafting.conditions import Line, Span
from kaohe.drafting.levels import TIMES, Scale
from kaohe.drafting.lexicon import CUSTOM
from kaohe.drafting.phrases.banding import per_each
from kaohe.drafting.phrases.counting import named
from kaohe.drafting.quantities import Quantity
from kaohe.drafting.readings import AllOrNothing, Band, Edge, PayBand, PayPerUnit, Reading, Tiers, Veto, VetoAlone
from kaohe.drafting.statements import Banded, Comparison, Drawn, Event, Full, Rest, Vague


@dataclass(frozen=True)
class Placement:
    """How the conditions of a cell become numbers: the unit, which side is better, what stands for a target that nobody told."""

    heard: Heard
    scale: Scale

    @property
    def higher(self) -> bool:
        """Whether higher values are better, as far as anybody told."""
        return self.heard.better != "lower"

    @property
    def direction_open(self) -> bool:
        """Whether 达标 could mean either side: nobody told, and the value is a time."""
        return not self.heard.better and self.scale.unit in (*TIMES, "days", "")

    def end(self, said: SaidEnd) -> End:
        """An end as a number."""
        if isinstance(said.at, Quantity):
            return End(self.scale.number(said.at), said.included, said.strength, self.scale.digit(said.at))
        return self._line(said.at, said)

    def _line(self, line: Line, said: SaidEnd) -> End:
        at = self.heard.targets.at
        found = at.get(line)
        if found is None:
            order: dict[str, int] = {"bottom": 0, "target": 1, "top": 2}
            return End(Fraction(order[line]), said.included, said.strength, label="target" if line == "target" else line)
        by_name = line == "target" and len(at) == 1 and not self.heard.targets.told_here
        return End(self.scale.number(found), said.included, said.strength, self.scale.digit(found), "target" if by_name else "")

    def stretch(self, banded: Banded) -> Stretch:
        """The stretch of values that a statement speaks of; 24小时解决 is within 24 hours."""
        low, high = self.sides(banded.span)
        if banded.span.exact and self.scale.unit in TIMES and banded.words and high is not None and self.heard.better != "higher":
            return Stretch(None, replace(high, strength=CUSTOM), banded.outcome.change)
        return Stretch(low, high, banded.outcome.change)

    def sides(self, span: Span) -> tuple[End | None, End | None]:
        """Both ends of a span; 达标, 优于 and the like turned to the side that is better."""
        low, high = (None if end is None else self.end(end) for end in (span.low, span.high))
        if not span.quality or low is None:
            return low, high
        upwards = {"better": self.higher, "reached": self.higher, "missed": not self.higher, "worse": not self.higher}[span.quality]
        return (low, None) if upwards else (None, low)


def compose(heard: Heard) -> Understood | None:
    """The bands of a cell; None where it says anything else."""
    if not heard.only(Banded, Rest, Event, Full, Drawn, Comparison, Vague):
        return None
    if heard.all(Comparison):
        return _compared(heard)
    if heard.all(Vague):
        return _vague(heard)
    heard = _opposites(_per_thousand(heard))
    if heard.all(Vague):
        return Understood(None, doubts("meaning"))
    events, rests = heard.all(Event), heard.all(Rest)
    banded = heard.all(Banded)
    if events and not banded:
        return _so_or_not(heard, events, rests)
    if len(rests) > 1 or not banded:
        return None
    counted = [_as_count(event) for event in events]
    if None in counted:
        return None
    return bands_of(replace(heard, statements=[*banded, *[row for row in counted if row is not None], *rests]))


def _named(event: Event) -> str:
    return f"无{event.event}" if event.negated else named(event.event)


def _exceeding(heard: Heard) -> Heard:
    """超标 is bad where lower is better; beside 达标 and 不达标 it is more than the target; else nobody can tell."""
    over = [band for band in heard.all(Banded) if band.met.startswith("超标")]
    if not over or heard.better == "lower":
        return heard
    if len({band.span.quality for band in heard.all(Banded) if band not in over}) < 2:
        return replace(heard, statements=[*heard.statements, Vague()])
    turned = {id(band): replace(band, span=Span(SaidEnd("target", False, 3), quality="better")) for band in over}
    return replace(heard, statements=[turned.get(id(statement), statement) for statement in heard.statements])


def _per_thousand(heard: Heard) -> Heard:
    """每千单投诉≤3单得10分，>3单0分: the second is told of a thousand, too."""
    wholes = {band.per for band in heard.all(Banded) if band.per is not None}
    if len(wholes) != 1:
        return heard
    whole = wholes.pop()
    turned = {
        id(band): replace(band, span=_share_of(band.span, whole))
        for band in heard.all(Banded)
        if band.per is None and _counts_only(band.span)
    }
    return replace(heard, statements=[turned.get(id(statement), statement) for statement in heard.statements])


def _share_of(span: Span, whole: Quantity) -> Span:
    return replace(span, low=per_each(span.low, whole), high=per_each(span.high, whole))


def _counts_only(span: Span) -> bool:
    return all(isinstance(level, Quantity) and level.measure in ("count", "bare") for level in span.levels)


def _opposites(heard: Heard) -> Heard:
    """未达到不得分 after 达到90%: the other side of what was said; 未完成0分 after 完成10分: not being so."""
    heard = _exceeding(heard)
    missed = [
        band for band in heard.all(Banded) if band.span.quality == "missed" and band.met == band.met.removesuffix("目标") and not band.words
    ]
    others = [band for band in heard.all(Banded) if band not in missed]
    numeric = any(isinstance(level, Quantity) for band in others for level in band.span.levels)
    turned: dict[int, Rest | Event] = {}
    if len(missed) == 1 and numeric:
        turned = {id(missed[0]): Rest(missed[0].outcome, opposite=True)}
    elif heard.all(Event) and not others:
        turned = {id(band): Event(band.met, band.outcome) for band in missed}
    return replace(heard, statements=[turned.get(id(statement), statement) for statement in heard.statements])


def _as_count(event: Event) -> Banded | None:
    """无投诉得10分 beside 1起得6分: none at all."""
    if (
        not event.outcome.sign
        and event.outcome.points.number
        and any(word in event.event for word in ("齐全", "完整", "全部", "全对", "无缺"))
    ):
        zero = SaidEnd(Quantity(Fraction(0), "bare"), True, 3)
        return Banded(Span(zero, zero, exact=True), event.outcome)
    if not event.negated and not (
        event.event.startswith(("未", "没", "无", "零")) and not event.outcome.points.number and not event.outcome.sign
    ):
        return None
    zero = SaidEnd(Quantity(Fraction(0), "bare"), True, 3)
    return Banded(Span(zero, zero, exact=True), event.outcome)


def _compared(heard: Heard) -> Understood:
    asks = ["meaning"] if heard.given.direction else ["direction", "meaning"]
    return Understood(None, doubts(*asks))


def _vague(heard: Heard) -> Understood:
    return Understood(None, doubts(*(["meaning"] if heard.all(Rest) or len(heard.all(Banded)) else ["rest", "meaning"])))


# --- something is so, or not ----------------------------------------------------------------------------


def _so_or_not(heard: Heard, events: list[Event], rests: list[Rest]) -> Understood | None:
    """全勤得10分，否则0分; 通过得10分，未通过不得分."""
    gains = [event for event in events if event.outcome.points.number > 0]
    losses = [event for event in events if event.outcome.points.number == 0 and not event.outcome.kept]
    told = [rest.outcome for rest in rests] + [event.outcome for event in losses]
    if not gains and len(losses) == len(events) == 1 and not rests and losses[0].outcome.scope in (None, "item"):
        return Understood(VetoAlone(veto=Veto(_named(losses[0]), "item")), doubts("" if _named(losses[0]) else "event"))
    if (
        len(gains) != 1
        or len(gains) + len(losses) != len(events)
        or any(outcome.points.number or outcome.kept or outcome.word for outcome in told)
    ):
        return None
    if (
        (gains[0].outcome.sign and not gains[0].outcome.is_yuan)
        or gains[0].outcome.coefficient
        or gains[0].outcome.word
        or any(not _opposes(gains[0], event) for event in losses)
    ):
        return None
    reading = AllOrNothing(points=gains[0].outcome.points, event=_named(gains[0]), is_yuan=gains[0].outcome.is_yuan)
    asks = [] if told or gains[0].outcome.is_yuan else ["rest"]
    return Understood(reading, doubts(*asks, _full_asked(heard, [gains[0].outcome.points])))


_IN_TIME = ("按时", "按期", "及时", "准时", "如期", "按要求")
_LATE = ("延误", "延迟", "逾期", "超时", "超期", "未按", "不按", "未及时", "不及时", "迟", "拖延", "滞后", "延期")


def _opposes(gain: Event, loss: Event) -> bool:
    """Whether the second is the first not being so: 通过…, 未通过."""
    words = loss.event.lstrip("未不没无非有")
    if gain.event.startswith(_IN_TIME) and any(word in loss.event for word in _LATE):
        return True
    if (gain.event, loss.event) in _PAIRS or _differ_by_having(gain.event, loss.event):
        return True
    return loss.event != words and (not words or words[:2] in gain.event or gain.event[:2] in words)


_PAIRS = {("是", "否"), ("有", "无"), ("有", "没有"), ("参加", "缺席"), ("合规", "违规"), ("通过", "挂科")}


def _differ_by_having(gain: str, loss: str) -> bool:
    """有记录 beside 无记录, 参加培训 beside 缺席."""
    if gain.startswith("有") and loss.lstrip("无没有") == gain.removeprefix("有"):
        return True
    return gain.startswith(("参加", "出席")) and loss.startswith(("缺席", "缺勤", "未", "不"))


def _full_asked(heard: Heard, points: list[Points]) -> str:
    """Whether a share of the full is given and nobody told the full."""
    return "full" if heard.full is None and any(found.is_share for found in points) else ""


# --- bands ----------------------------------------------------------------------------------------------


def bands_of(heard: Heard) -> Understood | None:
    """Bands laid out on their axis, with what has to be asked about them."""
    banded, rests = heard.all(Banded), heard.all(Rest)
    outcomes = [found.outcome for found in banded] + [found.outcome for found in rests]
    quantities = [level for found in banded for level in found.span.levels if isinstance(level, Quantity)]
    if heard.targets.known and any("超额" in found.words for found in banded):
        return Understood(None, doubts("meaning"))
    if _speak_of_different_things(banded) or len({level.measure for level in quantities} - {"bare", "time", "days"}) > 1:
        return Understood(None, doubts("meaning"))
    named_lines = any(not isinstance(level, Quantity) for found in banded for level in found.span.levels)
    if named_lines and heard.given.unit not in ("", "ratio") and any(level.measure == "share" for level in quantities):
        return Understood(None, doubts("meaning"))
    scale = Scale.of(heard.given, [*quantities, *_of_targets(heard, banded, quantities)])
    placement = Placement(heard, scale)
    meaning = _unclear(outcomes)
    signed = any(outcome.sign for outcome in outcomes) and meaning != "unreadable"
    rows = [placement.stretch(replace(found, outcome=_plain(found.outcome, signed))) for found in banded]
    axis = lay_out(rows, _plain(rests[0].outcome, signed).change if rests else None, signed, _ground(scale), heard.full)
    if axis.muddled:
        return Understood(None, doubts("meaning"))
    asked = _asked(heard, placement, banded, scale, outcomes, axis)
    if meaning == "unreadable":
        return Understood(None, (*asked, Doubt("meaning")))
    reading = _told(heard, placement, axis, outcomes, signed)
    rates = isinstance(reading, PayPerUnit) and not reading.each
    kept = tuple(doubt for doubt in asked if not (rates and doubt.kind == "full"))
    return Understood(reading, (*kept, *doubts("meaning" if meaning or rates else "")))


def _speak_of_different_things(banded: list[Banded]) -> bool:
    """接通率≥95%得5分，满意率≥90%得5分: two values in one cell, by words that have nothing in common."""
    words = [set(found.words) - _SMALL_WORDS for found in banded]
    return any(one and other and one.isdisjoint(other) for one, other in combinations(words, 2))


_SMALL_WORDS = set(
    "的者率数量度值在为是时则按均都控制保持到至于内为优良中差好秀一般合格不及较很基本称职ABCDES级等档甲乙丙丁：:()，、；。达完成实现得发生出现"
)


def _of_targets(heard: Heard, banded: list[Banded], quantities: list[Quantity]) -> list[Quantity]:
    """The numbers of the target, where conditions speak of it."""
    named = any(not isinstance(level, Quantity) for found in banded for level in found.span.levels)
    return list(heard.targets.at.values()) if named else []


def _ground(scale: Scale) -> Ground:
    return Ground(scale.is_whole, *scale.natural_ends)


def _unclear(outcomes: list[Outcome]) -> str:
    """Why the outcomes cannot be read together: a word, or scores beside changes; or only in doubt: a coefficient."""
    if any(outcome.word for outcome in outcomes) or len({outcome.is_yuan for outcome in outcomes if outcome.points.number}) > 1:
        return "unreadable"
    if any(outcome.scope in ("total", "unclear", "review") or (outcome.scope == "pay" and not outcome.is_yuan) for outcome in outcomes):
        return "unreadable"
    scores = [outcome for outcome in outcomes if not outcome.sign and not outcome.kept]
    if any(outcome.sign for outcome in outcomes) and any(outcome.points.number for outcome in scores):
        return "unreadable"
    if any(outcome.sign < 0 for outcome in outcomes) and scores and not any(outcome.sign > 0 for outcome in outcomes):
        return "unreadable"
    return "doubtful" if any(outcome.coefficient for outcome in outcomes) else ""


def _plain(outcome: Outcome, signed: bool) -> Outcome:
    """不扣分 among scores is the full, among changes it is nothing."""
    if not outcome.kept:
        return outcome
    return Outcome(NONE) if signed or "扣" not in outcome.kept else Outcome(ALL)


def _asked(
    heard: Heard, placement: Placement, banded: list[Banded], scale: Scale, outcomes: list[Outcome], axis: Axis
) -> tuple[Doubt, ...]:
    found = list(axis.doubts)
    named = [level for row in banded for level in row.span.levels if not isinstance(level, Quantity)]
    if named and not set(named) <= set(heard.targets.at):
        found.append(Doubt("target"))
    if any(row.span.quality for row in banded) and placement.direction_open:
        found.append(Doubt("direction"))
    if scale.doubtful:
        found.append(Doubt("unit"))
    if _full_asked(heard, [outcome.points for outcome in outcomes]):
        found.append(Doubt("full"))
    return tuple(dict.fromkeys(found))


def _told(heard: Heard, placement: Placement, axis: Axis, outcomes: list[Outcome], signed: bool) -> Reading:
    unit = placement.scale.unit if placement.scale.told else ""
    undirected = placement.direction_open and any(band.span.quality for band in heard.all(Banded))
    is_yuan = any(outcome.is_yuan for outcome in outcomes)
    all_or_nothing = None if signed and not is_yuan else _two_outcomes(heard, axis)
    if all_or_nothing is not None:
        edge, points = all_or_nothing
        edge = _undirected(edge) if undirected else edge
        return AllOrNothing(points=points, edge=edge, unit=unit, is_yuan=is_yuan)
    bands = tell(axis, heard.full)
    if undirected:
        bands = tuple(Band(tuple(_undirected(edge) for edge in band.edges), band.points) for band in bands)
    if is_yuan or _are_rates(heard, outcomes):
        return PayPerUnit(bands=tuple(PayBand(band.edges, band.points.number) for band in bands), each="期" if is_yuan else "", unit=unit)
    return Tiers(bands=bands, signed=signed, unit=unit)


def _are_rates(heard: Heard, outcomes: list[Outcome]) -> bool:
    """10万元以上按2%提成: shares of the money itself, where no column tells points."""
    return (
        heard.given.unit == "yuan"
        and heard.full is None
        and all(outcome.points.is_share or not outcome.points.number for outcome in outcomes)
    )


def _undirected(edge: Edge) -> Edge:
    return Edge("edge", edge.at) if edge.at == "target" else edge


def _two_outcomes(heard: Heard, axis: Axis) -> tuple[Edge, Points] | None:
    """The edge and the points, where there is one edge with nothing on one side of it."""
    if len(axis.stretches) != 2 or axis.below or axis.above or not isinstance(axis.between[0], Joint):
        return None
    figures = [worth(stretch.points, heard.full) for stretch in axis.stretches]
    if min(figures) != 0 or max(figures) <= 0:
        return None
    bands = tell(axis, heard.full)
    return (bands[0].edges[0], bands[0].points) if bands[0].points.number else None
