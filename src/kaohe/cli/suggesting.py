"""The command that suggests how a file's columns are mapped, for a person to confirm."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from kaohe.cli.options import Json, Lang
from kaohe.cli.problems import FileThere, PathNotFound, TableNotChosen
from kaohe.cli.talking import Talk, talk_of
from kaohe.measuring.suggesting import Suggested, Suggestion, fitting_tables, sources_text, suggest
from kaohe.measuring.writing import write_text
from kaohe.problems import Place
from kaohe.showing import Stack, plain, table_of
from kaohe.texts import Text

HEADINGS = (
    Text("列", "column"),
    Text("名称", "name"),
    Text("表头", "header"),
    Text("把握", "sure"),
    Text("内容举例", "cells"),
    Text("疑问", "doubts"),
)


def suggest_mapping(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="导出的文件 | An exported file")],
    table: Annotated[
        str | None, typer.Option("--table", metavar="TABLE", help="它装的是哪一张标准表 | Which canonical table it holds")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="写成数据源定义，供确认 | Write a sources file, to be confirmed")
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option("--zone", metavar="ZONE", help="公司时区，如 Asia/Shanghai | The company's zone, such as Asia/Shanghai"),
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="SHEET", help="工作表 | The sheet of a workbook")] = None,
    header_row: Annotated[
        int, typer.Option("--header-row", metavar="ROW", min=1, help="表头所在的行 | The row in which headers stand")
    ] = 1,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有的文件 | Replace what is there")] = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Suggest how the columns of a file are mapped."""
    talk = talk_of(context, as_json)
    if not file.is_file():
        talk.refuse(PathNotFound(Place(str(file)), [str(file)]))
    if table is None:
        _tell_tables(talk, fitting_tables(file, sheet=sheet, header_row=header_row), file)
        return
    found = suggest(file, table, sheet=sheet, header_row=header_row)
    _tell(talk, found)
    if out is not None:
        if out.exists() and not force:
            talk.refuse(FileThere(Place(str(out)), [str(out)]))
        write_text(out, sources_text(found, zone))
        talk.wrote([out])


def _tell_tables(talk: Talk, found: Sequence[Suggestion], file: Path) -> None:
    """Which table the file may hold is for a person to say."""
    some = [one for one in found if one.sure]
    if talk.as_json:
        talk.data({"tables": [{"table": one.table, "columns": [column.id for column in one.sure]} for one in some]})
        return
    if some:
        talk.show(
            table_of(
                [
                    Stack(talk.say("标准表", "table"), [one.table for one in some]),
                    Stack(talk.say("名称", "name"), [plain(talk.tell(one.name)) for one in some]),
                    Stack(talk.say("认出的列", "columns found"), [str(len(one.sure)) for one in some], right=True),
                ]
            )
        )
    talk.refuse(TableNotChosen(Place(file.name), [file.name], known=", ".join(one.table for one in found)))


def _tell(talk: Talk, found: Suggestion) -> None:
    if talk.as_json:
        talk.data(_data(found))
        return
    if found.columns:
        talk.show(_columns_table(talk, found.columns))
    if found.missing:
        talk.note(talk.say("没有找到的列：", "Columns not found: ") + ", ".join(found.missing))
    if found.unused:
        talk.note(talk.say("没有用到的表头：", "Headers not used: ") + ", ".join(found.unused))


def _columns_table(talk: Talk, columns: Sequence[Suggested]) -> Table:
    rows = [
        (
            one.id,
            talk.tell(one.name),
            one.header,
            f"{one.confidence}%{'' if one.is_sure else ' ?'}",
            " / ".join(sample[:24] for sample in one.samples),
            "；".join(doubt.zh for doubt in one.doubts) if talk.language == "zh" else "; ".join(doubt.en for doubt in one.doubts),
        )
        for one in columns
    ]
    stacked = zip(HEADINGS, zip(*rows, strict=True), strict=True)
    return table_of(Stack(talk.tell(heading), [plain(cell) for cell in cells], right=heading is HEADINGS[3]) for heading, cells in stacked)


def _data(found: Suggestion) -> dict[str, object]:
    columns = [
        {
            "column": one.id,
            "header": one.header,
            "confidence": one.confidence,
            "sure": one.is_sure,
            "samples": one.samples,
            "doubts": [{"zh": doubt.zh, "en": doubt.en} for doubt in one.doubts],
        }
        for one in found.columns
    ]
    return {"file": found.file, "table": found.table, "columns": columns, "missing": found.missing, "unused": found.unused}
