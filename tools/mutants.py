"""Changes the engine's rules a little, one change at a time, and sees whether a test notices: `python tools/mutants.py`.

A seed draws the sample, evenly over every mutant (tools/mutations.py) of the rules, the compiler and scoring. Each mutant is
imported in a process of its own, from memory: no file of the checkout is ever changed. One run beforehand notes which tests come
near which statement; only these are run, the likeliest first, until one fails. What was found stands in out/mutants/, a line a
mutant, so that another call goes on where this one ended. Mutants that no test could ever notice are in
tools/mutants_equivalent.yaml, each with its reason.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import hashlib
import json
import os
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType
from typing import Any

import hypothesis
import numpy as np
import pydantic
import pytest
import yaml
from mutations import Mutant, mutants_of, mutated

TOP = Path(__file__).resolve().parents[1]
SOURCE = TOP / "src"
OUT = TOP / "out" / "mutants"
EQUIVALENT = TOP / "tools" / "mutants_equivalent.yaml"
LOADED = (np, pydantic, yaml)  # what every child needs, loaded once
CHANGED = ("kaohe/rules", "kaohe/compiling", "kaohe/scoring.py")
TESTS = ("tests/engine", "tests/broken", "tests/properties", "tests/library")
WANTED = 0.85
MEMORY = 4 << 30
SECONDS, TIMES = 20, 10  # of processor time for one test: so many seconds, and so many times what it takes without a change
LONGEST = 3600  # seconds for a whole mutant, should one wait for something that never comes
HANGS = 77


# --- what may happen to a mutant ------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """What was drawn: the mutants, how many there are in all, and those that are the program itself in other words."""

    seed: int
    mutants: list[Mutant]
    of: int
    equivalent: Mapping[str, str]

    @property
    def counted(self) -> list[Mutant]:
        """The mutants that a test could notice."""
        return [mutant for mutant in self.mutants if mutant.key not in self.equivalent]


def every_mutant() -> list[Mutant]:
    """Every mutant of the files that are changed, in their order."""
    files = [path for part in CHANGED for path in (sorted((SOURCE / part).glob("*.py")) if (SOURCE / part).is_dir() else [SOURCE / part])]
    return [mutant for path in files for mutant in mutants_of(path, str(path.relative_to(TOP)))]


def drawn(mutants: list[Mutant], seed: int, count: int) -> list[Mutant]:
    """As many mutants as asked for, by a hash of seed and mutant: a change elsewhere in the source leaves the others drawn."""
    return sorted(mutants, key=lambda mutant: hashlib.sha256(f"{seed} {mutant.key}".encode()).digest())[:count]


def equivalent() -> dict[str, str]:
    """The mutants known to change nothing, by key, with the reason."""
    rows = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or []
    return {" | ".join((row["file"], row["in"], row["line"], row["change"])): row["reason"] for row in rows}


def fingerprint(tests: list[str]) -> str:
    """A hash of all that a verdict depends on."""
    cases = os.environ.get("KAOHE_CASES", "")
    folders = [SOURCE / "kaohe", TOP / "tests", TOP / "schemes", *([Path(cases)] if cases else [])]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in (".py", ".yaml")]
    digest = hashlib.sha256(" ".join(tests).encode() + (TOP / "tools" / "mutations.py").read_bytes())
    for path in files:
        digest.update(f"{path.name} {path.stat().st_size} ".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


# --- a child: the tests on changed modules --------------------------------------------------------


class Changed(SourceFileLoader):
    """Loads a module from code that was compiled already."""

    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self.code = code

    def get_code(self, fullname: str) -> CodeType:
        """The code that was handed in."""
        return self.code


class Finder:
    """Finds the changed modules before the file system does."""

    def __init__(self, trees: Mapping[str, ast.Module]) -> None:
        self.trees = trees

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """The module by its changed tree; None for every other one."""
        base = f"src/{name.replace('.', '/')}"
        for file in (f"{base}.py", f"{base}/__init__.py"):
            if file in self.trees:
                code = compile(self.trees[file], str(TOP / file), "exec")
                return spec_from_file_location(name, TOP / file, loader=Changed(name, str(TOP / file), code))
        return None


@dataclass
class Near:
    """Which tests come near which statement, and how long each takes."""

    seconds: dict[str, float] = field(default_factory=dict)
    tests: dict[str, list[str]] = field(default_factory=dict)  # `file:line` → tests

    def of(self, mutant: Mutant) -> set[str]:
        """The tests that run the mutant's statement; all where it takes effect at import."""
        return set(self.seconds) if mutant.at_import else set(self.tests.get(f"{mutant.file}:{mutant.statement}", ()))


class Watch:
    """A pytest plugin: runs what it is told in that order, and keeps which test failed first."""

    def __init__(self, near: Near, tests: set[str], first: str = "") -> None:
        self.near = near
        self.tests = tests
        self.first = first
        self.groups = {group_of(test) for test in tests}
        self.failed = ""

    def pytest_configure(self, config: pytest.Config) -> None:
        """The same examples every time, and no search for a smaller one."""
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile("mutants", hypothesis.settings.get_profile("ci"), phases=phases)
        hypothesis.settings.load_profile("mutants")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Only tests of the groups that come near; the one that failed the last time first, quick ones before slow ones."""
        items[:] = sorted((item for item in items if group_of(item.nodeid) in self.groups), key=self.turn)

    def turn(self, item: pytest.Item) -> tuple[bool, bool]:
        """When it is an item's turn."""
        test = item.nodeid
        return test != self.first, test not in self.tests or self.near.seconds.get(test, 1) > 0.4

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Start the clock of one test."""
        signal.setitimer(signal.ITIMER_PROF, SECONDS + TIMES * self.near.seconds.get(nodeid, 1))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the first test that fails."""
        if report.failed and not self.failed:
            self.failed = report.nodeid


class Survey(Watch):
    """A pytest plugin: runs everything, and notes the statements that each test reaches."""

    def __init__(self) -> None:
        super().__init__(Near(), set())
        self.reached: set[str] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Everything, as it comes."""

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Forget what an earlier test reached, and what it left for this one."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        self.reached.clear()
        for module in [module for name, module in list(sys.modules.items()) if name.startswith("kaohe.")]:
            for answers in vars(module).values():
                if hasattr(answers, "cache_clear") and answers.__module__ != "kaohe.rules":
                    answers.cache_clear()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up the seconds of a test; keep what it reached."""
        super().pytest_runtest_logreport(report)
        self.near.seconds[report.nodeid] = self.near.seconds.get(report.nodeid, 0) + round(report.duration, 3)
        if report.when == "teardown":
            for statement in self.reached:
                self.near.tests.setdefault(statement, []).append(report.nodeid)


class Noted(ast.NodeTransformer):
    """Puts before each statement of a function a note that it was reached."""

    def __init__(self, file: str) -> None:
        self.file = file

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """The function with its notes."""
        for part in [part for part in ast.walk(node) if not isinstance(part, (ast.Lambda, ast.IfExp, ast.ClassDef))]:
            for name in ("body", "orelse", "finalbody"):
                if getattr(part, name, None):
                    setattr(part, name, [noted for one in getattr(part, name) for noted in self.noted(one)])
        return node

    def noted(self, one: ast.stmt) -> list[ast.stmt]:
        """The statement behind its note; a docstring alone."""
        if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant):
            return [one]
        note = ast.parse(f"__reached__({f'{self.file}:{one.lineno}'!r})").body[0]
        return [ast.copy_location(note, one), one]


def noted(file: str) -> ast.Module:
    """The tree of a file with its notes."""
    tree = ast.parse((TOP / file).read_text(encoding="utf-8"))
    Noted(file).visit(tree)
    return ast.fix_missing_locations(tree)


def group_of(test: str) -> str:
    """Tests that hand things to one another: those on one scheme of the library, whose plan is compiled once, or those of one file."""
    file, _, rest = test.partition("::")
    name = rest.partition("[")[2].rstrip("]").partition("/")[0]
    if file.startswith(("tests/library", "tests/properties")):
        return name if name in SCHEMES else file.rpartition("/")[0]
    return file


SCHEMES = {path.parent.name for path in TOP.glob("schemes/*/scheme.yaml")}


def run_tests(trees: Mapping[str, ast.Module], plugin: Watch, tests: list[str]) -> int:
    """Pytest on the changed modules: its exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, lambda *_: os._exit(HANGS))
    signal.setitimer(signal.ITIMER_PROF, 3 * SECONDS)
    signal.alarm(LONGEST)
    sys.meta_path.insert(0, Finder(trees))
    sys.path[:0] = [str(SOURCE), str(TOP)]
    quiet = ["-q", "-x", "--no-header", "--tb=line", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not soak and not hostile"]
    return int(pytest.main([*quiet, *(str(TOP / part) for part in tests)], plugins=[plugin]))


def forked(work: Callable[[], Any], answer: Path) -> int:
    """A child process that writes what `work` gives as JSON; its process id."""
    if child := os.fork():
        return child
    try:
        os.setsid()
        os.chdir(TOP)
        with answer.with_suffix(".log").open("w", encoding="utf-8") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
            answer.write_text(json.dumps(work(), ensure_ascii=False), encoding="utf-8")
            sys.stdout.flush()
    finally:
        os._exit(0)


# --- the survey, and verdicts ---------------------------------------------------------------------


def survey(mark: str, tests: list[str]) -> Near:
    """Which tests come near which statement; kept from an earlier call where nothing changed since."""
    kept = OUT / f"survey-{mark}.json"
    if not kept.is_file():
        print("noting which tests come near which statement", flush=True)
        for old in OUT.glob("survey-*"):
            old.unlink()
        os.waitpid(forked(lambda: _surveyed(tests), kept), 0)
    found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    if found.get("code") != 0:
        kept.unlink(missing_ok=True)
        raise SystemExit(f"tests fail without any change: {found.get('failed')} (see {kept.with_suffix('.log')})")
    names = list(found["seconds"])
    return Near(found["seconds"], {line: [names[test] for test in tests] for line, tests in found["tests"].items()})


def _surveyed(tests: list[str]) -> dict[str, Any]:
    watch = Survey()
    setattr(builtins, "__reached__", watch.reached.add)  # noqa: B010 - the notes find it without an import
    code = run_tests({file: noted(file) for file in {mutant.file for mutant in every_mutant()}}, watch, tests)
    numbers = {test: number for number, test in enumerate(watch.near.seconds)}
    near = {line: [numbers[test] for test in near] for line, near in watch.near.tests.items()}
    return {"code": code, "failed": watch.failed, "seconds": watch.near.seconds, "tests": near}


@dataclass
class Verdicts:
    """What is known of mutants, from this call and from earlier ones."""

    mark: str
    path: Path = OUT / "verdicts.jsonl"
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    killers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.is_file() else []
        for row in map(json.loads, lines):
            self.killers[row["key"]] = row["by"]
            if row["mark"] == self.mark:
                self.rows[row["key"]] = row

    def add(self, mutant: Mutant, outcome: str, by: str, seconds: float) -> None:
        """Keep one verdict, at once."""
        row = {"mark": self.mark, "key": mutant.key, "line": mutant.line, "outcome": outcome, "by": by, "seconds": round(seconds, 1)}
        self.rows[mutant.key] = row
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")

    def outcome(self, mutant: Mutant) -> str:
        """What became of a mutant; empty where it was not tried yet."""
        return str(self.rows.get(mutant.key, {}).get("outcome", ""))


def tried(mutant: Mutant, near: Near, first: str, tests: list[str]) -> dict[str, Any]:
    """In a child: pytest's exit code on the mutant, and the test that failed first."""
    watch = Watch(near, near.of(mutant), first)
    return {"code": run_tests({mutant.file: mutated(TOP / mutant.file, mutant)}, watch, tests), "by": watch.failed}


def try_all(mutants: list[Mutant], near: Near, verdicts: Verdicts, options: argparse.Namespace) -> None:
    """Try each mutant, so many at a time, as long as there is time."""
    until = time.monotonic() + 60 * options.minutes
    waiting = list(reversed(mutants))
    running: dict[int, tuple[Mutant, Path, float]] = {}
    while waiting or running:
        while waiting and len(running) < options.workers and time.monotonic() < until:
            mutant = waiting.pop()
            if not near.of(mutant):
                verdicts.add(mutant, "survived", "no test comes near", 0)
                continue
            answer = OUT / f"child-{len(waiting)}.json"
            first = verdicts.killers.get(mutant.key, "")
            child = forked(lambda mutant=mutant, first=first: tried(mutant, near, first, options.tests), answer)  # type: ignore[misc]
            running[child] = mutant, answer, time.monotonic()
        if not running:
            return
        child, status = os.wait()
        mutant, answer, start = running.pop(child)
        outcome, by = _verdict(answer, status)
        verdicts.add(mutant, outcome, by, time.monotonic() - start)
        _tell(mutant, verdicts, len(waiting) + len(running))


def _verdict(answer: Path, status: int) -> tuple[str, str]:
    """`killed` with the test that noticed, `hung`, or `survived`."""
    found = json.loads(answer.read_text(encoding="utf-8")) if answer.is_file() else {}
    for path in (answer, answer.with_suffix(".log")):
        path.unlink(missing_ok=True)
    if status == signal.SIGALRM or (os.WIFEXITED(status) and os.WEXITSTATUS(status) == HANGS):
        return "hung", "time"
    if found.get("code") in (0, pytest.ExitCode.NO_TESTS_COLLECTED):
        return "survived", ""
    return "killed", found.get("by") or "import"


def _tell(mutant: Mutant, verdicts: Verdicts, left: int) -> None:
    if verdicts.outcome(mutant) == "survived":
        print(f"survived  {mutant.file}:{mutant.line} {mutant.inside}: {mutant.change}", flush=True)
    if left % 25 == 0:
        print(f"{left} to go", flush=True)


# --- the report -----------------------------------------------------------------------------------


def report(sample: Sample, verdicts: Verdicts, mutants: list[Mutant]) -> float:
    """Print the table and the survivors, write all as JSON; the killed share."""
    rows = list(_table(sample, verdicts, mutants))
    for row in rows:
        print(f"{row['file']:40}" + "".join(f"{row[column]:>11}" for column in COLUMNS))
    total = rows[-1]
    tested = total["killed"] + total["hung"] + total["survived"]
    share = (total["killed"] + total["hung"]) / tested if tested else 0.0
    survivors = [mutant for mutant in sample.counted if verdicts.outcome(mutant) == "survived"]
    for mutant in survivors:
        print(f"survived  {mutant.file}:{mutant.line} {mutant.inside}: {mutant.change}")
    print(f"seed {sample.seed}: {share:.1%} of {tested} mutants killed, {total['equivalent']} equivalent, of {sample.of} in all")
    written = {
        "seed": sample.seed,
        "of": sample.of,
        "share": round(share, 4),
        "files": rows[1:],
        "survivors": [vars(mutant) for mutant in survivors],
    }
    verdict = [
        {**vars(mutant), "outcome": verdicts.outcome(mutant), "by": verdicts.rows.get(mutant.key, {}).get("by")}
        for mutant in sample.counted
    ]
    text = json.dumps({**written, "mutants": verdict}, ensure_ascii=False, indent=1)
    (OUT / f"mutants-{sample.seed}.json").write_text(text + "\n", encoding="utf-8")
    return share


COLUMNS = ("all", "drawn", "equivalent", "killed", "hung", "survived", "untried")


def _table(sample: Sample, verdicts: Verdicts, mutants: list[Mutant]) -> Iterator[dict[str, Any]]:
    yield {"file": "", **{column: column for column in COLUMNS}}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for mutant in mutants:
        counts[mutant.file]["all"] += 1
    for mutant in sample.mutants:
        outcome = "equivalent" if mutant.key in sample.equivalent else verdicts.outcome(mutant) or "untried"
        counts[mutant.file].update(("drawn", outcome))
    for file, count in counts.items():
        yield {"file": file, **{column: count[column] for column in COLUMNS}}
    yield {"file": "together", **{column: sum(count[column] for count in counts.values()) for column in COLUMNS}}


def main(arguments: list[str]) -> int:
    """0 where the sample was tried to its end and enough of it killed."""
    options = read_options(arguments)
    OUT.mkdir(parents=True, exist_ok=True)
    mutants, known, mark = every_mutant(), equivalent(), fingerprint(options.tests)
    stale = sorted(set(known) - {mutant.key for mutant in mutants})
    for key in stale:
        print(f"no such mutant any more: {key}")
    mutants = [mutant for mutant in mutants if options.file in mutant.file]
    sample = Sample(options.seed, drawn(mutants, options.seed, options.count), len(mutants), {} if options.equivalent else known)
    print(f"seed {options.seed}: {len(sample.mutants)} of {len(mutants)} mutants drawn, {options.workers} at a time", flush=True)
    verdicts = Verdicts(mark)
    asked = [mutant for mutant in sample.counted if not options.equivalent or mutant.key in known]
    try_all([mutant for mutant in asked if not verdicts.outcome(mutant)], survey(mark, options.tests), verdicts, options)
    share = report(sample, verdicts, mutants)
    if any(not verdicts.outcome(mutant) for mutant in asked):
        print(f"{options.minutes} minutes are over; the same call goes on from here")
        return 1
    if fingerprint(options.tests) != mark:
        print("files changed while this ran; the same call tries all of it again")
        return 1
    return 0 if share >= WANTED and not stale else 1


def read_options(arguments: list[str]) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=20260301, help="which sample is drawn")
    parser.add_argument("--count", type=int, default=450, help="how many mutants are drawn")
    parser.add_argument("--workers", type=int, default=2, help="how many are tried at a time")
    parser.add_argument("--minutes", type=int, default=85, help="after so many minutes none is begun")
    parser.add_argument("--file", default="", help="only mutants of files whose path has this in it")
    parser.add_argument("--tests", nargs="+", default=list(TESTS), help="which tests may notice")
    parser.add_argument("--equivalent", action="store_true", help="try those that are listed as equivalent: all should survive")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
