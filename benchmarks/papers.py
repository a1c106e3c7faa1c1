"""What a scorecard costs on paper, beside a bare loop over typst with the same template and its data ready, in one run.

    python benchmarks/papers.py [out/bench/papers.json] [--people 1000]

The bare loop holds everything that typst needs in memory, keeps one compiler, and writes each PDF. Ours starts at results: it
tells, adds up, compares and sets each card. All times are processor seconds of one process, all threads; both sides write files.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from _tea_house import company, plan
from rich.console import Console
from rich.table import Table as Shown
from scoring import raw_facts

from kaohe.checking import check_facts
from kaohe.papers.rounds import Round, Wishes
from kaohe.papers.scorecards import scorecards_data
from kaohe.papers.typesetting import Press
from kaohe.papers.writing import Paper, write_reports
from kaohe.scoring import score

ROUNDED = True
SEARCHED = 100  # of how many people the facts for the next grade are searched
LIMIT = 1.5
Row = dict[str, Any]


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds of one run, and what it gave."""
    start = time.process_time()
    found = act()
    return time.process_time() - start, found


def a_round(people: int, ways: bool) -> Round:
    """A tea-house's round, scored but not yet told."""
    scheme, raw = plan(ROUNDED), raw_facts(company(people))
    wishes = Wishes("zh", "湖心亭茶馆", money=True, ways=ways)
    return Round(score(scheme, check_facts(scheme, raw)), raw, wishes)


def bare(ready: list[dict[str, object]], folder: Path) -> None:
    """The same PDFs from data that lie ready."""
    press = Press()
    for place, data in enumerate(ready):
        (folder / f"{place}.pdf").write_bytes(press.typeset("scorecard", data))


def measure(people: int, folder: Path) -> list[Row]:
    """Every way of making the cards, in processor seconds and milliseconds a card."""
    paper = a_round(people, ways=False)
    subjects = list(paper.cards)
    ready = [scorecards_data(paper, [subject]) for subject in subjects]
    for name in ("bare", "ours", "one", "searched"):
        (folder / name).mkdir()
    rows = [_row("typst alone, data ready", people, timed(lambda: bare(ready, folder / "bare"))[0])]
    ours = timed(lambda: write_reports(a_round_again(paper), folder / "ours", [Paper.SCORECARDS]))[0]
    rows.append(_row("kaohe report --quick", people, ours))
    rows.append(_row("kaohe report --quick --one-file", people, timed(lambda: one_file(paper, folder / "one"))[0]))
    searched = a_round(people, ways=True)
    few = subjects[:SEARCHED]
    spent = timed(lambda: write_reports(searched, folder / "searched", [Paper.SCORECARDS], subjects=few))[0]
    rows.append(_row("kaohe report, next grade's facts searched", len(few), spent))
    equal = all((folder / "bare" / f"{place}.pdf").read_bytes() == path.read_bytes() for place, path in enumerate(_made(folder, subjects)))
    return [{**row, "equal": equal} for row in rows]


def a_round_again(paper: Round) -> Round:
    """The same round with nothing told or kept yet."""
    return Round(score(paper.plan, paper.results.facts), paper.raw, paper.wishes)


def one_file(paper: Round, folder: Path) -> None:
    """All cards in one PDF."""
    write_reports(a_round_again(paper), folder, [Paper.SCORECARDS], one_file=True)


def _made(folder: Path, subjects: list[str]) -> list[Path]:
    return [folder / "ours" / "scorecards" / f"{subject}.pdf" for subject in subjects]


def _row(name: str, cards: int, seconds: float) -> Row:
    return {"way": name, "cards": cards, "seconds": seconds, "ms_a_card": 1000 * seconds / cards}


def show(rows: list[Row]) -> None:
    """The table on the screen, each way beside the bare loop."""
    table = Shown(title="Scorecards on paper")
    for heading in ("way", "cards", "seconds", "ms a card", "times typst"):
        table.add_column(heading, justify="left" if heading == "way" else "right", no_wrap=True)
    base = rows[0]["ms_a_card"]
    for row in rows:
        table.add_row(row["way"], f"{row['cards']:,}", f"{row['seconds']:.2f}", f"{row['ms_a_card']:.1f}", f"{row['ms_a_card'] / base:.2f}")
    Console(width=100).print(table)


def main() -> int:
    """Measure, show, write; fails where ours takes more than one and a half times the bare loop, or makes another PDF."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", nargs="?", type=Path)
    parser.add_argument("--people", type=int, default=1_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(wanted.people, Path(folder))
    show(rows)
    ratio = rows[1]["ms_a_card"] / rows[0]["ms_a_card"]
    if wanted.out is not None:
        wanted.out.parent.mkdir(parents=True, exist_ok=True)
        wanted.out.write_text(json.dumps({"rows": rows, "ratio": ratio, "limit": LIMIT}, indent=1) + "\n", encoding="utf-8")
    print(f"{ratio:.2f} times typst alone (at most {LIMIT}); the PDFs are {'the same' if rows[0]['equal'] else 'NOT the same'}")
    return 0 if ratio <= LIMIT and rows[0]["equal"] else 1


if __name__ == "__main__":
    sys.exit(main())
