"""Rows of ClickHouse's engine through clickhouse-connect and HTTP: exact, instants in UTC, known by themselves."""

# ruff: noqa: DTZ001 - stored instants are naive UTC

from __future__ import annotations

from datetime import date, datetime

import pyarrow.parquet as pq
import pytest

from kaohe.measuring import Workspace, import_files, read_definitions
from kaohe.problems import Problems
from tests.clickhouse_front import PASSWORD, listening

pytestmark = [pytest.mark.engines, pytest.mark.xdist_group("clickhouse")]

SOURCES = """
company_zone: Asia/Shanghai
sources:
  chats:
    name: 会话 | Chats
    database: {kind: clickhouse, url_from: CHATS_DB, query: "SELECT id, at, fine, day, amount, good, note FROM chats ORDER BY id"}
    columns:
      chat: {from: id, needed: true}
      at: {from: at, type: datetime}
      fine: {from: fine, type: datetime, places: 3}
      day: {from: day, type: date}
      amount: {from: amount, type: number, places: 4}
      good: {from: good, type: yes_no}
      note: {from: note}
"""


@pytest.fixture(scope="module")
def front():
    with listening() as made:
        made.session.query(
            "CREATE TABLE chats (id UInt64, at DateTime('Asia/Shanghai'), fine DateTime64(3, 'UTC'), day Date, amount Decimal(20, 4),"
            " good Nullable(Bool), note Nullable(String)) ENGINE = MergeTree ORDER BY id"
        )
        made.session.query(
            "INSERT INTO chats VALUES (18446744073709551615, '2026-03-01 09:00:00', '2026-03-01 01:00:00.123', '2026-03-01', 0.29, true,"
            " '好\\t\\\\N\\n'), (2, '2026-03-01 09:00:01', '1970-01-01 00:00:00', '1970-01-01', -12345678901.0001, NULL, NULL)"
        )
        yield made


@pytest.fixture
def take(front, tmp_path, monkeypatch):
    monkeypatch.setenv("CHATS_DB", front.url)

    def read(text: str = SOURCES):
        (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
        workspace = Workspace(tmp_path / "workspace")
        (entry,) = import_files(workspace, read_definitions(tmp_path / "sources.yaml"), "chats", [])
        return entry, sorted(pq.read_table(workspace.path(entry)).to_pylist(), key=lambda row: row["_row"])

    return read


def test_decimals_instants_and_letters_come_out_exactly(take) -> None:
    entry, (second, first) = take()
    assert entry.faults == {}
    assert first == {
        "_row": 3,
        "chat": "18446744073709551615",
        "at": datetime(2026, 3, 1, 1),
        "fine": datetime(2026, 3, 1, 1, 0, 0, 123000),
        "day": date(2026, 3, 1),
        "amount": 2900,
        "good": True,
        "note": "好\t\\N",
    }
    assert (second["amount"], second["good"], second["note"]) == (-123456789010001, None, None)


def test_the_same_rows_again_change_nothing(take) -> None:
    assert take()[0] == take()[0]


def test_the_server_is_asked_not_to_write_and_to_answer_whole(take, front) -> None:
    take()
    asked = front.asked[-1]
    assert (asked["readonly"], asked["wait_end_of_query"], asked["date_time_output_format"]) == ("2", "1", "iso")


def test_a_wrong_query_and_a_wrong_password_are_told_without_the_password(take, front, monkeypatch) -> None:
    for url, query in ((front.url, "FROM chat_s"), (front.url.replace(PASSWORD, "Geheim-8"), "FROM chats")):
        monkeypatch.setenv("CHATS_DB", url)
        with pytest.raises(Problems) as caught:
            take(SOURCES.replace("FROM chats", query))
        assert [problem.code for problem in caught.value] == ["M059"]
        assert "Geheim" not in str(caught.value)
