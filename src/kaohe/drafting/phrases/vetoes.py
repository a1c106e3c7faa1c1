"""What takes everything at once: 重大投诉本项0分, 旷工3天及以上当月总分清零, 一票否决, 扣除当月全部奖金."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.drafting.conditions import NUMERIC, span_of
from kaohe.drafting.grammar import Match, Pattern, Rule, Statement, Stream, Ways, one, quantity, said, says, text, word
from kaohe.drafting.phrases.counting import named
from kaohe.drafting.quantities import Quantity
from kaohe.drafting.statements import Vetoed


def _zero(tokens: Stream, at: int) -> Ways:
    return [(end, found) for end, found in quantity("points", "bare").ways(tokens, at) if tokens[at].quantity.number == 0]


_NEVER = ("EACH", "REST", "NOTE")
_NOTHING = (Pattern(_zero) | one("ZERO")) + one("AS", "GIVE").many(2)
_SCOPE = (
    one("SPAN", "WHOLE", "ADVERB").many(3)
    + one("SCOPE").called("scope")
    + (one("GIVE", "ADVERB", "AS", "SCOPE") | one("COLON") | word("直接", "=")).many(3)
)
_TAKEN = (
    one("SPAN", "WHOLE").many(3)
    + one("SCOPE").called("pay_scope")
    + one("WHOLE").many(1)
    + (one("TAKE") | word("取消", "不发", "扣完", "扣光", "清零"))
)
_TAKES_PAY = _TAKEN | one("TAKE", "ZERO", "ADVERB").many(2) + one("SPAN", "WHOLE").many(3) + one("SCOPE").called("pay_scope") + ~one(
    "ZERO", "WHOLE"
)
_TAKES_ALL = (
    _SCOPE + _NOTHING
    | _TAKES_PAY
    | ~(one("SPAN", "WHOLE").many(2) + one("SCOPE").called("scope") + one("ADVERB").many(1))
    + one("VETO").called("veto")
    + ~(one("PAUSE", "OPEN").many(1) + (_SCOPE + _NOTHING | _TAKES_PAY) + one("CLOSE").many(1))
)
_LINK = one("PAUSE", "COLON", "ADVERB", "GIVE", "OPEN").many(3)
_HAPPENED = one("OCCUR", "SPAN").many(3)
_TIMES = one("SUM", "SPAN", "OCCUR").many(2) + NUMERIC.called("condition")
_EVENT = text("event", across=("QTY", "LISTED"), never=_NEVER)


def _build(match: Match) -> Statement | None:
    span = span_of(match.inside("condition")[0]) if match.has("condition") else None
    if match.has("condition") and span is None:
        return None
    if match.has("pay_scope") and not _takes(match):
        return None
    scope = (
        match.token("scope").says["SCOPE"]
        if match.has("scope")
        else match.token("pay_scope").says["SCOPE"]
        if match.has("pay_scope")
        else None
    )
    if span is not None and not _counts(span.levels):
        return None
    if span is not None and span.exact and _once(span.levels):
        span = None
    event = named(said(match.part("event")))
    scope = {"unclear": None, "review": "total"}.get(str(scope), scope)
    return Vetoed(event, scope, span, scope is not None or match.has("veto") or match.has("scope"))  # type: ignore[arg-type]


def _build_once(match: Match) -> Statement | None:
    """发生1次重大事故，当月总分为零."""
    return _build(match) if match.token("once").quantity.number == 1 else None


def _takes(match: Match) -> bool:
    """Whether 扣除 or 取消 takes the whole of it: 扣除当月全部奖金, 取消当月绩效奖金."""
    tokens = match.tokens[match.start : match.end]
    return match.tokens[match.end - 1].text in ("扣除", "扣发") or any(
        token.text in ("取消", "不发", "全扣", "扣发", "不予发放", "扣光", "扣完") or token.of("WHOLE") for token in tokens
    )


def _counts(levels: Sequence[object]) -> bool:
    return all(isinstance(level, Quantity) and level.measure in ("count", "days", "bare") for level in levels)


def _once(levels: Sequence[object]) -> bool:
    return all(isinstance(level, Quantity) and level.number == 1 for level in levels)


RULES = (
    Rule("takes all", _HAPPENED + _EVENT + _LINK + _TAKES_ALL, _build, cost=8),
    Rule(
        "once takes all",
        one("OCCUR", "SPAN", "SUM").many(2) + quantity("count").called("once") + _EVENT + _LINK + _TAKES_ALL,
        _build_once,
        cost=8,
    ),
    Rule("so many take all", _HAPPENED + _EVENT + _TIMES + _LINK + _TAKES_ALL, _build, cost=8),
    Rule("so many of it take all", _TIMES + _EVENT + _LINK + _TAKES_ALL, _build, cost=9),
    Rule("a number takes all", _TIMES + _LINK + (_SCOPE + _NOTHING | _TAKES_PAY | one("VETO").called("veto")), _build, cost=12),
    Rule("veto", one("VETO").called("veto"), _build, cost=8),
)

__all__ = ["RULES", "says"]
