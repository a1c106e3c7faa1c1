"""The command that puts results on paper: scorecards, the round's summary, the pay sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kaohe.cli.finding import find_results, find_subject
from kaohe.cli.options import FactsPath, Json, Lang, SchemeName
from kaohe.cli.problems import SubjectNotFound
from kaohe.cli.talking import Talk, talk_of
from kaohe.papers.earlier import look_back
from kaohe.papers.rounds import Round, Wishes
from kaohe.papers.writing import PAPERS, SCORECARDS, Paper, write_reports
from kaohe.problems import Problems
from kaohe.texts import Text, listed

MOST_TOLD = 10
STAGES = {SCORECARDS: Text("成绩单", "scorecards")}


def report_results(
    context: typer.Context,
    scheme: SchemeName,
    facts: FactsPath,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="写到哪个文件夹 | The folder to write into")],
    company: Annotated[str, typer.Option("--company", metavar="NAME", help="印在纸上的公司名称 | The company's name, as printed")] = "",
    pay: Annotated[bool, typer.Option("--pay", help="也印金额，并写工资表 | Print amounts too, and write the pay sheet")] = False,
    one_file: Annotated[
        bool, typer.Option("--one-file", help="全部成绩单装在一个 PDF 里 | All scorecards in one PDF instead of one each")
    ] = False,
    earlier: Annotated[
        list[Path] | None,
        typer.Option(
            "--earlier",
            metavar="DIR",
            help="以前的结果文件夹（可重复）：往期用于趋势和变动，同期旧版用于更正差额"
            " | A folder of earlier results (may be repeated): earlier periods for trends, an older version of this one for differences",
        ),
    ] = None,
    provisional: Annotated[
        bool, typer.Option("--provisional", help="尚未定稿：每张纸都标明暂计 | Not final yet: every page says so")
    ] = False,
    subjects: Annotated[
        list[str] | None,
        typer.Option(
            "--subject",
            metavar="WHO",
            help="只写此人的成绩单（编号或姓名，可重复） | Only this one's scorecard, by id or name (may be repeated)",
        ),
    ] = None,
    papers: Annotated[
        list[Paper] | None,
        typer.Option("--paper", help="只写这几种（可重复，默认全部） | Only these papers (may be repeated; all by default)"),
    ] = None,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="不查找下一等级要做到什么，快得多 | Do not search the facts that the next grade takes; faster"),
    ] = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Put results on paper: a scorecard each, the round's summary, the pay sheet."""
    talk = talk_of(context, as_json)
    raw, results = find_results(scheme, facts)
    back = look_back(results.plan, results.facts, earlier or ())
    wishes = Wishes(talk.language, company, money=pay, provisional=provisional, ways=not quick)
    paper = Round(results, raw, wishes, back)
    whose = None if subjects is None else [_person(paper, name) for name in subjects]
    with talk.progress(STAGES) as progress:
        written = write_reports(paper, out, papers or PAPERS, subjects=whose, one_file=one_file, progress=progress)
    if as_json:
        talk.data({"written": [str(path) for path in written]})
    else:
        talk.wrote(_told(talk, written))


def _person(paper: Round, name: str) -> str:
    """Somebody with a scorecard, by id or name; Problems for nobody, and for a unit, which has none."""
    found = find_subject(paper.results, name)
    if found in paper.cards:
        return found
    raise Problems([SubjectNotFound(about=[name], name=name, known=listed(paper.cards), guess_zh="", guess_en="")])


def _told(talk: Talk, written: list[Path]) -> list[object]:
    """What was written; of many files in one folder the folder and how many."""
    found: list[object] = []
    for folder in dict.fromkeys(path.parent for path in written):
        files = [path for path in written if path.parent == folder]
        found += [f"{folder} {talk.say(f'（{len(files)} 份）', f'({len(files)} files)')}"] if len(files) > MOST_TOLD else files
    return found
