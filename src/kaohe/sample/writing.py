"""Writes tables as files: CSV in an encoding, compressed when the name says so, the same bytes every time.

The text is the same anywhere; how it is packed is up to the zlib that Python was built with.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kaohe.sample.drawing import Cells, Ints

_LEVEL = 4  # of compression: half the time of 6 for a tenth more bytes


def write_columns(path: Path, table: Mapping[str, Cells], rows: Ints, encoding: str = "utf-8") -> int:
    """Writes those rows of a table of columns; answers how many."""
    columns = [_quoted(column[rows].tolist()) for column in table.values()]
    lines = [",".join(table), *map(",".join, zip(*columns, strict=True))]
    _write(path, ("\n".join(lines) + "\n").encode(encoding))
    return len(rows)


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Writes a table of rows; answers how many."""
    lines = [",".join(_quoted(list(row))) for row in rows]
    _write(path, ("\n".join([",".join(header), *lines]) + "\n").encode())
    return len(lines)


def write_text(path: Path, text: str) -> None:
    """Writes a text as it is."""
    _write(path, text.encode())


def _quoted(cells: list[str]) -> list[str]:
    """The cells, in quotes where there is a comma; the sample has no quotes and no line breaks in cells."""
    if "," not in "".join(cells):
        return cells
    return [f'"{cell}"' if "," in cell else cell for cell in cells]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_compressed(content) if path.suffix == ".gz" else content)


def _compressed(content: bytes) -> bytes:
    """Without a name and a time in the header."""
    target = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=target, mtime=0) as file:
        file.write(content)
    return target.getvalue()
