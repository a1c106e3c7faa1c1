"""The whole way in one call: an invented company's raw exports become three months' results, and one figure its records.

    sample -> raw/*.csv.gz, accounts.csv, months/<month>/…
    import -> workspace/        measure -> months/<month>/measured.csv
    score  -> results/<month>/  each month's results are the history of the next
    report -> papers/<month>/   the last month's scorecards, summary and pay sheet

Nothing here measures or scores by itself, and nothing is printed: what is to be shown is handed back.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from kaohe.checking import check_facts
from kaohe.explaining import Explanation, Line, explain
from kaohe.measuring import (
    MANIFEST,
    Definitions,
    Measured,
    Period,
    RowsBehind,
    Workspace,
    import_files,
    measure,
    read_definitions,
    rows_behind,
    write_facts_folder,
)
from kaohe.numbers import write_number
from kaohe.papers.earlier import look_back
from kaohe.papers.rounds import Round, Wishes
from kaohe.papers.writing import write_reports
from kaohe.plan import Plan
from kaohe.problems import Language, Problem
from kaohe.reading import read_plan
from kaohe.sample import TABLES, SampleReport, make_sample
from kaohe.scheme import Scheme
from kaohe.scoring import ASSESSED, Results, score
from kaohe.sources import read_facts
from kaohe.texts import Text
from kaohe.workbooks import write_results

Progress = Callable[[str, int, int], None]

COMPANY = Text("西溪茶具旗舰店", "Xixi Tea-ware")
HISTORY = "history.csv"
HISTORY_COLUMNS = ("subject", "period_end", "total", "grade", "rank", "of", "status")
SHOWN_ITEM, SHOWN_MEASURE = "item.complaints", "complaints_upheld"
MOST_RECORDS = 5


@dataclass(frozen=True)
class Demo:
    """What a demonstration came to; the last month's results, and one figure of it down to its records."""

    folder: Path
    sample: SampleReport
    months: Mapping[str, Results]
    measured: Mapping[str, Measured]
    subject: str
    explanation: Explanation
    line: Line
    records: RowsBehind
    written: tuple[Path, ...]
    next: tuple[str, ...]

    @property
    def results(self) -> Results:
        """The last month's results."""
        return self.months[max(self.months)]

    def problems(self) -> tuple[Problem, ...]:
        """What of the raw rows is still open: rows set aside, accounts that are nobody's; each told once."""
        found = [problem for measured in self.measured.values() for problem in measured.problems()]
        return tuple({(problem.code, problem.about): problem for problem in found}.values())


def run_demo(
    folder: Path, language: Language = "zh", *, seed: int = 2026, conversations: int = 200_000, progress: Progress | None = None
) -> Demo:
    """Make the sample in a folder, measure and score its three months, and follow one figure down to its records.

    Everything that a newcomer may want to look at stays in the folder; a demonstration made there
    before is made anew. `progress` is told each stage, how far it is, and of how much. The same
    seed gives the same figures.
    """
    tell = progress or _tell_nobody
    sample = make_sample(folder, seed=seed, conversations=conversations, progress=tell)
    house = _House(folder, read_plan(folder / "scheme.yaml"), _definitions(folder), _new_workspace(folder / "workspace"))
    for table, pattern in TABLES.items():
        import_files(house.workspace, house.definitions, table, [folder / pattern], progress=tell)
    names = sorted(path.name for path in (folder / "months").iterdir())
    months: dict[str, Results] = {}
    measured: dict[str, Measured] = {}
    for done, name in enumerate(names):
        tell("score", done, len(names))
        measured[name] = house.measure(name)
        months[name] = house.score(name, months.values())
    tell("score", len(names), len(names))
    written = [path for name, results in months.items() for path in write_results(results, folder / "results" / name, language)]
    written += house.report(names[-1], months[names[-1]], language)
    return _demo(house, sample, months, measured, tuple(written), language)


@dataclass(frozen=True)
class _House:
    """The company as it works: its folder, its scheme, its definitions, its workspace."""

    folder: Path
    plan: Plan
    definitions: Definitions
    workspace: Workspace

    def facts(self, month: str) -> Path:
        return self.folder / "months" / month

    def measure(self, month: str) -> Measured:
        """Measure the month that a facts folder is for, and put the figures into it."""
        raw = read_facts(self.facts(month), self.plan)
        period = Period(date.fromisoformat(str(raw.start)), date.fromisoformat(str(raw.end)))
        measured = measure(self.workspace, self.definitions, period)
        write_facts_folder(measured, self.facts(month), bindings_of(self.plan.scheme))
        return measured

    def score(self, month: str, earlier: Iterable[Results]) -> Results:
        """Score the month, with what came of the earlier ones as its history."""
        _write_history(self.facts(month) / HISTORY, earlier)
        return score(self.plan, check_facts(self.plan, read_facts(self.facts(month), self.plan)))

    def report(self, month: str, results: Results, language: Language) -> list[Path]:
        """The month's papers; all scorecards in one file, so that they can be leafed through."""
        raw = read_facts(self.facts(month), self.plan)
        wishes = Wishes(language, COMPANY.tell(language), money=True)
        paper = Round(results, raw, wishes, look_back(self.plan, results.facts, []))
        return write_reports(paper, self.folder / "papers" / month, one_file=True)


def _demo(
    house: _House,
    sample: SampleReport,
    months: Mapping[str, Results],
    measured: Mapping[str, Measured],
    written: tuple[Path, ...],
    language: Language,
) -> Demo:
    """What is to be shown: somebody's figure of the last month, and the records behind it."""
    month = max(months)
    subject = most_complained_about(months[month])
    explanation = explain(months[month], subject, language)
    line = next(line for line in explanation.walk() if line.id == SHOWN_ITEM)
    records = rows_behind(house.workspace, house.definitions, SHOWN_MEASURE, subject, measured[month].period, limit=MOST_RECORDS)
    commands = _commands(house.folder, month, subject)
    return Demo(house.folder, sample, months, measured, subject, explanation, line, records, written, commands)


def bindings_of(scheme: Scheme) -> dict[str, str]:
    """Which value each measure feeds, as the scheme's values say it."""
    return {declared.measure: key for key, declared in scheme.values.items() if declared.measure}


def history_rows(results: Results) -> list[tuple[str, ...]]:
    """What later periods may look back at, a row for each person, as `history.csv` has it."""
    cards = map(results.scorecard, results.subjects())
    end = results.facts.end.isoformat()
    return [
        (card.subject, end, _number(card.exact.get("total", card.total)), card.grade or "", _text(card.rank), _text(card.of), card.status)
        for card in cards
    ]


def most_complained_about(results: Results) -> str:
    """Who of those assessed has the most upheld complaints; of several the first by id."""
    people = [subject for subject in results.subjects() if results.scorecard(subject).status == ASSESSED]
    return min(people, key=lambda subject: (-_measured_count(results, subject), subject))


def _measured_count(results: Results, subject: str) -> int:
    found = results.facts.measured.get((subject, SHOWN_MEASURE))
    return found.numerator if found else 0


def _new_workspace(folder: Path) -> Workspace:
    """An empty workspace: what an earlier demonstration took in, from another seed perhaps, is not counted again."""
    if (folder / MANIFEST).exists():
        shutil.rmtree(folder)
    return Workspace(folder)


def _definitions(folder: Path) -> Definitions:
    return read_definitions(folder / "sources.yaml", folder / "measures.yaml")


def _write_history(path: Path, earlier: Iterable[Results]) -> None:
    rows = [row for results in earlier for row in history_rows(results)]
    if not rows:
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HISTORY_COLUMNS, *rows])


def _number(value: object) -> str:
    return write_number(value) if isinstance(value, Fraction) else ""


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _commands(folder: Path, month: str, subject: str) -> tuple[str, ...]:
    """What one may type next."""
    scheme, facts = folder / "scheme.yaml", folder / "months" / month
    definitions = f"{folder / 'sources.yaml'} {folder / 'measures.yaml'}"
    return (
        f"kaohe score {scheme} {facts}",
        f"kaohe explain {scheme} {facts} {subject}",
        f"kaohe report {scheme} {facts} -o {folder / 'papers' / subject} --subject {subject}",
        f"kaohe measure {definitions} --period {month} -w {folder / 'workspace'} --why {subject} {SHOWN_MEASURE}",
        f"kaohe check {scheme}",
    )


def _tell_nobody(stage: str, done: int, total: int) -> None:
    """For whoever did not ask."""
