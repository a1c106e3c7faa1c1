"""Commands around the workspace: files taken in, what came of each, what is still open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from kaohe.cli.options import Json, Lang
from kaohe.cli.problems import PathNotFound, RowsUnreadable, SourcesNotNamed, TableNotNamed
from kaohe.cli.talking import WRONG, Talk, stop, talk_of
from kaohe.measuring import (
    Answer,
    Definitions,
    Import,
    ListedRow,
    Workspace,
    import_files,
    listed_rows,
    mend_rows,
    read_accounts,
    read_definitions,
    waive_rows,
    write_open_rows,
)
from kaohe.measuring.cells import FAULT_NAMES
from kaohe.measuring.definitions import SameName
from kaohe.measuring.locking import WAIT_SECONDS
from kaohe.problems import Place, Problem, Problems, refuse
from kaohe.showing import Stack, plain, table_of
from kaohe.texts import Text
from kaohe.texts import listed as listed_words

READING = {
    "wait": Text("等待其他进程", "waiting for another process"),
    "hash": Text("核对文件", "checking files"),
    "look": Text("辨认文件", "looking at files"),
    "fetch": Text("取回数据", "fetching"),
    "read": Text("读入文件", "reading files"),
}
HEADINGS = (
    Text("表", "table"),
    Text("文件", "file"),
    Text("读入", "taken"),
    Text("其中改正", "mended"),
    Text("搁置", "set aside"),
    Text("其中放弃", "waived"),
    Text("空行", "blank"),
    Text("读入时间", "imported at"),
)
ROW_HEADINGS = (
    Text("文件", "file"),
    Text("行", "row"),
    Text("列", "column"),
    Text("内容", "found"),
    Text("原因", "reason"),
    Text("下落", "status"),
)

Files = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[TABLE=]FILE...",
        help="要读入的文件、通配符或地址；有几张表时写 表名=文件；只写表名则读它的数据库"
        " | Files, globs or addresses to read; TABLE=FILE where there are several tables; TABLE alone for its database",
    ),
]
WorkspaceFolder = Annotated[
    Path, typer.Option("--workspace", "-w", metavar="DIR", help="保存已读入数据的文件夹 | The folder that keeps what was read")
]
Wait = Annotated[
    int,
    typer.Option(
        "--wait",
        metavar="SECONDS",
        min=0,
        help="别的进程正在写工作区时等多久 | How long to wait for another process that writes to the workspace",
    ),
]


def _moment(text: str | None) -> str | None:
    """The text where it says a moment; wrong usage otherwise."""
    try:
        return text if text is None else datetime.fromisoformat(text).isoformat()
    except ValueError:
        raise typer.BadParameter("2026-04-01T09:00:00+08:00") from None


At = Annotated[
    str | None,
    typer.Option(
        "--at", metavar="TIME", callback=_moment, help="记为何时所做（默认为此刻） | When this is to be recorded as done (now by default)"
    ),
]


def import_tables(
    context: typer.Context,
    sources: Annotated[
        Path | None, typer.Argument(metavar="SOURCES", help="数据源定义 sources.yaml | What the files hold: sources.yaml")
    ] = None,
    files: Files = None,
    workspace: WorkspaceFolder = Path("workspace"),
    mended: Annotated[
        list[str] | None,
        typer.Option("--mended", metavar="FILE", help="改正后的搁置清单（可重复） | A list of rows set aside, mended (repeat)"),
    ] = None,
    to_mend: Annotated[
        Path | None,
        typer.Option(
            "--to-mend",
            metavar="FILE.xlsx",
            help="把仍待处理的行写成工作簿，供改正 | Write the rows that are still open into a workbook, to be mended",
        ),
    ] = None,
    same_name: Annotated[
        Literal["replaces", "adds"] | None,
        typer.Option(
            "--same-name", help="同名而内容不同的文件：取代旧的，或并存 | What a known name with other content does: replaces or adds"
        ),
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help="列出工作区里的全部读入记录 | List everything that was imported into the workspace")
    ] = False,
    rows: Annotated[
        bool, typer.Option("--rows", help="也逐行列出搁置过的行及其下落 | Also list every row set aside, and what became of it")
    ] = False,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="由谁改正 | Who mended them")] = None,
    at: At = None,
    wait: Wait = WAIT_SECONDS,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Take files into a workspace, without measuring."""
    talk, place = talk_of(context, as_json), Workspace(workspace)
    done = _Done()
    if sources is not None:
        definitions, now = read_definitions(sources), at or time_now()
        done = _Done(list(_take(talk, place, definitions, files or [], same_name, now, wait)))
        if mended:
            done.add(mend_rows(place, definitions, mended, by=by, at=now, wait_seconds=wait))
        done.problems += _wrong_accounts(place, definitions, {one.table for one in done.imports})
        if to_mend:
            done.to_mend = write_open_rows(place, definitions, to_mend)
            talk.wrote([to_mend])
    elif not listing:
        raise Problems([SourcesNotNamed()])
    _tell(talk, place, done, listing, rows)
    if done.problems:
        stop(WRONG)


def _wrong_accounts(place: Workspace, definitions: Definitions, tables: set[str]) -> list[Problem]:
    """What is wrong with the accounts of the tables that were taken: entries that overlap or end before they start."""
    problems: list[Problem] = []
    for id, accounts in definitions.accounts.items():
        if accounts.table in tables:
            try:
                read_accounts(place, definitions, id)
            except Problems as found:
                problems += found
    return problems


@dataclass
class _Done:
    """What came of a command: imports, rows mended, what was wrong with mended files."""

    imports: list[Import] = field(default_factory=list)
    answer: Answer | None = None
    problems: list[Problem] = field(default_factory=list)
    to_mend: int | None = None

    def add(self, answer: Answer) -> None:
        self.answer = answer
        self.problems += answer.problems
        changed = {one.key: one for one in answer.imports}
        self.imports = [changed.pop(one.key, one) for one in self.imports] + list(changed.values())


def _take(
    talk: Talk, place: Workspace, definitions: Definitions, files: Sequence[str], same_name: SameName | None, at: str, wait: int
) -> Iterator[Import]:
    """What came of the files; all that cannot be read is told at once, after the others have been taken."""
    problems: list[Problem] = []
    with talk.progress(READING) as progress:
        for table, patterns in files_by_table(definitions, files).items():
            try:
                yield from import_files(
                    place, definitions, table, patterns, same_name=same_name, imported_at=at, wait_seconds=wait, progress=progress
                )
            except Problems as found:
                problems += found
    refuse(problems)


def time_now() -> str:
    """This moment, with its offset, to the second."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def files_by_table(definitions: Definitions, files: Sequence[str]) -> dict[str, list[str]]:
    """The files of each table; a file without a table belongs to the only one there is."""
    tables = list(definitions.sources)
    found: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for file in files:
        table, _, pattern = file.partition("=")
        if pattern and table in tables:
            found.setdefault(table, []).append(pattern)
        elif file in tables and definitions.sources[file].database:
            found.setdefault(file, [])
        elif len(tables) == 1:
            found.setdefault(tables[0], []).append(file)
        else:
            problems.append(TableNotNamed(about=[file], file=file, example=tables[0] if tables else "calls", known=", ".join(tables)))
    if problems:
        raise Problems(problems)
    return found


# --- telling --------------------------------------------------------------------------------------


def _tell(talk: Talk, place: Workspace, done: _Done, listing: bool, rows: bool) -> None:
    imports = place.imports() if listing else done.imports
    listed = list(listed_rows(place)) if rows else []
    problems = [*done.problems, *(problem for one in imports for problem in one.problems())]
    if talk.as_json:
        talk.data(_as_data(place, imports, listed, done, problems))
        return
    if imports:
        talk.show(_imports_table(talk, imports))
    elif done.to_mend is None and done.answer is None:
        talk.show(talk.say("什么也没有读入。", "Nothing was imported."))
    if listed:
        talk.show(_rows_table(talk, listed))
    if done.answer:
        talk.note(_answer_told(talk, done.answer))
    if problems:
        talk.problems(problems)


def _as_data(
    place: Workspace, imports: Sequence[Import], listed: Sequence[ListedRow], done: _Done, problems: Sequence[Problem]
) -> dict[str, object]:
    data: dict[str, object] = {"imports": [one.as_data() for one in imports], "superseded": [one.as_data() for one in place.superseded()]}
    if listed:
        data["rows"] = [_row_data(one) for one in listed]
    if done.answer:
        answer = done.answer
        data["mended"] = {"rows": answer.mended, "unchanged": answer.unchanged, "elsewhere": answer.elsewhere}
    if done.to_mend is not None:
        data["to_mend"] = done.to_mend
    return data | {"problems": [problem.as_data() for problem in problems]}


def _row_data(one: ListedRow) -> dict[str, object]:
    return {
        "import": one.entry.key,
        "file": one.entry.file,
        "row": one.row.row,
        "columns": one.row.columns,
        "faults": one.row.faults,
        "found": one.row.found,
        "status": {"zh": one.status.zh, "en": one.status.en},
    }


def _answer_told(talk: Talk, answer: Answer) -> str:
    zh = f"改正 {answer.mended} 行；未变 {answer.unchanged} 行"
    en = f"{answer.mended} rows mended, {answer.unchanged} unchanged"
    if answer.elsewhere:
        zh += f"；另有 {answer.elsewhere} 个原本无误的单元格内容不同，仍按原文件"
        en += f"; {answer.elsewhere} cells that were right say something else now and stay as the file had them"
    return talk.say(zh, en)


def _imports_table(talk: Talk, imports: Sequence[Import]) -> Table:
    cells = [
        (
            one.table,
            one.file,
            f"{one.rows_taken:,}",
            f"{one.rows_mended:,}",
            f"{one.rows_set_aside:,}",
            f"{one.rows_waived:,}",
            f"{one.rows_blank:,}",
            one.imported_at or "",
        )
        for one in imports
    ]
    columns = zip(HEADINGS, zip(*cells, strict=True), strict=True)
    return table_of(
        Stack(talk.tell(heading), [plain(cell) for cell in cells], right=heading in HEADINGS[2:7]) for heading, cells in columns
    )


def _rows_table(talk: Talk, listed: Sequence[ListedRow]) -> Table:
    cells = [
        (
            one.entry.file,
            str(one.row.row),
            ", ".join(one.row.columns),
            one.row.found,
            listed_words(talk.say(*FAULT_NAMES[fault]) for fault in one.row.faults),
            talk.tell(one.status),
        )
        for one in listed
    ]
    return _table(talk, ROW_HEADINGS, cells, ROW_HEADINGS[1:2])


def _table(talk: Talk, headings: Sequence[Text], rows: Sequence[Sequence[str]], right: Sequence[Text]) -> Table:
    columns = zip(headings, zip(*rows, strict=True), strict=True)
    return table_of(Stack(talk.tell(heading), [plain(cell) for cell in cells], right=heading in right) for heading, cells in columns)


# --- waiving --------------------------------------------------------------------------------------


def waive(
    context: typer.Context,
    workspace: Annotated[Path, typer.Argument(metavar="WORKSPACE", help="工作区文件夹 | The folder of the workspace")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="读入的文件名 | The name of the imported file")],
    rows: Annotated[list[str], typer.Argument(metavar="ROW...", help="行号，或起止行号如 12-15 | Row numbers, or 12-15 for several")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="由谁放弃 | Who waives them")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="理由 | Why")],
    table: Annotated[str | None, typer.Option("--table", metavar="TABLE", help="哪一张表的文件 | Into which table the file went")] = None,
    at: At = None,
    wait: Wait = WAIT_SECONDS,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Give up rows set aside, by name and with a reason."""
    talk, place = talk_of(context, as_json), Workspace(workspace)
    if not workspace.is_dir():
        talk.refuse(PathNotFound(Place(str(workspace)), [str(workspace)]))
    numbers = [number for text in rows for number in _rows_of(text)]
    done = waive_rows(place, file, numbers, by=_said(by), reason=_said(reason), at=at or time_now(), table=table, wait_seconds=wait)
    _tell(talk, place, _Done([done]), listing=False, rows=False)


def _rows_of(text: str) -> range:
    first, _, last = text.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal() or len(first) > 12 or len(last) > 12:
        raise Problems([RowsUnreadable(about=[text], text=text)])
    return range(int(first), int(last or first) + 1)


def _said(text: str) -> str:
    """A name or reason that says something."""
    if not text.strip():
        raise typer.BadParameter(repr(text))
    return text.strip()
