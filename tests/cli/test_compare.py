"""One measure in another's place, at the shell."""

from __future__ import annotations

import csv

import pytest

SOURCES = """
sources:
  messages:
    name: 消息 | Messages
    subject: account
    columns:
      session_id: {from: 会话, needed: true}
      account: {from: 客服, needed: true}
      sender: {from: 发送方, needed: true, words: {customer: 买家, agent: 客服}}
      sent_at: {from: 时间, type: datetime, needed: true}
      auto: {from: 自动, type: yes_no}
"""
OWN = "measures:\n  mine: {preset: average_reply_seconds_capped@1, with: {most: 60}}\n"
MESSAGES = """会话,客服,发送方,时间,自动
s1,e1,买家,2026-03-02 09:00:00,
s1,e1,客服,2026-03-02 09:01:40,
s2,e2,买家,2026-03-02 09:00:00,
s2,e2,客服,2026-03-02 09:00:50,
s3,e2,买家,2026-03-02 09:00:00,
"""


@pytest.fixture
def files(house):
    """The sources, measures of one's own, and an export of messages."""
    return house.write("sources.yaml", SOURCES), house.write("own.yaml", OWN), house.write("messages.csv", MESSAGES)


def compare(house, files, first, second, *more):
    sources, own, messages = files
    where = ("--period", "2026-03", "-w", house.folder / "workspace")
    return house.run("compare", first, second, sources, messages, "-m", own, *where, *more)


def rows_of(said):
    return [line.split() for line in said.out.splitlines()]


def test_each_line_tells_both_figures_the_difference_places_and_rows(house, files):
    said = compare(house, files, "average_reply_seconds@1", "mine", "--lang", "zh")
    assert said.code == 0, said.err
    assert ["e1", "100", "60", "-40", "2", "→", "2", "1", "0", "0"] in rows_of(said)
    assert ["e2", "50", "55", "+5", "1", "→", "1", "1", "0", "1"] in rows_of(said)
    assert "平均响应时长 → 平均响应时长（封顶）  2026-03-01 – 2026-03-31" in said.out
    assert "共 2 人，0 人名次有变。" in said.out


def test_other_units_are_told_and_not_subtracted(house, files):
    said = compare(house, files, "mine", "unanswered_share@1", "--lang", "en")
    assert ["e2", "55", "0.5", "–", "1", "→", "2", "2", "0", "0"] in rows_of(said)
    assert "The units differ (second, share): figures are not subtracted." in said.out
    assert "2 in all; the place of 2 changes." in said.out


def test_the_comparison_is_written_and_data(house, files):
    said = compare(house, files, "mine", "average_reply_seconds", "-o", house.folder / "c.csv", "--lang", "zh")
    assert said.code == 0, said.err
    rows = list(csv.reader((house.folder / "c.csv").open(encoding="utf-8-sig")))
    assert rows[0] == [
        "被考核人",
        "mine",
        "average_reply_seconds",
        "相差",
        "名次 mine",
        "名次 average_reply_seconds",
        "两边都计",
        "只计于前",
        "只计于后",
    ]
    assert rows[2] == ["e2", "55", "50", "-5", "1", "1", "1", "1", "0"]
    data = compare(house, files, "mine", "average_reply_seconds", "--json").data
    assert [line["difference"] for line in data["lines"]] == ["40", "-5"]


def test_nobody_to_compare_is_no_crash(house, files):
    said = house.run(
        "compare", "mine", "average_reply_seconds", *files[::2], "-m", files[1], "--period", "2026-04", "-w", house.folder / "w"
    )
    assert said.code == 0, said.err
    assert "0 in all" in said.out


def test_a_measure_that_nobody_knows_is_a_problem(house, files):
    said = compare(house, files, "mine", "nothing@1")
    assert said.code == 1
    assert "M004" in said.err
