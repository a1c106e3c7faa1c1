"""Exit codes, errors without tracebacks, and what goes into a pipe."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from importlib.metadata import version

import pytest

from kaohe.cli import door

ANSI = re.compile(r"\x1b\[")


def test_no_command_shows_the_help_and_is_wrong_usage(house):
    said = house.run()
    assert said.code == 2
    assert "check" in said.out


def test_the_version_is_told(house):
    assert house.run("--version").out.strip() == version("kaohe")


def test_an_unknown_command_is_wrong_usage(house):
    said = house.run("chek")
    assert said.code == 2
    assert "chek" in said.err


@pytest.mark.parametrize("words", [["--help"], ["schemes"], ["problems"], ["nonsense"], ["check", "nonsense"]])
def test_a_pipe_gets_no_colours(house, words):
    said = house.run(*words)
    assert not ANSI.search(said.out + said.err)


def test_a_shell_gets_the_exit_code_and_plain_text(house):
    right = house.spawn("score", house.scheme, house.facts, LANG="zh_CN.UTF-8")
    wrong = house.spawn("check", "no-such-scheme", LC_ALL="C.UTF-8")
    misused = house.spawn("score")
    assert [said.code for said in (right, wrong, misused)] == [0, 1, 2]
    assert not ANSI.search(right.out + right.err + wrong.err + misused.err)
    assert right.out.splitlines()[-1] == "3 人：已考核 2，数据不全 1"
    assert wrong.err.startswith("1 problem\n")
    assert "Traceback" not in wrong.err + misused.err


def test_no_color_holds_even_where_colours_are_forced(house):
    said = house.spawn("check", "no-such-scheme", FORCE_COLOR="1", NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", said.err)


def test_what_nobody_foresaw_is_one_sentence_with_a_request_to_report(house, monkeypatch):
    monkeypatch.setattr(door, "build", _break)
    zh, en = house.run("schemes", "--lang", "zh"), house.run("schemes", "--lang", "en")
    assert (zh.code, en.code) == (3, 3)
    assert "KeyError" in en.err
    assert "please report" in en.err
    assert "请报告" in zh.err
    assert "Traceback" not in en.err + zh.err


def test_debug_shows_the_traceback(house, monkeypatch):
    monkeypatch.setattr(door, "build", _break)
    monkeypatch.setenv("KAOHE_DEBUG", "1")
    assert "Traceback" in house.run("schemes").err


def _break(language):
    raise KeyError("lost")


def test_a_folder_that_cannot_be_written_is_a_problem(house):
    taken = house.write("taken", "a file where a folder should be")
    said = house.run("score", house.scheme, house.facts, "-o", taken)
    assert said.code == 1
    assert "C010" in said.err
    assert "Traceback" not in said.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_the_right_to_write_is_a_problem(house):
    locked = house.folder / "locked"
    locked.mkdir()
    locked.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert house.run("score", house.scheme, house.facts, "-o", locked / "out").code == 1


def test_completion_offers_the_commands(house):
    said = house.spawn(_KAOHE_COMPLETE="complete_bash", COMP_WORDS="kaohe sc", COMP_CWORD="1")
    assert said.out.split() == ["score", "schemes", "schema"]


def test_a_narrow_encoding_marks_what_it_cannot_say(house):
    said = house.spawn("check", house.scheme, PYTHONIOENCODING="ascii", KAOHE_LANG="zh")
    assert (said.code, said.err) == (0, "")
    assert "tea-house-waiters  ?????????" in said.out


def test_a_reader_who_leaves_early_causes_no_traceback(house):
    command = f"{sys.executable} -m kaohe problems --json | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, encoding="utf-8", check=False)
    assert done.stdout == "{\n"
    assert "Traceback" not in done.stderr
