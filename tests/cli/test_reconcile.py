"""Our figures beside a platform's at the shell: tables in both languages, files in three kinds."""

from __future__ import annotations

import csv
import json
from fractions import Fraction

import pytest
from python_calamine import CalamineWorkbook

SOURCES = """
sources:
  chats:
    name: 会话 | Chats
    subject: agent
    time: at
    columns:
      agent: {from: 坐席, needed: true}
      at: {from: 时间, type: datetime, needed: true}
      seconds: {from: 秒, type: seconds}
  platform:
    name: 平台 | Platform
    columns:
      agent: {from: 旺旺, needed: true}
      reply: {from: 平均响应, type: seconds, places: 2}
"""
MEASURES = """
measures:
  reply:
    name: 平均响应 | Mean reply
    version: 1
    table: chats
    kind: mean
    value: smaller_of(seconds, most)
    parameters: {most: 60}
    exclusions: [{reason: night, name: 夜间 | Night, when: hour_of(at) >= 22}]
reconciliations:
  reply:
    name: 平均响应对账 | Mean reply beside the platform
    measure: reply
    figures: {table: platform, subject: agent, value: reply, total: 合计, rounded_to: 0.01}
    steps:
      - {step: night, name: 夜间 | Nights, drop: exclusions.night}
      - {step: cap, name: 封顶 | Cap, with: {most: 600}}
"""
CHATS = "坐席,时间,秒\ne1,2026-03-02 09:00,20\ne1,2026-03-02 10:00,100\ne1,2026-03-02 23:00,41\ne2,2026-03-02 09:00,30\n=e3,2026-03-02 09:00,30\n"
PLATFORM = "旺旺,平均响应\ne1,53.67\ne2,31\ne9,5\n合计,50\n"


@pytest.fixture
def files(house):
    """The definitions, and both sides' exports."""
    texts = {"sources.yaml": SOURCES, "measures.yaml": MEASURES, "chats.csv": CHATS, "platform.csv": PLATFORM}
    sources, measures, chats, platform = (house.write(name, text) for name, text in texts.items())
    return sources, measures, f"chats={chats}", f"platform={platform}"


def reconcile(house, files, *more):
    return house.run("reconcile", *files, "--period", "2026-03", "-w", house.folder / "workspace", *more)


def rows_of(said):
    return [line.split() for line in said.out.splitlines()]


def test_each_line_tells_both_figures_the_causes_and_what_remains(house, files):
    said = reconcile(house, files, "--lang", "zh")
    assert said.code == 0, said.err
    rows = rows_of(said)
    assert ["e1", "40", "≈+0.3333", "≈+13.3333", "≈+0.0033", "53.67", "仅余取整"] in rows
    assert ["e2", "30", "0", "0", "+1", "31", "未说明"] in rows
    assert ["=e3", "30", "0", "0", "–", "–", "平台没有"] in rows
    assert ["e9", "–", "–", "–", "–", "5", "仅平台有"] in rows
    assert ["合计", "35", "≈+1.6667", "≈+1.0833", "+10", "+2.25", "50", "未说明"] in rows
    assert "共 4 个：仅余取整 1，未说明 1，平台没有 1，仅平台有 1" in said.out
    assert "留在“余”中" in said.out
    assert "1  夜间  去掉 exclusions.night  计入 4 → 5 行" in said.out
    assert "2  封顶  most = 600  计入 5 → 5 行" in said.out


def test_the_same_in_english_and_with_a_row_for_each_cause_on_a_narrow_screen(house, files, monkeypatch):
    wide = reconcile(house, files, "--lang", "en")
    assert "4 in all: rounding only 1, not explained 1, not on the platform 1, platform only 1" in wide.out
    assert "without exclusions.night  rows counted 4 → 5" in wide.out
    monkeypatch.setenv("COLUMNS", "60")
    narrow = reconcile(house, files, "--lang", "en")
    assert ["Cap", "≈+13.3333"] in rows_of(narrow)
    assert ["platform", "53.67", "rounding", "only"] in rows_of(narrow)


def test_files_hold_every_figure_exactly(house, files):
    reconcile(house, files)
    for name in ("out.csv", "out.json", "out.xlsx"):
        said = house.run(
            "reconcile", *files[:2], "--period", "2026-03", "-w", house.folder / "workspace", "--lang", "zh", "-o", house.folder / name
        )
        assert said.code == 0, said.err
    rows = list(csv.reader((house.folder / "out.csv").open(encoding="utf-8-sig")))
    assert rows[0] == ["被考核人", "本方", "平台没有", "夜间", "封顶", "仅平台有", "余", "平台", "结果"]
    assert rows[1][0] == "'=e3"
    e1 = next(row for row in rows if row[0] == "e1")
    assert e1 == ["e1", "40", "", "1/3", "40/3", "", "1/300", "53.67", "仅余取整"]
    assert sum(map(Fraction, (cell for cell in e1[1:7] if cell))) == Fraction("53.67")
    book = CalamineWorkbook.from_path(str(house.folder / "out.xlsx"))
    assert book.sheet_names == ["对账", "步骤"]
    assert book.get_sheet_by_name("步骤").to_python()[1][:3] == [1, "夜间", "去掉 exclusions.night"]
    assert [row[0] for row in book.get_sheet_by_name("对账").to_python()][-1] == "合计"
    data = json.loads((house.folder / "out.json").read_text(encoding="utf-8"))
    assert [line["status"] for line in data["lines"] if line["subject"] == "e1"] == ["rounding"]


def test_the_report_is_data_for_machines(house, files):
    data = reconcile(house, files, "--json").data
    assert next(line for line in data["lines"] if line["subject"] == "e1")["steps"] == ["1/3", "40/3"]
    assert data["problems"] == []


def test_a_file_s_name_says_how_it_is_written(house, files):
    assert "C032" in reconcile(house, files, "-o", house.folder / "out.txt").err


def test_which_reconciliation_is_asked_where_there_are_several(house, files):
    second = MEASURES.partition("reconciliations:\n")[2].replace("  reply:", "  other:", 1)
    house.write("measures.yaml", MEASURES + second)
    assert "C033" in reconcile(house, files).err
    assert reconcile(house, files, "--use", "other").code == 0
    assert "M004" in reconcile(house, files, "--use", "others").err
    house.write("measures.yaml", MEASURES.partition("reconciliations:\n")[0])
    assert "C033" in reconcile(house, files).err
