"""A scheme's README as these tests read it: two halves, Chinese and English, each with its sections and its clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kaohe.documents import Branch, read_document
from kaohe.library import library_folder

SECTIONS = {
    "zh": {"clauses": "条款", "readings": "所选读法，与另选之法", "beyond": "算式之外", "example": "算例"},
    "en": {
        "clauses": "Clauses",
        "readings": "Readings, and how to choose otherwise",
        "beyond": "Beyond arithmetic",
        "example": "Worked example",
    },
}
# What holds everywhere and so stands at no figure of scheme.yaml: who and when, absences, redistribution.
THROUGHOUT = {"zh": "（贯穿全文）", "en": "(throughout)"}
CLAUSE = re.compile(r"(?:§|通则)\d+(?:\.\d+)*")


@dataclass(frozen=True)
class Half:
    """One language's half of a README."""

    language: str
    text: str

    def section(self, name: str) -> str:
        """The text under one heading; empty where it has none."""
        heading = re.escape(SECTIONS[self.language][name])
        found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", self.text, re.MULTILINE | re.DOTALL)
        return "" if found is None else found[1].strip()

    @property
    def intro(self) -> str:
        """What stands between the title and the first section: what the scheme is for."""
        return re.split(r"^## ", self.text, maxsplit=1, flags=re.MULTILINE)[0].partition("\n")[2].strip()

    @cached_property
    def points(self) -> list[str]:
        """The entries of the list of clauses."""
        return re.findall(r"^- (.+)$", self.section("clauses"), re.MULTILINE)

    @property
    def headed(self) -> list[str]:
        """The clause at the head of each entry."""
        return [found[1] for point in self.points for found in [re.match(rf"\*\*({CLAUSE.pattern})\b", point)] if found]

    @property
    def clauses(self) -> list[str]:
        """Every clause that an entry is headed by, or tells within: §2.1 under §2. Others that it only refers to are left alone."""
        return [clause for point in self.points for clause in told_in(point)]

    @property
    def throughout(self) -> set[str]:
        """The clauses that are marked as holding everywhere."""
        return {clause for point in self.points if THROUGHOUT[self.language] in point for clause in told_in(point)}

    @property
    def readings(self) -> list[str]:
        """The readings chosen, each an entry of its own."""
        return re.findall(r"^- (.+)$", self.section("readings"), re.MULTILINE)


def told_in(point: str) -> Iterator[str]:
    """The clause at the head of an entry, and those beneath it."""
    named = CLAUSE.findall(point)
    yield from named[:1]
    yield from dict.fromkeys(clause for clause in named[1:] if named and clause.startswith(f"{named[0]}."))


@dataclass(frozen=True)
class Readme:
    """The README of one scheme, beside its scheme.yaml and cases.yaml."""

    scheme: str

    @property
    def folder(self) -> Path:
        """Where it stands."""
        return library_folder() / self.scheme

    @cached_property
    def halves(self) -> dict[str, Half]:
        """The Chinese half first, the English one behind the rule."""
        zh, _, en = (self.folder / "README.md").read_text(encoding="utf-8").partition("\n---\n")
        return {"zh": Half("zh", zh.strip()), "en": Half("en", en.strip())}

    @cached_property
    def named_by_scheme(self) -> list[str]:
        """Every clause that scheme.yaml names, in its order."""
        tree, problems = read_document(self.folder / "scheme.yaml")
        assert tree is not None
        assert not problems
        return list(dict.fromkeys(clauses_of(tree)))


def clauses_of(node: object) -> Iterator[str]:
    """The clauses that a tree names, wherever in it."""
    if isinstance(node, Branch):
        for key, value in node.items():
            if key == "clause" and not isinstance(value, (dict, list)):
                yield from CLAUSE.findall(str(value))
            else:
                yield from clauses_of(value)
    elif isinstance(node, list):
        for part in node:
            yield from clauses_of(part)
