"""Formulas and ids as they are compared: blanks filled, renamed ids under their new names, signs and blanks evened out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kaohe.expressions import Expression
from kaohe.phrasing.speech import parsed
from kaohe.scheme import Scheme

Key = tuple[object, ...]

# The names that formulas write before an id, and where the id is at home.
HEADS = {
    "value": "values",
    "person": "people",
    "figure": "figures",
    "item": "items",
    "rating": "items",
    "pay": "pay",
    "state": "states",
    "config": "config",
    "grade": "columns",
}


@dataclass(frozen=True)
class Renamed:
    """Ids that the newer version calls otherwise, by the part where they are at home."""

    ids: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()  # ids that several parts have: a bare one is nobody's for certain

    def id(self, home: str, id: str) -> str:
        """An id under its new name."""
        return self.ids.get(home, {}).get(id, id)

    def name(self, word: str) -> str:
        """A name in a formula with the ids in it under their new names."""
        head, dot, rest = word.partition(".")
        if not dot:
            return self._bare(word)
        if head in HEADS:
            first, dot, tail = rest.partition(".")
            return f"{head}.{self.id(HEADS[head], first)}{dot}{tail}"
        whole = self.id("values", word)
        return whole if whole != word else f"{self._bare(head)}.{self._bare(rest)}"

    def _bare(self, word: str) -> str:
        if word in self.shared:
            return word
        found = {known[word] for known in self.ids.values() if word in known}
        return found.pop() if len(found) == 1 else word


def shared_ids(scheme: Scheme) -> frozenset[str]:
    """Ids that more than one part of a scheme has."""
    homes = (scheme.people, scheme.values, scheme.figures, scheme.items, scheme.states, {} if scheme.pay is None else scheme.pay.lines)
    every = [id.rpartition(".")[2] for home in homes for id in home]
    return frozenset(id for id in every if every.count(id) > 1)


@dataclass(frozen=True)
class Canon:
    """How formulas of one place are compared."""

    renamed: Renamed = field(default_factory=Renamed)
    given: Mapping[str, str] = field(default_factory=dict)

    def within(self, given: Mapping[str, str]) -> Canon:
        """The same, for a body that fills blanks."""
        return replace(self, given={**self.given, **given})

    def formula(self, text: object) -> Key | None:
        """A formula as it is compared; None for none."""
        return None if text is None else self._key(parsed(str(text)), self.given)

    def _key(self, this: Expression, given: Mapping[str, str]) -> Key:
        """The operations of a formula with its blanks filled and every id under its new name."""
        if this.kind == "name" and this.word in given:
            inner = {key: text for key, text in given.items() if key != this.word}
            return self._key(parsed(given[this.word]), inner)
        word = self.renamed.name(this.word) if this.kind == "name" else this.word
        return (this.kind, word, *(self._key(part, given) for part in this.parts))

    def id(self, home: str, id: str) -> str:
        """An id under its new name."""
        return self.renamed.id(home, id)

    def ids(self, home: str, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Ids under their new names."""
        return tuple(self.id(home, id) for id in ids)
