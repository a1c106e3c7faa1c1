"""The demonstration: from raw files to three months' results, and from one figure down to its records."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from kaohe.checking import check_facts
from kaohe.demo import SHOWN_MEASURE, Demo, bindings_of, history_rows, run_demo
from kaohe.measuring import read_definitions
from kaohe.reading import read_plan
from kaohe.scoring import score
from kaohe.sources import read_facts


def test_everybody_is_scored_in_every_month_but_who_was_away(demo: Demo, expected: dict[str, Any]) -> None:
    away = expected["cast"]["on_leave"]
    for month, results in demo.months.items():
        statuses = {subject: results.scorecard(subject).status for subject in results.subjects()}
        others = {subject for subject, status in statuses.items() if status != "assessed"}
        assert others == ({away["person"]} if month == away["month"] else set())
        assert set(statuses) == set(expected["by_own_date"][month])


def test_the_grades_are_spread_and_nobody_is_paid_nonsense(demo: Demo) -> None:
    for results in demo.months.values():
        cards = [results.scorecard(subject) for subject in results.subjects()]
        assert {"A", "B", "C"} <= {card.grade for card in cards}
        paid = [card.pay["gross"] for card in cards if card.status == "assessed"]
        assert all(isinstance(amount, Fraction) and 1000 < amount < 12_000 for amount in paid)


def test_a_month_looks_back_at_the_results_before_it(demo: Demo) -> None:
    first, second, third = sorted(demo.months)
    assert not (demo.folder / "months" / first / "history.csv").exists()
    with (demo.folder / "months" / third / "history.csv").open(encoding="utf-8-sig", newline="") as file:
        _, *rows = csv.reader(file)
    assert rows == [list(row) for month in (first, second) for row in history_rows(demo.months[month])]
    assert demo.months[third].facts.frames


def test_a_figure_leads_down_to_the_records_that_it_was_made_of(demo: Demo) -> None:
    assert demo.records.numerator_count >= 1
    assert demo.records.numerator_count == next(
        line.value for line in demo.line.walk() if line.measured and line.measured.measure == SHOWN_MEASURE
    )
    assert {row.file for row in demo.records.numerator} == {"complaints.csv"}
    assert all(row.cells["upheld"] == "yes" for row in demo.records.numerator)
    assert demo.explanation.subject == demo.subject == demo.records.subject


def test_the_files_it_says_it_wrote_are_there(demo: Demo) -> None:
    assert all(path.is_file() for path in demo.written)
    scored = {"results.json", "scorecards.csv", "items.csv", "pay.csv", "results.xlsx"}
    papers = {"scorecards.pdf", "summary.pdf", "summary.xlsx", "pay-sheet.xlsx"}
    assert {path.name for path in demo.written} == scored | papers
    assert {path.parent.name for path in demo.written} == set(demo.months)
    assert {path.parent for path in demo.written if path.name in papers} == {demo.folder / "papers" / max(demo.months)}


def test_what_is_still_open_is_told(demo: Demo) -> None:
    assert {problem.code for problem in demo.problems()} == {"M020"}


def test_a_facts_folder_that_stays_behind_scores_to_the_same_results(demo: Demo) -> None:
    month = sorted(demo.months)[-1]
    plan = read_plan(demo.folder / "scheme.yaml")
    facts = demo.folder / "months" / month
    again = score(plan, check_facts(plan, read_facts(facts, plan)))
    assert [again.scorecard(subject) for subject in again.subjects()] == [demo.results.scorecard(subject) for subject in again.subjects()]


def test_every_value_of_the_scheme_is_fed_by_a_measure_that_exists(demo: Demo) -> None:
    plan = read_plan(demo.folder / "scheme.yaml")
    definitions = read_definitions(demo.folder / "sources.yaml", demo.folder / "measures.yaml")
    assert set(bindings_of(plan.scheme)) <= set(definitions.measures)
    assert set(bindings_of(plan.scheme).values()) == set(plan.scheme.values)
    assert all(declared.name and declared.clause for declared in plan.scheme.values.values())
    assert all(item.clause and item.name for item in plan.scheme.items.values())


def test_the_same_seed_gives_the_same_results_in_any_folder(tmp_path: Path) -> None:
    one, other = (run_demo(tmp_path / name, conversations=5_000) for name in ("one", "other"))
    for month in one.months:
        texts = [(folder / "results" / month / "results.json").read_text(encoding="utf-8") for folder in (one.folder, other.folder)]
        assert texts[0] == texts[1]
        assert json.loads(texts[0])["subjects"]


def test_a_folder_used_before_with_another_seed_gives_what_a_new_one_gives(tmp_path: Path) -> None:
    run_demo(tmp_path / "used", seed=7, conversations=5_000)
    again, fresh = (run_demo(tmp_path / name, conversations=5_000) for name in ("used", "fresh"))
    assert history_rows(again.results) == history_rows(fresh.results)
