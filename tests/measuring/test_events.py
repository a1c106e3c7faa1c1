"""Rows lie by whose they are, and no figure depends on it."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kaohe.measuring import events
from kaohe.measuring.events import writing_events

SCHEMA = pa.schema([("_row", pa.int64()), ("agent", pa.string())])


def written(path, subject, *tables):
    with writing_events(path, SCHEMA, subject) as write:
        for rows in tables:
            write(pa.table({"_row": [row for row, _ in rows], "agent": [agent for _, agent in rows]}, schema=SCHEMA))
    return [tuple(row.values()) for row in pq.read_table(path).to_pylist()]


def test_rows_of_one_run_are_sorted_by_their_subject(tmp_path):
    assert written(tmp_path / "e.parquet", "agent", [(1, "b"), (2, None)], [(3, "a"), (4, "b")]) == [
        (3, "a"),
        (1, "b"),
        (4, "b"),
        (2, None),
    ]


def test_rows_keep_their_order_where_nobody_is_said_to_own_them(tmp_path):
    assert written(tmp_path / "e.parquet", None, [(1, "b")], [(2, "a")]) == [(1, "b"), (2, "a")]


@pytest.mark.parametrize("run", [1, 2, 3, 100])
def test_no_row_is_lost_between_runs(tmp_path, monkeypatch, run):
    monkeypatch.setattr(events, "ROWS_A_RUN", run)
    rows = [(i, "ab"[i % 2]) for i in range(7)]
    assert sorted(written(tmp_path / "e.parquet", "agent", rows[:3], [], rows[3:])) == rows


def test_a_file_without_rows_is_a_table_without_rows(tmp_path):
    assert written(tmp_path / "e.parquet", "agent") == []
