"""The examples, run at the shell as their READMEs say, and two people's totals counted again from the raw files by hand.

The rows are not ours to carry; KAOHE_DATA names the folder that holds them.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import zstandard

from kaohe.cli import main
from kaohe.numbers import number

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
Row = dict[str, str]
Edges = tuple[tuple[int | str, int], ...]


def data_file(name: str) -> Path:
    """A file of the public data sets, or a skipped test."""
    folder = os.environ.get("KAOHE_DATA")
    if not folder or not (Path(folder) / name).exists():
        pytest.skip(f"KAOHE_DATA names no folder that holds {name}")
    return Path(folder) / name


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Path, str], dict[str, Any]]:
    """Measures and scores a month of an example at the shell; gives what results.json says of each subject."""
    workspace = tmp_path_factory.mktemp("examples")

    def run(example: str, data: Path, month: str) -> dict[str, Any]:
        own, work = EXAMPLES / example, workspace / example
        facts, out = work / "facts" / month, work / "out" / month
        definitions = [str(own / "sources.yaml"), str(own / "measures.yaml")]
        assert main(["measure", *definitions, str(data), "--period", month, "-w", str(work / "workspace"), "-o", str(facts)]) == 0
        if (own / "people.csv").exists():
            shutil.copy(own / "people.csv", facts)
        assert main(["score", str(own / "scheme.yaml"), str(facts), "-o", str(out)]) == 0
        told = json.loads((out / "results.json").read_text(encoding="utf-8"))
        return {subject["subject"]: subject for subject in told["subjects"]}

    return run


def on_line(value: Fraction, edges: Edges) -> Fraction:
    """The height of a broken line at a value; flat beyond its ends."""
    points = sorted((number(str(x)), Fraction(y)) for x, y in edges)
    if value <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in pairwise(points):
        if value <= x1:
            return y0 + (y1 - y0) * (value - x0) / (x1 - x0)
    return points[-1][1]


def to_cents(value: Fraction) -> Fraction:
    """Rounded to two places, halves up."""
    return Fraction((value * 100 + Fraction(1, 2)).__floor__(), 100)


def share(rows: list[Row], holds: Callable[[Row], bool]) -> Fraction:
    """The part of some rows for which something holds."""
    return Fraction(sum(map(holds, rows)), len(rows))


# --- the call centre ------------------------------------------------------------------------------

PWC = "pwc-call-center/Call-Center-Dataset.xlsx"


def calls(path: Path) -> list[Row]:
    """The rows of the workbook, cells as text."""
    header, *rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Main Data").to_python()
    return [dict(zip(map(str, header), map(str, row), strict=True)) for row in rows]


def total_of_agent(rows: list[Row]) -> Fraction:
    """A month's total of an agent's calls, step by step as the scheme's clauses say."""
    answered = [row for row in rows if row["Answered (Y/N)"] == "Y"]
    waited = sum(Fraction(row["Speed of answer in seconds"]) for row in answered)
    stars = sum(Fraction(row["Satisfaction rating"]) for row in answered)
    points = (
        (30, on_line(share(rows, lambda row: row["Answered (Y/N)"] == "Y"), (("0.7", 0), ("0.8", 60), ("0.9", 100)))),
        (25, on_line(share(answered, lambda row: row["Resolved"] == "Y"), (("0.8", 40), ("0.9", 80), ("0.95", 100)))),
        (20, on_line(waited / len(answered), ((45, 100), (60, 80), (90, 0)))),
        (25, on_line(stars / len(answered), ((3, 40), ("3.5", 80), (4, 100)))),
    )
    return to_cents(sum((weight * score for weight, score in points), Fraction(0)) / 100)


@pytest.mark.parametrize("month", ["2021-01", "2021-02", "2021-03"])
def test_a_month_of_the_call_centre_gives_everybody_a_scorecard(scored: Any, month: str) -> None:
    cards = scored("pwc-call-center", data_file(PWC), month)
    assert {card["status"] for card in cards.values()} == {"assessed"}
    assert sorted(cards) == ["Becky", "Dan", "Diane", "Greg", "Jim", "Joe", "Martha", "Stewart"]
    assert sorted(card["rank"] for card in cards.values()) == list(range(1, 9))


@pytest.mark.parametrize("agent", ["Becky", "Martha"])
@pytest.mark.parametrize("month", ["2021-01", "2021-02", "2021-03"])
def test_an_agents_total_is_the_one_counted_by_hand(scored: Any, month: str, agent: str) -> None:
    path = data_file(PWC)
    mine = [row for row in calls(path) if row["Agent"] == agent and row["Date"].startswith(month)]
    assert number(scored("pwc-call-center", path, month)[agent]["total"]["reported"]) == total_of_agent(mine)


@pytest.mark.parametrize(("agent", "total", "grade", "bonus"), [("Becky", "68.7", "C", "360"), ("Martha", "63.13", "C", "360")])
def test_the_readme_of_the_call_centre_tells_true_figures(scored: Any, agent: str, total: str, grade: str, bonus: str) -> None:
    card = scored("pwc-call-center", data_file(PWC), "2021-01")[agent]
    assert (card["total"]["reported"], card["grade"], card["pay"]["bonus"]["reported"]) == (total, grade, bonus)
    for language in ("README.md",):
        assert total in (EXAMPLES / "pwc-call-center" / language).read_text(encoding="utf-8")


# --- the service desk -----------------------------------------------------------------------------

SERVICENOW = "servicenow-incident-log/incident_event_log.csv.zst"


def updates(path: Path) -> Iterator[Row]:
    """The rows of the log."""
    with path.open("rb") as packed, zstandard.ZstdDecompressor().stream_reader(packed) as plain:
        yield from csv.DictReader(io.TextIOWrapper(plain, encoding="utf-8"))


def moment(text: str) -> datetime:
    """29/2/2016 01:16, the day first."""
    return datetime.strptime(text, "%d/%m/%Y %H:%M")  # noqa: DTZ007


def closed_tickets(path: Path) -> list[Row]:
    """Of each ticket the last of its rows whose state is Closed."""
    last: dict[str, Row] = {}
    for row in updates(path):
        order = (moment(row["sys_updated_at"]), int(row["sys_mod_count"]))
        before = last.get(row["number"])
        if row["incident_state"] == "Closed" and (
            before is None or order >= (moment(before["sys_updated_at"]), int(before["sys_mod_count"]))
        ):
            last[row["number"]] = row
    return list(last.values())


def median(values: list[int]) -> Fraction:
    """The middle one, or the mean of the two in the middle."""
    ordered, half = sorted(values), len(values) // 2
    return Fraction(ordered[half]) if len(values) % 2 else Fraction(ordered[half - 1] + ordered[half], 2)


def total_of_resolver(rows: list[Row]) -> Fraction:
    """A month's total of a resolver's tickets, step by step as the scheme's clauses say."""
    solved = [row for row in rows if row["resolved_at"] != "?"]
    seconds = [int((moment(row["resolved_at"]) - moment(row["opened_at"])).total_seconds()) for row in solved]
    within = share(rows, lambda row: row["made_sla"].lower() == "true")
    first = share(rows, lambda row: row["reassignment_count"] == "0" and row["reopen_count"] == "0")
    points = (
        (40, on_line(within, (("0.1", 20), ("0.5", 70), ("0.8", 100)))),
        (20, on_line(share(rows, lambda row: int(row["reopen_count"]) > 0), ((0, 100), ("0.02", 60), ("0.06", 0)))),
        (20, on_line(first, (("0.1", 20), ("0.5", 70), ("0.8", 100)))),
        (20, on_line(median(seconds), ((3600, 100), (86400, 80), (604800, 50), (2592000, 0)))),
    )
    return to_cents(sum((weight * score for weight, score in points), Fraction(0)) / 100)


@pytest.fixture(scope="module")
def desk(scored: Any) -> dict[str, Any]:
    """March 2016 of the service desk."""
    found: dict[str, Any] = scored("servicenow-incidents", data_file(SERVICENOW), "2016-03")
    return found


def test_two_resolvers_totals_are_the_ones_counted_by_hand(desk: dict[str, Any]) -> None:
    tickets = [
        row for row in closed_tickets(data_file(SERVICENOW)) if (moment(row["opened_at"]).year, moment(row["opened_at"]).month) == (2016, 3)
    ]
    for resolver in ("Resolved by 11", "Resolved by 108"):
        mine = [row for row in tickets if row["resolved_by"] == resolver]
        assert number(desk[resolver]["total"]["reported"]) == total_of_resolver(mine)


def test_a_resolver_with_few_tickets_is_not_assessed(desk: dict[str, Any]) -> None:
    statuses = [card["status"] for card in desk.values()]
    assert (statuses.count("assessed"), statuses.count("not_assessed")) == (76, 91)


def test_the_readme_of_the_service_desk_tells_true_figures(desk: dict[str, Any]) -> None:
    card = desk["Resolved by 11"]
    assert (card["total"]["reported"], card["grade"], card["pay"]["bonus"]["reported"]) == ("70.92", "B", "800")
    assert "70.92" in (EXAMPLES / "servicenow-incidents" / "README.md").read_text(encoding="utf-8")
