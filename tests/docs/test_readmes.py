"""The two READMEs, typed as they stand: every command gives every line that is shown of it, every block of Python runs."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kaohe.cli import main
from kaohe.cli.door import COMMANDS
from kaohe.demo import run_demo

TOP = Path(__file__).resolve().parents[2]
READMES = {"en": "README.md", "zh": "README.zh-CN.md"}
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HASH = re.compile(r"@[0-9a-f]{12}")  # of packed files, whose bytes are the packer's own
LEFT_OUT = re.compile(r"[│ ]*…")
LINKED = ("schemes", "examples", "tests")

pytestmark = pytest.mark.xdist_group("READMEs")


def readme(language):
    return (TOP / READMES[language]).read_text(encoding="utf-8")


def blocks(language, kind):
    return [text for found, text in FENCED.findall(readme(language)) if found == kind]


def as_compared(line: str) -> str:
    return HASH.sub("@", line.rstrip())


def typed(block: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a block, and the lines that are shown below it."""
    shown: list[str] = []
    for line in block.splitlines():
        if line.startswith(("$ ", "kaohe ")):
            shown = []
            yield line.removeprefix("$ ").partition("    #")[0], shown
        elif line.strip() and not LEFT_OUT.fullmatch(line):
            shown.append(as_compared(line))


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """What `make demo` leaves."""
    folder = tmp_path_factory.mktemp("out")
    run_demo(folder / "demo")
    return folder


@pytest.fixture
def checkout(out, tmp_path, monkeypatch):
    """A folder like a checkout after `make demo`, in which one stands."""
    for name, there in {"out": out, **{name: TOP / name for name in LINKED}}.items():
        (tmp_path / name).symlink_to(there)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(command, capsys):
    """What a command says on the screen and beside it."""
    if not command.startswith("kaohe "):
        subprocess.run(command, shell=True, check=True)
        return []
    capsys.readouterr()
    assert main(shlex.split(command)[1:]) in (0, 1), command
    told = capsys.readouterr()
    return [as_compared(line) for line in (told.out + told.err).splitlines()]


def is_there(line, lines):
    return any(one.startswith(line[:-1]) for one in lines) if line.endswith("…") else line in lines


@pytest.mark.usefixtures("checkout")
@pytest.mark.parametrize("language", READMES)
def test_whatever_is_typed_as_it_stands_says_what_is_shown(language, capsys, monkeypatch):
    monkeypatch.setenv("KAOHE_LANG", language)
    monkeypatch.setenv("COLUMNS", "200")
    commands = [(command, shown) for block in blocks(language, "") for command, shown in list(typed(block))]
    lacking = []
    for command, shown in commands:
        if shown or language == "en" or command.startswith("sed "):  # both type the same: what shows nothing is run once
            lines = said(command, capsys)
            lacking += [(command, line) for line in shown if not is_there(line, lines)]
    assert lacking == []
    assert len(commands) >= 18


@pytest.mark.usefixtures("checkout")
@pytest.mark.parametrize("language", READMES)
def test_the_python_of_a_readme_runs_and_prints_what_its_comment_says(language, capsys):
    (block,) = blocks(language, "python")
    exec(compile(block, READMES[language], "exec"), {})
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert f"# {first}" in block
    assert second.startswith("蒋培元 (e054)")


@pytest.mark.parametrize("language", READMES)
def test_every_command_stands_in_the_table_with_its_sentence(language):
    page = readme(language)
    rows = [f"| [`{name}`](docs/reference/commands.md#kaohe-{name}) | {entry.help.tell(language)} |" for name, entry in COMMANDS.items()]
    assert [row for row in rows if row not in page] == [], "add these rows, in the order of COMMANDS"


@pytest.mark.parametrize("language", READMES)
def test_every_page_that_is_pointed_at_is_there(language):
    paths = [path.partition("#")[0] for path in re.findall(r"\]\(([^)]+)\)", readme(language))]
    assert [path for path in paths if not (TOP / path).exists()] == []


def test_both_readmes_type_the_same():
    def commands(language):
        found = [command for block in blocks(language, "") for command, _ in typed(block)]
        return [re.sub(r" --lang \w+|\S+\.pdf", "", command) for command in found]

    assert commands("en") == commands("zh")
