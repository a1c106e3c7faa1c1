"""Numbers of a phrase in the unit of the value, and the target that the other columns, or the phrase itself, draw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from kaohe.drafting.conditions import Line
from kaohe.drafting.letters import script
from kaohe.drafting.lexicon import SIDES
from kaohe.drafting.quantities import Quantity
from kaohe.drafting.readings import Given
from kaohe.drafting.statements import Drawn
from kaohe.drafting.tokens import Token, tokenize

TIMES = {"seconds": Fraction(1), "minutes": Fraction(60), "hours": Fraction(3600)}
WHOLE_UNITS = ("count", "days")
_UNIT_OF = {"share": "ratio", "points": "points", "yuan": "yuan", "count": "count", "days": "days"}
_TIME_OF = {Fraction(1): "seconds", Fraction(60): "minutes", Fraction(3600): "hours"}
# Which measures a value in a unit may be compared with, besides a bare number.
_FITS = {
    "ratio": {"share"},
    "points": {"points"},
    "yuan": {"yuan"},
    "count": {"count"},
    "days": {"days", "count"},
    "number": {"share", "points", "yuan", "count", "days", "time", "factor"},
}


@dataclass
class Scale:
    """The unit of the value: given, or told by the phrase; `told` where only the phrase tells it, `doubtful` where it is in doubt."""

    unit: str
    told: bool = False
    doubtful: bool = False

    @classmethod
    def of(cls, given: Given, quantities: Iterable[Quantity]) -> Scale:
        """The unit in which these quantities are compared."""
        every = list(quantities)
        if given.unit:
            return cls(given.unit)
        unit = next((_unit_of(found) for found in every if found.measure in (*_UNIT_OF, "time")), "")
        return cls(unit, told=bool(unit)) if unit or not every else cls("number", doubtful=True)

    def number(self, found: Quantity) -> Fraction:
        """The quantity in the unit of the value; a quantity that does not fit it makes the unit doubtful."""
        return self._turned(found, found.number)

    def digit(self, found: Quantity) -> Fraction:
        """One step of its last digit, in the unit of the value."""
        return self._turned(found, found.digit, found.number)

    def _turned(self, found: Quantity, number: Fraction, of: Fraction | None = None) -> Fraction:
        size = TIMES.get(self.unit)
        if found.measure == "bare":
            return self._bare(number, number if of is None else of)
        if size is not None and found.measure == "days":
            self.doubtful = True
            return number * 86_400 / size
        if self.unit == "days" and found.measure == "time":
            return number / 86_400
        if size is not None and found.measure in ("time", "points"):
            return (number * 60 if found.measure == "points" else number) / size
        if found.measure not in _FITS.get(self.unit, set()):
            self.doubtful = True
        return number

    def _bare(self, number: Fraction, whole: Fraction) -> Fraction:
        if self.unit != "ratio":
            return number
        if whole == 1:
            self.doubtful = True
            return number
        return number / 100 if whole >= 2 else number

    @property
    def is_whole(self) -> bool:
        """Whether the value only takes whole numbers."""
        return self.unit in WHOLE_UNITS

    @property
    def natural_ends(self) -> tuple[Fraction, Fraction | None]:
        """Where the value begins and ends by itself."""
        if self.unit in (*TIMES, "days", "yuan"):
            return Fraction(0), None
        return Fraction(0), Fraction(1) if self.unit == "ratio" else Fraction(100)


def _unit_of(found: Quantity) -> str:
    return _TIME_OF.get(found.size, "seconds") if found.measure == "time" else _UNIT_OF[found.measure]


@dataclass
class Targets:
    """The lines drawn for an item: where each is, as far as told, and which side of the target is better."""

    at: dict[Line, Quantity] = field(default_factory=dict)
    sign: str = ""
    told_here: bool = False
    words: str = ""

    @property
    def better(self) -> str:
        """higher or lower, where a sign before the target tells it."""
        return {"from": "higher", "above": "higher", "up_to": "lower", "below": "lower", "open": "lower"}.get(self.sign, "")

    @property
    def known(self) -> bool:
        """Whether there is a target at all, even one that is only named (计划量)."""
        return bool(self.at) or bool(self.words)


def targets_of(given: Given, drawn: Iterable[Drawn]) -> Targets:
    """The lines of the target column, those that the phrase draws before them."""
    found = _column(given.target)
    for line in drawn:
        found.at[line.line] = line.at
        found.told_here = True
        found.sign = line.sign or found.sign
    return found


_LEVELS: dict[str, Line] = {"TARGET": "target", "TOP": "top", "BOTTOM": "bottom"}


def _column(text: str) -> Targets:
    """What a target column says: ≥95%, 30秒, 目标值90%，挑战值95%."""
    found = Targets(words=text.strip())
    line: Line = "target"
    tokens = tokenize(script(text))
    names = [next(name for kind, name in _LEVELS.items() if token.of(kind)) for token in tokens if token.of(*_LEVELS)]
    numbers = [token.quantity for token in tokens if token.of("QTY")]
    if len(numbers) > 1 and len(names) == len(numbers) and len(set(names)) == len(names):
        return Targets(dict(zip(names, numbers, strict=True)), words=text.strip())
    for token in tokens:
        line = next((_LEVELS[kind] for kind in _LEVELS if token.of(kind)), line)
        if token.of("QTY"):
            found.at.setdefault(line, token.quantity)
        found.sign = found.sign or _sign(token)
    return found


def _sign(token: Token) -> str:
    if token.of("CMP"):
        sign = str(token.says["CMP"])
        return sign if sign in ("from", "above", "up_to", "below") else ""
    return str(SIDES[token.text][0]) if token.text in SIDES else ""
