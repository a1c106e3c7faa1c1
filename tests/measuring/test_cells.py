"""Single cells: text becomes an exact value or a reason why not."""

# ruff: noqa: DTZ001 - stored instants are naive UTC

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.measuring.cells import Fault, excel_text, read_column, reader_of, write_cell
from kaohe.measuring.definitions import Column

SHANGHAI, ZURICH, UTC = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Zurich"), ZoneInfo("UTC")


def read(text: str, zone: ZoneInfo = UTC, **column: object) -> object:
    return reader_of(Column.model_validate({"from": "x", **column}), zone)(text)


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("12", {"type": "whole"}, 12),
        ("1,200", {"type": "whole"}, 1200),
        ("12.0", {"type": "whole"}, 12),
        ("12.5", {"type": "whole"}, Fault.NOT_WHOLE),
        ("12a", {"type": "whole"}, Fault.NOT_A_NUMBER),
        ("9223372036854775808", {"type": "whole"}, Fault.TOO_LARGE),
        ("0.1", {"type": "number", "places": 2}, 10),
        ("98.5%", {"type": "number", "places": 3}, 985),
        ("-3.456", {"type": "number", "places": 2}, Fault.TOO_MANY_PLACES),
        ("1/3", {"type": "number", "places": 9}, Fault.TOO_MANY_PLACES),
        ("NaN", {"type": "number"}, Fault.NOT_A_NUMBER),
        ("1e999999999", {"type": "number"}, Fault.NOT_A_NUMBER),
        ("90", {"type": "seconds"}, 90),
        ("1500", {"type": "seconds", "unit": "milliseconds", "places": 1}, 15),
        ("1500", {"type": "seconds", "unit": "milliseconds"}, Fault.TOO_MANY_PLACES),
        ("1.5", {"type": "seconds", "unit": "hours"}, 5400),
        ("0.5", {"type": "seconds", "unit": "days"}, 43200),
        ("00:02:23", {"type": "seconds"}, 143),
        ("26:00:01", {"type": "seconds"}, 93601),
        ("02:23", {"type": "seconds"}, Fault.NOT_A_DURATION),
        ("02:23", {"type": "seconds", "unit": "mm:ss"}, 143),
        ("02:23", {"type": "seconds", "unit": "hh:mm"}, 8580),
        ("1小时2分3秒", {"type": "seconds"}, 3723),
        ("soon", {"type": "seconds"}, Fault.NOT_A_DURATION),
        ("是", {"type": "yes_no"}, True),
        ("0", {"type": "yes_no"}, False),
        ("接通", {"type": "yes_no", "yes": ["接通"], "no": ["未接通"]}, True),
        ("yes", {"type": "yes_no", "yes": ["接通"], "no": ["未接通"]}, Fault.NOT_YES_OR_NO),
        ("2026-03-31", {"type": "date"}, date(2026, 3, 31)),
        ("31/3/2026 09:05", {"type": "date", "formats": "%d/%m/%Y %H:%M"}, date(2026, 3, 31)),
        ("2026年3月1日", {"type": "date"}, date(2026, 3, 1)),
        ("2026-02-30", {"type": "date"}, Fault.NOT_A_DATE),
        ("3/4/2026", {"type": "date"}, Fault.NOT_A_DATE),
        ("29/2/2016 01:16", {"type": "datetime", "formats": "%d/%m/%Y %H:%M"}, datetime(2016, 2, 29, 1, 16)),
        ("2026-03-31T17:00:56+02:00", {"type": "datetime"}, datetime(2026, 3, 31, 15, 0, 56)),
        ("2026-03-31 09:00:00.25", {"type": "datetime"}, Fault.TOO_MANY_PLACES),
        ("2026-03-31 09:00:00.25", {"type": "datetime", "places": 2}, datetime(2026, 3, 31, 9, 0, 0, 250_000)),
    ],
)
def test_a_cell_reads_as_its_column_says(text: str, column: dict[str, object], value: object) -> None:
    assert read(text, **column) == value


def test_a_local_time_is_kept_as_its_instant() -> None:
    assert read("2026-03-01 07:30", SHANGHAI, type="datetime") == datetime(2026, 2, 28, 23, 30)


@given(
    st.lists(st.datetimes(datetime(1975, 1, 1), datetime(2037, 1, 1)), max_size=20),
    st.sampled_from([SHANGHAI, ZURICH, UTC]),
    st.sampled_from([0, 3, 6]),
)
def test_a_whole_column_reads_as_its_cells_do(moments: list[datetime], zone: ZoneInfo, places: int) -> None:
    column = Column.model_validate({"from": "x", "type": "datetime", "places": places})
    texts = [str(moment) for moment in moments]
    one_by_one = [reader_of(column, zone)(text) for text in texts]
    cells = read_column(pa.array(texts, pa.string()), column, zone, frozenset())
    assert cells.values.to_pylist() == [None if isinstance(value, Fault) else value for value in one_by_one]
    assert cells.faults == {i: value for i, value in enumerate(one_by_one) if isinstance(value, Fault)}


@given(st.integers(0, 2 * 365 * 24 * 2), st.sampled_from([SHANGHAI, ZURICH, UTC]))
def test_half_hours_around_the_changes_of_clocks_read_alike(halves: int, zone: ZoneInfo) -> None:
    column = Column.model_validate({"from": "x", "type": "datetime"})
    text = str(datetime(2026, 1, 1) + timedelta(minutes=30 * halves))
    cells = read_column(pa.array([text]), column, zone, frozenset())
    one = reader_of(column, zone)(text)
    assert (cells.values.to_pylist(), cells.faults) == (([None], {0: one}) if isinstance(one, Fault) else ([one], {}))


def test_a_local_time_that_never_was_is_set_aside() -> None:
    assert read("2026-03-29 02:30", ZURICH, type="datetime") is Fault.NO_SUCH_TIME


def test_a_local_time_that_was_twice_is_the_first_of_the_two() -> None:
    assert read("2026-10-25 02:30", ZURICH, type="datetime") == datetime(2026, 10, 25, 0, 30)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (109.0, "109"),
        (0.1, "0.1"),
        (True, "true"),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 9, 5), "2026-03-01 09:05:00"),
        (time(0, 2, 23), "00:02:23"),
        (timedelta(hours=26, seconds=1), "26:00:01"),
        ("", ""),
    ],
)
def test_a_workbook_cell_becomes_the_text_that_people_see(cell: object, text: str) -> None:
    assert excel_text(cell) == text


def test_a_stored_value_is_written_as_people_read_it() -> None:
    amount = Column.model_validate({"from": "x", "type": "number", "places": 2})
    assert write_cell(-5, amount, UTC) == "-0.05"
    assert (
        write_cell(datetime(2026, 2, 28, 23, 30), Column.model_validate({"from": "x", "type": "datetime"}), SHANGHAI)
        == "2026-03-01 07:30:00"
    )
