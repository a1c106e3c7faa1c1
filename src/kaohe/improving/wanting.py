"""An edge that a figure must reach or pass, and how rounding and bands move it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kaohe.numbers import round_number
from kaohe.rules.bands import Band


@dataclass(frozen=True)
class Want:
    """An edge that a figure must reach or pass, upwards (`>=`, `>`) or downwards (`<=`, `<`)."""

    sign: str
    edge: Fraction

    @property
    def up(self) -> bool:
        """Whether more is wanted."""
        return self.sign in (">", ">=")

    def met(self, value: Fraction) -> bool:
        """Whether a value would do."""
        return {">": value > self.edge, ">=": value >= self.edge, "<": value < self.edge, "<=": value <= self.edge}[self.sign]

    def at(self, edge: Fraction, turned: bool = False) -> Want:
        """The same at another edge; turned round where a factor is below zero."""
        return Want(TURNED[self.sign] if turned else self.sign, edge)

    def stepped(self, step: Fraction) -> Fraction:
        """The nearest multiple of `step` that would do."""
        found = round_number(self.edge / step, Fraction(1), "down") * step
        direction = step if self.up else -step
        found -= direction
        while not self.met(found):
            found += direction
        return found


TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def before_rounding(want: Want, place: Fraction, half: str) -> Want:
    """What a figure must be before it is rounded, so that it does afterwards."""
    least = want.stepped(place)
    if not want.up:
        return Want("<", least + place / 2) if half == "half_up" else Want("<=", least)
    return {
        "half_up": Want(">=", least - place / 2),
        "half_even": Want(">", least - place / 2),
        "up": Want(">", least - place),
        "down": Want(">=", least),
    }[half]


def ways_into(bands: list[Band], good: list[bool], figure: Fraction) -> list[Want]:
    """The nearest edges, upwards and downwards, behind which a band stands that would do."""
    edges = sorted({edge for band in bands for _, edge in band.edges})
    found = []
    for up in (True, False):
        ahead = [edge for edge in edges if (edge >= figure if up else edge <= figure)]
        for edge in ahead if up else reversed(ahead):
            into = _entered(bands, good, edges, edge, up)
            if into is not None and not into.met(figure):
                found.append(into)
                break
    return found


def _entered(bands: list[Band], good: list[bool], edges: list[Fraction], edge: Fraction, up: bool) -> Want | None:
    """The edge itself, or what lies just behind it, if the band there would do."""
    further = [other for other in edges if (other > edge if up else other < edge)]
    near = (min(further) if up else max(further)) if further else edge + (1 if up else -1)
    for value, sign in ((edge, ">=" if up else "<="), ((edge + near) / 2, ">" if up else "<")):
        met = next((place for place, band in enumerate(bands) if band.holds(value)), None)
        if met is not None and good[met]:
            return Want(sign, edge)
    return None
