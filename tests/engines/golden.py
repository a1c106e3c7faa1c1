"""The month of boundary cases as every engine is given it: the workspace's own rows, with `_file` and `_row`."""

from __future__ import annotations

import sys
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from kaohe.measuring import Definitions, Measured, Period, Workspace, import_files, measure, read_definitions
from kaohe.measuring.presets import read_presets

FOLDER = Path(__file__).resolve().parents[1] / "measuring" / "presets"
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
PAIRED = ("average_reply_seconds", "no_repeat_share", "resolution_business_seconds", "tickets_worked_by_time", "qa_score_review_mean")


RECONCILIATION = """
reconciliations:
  capped:
    name: 封顶 | Capped
    measure: average_reply_seconds_capped
    figures: {table: surveys, subject: account, numerator: score, denominator: "1", time: answered_at}
    steps:
      - {step: less, name: 三十秒 | Thirty seconds, with: {most: 30}}
      - {step: answered, name: 已回 | Answered, change: {where: given(replied_at)}}
      - {step: open, name: 不封顶 | No cap, drop: [clock.cap, clock.unanswered]}
"""
CONTRASTED = (("tmall_average_reply_seconds", "average_reply_seconds"), ("average_reply_seconds", "average_reply_seconds_capped"))


@cache
def month() -> tuple[Workspace, Definitions]:
    """The month in a workspace, and every preset."""
    folder = Path(mkdtemp(prefix="kaohe-golden-"))
    measures = {id: {"preset": f"{id}@{preset['version']}"} for id, preset in read_presets().measures.items()}
    text = (FOLDER / "sources.yaml").read_text(encoding="utf-8") + yaml.safe_dump({"measures": measures}) + RECONCILIATION
    (folder / "definitions.yaml").write_text(text, encoding="utf-8")
    definitions, workspace = read_definitions(folder / "definitions.yaml"), Workspace(folder / "workspace")
    for table in definitions.sources:
        import_files(workspace, definitions, table, [FOLDER / "month" / f"{table}.csv"])
    return workspace, definitions


@cache
def tables() -> dict[str, pa.Table]:
    """The rows of every table as another engine would hold them."""
    workspace, definitions = month()
    return {table: _rows(workspace, table) for table in definitions.sources}


def _rows(workspace: Workspace, table: str) -> pa.Table:
    found = [
        pq.read_table(workspace.path(one)).append_column("_file", _named(one.file, one.rows_taken)) for one in workspace.imports(table)
    ]
    return pa.concat_tables(found)


def _named(file: str, rows: int) -> pa.Array:
    return pa.array([file] * rows, pa.string())


@cache
def embedded_figures() -> Measured:
    """What the embedded engine gives."""
    workspace, definitions = month()
    return measure(workspace, definitions, MARCH, as_of=MARCH.end)


def plain(measured: Measured) -> dict[str, tuple]:
    """All that an engine gives of every measure, but for the version of the rows."""
    return {
        one.id: (
            one.subjects,
            one.numerators,
            one.denominators,
            one.counted,
            one.excluded,
            one.without_subject,
            one.without_time,
            one.unsettled,
        )
        for one in measured.figures
    }


if __name__ == "__main__":
    print(len(embedded_figures().figures), file=sys.stderr)
