"""Commands in front of scoring: a make-believe company, its events measured, the whole way shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text as Line

from kaohe.cli.finding import find_day, find_period
from kaohe.cli.importing import READING, Files, WorkspaceFolder, files_by_table
from kaohe.cli.options import Json, Lang
from kaohe.cli.problems import BindingUnreadable, SampleTooSmall
from kaohe.cli.talking import Talk, talk_of
from kaohe.measuring import (
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
from kaohe.measuring.accounts import ALWAYS, NEVER, AccountUse
from kaohe.problems import Problem, Problems
from kaohe.sample import SampleReport, make_sample
from kaohe.showing import Stack, pairs_table, plain, stacks_of, table_of, width_of
from kaohe.texts import Text

STAGES = {
    **READING,
    "measure": Text("计算度量", "measuring"),
    "world": Text("造出公司", "making the company"),
    "conversations": Text("会话", "conversations"),
    "orders": Text("订单", "orders"),
    "surveys": Text("评价", "surveys"),
    "complaints": Text("投诉", "complaints"),
    "inspections": Text("质检", "inspections"),
    "months": Text("月度数据", "monthly facts"),
    "expected": Text("预期结果", "expected figures"),
}

CACHING = "use 用缓存，verify 与全部重算核对，off 全部重算 | use what is kept, verify it against a full scan, or off"

SourcesFile = Annotated[Path, typer.Argument(metavar="SOURCES", help="数据源定义 sources.yaml | What the files hold: sources.yaml")]
PeriodText = Annotated[
    str, typer.Option("--period", metavar="PERIOD", help="2026-01、2026-Q1、2026 或 起日..止日 | 2026-01, 2026-Q1, 2026 or FIRST..LAST day")
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DAY", help="只算到这一天结束时已知的事 | What was known at the end of this day")
]


class Caching(StrEnum):
    """What becomes of the states that earlier runs kept."""

    USE = "use"
    VERIFY = "verify"
    OFF = "off"


def measure_files(
    context: typer.Context,
    sources: SourcesFile,
    measures: Annotated[Path, typer.Argument(metavar="MEASURES", help="度量定义 measures.yaml | What to measure: measures.yaml")],
    files: Files = None,
    period: PeriodText = ...,  # type: ignore[assignment]
    workspace: WorkspaceFolder = Path("workspace"),
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="DIR", help="写出的数据文件夹 | The facts folder to write")] = None,
    bind: Annotated[
        list[str] | None,
        typer.Option("--bind", metavar="MEASURE=VALUE", help="度量写入哪个数据项（可重复） | The value that a measure feeds (repeat)"),
    ] = None,
    why: Annotated[
        tuple[str, str] | None,
        typer.Option("--why", metavar="SUBJECT MEASURE", help="列出一个数字背后的记录 | List the records behind a figure"),
    ] = None,
    as_of: AsOf = None,
    cache: Annotated[Caching, typer.Option("--cache", help=CACHING)] = Caching.USE,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Measure raw events: values by subject and period, ready to score."""
    talk = talk_of(context, as_json)
    span, bindings = find_period(period), _bindings(bind or [])
    day = find_day(as_of)
    definitions, place = read_definitions(sources, measures), Workspace(workspace)
    with talk.progress(STAGES) as progress:
        for table, patterns in files_by_table(definitions, files or []).items():
            import_files(place, definitions, table, patterns, progress=progress)
        measured = measure(place, definitions, span, as_of=day, cache=cache.value, progress=progress)
    written = [] if out is None else [write_facts_folder(measured, out, bindings)]
    behind = None if why is None else rows_behind(place, definitions, why[1], why[0], span, as_of=day)
    _tell_measured(talk, measured, behind)
    talk.wrote(written)


def _bindings(texts: Sequence[str]) -> dict[str, str]:
    pairs = {text: text.partition("=") for text in texts}
    wrong: list[Problem] = [BindingUnreadable(about=[text], text=text) for text, (key, _, value) in pairs.items() if not (key and value)]
    if wrong:
        raise Problems(wrong)
    return {key: value for key, _, value in pairs.values()}


def _tell_measured(talk: Talk, measured: Measured, behind: RowsBehind | None) -> None:
    if talk.as_json:
        talk.data(_measured_data(measured, behind))
        return
    if behind is None:
        talk.show(_figures_table(talk, measured))
        for id, use in measured.account_use.items():
            talk.show(*_use_told(talk, id, use))
    else:
        talk.show(rows_table(talk, behind))
    if measured.problems():
        talk.problems(measured.problems())


def _figures_table(talk: Talk, measured: Measured) -> Table:
    """One row a measure: how many subjects, how many rows counted, the two whole numbers of all together."""
    figures = measured.figures
    cells = [
        [one.id for one in figures],
        [plain(_name_of(talk, one.measure.name)) for one in figures],
        [f"{len(one.subjects):,}" for one in figures],
        [f"{sum(one.counted):,}" for one in figures],
        [f"{sum(sum(counts) for counts in one.excluded.values()):,}" for one in figures],
    ]
    headings = [
        talk.say(*pair)
        for pair in (("度量", "measure"), ("名称", "name"), ("被考核人", "subjects"), ("计入", "counted"), ("剔除", "left out"))
    ]
    return table_of(Stack(heading, column, right=number > 1) for number, (heading, column) in enumerate(zip(headings, cells, strict=True)))


def _use_told(talk: Talk, id: str, use: AccountUse) -> Iterator[RenderableType]:
    """Accounts that several people had in turn, and days on which an account was nobody's; nothing where there is nothing to tell."""
    rows = []
    for account, entries in use.shared.items():
        told = "; ".join(f"{plain(entry.person)} {_days(entry.start, entry.end)}" for entry in entries)
        rows.append([plain(account), talk.say("先后归多人", "in turn"), told])
    rows += [[plain(gap.account), talk.say("空档", "nobody's"), _days(gap.start, gap.end)] for gap in use.gaps]
    if rows:
        yield talk.say(f"账号对照 {id}", f"Accounts {id}")
        yield pairs_table([talk.say("账号", "account"), talk.say("情况", "what"), talk.say("使用人与日期", "who and when")], sorted(rows))


def _days(start: date, end: date) -> str:
    """The days of an entry or a gap, the last one among them; open where it is."""
    last = "" if end == NEVER else (end - timedelta(days=1)).isoformat()
    return f"{'' if start == ALWAYS else start.isoformat()}..{last}"


def _name_of(talk: Talk, name: object) -> str:
    return Text.read(str(name)).tell(talk.language)


def _measured_data(measured: Measured, behind: RowsBehind | None) -> dict[str, object]:
    data: dict[str, object] = {
        "period": _period_data(measured.period),
        "figures": [
            {"measure": one.id, "version": one.measure.version, "subject": subject, "numerator": str(top), "denominator": str(bottom)}
            for one in measured.figures
            for subject, top, bottom in zip(one.subjects, one.numerators, one.denominators, strict=True)
        ],
        "accounts": {id: use.as_data() for id, use in measured.account_use.items()},
        "problems": [problem.as_data() for problem in measured.problems()],
    }
    return data if behind is None else data | {"behind": _behind_data(behind)}


def _period_data(period: Period) -> dict[str, str]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}


def _behind_data(behind: RowsBehind) -> dict[str, object]:
    def rows(kind: str) -> list[dict[str, object]]:
        return [{"file": row.file, "row": row.row, "reason": row.reason, "cells": row.cells} for row in getattr(behind, kind)]

    counts: dict[str, object] = {"numerator_count": behind.numerator_count, "denominator_count": behind.denominator_count}
    listed: dict[str, object] = {kind: rows(kind) for kind in ("numerator", "denominator", "excluded")}
    return {"measure": behind.measure, "subject": behind.subject, **counts, "excluded_count": behind.excluded_count, **listed}


def rows_table(talk: Talk, behind: RowsBehind) -> RenderableType:
    """The rows of a figure: those counted, with a mark at those that make the numerator, then those left out."""
    made = {(row.file, row.row) for row in behind.numerator}
    shown = [(("●" if (row.file, row.row) in made else "○"), "", row) for row in behind.denominator]
    shown += [("✗", talk.say(*behind.reason_names[row.reason]), row) for row in behind.excluded]
    columns = list(shown[0][2].cells) if shown else []
    rows = [[mark, why, row.file, str(row.row), *(cell or "" for cell in row.cells.values())] for mark, why, row in shown]
    headings = ["", talk.say("剔除原因", "left out because"), talk.say("文件", "file"), talk.say("行", "row"), *columns]
    if not behind.excluded:
        headings, rows = [headings[0], *headings[2:]], [[row[0], *row[2:]] for row in rows]
    left = sum(behind.excluded_count.values())
    zh = f"●  计入分子 {behind.numerator_count} 行   ● ○  计入分母 {behind.denominator_count} 行   ✗  剔除 {left} 行"
    en = f"●  numerator: {behind.numerator_count} rows   ● ○  denominator: {behind.denominator_count}   ✗  left out: {left}"
    told = Line(f"{plain(behind.subject)} {behind.measure}   {talk.say(zh, en)}")
    if not rows:
        return told
    stacks = stacks_of(headings, rows)
    table = table_of(stacks) if width_of(stacks) <= talk.out.width else Line("\n".join(_row_line(headings, row) for row in rows))
    return Group(table, told)


def _row_line(headings: list[str], row: list[str]) -> str:
    """A row too wide for a table: its cells by name, the empty ones left out."""
    mark, *cells = row
    told = (f"{heading}={plain(cell)}" for heading, cell in zip(headings[1:], cells, strict=True) if cell)
    return f"{mark} {'  '.join(told)}"


def make_company(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="写到哪里 | Where to")],
    seed: Annotated[int, typer.Option(min=0, help="种子：同一种子，同样的数据 | The same seed, the same data")] = 2026,
    start: Annotated[str, typer.Option(metavar="MONTH", help="首月 | The first month")] = "2026-01",
    months: Annotated[int, typer.Option(min=1, help="几个月 | How many months")] = 3,
    agents: Annotated[int, typer.Option(min=1, help="几名客服 | How many agents")] = 60,
    conversations: Annotated[int, typer.Option(min=1, help="几条会话 | How many conversations")] = 200_000,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Make a believable company's data from a seed."""
    talk = talk_of(context, as_json)
    with talk.progress(STAGES) as progress:
        try:
            report = make_sample(
                out, seed=seed, start_month=start, months=months, agents=agents, conversations=conversations, progress=progress
            )
        except ValueError as why:
            raise Problems([SampleTooSmall(why=why)]) from None
    if as_json:
        talk.data(_sample_data(report))
        return
    _tell_sample(talk, report.rows, talk.say("行数", "rows"), talk.say("文件", "file"))
    _tell_sample(talk, report.dirt, talk.say("处数", "count"), talk.say("脏数据", "dirt"))
    talk.wrote([out])


def _sample_data(report: SampleReport) -> dict[str, object]:
    return {
        "folder": str(report.folder),
        "seed": report.seed,
        "conversations": report.conversations,
        "rows": report.rows,
        "dirt": report.dirt,
        "conversations_set_aside": report.conversations_set_aside,
    }


def _tell_sample(talk: Talk, counts: Mapping[str, int], many: str, what: str) -> None:
    talk.show(table_of([Stack(what, list(counts)), Stack(many, [f"{count:,}" for count in counts.values()], right=True)]))
