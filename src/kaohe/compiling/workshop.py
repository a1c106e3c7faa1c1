"""What a rule may ask while one body is compiled: formulas seen from that body's place."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kaohe.compiling.building import Builds
from kaohe.compiling.formulas import PROBE, Scope
from kaohe.compiling.outline import event_frame
from kaohe.plan import ZERO, Typed, widest
from kaohe.problems import Place, Problem
from kaohe.scheme import Scheme
from kaohe.texts import Text


@dataclass
class Workshop:
    """What a rule may ask while one body is compiled: formulas seen from that body's place."""

    compiler: Builds
    scope: Scope
    item: str

    @property
    def scheme(self) -> Scheme:
        """The scheme that is compiled."""
        return self.compiler.scheme

    def formula(self, text: object, frame: str, place: Place, wanted: str = "") -> Typed:
        """The resolved formula; a formula that is resolved already is itself."""
        if isinstance(text, Typed):
            return text
        return self.compiler.resolve(text, self.scope.on(frame), wanted)

    def rows(self, source: str, frame: str, value: object, where: object, how: str, place: Place) -> Typed:
        """An aggregate over the rows of one event type."""
        if not self.compiler.knows_event(source, self.scope):
            return PROBE
        rows = event_frame(source)
        condition = None if where is None else self.formula(where, rows, place, "truth").tree
        self.compiler.takers.setdefault(source, []).append([self.item, condition])
        if how == "once":
            points = self.formula("0" if value is None else value, frame, place, "number")
            return Typed(["if", ["agg", "any", rows, None, condition], points.tree, ZERO.tree], "number", "", *widest([points, ZERO]))
        points = self.formula("0" if value is None else value, rows, place, "number")
        low = Fraction(0) if points.low is not None and points.low >= 0 else None
        high = Fraction(0) if points.high is not None and points.high <= 0 else None
        return Typed(["agg", "sum", rows, points.tree, condition], "number", points.unit, low, high)

    def keeps_within(self, part: str, whole: str, frame: str, name: Text | None) -> bool:
        """Whether a part can never be more than its whole."""
        return self.compiler.keeps_within(part, whole, self.scope.on(frame), name)

    def tell(self, problem: Problem) -> None:
        """Keep a problem."""
        self.compiler.tell(problem)
