"""Commands that score facts: the table and the files, and the story of one subject."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kaohe.cli.finding import find_line, find_results, find_subject
from kaohe.cli.options import FactsPath, Json, Lang, SchemeName
from kaohe.cli.stories import only, render_story
from kaohe.cli.talking import talk_of
from kaohe.explaining import explain
from kaohe.exporting import results_data
from kaohe.improving import next_band
from kaohe.showing import ResultTables, plain
from kaohe.workbooks import FORMATS, Format, write_results


def score_facts(
    context: typer.Context,
    scheme: SchemeName,
    facts: FactsPath,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="把结果写入这个文件夹 | Write the results into this folder")
    ] = None,
    formats: Annotated[
        list[Format] | None,
        typer.Option("--format", help="写哪些格式（可重复，默认全部） | Which to write (may be repeated; all by default)"),
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Score facts by a scheme: a table here, and JSON, CSV and a workbook in a folder."""
    talk = talk_of(context, as_json)
    _, results = find_results(scheme, facts)
    if as_json:
        talk.data(results_data(results, talk.language))
    else:
        talk.show(ResultTables(results, talk.language, talk.out).render())
    if out is not None:
        talk.wrote(write_results(results, out, talk.language, formats or FORMATS))


def explain_subject(
    context: typer.Context,
    scheme: SchemeName,
    facts: FactsPath,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="被考核人的编号或姓名 | Somebody's id or name")],
    item: Annotated[
        str | None, typer.Argument(metavar="ITEM", help="只说这一项：指标、薪酬项或 total | Only this one: an item, a pay line or total")
    ] = None,
    better: Annotated[bool, typer.Option("--next", help="再说怎样才够上一等级 | Also what would be enough for the next grade")] = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Tell where a subject's figures come from."""
    talk = talk_of(context, as_json)
    raw, results = find_results(scheme, facts)
    who = find_subject(results, subject)
    story = explain(results, who, talk.language)
    if item is not None:
        story = only(story, find_line(story, item))
    ways = next_band(results.plan, raw, results, who) if better else []
    if as_json:
        talk.data(story.as_data() | ({"next": [way.as_data() for way in ways]} if better else {}))
        return
    talk.show(render_story(story, talk.language))
    if better:
        lines = [way.tell(talk.language) for way in ways] or [talk.say("没有更高的等级可说。", "There is no better grade to tell of.")]
        talk.show("", *(plain(line) for line in lines))
