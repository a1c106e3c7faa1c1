"""Stretches of values and what each gives: ≥95%得10分, 90%-95%得8分, 其余0分, 达标得满分; and things that are so or not: 全勤得10分."""

from __future__ import annotations

from kaohe.drafting.amounts import ALL, OUTCOME, WORD_OUTCOME, Outcome, Points, outcome_of
from kaohe.drafting.conditions import BROAD, CONDITION, NUMERIC, End, Span, span_of
from kaohe.drafting.grammar import Match, Rule, Statement, one, quantity, said, says, text, word
from kaohe.drafting.letters import listed
from kaohe.drafting.lexicon import SAID
from kaohe.drafting.quantities import SECONDS, Quantity
from kaohe.drafting.statements import Banded, Bound, Comparison, Drawn, Event, MarkRange, Rest, Vague

_NEVER = ("EACH", "REST", "NOTE", "SLASH")
_SUBJECT = ~text("before", never=_NEVER)
_TAIL = ~text("after", never=(*_NEVER, "SPAN", "SCOPE"))


def _outcome(match: Match) -> Outcome | None:
    return outcome_of(match.inside("outcome")[0])


def _build_band(match: Match) -> Statement | None:
    span, outcome = span_of(match.inside("condition")[0]), _outcome(match)
    if span is None or outcome is None or _of_a_target(match):
        return None
    before = said(match.part("before"))
    if span.quality in ("reached", "missed") and any(no in before for no in "未不没无非"):
        return None
    if (
        before.endswith(_NEGATIONS)
        or any(
            token.of("TAKE", "ADD") and token.of("GIVE", "TAKE") and len(token.text) > 1 and token.text in _CHANGES
            for token in match.part("before")[-2:]
        )
        or _is_part_of_full(match, span, outcome)
    ):
        return None
    met = said(match.part("condition")) if span.quality in ("reached", "missed") else ""
    return Banded(span, outcome, before + said(match.part("after")), met)


_CHANGES = ("扣除", "扣减", "扣掉", "减去", "扣罚", "增加", "奖励", "追加")
_NEGATIONS = ("未", "不", "没", "非", "未在", "不在", "没在", "没有", "未能", "不能")


def _is_part_of_full(match: Match, span: Span, outcome: Outcome) -> bool:
    """80%权重: a share of the weight, not the weight at 80%."""
    given = match.part("outcome")
    return span.exact and outcome.points == ALL and len(given) == 1 and given[0].text not in ("满分", "全分", "满额")


def _build_timed(match: Match) -> Statement | None:
    """30秒内响应率≥90%得10分: the time belongs to the name of the rate."""
    return _build_band(match) if match.words("before").endswith(("率", "比例", "占比", "数", "量", "度", "比")) else None


def _of_a_target(match: Match) -> bool:
    """Whether the number is a part of the target: 达到目标的90%."""
    before = match.part("before")
    return len(before) > 1 and before[-1].text == "的" and before[-2].of("TARGET", "TOP", "BOTTOM", "FULL")


def _build_vague(match: Match) -> Statement | None:
    return Vague()


def _build_none(match: Match) -> Statement | None:
    """无投诉得10分: the count of it is zero."""
    outcome = _outcome(match)
    if outcome is None:
        return None
    return Event(said(match.part("event")), outcome, negated=True)


def _build_rest(match: Match) -> Statement | None:
    outcome = _outcome(match)
    return None if outcome is None else Rest(outcome, opposite=match.has("opposite"))


def _build_event(match: Match) -> Statement | None:
    outcome = _outcome(match)
    named = [token for token in match.part("event") if not token.of("GIVE", "ADVERB", "SPAN", "SCOPE", "AS", "ADD", "TAKE", "PAID", "FULL")]
    if outcome is None or not named or (_is_rate(match) and not match.has("mark")) or (outcome.is_yuan and outcome.sign < 1):
        return None
    if not match.has("mark"):
        return Event(said(match.part("event")), outcome)
    about = match.words("about")
    if outcome.sign or any(no in about for no in "未不没无非"):
        return None
    return Event(match.token("mark").text, outcome, mark=True, about=about)


def _is_rate(match: Match) -> bool:
    """销售额的3%: a share of something, not of the points."""
    found = match.inside("outcome")[0]
    return (
        found.has("share")
        and not found.has("of_full")
        and not found.has("sign")
        and not any(token.text in ("得", "计", ":", "=") for token in match.part("outcome"))
    )


def _build_mark_range(match: Match) -> Statement | None:
    low, high = match.token("low").quantity, match.token("high").quantity
    turned = match.found_at("mark", 0) > match.found_at("high", 0)
    if (turned and match.token("mark").text.isascii()) or low.number >= high.number or high.measure not in ("points", "bare"):
        return None
    return MarkRange(match.token("mark").text, low.number, high.number)


def _build_points_of_mark(match: Match) -> Statement | None:
    """5分：优秀."""
    return Event(match.token("mark").text, Outcome(Points(match.token("high").quantity.number)), mark=True)


def _build_bound(match: Match) -> Statement | None:
    span = span_of(match.inside("condition")[0])
    short = any(token.text in ("不足", "不满", "未满") for token in match.part("condition"))
    aside = match.start > 0 and match.tokens[match.start - 1].of("OPEN") and bool(match.words("before"))
    remark = any(token.of("REMARK") for token in match.part("before"))
    return None if span is None or short or aside or remark else Bound(span, match.words("before"))


def _build_thousand(match: Match) -> Statement | None:
    """每千单投诉不超过3单: 3‰."""
    span, outcome = span_of(match.inside("condition")[0]), _outcome(match)
    whole = match.token("whole").quantity
    if span is None or outcome is None or whole.number < 100:
        return None
    low, high = (per_each(end, whole) for end in (span.low, span.high))
    return Banded(Span(low, high, span.exact), outcome, match.words("after"), per=whole)


def per_each(end: End | None, whole: Quantity) -> End | None:
    """An end counted in so many, as a share of them: 3 of 每千单 is 3‰."""
    if end is None or not isinstance(end.at, Quantity):
        return end
    share = Quantity(end.at.number / whole.number, "share", "‰", end.at.digit / whole.number, 1 / whole.number)
    return End(share, end.included, end.strength)


def _build_past(match: Match) -> Statement | None:
    outcome = _outcome(match)
    return None if outcome is None else Comparison(outcome)


def _build_drawn(match: Match) -> Statement | None:
    level = match.token("level").quantity
    if level.measure == "span":
        return None
    line = "top" if match.within("line", "TOP") else "bottom" if match.within("line", "BOTTOM") else "target"
    sign = str(match.token("sign").says["CMP"]) if match.has("sign") else ""
    side = match.token("side").says["SIDE"] if match.has("side") else None
    return Drawn(line, level, sign or (str(side[0]) if isinstance(side, tuple) else ""))  # type: ignore[arg-type]


_OUT = OUTCOME.called("outcome")
_LINK = one("GIVE", "COLON", "ADVERB").many(2)
_MARKED = (one("OPEN") + one("MARK") + one("CLOSE")) | one("MARK")
_BAND = _SUBJECT + BROAD.called("condition") + _TAIL + _OUT
_EXACT_BAND = _SUBJECT + CONDITION.called("condition") + _TAIL + _OUT
_LABELLED = _SUBJECT + NUMERIC.called("condition") + _LINK + _MARKED + one("PAUSE", "GIVE", "COLON").many(2) + _OUT
_LABEL_FIRST = (
    (one("MARK") + ~one("COLON") | text("label", never=_NEVER) + one("COLON"))
    + one("OPEN").many(1)
    + BROAD.called("condition")
    + one("CLOSE").many(1)
    + _OUT
)
_TURNED = (
    (OUTCOME.called("outcome"))
    + ~text(never=_NEVER)
    + one("COLON", "OPEN")
    + ~text("before", never=_NEVER)
    + NUMERIC.called("condition")
    + ~one("CLOSE")
)
_OUTER = text("before", never=(*_NEVER, "REACHED", "MISSED", "FULL")) + one("PAUSE", "COLON") + CONDITION.called("condition") + _TAIL + _OUT
_REST = one("REST") + ~text(never=_NEVER) + ~one("NUMBER") + _OUT
_OPPOSITE = (says("CMP", "above", "below") + ~(one("TARGET")) + ~word("的", "者", "部分")).called("opposite") + ~one("PAUSE") + _OUT
_EVENT = text("event", across=("LISTED",), never=_NEVER) + _OUT
_DUE = (~one("SPAN", "TEXT", "REMARK") + quantity("days", "span", "time") + one("BEFORE") + ~text(never=_NEVER)).called("event") + _OUT
_TIMED = (
    (~text(never=_NEVER) + quantity("time", "days") + ~one("SIDE") + text(never=_NEVER)).called("before")
    + ~one("GIVE")
    + BROAD.called("condition")
    + _TAIL
    + _OUT
)
_PURE = word(
    *listed(
        "五星 四星 三星 二星 优异 优秀 优 良好 良 一般 中 中等 差 较差 很差 极差 好 较好 很好 合格 不合格 满意 不满意 非常满意 "
        "一等 二等 三等 A B C D"
    )
)
_ABOUT_MARK = (one("RATE") + ~word("为") | text("about", most=3, never=(*_NEVER, "CMP", "MARK", "RATER", "RATE"))) + _PURE.called(
    "mark"
).called("event")
_MARK = (one("MARK").called("mark").called("event") | _ABOUT_MARK) + ~one("OPEN") + _OUT
_MARK_RANGE = (
    one("MARK").called("mark")
    + one("COLON", "GIVE", "OPEN").many(2)
    + quantity("points", "bare").called("low")
    + one("DASH")
    + quantity("points", "bare").called("high")
    + ~one("CLOSE")
)
_POINTS_FIRST = quantity("points").called("high") + (one("COLON") | word("=", "为")) + one("MARK").called("mark")
_RANGE_FIRST = (
    quantity("points", "bare").called("low")
    + one("DASH")
    + quantity("points").called("high")
    + (one("COLON") | word("=", "为"))
    + one("MARK").called("mark")
)
_NONE = ~one("SPAN") + one("NONE") + text("event", never=_NEVER) + _OUT
_PAST = ~text() + one("PAST") + ~text() + one("MOVED") + _OUT | one("MOVED") + _OUT
_ABOUT = ~text() + (one("APPROXIMATELY") + (quantity() | one("TARGET")) | quantity() + one("APPROXIMATELY")) + ~text() + _OUT
_LINE = ~one("SPAN") + ~text() + one("TARGET", "TOP", "BOTTOM").called("line")
_DRAWN = (
    _LINE
    + ~text(never=_NEVER, most=3)
    + one("GIVE", "COLON").many(2)
    + ~one("CMP").called("sign")
    + quantity().called("level")
    + ~one("SIDE").called("side")
)
_BASED = ~text() + one("BASE").called("line") + one("GIVE", "COLON").many(2) + quantity("share", "time", "count").called("level")
_STARTING = ~text() + quantity().called("level") + word("起") + one("TAKE", "ADD", "GIVE")
_TAKEN_AS = (
    ~text()
    + word("以")
    + quantity().called("level")
    + word("为", "作为")
    + (one("TARGET") | word("准", "标准", "基准", "界", "限", "基准线", "达标线"))
)
_AS_STANDARD = ~text() + word("以") + quantity().called("level") + word("为准", "为基准", "为标准", "为界", "为限")

RULES = (
    Rule("band", _BAND, _build_band),
    Rule("band of one value", _EXACT_BAND, _build_band, cost=14),
    Rule("labelled band", _LABELLED, _build_band),
    Rule("label, band", _LABEL_FIRST, _build_band),
    Rule("subject: band", _OUTER, _build_band, cost=16),
    Rule("band turned round", _TURNED, _build_band, cost=14),
    Rule(
        "a share of thousand",
        one("EACH") + quantity("count", "bare").called("whole") + ~text("after") + NUMERIC.called("condition") + _TAIL + _OUT,
        _build_thousand,
    ),
    Rule("band with a word", _SUBJECT + NUMERIC.called("condition") + WORD_OUTCOME.called("outcome"), _build_band, cost=14),
    Rule("rest", _REST, _build_rest),
    Rule("the opposite", _OPPOSITE, _build_rest, cost=12),
    Rule("event", _EVENT, _build_event, cost=14),
    Rule("due by a day", _DUE, _build_event, cost=12),
    Rule("band of a timed rate", _TIMED, _build_timed, cost=4),
    Rule("mark", _MARK, _build_event),
    Rule("range of a mark", _MARK_RANGE | _RANGE_FIRST, _build_mark_range),
    Rule("points of a mark", _POINTS_FIRST, _build_points_of_mark, cost=9),
    Rule("none of it", _NONE, _build_none, cost=8),
    Rule("than before", _PAST, _build_past, cost=6),
    Rule("about", _ABOUT, _build_vague, cost=1),
    Rule("line drawn", _DRAWN, _build_drawn, cost=12),
    Rule("line drawn as a basis", _BASED, _build_drawn, cost=12),
    Rule("line from which it starts", _STARTING, _build_drawn, cost=12),
    Rule("line drawn by 以", _AS_STANDARD | _TAKEN_AS, _build_drawn, cost=9),
    Rule("bare condition", ~text("before", never=_NEVER) + NUMERIC.called("condition") + ~word("时", "的", "者"), _build_bound, cost=40),
)

__all__ = ["RULES", "SAID", "SECONDS"]
