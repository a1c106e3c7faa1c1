"""Files of events: whatever they are written in they read alike, and no bad row gets lost."""

# ruff: noqa: DTZ001 - stored instants are naive UTC

from __future__ import annotations

import csv
import gzip
import io
from datetime import datetime, time
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from kaohe.measuring import import_files
from kaohe.problems import Problems

TEXT = "通话编号,坐席,来电时间,等待,评分\nc1,张三,2026-03-01 09:00:00,20,5\nc2,李四,2026-03-01 10:00:00,?,\n"


def stored(house) -> list[dict[str, object]]:
    rows = [row for one in house.workspace.imports() for row in pq.read_table(house.workspace.path(one)).to_pylist()]
    return [{key: value for key, value in row.items() if value is not None} for row in rows]


def set_aside(house) -> list[tuple[str, str, str, str]]:
    listed = house.workspace.imports()[0].set_aside
    if listed is None:
        return []
    text = (house.workspace.folder / listed).read_text(encoding="utf-8-sig")
    return [(row["row"], row["column"], row["found"], row["reason"]) for row in csv.DictReader(io.StringIO(text))]


ROWS = [
    {"_row": 2, "call_id": "c1", "agent": "张三", "called_at": datetime(2026, 3, 1, 1), "wait_seconds": 20, "rating": 5},
    {"_row": 3, "call_id": "c2", "agent": "李四", "called_at": datetime(2026, 3, 1, 2)},
]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("calls.csv", TEXT.encode()),
        ("bom.csv", TEXT.encode("utf-8-sig")),
        ("gbk.csv", TEXT.encode("gbk")),
        ("windows.csv", TEXT.replace("\n", "\r\n").encode()),
        ("tabs.tsv", TEXT.replace(",", "\t").encode()),
        ("semicolons.txt", TEXT.replace(",", ";").encode()),
        ("trailing.csv", TEXT.replace("\n", ",,\n").encode()),
        ("calls.csv.gz", gzip.compress(TEXT.encode())),
        ("calls.csv.zst", zstandard.compress(TEXT.encode())),
    ],
)
def test_a_text_file_reads_alike_however_it_is_written_and_packed(house, name: str, data: bytes) -> None:
    house.define()
    house.write(name, data)
    house.take(name)
    assert stored(house) == ROWS


def test_a_workbook_reads_like_a_text_file(house) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["通话编号", "坐席", "来电时间", "等待", "评分"],
        ["c1", "张三", datetime(2026, 3, 1, 9), time(0, 0, 20), 5],
        ["c2", "李四", "2026-03-01 10:00", "?", None],
    ):
        book.active.append(row)
    book.save(house.folder / "calls.xlsx")
    house.define()
    house.take("calls.xlsx")
    assert stored(house) == ROWS


def test_a_parquet_file_reads_like_a_text_file(house) -> None:
    table = pa.table(
        {
            "Call Id": ["c1", "c2"],
            "Agent": pa.array(["张三", "李四"]).dictionary_encode(),
            "Called": pa.array([datetime(2026, 3, 1, 9), datetime(2026, 3, 1, 10)], pa.timestamp("ns")),
            "Wait": pa.array([20, None], pa.int16()),
            "Rating": pa.array([5.0, None]),
        }
    )
    pq.write_table(table, house.folder / "calls.parquet")
    house.define()
    house.take("calls.parquet")
    assert stored(house) == ROWS


def test_a_decimal_from_parquet_is_scaled_exactly(house) -> None:
    times = pa.array([datetime(2026, 3, 1)] * 3, pa.timestamp("us", "UTC"))
    amounts = pa.array([Decimal("0.10"), Decimal("12.34"), Decimal("-5.00")])
    pq.write_table(
        pa.table({"Call Id": ["a", "b", "c"], "Agent": ["x"] * 3, "Called": times, "Amount": amounts}), house.folder / "calls.parquet"
    )
    house.define()
    house.take("calls.parquet")
    assert [row["amount"] for row in stored(house)] == [10, 1234, -500]


def test_the_first_header_of_the_list_wins(house) -> None:
    house.define()
    house.take_text("Call Id,通话编号,坐席,来电时间\nold,new,张三,2026-03-01\n")
    assert stored(house)[0]["call_id"] == "new"


def test_headers_match_whatever_their_case_width_and_blanks(house) -> None:
    house.define()
    house.take_text(" CALL  ID ,agent,called\nc1,张三,2026-03-01\n")
    assert stored(house)[0]["call_id"] == "c1"


def test_cells_of_two_headers_are_joined(house) -> None:
    sources = "sources: {calls: {name: 来电, columns: {agent: {from: A}, at: {from: [[Date, Time]], type: datetime}}}}\n"
    house.define(sources=sources)
    house.take_text("A,Date,Time\n张三,2026-03-01,09:05\n")
    assert stored(house)[0]["at"] == datetime(2026, 3, 1, 9, 5)


def test_a_header_may_stand_below_a_title(house) -> None:
    house.define(sources="sources: {calls: {name: 来电, header_row: 3, columns: {agent: {from: 坐席}}}}\n")
    house.take_text("三月通话明细\n\n坐席\n张三\n")
    assert stored(house) == [{"_row": 4, "agent": "张三"}]


def test_all_absent_columns_are_told_at_once_with_the_nearest_header(house) -> None:
    house.define()
    with pytest.raises(Problems) as caught:
        house.take_text("通话编码,坐席\nc1,张三\n")
    assert [(problem.code, problem.found["column"]) for problem in caught.value] == [("M015", "call_id"), ("M015", "called_at")]
    assert "通话编码" in caught.value.problems[0].sentence("zh")


def test_a_header_over_two_columns_is_told(house) -> None:
    house.define()
    with pytest.raises(Problems) as caught:
        house.take_text("通话编号,坐席,坐席,来电时间\nc1,张三,李四,2026-03-01\n")
    assert [problem.code for problem in caught.value] == ["M016"]


def test_headers_that_nobody_maps_are_kept_in_the_manifest(house) -> None:
    house.define()
    assert house.take_text("通话编号,坐席,来电时间,备注,\nc1,张三,2026-03-01,好,\n").unused_headers == ("备注",)


def test_every_bad_row_is_set_aside_with_its_row_column_text_and_reason(house) -> None:
    house.define()
    taken = house.take_text(
        "通话编号,坐席,来电时间,等待,金额\n"
        "c1,张三,2026-03-01,20,1.00\n"  # good
        "c2,张三,31/3/2026,20,1.00\n"
        ",张三,2026-03-01,soon,1.005\n"
        "c4,张三,2026-03-01\n"
        "c5,张三,2026-03-01,20,1.00,6\n"
        "\n"
        "c7,张三,2026-03-01,20,2\n"  # good
    )
    assert set_aside(house) == [
        ("3", "called_at", "31/3/2026", "not_a_date"),
        (
            "4",
            "call_id; wait_seconds; amount",
            "call_id: ; wait_seconds: soon; amount: 1.005",
            "missing; not_a_duration; too_many_places",
        ),
        ("5", "", "c4,张三,2026-03-01", "wrong_column_count"),
        ("6", "", "c5,张三,2026-03-01,20,1.00,6", "wrong_column_count"),
    ]
    assert (taken.rows_taken, taken.rows_set_aside, taken.rows_blank) == (2, 4, 1)
    assert [row["_row"] for row in stored(house)] == [2, 8]
    assert [problem.code for problem in taken.problems()] == ["M020"]


def test_undecodable_bytes_set_their_row_aside_and_no_other(house) -> None:
    house.define()
    house.write("calls.csv", TEXT.encode() + b"c3,\xff\xfe\xff,2026-03-01,1,\n" + "c4,王五,2026-03-01,1,\n".encode())
    taken = house.take("calls.csv")[0]
    assert (taken.encoding, taken.rows_taken, taken.faults) == ("utf-8-sig", 3, {"undecodable": 1})
    assert set_aside(house)[0][0] == "4"


def test_a_file_cut_off_within_a_letter_sets_its_last_row_aside(house) -> None:
    house.define()
    house.write("calls.csv", TEXT.encode() + "c3,王五,2026-03-01,1,张".encode()[:-1])
    taken = house.take("calls.csv")[0]
    assert (taken.encoding, taken.faults) == ("utf-8-sig", {"undecodable": 1})


def test_each_line_that_an_open_quote_swallows_is_set_aside_by_itself(house) -> None:
    house.define()
    taken = house.take_text(TEXT + 'c3,"张三,2026-03-01,1,\nc4,李四,2026-03-01,1,\n')
    assert (taken.rows_taken, taken.rows_set_aside, taken.faults) == (2, 2, {"malformed_quotes": 2})
    assert [(row, found) for row, _, found, _ in set_aside(house)] == [("4", 'c3,"张三,2026-03-01,1,'), ("5", "c4,李四,2026-03-01,1,")]


def test_a_quoted_cell_may_hold_a_line_break(house) -> None:
    house.define()
    house.take_text('通话编号,坐席,来电时间,主题\nc1,张三,2026-03-01,"退\n款"\nc2,李四,2026-03-01,换货\n')
    assert [(row["_row"], row["topic"]) for row in stored(house)] == [(2, "退\n款"), (3, "换货")]


def test_an_id_stored_as_a_long_number_is_set_aside(house) -> None:
    book = openpyxl.Workbook()
    book.active.append(["通话编号", "坐席", "来电时间"])
    book.active.append([13800138000123456789, "张三", "2026-03-01"])
    book.active.append([13800138000, "张三", "2026-03-01"])
    book.save(house.folder / "calls.xlsx")
    house.define()
    assert house.take("calls.xlsx")[0].faults == {"digits_lost": 1}
    assert stored(house)[0]["call_id"] == "13800138000"


def test_an_absent_sheet_is_told_with_the_sheets_there_are(house) -> None:
    book = openpyxl.Workbook()
    book.active.title = "通话"
    book.save(house.folder / "calls.xlsx")
    house.define(sources="sources: {calls: {name: 来电, sheet: 通话明细, columns: {agent: {from: 坐席}}}}\n")
    with pytest.raises(Problems) as caught:
        house.take("calls.xlsx")
    assert [problem.code for problem in caught.value] == ["M014"]


@pytest.mark.parametrize(
    "name", ["calls.pdf", "calls.xls", "calls", "calls.parquet", "calls.xlsx", "calls.csv.gz", "calls.csv.zst", "empty.csv"]
)
def test_a_file_that_is_not_what_its_name_says_is_a_problem(house, name: str) -> None:
    house.define()
    house.write(name, b"" if name == "empty.csv" else b"no such thing")
    with pytest.raises(Problems) as caught:
        house.take(name)
    assert caught.value.problems[0].code in ("M011", "M012")


def test_a_packed_file_that_breaks_off_is_a_problem(house) -> None:
    house.define()
    house.write("calls.csv.gz", gzip.compress(TEXT.encode() * 100)[:-20])
    with pytest.raises(Problems) as caught:
        house.take("calls.csv.gz")
    assert [problem.code for problem in caught.value] == ["M012"]


def test_a_pattern_takes_every_file_and_one_that_finds_none_is_told(house) -> None:
    house.define()
    house.write("a.csv", TEXT)
    house.write("b.csv", TEXT.replace("c1", "c8"))
    assert len(house.take("*.csv")) == 2
    with pytest.raises(Problems) as caught:
        house.take("*.tsv")
    assert [problem.code for problem in caught.value] == ["M010"]


def test_a_bad_file_does_not_keep_the_others_out(house) -> None:
    house.define()
    house.write("a.csv", "x\n1\n")
    house.write("b.csv", TEXT)
    with pytest.raises(Problems):
        house.take("*.csv")
    assert [one.file for one in house.workspace.imports()] == ["b.csv"]


def test_many_batches_keep_their_row_numbers(house, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kaohe.measuring.files.BATCH", 7)
    house.define()
    lines = [f"c{i},张三,2026-03-01,{'x' if i % 10 == 0 else 1}," for i in range(2, 52)]
    taken = house.take_text("通话编号,坐席,来电时间,等待,评分\n" + "\n".join(lines))
    assert taken.rows_taken == 45
    assert all(row["call_id"] == f"c{row['_row']}" for row in stored(house))


def test_progress_never_runs_past_the_end(house) -> None:
    told: list[tuple[str, int, int]] = []
    definitions = house.define()
    path = house.write("calls.csv", TEXT)
    import_files(house.workspace, definitions, "calls", [path], progress=lambda *at: told.append(at))
    assert {stage for stage, _, _ in told} == {"hash", "look", "read"}
    assert all(done <= total for _, done, total in told)
