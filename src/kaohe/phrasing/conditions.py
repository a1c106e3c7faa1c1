"""Comparisons, conditions joined or turned round, and membership, in words."""

from __future__ import annotations

from kaohe.compiling.formulas import Scope
from kaohe.expressions import Expression
from kaohe.phrasing.pieces import AND, CHOICE, OR, TEST, Piece
from kaohe.phrasing.signs import branches, is_date
from kaohe.phrasing.speech import Speech, keywords
from kaohe.rules.bands import EDGE_WORDS

COMPARED = {
    "<": EDGE_WORDS["below"],
    "<=": EDGE_WORDS["up_to"],
    ">": EDGE_WORDS["above"],
    ">=": EDGE_WORDS["from"],
    "==": ("等于", ""),
    "!=": ("不等于", "not"),
}
DATED = {
    "<": ("早于", "before"),
    "<=": ("不晚于", "no later than"),
    ">": ("晚于", "after"),
    ">=": ("不早于", "no earlier than"),
    "==": ("等于", "the same day as"),
    "!=": ("不同于", "another day than"),
}
NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


# --- comparisons --------------------------------------------------------------------------------


def compared(speech: Speech, this: Expression, scope: Scope) -> Piece:
    """Two figures, days or words compared."""
    return _compared(speech, this, scope, this.kind)


def not_compared(speech: Speech, this: Expression, scope: Scope) -> Piece:
    """The opposite of a comparison."""
    return _compared(speech, this, scope, NEGATED[this.kind])


def _compared(speech: Speech, this: Expression, scope: Scope, kind: str) -> Piece:
    left, right, kind = _turned(this, kind)
    worded = _worded(speech, left, right, kind, scope) if kind in ("==", "!=") else None
    if worded is not None:
        return worded
    if left.kind == "call" and left.word in ("run", "times") and kind == ">=":
        return _lasting(speech, left, right, scope)
    subject = speech.within(speech.piece(left, scope), TEST + 1)
    return Piece(speech.spaced(subject, speech.say("", "is"), _bound(speech, left, right, kind, scope)), TEST)


def _turned(this: Expression, kind: str) -> tuple[Expression, Expression, str]:
    """Both sides, a bare number to the right."""
    left, right = this.parts
    return (right, left, TURNED[kind]) if left.kind == "number" and right.kind != "number" else (left, right, kind)


def _bound(speech: Speech, left: Expression, right: Expression, kind: str, scope: Scope) -> str:
    """The second half of a comparison: `高于10分钟`, `above 10 minutes`."""
    dated = is_date(speech, left, scope)
    number = speech.within(speech.piece(right, scope), TEST + 1)
    unit = speech.unit_after(left, scope) if right.kind in ("number", "neg") and not dated else ""
    return speech.spaced(speech.say(*(DATED if dated else COMPARED)[kind]), speech.measured(number, unit))


def _worded(speech: Speech, left: Expression, right: Expression, kind: str, scope: Scope) -> Piece | None:
    """A comparison of words: `岗位为经理`; None where numbers are compared."""
    for one, other in ((left, right), (right, left)):
        found = speech.find(one, scope)
        if found is not None and found.kind == "words":
            same = kind == "=="
            verb = speech.say("为" if same else "不是", "is" if same else "is not")
            return Piece(speech.spaced(speech.called(one, scope), verb, speech.word_beside(other, found, scope)), TEST)
    return None


def _lasting(speech: Speech, left: Expression, right: Expression, scope: Scope) -> Piece:
    """`run(x) >= 2` and `times(x) >= 3`: what held for so long, or so often."""
    what, number = speech.within(speech.truth(left.parts[0], scope), AND), speech.piece(right, scope).text
    if left.word == "run":
        text = speech.say(f"{what}，且连续达到{number}期", f"{what}, for at least {number} periods in a row")
        return Piece(text, AND)
    zh, en = _span(left)
    return Piece(speech.say(f"{what}，且{zh}累计达到{number}期", f"{what}, in at least {number} periods {en}"), AND)


def _span(this: Expression) -> tuple[str, str]:
    """Over how long `times` counts."""
    within = keywords(this).get("within")
    return ("本年度内", "of the year") if within is not None and within.word == "year" else ("", "so far")


# --- joined -------------------------------------------------------------------------------------


def joined(speech: Speech, this: Expression, scope: Scope) -> Piece:
    """Conditions joined by and, by or."""
    hold = AND if this.kind == "and" else OR
    parts = [part.text if part.hold in (hold, TEST) else speech.within(part, TEST) for part in _parts(speech, this, scope)]
    return Piece(speech.say("，且" if hold == AND else "，或", f" {this.kind} ").join(parts), hold if len(parts) > 1 else TEST)


def _parts(speech: Speech, this: Expression, scope: Scope) -> list[Piece]:
    """The conditions; two bounds of one figure are told together: `高于0且低于10`."""
    parts: list[Piece] = []
    for place, part in enumerate(this.parts):
        if this.kind == "and" and part.kind == "and":
            parts += _parts(speech, part, scope)
        elif this.kind == "and" and place and _bounded(part) is not None and _bounded(this.parts[place - 1]) == _bounded(part):
            bound = _bound(speech, *_turned(part, part.kind), scope)
            parts[-1] = Piece(speech.say(f"{parts[-1].text}且{bound}", f"{parts[-1].text} and {bound}"), TEST)
        else:
            told = speech.truth(part, scope)
            if parts and told.text.startswith(parts[-1].text):
                parts.pop()  # `x and times(x) >= 3` says x twice
            parts.append(told)
    return parts


def _bounded(this: Expression) -> str | None:
    """What is held against a number, where it is."""
    if this.kind not in ("<", "<=", ">", ">="):
        return None
    left, right, _ = _turned(this, this.kind)
    return left.tell() if right.kind == "number" else None


def inverse(speech: Speech, this: Expression, scope: Scope) -> Piece:
    """A condition that must not hold."""
    return speech.truth(this.parts[0], scope, holds=False)


def not_so(speech: Speech, this: Expression, scope: Scope) -> Piece:
    """What has no opposite of its own."""
    inner = speech.truth(this, scope).text
    return Piece(speech.say(f"并非（{inner}）", f"not ({inner})"), TEST)


def choice(speech: Speech, this: Expression, scope: Scope) -> Piece:
    """One of two conditions, by a third."""
    told = []
    for test, value in branches(this):
        then = speech.within(speech.truth(value, scope), OR)
        when = "" if test is None else speech.truth(test, scope).text
        told.append(speech.say(f"若{when}，则{then}" if when else f"否则{then}", f"if {when}, {then}" if when else f"otherwise {then}"))
    return Piece(speech.say("；", "; ").join(told), CHOICE)


# --- membership ---------------------------------------------------------------------------------


def member(speech: Speech, this: Expression, scope: Scope) -> Piece:
    """One of several words, somebody of a group, a word among several that a fact holds."""
    return _member(speech, this, scope, holds=True)


def no_member(speech: Speech, this: Expression, scope: Scope) -> Piece:
    """The opposite."""
    return _member(speech, this, scope, holds=False)


def _member(speech: Speech, this: Expression, scope: Scope, holds: bool) -> Piece:
    left, right = this.parts
    if right.kind == "list":
        return _among(speech, left, right, scope, holds)
    if right.kind == "name" and right.word in speech.meanings.scheme.groups:
        group = speech.quoted(speech.calling.names.of("group", right.word))
        verb = speech.say("属于" if holds else "不属于", "is among" if holds else "is not among")
        return Piece(speech.spaced(speech.called(left, scope), verb, group), TEST)
    found = speech.find(right, scope)
    assert found is not None
    word = speech.quoted(speech.word_beside(left, found, scope))
    verb = speech.say("含" if holds else "不含", "has" if holds else "does not have")
    return Piece(speech.spaced(speech.called(right, scope), verb, word), TEST)


def _among(speech: Speech, left: Expression, right: Expression, scope: Scope, holds: bool) -> Piece:
    found = speech.find(left, scope)
    if found is not None and found.kind == "words":
        words = [speech.word_beside(part, found, scope) for part in right.parts]
    else:
        words = [speech.piece(part, scope).text for part in right.parts]
    verb = speech.say("为" if holds else "不是", "is" if holds else "is not")
    return Piece(speech.spaced(speech.called(left, scope), verb, speech.either(words)), TEST)
