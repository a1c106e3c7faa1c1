"""Files that stand in other stores: fetched under a bound, read like any other, and no secret of an address told."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from fsspec.implementations.memory import MemoryFileSystem

from kaohe.measuring import Limits, import_files
from kaohe.problems import Problems

TEXT = "通话编号,坐席,来电时间,等待\nc1,张三,2026-03-01 09:00,20\n"


class Locked(MemoryFileSystem):
    """A store that lets nobody in, and says so with the address that it was given."""

    protocol = "locked"
    cachable = False

    def __init__(self, **options: object) -> None:
        super().__init__()
        self.options = options

    def isfile(self, path: str) -> bool:
        raise PermissionError(f"403 for {path} with key=Geheim&sig=Geheim2")


@pytest.fixture
def store(house) -> Iterator[MemoryFileSystem]:
    """A store in memory, and a house that takes from it."""
    house.define("n: {kind: count}")
    memory = fsspec.filesystem("memory")
    memory.pipe("/exports/a.csv", TEXT.encode())
    memory.pipe("/exports/2026/b.csv", TEXT.replace("c1", "c2").encode())
    yield memory
    memory.rm("/exports", recursive=True)


def take(house, *addresses: str, **options):
    return import_files(house.workspace, house.definitions, "calls", addresses, **options)


@contextmanager
def refused(*codes: str) -> Iterator[list[str]]:
    told: list[str] = []
    with pytest.raises(Problems) as caught:
        yield told
    assert [problem.code for problem in caught.value] == list(codes)
    told += [problem.tell(language) for problem in caught.value for language in ("zh", "en")]


def test_a_file_of_another_store_reads_like_one_of_ones_own(house, store) -> None:
    (entry,) = take(house, "memory://exports/a.csv")
    assert (entry.file, entry.rows_taken) == ("a.csv", 1)
    house.write("a.csv", TEXT)
    assert house.take("a.csv") == (entry,)  # known by its content, wherever it stands
    assert not (house.workspace.folder / "fetched").exists()


def test_globs_lead_to_the_files_of_a_store(house, store) -> None:
    assert sorted(entry.file for entry in take(house, "memory://exports/**/*.csv")) == ["a.csv", "b.csv"]
    assert [entry.file for entry in take(house, "memory://exports/2026/*")] == ["b.csv"]


def test_files_of_several_stores_come_in_together(house, store) -> None:
    path = house.write("c.csv", TEXT.replace("c1", "c3"))
    assert [entry.file for entry in take(house, path, "memory://exports/a.csv", f"file://{path}")] == ["c.csv", "a.csv", "c.csv"]


def test_packed_and_typed_files_read_too(house, store) -> None:
    store.pipe("/exports/calls.csv.zst", zstandard.compress(TEXT.encode()))
    table = pa.table({"Call Id": ["p"], "Agent": ["张三"], "Called": ["2026-03-01"]})
    pq.write_table(table, house.folder / "p.parquet")
    assert [entry.rows_taken for entry in take(house, "memory://exports/calls.csv.zst", f"file://{house.folder}/p.parquet")] == [1, 1]


def test_a_file_beyond_the_bound_is_not_fetched_whole(house, store) -> None:
    store.pipe("/exports/big.csv", TEXT.encode() + b"x" * 5_000_000)
    with refused("M013") as told:
        take(house, "memory://exports/big.csv", limits=Limits(fetched_bytes=1_000_000))
    assert "fetched_bytes" in told[0]
    assert not (house.workspace.folder / "fetched").exists()


def test_one_bad_file_of_a_store_keeps_no_other_out(house, store) -> None:
    store.pipe("/exports/bad.csv", b"x\n1\n")
    with refused("M015", "M015", "M015"):
        take(house, "memory://exports/*.csv")
    assert [entry.file for entry in house.workspace.imports()] == ["a.csv"]


def test_what_is_not_there_is_told(house, store) -> None:
    with refused("M010"):
        take(house, "memory://exports/none.csv")
    with refused("M010"):
        take(house, "memory://nowhere/*.csv")


def test_a_store_that_nobody_knows_is_told(house, store) -> None:
    with refused("M061"):
        take(house, "nonsense://bucket/a.csv")


def test_a_store_whose_package_is_missing_is_told_with_what_to_install(house, store) -> None:
    with refused("M060") as told:
        take(house, "s3://bucket/a.csv")
    assert "s3fs" in told[1]
    assert "kaohe[remote]" in told[1]


def test_no_secret_of_an_address_is_told(house, store) -> None:
    fsspec.register_implementation("locked", Locked, clobber=True)
    with refused("M061") as told:
        take(house, "locked://reader:Geheim@bucket/a.csv?key=Geheim&sig=Geheim2")
    assert "Geheim" not in "".join(told)
    assert "locked://bucket/a.csv" in told[0]


def test_nobody_who_needs_no_store_waits_for_its_package() -> None:
    script = (
        "import sys, kaohe.cli; print([name for name in ('fsspec', 'psycopg', 'pymysql', 'clickhouse_connect') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
