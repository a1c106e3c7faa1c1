"""Files of events as batches of texts under their headers: CSV, workbooks, Parquet.

A file is read as a stream; a row's number is the one a spreadsheet would show: the header's row is
`header_row`, the next one follows. What the cells mean is told by `kaohe.measuring.sources`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.parquet as pq
import python_calamine

from kaohe.measuring.cells import Fault, excel_text
from kaohe.measuring.definitions import Source
from kaohe.measuring.opening import (
    BoundedStream,
    Limits,
    Progress,
    guard_workbook,
    look_through,
    refuse_line,
    refuse_size,
)
from kaohe.measuring.problems import CellKindUnknown, FileUnreadable, SheetAbsent, did_you_mean
from kaohe.problems import Place, refuse

BATCH = 50_000
PARQUET_BATCH = 131_072
DELIMITERS = {"comma": ",", "tab": "\t", "semicolon": ";", "pipe": "|"}
MOST_BATCH_LETTERS = 64 << 20
MOST_SHOWN = 200
MOST_CELLS = 2000
MOST_DIGITS = 15  # that a workbook keeps of a number


@dataclass(frozen=True)
class BadRow:
    """A cell for which a row is set aside, and all cells of that row as texts.

    `column` is empty where the whole row is at fault; `header` is where the cell stands, as long as
    nobody has said to which column it belongs.
    """

    row: int
    column: str
    text: str
    fault: Fault
    cells: tuple[str, ...] = ()
    header: int | None = None


def no_cells(i: int) -> tuple[str, ...]:
    """Of a batch without rows."""
    return ()


@dataclass(frozen=True)
class RawBatch:
    """Some rows of a file: their numbers, the cells of each header used, the rows already bad.

    `whole` gives all cells of the i-th row as texts, those of headers that nobody uses too.
    """

    rows: list[int]
    cells: dict[int, pa.Array]
    bad: list[BadRow] = field(default_factory=list)
    blank: int = 0
    whole: Callable[[int], tuple[str, ...]] = no_cells


class RawFile(Protocol):
    """An opened file: its headers, and its rows as batches of the headers asked for."""

    headers: list[str]
    encoding: str

    def batches(self, used: Sequence[int]) -> Iterator[RawBatch]:
        """The rows below the header, in their order."""
        ...


# --- CSV ------------------------------------------------------------------------------------------


class CsvFile:
    """A text file with one event a line, plain or packed, in UTF-8 or GB18030."""

    def __init__(self, path: Path, source: Source, limits: Limits, progress: Progress) -> None:
        self._path, self._source, self._limits, self._progress = path, source, limits, progress
        first = _first_lines(path, source, limits)
        writing = look_through(path, source.encoding, limits, progress)
        self.encoding = writing.encoding
        self._has_bad_bytes = writing.has_bad_bytes
        self._delimiter = _delimiter(first.decode(self.encoding, "replace"), source)
        self.headers = self._read_headers()

    def batches(self, used: Sequence[int]) -> Iterator[RawBatch]:
        """The rows below the header, in batches of texts."""
        with BoundedStream(self._path, self._limits) as stream:
            lines = Lines(self._text(stream))
            for some in _in_batches(islice(csv_records(lines, self._delimiter), self._source.header_row, None), lines):
                yield raw_batch(some, used, len(self.headers), self._has_bad_bytes)
                self._progress("read", stream.position, self._path.stat().st_size)

    def _read_headers(self) -> list[str]:
        with BoundedStream(self._path, self._limits) as stream:
            record = next(islice(csv_records(Lines(self._text(stream)), self._delimiter), self._source.header_row - 1, None), None)
        if record is None or isinstance(record, BadRow):
            refuse([FileUnreadable(Place(self._path.name), [self._path.name], why="no header row")])
            return []
        headers = [cell.removeprefix("\ufeff") for cell in record[1]]
        check_width(len(headers), Place(self._path.name), self._limits)
        return headers

    def _text(self, stream: BoundedStream) -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BufferedReader(stream, 1 << 18), self.encoding, errors="surrogateescape", newline="")


Record = tuple[int, list[str]] | BadRow


class Lines:
    """Lines handed on one by one; keeps those of the record that is being read, and counts letters."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.taken: list[str] = []
        self.letters = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.taken.append(line)
            self.letters += len(line)
            yield line


def _in_batches(records: Iterable[Record], lines: Lines) -> Iterator[list[Record]]:
    """Records in batches, each of at most so many rows and letters."""
    some: list[Record] = []
    for record in records:
        some.append(record)
        if len(some) >= BATCH or lines.letters > MOST_BATCH_LETTERS:
            yield some
            some, lines.letters = [], 0
    if some:
        yield some


def csv_records(lines: Lines, delimiter: str) -> Iterator[Record]:
    """Numbered records; where quotes do not match, each line that they swallowed is a bad row of its own."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 1
    while True:
        lines.taken.clear()
        try:
            yield number, next(reader)
            number += 1
        except StopIteration:
            return
        except csv.Error:
            yield from [_swallowed(number + i, line, delimiter) for i, line in enumerate(lines.taken)]
            number += len(lines.taken)


def _swallowed(row: int, line: str, delimiter: str) -> BadRow:
    """A line as it stands, its quotes read as letters."""
    cells = _printable(line.rstrip("\r\n").split(delimiter)) if len(line) <= csv.field_size_limit() else ()
    return BadRow(row, "", shown(line.rstrip("\r\n")), Fault.QUOTES, cells)


def _first_lines(path: Path, source: Source, limits: Limits) -> bytes:
    """The first bytes of a file, in which the header must end."""
    room = limits.header_bytes * source.header_row
    with BoundedStream(path, limits) as stream:
        start = io.BufferedReader(stream, 1 << 16).read(min(room, limits.line_bytes) + 1)
    if len(start) > limits.header_bytes and b"\n" not in start and b"\r" not in start:
        refuse_line(Place(path.name), len(start), limits)
    header = start.split(b"\n")[: source.header_row]
    if any(len(line) > limits.header_bytes for line in header):
        refuse_size(
            Place(path.name),
            "表头长度（字节）",
            "the length of the header in bytes",
            max(map(len, header)),
            limits.header_bytes,
            "header_bytes",
        )
    return start[: 1 << 16]


def _delimiter(start: str, source: Source) -> str:
    """The declared delimiter, or the one that stands most often in the header's line."""
    if source.delimiter != "auto":
        return DELIMITERS[source.delimiter]
    line = (start.splitlines() or [""])[min(source.header_row, len(start.splitlines()) or 1) - 1]
    return max(DELIMITERS.values(), key=line.count)


def check_width(count: int, place: Place, limits: Limits) -> None:
    """Raise Problems for more columns than the limits allow."""
    if count > limits.columns:
        refuse_size(place, "列数", "the number of columns", count, limits.columns, "columns")


def raw_batch(records: Iterable[Record], used: Sequence[int], width: int, has_bad_bytes: bool = False) -> RawBatch:
    """Records of the right width as columns of texts; the others as bad rows; blank ones counted."""
    good: list[tuple[int, list[str]]] = []
    bad: list[BadRow] = []
    blank = 0
    for record in records:
        if isinstance(record, BadRow):
            bad.append(record)
        elif fault := _record_fault(record[1], width, has_bad_bytes):
            bad.append(BadRow(record[0], "", shown(",".join(record[1][:50])), fault, _printable(record[1])))
        elif any(record[1]):
            good.append(record)
        else:
            blank += 1
    cells = {i: pa.array([record[i] for _, record in good], pa.string()) for i in used}
    return RawBatch([number for number, _ in good], cells, bad, blank, lambda i: tuple(good[i][1][:width]))


def _record_fault(record: list[str], width: int, has_bad_bytes: bool) -> Fault | None:
    if len(record) != width and any(record) and (len(record) < width or any(record[width:])):
        return Fault.WRONG_COLUMN_COUNT
    if has_bad_bytes and any("\ud800" <= letter <= "\udfff" for cell in record for letter in cell):
        return Fault.UNDECODABLE
    return None


def _printable(cells: Sequence[str]) -> tuple[str, ...]:
    """Cells as they may be listed: bytes that made no sense are spelt out; a row of far too many cells is cut."""
    return tuple(cell.encode("utf-8", "backslashreplace").decode() for cell in cells[:MOST_CELLS])


def shown(text: str) -> str:
    """The beginning of a text, as it may be listed."""
    return text[:MOST_SHOWN].encode("utf-8", "backslashreplace").decode()


# --- workbooks ------------------------------------------------------------------------------------


class Workbook:
    """One sheet of a workbook: the named one, or the first."""

    encoding = "xlsx"

    def __init__(self, path: Path, source: Source, limits: Limits, progress: Progress) -> None:
        guard_workbook(path, limits)
        self._place = Place(path.name, sheet=source.sheet or "")
        self._progress, self._header_row = progress, source.header_row
        sheet = _sheet_of(path, source.sheet, self._place)
        check_width(sheet.total_width, self._place, limits)
        self._rows: list[list[object]] = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
        if len(self._rows) < self._header_row:
            refuse([FileUnreadable(self._place, [path.name], why="no header row")])
        self.headers = [excel_text(cell) for cell in self._rows[self._header_row - 1]]

    def batches(self, used: Sequence[int]) -> Iterator[RawBatch]:
        """The rows below the header, in batches of texts."""
        wanted = frozenset(used)
        numbered = enumerate(islice(self._rows, self._header_row, None), self._header_row + 1)
        while some := list(islice(numbered, BATCH)):
            records = [_workbook_record(number, row, wanted) for number, row in some]
            yield raw_batch(records, used, len(self.headers))
            self._progress("read", some[-1][0], len(self._rows))


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook; raises Problems for what is none."""
    try:
        return python_calamine.CalamineWorkbook.from_path(str(path)).sheet_names
    except python_calamine.CalamineError as error:
        refuse([FileUnreadable(Place(path.name), [path.name], why=str(error))])
        raise


def _sheet_of(path: Path, name: str | None, place: Place) -> python_calamine.CalamineSheet:
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        if name is not None and name not in names:
            refuse([SheetAbsent(place, [name], name=name, known=", ".join(names), **did_you_mean(name, names))])
        return book.get_sheet_by_name(name or names[0])
    except (python_calamine.CalamineError, IndexError) as error:
        refuse([FileUnreadable(place, [path.name], why=str(error))])
        raise


def _workbook_record(number: int, row: list[object], wanted: frozenset[int]) -> Record:
    lost = next((i for i in wanted if i < len(row) and _has_lost_digits(row[i])), None)
    cells = [excel_text(cell) for cell in row]
    return (number, cells) if lost is None else BadRow(number, "", cells[lost], Fault.DIGITS_LOST, tuple(cells), lost)


def _has_lost_digits(cell: object) -> bool:
    """A number of more digits than a workbook keeps (15): a phone or order number stored as one."""
    return isinstance(cell, float) and abs(cell) >= 10**MOST_DIGITS


# --- Parquet --------------------------------------------------------------------------------------


class ParquetFile:
    """A Parquet file: typed columns are taken as they are where they fit."""

    encoding = "parquet"

    def __init__(self, path: Path, source: Source, limits: Limits, progress: Progress) -> None:
        self._place, self._progress = Place(path.name), progress
        try:
            self._file = pq.ParquetFile(path)
        except pa.ArrowInvalid as error:
            refuse([FileUnreadable(self._place, [path.name], why=str(error).splitlines()[0])])
        self.headers = list(self._file.schema_arrow.names)
        check_width(len(self.headers), self._place, limits)

    def batches(self, used: Sequence[int]) -> Iterator[RawBatch]:
        """The rows, numbered as if a header stood above them."""
        self._check_types(used)
        names = [self.headers[i] for i in used]
        number, total, texts = 2, self._file.metadata.num_rows, _Texts(self._file)
        for place, batch in enumerate(self._file.iter_batches(PARQUET_BATCH, columns=names)):
            rows = list(range(number, number + batch.num_rows))
            cells = {i: _plain_array(batch.column(self.headers[i])) for i in used}
            yield RawBatch(rows, cells, whole=partial(texts.row, place))
            number += batch.num_rows
            self._progress("read", number - 2, total)

    def _check_types(self, used: Sequence[int]) -> None:
        schema = self._file.schema_arrow
        fields = [schema.field(i) for i in used]
        odd = [field for field in fields if not _is_single(field.type)]
        refuse([CellKindUnknown(self._place, [one.name], header=one.name, type=str(one.type)) for one in odd])


class _Texts:
    """All cells of a Parquet file as texts, read only where somebody asks; batches are asked for in their order."""

    def __init__(self, file: pq.ParquetFile) -> None:
        self._names = list(file.schema_arrow.names)
        self._single = [name for name in self._names if _is_single(file.schema_arrow.field(name).type)]
        self._batches = enumerate(file.iter_batches(PARQUET_BATCH, columns=self._single))
        self._at = -1
        self._columns: dict[str, pa.Array] = {}

    def row(self, place: int, i: int) -> tuple[str, ...]:
        """The cells of the i-th row of a batch; empty where a column holds no single values."""
        if place != self._at:
            self._at, batch = next(found for found in self._batches if found[0] == place)
            self._columns = {name: _plain_array(batch.column(name)) for name in self._single}
        return tuple(cell_text(self._columns[name], i) if name in self._columns else "" for name in self._names)


def cell_text(cells: pa.Array, i: int) -> str:
    """What a cell says, as a text; empty for a missing one."""
    return str(cells[i].cast(pa.string()).as_py() or "") if cells[i].is_valid else ""


def _is_single(kind: pa.DataType) -> bool:
    return not (pa.types.is_nested(kind) or pa.types.is_binary(kind))


def _plain_array(array: pa.Array) -> pa.Array:
    """The array without dictionary, and every kind of text as the one kind."""
    plain = array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
    is_text = pa.types.is_large_string(plain.type) or pa.types.is_string_view(plain.type)
    return plain.cast(pa.string()) if is_text else plain
