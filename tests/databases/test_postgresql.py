"""Rows of a real PostgreSQL: exact, streamed, known by themselves, and never with the address in any word."""

# ruff: noqa: DTZ001 - stored instants are naive UTC

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime

import psycopg
import pyarrow.parquet as pq
import pytest

from kaohe.measuring import Period, Workspace, import_files, measure, mend_rows, read_definitions, waive_rows
from kaohe.problems import Problems

pytestmark = pytest.mark.xdist_group("postgresql")

SOURCES = """
company_zone: Asia/Shanghai
sources:
  tickets:
    name: 工单 | Tickets
    database:
      kind: postgresql
      url_from: SHOP_DB
      query: |
        SELECT id, agent, opened_at, opened_on, closed_local, amount, urgent, wait, note FROM tickets ORDER BY id
    columns:
      ticket: {from: id, needed: true}
      agent: {from: agent}
      opened_at: {from: opened_at, type: datetime, places: 6}
      opened_on: {from: opened_on, type: date}
      closed_at: {from: closed_local, type: datetime}
      amount: {from: amount, type: number, places: 4}
      urgent: {from: urgent, type: yes_no}
      wait_seconds: {from: wait, type: seconds}
      note: {from: note, optional: true}
measures:
  tickets: {name: 工单数 | Tickets, version: 1, table: tickets, subject: agent, time: opened_at, kind: count}
  amount: {name: 金额 | Amount, version: 1, table: tickets, subject: agent, time: opened_at, kind: sum, value: 'or_else(amount, 0)'}
"""
TABLE = """
DROP TABLE IF EXISTS tickets;
CREATE TABLE tickets (
  id bigint, agent text, opened_at timestamptz, opened_on date, closed_local timestamp, amount numeric, urgent boolean, wait interval, note text
)
"""
ROWS = [
    (
        9007199254740993,
        "张三",
        "2026-02-28 23:30:00.000001+00",
        "2026-03-01",
        "2026-03-01 18:00:00",
        "0.29",
        True,
        "00:00:20",
        "100 %\tgood\n好",
    ),
    (2, "李四", "1900-01-01 00:00:00+00", None, None, "12345678901.0001", False, None, ""),
    (3, "李四", "2026-03-31 15:59:59+00", "2026-03-31", None, "-5", None, "1:02:03", None),
]
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


class Shop:
    """A shop's database, and the workspace that it is read into."""

    def __init__(self, folder, server) -> None:
        self.folder, self.url = folder, server.url("postgres")
        (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
        self.definitions = read_definitions(folder / "sources.yaml")
        self.workspace = Workspace(folder / "workspace")
        self.run(TABLE)
        self.fill(ROWS)

    def run(self, sql: str, *values: object) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(sql, values)

    def fill(self, rows) -> None:
        for row in rows:
            self.run("INSERT INTO tickets VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)", *row)

    def take(self):
        return import_files(self.workspace, self.definitions, "tickets", [])[0]

    def rows(self) -> dict[int, dict[str, object]]:
        (entry,) = self.workspace.imports()
        return {row["_row"]: row for row in pq.read_table(self.workspace.path(entry)).to_pylist()}


@pytest.fixture
def shop(postgresql, tmp_path, monkeypatch):
    made = Shop(tmp_path, postgresql)
    monkeypatch.setenv("SHOP_DB", made.url)
    return made


def test_decimals_dates_and_instants_come_out_exactly(shop) -> None:
    assert shop.take().faults == {}
    first, second, third = (row for _, row in sorted(shop.rows().items(), key=lambda item: -int(item[1]["ticket"] == "9007199254740993")))
    assert first == {
        "_row": first["_row"],
        "ticket": "9007199254740993",
        "agent": "张三",
        "opened_at": datetime(2026, 2, 28, 23, 30, 0, 1),
        "opened_on": date(2026, 3, 1),
        "closed_at": datetime(2026, 3, 1, 10),  # a time without a zone is on the company's clock
        "amount": 2900,
        "urgent": True,
        "wait_seconds": 20,
        "note": "100 %\tgood\n好",
    }
    assert (second["amount"], second["opened_at"], second["urgent"], second["note"]) == (123456789010001, datetime(1900, 1, 1), False, None)
    assert (third["amount"], third["wait_seconds"], third["urgent"]) == (-50000, 3723, None)


def test_what_was_read_is_measured_like_any_file(shop) -> None:
    shop.take()
    measured = measure(shop.workspace, shop.definitions, MARCH)
    assert (measured["tickets"].pair("张三"), measured["amount"].pair("李四")) == ((1, 1), (-50000, 10000))


def test_the_same_rows_again_change_nothing_in_whatever_order_they_come(shop) -> None:
    before = shop.take()
    shop.run("UPDATE tickets SET note = note WHERE id = 2")  # moves the row to the end of the table's pages
    text = SOURCES.replace("ORDER BY id", "")
    (shop.folder / "sources.yaml").write_text(text, encoding="utf-8")
    shop.definitions = read_definitions(shop.folder / "sources.yaml")
    again = shop.take()
    assert again.sha256 == before.sha256
    assert len(shop.workspace.imports()) == 1


def test_changed_rows_take_the_place_of_those_read_before(shop) -> None:
    before = shop.take()
    shop.run("UPDATE tickets SET agent = '张三' WHERE id = 3")
    after = shop.take()
    assert after.sha256 != before.sha256
    assert ([one.sha256 for one in shop.workspace.imports()], [one.sha256 for one in shop.workspace.superseded()]) == (
        [after.sha256],
        [before.sha256],
    )
    assert (after.file, after.encoding) == ("postgresql SHOP_DB", "postgresql")


def test_two_rows_alike_are_two_rows(shop) -> None:
    shop.take()
    shop.fill([ROWS[1]])
    assert shop.take().rows_taken == 4


def test_rows_that_cannot_be_read_are_set_aside_mended_and_waived(shop) -> None:
    shop.fill(
        [
            (7, "王五", "infinity", None, None, "1.00001", None, None, None),
            (8, "王五", "2026-03-02 00:00+00", None, None, "NaN", None, None, None),
        ]
    )
    entry = shop.take()
    assert (entry.rows_taken, entry.faults) == (3, {"not_a_date": 1, "not_a_number": 1, "too_many_places": 1})
    listed = shop.workspace.folder / entry.set_aside
    (shop.folder / "mended.csv").write_text(
        listed.read_text("utf-8-sig").replace(",infinity,", ",2026-03-03,").replace(",1.00001,", ",1,"), "utf-8"
    )
    assert mend_rows(shop.workspace, shop.definitions, [shop.folder / "mended.csv"]).mended == 1
    (row,) = [row for row in range(2, 7) if row not in shop.rows()]
    assert waive_rows(shop.workspace, "postgresql SHOP_DB", [row], by="李四", reason="测试").rows_open == 0
    assert shop.take().rows_open == 0


def test_many_rows_come_in_little_memory(shop, record_property) -> None:
    shop.run("DELETE FROM tickets")
    shop.run(
        "INSERT INTO tickets (id, agent, opened_at, amount) SELECT n, 'a' || mod(n, 500), timestamptz '2026-03-01' + n * interval '2 seconds', n / 100.0 FROM generate_series(1, 300000) n"
    )
    script = (
        "import sys; from pathlib import Path; from kaohe.measuring import *\n"
        "folder = Path(sys.argv[1]); entry = import_files(Workspace(folder / 'workspace'), read_definitions(folder / 'sources.yaml'), 'tickets', [])[0]\n"
        "status = Path('/proc/self/status').read_text()\n"
        "print(entry.rows_taken, next(int(line.split()[1]) for line in status.splitlines() if line.startswith('VmHWM')) // 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(shop.folder)], capture_output=True, text=True, check=True)
    taken, peak = map(int, done.stdout.split())
    record_property("peak_mb", peak)
    assert (taken, peak < 400) == (300_000, True), peak


def test_a_query_cannot_write(shop) -> None:
    for query in ("DELETE FROM tickets RETURNING id", "SELECT 1 AS id; DROP TABLE tickets"):
        text = SOURCES.replace(
            "SELECT id, agent, opened_at, opened_on, closed_local, amount, urgent, wait, note FROM tickets ORDER BY id", query
        )
        (shop.folder / "sources.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(Problems) as caught:
            import_files(shop.workspace, read_definitions(shop.folder / "sources.yaml"), "tickets", [])
        assert [problem.code for problem in caught.value] == ["M059"]
    with psycopg.connect(shop.url) as connection:
        assert connection.execute("SELECT count(*) FROM tickets").fetchone() == (3,)


def told(shop) -> str:
    with pytest.raises(Problems) as caught:
        shop.take()
    (problem,) = caught.value
    assert problem.code in ("M058", "M059")
    return json.dumps(problem.as_data(), ensure_ascii=False) + problem.tell("zh") + problem.tell("en") + str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://kaohe:Geheim-7%2B@127.0.0.1:1/postgres",
        "postgresql://kaohe:Geheim-7%2B@127.0.0.1:{port}/postgres",
        "postgresql://kaohe:Geheim-7%2B@127.0.0.1:{port}/postgres?nonsense=1",
        "host=127.0.0.1 port={port} user=kaohe password=Geheim-7+ dbname=postgres",
        "Geheim-7+",
    ],
)
def test_no_password_and_no_address_is_ever_told(shop, postgresql, monkeypatch, url: str) -> None:
    monkeypatch.setenv("SHOP_DB", url.format(port=postgresql.port))
    words = told(shop)
    assert "Geheim" not in words
    assert postgresql.password not in words


def test_an_address_that_is_not_set_is_told_by_the_name_of_its_variable(shop, monkeypatch) -> None:
    monkeypatch.delenv("SHOP_DB")
    assert "SHOP_DB" in told(shop)


def test_an_address_does_not_belong_into_the_file(shop) -> None:
    for wrong in ("url: postgresql://u:p@h/d", "url_from: postgresql://u:p@h/d"):
        (shop.folder / "wrong.yaml").write_text(SOURCES.replace("url_from: SHOP_DB", wrong), encoding="utf-8")
        with pytest.raises(Problems) as caught:
            read_definitions(shop.folder / "wrong.yaml")
        assert "u:p@h" not in str(caught.value)


def test_a_wrong_query_is_told_in_the_servers_words(shop) -> None:
    (shop.folder / "sources.yaml").write_text(SOURCES.replace("FROM tickets", "FROM tickets_of_2025"), encoding="utf-8")
    shop.definitions = read_definitions(shop.folder / "sources.yaml")
    assert "tickets_of_2025" in told(shop)


def test_a_column_that_the_query_does_not_give_is_told(shop) -> None:
    (shop.folder / "sources.yaml").write_text(SOURCES.replace("SELECT id, agent,", "SELECT id,"), encoding="utf-8")
    with pytest.raises(Problems) as caught:
        import_files(shop.workspace, read_definitions(shop.folder / "sources.yaml"), "tickets", [])
    assert [(problem.code, problem.found["column"]) for problem in caught.value] == [("M015", "agent")]


def test_the_query_belongs_to_the_mapping_and_the_address_does_not(shop) -> None:
    first = shop.definitions.mapping_hash("tickets")
    texts = [SOURCES.replace("SHOP_DB", "OTHER_DB"), SOURCES.replace("ORDER BY id", "WHERE id > 0 ORDER BY id")]
    hashes = []
    for text in texts:
        (shop.folder / "other.yaml").write_text(text, encoding="utf-8")
        hashes.append(read_definitions(shop.folder / "other.yaml").mapping_hash("tickets"))
    assert [found == first for found in hashes] == [True, False]


def test_nothing_fetched_is_left_behind(shop) -> None:
    shop.take()
    assert not (shop.workspace.folder / "fetched").exists()
    assert shop.url not in "".join(path.read_text("utf-8", "replace") for path in shop.workspace.folder.rglob("*") if path.is_file())
