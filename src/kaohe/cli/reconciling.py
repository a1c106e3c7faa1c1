"""The command that sets our figures beside a platform's and tells what each cause contributes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.table import Table

from kaohe.cli.filing import Cell, Filed, check_table_file, write_tables
from kaohe.cli.finding import find_day, find_period
from kaohe.cli.importing import Files, WorkspaceFolder, files_by_table
from kaohe.cli.measuring import CACHING, STAGES, AsOf, Caching, PeriodText, SourcesFile
from kaohe.cli.options import Json, Lang
from kaohe.cli.problems import ReconciliationNotNamed
from kaohe.cli.talking import Talk, talk_of
from kaohe.measuring import Definitions, Reconciled, Workspace, import_files, read_definitions, reconcile
from kaohe.measuring.definitions import Step
from kaohe.measuring.reconciling import STATUSES, Line
from kaohe.problems import Problems
from kaohe.showing import Stack, aligned, plain, stacks_of, table_of, tell_number, width_of
from kaohe.texts import Text

MEASURES = "度量与对账的定义 measures.yaml | What to measure and to reconcile: measures.yaml"
USE = "用哪一份对账（定义里只有一份时可不写） | Which reconciliation (where the definitions have several)"
OUT = "写成 .csv、.json 或 .xlsx | Write it as .csv, .json or .xlsx"
HEADINGS = (Text("被考核人", "subject"), Text("本方", "ours"), Text("余", "remaining"), Text("平台", "platform"), Text("结果", "result"))
OURS_ONLY, PLATFORM_ONLY = STATUSES["ours_only"], STATUSES["platform_only"]
NO_TOTAL = Line("", None, (), None)
TOTAL = Text("合计", "total")
ORDER = Text(
    "按以下次序逐步改算，每步只改一处；换一个次序，各步所占可能不同。",
    "Steps in this order, each changing one thing; another order can split the same gap otherwise.",
)


def reconcile_figures(
    context: typer.Context,
    sources: SourcesFile,
    measures: Annotated[Path, typer.Argument(metavar="MEASURES", help=MEASURES)],
    files: Files = None,
    period: PeriodText = ...,  # type: ignore[assignment]
    workspace: WorkspaceFolder = Path("workspace"),
    use: Annotated[str | None, typer.Option("--use", metavar="ID", help=USE)] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help=OUT)] = None,
    as_of: AsOf = None,
    cache: Annotated[Caching, typer.Option("--cache", help=CACHING)] = Caching.USE,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Set our figures beside a platform's, and break the gap down by cause."""
    talk, span, day = talk_of(context, as_json), find_period(period), find_day(as_of)
    target = None if out is None else check_table_file(out)
    definitions, place = read_definitions(sources, measures), Workspace(workspace)
    id = _chosen(definitions, use)
    with talk.progress(STAGES) as progress:
        for table, patterns in files_by_table(definitions, files or []).items():
            import_files(place, definitions, table, patterns, progress=progress)
        found = reconcile(place, definitions, id, span, as_of=day, cache=cache.value, progress=progress)
    if talk.as_json:
        talk.data(found.as_data() | {"problems": [problem.as_data() for problem in found.problems()]})
    else:
        talk.show(*_told(talk, found))
        if found.problems():
            talk.problems(found.problems())
    if target is not None:
        talk.wrote([write_tables(target, _title(talk, found), [_lines_filed(talk, found), _steps_filed(talk, found)], found.as_data())])


def _chosen(definitions: Definitions, use: str | None) -> str:
    """The reconciliation that was named, or the only one there is."""
    if use is not None:
        return use
    if len(definitions.reconciliations) != 1:
        raise Problems([ReconciliationNotNamed(known=", ".join(definitions.reconciliations) or "–")])
    return next(iter(definitions.reconciliations))


def _title(talk: Talk, found: Reconciled) -> str:
    return f"{talk.tell(Text.read(found.reconciliation.name))}  {found.period.start} – {found.period.end}"


# --- for people ---------------------------------------------------------------------------------


def _told(talk: Talk, found: Reconciled) -> Iterator[RenderableType]:
    """The two figures of each and of all, what lies between them, then the steps in their order."""
    yield plain(_title(talk, found))
    stacks = _stacks(talk, found)
    yield table_of(stacks) if width_of(stacks) <= talk.out.width else _long_table(talk, found)
    if found.untold:
        names = ", ".join(map(plain, found.untold))
        zh = f"仅平台有的 {names} 在平台合计里占多少，平台没有说明，留在“余”中。"
        yield talk.say(
            zh, f"How much of the platform's total is {names}, which only the platform has, is not known: it stays in what remains."
        )
    yield talk.say(*_counts(found))
    if found.reconciliation.steps:
        yield ""
        yield talk.tell(ORDER)
        yield from _steps_told(talk, found)


def _stacks(talk: Talk, found: Reconciled) -> list[Stack]:
    """A row each, a column for each step, the total at the foot."""
    who, ours, remaining, platform, result = map(talk.tell, HEADINGS)
    lines, total = found.lines, found.total or NO_TOTAL
    steps = [Text.read(step.name) for step in found.reconciliation.steps]
    first, *between, last = total.steps if found.total else (None, *(None for _ in steps), None)
    figures = [_figures(ours, [line.ours for line in lines], total.ours)]
    figures += [_edge(talk, OURS_ONLY, lines, first)] if first else []
    for number, (name, moved) in enumerate(zip(steps, between, strict=True)):
        figures.append(_figures(plain(talk.tell(name)), [line.steps[number] for line in lines], moved, signed=True))
    figures += [_edge(talk, PLATFORM_ONLY, lines, last)] if last else []
    figures.append(_figures(remaining, [line.remaining for line in lines], total.remaining, signed=True))
    figures.append(_figures(platform, [line.platform for line in lines], total.platform))
    subjects, outcomes = [plain(line.subject) for line in lines], [talk.tell(STATUSES[line.status]) for line in lines]
    foot, outcome = (talk.tell(TOTAL), talk.tell(STATUSES[total.status])) if found.total else ("", "")
    return [Stack(who, subjects, foot=foot), *figures, Stack(result, outcomes, foot=outcome)]


def _edge(talk: Talk, heading: Text, lines: Sequence[Line], amount: Fraction | None) -> Stack:
    """What those who stand on one side only do to the total."""
    return _figures(talk.tell(heading), [None] * len(lines), amount, signed=True, nothing="")


def _figures(heading: str, cells: Sequence[Fraction | None], foot: Fraction | None, signed: bool = False, nothing: str = "–") -> Stack:
    *told, last = aligned([_figure(cell, signed, nothing) for cell in (*cells, foot)])
    return Stack(heading, told, right=True, foot=last if foot is not None else "")


def _figure(value: Fraction | None, is_signed: bool, nothing: str = "–") -> str:
    if value is None:
        return nothing
    return signed(value) if is_signed else tell_number(value)


def signed(value: Fraction | None) -> str:
    """A difference with its sign.

    >>> signed(Fraction(1, 3)), signed(Fraction(-5)), signed(Fraction(0)), signed(None)
    ('≈+0.3333', '-5', '0', '–')
    """
    if value is None:
        return "–"
    told = tell_number(value)
    if value <= 0:
        return told
    return f"≈+{told[1:]}" if told.startswith("≈") else f"+{told}"


def _long_table(talk: Talk, found: Reconciled) -> Table:
    """The same, a row for each cause, where the screen is too narrow for a column each."""
    who, ours, remaining, platform, _ = map(talk.tell, HEADINGS)
    steps = [plain(talk.tell(Text.read(step.name))) for step in found.reconciliation.steps]
    edged = [talk.tell(OURS_ONLY), *steps, talk.tell(PLATFORM_ONLY)]
    told = [(plain(line.subject), steps, line) for line in found.lines]
    told += [(talk.tell(TOTAL), edged, found.total)] if found.total else []
    rows: list[list[str]] = []
    for subject, names, line in told:
        rows.append([subject, ours, _figure(line.ours, False), ""])
        rows += [["", name, _figure(step, True), ""] for name, step in zip(names, line.steps, strict=True) if step]
        rows.append(["", remaining, _figure(line.remaining, True), ""])
        rows.append(["", platform, _figure(line.platform, False), talk.tell(STATUSES[line.status])])
    subjects, causes, amounts, results = stacks_of([who, talk.say("来由", "cause"), talk.say("数值", "amount"), ""], rows)
    return table_of([subjects, causes, replace(amounts, cells=aligned(amounts.cells), right=True), results])


def _counts(found: Reconciled) -> tuple[str, str]:
    """How many subjects came out how: `5 人：一致 1，已说明 4`."""
    counts = [(name, sum(line.status == status for line in found.lines)) for status, name in STATUSES.items()]
    zh = "，".join(f"{name.zh} {count}" for name, count in counts if count)
    en = ", ".join(f"{name.en} {count}" for name, count in counts if count)
    return f"共 {len(found.lines)} 个：{zh}", f"{len(found.lines)} in all: {en}"


def _steps_told(talk: Talk, found: Reconciled) -> Iterator[str]:
    for number, (step, before, after) in enumerate(zip(found.reconciliation.steps, found.counted, found.counted[1:], strict=False), 1):
        rows = talk.say(f"计入 {before:,} → {after:,} 行", f"rows counted {before:,} → {after:,}")
        yield f"  {number}  {plain(talk.tell(Text.read(step.name)))}  {plain(change_told(talk, step))}  {rows}"


def change_told(talk: Talk, step: Step) -> str:
    """What a step changes, as the definitions write it: `去掉 where；limit = 60`."""
    parts = [talk.say(f"去掉 {path}", f"without {path}") for path in step.drop]
    parts += [f"{name} = {value}" for name, value in step.with_.items()]
    parts += [f"{name}: {_flow(value)}" for name, value in step.change.items()]
    parts += [f"{account} → {person}" for account, person in step.accounts.items()]
    return talk.say("；", "; ").join(parts)


def _flow(value: object) -> str:
    """A value of a definitions file on one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(one)}' for key, one in value.items())}}}"
    return f"[{', '.join(map(_flow, value))}]" if isinstance(value, list) else str(value)


# --- for files ----------------------------------------------------------------------------------


def _lines_filed(talk: Talk, found: Reconciled) -> Filed:
    """A row each and the total last, every figure exact."""
    who, ours, remaining, platform, result = map(talk.tell, HEADINGS)
    steps = [talk.tell(Text.read(step.name)) for step in found.reconciliation.steps]
    headings = [who, ours, talk.tell(OURS_ONLY), *steps, talk.tell(PLATFORM_ONLY), remaining, platform, result]
    rows = [_filed(talk, line.subject, line, (None, *line.steps, None)) for line in found.lines]
    rows += [_filed(talk, talk.tell(TOTAL), found.total, found.total.steps)] if found.total else []
    return Filed(talk.say("对账", "reconciliation"), headings, rows)


def _filed(talk: Talk, subject: str, line: Line, steps: Sequence[Fraction | None]) -> list[Cell]:
    return [subject, line.ours, *steps, line.remaining, line.platform, talk.tell(STATUSES[line.status])]


def _steps_filed(talk: Talk, found: Reconciled) -> Filed:
    """The steps in their order, what each changes, and how many rows counted before and after."""
    headings = [talk.say("次序", "order"), talk.say("步骤", "step"), talk.say("改动", "change")]
    headings += [talk.say("此前计入", "rows before"), talk.say("此后计入", "rows after")]
    counts = zip(found.reconciliation.steps, found.counted, found.counted[1:], strict=False)
    rows: list[list[Cell]] = [
        [number, talk.tell(Text.read(step.name)), change_told(talk, step), before, after]
        for number, (step, before, after) in enumerate(counts, 1)
    ]
    return Filed(talk.say("步骤", "steps"), headings, rows)
