"""What a phrase is understood to say: one class a kind of reading, and each as plain data with numbers as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from kaohe.drafting.amounts import Points
from kaohe.numbers import write_number

Level = Fraction | Literal["target"]
Data = dict[str, object]


@dataclass(frozen=True)
class Edge:
    """One edge: from, above, up_to, below; or edge, where nobody settles whom its number belongs to, with the side of the band."""

    kind: Literal["from", "above", "up_to", "below", "edge"]
    at: Level
    side: Literal["above", "below", ""] = ""

    @property
    def settled(self) -> bool:
        """Whether it tells whom its number belongs to."""
        return self.kind != "edge"


@dataclass(frozen=True)
class Band:
    """A stretch of values and what it gives; without edges: everything else."""

    edges: tuple[Edge, ...]
    points: Points


@dataclass(frozen=True)
class Veto:
    """What takes everything; from how many on, where it takes several."""

    event: str = ""
    scope: Literal["item", "total", "pay"] | None = None
    edge: Edge | None = None


@dataclass(frozen=True)
class Value:
    """How the measured value comes about: a part of a whole."""

    part: str
    of: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the readings have in common: the unit of the value, where the phrase tells it, its definition, and what takes everything."""

    unit: str = ""
    value: Value | None = None
    veto: Veto | None = None


@dataclass(frozen=True, kw_only=True)
class Tiers(Reading):
    """Bands, the first that holds counts. `signed` where the points are added or taken; `is_yuan` where they are money."""

    bands: tuple[Band, ...]
    signed: bool = False


@dataclass(frozen=True, kw_only=True)
class AllOrNothing(Reading):
    """Points on one side of an edge, or where something is so; nothing otherwise."""

    points: Points
    edge: Edge | None = None
    event: str = ""
    is_yuan: bool = False


@dataclass(frozen=True)
class Counted:
    """One kind of occurrence and what each gives."""

    event: str
    points: Points


@dataclass(frozen=True, kw_only=True)
class Limits(Reading):
    """Where a score starts and where it ends; `most` is the largest sum added or taken, endless where it was said that there is none."""

    full: Fraction | None = None
    base: Points | None = None
    floor: Points | None = None
    cap: Points | None = None
    most: Points | None = None
    most_sign: int = 0
    endless: bool = False
    scope: Literal["total", "pay", ""] = ""


@dataclass(frozen=True, kw_only=True)
class PerEvent(Limits):
    """Points, or yuan, for each occurrence."""

    events: tuple[Counted, ...]
    is_yuan: bool = False


@dataclass(frozen=True)
class Step:
    """One step away from a line, and what it gives."""

    by: Fraction
    side: Literal["below", "above", ""]
    points: Points


@dataclass(frozen=True, kw_only=True)
class PerStep(Limits):
    """Points for each step beyond a line; `whole` says what a part of a step counts, `zero` from where the item is 0."""

    steps: tuple[Step, ...]
    beyond: Level
    event: str = ""
    whole: Literal["up", "down", "none", ""] = ""
    zero: Edge | None = None
    is_yuan: bool = False


@dataclass(frozen=True, kw_only=True)
class Proportion(Reading):
    """Points in proportion: part ÷ of × times. `of` a number, target, full or words; `most` and `least` are of the quotient."""

    of: Fraction | str | None = None
    part: str = ""
    times: str = ""
    inverse: bool = False
    most: Fraction | None = None
    endless: bool = False
    least: Fraction | None = None
    floor: Points | None = None
    cap: Points | None = None
    zero: Edge | None = None


@dataclass(frozen=True, kw_only=True)
class OnLine(Reading):
    """Points on straight lines between those told; `rest` beyond the worse end, where told."""

    points: tuple[tuple[Fraction, Points], ...] = ()
    rest: Points | None = None


@dataclass(frozen=True, kw_only=True)
class Rating(Reading):
    """Scores that people give: a range, or words with points or ranges; by whom; how several become one."""

    low: Fraction | None = None
    high: Fraction | None = None
    marks: tuple[tuple[str, Points | tuple[Fraction, Fraction]], ...] = ()
    raters: tuple[tuple[str, Fraction | None], ...] = ()
    mean: Literal["even", "trimmed", ""] = ""


@dataclass(frozen=True, kw_only=True)
class VetoAlone(Reading):
    """A veto and nothing else; it is in `veto`."""


@dataclass(frozen=True, kw_only=True)
class PlacePoints(Reading):
    """Points by place: a place, the last ones below zero, or a share of all (`1/10` the first tenth, below zero the last)."""

    points: tuple[tuple[int | Fraction, Points], ...]
    rest: Points | None = None
    each: Points | None = None
    floor: Points | None = None
    signed: bool = False


@dataclass(frozen=True)
class PayBand:
    """What a stretch of the counted value pays, in yuan for each or as a share."""

    edges: tuple[Edge, ...]
    rate: Fraction


@dataclass(frozen=True, kw_only=True)
class PayPerUnit(Reading):
    """Money for each unit, or a share of an amount."""

    each: str = ""
    yuan: Fraction | None = None
    share: Fraction | None = None
    of: str = ""
    bands: tuple[PayBand, ...] = ()
    beyond: Fraction | None = None
    base: Fraction | None = None
    least: Fraction | None = None
    most: Fraction | None = None


@dataclass(frozen=True)
class Shown:
    """How the numbers of a value are written: as percent where it is a share."""

    unit: str = ""

    def number(self, level: Level) -> str:
        """95%, 30, target."""
        if isinstance(level, str):
            return level
        if self.unit != "ratio":
            return write_number(level)
        small = level != 0 and abs(level) < Fraction(1, 100) and level.denominator * 1 != 1
        return f"{write_number(level * 1000)}‰" if small and (level * 1000).denominator == 1 else f"{write_number(level * 100)}%"


@dataclass(frozen=True)
class Given:
    """What the other columns of the row tell: unit, full points or weight, target, and which values are better."""

    unit: str = ""
    full: Fraction | None = None
    weight: Fraction | None = None
    target: str = ""
    direction: Literal["higher", "lower", ""] = ""
    name: str = ""

    @property
    def worth(self) -> Fraction | None:
        """The item's points, as far as a column tells them."""
        return self.full if self.full is not None else self.weight


# --- as plain data --------------------------------------------------------------------------------------


def as_data(reading: Reading, unit: str = "") -> Data:
    """The reading as plain data, every number as text; `unit` is that of the value, where a column tells it."""
    shown = Shown(reading.unit or unit)
    found: Data = {"kind": KINDS[type(reading)], **_WRITERS[type(reading)](reading, shown)}  # type: ignore[operator]
    if reading.unit:
        found["unit"] = reading.unit
    if reading.value is not None:
        found["value"] = {"part": reading.value.part, "of": reading.value.of}
    if reading.veto is not None and not isinstance(reading, VetoAlone):
        found["veto"] = _veto(reading.veto, shown)
    return found


def edge_data(edge: Edge, shown: Shown) -> Data:
    """One edge by its key."""
    found: Data = {edge.kind: shown.number(edge.at)}
    return {**found, "side": edge.side} if edge.side else found


def _band(band: Band, shown: Shown, last: bool) -> Data:
    if not band.edges:
        return {"else": band.points.write()}
    edges = {key: value for edge in band.edges for key, value in edge_data(edge, shown).items()}
    return {**edges, "points": band.points.write()}


def _tiers(reading: Tiers, shown: Shown) -> Data:
    return {"bands": [_band(band, shown, band is reading.bands[-1]) for band in reading.bands]}


def _all_or_nothing(reading: AllOrNothing, shown: Shown) -> Data:
    gives = {"yuan": write_number(reading.points.number)} if reading.is_yuan else {"points": reading.points.write()}
    told = edge_data(reading.edge, shown) if reading.edge is not None else {"event": reading.event}
    return {**told, **gives}


def _limits(reading: Limits) -> Data:
    found: Data = {}
    if reading.full is not None:
        found["full"] = write_number(reading.full)
    for name in ("base", "floor", "cap", "most"):
        points = getattr(reading, name)
        if points is not None:
            found[name] = points.write()
    if reading.endless:
        found["most"] = "none"
    return {**found, "scope": reading.scope} if reading.scope else found


def _gives(points: Points, is_yuan: bool) -> Data:
    return {"yuan": write_number(points.number)} if is_yuan else {"points": _signed(points)}


def _signed(points: Points) -> str:
    return f"{write_number(points.number * 100)}%" if points.is_share else write_number(points.number)


def _per_event(reading: PerEvent, shown: Shown) -> Data:
    rows = [{**({"event": found.event} if found.event else {}), **_gives(found.points, reading.is_yuan)} for found in reading.events]
    return {**(rows[0] if len(rows) == 1 else {"events": rows}), **_limits(reading)}


def _per_step(reading: PerStep, shown: Shown) -> Data:
    event = {"event": reading.event} if reading.event else {}
    rows = [
        {"by": shown.number(step.by), **({"side": step.side} if step.side else {}), **_gives(step.points, reading.is_yuan)}
        for step in reading.steps
    ]
    steps: Data = rows[0] if len(rows) == 1 else {"steps": rows}
    whole = {"whole": reading.whole} if reading.whole else {}
    zero = {"zero": edge_data(reading.zero, shown)} if reading.zero is not None else {}
    return {**event, **steps, "beyond": shown.number(reading.beyond), **whole, **zero, **_limits(reading)}


def _rate(rate: Fraction) -> str:
    return f"{write_number(rate * 100)}%"


def _proportion(reading: Proportion, shown: Shown) -> Data:
    found: Data = {}
    if reading.part:
        found["part"] = reading.part
    if reading.of is not None:
        found["of"] = reading.of if isinstance(reading.of, str) else shown.number(reading.of)
    if reading.inverse:
        found["inverse"] = "yes"
    if reading.times:
        found["times"] = reading.times
    for name in ("most", "least"):
        rate = getattr(reading, name)
        if rate is not None:
            found[name] = _rate(rate)
    if reading.endless:
        found["most"] = "none"
    for name in ("floor", "cap"):
        points = getattr(reading, name)
        if points is not None:
            found[name] = points.write()
    return {**found, "zero": edge_data(reading.zero, shown)} if reading.zero is not None else found


def _line(reading: OnLine, shown: Shown) -> Data:
    found: Data = {"points": {shown.number(level): points.write() for level, points in reading.points}} if reading.points else {}
    return {**found, "else": reading.rest.write()} if reading.rest is not None else found


def _range(low: Fraction, high: Fraction) -> str:
    return f"{write_number(low)}..{write_number(high)}"


def _rating(reading: Rating, shown: Shown) -> Data:
    found: Data = {}
    if reading.low is not None and reading.high is not None:
        found["allowed"] = _range(reading.low, reading.high)
    if reading.marks:
        found["allowed"] = {mark: _range(*points) if isinstance(points, tuple) else points.write() for mark, points in reading.marks}
    if reading.raters:
        shares = {name: _rate(share) for name, share in reading.raters if share is not None}
        found["raters"] = shares or [name for name, _ in reading.raters]
    return {**found, "mean": reading.mean} if reading.mean else found


def _veto(veto: Veto, shown: Shown) -> Data:
    found: Data = {"event": veto.event} if veto.event else {}
    if veto.edge is not None:
        found |= edge_data(veto.edge, Shown())
    return {**found, "scope": veto.scope} if veto.scope else found


def _veto_alone(reading: VetoAlone, shown: Shown) -> Data:
    return _veto(reading.veto, shown) if reading.veto is not None else {}


def _place(place: int | Fraction) -> str:
    return str(place) if isinstance(place, int) else f"{write_number(place * 100)}%"


def _places(reading: PlacePoints, shown: Shown) -> Data:
    found: Data = {"points": {_place(place): points.write() for place, points in reading.points}}
    if reading.rest is not None:
        found["else"] = reading.rest.write()
    if reading.each is not None:
        found["each"] = _signed(reading.each)
    return {**found, "floor": reading.floor.write()} if reading.floor is not None else found


def _pay(reading: PayPerUnit, shown: Shown) -> Data:
    found: Data = {"each": reading.each} if reading.each else {}
    if reading.yuan is not None:
        found["yuan"] = write_number(reading.yuan)
    if reading.share is not None:
        found["share"] = f"{write_number(reading.share * 100)}%"
    if reading.of:
        found["of"] = reading.of
    if reading.bands:
        found["tiers"] = [_pay_band(band, reading, shown) for band in reading.bands]
    for name in ("beyond", "base", "least", "most"):
        number = getattr(reading, name)
        if number is not None:
            found[name] = write_number(number)
    return found


def _pay_band(band: PayBand, reading: PayPerUnit, shown: Shown) -> Data:
    rate = write_number(band.rate) if reading.each else _rate(band.rate)
    if not band.edges:
        return {"else": rate}
    edges = {key: value for edge in band.edges for key, value in edge_data(edge, shown).items()}
    return {**edges, "yuan" if reading.each else "share": rate}


KINDS: dict[type[Reading], str] = {
    Tiers: "tiers",
    AllOrNothing: "all_or_nothing",
    PerEvent: "per_event",
    PerStep: "per_step",
    Proportion: "proportion",
    OnLine: "line",
    Rating: "rating",
    VetoAlone: "veto",
    PlacePoints: "places",
    PayPerUnit: "pay_per_unit",
}
_WRITERS = {
    Tiers: _tiers,
    AllOrNothing: _all_or_nothing,
    PerEvent: _per_event,
    PerStep: _per_step,
    Proportion: _proportion,
    OnLine: _line,
    Rating: _rating,
    VetoAlone: _veto_alone,
    PlacePoints: _places,
    PayPerUnit: _pay,
}

__all__ = ["KINDS", "field"]
