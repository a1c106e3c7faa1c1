"""One side of a comparison: a version, the new names of its ids, and how its entries are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from kaohe.comparing.canon import Canon, Renamed
from kaohe.comparing.entries import Aspect, Entry, Part, Told, fixed
from kaohe.comparing.versions import Keys, Version
from kaohe.compiling.meanings import Meanings
from kaohe.phrasing.phrases import Phrases
from kaohe.plan import PEOPLE
from kaohe.problems import Language
from kaohe.scheme import Scheme
from kaohe.texts import Text

LANGUAGES: tuple[Language, ...] = ("zh", "en")
Tell = Callable[[Phrases], str]
NAME, CLAUSE, CONDITION = Text("名称", "name"), Text("条款", "clause"), Text("条件", "condition")


@dataclass(frozen=True)
class Side:
    """A version that is compared; ids that the newer one calls otherwise go by their new names."""

    version: Version
    renamed: Renamed = field(default_factory=Renamed)

    @property
    def scheme(self) -> Scheme:
        """What it says."""
        return self.version.scheme

    @property
    def canon(self) -> Canon:
        """How its formulas are compared."""
        return Canon(self.renamed)

    @property
    def meanings(self) -> Meanings:
        """What its names mean."""
        return self.version.phrases["zh"].meanings

    # --- words --------------------------------------------------------------------------------

    def told(self, tell: Tell) -> Told:
        """Words that are made when somebody asks for them."""
        return lambda language: [tell(self.version.phrases[language])]

    def text(self, tell: Tell) -> Text:
        """Words in both languages."""
        return Text(*(tell(self.version.phrases[language]) for language in LANGUAGES))

    # --- aspects ------------------------------------------------------------------------------

    def aspect(self, key: str, label: Text, value: object, tell: Tell, path: Keys) -> Aspect:
        """One thing that an entry says."""
        return Aspect(key, label, value, self.told(tell), path)

    def plain(self, key: str, label: Text, text: Text | None, path: Keys) -> list[Aspect]:
        """A text that an entry may have."""
        return [] if text is None else [Aspect(key, label, (text.zh, text.en), fixed(text), (*path, key))]

    def named(self, name: Text | None, path: Keys) -> list[Aspect]:
        """Its name."""
        return self.plain("name", NAME, name, path)

    def claused(self, clause: str, path: Keys) -> list[Aspect]:
        """Its clause."""
        return [Aspect("clause", CLAUSE, clause, fixed(Text(clause, clause)), (*path, "clause"))] if clause else []

    def formula(self, key: str, label: Text, text: str, path: Keys, owner: str = "") -> Aspect:
        """A formula about one person."""
        return self.aspect(key, label, self.canon.formula(text), lambda phrases: phrases.formula(text, owner), (*path, key))

    def condition(self, text: str, path: Keys, owner: str, key: str = "when", frame: str = PEOPLE, plain: bool = False) -> Aspect:
        """A condition about one person, or about one row of a frame."""
        tell: Tell = lambda phrases: phrases.condition(text, owner, plain, frame)  # noqa: E731
        return self.aspect(key, CONDITION, self.canon.formula(text), tell, (*path, key))

    def either(self, key: str, label: Text, holds: bool, words: tuple[Text, Text], path: Keys) -> Aspect:
        """One of two words: what holds, and what does not."""
        return Aspect(key, label, holds, fixed(words[0] if holds else words[1]), (*path, key))

    # --- entries ------------------------------------------------------------------------------

    def entry(
        self, home: str, id: str, name: Text | None, path: Keys, aspects: Iterable[Aspect], clause: str = "", whole: Told | None = None
    ) -> Entry:
        """Something with an id; its aspects tell it whole unless `whole` does."""
        every = tuple(aspects)
        called = Text(id, id) if name is None else name
        return Entry(self.renamed.id(home, id), called, path, every, clause, whole or _all_of(every), id)


def part(key: str, label: Text, entries: Iterable[Entry], ordered: bool = False) -> Part:
    """A part of a scheme with these entries."""
    return Part(key, label, {entry.id: entry for entry in entries}, ordered)


def _all_of(aspects: tuple[Aspect, ...]) -> Told:
    """An entry told whole, aspect by aspect."""

    def told(language: Language) -> list[str]:
        glue = "：" if language == "zh" else ": "
        return [f"{aspect.label.tell(language)}{glue}{aspect.words(language)}" for aspect in aspects if aspect.key != "name"]

    return told
