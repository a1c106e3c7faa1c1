"""Points for places: 第一名得5分, 排名前10%满分, 最后一名扣2分, 每下降一名减1分."""

from __future__ import annotations

from dataclasses import replace

from kaohe.drafting.amounts import OUTCOME, Points, outcome_of
from kaohe.drafting.grammar import Match, Rule, Statement, one, quantity, text, word
from kaohe.drafting.statements import ByPlace, Placed, PlacedList, Rest
from kaohe.drafting.tokens import Places


def _build(match: Match) -> Statement | None:
    outcome, places = outcome_of(match.inside("outcome")[0]), match.token("places").says["PLACE"]
    assert isinstance(places, Places)
    if outcome is None or outcome.kept:
        return None
    listed = any(token.text in ("分别", "依次") for token in match.tokens[match.start : match.end])
    if listed:
        return None
    return Rest(outcome) if match.has("onwards") else Placed(places, outcome)


def _build_list(match: Match) -> Statement | None:
    """前三名分别加5分、3分、2分."""
    places, outcome = match.token("places").says["PLACE"], outcome_of(match.inside("outcome")[0])
    assert isinstance(places, Places)
    amounts = [outcome.points if outcome else None, *[Points(part[0].quantity.number) for part in match.parts("further")]]
    if (
        outcome is None
        or len(amounts) < 2
        or outcome.kept
        or places.share is not None
        or places.last - places.first + 1 != len(amounts)
        or places.first < 1
    ):
        return None
    return PlacedList(
        tuple(Placed(Places(place, place), replace(outcome, points=points)) for place, points in enumerate(amounts, places.first) if points)
    )


_RANKED = one("RANKED", "SPAN", "GIVE", "COLON", "BETWEEN").many(3)
_PLACE = (
    ~text(never=("EACH", "REST", "TAKE"))
    + _RANKED
    + one("PLACE").called("places")
    + ~word(
        "及以后", "以后", "及之后", "之后", "及以下", "以下", "往后", "及其后", "及后", "以外", "之外", "名以外", "名以后", "外"
    ).called("onwards")
    + one("GIVE", "RANKED").many(2)
    + ~text(never=("EACH", "REST", "SIDE", "PASSING"), most=3)
    + OUTCOME.called("outcome")
)
_LIST = (
    _RANKED
    + one("PLACE").called("places")
    + one("ADVERB", "GIVE")
    + OUTCOME.called("outcome")
    + (one("PAUSE", "SLASH") + quantity("points", "bare").called("further")).many(8)
)
_BY_PLACE = one("AS", "GIVE").many(1) + ~text(most=3) + one("RANKED") + one("GIVE", "AS", "RATE", "RANKED").many(3)

RULES = (
    Rule("a place", _PLACE, _build, cost=6),
    Rule("places with a list", _LIST, _build_list, cost=2),
    Rule("by place", _BY_PLACE, lambda match: ByPlace(), cost=10),
)
