"""Readings as formulas of the scheme language: a step, a proportion, a stretch of values; numbers exact, rates in percent."""

from __future__ import annotations

from fractions import Fraction

from kaohe.drafting.items import Item
from kaohe.drafting.readings import Band, Edge, Level, PerStep, Proportion, Shown, Step
from kaohe.numbers import write_number

SIGNS = {"from": ">=", "above": ">", "up_to": "<=", "below": "<"}


def written(number: Fraction) -> str:
    """A number as a formula takes it: 5, 0.5, (2/3)."""
    text = write_number(number)
    return f"({text})" if "/" in text else text


def level_of(item: Item, level: Level, target: str) -> str:
    """A level in the unit of the value; the target by its number, or by its name where only that is known."""
    if isinstance(level, str):
        number = item.target
        return target if number is None else _in_unit(number, item)
    return _in_unit(level, item)


def _in_unit(number: Fraction, item: Item) -> str:
    text = Shown(item.unit).number(number)
    return f"({text})" if "/" in text else text


def condition(item: Item, edges: tuple[Edge, ...], value: str, target: str) -> str:
    """Whether a value lies in a stretch."""
    return " and ".join(f"{value} {SIGNS[edge.kind]} {level_of(item, edge.at, target)}" for edge in edges)


def chain(item: Item, bands: tuple[Band, ...], value: str, target: str) -> str:
    """Points by bands as one formula, for bands whose edges are no numbers."""
    found = "0"
    for band in reversed(bands):
        points = written(item.points(band.points))
        found = f"{points} if {condition(item, band.edges, value, target)} else {found}" if band.edges else points
    return found


def stepped(item: Item, reading: PerStep, value: str, target: str) -> str:
    """Points added and taken by steps, together with where counting starts and from where all is lost."""
    line = level_of(item, reading.beyond, target)
    parts = [(step, _times(step, _away(step, value, line), item, reading.whole)) for step in reading.steps]
    told = [written(start_of(item, reading))] if start_of(item, reading) else []
    text = " ".join(
        [*told, *(_signed(item.points(step.points), times, bool(told) or place > 0) for place, (step, times) in enumerate(parts))]
    )
    if reading.zero is not None:
        text = f"0 if {condition(item, (reading.zero,), value, target)} else {text}"
    return text


def _away(step: Step, value: str, line: str) -> str:
    """How far a value lies beyond the line, on the side that counts."""
    if line == "0" and step.side == "above":
        return value
    return f"max(0, {line} - {value})" if step.side == "below" else f"max(0, {value} - {line})"


def _times(step: Step, away: str, item: Item, whole: str) -> str:
    by = Shown(item.unit).number(step.by)
    count = away if step.by == 1 and item.unit != "ratio" else f"{away} / {by}"
    return in_whole_steps(count, whole)


def in_whole_steps(count: str, whole: str) -> str:
    """A number of steps: whole ones only, begun ones too, or as it is."""
    if whole == "down":
        return f"floor_of({count})"
    return f"-floor_of(-({count}))" if whole == "up" else count


def _signed(points: Fraction, times: str, joined: bool) -> str:
    """+ 2 * …, or - 2 * …"""
    sign = "-" if points < 0 else "+"
    times = f"({times})" if times.startswith("-") else times
    body = times if abs(points) == 1 else f"{written(abs(points))} * {times}"
    return f"{sign} {body}" if joined else (f"-{body}" if points < 0 else body)


def start_of(item: Item, reading: PerStep) -> Fraction:
    """Where counting starts: the base that was told, else the full, else nothing for points that are only earned."""
    if reading.scope == "total":
        return Fraction(0)
    if reading.base is not None:
        return item.points(reading.base)
    if item.base:
        return item.out_of or Fraction(0) if item.base == "full" else Fraction(0)
    only_earned = all(step.points.number > 0 for step in reading.steps)
    return Fraction(0) if only_earned else item.out_of or reading.full or Fraction(0)


def proportional(item: Item, reading: Proportion, value: str, target: str) -> str:
    """Points in proportion to a rate."""
    times = written(_factor(item, reading))
    if reading.part:
        rate = value
    else:
        line = level_of(item, "target" if reading.of == "target" else reading.of if isinstance(reading.of, Fraction) else "target", target)
        rate = f"{line} / {value}" if reading.inverse else f"{value} / {line}"
    if reading.most is not None:
        rate = f"min({write_number(reading.most * 100)}%, {rate})"
    if reading.least is not None:
        rate = f"max({write_number(reading.least * 100)}%, {rate})"
    text = f"{times} * {rate}"
    if reading.zero is not None:
        text = f"0 if {_zero(item, reading, value, target)} else {text}"
    return text


def _zero(item: Item, reading: Proportion, value: str, target: str) -> str:
    """Below which rate nothing is given: of the value where that is a rate itself, else of the target."""
    edge = reading.zero
    assert edge is not None
    if item.unit == "ratio" or isinstance(edge.at, str) or reading.part:
        return condition(item, (edge,), value, target)
    line = level_of(item, "target", target)
    return f"{value} / {line} {SIGNS[edge.kind]} {write_number(edge.at * 100)}%"


def _factor(item: Item, reading: Proportion) -> Fraction:
    if reading.times in ("", "weight", "full"):
        return item.out_of or Fraction(0)
    if reading.times.endswith("%"):
        return Fraction(reading.times.rstrip("%")) / 100
    return Fraction(reading.times)
