"""Words that are no rule: notes behind 注：, brackets, sources and periods; and words that send the reader elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from kaohe.drafting.grammar import NOTHING, Match, Pattern, Rule, Statement, Tokens
from kaohe.drafting.statements import Heading, Remark
from kaohe.drafting.tokens import Token

# What no remark holds: it would be a rule about points.
_RULING = ("FULL", "VETO", "INTERVAL", "SAME", "PLACE", "STRAIGHT", "DRAIN", "BASE", "REST")
# What no remark without a mark holds either.
_SCORING = ("PROPORTION", "DEGREE", "RATE", "MOST", "LEAST", "IN_PARTS", "PLACE", "RANKED", "EVEN", "REST", "REACHED", "MISSED")
_POINTED = ("points", "yuan", "factor")


def rules(token: Token) -> bool:
    """Whether a token belongs to a rule rather than to a remark."""
    if token.of("QTY") and not token.of("TOGETHER"):
        return token.quantity.measure in _POINTED
    if len(token.text) > 1 and token.of("ZERO", "TAKE") and not token.of("REMARK"):
        return True
    if token.of("SCOPE"):
        return token.says["SCOPE"] in ("total", "pay")
    return token.text in ("扣", "加分", "奖励", "罚") or (token.of(*_RULING) and token.text not in ("其他", "其它"))


def _is_plain(tokens: Iterable[Token]) -> bool:
    return not any(rules(token) for token in tokens)


def _without_exemption(tokens: Tokens) -> Tokens:
    """A remark without 不扣分 at its end, before which somebody is told apart: 非本人责任的不扣分."""
    return tokens[:-1] if tokens[-1].of("SAME", "DOWN") and sum(len(token.text) for token in tokens[:-1]) >= 4 else tokens


def _clause(tokens: Tokens, at: int) -> Iterator[int]:
    """A clause, or several, without anything of a rule, that speaks of sources, periods or procedures."""
    if at and not tokens[at - 1].of("BREAK", "PAUSE", "OPEN", "CLOSE", "COLON"):
        return
    end, by, timed, speaks, duty, hinted = at, False, False, False, False, False
    counted = at < len(tokens) and tokens[at].text in ("按", "按照", "根据")
    while end < len(tokens) and not tokens[end].of("BREAK", "OPEN", "CLOSE"):
        if rules(tokens[end]) or tokens[end].of(*_SCORING):
            return
        by = by or tokens[end].of("BY")
        timed = timed or tokens[end].of("SPAN")
        duty = duty or tokens[end].of("DUTY")
        hinted = hinted or (tokens[end].of("HINT") and not counted)
        speaks = (
            speaks
            or tokens[end].of("REMARK")
            or (at > 0 and tokens[end].of("ELSEWHERE"))
            or (by and tokens[end].of("DONE_BY"))
            or (timed and tokens[end].of("DONE"))
        )
        end += 1
        if (speaks or (hinted and not duty)) and (end == len(tokens) or tokens[end].of("BREAK", "PAUSE", "OPEN", "CLOSE")):
            yield end


def _bracketed(tokens: Tokens, at: int) -> Iterator[int]:
    if at >= len(tokens) or not tokens[at].of("OPEN"):
        return
    depth = 0
    for end in range(at, len(tokens)):
        depth += tokens[end].of("OPEN") - tokens[end].of("CLOSE")
        if depth == 0:
            if end - at > 1 and _is_plain(_without_exemption(tokens[at + 1 : end])):
                yield end + 1
            return


def asides(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Where remarks in brackets stand."""
    for at in range(len(tokens)):
        for end in _bracketed(tokens, at):
            yield at, end


def _marked(tokens: Tokens, at: int) -> Iterator[int]:
    """注：… up to the end of the line."""
    if at >= len(tokens) or not tokens[at].of("NOTE") or (at and not tokens[at - 1].of("BREAK", "PAUSE", "OPEN", "CLOSE")):
        return
    begin = at + 1
    while begin < len(tokens) and tokens[begin].of("COLON"):
        begin += 1
    if begin == at + 1 and tokens[at].text not in ("*", "※"):
        return
    end = begin
    while end < len(tokens) and tokens[end].text != "\n":
        end += 1
        if end > begin and (end == len(tokens) or tokens[end].of("BREAK", "CLOSE")) and _is_plain(_without_exemption(tokens[begin:end])):
            yield end


def _build(match: Match) -> Statement | None:
    tokens = match.tokens[match.start : match.end]
    speaks = not tokens[0].of("OPEN") or any(token.of("REMARK", "DONE_BY") for token in tokens)
    return Remark(elsewhere=any(token.of("ELSEWHERE") for token in tokens), speaks=speaks)


def _pattern(ends: Callable[[Tokens, int], Iterator[int]]) -> Pattern:
    return Pattern(lambda tokens, at: [(end, NOTHING) for end in ends(tokens, at)])


def _heading(tokens: Tokens, at: int) -> Iterator[int]:
    """评分标准： at the head of a clause, and a mark * that nothing follows."""
    fresh = at < len(tokens) and (not at or tokens[at - 1].of("BREAK", "OPEN"))
    if fresh and tokens[at].of("HEADING") and at + 1 < len(tokens) and tokens[at + 1].of("COLON"):
        yield at + 2
    if at < len(tokens) and tokens[at].text in ("*", "※") and (at + 1 == len(tokens) or tokens[at + 1].of("BREAK")):
        yield at + 1


RULES = (
    Rule("heading", _pattern(_heading), lambda match: Heading(), cost=1),
    Rule("remark in brackets", _pattern(_bracketed), _build, cost=60),
    Rule("remark", _pattern(_clause), _build, cost=50),
    Rule("note", _pattern(_marked), _build, cost=30),
)

__all__ = ["RULES", "asides", "rules"]
