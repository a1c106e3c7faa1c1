"""Files written whole or not at all, and CSV that spreadsheets read without harm."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PART = (".", ".part")  # how the name of a file that is still being written begins and ends
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
MOST_LETTERS = 32_000  # that a spreadsheet keeps of a cell
_NUMBER = re.compile(r"-\d+(\.\d+)?")


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A file to write beside `path` that becomes it at the end; after a failure `path` is as before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=PART[0], suffix=PART[1])
    os.close(handle)
    part = Path(name)
    try:
        yield part
        _keep(part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _keep(part: Path) -> None:
    """Have the disk hold what was written before its name says that it is there."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def sweep_parts(folder: Path) -> None:
    """Remove what a process that was killed left half written in a folder."""
    for part in folder.glob(f"{PART[0]}*{PART[1]}"):
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
    """The text as a spreadsheet may show it: what would start a formula gets an apostrophe before it.

    >>> as_shown("=1+1"), as_shown("-5"), as_shown("'=x")
    ("'=1+1", '-5', "''=x")
    """
    cut = text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"
    return f"'{cut}" if cut.lstrip("' ").startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(cut) else cut


def as_meant(text: str) -> str:
    """What a text said before `as_shown` made it harmless.

    >>> [as_meant(as_shown(text)) for text in ("=1+1", "-5", "'=x", "'x")]
    ['=1+1', '-5', "'=x", "'x"]
    """
    return text[1:] if text.startswith("'") and text.lstrip("' ").startswith(FORMULA_STARTS) else text
