"""What a scheme asks for, sheet by sheet: the columns of a workbook of facts, their choices, bounds and notes.

A heading or a choice is written by its name where that name leads back to its id, else by the id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from kaohe.checking.cells import bounds_words
from kaohe.checking.rated import rated_items
from kaohe.compiling.outline import HISTORY_COLUMNS
from kaohe.labels import UNIT_WORDS
from kaohe.numbers import parse_yes_no, write_number
from kaohe.plan import HISTORY, Plan
from kaohe.problems import Language
from kaohe.scheme import ConfigEntry, Declared, Scheme
from kaohe.sources.gathering import Gathering
from kaohe.sources.headings import STRUCTURE, TABLES, Lexicon, Vocabularies, declared_columns, heading_lexicon
from kaohe.texts import Text

LONGEST_NAME = 31
FORBIDDEN = "[]:*?/\\'"
YES_NO = {"zh": ("是", "否"), "en": ("yes", "no")}
UNIT_NOTES: dict[str, Text] = {
    "ratio": Text("比率：98.5% 或 0.985", "a share: 98.5% or 0.985"),
    **UNIT_WORDS,
    "number": Text("数字", "a number"),
    "date": Text("日期", "a date"),
    "month": Text("月份，如 2026-03", "a month such as 2026-03"),
    "yes_no": Text("是或否", "yes or no"),
    "text": Text("文字", "text"),
    "words": Text("从列表中选择", "choose from the list"),
}
WHOLE, OPTIONAL, SEVERAL = Text("整数", "whole"), Text("可不填", "may be empty"), Text("可填多个，用、隔开", "several, with | between")
OF_UNIT = Text("填在“{}”的行", "in the row of {}")
NEEDED_IF, BLANK_IS = Text("特定情况下必填", "needed in some cases"), Text("不填按 {} 计", "empty counts as {}")
ANY_TEXT, ANY_DATE = Declared(kind="text"), Declared(kind="date")
Columns = list[tuple[str, Declared]]
NO_UNLESS = Declared(kind="yes_no", optional=True)
COUNT = Declared(kind="number", whole=True, low=Fraction(1), default="1")


@dataclass(frozen=True)
class Entry:
    """One column to fill: its id, its heading, what its cells hold, the choices there are."""

    column: str
    heading: str
    declared: Declared
    choices: tuple[str, ...] = ()
    strict: bool = True
    people: bool = False
    whose: str = ""

    def note(self, language: Language) -> str:
        """Unit, bounds and whether it may be left empty, in a few words."""
        declared = self.declared
        unit = "words" if self.choices and declared.kind != "yes_no" else declared.kind
        parts = [OF_UNIT.tell(language).format(self.whose)] if self.whose else []
        parts += [UNIT_NOTES[unit].tell(language)]
        parts += [WHOLE.tell(language)] if declared.whole else []
        bounded = declared.low is not None or declared.high is not None
        parts += [bounds_words(declared)] if bounded and not self.choices else []
        parts += [SEVERAL.tell(language)] if declared.several else []
        if declared.default is not None:
            parts.append(BLANK_IS.tell(language).format(declared.default))
        elif declared.needed is not None:
            parts.append(NEEDED_IF.tell(language))
        elif declared.optional:
            parts.append(OPTIONAL.tell(language))
        parts += [declared.note.tell(language)] if declared.note is not None else []
        return "; ".join(parts) if language == "en" else "；".join(parts)


@dataclass(frozen=True)
class Setting:
    """One choice of the company: its name, the part where it has several, what it was chosen as."""

    key: str
    label: str
    part: str
    part_label: str
    entry: Entry
    value: str


@dataclass(frozen=True)
class Sheet:
    """One sheet to fill: which table it holds, of which event type, and its columns."""

    name: str
    kind: str
    entries: tuple[Entry, ...]
    event: str | None = None
    settings: tuple[Setting, ...] = ()


def sheets_of(plan: Plan, language: Language) -> list[Sheet]:
    """Every sheet that facts for this scheme may need, in order."""
    return list(_Designer(plan, language).sheets())


@dataclass(frozen=True)
class _Designer:
    plan: Plan
    language: Language

    @property
    def scheme(self) -> Scheme:
        return self.plan.scheme

    def sheets(self) -> Iterable[Sheet]:
        yield self._sheet("period", {"start": ANY_DATE, "end": ANY_DATE, "as_of": _optional(ANY_DATE)})
        if self.scheme.config:
            yield replace(self._sheet("config", {"key": ANY_TEXT, "part": ANY_TEXT, "value": ANY_TEXT}), settings=tuple(self._settings()))
        yield self._people()
        if self.scheme.values:
            yield self._sheet("values", [("subject", ANY_TEXT), *declared_columns("values", self.scheme)])
        if rated_items(self.scheme):
            yield self._ratings()
        yield from self._events()
        if self.scheme.history or any(f"'{HISTORY}" in str(node.inputs) for node in self.plan.nodes.values()):
            yield self._history()

    # --- one sheet ----------------------------------------------------------------------------

    def _sheet(self, kind: str, columns: Mapping[str, Declared] | Columns, event: str | None = None, name: str | None = None) -> Sheet:
        headings = heading_lexicon(kind, self.scheme, event)
        words = Vocabularies(self.scheme).of(kind, event)
        pairs = columns.items() if isinstance(columns, Mapping) else columns
        entries = [self._entry(kind, column, declared, headings, words.get(column)) for column, declared in pairs]
        by_heading = {entry.heading: entry for entry in reversed(entries)}
        return Sheet(name or self._table_name(kind), kind, tuple(reversed(by_heading.values())), event)

    def _table_name(self, kind: str) -> str:
        return TABLES[kind][0] if self.language == "zh" else TABLES[kind][-1]

    def _entry(self, kind: str, column: str, declared: Declared, headings: Lexicon, words: Lexicon | None) -> Entry:
        names = STRUCTURE[kind].get(column)
        name = (
            declared.name.tell(self.language)
            if declared.name is not None
            else names[0 if self.language == "zh" else 1]
            if names
            else column
        )
        heading = _leading_back(name, column, headings)
        if column == "subject":
            return Entry(column, heading, declared, people=kind != "people" and self.scheme.subjects == "people")
        unit = self.scheme.units.get(declared.of or "")
        whose = unit.name.tell(self.language) if unit is not None and unit.name is not None else declared.of or ""
        return Entry(column, heading, declared, self._choices(declared, words), not declared.several, whose=whose)

    def _choices(self, declared: Declared, words: Lexicon | None) -> tuple[str, ...]:
        """The cells that a list offers."""
        if declared.kind == "yes_no":
            return YES_NO[self.language]
        if isinstance(declared.words, tuple):
            return declared.words
        if declared.allowed is not None or declared.steps is not None:
            return tuple(write_number(number) for number in declared.allowed or declared.steps or ())
        return () if words is None else self._labels(words)

    def _labels(self, words: Lexicon) -> tuple[str, ...]:
        """Every id of a lexicon by its name in this language."""
        return tuple(_leading_back(self._name_in(words, id), id, words) for id in words.tiers[0])

    def _name_in(self, words: Lexicon, id: str) -> str:
        names = words.written.get(id, ())
        return names[0 if self.language == "zh" else -1] if names else id

    # --- the sheets that are not as declared --------------------------------------------------

    def _people(self) -> Sheet:
        roles = {"role": ANY_TEXT} if isinstance(self.scheme.roles.assessed, dict) else {}
        return self._sheet("people", {"id": ANY_TEXT, "name": _optional(ANY_TEXT), **roles, **self.scheme.people})

    def _ratings(self) -> Sheet:
        readings = [reading for by_form in rated_items(self.scheme).values() for reading in by_form.values()]
        relation = {"relation": ANY_TEXT} if Vocabularies(self.scheme).relations() else {}
        call = {"call": ANY_TEXT} if any(reading.rating.per for reading in readings) else {}
        score = readings[0].scale() if len(readings) == 1 else Declared(kind="number")
        dropped = {"not_applicable": NO_UNLESS} if any(reading.rating.not_applicable == "allowed" for reading in readings) else {}
        return self._sheet(
            "ratings", {"item": ANY_TEXT, "subject": ANY_TEXT, "rater": ANY_TEXT, **relation, **call, "score": score, **dropped}
        )

    def _events(self) -> Iterable[Sheet]:
        """A sheet for each type that has columns of its own, one for all the others."""
        plain = [kind for kind in self.scheme.events if not self._own_columns(kind)]
        base = {"subject": ANY_TEXT, "at": ANY_DATE, "count": COUNT}
        if plain:
            sheet = self._sheet("events", {"type": ANY_TEXT, **base})
            labels = dict(zip(self.scheme.events, sheet.entries[0].choices, strict=True))
            kinds = replace(sheet.entries[0], choices=tuple(labels[kind] for kind in plain))
            yield replace(sheet, entries=(kinds, *sheet.entries[1:]))
        for kind in self.scheme.events:
            own = self._own_columns(kind)
            if own:
                yield self._sheet("events", {**base, **own}, kind, self._event_sheet(kind))

    def _own_columns(self, kind: str) -> dict[str, Declared]:
        event = self.scheme.events[kind]
        weeks = {window.column for name, window in self.scheme.windows.items() if window.column and event.one_per == name}
        asked = declared_columns("events", self.scheme, kind)
        return {name: declared for name, declared in asked if not declared.refused and (name in event.columns or name in weeks)}

    def _event_sheet(self, kind: str) -> str:
        name = self.scheme.events[kind].name.tell(self.language)
        fits = len(name) <= LONGEST_NAME and not set(name) & set(FORBIDDEN)
        return name if fits and Gathering(self.plan).kind_of(name) == ("events", kind) else kind[:LONGEST_NAME]

    def _history(self) -> Sheet:
        columns = {name: HISTORY_COLUMNS[name] for name in ("total", "rank", "of", "status", "last")}
        grade = {"grade": _optional(ANY_TEXT)}
        own = {name: _optional(declared) for name, declared in self.scheme.history.items()}
        return self._sheet("history", {"subject": ANY_TEXT, "period_end": ANY_DATE, **columns, **grade, **own})

    def _settings(self) -> Iterable[Setting]:
        """A row for each choice, or for each part of it, with what holds unless it is changed."""
        lexicon, parts = Vocabularies(self.scheme).settings(), Vocabularies(self.scheme).parts()
        for key, entry in self.scheme.config.items():
            label = _leading_back(entry.name.tell(self.language) if entry.name is not None else key, key, lexicon)
            choices = tuple(entry.one_of or ()) or self._choices(entry, None) or self._config_words(entry)
            column = Entry(key, label, entry, choices)
            defaults = entry.defaults or {}
            if entry.for_ is None and entry.parts is None:
                yield Setting(key, label, "", "", column, self._default(entry))
                continue
            for part in entry.parts or self.scheme.items:
                own = _leading_back(self._name_in(parts, part), part, parts)
                yield Setting(key, label, part, own, column, defaults.get(part, entry.default or ""))

    def _default(self, entry: ConfigEntry) -> str:
        """What holds unless it is changed, in the words that the list offers."""
        if entry.default is None or entry.kind != "yes_no":
            return entry.default or ""
        return YES_NO[self.language][0 if parse_yes_no(entry.default) is True else 1]

    def _config_words(self, entry: ConfigEntry) -> tuple[str, ...]:
        return tuple(self.scheme.words[entry.words].names) if isinstance(entry.words, str) and entry.words in self.scheme.words else ()


def _leading_back(name: str, id: str, lexicon: Lexicon) -> str:
    """The name where it is read as the id, else the id itself."""
    return name if lexicon.ids(name) == (id,) else id


def _optional(declared: Declared) -> Declared:
    return declared.model_copy(update={"optional": True})
