"""The door between rules and the rest: what a rule is, and what it may ask while compiling, scoring and telling.

A rule knows one way to make points. Built-in rules and a company's own come through this door
alike. Its meaning never changes under its name: another meaning is another version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple, Protocol, TypeVar

from kaohe.columns import AnyColumn, Column, Links, Truth, Words
from kaohe.plan import Node, Tree, Typed
from kaohe.problems import Language, Place, Problem
from kaohe.scheme import Body, Declared, Scheme, Tier
from kaohe.texts import Text

Made = TypeVar("Made")


@dataclass
class Draft:
    """What a rule makes of a body while compiling: its inputs, its settings, and the bounds of its result."""

    inputs: list[Typed]
    params: dict[str, Any] = field(default_factory=dict)
    kind: str = "number"
    unit: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    vocabulary: tuple[str, ...] | None = None


class Builder(Protocol):
    """What a rule may ask the compiler."""

    item: str

    @property
    def scheme(self) -> Scheme:
        """The scheme that is compiled."""
        ...

    def formula(self, text: object, frame: str, place: Place, wanted: str = "") -> Typed:
        """The resolved formula; problems are kept by the builder."""
        ...

    def rows(self, source: str, frame: str, value: object, where: object, how: str, place: Place) -> Typed:
        """An aggregate over the rows of an event type, seen from `frame`."""
        ...

    def keeps_within(self, part: str, whole: str, frame: str, name: Text | None) -> bool:
        """Whether a part can never be more than its whole; facts are held to that, under this name, where the two are facts."""
        ...

    def tell(self, problem: Problem) -> None:
        """Keep a problem."""
        ...


class Context(Protocol):
    """What a rule may ask while scoring."""

    def value(self, tree: Tree, frame: str) -> AnyColumn:
        """The column that a resolved formula gives on a frame."""
        ...

    def number(self, tree: Tree, frame: str) -> Column:
        """The same, known to be numbers."""
        ...

    def truth(self, tree: Tree, frame: str) -> Truth:
        """The same, known to be yes and no."""
        ...

    def words(self, tree: Tree, frame: str) -> Words:
        """The same, known to be words."""
        ...

    def size(self, frame: str) -> int:
        """How many rows a frame has."""
        ...

    def links(self, child: str, parent: str) -> Links:
        """Which row of `parent` each row of `child` belongs to."""
        ...

    def group_codes(self, group: str, frame: str) -> tuple[Any, Any]:
        """For each row its group's number, and whether it is a member."""
        ...

    def config(self, key: str) -> Any:
        """What the company chose."""
        ...


@dataclass(frozen=True)
class Rows:
    """Records behind a figure: rows of a frame, and what each gives (None where it gives no number)."""

    frame: str
    rows: tuple[int, ...] = ()
    gives: tuple[Fraction | None, ...] = ()


@dataclass(frozen=True)
class Part:
    """A figure that a rule made on the way and that the plan does not name, such as one party's mean."""

    name: str
    value: Fraction | None
    words: str = ""
    arithmetic: str = ""
    rows: Rows | None = None
    parts: tuple[Part, ...] = ()


class Line(NamedTuple):
    """What a rule says of one figure of one subject: a phrase, and arithmetic that gives the figure.

    The arithmetic keeps to the grammar of `kaohe.rules.arithmetic` and evaluates to the figure, exactly.
    """

    words: str = ""
    arithmetic: str = ""
    parts: tuple[Part, ...] = ()
    rows: Rows | None = None


class Teller(Protocol):
    """What a rule may ask while explaining one row.

    Whatever it asks to be written (`shown`, `reason`) is listed beneath the figure; what it only
    looks at (`number`, `holds`, `word`) is not.
    """

    language: Language

    def shown(self, tree: Tree, frame: str, row: int) -> str:
        """A formula of one row as a person would write it, its figures put in; empty where there is no figure."""
        ...

    def reason(self, tree: Tree, frame: str, row: int) -> str:
        """Why a condition holds or does not hold in one row, its figures put in."""
        ...

    def number(self, tree: Tree, frame: str, row: int) -> Fraction | None:
        """The figure that a formula gives in one row."""
        ...

    def mark(self, tree: Tree, frame: str, row: int) -> int:
        """0 where a formula gives something, else NONE (nothing to measure) or MISSING (somebody owes a fact)."""
        ...

    def holds(self, tree: Tree, frame: str, row: int) -> bool:
        """Whether a condition is known to hold in one row."""
        ...

    def word(self, tree: Tree, frame: str, row: int) -> str | None:
        """The word that a formula gives in one row."""
        ...

    def figure(self, node: Node, row: int) -> Fraction | None:
        """The figure of a node in one row."""
        ...

    def rows(self, child: str, frame: str, row: int) -> list[int]:
        """The rows of another frame that belong to one row, in order."""
        ...

    def column(self, node: Node, make: Callable[[Context, Node], AnyColumn]) -> AnyColumn:
        """A column that the rule made on the way to its figure, made again once and then kept."""
        ...

    def once(self, node: Node, what: str, make: Callable[[], Made]) -> Made:
        """Something that follows from the node alone, the same for every subject: made once and then kept."""
        ...

    def config(self, key: str) -> Any:
        """What the company chose."""
        ...

    def name(self, kind: str, key: str) -> str:
        """What people call an item, an event type, a group, a relation or a grade."""
        ...

    def say(self, zh: str, en: str) -> str:
        """The phrase in the reader's language."""
        ...


class Wording(NamedTuple):
    """What a rule says of a scheme, before anybody is scored: a sentence, and the entries of its table."""

    lead: str = ""
    entries: tuple[str, ...] = ()


class Describer(Protocol):
    """What a rule may ask while a scheme is put into words; `rows` is an event type whose records a formula looks at."""

    language: Language

    def formula(self, text: str, rows: str = "") -> str:
        """A formula with names for ids."""
        ...

    def factor(self, text: str, rows: str = "") -> str:
        """The same, in brackets where something follows that would hold more firmly."""
        ...

    def condition(self, text: str, rows: str = "") -> str:
        """A condition in words."""
        ...

    def equals(self, text: str) -> str:
        """What is told, behind the name of the result: `得分＝…`."""
        ...

    def gives(self, text: str, rows: str = "") -> str:
        """What a band, a place or a branch gives: `得5分`, `扣2分`, an amount."""
        ...

    def each(self, text: str, rows: str = "") -> str:
        """What one record gives or takes: `每次扣5分`."""
        ...

    def once(self, text: str, rows: str = "") -> str:
        """What a kind of record gives or takes once: `扣5分`."""
        ...

    def bands(self, by: str, tiers: Sequence[Tier], rows: str = "") -> tuple[str, ...]:
        """Every band of a table and what it gives; of records where `rows` names their type."""
        ...

    def ways(self, text: str) -> Wording:
        """A formula, a line for each of its ways."""
        ...

    def measured_result(self, text: str) -> str:
        """A formula with the unit of the result, where it is a number."""
        ...

    def measured(self, number: str, by: str) -> str:
        """A number with the unit of the figure that it is held against."""
        ...

    def name(self, kind: str, key: str) -> str:
        """What people call an item, an event type, a group, a relation, a column of records."""
        ...

    def bounds(self, declared: Declared) -> str:
        """What a declared fact may hold, in words."""
        ...

    def quoted(self, name: str) -> str:
        """A name that stands out in a sentence."""
        ...

    def listed(self, words: Iterable[str]) -> str:
        """Words in a row."""
        ...

    def joined(self, parts: Iterable[str]) -> str:
        """Clauses of one sentence."""
        ...

    def labelled(self, label: str, text: str) -> str:
        """A label and what it says."""
        ...

    def claused(self, clause: str) -> str:
        """The clause that a sentence comes from, behind it; nothing for none."""
        ...

    def say(self, zh: str, en: str) -> str:
        """The phrase in the reader's language."""
        ...


@dataclass(frozen=True)
class Rule:
    """One way to make points: how it compiles, what it computes, what it says of a person and of a scheme.

    A rule that does not say how it describes a scheme is told by its name and its settings.
    """

    name: str
    version: int
    build: Callable[[Builder, Body, str, Place], Draft]
    apply: Callable[[Context, Node], AnyColumn]
    tell: Callable[[Teller, Node, int], Line]
    about: str = ""
    describe: Callable[[Describer, Body], Wording] | None = None

    @property
    def key(self) -> str:
        """Name and version, as plans write it: `tiers@1`."""
        return f"{self.name}@{self.version}"
