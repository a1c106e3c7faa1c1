"""Facts read from anywhere: a case, a folder of CSV files, a workbook, tables of other programs.

`read_facts` gives raw facts for `kaohe.checking.check_facts`; it reads what is written and judges
only whether it can be read. With a plan, the names that its scheme gives to things are read as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kaohe.cases import facts_of
from kaohe.documents import Branch, Row, read_document
from kaohe.facts import RawFacts
from kaohe.plan import Plan
from kaohe.problems import Place, Problems
from kaohe.sources.arrow import table_of
from kaohe.sources.bounds import LIMITS, PACKINGS, Limits, telling_damage, unreadable
from kaohe.sources.delimited import read_delimited
from kaohe.sources.gathering import Gathering
from kaohe.sources.workbooks import read_workbook

__all__ = ["LIMITS", "Limits", "read_facts"]

YAMLS = (".yaml", ".yml")
BOOKS = (".xlsx", ".xlsm")
TEXTS = (".csv", ".tsv", ".txt")


def read_facts(source: object, plan: Plan | None = None, limits: Limits = LIMITS) -> RawFacts:
    """Raw facts from a path or from tables in memory.

    A path may be a folder of CSV files, an XLSX workbook, a single CSV file, or a YAML file: facts
    written like a case, or a case file, `cases.yaml#its-name` for one of several. Tables in memory
    come as a mapping: `people`, `values`, `ratings`, `events`, `history` and `measured` each a
    table (pandas, polars, Arrow, rows, columns) or, for events, a mapping of one table each type;
    `period` (`start`, `end`), `as_of` and `config` beside them.
    Raises `Problems` where something cannot be read at all; what else is wrong travels with the
    facts and is told by the check.
    """
    if isinstance(source, RawFacts):
        return source
    if isinstance(source, Mapping):
        return _from_memory(source, plan)
    path, _, case = _parted(str(source))
    if path.is_dir():
        return _from_folder(path, plan, limits)
    if not path.is_file():
        raise unreadable(Place(file=str(path)), "文件不存在", "there is no such file")
    return _from_file(path, case, plan, limits)


def _parted(name: str) -> tuple[Path, str, str]:
    """A path and, after `#`, the name of a case; a file that really bears the sign is meant as it is."""
    if Path(name).exists():
        return Path(name), "", ""
    path, sign, case = name.rpartition("#")
    return (Path(path), sign, case) if sign else (Path(name), "", "")


def _from_file(path: Path, case: str, plan: Plan | None, limits: Limits) -> RawFacts:
    suffix = _suffix(path)
    if suffix in YAMLS:
        return _from_yaml(path, case)
    gathering = Gathering(plan, Place(file=str(path)))
    if suffix in BOOKS:
        _add_workbook(gathering, path, limits)
    elif suffix in TEXTS:
        _add_text(gathering, path, limits)
    else:
        raise unreadable(gathering.place, f"不支持 {suffix or '无后缀'} 文件", f"files ending in {suffix or 'nothing'} are not read")
    return gathering.facts()


def _suffix(path: Path) -> str:
    """The ending of a file's name without what it is packed in."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return suffixes[-2] if len(suffixes) > 1 and suffixes[-1] in PACKINGS else "".join(suffixes[-1:])


# --- YAML -----------------------------------------------------------------------------------------


def _from_yaml(path: Path, case: str) -> RawFacts:
    tree, place = _document(path), Place(file=str(path))
    cases = tree.get("cases")
    if not isinstance(cases, Row):
        return facts_of(tree, place)
    rows = [row for row in cases if isinstance(row, Branch)]
    chosen = [row for row in rows if row.get("name") == case] if case else rows
    if len(chosen) == 1:
        return facts_of(chosen[0], place)
    names = ", ".join(str(row.get("name")) for row in rows[:20])
    raise unreadable(place, f"请用“文件#用例名”指明其中一个用例：{names}", f"say which case is meant, `file#name`: {names}")


def _document(path: Path) -> Branch:
    tree, problems = read_document(path)
    if tree is None or problems:
        raise Problems(problems)
    return tree


# --- a folder -------------------------------------------------------------------------------------


def _from_folder(folder: Path, plan: Plan | None, limits: Limits) -> RawFacts:
    gathering = Gathering(plan, Place(file=str(folder)))
    _add_settings(gathering, folder / "facts.yaml")
    for path in sorted(path for path in folder.iterdir() if path.is_file() and _suffix(path) in TEXTS):
        _add_text(gathering, path, limits)
    for path in sorted((folder / "events").glob("*")) if (folder / "events").is_dir() else ():
        if _suffix(path) in TEXTS:
            _add_event_file(gathering, path, limits)
    return gathering.facts()


def _add_settings(gathering: Gathering, path: Path) -> None:
    """Period, day of knowledge and choices from `facts.yaml`."""
    if not path.is_file():
        return
    try:
        tree = _document(path)
    except Problems as refused:
        gathering.fatal += refused.problems
        return
    _set_span(gathering, tree)


def _set_span(gathering: Gathering, tree: Mapping[str, Any]) -> None:
    period = tree.get("period")
    gathering.recognised |= period is not None
    gathering.span |= period if isinstance(period, Mapping) else dict(zip(("start", "end"), period or (), strict=False))
    gathering.span |= {"as_of": tree["as_of"]} if tree.get("as_of") is not None else {}
    config = tree.get("config")
    gathering.add_config(config if isinstance(config, Mapping) else {})


def _add_text(gathering: Gathering, path: Path, limits: Limits) -> None:
    name = path.name.partition(".")[0]
    kind = gathering.kind_of(name)
    if kind is None:
        gathering.unknown(name, Place(file=str(path)))
        return
    grid = gathering.reading(lambda: read_delimited(path, limits))
    if grid is not None:
        gathering.add_grid(grid, *kind)


def _add_event_file(gathering: Gathering, path: Path, limits: Limits) -> None:
    """A file of `events/`: its name is the type of its records."""
    name = path.name.partition(".")[0]
    kind = gathering.kind_of(name)
    grid = gathering.reading(lambda: read_delimited(path, limits))
    if grid is not None:
        gathering.add_grid(grid, "events", kind[1] if kind is not None and kind[1] is not None else name)


# --- a workbook -----------------------------------------------------------------------------------


def _add_workbook(gathering: Gathering, path: Path, limits: Limits) -> None:
    with telling_damage(gathering.place):
        grids = read_workbook(path, limits)
    for name, grid in grids.items():
        kind = gathering.kind_of(name)
        if kind is None:
            gathering.unknown(name, grid.place)
        else:
            gathering.add_grid(grid, *kind)


# --- tables in memory -----------------------------------------------------------------------------


def _from_memory(source: Mapping[str, Any], plan: Plan | None) -> RawFacts:
    """Facts from tables of other programs; a mapping like a case is read as one."""
    gathering = Gathering(plan)
    _set_span(gathering, source)
    for name, held in source.items():
        kind = gathering.kind_of(name)
        if kind is None or kind[0] in ("period", "config") or held is None:
            continue
        if kind == ("events", None) and isinstance(held, Mapping) and not _is_columns(held):
            _add_events(gathering, held)
        elif kind == ("values", None) and isinstance(held, Mapping) and not _is_columns(held):
            gathering.add_table(table_of([{"subject": id, **(cells or {})} for id, cells in held.items()], Place(sheet=name)), "values")
        else:
            gathering.add_table(table_of(held, Place(sheet=name)), *kind)
    return gathering.facts()


def _is_columns(held: Mapping[str, Any]) -> bool:
    """Whether a mapping is a table by its columns: one of them says whose the rows are."""
    return any(not isinstance(cells, Mapping) and name in ("subject", "被考核人") for name, cells in held.items())


def _add_events(gathering: Gathering, held: Mapping[str, Any]) -> None:
    for name, table in held.items():
        kind = gathering.kind_of(name)
        event = kind[1] if kind is not None and kind[1] is not None else name
        gathering.add_table(table_of(table, Place(sheet=name)), "events", event)
