"""The same definitions on other engines: every figure of the month, to the last unit, and the rows behind it.

More than 200 figures by subject, each with its counts of rows, on ClickHouse (chDB, in this
process), Spark (a local session) and PostgreSQL (a server of the session's own).
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest

from kaohe.measuring.contrasting import contrast, contrast_on
from kaohe.measuring.engine import Engine
from kaohe.measuring.engines.clickhouse import ClickHouse
from kaohe.measuring.engines.postgresql import PostgreSQL
from kaohe.measuring.engines.spark import Spark
from kaohe.measuring.measuring import measure_on
from kaohe.measuring.reconciling import reconcile, reconcile_on
from kaohe.measuring.tracing import rows_behind, rows_behind_on
from tests.engines.golden import CONTRASTED, MARCH, PAIRED, embedded_figures, month, plain, tables
from tests.servers import running_postgresql

pytestmark = [pytest.mark.engines, pytest.mark.xdist_group("golden")]


@pytest.fixture(scope="module", params=["clickhouse", "spark", "postgresql"])
def engine(request) -> Iterator[Engine]:
    """An engine that holds the month's tables."""
    opened = OPENED[request.param]()
    engine = next(opened)
    for table, rows in tables().items():
        engine.lend(table, rows)
    yield engine
    next(opened, None)


def open_clickhouse() -> Iterator[Engine]:
    session = import_module("chdb.session").Session()
    yield ClickHouse(lambda sql, form: str(session.query(sql, form)))
    session.close()


def open_spark() -> Iterator[Engine]:
    settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "1", "spark.sql.session.timeZone": "UTC"}
    builder = import_module("pyspark.sql").SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield Spark(session)
    session.stop()


def open_postgresql() -> Iterator[Engine]:
    with running_postgresql() as server, import_module("psycopg").connect(server.url("postgres")) as connection:
        yield PostgreSQL(connection)


OPENED = {"clickhouse": open_clickhouse, "spark": open_spark, "postgresql": open_postgresql}


@pytest.mark.parametrize("id", month()[1].measures)
def test_a_measure_is_equal_to_the_last_unit(engine, id):
    measured = measure_on(engine, month()[1], MARCH, measures=[id], as_of=MARCH.end)
    assert plain(measured)[id] == plain(embedded_figures())[id]


@pytest.mark.parametrize("id", PAIRED)
def test_the_rows_behind_a_figure_are_the_same(engine, id):
    workspace, definitions = month()
    for subject in embedded_figures()[id].subjects:
        own = rows_behind(workspace, definitions, id, subject, MARCH, as_of=MARCH.end)
        assert rows_behind_on(engine, definitions, id, subject, MARCH, as_of=MARCH.end) == own


def test_a_reconciliation_is_the_same_step_by_step(engine):
    workspace, definitions = month()
    own, other = reconcile(workspace, definitions, "capped", MARCH), reconcile_on(engine, definitions, "capped", MARCH)
    assert len(own.lines) > 3
    assert (other.lines, other.total, other.counted) == (own.lines, own.total, own.counted)


@pytest.mark.parametrize(("first", "second"), CONTRASTED)
def test_two_measures_side_by_side_are_the_same(engine, first, second):
    workspace, definitions = month()
    assert contrast_on(engine, definitions, first, second, MARCH).lines == contrast(workspace, definitions, first, second, MARCH).lines
