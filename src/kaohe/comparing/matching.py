"""One part of both versions laid side by side: entries matched by id, aspects by key, rows of tables by their edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from kaohe.comparing.entries import EMPTY, Aspect, Entry, Part, sentence
from kaohe.comparing.side import LANGUAGES
from kaohe.comparing.versions import Keys, Version
from kaohe.texts import Text

Kind = Literal["added", "removed", "changed", "moved", "renamed", "reordered"]
MIRRORED: dict[Kind, Kind] = {"added": "removed", "removed": "added"}


@dataclass(frozen=True)
class Where:
    """Where something stands in one version: its keys, clause and line."""

    path: Keys = ()
    clause: str = ""
    line: int | None = None

    def as_data(self) -> dict[str, object]:
        """The place as plain data."""
        return {"path": ".".join(map(str, self.path)), "clause": self.clause, "line": self.line}


NOWHERE = Where()


@dataclass(frozen=True)
class Change:
    """One difference: in which part and entries, of what, from what to what, and where both stand.

    `subjects` are several where one change befell several entries alike. `what` is empty where the
    entry itself went or came. `at` says which row of a table it is; of a row that `moved`, what it
    gives, where that stayed.
    """

    part: str
    label: Text
    kind: Kind
    subjects: tuple[Text, ...]
    what: Text = EMPTY
    before: Text = EMPTY
    after: Text = EMPTY
    old: tuple[Where, ...] = (NOWHERE,)
    new: tuple[Where, ...] = (NOWHERE,)
    at: Text = EMPTY

    def mirrored(self) -> Change:
        """The same difference seen from the other side."""
        kind = MIRRORED.get(self.kind, self.kind)
        return replace(self, kind=kind, before=self.after, after=self.before, old=self.new, new=self.old)

    def as_data(self) -> dict[str, object]:
        """The change as plain data."""
        texts = {"what": self.what, "at": self.at, "before": self.before, "after": self.after}
        return {
            "part": self.part,
            "kind": self.kind,
            "subjects": [_text_data(subject) for subject in self.subjects],
            **{key: _text_data(text) for key, text in texts.items()},
            "old": [where.as_data() for where in self.old],
            "new": [where.as_data() for where in self.new],
        }


def _text_data(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


@dataclass(frozen=True)
class Pair:
    """One part of both versions."""

    old: Version = field(compare=False)
    new: Version = field(compare=False)
    here: Part
    there: Part

    def changes(self) -> Iterator[Change]:
        """Entries that went or came, aspects that differ, another order."""
        for id in dict.fromkeys((*self.there.entries, *self.here.entries)):
            one, other = self.here.entries.get(id), self.there.entries.get(id)
            if one is not None and other is not None:
                yield from self._entry(one, other)
            elif other is not None:
                yield self._change("added", other, after=_whole(other), new=self._in_new(other, other))
            elif one is not None:
                yield self._change("removed", one, before=_whole(one), old=self._in_old(one, one))
        yield from self._order()

    # --- entries ------------------------------------------------------------------------------

    def _entry(self, one: Entry, other: Entry) -> Iterator[Change]:
        """What tells two readings of one entry apart; a rule in another's place is told whole, without its parts."""
        if one.own_id != other.own_id and not self.there.key.startswith("form "):
            ids = Text(one.own_id, one.own_id), Text(other.own_id, other.own_id)
            yield self._change("renamed", other, ID, *ids, self._in_old(one, one), self._in_new(other, other))
        replaced = {key for key in _rules(one) if key in _rules(other) and _rules(one)[key] != _rules(other)[key]}
        singles, others = one.single, other.single
        for key in dict.fromkeys((*others, *singles)):
            found = self._aspect(one, other, singles.get(key), others.get(key), replaced)
            yield from [] if found is None else [found]
        tables = dict.fromkeys((*other.tables, *one.tables))
        for key in tables:
            here, there = one.tables.get(key, []), other.tables.get(key, [])
            if (here or there)[0].rule_key not in replaced or not (here or there)[0].is_of_rule:
                yield from self._rows(one, other, here, there)

    def _aspect(self, one: Entry, other: Entry, was: Aspect | None, now: Aspect | None, replaced: set[str]) -> Change | None:
        told = now or was
        assert told is not None
        if (told.is_of_rule and told.rule_key in replaced) or (was is not None and now is not None and was.value == now.value):
            return None
        old = NOWHERE if was is None else self._in_old(one, was)
        new = NOWHERE if now is None else self._in_new(other, now)
        before, after = _differing(was, now)
        kind: Kind = "added" if was is None else "removed" if now is None else "changed"
        label = METHOD if told.key in replaced else told.label
        return self._change(kind, one if now is None else other, label, before, after, old, new)

    def _order(self) -> Iterator[Change]:
        """Another order of the entries that both have, where order says something."""
        here = [id for id in self.here.entries if id and id in self.there.entries]
        there = [id for id in self.there.entries if id and id in self.here.entries]
        if self.there.ordered and here != there:
            before, after = _listed(self.here, here), _listed(self.there, there)
            yield Change(self.there.key, self.there.label, "reordered", (), Text("次序", "order"), before, after)

    # --- rows of a table ----------------------------------------------------------------------

    def _rows(self, one: Entry, other: Entry, here: list[Aspect], there: list[Aspect]) -> Iterator[Change]:
        """Rows of the same edge, then rows whose edge moved, then rows that went or came."""
        was = {row.key: row for row in here}
        for row in there:
            if row.key in was and was[row.key].value != row.value:
                places = self._in_old(one, was[row.key]), self._in_new(other, row)
                yield self._change("changed", other, row.label, _words(was[row.key]), _words(row), *places, row.at)
        gone = [row for row in here if row.key not in {now.key for now in there}]
        come = [row for row in there if row.key not in was]
        pairs, gone, come = _paired(gone, come)
        for before, after in pairs:
            yield self._moved(one, other, before, after)
        for row in come:
            yield self._change("added", other, row.label, after=_row(row), new=self._in_new(other, row))
        for row in gone:
            yield self._change("removed", one, row.label, before=_row(row), old=self._in_old(one, row))

    def _moved(self, one: Entry, other: Entry, was: Aspect, now: Aspect) -> Change:
        """A row under another edge; what it gives is told with the edge where that changed too."""
        places = self._in_old(one, was), self._in_new(other, now)
        if was.value == now.value:
            return self._change("moved", other, MOVING[now.table], was.at, now.at, *places, _words(now))
        return self._change("moved", other, now.label, _row(was), _row(now), *places)

    # --- one change ---------------------------------------------------------------------------

    def _change(
        self,
        kind: Kind,
        entry: Entry,
        what: Text = EMPTY,
        before: Text = EMPTY,
        after: Text = EMPTY,
        old: Where = NOWHERE,
        new: Where = NOWHERE,
        at: Text = EMPTY,
    ) -> Change:
        subjects = () if entry.name == EMPTY else (entry.name,)
        return Change(self.there.key, self.there.label, kind, subjects, what, before, after, (old,), (new,), at)

    def _in_old(self, entry: Entry, placed: Entry | Aspect) -> Where:
        return Where(placed.path, placed.clause or entry.clause, self.old.line_of(placed.path))

    def _in_new(self, entry: Entry, placed: Entry | Aspect) -> Where:
        return Where(placed.path, placed.clause or entry.clause, self.new.line_of(placed.path))


ID, METHOD = Text("编号", "id"), Text("计算办法", "way of scoring")


def _rules(entry: Entry) -> dict[str, object]:
    """The rules that an entry and the figures which it keeps for itself write, by name and version."""
    return {aspect.key: aspect.value[0] for aspect in entry.aspects if aspect.key == aspect.rule_key and isinstance(aspect.value, tuple)}


def _paired(gone: list[Aspect], come: list[Aspect]) -> tuple[list[tuple[Aspect, Aspect]], list[Aspect], list[Aspect]]:
    """Rows that give the same, in order; where as many are left on both sides, those one by one. Then what is left."""
    pairs: list[tuple[Aspect, Aspect]] = []
    left, right = list(gone), list(come)
    for row in gone:
        same = next((now for now in right if now.value == row.value), None)
        if same is not None and row.table in MOVING:
            pairs.append((row, same))
            left.remove(row)
            right.remove(same)
    if len(left) == len(right):
        return [*pairs, *zip(left, right, strict=True)], [], []
    return pairs, left, right


# Tables whose rows have an edge that can move while what they give stays, and what that is called.
MOVING = {"bands": Text("一档的界限", "edge of the band"), "points": Text("一点的位置", "place of the point")}


def _whole(entry: Entry) -> Text:
    """An entry told whole."""
    return Text(*(sentence(entry.whole(language), language) for language in LANGUAGES))


def _words(aspect: Aspect) -> Text:
    """An aspect told whole."""
    return Text(*(aspect.words(language) for language in LANGUAGES))


def _row(row: Aspect) -> Text:
    """A row with its edge and what it gives."""
    words = _words(row)
    return words if row.at == EMPTY else Text(f"{row.at.zh}，{words.zh}", f"{row.at.en}: {words.en}")


def _differing(was: Aspect | None, now: Aspect | None) -> tuple[Text, Text]:
    """Both readings; of one told in several lines only those that the other does not have."""
    if was is None or now is None:
        return EMPTY if was is None else _words(was), EMPTY if now is None else _words(now)
    sides = [[was.told(language) for language in LANGUAGES], [now.told(language) for language in LANGUAGES]]
    both_long = all(len(lines) > 1 for side in sides for lines in side)
    if not both_long or any(set(one) == set(other) for one, other in zip(*sides, strict=True)):
        return _words(was), _words(now)
    before = [sentence(_without(one, other), language) for one, other, language in zip(*sides, LANGUAGES, strict=True)]
    after = [sentence(_without(other, one), language) for one, other, language in zip(*sides, LANGUAGES, strict=True)]
    if all(before) and all(after):
        return Text(*before), Text(*after)
    return _words(was), _words(now)


def _without(lines: Iterable[str], others: list[str]) -> list[str]:
    return [line for line in lines if line and line not in others]


def _listed(part: Part, ids: list[str]) -> Text:
    """Names of entries in their order."""
    names = [part.entries[id].name for id in ids]
    return Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))
