"""The examples of this folder: small tea-house schemes, each with one thing to ask about and, in its comments, what mends it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from kaohe.linting import lint_scheme
from kaohe.reading import plan_of_text, read_plan_with_places

HERE = Path(__file__).parent / "examples"
EXPECT = re.compile(r"# finds: (?P<code>L\d{3})  line: (?P<line>\d+)  key: (?P<key>\S+)")
MENDED = re.compile(r"(?P<blank> *)# mended:(?: (?P<text>.*))?")


@dataclass(frozen=True)
class Example:
    """A scheme that is asked about: the code, line and key of the finding."""

    path: Path
    code: str
    line: int
    key: str

    @property
    def mended(self) -> str:
        """The same scheme as its comments mend it: each `# mended:` replaces the line before it."""
        return mended(self.path.read_text(encoding="utf-8"))


def mended(text: str) -> str:
    """A text in which each `# mended: …` stands for the line before it; an empty one leaves that line out."""
    lines: list[str] = []
    for line in text.splitlines():
        match = MENDED.fullmatch(line)
        if match is None:
            lines.append(line)
            continue
        lines.pop()
        lines += [match["blank"] + match["text"]] if match["text"] else []
    return "\n".join(lines) + "\n"


def read_example(path: Path) -> Example:
    """What the second line of a file expects."""
    match = EXPECT.fullmatch(path.read_text(encoding="utf-8").splitlines()[1])
    assert match, f"{path.name}: the second line should read `# finds: L030  line: 12  key: name`"
    return Example(path, match["code"], int(match["line"]), match["key"])


EXAMPLES = [read_example(path) for path in sorted(HERE.glob("L*.yaml"))]


@pytest.fixture(params=EXAMPLES, ids=lambda example: example.path.stem)
def example(request):
    return request.param


@pytest.fixture(scope="session")
def examples():
    return EXAMPLES


def found(path):
    """The findings of a scheme file."""
    return lint_scheme(*read_plan_with_places(path))


def codes(text):
    """The codes found in a scheme's text, with their keys."""
    return [(finding.code, finding.key) for finding in lint_scheme(plan_of_text(text))]
