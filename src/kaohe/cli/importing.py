"""Commands around the workspace: files taken in, what came of each, what is still open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from kaohe.cli.options import Json, Lang
from kaohe.cli.problems import SourcesNotNamed, TableNotNamed
from kaohe.cli.talking import Talk, talk_of
from kaohe.measuring import Definitions, Import, Workspace, import_files, read_definitions
from kaohe.measuring.locking import WAIT_SECONDS
from kaohe.problems import Problem, Problems
from kaohe.showing import Stack, plain, table_of
from kaohe.texts import Text

READING = {
    "wait": Text("等待其他进程", "waiting for another process"),
    "hash": Text("核对文件", "checking files"),
    "look": Text("辨认文件", "looking at files"),
    "read": Text("读入文件", "reading files"),
}
HEADINGS = (
    Text("表", "table"),
    Text("文件", "file"),
    Text("读入", "taken"),
    Text("搁置", "set aside"),
    Text("空行", "blank"),
    Text("读入时间", "imported at"),
)

Files = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[TABLE=]FILE...",
        help="要读入的文件或通配符；有几张表时写 表名=文件 | Files or globs to read; TABLE=FILE where there are several tables",
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
    listing: Annotated[
        bool, typer.Option("--list", help="列出工作区里的全部读入记录 | List everything that was imported into the workspace")
    ] = False,
    at: At = None,
    wait: Wait = WAIT_SECONDS,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Take files into a workspace, without measuring."""
    talk, place = talk_of(context, as_json), Workspace(workspace)
    taken: tuple[Import, ...] = ()
    if sources is not None:
        taken = _take(talk, place, read_definitions(sources), files or [], at or time_now(), wait)
    elif not listing:
        raise Problems([SourcesNotNamed()])
    _tell_imports(talk, place.imports() if listing else taken)


def _take(talk: Talk, place: Workspace, definitions: Definitions, files: Sequence[str], at: str, wait: int) -> tuple[Import, ...]:
    """What came of the files; all that cannot be read is told at once, after the others have been taken."""
    taken: list[Import] = []
    problems: list[Problem] = []
    with talk.progress(READING) as progress:
        for table, patterns in files_by_table(definitions, files).items():
            try:
                taken += import_files(place, definitions, table, patterns, imported_at=at, wait_seconds=wait, progress=progress)
            except Problems as found:
                problems += found
    if problems:
        raise Problems(problems)
    return tuple(taken)


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
        elif len(tables) == 1:
            found.setdefault(tables[0], []).append(file)
        else:
            problems.append(TableNotNamed(about=[file], file=file, example=tables[0] if tables else "calls", known=", ".join(tables)))
    if problems:
        raise Problems(problems)
    return found


# --- telling --------------------------------------------------------------------------------------


def _tell_imports(talk: Talk, imports: Sequence[Import]) -> None:
    problems = [problem for one in imports for problem in one.problems()]
    if talk.as_json:
        talk.data({"imports": [one.as_data() for one in imports], "problems": [problem.as_data() for problem in problems]})
        return
    talk.show(_imports_table(talk, imports) if imports else talk.say("什么也没有读入。", "Nothing was imported."))
    if problems:
        talk.problems(problems)


def _imports_table(talk: Talk, imports: Sequence[Import]) -> Table:
    rows = [
        (one.table, one.file, f"{one.rows_taken:,}", f"{one.rows_set_aside:,}", f"{one.rows_blank:,}", one.imported_at or "")
        for one in imports
    ]
    columns = zip(HEADINGS, zip(*rows, strict=True), strict=True)
    return table_of(
        Stack(talk.tell(heading), [plain(cell) for cell in cells], right=heading in HEADINGS[2:5]) for heading, cells in columns
    )
