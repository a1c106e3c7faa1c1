"""A round's summary: the counts, means and names that its manager acts on, and no money unless it was asked for."""

from __future__ import annotations

from fractions import Fraction

import openpyxl
import pytest

from kaohe.papers.earlier import look_back
from kaohe.papers.roundbooks import write_summary_book
from kaohe.papers.summaries import summary_data
from kaohe.papers.summing import Summary
from kaohe.papers.typesetting import typeset


@pytest.fixture(scope="module")
def summary(house):
    """The tea-house's round beside its month before."""
    paper = house.round()
    return Summary(house.round(back=look_back(paper.plan, paper.results.facts, [])))


def test_people_are_counted_by_status_and_grade(summary):
    everybody = summary.everybody
    assert (everybody.people, everybody.complete) == (8, 6)
    assert everybody.grades == {"A": 3, "B": 1, "C": 2}
    assert {status: len(summary.paper.with_status(status)) for status in summary.paper.status_order} == {
        "assessed": 6,
        "incomplete": 1,
        "not_assessed": 1,
    }


def test_means_are_exact_and_over_those_who_have_a_figure(summary):
    totals = [Fraction("95.4"), Fraction(36), Fraction(212, 3), Fraction(96), Fraction(82), Fraction(92)]
    assert summary.everybody.mean == sum(totals) / 6
    refill = next(item for item in summary.items if item.item == "refill")
    assert (refill.count, refill.mean, refill.full) == (7, Fraction(100 + 0 + 60 + 100 + 60 + 100 + 60, 7), 100)


def test_teams_stand_beside_one_another(summary):
    assert [(team.team, team.people, team.complete) for team in summary.teams] == [("前厅", 5, 5), ("后院", 3, 1)]


def test_changes_are_told_with_the_greatest_rise_first(summary):
    assert [(move.subject, move.by, move.grade_before, move.grade) for move in summary.moves] == [
        ("e1", Fraction("7.4"), "B", "A"),
        ("e2", -24, "C", "C"),
    ]


def test_what_is_owed_names_whom_it_concerns(summary):
    assert [(one.text, one.clause, one.subjects) for one in summary.lacking] == [("迎客", "§1", ("e8",))]
    assert [(one.text, one.subjects) for one in summary.out] == [("整月休假", ("e7",))]
    assert [(one.text, one.subjects) for one in summary.actions] == [("绩效面谈", ("e2", "e3"))]


def test_the_page_tells_all_that_and_that_it_is_not_final(summary, pages):
    (page,) = pages(typeset("summary", summary_data(summary)))
    for words in (
        "考核汇总",
        "暂计还有1人数据不全",
        "8人",
        "平均总分78.68",
        "6人的总分分布",
        "A优秀总分≥90350%",
        "续水768.57",
        "迎客§11人郑十",
        "绩效面谈§82人李四、王五",
        "张三B→A88.095.4+7.4",
        "1/5赵六前厅96.00A",
    ):
        assert words in page.words, words
    assert page.outside() == []
    assert page.overlaps() == []


def test_a_complete_round_is_final_unless_it_is_said_to_be_provisional(house, pages):
    facts = house.facts.replace("e8: {seconds: 70}", "e8: {seconds: 70, greeted: 0.5}")
    (final,), (draft,) = (
        pages(typeset("summary", summary_data(Summary(house.round(facts=facts, provisional=provisional))))) for provisional in (False, True)
    )
    assert "最终结果" in final.words
    assert "暂计" not in final.words
    assert "暂计本期还没有定稿" in draft.words


def test_money_stands_in_a_summary_only_where_it_was_asked_for(house, pages):
    (without,), (with_money,) = (pages(typeset("summary", summary_data(Summary(house.round(money=money))))) for money in (False, True))
    assert "薪酬合计（元）奖金3,881.37表彰奖300.00" in with_money.words
    assert "薪酬" not in without.words
    assert "3,881.37" not in without.words


def test_two_thousand_people_still_make_two_pages_and_say_how_many_are_not_named(house, pages):
    people = "".join(f"  - {{id: p{n}, name: 员工{n}, role: waiter, team: 第{n % 40}组, base: 100}}\n" for n in range(2000))
    values = "".join(f"  p{n}: {{seconds: {40 + n % 120}, greeted: {n % 97}/100}}\n" for n in range(2000))
    facts = f"period: {{start: 2026-03-01, end: 2026-03-31}}\npeople:\n{people}values:\n{values}"
    document = pages(typeset("summary", summary_data(Summary(house.round(facts=facts)))))
    assert len(document) <= 2
    words = "".join(page.words for page in document)
    assert "员工8、员工9、员工10、员工11等" in words  # the first twelve of many
    assert "见汇总工作簿" in words
    assert [page.outside() for page in document] == [[]] * len(document)


def test_the_workbook_has_everybody_and_no_money(summary, tmp_path):
    book = openpyxl.load_workbook(write_summary_book(summary, tmp_path / "summary.xlsx"))
    assert book.sheetnames == ["汇总", "成绩", "指标", "班组", "变动", "待办与提示"]
    rows = list(book["成绩"].iter_rows(values_only=True))
    assert rows[0] == ("编号", "姓名", "班组", "岗位", "状态", "总分", "等级", "名次", "排名人数", "比上期", "迎客", "续水", "爱护")
    assert rows[1] == ("e1", "张三", "前厅", "茶艺师", "已考核", 95.4, "A 优秀", 2, 5, 7.4, 98.5, 100, 80)
    assert len(rows) == 9
    assert list(book["待办与提示"].iter_rows(min_row=2, max_row=2, values_only=True)) == [("待补数据", "迎客", "§1", "e8", "郑十", "后院")]
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert not [cell for cell in cells if isinstance(cell, str) and ("奖金" in cell or "元" in cell)]
    assert 954 not in cells
