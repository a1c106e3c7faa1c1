"""What bodies say, aspect by aspect: the rule of an item, a figure or a pay line, and what follows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from kaohe.comparing.canon import Canon, Key
from kaohe.comparing.entries import Aspect, Told, fixed
from kaohe.comparing.side import LANGUAGES
from kaohe.comparing.versions import Keys, Version
from kaohe.compiling.formulas import Scope
from kaohe.numbers import as_typed, number
from kaohe.phrasing.bodies import rule_of
from kaohe.phrasing.describing import Describing, Result
from kaohe.problems import Language
from kaohe.rules.bands import Band
from kaohe.rules.per_event import entries_of, told_change, told_where
from kaohe.scheme import Body, Item, PerEvent, Rating, Rounding, Tier
from kaohe.texts import Text

METHOD, FORMULA = Text("计算办法", "way of scoring"), Text("计算公式", "formula")
BAND, BY = Text("一档", "band"), Text("分档依据", "figure that bands look at")
POINT, ADDED = Text("一点", "point"), Text("另加减", "what is added")
# Rules whose aspects are told one by one; the others are told line by line.
TABLES = ("tiers@1", "line@1", "per_event@1")


@dataclass(frozen=True)
class Place:
    """One body where it stands: its version, its keys, how formulas are seen and compared from there."""

    version: Version
    path: Keys
    scope: Scope
    canon: Canon
    result: Result

    def describing(self, language: Language) -> Describing:
        """What its formulas are told with."""
        return Describing(self.version.phrases[language].formulas, self.scope, self.result)

    def told(self, tell: Callable[[Describing], str | list[str]]) -> Told:
        """Words that are made when somebody asks for them."""

        def words(language: Language) -> list[str]:
            found = tell(self.describing(language))
            return [found] if isinstance(found, str) else found

        return words


def body_aspects(place: Place, body: Body) -> Iterator[Aspect]:
    """Everything that a body says."""
    yield from _texts(place, body)
    yield from _rule(place, body)
    yield from _following(place, body)
    yield from _uses(place, body)


def _texts(place: Place, body: Body) -> Iterator[Aspect]:
    if body.name is not None:
        yield Aspect("name", Text("名称", "name"), (body.name.zh, body.name.en), fixed(body.name), (*place.path, "name"))
    if body.note is not None:
        yield Aspect("note", Text("说明", "note"), (body.note.zh, body.note.en), fixed(body.note), (*place.path, "note"))
    if body.clause:
        yield Aspect("clause", Text("条款", "clause"), body.clause, fixed(Text(body.clause, body.clause)), (*place.path, "clause"))


# --- the rule -----------------------------------------------------------------------------------


def _rule(place: Place, body: Body) -> Iterator[Aspect]:
    """The rule as a whole, and its table row by row where it has one."""
    rule = rule_of(body)

    def whole(describing: Describing) -> list[str]:
        told = place.version.phrases[describing.language].bodies.rule(body, place.scope, place.result)
        return [told.lead, *told.entries]

    value: object = (rule, None if rule in TABLES else _content(place.canon, body, rule))
    label = FORMULA if rule == "formula@1" else METHOD
    yield Aspect("rule", label, value, place.told(whole), (*place.path, _key_of(body)))
    if rule == "tiers@1":
        yield _formula(place, "by", BY, str(body.by))
        yield from band_aspects(place, body.tiers or (), str(body.by))
    elif rule == "line@1":
        yield _formula(place, "by", Text("取分依据", "figure that the line looks at"), str(body.by))
        yield from _line(place, body)
    elif rule == "per_event@1":
        yield from _per_event(place, body)


KEYS = ("is", "tiers", "line", "ratio", "per_event", "once", "rating", "places", "story", "share", "full")


def _key_of(body: Body) -> str:
    """The key behind which the rule stands in the file."""
    return next((key for key in KEYS if getattr(body, "is_" if key == "is" else key) is not None), "is")


def _content(canon: Canon, body: Body, rule: str) -> object:
    """What a rule that is told as a whole says."""
    if rule == "formula@1":
        return canon.formula(body.is_) or canon.formula(body.full)
    if body.ratio is not None:
        ratio = body.ratio
        formulas = tuple(canon.formula(text) for text in (ratio.part, ratio.whole, ratio.direct))
        return (formulas, str(ratio.zero), ratio.absent, ratio.both_absent, ratio.may_exceed)
    if body.rating is not None:
        return _rating(canon, body.rating)
    if body.places is not None:
        places = body.places
        gives = canon.formula(places.points) if isinstance(places.points, str) else _mapped(canon, places.points)
        return (canon.formula(places.by), canon.id("groups", places.among), places.better, gives, canon.formula(places.only))
    if body.share is not None:
        share = body.share
        return (canon.formula(share.pool), canon.formula(share.by), canon.id("groups", share.among), share.rounding, share.to)
    return None if body.story is None else (body.story.rule, tuple(sorted((key, str(value)) for key, value in body.story.settings.items())))


def _rating(canon: Canon, rating: Rating) -> Key:
    """Who scores, on which scale, and how scores become one."""
    raters = rating.raters if rating.raters == "any" else tuple((party, name.zh, name.en) for party, name in sorted(rating.raters.items()))
    allowed = (
        tuple(map(str, rating.allowed)) if isinstance(rating.allowed, tuple) else None if rating.allowed is None else str(rating.allowed)
    )
    mean = rating.mean if isinstance(rating.mean, str) else tuple(sorted((party, str(share)) for party, share in rating.mean.items()))
    duties = (_mapped(canon, rating.all_of), tuple(sorted(rating.absent_share.items())), rating.mute, rating.once_per)
    habits = (rating.per, rating.whole_form, rating.not_applicable, rating.own_sheet, rating.item and canon.id("items", rating.item))
    return (raters, allowed, tuple((rating.anchors or {}).items()), mean, duties, habits)


def _mapped(canon: Canon, formulas: dict[str, str]) -> Key:
    return tuple(sorted((key, canon.formula(text)) for key, text in formulas.items()))


def _formula(place: Place, key: str, label: Text, text: str) -> Aspect:
    return Aspect(key, label, place.canon.formula(text), place.told(lambda describing: describing.formula(text)), (*place.path, key))


# --- tables -------------------------------------------------------------------------------------


def band_aspects(place: Place, tiers: tuple[Tier, ...], by: str) -> Iterator[Aspect]:
    """One aspect a band, under its edges; what it gives is what it is compared by."""
    bands = [Band.of(tier) for tier in tiers]
    for at, tier in enumerate(tiers):
        key = " ".join(f"{side} {edge}" for side, edge in bands[at].edges) or "else"
        edges = Text(*(place.describing(language).band([bands[at]], 0, by) for language in LANGUAGES))
        value = (place.canon.formula(tier.points), tier.clause)
        yield Aspect(key, BAND, value, _gives(place, tier), (*place.path, "tiers", at), tier.clause, table="bands", at=edges)


def _gives(place: Place, tier: Tier) -> Told:
    return place.told(lambda describing: describing.gives(tier.points))


def _line(place: Place, body: Body) -> Iterator[Aspect]:
    """One aspect a point of the line."""
    for x, y in (body.line or {}).items():
        at = Text(*(place.describing(language).measured(x, str(body.by)) for language in LANGUAGES))
        yield Aspect(str(number(x)), POINT, Fraction(y), _height(place, y), (*place.path, "line", x), table="points", at=at)


def _height(place: Place, y: Fraction) -> Told:
    return place.told(lambda describing: describing.gives(as_typed(y)))


def _per_event(place: Place, body: Body) -> Iterator[Aspect]:
    """Where it starts, and one aspect for each kind of record."""
    if body.full is not None:
        start = body.full
        told = place.told(lambda describing: describing.measured_result(start))
        yield Aspect("full", Text("起始分", "starting points"), place.canon.formula(start), told, (*place.path, "full"))
    for kinds, entry in entries_of(body):
        for kind in kinds:
            yield _record(place, kind, entry)


def _record(place: Place, kind: str, entry: PerEvent) -> Aspect:
    canon = place.canon
    bands = tuple((Band.of(tier).write(), canon.formula(tier.points), tier.clause) for tier in entry.tiers or ())
    value = (canon.formula(entry.points), canon.formula(entry.where), canon.formula(entry.by), str(bands), entry.once, entry.clause)
    label = Text(
        *(place.version.phrases[language].quoted(place.version.phrases[language].names.of("event", kind)) for language in LANGUAGES)
    )
    told = place.told(lambda describing: told_change(describing, kind, entry) + told_where(describing, kind, entry))
    return Aspect(f"record {canon.id('events', kind)}", label, value, told, (*place.path, "per_event", kind), entry.clause)


# --- what follows -------------------------------------------------------------------------------


def _following(place: Place, body: Body) -> Iterator[Aspect]:
    """What is made of the score, added, bounded, rounded, and what becomes of nothing to measure."""
    after = place if place.scope.extra else _after(place, body)
    if body.then is not None:
        yield Aspect("then", THEN, place.canon.formula(body.then), _told_then(after, body.then), (*place.path, "then"))
    yield from _added(place, body)
    ends = (("floor", Text("最低", "lowest"), body.floor), ("cap", Text("最高", "highest"), body.cap))
    for key, label, text in (*ends, ("if_absent", Text("没有数据时的数", "figure where there is no data"), body.if_absent)):
        if text is not None and text != "none":
            yield Aspect(key, label, place.canon.formula(text), _told_end(after, text), (*place.path, key))
    if body.round is not None:
        yield rounding(place, "round", Text("取整", "rounding"), body.round)
    if body.if_none not in (None, "missing"):
        told, path = _told_absence(place, body.if_none), (*place.path, "if_none")
        yield Aspect("if_none", Text("无数据时的办法", "what becomes of no data"), _absence(place.canon, body.if_none), told, path)


THEN = Text("再换算", "what is then made of it")


def _after(place: Place, body: Body) -> Place:
    """The same place, where `score` is what the rule gave."""
    meanings = place.version.phrases["zh"].meanings
    return replace(place, scope=meanings.after(place.scope, "rating" if body.rating is not None else "rule"))


def _told_then(place: Place, then: str) -> Told:
    return place.told(lambda describing: [describing.ways(then).lead, *describing.ways(then).entries])


def _told_end(place: Place, end: str) -> Told:
    return place.told(lambda describing: describing.measured_result(end))


def _absence(canon: Canon, if_none: str | None) -> object:
    """`spread if 条件 else missing` by its condition; a word by itself."""
    first, _, rest = (if_none or "").partition(" if ")
    condition, _, other = rest.partition(" else ")
    return (first, canon.formula(condition), other) if rest else first if first in ("spread", "null") else canon.formula(if_none)


def _told_absence(place: Place, if_none: str | None) -> Told:
    return lambda language: [place.version.phrases[language].bodies.absence(if_none, place.scope)]


def rounding(place: Place, key: str, label: Text, rounded: Rounding) -> Aspect:
    """Where and how a figure is rounded."""
    value = (rounded.to, rounded.half, rounded.only, rounded.clause)
    return Aspect(key, label, value, lambda language: [place.version.phrases[language].bodies.rounding(rounded)], (*place.path, key))


def _added(place: Place, body: Body) -> Iterator[Aspect]:
    """What is added: a formula, or a body of its own."""
    for at, plus in enumerate(body.plus):
        if isinstance(plus, Body):
            value: object = str([(aspect.key, aspect.value) for aspect in body_aspects(place, plus)])
        else:
            value = place.canon.formula(plus)
        yield Aspect(str(value), ADDED, value, _addend(place, plus), (*place.path, "plus", at), table="plus")


def _addend(place: Place, plus: str | Body) -> Told:
    if isinstance(plus, Body):
        return lambda language: place.version.phrases[language].bodies.lines(plus, place.scope, place.result)
    return place.told(lambda describing: describing.change(plus) if place.result.is_points else describing.formula(plus))


def _uses(place: Place, body: Body) -> Iterator[Aspect]:
    """Per what it exists, when it is used, in which unit."""
    if body.per is not None:
        label = Text("按什么分别计算", "per what it is computed")
        yield Aspect("per", label, _per(place.canon, body.per), _told_per(place, body.per), (*place.path, "per"))
    if isinstance(body, Item) and body.in_use is not None:
        use = body.in_use
        told = place.told(lambda describing: describing.condition(use))
        yield Aspect("in_use", Text("何时采用", "when it is used"), place.canon.formula(use), told, (*place.path, "in_use"))
    if body.unit is not None:
        unit = Text(*(place.version.phrases[language].formulas.unit_word(body.unit) or body.unit for language in LANGUAGES))
        yield Aspect("unit", Text("单位", "unit"), body.unit, fixed(unit), (*place.path, "unit"))


def _per(canon: Canon, per: str) -> str:
    """What `per` names under its new name, be it a week, a unit or a list of words."""
    return next((canon.id(home, per) for home in ("windows", "units", "words") if canon.id(home, per) != per), per)


def _told_per(place: Place, per: str) -> Told:
    return lambda language: [place.version.phrases[language].every(per, place.scope)]
