"""The command that tells two versions of a scheme apart, and what that does to people."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import RenderableType

from kaohe.checking import check_facts
from kaohe.cli.finding import find_scheme
from kaohe.cli.options import Json, Lang, complete_scheme
from kaohe.cli.talking import Talk, talk_of
from kaohe.comparing import Change, Comparison, Effects, Version, compare, effects, read_version
from kaohe.comparing.effects import pay_rows, subject_rows
from kaohe.comparing.telling import Sentences
from kaohe.problems import Problem, Problems
from kaohe.scoring import Results, score
from kaohe.showing import pairs_table, plain
from kaohe.sources import read_facts

OLD = "旧版：库中编号，或方案文件、文件夹的路径 | The older one: its id in the library, or a path"
NEW = "新版：库中编号，或方案文件、文件夹的路径 | The newer one: its id in the library, or a path"
FACTS = "用这些数据按两版各算一遍，列出谁有变化 | Score these facts by both, and list who changes"


def diff_schemes(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", autocompletion=complete_scheme, help=OLD)],
    new: Annotated[str, typer.Argument(metavar="NEW", autocompletion=complete_scheme, help=NEW)],
    facts: Annotated[str | None, typer.Option("--facts", metavar="FACTS", help=FACTS)] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Tell two versions of a scheme apart; with facts, also what becomes of people. Same or not, the exit code is 0."""
    talk = talk_of(context, as_json)
    found = compare(*_read(old, new))
    moved = None if facts is None else effects(_scored(found.old, facts), _scored(found.new, facts))
    if as_json:
        talk.data(_data(found) | ({} if moved is None else {"effects": moved.as_data()}))
        return
    talk.show(*_told(talk, found))
    if moved is not None:
        talk.show("", *_effects_told(talk, moved))


def _read(*names: str) -> list[Version]:
    """The versions; all that is wrong with any of them is told together."""
    versions: list[Version] = []
    problems: list[Problem] = []
    for name in names:
        try:
            versions.append(read_version(find_scheme(name)))
        except Problems as wrong:
            problems += wrong.problems
    if problems:
        raise Problems(problems)
    return versions


def _scored(version: Version, facts: str) -> Results:
    return score(version.plan, check_facts(version.plan, read_facts(facts, version.plan)))


def _data(found: Comparison) -> dict[str, object]:
    return {
        "same": not found.changes,
        "old": _version_data(found.old),
        "new": _version_data(found.new),
        "changes": [_change_data(change) for change in found.changes],
    }


def _version_data(version: Version) -> dict[str, object]:
    return {"id": version.scheme.scheme, "version": version.scheme.version, "file": version.file}


def _change_data(change: Change) -> dict[str, object]:
    return change.as_data() | {"zh": Sentences("zh").tell(change), "en": Sentences("en").tell(change)}


# --- for people ---------------------------------------------------------------------------------


def _told(talk: Talk, found: Comparison) -> list[RenderableType]:
    """Both versions, then the changes part by part."""
    sentences = Sentences(talk.language)
    old, new = (f"{version.scheme.name.tell(talk.language)} v{version.scheme.version}" for version in (found.old, found.new))
    lines: list[RenderableType] = [plain(old if old == new else f"{old} → {new}")]
    if not found.changes:
        return [*lines, talk.say("两版内容相同。", "Both say the same.")]
    for changes in found.parts().values():
        lines += ["", plain(sentences.heading(changes[0]))]
        lines += [plain(f"  · {sentences.tell(change)}   {sentences.where(change)}".rstrip()) for change in changes]
    count = len(found.changes)
    return [*lines, "", talk.say(f"共 {count} 处不同", f"{count} {'change' if count == 1 else 'changes'}")]


def _effects_told(talk: Talk, moved: Effects) -> list[RenderableType]:
    """Who changes, and the sums of pay that do."""
    count, every = len(moved.changed), len(moved.every)
    people = talk.say(f"{every} 人中 {count} 人有变化。", f"{count} of {every} change.")
    if not count:
        return [people]
    who = [talk.say("姓名", "name"), talk.say("编号", "id"), talk.say("项目", "what")]
    sides = [talk.say("旧版", "old"), talk.say("新版", "new"), talk.say("增减", "more")]
    parts: list[RenderableType] = [people, pairs_table([*who, *sides], list(subject_rows(moved, talk.language)))]
    sums = list(pay_rows(moved, talk.language))
    return [*parts, pairs_table([talk.say("薪酬合计（元）", "pay in all (yuan)"), *sides], sums)] if sums else parts
