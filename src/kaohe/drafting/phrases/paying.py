"""Money: 每单提成2元, 销售额的3%, 超出300单的部分每单3元, 底薪3000元, 封顶500元."""

from __future__ import annotations

from kaohe.drafting.conditions import NUMERIC, span_of
from kaohe.drafting.grammar import Match, Rule, Statement, one, quantity, said, says, text, word
from kaohe.drafting.statements import FixedSum, PaidEach, PaidShare

_NEVER = ("EACH", "REST", "TAKE", "NOTE")
_VERB = (one("PAID", "ADD", "GIVE", "ADVERB", "COLON", "PAUSE") | word("支付", "发放", "给付", "返", "补贴")).many(4)
_YUAN = quantity("yuan").called("yuan")
_PART = (word("的") + one("PASSING") | one("PASSING")).many(2)


def _build_each(match: Match) -> Statement | None:
    unit, yuan = match.token("unit").quantity, match.token("yuan").quantity
    if unit.number != unit.size or unit.measure not in ("count", "days", "time") or yuan.number <= 0:
        return None
    beyond = match.token("beyond").quantity.number if match.has("beyond") else None
    span = span_of(match.inside("condition")[0]) if match.has("condition") else None
    each = match.words("what") if unit.unit in ("个", "名", "位", "次", "项", "条") and match.words("what") else unit.unit
    return None if match.has("condition") and span is None else PaidEach(each, yuan.number, beyond, span)


def _build_share(match: Match) -> Statement | None:
    of = said(match.part("of"))
    beyond = match.token("beyond").quantity.number if match.has("beyond") else None
    paid = any(token.of("PAID") for token in match.tokens[match.start : match.end])
    owned = any(token.text in ("的", "*") for token in match.tokens[match.start : match.end])
    return (
        PaidShare(match.token("share").quantity.number, of, beyond, paid)
        if (of or beyond) and not of.endswith(("比例", "系数")) and (paid or owned)
        else None
    )


def _build_fixed(match: Match) -> Statement | None:
    return FixedSum(match.token("yuan").quantity.number)


_EACH = (
    ~(text(never=_NEVER) + one("COLON"))
    + ~word("另加", "外加", "再加")
    + one("ADVERB", "ADD").many(2)
    + ~one("EACH")
    + ~text(never=_NEVER)
    + quantity("count", "days", "time").called("unit")
    + ~text("what", never=_NEVER)
    + _VERB
    + _YUAN
)
_SLASHED = ~text(never=(*_NEVER, "PAID")) + _VERB + _YUAN + one("SLASH") + quantity("count", "days", "time").called("unit")
_OVER = says("CMP", "above") + quantity("count", "bare").called("beyond") + _PART + one("PAUSE").many(1)
_SPAN = ~text(never=_NEVER) + NUMERIC.called("condition") + _PART + one("COLON", "PAUSE").many(1)
_SHARE = quantity("share").called("share")
_OF = (one("AS", "ADVERB", "GIVE", "PAID") | word("另按", "按照")).many(3) + text("of", never=_NEVER)
_SHARED = _OF + ~word("的") + _SHARE + one("PAID", "GIVE", "AS", "ADD").many(3)
_SHARE_ABOVE = (
    ~text("of", never=_NEVER)
    + says("CMP", "above")
    + quantity("yuan", "bare").called("beyond")
    + (word("的") + one("PASSING") | one("PASSING"))
    + one("PAUSE", "AS", "GIVE").many(3)
    + _SHARE
    + one("PAID", "GIVE").many(3)
)
_TIMES = ~(one("PAID", "SCOPE", "GIVE").many(2) + word("=", ":")) + text("of", never=_NEVER) + one("TIMES") + _SHARE

RULES = (
    Rule("money for each", _EACH | _SLASHED, _build_each, cost=9),
    Rule("money for each above", _OVER + (_EACH | _SLASHED), _build_each, cost=8),
    Rule("money for each within", _SPAN + (_EACH | _SLASHED), _build_each, cost=10),
    Rule("a share of money", _SHARED, _build_share, cost=22),
    Rule("a share of money above", _SHARE_ABOVE, _build_share, cost=3),
    Rule("money times a share", _TIMES, _build_share, cost=30),
    Rule(
        "a fixed sum",
        ~one("SPAN") + one("FIXED") + one("GIVE", "COLON").many(1) + quantity("yuan", "bare").called("yuan"),
        _build_fixed,
        cost=6,
    ),
)
