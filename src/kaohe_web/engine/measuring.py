"""Raw events behind the door: a unit's workspace and definitions, files read into it, rows set aside, figures of a period."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from kaohe.measuring import (
    Definitions,
    Limits,
    Measured,
    Period,
    Workspace,
    import_files,
    listed_rows,
    measure,
    mend_rows,
    read_definitions,
    waive_rows,
    write_open_rows,
)
from kaohe.measuring.cells import FAULT_NAMES
from kaohe.measuring.definitions import SameName
from kaohe.measuring.setting_aside import OPEN
from kaohe.measuring.suggesting import fitting_tables, sources_text
from kaohe.problems import Problems
from kaohe.scheme import Declared
from kaohe.texts import Text
from kaohe_web.engine.schemes import plan_of
from kaohe_web.engine.telling import Told, told_of

LIMITS = Limits(unpacked_bytes=2 << 30, workbook_bytes=50 << 20, fetched_bytes=1)
MOST_BYTES = 200 << 20
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".jsonl", ".ndjson", ".parquet")
Texts = Mapping[str, str]


class Untold(Exception):
    """What the engine refused, in words."""

    def __init__(self, told: Sequence[Told]) -> None:
        super().__init__(f"{len(told)} problems")
        self.told = tuple(told)


@contextmanager
def _telling() -> Iterator[None]:
    """Problems of the engine become words."""
    try:
        yield
    except Problems as refused:
        raise Untold(told_of(refused.problems)) from None


@contextmanager
def _definitions(texts: Texts) -> Iterator[Definitions]:
    """The definitions of some files; a source that is a database is none of the site's: it would let a page reach other servers."""
    with TemporaryDirectory() as folder, _telling():
        paths = []
        for place, text in enumerate(texts.values()):
            path = Path(folder) / f"{place}.yaml"
            path.write_text(text, encoding="utf-8")
            paths.append(path)
        found = read_definitions(*paths)
        databases = [name for name, source in found.sources.items() if source.database]
        if databases:
            zh = f"{'、'.join(databases)} 的来源是数据库，网页里不读数据库，请用命令行。"
            en = f"{', '.join(databases)} come from a database, which pages do not read; use the command line."
            raise Untold([Told("", zh, en, "", "")])
        yield found


# --- definitions ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outline:
    """What a unit's definitions say, at a glance."""

    tables: tuple[tuple[str, Text], ...] = ()
    measures: tuple[tuple[str, Text, str], ...] = ()


def outline_of_definitions(texts: Texts) -> Outline:
    """The tables that files may go into, and the measures with their units; Untold for what cannot be right."""
    if not texts:
        return Outline()
    with _definitions(texts) as found:
        tables = tuple((id, Text.read(str(source.name))) for id, source in found.sources.items())
        measures = tuple((id, Text.read(str(one.name)), str(one.unit or "")) for id, one in found.measures.items())
        return Outline(tables, measures)


def draft_of(path: Path) -> str:
    """Definitions that a file of events seems to ask for, to be read and kept by a person; nothing where no table fits."""
    with _telling():
        found = [one for one in fitting_tables(path, limits=LIMITS) if one.sure]
        return sources_text(found[0], "Asia/Shanghai") if found else ""


# --- files ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Events:
    """One file as the workspace keeps it."""

    key: str
    table: str
    file: str
    taken: int
    mended: int
    open: int
    waived: int
    blank: int
    at: str


@dataclass(frozen=True)
class AsideRow:
    """A row of events that could not be read and still waits."""

    key: str
    file: str
    row: int
    columns: str
    found: str
    why: Text


def kind_is_fine(name: str, head: bytes) -> bool:
    """Whether a file's first bytes are what its name says."""
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS or not head:
        return False
    if ending == ".parquet":
        return head.startswith(b"PAR1")
    if ending in (".xlsx", ".xlsm"):
        return head.startswith(b"PK\x03\x04")
    return head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" not in head


def take_events(folder: Path, texts: Texts, table: str, path: Path, same_name: str, at: str) -> Events:
    """Read a file into a table of the workspace; rows that cannot be read are set aside and listed. `same_name` as definitions say it."""
    with _definitions(texts) as definitions, _telling():
        folder.mkdir(parents=True, exist_ok=True)
        named: SameName | None = "replaces" if same_name == "replaces" else "adds" if same_name == "adds" else None
        found = import_files(Workspace(folder), definitions, table, [path], limits=LIMITS, same_name=named, imported_at=at)
        return next(one for one in events_of(folder) if one.key == found[0].key)


def events_of(folder: Path) -> list[Events]:
    """Every file that the workspace keeps."""
    with _telling():
        return [
            Events(
                one.key,
                one.table,
                one.file,
                one.rows_taken,
                one.rows_mended,
                one.rows_open,
                one.rows_waived,
                one.rows_blank,
                one.imported_at or "",
            )
            for one in Workspace(folder).imports()
        ]


def aside_of(folder: Path, most: int = 200) -> list[AsideRow]:
    """Rows that are neither mended nor waived, the first of them."""
    with _telling():
        found = []
        for one in listed_rows(Workspace(folder)):
            if one.status != OPEN:
                continue
            names = [FAULT_NAMES[fault] for fault in one.row.faults]
            why = Text("；".join(zh for zh, _ in names), "; ".join(en for _, en in names))
            found.append(AsideRow(one.entry.key, one.entry.file, one.row.row, "、".join(one.row.columns), one.row.found, why))
            if len(found) == most:
                break
        return found


def aside_workbook(folder: Path, texts: Texts) -> bytes:
    """The waiting rows as a workbook to mend, a sheet a file."""
    with TemporaryDirectory() as room, _definitions(texts) as definitions, _telling():
        path = Path(room) / "rows.xlsx"
        write_open_rows(Workspace(folder), definitions, path)
        return path.read_bytes()


def mend_events(folder: Path, texts: Texts, path: Path, by: str, at: str) -> tuple[int, int, list[Told]]:
    """Mended rows handed back: how many went in, how many were as before, and what is wrong with the others."""
    with _definitions(texts) as definitions, _telling():
        answer = mend_rows(Workspace(folder), definitions, [path], by=by, at=at)
        return answer.mended, answer.unchanged, told_of(answer.problems)


def waive_events(folder: Path, key: str, rows: Sequence[int], by: str, reason: str, at: str) -> None:
    """Do without rows, by name and with a reason."""
    with _telling():
        waive_rows(Workspace(folder), key, rows, by=by, reason=reason, at=at)


# --- figures --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Summary:
    """What measuring gave of one measure: subjects with a figure, rows counted and left out, of nobody, outside the round."""

    id: str
    name: Text
    key: str
    subjects: int
    counted: int
    excluded: int
    nobody: int
    strangers: tuple[str, ...]
    empty: int


@dataclass
class Figures:
    """Figures of a period as a text of values, ready to be previewed like any file."""

    content: bytes
    summaries: list[Summary] = field(default_factory=list)


def bindings_of(written: str, measures: Sequence[str]) -> dict[str, str]:
    """Which figure of a scheme a measure feeds, where the scheme or an equal name says so."""
    values: dict[str, Declared] = {key.rpartition(".")[2]: one for key, one in plan_of(written).scheme.values.items()}
    said = {one.measure: key for key, one in values.items() if one.measure}
    return {id: said.get(id, id if id in values else "") for id in measures}


def figures_of_period(folder: Path, texts: Texts, start: date, end: date, keys: Mapping[str, str], subjects: Sequence[str]) -> Figures:
    """The figures of some measures for the subjects of a round, each the exact quotient of two whole numbers."""
    with _definitions(texts) as definitions, _telling():
        measured = measure(Workspace(folder), definitions, Period(start, end), measures=list(keys), cache="use")
        waiting = sum(one.rows_open for one in measured.imports)
    if waiting:
        zh, en = f"还有 {waiting} 行原始记录搁置着", f"{waiting} rows of events are still set aside"
        raise Untold([Told("M020", f"{zh}。", f"{en}.", "请先改正，或写明理由豁免。", "Mend them, or do without them with a reason.")])
    known = set(subjects)
    return Figures(_as_text(measured, keys, subjects), [_summary(measured, id, key, known) for id, key in keys.items()])


def _as_text(measured: Measured, keys: Mapping[str, str], subjects: Sequence[str]) -> bytes:
    held = StringIO()
    writer = csv.writer(held)
    writer.writerow(["subject", *keys.values()])
    for subject in subjects:
        cells = [_quotient(measured[id].pair(subject)) for id in keys]
        if any(cells):
            writer.writerow([subject, *cells])
    return held.getvalue().encode()


def _quotient(pair: tuple[int, int] | None) -> str:
    """Two whole numbers as one exact text; nothing where there was nothing to measure."""
    if pair is None or pair[1] == 0:
        return ""
    return str(pair[0]) if pair[1] == 1 else f"{pair[0]}/{pair[1]}"


def _summary(measured: Measured, id: str, key: str, known: set[str]) -> Summary:
    figures = measured[id]
    mine = [subject in known for subject in figures.subjects]
    return Summary(
        id,
        Text.read(str(figures.measure.name)),
        key,
        sum(mine),
        sum(count for count, own in zip(figures.counted, mine, strict=True) if own),
        sum(sum(count for count, own in zip(counts, mine, strict=True) if own) for counts in figures.excluded.values()),
        figures.without_subject,
        tuple(subject for subject in figures.subjects if subject not in known),
        sum(own and bottom == 0 for own, bottom in zip(mine, figures.denominators, strict=True)),
    )
