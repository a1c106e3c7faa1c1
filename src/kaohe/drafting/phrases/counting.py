"""Points for each occurrence and for each step: 每例扣2分, 扣2分/次, 每低1%扣2分, 逾期一天扣1分; and what a part of a step counts."""

from __future__ import annotations

import re

from kaohe.drafting.amounts import PLAIN_OUTCOME, SIGNED, Outcome, Points, outcome_of
from kaohe.drafting.conditions import Line, line_of
from kaohe.drafting.grammar import Match, Rule, Statement, one, quantity, said, says, text, word
from kaohe.drafting.letters import listed
from kaohe.drafting.quantities import Quantity
from kaohe.drafting.statements import Deadline, PerEvent, PerStep, Whole

_NEVER = ("EACH", "REST", "NOTE", "VETO")
_LINE = ~one("SPAN") + one("TARGET", "TOP", "BOTTOM")
_GAIN = (SIGNED | PLAIN_OUTCOME).called("outcome") + ~one("CLOSE")
_GIVEN = one("PAUSE", "GIVE", "ADVERB").many(2) + _GAIN
_LINE_OR_NUMBER = ~((_LINE | quantity("share", "points", "time", "count", "bare")).called("beyond"))


def _outcome(match: Match) -> Outcome | None:
    found = outcome_of(match.inside("outcome")[0])
    if found is None or found.kept or found.word or found.coefficient:
        return None
    told = found.sign or found.is_yuan or any(token.text in ("得", "计", "记", "获", "得分") for token in match.part("outcome"))
    return found if told else None


# --- occurrences ------------------------------------------------------------------------------------


def _build_each(match: Match) -> Statement | None:
    """每漏接一个电话扣4分, 早退每次扣2分, 扣2分/次, 被投诉1次，扣5分."""
    outcome = _outcome(match)
    unit = next((token.quantity for name in ("times", "per") for token in match.within(name, "QTY")), None)
    if outcome is None or (unit is not None and unit.number != unit.size):
        return None
    if unit is not None and unit.measure != "count":
        return None
    event = _event_of(match)
    return PerEvent(event, outcome, unit.unit if unit else "次", each=not match.has("once"))


def _event_of(match: Match) -> str:
    """What happens; 按规定操作，每违反一次: what stands before a comma is only said to be due, if something follows."""
    own = "".join(named(match.words(name)) for name in ("after", "more"))
    before = match.part("before")
    pauses = [place for place, token in enumerate(before) if token.text in ("，", ",")]
    ended = (
        match.found_at("before", 1) < len(match.tokens) and match.tokens[match.found_at("before", 1)].text in ("，", ",")
        if before
        else False
    )
    if own and ended:
        before = ()
    elif pauses and (own or match.has("once")) and named(said(before[pauses[-1] + 1 :])) + own:
        before = before[pauses[-1] + 1 :]
    return named(named(said(before)) + own)


_HAPPENS = listed(
    "一旦发生 一旦出现 一旦发现 一经发现 如发生 如出现 如有发生 凡发生 凡出现 凡是 被发现 发生 出现 发现 存在 产生 如有 若有 凡有 "
    "每有 经查实 查实 凡 如 若 有"
)

_FOUND = "一经发现|一经查实|被发现|经查实|一旦发现"
_ADORNED = re.compile(
    rf"(?:当月|本月|累计|全月)?(?:{'|'.join(_HAPPENS)})?(?<!有(?=[效责关理误损违奖序意错]))(.*?)"
    rf"(?:[，、 ](?:发现|出现|发生|查实|有)|[，、 ]?(?:{_FOUND}))?$"
)


def named(words: str) -> str:
    """The words that name an event, without 出现, 发生 and the like around them."""
    words = words.removesuffix("者").removesuffix("的").strip(" ，、")
    if words in _HAPPENS or words in ("累计", "当月", "累计发生", "单次", "每次", "扣分", "加分", "减分", "奖励"):
        return ""
    match = _ADORNED.match(words)
    return match[1].strip(" ，、") if match and match[1] else words


_NUMBER = quantity("count").called("times")
_EVENT = text("before", across=("PAUSE",), never=_NEVER)
_EVENT_ANY = text("before", across=("PAUSE", "QTY", "CMP", "SIDE"), never=_NEVER)
_OCCUR = one("OCCUR").many(1)
_EACH_EVENT = (
    ~(_EVENT_ANY + one("PAUSE", "COLON").many(1))
    + one("EACH")
    + _OCCUR
    + ~text("after", never=_NEVER)
    + _NUMBER
    + ~text("more", never=_NEVER)
    + _GIVEN
    + ~(one("SLASH") + quantity("count"))
)
_SLASHED = (
    ~(_EVENT_ANY + one("PAUSE", "COLON").many(1))
    + _GIVEN
    + (one("SLASH") + quantity("count").called("per") | one("EACH") + quantity("count").called("per"))
)
_ONCE = (_EVENT_ANY + _NUMBER).called("once") + ~text("more", never=_NEVER) + one("PAUSE").many(1) + (SIGNED.called("outcome"))
_EACH_WITHOUT_NUMBER = one("EACH") + text("after", never=_NEVER) + (SIGNED.called("outcome"))


# --- steps ------------------------------------------------------------------------------------------


def _build_step(match: Match) -> Statement | None:
    outcome = _outcome(match)
    by = match.part("by")[0].quantity
    if outcome is None or by.number <= 0 or by.measure in ("factor", "span"):
        return None
    if by.measure == "count" and not (match.has("beyond") or match.has("way") or by.number != by.size):
        return None
    way = match.part("way")
    side = _side(way)
    if side is None:
        return None
    words = said(match.part("before"))
    event = "".join(named(match.words(name)) for name in ("late", "more"))
    whole = any(token.text == "满" for token in way) or match.has("filled")
    return PerStep(by, outcome, side, _beyond(match), words, event, whole, said(way))


SIDES = {"from": "", "above": "above", "below": "below", "up_to": None, "equal": None, "better": "better", "worse": "worse"}


def _side(way: object) -> str | None:
    """Which side of the line 高, 低, 超过, 差 mean; None where they cannot be told."""
    tokens = list(way)  # type: ignore[call-overload]
    if not tokens:
        return ""
    token = tokens[-1]
    if token.of("MOVE"):
        return str(token.says["MOVE"])
    return SIDES.get(str(token.says["CMP"]))


def _beyond(match: Match) -> Quantity | Line | None:
    tokens = match.part("beyond")
    if not tokens:
        return None
    token = tokens[-1]
    return token.quantity if token.of("QTY") and not token.of("TARGET", "TOP", "BOTTOM") else line_of(token)


def _build_over(match: Match) -> Statement | None:
    """超过100单后每多10单加1分, 超出3%部分，每1%扣2分."""
    found = _build_step(match)
    if not isinstance(found, PerStep):
        return found
    over = match.token("over")
    if over.of("CMP") and str(over.says["CMP"]) not in ("above", "below", "from"):
        return None
    side = found.side or (
        _side([over])
        if over.of("CMP", "MOVE")
        else str({"from": "above", "up_to": "", "open": "below"}.get(_first(over.says.get("SIDE")), ""))
    )
    if found.side and over.of("CMP") and _side([over]) and _side([over]) != found.side:
        return None
    if found.outcome.is_yuan and found.outcome.sign >= 0:
        return None
    if (
        isinstance(found.beyond, Quantity)
        and "bare" not in (found.by.measure, found.beyond.measure)
        and (found.by.measure == "count") != (found.beyond.measure == "count")
    ):
        return None
    return PerStep(found.by, found.outcome, side or "", found.beyond, found.words, found.event, found.only_whole)


def _first(pair: object) -> str:
    return str(pair[0]) if isinstance(pair, tuple) else ""


_BY = quantity().called("by")
_LONG = quantity("time", "days").called("by")
_FULL_STEP = ~word("满").called("filled")
_COMPARED = (
    one("THAN") + _LINE.called("beyond") + one("THAN").many(1) | one("MISSED") + ~_LINE.called("beyond") + one("GIVE", "PASSING").many(2)
) + one("PAUSE").many(1)
_MOVED = (
    ~text("before", across=("PAUSE",), never=_NEVER)
    + one("PAUSE", "COLON", "RANKED").many(1)
    + ~_COMPARED
    + one("EACH")
    + (one("ADVERB") | word("完整", "足", "整").called("filled")).many(1)
    + ~(one("THAN") + (_LINE | quantity()).called("beyond"))
    + (one("CMP", "MOVE").called("way") | word("多", "少").called("way") + one("TEXT"))
    + _LINE_OR_NUMBER
    + ~word("值")
    + ~one("MOVE", "GIVE", "REACHED")
    + _FULL_STEP
    + _BY
    + ~(~word("的") + one("PASSING"))
    + ~text(never=_NEVER, most=2)
    + _GIVEN
)
_PLAIN = (
    ~text("before", across=("PAUSE",), never=_NEVER)
    + one("PAUSE", "COLON").many(1)
    + one("EACH")
    + quantity("share", "points", "bare", "yuan").called("by")
    + ~one("PASSING")
    + _GIVEN
)
_UNEACHED = (
    ~text("before", never=_NEVER)
    + ~(one("THAN") + (_LINE | quantity()).called("beyond"))
    + one("MOVE").called("way")
    + _LINE_OR_NUMBER
    + quantity("share", "time", "points").called("by")
    + one("PAUSE").many(1)
    + SIGNED.called("outcome")
)
_LATE_EACH = text("late", across=("PAUSE", "QTY", "SIDE"), never=_NEVER) + one("PAUSE").many(1) + one("EACH") + _FULL_STEP + _LONG + _GIVEN
_EACH_LATE = (
    ~(text("before", across=("PAUSE", "QTY", "SIDE"), never=_NEVER) + one("PAUSE"))
    + one("EACH")
    + text("late", never=_NEVER)
    + _FULL_STEP
    + _LONG
    + ~text("more", never=_NEVER)
    + _GIVEN
)
_PER_LONG = (
    ~(text("late", across=("PAUSE", "QTY", "SIDE"), never=_NEVER) + one("PAUSE").many(1))
    + SIGNED.called("outcome")
    + (one("SLASH") | one("EACH"))
    + quantity("time", "days", "share").called("by")
)
_SEVERAL = (
    ~(text("late", across=("PAUSE",), never=_NEVER) + one("PAUSE").many(1))
    + one("EACH")
    + ~text("late", never=_NEVER)
    + _FULL_STEP
    + quantity("count").called("by")
    + ~text("more", never=_NEVER)
    + _GIVEN
)
_OVER = (
    ~text("before", never=_NEVER)
    + (
        one("CMP", "MOVE").called("over") + (_LINE | quantity()).called("beyond") + ~word("时间", "值", "以上", "以下")
        | (_LINE | quantity()).called("beyond") + one("SIDE").called("over")
    )
    + (word("的") + one("PASSING") | one("PASSING") | word("的")).many(2)
    + one("PAUSE").many(1)
    + (one("EACH") | one("PASSING"))
    + one("OCCUR").many(1)
    + ~one("CMP", "MOVE").called("way")
    + ~one("MOVE", "GIVE", "OCCUR")
    + _FULL_STEP
    + _BY
    + ~text(never=_NEVER)
    + _GIVEN
)
_ON_TOP = (
    ~text("before", never=_NEVER)
    + word("在")
    + (_LINE | quantity()).called("beyond")
    + ~word("的")
    + word("基础上").called("over")
    + one("PAUSE").many(1)
    + one("EACH")
    + one("MOVE", "CMP").called("way")
    + _BY
    + _GIVEN
)


# --- parts of a step --------------------------------------------------------------------------------


def _build_part(match: Match) -> Statement | None:
    by = match.token("by").quantity if match.has("by") else None
    if match.has("up"):
        other = match.token("up_to").quantity if match.has("up_to") else by
        return Whole("up", by) if by is None or other is None or other.written == by.written else None
    return Whole("down" if match.has("down") else "none", by)


def _build_deadline(match: Match) -> Statement | None:
    """每月5日前报送; what is reported there is no duty of the person."""
    tokens = match.tokens[match.start : match.end]
    reported = any(token.of("REMARK") and len(token.text) > 3 for token in tokens)
    missed = any(sign in said(tokens) for sign in "未不没逾超晚迟误漏缺")
    return None if reported or missed else Deadline(done=any(token.of("DONE", "DONE_BY", "REMARK") for token in tokens))


def _build_in_parts(match: Match) -> Statement | None:
    """按比例扣减."""
    return Whole("none") if any(token.of("TAKE", "ADD") for token in match.tokens[match.start + 1 : match.end]) else None


_REMAINDER = one("REMAINDER") + one("GIVE", "PASSING", "REMAINDER").many(3)
_SHORT = (
    one("REMAINDER").many(1)
    + says("CMP", "below")
    + quantity().called("by")
    + one("GIVE", "PASSING", "ADVERB", "PAUSE", "REMAINDER").many(3)
)
_AS_ONE = (
    _SHORT
    + one("GIVE", "ADVERB").many(1)
    + one("AS")
    + one("GIVE", "ADVERB").many(1)
    + quantity().called("up_to")
    + one("AS", "GIVE", "TAKE", "ADD").many(2)
)
_ROUNDED = (
    (_SHORT | _REMAINDER)
    + one("AS", "ADVERB").many(1)
    + (one("UP").called("up") | one("DOWN").called("down") | one("IN_PARTS").called("parts"))
    + one("AS", "TAKE", "ADD", "GIVE").many(2)
)


def _build_as_one(match: Match) -> Statement | None:
    by, other = match.token("by").quantity, match.token("up_to").quantity
    return Whole("up", by) if by.written == other.written else None


_DAY = (
    quantity("days", "span", "date", "bare", "time") + ~one("CLOCK")
    | one("CLOCK")
    | word("月底", "月末", "季末", "季度末", "周五", "周一", "下班", "周末", "次日", "当日", "当天", "年底")
)
_DEADLINE = (
    ~text(never=_NEVER) + ~(one("EACH") + quantity("days", "span")) + one("SPAN").many(1) + _DAY + one("BEFORE") + ~text(never=_NEVER)
)


def _build_points_each(match: Match) -> Statement | None:
    """每单0.5分: whether that is given or taken the neighbours tell."""
    unit = match.token("times").quantity
    if unit.number != unit.size:
        return None
    return PerEvent(_event_of(match), Outcome(Points(match.token("points").quantity.number)), unit.unit)


_POINTS_EACH = (
    ~(_EVENT_ANY + one("PAUSE", "COLON").many(1))
    + one("EACH")
    + _OCCUR
    + ~text("after", never=_NEVER)
    + _NUMBER
    + ~text("more", never=_NEVER)
    + ~one("PAUSE")
    + quantity("points").called("points")
)

RULES = (
    Rule("points of each", _POINTS_EACH, _build_points_each, cost=16),
    Rule("each occurrence", _EACH_EVENT, _build_each),
    Rule("points a time", _SLASHED, _build_each),
    Rule("once", _ONCE, _build_each, cost=16),
    Rule("each of a kind", _EACH_WITHOUT_NUMBER, _build_each, cost=16),
    Rule("each step away", _MOVED, _build_step),
    Rule("each step", _PLAIN, _build_step),
    Rule("a step away", _UNEACHED, _build_step, cost=12),
    Rule("late, each", _LATE_EACH, _build_step),
    Rule("each late", _EACH_LATE, _build_step),
    Rule("points a day", _PER_LONG, _build_step, cost=12),
    Rule("several", _SEVERAL, _build_step, cost=11),
    Rule("beyond a line, each", _OVER, _build_over, cost=8),
    Rule("on top of a line, each", _ON_TOP, _build_step, cost=8),
    Rule("a part as one", _AS_ONE, _build_as_one, cost=6),
    Rule("a part", _ROUNDED, _build_part, cost=6),
    Rule("whole steps", one("UP").called("up") | one("CUT_OFF").called("down"), _build_part, cost=8),
    Rule("in parts", one("IN_PARTS") + one("TAKE", "ADD", "AS").many(2), _build_in_parts, cost=8),
    Rule("deadline", _DEADLINE, _build_deadline, cost=6),
)
