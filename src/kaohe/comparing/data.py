"""Named figures, what is supplied, recorded and known, and what the data must meet, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from kaohe.comparing.bodies import Place, body_aspects
from kaohe.comparing.entries import Aspect, Entry, Part, Told, fixed
from kaohe.comparing.side import Side, part
from kaohe.comparing.versions import Keys
from kaohe.compiling.outline import event_frame, history_frame
from kaohe.phrasing import facts
from kaohe.phrasing.describing import Result
from kaohe.phrasing.phrases import Phrases
from kaohe.plan import PEOPLE
from kaohe.regulations.definitions import record_told
from kaohe.scheme import Declared, EventType, Figure, Must
from kaohe.texts import Text

SHOWN = (Text("列出", "shown"), Text("不列出", "not shown"))
IS_SHOWN = Text("是否在结果中列出", "whether it is shown")


# --- figures ------------------------------------------------------------------------------------


def figures(side: Side) -> Part:
    """Figures on the way."""
    return part(
        "figures", Text("中间数据", "Figures on the way"), [_figure(side, id, figure) for id, figure in side.scheme.figures.items()]
    )


def _figure(side: Side, id: str, figure: Figure) -> Entry:
    result = Result(unit=side.version.plan.nodes[f"figure.{id}"].unit)
    canon = side.canon.within({**figure.given, "this": id})
    place = Place(side.version, ("figures", id), side.meanings.of_figure(id), canon, result)
    aspects = [*body_aspects(place, figure), side.either("show", IS_SHOWN, figure.show, SHOWN, place.path)]
    if figure.past is not None:
        past = figure.past
        label = Text("往期的算法", "how it is in earlier periods")
        tell = lambda phrases: phrases.formulas.formula(past, phrases.meanings.of_past(id))  # noqa: E731
        aspects.append(side.aspect("past", label, canon.formula(past), tell, (*place.path, "past")))
    return side.entry(
        "figures", id, figure.name, place.path, aspects, figure.clause, lambda language: side.version.phrases[language].figure(id)
    )


# --- facts --------------------------------------------------------------------------------------


def supplied(side: Side) -> Iterator[Part]:
    """What is supplied, recorded and known."""
    scheme = side.scheme
    yield declared_part(side, "values", Text("填报的数据", "Data that is supplied"), scheme.values, ("values",))
    yield part("events", Text("逐次记录的事项", "Records"), [_event(side, id, event) for id, event in scheme.events.items()])
    yield declared_part(side, "people", Text("人员信息", "What is known of people"), scheme.people, ("people",))
    yield declared_part(side, "history", Text("往期数据", "Data of earlier periods"), scheme.history, ("history",))


def declared_part(side: Side, home: str, label: Text, known: Mapping[str, Declared], path: Keys) -> Part:
    """Declared facts of one home."""
    return part(home, label, [_declared(side, home, id, declared, (*path, id)) for id, declared in known.items()])


def _declared(side: Side, home: str, id: str, declared: Declared, path: Keys) -> Entry:
    past = history_frame(declared.of)
    frame = past if home == "history" else declared.of or PEOPLE
    name = declared.name or (side.text(lambda phrases: phrases.names.fact(past, id)) if home == "history" else None)
    return side.entry(home, id, name, path, fact_aspects(side, declared, path, frame), declared.clause)


def fact_aspects(side: Side, declared: Declared, path: Keys, frame: str) -> Iterator[Aspect]:
    """What may stand there, whether it must, whose it is."""
    yield from side.named(declared.name, path)
    yield from side.claused(declared.clause, path)
    yield side.aspect(
        "kind",
        Text("种类与范围", "kind and bounds"),
        kind_key(side, declared),
        lambda phrases: facts.kind(phrases, declared),
        (*path, "is"),
    )
    owed = (declared.optional, declared.default, side.canon.formula(declared.needed))
    yield side.aspect(
        "owed", Text("要求", "whether it is owed"), owed, lambda phrases: facts.owed(phrases, declared, frame), (*path, "needed")
    )
    yield from _whose(side, declared, path)
    yield from side.plain("note", Text("说明", "note"), declared.note, path)
    if declared.measure is not None:
        measure = Text(declared.measure, declared.measure)
        yield Aspect("measure", Text("供数的度量", "measure that supplies it"), declared.measure, fixed(measure), (*path, "measure"))
    if getattr(declared, "show", False):
        yield side.either("show", IS_SHOWN, True, SHOWN, path)


def _whose(side: Side, declared: Declared, path: Keys) -> Iterator[Aspect]:
    """The unit, roles and items that a fact belongs to."""
    if declared.of is not None:
        unit = declared.of
        yield side.aspect(
            "of",
            Text("所属单位", "unit it belongs to"),
            side.renamed.id("units", unit),
            lambda phrases: phrases.names.of("unit", unit),
            path,
        )
    if declared.for_roles:
        roles = declared.for_roles
        value, label = side.canon.ids("roles", roles), Text("所属岗位", "roles it belongs to")
        yield side.aspect(
            "for", label, value, lambda phrases: phrases.listed(phrases.names.of("role", role) for role in roles), (*path, "for")
        )
    if declared.about:
        about = declared.about
        value, label = side.canon.ids("items", about), Text("问题所归", "what its problems are about")
        yield side.aspect("about", label, value, lambda phrases: phrases.listed(map(phrases.calling.by_id, about)), (*path, "about"))


def kind_key(side: Side, declared: Declared) -> tuple[object, ...]:
    """What may stand there, as it is compared."""
    words = side.renamed.id("words", declared.words) if isinstance(declared.words, str) else declared.words
    ends = (declared.low, declared.high, declared.low_open, declared.high_open)
    return (declared.kind, declared.whole, words, ends, declared.several, declared.refused, declared.allowed, declared.steps)


# --- records ------------------------------------------------------------------------------------

WINDOWS = {
    "period": Text("考核期之内", "within the period"),
    "any date": Text("不论日期", "whatever the date"),
    "up to as_of": Text("至数据截止日为止", "up to the day that data is known"),
}
UNFED = (Text("不理会", "ignored"), Text("不予接受", "refused"))


def _event(side: Side, id: str, event: EventType) -> Entry:
    path = ("events", id)
    aspects = [*side.named(event.name, path), *side.claused(event.clause, path)]
    aspects.append(
        Aspect("window", Text("计入哪些日期", "which days count"), event.window, fixed(WINDOWS[event.window]), (*path, "window"))
    )
    aspects.append(side.either("unfed", Text("不影响任何指标的记录", "a record that feeds no item"), event.unfed == "ignored", UNFED, path))
    aspects += _order(side, event, path)
    aspects += [aspect for name, column in event.columns.items() for aspect in _column(side, id, name, column)]
    aspects += [must_aspect(side, f"must {name}", must, (*path, "must", name), event_frame(id)) for name, must in event.must.items()]
    whole: Told = lambda language: list(record_told(side.version.phrases[language], id, event))  # noqa: E731
    return side.entry("events", id, event.name, path, aspects, event.clause, whole)


def _order(side: Side, event: EventType, path: Keys) -> Iterator[Aspect]:
    """How many rows there are, and after what."""
    if event.one_per is not None:
        per = event.one_per
        label = Text("每段只有一行", "one row for every")
        yield side.aspect("one_per", label, side.renamed.id("windows", per), lambda phrases: _part_name(phrases, per), (*path, "one_per"))
    if event.after:
        steps, label = event.after, Text("须在其后", "only after")
        value = side.canon.ids("events", steps)
        yield side.aspect(
            "after", label, value, lambda phrases: phrases.listed(phrases.names.of("event", step) for step in steps), (*path, "after")
        )


def _part_name(phrases: Phrases, per: str) -> str:
    return phrases.names.of("window", per) if per in phrases.scheme.windows else per


def _column(side: Side, event: str, name: str, column: Declared) -> Iterator[Aspect]:
    """A column of a record: its aspects under its name."""
    called = side.text(lambda phrases: phrases.names.fact(event_frame(event), name))
    for aspect in fact_aspects(side, column, ("events", event, "columns", name), event_frame(event)):
        label = Text(f"“{called.zh}”的{aspect.label.zh}", f'{aspect.label.en} of "{called.en}"')
        yield replace(aspect, key=f"column {name} {aspect.key}", label=label)


# --- conditions ---------------------------------------------------------------------------------


def musts(side: Side) -> Part:
    """What the data must meet."""
    entries = []
    for id, must in side.scheme.must.items():
        path = ("must", id)
        told = side.text(lambda phrases, must=must: phrases.condition(must.is_, plain=True))  # type: ignore[misc]
        entries.append(side.entry("must", id, must.name or told, path, [must_aspect(side, "is", must, (*path, "is"), PEOPLE)], must.clause))
    return part("must", Text("数据须符合的条件", "What the data must meet"), entries)


def must_aspect(side: Side, key: str, must: Must, path: Keys, frame: str) -> Aspect:
    """A condition that data must meet, with the reason told where it does not."""
    name = None if must.name is None else (must.name.zh, must.name.en)
    value = (side.canon.formula(must.is_), must.reason, tuple(sorted(must.about)), must.clause, name)
    return side.aspect(key, Text("须符合的条件", "condition that must hold"), value, lambda phrases: _told_must(phrases, must, frame), path)


REASONS = {
    "out_of_range": Text("超出范围", "out of range"),
    "not_allowed": Text("不允许", "not allowed"),
    "unknown": Text("不认识", "unknown"),
    "missing": Text("缺失", "missing"),
    "not_whole": Text("不是整数", "not whole"),
}


def _told_must(phrases: Phrases, must: Must, frame: str) -> str:
    """The condition, the reason and what it is about."""
    condition = phrases.condition(must.is_, "", True, frame) + phrases.claused(must.clause)
    reason, about = REASONS[must.reason].tell(phrases.language), phrases.listed(map(phrases.calling.by_id, must.about))
    return condition + phrases.bracketed(phrases.joined([phrases.say(f"否则为“{reason}”", f"else {reason}"), about]))
