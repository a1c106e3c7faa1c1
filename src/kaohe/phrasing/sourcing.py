"""Where an item's figures come from and who gives its scores: data sources, records, raters, reviewers."""

from __future__ import annotations

from kaohe.phrasing.phrases import Phrases
from kaohe.scheme import Item

MOST = 8


def sources(phrases: Phrases, item: str, body: Item) -> tuple[str, ...]:
    """Sources as the scheme names them, else the facts that the item looks at; scorers; who reviews."""
    told = [phrases.labelled(phrases.say("来源", "source"), body.source.tell(phrases.language))] if body.source is not None else []
    told += _facts(phrases, item) if body.source is None else []
    told += _raters(phrases, body)
    if body.reviewer is not None:
        told.append(phrases.labelled(phrases.say("复核", "reviewed by"), body.reviewer.tell(phrases.language)))
    return tuple(told)


def _raters(phrases: Phrases, body: Item) -> list[str]:
    if body.rating is None:
        return []
    if body.rating.raters == "any":
        return [phrases.say("评分", "scored by raters")]
    names = phrases.listed(phrases.names.of("relation", party) for party in body.rating.raters)
    return [phrases.say(f"{names}评分", f"scored by {names}")]


def _facts(phrases: Phrases, item: str) -> list[str]:
    """The values and records behind an item, by name."""
    behind = [fact for fact, items in phrases.plan.feeds.items() if item in items]
    values = _some(phrases, [name for fact in behind for name in _called(phrases, fact, item)])
    records = _some(phrases, [phrases.names.source(fact) for fact in behind if fact.removeprefix("event.") in phrases.scheme.events])
    told = [values] if values else []
    return [*told, phrases.say(f"记录：{records}", f"records: {records}")] if records else told


def _some(phrases: Phrases, names: list[str]) -> str:
    """Names, cut where there are too many; how many there are then."""
    every = list(dict.fromkeys(names))
    told = phrases.listed(every[:MOST])
    return told if len(every) <= MOST else told + phrases.say(f"等{len(every)}种", f" and {len(every) - MOST} more")


def _called(phrases: Phrases, fact: str, item: str) -> list[str]:
    """What people call a figure that somebody supplies."""
    head, _, rest = fact.partition(".")
    if head == "rating":
        return [] if rest == item else [phrases.say(f"“{phrases.names.source(fact)}”评分", f"ratings: {phrases.names.source(fact)}")]
    if head == "value":
        return [phrases.names.fact("people", fact)]
    if ".value." in fact:
        unit, _, name = fact.partition(".value.")
        return [phrases.names.fact(unit, f"value.{name}")]
    return []
