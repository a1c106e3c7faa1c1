"""The workspace: a folder that keeps imported events as Parquet, and a manifest of what came in.

    manifest.json                          every import: file, hash, mapping, rows taken and set aside
    events/calls-1a2b3c4d5e6f-77aa88bb.parquet
    set-aside/calls-1a2b3c4d5e6f-77aa88bb.csv   the rows that could not be read, and why

An import is known by its table, the hash of the file's bytes and the hash of the mapping: importing
the same again changes nothing, importing the same file under a changed mapping replaces it. Every
file is written whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from kaohe.measuring.definitions import Definitions
from kaohe.measuring.problems import ImportedOtherwise, NothingImported, RowsSetAside, WorkspaceDamaged
from kaohe.measuring.writing import write_text
from kaohe.problems import Place, Problem, refuse

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Import:
    """One imported file, as the manifest keeps it."""

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
    faults: dict[str, int] = field(default_factory=dict)
    unused_headers: tuple[str, ...] = ()
    imported_at: str | None = None

    def as_data(self) -> dict[str, object]:
        """The import as plain data, for JSON."""
        return asdict(self)

    def problems(self) -> tuple[Problem, ...]:
        """The open problem of the rows set aside, if there are any."""
        if not self.rows_set_aside:
            return ()
        reasons = ", ".join(f"{reason} {count}" for reason, count in self.faults.items())
        about = [self.file, self.table, *self.faults]
        return (RowsSetAside(Place(self.file), about, count=self.rows_set_aside, reasons=reasons, listed=self.set_aside),)


@dataclass(frozen=True)
class Workspace:
    """A folder of imported events."""

    folder: Path

    def imports(self, table: str | None = None) -> tuple[Import, ...]:
        """What has been imported, of one table or of all, in an order that does not depend on when."""
        entries = _read_manifest(self.folder / MANIFEST)
        return tuple(entry for entry in entries if table in (None, entry.table))

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
    keys = sorted(f"{entry.sha256}:{entry.mapping}" for entry in entries)
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:12]


# --- the manifest ---------------------------------------------------------------------------------


def _read_manifest(path: Path) -> tuple[Import, ...]:
    if not path.exists():
        return ()
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return tuple(_entry(item) for item in data["imports"])
    except (ValueError, KeyError, TypeError, OSError) as error:
        refuse([WorkspaceDamaged(Place(path.name), [path.name], why=str(error))])
        raise


def _entry(item: dict[str, object]) -> Import:
    headers = item.get("unused_headers")
    return Import(**{**item, "unused_headers": tuple(headers) if isinstance(headers, list) else ()})  # type: ignore[arg-type]


def add_to_manifest(workspace: Workspace, entry: Import, by_name: bool = False) -> None:
    """Keep an import, in place of an earlier one of the same file into the same table.

    With `by_name` a file of the same name is the same file, whatever it holds now.
    """
    kept = [one for one in workspace.imports() if not _replaces(entry, one, by_name)]
    entries = sorted([*kept, entry], key=lambda one: (one.table, one.sha256))
    data = {"format": FORMAT, "imports": [asdict(one) for one in entries]}
    write_text(workspace.folder / MANIFEST, json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def _replaces(entry: Import, one: Import, by_name: bool) -> bool:
    return one.table == entry.table and (one.sha256 == entry.sha256 or (by_name and one.file == entry.file))
