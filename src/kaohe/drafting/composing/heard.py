"""What was heard in one cell, beside what the other columns tell; and what is understood of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from kaohe.drafting.bands import Doubt
from kaohe.drafting.grammar import Statement
from kaohe.drafting.levels import Targets, targets_of
from kaohe.drafting.readings import Given, Reading
from kaohe.drafting.statements import Drawn, Ends, Full, Heading, MarkList, Remark, Vetoed

S = TypeVar("S", bound=Statement)
# Said beside anything; a veto is added to whatever else a cell says.
ALWAYS: tuple[type[Statement], ...] = (Remark, Heading, Vetoed)


@dataclass(frozen=True)
class Understood:
    """A reading, or none, and what must be asked; a reading beside a question is a proposal."""

    reading: Reading | None
    doubts: tuple[Doubt, ...] = ()

    @property
    def asks(self) -> tuple[str, ...]:
        """The kinds of questions, each once."""
        return tuple(dict.fromkeys(doubt.kind for doubt in self.doubts))

    def asking(self, *kinds: str) -> Understood:
        """The same with further questions."""
        return Understood(self.reading, (*self.doubts, *(Doubt(kind) for kind in kinds if kind not in self.asks)))


@dataclass(frozen=True)
class Heard:
    """The statements of a cell and what the other columns tell."""

    statements: Sequence[Statement]
    given: Given
    targets: Targets = field(default_factory=Targets)

    @classmethod
    def of(cls, statements: Sequence[Statement], given: Given) -> Heard:
        """What was heard, the target lines gathered."""
        statements = [further for statement in statements for further in (_pieces(statement))]
        drawn = [statement for statement in statements if isinstance(statement, Drawn)]
        return cls(statements, given, targets_of(given, drawn))

    def all(self, kind: type[S]) -> list[S]:
        """Every statement of a kind."""
        return [statement for statement in self.statements if isinstance(statement, kind)]

    def first(self, kind: type[S]) -> S | None:
        """The first statement of a kind."""
        return next(iter(self.all(kind)), None)

    def only(self, *kinds: type[Statement]) -> bool:
        """Whether nothing else was said."""
        return all(isinstance(statement, (*kinds, *ALWAYS)) for statement in self.statements)

    def without(self, *kinds: type[Statement]) -> Heard:
        """The same without statements of these kinds."""
        return Heard([statement for statement in self.statements if not isinstance(statement, kinds)], self.given, self.targets)

    @property
    def told_full(self) -> Fraction | None:
        """The full points that the cell itself tells."""
        full = self.first(Full)
        return None if full is None or (full.of_parts and self.given.worth is not None) else full.points

    @property
    def full(self) -> Fraction | None:
        """The full points, from the cell or its neighbours."""
        return self.told_full if self.told_full is not None else self.given.worth

    @property
    def better(self) -> str:
        """higher or lower, as far as a column or a sign before the target tells."""
        return self.given.direction or self.targets.better

    @property
    def vetoes(self) -> list[Vetoed]:
        """What takes everything."""
        return self.all(Vetoed)


def _pieces(statement: Statement) -> tuple[Statement, ...]:
    """A statement that says several things, as those."""
    if isinstance(statement, Ends):
        return statement.least, statement.most
    return statement.rows if isinstance(statement, MarkList) else (statement,)


def doubts(*kinds: str) -> tuple[Doubt, ...]:
    """Questions without numbers."""
    return tuple(Doubt(kind) for kind in kinds if kind)


def ordered(found: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """Questions, each once."""
    return tuple(dict.fromkeys(found))
