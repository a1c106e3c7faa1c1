"""How each part of the scheme language is told: one sentence a construct, in the words of the trade."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kaohe.regulations import draft
from kaohe.rules import rules
from tests.regulations.conftest import words_of

FACTS = """
words:
  answer: {cold: {number: 0, name: 冷淡 | Cold}, warm: {number: 1, name: 热情 | Warm}}
people:
  hired_on: {is: date optional, name: 入职日期 | Hired on}
  team: {is: text optional, name: 班组 | Team}
values:
  connect: {is: ratio, name: 接通率 | Connect rate}
  wait: {is: seconds 0.., name: 等候时长 | Wait}
  own: {is: points 0..100, name: 本人得分 | Own score}
  team_score: {is: points 0..100, name: 同组得分 | Team score}
  sales: {is: yuan 0.., name: 销售额 | Sales}
  target: {is: yuan above 0, name: 销售目标 | Target}
events:
  late: {name: 迟到 | Late, columns: {minutes: {is: minutes 0.., name: 分钟 | Minutes}, excused: {is: yes_no default no, name: 已请假 | Excused}, points: {is: points 0.., name: 分值 | Points}}}
  survey: {name: 回访 | Survey, columns: {answer: {is: answer, name: 满意程度 | Answer}}}
groups:
  mates: {others_of: team, name: 同组其他人 | The others of the team}
  everybody: {all: yes, name: 全体 | Everybody}
"""


def item(tell, body: str, language: str = "zh", more: str = "") -> list[str]:
    """How one item is told."""
    phrases = tell(f"{FACTS}{more}\nitems: {{x: {{name: 甲 | X, clause: §1, {body}}}}}\ntotal: {{is: sum, clause: §2}}\n", language)
    return phrases.item("x", phrases.scheme.items["x"])


def formula(tell, text: str, language: str = "zh") -> str:
    """How one formula is told, without the name of the result."""
    (told,) = item(tell, f'is: "{text}"', language)
    return told.removeprefix("得分＝").removeprefix("Score = ")


def condition(tell, text: str, language: str = "zh") -> str:
    """How one condition is told."""
    phrases = tell(
        f'{FACTS}\nitems: {{x: {{name: 甲 | X, clause: §1, is: own}}}}\ntotal: {{is: sum, clause: §2}}\nactions: {{a: {{name: 乙, when: "{text}"}}}}\n',
        language,
    )
    return phrases.condition(text, "action.a")


# --- formulas -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("40% * own + 60% * team_score", "40%×本人得分＋60%×同组得分", "40% × Own score + 60% × Team score"),
        ("own - (team_score - 5)", "本人得分－（同组得分－5）", "Own score − (Team score − 5)"),
        ("100 * sales / target", "100×销售额÷销售目标", "100 × Sales ÷ Target"),
        ("100 * (sales / target)", "100×销售额÷销售目标", "100 × Sales ÷ Target"),
        ("sales / (target / 2)", "销售额÷（销售目标÷2）", "Sales ÷ (Target ÷ 2)"),
        ("-2 * (own + 1)", "－2×（本人得分＋1）", "−2 × (Own score + 1)"),
        ("min(100, own)", "本人得分，最高100", "Own score, at most 100"),
        ("max(0, own - 60) / 2", "（本人得分－60，最低0）÷2", "(Own score − 60, at least 0) ÷ 2"),
        ("min(own, team_score)", "本人得分与同组得分中较小者", "the smaller of Own score and Team score"),
        ("mean(own, team_score)", "本人得分、同组得分的平均值", "the mean of Own score and Team score"),
        ("mean_given(own, team_score)", "本人得分、同组得分中有数据者的平均值", "the mean of those given of Own score and Team score"),
        ("first(own, 0)", "本人得分，没有时取0", "Own score, or 0 where there is none"),
        ("floor_of(own / 10)", "（本人得分÷10）舍去小数取整", "(Own score ÷ 10) rounded down to a whole number"),
        ("months_between(hired_on, end)", "入职日期到期末的整月数", "whole months from Hired on to Period's end"),
        ("count(late)", "“迟到”次数", 'number of "Late" records'),
        ("count(late, minutes > 10)", "“迟到”（分钟高于10分钟）次数", 'number of "Late" records (where Minutes is above 10 minutes)'),
        ("sum(late.minutes, not excused)", "“迟到”（“已请假”为否）分钟合计", 'sum of Minutes in "Late" records (where "Excused" is no)'),
        ("100 * mean(survey.answer)", "100×“回访”满意程度的分值平均值", '100 × (mean of number of Answer in "Survey" records)'),
        ("mean(own, over=mates)", "“同组其他人”的本人得分平均值", 'mean of Own score over "The others of the team"'),
        (
            "100 * share(own >= 60, over=everybody)",
            "100×（“全体”中本人得分达到60分者所占比例）",
            '100 × (share of "Everybody" for whom Own score is at least 60 points)',
        ),
    ],
)
def test_a_formula_has_names_for_ids_and_words_for_functions(tell, text, zh, en):
    assert (formula(tell, text), formula(tell, text, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("wait < 60", "等候时长低于60秒", "Wait is below 60 seconds"),
        ("60 <= wait < 300", "等候时长达到60秒且低于300秒", "Wait is at least 60 seconds and below 300 seconds"),
        ("not (connect >= 95%)", "接通率低于95%", "Connect rate is below 95%"),
        ("hired_on > start", "入职日期晚于期初", "Hired on is after Period's start"),
        ("role == waiter", "岗位为茶博士", "Role is Waiter"),
        ("not (role in [waiter, lead])", "岗位不是茶博士或领班", "Role is not Waiter or Lead"),
        ("any(late) and not given(hired_on)", "有“迟到”，且没有入职日期", 'there are "Late" records and Hired on is not given'),
        ("not any(late, excused)", "没有“迟到”（“已请假”为是）", 'there are no "Late" records (where "Excused" is yes)'),
        (
            "(own > 1 or team_score > 2) and wait < 3",
            "（本人得分高于1分，或同组得分高于2分），且等候时长低于3秒",
            "(Own score is above 1 point or Team score is above 2 points) and Wait is below 3 seconds",
        ),
        ("item.x < 80", "“甲”得分低于80分", "score of X is below 80 points"),
        ("total < 60", "总分低于60分", "Total is below 60 points"),
    ],
)
def test_a_condition_is_told_as_one_says_it(tell, text, zh, en):
    assert (condition(tell, text), condition(tell, text, "en")) == (zh, en)


# --- rules --------------------------------------------------------------------------------------


def test_bands_are_told_with_both_edges_and_the_rest(tell):
    body = "by: connect, tiers: [{above: 99%, points: 1}, {above: 97%, points: 0.5}, {else: 0}]"
    assert item(tell, body) == ["按接通率分档：", "· 高于99%，得1分", "· 高于97%、不超过99%，得0.5分", "· 其余，得0分"]
    assert item(tell, body, "en") == [
        "By bands of Connect rate:",
        "· above 99%: 1 point",
        "· above 97% and at most 99%: 0.5 points",
        "· otherwise: 0 points",
    ]


def test_a_line_is_told_by_its_points_with_their_unit(tell):
    assert item(tell, "by: wait, line: {60: 100, 300: 0}")[1:] == ["· 60秒，得100分", "· 300秒，得0分"]


def test_deductions_are_told_for_each_record_and_for_those_that_count_once(tell):
    body = "full: 100, per_event: {late: {points: -5, where: not excused}}, once: {survey: 2}, floor: 0, cap: 100"
    assert item(tell, body) == [
        "起始100分，按记录加减：",
        "· “迟到”（“已请假”为否）：每次扣5分",
        "· “回访”：有一次即加2分，多次只计一次",
        "最低0分，最高100分",
    ]


def test_points_written_with_the_record_are_told_by_their_column(tell):
    assert item(tell, "per_event: {late: -points}")[1] == "· “迟到”：每次按“分值”扣分"
    assert item(tell, "per_event: {late: -2 * minutes}")[1] == "· “迟到”：每次扣（2×分钟）分"
    assert item(tell, "per_event: {late: -2 * minutes}", "en")[1] == '· "Late": minus 2 × Minutes each'


def test_a_table_over_each_record_is_told_within_its_line(tell):
    body = "per_event: {late: {by: minutes, tiers: [{up_to: 5, points: -1}, {else: -10}]}}"
    assert item(tell, body)[1] == "· “迟到”：按分钟，不超过5分钟，扣1分；其余，扣10分"


def test_a_rating_tells_who_scores_on_which_scale_and_how_scores_become_one(tell):
    body = "rating: {allowed: 0..100, raters: {lead: 领班 | Lead, peer: 同事 | Peer}, all_of: [lead], mean: {lead: 60%, peer: 40%}, absent_share: {peer: lead}}"
    assert item(tell, body) == [
        "由领班、同事评分",
        "· 评分范围：0–100分",
        "· 各方平均后加权：领班 60%、同事 40%",
        "· 必须评分：领班",
        "· 同事未评的，其占比并入领班",
    ]


def test_a_choice_is_told_way_by_way(tell):
    assert item(tell, 'is: "0 if any(late) else (50 if own < 60 else 100)"') == [
        "得分：",
        "· 若有“迟到”，得0分",
        "· 若本人得分低于60分，得50分",
        "· 否则得100分",
    ]


def test_a_way_within_a_way_stands_beside_it(tell):
    told = item(tell, 'is: "(1 if own > 90 else 2) if any(late) else 3"')
    assert told[1:] == ["· 若有“迟到”，且本人得分高于90分，得1分", "· 若有“迟到”，得2分", "· 否则得3分"]


def test_places_are_told_with_what_each_gives_and_the_gate(tell):
    told = item(tell, "places: {by: sales, among: everybody, points: {1: 3, 2: 2}, only: sales > 0}")
    assert told == [
        "在“全体”中按销售额由高到低排名，并列的同取较好名次：",
        "· 第1名，得3分",
        "· 第2名，得2分",
        "· 其余名次不得分",
        "· 须销售额高于0元，否则不得名次分",
    ]


def test_what_follows_a_rule_is_told_after_it(tell):
    body = 'is: own, then: 5 * score / 100, plus: ["5 if not any(late) else 0"], round: 0.1, if_none: spread, reported: {to: 0.01, only: endless}, in_total: no'
    assert item(tell, body) == [
        "得分＝本人得分",
        "再换算，得分＝5×上述得分÷100",
        "另：若没有“迟到”，加5分；否则不加不扣",
        "四舍五入到0.1",
        "无数据时不计，权重分给其他指标",
        "除不尽的，报告时四舍五入到0.01",
        "单独计算，不并入各项合计",
    ]


def test_what_an_item_puts_into_a_named_rule_is_told_in_its_place(tell):
    told = item(tell, "rule: to_target, figure: sales, goal: target", more="\nrules: {to_target: {is: 100 * figure / goal, cap: 100}}")
    assert told == ["得分＝100×销售额÷销售目标", "最高100分"]


def test_the_mean_of_choices_is_told_record_by_record(tell):
    told = item(tell, 'is: "mean((100 if late.minutes <= 5 else 0), not excused)"')
    assert told == ["“迟到”逐条计，取平均值：", "· 若分钟不超过5分钟，得100分", "· 否则得0分", "· 只计“已请假”为否的"]


def test_a_rule_of_a_company_that_has_no_words_is_told_by_its_name_and_settings(tell, monkeypatch):
    phrases = tell(
        f"{FACTS}\nitems: {{x: {{name: 甲, clause: §1, story: {{rule: steps@1, settings: {{order: [late]}}}}, unit: points}}}}\ntotal: {{is: own, clause: §2}}\n"
    )
    silent = {**rules(), "steps@1": replace(rules()["steps@1"], describe=None)}
    monkeypatch.setattr("kaohe.phrasing.bodies.rules", lambda: silent)
    assert phrases.item("x", phrases.scheme.items["x"]) == ["按“步骤进度”计算：", "· order：late"]


# --- named figures and what is supplied ---------------------------------------------------------


def test_a_supplied_figure_is_told_apart_from_one_that_is_computed(tell):
    body = f"{FACTS}\nfigures: {{rate: {{name: 接通率 | Connect rate, ratio: {{part: own, whole: team_score, direct: connect, zero: 1}}, clause: §1}}}}\nitems: {{x: {{name: 甲, clause: §1, is: 100 * rate}}}}\ntotal: {{is: sum, clause: §2}}\n"
    assert tell(body).figure("rate") == ["本人得分÷同组得分", "· 有填报的接通率时，以其为准", "· 分母为0时按1计"]


# --- oddities -----------------------------------------------------------------------------------


FINED = """
events: {broken_cup: {name: 打破茶具 | Broken cup}}
items: {x: {name: 甲 | X, clause: §1, is: "100 - 5 * count(broken_cup)", full: 100, floor: 0}}
total: {is: sum, clause: §2}
pay: {round: 0.01, clause: §3, lines: {cups: {name: 茶具扣款 | Fine for cups, is: 20 * count(broken_cup)}}}
accept: {L031: 只扣成本 | the cost alone}
"""


def test_an_oddity_that_the_scheme_keeps_is_told_with_its_reason(tell):
    page = draft(tell(FINED).plan, ("en",))
    (told,) = (text for text in words_of(page) if text.startswith("Kept as it is"))
    assert "“Fine for cups”" in told
    assert told.endswith("[§3]; the reason: the cost alone")
