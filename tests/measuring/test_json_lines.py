"""JSON lines: one object a line; numbers as they are written, nothing guessed."""

# ruff: noqa: DTZ001 - stored instants are naive UTC

from __future__ import annotations

import gzip
import json
from datetime import datetime

import pyarrow.parquet as pq
import pytest

from kaohe.measuring import Limits, import_files, mend_rows
from kaohe.problems import Problems

SOURCES = """
company_zone: Asia/Shanghai
sources:
  tickets:
    name: 工单 | Tickets
    columns:
      ticket: {from: id, needed: true}
      agent: {from: [assignee.name, agent]}
      opened_at: {from: created_at, type: datetime, needed: true}
      amount: {from: order.amount, type: number, places: 2, optional: true}
      urgent: {from: urgent, type: yes_no, optional: true}
      first_tag: {from: tags.0, optional: true}
      tags: {from: tags, optional: true}
"""
ONE = {
    "id": 17,
    "assignee": {"name": "张三", "id": 5},
    "created_at": "2026-03-01T09:00:00+08:00",
    "order": {"amount": 12.10},
    "urgent": True,
    "tags": ["退款", "急"],
    "note": None,
}


def line(**changes: object) -> str:
    return json.dumps({**ONE, **changes}, ensure_ascii=False) + "\n"


@pytest.fixture
def desk(house):
    house.define(sources=SOURCES)
    return house


def take(house, text: str | bytes, name: str = "tickets.jsonl"):
    house.write(name, text)
    return house.take(name, table="tickets")[0]


def stored(house) -> list[dict[str, object]]:
    (entry,) = house.workspace.imports()
    return [
        {key: value for key, value in row.items() if value is not None} for row in pq.read_table(house.workspace.path(entry)).to_pylist()
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("tickets.jsonl", line().encode()),
        ("tickets.ndjson", line().encode("utf-8-sig")),
        ("tickets.jsonl.gz", gzip.compress(line().encode())),
        ("tickets.jsonl", line().replace("\n", "\r\n").encode("gbk")),
    ],
)
def test_an_object_a_line_reads_alike_however_it_is_written_and_packed(desk, name: str, data: bytes) -> None:
    take(desk, data, name)
    assert stored(desk) == [
        {
            "_row": 1,
            "ticket": "17",
            "agent": "张三",
            "opened_at": datetime(2026, 3, 1, 1),
            "amount": 1210,
            "urgent": True,
            "first_tag": "退款",
            "tags": "退款, 急",
        }
    ]


def test_numbers_are_taken_as_they_are_written(desk) -> None:
    text = line(id=1).replace('"id": 1', '"id": 900719925474099312345').replace("12.1", "0.29")
    take(desk, text + line(id=2).replace("12.1", "1e2") + line(id=3).replace("12.1", "0.295"))
    assert [(row["ticket"], row["amount"]) for row in stored(desk)] == [("900719925474099312345", 29), ("2", 10000)]
    assert desk.workspace.imports()[0].faults == {"too_many_places": 1}


def test_an_empty_line_is_blank_and_keeps_its_number(desk) -> None:
    taken = take(desk, line(id=1) + "\n  \n{}\n" + line(id=2))
    assert (taken.rows_taken, taken.rows_blank) == (2, 3)
    assert [row["_row"] for row in stored(desk)] == [1, 5]


@pytest.mark.parametrize(
    "bad",
    [
        '{"id": 1,',
        '[{"id": 1}]',
        "5",
        '{"id": 1, "id": 2}',
        '{"id": NaN}',
        '{"id": 1} {"id": 2}',
        "[" * 100_000,
        '{"a":' * 60 + "1" + "}" * 60,
        '{"assignee.name": "x", "assignee": {"name": "y"}}',
    ],
)
def test_a_line_that_is_not_one_object_is_set_aside_by_itself(desk, bad: str) -> None:
    taken = take(desk, line(id=1) + bad + "\n" + line(id=2))
    assert (taken.rows_taken, taken.faults) == (2, {"malformed_json": 1})


def test_letters_that_cannot_be_written_set_their_line_aside(desk) -> None:
    taken = take(desk, line(id=1) + line(id="\ud800").replace("\ud800", "\\ud800") + line(id=2))
    assert taken.faults == {"undecodable": 1}


def test_bytes_that_make_no_sense_set_their_line_aside(desk) -> None:
    taken = take(desk, line(id=1).encode() * 3 + b'{"id": "\xff\xfe", "created_at": "2026-03-01"}\n')
    assert (taken.rows_taken, taken.faults) == (3, {"undecodable": 1})


def test_a_column_that_no_line_has_is_told_once_for_the_file(desk) -> None:
    with pytest.raises(Problems) as caught:
        take(desk, "".join(line(id=i).replace("created_at", "createdAt") for i in range(100)))
    assert [(problem.code, problem.found["column"]) for problem in caught.value] == [("M015", "opened_at")]
    assert "created_at" in caught.value.problems[0].sentence("en")


def test_a_key_that_some_lines_lack_is_an_empty_cell(desk) -> None:
    short = json.dumps({"id": 2, "created_at": "2026-03-02"}) + "\n"
    assert take(desk, line(id=1) + short + json.dumps({"id": 3}) + "\n").faults == {"missing": 1}
    assert [row.get("agent") for row in stored(desk)] == ["张三", None]


def test_a_file_without_lines_holds_no_rows(desk) -> None:
    assert take(desk, "").rows_taken == 0


def test_keys_that_nobody_maps_are_kept_in_the_manifest(desk) -> None:
    assert take(desk, line()).unused_headers == ("assignee.id", "note")


def test_more_keys_than_the_bound_are_refused(desk) -> None:
    desk.write("wide.jsonl", "".join(json.dumps({f"k{i}": 1}) + "\n" for i in range(60)))
    with pytest.raises(Problems) as caught:
        import_files(desk.workspace, desk.definitions, "tickets", [desk.folder / "wide.jsonl"], limits=Limits(columns=50))
    assert [(problem.code, problem.found["setting"]) for problem in caught.value] == [("M013", "columns")]


def test_a_line_beyond_the_bound_is_refused(desk) -> None:
    desk.write("long.jsonl", line(note="x" * 3_000_000))
    with pytest.raises(Problems) as caught:
        import_files(desk.workspace, desk.definitions, "tickets", [desk.folder / "long.jsonl"], limits=Limits(line_bytes=1 << 20))
    assert [(problem.code, problem.found["setting"]) for problem in caught.value] == [("M013", "line_bytes")]


def test_a_line_set_aside_is_listed_by_its_paths_and_comes_back_mended(desk) -> None:
    take(desk, line(id=1) + line(id=2, created_at="soon"))
    (entry,) = desk.workspace.imports()
    listed = desk.workspace.folder / entry.set_aside
    text = listed.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].endswith("id,assignee.name,assignee.id,created_at,order.amount,urgent,tags,note,tags.0")
    desk.write("mended.csv", text.replace(",soon,", ",2026-03-02,").replace("opened_at,2026-03-02", "opened_at,soon"))
    assert mend_rows(desk.workspace, desk.definitions, [desk.folder / "mended.csv"]).mended == 1
    assert stored(desk)[1]["opened_at"] == datetime(2026, 3, 1, 16)


def test_many_lines_in_batches_keep_their_numbers(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kaohe.measuring.json_lines.BATCH", 7)
    take(desk, "".join(line(id=i, created_at="soon" if i % 10 == 0 else "2026-03-01") for i in range(1, 51)))
    assert all(row["ticket"] == str(row["_row"]) for row in stored(desk))
    assert desk.workspace.imports()[0].rows_taken == 45
