"""The library of indicators, from the shell."""

from __future__ import annotations

import pytest
import yaml

from kaohe.indicators import read_library

EVERY = read_library().indicators


def ids_told(said):
    return [line.split()[0] for line in said.out.splitlines() if line.split() and line.split()[0] in read_library().by_id]


def test_all_are_listed_with_how_many_there_are(house):
    said = house.run("indicators")
    assert said.code == 0, said.err
    assert ids_told(said) == [one.id for one in EVERY]
    assert f"{len(EVERY)} of the library's {len(EVERY)} indicators" in said.out


@pytest.mark.parametrize(
    ("language", "words"), [("zh", ("满意率", "客户", "百分比", "↑")), ("en", ("Satisfied share", "Customer", "share (%)", "↑"))]
)
def test_the_list_speaks_either_language(house, language, words):
    said = house.run("indicators", "satisfied", "--theme", "satisfaction", "--lang", language)
    [line] = [line for line in said.out.splitlines() if line.split()[:1] == ["satisfied_share"]]
    assert [word for word in words if word not in line] == []


def test_a_text_is_looked_for_in_both_languages(house):
    assert ids_told(house.run("indicators", "首次响应"))[0] == "first_reply_seconds"
    assert ids_told(house.run("indicators", "first", "reply", "time"))[0] == "first_reply_seconds"
    assert ids_told(house.run("indicators", "３分钟"))[0] == "human_reply_within_3_minutes_share"


def test_filters_narrow_the_list(house):
    said = house.run("indicators", "--perspective", "financial", "--role", "manager", "--entered", "--json")
    found = said.data["indicators"]
    assert {one["perspective"] for one in found} == {"financial"}
    assert {one["fed_by"] for one in found} == {"entered"}
    assert all("manager" in one["roles"] for one in found)
    measured = house.run("indicators", "--theme", "quality", "--measured", "--json").data["indicators"]
    assert {one["theme"] for one in measured} == {"quality"}
    assert "entered" not in {one["fed_by"] for one in measured}


def test_a_cycle_narrows_the_list(house):
    yearly = house.run("indicators", "--cycle", "year", "--json").data["indicators"]
    assert {one["id"] for one in yearly} == {one.id for one in EVERY if "year" in one.cycle}


def test_lists_and_new_schemes_tell_their_balance(house):
    chosen = ("customer_churn_rate", "paid_amount", "satisfied_share", "exam_score")
    said = house.run("indicators", *chosen, "--scheme", "balanced")
    assert "Financial 1 · Customer 2 · Learning and growth 1" in said.err
    assert "客户 14" in house.run("indicators", "--theme", "satisfaction", "--lang", "zh").out


def test_what_is_not_found_is_said_with_what_is_near(house):
    said = house.run("indicators", "satisfied_shar")
    assert said.code == 0
    assert "satisfied_share" in house.run("indicators", "satisfied_shar", "--lang", "zh").out + said.out
    nothing = house.run("indicators", "fist_reply_seconds")
    assert "0 of the library's" in nothing.out
    assert "did you mean first_reply_seconds?" in nothing.err


def test_a_narrow_screen_keeps_ids_and_names_whole(house, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    said = house.run("indicators", "reply")
    assert max(len(line) for line in said.out.splitlines()) <= 80
    assert "first_reply_seconds_from_assignment" in ids_told(said)


def test_an_id_shows_the_whole_card(house):
    said = house.run("indicators", "customer_churn_rate", "--lang", "zh")
    for words in (
        "客户流失率",
        "流失客户数 ÷ 客户总数",
        "越低越好",
        "月、年",
        "市场部、客服部",
        "customers_lost",
        "达成率",
        "口径就不能同比",
    ):
        assert words in said.out, words
    assert "--snippet" in said.err


def test_several_ids_show_several_cards_in_the_order_asked(house):
    said = house.run("indicators", "occupancy", "late_days")
    assert said.out.index("Occupancy  occupancy") < said.out.index("Days late  late_days")
    assert [one["id"] for one in house.run("indicators", "occupancy", "late_days", "--json").data["indicators"]] == [
        "occupancy",
        "late_days",
    ]


def test_a_card_as_json_has_every_field_in_both_languages(house):
    card = house.run("indicators", "satisfied_share", "--json").data
    for key in ("name", "definition", "formula", "source", "usual", "theme_name", "counted_in"):
        assert set(card[key]) == {"zh", "en"}
    assert (card["unit"], card["direction"], card["perspective"], card["fed_by"]) == ("ratio", "higher", "customer", "satisfied_share")
    assert card["scored"] == {
        "rule": "line",
        "full": "9/10",
        "zero": "7/10",
        "zh": "线性：90% 及以上满分，70% 及以下零分，中间按直线",
        "en": "On a line: full points from 90% up, none from 70% down, a straight line in between",
    }


def test_a_snippet_is_ready_to_paste(house):
    said = house.run("indicators", "satisfied_share", "late_days", "--snippet")
    tree = yaml.safe_load(said.out)
    assert list(tree) == ["config", "values", "must", "items"]
    assert list(tree["items"]) == ["satisfied_share", "late_days"]
    assert "通常值，请按本公司改" in said.out
    scheme = house.write("pasted.yaml", "scheme: pasted\nname: 贴 | Pasted\nperiod: month\ntotal: {is: sum, clause: §1}\n" + said.out)
    assert house.run("check", scheme).code == 0


def test_a_scheme_of_chosen_indicators_is_accepted_and_can_be_filled_and_scored(house):
    path = house.folder / "new" / "my-scheme.yaml"
    chosen = ("first_reply_seconds", "satisfied_share", "exam_score")
    said = house.run("indicators", *chosen, "--scheme", "my-scheme", "--name", "客服考核 | Service appraisal", "-o", path)
    assert said.code == 0, said.err
    assert str(path) in said.err
    checked = house.run("check", path, "--json").data["schemes"][0]
    assert (checked["ok"], checked["id"], checked["zh"], checked["items"], checked["period"]) == (True, "my-scheme", "客服考核", 3, "month")
    assert house.run("template", path, "-o", house.folder / "facts.xlsx").code == 0
    facts = house.write(
        "filled.yaml",
        "period: {start: 2026-03-01, end: 2026-03-31}\npeople: [{id: e1, name: 张三}]\n"
        "values: {e1: {first_reply_seconds: 75, satisfied_share: 80%, exam_score: 80}}\n",
    )
    [card] = house.run("score", path, facts, "--json").data["subjects"]
    assert (card["items"]["first_reply_seconds"]["exact"], card["items"]["satisfied_share"]["exact"], card["total"]["exact"]) == (
        "50",
        "50",
        "60",
    )


def test_a_scheme_may_take_all_that_a_filter_leaves(house):
    said = house.run("indicators", "--theme", "after_sales", "--role", "field_engineer", "--scheme", "field-service")
    tree = yaml.safe_load(said.out)
    assert set(tree["items"]) == {one.id for one in EVERY if one.theme == "after_sales" and "field_engineer" in one.roles}


def test_a_file_that_is_there_is_not_replaced_unasked(house):
    path = house.write("mine.yaml", "hours of work")
    said = house.run("indicators", "late_days", "--scheme", "mine", "-o", path)
    assert (said.code, "C012" in said.err) == (1, True)
    assert house.run("indicators", "late_days", "--scheme", "mine", "-o", path, "--force").code == 0
    assert "hours of work" not in (house.folder / "mine.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("satisfied_shar", "--snippet"), "I010"),
        (("satisfied_share", "nonesuch", "--scheme", "mine"), "I010"),
        (("--theme", "resolutoin"), "I011"),
        (("talk_seconds_mean", "--scheme", "mine"), "I012"),
        (("satisfied_share", "--role", "inspector", "--scheme", "mine"), "I014"),
        (("satisfied_share", "--role", "inspector", "--snippet"), "I014"),
        (("satisfied_share", "--theme", "satisfactoin", "--snippet"), "I011"),
        (("late_days", "certified_share", "--scheme", "mine"), "I013"),
        (("late_days", "--scheme", "My Scheme"), "S003"),
    ],
)
def test_what_cannot_be_is_told_with_a_code(house, words, code):
    said = house.run("indicators", *words)
    assert said.code == 1
    assert code in said.err
    assert [problem["code"] for problem in house.run("indicators", *words, "--json").data["problems"]][:1] == [code]


def test_a_period_may_be_said(house):
    said = house.run("indicators", "late_days", "certified_share", "--scheme", "mine", "--period", "quarter")
    assert yaml.safe_load(said.out)["period"] == "quarter"


def test_an_unknown_perspective_is_wrong_usage(house):
    assert house.run("indicators", "--perspective", "customers").code == 2


SOURCES = """
company_zone: Asia/Shanghai
sources:
  surveys:
    name: 评价 | Surveys
    subject: account
    columns:
      account: {from: account, needed: true}
      answered_at: {from: answered_at, type: datetime}
      score: {from: score, type: number}
  inspections:
    name: 质检 | Inspections
    subject: account
    columns:
      inspection_id: {from: inspection_id, needed: true}
      account: {from: account, needed: true}
      inspected_at: {from: inspected_at, type: datetime}
      points: {from: points, type: number}
      possible: {from: possible, type: number}
      weight: {from: weight, type: number}
      applicable: {from: applicable, type: yes_no}
      passed: {from: passed, type: yes_no}
      critical: {from: critical}
      sampled: {from: sampled}
      section: {from: section}
"""
SURVEYS = "account,answered_at,score\n" + "".join(
    f"e1,2026-03-{day:02} 10:00,{score}\n" for day, score in enumerate((5, 4, 5, 3, 5), start=1)
)
INSPECTIONS = (
    "inspection_id,account,inspected_at,points,possible,weight,applicable,passed,critical,sampled,section\n"
    "i1,e1,2026-03-02 09:00,8,10,1,yes,yes,,random,opening\n"
    "i1,e1,2026-03-02 09:00,5,10,1,yes,no,,random,answer\n"
    "i1,e1,2026-03-02 09:00,0,10,1,no,no,,random,closing\n"
)


def test_what_presets_measure_goes_into_a_new_scheme_as_it_is(house):
    """4 of 5 satisfied is half way from 70% to 90%; 13 of 20 points are 65; 75 was entered: (50 + 65 + 75) / 3."""
    scheme = house.folder / "scheme.yaml"
    chosen = ("satisfied_share", "qa_score_points", "exam_score")
    assert house.run("indicators", *chosen, "--scheme", "measured", "-o", scheme).code == 0
    sources, surveys, inspections = (
        house.write("sources.yaml", SOURCES),
        house.write("surveys.csv", SURVEYS),
        house.write("inspections.csv", INSPECTIONS),
    )
    measures = house.write(
        "measures.yaml", "measures:\n  satisfied_share: {preset: satisfied_share@1}\n  qa_score_points: {preset: qa_score_points@1}\n"
    )
    facts = house.folder / "facts"
    files = (f"surveys={surveys}", f"inspections={inspections}")
    measured = house.run("measure", sources, measures, *files, "--period", "2026-03", "-w", house.folder / "workspace", "-o", facts)
    assert measured.code == 0, measured.err + measured.out
    house.write("facts/people.csv", "id,name\ne1,张三\n")
    house.write("facts/values.csv", "subject,exam_score\ne1,75\n")
    [card] = house.run("score", scheme, facts, "--json").data["subjects"]
    assert {id: item["exact"] for id, item in card["items"].items()} == {
        "satisfied_share": "50",
        "qa_score_points": "65",
        "exam_score": "75",
    }
    assert card["total"]["exact"] == "190/3"
