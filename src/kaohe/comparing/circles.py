"""Words, groups, units, parts of the period, and what the company chooses, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.comparing.data import kind_key
from kaohe.comparing.entries import Aspect, Entry, Part, fixed
from kaohe.comparing.side import Side, Tell, part
from kaohe.phrasing import facts, people, spans
from kaohe.scheme import ConfigEntry, Group, Unit, Window
from kaohe.texts import Text


def words(side: Side) -> Part:
    """Lists of words, word by word."""
    entries = []
    for id, listed in side.scheme.words.items():
        aspects = [_word(side, id, word, name) for word, name in listed.names.items()]
        entries.append(side.entry("words", id, _used_as(side, id), ("words", id), aspects))
    return part("words", Text("选项", "Lists of words"), entries)


def _word(side: Side, id: str, word: str, name: Text) -> Aspect:
    value = (name.zh, name.en, side.scheme.words[id].numbers.get(word))
    label = side.text(lambda phrases: phrases.quoted(phrases.calling.of_list(word, id)))
    return side.aspect(f"word {word}", label, value, lambda phrases: facts.word(phrases, id, word), ("words", id, word))


def _used_as(side: Side, id: str) -> Text:
    """What a list of words is called: as the columns that choose from it are."""
    scheme = side.scheme
    columns = [column for event in scheme.events.values() for column in event.columns.values()]
    known = (*columns, *scheme.people.values(), *scheme.values.values(), *scheme.config.values(), *scheme.history.values())
    return next((declared.name for declared in known if declared.words == id and declared.name is not None), Text(id, id))


# --- groups, units, parts of the period ---------------------------------------------------------


def circles(side: Side) -> Iterator[Part]:
    """Groups of people, units, parts of the period."""
    scheme = side.scheme
    yield part("groups", Text("人群", "Groups"), [_group(side, id, group) for id, group in scheme.groups.items()])
    yield part("units", Text("单位", "Units"), [_unit(side, id, unit) for id, unit in scheme.units.items()])
    yield part("windows", Text("时段", "Parts of the period"), [_window(side, id, window) for id, window in scheme.windows.items()])


def _group(side: Side, id: str, group: Group) -> Entry:
    formula = side.canon.formula
    value = (formula(group.others_of), formula(group.all_of), group.all, formula(group.where), group.blank)
    return _circle(side, "groups", id, group.name, lambda phrases: people.group(phrases, id, group), value, group.clause)


def _unit(side: Side, id: str, unit: Unit) -> Entry:
    value = (unit.by and side.renamed.id("people", unit.by), unit.one, unit.results)
    return _circle(side, "units", id, unit.name, lambda phrases: people.unit(phrases, unit), value)


def _window(side: Side, id: str, window: Window) -> Entry:
    value = (window.starts_on_days, window.column, side.canon.ids("events", window.of), window.any_date)
    return _circle(side, "windows", id, window.name, lambda phrases: spans.window(phrases, window), value)


def _circle(side: Side, home: str, id: str, name: Text | None, tell: Tell, value: object, clause: str = "") -> Entry:
    path = (home, id)
    aspects = [*side.named(name, path), side.aspect("meaning", Text("所指", "meaning"), value, tell, path), *side.claused(clause, path)]
    return side.entry(home, id, name, path, aspects, clause)


# --- what the company chooses, what is kept as it is --------------------------------------------


def config(side: Side) -> Part:
    """What the company chooses."""
    entries = [_choice(side, id, entry) for id, entry in side.scheme.config.items()]
    return part("config", Text("由公司选定的事项", "What the company chooses"), entries)


def _choice(side: Side, id: str, entry: ConfigEntry) -> Entry:
    path = ("config", id)
    called = tuple((key, name.zh, name.en) for key, name in entry.called.items())
    bounds = (kind_key(side, entry), entry.for_, entry.parts, entry.sum, entry.one_of, called)
    default = (entry.default, tuple(sorted((entry.defaults or {}).items())), entry.optional)
    aspects = [
        *side.named(entry.name, path),
        *side.claused(entry.clause, path),
        *side.plain("note", Text("说明", "note"), entry.note, path),
        side.aspect(
            "bounds", Text("可选范围", "what may be chosen"), bounds, lambda phrases: facts.bounds_of_choice(phrases, entry), (*path, "is")
        ),
        side.aspect(
            "default",
            Text("未选定时的取值", "what holds unless chosen"),
            default,
            lambda p: facts.default_of_choice(p, entry),
            (*path, "default"),
        ),
    ]
    return side.entry("config", id, entry.name, path, aspects, entry.clause)


def accepted(side: Side) -> Part:
    """Oddities that the scheme insists on."""
    entries = []
    for key, why in side.scheme.accept.items():
        reason = Text.read(why)
        aspect = Aspect("why", Text("理由", "reason"), (reason.zh, reason.en), fixed(reason), ("accept", key))
        entries.append(side.entry("accept", key, None, ("accept", key), [aspect]))
    return part("accept", Text("照原文执行的特殊规定", "Oddities kept as they are"), entries)
