"""The command that lets one measure take another's place, and tells what becomes of everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType

from kaohe.cli.filing import Cell, Filed, check_table_file, write_tables
from kaohe.cli.finding import find_day, find_period
from kaohe.cli.importing import Files, WorkspaceFolder, files_by_table
from kaohe.cli.measuring import CACHING, STAGES, AsOf, Caching, PeriodText, SourcesFile
from kaohe.cli.options import Json, Lang
from kaohe.cli.reconciling import OUT, signed
from kaohe.cli.talking import Talk, talk_of
from kaohe.documents import read_document
from kaohe.measuring import Contrast, Definitions, Workspace, contrast, import_files, read_definitions
from kaohe.measuring.contrasting import Contrasted
from kaohe.measuring.presets import read_presets
from kaohe.showing import Stack, aligned, plain, table_of, tell_value
from kaohe.texts import Text

FIRST = "现用的：度量编号，或预设 编号@版本 | The one in use: a measure's id, or a preset as ID@VERSION"
SECOND = "换成的：度量编号，或预设 编号@版本 | The one to take its place: a measure's id, or a preset as ID@VERSION"
OWN = "自己的度量定义（可重复） | Definitions of measures of one's own (repeat)"
ROWS = (Text("两边都计", "in both"), Text("只计于前", "first only"), Text("只计于后", "second only"))


def complete_measure(incomplete: str) -> list[str]:
    """Ready measures that begin so, for the shell."""
    return [reference for reference in read_presets().references() if reference.startswith(incomplete)]


def compare_measures(
    context: typer.Context,
    first: Annotated[str, typer.Argument(metavar="FIRST", autocompletion=complete_measure, help=FIRST)],
    second: Annotated[str, typer.Argument(metavar="SECOND", autocompletion=complete_measure, help=SECOND)],
    sources: SourcesFile,
    files: Files = None,
    measures: Annotated[list[Path] | None, typer.Option("--measures", "-m", metavar="FILE", help=OWN)] = None,
    period: PeriodText = ...,  # type: ignore[assignment]
    workspace: WorkspaceFolder = Path("workspace"),
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help=OUT)] = None,
    as_of: AsOf = None,
    cache: Annotated[Caching, typer.Option("--cache", help=CACHING)] = Caching.USE,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Let one measure take another's place over the same rows, and tell what becomes of everybody."""
    talk, span, day = talk_of(context, as_json), find_period(period), find_day(as_of)
    target = None if out is None else check_table_file(out)
    definitions, (one, other) = _definitions([sources, *(measures or [])], first, second)
    place = Workspace(workspace)
    with talk.progress(STAGES) as progress:
        for table, patterns in files_by_table(definitions, files or []).items():
            import_files(place, definitions, table, patterns, progress=progress)
        found = contrast(place, definitions, one, other, span, as_of=day, cache=cache.value, progress=progress)
    if talk.as_json:
        talk.data(found.as_data() | {"problems": [problem.as_data() for problem in found.problems()]})
    else:
        talk.show(*_told(talk, found))
        if found.problems():
            talk.problems(found.problems())
    if target is not None:
        talk.wrote([write_tables(target, _title(talk, found), [_filed(talk, found)], found.as_data())])


def _definitions(paths: Sequence[Path], *names: str) -> tuple[Definitions, Sequence[str]]:
    """Definitions that hold both measures, and their ids: what the files do not define is a ready measure."""
    own = {str(id) for path in paths for id in _measures_of(path)}
    ids = [name if name in own else name.replace("@", "_") for name in names]
    ready = {id: name for id, name in zip(ids, names, strict=True) if name not in own}
    return read_definitions(*paths, presets=ready), ids


def _measures_of(path: Path) -> list[object]:
    """The ids of the measures of a file, as far as it can be read; what is wrong with it is told later."""
    data, _ = read_document(path)
    measures = data.get("measures") if data else None
    return list(measures) if isinstance(measures, dict) else []


# --- for people ---------------------------------------------------------------------------------


def _title(talk: Talk, found: Contrast) -> str:
    names = " → ".join(talk.tell(Text.read(one.measure.name)) for one in (found.first, found.second))
    return f"{names}  {found.period.start} – {found.period.end}"


def _headings(talk: Talk, found: Contrast) -> list[str]:
    who, gap, place = talk.say("被考核人", "subject"), talk.say("相差", "difference"), talk.say("名次", "place")
    return [who, plain(found.first.id), plain(found.second.id), gap, place, *map(talk.tell, ROWS)]


def _told(talk: Talk, found: Contrast) -> Iterator[RenderableType]:
    """Both figures of each, what lies between them, both places and the rows, then what one should know."""
    yield plain(_title(talk, found))
    lines = found.lines
    cells = [
        [plain(line.subject) for line in lines],
        aligned([tell_value(line.first, talk.language) for line in lines]),
        aligned([tell_value(line.second, talk.language) for line in lines]),
        aligned([signed(found.difference(line)) for line in lines]),
        [_places(line) for line in lines],
        *([f"{count:,}" for count in counts] for counts in zip(*(_rows(line) for line in lines), strict=True)),
    ]
    cells += [[]] * (8 - len(cells))
    yield table_of(
        Stack(heading, column, right=number > 0) for number, (heading, column) in enumerate(zip(_headings(talk, found), cells, strict=True))
    )
    yield talk.say(*_moved(found))
    yield from (talk.say(*note) for note in _notes(found))


def _places(line: Contrasted) -> str:
    """Both places: `1 → 3`."""
    if line.first_place is None and line.second_place is None:
        return "–"
    return f"{line.first_place or '–'} → {line.second_place or '–'}"


def _rows(line: Contrasted) -> tuple[int, int, int]:
    return line.both, line.first_only, line.second_only


def _moved(found: Contrast) -> tuple[str, str]:
    """How many stand otherwise by the second measure than by the first."""
    placed = [line for line in found.lines if line.first_place is not None and line.second_place is not None]
    moved = sum(line.first_place != line.second_place for line in placed)
    return f"共 {len(found.lines)} 人，{moved} 人名次有变。", f"{len(found.lines)} in all; the place of {moved} changes."


def _notes(found: Contrast) -> Iterator[tuple[str, str]]:
    units = tuple(one.measure.unit or "–" for one in (found.first, found.second))
    if not found.units_alike:
        yield f"单位不同（{units[0]}，{units[1]}），数值不相减。", f"The units differ ({units[0]}, {units[1]}): figures are not subtracted."
    if not found.rows_shared:
        yield (
            f"两者看的不是同一来源的行（{found.first.measure.table}，{found.second.measure.table}），各计各的。",
            f"They look at rows of different sources ({found.first.measure.table}, {found.second.measure.table}), counted apart.",
        )


# --- for files ----------------------------------------------------------------------------------


def _filed(talk: Talk, found: Contrast) -> Filed:
    """A row each, every figure exact; both places in columns of their own."""
    who, one, other, gap, place, *rows = _headings(talk, found)
    headings = [who, one, other, gap, f"{place} {one}", f"{place} {other}", *rows]
    cells: list[list[Cell]] = [
        [line.subject, line.first, line.second, found.difference(line), line.first_place, line.second_place, *_rows(line)]
        for line in found.lines
    ]
    return Filed(talk.say("换口径", "comparison"), headings, cells)
