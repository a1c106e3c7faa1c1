"""The command that looks into the library of indicators, and takes indicators out of it into a scheme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table
from rich.text import Text as Line

from kaohe.cli.options import Json, Lang
from kaohe.cli.problems import FileThere
from kaohe.cli.talking import Talk, talk_of
from kaohe.indicators import (
    PERSPECTIVES,
    Cycle,
    Indicator,
    Library,
    NewScheme,
    Perspective,
    Role,
    Wanted,
    card,
    card_data,
    choose,
    compose,
    find,
    read_library,
    search,
    snippet,
)
from kaohe.problems import NOWHERE, Place
from kaohe.reading import plan_of_text
from kaohe.showing import Stack, counts_line, plain, table_of, width_of
from kaohe.texts import Text, nearest

ARROWS = {"higher": "↑", "lower": "↓", "neither": "–"}
LEFT_OUT_FIRST = (5, 4, 3)  # columns of the table that a narrow screen does without
FED = {True: Text("度量", "measure"), False: Text("人工", "person")}


def complete_indicator(incomplete: str) -> list[str]:
    """Indicators that begin so, for the shell."""
    return [one.id for one in read_library().indicators if one.id.startswith(incomplete)]


def complete_theme(incomplete: str) -> list[str]:
    """Themes that begin so, for the shell."""
    return [theme.id for theme in read_library().themes if theme.id.startswith(incomplete)]


def show_indicators(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WORD...]",
            autocompletion=complete_indicator,
            help="要找的文字（中英文或编号），或一个或几个指标编号 | A text to look for in either language, or ids of indicators",
        ),
    ] = None,
    perspective: Annotated[
        Perspective | None, typer.Option("--perspective", help="只看平衡计分卡的这一类 | Only this perspective of the balanced scorecard")
    ] = None,
    theme: Annotated[
        str | None, typer.Option("--theme", metavar="THEME", autocompletion=complete_theme, help="只看这个主题 | Only this theme")
    ] = None,
    role: Annotated[Role | None, typer.Option("--role", help="只看适合这个岗位的 | Only what suits this role")] = None,
    cycle: Annotated[Cycle | None, typer.Option("--cycle", help="只看按这个周期考核的 | Only what is appraised by this cycle")] = None,
    measured: Annotated[
        bool | None,
        typer.Option(
            "--measured/--entered", help="只看由度量供数的，或只看人工填报的 | Only what measures feed, or only what people enter"
        ),
    ] = None,
    as_snippet: Annotated[
        bool, typer.Option("--snippet", help="写成方案语言的片段，可直接粘贴 | Write them in the scheme language, ready to paste")
    ] = False,
    scheme: Annotated[
        str | None,
        typer.Option(
            "--scheme", metavar="ID", help="用选中的指标写一份新方案，权重相等 | Write a new scheme of these indicators, weighted equally"
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="新方案的名称：中文，竖线，英文 | The new scheme's name: Chinese, a bar, English"),
    ] = None,
    period: Annotated[
        Literal["week", "month", "quarter", "half_year", "year"] | None,
        typer.Option("--period", help="新方案的周期（默认取各指标共有的） | The new scheme's period (one that suits them all by default)"),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="写到哪里 | The file to write")] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有的文件 | Replace what is there")] = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """List, search and show indicators; write them in the scheme language."""
    talk, library, given = talk_of(context, as_json), read_library(), words or []
    wanted = Wanted(" ".join(given), perspective, theme, role, cycle, measured)
    if scheme is not None:
        chosen = choose(library, given, wanted)
        text = compose(chosen, NewScheme(scheme, _name(scheme, name), period))
        plan_of_text(text, NOWHERE if out is None else Place(str(out)))
        _give(talk, text, out, force)
        talk.note(_balance(talk, chosen))
    elif as_snippet:
        _give(talk, snippet(choose(library, given, wanted)), out, force)
    elif given and all(_is_id(library, word) for word in given):
        _show_cards(talk, library, find(library, given))
    else:
        _show_list(talk, library, search(library, wanted), wanted)


def _name(id: str, given: str | None) -> Text:
    return Text.read(given) if given else Text(f"新方案 {id}", f"New scheme {id}")


def _is_id(library: Library, word: str) -> bool:
    return word in library.by_id


def _give(talk: Talk, text: str, out: Path | None, force: bool) -> None:
    """A text in the scheme language: on the screen, or in a file."""
    if out is None:
        if talk.as_json:
            talk.data({"text": text})
        else:
            typer.echo(text, nl=False)
        return
    if out.exists() and not force:
        talk.refuse(FileThere(Place(str(out)), [str(out)]))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    if talk.as_json:
        talk.data({"written": [str(out)]})
    talk.wrote([out])


# --- cards ----------------------------------------------------------------------------------------


def _show_cards(talk: Talk, library: Library, chosen: tuple[Indicator, ...]) -> None:
    if talk.as_json:
        data = [card_data(library, one) for one in chosen]
        talk.data(data[0] if len(data) == 1 else {"indicators": data})
        return
    for number, one in enumerate(chosen):
        heading = Line.assemble((plain(talk.tell(one.name)), "bold"), f"  {one.id}")
        talk.show(*([""] if number else []), heading, _card_table(talk, library, one))
    ids = " ".join(one.id for one in chosen)
    talk.note(talk.say(f"写成方案语言：kaohe indicators {ids} --snippet", f"in the scheme language: kaohe indicators {ids} --snippet"))


def _card_table(talk: Talk, library: Library, one: Indicator) -> Table:
    """Labels on the left, what is said on the right; one line for each thing to say."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for label, texts in card(library, one):
        for number, text in enumerate(texts):
            table.add_row("" if number else f"  {talk.tell(label)}", plain(talk.tell(text)))
    return table


# --- the list -------------------------------------------------------------------------------------


def _show_list(talk: Talk, library: Library, found: tuple[Indicator, ...], wanted: Wanted) -> None:
    if talk.as_json:
        talk.data({"indicators": [card_data(library, one) for one in found]})
        return
    every = len(library.indicators)
    if found:
        talk.show(_table(talk, library, found))
    talk.show(
        talk.say(f"{len(found)} 个指标（库中共 {every} 个）", f"{len(found)} of the library's {every} indicators"), _balance(talk, found)
    )
    if found:
        talk.note(talk.say("看一张卡片：kaohe indicators 编号", "one card: kaohe indicators ID"))
    else:
        _tell_nothing_found(talk, library, wanted)


def _balance(talk: Talk, found: Iterable[Indicator]) -> str:
    """How many of each perspective: `Financial 2 · Customer 5`."""
    counts = Counter(one.perspective for one in found)
    return counts_line({talk.tell(name): counts[perspective] for perspective, name in PERSPECTIVES.items()})


def _tell_nothing_found(talk: Talk, library: Library, wanted: Wanted) -> None:
    near = nearest(wanted.text, [*library.by_id, *(talk.tell(one.name) for one in library.indicators)])
    guess = talk.say(f"是否要找 {near}？", f"did you mean {near}? ") if near else ""
    talk.note(guess + talk.say("kaohe indicators 列出全部", "kaohe indicators lists them all"))


def _table(talk: Talk, library: Library, found: tuple[Indicator, ...]) -> Table:
    """One row an indicator; a narrow screen does without who feeds it, its theme and its perspective."""
    headings = ("编号 | id", "名称 | name", "单位 | unit", "平衡计分卡 | perspective", "主题 | theme", "供数 | fed by")
    cells = [
        [one.id for one in found],
        [f"{ARROWS[one.direction]} {talk.tell(one.name)}" for one in found],
        [talk.tell(one.unit_name) for one in found],
        [talk.tell(PERSPECTIVES[one.perspective]) for one in found],
        [talk.tell(library.theme(one.theme).name) for one in found],
        [talk.tell(FED[one.measured]) for one in found],
    ]
    stacks = {at: Stack(talk.tell(Text.read(word)), cells[at], folds=at == 1) for at, word in enumerate(headings)}
    for at in LEFT_OUT_FIRST:
        if width_of(stacks.values()) > talk.out.width:
            del stacks[at]
    return table_of(stacks.values())
