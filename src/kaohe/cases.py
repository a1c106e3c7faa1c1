"""Worked cases: facts, and what a scheme must give for them. Read, run, compared to the last digit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from kaohe.checking import check_facts
from kaohe.documents import Branch, read_document
from kaohe.facts import RawFacts, Table
from kaohe.numbers import parse_number, write_number
from kaohe.plan import Plan
from kaohe.problems import NOWHERE, Place, Problem, Problems
from kaohe.scoring import Results, Scorecard, score

COMPLETE_LISTS = ("actions", "missing", "warnings")


@dataclass(frozen=True)
class Expected:
    """A problem that a case expects: one of the names that it is about, and its reason."""

    about: str
    reason: str

    def is_told(self, problems: Iterable[Problem]) -> bool:
        """Whether it is among the problems told."""
        return any(problem.reason == self.reason and self.about in problem.about for problem in problems)


@dataclass(frozen=True)
class Case:
    """One worked case; `expect_error` holds every problem that must be told, None where the facts are good."""

    name: str
    facts: RawFacts
    expect: Mapping[str, Any] = field(default_factory=dict)
    expect_error: tuple[Expected, ...] | None = None
    why: str = ""


@dataclass(frozen=True)
class CaseFile:
    """The cases of one file, and the scheme that they are for."""

    path: Path
    scheme: str
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Difference:
    """One figure that a case expected and did not get."""

    what: str
    expected: str
    got: str


@dataclass(frozen=True)
class Outcome:
    """What became of one case."""

    case: Case
    differences: tuple[Difference, ...]
    results: Results | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything written was met."""
        return not self.differences


def read_cases(path: Path) -> CaseFile:
    """The cases of a file; `Problems` where it is not one."""
    tree, problems = read_document(path)
    if tree is None or problems:
        raise Problems(problems)
    rows = tree.get("cases")
    cases = [case_of(row, Place(file=str(path))) for row in (rows if isinstance(rows, list) else []) if isinstance(row, Branch)]
    return CaseFile(path, str(tree.get("scheme", "")), tuple(cases))


def case_of(row: Mapping[str, Any], place: Place = NOWHERE) -> Case:
    """One case from its tree."""
    expected = row.get("expect")
    return Case(
        name=str(row.get("name", "")),
        facts=facts_of(row, place),
        expect=expected if isinstance(expected, dict) else {},
        expect_error=_expected(row.get("expect_error")),
        why=str(row.get("why", "")),
    )


def _expected(written: object) -> tuple[Expected, ...] | None:
    """The problem that a case expects, or each of a list of them."""
    entries = written if isinstance(written, list) else [written]
    found = tuple(Expected(str(entry.get("about")), str(entry.get("reason"))) for entry in entries if isinstance(entry, dict))
    return found or None


def facts_of(row: Mapping[str, Any], place: Place) -> RawFacts:
    """The raw facts of a case: its tables, each row knowing its line."""
    period = row.get("period") or {}
    tables = {kind: [_table(row.get(kind), kind, place)] for kind in ("people", "ratings", "events", "history")}
    tables["values"] = [_values(row.get("values"), place)]
    return RawFacts(period.get("start"), period.get("end"), row.get("as_of"), row.get("config") or {}, tables, place)


def _table(rows: object, kind: str, place: Place) -> Table:
    kept = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return Table.of_rows(kept, place.at(sheet=kind))


def _values(values: object, place: Place) -> Table:
    rows = values.items() if isinstance(values, dict) else ()
    return Table.of_rows([{"subject": subject, **(cells or {})} for subject, cells in rows], place.at(sheet="values"))


def run_case(plan: Plan, case: Case) -> Outcome:
    """Score the case's facts and compare everything that it writes."""
    try:
        facts = check_facts(plan, case.facts)
    except Problems as refused:
        return Outcome(case, tuple(_refused(case, refused)), problems=refused.problems)
    if case.expect_error is not None:
        return Outcome(case, tuple(_untold(one, "no problem") for one in case.expect_error))
    results = score(plan, facts)
    return Outcome(case, tuple(compare(case.expect, results)), results)


def _refused(case: Case, refused: Problems) -> Iterator[Difference]:
    told = "; ".join(f"{list(problem.about)}: {problem.reason}" for problem in refused)
    if case.expect_error is None:
        yield Difference("facts", "accepted", told)
    yield from (_untold(one, told) for one in case.expect_error or () if not one.is_told(refused))


def _untold(wanted: Expected, told: str) -> Difference:
    return Difference("expect_error", f"{wanted.about}: {wanted.reason}", told)


def compare(expect: Mapping[str, Any], results: Results) -> Iterator[Difference]:
    """Every difference between what is written and what came out."""
    known = set(results.subjects())
    for subject, wanted in expect.items():
        if subject not in known:
            yield Difference(subject, "a result", "none")
            continue
        card = results.scorecard(subject)
        for key, value in (wanted or {}).items():
            yield from _compare_key(subject, key, value, card)


def _compare_key(subject: str, key: str, wanted: Any, card: Scorecard) -> Iterator[Difference]:
    if key in ("items", "pay", "metrics"):
        got: Mapping[str, Any] = getattr(card, key)
        for name, value in (wanted or {}).items():
            yield from _compare_value(f"{subject}.{key}.{name}", value, got.get(name))
    elif key in COMPLETE_LISTS:
        if list(wanted or []) != getattr(card, key):
            yield Difference(f"{subject}.{key}", str(list(wanted or [])), str(getattr(card, key)))
    else:
        got_value = getattr(card, key) if hasattr(card, key) else card.metrics.get(key)
        yield from _compare_value(f"{subject}.{key}", wanted, got_value)


def _compare_value(what: str, wanted: object, got: object) -> Iterator[Difference]:
    if not same_value(wanted, got):
        yield Difference(what, show_value(wanted), show_value(got))


def same_value(wanted: object, got: object) -> bool:
    """Whether a written value is the computed one: numbers as numbers, words as words, null as nothing."""
    if wanted is None or got is None:
        return wanted is None and got is None
    if isinstance(got, (Fraction, int)) and not isinstance(got, bool):
        return parse_number(wanted) == Fraction(got)
    return str(wanted) == str(got)


def show_value(value: object) -> str:
    """A value for a person to read."""
    if isinstance(value, Fraction):
        return write_number(value)
    return "null" if value is None else str(value)
