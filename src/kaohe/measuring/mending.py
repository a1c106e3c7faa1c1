"""What becomes of rows set aside: mended by a file that people filled in, or waived by name.

Of a mended row only the cells that were at fault are taken from the mended file; the others stay as the original file had
them, whatever a spreadsheet made of them since. A mended row joins its own import under its own row number. An import and its
mended rows give the same figures in whatever order they came.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kaohe.measuring.definitions import Definitions, Source
from kaohe.measuring.events import events_writer
from kaohe.measuring.files import raw_batch
from kaohe.measuring.setting_aside import OPEN, RowAside, kept_headers, kept_rows, write_list
from kaohe.measuring.sources import ROW, CheckedBatch, bind_headers, check_rows
from kaohe.measuring.workspace import Import, Workspace
from kaohe.measuring.writing import written_whole
from kaohe.problems import NOWHERE
from kaohe.texts import Text

LEDGER = pa.schema(
    [
        ("row", pa.int64()),
        ("cells", pa.list_(pa.string())),
        ("file", pa.string()),
        ("by", pa.string()),
        ("at", pa.string()),
        ("taken", pa.bool_()),
    ]
)


@dataclass(frozen=True)
class Mended:
    """A row as somebody mended it: all its cells, by which file, by whom and when, and whether it is among the rows taken.

    A row that a mapping reads without mending, or not even then, is kept for the mapping under which it was mended.
    """

    row: int
    cells: tuple[str, ...]
    file: str
    by: str | None = None
    at: str | None = None
    taken: bool = True


Ledger = Mapping[int, Mended]


# --- the ledger of mended rows --------------------------------------------------------------------


def read_ledger(workspace: Workspace, entry: Import) -> dict[int, Mended]:
    """The mended rows of an import, by number."""
    if entry.mended is None:
        return {}
    rows = pq.read_table(workspace.folder / entry.mended).to_pylist()
    return {row["row"]: Mended(**{**row, "cells": tuple(row["cells"])}) for row in rows}


def _with_ledger(workspace: Workspace, entry: Import, ledger: Ledger) -> Import:
    """The import with its ledger written; with none where it is empty."""
    if not ledger:
        return replace(entry, mended=None)
    rows = [vars(ledger[row]) for row in sorted(ledger)]
    mended = f"mended/{entry.stem}-{_digest([list(row.values()) for row in rows])}.parquet"
    with written_whole(workspace.folder / mended) as part:
        pq.write_table(pa.Table.from_pylist(rows, schema=LEDGER), part, compression="zstd")
    return replace(entry, mended=mended)


def _digest(data: object) -> str:
    return hashlib.sha256(json.dumps(data, ensure_ascii=True).encode()).hexdigest()[:8]


# --- an import with what became of its rows ----------------------------------------------------------


def status_of(entry: Import, ledger: Ledger, row: int) -> Text:
    """What became of a row that was set aside."""
    if row in ledger and ledger[row].taken:
        one = ledger[row]
        return _told(("已改正", "mended"), (one.file, one.by, one.at))
    if row in entry.waived:
        waiver = entry.waived[row]
        return _told(("已放弃", "waived"), (waiver.by, waiver.at, waiver.reason))
    return OPEN


def _told(what: tuple[str, str], words: Iterable[str | None]) -> Text:
    said = [word for word in words if word]
    return Text(f"{what[0]}：{'，'.join(said)}", f"{what[1]}: {', '.join(said)}")


def settled(workspace: Workspace, definitions: Definitions, entry: Import, ledger: Ledger) -> Import:
    """The import with its mended rows among those taken, and a list of what became of the others.

    `entry` says which rows were waived; rows of the ledger that were not set aside, or cannot be read, are not taken.
    """
    if entry.kept is None:
        return _with_ledger(workspace, entry, {row: replace(one, taken=False) for row, one in ledger.items()})
    kept = workspace.folder / entry.kept
    aside = [ledger[row.row] for row in kept_rows(kept) if row.row in ledger]
    good = check_mended(definitions, entry.table, kept_headers(kept), aside).table
    taken = frozenset(good[ROW].to_pylist())
    marked = {row: replace(one, taken=row in taken) for row, one in ledger.items()}
    events = f"events/{entry.stem}.parquet"
    if taken:
        events = f"events/{entry.stem}-{_digest([[row, *ledger[row].cells] for row in sorted(taken)])}.parquet"
        _write_events(workspace.folder / f"events/{entry.stem}.parquet", workspace.folder / events, good)
    return told_anew(workspace, replace(entry, events=events), marked)


def told_anew(workspace: Workspace, entry: Import, ledger: Ledger) -> Import:
    """The import with its counts, its ledger and its list as its rows now stand; what is taken stays as it is."""
    kept = workspace.folder / str(entry.kept)
    counted = _counted(entry, kept, ledger)
    said = [[row, *vars(ledger[row]).values()] for row in sorted(ledger)], [list(vars(one).values()) for one in entry.waivers]
    state = f"-{_digest(said)}" if any(said) else ""
    done = _with_ledger(workspace, replace(counted, set_aside=f"set-aside/{entry.stem}{state}.csv"), ledger)
    write_list(workspace.folder / str(done.set_aside), done, kept, lambda row: status_of(done, ledger, row).write())
    return done


def _counted(entry: Import, kept: Path, ledger: Ledger) -> Import:
    faults: Counter[str] = Counter()
    mended = waived = total = 0
    for row in kept_rows(kept):
        total += 1
        if row.row in ledger and ledger[row.row].taken:
            mended += 1
        elif row.row in entry.waived:
            waived += 1
        else:
            faults.update(row.faults)
    return replace(
        entry,
        rows_taken=entry.rows_taken - entry.rows_mended + mended,
        rows_mended=mended,
        rows_set_aside=total - mended,
        rows_waived=waived,
        faults=dict(sorted(faults.items())),
    )


def _write_events(base: Path, target: Path, good: pa.Table) -> None:
    """The rows taken at first, and behind them the mended ones."""
    with written_whole(target) as part, pq.ParquetFile(base) as file, events_writer(part, good.schema) as writer:
        for batch in file.iter_batches(100_000):
            writer.write_batch(batch)
        writer.write_table(good)


# --- mended cells, read -----------------------------------------------------------------------------


def check_mended(definitions: Definitions, table: str, headers: Sequence[str], rows: Iterable[Mended]) -> CheckedBatch:
    """What mended rows give: those that can be read now, typed; and the bad cells of the others."""
    source = definitions.sources[table]
    bound = bind_headers(list(headers), source, NOWHERE)
    used = sorted({i for indices in bound.values() for i in indices})
    ordered = sorted(rows, key=lambda row: row.row)
    batch = raw_batch(((row.row, list(row.cells)) for row in ordered), used, len(headers))
    return check_rows(batch, bound, source, definitions.zone_of(table))


def mended_cells(row: RowAside, given: Sequence[str], source: Source, headers: Sequence[str]) -> tuple[str, ...]:
    """The row with the cells at fault as they were given; all cells as given where the whole row was at fault."""
    if not row.columns:
        return padded(given, len(headers))
    at_fault = cells_at_fault(row, source, headers)
    return tuple(given[i] if i in at_fault and i < len(given) else cell for i, cell in enumerate(row.cells))


def padded(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """The cells without empty ones beyond the headers, and with empty ones up to them."""
    last = max((i for i, cell in enumerate(cells) if cell), default=-1)
    return (*cells[: last + 1], *("" for _ in range(width - last - 1)))


def cells_at_fault(row: RowAside, source: Source, headers: Sequence[str]) -> frozenset[int]:
    """Where the cells stand for which the row was set aside; everywhere where the whole row was."""
    if not row.columns:
        return frozenset(range(len(headers)))
    bound = bind_headers(list(headers), source, NOWHERE)
    return frozenset(i for name in row.columns for i in bound.get(name, ()))
