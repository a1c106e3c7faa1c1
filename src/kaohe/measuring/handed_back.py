"""What people hand back about rows set aside: lists and workbooks with mended cells, and rows given up by name.

A list leads back to its import by its first column, whatever its file is called now. Lines that nobody touched say nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from kaohe.measuring.cells import FAULT_NAMES, Fault, Value
from kaohe.measuring.definitions import Column, Definitions, Source
from kaohe.measuring.files import BadRow, RawFile, sheet_names
from kaohe.measuring.formats import open_source
from kaohe.measuring.importing import find_files, writing
from kaohe.measuring.locking import WAIT_SECONDS
from kaohe.measuring.mending import (
    Ledger,
    Mended,
    cells_at_fault,
    check_mended,
    mended_cells,
    padded,
    read_ledger,
    settled,
    status_of,
    told_anew,
)
from kaohe.measuring.opening import LIMITS, Limits, Progress, file_hash, guard_workbook, no_progress, text_kind
from kaohe.measuring.problems import ImportAmbiguous, ImportedOtherwise, ListLineBad, MendedUnlike, NotSetAside, StillBad, unknown_name
from kaohe.measuring.setting_aside import META, RowAside, kept_headers, kept_rows, write_workbook
from kaohe.measuring.sources import CheckedBatch, bind_headers, read_text
from kaohe.measuring.workspace import Import, Mending, Waiver, Workspace, add_to_manifest
from kaohe.measuring.writing import as_meant
from kaohe.problems import NOWHERE, Place, Problem, Problems, refuse
from kaohe.texts import Text

ANY = Source(name="list", columns={"row": Column.model_validate({"from": "row"})})  # a list is read by its places
IMPORT, ROW = META.index("import"), META.index("row")
WORKBOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class Line:
    """A line of a list as it came back: which row of which import, what its cells say now, where it stands."""

    key: str
    row: int
    cells: tuple[str, ...]
    place: Place


@dataclass
class Answer:
    """What came of mended files: the imports that they changed, rows mended by them, cells beside those at fault that differ.

    `elsewhere` are cells that were right, read otherwise now and were left as the original file had them.
    """

    imports: list[Import] = field(default_factory=list)
    mended: int = 0
    unchanged: int = 0
    elsewhere: int = 0
    problems: list[Problem] = field(default_factory=list)


# --- mending --------------------------------------------------------------------------------------


def mend_rows(
    workspace: Workspace,
    definitions: Definitions,
    patterns: Sequence[str | Path],
    *,
    by: str | None = None,
    at: str | None = None,
    limits: Limits = LIMITS,
    wait_seconds: int = WAIT_SECONDS,
    progress: Progress = no_progress,
) -> Answer:
    """Read mended lists: rows that can be read now join their import, the others stay set aside and are told.

    The same list twice changes nothing. `by` and `at` are kept as given. Problems with a file or a line
    stand in the answer, after everything else was done.
    """
    answer = Answer()
    paths = find_files(patterns)
    with writing(workspace, wait_seconds, progress):
        for path in paths:
            try:
                _mend_by(workspace, definitions, path, Mending(path.name, file_hash(path, progress), 0, by, at), limits, answer)
            except Problems as found:
                answer.problems += found
    return answer


def _mend_by(workspace: Workspace, definitions: Definitions, path: Path, mending: Mending, limits: Limits, answer: Answer) -> None:
    lines: dict[str, list[Line]] = {}
    for headers, line in _lines(path, limits):
        if line.key not in lines:
            _check_headers(workspace, line, headers)
        lines.setdefault(line.key, []).append(line)
    for key, some in lines.items():
        entry = next(one for one in workspace.imports() if one.key == key)
        try:
            _mend_import(workspace, definitions, entry, some, mending, answer)
        except Problems as found:
            answer.problems += found


def _check_headers(workspace: Workspace, line: Line, headers: Sequence[str]) -> None:
    """That the line's import is there and has these headers."""
    entries = {one.key: one for one in workspace.imports() if one.kept}
    if line.key not in entries:
        refuse([unknown_name(line.place, line.key, ("读入记录", "import"), entries)])
    known = kept_headers(workspace.folder / str(entries[line.key].kept))
    if _stripped(headers) != _stripped(known):
        refuse([MendedUnlike(line.place, [line.key], file=entries[line.key].file)])


def _stripped(headers: Sequence[str]) -> list[str]:
    """Headers as they compare: a spreadsheet adds empty ones where a row is longer."""
    plain = [header.strip() for header in headers]
    return plain[: max((i + 1 for i, header in enumerate(plain) if header), default=0)]


def _mend_import(
    workspace: Workspace, definitions: Definitions, entry: Import, lines: Sequence[Line], mending: Mending, answer: Answer
) -> None:
    """Mend the rows of one import; what is wrong with a line goes to the answer."""
    if entry.mapping != definitions.mapping_hash(entry.table):
        refuse([ImportedOtherwise(Place(entry.file), [entry.file, entry.table], file=entry.file, table=entry.table)])
    before, reading = read_ledger(workspace, entry), _Reading.of(workspace, definitions, entry)
    changed = [(row, line, reading.cells(row, line)) for row, line in _with_rows(workspace, entry, lines, answer)]
    new = [(row, line, cells) for row, line, cells in changed if cells not in (reading.as_was(row), _cells_of(before, row.row))]
    answer.unchanged += len(changed) - len(new)
    answer.elsewhere += sum(reading.differing(row, line) for row, line, _ in new)
    given = {line.row: Mended(line.row, cells, mending.file, mending.by, mending.at) for _, line, cells in new}
    checked = check_mended(definitions, entry.table, reading.headers, given.values())
    answer.problems += _still_bad(checked, entry, {line.row: line.place for _, line, _ in new})
    good = {row: given[row] for row in checked.table["_row"].to_pylist()}
    if good:
        mendings = (*entry.mendings, replace(mending, rows=len(good)))
        done = settled(workspace, definitions, replace(entry, mendings=mendings), {**before, **good})
        add_to_manifest(workspace, done)
        answer.mended += len(good)
        answer.imports.append(done)


def _cells_of(ledger: Ledger, row: int) -> tuple[str, ...]:
    return ledger[row].cells if row in ledger else ()


def _with_rows(workspace: Workspace, entry: Import, lines: Sequence[Line], answer: Answer) -> list[tuple[RowAside, Line]]:
    """Each line with the row set aside that it speaks of; the last line of a row counts."""
    by_row = {line.row: line for line in lines}
    found = {row.row: row for row in kept_rows(workspace.folder / str(entry.kept)) if row.row in by_row}
    answer.problems += [NotSetAside(line.place, [entry.file], row=row, file=entry.file) for row, line in by_row.items() if row not in found]
    return [(found[row], line) for row, line in by_row.items() if row in found]


def _still_bad(checked: CheckedBatch, entry: Import, places: Mapping[int, Place]) -> Iterator[Problem]:
    for bad in checked.bad:
        zh, en = FAULT_NAMES[bad.fault]
        place = places[bad.row].at(column=bad.column)
        yield StillBad(place, [entry.file, bad.column, bad.fault], row=bad.row, file=entry.file, zh=zh, en=en, found=bad.text)


@dataclass(frozen=True)
class _Reading:
    """How the cells of an import read."""

    headers: tuple[str, ...]
    source: Source
    zone: ZoneInfo

    @classmethod
    def of(cls, workspace: Workspace, definitions: Definitions, entry: Import) -> _Reading:
        headers = kept_headers(workspace.folder / str(entry.kept))
        return cls(headers, definitions.sources[entry.table], definitions.zone_of(entry.table))

    def cells(self, row: RowAside, line: Line) -> tuple[str, ...]:
        return mended_cells(row, line.cells, self.source, self.headers)

    def as_was(self, row: RowAside) -> tuple[str, ...]:
        return padded(row.cells, len(self.headers)) if not row.columns else row.cells

    def differing(self, row: RowAside, line: Line) -> int:
        """How many cells that were right say something else now: not only written otherwise."""
        bound = bind_headers(list(self.headers), self.source, NOWHERE)
        right = {name: indices for name, indices in bound.items() if row.columns and name not in row.columns}
        return sum(not self._alike(name, row.cells, line.cells, indices) for name, indices in right.items())

    def _alike(self, name: str, one: Sequence[str], other: Sequence[str], indices: Sequence[int]) -> bool:
        first, second = (" ".join(cells[i].strip() for i in indices if i < len(cells)) for cells in (one, other))
        return first == second or self._value(name, first) == self._value(name, second)

    def _value(self, name: str, text: str) -> Value | Fault | None:
        return read_text(text, self.source, name, self.zone)


# --- reading lists --------------------------------------------------------------------------------


def _lines(path: Path, limits: Limits) -> Iterator[tuple[list[str], Line]]:
    """The lines of a list, of a workbook those of all its sheets that are lists; each with its file's headers."""
    if text_kind(path) not in WORKBOOKS:
        yield from _lines_of(path, ANY, limits, must=True)
        return
    guard_workbook(path, limits)
    for sheet in sheet_names(path):
        yield from _lines_of(path, ANY.model_copy(update={"sheet": sheet}), limits, must=False)


def _lines_of(path: Path, source: Source, limits: Limits, must: bool) -> Iterator[tuple[list[str], Line]]:
    raw = open_source(path, source, limits)
    headers = [as_meant(header) for header in raw.headers]
    if tuple(headers[: len(META)]) != META:
        refuse([MendedUnlike(Place(path.name), [path.name], file=path.name)] if must else [])
        return
    for line in _read(raw, Place(path.name, sheet=source.sheet or "")):
        yield headers[len(META) :], line


def _read(raw: RawFile, place: Place) -> Iterator[Line]:
    """A list's lines; one with more or fewer cells than headers is as good as any."""
    for batch in raw.batches([]):
        refuse(_line_bad(bad, place) for bad in batch.bad if bad.fault != Fault.WRONG_COLUMN_COUNT)
        yield from (_line(batch.whole(i), place.at(row=number)) for i, number in enumerate(batch.rows))
        yield from (_line(bad.cells, place.at(row=bad.row)) for bad in batch.bad)


def _line(cells: Sequence[str], place: Place) -> Line:
    meant = [*map(as_meant, cells), *("" for _ in range(len(META) - len(cells)))]
    row = int(meant[ROW]) if meant[ROW].isdecimal() and meant[ROW].isascii() else 0
    return Line(meant[IMPORT].strip(), row, tuple(meant[len(META) :]), place)


def _line_bad(bad: BadRow, place: Place) -> Problem:
    zh, en = FAULT_NAMES[bad.fault]
    return ListLineBad(place.at(row=bad.row), [place.file], zh=zh, en=en)


# --- waiving --------------------------------------------------------------------------------------


def waive_rows(
    workspace: Workspace,
    file: str,
    rows: Iterable[int],
    *,
    by: str,
    reason: str,
    at: str | None = None,
    table: str | None = None,
    wait_seconds: int = WAIT_SECONDS,
) -> Import:
    """Give up rows set aside, by somebody's name and for a reason; they are problems no more, and stay listed.

    `file` is the imported file's name, or what lists call the import. The same again changes nothing.
    Raises Problems for a file that was not imported, and for rows of it that are not set aside.
    """
    with writing(workspace, wait_seconds):
        entry = _import_named(workspace, file, table)
        ledger, wanted = read_ledger(workspace, entry), dict.fromkeys(rows)
        aside = {row.row for row in kept_rows(workspace.folder / entry.kept)} if entry.kept else set()
        open_ = {row for row in aside if not (row in ledger and ledger[row].taken)}
        refuse(NotSetAside(Place(entry.file), [entry.file], row=row, file=entry.file) for row in wanted if row not in open_)
        new = tuple(row for row in wanted if row not in entry.waived)
        if not new:
            return entry
        waiver = Waiver(new, by, reason, at)
        done = told_anew(workspace, replace(entry, waivers=(*entry.waivers, waiver)), ledger)
        add_to_manifest(workspace, done)
        return done


def _import_named(workspace: Workspace, name: str, table: str | None) -> Import:
    entries = workspace.imports(table)
    found = [one for one in entries if name in (one.file, one.key)]
    if not found:
        refuse([unknown_name(NOWHERE, name, ("读入的文件", "imported file"), dict.fromkeys(one.file for one in entries))])
    if len(found) > 1:
        refuse([ImportAmbiguous(about=[name], name=name, count=len(found), known=", ".join(one.key for one in found))])
    return found[0]


# --- what is still open ---------------------------------------------------------------------------


def write_open_rows(workspace: Workspace, definitions: Definitions, path: Path) -> int:
    """Write the rows that are neither mended nor waived into a workbook to mend, a sheet an import; how many they are."""
    lists = []
    for entry in workspace.imports():
        if entry.rows_open and entry.kept and entry.table in definitions.sources:
            kept, source = workspace.folder / entry.kept, definitions.sources[entry.table]
            marks = partial(cells_at_fault, source=source, headers=kept_headers(kept))
            lists.append((entry, kept, partial(_status, entry, read_ledger(workspace, entry)), marks))
    return write_workbook(path, lists)


def _status(entry: Import, ledger: Ledger, row: int) -> str:
    return status_of(entry, ledger, row).write()


@dataclass(frozen=True)
class ListedRow:
    """A row set aside, and what became of it."""

    entry: Import
    row: RowAside
    status: Text


def listed_rows(workspace: Workspace) -> Iterator[ListedRow]:
    """Every row that was set aside, mended and waived ones too, by import and row."""
    for entry in workspace.imports():
        ledger = read_ledger(workspace, entry)
        for row in kept_rows(workspace.folder / entry.kept) if entry.kept else ():
            yield ListedRow(entry, row, status_of(entry, ledger, row.row))
