"""Numbers, names, arithmetic and choices between figures, in words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kaohe.compiling.formulas import Scope
from kaohe.expressions import Expression
from kaohe.numbers import write_number
from kaohe.phrasing.pieces import CHOICE, LOOSE, OR, PRODUCT, SUM, Piece
from kaohe.phrasing.speech import Speech

SIGNS = {"+": ("＋", " + "), "-": ("－", " − "), "*": ("×", " × "), "/": ("÷", " ÷ ")}
MINUS = ("－", "−")


def number(speech: Speech, this: Expression, scope: Scope) -> Piece:
    """A number as it was typed."""
    return Piece(this.typed or write_number(Fraction(this.word)))


def name(speech: Speech, this: Expression, scope: Scope) -> Piece:
    """What people call it; what an item put into a blank stands in its place."""
    inner, within = speech.filled(this, scope)
    if inner.kind != "name":
        return speech.piece(inner, within)
    found = speech.meanings.find(inner.word, within)
    if found is not None and found.kind == "truth":
        return speech.truth(inner, within)
    text = speech.calling.name(inner.word, found, within.frame)
    if found is not None and found.kind == "words" and speech.calling.has_numbers(found):
        return Piece(speech.say(f"{text}的分值", f"number of {text}"))
    return Piece(text)


def word(speech: Speech, this: Expression, scope: Scope) -> Piece:
    """A word that stands for itself."""
    return Piece(speech.calling.by_id(this.word))


def listed(speech: Speech, this: Expression, scope: Scope) -> Piece:
    """Several parts in a row."""
    return Piece(speech.listed(speech.piece(part, scope).text for part in this.parts))


def negative(speech: Speech, this: Expression, scope: Scope) -> Piece:
    """A figure with its sign turned."""
    return Piece(speech.say(*MINUS) + speech.within(speech.piece(this.parts[0], scope), PRODUCT), SUM)


def arithmetic(speech: Speech, this: Expression, scope: Scope) -> Piece:
    """A sum, a difference, a product, a quotient; a day some days on or back."""
    if is_date(speech, this.parts[0], scope):
        return _shifted(speech, this, scope)
    if this.kind in "*/" and this.parts[0].kind == "neg":
        turned = replace(this, parts=(this.parts[0].parts[0], this.parts[1]))
        return Piece(speech.say(*MINUS) + speech.piece(turned, scope).text, SUM)
    hold = SUM if this.kind in "+-" else PRODUCT
    one, other = (speech.piece(part, scope) for part in this.parts)
    # what stands right of a difference or a quotient needs brackets; right of a sum or a product it does not
    right = hold if this.kind in "+*" and not other.text.startswith(MINUS) else hold + 1
    return Piece(f"{speech.within(one, hold)}{speech.say(*SIGNS[this.kind])}{speech.within(other, right)}", hold)


def _shifted(speech: Speech, this: Expression, scope: Scope) -> Piece:
    day, other = (speech.piece(part, scope) for part in this.parts)
    number = speech.quoted(other.text) if this.parts[1].kind == "name" else speech.within(other, SUM)
    days = speech.measured(number, speech.say("天", "days"))
    zh, en = ("后", "after") if this.kind == "+" else ("前", "before")
    return Piece(speech.say(f"{day.text}{zh}{days}", f"{days} {en} {day.text}"), LOOSE)


def is_date(speech: Speech, this: Expression, scope: Scope) -> bool:
    """Whether a formula gives a day."""
    if this.kind == "name":
        found = speech.find(this, scope)
        return found is not None and found.kind == "date"
    if this.kind == "call":
        return this.word == "months_after" or (this.word == "first" and is_date(speech, this.parts[0], scope))
    return this.kind in ("+", "-") and is_date(speech, this.parts[0], scope)


def branches(this: Expression) -> list[tuple[Expression | None, Expression]]:
    """The ways of `a if c else b if d else e`, each with its condition; the last has none.

    A way that is itself a choice is told as so many ways: the first of all whose condition holds counts.
    """
    if this.kind != "if":
        return [(None, this)]
    test, then, other = this.parts
    inner = [(test if more is None else Expression("and", "", (test, more)), value) for more, value in branches(then)]
    rest = branches(other)
    while inner and inner[-1][1].tell() == rest[0][1].tell() and rest[0][0] is None:
        inner.pop()  # what gives the same as all the rest needs no way of its own
    return [*inner, *rest]


def choice(speech: Speech, this: Expression, scope: Scope) -> Piece:
    """`若…，为…；否则为…`."""
    told = [_branch(speech, test, value, scope) for test, value in branches(this)]
    return Piece(speech.say("；", "; ").join(told), CHOICE)


def _branch(speech: Speech, test: Expression | None, value: Expression, scope: Scope) -> str:
    text = speech.within(speech.piece(value, scope), OR)
    becomes = "" if value.kind == "name" and value.word == "none" else "为"
    if test is None:
        return speech.say(f"否则{becomes}{text}", f"otherwise {text}")
    condition = speech.truth(test, scope).text
    return speech.say(f"若{condition}，{becomes}{text}", f"if {condition}, {text}")
