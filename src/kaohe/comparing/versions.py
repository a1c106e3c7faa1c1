"""One of the two schemes that are compared: its plan, its words in both languages, its lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kaohe.compiling.meanings import Meanings
from kaohe.documents import LARGEST_SCHEME, read_document
from kaohe.phrasing.phrases import Phrases
from kaohe.plan import Plan
from kaohe.problems import Language, Place
from kaohe.reading import line_in, plan_of_tree
from kaohe.scheme import Scheme

Keys = tuple[object, ...]


def _no_line(path: Keys) -> int | None:
    return None


@dataclass(frozen=True)
class Version:
    """A scheme with its words, and the line on which each entry stands where it came from a file."""

    plan: Plan
    line_of: Callable[[Keys], int | None] = field(default=_no_line, compare=False)
    file: str = ""

    @property
    def scheme(self) -> Scheme:
        """What it says."""
        return self.plan.scheme

    @cached_property
    def phrases(self) -> dict[Language, Phrases]:
        """Its words in both languages."""
        meanings = Meanings(self.plan)
        return {"zh": Phrases(self.plan, "zh", meanings), "en": Phrases(self.plan, "en", meanings)}


def read_version(path: Path) -> Version:
    """The version that a file holds; `Problems` with all that is wrong with it."""
    tree, problems = read_document(path, LARGEST_SCHEME)
    plan = plan_of_tree(tree, Place(file=str(path)), problems)
    assert tree is not None  # a plan came of it
    return Version(plan, lambda keys: line_in(tree, keys), str(path))
