"""What a phrase gives or takes: points, a share of the full, money, nothing, a word.

`OUTCOME` is the grammar, `outcome_of` reads what it found. A sign is kept apart: 得5分 is the item's score, 加5分 and 扣5分 change it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from kaohe.drafting.grammar import NOTHING, Match, Pattern, Stream, Ways, one, quantity, text, word
from kaohe.drafting.letters import listed
from kaohe.numbers import write_number

Scope = Literal["item", "total", "pay", "unclear", "review"]


@dataclass(frozen=True)
class Points:
    """Points as a number, or as a share of the item's full points."""

    number: Fraction
    is_share: bool = False

    def write(self) -> str:
        """`5`, `full`, `50%`."""
        if not self.is_share:
            return write_number(self.number)
        return "full" if self.number == 1 else f"{write_number(self.number * 100)}%"

    def times(self, sign: int) -> Points:
        """The same, given or taken."""
        return Points(self.number * sign, self.is_share)


NONE, ALL, A_HALF = Points(Fraction(0)), Points(Fraction(1), True), Points(Fraction(1, 2), True)


@dataclass(frozen=True)
class Outcome:
    """What comes of a condition: points or yuan, with their sign (0 where they are the score itself), or a word such as C.

    `kept` where nothing is added or taken (不加不减, 不扣分), `coefficient` where 系数 was said, `scope` what it is taken from.
    """

    points: Points = NONE
    sign: int = 0
    is_yuan: bool = False
    word: str = ""
    kept: str = ""
    coefficient: bool = False
    scope: Scope | None = None
    whole: bool = False

    @property
    def change(self) -> Points:
        """The points with their sign."""
        return self.points.times(self.sign or 1)


# --- the grammar ----------------------------------------------------------------------------------

_OF = word("的", "之")
_LEAD = (one("GIVE", "ADVERB", "COLON", "PAUSE", "TOTAL_IS", "OPEN") | word("=", "当", "直接", "该", "作")).many(4)
_OWN = (one("SPAN", "WHOLE").many(2) + ~one("SCOPE").called("scope") + ~_OF + ~word("考核")).called("whose")
_SHARE = quantity("share", "factor").called("share")
_FULL = (
    one("WHOLE").many(1)
    + one("FULL").called("full")
    + ~(~(_OF | one("TIMES")) + (_SHARE | one("HALF").called("half")) + ~(~_OF + one("FULL", "GIVE") | word("分")))
).called("of_full")
_SHARE_OF = _SHARE + ~_OF + ~one("SCOPE") + ~(one("FULL") | word("分", "分数", "得分") | one("GIVE"))
_NUMBER = quantity("points", "bare", "yuan").called("number") + ~word("分数")
_HALF = one("HALF").called("half") + ~_OF + ~one("FULL", "GIVE")
_COEFFICIENT = (
    one("SHARE").called("coefficient") + ~(one("GIVE", "COLON") | word("=")) + quantity("bare", "share", "factor").called("number")
)
_AMOUNT = _OWN + (_FULL | _SHARE_OF | _NUMBER | _HALF)
_PAID = one("PAID", "SCOPE").many(1)


def _goes_on(tokens: Stream, at: int) -> bool:
    """Whether a sign between two numbers is a range, or arithmetic: 9-10分, but not 一次-2分."""
    before, after = tokens[at - 1], tokens[at + 1] if at + 1 < len(tokens) else None
    if not before.of("QTY") or before.quantity.implied:
        return False
    differ = (
        after is not None and after.of("QTY") and after.quantity.measure == "points" and before.quantity.measure not in ("points", "bare")
    )
    return not differ


def _sign(tokens: Stream, at: int) -> Ways:
    """A word or sign that gives or takes; the dash of 9-10 does neither."""
    is_sign = at < len(tokens) and tokens[at].of("ADD", "TAKE") and not (tokens[at].text in "+-" and at and _goes_on(tokens, at))
    return [(at + 1, NOTHING)] if is_sign else []


PLAIN_OUTCOME: Pattern = _LEAD + (
    (one("ZERO", "SAME").called("nothing") + ~one("FULL", "SCOPE", "GIVE", "ADD", "PAID"))
    | _COEFFICIENT
    | _OWN + one("GIVE", "ADVERB").many(2) + (_FULL | _SHARE_OF | _NUMBER | _HALF | one("ZERO").called("nothing"))
    | _PAID + quantity("yuan").called("number")
)
SIGNED: Pattern = (
    one("ADVERB", "GIVE", "COLON", "PAUSE", "SPAN", "OPEN").many(3)
    + ~(word("从", "由") + one("SPAN").many(1) + one("SCOPE").called("scope") + ~word("中", "里") | word("从") + text(never=("SCOPE",)))
    + Pattern(_sign).called("sign")
    + one("ADD", "TAKE", "GIVE").many(1)
    + _AMOUNT
)
OUTCOME: Pattern = (SIGNED | PLAIN_OUTCOME) + ~one("CLOSE")
WORD_OUTCOME: Pattern = one("GIVE", "COLON").many(2) + word(
    *listed(
        "A B C D E S A级 B级 C级 D级 S级 A等 B等 C等 D等 A档 B档 C档 D档 优秀 优 良好 良 一般 中 差 合格 不合格 及格 不及格 称职 "
        "不称职 甲等 乙等 丙等 丁等 一等 二等 三等"
    )
).called("word")


def outcome_of(match: Match) -> Outcome | None:
    """What a fit of `OUTCOME` says; None where it is none."""
    sign = 0
    if match.has("sign"):
        sign = 1 if match.token("sign").of("ADD") and not match.token("sign").of("TAKE") else -1
    scope = match.token("scope").says["SCOPE"] if match.has("scope") else None
    if match.has("nothing"):
        token = match.token("nothing")
        return Outcome(kept=token.text, scope=scope) if token.of("SAME") else Outcome(scope=scope)  # type: ignore[arg-type]
    if match.has("word"):
        return Outcome(word=match.token("word").text)
    signs = [token for token in match.tokens[match.start : match.end] if token.of("ADD", "TAKE") and not token.of("GIVE", "FULL")]
    if sign and {token.of("ADD") and not token.of("TAKE") for token in signs} == {True, False}:
        return None
    points, is_yuan = _points(match)
    points = NONE if points.number == 0 else points
    if sign and points.number == 0:
        return None if scope else Outcome(kept="不扣" if sign < 0 else "不加")
    whole = points == ALL and not match.has("share")
    return Outcome(points, sign, is_yuan, coefficient=match.has("coefficient"), scope=scope, whole=whole)  # type: ignore[arg-type]


def _points(match: Match) -> tuple[Points, bool]:
    """The points, or the yuan, of an amount."""
    if match.has("coefficient"):
        return Points(match.token("number").quantity.number, True), False
    if match.has("share"):
        return Points(match.token("share").quantity.number, True), False
    if match.has("half"):
        return A_HALF, False
    if match.has("number"):
        found = match.token("number").quantity
        return Points(found.number), found.measure == "yuan"
    return ALL, False
