"""Which language a command speaks, and that all of its help does."""

from __future__ import annotations

import re

import pytest

from kaohe.cli.door import COMMANDS
from kaohe.cli.talking import language_of

CHINESE = re.compile("[一-鿿]")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_MESSAGES": "zh_TW.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh"),
        ({"KAOHE_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_the_locale_chooses_the_language_unless_kaohe_lang_does(environment, language):
    assert language_of([], environment) == language


@pytest.mark.parametrize("words", [["--lang", "zh", "schemes"], ["schemes", "--lang=zh"]])
def test_lang_is_taken_before_and_after_the_command(words):
    assert language_of(words, {"KAOHE_LANG": "en"}) == "zh"


def test_what_stands_after_two_dashes_is_no_option():
    assert language_of(["check", "--", "--lang", "zh"], {}) == "en"


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_is_chinese_or_english_and_never_both(house, command):
    words = [command] if command else []
    zh, en = house.run(*words, "--help", "--lang", "zh"), house.run(*words, "--help", "--lang", "en")
    assert (zh.code, en.code) == (0, 0)
    assert "用法" in zh.out
    assert "选项" in zh.out
    assert "Usage" not in zh.out
    assert "Options" not in zh.out
    assert not CHINESE.search(en.out.replace("张三", ""))


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_examples_and_exit_codes(house, command):
    told = house.run(command, "--help", "--lang", "en").out
    assert "Examples" in told
    assert f"kaohe {command}" in told
    assert "Exit codes" in told


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_lang_and_json(house, command):
    told = house.run(command, "--help").out
    assert "--lang" in told
    assert "--json" in told


def test_a_wrong_option_is_told_in_the_language_of_the_run(house):
    zh, en = house.run("schemes", "--colour", "--lang", "zh"), house.run("schemes", "--colour", "--lang", "en")
    assert (zh.code, en.code) == (2, 2)
    assert "没有 --colour 这个选项" in zh.err
    assert "No such option: --colour" in en.err


def test_a_missing_argument_is_told_in_the_language_of_the_run(house):
    zh, en = house.run("score", "--lang", "zh"), house.run("score", "--lang", "en")
    assert (zh.code, en.code) == (2, 2)
    assert "缺少" in zh.err
    assert "SCHEME" in zh.err
    assert "Missing argument" in en.err


def test_an_unknown_language_is_wrong_usage(house):
    assert house.run("schemes", "--lang", "fr").code == 2
