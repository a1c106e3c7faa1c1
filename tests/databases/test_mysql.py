"""Rows of a real MariaDB through PyMySQL: exact, streamed, known by themselves."""

# ruff: noqa: DTZ001 - stored instants are naive UTC

from __future__ import annotations

from datetime import date, datetime

import pyarrow.parquet as pq
import pymysql
import pytest

from kaohe.measuring import Workspace, import_files, read_definitions
from kaohe.problems import Problems

pytestmark = [pytest.mark.engines, pytest.mark.xdist_group("mariadb")]

SOURCES = """
company_zone: Asia/Shanghai
sources:
  orders:
    name: 订单 | Orders
    database: {kind: mysql, url_from: SHOP_DB, query: "SELECT * FROM orders ORDER BY id"}
    columns:
      order: {from: id, needed: true}
      paid_at: {from: paid_at, type: datetime, places: 6}
      local_at: {from: local_at, type: datetime}
      day: {from: day, type: date}
      amount: {from: amount, type: number, places: 4}
      good: {from: good, type: yes_no}
      flag: {from: flag, type: yes_no}
      wait_seconds: {from: wait, type: seconds}
      note: {from: note}
"""
TABLE = (
    "CREATE OR REPLACE TABLE orders (id BIGINT UNSIGNED, paid_at TIMESTAMP(6) NULL, local_at DATETIME NULL, day DATE NULL,"
    " amount DECIMAL(20,4), good BOOLEAN, flag BIT(1), wait TIME, note TEXT)"
)
ROWS = (
    "INSERT INTO orders VALUES"
    " (18446744073709551615, '2026-03-01 01:00:00.000001', '2026-03-01 09:00:00', '2026-03-01', 0.29, 1, b'1', '01:02:03', '好 100%'),"
    " (2, NULL, NULL, NULL, -12345678901.0001, 0, b'0', NULL, NULL)"
)


class Shop:
    """A shop's database, and the workspace that it is read into."""

    def __init__(self, folder, server) -> None:
        self.server, self.url = server, server.url("kaohe")
        (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
        self.definitions, self.workspace = read_definitions(folder / "sources.yaml"), Workspace(folder / "workspace")
        self.run("SET time_zone = '+00:00'", "SET sql_mode = ''", TABLE, ROWS)

    def run(self, *statements: str) -> None:
        where = {"host": "127.0.0.1", "port": self.server.port, "user": "kaohe", "password": self.server.password, "database": "kaohe"}
        with pymysql.connect(**where, charset="utf8mb4", autocommit=True) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def take(self):
        return import_files(self.workspace, self.definitions, "orders", [])[0]

    def rows(self) -> list[dict[str, object]]:
        (entry,) = self.workspace.imports()
        return sorted(pq.read_table(self.workspace.path(entry)).to_pylist(), key=lambda row: row["_row"])


@pytest.fixture
def shop(mariadb, tmp_path, monkeypatch):
    made = Shop(tmp_path, mariadb)
    monkeypatch.setenv("SHOP_DB", made.url)
    return made


def test_decimals_times_bits_and_words_come_out_exactly(shop) -> None:
    assert shop.take().faults == {}
    second, first = shop.rows()
    assert first == {
        "_row": 3,
        "order": "18446744073709551615",
        "paid_at": datetime(2026, 3, 1, 1, 0, 0, 1),  # a TIMESTAMP is an instant
        "local_at": datetime(2026, 3, 1, 1),  # a DATETIME stands on the company's clock
        "day": date(2026, 3, 1),
        "amount": 2900,
        "good": True,
        "flag": True,
        "wait_seconds": 3723,
        "note": "好 100%",
    }
    assert (second["amount"], second["good"], second["flag"], second["note"]) == (-123456789010001, False, False, None)


def test_the_same_rows_again_change_nothing(shop) -> None:
    assert shop.take() == shop.take()


def test_a_day_that_never_was_sets_its_row_aside(shop) -> None:
    shop.run("SET sql_mode = ''", "INSERT INTO orders (id, day) VALUES (3, '0000-00-00')")
    assert shop.take().faults == {"not_a_date": 1}


def test_a_query_cannot_write(shop, tmp_path) -> None:
    text = SOURCES.replace("SELECT * FROM orders ORDER BY id", "DELETE FROM orders")
    (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as caught:
        import_files(shop.workspace, read_definitions(tmp_path / "sources.yaml"), "orders", [])
    assert [problem.code for problem in caught.value] == ["M059"]
    assert shop.take().rows_taken == 2


@pytest.mark.parametrize(
    "address", ["mysql://kaohe:Geheim-7%2B@127.0.0.1:{port}/kaohe", "mysql://kaohe:Geheim-7%2B@127.0.0.1:1/kaohe", "mysql://[Geheim"]
)
def test_no_password_is_ever_told(shop, mariadb, monkeypatch, address: str) -> None:
    monkeypatch.setenv("SHOP_DB", address.format(port=mariadb.port))
    with pytest.raises(Problems) as caught:
        shop.take()
    assert [problem.code for problem in caught.value] == ["M059"]
    assert "Geheim" not in str(caught.value)
