"""A draft asks about what a cell leaves open, builds in what is answered, and writes a scheme that says where each number stands."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kaohe.cases import read_cases, run_case
from kaohe.drafting.drafts import Answers, draft_of, with_answer
from kaohe.drafting.families import FAMILIES
from kaohe.drafting.rows import ItemRow, Sheet, Typed
from kaohe.reading import plan_of_text
from tests.drafting.comparing import Entry, entries

HERE = Path(__file__).parent
UNITS = {"ratio": "%", "seconds": "秒", "minutes": "分钟", "hours": "小时", "days": "天", "yuan": "元", "points": "分", "count": "次"}
TYPED = {"target": "95%", "full": "10", "who_rates": "主管", "event": "违规"}


def asked(draft):
    return [question.id for question in draft.questions]


def item_of(draft):
    """The item as the scheme has it."""
    return yaml.safe_load(draft.scheme())["items"]["指标"]


# --- what is asked, and what an answer does ------------------------------------------------------------


def test_what_is_clear_is_not_asked_about(drafted):
    draft = drafted("≥95%得20分，≥90%得10分，<90%得0分", weight="20", unit="%")
    assert asked(draft) == []
    assert item_of(draft)["tiers"] == [{"from": "95%", "points": 20}, {"from": "90%", "points": 10}, {"else": 0}]


@pytest.mark.parametrize(("answer", "edge"), [("upper", "from"), ("lower", "above")])
def test_an_edge_that_two_bands_claim_goes_where_the_answer_says(drafted, answer, edge):
    phrase = "90分-95分得8分，95-100分得10分，90分以下0分"
    draft = drafted(phrase, weight="10", unit="分")
    assert asked(draft) == ["指标.shared_edge_95"]
    assert [choice.means.zh for choice in draft.questions[0].choices] == ["95 得 10 分", "95 得 8 分"]
    settled = drafted(phrase, {"指标.shared_edge_95": answer}, weight="10", unit="分")
    assert item_of(settled)["tiers"][0] == {edge: 95, "points": 10}


def test_a_gap_gets_the_points_that_are_answered(drafted):
    phrase = "≥95%得10分，<90%得0分"
    draft = drafted(phrase, weight="10", unit="%")
    assert asked(draft) == ["指标.gap_90%"]
    settled = drafted(phrase, {"指标.gap_90%": "6"}, weight="10", unit="%")
    assert {"from": "90%", "below": "95%", "points": 6} in item_of(settled)["tiers"]


@pytest.mark.parametrize(("answer", "edge"), [("lower", {"from": 90, "points": 10}), ("upper", {"above": 89, "points": 10})])
def test_decimals_between_whole_numbers_go_with_the_band_that_is_answered(drafted, answer, edge):
    draft = drafted("90-100得10分，80-89得8分，80以下0分", {"指标.decimals_90": answer}, weight="10", unit="分")
    assert item_of(draft)["tiers"][0] == edge


def test_where_taking_ends_is_asked_and_not_guessed(drafted):
    draft = drafted("每出现一次扣3分", full="10")
    assert asked(draft) == ["指标.floor"]
    assert item_of(drafted("每出现一次扣3分", {"指标.floor": "4"}, full="10"))["floor"] == 4
    assert "floor" not in item_of(drafted("每出现一次扣3分", {"指标.floor": "none"}, full="10"))


@pytest.mark.parametrize(
    ("answer", "formula"),
    [
        ("none", "10 - max(0, 95% - 指标_值) / 1%"),
        ("down", "10 - floor_of(max(0, 95% - 指标_值) / 1%)"),
        ("up", "10 - (-floor_of(-(max(0, 95% - 指标_值) / 1%)))"),
    ],
)
def test_a_part_of_a_step_counts_as_answered(drafted, answer, formula):
    draft = drafted("每低1%扣1分，扣完为止", {"指标.step": answer}, full="10", unit="%", target="≥95%")
    assert item_of(draft)["is"] == formula


def test_an_answer_stays_when_another_one_has_the_cell_read_again(drafted):
    answers = {"scale": "written", "指标.step": "down", "指标.floor": "0"}
    draft = drafted("每低1%扣1分", answers, weight="20%", unit="%", target="≥95%")
    assert "floor_of" in item_of(draft)["is"]
    assert item_of(draft)["floor"] == 0


@pytest.mark.parametrize(
    ("answer", "then", "full"),
    [("written", None, 20), ("hundred", "score * 20 / 100", 100)],
)
def test_whether_points_are_of_the_total_or_of_a_hundred_is_asked(drafted, answer, then, full):
    draft = drafted("每次扣5分，扣完为止", {"scale": answer}, weight="20%")
    assert item_of(draft)["full"] == full
    assert item_of(draft).get("then") == then


def test_a_cell_that_gives_less_than_the_weight_is_asked_about(drafted):
    phrase = ">99%为1分；>97%为0.5分；其余0分"
    assert asked(drafted(phrase, weight="20%", unit="%")) == ["scale"]
    assert item_of(drafted(phrase, {"scale": "best"}, weight="20%", unit="%"))["then"] == "score * 20 / 1"


def test_a_hundred_points_under_a_weight_are_weighted(drafted):
    draft = drafted("主管打分，0-100分", weight="20%")
    assert asked(draft) == []
    assert item_of(draft)["then"] == "score * 20 / 100"


def test_what_was_not_understood_may_be_said_in_other_words(drafted):
    draft = drafted("工作要认真", weight="10", unit="次")
    assert asked(draft) == ["指标.meaning"]
    settled = drafted("工作要认真", {"指标.meaning": "每次差错扣2分，扣完为止"}, full="10")
    assert item_of(settled)["per_event"] == {"差错": -2}


def test_what_was_not_understood_may_be_rated(drafted):
    draft = drafted("工作要认真", {"指标.meaning": "rated", "指标.who_rates": "主管、同事"}, full="10")
    assert item_of(draft)["rating"] == {"allowed": "0..10", "raters": {"主管": "主管", "同事": "同事"}, "mean": "by relation"}


def test_what_is_written_by_hand_is_left_as_a_comment(drafted):
    typed = [{"name": "指标", "standard": "工作要认真"}, {"name": "接通率", "standard": "≥95%得10分，否则0分", "unit": "%"}]
    rows = [ItemRow(n, {kind: Typed(text, f"B{n}") for kind, text in row.items()}) for n, row in enumerate(typed, start=2)]
    draft = draft_of(Sheet("kpi.xlsx", items=rows), Answers({"指标.meaning": "by_hand"}, period="month"))
    assert "#   B2  工作要认真" in draft.scheme()
    assert list(yaml.safe_load(draft.scheme())["items"]) == ["接通率"]


def test_points_that_people_enter_are_a_value(drafted):
    draft = drafted("工作要认真", {"指标.meaning": "entered"}, full="10")
    assert item_of(draft)["is"] == "指标_分"
    assert "指标_分: {is: points 0..10" in draft.scheme()


def test_a_veto_without_a_scope_asks_what_it_takes(drafted):
    draft = drafted("每次扣2分，扣完为止；重大投诉一票否决", full="10")
    assert asked(draft) == ["指标.meaning"]
    assert (
        item_of(drafted("每次扣2分，扣完为止；重大投诉一票否决", {"指标.meaning": "item"}, full="10"))["then"]
        == "0 if any(重大投诉) else score"
    )
    total = drafted("每次扣2分，扣完为止；重大投诉一票否决", {"指标.meaning": "total"}, full="10")
    assert yaml.safe_load(total.scheme())["total"]["then"] == "0 if any(重大投诉) else score"


def test_weights_that_do_not_come_to_the_row_of_totals_are_asked_about():
    rows = [ItemRow(2, {"name": Typed("接通率", "A2"), "weight": Typed("20%", "B2"), "standard": Typed("≥95%得20分，否则0分", "C2")})]
    draft = draft_of(Sheet("kpi.xlsx", items=rows, total=Typed("100%", "B3")), Answers(period="month"))
    assert [(question.id, question.ask.zh) for question in draft.questions] == [("weights", "各项合计 20，合计行是 100，照此计分吗？")]


@pytest.mark.parametrize(("title", "period"), [("客服月度考核表", "month"), ("2026年第一季度考核", "quarter"), ("周考核", "week")])
def test_the_period_is_taken_from_the_title(title, period):
    assert draft_of(Sheet("kpi.xlsx", titles=[title]), Answers()).period == period


def test_a_period_that_nobody_told_is_asked():
    assert asked(draft_of(Sheet("kpi.xlsx", titles=["客服考核表"]), Answers())) == ["period"]


# --- refused -------------------------------------------------------------------------------------------


def test_an_answer_that_is_none_of_the_choices_is_refused(drafted):
    draft = drafted("每出现一次扣3分", {"指标.floor": "看情况"}, full="10")
    assert [(problem.code, problem.found["name"]) for problem in draft.problems] == [("W005", "指标.floor")]


def test_an_answer_to_nothing_is_refused(drafted):
    draft = drafted("每出现一次扣3分", {"指标.flor": "0"}, full="10")
    assert [problem.code for problem in draft.problems] == ["W004"]


# --- every phrase that is known ---------------------------------------------------------------------------


def _finished(entry: Entry, last: bool):
    """The draft of a phrase with every question answered: by the first choice, or by the last."""
    given = entry.get("given", {})
    cells = {"name": Typed("指标", "A2"), "standard": Typed(str(entry["phrase"]), "B2")}
    cells |= {kind: Typed(given[kind], "C2") for kind in ("full", "weight", "target") if kind in given}
    cells |= {"unit": Typed(UNITS[given["unit"]], "D2")} if given.get("unit") in UNITS else {}
    sheet, answers = Sheet("kpi.xlsx", "表", items=[ItemRow(2, cells)]), Answers(period="month")
    for _ in range(30):
        draft = draft_of(sheet, answers)
        assert not draft.problems
        if not draft.questions:
            return draft
        question = draft.questions[0]
        kind = question.id.rpartition(".")[2]
        end = -1 if last and kind != "meaning" else 0
        answers = with_answer(answers, question.id, question.choices[end].key if question.choices else TYPED[kind])
    raise AssertionError("the questions never end")


@pytest.mark.parametrize("entry", [pytest.param(entry, id=str(entry["id"])) for entry in entries(HERE / "phrases.yaml")])
def test_any_phrase_with_its_questions_answered_becomes_a_scheme_that_compiles(entry):
    for last in (False, True) if entry["asks"] else (False,):
        assert plan_of_text(_finished(entry, last).scheme()).scheme.scheme == "kpi"


def test_there_is_a_family_for_every_manner_of_speaking_in_the_corpus():
    assert {family.id for family in FAMILIES} == {str(entry["family"]) for entry in entries(HERE / "phrases.yaml")}


# --- the example ---------------------------------------------------------------------------------------


EXAMPLE = HERE.parents[1] / "examples" / "appraisal-sheet"


def test_the_cases_of_the_example_come_out_as_worked_by_hand():
    plan = plan_of_text((EXAMPLE / "scheme.yaml").read_text(encoding="utf-8"))
    cases = read_cases(EXAMPLE / "cases.yaml").cases
    assert [run_case(plan, case).differences for case in cases] == [(), ()]
