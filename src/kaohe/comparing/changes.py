"""What tells two versions of a scheme apart: part after part, what befell several entries alike told once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kaohe.comparing.entries import Part
from kaohe.comparing.matching import Change, Pair
from kaohe.comparing.parts import parts_of
from kaohe.comparing.renaming import under_new_names
from kaohe.comparing.side import Side
from kaohe.comparing.versions import Version


@dataclass(frozen=True)
class Comparison:
    """Two versions and what tells them apart, in the order of the newer one's parts."""

    old: Version
    new: Version
    changes: tuple[Change, ...]

    def parts(self) -> dict[str, tuple[Change, ...]]:
        """The changes by their part."""
        found: dict[str, tuple[Change, ...]] = {}
        for change in self.changes:
            found[change.part] = (*found.get(change.part, ()), change)
        return found


def compare(old: Version, new: Version) -> Comparison:
    """What tells two versions of a scheme apart; nothing where they say the same, however they are written."""
    there = parts_of(Side(new))
    here = under_new_names(old, there)
    found: list[Change] = []
    for key in dict.fromkeys((*there, *here)):
        empty = Part(key, (there.get(key) or here[key]).label, {})
        found += _alike(Pair(old, new, here.get(key, empty), there.get(key, empty)).changes())
    return Comparison(old, new, tuple(found))


def _alike(changes: Iterable[Change]) -> Iterator[Change]:
    """Changes of one part, in which those that befell several entries alike are one."""
    kept: dict[object, Change] = {}
    for change in changes:
        key: object = (change.kind, change.what, change.before, change.after, change.at) if change.kind in ("changed", "moved") else change
        same = kept.get(key)
        if same is not None:
            change = replace(same, subjects=(*same.subjects, *change.subjects), old=(*same.old, *change.old), new=(*same.new, *change.new))
        kept[key] = change
    yield from kept.values()
