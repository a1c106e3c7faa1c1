"""Taking files of events into the workspace: what can be read is kept, what cannot is listed.

An import is known by its table, the hash of the file's bytes and the hash of the mapping: importing
the same again changes nothing, importing the same file under a changed mapping replaces it in the
manifest (the older rows stay in `events/`, unused). A table of accounts is a list that is kept up:
a file of the same name takes the place of the earlier one. One process at a time imports; a second
one waits, or is told who does.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from glob import glob
from pathlib import Path

import pyarrow.parquet as pq

from kaohe.measuring.cells import FAULT_NAMES
from kaohe.measuring.definitions import Definitions
from kaohe.measuring.files import BadRow, RawFile, open_source
from kaohe.measuring.locking import WAIT_SECONDS, only_writer
from kaohe.measuring.opening import LIMITS, Limits, Progress, file_hash, no_progress
from kaohe.measuring.problems import FileNotFound, unknown_name
from kaohe.measuring.sources import CheckedBatch, bind_headers, check_file, schema_of, unused_headers
from kaohe.measuring.workspace import Import, Workspace, add_to_manifest
from kaohe.measuring.writing import as_shown, sweep_parts, write_rows, written_whole
from kaohe.problems import NOWHERE, Place, Problem, Problems, refuse

SET_ASIDE_HEADERS = ("file", "row", "column", "found", "reason", "原因", "in words")

Listed = tuple[str, ...]


@dataclass
class Tally:
    """What became of a file's rows, while they come in."""

    taken: int = 0
    aside: int = 0
    blank: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    def add(self, batch: CheckedBatch) -> None:
        """Count a batch in; a row with several bad cells is one row."""
        self.taken += batch.table.num_rows
        self.blank += batch.blank
        self.aside += sum({row.row: row.count for row in batch.bad}.values())
        self.faults.update(row.fault.value for row in batch.bad)


def find_files(patterns: Sequence[str | Path]) -> tuple[Path, ...]:
    """The files that paths and globs lead to, each once, sorted; raises Problems for what leads to none."""
    found: dict[Path, None] = {}
    problems: list[Problem] = []
    for pattern in patterns:
        text = str(pattern)
        paths = [Path(text)] if Path(text).is_file() else sorted(Path(path) for path in glob(text, recursive=True))
        files = [path for path in paths if path.is_file()]
        found |= dict.fromkeys(files)
        problems += [] if files else [FileNotFound(Place(text), [text], path=text)]
    refuse(problems)
    return tuple(found)


def import_files(
    workspace: Workspace,
    definitions: Definitions,
    table: str,
    patterns: Sequence[str | Path],
    *,
    limits: Limits = LIMITS,
    imported_at: str | None = None,
    wait_seconds: int = WAIT_SECONDS,
    progress: Progress = no_progress,
) -> tuple[Import, ...]:
    """Take files of events into a table of the workspace.

    Rows that cannot be read are set aside and listed; `Import.problems` tells of them. A file that
    cannot be read at all raises Problems, after the other files have been taken. `imported_at` is
    kept as given; no clock is looked at. Another process that writes to the workspace is waited
    for, `wait_seconds` long.
    """
    _check_table(table, definitions)
    paths = find_files(patterns)
    taken: list[Import] = []
    problems: list[Problem] = []
    with only_writer(workspace.folder, wait_seconds, progress):
        sweep(workspace)
        for path in paths:
            try:
                taken.append(_import_file(workspace, definitions, table, path, limits, imported_at, progress))
            except Problems as found:
                problems += found
    refuse(problems)
    return tuple(taken)


def sweep(workspace: Workspace) -> None:
    """Remove what an import that was killed left half written; only the one writer may."""
    for folder in (workspace.folder, workspace.folder / "events", workspace.folder / "set-aside"):
        sweep_parts(folder)


def _check_table(table: str, definitions: Definitions) -> None:
    if table not in definitions.sources:
        refuse([unknown_name(NOWHERE, table, ("表", "table"), definitions.sources)])


def _import_file(
    workspace: Workspace, definitions: Definitions, table: str, path: Path, limits: Limits, imported_at: str | None, progress: Progress
) -> Import:
    sha256, mapping = file_hash(path, progress), definitions.mapping_hash(table)
    before = _same_import(workspace, table, sha256, mapping)
    if before:
        return before
    raw = open_source(path, definitions.sources[table], limits, progress)
    stem = f"{table}-{sha256[:12]}-{mapping[:8]}"
    events, listed = f"events/{stem}.parquet", f"set-aside/{stem}.csv"
    tally = _write_events(raw, definitions, table, path, workspace.folder / events, workspace.folder / listed)
    entry = Import(
        table=table,
        file=path.name,
        size=path.stat().st_size,
        sha256=sha256,
        mapping=mapping,
        encoding=raw.encoding,
        rows_taken=tally.taken,
        rows_set_aside=tally.aside,
        rows_blank=tally.blank,
        events=events,
        set_aside=listed if tally.aside else None,
        faults=dict(sorted(tally.faults.items())),
        unused_headers=unused_headers(raw.headers, bind_headers(raw.headers, definitions.sources[table], NOWHERE)),
        imported_at=imported_at,
    )
    add_to_manifest(workspace, entry, by_name=definitions.holds_accounts(table))
    return entry


def _same_import(workspace: Workspace, table: str, sha256: str, mapping: str) -> Import | None:
    same = (one for one in workspace.imports(table) if (one.sha256, one.mapping) == (sha256, mapping))
    return next((one for one in same if workspace.path(one).exists()), None)


def _write_events(raw: RawFile, definitions: Definitions, table: str, path: Path, events: Path, listed: Path) -> Tally:
    """The rows go to `events`, the bad ones to `listed`, which is not left empty."""
    source = definitions.sources[table]
    batches = check_file(raw, path, source, definitions.zone_of(table))
    tally = Tally()
    with written_whole(events) as part, pq.ParquetWriter(part, schema_of(source), compression="zstd") as writer:
        lines = _taken(batches, writer, tally, path.name)
        first = next(lines, None)
        if first:
            write_rows(listed, lambda file: csv.writer(file).writerows([SET_ASIDE_HEADERS, first, *lines]))
    return tally


def _taken(batches: Iterator[CheckedBatch], writer: pq.ParquetWriter, tally: Tally, file: str) -> Iterator[Listed]:
    """Write the good rows of every batch, and give the lines of the list of bad ones."""
    for batch in batches:
        tally.add(batch)
        writer.write_table(batch.table)
        yield from (_listed(row, file) for row in batch.bad)


def _listed(row: BadRow, file: str) -> Listed:
    zh, en = FAULT_NAMES[row.fault]
    return (file, str(row.row), row.column, as_shown(row.text), row.fault.value, zh, en)
