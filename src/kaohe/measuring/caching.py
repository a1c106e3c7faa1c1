"""States by subject and day, kept beside the events: a new file of events costs its own rows, not all of them.

A state holds what one query asks of one part of a table's files, by subject and day, in whole
numbers; the figures of any period are the states merged. It is named after its query and the files
of its part, so a changed measure, a mended import or a corrected file makes another state and the
old one is not looked at. The cache is never the truth: it can be deleted at any time, and `verify`
compares it with a full scan.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from kaohe.measuring.clocks import Period
from kaohe.measuring.definitions import Accounts
from kaohe.measuring.deriving.tables import Tables
from kaohe.measuring.engine import Embedded
from kaohe.measuring.locking import writer_if_free
from kaohe.measuring.plans import Plan
from kaohe.measuring.queries import DAY, ROWS, Answers, Query, states_query
from kaohe.measuring.rowsets import LOST, SUBJECT
from kaohe.measuring.workspace import Import
from kaohe.measuring.writing import sweep_parts, written_whole
from kaohe.problems import Problems

STATE_VERSION = "1"  # raised whenever the same query would keep something else
FOLDER = "cache"
MOST_PARTS = 512  # beyond so many files, those whose hash begins alike share a state
MADE = "_made_state"
WIDE = ".wide"  # how the name of a state ends that holds numbers of more than 64 bits


def can_be_cached(tables: Tables, plans: Sequence[Plan]) -> bool:
    """Whether the figures of all rows follow from those of each file."""
    rows = plans[0].rows
    if rows.table not in tables.definitions.sources or rows.one_row is not None:
        return False
    return states_query(plans, ROWS, tables.scope(rows.table)).mergeable


def cached_answers(engine: Embedded, tables: Tables, plans: Sequence[Plan], period: Period) -> tuple[Query, Answers] | None:
    """The answers of a period's rows, from states; those that are lacking are made and kept.

    None where states are lacking and another process is at work on the table's, for too long to wait.
    """
    table = plans[0].rows.table
    query = states_query(plans, ROWS, tables.scope(table))
    key = _query_key(engine, tables, plans, query)
    folder = engine.workspace.folder / FOLDER / table
    states = [(part, folder / f"{key}-{_part_key(part)}.parquet") for part in parts_of(engine.imports(table))]
    if not all(_is_kept(path) for _, path in states) and not _make_states(engine, query, states, table):
        return None
    paths = [path for _, path in states]
    _remove_others(folder, key, {path.stem for path in paths})
    return query, engine.columns(_merged_sql(engine, query, paths, period), query.columns, table)


def _is_kept(path: Path) -> bool:
    return path.exists() or path.with_suffix(WIDE).exists()


def _make_states(engine: Embedded, query: Query, states: Sequence[tuple[tuple[Import, ...], Path]], table: str) -> bool:
    """Make the states that are lacking, one process at a time; what a killed one left half written is swept away."""
    folder = states[0][1].parent
    with writer_if_free(folder) as busy:
        if busy:
            return False
        sweep_parts(folder)
        for part, path in states:
            if not _is_kept(path):
                _write_state(engine, query, part, path, table)
    return True


def parts_of(imports: Sequence[Import]) -> list[tuple[Import, ...]]:
    """The files that share a state: each its own, or many together where there are too many."""
    if len(imports) <= MOST_PARTS:
        return [(one,) for one in imports]
    alike: dict[str, list[Import]] = {}
    for one in imports:
        alike.setdefault(one.sha256[:2], []).append(one)
    return [tuple(ones) for ones in alike.values()]


def _query_key(engine: Embedded, tables: Tables, plans: Sequence[Plan], query: Query) -> str:
    """What a query is known by: its text, the accounts and the calendars that it looks things up in."""
    definitions, through = tables.definitions, plans[0].rows.through
    accounts = _accounts_key(engine, definitions.accounts[through]) if through else ""
    looks_up = any(plan.lookups for plan in plans)
    calendars = {id: one.model_dump(mode="json") for id, one in definitions.calendars.items()} if looks_up else {}
    return _digest([STATE_VERSION, query.sql, accounts, calendars, definitions.company_zone])


def _accounts_key(engine: Embedded, accounts: Accounts) -> list[object]:
    """What accounts are known by: the rows that hold them, and how those are read."""
    return [engine.version_of(accounts.table), accounts.model_dump(mode="json", exclude={"name"})]


def _part_key(part: tuple[Import, ...]) -> str:
    return _digest(sorted(one.events for one in part))


def _digest(data: object) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=True).encode()).hexdigest()[:20]


def _write_state(engine: Embedded, query: Query, part: tuple[Import, ...], path: Path, table: str) -> None:
    """Keep a part's answers: whole numbers of 64 bits, or decimals without places in a file that says so where some are wider."""
    sql = query.sql.replace(ROWS, engine.parts(part))
    engine.keep(MADE, sql, table)
    for wide in (False, True):
        kept = [f"CAST({answer.name} AS {'DECIMAL(38, 0)' if wide else 'BIGINT'}) AS {answer.name}" for answer in query.answers]
        columns = ", ".join([SUBJECT, DAY, *kept, *([LOST] if query.lost else [])])
        try:
            with written_whole(path.with_suffix(WIDE) if wide else path) as file:
                engine.write(f"SELECT {columns} FROM {MADE}", file, table)
            return
        except Problems:
            if wide:
                raise


def _merged_sql(engine: Embedded, query: Query, states: list[Path], period: Period) -> str:
    merged = [f"{answer.merge}({answer.name}) AS {answer.name}" for answer in query.answers]
    lost = [LOST] if query.lost else []
    inside = f"{DAY} BETWEEN {engine.dialect.day(period.start)} AND {engine.dialect.day(period.end)} OR {DAY} IS NULL"
    chosen = ", ".join([SUBJECT, *merged, *lost])
    return f"SELECT {chosen} FROM ({_all_states(engine, query, states)}) WHERE {inside} GROUP BY {', '.join([SUBJECT, *lost])}"


def _all_states(engine: Embedded, query: Query, states: list[Path]) -> str:
    """The rows of all states; where some are wide, all as wide as those."""
    narrow, wide = [path for path in states if path.exists()], [path.with_suffix(WIDE) for path in states if not path.exists()]
    names = [SUBJECT, DAY, *(answer.name for answer in query.answers), *([LOST] if query.lost else [])]
    widened = ", ".join(f"CAST({name} AS HUGEINT) AS {name}" if name in {one.name for one in query.answers} else name for name in names)
    if not wide:
        return f"SELECT {', '.join(names)} FROM {engine.files(narrow)}"
    return " UNION ALL ".join(f"SELECT {widened} FROM {engine.files(paths)}" for paths in (narrow, wide) if paths)


def _remove_others(folder: Path, key: str, kept: set[str]) -> None:
    """Remove the states of the same query for files that are no more, or have been mended since."""
    for path in folder.glob(f"{key}-*"):
        if path.stem not in kept:
            path.unlink(missing_ok=True)
