"""A scan of many rows in batches whose answers are merged, so that memory does not grow with the rows.

The engine groups a bounded number of rows at a time; where everybody's state is wide and there are
many people, a single pass would keep a copy of the states for every million rows or so. What can be
merged is what the cache can keep: counts, sums, minima and maxima.
"""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.measuring.engine import Embedded
from kaohe.measuring.queries import ROWS, Answers, Query
from kaohe.measuring.rowsets import LOST, SUBJECT
from kaohe.measuring.workspace import Import

ROWS_A_BATCH = 8_000_000
BATCH, RUNNING = "_batch", "_running"


def batches_of(engine: Embedded, imports: Sequence[Import]) -> list[str]:
    """What to select each batch's rows from: files together up to a bound, and those beyond it in parts."""
    found: list[str] = []
    waiting: list[Import] = []
    rows = 0
    for one in imports:
        if waiting and rows + one.rows_taken > ROWS_A_BATCH:
            found.append(engine.parts(tuple(waiting)))
            waiting, rows = [], 0
        if one.rows_taken > ROWS_A_BATCH:
            found += (engine.part(one, first, ROWS_A_BATCH) for first in range(0, one.rows_taken, ROWS_A_BATCH))
        else:
            waiting.append(one)
            rows += one.rows_taken
    return found + ([engine.parts(tuple(waiting))] if waiting else [])


def batched_answers(engine: Embedded, query: Query, batches: Sequence[str], table: str) -> Answers:
    """The answers of a query written over `ROWS`, over all batches of them."""
    columns = ", ".join(query.columns)
    engine.keep(RUNNING, f"SELECT {columns} FROM ({query.sql.replace(ROWS, batches[0])})", table)
    for batch in batches[1:]:
        engine.keep(BATCH, f"SELECT {columns} FROM ({query.sql.replace(ROWS, batch)})", table)
        engine.keep(RUNNING, _merged_sql(query, f"SELECT {columns} FROM {RUNNING} UNION ALL SELECT {columns} FROM {BATCH}"), table)
    return engine.columns(f"SELECT {columns} FROM {RUNNING}", query.columns, table)


def _merged_sql(query: Query, source: str) -> str:
    """The states of two batches as those of one."""
    keys = [SUBJECT, *([LOST] if query.lost else [])]
    merged = [f"{answer.merge}({answer.name}) AS {answer.name}" for answer in query.answers]
    return f"SELECT {', '.join([*keys, *merged])} FROM ({source}) GROUP BY {', '.join(keys)}"
