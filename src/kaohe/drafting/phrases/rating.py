"""Scores that people give: 由班组长打分, 百分制, 主管占70%、同事占30%, 取平均; and how many people there are to agree."""

from __future__ import annotations

from fractions import Fraction

from kaohe.drafting.amounts import Outcome, Points
from kaohe.drafting.grammar import NOTHING, Found, Match, Pattern, Rule, Statement, Stream, Tokens, Ways, one, quantity, said, text, word
from kaohe.drafting.statements import Allowed, Event, MarkList, Mean, Raters
from kaohe.drafting.tokens import Token

_SCALES = {"百分制": 100, "百分": 100, "十分制": 10, "五分制": 5}


def _name(tokens: Tokens) -> str:
    """A rater's name: 由 and 打分 left out; 自评 and 互评 stay."""
    name = said(tokens).removeprefix("由")
    if name.endswith("互评") and name != "互评":
        return name.removesuffix("互评")
    return next((own for own in ("自评", "互评") if name in (f"本人{own}", f"员工{own}")), name)


def _build_raters(match: Match) -> Statement | None:
    names = [_name(part) for part in match.parts("rater")]
    together = any(token.of("TOGETHER") for token in match.tokens[match.start : match.end])
    scale = _build_allowed(match) if match.has("scaled") else None
    if not names or (match.has("scaled") and not isinstance(scale, Allowed)):
        return None
    return Raters(tuple((name, None) for name in names if name), together, scale if isinstance(scale, Allowed) else None)


def _build_shared(match: Match) -> Statement | None:
    share = match.token("share").quantity
    return Raters(((_name(match.part("rater")), share.number),))


def _below_one(tokens: Stream, at: int) -> Ways:
    """0.6 after a sign of multiplication."""
    fits = (
        at > 0
        and at < len(tokens)
        and tokens[at - 1].of("TIMES", "FULL", "COVER", "GIVE")
        and tokens[at].of("QTY")
        and tokens[at].quantity.measure == "bare"
        and tokens[at].quantity.number < 1
    )
    return [(at + 1, NOTHING)] if fits else []


def _build_weighed(match: Match) -> Statement | None:
    """主管、同事评分按7:3加权."""
    names, parts = [_name(part) for part in match.parts("rater")], [part[0].quantity.number for part in match.parts("part")]
    if len(names) != len(parts) or len(names) < 2 or not sum(parts):
        return None
    return Raters(tuple((name, part / sum(parts)) for name, part in zip(names, parts, strict=True)))


def _build_equal(match: Match) -> Statement | None:
    """主管、质检各占50%."""
    names = [_name(part) for part in match.parts("rater")]
    share = Fraction(1, 2) if match.token("share").of("HALF", "HALVES") else match.token("share").quantity.number
    return Raters(tuple((name, share) for name in names)) if share * len(names) == 1 else None


def _build_allowed(match: Match) -> Statement | None:
    low, high = match.token("low").quantity, match.token("high").quantity
    return Allowed(low.number, high.number) if low.number < high.number else None


def _build_scale(match: Match) -> Statement | None:
    token: Token = match.token("scale")
    return Allowed(Fraction(0), Fraction(_SCALES[token.text])) if token.text in _SCALES else None


def _build_points_scale(match: Match) -> Statement | None:
    return Allowed(Fraction(0), match.token("number").quantity.number)


def _build_mean(match: Match) -> Statement | None:
    return Mean("trimmed" if match.has("trimmed") else "even")


def _closer(tokens: Stream, at: int) -> Ways:
    """A word before a rater that tells which one: 间接上级, 跨级领导."""
    fits = at < len(tokens) and tokens[at].of("TEXT") and 1 < len(tokens[at].text) < 4
    return [(at + 1, NOTHING)] if fits else []


_TRIM = (
    one("CUT")
    + ~quantity("count")
    + one("MOST")
    + (one("PAUSE") | word("和", "与", "及", "各一个", "、")).many(1)
    + ~one("CUT")
    + ~quantity("count")
    + one("LEAST")
)
_AND = one("PAUSE", "SLASH", "COLON") | word("和", "与", "及", "以及", "+", "、")
_RATER = (one("RATER") + ~word("或", "/")).called("rater") | one("RATER").called("rater")
_NAMED = (~Pattern(_closer) + one("RATER") + one("RATER").many(1)).called("rater")
_SEVERAL = _NAMED + (_AND + ~word("由") + _NAMED).many(4)
_MANNER = one("ADVERB", "TOGETHER", "GIVE", "AS", "PAUSE", "SPAN", "DOUBT").many(3)
_SCALE = (
    (one("BETWEEN", "AS", "GIVE", "OPEN", "COLON") | word("按照", "在")).many(2)
    + quantity("bare", "points").called("low")
    + one("DASH")
    + quantity("points", "bare").called("high")
    + ~word("星", "颗星", "级")
    + one("BETWEEN", "GIVE").many(2)
    + ~one("CLOSE")
)
_SCALED = ~_SCALE.called("scaled")
_RATED = (
    ~(word("根据", "依据", "结合", "按", "按照") + text(never=("EACH", "REST", "TAKE", "ADD")))
    + one("BY", "DRAW", "PAUSE").many(2)
    + ~quantity("count")
    + ~one("SEVERAL")
    + _SEVERAL
    + ~text(never=("EACH", "REST", "TAKE", "ADD", "BOSS"))
    + _MANNER
    + _SCALED
    + _MANNER
    + one("RATE")
    + one("RATE", "GIVE").many(2)
)
_BY_TEXT = (
    one("BY")
    + text("rater", never=("EACH", "REST", "TAKE", "REMARK"))
    + _MANNER
    + _SCALED
    + _MANNER
    + one("RATE")
    + one("RATE", "GIVE").many(2)
)
_ONLY = one("RATE", "GIVE").many(1) + one("RATE")
_SELF = word("自评", "互评", "同事互评", "员工互评", "小组互评").called("rater")
_SCORED = _NAMED + one("RATE", "GIVE").many(1)
_SHARED = (
    ~word("+", "和", "与", "及")
    + ~one("BY")
    + _NAMED
    + one("RATE", "GIVE").many(2)
    + one("FULL", "COVER", "COLON", "GIVE", "PAUSE", "TIMES", "OPEN").many(3)
    + (quantity("share") | Pattern(_below_one)).called("share")
    + ~one("CLOSE")
)
_WEIGHED = (
    ~one("BY")
    + _SCORED
    + (_AND + _SCORED).many(3)
    + ~(one("PROPORTION", "FULL", "COVER") | word("比例"))
    + (one("AS", "GIVE", "COLON") | word("=")).many(2)
    + quantity("bare").called("part")
    + (one("COLON") + quantity("bare").called("part")).many(3)
    + ~text(most=2)
)
_EQUALLY = (
    ~one("BY")
    + _SCORED
    + (_AND + _SCORED).many(4)
    + one("PAUSE").many(1)
    + (
        one("EACH_OF") + one("COVER", "FULL", "GIVE").many(2) + (quantity("share") | one("HALF")).called("share")
        | one("HALVES").called("share")
    )
)
_SHARED_LAST = quantity("share").called("share") + one("COLON").many(1) + _NAMED + one("RATE", "GIVE").many(2)
_BOTH_SCALE = (_SCALE + _MANNER + one("RATE").many(1)).called("all")
_MEAN = (one("ADVERB", "AS", "GIVE", "PAUSE", "WHOLE") | one("DRAW") | word("各方", "两者", "三者", "后", "多人", "分数", "所有")).many(
    3
) + (one("TRIMMED") | _TRIM).called("trimmed") + (one("EVEN", "PAUSE", "PASSING", "ADVERB") | one("DRAW") | word("后", "再")).many(4) | (
    one("ADVERB", "AS", "GIVE", "RATE") | word("两者", "三者", "各方", "后", "其", "结果")
).many(4) + ((one("DRAW", "AS") | word("的", "其")) + one("EVEN") | word("取平均", "取平均值", "取均值", "取平均分", "算术平均")).called(
    "even"
) + one("AS", "GIVE").many(2)

_MARKS = one("MARK").called("mark") + ((one("PAUSE", "SLASH", "LISTED") | word("和", "与", "及")) + one("MARK").called("mark")).many(6)
_EVENLY = (
    one("RATE", "PAUSE", "GIVE", "OPEN", "CLOSE", "SCOPE", "FULL")
    | word("四档", "三档", "五档", "四级", "三级", "五级", "等级", "对应", "四个等级", "三个等级", "五个等级", "依次")
).many(5)
_AMOUNTS = quantity("points", "bare", "share").called("amount") + (
    one("PAUSE", "SLASH") + quantity("points", "bare", "share").called("amount")
).many(6)
_MARK_LIST = (
    one("AS", "GIVE").many(1) + _MARKS + _EVENLY + word("分别", "依次", "对应", "各") + one("GIVE", "AS", "COLON").many(2) + _AMOUNTS
)


def _build_marks(match: Match) -> Statement | None:
    """优秀、良好、合格分别得10分、8分、6分."""
    marks, amounts = match.parts("mark"), [part[0].quantity for part in match.parts("amount")]
    if len(marks) < 2 or len(marks) != len(amounts):
        return None
    rows = [(part[0].text, Outcome(Points(found.number, found.measure == "share"))) for part, found in zip(marks, amounts, strict=True)]
    return MarkList(tuple(Event(name, outcome, mark=True) for name, outcome in rows))


# --- a clause in which somebody rates, whatever else it says of how ------------------------------------


def _rates(tokens: Stream, at: int) -> Ways:
    """主管从沟通、协作两方面综合打分: raters first, a word of rating later, nothing of a rule between."""
    end, named, rated, cost = at, False, False, 0
    ways: Ways = []
    while end < len(tokens) and not tokens[end].of("BREAK", *_OPPOSED):
        token = tokens[end]
        if (token.of("PAUSE") and not token.of("LISTED")) or (
            token.of("QTY") and token.quantity.measure not in ("count", "bare") and not named
        ):
            break
        named = named or token.of("RATER")
        rated = named and token.of("RATE") and not token.of("RATER")
        cost += 4 + len(token.text)
        end += 1
        if rated:
            ways.append((end, Found((("clause", at, end),), cost)))
    return ways


_OPPOSED = (
    "TAKE",
    "ADD",
    "ZERO",
    "CMP",
    "EACH",
    "REST",
    "PROPORTION",
    "DEGREE",
    "VETO",
    "EQUALS",
    "TIMES",
    "DASH",
    "FULL",
    "EVEN",
    "PLACE",
    "MISSED",
)


def _build_rates(match: Match) -> Statement | None:
    """The raters that stand together before the first word that tells how."""
    tokens = list(match.part("clause"))
    first = next(place for place, token in enumerate(tokens) if token.of("RATER"))
    names = [_name(tokens[first : first + 1])]
    place = first + 1
    while place < len(tokens) and tokens[place].of("RATER") and tokens[place - 1].of("RATER"):
        names[-1] += tokens[place].text
        place += 1
    others = any(token.of("RATER") for token in tokens[place:])
    return None if others or tokens[first - 1].of("CMP") or "或" in said(tokens) else Raters(((names[0], None),))


RULES = (
    Rule("a clause of rating", Pattern(_rates), _build_rates, cost=26),
    Rule("marks with a list", _MARK_LIST, _build_marks, cost=4),
    Rule("raters", _RATED, _build_raters, cost=8),
    Rule("raters by name", _BY_TEXT, _build_raters, cost=10),
    Rule("self and mutual", _SELF, _build_raters, cost=10),
    Rule("raters with equal shares", _EQUALLY, _build_equal, cost=8),
    Rule("raters with a ratio", _WEIGHED, _build_weighed, cost=8),
    Rule("a rater's share", _SHARED, _build_shared, cost=8),
    Rule("a share's rater", _SHARED_LAST, _build_shared, cost=10),
    Rule("a scale", _BOTH_SCALE, _build_allowed, cost=12),
    Rule(
        "a scale by points",
        one("AS", "GIVE", "ADVERB").many(1)
        + ~word("采用", "实行", "采取")
        + quantity("points").called("number")
        + word("制")
        + one("RATE", "GIVE", "AS").many(2),
        _build_points_scale,
        cost=6,
    ),
    Rule(
        "a scale by name",
        ~word("采用", "实行", "采取")
        + one("AS", "GIVE", "ADVERB").many(2)
        + one("COUNTED").called("scale")
        + one("RATE", "GIVE", "AS").many(2),
        _build_scale,
        cost=8,
    ),
    Rule("rated, nobody said by whom", _ONLY, lambda match: Raters(()), cost=14),
    Rule("mean", _MEAN, _build_mean, cost=6),
)
