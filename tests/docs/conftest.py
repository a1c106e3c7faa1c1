"""What the tests of the documentation share: the generator, and the scheme within which examples stand."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
import yaml

TOP = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def reference():
    """tools/reference.py as a module."""
    spec = importlib.util.spec_from_file_location("reference", TOP / "tools" / "reference.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["reference"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def whole(reference):
    """The tea-house scheme as a tree of text."""
    return yaml.load(reference.WHOLE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
