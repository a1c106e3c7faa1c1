"""Commands that put schemes into words: the regulation of one, and what tells two of them apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from kaohe.cli.finding import find_plan
from kaohe.cli.options import Json, Lang, SchemeName
from kaohe.cli.problems import PageKindUnknown, PageNeedsFile
from kaohe.cli.talking import Talk, talk_of
from kaohe.problems import Language, Place
from kaohe.regulations import Page, draft
from kaohe.regulations.html import html
from kaohe.regulations.markdown import markdown
from kaohe.regulations.pdf import page_data, pdf
from kaohe.regulations.screen import screen

Kind = Literal["md", "html", "pdf"]
WRITERS: dict[Kind, Callable[[Page], bytes]] = {
    "md": lambda page: markdown(page).encode(),
    "html": lambda page: html(page).encode(),
    "pdf": pdf,
}


def show_scheme(
    context: typer.Context,
    scheme: SchemeName,
    kind: Annotated[
        Kind | None, typer.Option("--as", help="写成 md、html 或 pdf（默认看文件名） | As md, html or pdf (by the file's name if not said)")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="写到哪里；不写则显示在屏幕上 | The file to write; else the screen")
    ] = None,
    both: Annotated[bool, typer.Option("--both", help="中英对照 | In Chinese and English together")] = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Show a scheme as the regulation that people read and sign."""
    talk = talk_of(context, as_json)
    chosen = _kind_of(talk, kind, out)
    languages: tuple[Language, ...] = ("zh", "en") if both else (talk.language,)
    page = draft(find_plan(scheme), languages)
    if out is not None and chosen is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(WRITERS[chosen](page))
        talk.wrote([out])
    if as_json:
        talk.data(page_data(page) | {"written": [] if out is None else [str(out)]})
    elif out is None:
        talk.show(screen(page) if chosen is None else WRITERS[chosen](page).decode().rstrip("\n"))


def _kind_of(talk: Talk, kind: Kind | None, out: Path | None) -> Kind | None:
    """What to write: as asked for, else by the file's name; None for the screen. A PDF needs a file."""
    if kind == "pdf" and out is None:
        talk.refuse(PageNeedsFile(about=["pdf"]))
    if kind is not None or out is None:
        return kind
    for known in WRITERS:
        if out.suffix.lower() == f".{known}":
            return known
    talk.refuse(PageKindUnknown(Place(str(out)), [out.name], name=out.name))
