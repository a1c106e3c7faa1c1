"""The command that tells what is legal in a scheme and odd all the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from kaohe.cli.finding import find_scheme
from kaohe.cli.options import Json, Lang, complete_scheme
from kaohe.cli.talking import FINE, WRONG, Talk, stop, talk_of
from kaohe.linting import Finding, lint_scheme
from kaohe.plan import Plan
from kaohe.problems import Problem, Problems
from kaohe.reading import read_plan_with_places
from kaohe.showing import findings_text


@dataclass(frozen=True)
class Linted:
    """One scheme as it was given: its plan and findings, or the problems for which it has none."""

    given: str
    plan: Plan | None = None
    findings: Sequence[Finding] = ()
    problems: Sequence[Problem] = ()

    @property
    def open(self) -> list[Finding]:
        """The findings that the scheme does not accept."""
        return [finding for finding in self.findings if finding.accepted is None]

    @property
    def accepted(self) -> list[Finding]:
        """The findings that it accepts with a reason."""
        return [finding for finding in self.findings if finding.accepted is not None]


def lint_schemes(
    context: typer.Context,
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="SCHEME...", autocompletion=complete_scheme, help="方案编号、文件或文件夹，可写多个 | Ids, files or folders of schemes"
        ),
    ],
    every: Annotated[bool, typer.Option("--all", help="也列出方案已接受的 | Also those that the scheme accepts")] = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Tell what is legal in schemes and odd all the same."""
    talk = talk_of(context, as_json)
    linted = [_lint(name) for name in names]
    if as_json:
        talk.data(_data(linted))
    else:
        _tell(talk, linted, every)
    stop(WRONG if any(one.open or one.problems for one in linted) else FINE)


def _lint(name: str) -> Linted:
    try:
        plan, place_of = read_plan_with_places(find_scheme(name))
    except Problems as found:
        return Linted(name, problems=found.problems)
    return Linted(name, plan, lint_scheme(plan, place_of))


def _data(linted: Sequence[Linted]) -> dict[str, object]:
    counts = {"finding_count": sum(len(one.open) for one in linted), "accepted_count": sum(len(one.accepted) for one in linted)}
    return {"schemes": [_one_as_data(one) for one in linted], **counts}


def _one_as_data(one: Linted) -> dict[str, object]:
    known: dict[str, object] = {"id": one.plan.scheme.scheme, "version": one.plan.scheme.version} if one.plan is not None else {}
    told = {"findings": one.open, "accepted": one.accepted, "problems": one.problems}
    return {
        "given": one.given,
        "ok": one.plan is not None,
        **known,
        **{key: [part.as_data() for part in parts] for key, parts in told.items()},
    }


def _tell(talk: Talk, linted: Sequence[Linted], every: bool) -> None:
    problems = [problem for one in linted for problem in one.problems]
    if problems:
        talk.problems(problems)
    for one in linted:
        if one.plan is not None:
            talk.show(
                f"{'?' if one.open else '✓'} {one.plan.scheme.scheme}  {talk.tell(one.plan.scheme.name)}  {_counts(talk, one)}".rstrip()
            )
            talk.show(findings_text([finding for finding in one.findings if every or finding.accepted is None], talk.language))
    if len(linted) > 1:
        talk.show(_sum(talk, linted))
    asked = next((finding for one in linted for finding in one.open), None)
    if asked is not None:
        key = f"{asked.code}_{asked.key}"
        talk.note(
            talk.say(
                f"有意如此，可在方案里写 accept: {{{key}: …}}", f"What is meant so may be accepted in the scheme: accept: {{{key}: …}}"
            )
        )


def _counts(talk: Talk, one: Linted) -> str:
    asked, accepted = len(one.open), len(one.accepted)
    parts = [talk.say(f"{asked} 处值得一问", f"{asked} worth asking")] if asked else []
    parts += [talk.say(f"{accepted} 处已接受", f"{accepted} accepted")] if accepted else []
    return " · ".join(parts)


def _sum(talk: Talk, linted: Sequence[Linted]) -> str:
    schemes, asked = sum(one.plan is not None for one in linted), sum(len(one.open) for one in linted)
    accepted = sum(len(one.accepted) for one in linted)
    zh = f"{schemes} 个方案：{asked} 处值得一问，{accepted} 处已接受"
    return talk.say(zh, f"{schemes} schemes: {asked} worth asking, {accepted} accepted")
