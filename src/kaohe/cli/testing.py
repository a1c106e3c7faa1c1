"""The command that runs worked cases against their schemes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from kaohe.cases import CaseFile, Outcome, read_cases, run_case
from kaohe.cli.options import Json, Lang
from kaohe.cli.problems import PathNotFound
from kaohe.cli.stories import story_of
from kaohe.cli.talking import FINE, WRONG, Talk, stop, talk_of
from kaohe.documents import LARGEST_SCHEME, read_document
from kaohe.library import library_folder, scheme_ids
from kaohe.plan import Plan
from kaohe.problems import Place, Problem, Problems
from kaohe.reading import read_plan
from kaohe.texts import Text

STAGES = {"cases": Text("用例", "cases")}


@dataclass
class Tally:
    """What became of all cases."""

    passed: int = 0
    failed: int = 0
    without: int = 0
    schemes_absent: dict[str, int] = field(default_factory=dict)
    failures: list[dict[str, object]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def line(self) -> str:
        """The last line of every run."""
        return f"{self.passed} passed, {self.failed} failed, {self.without} without a scheme"


def run_tests(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="用例文件，或其所在的文件夹 | Case files, or folders that hold them")
    ],
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Run worked cases; fails when any differs from what its scheme gives."""
    talk = talk_of(context, as_json)
    tally = Tally()
    files = list(dict.fromkeys(file for path in paths for file in _case_files(path)))
    with talk.progress(STAGES) as progress:
        for done, file in enumerate(files, start=1):
            _run_file(talk, file, tally)
            progress("cases", done, len(files))
    _tell_end(talk, tally)
    stop(WRONG if tally.failed else FINE)


def _case_files(path: Path) -> list[Path]:
    """The case files at a path; Problems where there is nothing."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise Problems([PathNotFound(Place(str(path)), [str(path)])])
    return sorted({*path.rglob("cases.yaml"), *path.rglob("*.cases.yaml")})


def _run_file(talk: Talk, path: Path, tally: Tally) -> None:
    """Run a file's cases; a file or a scheme that cannot be read is told, and fails."""
    try:
        file = read_cases(path)
    except Problems as found:
        tally.failed += 1
        _tell_problems(talk, tally, found)
        return
    scheme = _scheme_of(file)
    if scheme is None:
        tally.without += len(file.cases)
        tally.schemes_absent[file.scheme] = tally.schemes_absent.get(file.scheme, 0) + len(file.cases)
        return
    try:
        plan = read_plan(scheme)
    except Problems as found:
        tally.failed += len(file.cases)
        _tell_problems(talk, tally, found)
        return
    _run_cases(talk, file, plan, tally)


def _run_cases(talk: Talk, file: CaseFile, plan: Plan, tally: Tally) -> None:
    for case in file.cases:
        outcome = run_case(plan, case)
        if outcome.passed:
            tally.passed += 1
        else:
            tally.failed += 1
            _tell_failure(talk, file, outcome, tally)


def _scheme_of(file: CaseFile) -> Path | None:
    """The scheme of a case file: beside it, else in the library; what stands nearer is meant."""
    beside = (file.path.parent / f"{file.scheme}.yaml", file.path.parent / "scheme.yaml")
    near = next((path for path in beside if path.is_file() and _id_of(path) == file.scheme), None)
    if near is not None:
        return near
    return library_folder() / file.scheme / "scheme.yaml" if file.scheme in scheme_ids() else None


def _id_of(path: Path) -> str:
    """The id that a scheme file gives itself; a broken file bears the id that is asked of it, so that it is told."""
    tree, _ = read_document(path, LARGEST_SCHEME)
    folder = path.parent.name if path.stem == "scheme" else path.stem
    return folder if tree is None else str(tree.get("scheme", folder))


# --- telling --------------------------------------------------------------------------------------


def _tell_problems(talk: Talk, tally: Tally, found: Problems) -> None:
    tally.problems += found.problems
    if not talk.as_json:
        talk.problems(found.problems)


def _tell_failure(talk: Talk, file: CaseFile, outcome: Outcome, tally: Tally) -> None:
    case = outcome.case
    differences = [{"what": one.what, "expected": one.expected, "got": one.got} for one in outcome.differences]
    tally.failures.append({"file": str(file.path), "scheme": file.scheme, "case": case.name, "why": case.why, "differences": differences})
    if not talk.as_json:
        talk.show("\n".join(_failure_lines(talk, file, outcome)))


def _failure_lines(talk: Talk, file: CaseFile, outcome: Outcome) -> Iterator[str]:
    yield f"✗ {file.scheme}  {outcome.case.name}  ({file.path})"
    expected, got = talk.say("应为", "expected"), talk.say("实得", "got")
    for one in outcome.differences:
        yield f"    {one.what}: {expected} {one.expected}, {got} {one.got}"
    if outcome.case.why:
        yield f"    {talk.say('理由', 'why')}: {outcome.case.why}"
    yield from (f"    {line}" for line in _story(talk, outcome))


def _story(talk: Talk, outcome: Outcome) -> Iterator[str]:
    """The problems that refused the facts; or where each figure that differs comes from."""
    for problem in outcome.problems:
        yield from problem.tell(talk.language).split("\n")
    if outcome.results is not None:
        for one in outcome.differences:
            yield from story_of(outcome.results, one.what, talk.language)


def _tell_end(talk: Talk, tally: Tally) -> None:
    if talk.as_json:
        talk.data(
            {
                "passed": tally.passed,
                "failed": tally.failed,
                "without_scheme": tally.without,
                "schemes_absent": tally.schemes_absent,
                "failures": tally.failures,
                "problems": [problem.as_data() for problem in tally.problems],
            }
        )
        return
    if tally.schemes_absent:
        names = ", ".join(sorted(tally.schemes_absent))
        talk.note(talk.say(f"没有方案的用例：{names}", f"cases without a scheme: {names}"))
    talk.show(tally.line())
