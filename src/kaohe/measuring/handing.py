"""Handing figures on: a facts folder with `measured.csv` and the period, for scoring to read."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from kaohe.documents import Branch, decode, parse_document
from kaohe.measuring.clocks import Period
from kaohe.measuring.measuring import Figures, Measured
from kaohe.measuring.problems import KeyTwice, PeriodNotApart, unknown_name
from kaohe.measuring.writing import write_rows, write_text
from kaohe.problems import NOWHERE, Place, Problem, refuse

MEASURED, FACTS = "measured.csv", "facts.yaml"
HEADERS = ("subject", "value", "numerator", "denominator", "measure", "version", "start", "end", "rows")

Line = tuple[str | int, ...]


def write_facts_folder(measured: Measured, folder: Path, bindings: Mapping[str, str] | None = None) -> Path:
    """Write `measured.csv` and the period into a facts folder; other files in it are left alone.

    `bindings` say under which value key a measure's figures go; a measure that is not bound goes
    under its own id. An existing `facts.yaml` keeps everything but its period. Raises Problems for
    bindings that name no measure, and for two measures bound to one key.
    """
    keys = _keys(measured, bindings or {})
    write_rows(folder / MEASURED, lambda file: csv.writer(file).writerows([HEADERS, *_lines(measured, keys)]))
    _write_period(folder / FACTS, measured.period)
    return folder / MEASURED


def _keys(measured: Measured, bindings: Mapping[str, str]) -> dict[str, str]:
    known = [figures.id for figures in measured.figures]
    keys = {id: bindings.get(id, id) for id in known}
    problems: list[Problem] = [unknown_name(NOWHERE, name, ("度量", "measure"), known) for name in bindings if name not in known]
    twice = {key for key in keys.values() if list(keys.values()).count(key) > 1}
    problems += [KeyTwice(about=[key], name=key) for key in sorted(twice)]
    refuse(problems)
    return keys


def _lines(measured: Measured, keys: Mapping[str, str]) -> Iterator[Line]:
    for figures in measured.figures:
        yield from _figure_lines(figures, keys[figures.id], measured.period)


def _figure_lines(figures: Figures, key: str, period: Period) -> Iterator[Line]:
    tail = (figures.id, figures.measure.version, period.start.isoformat(), period.end.isoformat(), figures.rows)
    for subject, top, bottom in zip(figures.subjects, figures.numerators, figures.denominators, strict=True):
        yield (subject, key, top, bottom, *tail)


def _write_period(path: Path, period: Period) -> None:
    """Put the period into the facts file; every other line stays as it is, comments included."""
    said = f"period: {{start: {period.start}, end: {period.end}}}\n"
    text = (decode(path.read_bytes()) or "") if path.exists() else ""
    if not text.strip():
        write_text(path, said)
        return
    place = Place(path.name)
    facts, problems = parse_document(text, place)
    refuse(problems)
    lines = text.splitlines(keepends=True)
    first, after = _lines_of(facts or Branch(1), len(lines), place)
    lines[first:after] = ["\n" if lines and not lines[-1].endswith("\n") else "", said] if first == len(lines) else [said]
    write_text(path, "".join(lines))


def _lines_of(facts: Branch, count: int, place: Place) -> tuple[int, int]:
    """The lines that the period takes up, from 0; behind the last one where there is none."""
    if "period" not in facts:
        return count, count
    line = facts.lines["period"]
    if list(facts.lines.values()).count(line) > 1:
        refuse([PeriodNotApart(place.at(line=line), ["period"])])
    later = [other for other in facts.lines.values() if other > line]
    return line - 1, min(later, default=count + 1) - 1
