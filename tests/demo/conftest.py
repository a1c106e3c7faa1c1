"""One demonstration on a tenth of the conversations, made once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kaohe.demo import Demo, run_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Three months, 60 agents, 20,000 conversations, in Chinese."""
    return run_demo(tmp_path_factory.mktemp("demo") / "company", conversations=20_000)


@pytest.fixture(scope="session")
def expected(demo: Demo) -> dict[str, Any]:
    """What expected.json of its sample says."""
    content: dict[str, Any] = json.loads((demo.folder / "expected.json").read_text(encoding="utf-8"))
    return content
