"""What the parts of the compiler may ask of the whole: formulas resolved, bodies compiled, nodes added."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Protocol

from kaohe.compiling.formulas import Scope
from kaohe.compiling.home import Home
from kaohe.compiling.outline import Fact
from kaohe.numbers import write_number
from kaohe.plan import Node, Typed
from kaohe.problems import Place
from kaohe.scheme import Body, Declared
from kaohe.texts import Text


class Builds(Home, Protocol):
    """The compiler, as its parts see it."""

    nodes: dict[str, Node]
    takers: dict[str, list[list[Any]]]

    def place_of(self, path: tuple[object, ...]) -> Place:
        """Where an entry stands in the file."""
        ...

    def accepts(self, key: str) -> bool:
        """Whether the scheme insists on this oddity."""
        ...

    def resolve(self, text: object, scope: Scope, wanted: str = "") -> Typed:
        """A formula resolved."""
        ...

    def knows_event(self, name: str, scope: Scope) -> bool:
        """Whether the scheme has this event type; a problem if not."""
        ...

    def fact(self, fact: Fact) -> Typed:
        """A declared fact of the frame at hand."""
        ...

    def add(self, id: str, frame: str, rule: str, inputs: list[Typed], params: dict[str, Any] | None = None, **more: Any) -> Typed:
        """A node of the plan."""
        ...

    def keeps_within(self, part: str, whole: str, scope: Scope, name: Text | None) -> bool:
        """Whether a part can never be more than its whole."""
        ...

    def frame_for(self, per: str | None) -> str:
        """The frame that `per:` names."""
        ...

    def body(self, id: str, body: Body, frame: str, place: Place, owner: str, given: dict[str, str], owed: bool = False) -> Typed:
        """The nodes of a body."""
        ...

    def adjusts(self, body: Body) -> bool:
        """Whether a body says anything after its rule."""
        ...

    def adjust(self, id: str, body: Body, base: Typed, scope: Scope, owed: bool, texts: dict[str, str]) -> Typed:
        """What is added, bounded and rounded after a rule."""
        ...


def name_of(named: Declared | Body) -> str:
    """The name of a declared fact or a body, as the plan writes it."""
    return "" if named.name is None else named.name.write()


def text_of(number: Fraction | None) -> str | None:
    """A number as a formula."""
    return None if number is None else write_number(number)
