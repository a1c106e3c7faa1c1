"""The command that shows the whole way: sample, measure, score, one figure down to its records."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from kaohe.cli.measuring import STAGES, rows_table
from kaohe.cli.options import Json, Lang
from kaohe.cli.stories import only, render_story
from kaohe.cli.talking import Talk, talk_of
from kaohe.demo import Demo, run_demo
from kaohe.exporting import results_data
from kaohe.showing import ResultTables, plain
from kaohe.texts import Text

SCORING = {"score": Text("计分", "scoring")}


def show_demo(
    context: typer.Context,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="写到哪里（默认 out/demo） | Where to (out/demo by default)")
    ] = Path("out/demo"),
    seed: Annotated[int, typer.Option(min=0, help="种子：同一种子，同样的数据 | The same seed, the same data")] = 2026,
    conversations: Annotated[int, typer.Option(min=1, help="几条会话 | How many conversations")] = 200_000,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Make a company, measure and score its months, and follow one figure to its records."""
    talk = talk_of(context, as_json)
    with talk.progress(STAGES | SCORING) as progress:
        demo = run_demo(out, talk.language, seed=seed, conversations=conversations, progress=progress)
    if as_json:
        talk.data(_demo_data(demo, talk))
    else:
        _tell_demo(talk, demo)


def _demo_data(demo: Demo, talk: Talk) -> dict[str, object]:
    return {
        "folder": str(demo.folder),
        "months": {month: results_data(results, talk.language) for month, results in demo.months.items()},
        "explained": only(demo.explanation, demo.line).as_data(),
        "problems": [problem.as_data() for problem in demo.problems()],
        "written": [str(path) for path in demo.written],
        "next": list(demo.next),
    }


def _tell_demo(talk: Talk, demo: Demo) -> None:
    """What came in, the last month's table, one figure with its records, the files, what to type next."""
    rows = sum(demo.sample.rows.values())
    talk.show(talk.say(f"样例公司：{rows:,} 行原始数据，在 {demo.folder}", f"A sample company: {rows:,} raw rows in {demo.folder}"))
    for problem in demo.problems():
        talk.show("  " + plain(problem.sentence(talk.language)))
    talk.show("", ResultTables(demo.results, talk.language, talk.out).render(), "")
    talk.show(talk.say("其中一个数字从何而来：", "Where one of these figures comes from:"))
    talk.show(render_story(only(demo.explanation, demo.line), talk.language), rows_table(talk, demo.records))
    talk.show(talk.say("写入的文件：", "Written:"), *(f"  {path}" for path in demo.written))
    talk.show("", talk.say("接下来可以试：", "Next you may type:"), *(f"  {_typed(command)}" for command in demo.next))


def _typed(command: str) -> str:
    """A command as it can be typed here: where the shell does not find this program by name, by where it stands."""
    standing = shutil.which("kaohe", path=str(Path(sys.executable).parent))
    if shutil.which("kaohe") or standing is None:
        return command
    here, program = Path.cwd(), Path(standing)
    return command.replace("kaohe", str(program.relative_to(here) if program.is_relative_to(here) else program), 1)
