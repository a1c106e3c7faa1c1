"""Taking files of events into the workspace: what can be read is kept, what cannot is listed.

An import is known by its table, the hash of the file's bytes and the hash of the mapping: importing
the same again changes nothing, importing the same file under a changed mapping replaces it in the
manifest (the older rows stay in `events/`, unused), and keeps what was mended and waived. A file of
a known name with other content is taken only where it is said whether it replaces the earlier one
or adds to it; a table of accounts is a list that is kept up, where it replaces. One process at a
time imports; a second one waits, or is told who does.
"""

from __future__ import annotations

import importlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from glob import glob
from pathlib import Path
from types import ModuleType
from typing import Any

from kaohe.measuring.databases import fetch, label_of
from kaohe.measuring.definitions import Database, Definitions, SameName, Source
from kaohe.measuring.events import writing_events
from kaohe.measuring.files import RawFile
from kaohe.measuring.formats import open_source
from kaohe.measuring.locking import WAIT_SECONDS, only_writer
from kaohe.measuring.mending import read_ledger, settled
from kaohe.measuring.opening import LIMITS, Limits, Progress, file_hash, no_progress
from kaohe.measuring.problems import FileNotFound, MappingUnconfirmed, SameNameAgain, unknown_name
from kaohe.measuring.setting_aside import OPEN, keeping_rows, rows_aside, write_list
from kaohe.measuring.sources import CheckedBatch, bind_headers, check_file, schema_of, unused_headers
from kaohe.measuring.workspace import Import, Workspace, add_to_manifest
from kaohe.measuring.writing import sweep_parts, written_whole
from kaohe.problems import NOWHERE, Place, Problem, Problems, refuse


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
        self.aside += len({row.row for row in batch.bad})
        self.faults.update(row.fault.value for row in batch.bad)

    def counts(self) -> dict[str, Any]:
        """The counts as an import keeps them."""
        faults = dict(sorted(self.faults.items()))
        return {"rows_taken": self.taken, "rows_set_aside": self.aside, "rows_blank": self.blank, "faults": faults}


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
    same_name: SameName | None = None,
    imported_at: str | None = None,
    wait_seconds: int = WAIT_SECONDS,
    progress: Progress = no_progress,
) -> tuple[Import, ...]:
    """Take files of events into a table of the workspace; without any, what the source's database gives.

    Paths may be globs, and addresses of other stores (`s3://…`). Rows that cannot be read are set
    aside and listed; `Import.problems` tells of them. A file that cannot be read at all raises
    Problems, after the other files have been taken. `imported_at` is kept as given; no clock is
    looked at. `same_name` says what becomes of an earlier file of the same name with other content;
    without it the source says so, or the file is refused. Another process that writes to the
    workspace is waited for, `wait_seconds` long.
    """
    _check_table(table, definitions)
    arrivals = _arrivals(definitions, table, patterns, limits, progress)
    taken: list[Import] = []
    problems: list[Problem] = []
    with writing(workspace, wait_seconds, progress):
        taking = _Taking(workspace, definitions, table, workspace.imports(table), same_name, limits, imported_at, progress)
        for arrive in arrivals:
            try:
                with _room_to_fetch(workspace) as room:
                    taken.append(taking.take(arrive(room)))
            except Problems as found:
                problems += found
    refuse(problems)
    return tuple(taken)


@dataclass(frozen=True)
class _Arrived:
    """A file that is here: its name for people, and what its content is known by."""

    path: Path
    name: str
    sha256: str
    kind: str | None = None


Arrival = Callable[[Path], _Arrived]


def _arrivals(
    definitions: Definitions, table: str, patterns: Sequence[str | Path], limits: Limits, progress: Progress
) -> Iterable[Arrival]:
    """How each file comes, whatever else becomes of the others; files of this machine are looked for at once."""
    source = definitions.sources[table]
    if not patterns and source.database:
        return [partial(_from_database, source.database, str(definitions.zone_of(table)), progress)]
    here = find_files([pattern for pattern in patterns if "://" not in str(pattern)])
    elsewhere = [address for pattern in patterns if "://" in str(pattern) for address in _remote().remote_files(str(pattern))]
    return [
        *(partial(_from_disk, path, progress) for path in here),
        *(partial(_from_elsewhere, address, limits, progress) for address in elsewhere),
    ]


def _from_disk(path: Path, progress: Progress, room: Path) -> _Arrived:
    return _Arrived(path, path.name, file_hash(path, progress))


def _from_elsewhere(address: str, limits: Limits, progress: Progress, room: Path) -> _Arrived:
    return _from_disk(_remote().fetch_remote(address, room, limits, progress), progress, room)


def _from_database(database: Database, zone: str, progress: Progress, room: Path) -> _Arrived:
    fetched = fetch(database, zone, room / f"{label_of(database)}.parquet", progress=progress)
    return _Arrived(fetched.path, fetched.name, fetched.sha256, database.kind)


def _remote() -> ModuleType:
    """The room for other stores; it is slow to load, and few need it."""
    return importlib.import_module("kaohe.measuring.remote")


@contextmanager
def _room_to_fetch(workspace: Workspace) -> Iterator[Path]:
    """An empty folder for what is fetched; it is gone afterwards."""
    room = workspace.folder / "fetched"
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir()
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _check_table(table: str, definitions: Definitions) -> None:
    if table not in definitions.sources:
        refuse([unknown_name(NOWHERE, table, ("表", "table"), definitions.sources)])
    if not definitions.sources[table].confirmed:
        refuse([MappingUnconfirmed(about=[table], table=table)])


@contextmanager
def writing(workspace: Workspace, wait_seconds: int, progress: Progress = no_progress) -> Iterator[None]:
    """Be the one writer, and leave nothing behind that is half written or out of date, whoever left it."""
    with only_writer(workspace.folder, wait_seconds, progress):
        _sweep(workspace)
        yield
        _sweep(workspace)


def _sweep(workspace: Workspace) -> None:
    shutil.rmtree(workspace.folder / "fetched", ignore_errors=True)
    for name in (".", "events", "set-aside", "mended"):
        sweep_parts(workspace.folder / name)
    named = {one.set_aside for one in (*workspace.imports(), *workspace.superseded())}
    for path in (workspace.folder / "set-aside").glob("*.csv"):
        if f"set-aside/{path.name}" not in named:
            path.unlink()


@dataclass(frozen=True)
class _Taking:
    """Files on their way into one table; `before` is what it held when the first of them came."""

    workspace: Workspace
    definitions: Definitions
    table: str
    before: tuple[Import, ...]
    same_name: SameName | None
    limits: Limits
    imported_at: str | None
    progress: Progress

    def take(self, arrived: _Arrived) -> Import:
        """The import of one file: what it was if nothing changed, else its rows read."""
        mapping = self.definitions.mapping_hash(self.table)
        earlier = next((one for one in self.workspace.imports(self.table) if one.sha256 == arrived.sha256), None)
        if earlier and earlier.mapping == mapping and self._is_there(earlier):
            return earlier
        self._check_name(arrived.name, arrived.sha256)
        raw = open_source(arrived.path, self.definitions.sources[self.table], self.limits, self.progress)
        entry = self._read(raw, arrived, mapping)
        if earlier:
            entry = replace(entry, imported_at=earlier.imported_at, mendings=earlier.mendings, waivers=earlier.waivers)
            entry = settled(self.workspace, self.definitions, entry, read_ledger(self.workspace, earlier))
        add_to_manifest(self.workspace, entry, by_name=self._same_name() == "replaces")
        return entry

    def _is_there(self, entry: Import) -> bool:
        names = (entry.events, entry.kept, entry.set_aside, entry.mended)
        return all((self.workspace.folder / name).exists() for name in names if name)

    def _same_name(self) -> SameName | None:
        source = self.definitions.sources[self.table]
        kept_up = source.database is not None or self.definitions.holds_accounts(self.table)
        return self.same_name or source.same_name or ("replaces" if kept_up else None)

    def _check_name(self, name: str, sha256: str) -> None:
        """That it is said what a file of a known name means, unless it is the same file."""
        other = [one for one in self.before if one.file == name and one.sha256 != sha256]
        if other and self._same_name() is None:
            refuse([SameNameAgain(Place(name), [name, self.table], file=name, table=self.table, rows=other[-1].rows_taken)])

    def _read(self, raw: RawFile, arrived: _Arrived, mapping: str) -> Import:
        """The file's rows, taken and set aside, in the workspace's files; the manifest does not know them yet."""
        source = self.definitions.sources[self.table]
        entry = Import(
            table=self.table,
            file=arrived.name,
            size=arrived.path.stat().st_size,
            sha256=arrived.sha256,
            mapping=mapping,
            encoding=arrived.kind or raw.encoding,
            rows_taken=0,
            rows_set_aside=0,
            rows_blank=0,
            events="",
            unused_headers=unused_headers(raw.headers, bind_headers(raw.headers, source, NOWHERE)),
            imported_at=self.imported_at,
        )
        batches = check_file(raw, arrived.path, source, self.definitions.zone_of(self.table))
        return write_rows_of(self.workspace, entry, source, raw.headers, batches)


def write_rows_of(workspace: Workspace, entry: Import, source: Source, headers: Sequence[str], batches: Iterable[CheckedBatch]) -> Import:
    """Write an import's rows, the good ones to `events`, the others to `set-aside`; the import with their counts and places."""
    folder, tally = workspace.folder, Tally()
    events, kept, listed = f"events/{entry.stem}.parquet", f"set-aside/{entry.stem}.parquet", f"set-aside/{entry.stem}.csv"
    with (
        written_whole(folder / events) as part,
        writing_events(part, schema_of(source), source.subject.account if source.subject else None) as write,
        keeping_rows(folder / kept, headers) as keep,
    ):
        for batch in batches:
            tally.add(batch)
            write(batch.table)
            keep(rows_aside(batch.bad))
    counted = replace(entry, events=events, **tally.counts())
    if not tally.aside:
        (folder / kept).unlink()
        return counted
    done = replace(counted, kept=kept, set_aside=listed)
    write_list(folder / listed, done, folder / kept, lambda row: OPEN.write())
    return done
