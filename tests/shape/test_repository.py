"""What no file of the repository may hold, and what the house's own files must agree on."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
MINIFIED = re.compile(r"\.min\.(js|css)$")

# Written so that this file does not hold them.
MACHINE = re.compile(
    r"/wor[k]/|/roo[t]/|/far[m]/|/opt/(?:pyp[i]|whee[l]s)|/tmp/bash[_]jobs"
    r"|py[p]i\.org|python[h]osted\.org|np[m]js\.(?:org|com)|de[b]\.debian\.org"
)
BESIDE = re.compile(r"\.\./share[d]")


@pytest.fixture(scope="module")
def texts():
    """Every text file that is tracked, or would be: its path within the repository, and its lines."""
    if not (TOP / ".git").exists():
        pytest.skip("not a git checkout: nothing tells which files are the repository's")
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=True, cwd=TOP).stdout
    names = sorted(name for name in set(listed.decode().split("\0")) if (TOP / name).is_file() and not MINIFIED.search(name))
    read = ((name, (TOP / name).read_bytes()) for name in names)
    return {name: data.decode("utf-8", errors="replace").splitlines() for name, data in read if b"\0" not in data}


def test_no_file_names_this_machine_or_a_package_registry(texts):
    assert _where(texts, MACHINE) == []


def test_only_ci_looks_beside_the_checkout(texts):
    assert [place for place in _where(texts, BESIDE) if not place.startswith(".ci/run:")] == []


def test_ci_can_be_run(top):
    assert os.access(top / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize("name", ["runtime", "test", "engines", "build"])
def test_every_locked_package_has_its_version_and_hashes_and_no_place(top, name):
    lines = _requirements(top, name)
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9.-]+==[0-9][\w.]*( --hash=sha256:[0-9a-f]{64})+", line)] == []


def test_what_runs_is_what_is_tested(top):
    tested = set(_requirements(top, "test"))
    assert tested <= set(_requirements(top, "engines"))
    assert set(_requirements(top, "runtime")) <= tested
    assert set(_requirements(top, "build")) <= tested


def test_every_dependency_is_locked(top):
    project = tomllib.loads((top / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = dict(project["optional-dependencies"])
    engines = extras.pop("engines")
    tested = chain.from_iterable(extras.values())
    for name, asked in (("runtime", project["dependencies"]), ("test", tested), ("engines", engines)):
        locked = {line.partition("==")[0] for line in _requirements(top, name)}
        missing = {_plain(line) for line in asked} - locked
        assert not missing, f"requirements/{name}.txt lacks {sorted(missing)}: run `make lock`"


def test_the_version_stands_in_one_place(top, modules):
    version = tomllib.loads((top / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert [module.name for module in modules if f'"{version}"' in module.text] == []


def _where(texts, pattern):
    return [
        f"{name}:{number}: {found.group()}"
        for name, lines in texts.items()
        for number, line in enumerate(lines, start=1)
        for found in pattern.finditer(line)
    ]


def _requirements(top, name):
    """The lock file's packages, a line each: name==version and its hashes."""
    text = (top / "requirements" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    return [" ".join(line.split()) for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


def _plain(requirement):
    return re.match(r"[\w.-]+", requirement).group().lower().replace("_", "-").replace(".", "-")
