"""Points in proportion, values defined by arithmetic, and points on straight lines."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kaohe.drafting.amounts import ALL, NONE, Outcome, Points
from kaohe.drafting.bands import Doubt, worth
from kaohe.drafting.composing.banded import Placement
from kaohe.drafting.composing.heard import Heard, Understood, doubts
from kaohe.drafting.conditions import End, Span
from kaohe.drafting.levels import Scale
from kaohe.drafting.lexicon import SAID
from kaohe.drafting.quantities import Quantity
from kaohe.drafting.readings import Edge, OnLine, PayPerUnit, Proportion
from kaohe.drafting.statements import Banded, Bound, ByShare, Drawn, Formula, Full, Limit, Rest, Slope, Straight

# --- proportion -------------------------------------------------------------------------------------------


def compose_share(heard: Heard) -> Understood | None:
    """Points in proportion to a rate; None where the cell says anything else."""
    formulas = heard.all(Formula)
    if len(formulas) + bool(heard.all(ByShare)) != 1 or not heard.only(Formula, ByShare, Limit, Full, Drawn, Banded):
        return None
    if formulas and formulas[0].kind == "complement":
        return _complement(heard, formulas[0])
    if formulas and _is_pay(heard, formulas[0]):
        return (
            Understood(PayPerUnit(share=(formulas[0].factor or Fraction(0)), of=formulas[0].part, beyond=formulas[0].beyond))
            if heard.only(Formula)
            else None
        )
    if formulas and formulas[0].beyond is not None:
        return None
    reading = _of_formula(heard, formulas[0]) if formulas else _of_words(heard)
    return None if reading is None else _ended(heard, reading)


def _is_pay(heard: Heard, formula: Formula) -> bool:
    """销售额×3%, where the value is money and no column tells points."""
    return formula.kind == "points" and heard.given.unit == "yuan" and formula.times.endswith("%") and heard.full is None


def _of_words(heard: Heard) -> Proportion:
    return Proportion(of=_target(heard))


def _target(heard: Heard) -> Fraction | str:
    """The target: the number that the cell draws, else the one of its column."""
    at = heard.targets.at.get("target")
    if at is not None and heard.targets.told_here:
        return Scale.of(heard.given, [at]).number(at)
    return "target"


def _of_formula(heard: Heard, formula: Formula) -> Proportion | None:
    if formula.kind == "value":
        return Proportion(part=formula.part, of=formula.of, times=formula.times)
    if formula.kind == "points":
        return Proportion(part=formula.part, times=formula.times)
    if formula.of_number is not None:
        return Proportion(of=formula.of_number, times=formula.times)
    return Proportion(of=_target(heard), times=formula.times, inverse=formula.inverse)


def _ended(heard: Heard, reading: Proportion) -> Understood | None:
    for limit in heard.all(Limit):
        further = _limited(reading, limit)
        if further is None:
            return None
        reading = further
    if heard.told_full is not None and reading.cap is None and reading.most is None:
        reading = replace(reading, cap=Points(heard.told_full))
    banded = _banded(heard, reading)
    if banded is None:
        return None
    reading, asked = banded
    if reading.of == "target" and not heard.targets.known:
        asked.append("target")
    if reading.of == "target" and reading.most is None and reading.cap is None and not reading.endless:
        asked.append("cap")
    if heard.full is None and reading.times in ("", "full", "weight") and (reading.of == "target" or reading.times):
        asked.append("full")
    return Understood(reading, doubts(*asked))


def _limited(reading: Proportion, limit: Limit) -> Proportion | None:
    if limit.kind == "untold" or limit.is_yuan:
        return reading if limit.kind == "untold" else None
    if limit.kind == "endless":
        return replace(reading, endless=True)
    if limit.kind == "floor":
        return replace(reading, least=limit.rate) if limit.rate is not None else replace(reading, floor=limit.amount)
    if limit.sign > 0:
        return None
    return replace(reading, most=limit.rate) if limit.rate is not None else replace(reading, cap=limit.amount)


def _banded(heard: Heard, reading: Proportion) -> tuple[Proportion, list[str]] | None:
    """低于60%不得分, and 达标得满分 beside 未达标按比例: what bands add to a proportion."""
    by_share = heard.first(ByShare)
    asked: list[str] = []
    for band in heard.all(Banded):
        low, high = band.span.low, band.span.high
        if band.outcome.sign:
            return None
        if band.outcome.points == ALL and by_share is not None and by_share.below and _is_whole(band):
            reading = replace(reading, most=Fraction(1))
            continue
        end = low or high
        if (
            band.outcome.points != NONE
            or band.outcome.kept
            or end is None
            or (low is None) == (high is None)
            or not isinstance(end.at, Quantity)
            or reading.zero is not None
        ):
            return None
        scale = Scale.of(heard.given, [end.at])
        number = end.at.number if end.at.measure == "share" else scale.number(end.at)
        side = ("from" if end.included else "above") if low is not None else ("up_to" if end.included else "below")
        zero = Edge("edge", number, "below") if end.included is None else Edge(side, number)  # type: ignore[arg-type]
        asked += ["boundary"] if end.included is None else []
        reading = replace(reading, zero=zero)
    return (reading, asked) if by_share is None or not by_share.below or reading.most is not None else None


def _is_whole(band: Banded) -> bool:
    """Whether a band begins at the target, or at 100% of it."""
    low = band.span.low
    return low is not None and (low.at == "target" or (isinstance(low.at, Quantity) and low.at.measure == "share" and low.at.number == 1))


def _complement(heard: Heard, formula: Formula) -> Understood | None:
    """100×(1-差错率): a line from none to all."""
    if not heard.only(Formula, Full) or (heard.given.unit not in ("", "ratio")):
        return None
    points = Points(formula.factor) if formula.factor is not None else ALL
    asked = doubts("full" if points == ALL and heard.full is None else "")
    return Understood(OnLine(points=((Fraction(0), points), (Fraction(1), NONE)), unit="" if heard.given.unit else "ratio"), asked)


# --- straight lines ---------------------------------------------------------------------------------------


def compose_line(heard: Heard) -> Understood | None:
    """Points on straight lines between those told; None where the cell says anything else."""
    if (not heard.all(Straight) and not heard.all(Slope)) or not heard.only(Straight, Slope, Banded, Rest, Full, Drawn, Bound):
        return None
    slopes = [band for slope in heard.all(Slope) for band in _ends_of(slope)]
    banded = [*slopes, *heard.all(Banded)]
    if not banded and heard.only(Straight):
        return Understood(OnLine(), doubts("meaning"))
    levels = [level if isinstance(level, Quantity) else heard.targets.at.get(level) for band in banded for level in band.span.levels]
    if len(banded) < 2 or None in levels or any(band.outcome.sign or band.outcome.word or band.outcome.kept for band in banded):
        return None
    return _line(heard, banded, Scale.of(heard.given, [level for level in levels if isinstance(level, Quantity)]))


def _loosely(band: Banded) -> int:
    """Exact values first, then ends that include theirs, then those that do not."""
    end = band.span.low or band.span.high
    return 0 if band.span.exact else 1 if end is not None and end.included else 2


def _ends_of(slope: Slope) -> list[Banded]:
    """Both ends of a slope as bands of one value."""
    pairs = ((slope.low, slope.first), (slope.high, slope.last))
    return [Banded(Span(End(level, True, SAID), End(level, True, SAID), exact=True), Outcome(Points(points))) for level, points in pairs]


def _line(heard: Heard, banded: list[Banded], scale: Scale) -> Understood | None:
    placement = Placement(heard, scale)
    points: dict[Fraction, Points] = {}
    rest: Points | None = None
    for band in sorted(banded, key=_loosely):
        low, high = placement.sides(band.span)
        end = low or high
        if end is None or (low is not None and high is not None and low.at != high.at):
            return None
        if end.at in points:
            if rest is not None:
                return None
            rest = band.outcome.points
        else:
            points[end.at] = band.outcome.points
    return _with_rest(heard, scale, points, rest)


def _with_rest(heard: Heard, scale: Scale, points: dict[Fraction, Points], rest: Points | None) -> Understood | None:
    others = heard.all(Rest)
    if len(points) < 2 or len(others) > 1 or (others and rest is not None):
        return None
    rest = others[0].outcome.points if others else rest
    row = tuple(sorted(points.items()))
    worst = min((found for _, found in (row[0], row[-1])), key=lambda found: worth(found, heard.full))
    asked = [Doubt("rest")] if rest is None and worst.number else []
    shares = any(found.is_share for found in points.values()) and heard.full is None
    more = doubts("unit" if scale.doubtful else "", "full" if shares else "")
    return Understood(OnLine(points=row, rest=rest, unit=scale.unit if scale.told else ""), (*asked, *more))
