"""Handing figures on: a facts folder with `measured.csv` and the period, for scoring to read."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from kaohe.measuring.clocks import Period
from kaohe.measuring.measuring import Figures, Measured
from kaohe.measuring.problems import DocumentUnreadable, KeyTwice, unknown_name
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
    facts = _read_facts(path)
    facts["period"] = {"start": period.start, "end": period.end}
    text = StringIO()
    YAML().dump(facts, text)
    write_text(path, text.getvalue())


def _read_facts(path: Path) -> dict[str, object]:
    """What the facts file says, comments included; empty where there is none."""
    if not path.exists():
        return {}
    try:
        facts = YAML().load(path.read_text(encoding="utf-8-sig"))
    except (YAMLError, UnicodeDecodeError) as error:
        refuse([DocumentUnreadable(Place(path.name, line=1), why=str(error).splitlines()[0])])
    return facts if isinstance(facts, dict) else {}
