"""What a source says of a file: which header is which column, and what each row's cells are.

Batches of texts become typed columns; rows that cannot be read are told, never dropped.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from kaohe.measuring.cells import ARROW_TYPES, Cells, Fault, Value, instants, read_column, reader_of
from kaohe.measuring.definitions import Column, Source
from kaohe.measuring.files import MOST_SHOWN, BadRow, RawBatch, RawFile
from kaohe.measuring.problems import HeaderAbsent, HeaderTwice, did_you_mean
from kaohe.problems import Place, Problem, refuse

ROW = "_row"


@dataclass(frozen=True)
class CheckedBatch:
    """Rows that could be read, typed, with their number in `_row`; and those that could not."""

    table: pa.Table
    bad: list[BadRow]
    blank: int


def check_file(raw: RawFile, path: Path, source: Source, zone: ZoneInfo) -> Iterator[CheckedBatch]:
    """The rows of an opened file in checked batches."""
    bound = bind_headers(raw.headers, source, Place(path.name, sheet=source.sheet or ""))
    used = sorted({i for indices in bound.values() for i in indices})
    for batch in raw.batches(used):
        yield check_rows(batch, bound, source, zone)


# --- headers --------------------------------------------------------------------------------------


def bind_headers(headers: list[str], source: Source, place: Place) -> dict[str, tuple[int, ...]]:
    """Which headers each column of the table stands under: the first alias found wins.

    An optional column that is absent stands under none. All that are absent or doubtful are told.
    """
    plain = [plain_header(header) for header in headers]
    bound: dict[str, tuple[int, ...]] = {}
    problems: list[Problem] = []
    for name, column in source.columns.items():
        found = next((alias for alias in column.from_ if all(plain_header(part) in plain for part in alias)), None)
        bound[name] = tuple(plain.index(plain_header(part)) for part in found or ())
        problems += _doubtful(plain, found or (), place)
        if found is None and not column.optional:
            problems.append(_absent(name, column, headers, place))
    refuse(problems)
    return bound


def unused_headers(headers: list[str], bound: dict[str, tuple[int, ...]]) -> tuple[str, ...]:
    """The headers of a file that no column of the table takes."""
    used = {i for indices in bound.values() for i in indices}
    return tuple(header for i, header in enumerate(headers) if i not in used and header.strip())


def plain_header(header: str) -> str:
    """A header as it compares: whatever its case, width and blanks."""
    return " ".join(unicodedata.normalize("NFKC", header).split()).casefold()


def _doubtful(plain: list[str], alias: Sequence[str], place: Place) -> list[Problem]:
    counts = {part: plain.count(plain_header(part)) for part in alias}
    return [HeaderTwice(place, [part], header=part, count=count) for part, count in counts.items() if count > 1]


def _absent(name: str, column: Column, headers: list[str], place: Place) -> Problem:
    wanted = " / ".join(" + ".join(alias) for alias in column.from_)
    hint = did_you_mean(column.from_[0][0], [header for header in headers if header.strip()])
    return HeaderAbsent(place, [name, *column.from_[0]], column=name, headers=wanted, **hint)


# --- checking -------------------------------------------------------------------------------------


def check_rows(batch: RawBatch, bound: dict[str, tuple[int, ...]], source: Source, zone: ZoneInfo) -> CheckedBatch:
    """Typed columns of the rows that could be read, and every bad cell of those that could not."""
    arrays: dict[str, pa.Array] = {}
    bad = [_in_its_column(row, bound) for row in batch.bad]
    doomed: set[int] = set()
    for name, column in source.columns.items():
        found = _column_cells(batch, bound[name])
        cells = _read_cells(found, column, zone, frozenset([*source.missing, *column.missing]))
        arrays[name] = cells.values
        bad += [BadRow(batch.rows[i], name, _shown(found, i), fault, batch.whole(i)) for i, fault in sorted(cells.faults.items())]
        doomed |= cells.faults.keys()
    table = pa.table({ROW: pa.array(batch.rows, pa.int64()), **arrays}, schema=schema_of(source))
    return CheckedBatch(_without(table, doomed), sorted(bad, key=lambda row: row.row), batch.blank)


def read_text(text: str, source: Source, name: str, zone: ZoneInfo) -> Value | Fault | None:
    """What one text says under a column of the table; None where it stands for an empty cell."""
    column = source.columns[name]
    trimmed = text.strip()
    if trimmed in ("", *source.missing, *column.missing):
        return None
    return reader_of(column, zone)(trimmed)


def schema_of(source: Source) -> pa.Schema:
    """The columns of a table as they are stored; `_row` leads back to the file."""
    fields = [(ROW, pa.int64()), *((name, ARROW_TYPES[column.type]) for name, column in source.columns.items())]
    return pa.schema(fields)


def _in_its_column(row: BadRow, bound: dict[str, tuple[int, ...]]) -> BadRow:
    """The bad row with the column whose cell it names, where it names one."""
    column = next((name for name, indices in bound.items() if row.header in indices), "")
    return replace(row, column=column) if column else row


def _column_cells(batch: RawBatch, indices: tuple[int, ...]) -> pa.Array:
    if not indices:
        return pa.nulls(len(batch.rows), pa.string())
    if len(indices) == 1:
        return batch.cells[indices[0]]
    return pc.binary_join_element_wise(*(batch.cells[i].cast(pa.string()) for i in indices), " ", null_handling="skip")


def _read_cells(found: pa.Array, column: Column, zone: ZoneInfo, missing: frozenset[str]) -> Cells:
    if not pa.types.is_string(found.type) and not column.words:
        native = _native_values(found, column, zone)
        if native is not None and not (column.needed and native.null_count):
            return Cells(native, {})
    return read_column(found.cast(pa.string()), column, zone, missing)


def _native_values(found: pa.Array, column: Column, zone: ZoneInfo) -> pa.Array | None:
    """The values of a typed Parquet column where they fit as they are; None where they must be read as text."""
    convert = NATIVE.get(column.type)
    try:
        return convert(found, column, zone) if convert else None
    except pa.ArrowInvalid:
        return None


def _native_number(found: pa.Array, column: Column, zone: ZoneInfo) -> pa.Array | None:
    plain = pa.types.is_integer(found.type) and (column.type != "seconds" or column.unit == "seconds")
    return pc.multiply_checked(found.cast(pa.int64()), pa.scalar(column.scale, pa.int64())) if plain else None


def _native_datetime(found: pa.Array, column: Column, zone: ZoneInfo) -> pa.Array | None:
    return instants(found, column, zone) if pa.types.is_timestamp(found.type) else None


def _native_date(found: pa.Array, column: Column, zone: ZoneInfo) -> pa.Array | None:
    return found.cast(pa.date32()) if pa.types.is_date(found.type) else None


def _native_yes_no(found: pa.Array, column: Column, zone: ZoneInfo) -> pa.Array | None:
    return found if pa.types.is_boolean(found.type) else None


NATIVE = {
    "whole": _native_number,
    "number": _native_number,
    "seconds": _native_number,
    "datetime": _native_datetime,
    "date": _native_date,
    "yes_no": _native_yes_no,
}


def _shown(found: pa.Array, i: int) -> str:
    value = found[i].as_py()
    return "" if value is None else str(value)[:MOST_SHOWN]


def _without(table: pa.Table, doomed: set[int]) -> pa.Table:
    if not doomed:
        return table
    keep = [i not in doomed for i in range(table.num_rows)]
    return table.filter(pa.array(keep, pa.bool_()))
