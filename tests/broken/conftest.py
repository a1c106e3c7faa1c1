"""The corpus: every broken scheme of this folder with what its first lines expect of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
EXPECT = re.compile(r"# expect: (?P<code>[A-Z]\d{3})(?:  line: (?P<line>\d+))?(?:  about: (?P<about>.+))?")


@dataclass(frozen=True)
class Broken:
    """A broken scheme: the code it is refused by, and the line and name it is told under."""

    path: Path
    code: str
    line: int | None
    about: str | None


def read_broken(path: Path) -> Broken:
    """What the second line of a file expects."""
    second = path.read_text(encoding="utf-8").splitlines()[1]
    match = EXPECT.fullmatch(second)
    assert match, f"{path.name}: the second line should read `# expect: S010  line: 17  about: name`"
    return Broken(path, match["code"], None if match["line"] is None else int(match["line"]), match["about"])


CORPUS = [read_broken(path) for path in sorted(HERE.glob("[A-Z]*.yaml"))]


@pytest.fixture(params=CORPUS, ids=lambda broken: broken.path.stem)
def broken(request):
    return request.param


@pytest.fixture(scope="session")
def corpus():
    return CORPUS


@pytest.fixture(scope="session")
def whole():
    """The text of the tea-house scheme in which nothing is wrong."""
    return (HERE / "tea-house.yaml").read_text(encoding="utf-8")
