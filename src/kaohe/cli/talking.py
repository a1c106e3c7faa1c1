"""How a command speaks: its language, its two consoles, data as JSON, problems, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from typing import NoReturn

import typer
from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from kaohe.exporting import json_text
from kaohe.problems import Language, Problem, Problems
from kaohe.showing import plain, problems_text
from kaohe.texts import Text

FINE, WRONG, MISUSED, UNEXPECTED = 0, 1, 2, 3
LANGUAGE_VARIABLES = ("KAOHE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
UNLIMITED = 10_000


def language_of(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The language asked for: by --lang, else by KAOHE_LANG, else by the locale; English where none says Chinese.

    >>> language_of(["score", "--lang", "zh"], {}), language_of([], {"LANG": "zh_CN.UTF-8"}), language_of([], {})
    ('zh', 'zh', 'en')
    """
    words = list(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    for place, word in enumerate(words):
        option, _, value = word.partition("=")
        chosen = value or next(iter(words[place + 1 :]), "")
        if option == "--lang" and chosen in ("zh", "en"):
            return "zh" if chosen == "zh" else "en"
    told = next((environment[name] for name in LANGUAGE_VARIABLES if environment.get(name)), "")
    return "zh" if told.lower().startswith("zh") else "en"


@dataclass
class Talk:
    """What a command says, and where: results on stdout, everything else on stderr."""

    language: Language
    out: Console
    err: Console
    as_json: bool = False

    @classmethod
    def begin(cls, language: Language) -> Talk:
        """Consoles for this terminal, or plain ones for a pipe; a pipe has no width unless COLUMNS gives it one."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):  # what a narrow encoding cannot say is marked; it stops nothing
                stream.reconfigure(errors="replace")
        return cls(language, _console(stderr=False), _console(stderr=True))

    def say(self, zh: str, en: str) -> str:
        """The words of this command's language."""
        return zh if self.language == "zh" else en

    def tell(self, text: Text) -> str:
        """A text in this command's language."""
        return text.tell(self.language)

    def show(self, *parts: RenderableType) -> None:
        """A result for people."""
        for part in parts:
            self.out.print(part, soft_wrap=isinstance(part, str))

    def data(self, data: object) -> None:
        """A result for machines."""
        sys.stdout.write(json_text(data) + "\n")

    def note(self, text: str) -> None:
        """Something worth a line that is no result."""
        self.err.print(plain(text), soft_wrap=True, style="dim")

    def wrote(self, paths: Sequence[object]) -> None:
        """Which files were written."""
        for path in paths:
            self.note(self.say(f"已写入 {path}", f"wrote {path}"))

    def problems(self, problems: Sequence[Problem]) -> None:
        """Problems, on stderr for people, on stdout for machines."""
        if self.as_json:
            self.data({"problems": [problem.as_data() for problem in problems]})
        else:
            self.err.print(problems_text(problems, self.language))

    def refuse(self, *problems: Problem) -> NoReturn:
        """Stop because of these."""
        raise Problems(problems)

    @contextmanager
    def progress(self, names: Mapping[str, Text]) -> Iterator[Telling]:
        """A bar for long work, on a terminal only; hands out what to tell it: stage, done, total."""
        with Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TimeElapsedColumn(),
            console=self.err,
            transient=True,
            disable=not self.err.is_terminal,
        ) as bar:
            yield Telling(bar, names, self.language)


class Telling:
    """Moves a bar on: one line for each stage of the work."""

    def __init__(self, bar: Progress, names: Mapping[str, Text], language: Language) -> None:
        self.bar = bar
        self.names = names
        self.language = language
        self.tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """The work is at `done` of `total` within a stage."""
        if stage not in self.tasks:
            name = self.names[stage].tell(self.language) if stage in self.names else stage
            self.tasks[stage] = self.bar.add_task(plain(name), total=total or None)
        self.bar.update(self.tasks[stage], completed=done, total=total or None)


def _console(stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    bound = stream.isatty() or "COLUMNS" in os.environ
    plain_look = {"markup": False, "highlight": False, "emoji": False}
    return Console(file=stream, width=None if bound else UNLIMITED, no_color=not stream.isatty() or None, **plain_look)  # type: ignore[arg-type]


def talk_of(context: typer.Context, as_json: bool) -> Talk:
    """The talk of this run."""
    talk = context.find_root().obj
    assert isinstance(talk, Talk)
    talk.as_json = as_json
    return talk


def stop(code: int) -> NoReturn:
    """End the command with an exit code."""
    raise typer.Exit(code)
