"""What formulas may ask of the compiler in which they are resolved."""

from __future__ import annotations

from typing import Protocol

from kaohe.compiling.outline import Fact, Outline
from kaohe.plan import Typed
from kaohe.problems import Place, Problem
from kaohe.scheme import Body, Declared, Scheme


class Scoped(Protocol):
    """Where a formula stands: its frame and its place in the file."""

    @property
    def frame(self) -> str:
        """The frame from which names are looked up."""
        ...

    @property
    def place(self) -> Place:
        """The line that problems name."""
        ...


class Home(Protocol):
    """The compiler, as formulas see it: names of figures, figures on demand, and a place for problems."""

    scheme: Scheme
    outline: Outline
    problems: list[Problem]
    lets: dict[str, tuple[Body, str]]

    @property
    def is_full(self) -> bool:
        """Whether more problems are known than anybody would read."""
        ...

    def tell(self, problem: Problem) -> None:
        """Keep a problem."""
        ...

    def vocabulary(self, declared: Declared) -> tuple[str, ...] | None:
        """The words that a declared fact may hold."""
        ...

    def known_names(self, frame: str) -> list[str]:
        """Every name that a formula may use there."""
        ...

    def has_figure(self, full: str) -> bool:
        """Whether there is a figure of this full name."""
        ...

    def frame_of(self, full: str) -> str:
        """Per what a figure exists."""
        ...

    def figure(self, full: str) -> Typed:
        """The figure, compiled when first asked for."""
        ...

    def needed_value(self, fact: Fact, base: str) -> Typed:
        """A value that is owed only under a condition."""
        ...

    def past_figure(self, name: str, scope: Scoped) -> Typed | None:
        """A figure of each earlier period."""
        ...
