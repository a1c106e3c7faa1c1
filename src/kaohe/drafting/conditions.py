"""Conditions on a value: which stretch of it a phrase speaks of, whether its ends belong to it, and how firmly that is said.

以上 includes its number by custom, 及以上 says so, 以下 alone tells neither; which of two neighbours has a number is decided in `bands`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from kaohe.drafting.grammar import NOTHING, Match, Pattern, Stream, Ways, one, quantity, says, text, word
from kaohe.drafting.lexicon import CUSTOM, OPEN, SAID
from kaohe.drafting.quantities import Quantity
from kaohe.drafting.tokens import Interval, Token

Line = Literal["target", "top", "bottom"]


@dataclass(frozen=True)
class End:
    """One end of a stretch: where it is, whether the number belongs to it (None: not told), how firmly that is said."""

    at: Quantity | Line
    included: bool | None
    strength: int


@dataclass(frozen=True)
class Span:
    """A stretch of values; an end that is None is open. `quality` better or worse where the direction decides which side is meant."""

    low: End | None = None
    high: End | None = None
    exact: bool = False
    quality: str = ""

    @property
    def levels(self) -> list[Quantity | Line]:
        """The numbers and lines of its ends."""
        return [end.at for end in (self.low, self.high) if end is not None]


# --- the grammar ----------------------------------------------------------------------------------


def _figure(tokens: Stream, at: int) -> Ways:
    """A number that stands for itself: not 3日前, not the first end of a range."""
    if at >= len(tokens) or not tokens[at].of("QTY") or (at + 1 < len(tokens) and tokens[at + 1].of("BEFORE")):
        return []
    return [(at + 1, NOTHING)]


def _long_sign() -> Pattern:
    """至少, 不少于: words that compare and begin no name, after which a verb may stand: 至少完成50件."""

    def sign(tokens: Stream, at: int) -> Ways:
        return [(at + 1, NOTHING)] if at < len(tokens) and tokens[at].of("CMP") and len(tokens[at].text) > 1 else []

    return Pattern(sign, frozenset({frozenset({"CMP"})})).called("sign")


_FIGURE = Pattern(_figure, frozenset({frozenset({"QTY"})}))

_MARK = (
    one("OPEN")
    + one("INCL", "EXCL").called("mark")
    + (one("QTY", "BOTH_ENDS", "INCL", "GIVE", "SIDE").many(3)).called("marked")
    + one("CLOSE")
) | one("INCL", "EXCL").called("mark")
_LINE = ~one("SPAN") + one("TARGET", "TOP", "BOTTOM")
_LEVEL = (quantity() | _LINE).called("level")
_TAIL = one("GIVE", "ADVERB").many(2)

_SIGN = _long_sign() + one("REACHED", "TEXT", "PLAIN") | one("CMP").called("sign")
_PREFIXED = (
    _SIGN
    + (~one("INCL").called("mark") | one("OPEN") + one("INCL").called("mark") + one("CLOSE"))
    + _LEVEL
    + ~_MARK
    + ~one("SIDE").called("side")
    + ~_MARK
).called("bound")
_SUFFIXED = (_LEVEL + ~_MARK + one("SIDE").called("side") + ~_MARK).called("bound")
_BOUND = _PREFIXED | _SUFFIXED
_VARIABLE = text(most=6)
_TWO_SIDED = (
    quantity().called("first")
    + one("CMP").called("first_sign")
    + _VARIABLE
    + one("CMP").called("second_sign")
    + quantity().called("second")
).called("two_sided")
_TURNED = (quantity().called("level") + says("CMP", "from", "above", "up_to", "below").called("turned_sign") + _VARIABLE).called("turned")
_RANGE = (
    ~one("BETWEEN")
    + quantity().called("from")
    + ~says("SIDE", ("from", CUSTOM))
    + (~_MARK).called("from_mark")
    + (one("DASH") | word("与", "和", "--") | (one("DASH") + one("DASH")))
    + quantity().called("to")
    + (~_MARK).called("to_mark")
    + ~(~word("的") + one("BETWEEN")).called("between")
    + (~_MARK).called("both_mark")
    + ~says("SIDE", ("up_to", CUSTOM))
).called("range")
_INTERVAL = one("INTERVAL").called("interval")
_EXACT = (~says("CMP", "equal") + (_FIGURE | (says("CMP", "equal") + _LINE)).called("level")).called("exact")
_ON_LINE = (says("CMP", "equal") + one("TARGET", "TOP", "BOTTOM").called("level")).called("exact")
_BOTH = (_BOUND + ~(one("PAUSE", "JOIN", "DASH")) + ~one("JOIN") + _BOUND).called("joined")
_REACHED = (
    one("REACHED").called("reached") + (~one("SPAN") + one("TARGET", "TOP", "BOTTOM")).called("line")
    | word("达标", "达成", "达到", "满足", "达到要求", "达到标准").called("reached")
    | one("MISSED").called("missed") + ~(~one("SPAN") + one("TARGET", "TOP", "BOTTOM")).called("line")
).called("met")

CONDITION: Pattern = _TWO_SIDED | _BOTH | _RANGE | _BOUND | _TURNED | _INTERVAL | _REACHED | _EXACT | _ON_LINE
BROAD: Pattern = _TWO_SIDED | _BOTH | _RANGE | _BOUND | _TURNED | _INTERVAL | _REACHED
NUMERIC: Pattern = _TWO_SIDED | _BOTH | _RANGE | _BOUND | _TURNED | _INTERVAL | _EXACT

__all__ = ["BROAD", "CONDITION", "NUMERIC", "End", "Line", "Span", "line_of", "span_of"]


# --- what was found -------------------------------------------------------------------------------


def span_of(match: Match) -> Span | None:
    """The stretch that a fit of `CONDITION` says; None where it contradicts itself."""
    for name, read in _READERS.items():
        if match.has(name):
            return read(match.inside(name)[0])
    ends = [_bound(found) for found in match.inside("bound")]
    return ends[0] if ends else None


def line_of(token: Token) -> Line:
    """Which line a word names."""
    return "target" if token.of("TARGET") else "top" if token.of("TOP") else "bottom"


def _level(match: Match) -> Quantity | Line:
    token = match.part("level")[-1]
    return token.quantity if token.of("QTY") and not token.of("TARGET") else line_of(token)


SIDES_OF = {"from": ("low", True), "above": ("low", False), "up_to": ("high", True), "below": ("high", False), "open": ("high", None)}


def _bound(match: Match) -> Span | None:
    """达到95%, 95%(含)以上, 不足60分, 90以下."""
    level = _level(match)
    sign = match.token("sign").says["CMP"] if match.has("sign") else None
    side = match.token("side").says["SIDE"] if match.has("side") else None
    if sign in ("equal",):
        return None if side else Span(End(level, True, SAID), End(level, True, SAID), exact=True)
    if sign == "reaches":
        return None if side else Span(End(level, True, SAID), quality="reached")
    if sign in ("better", "worse"):
        return None if side else Span(End(level, False, SAID), quality=str(sign))
    if not isinstance(level, Quantity) and match.has("sign") and match.token("sign").text.endswith(("达到", "达")) and not side:
        return Span(End(level, sign == "from", SAID), quality="reached" if sign == "from" else "missed")
    told = [(str(sign), SAID)] if sign else []
    told += [side] if isinstance(side, tuple) else []
    return _one_sided(level, told, _marks(match, level))


def _one_sided(level: Quantity | Line, told: list[tuple[str, int]], marks: list[bool] | None) -> Span | None:
    if marks is None or not told:
        return None
    ways = {SIDES_OF[sign][0] for sign, _ in told}
    if len(ways) > 1:
        return None
    claims = {SIDES_OF[sign][1] for sign, strength in told if strength > OPEN}
    included, strength = (claims.pop(), max(strength for _, strength in told)) if len(claims) == 1 else (None, OPEN)
    if marks:
        included, strength = marks[0], SAID
    end = End(level, included, strength)
    return Span(low=end) if ways == {"low"} else Span(high=end)


def _marks(match: Match, *levels: Quantity | Line) -> list[bool] | None:
    """What （含） and （不含） say; None where they speak of another number, or against one another."""
    for marked in match.parts("marked"):
        other = [token.quantity for token in marked if token.of("QTY")]
        if not all(any(isinstance(level, Quantity) and level.written == found.written for level in levels) for found in other):
            return None
    found = [part[0].of("INCL") for part in match.parts("mark")]
    return found if len(set(found)) < 2 else None


TURNED = {"from": "up_to", "above": "below", "up_to": "from", "below": "above"}


def _two_sided(match: Match) -> Span | None:
    """90%<X<=95%, and the other way round."""
    first, second = (str(match.token(name).says["CMP"]) for name in ("first_sign", "second_sign"))
    if first not in TURNED or second not in TURNED:
        return None
    one_end = _one_sided(match.token("first").quantity, [(TURNED[first], SAID)], [])
    other = _one_sided(match.token("second").quantity, [(second, SAID)], [])
    return _together(one_end, other)


def _turned(match: Match) -> Span | None:
    """95%<=X."""
    sign = str(match.token("turned_sign").says["CMP"])
    return _one_sided(match.token("level").quantity, [(TURNED[sign], SAID)], [])


def _joined(match: Match) -> Span | None:
    """80%以上，不足90%."""
    return _together(*[_bound(found) for found in match.inside("bound")][:2])


def _together(one_end: Span | None, other: Span | None) -> Span | None:
    if one_end is None or other is None or one_end.quality or other.quality or one_end.exact or other.exact:
        return None
    low, high = one_end.low or other.low, one_end.high or other.high
    if low is None or high is None or (one_end.low and other.low) or (one_end.high and other.high):
        return None
    low, high = _one_unit(low, high)
    return Span(low, high) if _ordered(low.at, high.at) else None


def _range(match: Match) -> Span | None:
    """90%-95%, 90%(含)至95%(不含), 介于90%与95%之间(含两端)."""
    low, high = match.token("from").quantity, match.token("to").quantity
    ends = []
    for level, name in ((low, "from_mark"), (high, "to_mark")):
        marks = _marks(match.inside(name)[0], level) if match.has(name) else []
        behind = _marks(match.inside("to_mark")[0], low) if marks is None and name == "to_mark" else None
        if marks is None and not behind:
            return None
        if behind:
            ends = [End(low, behind[0], SAID), End(high, True, OPEN)]
        else:
            ends.append(End(level, marks[0], SAID) if marks else End(level, True, CUSTOM))
    if match.has("both_mark"):
        marks = _marks(match.inside("both_mark")[0], low, high)
        if not marks:
            return None
        ends = [End(end.at, marks[0], SAID) for end in ends]
    first, last = _one_unit(*ends)
    if isinstance(first.at, Quantity) and isinstance(last.at, Quantity) and first.at.number > last.at.number:
        first, last = last, first
    if not match.tokens[match.start].of("BETWEEN") and not match.has("between") and not _plain_dash(match):
        return None
    return Span(first, last) if _ordered(first.at, last.at) else None


def _plain_dash(match: Match) -> bool:
    """Whether a dash or 至 stands between the numbers; 与 alone is no range."""
    return any(token.of("DASH") for token in match.tokens[match.start : match.end])


def _one_unit(low: End, high: End) -> tuple[End, End]:
    """90-95%: the unit of one number is that of the other."""
    if not isinstance(low.at, Quantity) or not isinstance(high.at, Quantity):
        return low, high
    if low.at.measure == "bare" != high.at.measure:
        return replace(low, at=low.at.within(high.at)), high
    if high.at.measure == "bare" != low.at.measure:
        return low, replace(high, at=high.at.within(low.at))
    return low, high


def _interval(match: Match) -> Span | None:
    """[90,95)."""
    found = match.tokens[match.start].says["INTERVAL"]
    assert isinstance(found, Interval)
    low = None if found.low is None else End(found.low, found.low_in, SAID)
    high = None if found.high is None else End(found.high, found.high_in, SAID)
    if low is not None and high is not None:
        low, high = _one_unit(low, high)
        if not _ordered(low.at, high.at):
            return None
    return Span(low, high)


def _exact(match: Match) -> Span | None:
    """3次, =100%."""
    end = End(_level(match), True, SAID)
    return Span(end, end, exact=True)


def _met(match: Match) -> Span | None:
    """达标, 未达到目标, 完成挑战目标."""
    line = line_of(match.part("line")[-1]) if match.has("line") else "target"
    return Span(End(line, True, SAID), quality="reached") if match.has("reached") else Span(End(line, False, SAID), quality="missed")


def _ordered(low: Quantity | Line, high: Quantity | Line) -> bool:
    return not (isinstance(low, Quantity) and isinstance(high, Quantity)) or (low.number < high.number and low.measure == high.measure)


_READERS = {
    "two_sided": _two_sided,
    "joined": _joined,
    "range": _range,
    "turned": _turned,
    "interval": _interval,
    "met": _met,
    "exact": _exact,
}
