"""Events measured and companies made at the shell."""

from __future__ import annotations

import csv
import json

import pytest

SOURCES = """
sources:
  calls:
    name: 来电 | Calls
    columns:
      agent: {from: [坐席]}
      called_at: {from: [时间], type: datetime, needed: true}
      answered: {from: [接听], type: yes_no}
"""
MEASURES = """
measures:
  answer_share:
    name: 接通率 | Answer share
    version: 1
    table: calls
    subject: agent
    time: called_at
    kind: ratio
    numerator: answered
"""
CALLS = """坐席,时间,接听
e1,2026-01-05 09:00,是
e1,2026-01-06 09:00,否
e2,2026-01-07 09:00,是
e2,someday,是
e2,2026-02-07 09:00,否
"""


@pytest.fixture
def files(house):
    """The definitions and one export."""
    return house.write("sources.yaml", SOURCES), house.write("measures.yaml", MEASURES), house.write("calls.csv", CALLS)


def _measure(house, files, *more):
    return house.run("measure", *files, "--period", "2026-01", "-w", house.folder / "workspace", *more)


def test_measuring_writes_a_facts_folder(house, files):
    said = _measure(house, files, "-o", house.folder / "facts", "--bind", "answer_share=connect_rate")
    assert said.code == 0, said.err
    rows = list(csv.reader((house.folder / "facts" / "measured.csv").open(encoding="utf-8-sig")))
    assert [row[:4] for row in rows[1:]] == [["e1", "connect_rate", "1", "2"], ["e2", "connect_rate", "1", "1"]]


def test_rows_set_aside_are_told(house, files):
    assert "M020  1 rows could not be read and are set aside" in _measure(house, files).err
    assert "M020  有 1 行未能读取" in _measure(house, files, "--lang", "zh").err


def test_a_figure_opens_into_its_records(house, files):
    said = _measure(house, files, "--why", "e1", "answer_share")
    assert "numerator: 1 rows" in said.out
    assert "denominator: 2" in said.out
    assert "2026-01-06" in said.out
    assert "2026-01-07" not in said.out


def test_figures_are_data_for_machines_as_whole_numbers_in_text(house, files):
    data = _measure(house, files, "--json", "--why", "e1", "answer_share").data
    assert data["figures"][0] == {"measure": "answer_share", "version": 1, "subject": "e1", "numerator": "1", "denominator": "2"}
    assert data["behind"]["denominator_count"] == 2
    assert [problem["code"] for problem in data["problems"]] == ["M020"]


def test_what_was_read_before_can_be_measured_again_without_the_files(house, files):
    _measure(house, files)
    again = house.run("measure", *files[:2], "--period", "2026-02", "-w", house.folder / "workspace", "--json")
    assert [(figure["subject"], figure["numerator"]) for figure in again.data["figures"]] == [("e2", "0")]


@pytest.mark.parametrize(
    ("period", "code"),
    [("2026-13", 1), ("soon", 1), ("2026-Q1", 0), ("2026", 0), ("2026-01-21..2026-02-20", 0), ("2026-02-20..2026-01-21", 1)],
)
def test_a_period_is_a_month_a_quarter_a_year_or_two_days(house, files, period, code):
    said = house.run("measure", *files, "--period", period, "-w", house.folder / "workspace", "--json")
    assert said.code == code, said.out


def test_a_file_must_name_its_table_where_there_are_several(house, files):
    second = SOURCES.replace("sources:\n  calls", "  chats").replace("sources:\n", "")
    house.write("sources.yaml", SOURCES + second.lstrip("\n"))
    said = _measure(house, files)
    assert said.code == 1
    assert "C008" in said.err
    named = house.run("measure", *files[:2], f"calls={files[2]}", "--period", "2026-01", "-w", house.folder / "workspace")
    assert named.code == 0, named.err


def test_a_file_that_is_not_there_is_a_problem(house, files):
    said = house.run("measure", *files[:2], house.folder / "no.csv", "--period", "2026-01", "-w", house.folder / "workspace")
    assert said.code == 1
    assert "M010" in said.err


def test_a_sample_is_made_and_told(house):
    said = house.run("sample", "-o", house.folder / "sample", "--agents", "12", "--conversations", "3000", "--months", "3", "--json")
    assert said.code == 0, said.err
    assert said.data["conversations"] == 3000
    assert json.loads((house.folder / "sample" / "expected.json").read_text(encoding="utf-8"))


def test_a_company_too_small_for_the_sample_is_no_crash(house):
    said = house.run("sample", "-o", house.folder / "sample", "--agents", "1", "--conversations", "1")
    assert said.code in (1, 2)
    assert "Traceback" not in said.err


ACCOUNTS = """
  people:
    name: 账号 | Accounts
    columns:
      account: {from: 账号, needed: true}
      person: {from: 人, needed: true}
      start: {from: 起, type: date}
      stop: {from: 止, type: date}
accounts:
  shop: {name: 店铺 | Shop, table: people, account: account, person: person, from: start, to: stop}
"""
BOOK = "账号,人,起,止\ne1,张三,,2026-01-06\ne1,李四,2026-01-09,\ne2,王五,,\n"


def with_accounts(house, book=BOOK):
    """The words of a command up to its files: sources whose rows belong to people through accounts, measures, and both tables."""
    sources = house.write("sources.yaml", SOURCES + ACCOUNTS.lstrip("\n"))
    measures = house.write("measures.yaml", MEASURES.replace("subject: agent", "subject: {account: agent, through: shop}"))
    return sources, measures, f"calls={house.write('calls.csv', CALLS)}", f"people={house.write('people.csv', book)}"


def test_accounts_that_passed_from_one_to_another_and_their_gaps_are_shown(house):
    said = _measure(house, with_accounts(house), "--lang", "zh")
    assert said.code == 0, said.err
    rows = [line.split() for line in said.out.splitlines()]
    assert ["账号对照", "shop"] in rows
    assert ["e1", "先后归多人", "张三", "..2026-01-05;", "李四", "2026-01-09.."] in rows
    assert ["e1", "空档", "2026-01-06..2026-01-08"] in rows
    assert "M038" in said.err
    data = _measure(house, with_accounts(house), "--json").data
    assert data["accounts"]["shop"]["gaps"] == [{"account": "e1", "start": "2026-01-06", "end": "2026-01-09"}]


def test_nothing_is_said_of_accounts_where_there_is_nothing_to_say(house):
    said = _measure(house, with_accounts(house, "账号,人,起,止\ne1,张三,,\ne2,王五,,\n"))
    assert "Accounts" not in said.out


def test_accounts_of_two_at_once_are_told_when_they_are_taken(house):
    sources, _, _, people = with_accounts(house, BOOK.replace("2026-01-09", "2026-01-05"))
    said = house.run("import", sources, people, "-w", house.folder / "workspace")
    assert said.code == 1
    assert "M036" in said.err
    assert "李四" in said.err
