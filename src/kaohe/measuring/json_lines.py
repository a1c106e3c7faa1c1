"""JSON lines: one object a line, its cells told by the path of their keys (`user.name`, `tags.0`).

Numbers are taken as they are written. A list of plain values reads as one cell; its elements are reached by their place.
What cannot be one object (a key twice, an endless nest, a line broken off) is a bad row, never a guess.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import pyarrow as pa

from kaohe.measuring.cells import Fault
from kaohe.measuring.definitions import Source
from kaohe.measuring.files import BATCH, MOST_BATCH_LETTERS, BadRow, RawBatch, check_width, shown
from kaohe.measuring.opening import BoundedStream, Limits, Progress, look_through
from kaohe.problems import Place

DEEPEST = 50  # objects within objects

Json = str | bool | dict[str, "Json"] | list["Json"] | None
Flat = dict[str, str]


class NotOneObject(ValueError):
    """A line that is no JSON object, or one that says something twice."""


class JsonLinesFile:
    """A text file with one JSON object a line, plain or packed. Its headers are the paths that occur in it."""

    def __init__(self, path: Path, source: Source, limits: Limits, progress: Progress) -> None:
        self._path, self._limits, self._progress = path, limits, progress
        self.encoding = look_through(path, source.encoding, limits, progress).encoding
        self._places = [part for column in source.columns.values() for alias in column.from_ for part in alias if _has_place(part)]
        self.headers = self._find_headers() or [alias[0][0] for alias in (column.from_ for column in source.columns.values())]

    def batches(self, used: Sequence[int]) -> Iterator[RawBatch]:
        """The objects of the file, in batches of texts; a line's number is its row."""
        rows: list[tuple[int, Flat]] = []
        bad: list[BadRow] = []
        blank = letters = 0
        for number, line in self._lines():
            letters += len(line)
            read = _read_line(number, line, self._places) if line.strip() else None
            if isinstance(read, BadRow):
                bad.append(read)
            elif read is None or not any(read.values()):
                blank += 1
            else:
                rows.append((number, read))
            if len(rows) + len(bad) >= BATCH or letters > MOST_BATCH_LETTERS:
                yield self._batch(rows, bad, blank, used)
                rows, bad, blank, letters = [], [], 0, 0
        yield self._batch(rows, bad, blank, used)

    def _batch(self, rows: list[tuple[int, Flat]], bad: list[BadRow], blank: int, used: Sequence[int]) -> RawBatch:
        cells = {i: pa.array([flat.get(self.headers[i], "") for _, flat in rows], pa.string()) for i in used}
        return RawBatch([number for number, _ in rows], cells, bad, blank, lambda i: self._whole(rows[i][1]))

    def _whole(self, flat: Flat) -> tuple[str, ...]:
        return tuple(flat.get(header, "") for header in self.headers)

    def _lines(self) -> Iterator[tuple[int, str]]:
        size = self._path.stat().st_size
        with BoundedStream(self._path, self._limits) as stream:
            text = io.TextIOWrapper(io.BufferedReader(stream, 1 << 18), self.encoding, errors="surrogateescape", newline="\n")
            for number, line in enumerate(text, 1):
                yield number, line.rstrip("\r\n")
                if number % BATCH == 0:
                    self._progress("read", stream.position, size)

    def _find_headers(self) -> list[str]:
        """Every path that occurs, in the order in which they first do; refused where there are too many of them."""
        found: dict[str, None] = {}
        for number, line in self._lines():
            read = _read_line(number, line, self._places) if line.strip() else None
            if isinstance(read, dict):
                found |= dict.fromkeys(read)
                check_width(len(found), Place(self._path.name), self._limits)
        return list(found)


def _has_place(part: str) -> bool:
    return any(step.isdecimal() for step in part.split("."))


def _read_line(number: int, line: str, places: Iterable[str]) -> Flat | BadRow:
    try:
        found = json.loads(line, parse_int=str, parse_float=str, parse_constant=_refuse, object_pairs_hook=_once)
        flat = _flat(found, places)
    except (ValueError, RecursionError):
        return BadRow(number, "", shown(line), Fault.NOT_JSON)
    return flat if _is_text(flat) else BadRow(number, "", shown(line), Fault.UNDECODABLE)


def _refuse(word: str) -> NoReturn:
    raise NotOneObject(word)


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """An object whose keys stand once each."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotOneObject("a key stands twice")
    return found


def _flat(found: Json, places: Iterable[str]) -> Flat:
    """The cells of an object by their path, elements of lists only where somebody asks for them."""
    if not isinstance(found, dict):
        raise NotOneObject("no object")
    cells: Flat = {}
    _flatten(found, "", cells, 0)
    for part in places:
        value = _walk(found, part.split("."))
        if value is not None:
            cells[part] = _text(value)
    return cells


def _flatten(found: dict[str, Json], before: str, cells: Flat, depth: int) -> None:
    if depth > DEEPEST:
        raise NotOneObject("too deep")
    for key, value in found.items():
        path = f"{before}{key}"
        if isinstance(value, dict):
            _flatten(value, f"{path}.", cells, depth + 1)
        elif path in cells:
            raise NotOneObject("two cells of one path")
        else:
            cells[path] = _text(value)


def _walk(found: Json, steps: Sequence[str]) -> Json:
    for step in steps:
        if isinstance(found, list) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        elif isinstance(found, dict) and step in found:
            found = found[step]
        else:
            return None
    return found


def _text(value: Json) -> str:
    """A value as a cell: a list of plain values in one line, one of others as it stands."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: ""}[value]
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(str(one) for one in value)
    return json.dumps(value, ensure_ascii=False)


def _is_text(flat: Flat) -> bool:
    """Whether all cells, and their paths, are letters that can be written."""
    try:
        "".join([*flat, *flat.values()]).encode()
    except UnicodeEncodeError:
        return False
    return True
