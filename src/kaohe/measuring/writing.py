"""Files written whole or not at all, and CSV that spreadsheets read without harm."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A file to write beside `path` that becomes it at the end; after a failure `path` is as before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def write_text(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a text file whole or not at all."""
    with written_whole(path) as part:
        part.write_text(text, encoding=encoding, newline="")


def write_rows(path: Path, write: Callable[[IO[str]], None]) -> None:
    """Write a CSV file for people (UTF-8 with a mark that spreadsheets know) whole or not at all."""
    with written_whole(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        write(file)


def as_shown(text: str) -> str:
    """The text as a spreadsheet may show it: what would start a formula gets an apostrophe before it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
