"""What scoring costs, beside a loop over fractions, a loop over decimals and inexact numpy, in one run.

    python benchmarks/scoring.py [out/bench/scoring.json] [--most 1000000] [--runs 5]

The clock of `kaohe` starts at checked facts and ends with every result column, statuses included;
building the facts from Arrow columns has its own row. Grades, ranks and pay are compared with
fractions at up to 10,000 people. All times are medians of processor seconds of one process.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from _library_loops import everbright_by_loop, everbright_facts, guoan_by_loop, guoan_facts
from _loops import decimals, fractions, inexact
from _tea_house import Company, company, plan
from rich.console import Console
from rich.table import Table as Shown

from kaohe.checking import check_facts
from kaohe.columns import Column, Words
from kaohe.explaining import explain
from kaohe.facts import RawFacts
from kaohe.library import read_library
from kaohe.plan import Plan
from kaohe.problems import NOWHERE
from kaohe.rescoring import Rescorer
from kaohe.scoring import Results, score
from kaohe.sources.arrow import table_of

SIZES = (1_000, 10_000, 100_000, 1_000_000)
FRACTIONS_UP_TO = 10_000
DECIMALS_OFTEN_UP_TO = 100_000
Row = dict[str, Any]


def timed(act: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Median processor seconds of so many runs, and what the last one gave."""
    spent, found = [], None
    for _ in range(runs):
        start = time.process_time()
        found = act()
        spent.append(time.process_time() - start)
    return statistics.median(spent), found


def raw_facts(people: Company) -> RawFacts:
    """The company as Arrow tables: whole numbers, decimals, dictionary words."""
    ids = pa.array([f"e{row}" for row in range(people.people)])
    teams = pa.array([f"t{team}" for team in range(int(people.team.max()) + 1)])
    person = {"id": ids, "role": pa.DictionaryArray.from_arrays(np.zeros(people.people, np.int32), ["waiter"])}
    person |= {"team": pa.DictionaryArray.from_arrays(people.team.astype(np.int32), teams), "base": _scaled(people.base_fen, 2)}
    values = {"subject": ids} | {name: pa.array(column) for name, column in people.values.items() if name != "sales"}
    values["sales"] = _scaled(people.values["sales"], 2)
    tables = {"people": [table_of(pa.table(person), NOWHERE)], "values": [table_of(pa.table(values), NOWHERE)]}
    tables["ratings"] = [table_of(_ratings(people, item, ids), NOWHERE) for item in people.ratings]
    return RawFacts("2026-03-01", "2026-03-31", None, {}, tables)


def _scaled(numbers: np.ndarray[Any, Any], places: int) -> pa.Array:
    """Whole numbers as decimals with so many places, without a float on the way."""
    whole = np.zeros((numbers.size, 2), dtype=np.int64)
    whole[:, 0] = numbers
    return pa.Array.from_buffers(pa.decimal128(18, places), numbers.size, [None, pa.py_buffer(whole.tobytes())])


def _ratings(people: Company, item: str, ids: pa.Array) -> pa.Table:
    size = people.people * 3
    subjects = pa.DictionaryArray.from_arrays((np.arange(size) // 3).astype(np.int32), ids)
    raters = pa.DictionaryArray.from_arrays((np.arange(size) % 3).astype(np.int32), ["r1", "r2", "r3"])
    items = pa.DictionaryArray.from_arrays(np.zeros(size, np.int32), [item])
    columns = {"item": items, "subject": subjects, "rater": raters, "score": _scaled(people.ratings[item], 1)}
    return pa.table(columns)


def outcome(results: Results) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    """Grades, ranks, bonuses and commissions of everybody."""
    assert isinstance(results.grade, Words)
    assert isinstance(results.rank, Column)
    grades = [results.grade[row] for row in range(len(results.facts.subjects))]
    pay = results.pay
    return grades, *(column.values(len(grades)) for column in (results.rank, pay["bonus"], pay["commission"]))


def compare(size: int, rounding: bool, runs: int) -> Row:
    """One size: ours and every competitor, and whether the figures are equal."""
    people, scheme = company(size), plan(rounding)
    building, facts = timed(lambda: check_facts(scheme, raw_facts(people)), 1)
    ours, results = timed(lambda: score(scheme, facts), runs)
    row: Row = {"people": size, "rounded": rounding, "build": building, "kaohe": ours}
    row["numpy"], _ = timed(lambda: inexact(people, rounding), runs)
    row["decimal"], _ = timed(lambda: decimals(people, rounding), runs if size <= DECIMALS_OFTEN_UP_TO else 1)
    if size <= FRACTIONS_UP_TO:
        row["fraction"], exact = timed(lambda: fractions(people, rounding), 1)
        row["equal"] = outcome(results) == tuple(exact)
    return row


def one_person(size: int, rounding: bool) -> Row:
    """One explanation, and one change carried through a team, in milliseconds; and whether that equals the full run."""
    people, scheme = company(size), plan(rounding)
    facts = check_facts(scheme, raw_facts(people))
    results = score(scheme, facts)
    explain(results, "e11", "zh")
    subjects = [f"e{(row * 97) % size}" for row in range(200)]
    explaining = _milliseconds([lambda who=who: explain(results, who, "zh") for who in subjects])
    rescorer = Rescorer(results)
    rescorer.around("e11", {"solved": Fraction(1)})
    changing = _milliseconds([lambda who=who: rescorer.around(who, {"solved": Fraction(150)}) for who in subjects[:50]])
    return {
        "people": size,
        "rounded": rounding,
        "explain_ms": explaining,
        "change_ms": changing,
        "equal": _equals_full(scheme, people, rescorer),
    }


def _milliseconds(acts: list[Callable[[], Any]]) -> float:
    spent = []
    for act in acts:
        start = time.process_time()
        act()
        spent.append((time.process_time() - start) * 1000)
    return statistics.median(spent)


def _equals_full(scheme: Plan, people: Company, rescorer: Rescorer) -> bool:
    near = rescorer.around("e30", {"solved": Fraction(123)})
    people.values["solved"][30] = 123
    full = score(scheme, check_facts(scheme, raw_facts(people)))
    return all(near.scorecard(who) == full.scorecard(who) for who in near.facts.subjects)


def of_library(name: str, raw: RawFacts, loop: Callable[[RawFacts], Any], runs: int) -> Row:
    """A scheme of the library at size, beside a loop over fractions."""
    scheme = read_library(name)
    building, facts = timed(lambda: check_facts(scheme, raw), 1)
    ours, results = timed(lambda: score(scheme, facts), runs)
    theirs, found = timed(lambda: loop(raw), 1)
    equal = [_shortened(results, who, name) for who in facts.subjects[:2000]] == found[:2000]
    return {
        "scheme": name,
        "people": len(facts.subjects),
        "build": building,
        "kaohe": ours,
        "fraction": theirs,
        "times": theirs / ours,
        "equal": equal,
    }


def _shortened(results: Results, who: str, name: str) -> tuple[Any, ...]:
    card = results.scorecard(who)
    if name == "guoan-cs":
        return card.total, card.grade, card.pay["performance_pay"]
    return card.total, card.rank, card.pay["monthly_bonus"], card.actions


def exponent(rows: list[Row]) -> float:
    """How time grows with people, from the two largest sizes: 1 is linear."""
    (small, large) = rows[-2:]
    return math.log(large["kaohe"] / small["kaohe"]) / math.log(large["people"] / small["people"])


def show(console: Console, title: str, rows: list[Row]) -> None:
    """A table of rows; seconds unless a column says otherwise."""
    table = Shown(title=title)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    for column in columns:
        table.add_column(column, justify="right")
    for row in rows:
        table.add_row(*(_cell(row.get(column)) for column in columns))
    console.print(table)


def _cell(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return "" if value is None else "yes" if value else "no"
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def main() -> int:
    """Run everything, print the tables, write the JSON; 1 where figures differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", nargs="?", default="out/bench/scoring.json", type=Path)
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    sizes = [size for size in SIZES if size <= options.most]
    console = Console(width=150)
    report: dict[str, Any] = {}
    for rounding in (True, False):
        rows = [compare(size, rounding, options.runs) for size in sizes]
        for row in rows:
            row["decimal/kaohe"], row["kaohe/numpy"] = row["decimal"] / row["kaohe"], row["kaohe"] / row["numpy"]
        title = "items rounded to 4 places" if rounding else "nothing rounded but pay"
        show(console, f"{title}: growth exponent {exponent(rows):.2f}", rows)
        report[title] = {"rows": rows, "exponent": exponent(rows)}
    small = min(100_000, options.most)
    report["one person"] = [one_person(small, rounding) for rounding in (True, False)]
    show(console, "one person", report["one person"])
    libraries = (("guoan-cs", guoan_facts(small), guoan_by_loop), ("everbright-csr", everbright_facts(small), everbright_by_loop))
    report["library"] = [of_library(*entry, options.runs) for entry in libraries]
    show(console, "schemes of the library", report["library"])
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, indent=1), encoding="utf-8")
    everything = [
        *report["one person"],
        *report["library"],
        *(row for key in report if isinstance(report[key], dict) for row in report[key]["rows"]),
    ]
    return 0 if all(row.get("equal", True) for row in everything) else 1


if __name__ == "__main__":
    sys.exit(main())
