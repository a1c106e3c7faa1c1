"""Many rows are scanned in batches: the figures are those of one scan, and memory does not grow with the rows."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.measuring import Settings, Workspace, batching, import_files, measure, read_definitions
from kaohe.problems import Problems
from tests.measuring.test_caching import DEFINITIONS, MARCH, ROWS, Desk


@pytest.fixture
def small(monkeypatch):
    """Batches of three rows."""
    monkeypatch.setattr(batching, "ROWS_A_BATCH", 3)


def days(desk: Desk) -> Desk:
    desk.day(4, ("x1", 5, "是"), ("x2", 0, "否"), ("", 7, "是"), ("x9", 3, "是"), ("x1", 2, "是"), ("x1", 7, "否"), ("x2", 4, ""))
    desk.day(6, ("x1", 9, "否"), ("x1", 2, "是"))
    desk.day(7, ("x9", 1, "是"))
    return desk


def test_batches_of_files_and_of_parts_of_a_file_give_what_one_scan_gives(tmp_path, monkeypatch) -> None:
    desk = days(Desk(tmp_path))
    whole = desk.figures()
    monkeypatch.setattr(batching, "ROWS_A_BATCH", 3)
    assert desk.figures() == whole
    assert desk.figures("verify") == whole


def test_every_row_is_in_one_batch(tmp_path, small) -> None:
    desk = days(Desk(tmp_path))
    imports = desk.workspace.imports("calls")
    engine = Recorded()
    batching.batches_of(engine, imports)
    parts = [(one.file, first, count) for one, first, count in engine.parted]
    assert parts == [("calls-4.csv", 0, 3), ("calls-4.csv", 3, 3), ("calls-4.csv", 6, 3)]
    assert [{one.file for one in together} for together in engine.together] == [{"calls-6.csv", "calls-7.csv"}]


class Recorded:
    """Keeps what it is asked for instead of an engine."""

    def __init__(self) -> None:
        self.parted, self.together = [], []

    def part(self, one, first, count) -> str:
        self.parted.append((one, first, count))
        return ""

    def parts(self, imports) -> str:
        self.together.append(imports)
        return ""


def test_a_text_of_a_definition_never_stands_for_rows(tmp_path, small) -> None:
    desk = days(Desk(tmp_path))
    desk.define(DEFINITIONS.replace("kind: count}", "kind: count, where: 'id != \"{rows}\"'}", 1))
    assert desk.figures()[0].subjects == desk.figures("use")[0].subjects == ("e1", "e2")


@settings(max_examples=10, deadline=None)
@given(st.dictionaries(st.integers(1, 28), ROWS, min_size=1, max_size=4), st.integers(1, 5))
def test_figures_do_not_depend_on_how_rows_are_batched(found, most) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        desk = Desk(Path(folder))
        for day, rows in found.items():
            desk.day(day, *rows)
        whole = desk.figures()
        patched.setattr(batching, "ROWS_A_BATCH", most)
        assert desk.figures() == whole


# --- memory ----------------------------------------------------------------------------------------

SOURCES = """
sources:
  calls:
    name: 来电 | Calls
    subject: agent
    time: day
    columns:
      agent: {from: agent, needed: true}
      day: {from: day, type: date, needed: true}
      customer: {from: customer, type: whole, needed: true}
      wait: {from: wait, type: seconds, needed: true}
measures:
  waited: {name: 等待 | Waited, version: 1, table: calls, kind: sum, value: wait}
  customers: {name: 客户 | Customers, version: 1, table: calls, kind: distinct, value: customer}
  median: {name: 中位 | Median, version: 1, table: calls, kind: quantile, value: wait, p: 0.5}
"""
MANY = 2_000_000


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Two million calls of fifty agents, each from another customer."""
    folder = tmp_path_factory.mktemp("many")
    (folder / "definitions.yaml").write_text(SOURCES, encoding="utf-8")
    numbers = pa.array(range(MANY)).to_numpy()
    table = pa.table(
        {
            "agent": pa.array([f"e{i:02}" for i in range(50)]).take(pa.array(numbers % 50)),
            "day": pa.array(numbers % 31 + 20_513, pa.int32()).cast(pa.date32()),
            "customer": pa.array(numbers * 7919 % 1_999_993),
            "wait": pa.array(numbers * 31 % 997),
        }
    )
    pq.write_table(table, folder / "calls.parquet")
    import_files(Workspace(folder / "w"), read_definitions(folder / "definitions.yaml"), "calls", [folder / "calls.parquet"])
    return folder


def sides(folder: Path, memory: str, *measures: str):
    definitions, settings = read_definitions(folder / "definitions.yaml"), Settings(threads=2, memory_limit=memory)
    measured = measure(Workspace(folder / "w"), definitions, MARCH, measures=measures, settings=settings)
    return [(one.subjects, one.numerators, one.denominators) for one in measured.figures]


def test_distinct_counts_beyond_the_bound_on_memory_spill_and_give_the_same_figures(many) -> None:
    ((_, customers, _),) = whole = sides(many, "4GB", "customers")
    assert sum(customers) > 1_900_000
    assert sides(many, "32MB", "customers") == whole
    assert not any((many / "w" / "scratch").glob("*"))


def test_it_is_spilling_that_makes_them_fit(many, monkeypatch) -> None:
    connect = duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda config: connect(config={**config, "temp_directory": ""}))
    with pytest.raises(Problems) as caught:
        sides(many, "32MB", "customers")
    assert [problem.code for problem in caught.value] == ["M034"]


def test_sums_fit_into_any_bound_and_what_cannot_spill_is_told(many) -> None:
    assert sides(many, "32MB", "waited") == sides(many, "4GB", "waited")
    with pytest.raises(Problems) as caught:
        sides(many, "16MB", "median")
    assert [problem.code for problem in caught.value] == ["M034"]
    assert not any((many / "w" / "scratch").glob("*"))


def test_the_bound_is_half_of_the_machines_memory_unless_said_otherwise() -> None:
    pages = int(subprocess.run(["getconf", "_PHYS_PAGES"], capture_output=True, text=True, check=True).stdout)
    size = int(subprocess.run(["getconf", "PAGE_SIZE"], capture_output=True, text=True, check=True).stdout)
    assert Settings().memory == f"{pages * size // 2**21}MiB"
    assert Settings(memory_limit="300MB").memory == "300MB"
    assert measure.__kwdefaults__["settings"] == Settings()
