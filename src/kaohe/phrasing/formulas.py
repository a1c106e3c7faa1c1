"""Formulas as people say them: names for ids, words for signs and functions, brackets only where they are needed.

`40% * own_survey + 60% * team_survey` becomes `40%×本人回访得分＋60%×组内其他人平均分`. What a name means the
compiler says; this room words it, and computes nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from kaohe.compiling.formulas import Scope
from kaohe.expressions import Expression
from kaohe.phrasing import conditions, functions, signs
from kaohe.phrasing.pieces import TEST, Piece
from kaohe.phrasing.speech import Speech, parsed

Teller = Callable[[Speech, Expression, Scope], Piece]
TELLERS: dict[str, Teller] = {
    "number": signs.number,
    "word": signs.word,
    "name": signs.name,
    "list": signs.listed,
    "neg": signs.negative,
    "if": signs.choice,
    "call": functions.call,
    "not": conditions.inverse,
    "in": conditions.member,
    **dict.fromkeys(("+", "-", "*", "/"), signs.arithmetic),
    **dict.fromkeys(("and", "or"), conditions.joined),
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), conditions.compared),
}
OPPOSITES: dict[str, Teller] = {
    "call": functions.no_call,
    "in": conditions.no_member,
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), conditions.not_compared),
}


class Formulas(Speech):
    """The formulas of one scheme in one language."""

    def formula(self, text: str, scope: Scope) -> str:
        """A formula in words."""
        return self.piece(parsed(text), scope).text

    def condition(self, text: str, scope: Scope) -> str:
        """A condition in words."""
        return self.truth(parsed(text), scope).text

    def rows_of(self, source: tuple[str, str]) -> str:
        """What the rows of an aggregate are called."""
        return functions.rows_of(self, source)

    def piece(self, this: Expression, scope: Scope) -> Piece:
        """One operation in words."""
        return TELLERS[this.kind](self, this, scope)

    def truth(self, this: Expression, scope: Scope, holds: bool = True) -> Piece:
        """A condition in words, or that it does not hold."""
        if this.kind == "not":
            return self.truth(this.parts[0], scope, not holds)
        if this.kind == "name":
            return self._named(this, scope, holds)
        if this.kind == "if" and holds:
            return conditions.choice(self, this, scope)
        return self.piece(this, scope) if holds else OPPOSITES.get(this.kind, conditions.not_so)(self, this, scope)

    def _named(self, this: Expression, scope: Scope, holds: bool) -> Piece:
        inner, within = self.filled(this, scope)
        if inner.kind != "name":
            return self.truth(inner, within, holds)
        found = self.meanings.find(inner.word, within)
        return Piece(self.calling.truth(inner.word, found, within.frame, holds), TEST)
