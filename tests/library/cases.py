"""The worked cases of the library: its own, and those of the folder that KAOHE_CASES names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from kaohe.documents import Branch, read_document
from kaohe.library import library_folder, read_library, scheme_ids
from kaohe.plan import Plan


@cache
def plan_of(scheme: str) -> Plan:
    """The plan of a scheme of the library, compiled once."""
    return read_library(scheme)


def case_files(scheme: str) -> list[Path]:
    """The case files of one scheme that are there."""
    folders = [library_folder(), *(Path(folder) for folder in os.environ.get("KAOHE_CASES", "").split(os.pathsep) if folder)]
    files = [folder / scheme / "cases.yaml" for folder in folders]
    return [path for path in files if path.is_file()]


@cache
def rows_of(path: Path) -> tuple[Branch, ...]:
    """The cases of a file, as they are written."""
    tree, problems = read_document(path)
    assert not problems, [problem.tell("en") for problem in problems]
    rows = tree.get("cases") if tree is not None else None
    assert isinstance(rows, list), path
    return tuple(row for row in rows if isinstance(row, Branch))


def cases() -> Iterator[tuple[str, Branch]]:
    """Every case of every scheme of the library, with its scheme."""
    for scheme in scheme_ids():
        for path in case_files(scheme):
            yield from ((scheme, row) for row in rows_of(path))


def accepted_cases() -> Iterator[tuple[str, Branch]]:
    """The cases whose facts are good."""
    return ((scheme, row) for scheme, row in cases() if not row.get("expect_error"))
