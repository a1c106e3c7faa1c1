"""The raw folder: what the shop's systems would have exported, a file a month where the shop would do so."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kaohe.sample.cells import Clock, Table, complaint_cells, conversation_cells, inspection_cells, order_cells, survey_cells
from kaohe.sample.drawing import Draws, Ints
from kaohe.sample.world import World
from kaohe.sample.writing import write_columns

_FARTHEST_REPEAT = 400  # rows between a row and its repetition

Rows = dict[str, int]  # how many rows each file has, by the file's name


def write_conversations(raw: Path, world: World, clock: Clock) -> Rows:
    """One compressed file a month, and the second export of a part of the first month."""
    table, marks = conversation_cells(world, clock), world.talk_marks
    months = world.calendar.months_at(world.talks.started)
    repeated = marks.rows("duplicate_row")
    files = {
        f"conversations-{month.name}.csv.gz": _with_repeats(world.seed, np.flatnonzero(months == place), repeated)
        for place, month in enumerate(world.calendar.months)
    }
    files[f"conversations-{world.calendar.months[0].name}-reexport.csv.gz"] = marks.rows("reexported_row")
    return _write_all(raw, table, files)


def write_orders(raw: Path, world: World, clock: Clock) -> Rows:
    """One compressed file a month, by the time ordered; the last has what came a little later too."""
    files = _monthly("orders-{}.csv.gz", world, world.orders.ordered, world.order_marks.rows("duplicate_order"))
    return _write_all(raw, order_cells(world, clock), files)


def write_surveys(raw: Path, world: World, clock: Clock) -> Rows:
    """One file a month, by the time sent, with a byte order mark."""
    files = _monthly("surveys-{}.csv", world, world.surveys.sent, np.zeros(0, dtype=np.int64))
    return _write_all(raw, survey_cells(world, clock), files, "utf-8-sig")


def write_complaints(raw: Path, world: World, clock: Clock) -> Rows:
    """One file in GBK."""
    rows = np.arange(len(world.complaints.received))
    return _write_all(raw, complaint_cells(world, clock), {"complaints.csv": rows}, "gbk")


def write_inspections(raw: Path, world: World, clock: Clock) -> Rows:
    """One file."""
    rows = np.arange(len(world.inspections.inspected))
    return _write_all(raw, inspection_cells(world, clock), {"inspections.csv": rows})


def _write_all(raw: Path, table: Table, files: dict[str, Ints], encoding: str = "utf-8") -> Rows:
    return {f"{raw.name}/{name}": write_columns(raw / name, table, rows, encoding) for name, rows in files.items()}


def _monthly(name: str, world: World, instants: Ints, repeated: Ints) -> dict[str, Ints]:
    """The rows of each month's file."""
    calendar = world.calendar
    months = calendar.months_at(instants).clip(max=len(calendar.months) - 1)
    return {
        name.format(month.name): _with_repeats(world.seed, np.flatnonzero(months == place), repeated)
        for place, month in enumerate(calendar.months)
    }


def _with_repeats(seed: int, rows: Ints, repeated: Ints) -> Ints:
    """The rows, and those of them that are repeated once more, some way further down."""
    again = repeated[np.isin(repeated, rows)]
    places = np.concatenate([rows, again + Draws(seed, "repeats").below(_FARTHEST_REPEAT, len(again))])
    return np.concatenate([rows, again])[np.argsort(places, kind="stable")]
