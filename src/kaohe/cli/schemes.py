"""Commands about schemes themselves: which there are, whether they are right, what they compile to, what a problem means."""

from __future__ import annotations

import inspect
import re
import string
from pathlib import Path
from typing import Annotated

import typer

from kaohe.cli.finding import find_code, find_plan, find_scheme
from kaohe.cli.options import Json, Lang, SchemeName, complete_scheme
from kaohe.cli.talking import FINE, WRONG, Talk, stop, talk_of
from kaohe.editor import schema_text
from kaohe.library import library_folder, scheme_ids
from kaohe.plan import Plan
from kaohe.problems import Problem, Problems, every_problem
from kaohe.reading import read_plan
from kaohe.showing import counts_line, pairs_table, plan_table
from kaohe.texts import Text


def list_schemes(context: typer.Context, lang: Lang = None, as_json: Json = False) -> None:
    """List the library's schemes."""
    talk = talk_of(context, as_json)
    read = {name: _read(name) for name in scheme_ids()}
    plans = [plan for plan, _ in read.values() if plan is not None]
    broken = [name for name, (plan, _) in read.items() if plan is None]
    if as_json:
        talk.data({"schemes": [_scheme_data(plan) for plan in plans], "broken": broken})
    else:
        rows = [[plan.scheme.scheme, plan.scheme.version, plan.scheme.name.zh, plan.scheme.name.en] for plan in plans]
        talk.show(pairs_table([talk.say("编号", "id"), talk.say("版本", "version"), "名称", "name"], rows, folding=(2, 3)))
        talk.show(talk.say(f"共 {len(plans)} 个方案，在 {library_folder()}", f"{len(plans)} schemes in {library_folder()}"))
    for name in broken:
        talk.note(talk.say(f"{name} 有问题，详见 kaohe check {name}", f"{name} has problems: kaohe check {name}"))
    stop(WRONG if broken else FINE)


def _scheme_data(plan: Plan) -> dict[str, object]:
    scheme = plan.scheme
    return {"id": scheme.scheme, "version": scheme.version, "zh": scheme.name.zh, "en": scheme.name.en, **_counts(plan)}


def _counts(plan: Plan) -> dict[str, object]:
    scheme = plan.scheme
    return {"period": scheme.period.unit, "items": len(scheme.items), "figures": len(plan.nodes)}


def check_schemes(
    context: typer.Context,
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="SCHEME...", autocompletion=complete_scheme, help="方案编号、文件或文件夹，可写多个 | Ids, files or folders of schemes"
        ),
    ],
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Read schemes and tell every problem in them."""
    talk = talk_of(context, as_json)
    read = {name: _read(name) for name in names}
    problems = [problem for _, found in read.values() for problem in found]
    if as_json:
        talk.data({"schemes": [_checked_data(name, *found) for name, found in read.items()], "problem_count": len(problems)})
    else:
        _tell_checked(talk, read, problems)
    stop(WRONG if problems else FINE)


def _read(name: str) -> tuple[Plan | None, tuple[Problem, ...]]:
    try:
        return read_plan(find_scheme(name)), ()
    except Problems as found:
        return None, found.problems


def _checked_data(name: str, plan: Plan | None, problems: tuple[Problem, ...]) -> dict[str, object]:
    known: dict[str, object] = {} if plan is None else {**_scheme_data(plan), "accepted": dict(plan.scheme.accept)}
    return {"given": name, "ok": plan is not None, **known, "problems": [problem.as_data() for problem in problems]}


def _tell_checked(talk: Talk, read: dict[str, tuple[Plan | None, tuple[Problem, ...]]], problems: list[Problem]) -> None:
    if problems:
        talk.problems(problems)
    for plan, _ in read.values():
        if plan is not None:
            talk.show(f"✓ {plan.scheme.scheme}  {talk.tell(plan.scheme.name)}  {_size(talk, plan)}")
            for key, why in plan.scheme.accept.items():
                talk.show(f"  {talk.say('照原文接受', 'accepted')} {key}: {talk.tell(Text.read(why))}")


def _size(talk: Talk, plan: Plan) -> str:
    scheme = plan.scheme
    words = {
        talk.say("指标", "items"): len(scheme.items),
        talk.say("考核表", "forms"): len(scheme.forms),
        talk.say("等级", "grades"): len(scheme.grades.rows) if scheme.grades else 0,
        talk.say("薪酬项", "pay lines"): len(scheme.pay.lines) if scheme.pay else 0,
        talk.say("措施", "actions"): len(scheme.actions),
    }
    return counts_line(words)


def show_plan(context: typer.Context, scheme: SchemeName, lang: Lang = None, as_json: Json = False) -> None:
    """Show the figures of a scheme in the order in which they are computed."""
    talk = talk_of(context, as_json)
    found = find_plan(scheme)
    if as_json:
        typer.echo(found.write())
        return
    talk.show(plan_table(found, talk.language, talk.out.width))
    talk.show(
        talk.say(f"共 {len(found.nodes)} 个数项，按计算次序排列", f"{len(found.nodes)} figures, in the order in which they are computed")
    )


def write_schema(
    context: typer.Context,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="写到哪里；不写则输出到屏幕 | The file to write; on the screen without it"),
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Write the JSON Schema by which editors help whoever writes a scheme."""
    talk = talk_of(context, as_json)
    if out is None:
        typer.echo(schema_text(), nl=False)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(schema_text(), encoding="utf-8", newline="\n")
    if as_json:
        talk.data({"written": [str(out)]})
    talk.wrote([out])
    told = talk.say("方案文件的第一行写上（路径相对于方案文件）：", "put on the first line of a scheme (the path is seen from its file):")
    talk.note(f"{told} # yaml-language-server: $schema={out.as_posix()}")


def show_problems(
    context: typer.Context,
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="问题编号，如 S010；不写则列出全部 | A code such as S010; without one, all")
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Say what the code of a problem means."""
    talk = talk_of(context, as_json)
    kinds = [find_code(code)] if code else list(every_problem().values())
    if as_json:
        data = [_kind_data(kind) for kind in kinds]
        talk.data(data[0] if code else {"problems": data})
    elif code:
        _tell_kind(talk, kinds[0])
    else:
        headings = [talk.say("编号", "code"), talk.say("原因", "reason"), talk.say("说明", "sentence")]
        rows = [[kind.code, kind.reason, _template(talk.say(kind.zh, kind.en)).split("\n")[0]] for kind in kinds]
        talk.show(pairs_table(headings, rows, folding=(2,)))


def _kind_data(kind: type[Problem]) -> dict[str, object]:
    texts = {"zh": kind.zh, "en": kind.en, "mend_zh": kind.mend_zh, "mend_en": kind.mend_en}
    return {
        "code": kind.code,
        "reason": kind.reason,
        "about": inspect.getdoc(kind),
        **{key: _template(text) for key, text in texts.items()},
    }


def _tell_kind(talk: Talk, kind: type[Problem]) -> None:
    lines = [f"{kind.code}  {kind.reason}", *_template(talk.say(kind.zh, kind.en)).split("\n")]
    mend = _template(talk.say(kind.mend_zh, kind.mend_en))
    about = (inspect.getdoc(kind) or "") if talk.language == "en" else ""
    talk.show("\n    ".join(line for line in (lines[0], about, *lines[1:], *mend.split("\n")) if line))


def _template(sentence: str) -> str:
    """A sentence with its blanks shown as ‹…›."""
    parts = ((before, field) for before, field, _, _ in string.Formatter().parse(sentence))
    blanks = ((before, re.sub("_(zh|en)$", "", field or "")) for before, field in parts)
    return "".join(before + (f"‹{blank}›" if blank and blank != "guess" else "") for before, blank in blanks)
