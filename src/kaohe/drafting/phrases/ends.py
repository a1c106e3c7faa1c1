"""Where a score begins and ends: 满分10分, 基础分80分, 扣完为止, 最多扣10分, 上限120%, 保底60分, 不封顶."""

from __future__ import annotations

from fractions import Fraction

from kaohe.drafting.amounts import A_HALF, ALL, NONE, Points
from kaohe.drafting.grammar import Match, Rule, Statement, one, quantity, says, text, word
from kaohe.drafting.statements import Base, Ends, Full, Heading, Limit

_LINK = (one("GIVE", "COLON", "ADVERB", "EQUALS") | word("保留")).many(3)
_WHOSE = one("DEGREE", "ACTUAL", "SPAN", "SCOPE", "SUM", "WHOLE", "ADVERB", "PAUSE").many(3)
_FULL = (
    one("SCOPE", "WHOLE").many(2)
    + ~word("的")
    + one("FULL").called("full")
    + ~(~word("的") + (quantity("share", "factor").called("share") | one("HALF").called("half")))
)
_NUMBER = quantity("points", "bare", "yuan", "share", "factor").called("number")
_AMOUNT = (_NUMBER | _FULL).called("amount")
_SIGN = one("ADD", "TAKE").called("sign")
_STOP = one("STOP", "MOST").many(2)


def _amount(match: Match) -> tuple[Points, bool, Fraction | None]:
    """The points of an end, whether they are yuan, and the rate where it is one (120%)."""
    if match.has("number"):
        found = match.token("number").quantity
        if found.measure in ("share", "factor"):
            return Points(found.number, True), False, found.number
        return Points(found.number), found.measure == "yuan", None
    if match.has("half"):
        return A_HALF, False, Fraction(1, 2)
    share = match.token("share").quantity.number if match.has("share") else Fraction(1)
    return Points(share, True), False, share


def _sign(match: Match) -> int:
    signs = [1 if part[0].of("ADD") and not part[0].of("TAKE") else -1 for part in match.parts("sign") if part]
    return signs[0] if signs else 0


def _build_limit(match: Match) -> Statement | None:
    amount, is_yuan, rate = _amount(match)
    least = any(token.of("LEAST") and not token.of("MOST") for token in match.part("end"))
    sign = _sign(match)
    if least and sign:
        return None
    if amount.number == 0 and not least:
        return None
    of_score = any(
        token.text in ("得", "得分", "得分为", "获得", "计") or token.of("SCOPE") for token in match.tokens[match.start : match.end]
    )
    return Limit("floor" if least else "cap", amount, sign, is_yuan, of_score, rate, match.token("end").text)


def _build_drained(match: Match) -> Statement | None:
    """扣完为止, 扣完20分为止, 扣到0分为止, 加满6分为止."""
    verb = match.token("drain").text
    adds = verb.startswith(("加", "奖"))
    down_to = verb.endswith(("至", "到")) and not adds
    if (
        match.tokens[match.start].of("LEAST", "MOST")
        and not down_to
        and (match.has("amount") and not match.part("amount")[-1].of("FULL", "SCOPE"))
    ):
        return None
    if not match.has("amount"):
        return (
            None
            if adds
            or not (
                match.has("stop")
                or match.tokens[match.start].of("MOST")
                or verb.startswith("直")
                or any(token.of("UNTIL") for token in match.tokens[match.start : match.end])
            )
            else Limit("floor", NONE)
        )
    amount, is_yuan, rate = _amount(match)
    if rate is not None and match.token("amount").of("QTY") and not match.has("stop"):
        return None
    if adds:
        return Limit("cap", amount, 1, is_yuan)
    if down_to:
        return Limit("floor", amount if amount != ALL else NONE, 0, is_yuan)
    return Limit("floor", NONE) if amount.is_share and amount.number == 1 else Limit("cap", amount, -1, is_yuan)


def _build_floor(match: Match) -> Statement | None:
    """不低于0分."""
    return Limit("floor", Points(match.token("number").quantity.number))


def _build_zeroed(match: Match) -> Statement | None:
    return Limit("floor", NONE)


def _build_held(match: Match) -> Statement | None:
    """超过100%按100%计, 低于60%按60%计."""
    level, held = match.part("level")[0], match.part("held")[0]
    if level.of("FULL") and held.of("FULL"):
        return Limit("cap", ALL, 0, rate=Fraction(1))
    if level.of("QTY") and held.of("FULL"):
        return Limit("cap", ALL, 0, rate=Fraction(1)) if level.quantity.measure == "share" and level.quantity.number == 1 else None
    if not level.of("QTY") or not held.of("QTY") or level.quantity.written != held.quantity.written or level.quantity.measure != "share":
        return None
    rate = held.quantity.number
    sign = match.token("sign")
    above = sign.of("SIDE") or str(sign.says["CMP"]) in ("above", "from")
    return Limit("cap" if above else "floor", Points(rate, True), 0, rate=rate)


def _build_full(match: Match) -> Statement | None:
    return Full(match.token("number").quantity.number)


def _build_parts(match: Match) -> Statement | None:
    """四项内容各2.5分."""
    return Full(match.token("count").quantity.number * match.token("number").quantity.number, of_parts=True)


def _build_base(match: Match) -> Statement | None:
    if match.has("full"):
        return Base(ALL)
    return Base(Points(match.token("number").quantity.number))


_ENDS = one("MOST", "LEAST").called("end")
_NOT_OVER = says("CMP", "up_to").called("end")
_POINTS = quantity("points", "bare").called("number")
_LIMIT = (
    _WHOSE
    + ~_SIGN
    + _LINK
    + _WHOSE
    + _ENDS
    + _LINK
    + ~_SIGN
    + ~(says("CMP", "up_to", "from") | one("AS"))
    + _LINK
    + one("SCOPE", "SPAN").many(1)
    + one("GIVE").many(2)
    + _AMOUNT
    + _STOP
    + one("AS", "GIVE").many(2)
)
_UP_TO = (
    one("SPAN", "SCOPE", "ADVERB", "PAUSE").many(2)
    + (one("SUM") + ~_SIGN + _LINK | _SIGN + ~one("SUM", "GIVE") | _SIGN + word("总额", "总分"))
    + one("GIVE").many(2)
    + _NOT_OVER
    + _AMOUNT
    + _STOP
)
_LESS_THAN = one("SPAN", "SCOPE", "GIVE", "FULL").many(3) + says("CMP", "from") + quantity("points", "bare").called("number")
_AFTER = ~_SIGN + _AMOUNT + ~word("为", "即") + (word("封顶", "上限", "为限", "保底") | one("MOST", "LEAST")).called("end")
_WITHIN = (
    ~_SIGN
    + one("GIVE", "SUM").many(1)
    + word("以")
    + _AMOUNT
    + (word("为") + (one("MOST") | word("限")).called("end") | word("为限").called("end"))
)
_BARE = one("ADVERB", "SCOPE", "GIVE", "SPAN").many(2) + _NOT_OVER + (quantity("points").called("number") | _FULL).called("amount")
_NO_MORE = one("BEYOND") + one("GIVE", "PASSING", "ADVERB").many(3) + (one("SAME", "DOWN") | word("不另加分", "不再加分", "不另计分"))
_DRAINED = (
    one("ADVERB", "SPAN", "GIVE", "COLON", "LEAST", "MOST", "SCOPE", "FULL", "UNTIL", "WHOLE").many(4)
    + one("DRAIN").called("drain")
    + (one("SCOPE", "GIVE", "WHOLE", "SPAN") | word("分")).many(3)
    + ~(_AMOUNT)
    + ~one("STOP", "MOST").called("stop")
)
_HELD_ABOVE = (
    quantity("share").called("level")
    + says("SIDE", ("from", 2), ("from", 3)).called("sign")
    + one("GIVE", "PASSING", "ADVERB", "PAUSE").many(3)
    + one("AS")
    + (quantity("share") | one("SCOPE").many(1) + one("FULL")).called("held")
    + one("AS", "GIVE").many(2)
)
_HELD = (
    word(">=", ">", "大于等于", "达到", "超过", "高于", "大于", "超出", "低于", "小于", "少于").called("sign")
    + (quantity("share") | one("SCOPE").many(1) + one("FULL")).called("level")
    + one("GIVE", "PASSING", "ADVERB", "PAUSE").many(3)
    + one("AS")
    + (quantity("share") | one("FULL")).called("held")
    + one("AS", "GIVE").many(2)
)
_FULL_TOLD = one("SCOPE", "ADVERB", "SPAN").many(2) + one("FULL", "SUM") + _LINK + _POINTS + ~(word("制") | word("起") + one("TAKE"))
_COUNT = (word("共", "共有") | one("SUM")).many(1) + quantity("count").called("count")
_EACH_PART = one("EACH") + quantity("count") + one("GIVE").many(1) + _POINTS
_PARTS_LISTED = _COUNT + ~text(most=2) + one("PAUSE").many(1) + _EACH_PART | _EACH_PART + one("PAUSE") + _COUNT
_FULL_AFTER = word("以") + _POINTS + ~word("为") + word("满分") | word("共", "总计") + _POINTS | _POINTS + ~word("为") + word("满分")
_PARTS = quantity("count").called("count") + ~text(never=("EACH", "TAKE", "ADD")) + one("EACH_OF") + _LINK + _POINTS
_BASE = one("SCOPE", "SPAN").many(1) + one("BASE") + _LINK + (_POINTS | one("FULL").called("full"))
_AS_BASE = word("以") + (_POINTS | one("FULL").called("full")) + ~word("作") + one("GIVE", "AS").many(1) + one("BASE")
_FULL_STOP = (~one("ADD") + ~word("到") + one("FULL").called("full")).called("amount") + one("STOP").called("end")
_BETWEEN_SCORES = (
    (word("得分", "分值", "得分率", "系数") | one("GIVE", "FULL")).many(1)
    + one("BETWEEN")
    + one("GIVE", "COLON", "BETWEEN").many(2)
    + quantity("points", "bare", "share").called("low")
    + one("DASH")
    + quantity("points", "bare", "share").called("high")
    + one("BETWEEN").many(1)
)


def _build_scores(match: Match) -> Statement | None:
    """得分区间0-120分."""
    low, high = match.token("low").quantity, match.token("high").quantity
    low = low.within(high) if low.measure == "bare" else low
    share = high.measure == "share"
    return (
        Ends(
            Limit("floor", Points(low.number, share), rate=low.number if share else None),
            Limit("cap", Points(high.number, share), of_score=True, rate=high.number if share else None),
        )
        if low.number < high.number
        else None
    )


RULES = (
    Rule("an end", _LIMIT, _build_limit, cost=8),
    Rule("no more than", _UP_TO, _build_limit, cost=8),
    Rule("an end after", _AFTER, _build_limit, cost=10),
    Rule("within", _WITHIN, _build_limit, cost=8),
    Rule("until full", _FULL_STOP, _build_limit, cost=8),
    Rule("no less than", _LESS_THAN, _build_floor, cost=16),
    Rule("not over", _BARE, _build_limit, cost=16),
    Rule("nothing beyond", _NO_MORE, lambda match: Limit("cap", ALL, 0, rate=Fraction(1)), cost=6),
    Rule("drained", _DRAINED, _build_drained, cost=6),
    Rule("no minus", one("SCOPE", "ADVERB", "SPAN").many(2) + one("NO_MINUS"), _build_zeroed, cost=6),
    Rule("endless", one("ADD", "TAKE", "GIVE", "SCOPE", "ADVERB").many(2) + one("ENDLESS"), lambda match: Limit("endless"), cost=6),
    Rule("an end untold", one("ADD", "TAKE", "GIVE", "SCOPE").many(2) + one("END_UNTOLD"), lambda match: Limit("untold"), cost=6),
    Rule("held at", _HELD | _HELD_ABOVE, _build_held, cost=4),
    Rule("a manner", one("AS", "GIVE", "ADVERB").many(1) + ~word("采用", "实行", "采取") + one("MANNER"), lambda match: Heading(), cost=6),
    Rule("a range of scores", _BETWEEN_SCORES, _build_scores, cost=4),
    Rule("full", _FULL_TOLD | _FULL_AFTER, _build_full, cost=8),
    Rule("parts of the full", _PARTS | _PARTS_LISTED, _build_parts, cost=8),
    Rule("base", _BASE | _AS_BASE, _build_base, cost=8),
)
