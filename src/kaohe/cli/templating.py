"""The command that writes the workbook which a clerk fills."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kaohe.cli.finding import find_plan
from kaohe.cli.options import Json, Lang, SchemeName
from kaohe.cli.problems import FileThere
from kaohe.cli.talking import talk_of
from kaohe.problems import Place
from kaohe.templates import write_template


def make_template(
    context: typer.Context,
    scheme: SchemeName,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="写到哪里 | The file to write")] = Path("facts.xlsx"),
    force: Annotated[bool, typer.Option("--force", help="覆盖已有的文件 | Replace what is there")] = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Write a workbook for the facts of a scheme, ready to fill."""
    talk = talk_of(context, as_json)
    plan = find_plan(scheme)
    if out.exists() and not force:
        talk.refuse(FileThere(Place(str(out)), [str(out)]))
    out.parent.mkdir(parents=True, exist_ok=True)
    written = write_template(plan, out, talk.language)
    if as_json:
        talk.data({"written": [str(written)]})
    talk.wrote([written])
