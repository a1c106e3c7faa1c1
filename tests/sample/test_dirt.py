"""Every kind of dirt is there, as often as the report says, and one can see it in the files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from kaohe.sample import SampleReport
from kaohe.sample.dirt import KINDS

Rows = list[dict[str, str]]
Read = Callable[[str], Rows]
Row = dict[str, str]

MONTHLY = "raw/conversations-2026-0?.csv.gz"


def _lasts(row: Row) -> timedelta:
    """How long a conversation lasted; nothing when one cannot tell."""
    try:
        return datetime.fromisoformat(row["ended_at"]) - datetime.fromisoformat(row["started_at"])
    except ValueError:
        return timedelta()


def _exists(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


SEEN: dict[str, tuple[str, Callable[[Row], bool]]] = {
    "missing_agent": (MONTHLY, lambda row: row["agent_account"] == ""),
    "agent_question_mark": (MONTHLY, lambda row: row["agent_account"] == "?"),
    "agent_dash": (MONTHLY, lambda row: row["agent_account"] == "-"),
    "system_account": (MONTHLY, lambda row: row["agent_account"] == "系统"),
    "impossible_date": (MONTHLY, lambda row: bool(re.match(r"\d{4}-\d\d-", row["started_at"])) and not _exists(row["started_at"])),
    "dash_date": (MONTHLY, lambda row: row["started_at"] == "-"),
    "day_first_date": (MONTHLY, lambda row: bool(re.match(r"\d\d/\d\d/2026 \d\d:\d\d:\d\d$", row["started_at"]))),
    "slash_date": (MONTHLY, lambda row: bool(re.match(r"2026/\d+/\d+ \d+:\d\d$", row["started_at"]))),
    "negative_duration": (MONTHLY, lambda row: _lasts(row) < timedelta()),
    "open_overnight": (MONTHLY, lambda row: _lasts(row) >= timedelta(hours=12)),
    "first_reply_dash": (MONTHLY, lambda row: row["first_reply_at"] == "-"),
    "resolved_question_mark": (MONTHLY, lambda row: row["resolved"] == "?"),
    "reexported_row": ("raw/conversations-*-reexport.csv.gz", lambda row: True),
    "amount_dash": ("raw/orders-*", lambda row: row["amount"] == "-"),
    "amount_thousands": ("raw/orders-*", lambda row: "," in row["amount"]),
    "amount_full_width": ("raw/orders-*", lambda row: "．" in row["amount"]),
    "silent_order": ("raw/orders-*", lambda row: row["conversation_id"] == ""),
    "score_question_mark": ("raw/surveys-*", lambda row: row["score"] == "?"),
    "undecided_complaint": ("raw/complaints.csv", lambda row: row["upheld"] == "-"),
}


@pytest.mark.parametrize("kind", SEEN)
def test_a_kind_is_seen_in_the_files_as_often_as_it_is_counted(kind: str, small: SampleReport, rows_of: Read) -> None:
    pattern, is_so = SEEN[kind]
    once = {tuple(row.values()) for row in rows_of(pattern) if is_so(row)}
    assert len(once) == small.dirt[kind] > 0


@pytest.mark.parametrize(("kind", "pattern"), [("duplicate_row", MONTHLY), ("duplicate_order", "raw/orders-*")])
def test_repetitions_are_the_same_row_twice(kind: str, pattern: str, small: SampleReport, rows_of: Read) -> None:
    rows = Counter(tuple(row.values()) for row in rows_of(pattern))
    ids = {row[0] for row in rows}
    assert sorted(set(rows.values())) == [1, 2]
    assert sum(count == 2 for count in rows.values()) == small.dirt[kind]
    assert len(ids) == len(rows)


def test_what_was_exported_again_is_in_the_months_file_too(rows_of: Read, small: SampleReport) -> None:
    first = {tuple(row.values()) for row in rows_of("raw/conversations-2026-01.csv.gz")}
    again = {tuple(row.values()) for row in rows_of("raw/conversations-*-reexport.csv.gz")}
    assert again <= first
    assert small.rows["raw/conversations-2026-01-reexport.csv.gz"] == len(again)


def test_a_second_complaint_is_about_the_same_conversation(rows_of: Read, small: SampleReport) -> None:
    about = Counter(row["conversation_id"] for row in rows_of("raw/complaints.csv"))
    assert sorted(set(about.values())) == [1, 2]
    assert sum(count == 2 for count in about.values()) == small.dirt["second_complaint"]


def test_the_shifted_cluster_is_eight_hours_before_its_neighbours(rows_of: Read, expected: dict[str, Any]) -> None:
    shifted = set(expected["dirt"]["shifted_zone"]["ids"])
    rows = rows_of("raw/conversations-2026-03.csv.gz")
    hours = [int(row["started_at"][11:13]) for row in rows if row["conversation_id"] in shifted]
    assert len(hours) == expected["dirt"]["shifted_zone"]["count"]
    assert set(hours) <= {2, 3, 4}
    assert {row["started_at"][:10] for row in rows if row["conversation_id"] in shifted} == {"2026-03-14"}


def test_day_first_dates_stand_together_in_one_file(rows_of: Read, expected: dict[str, Any]) -> None:
    ids = expected["dirt"]["day_first_date"]["ids"]
    numbers = [int(name[1:]) for name in ids]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert set(ids) <= {row["conversation_id"] for row in rows_of("raw/conversations-2026-02.csv.gz")}


def test_surveys_have_a_byte_order_mark_and_complaints_are_gbk(small: SampleReport) -> None:
    surveys = [path.read_bytes() for path in (small.folder / "raw").glob("surveys-*.csv")]
    marked = sum(content.startswith(b"\xef\xbb\xbf") for content in surveys)
    complaints = (small.folder / "raw" / "complaints.csv").read_bytes()
    assert marked == small.dirt["byte_order_mark"] == len(surveys) == 3
    assert "西溪茶具".encode("gbk") in complaints
    with pytest.raises(UnicodeDecodeError):
        complaints.decode()


def test_every_kind_is_planted_counted_and_told_with_its_rows(small: SampleReport, expected: dict[str, Any]) -> None:
    told = {name: kind["count"] for name, kind in expected["dirt"].items()}
    assert told == small.dirt
    assert all(count > 0 for count in told.values())
    assert all(len(expected["dirt"][kind.name]["ids"]) == told[kind.name] for kind in KINDS)


def test_no_conversation_has_two_kinds(expected: dict[str, Any]) -> None:
    ids = [name for kind in expected["dirt"].values() if kind.get("table") == "conversations" for name in kind["ids"]]
    assert len(ids) == len(set(ids))
