"""A draft written as a scheme: values, events, items, pay lines, each with the cell that it comes from as its clause and its comment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from kaohe.drafting.amounts import NONE, Points
from kaohe.drafting.bandwork import bands_in
from kaohe.drafting.formulas import SIGNS, chain, condition, in_whole_steps, proportional, start_of, stepped, written
from kaohe.drafting.items import Item, counts_apart, is_money
from kaohe.drafting.levels import WHOLE_UNITS
from kaohe.drafting.readings import (
    AllOrNothing,
    Band,
    Edge,
    Limits,
    OnLine,
    PayPerUnit,
    PerEvent,
    PerStep,
    PlacePoints,
    Proportion,
    Rating,
    Shown,
    Tiers,
    VetoAlone,
)
from kaohe.numbers import write_number

KINDS = {
    "ratio": "ratio",
    "seconds": "seconds 0..",
    "minutes": "minutes 0..",
    "hours": "hours 0..",
    "days": "days 0..",
    "yuan": "yuan 0..",
    "count": "whole 0..",
    "points": "number 0..",
}
PLAIN = re.compile(r"[\w\u4e00-\u9fff§.%！-～，。；：、（） ]+")
ONE = Fraction(1)


def scalar(text: str) -> str:
    """A text as YAML takes it, quoted where it must be."""
    flat = " ".join(text.replace("|", "/").split())
    safe = PLAIN.fullmatch(flat) and not flat[0].isdigit() and flat.lower() not in ("yes", "no", "null", "true", "false")
    return flat if safe else json.dumps(flat, ensure_ascii=False)


def formula(text: str) -> str:
    """A formula, quoted where YAML would not take it as it stands."""
    return (
        text if re.fullmatch(r"[\w\u4e00-\u9fff.% *+/()<>=-]+", text) and text[0] not in "-=>*%" else json.dumps(text, ensure_ascii=False)
    )


@dataclass
class Block:
    """One entry of the scheme: the comment above it, its id, its keys."""

    id: str
    comment: list[str]
    keys: dict[str, str] = field(default_factory=dict)


@dataclass
class Writing:
    """What has been gathered for the scheme so far."""

    sheet: str
    values: dict[str, str] = field(default_factory=dict)
    events: dict[str, str] = field(default_factory=dict)
    items: list[Block] = field(default_factory=list)
    pay: list[Block] = field(default_factory=list)
    left: list[list[str]] = field(default_factory=list)
    ends_all: list[str] = field(default_factory=list)
    ranked: bool = False
    taken: set[str] = field(default_factory=set)

    def add(self, item: Item) -> None:
        """Take an item in."""
        if item.way == "by_hand":
            self.left.append(_comment(item))
        elif item.way == "entered":
            self._entered(item)
        elif item.reading is not None and is_money(item.reading):
            self._money(item)
        else:
            self._item(item)

    # --- items ---------------------------------------------------------------------------------------

    def _block(self, item: Item) -> Block:
        keys = {"name": scalar(item.name)}
        if item.worth is not None and not counts_apart(item.reading):
            keys["points"] = write_number(item.worth)
        return Block(item.id, _comment(item), {**keys, "clause": scalar(self.clause(item))})

    def clause(self, item: Item) -> str:
        """Where the rule of an item stands."""
        return f"{self.sheet} {item.at or f'第 {item.row.number} 行'}".strip()

    def _entered(self, item: Item) -> None:
        block, value = self._block(item), self._name(item, "分", "points")
        most = "" if item.worth is None else f"0..{write_number(item.worth)}"
        self.values[value] = f"{{is: {f'points {most}'.strip()}, name: {scalar(f'{item.name}得分')}}}"
        block.keys["is"] = value
        self._finish(item, block)

    def _item(self, item: Item) -> None:
        block, reading = self._block(item), item.reading
        if isinstance(reading, Tiers):
            self._tiers(item, reading, block)
        elif isinstance(reading, AllOrNothing):
            self._all_or_nothing(item, reading, block)
        elif isinstance(reading, PerEvent):
            self._per_event(item, reading, block)
        elif isinstance(reading, PerStep) and reading.event:
            self._per_length(item, reading, block)
        elif isinstance(reading, PerStep):
            block.keys["is"] = stepped(item, reading, self._value(item), self._target(item))
            self._ends(item, reading, block)
        elif isinstance(reading, Proportion):
            self._proportion(item, reading, block)
        elif isinstance(reading, OnLine):
            self._line(item, reading, block)
        elif isinstance(reading, Rating):
            self._rating(item, reading, block)
        elif isinstance(reading, PlacePoints):
            self._places(item, reading, block)
        elif isinstance(reading, VetoAlone) and reading.veto is not None and reading.veto.scope == "item":
            block.keys["is"] = write_number(item.worth or Fraction(0))
        self._finish(item, block)

    def _finish(self, item: Item, block: Block) -> None:
        """Weights, vetoes and sources put to what a rule gives; an item without a rule of its own is left out."""
        steps = [] if item.factor == 1 else [f"score * {written(item.worth or ONE)} / {written(item.out_of or ONE)}"]
        veto = item.reading.veto if item.reading is not None else None
        if veto is not None:
            happened = self._happened(item, veto.event, veto.edge)
            if veto.scope == "total":
                self.ends_all.append(happened)
            else:
                steps = [f"0 if {happened} else {steps[0] if steps else 'score'}"]
        if "is" not in block.keys and not {"by", "full", "rating", "places"} & set(block.keys):
            return
        if steps:
            block.keys["then"] = formula(steps[0])
        if item.row.of("source"):
            block.keys["source"] = scalar(item.row.of("source").text)
        block.keys = {key: formula(text) if key == "is" else text for key, text in block.keys.items()}
        self.items.append(block)

    def _tiers(self, item: Item, reading: Tiers, block: Block) -> None:
        self._banded(item, reading.bands, block)
        start = (item.out_of or Fraction(0)) if item.base == "full" or (not item.base and self._only_takes(reading)) else Fraction(0)
        if reading.signed and start:
            block.keys["plus"] = f"[{write_number(start * item.factor)}]"

    def _only_takes(self, reading: Tiers) -> bool:
        return all(band.points.number <= 0 for band in reading.bands)

    def _banded(self, item: Item, bands: tuple[Band, ...], block: Block) -> None:
        """Bands with numbers as tiers, others as a formula."""
        named = any(isinstance(edge.at, str) for band in bands for edge in band.edges) and item.target is None
        value, target = self._value(item, bands), self._target(item)
        if named:
            block.keys["is"] = chain(item, bands, value, target)
            return
        if item.unit in WHOLE_UNITS and all(band.edges for band in bands):
            bands = (*bands[:-1], Band((), bands[-1].points))
        rows = [self._band(item, band) for band in bands]
        block.keys |= {"by": value, "tiers": f"[{', '.join(rows)}]"}

    def _band(self, item: Item, band: Band) -> str:
        points = write_number(item.points(band.points))
        if not band.edges:
            return f"{{else: {points}}}"
        edges = [f"{edge.kind}: {Shown(item.unit).number(self._number(item, edge))}" for edge in band.edges]
        return f"{{{', '.join(edges)}, points: {points}}}"

    def _number(self, item: Item, edge: Edge) -> Fraction:
        if isinstance(edge.at, str):
            assert item.target is not None
            return item.target
        return edge.at

    def _all_or_nothing(self, item: Item, reading: AllOrNothing, block: Block) -> None:
        if reading.edge is not None:
            self._banded(item, bands_in(reading), block)
            return
        block.keys["is"] = f"{written(item.points(reading.points))} if {self._so(item, reading)} else 0"

    def _so(self, item: Item, reading: AllOrNothing) -> str:
        """Whether something is so: a yes or no that somebody enters."""
        value = self._name(item, "达成", "met")
        self.values[value] = f"{{is: yes_no, name: {scalar(reading.event)}}}"
        return value

    # --- what happens --------------------------------------------------------------------------------

    def _event(self, item: Item, words: str, columns: str = "") -> str:
        """The id of a kind of record, declared."""
        name = _id(words) if words else item.id
        name = f"{name}_记录" if name in self.taken else name
        shown = f"{{name: {scalar(words or item.name)}{columns}}}"
        if columns or name not in self.events:
            self.events[name] = shown
        return name

    def _happened(self, item: Item, words: str, edge: Edge | None) -> str:
        name = self._event(item, words or (item.reading.events[0].event if isinstance(item.reading, PerEvent) else ""))
        if edge is None or isinstance(edge.at, str):
            return f"any({name})"
        return f"count({name}) {SIGNS[edge.kind]} {write_number(edge.at)}"

    def _per_event(self, item: Item, reading: PerEvent, block: Block) -> None:
        start = self._start(item, reading, [row.points for row in reading.events])
        rows = {self._event(item, row.event): row.points for row in reading.events}
        block.keys["full"] = write_number(start)
        block.keys["per_event"] = "{" + ", ".join(f"{name}: {write_number(item.points(points))}" for name, points in rows.items()) + "}"
        self._ends(item, reading, block, start)

    def _per_length(self, item: Item, reading: PerStep, block: Block) -> None:
        """So much for each day late: records with a length."""
        unit = item.unit if item.unit in KINDS else "days"
        kind = KINDS[unit]
        name = self._event(item, reading.event, f", columns: {{length: {{is: {kind}, name: 时长}}}}")
        start = start_of(item, reading)
        step = reading.steps[0]
        count = "length" if step.by == 1 else f"length / {Shown(unit).number(step.by)}"
        block.keys["full"] = write_number(start)
        block.keys["per_event"] = (
            "{" + f"{name}: {json.dumps(f'{written(item.points(step.points))} * {in_whole_steps(count, reading.whole)}')}" + "}"
        )
        self._ends(item, reading, block, start)
        if reading.zero is not None and not isinstance(reading.zero.at, str):
            rest = f"score * {written(item.worth or ONE)} / {written(item.out_of or ONE)}" if item.factor != 1 else "score"
            block.keys["then"] = formula(f"0 if any({name}, length {SIGNS[reading.zero.kind]} {write_number(reading.zero.at)}) else {rest}")

    def _start(self, item: Item, reading: Limits, changes: list[Points]) -> Fraction:
        if reading.scope == "total":
            return Fraction(0)
        if reading.base is not None:
            return item.points(reading.base)
        if item.base == "0" or (not item.base and all(points.number > 0 for points in changes)):
            return Fraction(0)
        return item.out_of or reading.full or Fraction(0)

    def _ends(self, item: Item, reading: Limits, block: Block, start: Fraction | None = None) -> None:
        """Floor and cap, in points of the total."""
        begun = start if start is not None else start_of(item, reading) if isinstance(reading, PerStep) else Fraction(0)
        floor = None if reading.floor is None else item.points(reading.floor)
        cap = None if reading.cap is None else item.points(reading.cap)
        if reading.most is not None and reading.most_sign < 0:
            floor = max(filter(None, [floor, begun - item.points(reading.most)]), default=begun - item.points(reading.most))
        if reading.most is not None and reading.most_sign > 0:
            cap = begun + item.points(reading.most)
        for key, number in (("floor", floor), ("cap", cap)):
            if number is not None:
                block.keys[key] = write_number(number * item.factor)

    # --- other rules ---------------------------------------------------------------------------------

    def _proportion(self, item: Item, reading: Proportion, block: Block) -> None:
        block.keys["is"] = proportional(item, reading, self._value(item, beyond_one=True), self._target(item))
        for key, points in (("floor", reading.floor), ("cap", reading.cap)):
            if points is not None:
                block.keys[key] = write_number(item.points(points) * item.factor)

    def _line(self, item: Item, reading: OnLine, block: Block) -> None:
        value = self._value(item)
        points = ", ".join(f"{Shown(item.unit).number(level)}: {write_number(item.points(points))}" for level, points in reading.points)
        if reading.rest is None:
            block.keys |= {"by": value, "line": f"{{{points}}}"}
            return
        (low, first), (high, last) = reading.points[0], reading.points[-1]
        rising = item.points(first) <= item.points(last)
        edge = Edge("below", low) if rising else Edge("above", high)
        block.keys["let"] = f"{{on_line: {{by: {value}, line: {{{points}}}}}}}"
        block.keys["is"] = f"{written(item.points(reading.rest))} if {condition(item, (edge,), value, '')} else on_line"

    def _rating(self, item: Item, reading: Rating, block: Block) -> None:
        keys = []
        high = reading.high if reading.high is not None else item.out_of
        if reading.marks:
            plain = [(mark, points) for mark, points in reading.marks if isinstance(points, Points)]
            keys.append(f"allowed: [{', '.join(write_number(item.points(points)) for _, points in plain)}]")
            if all(item.points(points).denominator == 1 for _, points in plain):
                keys.append(
                    "anchors: {" + ", ".join(f"{write_number(item.points(points))}: {scalar(mark)}" for mark, points in plain) + "}"
                )
        elif high is not None:
            keys.append(f"allowed: {write_number(reading.low or Fraction(0))}..{write_number(high)}")
        names = {_id(name): (name, share) for name, share in reading.raters}
        keys.append("raters: {" + ", ".join(f"{key}: {scalar(name)}" for key, (name, _) in names.items()) + "}")
        if all(share is not None for _, share in names.values()):
            keys.append("mean: {" + ", ".join(f"{key}: {write_number((share or ONE) * 100)}%" for key, (_, share) in names.items()) + "}")
        elif len(names) > 1:
            keys.append("mean: by relation")
        block.keys["rating"] = "{" + ", ".join(keys) + "}"

    def _places(self, item: Item, reading: PlacePoints, block: Block) -> None:
        value, self.ranked = self._value(item), True
        rest = NONE if reading.rest is None else reading.rest
        points = ", ".join(f"{place}: {write_number(item.points(points) - item.points(rest))}" for place, points in reading.points)
        better = ", better: lower" if item.given.direction == "lower" else ""
        block.keys["places"] = f"{{by: {value}, among: everybody{better}, points: {{{points}}}}}"
        if rest.number:
            block.keys["plus"] = f"[{write_number(item.points(rest) * item.factor)}]"

    # --- money ---------------------------------------------------------------------------------------

    def _money(self, item: Item) -> None:
        block = Block(item.id, _comment(item), {"name": scalar(item.name), "clause": scalar(self.clause(item))})
        reading = item.reading
        if isinstance(reading, PayPerUnit):
            block.keys["is"] = formula(self._paid(item, reading))
        elif isinstance(reading, AllOrNothing):
            held = (
                self._so(item, reading) if reading.edge is None else condition(item, (reading.edge,), self._value(item), self._target(item))
            )
            block.keys["is"] = formula(f"{written(reading.points.number)} if {held} else 0")
        elif isinstance(reading, PerEvent):
            rows = [(self._event(item, row.event), row.points.number) for row in reading.events]
            block.keys["is"] = formula(" + ".join(f"{written(number)} * count({name})" for name, number in rows))
            self._money_ends(reading, block)
        elif isinstance(reading, PerStep):
            block.keys["is"] = formula(stepped(item, reading, self._value(item), self._target(item)))
        self.pay.append(block)

    def _money_ends(self, reading: PerEvent, block: Block) -> None:
        if reading.most is not None:
            block.keys["floor" if reading.most_sign < 0 else "cap"] = write_number(reading.most.number * (reading.most_sign or 1))

    def _paid(self, item: Item, reading: PayPerUnit) -> str:
        value = self._value(item, kind="yuan 0.." if reading.share is not None else "whole 0..")
        amount = value if reading.beyond is None else f"max(0, {value} - {written(reading.beyond)})"
        rate = (
            f"{write_number((reading.share or Fraction(0)) * 100)}%" if reading.share is not None else written(reading.yuan or Fraction(0))
        )
        text = f"{amount} * {rate}" if reading.base is None else f"{written(reading.base)} + {amount} * {rate}"
        if reading.most is not None:
            text = f"min({written(reading.most)}, {text})"
        return text if reading.least is None else f"max({written(reading.least)}, {text})"

    # --- values --------------------------------------------------------------------------------------

    def _name(self, item: Item, zh: str, en: str) -> str:
        return f"{item.id}_{en if item.id.isascii() else zh}"

    def _value(self, item: Item, bands: tuple[Band, ...] = (), beyond_one: bool = False, kind: str = "") -> str:
        """The value that an item is scored by, declared."""
        name = self._name(item, "值", "value")
        levels = [edge.at for band in bands for edge in band.edges if not isinstance(edge.at, str)]
        over = any(edge.kind == "above" and edge.at == 1 for band in bands for edge in band.edges)
        high = beyond_one or over or any(level > 1 for level in levels) or isinstance(item.reading, PerStep)
        rate = isinstance(item.reading, Proportion) and bool(item.reading.part) and item.reading.of is not None
        told = kind or ("ratio" if rate else KINDS.get(item.unit, "number"))
        told = "ratio 0.." if told == "ratio" and high else told
        self.values[name] = f"{{is: {told}, name: {scalar(item.name)}}}"
        return name

    def _target(self, item: Item) -> str:
        """The name of the target where it is no number; it is declared when a formula needs it."""
        name = self._name(item, "目标", "target")
        if item.target is None and item.given.target and _needs_target(item):
            self.values[name] = f"{{is: {KINDS.get(item.unit, 'number')}, name: {scalar(item.name + '目标')}}}"
        return name


def _needs_target(item: Item) -> bool:
    reading = item.reading
    if isinstance(reading, PerStep):
        return reading.beyond == "target"
    if isinstance(reading, Proportion):
        return reading.of == "target"
    bands = bands_in(reading) if isinstance(reading, (Tiers, AllOrNothing)) else ()
    return any(isinstance(edge.at, str) for band in bands for edge in band.edges)


def _id(words: str) -> str:
    """Words as an id of the scheme language."""
    plain = re.sub(r"[^0-9A-Za-z_\u4e00-\u9fff]+", "_", words).strip("_") or "x"
    return f"_{plain}" if plain[0].isdigit() else plain


def _comment(item: Item) -> list[str]:
    """What the sheet says of an item, line by line."""
    texts = [(item.row.of(kind).at, item.row.of(kind).text) for kind in ("formula", "standard", "target", "note") if item.row.of(kind)]
    lines = [f"{at}  {line}" if place == 0 else f"    {line}" for at, text in texts for place, line in enumerate(text.splitlines())]
    if item.text and item.text not in [text for _, text in texts]:
        lines.append(f"→ {' '.join(item.text.split())}")
    return lines


# --- the whole ------------------------------------------------------------------------------------------


def scheme_text(name: str, scheme: str, period: str, source: str, sheet: str, items: Iterable[Item], remarks: Iterable[str]) -> str:
    """The scheme of a draft whose questions are all answered."""
    items = list(items)
    writing = Writing(sheet, taken={item.id for item in items})
    for item in items:
        writing.add(item)
    return "\n".join([*_head(name, scheme, period, source, items, remarks), *_body(writing)]) + "\n"


def _head(name: str, scheme: str, period: str, source: str, items: list[Item], remarks: Iterable[str]) -> Iterator[str]:
    yield f"# 由 {source} 起草（kaohe new）：每个指标上方是原文，clause 是它所在的单元格。"
    yield f"# Drafted from {source} by kaohe new: above each item stand the words it comes from, its clause is their cell."
    yield from (f"# {' '.join(remark.split())}" for remark in remarks)
    yield f"scheme: {scheme}"
    yield f"name: {scalar(name)}"
    yield f"period: {period}"
    worths = [item.worth for item in items if item.way != "by_hand" and not counts_apart(item.reading)]
    if worths and None not in worths:
        yield f"scale: {write_number(sum((worth for worth in worths if worth is not None), Fraction(0)))}"


def _body(writing: Writing) -> Iterator[str]:
    for section, entries in (("values", writing.values), ("events", writing.events)):
        if entries:
            yield f"{section}:"
            yield from (f"  {key}: {text}" for key, text in entries.items())
    if writing.ranked:
        yield "groups:"
        yield "  everybody: {all: yes, name: 全体 | Everybody}"
    if writing.items:
        yield "items:"
        yield from _blocks(writing.items, "  ")
        yield _total(writing)
    yield from _pay(writing)
    yield from _left(writing)


def _total(writing: Writing) -> str:
    ends = (
        f", then: {json.dumps('0 if ' + ' or '.join(dict.fromkeys(writing.ends_all)) + ' else score', ensure_ascii=False)}"
        if writing.ends_all
        else ""
    )
    return f"total: {{is: sum, clause: {scalar(writing.sheet or '合计')}{ends}}}"


def _pay(writing: Writing) -> Iterator[str]:
    if writing.pay:
        yield "pay:"
        yield f"  clause: {scalar(writing.sheet or '薪酬')}"
        yield "  lines:"
        yield from _blocks(writing.pay, "    ")


def _left(writing: Writing) -> Iterator[str]:
    if writing.left:
        yield "# 以下各格要自己写进方案 To be written by hand:"
        for lines in writing.left:
            yield from (f"#   {line}" for line in lines)


def _blocks(blocks: Iterable[Block], indent: str) -> Iterator[str]:
    for block in blocks:
        yield from (f"{indent}# {line}" for line in block.comment)
        yield f"{indent}{block.id}:"
        yield from (f"{indent}  {key}: {text}" for key, text in block.keys.items())
