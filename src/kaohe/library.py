"""Where the schemes of the library stand: beside the package when installed, at the root of a checkout."""

from __future__ import annotations

from pathlib import Path

from kaohe.plan import Plan
from kaohe.reading import read_plan

HERE = Path(__file__).resolve().parent


def library_folder() -> Path:
    """The folder that holds one folder for each scheme."""
    installed = HERE / "library"
    return installed if installed.is_dir() else HERE.parents[1] / "schemes"


def scheme_ids() -> list[str]:
    """The ids of the library's schemes, in order."""
    folder = library_folder()
    return sorted(path.parent.name for path in folder.glob("*/scheme.yaml")) if folder.is_dir() else []


def scheme_file(name: str) -> Path | None:
    """The file of a scheme, by its id in the library or by a path to a file or folder."""
    if name in scheme_ids():
        return library_folder() / name / "scheme.yaml"
    path = Path(name)
    if path.is_dir():
        path = path / "scheme.yaml"
    return path if path.is_file() else None


def read_library(name: str) -> Plan:
    """The plan of a scheme of the library; a KeyError for one that is not there."""
    path = scheme_file(name)
    if path is None:
        raise KeyError(name)
    return read_plan(path)
