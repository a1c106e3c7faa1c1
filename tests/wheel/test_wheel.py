"""The wheel, built and run as a stranger would have it: in an empty environment, far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
THEMES = sorted(path.name for path in (TOP / "indicators").glob("*.yaml"))
SCHEMES = sorted(path.parent.name for path in (TOP / "schemes").glob("*/scheme.yaml"))

SCHEME = """
scheme: tea-house
name: 茶馆 | Tea-house
period: month
values: {greeted: {is: ratio, name: 迎客率 | Share greeted}}
items: {greeting: {name: 迎客 | Greeting, weight: 100%, clause: §1, is: greeted * 100}}
total: {is: weighted sum, clause: §2}
"""
FACTS = "period: {start: 2026-03-01, end: 2026-03-31}\npeople: [{id: e1, name: 张三}]\nvalues: {e1: {greeted: 90%}}\n"

pytestmark = [pytest.mark.wheel, pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this checkout."""
    target = tmp_path_factory.mktemp("dist")
    _run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", target, TOP], cwd=target)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment that holds the wheel, and sees this one's packages behind it: its `bin` and its site-packages.

    A folder named in a .pth file is searched after the environment's own and its own .pth files are not read, so the editable
    install of this checkout cannot be seen from there.
    """
    place = tmp_path_factory.mktemp("empty") / "venv"
    venv.create(place, symlinks=os.name != "nt")
    paths = sysconfig.get_paths("venv", vars={"base": str(place), "platbase": str(place)})
    _run([sys.executable, "-m", "pip", "--python", place, "install", "-qq", "--no-index", "--no-deps", wheel], cwd=place)
    Path(paths["purelib"], "behind.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return Path(paths["scripts"]), Path(paths["purelib"])


def test_the_wheel_holds_the_engine_the_library_and_the_licence(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "kaohe/cli/__init__.py" in names
    assert "kaohe/py.typed" in names
    assert [name for name in names if name.endswith("licenses/LICENSE")]
    assert {f"kaohe/library/{scheme}/scheme.yaml" for scheme in SCHEMES} <= set(names)
    assert {f"kaohe/indicators/themes/{theme}" for theme in THEMES} <= set(names)
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"kaohe", "kaohe_web"}
    site = ("site/templates/base.html", "site/static/kaohe/app.css", "rounds/migrations/0001_initial.py")
    assert {f"kaohe_web/{name}" for name in site} <= set(names)
    assert not [name for name in names if "__pycache__" in name]
    papers = ("fonts/KaoheSans-Regular.otf", "fonts/KaoheSans-Bold.otf", "fonts/OFL.txt", "page.typ", "scorecard.typ", "summary.typ")
    assert {f"kaohe/papers/{name}" for name in papers} <= set(names)
    assert [name for name in names if name.endswith("licenses/src/kaohe/papers/fonts/OFL.txt")]


def test_the_installed_engine_comes_from_the_wheel(installed, tmp_path):
    scripts, packages = installed
    program = "import kaohe.cli, kaohe.library; print(kaohe.cli.__file__, kaohe.library.__file__, sep='\\n')"
    told = _run([scripts / "python", "-c", program], cwd=tmp_path)
    assert [Path(path).is_relative_to(packages) for path in told.splitlines()] == [True, True]


def test_the_installed_command_lists_the_library(installed, tmp_path):
    scripts, _ = installed
    told = _run([scripts / "kaohe", "schemes"], cwd=tmp_path)
    assert SCHEMES, "no schemes in this checkout"
    assert [scheme for scheme in SCHEMES if scheme not in told] == []


def test_the_installed_command_writes_a_scheme_of_its_own_indicators(installed, tmp_path):
    scripts, _ = installed
    assert THEMES, "no indicators in this checkout"
    _run(
        [scripts / "kaohe", "indicators", "--theme", "quality", "--measured", "--scheme", "quality-only", "-o", "quality.yaml"],
        cwd=tmp_path,
    )
    assert "quality-only" in _run([scripts / "kaohe", "check", "quality.yaml"], cwd=tmp_path)


def test_the_installed_command_runs_a_schemes_cases(installed, tmp_path):
    scripts, packages = installed
    cases = sorted((packages / "kaohe" / "library").glob("*/cases.yaml"))
    assert cases, "no cases in the installed library"
    _run([scripts / "kaohe", "test", cases[0]], cwd=tmp_path)


def test_the_installed_command_prepares_and_serves_the_site(installed, tmp_path):
    scripts, _ = installed
    environment = {"PATH": os.environ.get("PATH", ""), "KAOHE_HOME": str(tmp_path / "home"), "KAOHE_LANG": "en"}
    process = subprocess.Popen(
        [scripts / "kaohe", "serve", "--port", "0"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert "The site is at http://127.0.0.1:" in process.stdout.readline()
        told = process.stdout.readline() + process.stdout.readline()
        assert "one-time password" in told
    finally:
        process.terminate()
        process.wait(30)


def _run(command, cwd):
    """What a command prints; the test fails, with all that it said, unless it exits 0. Only PATH comes along."""
    bare = {"PATH": os.environ.get("PATH", ""), "COLUMNS": "400"}
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=bare, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_installed_engine_puts_results_on_paper(installed, tmp_path):
    scripts, _ = installed
    (tmp_path / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    _run([scripts / "kaohe", "report", "scheme.yaml", "facts.yaml", "-o", "papers", "--one-file"], cwd=tmp_path)
    assert (tmp_path / "papers" / "scorecards.pdf").read_bytes().startswith(b"%PDF")
