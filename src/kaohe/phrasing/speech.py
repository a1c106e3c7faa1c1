"""What every phrase of a formula may ask: words for other parts, the meaning of names, units, and what rows a function runs over."""

from __future__ import annotations

from dataclasses import replace

from kaohe.compiling.formulas import Scope
from kaohe.compiling.meanings import Meanings
from kaohe.expressions import Expression, parse_formula
from kaohe.labels import UNIT_WORDS
from kaohe.phrasing.calling import Calling
from kaohe.phrasing.pieces import Glue, Piece
from kaohe.plan import PEOPLE, Typed
from kaohe.problems import NOWHERE, Problem

AGGREGATES = {"sum", "count", "any", "mean", "min", "max", "share"}
ONE_UNIT = {"sum", "mean", "mean_given", "min", "max", "first", "latest", "previous", "abs", "rounded"}
COUNTED = {
    "months_between": ("个月", "months"),
    "days_between": ("天", "days"),
    "run": ("期", "periods"),
    "times": ("期", "periods"),
}


class Speech(Glue):
    """The formulas of one scheme in one language; `piece` and `truth` are the business of `formulas`."""

    def __init__(self, meanings: Meanings, calling: Calling) -> None:
        super().__init__(calling.language)
        self.meanings = meanings
        self.calling = calling

    def piece(self, this: Expression, scope: Scope) -> Piece:
        """One operation in words."""
        raise NotImplementedError

    def truth(self, this: Expression, scope: Scope, holds: bool = True) -> Piece:
        """A condition in words, or that it does not hold."""
        raise NotImplementedError

    # --- names --------------------------------------------------------------------------------

    def find(self, this: Expression, scope: Scope) -> Typed | None:
        """What a name means, blanks filled; None for anything else than a name."""
        this, scope = self.filled(this, scope)
        return self.meanings.find(this.word, scope) if this.kind == "name" else None

    def filled(self, this: Expression, scope: Scope) -> tuple[Expression, Scope]:
        """What an item put into a blank of its named rule, in place of the blank."""
        while this.kind == "name" and this.word in scope.given and this.word not in scope.extra:
            text = scope.given[this.word]
            scope = replace(scope, given={key: other for key, other in scope.given.items() if key != this.word})
            this = parsed(text)
        return this, scope

    def word_beside(self, this: Expression, beside: Typed, scope: Scope) -> str:
        """What people call a word that is compared with what may hold it."""
        inner, within = self.filled(this, scope)
        word = inner.word
        if inner.kind == "name" and word not in (beside.vocabulary or ()):
            found = self.meanings.find(word, within)
            if found is not None and found.kind == "words":
                return self.calling.name(word, found, within.frame)
        return self.calling.word(word, beside, scope.frame)

    def called(self, this: Expression, scope: Scope) -> str:
        """What people call what a name means, where it is not reckoned with; any other formula in words."""
        inner, within = self.filled(this, scope)
        found = self.meanings.find(inner.word, within) if inner.kind == "name" else None
        return self.piece(this, scope).text if found is None else self.calling.name(inner.word, found, within.frame)

    # --- units --------------------------------------------------------------------------------

    def unit_after(self, this: Expression, scope: Scope) -> str:
        """The word that follows a number compared with this; empty where a number stands alone."""
        this, scope = self.filled(this, scope)
        if this.kind == "name":
            found = self.meanings.find(this.word, scope)
            return "" if found is None else self.unit_word(self.calling.unit(found))
        return self._unit_of_call(this, scope) if this.kind == "call" else ""

    def _unit_of_call(self, this: Expression, scope: Scope) -> str:
        if this.word in COUNTED:
            return self.say(*COUNTED[this.word])
        source = self.source(this, scope)
        if this.word in ONE_UNIT and this.parts:
            return self.unit_after(this.parts[0], scope if source is None else self.inside(source, scope))
        return ""

    def unit_word(self, unit: str) -> str:
        """A unit as it follows a number."""
        return UNIT_WORDS[unit].tell(self.language) if unit in UNIT_WORDS else ""

    def measured(self, number: str, unit: str) -> str:
        """A number and its unit; a percentage needs none."""
        if not unit or number.endswith(("%", "‰")):
            return number
        one = number in ("1", "-1", "−1") and unit.endswith("s")
        return self.say(f"{number}{unit}", f"{number} {unit[:-1] if one else unit}")

    # --- rows and groups ----------------------------------------------------------------------

    def source(self, this: Expression, scope: Scope) -> tuple[str, str] | None:
        """What a function runs over: ("rows", frame), ("group", id), or None where it takes the numbers given."""
        plain = [part for part in this.parts if part.kind != "keyword"]
        if this.word not in AGGREGATES or not plain:
            return None
        return self.meanings.rows(plain[0], keywords(this), scope)

    def inside(self, source: tuple[str, str], scope: Scope) -> Scope:
        """The formula seen from the rows of an aggregate."""
        kind, over = source
        return scope.on(over if kind == "rows" else scope.frame if "/" in scope.frame else PEOPLE)


def keywords(this: Expression) -> dict[str, Expression]:
    """The parts of a call that are given by name."""
    return {part.word: part.parts[0] for part in this.parts if part.kind == "keyword"}


def parsed(text: str) -> Expression:
    """The tree of a formula that was compiled before."""
    found = parse_formula(text, NOWHERE)
    assert not isinstance(found, Problem), found
    return found
