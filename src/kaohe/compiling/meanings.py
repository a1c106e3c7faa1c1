"""What the names in a scheme's formulas mean, for whoever puts the scheme into words.

The compiler itself resolves them, so that no second opinion about a name can arise. Nothing is
scored here and nothing is worded.
"""

from __future__ import annotations

from dataclasses import replace

from kaohe.compiling.compiler import Compiler
from kaohe.compiling.formulas import Scope
from kaohe.compiling.outline import event_frame
from kaohe.compiling.totals import MODES
from kaohe.expressions import Expression
from kaohe.plan import HISTORY, PEOPLE, Node, Plan, Typed
from kaohe.problems import NOWHERE
from kaohe.scheme import Body

SCORE = "score"  # the head of the tree of what came before, in a scheme that is only worded


class Meanings:
    """The names of one compiled scheme, looked up from where a formula stands."""

    def __init__(self, plan: Plan) -> None:
        self.scheme = plan.scheme
        self.nodes: dict[str, Node] = plan.nodes
        self._compiler = Compiler(plan.scheme, lambda path: NOWHERE)
        self._compiler.everything()

    def find(self, name: str, scope: Scope) -> Typed | None:
        """What a name means there; None where it means nothing."""
        return self._compiler.resolver.quiet(name, scope)

    def rows(self, value: Expression, named: dict[str, Expression], scope: Scope) -> tuple[str, str] | None:
        """What an aggregate runs over: ("rows", frame) or ("group", id); None where it compares the numbers given."""
        return self._compiler.resolver.source(value, named, scope)

    # --- where formulas stand -----------------------------------------------------------------

    def anywhere(self, owner: str = "", frame: str = PEOPLE, plain: bool = False) -> Scope:
        """A formula about one person (or unit), such as a condition."""
        return Scope(frame, NOWHERE, owner, plain=plain)

    def of_rows(self, event: str) -> Scope:
        """A formula about one record."""
        return Scope(event_frame(event), NOWHERE, f"events.{event}")

    def of_item(self, name: str, body: Body | None = None) -> Scope:
        """A formula of an item, or of its reading on one form."""
        item = self.scheme.items[name]
        given = {"this": name, **(item if body is None else body).given}
        return Scope(self._compiler.frame_for(item.per), NOWHERE, f"item.{name}", given)

    def of_let(self, item: str, name: str) -> Scope:
        """A formula of a figure that an item keeps for itself."""
        body = self.scheme.items[item].let[name]
        given = {"this": item, **self.scheme.items[item].given, **body.given}
        return Scope(self._compiler.frame_of(f"{item}.{name}"), NOWHERE, item, given)

    def of_figure(self, name: str) -> Scope:
        """A formula of a named figure."""
        figure = self.scheme.figures[name]
        return Scope(self._compiler.frame_for(figure.per), NOWHERE, f"figure.{name}", {**figure.given, "this": name})

    def of_past(self, name: str) -> Scope:
        """What a figure is in earlier periods."""
        return replace(self.of_figure(name), frame=HISTORY)

    def of_pay(self, name: str) -> Scope:
        """A formula of a pay line."""
        assert self.scheme.pay is not None
        line = self.scheme.pay.lines[name]
        return Scope(self._compiler.frame_for(line.per), NOWHERE, f"pay.{name}", dict(line.given))

    def of_total(self) -> Scope:
        """What follows the total; `score` is what the items gave."""
        total = self.scheme.total
        made = "total" if total is None or total.is_ not in MODES else total.is_
        return self.after(Scope(PEOPLE, NOWHERE, "total"), made)

    def after(self, scope: Scope, made: str) -> Scope:
        """What follows a rule: `score` is what that gave; `made` says how it came about."""
        return replace(scope, extra={"score": Typed([SCORE, made], "number", "points")})
