"""One item of a draft: what its row says, how the cell that scores it is understood, and what was decided about it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from kaohe.drafting.amounts import Points
from kaohe.drafting.bands import Doubt
from kaohe.drafting.levels import Scale, targets_of
from kaohe.drafting.reader import Read, read_phrase
from kaohe.drafting.readings import (
    AllOrNothing,
    Given,
    OnLine,
    PayPerUnit,
    PerEvent,
    PerStep,
    PlacePoints,
    Proportion,
    Rating,
    Reading,
    Tiers,
    VetoAlone,
)
from kaohe.drafting.rows import ItemRow
from kaohe.numbers import parse_number
from kaohe.problems import Problem

UNIT_WORDS = {
    "ratio": ("%", "％", "百分比", "率", "比例", "‰"),
    "seconds": ("秒", "s", "秒钟"),
    "minutes": ("分钟", "min"),
    "hours": ("小时", "h"),
    "days": ("天", "日", "工作日"),
    "yuan": ("元", "万元"),
    "points": ("分",),
    "count": ("次", "件", "单", "个", "起", "例", "条", "人次", "人", "项"),
}
# What stays answered when a cell is read again; any other answer belonged to the reading before, and is given to the new one once more.
LASTING = ("unit", "target", "direction", "full", "scale")
HUNDRED = Fraction(100)
_RATES = re.compile(r"(?:率|占比|比例)$")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\s*[%％]?")


@dataclass(frozen=True)
class Item:
    """An item of a draft. `worth` is what it counts of the total, `out_of` what its cell counts up to; `way` is set where people decide."""

    id: str
    row: ItemRow
    text: str
    at: str
    given: Given
    reading: Reading | None = None
    doubts: tuple[Doubt, ...] = ()
    note: str = ""
    worth: Fraction | None = None
    out_of: Fraction | None = None
    in_percent: bool = False
    way: str = ""
    base: str = ""
    settled: frozenset[str] = field(default_factory=frozenset)

    @property
    def name(self) -> str:
        """The item's name."""
        return self.row.name

    @property
    def unit(self) -> str:
        """The unit of its value, as given or as the cell tells."""
        return (self.reading.unit if self.reading is not None else "") or self.given.unit

    @property
    def factor(self) -> Fraction:
        """What a point of the cell is worth in the total."""
        return Fraction(1) if not self.worth or not self.out_of else self.worth / self.out_of

    @property
    def target(self) -> Fraction | None:
        """The target in the unit of the value; None where it is only named, or not told."""
        line = targets_of(self.given, ()).at.get("target")
        return None if line is None else Scale.of(Given(unit=self.unit), [line]).number(line)

    def points(self, points: Points) -> Fraction:
        """Points as the cell counts them; a share is one of what the cell counts up to."""
        return points.number * (self.out_of or Fraction(0)) if points.is_share else points.number

    def read_again(self, text: str | None = None, **changes: object) -> Item:
        """The item with its cell read beside something else than before, or another text read in its place."""
        given = replace(self.given, **changes)  # type: ignore[arg-type]
        lasting = frozenset(name for name in self.settled if name.rpartition(".")[2] in LASTING)
        return with_reading(replace(self, given=given, text=self.text if text is None else text, settled=lasting))


def with_reading(item: Item) -> Item:
    """The item with its cell read."""
    read = read_phrase(item.text, item.given)
    reading, doubts = _named_raters(item, read)
    found = replace(item, reading=reading, doubts=doubts, note=read.note)
    if item.in_percent and item.out_of == item.worth and best_of(reading) == HUNDRED:
        return replace(found, out_of=HUNDRED, given=replace(item.given, full=HUNDRED))
    return found


def _named_raters(item: Item, read: Read) -> tuple[Reading | None, tuple[Doubt, ...]]:
    """The reading with the raters that another column names."""
    named = tuple((name, None) for name in re.split(r"[、,，/和与\n ]+", item.row.of("rater").text) if name)
    if isinstance(read.reading, Rating) and not read.reading.raters and named:
        return replace(read.reading, raters=named), tuple(doubt for doubt in read.doubts if doubt.kind != "who_rates")
    return read.reading, read.doubts


def items_of(rows: Iterable[ItemRow]) -> list[Item]:
    """The items of a sheet, each with what its cells give and how the cell that scores it reads."""
    rows = list(rows)
    percent = _in_percent([row.of("weight").text for row in rows])
    taken: set[str] = set()
    found = []
    for row in rows:
        found.append(_item(row, percent, _id(row.name, taken)))
        taken.add(found[-1].id)
    return found


def _id(name: str, taken: set[str]) -> str:
    """The name as an id that a formula may hold, and that no other item bears."""
    plain = re.sub(r"[^0-9A-Za-z_\u4e00-\u9fff]+", "_", name).strip("_") or "item"
    plain = f"item_{plain}" if plain[0].isdigit() else plain
    number = next(count for count in range(1, len(taken) + 2) if (plain if count == 1 else f"{plain}_{count}") not in taken)
    return plain if number == 1 else f"{plain}_{number}"


def _item(row: ItemRow, percent: bool, name: str) -> Item:
    full, weight = _amount(row.of("full").text), _amount(row.of("weight").text)
    weight = weight * 100 if weight is not None and percent and "%" not in row.of("weight").text and weight <= 1 else weight
    worth, out_of = (weight, full) if weight is not None and full is not None else (weight or full, weight or full)
    given = Given(unit=_unit(row), full=out_of, target=_target(row), direction="")
    item = Item(name, row, "", "", given, worth=worth, out_of=out_of, in_percent=weight is not None and full is None and percent)
    return _best_cell(item)


def _best_cell(item: Item) -> Item:
    """The item read from the cell that tells how it is scored: the standard, or the formula where that says more."""
    standard, formula = item.row.of("standard"), item.row.of("formula")
    first = with_reading(replace(item, text=standard.text or formula.text, at=standard.at or formula.at))
    if not (standard and formula) or first.reading is not None or first.doubts:
        return first
    second = with_reading(replace(item, text=formula.text, at=formula.at))
    return replace(second, note="；".join(filter(None, [standard.text, second.note])))


def _amount(text: str) -> Fraction | None:
    """A weight or a number of points as a number; 20% is 20."""
    match = _NUMBER.search(_half_width(text))
    number = parse_number(match[0].rstrip("% ")) if match else None
    return None if number is None or isinstance(number, Problem) else number


def _half_width(text: str) -> str:
    return text.translate({**{ord("０") + digit: str(digit) for digit in range(10)}, ord("．"): ".", ord("％"): "%"})


def _in_percent(weights: list[str]) -> bool:
    """Whether weights are percentages: written so, or decimals that come to one."""
    told = [_amount(text) for text in weights if text]
    numbers = [number for number in told if number is not None]
    return any("%" in _half_width(text) for text in weights) or (bool(numbers) and sum(numbers) <= Fraction(3, 2)) or sum(numbers) == 100


def _unit(row: ItemRow) -> str:
    text = row.of("unit").text.strip()
    named = next((unit for unit, words in UNIT_WORDS.items() if text in words), "")
    if named or text:
        return named
    return "ratio" if _RATES.search(row.name) else ""


def _target(row: ItemRow) -> str:
    """The target as typed; 0.95 of a rate is 95%."""
    text = row.of("target").text.strip()
    number = parse_number(text) if text else None
    if _unit(row) == "ratio" and number is not None and not isinstance(number, Problem) and 0 < number <= 1 and "%" not in text:
        return f"{number * 100}%"
    return text


# --- what a reading comes to -----------------------------------------------------------------------------


def best_of(reading: Reading | None) -> Fraction | None:
    """The most points that a cell tells as a number; None where it tells none, or only shares of the full."""
    if any(points.is_share and points.number >= 1 for points in _scores(reading)):
        return None
    numbers = [points.number for points in _scores(reading) if not points.is_share]
    if isinstance(reading, Rating) and reading.high is not None:
        return reading.high
    if isinstance(reading, Proportion) and reading.times not in ("", "weight", "full"):
        number = parse_number(reading.times.rstrip("%"))
        return None if isinstance(number, Problem) or reading.times.endswith("%") else number
    return max(numbers, default=None)


def _scores(reading: Reading | None) -> list[Points]:
    if isinstance(reading, Tiers) and not reading.signed:
        return [band.points for band in reading.bands]
    if isinstance(reading, AllOrNothing) and not reading.is_yuan:
        return [reading.points]
    if isinstance(reading, OnLine):
        return [points for _, points in reading.points]
    if isinstance(reading, PlacePoints) and not reading.signed:
        return [points for _, points in reading.points]
    if isinstance(reading, Rating):
        tops = [points if isinstance(points, Points) else Points(points[1]) for _, points in reading.marks]
        return [] if reading.high is not None else tops
    return []


def takes_from_full(reading: Reading | None) -> bool:
    """Whether points are added to or taken from what an item starts with."""
    if isinstance(reading, Tiers):
        return reading.signed
    return isinstance(reading, (PerEvent, PerStep)) and not reading.scope and not reading.is_yuan


def is_money(reading: Reading | None) -> bool:
    """Whether it speaks of yuan rather than points."""
    if isinstance(reading, (PerEvent, PerStep)):
        return reading.is_yuan or reading.scope == "pay"
    return isinstance(reading, PayPerUnit) or (isinstance(reading, AllOrNothing) and reading.is_yuan)


def counts_apart(reading: Reading | None) -> bool:
    """Whether it is no item with points of its own: money, or what changes the total."""
    by_total = isinstance(reading, (PerEvent, PerStep)) and reading.scope == "total"
    return is_money(reading) or by_total or (isinstance(reading, VetoAlone) and reading.veto is not None and reading.veto.scope != "item")
