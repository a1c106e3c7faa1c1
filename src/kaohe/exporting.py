"""Results as JSON and CSV: every figure as text, exact beside reported, never through a binary float."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from kaohe.labels import Labels
from kaohe.numbers import write_number
from kaohe.problems import Language
from kaohe.scoring import Results, Scorecard, Value
from kaohe.showing import pay_sums, status_counts

SCORECARDS, ITEMS, PAY, RESULTS = "scorecards.csv", "items.csv", "pay.csv", "results.json"
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one that starts like one gets an apostrophe.

    >>> safe_text("=1+1"), safe_text("@x"), safe_text("张三")
    ("'=1+1", "'@x", '张三')
    """
    start = unicodedata.normalize("NFKC", text.lstrip(" ")[:1])
    return f"'{text}" if text[:1] in _STARTS_FORMULA or start.startswith(_STARTS_FORMULA) else text


def exact_text(value: Value) -> str | bool | None:
    """A figure as JSON has it: numbers as exact text, a decimal or a fraction."""
    return write_number(value) if isinstance(value, Fraction) else value


# --- JSON -----------------------------------------------------------------------------------------


def results_data(results: Results, language: Language) -> dict[str, object]:
    """The whole run as plain data: what was scored, each subject's results, counts, sums of pay."""
    scheme, facts, cards = results.plan.scheme, results.facts, list(_cards(results))
    return {
        "scheme": {"id": scheme.scheme, "version": scheme.version, "name": scheme.name.tell(language)},
        "period": {"start": str(facts.start), "end": str(facts.end), "as_of": str(facts.as_of)},
        "subjects": [card_data(card) for card in cards],
        "statuses": status_counts(cards),
        "pay_sums": {line: write_number(amount) for line, amount in pay_sums(cards).items()},
    }


def card_data(card: Scorecard) -> dict[str, object]:
    """One scorecard as plain data; a figure carries what is reported and what is exact."""
    return {
        "subject": card.subject,
        "name": card.name,
        "status": card.status,
        "reason": card.reason,
        "form": card.form,
        "items": _figures(card.items, card.exact, "item"),
        "total": _figure(card.total, card.exact.get("total")),
        "grade": card.grade,
        "rank": card.rank,
        "of": card.of,
        "pay": _figures(card.pay, card.exact, "pay"),
        "metrics": {name: exact_text(value) for name, value in card.metrics.items()},
        "actions": card.actions,
        "warnings": card.warnings,
        "missing": card.missing,
    }


def _figures(values: Mapping[str, Value], exact: Mapping[str, Value], kind: str) -> dict[str, object]:
    return {name: _figure(value, exact.get(f"{kind}.{name}")) for name, value in values.items()}


def _figure(reported: Value, exact: Value) -> dict[str, object] | None:
    if reported is None:
        return None
    return {"reported": exact_text(reported), "exact": exact_text(reported if exact is None else exact)}


def json_text(data: object) -> str:
    """Data as JSON that people can read too."""
    return json.dumps(data, ensure_ascii=False, indent=1)


def write_json(results: Results, folder: Path, language: Language) -> Path:
    """results.json in a folder."""
    path = folder / RESULTS
    path.write_text(json_text(results_data(results, language)) + "\n", encoding="utf-8")
    return path


# --- CSV ------------------------------------------------------------------------------------------


def write_csv_files(results: Results, folder: Path, language: Language) -> list[Path]:
    """scorecards.csv, items.csv and pay.csv (UTF-8 with a mark, so that spreadsheets read it)."""
    labels = Labels(results.plan, language)
    tables = {SCORECARDS: _scorecard_rows, ITEMS: _item_rows, PAY: _pay_rows}
    return [_write_rows(folder / name, rows(results, labels)) for name, rows in tables.items()]


def _write_rows(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def _cards(results: Results) -> Iterator[Scorecard]:
    return (results.scorecard(subject) for subject in results.subjects())


def _scorecard_rows(results: Results, labels: Labels) -> Iterator[Sequence[str]]:
    items, lines = labels.items(), [name for name, _, _ in results.plan.outputs["pay"]]
    plain = ("subject", "name", "form", "status", "why", "total", "grade", "rank", "of")
    names = [*map(labels.item, items), *map(labels.pay, lines)]
    yield [*map(labels.heading, plain), *map(safe_text, names), labels.heading("actions"), labels.heading("warnings")]
    for card in _cards(results):
        who = [card.subject, card.name, labels.form(card.form), labels.status(card), labels.why(card)]
        outcome = [_cell(card.total), safe_text(labels.grade(card.grade)), _whole(card.rank), _whole(card.of)]
        figures = [_cell(card.items.get(id)) for id in items] + [_cell(card.pay.get(line)) for line in lines]
        words = [labels.join(map(labels.action, card.actions)), labels.join(map(labels.warning, card.warnings))]
        yield [*map(safe_text, who), *outcome, *figures, *map(safe_text, words)]


def _item_rows(results: Results, labels: Labels) -> Iterator[Sequence[str]]:
    yield [labels.heading(key) for key in ("subject", "name", "item", "item_name", "points", "exact", "clause")]
    clauses = {id: item.clause for id, item in results.plan.scheme.items.items()}
    for card in _cards(results):
        for id, points in card.items.items():
            words = [card.subject, card.name, id, labels.item(id)]
            yield [*map(safe_text, words), _cell(points), _cell(card.exact.get(f"item.{id}")), safe_text(clauses[id])]


def _pay_rows(results: Results, labels: Labels) -> Iterator[Sequence[str]]:
    yield [labels.heading(key) for key in ("subject", "name", "line", "line_name", "amount", "exact")]
    for card in _cards(results):
        for line, amount in card.pay.items():
            words = [card.subject, card.name, line, labels.pay(line)]
            yield [*map(safe_text, words), _cell(amount), _cell(card.exact.get(f"pay.{line}", amount))]


def _cell(value: Value) -> str:
    """A figure in full: a decimal where it ends, a fraction where it does not; nothing for none."""
    if value is None:
        return ""
    return write_number(value) if isinstance(value, Fraction) else safe_text(str(value))


def _whole(value: int | None) -> str:
    return "" if value is None else str(value)
