"""Laws of mending: in whatever order and however often, the same cells give the same rows; nothing is lost on the way to a spreadsheet and back."""

from __future__ import annotations

import csv
import io

import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe.measuring import mend_rows, waive_rows
from kaohe.measuring.setting_aside import META
from kaohe.measuring.writing import MOST_LETTERS, as_meant, as_shown

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
STARTS = st.sampled_from(["", "=", "'", "''=", "-", "+1", "@", " =", "＝", "\t", "-5", "'-5", "1"])


@given(STARTS, TEXTS)
def test_a_cell_comes_back_from_a_spreadsheet_as_it_was(start: str, text: str) -> None:
    cell = start + text
    assert as_meant(as_shown(cell)) == cell
    assert len(cell) > MOST_LETTERS or not as_shown(cell).startswith(("=", "+", "@", "＝", "\t"))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_lists_in_any_order_and_number_give_what_one_list_gives(tmp_path_factory, house_in, data) -> None:
    """Rows mended by several lists, some twice, some waived before: the rows taken are those of one list with the last word on each."""
    rows = data.draw(st.lists(st.integers(0, 7), min_size=1, max_size=12))
    waived = data.draw(st.sets(st.integers(0, 7), max_size=3))
    waits = [(row, data.draw(st.integers(0, 500))) for row in rows]
    apart, together = (house_in(tmp_path_factory.mktemp("house")) for _ in range(2))
    for house in (apart, together):
        house.define()
        house.take_text("通话编号,坐席,来电时间,等待\n" + "".join(f"c{i},a,2026-03-01,soon\n" for i in range(8)))
    if waived:
        waive_rows(apart.workspace, "calls.csv", sorted(row + 2 for row in waived), by="李四", reason="测试")
    for number, wait in enumerate(waits):
        hand_back(apart, [wait], f"{number}.csv")
    hand_back(together, list(dict(waits).items()), "all.csv")
    assert taken(apart) == taken(together) == {row + 2: wait for row, wait in dict(waits).items()}
    (entry,) = apart.workspace.imports()
    assert (entry.rows_mended, entry.rows_open) == (len(dict(waits)), 8 - len(dict(waits).keys() | waived))


def hand_back(house, waits: list[tuple[int, int]], name: str) -> None:
    (entry,) = house.workspace.imports()
    head, *lines = csv.reader(io.StringIO((house.workspace.folder / entry.set_aside).read_text(encoding="utf-8-sig")))
    for row, wait in waits:
        line = next(line for line in lines if line[META.index("row")] == str(row + 2))
        line[head.index("等待")] = str(wait)
    out = io.StringIO()
    csv.writer(out).writerows([head, *lines])
    assert mend_rows(house.workspace, house.definitions, [house.write(name, out.getvalue())]).problems == []


def taken(house) -> dict[int, int]:
    (entry,) = house.workspace.imports()
    return {row["_row"]: row["wait_seconds"] for row in pq.read_table(house.workspace.path(entry)).to_pylist()}
