"""Readings of the corpus and readings of the reader, made comparable: numbers by value, and what says the same made the same.

Beside numbers three things count as one: all or nothing on an edge and its two bands; bands that add or take with, and without, `else: 0`;
and a rater with or without 评 at the end of the name (领导, 领导评), save 自评 and 互评.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import yaml

from kaohe.drafting import Given, Read, as_data, read_phrase
from kaohe.numbers import parse_number
from kaohe.problems import Problem

Entry: TypeAlias = dict[str, object]
Plain: TypeAlias = object

POINTS = {"points", "else", "base", "floor", "cap", "each", "allowed"}


def entries(path: Path) -> list[Entry]:
    """The phrases of one file; every scalar is text."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def given_of(entry: Entry) -> Given:
    """What the other columns of the row tell."""
    told = entry.get("given", {})
    assert isinstance(told, dict)
    points = {name: _points(told[name]) for name in ("full", "weight") if name in told}
    return Given(unit=told.get("unit", ""), target=told.get("target", ""), direction=told.get("direction", ""), **points)


def read_entry(entry: Entry) -> Read:
    """The phrase of an entry, read beside what is given."""
    return read_phrase(str(entry["phrase"]), given_of(entry))


def wanted(entry: Entry) -> Plain:
    """The reading that the corpus wants, comparable."""
    return comparable(entry.get("reads"), set(entry["asks"]))


def got(read: Read) -> Plain:
    """The reading that was made, comparable."""
    return comparable(None if read.reading is None else as_data(read.reading, read.given.unit), set(read.asks))


def comparable(data: Plain, asks: set[str]) -> Plain:
    """Plain data with numbers by value, and what says the same made the same; `asks` tells whether a rest left unsaid is in question."""
    found = _valued(data)
    return _closed(_alike(found), asks) if isinstance(found, dict) else found


def _points(text: str) -> Fraction | None:
    number = parse_number(text.rstrip("分"))
    return None if isinstance(number, Problem) else number


def _number(text: object) -> Fraction | None:
    number = parse_number(text)
    return None if isinstance(number, Problem) else number


def _valued(data: Plain, key: str = "") -> Plain:
    if isinstance(data, dict):
        inner = {name: _valued(value, key if key in ("points", "allowed") else name) for name, value in data.items()}
        return {_key(name): value for name, value in inner.items()}
    if isinstance(data, list):
        return [_valued(value, key) for value in data]
    number = _number(data)
    if key in POINTS:
        share = Fraction(1) if data == "full" else number if str(data).endswith(("%", "‰")) else None
        return ("share", share) if share is not None else data if number is None else number
    return data if number is None else number


def _key(name: str) -> object:
    number = _number(name)
    return name if number is None else number


EDGES = ("from", "up_to", "above", "below", "edge", "side")


def _alike(found: dict[object, Plain]) -> Plain:
    raters = found.get("raters")
    if isinstance(raters, dict):
        found = {**found, "raters": {_rater(str(name)): share for name, share in raters.items()}}
    elif isinstance(raters, list):
        found = {**found, "raters": [_rater(str(name)) for name in raters]}
    if found.get("kind") == "all_or_nothing" and "event" not in found and "points" in found:
        edges = {key: value for key, value in found.items() if key in EDGES}
        rest = {key: value for key, value in found.items() if key not in (*EDGES, "points", "kind")}
        return {**rest, "kind": "tiers", "bands": [{**edges, "points": found["points"]}, {"else": Fraction(0)}]}
    return found


def _closed(found: dict[object, Plain], asks: set[str]) -> dict[object, Plain]:
    bands = found.get("bands")
    if not isinstance(bands, list) or asks & {"rest", "gap"} or any("else" in band for band in bands):
        return found
    return {**found, "bands": [*bands, {"else": Fraction(0)}]}


def _rater(name: str) -> str:
    return name if name in ("自评", "互评") else name.removesuffix("评")
