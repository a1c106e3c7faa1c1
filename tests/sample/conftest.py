"""A small sample, made once, and a plain reader of its files."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kaohe.sample import SampleReport, make_sample

Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> SampleReport:
    """Three months, 20 agents, 5,000 conversations."""
    return make_sample(tmp_path_factory.mktemp("small"), seed=7, agents=20, conversations=5_000)


@pytest.fixture(scope="session")
def expected(small: SampleReport) -> dict[str, Any]:
    """What expected.json of the small sample says."""
    content: dict[str, Any] = json.loads((small.folder / "expected.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="session")
def rows_of(small: SampleReport) -> Callable[[str], Rows]:
    """Reads all files of the small sample that a pattern names, one after the other."""

    def read(pattern: str) -> Rows:
        return [row for path in sorted(small.folder.glob(pattern)) for row in csv.DictReader(io.StringIO(_text(path)))]

    return read


def _text(path: Path) -> str:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return content.decode("gbk" if path.name == "complaints.csv" else "utf-8-sig")
