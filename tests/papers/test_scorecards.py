"""Scorecards on paper: the same figures as the results, nothing final that is not, and nothing that one may not see."""

from __future__ import annotations

import re

import pytest

from kaohe.papers.earlier import look_back
from kaohe.papers.scorecards import scorecards_data, typeset_scorecards

LONG = "欧阳司马上官诸葛慕容尉迟公孙轩辕令狐钟离宇文长孙的很长很长很长的名字也不能被截断掉"
THREE = """
period: {start: 2026-03-01, end: 2026-03-31}
people:
  - {id: e1, name: 张三, role: waiter, team: 前厅, base: 1000}
  - {id: e2, name: 李四, role: waiter, team: 前厅, base: 1000}
  - {id: e3, name: 王五, role: waiter, team: 前厅, base: 500}
  - {id: e4, name: 赵六, role: waiter, team: 后院, base: 500}
values:
  e1: {seconds: 45, greeted: 98.5%}
  e2: {seconds: 130, greeted: 0.7}
  e3: {seconds: 90, greeted: 0.6}
  e4: {seconds: 90, greeted: 0.6}
"""


def many_items(count, name="指标名称"):
    """A scheme of so many items that are added up, and one person who has them all."""
    items = "\n".join(f"  i{n}: {{name: {name}{n} | Item {n}, points: 4, clause: §{n}, is: v{n}}}" for n in range(count))
    values = "\n".join(f"  v{n}: {{is: points 0..4, name: 第{n}个数值 | Figure {n}}}" for n in range(count))
    scheme = (
        f"scheme: many\nname: 多项考核 | Many items\nperiod: month\nvalues:\n{values}\nitems:\n{items}\ntotal: {{is: sum, clause: §99}}\n"
    )
    scheme += f"grades: {{clause: §98, rows: {{A: {{from: {3 * count}}}, B: {{else: yes}}}}}}\n"
    cells = ", ".join(f"v{n}: 3.5" for n in range(count))
    facts = (
        f"period: {{start: 2026-03-01, end: 2026-03-31}}\npeople: [{{id: e1, name: {LONG}, role: agent}}]\nvalues: {{e1: {{{cells}}}}}\n"
    )
    return {"scheme": scheme, "facts": facts}


# --- the figures ----------------------------------------------------------------------------------


def test_a_card_shows_total_grade_rank_and_every_item_with_its_share(house):
    (page,) = house.card("e1")
    for words in ("张三", "最终结果", "95.4", "A优秀", "总分≥90", "2/5", "第1页，共1页", "被考核人", "直接主管", "部门负责人"):
        assert words in page.words
    for row in ("迎客迎客率98.5%§198.540%39.4", "续水续水秒数45，低于60§2100.040%40.0", "爱护打碎茶具1次，−20§380.020%16.0"):
        assert row in page.words
    assert "总分§4100%95.4" in page.words


def test_a_card_is_written_in_english_too(house):
    (page,) = house.card("e2", language="en")
    for words in ("Scorecard", "Final", "C To improve", "total < 75", "Employee", "Page 1 of 1", "March 2026", "What B Good takes"):
        assert words in page.text
    chinese = {letter for letter in page.text if "\u4e00" <= letter <= "\u9fff"}
    assert chinese <= set("李四前厅湖心亭茶馆")  # what the facts and the company say in Chinese


def test_figures_without_an_end_are_cut_for_the_eye_and_the_exact_one_stands_beside(house):
    (page,) = house.card("e3")
    assert "70.6667" in page.words
    assert "精确值212/3" in page.words
    assert "小数最多显示四位，相加用精确值" in page.words


def test_a_total_just_short_of_an_edge_is_not_shown_as_if_it_had_reached_it(house):
    facts = THREE.replace("greeted: 98.5%", "greeted: 74999999/100000000")  # 0.4 × 74.999999 + 40 + 20
    (page,) = house.card("e1", facts=facts)
    assert "89.9999996" in page.words
    assert "90.0000" not in page.words


def test_how_it_was_added_up_is_told_where_more_than_the_items_made_the_total(house):
    scheme = house.scheme.replace("{is: weighted sum,", "{is: weighted sum, then: score - 7, cap: 80,").replace("from: 90", "from: 80")
    (page,) = house.card("e1", scheme=scheme)
    assert "各项相加95.4加减或折算后88.4总分不超过80§4100%80" in page.words


def test_the_end_at_which_a_formula_holds_the_total_is_told(house):
    told = "{is: weighted sum, then: 'min(score, 70) if seconds < 60 else max(score, 90)',"
    scheme = house.scheme.replace("{is: weighted sum,", told)
    (low,) = house.card("e1", scheme=scheme)
    assert "各项相加95.4总分续水秒数45<60；不超过70§4100%70" in low.words
    (high,) = house.card("e3", scheme=scheme, language="en")
    assert "notbelow90" in high.words


def test_what_the_next_grade_takes_stands_on_the_card(house):
    (page,) = house.card("e2")
    assert "到“B良好”还差多少" in page.words
    assert "总分须达到75，现为36，还差39" in page.words
    assert "续水续水秒数：130→59.9976" in page.words  # the total that it gives: 76


def test_without_searching_the_score_that_would_do_is_told(house):
    (page,) = house.card("e2", ways=False)
    assert "续水得分达到97.5（现0）75" in page.words


def test_earlier_totals_make_a_trend(house):
    paper = house.round()
    back = look_back(paper.plan, paper.results.facts, [])
    (page,) = house.card("e1", back=back)
    for words in ("历期总分", "91.5", "88.0", "2026-01", "2026-02", "2026-03"):
        assert words in page.words


def test_actions_and_notes_stand_with_their_clauses(house):
    (page,) = house.card("e2")
    assert "措施绩效面谈§8提示续水偏慢§8" in page.words


# --- what is not final ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_incomplete_card_has_no_total_grade_or_money_and_says_loudly_that_it_is_not_final(house, language):
    (page,) = house.card("e8", language=language, money=True)
    loud = {
        "zh": ("暂计", "这不是最终成绩", "还缺：迎客", "补齐之前不出总分、等级、名次、金额"),
        "en": ("Not final", "This is no final result", "owed: Greeting"),
    }
    for words in loud[language]:
        assert "".join(words.split()) in page.words
    assert max(high - low for _, (_, low, _, high) in page.boxes) > 60  # the word behind everything
    assert {"zh": "44至84", "en": "44to84"}[language] in page.words
    assert not re.search(r"¥|最终结果|被考核人|Employee", page.words)


def test_a_provisional_round_says_so_on_every_card_and_nobody_signs(house):
    (page,) = house.card("e1", provisional=True)
    assert page.words.count("暂计") >= 4  # the band, the total twice, the foot
    assert "这不是最终成绩" in page.words
    assert "被考核人" not in page.words


def test_who_is_not_appraised_has_no_figures_but_the_reason(house):
    (page,) = house.card("e7", money=True)
    assert "不考核整月休假" in page.words
    assert "奖金整月休假§950.00" in page.words
    assert "总分" not in page.words


# --- what one may see -----------------------------------------------------------------------------


def test_money_stands_on_a_card_only_where_it_was_asked_for(house):
    (with_money,), (without,) = house.card("e1", money=True), house.card("e1")
    assert "奖金1000×95.4÷100§7.1954.00" in with_money.words
    assert "954" not in without.words
    assert "奖金" not in without.words
    assert "¥" not in without.words


def test_nobody_else_is_named_on_a_card(house):
    (page,) = house.card("e1")
    assert "前厅5人的总分分布" in page.words
    assert not [name for name in ("李四", "王五", "赵六", "孙七") if name in page.words]


def test_fewer_than_five_make_no_distribution(house):
    (page,) = house.card("e1", facts=THREE)
    assert "总分分布" not in page.words


def test_a_team_of_fewer_than_five_is_compared_with_all_of_the_same_form(house):
    (page,) = house.card("e6")
    assert "6人的总分分布" in page.words


# --- the sheet ------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 12, 20, 26])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_up_to_26_items_and_a_very_long_name_fit_on_one_page(house, count, language):
    (page,) = house.card("e1", language=language, **many_items(count))
    assert LONG in page.words
    assert page.words.count("3.54") == count  # 3.5 of 4
    assert page.outside() == []
    assert page.overlaps() == []


def test_more_items_go_on_to_a_second_page_with_the_headings_again(house):
    first, second = house.card("e1", **many_items(60))
    assert "第1页，共2页" in first.words
    assert "第2页，共2页" in second.words
    assert "指标依据得分" in second.words
    assert "总分" in second.words
    assert "被考核人" in second.words
    assert "被考核人" not in first.words
    assert [page.outside() for page in (first, second)] == [[], []]


def test_a_very_long_item_name_is_broken_and_not_cut(house):
    name = "投诉处理及时率与客户回访满意度以及跨部门协作响应的综合评价"
    (page,) = house.card("e1", **many_items(3, name))
    assert f"{name}2" in page.words
    assert page.overlaps() == []


def test_each_card_of_one_document_counts_its_own_pages(house, pages):
    paper = house.round()
    document = pages(typeset_scorecards(scorecards_data(paper, ["e1", "e8", "e7"])))
    assert ["第1页，共1页" in page.words for page in document] == [True] * 3
    assert [("张三" in page.words, "郑十" in page.words, "吴九" in page.words) for page in document] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]


def test_where_one_card_of_a_document_takes_two_pages_each_still_counts_its_own(house, pages):
    paper = house.round()
    data = scorecards_data(paper, ["e1", "e8"])
    long = scorecards_data(house.round(**many_items(60)), ["e1"])
    document = pages(typeset_scorecards({**data, "cards": [data["cards"][0], long["cards"][0], data["cards"][1]]}))
    assert [re.search("第.页，共.页", page.words)[0] for page in document] == [
        "第1页，共1页",
        "第1页，共2页",
        "第2页，共2页",
        "第1页，共1页",
    ]


def test_room_for_remarks_stands_where_the_page_has_some_left(house):
    (short,) = house.card("e1", **many_items(8))
    (full,) = house.card("e1", **many_items(36))
    assert "面谈记录" in short.words
    assert "面谈记录" not in full.words


def test_a_card_is_dated_by_the_day_up_to_which_the_facts_were_known(house):
    document = typeset_scorecards(scorecards_data(house.round(), ["e1"]))
    assert re.findall(rb"/CreationDate\(D:(\d{8})", document) == [b"20260331"]
