"""A round's papers in a folder: scorecards, the summary on pages and as a workbook, and, where money is wished for, the pay sheet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from kaohe.papers.paysheets import PAY_SHEET, write_pay_sheet
from kaohe.papers.roundbooks import SUMMARY_BOOK, write_summary_book
from kaohe.papers.rounds import Round
from kaohe.papers.scorecards import scorecards_data, typeset_scorecards
from kaohe.papers.summaries import summary_data
from kaohe.papers.summing import Summary
from kaohe.papers.typesetting import typeset

SCORECARDS, SUMMARY = "scorecards", "summary.pdf"
LONGEST_NAME = 80
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
Progress = Callable[[str, int, int], None]


class Paper(StrEnum):
    """What papers there are."""

    SCORECARDS = "scorecards"
    SUMMARY = "summary"
    PAY = "pay"


PAPERS = tuple(Paper)


def write_reports(
    paper: Round,
    folder: Path,
    wanted: Iterable[Paper] = PAPERS,
    *,
    subjects: Sequence[str] | None = None,
    one_file: bool = False,
    progress: Progress | None = None,
) -> list[Path]:
    """The papers of a round in a folder; gives what was written.

    `subjects` are those whose scorecards are written, everybody's unless some are named. The pay
    sheet is written only where the wishes name money and the scheme pays any. `progress` is told
    how many scorecards there are of how many.
    """
    parts = set(wanted)
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    if Paper.SCORECARDS in parts:
        whose = list(paper.cards) if subjects is None else list(subjects)
        written += write_scorecards(paper, folder, whose, one_file, progress or _tell_nobody)
    if Paper.SUMMARY in parts:
        summary = Summary(paper)
        written += [_put(folder / SUMMARY, typeset("summary", summary_data(summary))), write_summary_book(summary, folder / SUMMARY_BOOK)]
    if Paper.PAY in parts and paper.wishes.money and paper.plan.outputs["pay"]:
        written.append(write_pay_sheet(paper, folder / PAY_SHEET))
    return written


def write_scorecards(paper: Round, folder: Path, subjects: Sequence[str], one_file: bool, progress: Progress) -> list[Path]:
    """The scorecards of these subjects: one PDF for all of them, or one each in a folder of their own."""
    if one_file:
        progress(SCORECARDS, 0, 1)
        path = _put(folder / f"{SCORECARDS}.pdf", typeset_scorecards(scorecards_data(paper, subjects))) if subjects else None
        progress(SCORECARDS, 1, 1)
        return [] if path is None else [path]
    (folder / SCORECARDS).mkdir(exist_ok=True)
    written = []
    for done, (subject, name) in enumerate(file_names(paper, subjects), start=1):
        written.append(_put(folder / SCORECARDS / f"{name}.pdf", typeset_scorecards(scorecards_data(paper, [subject]))))
        progress(SCORECARDS, done, len(subjects))
    return written


def file_names(paper: Round, subjects: Iterable[str]) -> Iterator[tuple[str, str]]:
    """For each subject the name of a file: id and name, as far as every system allows them, and no two alike."""
    taken: set[str] = set()
    for subject in subjects:
        name = paper.cards[subject].name
        wanted = file_name(subject if name == subject else f"{subject}-{name}")
        found, number = wanted, 1
        while found.casefold() in taken:
            number += 1
            found = f"{wanted}-{number}"
        taken.add(found.casefold())
        yield subject, found


def file_name(text: str) -> str:
    """A text as the name of a file: what no system allows becomes a low line, and what is long is cut.

    >>> file_name("a/b:张三?"), file_name("../.."), file_name("CON")
    ('a_b_张三_', '_', '_CON')
    """
    kept = "".join("_" if letter in '<>:"/\\\\|?*' or unicodedata.category(letter)[0] == "C" else letter for letter in text)
    name = kept.strip(". ")[:LONGEST_NAME].strip(". ") or "_"
    return f"_{name}" if RESERVED.fullmatch(name) else name


def _put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _tell_nobody(stage: str, done: int, total: int) -> None:
    """For whoever did not ask."""
