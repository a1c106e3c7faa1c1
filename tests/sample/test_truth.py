"""expected.json, told again by plain Python from the files alone."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from kaohe.sample import SampleReport
from kaohe.sample.truth import DEFINITIONS

Rows = list[dict[str, str]]
Read = Callable[[str], Rows]

_SLASHED = re.compile(r"(\d{4})/(\d+)/(\d+) (\d+):(\d\d)")
_MISSING = {"", "-", "?"}


class Talk(NamedTuple):
    """A conversation that counts."""

    person: str
    month: str
    row: dict[str, str]


def _instant(text: str) -> datetime | None:
    """Dates with the year first; any other is none."""
    slashed = _SLASHED.fullmatch(text)
    try:
        return datetime(*map(int, slashed.groups())) if slashed else datetime.fromisoformat(text)  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None


def _person(accounts: Rows, account: str, day: str) -> str | None:
    held = [row["person"] for row in accounts if row["agent_account"] == account and row["from"] <= day < (row["to"] or "9999")]
    return held[0] if held else None


def _talks(read: Read) -> tuple[dict[str, Talk], int]:
    """The conversations that count by their id, and how many rows were set aside."""
    accounts, talks, aside = read("accounts.csv"), {}, 0
    for row in read("raw/conversations-*.csv.gz"):
        started, ended = _instant(row["started_at"]), _instant(row["ended_at"])
        person = _person(accounts, row["agent_account"], f"{started:%Y-%m-%d}") if started else None
        if started is None or ended is None or person is None or ended < started or row["conversation_id"] in talks:
            aside += 1
        else:
            talks[row["conversation_id"]] = Talk(person, f"{started:%Y-%m}", row)
    return talks, aside


def _talk_figures(talk: Talk) -> Iterator[tuple[str, int]]:
    row = talk.row
    yield "conversations", 1
    if row["agent_messages"] == "0":
        yield ("bot_only" if row["auto_reply"] == "是" else "unanswered"), 1
        return
    yield "handled", 1
    yield "inquiries", row["topic"] in ("商品咨询", "规格尺寸", "优惠活动", "库存发货")
    yield "transferred", row["transferred"] == "是"
    yield "resolved_known", row["resolved"] not in _MISSING
    yield "resolved", row["resolved"] == "是"
    started, replied = _instant(row["started_at"]), _instant(row["first_reply_at"])
    if started and replied:
        wait = int((replied - started).total_seconds())
        yield from (("answered", 1), ("first_reply_seconds", wait), ("answered_within_30", wait <= 30))
        yield from (("answered_soon", wait <= 1800), ("soon_reply_seconds", wait if wait <= 1800 else 0))


def _survey_figures(row: dict[str, str], _month: str, _first: bool) -> Iterator[tuple[str, int]]:
    yield "surveys_sent", 1
    if row["score"] not in _MISSING:
        score = int(row["score"])
        yield from (("surveys_answered", 1), ("survey_score_sum", score), ("surveys_good", score >= 4))


def _complaint_figures(row: dict[str, str], _month: str, first: bool) -> Iterator[tuple[str, int]]:
    upheld = row["upheld"] == "是"
    yield from (("complaints", 1), ("complaints_upheld", upheld), ("contacts_upheld", upheld and first))


def _order_figures(row: dict[str, str], month: str, _first: bool) -> Iterator[tuple[str, int]]:
    yield "orders", 1
    yield "orders_refunded", row["refunded"] == "是"
    if row["paid_at"]:
        yield from (("orders_paid", 1), ("orders_paid_in_month", row["paid_at"][:7] <= month))
        if row["amount"] not in _MISSING:
            yield "paid_fen", int(Decimal(row["amount"].replace(",", "")) * 100)  # Decimal reads full-width digits, not the full stop


def _inspection_figures(row: dict[str, str], _month: str, _first: bool) -> Iterator[tuple[str, int]]:
    yield from (("inspections", 1), ("points_off", int(row["points_off"])), ("inspections_critical", row["critical"] == "是"))


FOLLOW_UPS = (
    ("raw/surveys-*.csv", "survey_id", "sent_at", _survey_figures),
    ("raw/complaints.csv", "complaint_id", "received_at", _complaint_figures),
    ("raw/orders-*.csv.gz", "order_id", "ordered_at", _order_figures),
    ("raw/inspections.csv", "inspection_id", "inspected_at", _inspection_figures),
)


def _recount(read: Read, by_own_date: bool) -> dict[tuple[str, str], Counter[str]]:
    """All figures by month and person."""
    sums: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    talks, _ = _talks(read)
    accounts = read("accounts.csv")
    for talk in talks.values():
        sums[talk.month, talk.person].update({name: int(value) for name, value in _talk_figures(talk)})
    for pattern, key, own, figures in FOLLOW_UPS:
        rows = {row[key]: row for row in _plain(read(pattern))}
        met: set[str] = set()
        for row in rows.values():
            talk_of = talks.get(row["conversation_id"])
            person, month = _person(accounts, row["agent_account"], row[own][:10]), row[own][:7]
            if not by_own_date:
                person, month = (talk_of.person, talk_of.month) if talk_of else (None, "")
            if person:
                told = figures(row, month, row["conversation_id"] not in met)
                sums[month, person].update({name: int(value) for name, value in told})
            met.add(row["conversation_id"])
    return sums


def _plain(rows: Rows) -> Rows:
    return [{name: cell.replace("．", ".") for name, cell in row.items()} for row in rows]


@pytest.mark.parametrize(("basis", "by_own_date"), [("by_conversation", False), ("by_own_date", True)])
def test_every_figure_can_be_counted_again(rows_of: Read, expected: dict[str, Any], basis: str, by_own_date: bool) -> None:
    counted = _recount(rows_of, by_own_date)
    for month, people in expected[basis].items():
        for person, figures in people.items():
            assert {name: counted[month, person][name] for name in DEFINITIONS} == figures, f"{person} in {month}"


def test_the_rows_set_aside_are_exactly_those_planted(rows_of: Read, small: SampleReport, expected: dict[str, Any]) -> None:
    talks, aside = _talks(rows_of)
    lost = {name for kind in expected["dirt"].values() if kind["effect"] == "set_aside" for name in kind["ids"]}
    assert aside == small.conversations_set_aside == expected["conversations_set_aside"]
    assert not lost & set(talks)
    assert len(talks) == small.conversations - len(lost)


def test_what_follows_a_conversation_names_the_same_person_by_account_and_by_conversation(rows_of: Read) -> None:
    talks, _ = _talks(rows_of)
    accounts = rows_of("accounts.csv")
    for pattern, _, own, _ in FOLLOW_UPS:
        for row in rows_of(pattern):
            talk = talks.get(row["conversation_id"])
            assert talk is None or _person(accounts, row["agent_account"], row[own][:10]) == talk.person


def test_an_order_in_silence_has_no_account(rows_of: Read) -> None:
    assert all((row["conversation_id"] == "") == (row["agent_account"] == "") for row in rows_of("raw/orders-*.csv.gz"))


def test_everybody_employed_in_a_month_has_figures_even_without_a_conversation(rows_of: Read, expected: dict[str, Any]) -> None:
    for month, people in expected["by_conversation"].items():
        there = [person["id"] for person in rows_of(f"months/{month}/people.csv") if person["role"] == "agent"]
        assert list(people) == there


def test_some_orders_are_paid_after_the_end_of_their_month(expected: dict[str, Any]) -> None:
    people = [figures for month in expected["by_conversation"].values() for figures in month.values()]
    assert sum(figures["orders_paid"] for figures in people) > sum(figures["orders_paid_in_month"] for figures in people) > 0
