"""The workspace: a folder that keeps imported events as Parquet, and a manifest of what came in.

    manifest.json                          every import: file, hash, mapping, rows taken, set aside, mended, waived
    events/calls-1a2b3c4d5e6f-77aa88bb.parquet      the rows taken
    set-aside/calls-1a2b3c4d5e6f-77aa88bb.csv       the rows that could not be read, and why, for people
    set-aside/calls-1a2b3c4d5e6f-77aa88bb.parquet   the same to the letter
    mended/calls-1a2b3c4d5e6f-0c3d99ee.parquet      rows as somebody mended them, and by which file

An import is known by its table, the hash of the file's bytes and the hash of the mapping: importing
the same again changes nothing, importing the same file under a changed mapping replaces it. Every
file is written whole or not at all, and says nothing until the manifest names it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kaohe.measuring.definitions import Definitions
from kaohe.measuring.problems import ImportedOtherwise, NothingImported, RowsSetAside, WorkspaceDamaged
from kaohe.measuring.writing import write_text
from kaohe.problems import Place, Problem, refuse

FORMAT = 2
READABLE = (1, 2)
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Mending:
    """A file of mended rows that was read: how many rows of the import it mended, who handed it in, when."""

    file: str
    sha256: str
    rows: int
    by: str | None = None
    at: str | None = None


@dataclass(frozen=True)
class Waiver:
    """Rows set aside that somebody gives up, by name and with a reason."""

    rows: tuple[int, ...]
    by: str
    reason: str
    at: str | None = None


@dataclass(frozen=True)
class Import:
    """One imported file, as the manifest keeps it.

    `rows_taken` counts the mended rows in, `rows_set_aside` does not; `rows_waived` are some of
    those set aside. `faults` counts the reasons of the rows that are still open.
    """

    table: str
    file: str
    size: int
    sha256: str
    mapping: str
    encoding: str
    rows_taken: int
    rows_set_aside: int
    rows_blank: int
    events: str
    set_aside: str | None = None
    kept: str | None = None
    faults: dict[str, int] = field(default_factory=dict)
    unused_headers: tuple[str, ...] = ()
    imported_at: str | None = None
    rows_mended: int = 0
    rows_waived: int = 0
    mended: str | None = None
    mendings: tuple[Mending, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    @property
    def key(self) -> str:
        """What lists of its rows call it: its table and the first digits of the file's hash."""
        return f"{self.table}-{self.sha256[:12]}"

    @property
    def stem(self) -> str:
        """How the names of its files begin."""
        return f"{self.key}-{self.mapping[:8]}"

    @property
    def rows_open(self) -> int:
        """The rows set aside that nobody has waived."""
        return self.rows_set_aside - self.rows_waived

    @property
    def waived(self) -> dict[int, Waiver]:
        """Every row that was waived, with its latest waiver."""
        return {row: waiver for waiver in self.waivers for row in waiver.rows}

    def as_data(self) -> dict[str, object]:
        """The import as plain data, for JSON."""
        return asdict(self)

    def problems(self) -> tuple[Problem, ...]:
        """The open problem of the rows that are neither mended nor waived, if there are any."""
        if not self.rows_open:
            return ()
        reasons = ", ".join(f"{reason} {count}" for reason, count in self.faults.items())
        about = [self.file, self.table, *self.faults]
        return (RowsSetAside(Place(self.file), about, count=self.rows_open, reasons=reasons, listed=self.set_aside),)


@dataclass(frozen=True)
class Workspace:
    """A folder of imported events."""

    folder: Path

    def imports(self, table: str | None = None) -> tuple[Import, ...]:
        """What has been imported, of one table or of all, in an order that does not depend on when."""
        entries = _read_manifest(self.folder / MANIFEST).imports
        return tuple(entry for entry in entries if table in (None, entry.table))

    def superseded(self) -> tuple[Import, ...]:
        """The imports whose place a later file of the same name took, in the order in which that happened."""
        return _read_manifest(self.folder / MANIFEST).superseded

    def events_of(self, table: str, definitions: Definitions) -> tuple[Import, ...]:
        """The imports of a table that may be measured; raises Problems for none, old or lost ones."""
        found = self.imports(table)
        mapping = definitions.mapping_hash(table)
        problems: list[Problem] = [] if found else [NothingImported(about=[table], table=table)]
        older = [one for one in found if one.mapping != mapping]
        problems += [ImportedOtherwise(Place(one.file), [one.file, table], file=one.file, table=table) for one in older]
        problems += [WorkspaceDamaged(about=[one.events], why=f"{one.events} is gone") for one in found if not self.path(one).exists()]
        refuse(problems)
        return found

    def path(self, entry: Import) -> Path:
        """Where the rows of an import are kept."""
        return self.folder / entry.events


def table_version(entries: Iterable[Import]) -> str:
    """Twelve hex digits that say which rows a table held: they change when any import does."""
    keys = sorted(f"{one.sha256}:{one.mapping}" + (f":{one.events}" if one.rows_mended else "") for one in entries)
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:12]


# --- the manifest ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Manifest:
    imports: tuple[Import, ...] = ()
    superseded: tuple[Import, ...] = ()


def _read_manifest(path: Path) -> _Manifest:
    if not path.exists():
        return _Manifest()
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] not in READABLE:
            refuse([WorkspaceDamaged(Place(path.name), [path.name], why=f"format {data['format']}, written by a newer version")])
        return _Manifest(*(tuple(_entry(item) for item in data.get(key, ())) for key in ("imports", "superseded")))
    except (ValueError, KeyError, TypeError, OSError) as error:
        refuse([WorkspaceDamaged(Place(path.name), [path.name], why=str(error))])
        raise


def _entry(item: dict[str, Any]) -> Import:
    mendings = tuple(Mending(**one) for one in item.get("mendings", ()))
    waivers = tuple(Waiver(**{**one, "rows": tuple(one["rows"])}) for one in item.get("waivers", ()))
    return Import(**{**item, "unused_headers": tuple(item.get("unused_headers", ())), "mendings": mendings, "waivers": waivers})


def add_to_manifest(workspace: Workspace, entry: Import, by_name: bool = False) -> None:
    """Keep an import, in place of an earlier one of the same file into the same table.

    With `by_name` a file of the same name is the same file, whatever it holds now; what it held
    before stays in the manifest as superseded.
    """
    manifest = _read_manifest(workspace.folder / MANIFEST)
    others = [one for one in manifest.imports if (one.table, one.sha256) != (entry.table, entry.sha256)]
    gone = [one for one in others if by_name and (one.table, one.file) == (entry.table, entry.file)]
    entries = sorted([*(one for one in others if one not in gone), entry], key=lambda one: (one.table, one.sha256))
    data = {"format": FORMAT, "imports": entries, "superseded": [*manifest.superseded, *gone]}
    write_text(workspace.folder / MANIFEST, json.dumps(data, default=_plain, ensure_ascii=False, indent=1) + "\n")


def _plain(entry: Import) -> dict[str, object]:
    return asdict(entry)
