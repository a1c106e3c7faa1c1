"""The page of commands says all that the commands say."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.cli.door import COMMANDS, build

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
CHAPTERS = {chapter.partition("\n")[0].removeprefix("kaohe "): chapter for chapter in PAGE.split("\n## ")[1:]}


def test_every_command_has_its_chapter_and_no_other():
    assert list(CHAPTERS) == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_chapter_has_the_sentences_and_examples_of_its_command(command):
    entry = COMMANDS[command]
    assert [text for text in (entry.help.zh, entry.help.en, *entry.examples) if text not in CHAPTERS[command]] == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_chapter_has_every_argument_and_option_in_both_languages(command, language):
    parameters = [one for one in build(language).commands[command].params if one.name not in ("lang", "as_json")]
    names = [name for one in parameters for name in (one.opts if one.param_type_name == "option" else [one.metavar])]
    assert [name for name in names if f"`{name}`" not in CHAPTERS[command]] == []
    assert [one.help for one in parameters if one.help not in CHAPTERS[command]] == []
