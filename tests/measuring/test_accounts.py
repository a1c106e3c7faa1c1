"""Accounts: a row reaches a person only through whoever had its account at its time."""

from __future__ import annotations

from datetime import date

import pytest

from kaohe.measuring import Period, read_accounts, read_definitions, rows_behind
from kaohe.problems import Problems

SOURCES = """
company_zone: Asia/Shanghai
sources:
  chats:
    name: 会话 | Chats
    subject: {account: account, through: shop}
    time: at
    columns:
      chat: {from: chat, needed: true}
      account: {from: account}
      at: {from: at, type: datetime}
      day: {from: day, type: date, optional: true}
      wait: {from: wait, type: seconds}
  sub_accounts:
    name: 子账号 | Sub-accounts
    columns:
      account: {from: account, needed: true}
      person: {from: person, needed: true}
      from_day: {from: from, type: date}
      to_day: {from: to, type: date}
accounts:
  shop: {name: 店铺子账号 | Sub-accounts of the shop, table: sub_accounts, account: account, person: person, from: from_day, to: to_day}
measures:
  chats:
    name: 会话数 | Chats
    version: 1
    table: chats
    kind: count
    exclusions: [{reason: robot, name: 机器人 | Robot, when: account == "系统"}]
  waited: {name: 等待 | Wait, version: 1, table: chats, kind: mean, value: wait}
"""
ACCOUNTS = "account,person,from,to\n小雨,e1,,2026-03-10\n小晴,e1,2026-03-10,\n小禾,e2,2026-03-01,2026-03-05\n小禾,e3,2026-03-08,\n"
CHATS = """chat,account,at,wait
c1,小雨,2026-03-09 23:59:59,10
c2,小雨,2026-03-10 00:00:00,20
c3,小晴,2026-03-10 00:00:00,30
c4,小禾,2026-03-04 12:00,40
c5,小禾,2026-03-05 00:00,50
c6,小禾,2026-03-08 00:00,
c7,,2026-03-08 09:00,70
c8,系统,2026-03-08 09:00,80
c9,小禾,2026-03-07 09:00,
"""


@pytest.fixture
def shop(house):
    """A shop whose accounts and chats have been taken in."""
    house.definitions = read_definitions(house.write("definitions.yaml", SOURCES))
    house.write("accounts.csv", ACCOUNTS)
    house.take("accounts.csv", table="sub_accounts")
    house.write("chats.csv", CHATS)
    house.take("chats.csv", table="chats")
    return house


def test_rows_count_for_whoever_had_the_account_at_their_time(shop) -> None:
    figures = shop.figures("chats")
    assert {subject: figures.pair(subject) for subject in figures.subjects} == {"e1": (2, 1), "e2": (1, 1), "e3": (1, 1)}
    assert shop.figures("waited").pair("e1") == (40, 2)


def test_a_row_through_its_day_reaches_the_same_person(house) -> None:
    house.definitions = read_definitions(house.write("definitions.yaml", SOURCES.replace("    time: at\n", "    time: day\n")))
    house.write("accounts.csv", ACCOUNTS)
    house.write("chats.csv", "chat,account,at,wait,day\nc1,小雨,,1,2026-03-09\nc2,小雨,,1,2026-03-10\nc3,小晴,,1,2026-03-10\n")
    house.take("accounts.csv", table="sub_accounts")
    house.take("chats.csv", table="chats")
    assert house.figures("chats").pair("e1") == (2, 1)
    assert house.figures("chats").without_person == {"小雨": 1}


def test_rows_under_an_account_that_is_nobodys_are_counted_by_account_and_told(shop) -> None:
    measured = shop.measure()
    chats = measured["chats"]
    assert (chats.without_subject, chats.without_person) == (5, {"小雨": 1, "小禾": 2})
    told = [(problem.code, problem.about, problem.found["count"]) for problem in measured.problems()]
    assert told == [("M038", ("小禾", "chats"), 2), ("M038", ("小雨", "chats"), 1), ("M038", ("系统", "chats"), 1)]


def test_rows_that_are_nobodys_are_listed_with_their_reason(shop) -> None:
    found = shop.behind("chats", None)
    assert {row.cells["chat"]: row.reason for row in found.excluded} == {
        "c2": "no_person",
        "c5": "no_person",
        "c7": "no_subject",
        "c8": "robot",
        "c9": "no_person",
    }
    assert found.reason_names["no_person"] == ("账号当日不归任何人", "its account is nobody's on that day")


def test_the_rows_behind_a_persons_figure_come_from_all_their_accounts(shop) -> None:
    found = shop.behind("chats", "e1")
    assert [row.cells["chat"] for row in found.denominator] == ["c1", "c3"]


def test_a_figures_reference_changes_with_the_accounts(shop) -> None:
    before = shop.figures("chats").rows
    shop.write("accounts.csv", ACCOUNTS.replace("e3", "e4"))
    shop.take("accounts.csv", table="sub_accounts")
    assert shop.figures("chats").rows != before


def test_a_newer_file_of_accounts_takes_the_place_of_the_one_of_its_name(shop) -> None:
    shop.write("accounts.csv", ACCOUNTS.replace("2026-03-05", "2026-03-08"))
    shop.take("accounts.csv", table="sub_accounts")
    assert shop.figures("chats").pair("e2") == (3, 1)
    assert shop.figures("chats").without_person == {"小雨": 1}


def test_gaps_and_accounts_that_several_people_had_are_told(shop) -> None:
    book = read_accounts(shop.workspace, shop.definitions, "shop")
    assert [(gap.account, gap.start, gap.end) for gap in book.gaps()] == [("小禾", date(2026, 3, 5), date(2026, 3, 8))]
    assert book.shared() == {"小禾": ("e2", "e3")}


def test_figures_tell_how_accounts_were_used_in_their_period(shop) -> None:
    use = shop.measure().account_use["shop"]
    assert {account: [entry.person for entry in entries] for account, entries in use.shared.items()} == {"小禾": ["e2", "e3"]}
    assert use.as_data() == {
        "shared": [
            {
                "account": "小禾",
                "entries": [
                    {"person": "e2", "start": "2026-03-01", "end": "2026-03-05"},
                    {"person": "e3", "start": "2026-03-08", "end": None},
                ],
            }
        ],
        "gaps": [{"account": "小禾", "start": "2026-03-05", "end": "2026-03-08"}],
    }


@pytest.mark.parametrize(
    ("first", "last", "shared", "gaps"),
    [(1, 4, 0, 0), (4, 5, 0, 1), (7, 8, 0, 1), (8, 31, 0, 0), (4, 8, 1, 1)],
)
def test_only_what_reaches_into_the_period_is_told(shop, first, last, shared, gaps) -> None:
    use = shop.measure(Period(date(2026, 3, first), date(2026, 3, last))).account_use["shop"]
    assert (len(use.shared), len(use.gaps)) == (shared, gaps)


def test_an_account_that_is_somebodys_otherwise_has_no_gap_and_its_rows_count(shop) -> None:
    text = SOURCES.replace("to: to_day}", "to: to_day, otherwise: {小禾: e9, 小雨: e8, 无人: e7}}")
    shop.definitions = read_definitions(shop.write("definitions.yaml", text))
    chats = shop.measure()["chats"]
    assert {subject: chats.pair(subject) for subject in ("e8", "e9")} == {"e8": (1, 1), "e9": (2, 1)}
    assert chats.without_person == {}
    assert [row.cells["chat"] for row in shop.behind("chats", "e9").denominator] == ["c5", "c9"]
    book = read_accounts(shop.workspace, shop.definitions, "shop")
    assert book.gaps() == ()
    assert [(entry.person, entry.start.year, entry.end.year) for entry in book.entries if entry.account == "无人"] == [("e7", 1, 9999)]


def test_entries_that_overlap_are_a_problem_that_names_both_rows(shop) -> None:
    shop.write("accounts.csv", ACCOUNTS.replace("2026-03-08", "2026-03-04") + "小云,e9,2026-03-02,2026-03-02\n")
    shop.take("accounts.csv", table="sub_accounts")
    for ask in (shop.measure, lambda: shop.behind("chats", "e1")):
        with pytest.raises(Problems) as caught:
            ask()
        assert [(problem.code, problem.place.row, problem.found.get("other")) for problem in caught.value] == [
            ("M037", 6, None),
            ("M036", 5, "accounts.csv:4"),
        ]


def test_a_company_without_imported_accounts_is_told_so(house) -> None:
    house.definitions = read_definitions(house.write("definitions.yaml", SOURCES))
    house.write("chats.csv", CHATS)
    house.take("chats.csv", table="chats")
    with pytest.raises(Problems) as caught:
        house.measure()
    assert [(problem.code, problem.about) for problem in caught.value] == [("M032", ("sub_accounts",))]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("through: shop", "through: shpo"), [("M004", 35), ("M004", 36)]),
        (("table: sub_accounts", "table: accounts"), [("M004", 33)]),
        (("to: to_day}", "to: person}"), [("M002", 33)]),
        (("person: {from: person, needed: true}", "person: {from: person}"), [("M002", 33)]),
        (("time: at", "time: ta"), [("M004", 35), ("M004", 36)]),
        (("    time: at\n", ""), [("M003", 34), ("M003", 35)]),
    ],
)
def test_what_is_wrong_with_accounts_is_told_with_its_line(house, wrong, told) -> None:
    path = house.write("definitions.yaml", SOURCES.lstrip("\n").replace(*wrong))
    with pytest.raises(Problems) as caught:
        read_definitions(path)
    assert [problem.code for problem in caught.value] == [code for code, _ in told]
    assert len({problem.place.line for problem in caught.value}) == len({line for _, line in told})


def test_what_a_source_says_of_its_measures_asks_for_no_new_import(shop) -> None:
    shop.definitions = read_definitions(
        shop.write("definitions.yaml", SOURCES.replace("    time: at\n", "    time: at\n    one_row: {per: chat, by: at}\n"))
    )
    assert shop.figures("chats").pair("e1") == (2, 1)


def test_what_a_measure_says_itself_stands_before_its_source(shop) -> None:
    text = SOURCES.replace("kind: mean, value: wait", "kind: count, for_all: shop")
    shop.definitions = read_definitions(shop.write("definitions.yaml", text))
    figures = shop.figures("waited")
    assert (figures.subjects, figures.pair("shop"), figures.without_person) == (("shop",), (9, 1), {})


def test_rows_of_another_period_reach_nobody(shop) -> None:
    april = Period(date(2026, 4, 1), date(2026, 4, 30))
    assert shop.measure(april)["chats"].subjects == ()
    assert rows_behind(shop.workspace, shop.definitions, "chats", None, april).excluded == ()
