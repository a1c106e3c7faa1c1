"""Ratings, places, money, and vetoes that stand alone."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kaohe.drafting.amounts import ALL, NONE, Outcome, Points
from kaohe.drafting.bands import Ground, lay_out, tell
from kaohe.drafting.composing.banded import Placement
from kaohe.drafting.composing.counted import compose_steps
from kaohe.drafting.composing.heard import Heard, Understood, doubts
from kaohe.drafting.conditions import Span
from kaohe.drafting.levels import Scale
from kaohe.drafting.quantities import Quantity
from kaohe.drafting.readings import Edge, PayBand, PayPerUnit, PlacePoints, Rating, Veto, VetoAlone
from kaohe.drafting.statements import (
    Allowed,
    Banded,
    ByPlace,
    Event,
    FixedSum,
    Full,
    Limit,
    MarkRange,
    Mean,
    PaidEach,
    PaidShare,
    PerStep,
    Placed,
    PlacedList,
    Raters,
    Rest,
    Vetoed,
)

__all__ = ["compose_money", "compose_places", "compose_rating", "compose_steps", "compose_veto", "veto_of"]


# --- ratings ----------------------------------------------------------------------------------------------


def compose_rating(heard: Heard) -> Understood | None:
    """Scores that people give; None where the cell says anything else."""
    heard = _marks_from_bands(heard)
    if not heard.only(Raters, Allowed, Mean, MarkRange, Event, Full, Limit) or any(not event.mark for event in heard.all(Event)):
        return None
    spoken = any(mean.how == "trimmed" for mean in heard.all(Mean))
    if not spoken and not heard.all(Raters) and not heard.all(Allowed) and not heard.all(MarkRange) and not heard.all(Event):
        return None
    raters, together = [pair for row in heard.all(Raters) for pair in row.names], any(row.together for row in heard.all(Raters))
    marks = _marks(heard)
    if marks is None or not _shares_add_up(raters) or len(heard.all(Allowed)) > 1:
        return None
    scales = [*heard.all(Allowed), *[row.scale for row in heard.all(Raters) if row.scale is not None]]
    floors = [limit.amount for limit in heard.all(Limit) if limit.kind == "floor" and limit.amount is not None]
    tops = [limit for limit in heard.all(Limit) if limit.kind != "floor"]
    if (len(floors) > 1 or any(floor.is_share for floor in floors) or (floors and not tops)) or (
        tops
        and (scales or marks or len(tops) > 1 or tops[0].kind != "cap" or tops[0].sign or tops[0].amount is None or tops[0].amount.is_share)
    ):
        return None
    scales += [Allowed(floors[0].number if floors else Fraction(0), limit.amount.number) for limit in tops if limit.amount is not None]
    allowed, mean = next(iter(scales), None), heard.first(Mean)
    reading = Rating(marks=marks, raters=tuple(raters), mean=mean.how if mean else "")
    if allowed is not None:
        reading = replace(reading, low=allowed.low, high=allowed.high)
    elif heard.told_full is not None and not marks:
        reading = replace(reading, low=Fraction(0), high=heard.told_full)
    return Understood(reading, doubts(*_rating_asks(heard, reading, together, bool(_doubtful_marks(heard)))))


def _marks_from_bands(heard: Heard) -> Heard:
    """达标 among 基本达标 and 不达标 is a mark, no condition."""
    banded = heard.all(Banded)
    if not banded or not heard.all(Event) or any(band.span.quality not in ("reached", "missed") or band.words for band in banded):
        return heard
    turned = {id(band): Event(band.met, band.outcome, mark=True) for band in banded}
    return replace(heard, statements=[turned.get(id(statement), statement) for statement in heard.statements])


def _marks(heard: Heard) -> tuple[tuple[str, Points | tuple[Fraction, Fraction]], ...] | None:
    found: dict[str, Points | tuple[Fraction, Fraction]] = {}
    about = {row.about for row in heard.all(Event)}
    common = about.pop() if len(about) == 1 else ""
    for row in heard.statements:
        if isinstance(row, MarkRange):
            if row.mark in found:
                return None
            found[row.mark] = (row.low, row.high)
        elif isinstance(row, Event):
            if row.event in found or row.outcome.sign or row.outcome.kept or row.outcome.coefficient:
                return None
            found[common + row.event] = row.outcome.points
    return tuple(found.items()) if len(found) != 1 else None


def _doubtful_marks(heard: Heard) -> bool:
    """Whether the marks are 达标 and the like, which people may give or figures may show."""
    return any(row.event.endswith(("达标", "完成")) for row in heard.all(Event))


def _shares_add_up(raters: list[tuple[str, Fraction | None]]) -> bool:
    shares = [share for _, share in raters]
    names = [name for name, _ in raters]
    return len(set(names)) == len(names) and (
        all(share is None for share in shares) or (None not in shares and sum(share or 0 for share in shares) == 1)
    )


def _rating_asks(heard: Heard, reading: Rating, together: bool, doubtful: bool) -> list[str]:
    asked = [] if reading.raters else ["who_rates"]
    shared = any(share is not None for _, share in reading.raters)
    if (len(reading.raters) > 1 and not shared and not reading.mean) or doubtful or (together and not reading.mean):
        asked.append("meaning")
    shares = any(isinstance(points, Points) and points.is_share for _, points in reading.marks)
    if heard.full is None and (shares or (not reading.marks and reading.low is None)):
        asked.append("full")
    return asked


# --- places -----------------------------------------------------------------------------------------------


def compose_places(heard: Heard) -> Understood | None:
    """Points for places; None where the cell says anything else."""
    lists = heard.all(PlacedList)
    heard = replace(heard, statements=[*heard.without(PlacedList).statements, *(row for found in lists for row in found.rows)])
    placed = heard.all(Placed)
    heard = heard.without(ByPlace) if placed else heard
    if heard.all(ByPlace):
        return Understood(None, doubts("meaning")) if heard.only(ByPlace, Full, Limit) else None
    heard = _after_places(heard)
    rests, steps = heard.all(Rest), heard.all(PerStep)
    floors = heard.all(Limit)
    if not placed or len(rests) > 1 or len(steps) > 1 or len(floors) > 1 or not heard.only(Placed, Rest, PerStep, Full, Limit):
        return None
    if any(limit.kind != "floor" or not steps for limit in floors):
        return None
    outcomes = [row.outcome for row in placed]
    if (
        any(outcome.word or outcome.is_yuan or outcome.scope not in (None, "item") for outcome in outcomes)
        or len({bool(outcome.sign) for outcome in outcomes if outcome.points.number}) > 1
    ):
        return None
    points = _by_place(placed)
    if points is None:
        return None
    return _places(heard, placed, points, rests, steps)


def _after_places(heard: Heard) -> Heard:
    """前10名得5分，10名以后得0分: the others."""
    last = max((row.places.last for row in heard.all(Placed)), default=0)
    turned = {id(band): Rest(band.outcome) for band in heard.all(Banded) if last > 0 and _is_after(band, last)}
    return replace(heard, statements=[turned.get(id(statement), statement) for statement in heard.statements])


def _is_after(band: Banded, last: int) -> bool:
    end = band.span.low
    return (
        band.span.high is None
        and end is not None
        and isinstance(end.at, Quantity)
        and end.at.unit in ("名", "位")
        and end.at.number == last
    )


def _by_place(placed: list[Placed]) -> tuple[tuple[int | Fraction, Points], ...] | None:
    found: dict[int | Fraction, Points] = {}
    for row in placed:
        keys: list[int | Fraction] = (
            [row.places.share] if row.places.share is not None else list(range(row.places.first, row.places.last + 1))
        )
        if not keys or len(keys) > 100 or any(key in found for key in keys):
            return None
        found |= dict.fromkeys(keys, row.outcome.change)
    return tuple(found.items())


def _places(
    heard: Heard, placed: list[Placed], points: tuple[tuple[int | Fraction, Points], ...], rests: list[Rest], steps: list[PerStep]
) -> Understood | None:
    signed = any(row.outcome.sign for row in placed)
    rest = None if not rests else NONE if rests[0].outcome.kept else rests[0].outcome.change
    each = None
    if steps:
        step = steps[0]
        if step.by.unit not in ("名", "位", "个名次", "名次") or step.by.number != 1:
            return None
        each = step.outcome.change
    shares = any(isinstance(place, Fraction) for place, _ in points)
    asked = ["boundary"] if shares else []
    if rest is None and each is None and not signed:
        asked.append("rest")
    if heard.full is None and any(found.is_share for _, found in points):
        asked.append("full")
    floor = heard.first(Limit)
    if each is not None and each.number < 0 and floor is None:
        asked.append("floor")
    return Understood(
        PlacePoints(points=points, rest=rest, each=each, floor=floor.amount if floor else None, signed=signed), doubts(*asked)
    )


# --- money ------------------------------------------------------------------------------------------------


def compose_money(heard: Heard) -> Understood | None:
    """Money for each unit, or a share of an amount; None where the cell says anything else."""
    each, shares, fixed = heard.all(PaidEach), heard.all(PaidShare), heard.all(FixedSum)
    if not (each or shares) or (each and shares) or not heard.only(PaidEach, PaidShare, FixedSum, Limit):
        return None
    limits = [limit for limit in heard.all(Limit) if limit.kind != "endless"]
    if len(fixed) > 1 or any((limit.kind != "cap" and limit.kind != "floor") or not limit.is_yuan for limit in limits):
        return None
    found = _each(heard, each) if each else _share(heard, shares)
    if found is None:
        return None
    reading, asked = found
    for limit in limits:
        amount = limit.amount.number if limit.amount else None
        reading = replace(reading, most=amount) if limit.kind == "cap" else replace(reading, least=amount)
    return Understood(replace(reading, base=fixed[0].yuan) if fixed else reading, doubts(*asked))


def _each(heard: Heard, rows: list[PaidEach]) -> tuple[PayPerUnit, list[str]] | None:
    if len({row.unit for row in rows}) > 1:
        return None
    if len(rows) == 1 and rows[0].span is None:
        return PayPerUnit(each=rows[0].unit, yuan=rows[0].yuan, beyond=rows[0].beyond), []
    if len(rows) == 2 and rows[0].span is None and rows[1].beyond is not None and rows[0].beyond is None:
        bands = (PayBand((Edge("above", rows[1].beyond),), rows[1].yuan), PayBand((), rows[0].yuan))
        return PayPerUnit(each=rows[0].unit, bands=bands), ["meaning"]
    spans = [(row.span, row.yuan) for row in rows]
    found = _bands(heard, spans)
    return None if found is None else (PayPerUnit(each=rows[0].unit, bands=found[0]), [*found[1], "meaning"])


def _share(heard: Heard, rows: list[PaidShare]) -> tuple[PayPerUnit, list[str]] | None:
    if len(rows) != 1 or not (rows[0].paid or heard.given.unit == "yuan"):
        return None
    return PayPerUnit(share=rows[0].share, of=rows[0].of, beyond=rows[0].beyond), []


def _bands(heard: Heard, spans: list[tuple[Span | None, Fraction]]) -> tuple[tuple[PayBand, ...], list[str]] | None:
    """Rates by stretches of the counted value."""
    if any(span is None for span, _ in spans):
        return None
    levels = [level for span, _ in spans if span is not None for level in span.levels if isinstance(level, Quantity)]
    scale = Scale.of(heard.given, levels)
    placement = Placement(heard, scale)
    rows = [placement.stretch(Banded(span, Outcome(Points(rate)))) for span, rate in spans if span is not None]
    rows = [
        replace(row, low=None) if row.low is not None and row.low.at == 1 and scale.is_whole and row.low.included else row for row in rows
    ]
    axis = lay_out(rows, None, False, Ground(scale.is_whole, *scale.natural_ends), None)
    if axis.muddled:
        return None
    bands = tuple(PayBand(band.edges, band.points.number) for band in tell(axis, None))
    return bands, [doubt.kind for doubt in axis.doubts]


# --- vetoes -----------------------------------------------------------------------------------------------


def compose_veto(heard: Heard) -> Understood | None:
    """A veto and nothing else."""
    if not heard.vetoes or not heard.only(Vetoed, Full):
        return None
    veto = veto_of(heard)
    if veto is None:
        return None
    nameless = not veto.event and (heard.vetoes[0].span is None) and bool(veto.scope)
    return Understood(VetoAlone(veto=veto), doubts("event" if nameless else "", "" if veto.scope else "meaning"))


def veto_of(heard: Heard) -> Veto | None:
    """The one veto of a cell; None where there are several, or one that says too little."""
    if len(heard.vetoes) != 1 or (not heard.vetoes[0].told and heard.vetoes[0].scope is None and not heard.vetoes[0].event):
        return None
    said = heard.vetoes[0]
    edge = None
    if said.span is not None:
        edge = _edge(said.span)
        if edge is None:
            return None
    scope = said.scope if said.scope in ("item", "total", "pay") else None
    return Veto(said.event, scope, edge)


def _edge(span: Span) -> Edge | None:
    """From how many on: 3天及以上, 超过2次, or the number itself, which then is the least."""
    end = span.low
    if end is None or not isinstance(end.at, Quantity) or (span.high is not None and not span.exact):
        return None
    return Edge("from" if end.included else "above", end.at.number)


ALL_POINTS = ALL
