"""The whole way at the shell, on a small company."""

from __future__ import annotations

import json
import subprocess

import pytest
from rich.cells import cell_len


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One company for all of these tests."""
    return tmp_path_factory.mktemp("demo") / "demo"


@pytest.mark.xdist_group("demo")
def test_the_demo_shows_a_table_one_figure_its_records_and_the_files(house, monkeypatch, folder):
    monkeypatch.setenv("COLUMNS", "120")
    said = house.run("demo", "-o", folder, "--conversations", "6000", "--lang", "zh")
    assert said.code == 0, said.err
    assert "合计" in said.out
    assert "└─ 有效投诉率" in said.out
    assert "results.xlsx" in said.out
    assert "scorecards.pdf" in said.out
    assert "kaohe report" in said.out
    assert "kaohe explain" in said.out
    assert (folder / "results" / "2026-03" / "results.xlsx").exists()


@pytest.mark.xdist_group("demo")
def test_what_the_demo_made_can_be_scored_explained_and_measured_again(house, monkeypatch, folder):
    monkeypatch.setenv("COLUMNS", "100")
    if not folder.exists():
        house.run("demo", "-o", folder, "--conversations", "6000")
    kept = json.loads((folder / "results" / "2026-03" / "results.json").read_text(encoding="utf-8"))["subjects"]
    scored = house.run("score", folder / "scheme.yaml", folder / "months" / "2026-03", "--json").data["subjects"]
    assert scored == kept
    told = house.run("score", folder / "scheme.yaml", folder / "months" / "2026-03").out
    assert [line for line in told.splitlines() if cell_len(line.rstrip()) > 100] == []
    assert house.run("explain", folder / "scheme.yaml", folder / "months" / "2026-03", kept[0]["subject"]).code == 0


def test_what_one_may_type_next_runs_where_the_shell_does_not_find_the_program(house, tmp_path):
    said = house.spawn("demo", "-o", tmp_path / "demo", "--conversations", "600", PATH="/usr/bin:/bin")
    command = said.out.splitlines()[-1].split()
    assert command[1] == "check"
    assert subprocess.run(command, check=False, capture_output=True, env={"PATH": "/usr/bin:/bin"}).returncode == 0
