"""Finding indicators: text in either language, ids, filters."""

from __future__ import annotations

import pytest

from kaohe.indicators import Wanted, find, search
from kaohe.problems import Problems


def ids(found):
    return [one.id for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "迎客",
        "greeted",
        "GREETED",
        "ｇｒｅｅｔｅｄ",
        "greeting_share",
        "greeting share",
        "迎 客",
        "客人 进门",
        "guests door",
        "90%以上",
        "９０％ 以上",
        "常客",
    ],
)
def test_a_text_is_found_whatever_its_language_case_width_and_blanks(tea_house, text):
    assert "greeting_share" in ids(search(tea_house, Wanted(text)))


def test_every_word_must_be_found(tea_house):
    assert ids(search(tea_house, Wanted("茶点 计划"))) == ["target_reached"]
    assert ids(search(tea_house, Wanted("茶点 迎客"))) == []


def test_what_bears_the_words_in_its_name_comes_first(library):
    found = ids(search(library, Wanted("平均响应")))
    assert found[:2] == ["average_reply_seconds", "average_reply_seconds_capped"]
    names_first = ids(search(library, Wanted("退款率")))
    assert set(names_first[:2]) == {"refund_share", "refund_amount_share"}
    assert "recommended_amount" in names_first[2:]


def test_filters_hold_together(tea_house):
    assert ids(search(tea_house, Wanted(perspective="financial"))) == ["target_reached"]
    assert ids(search(tea_house, Wanted(role="agent"))) == ["greeting_share", "broken_cups"]
    assert ids(search(tea_house, Wanted(role="agent", measured=False))) == ["broken_cups"]
    assert ids(search(tea_house, Wanted(theme="trade"))) == ["target_reached"]
    assert ids(search(tea_house, Wanted(cycle="year"))) == ["broken_cups", "target_reached"]
    assert ids(search(tea_house, Wanted("茶", theme="service", measured=True))) == ["greeting_share"]


def test_nothing_asked_is_everything(tea_house):
    assert ids(search(tea_house, Wanted())) == list(tea_house.by_id)


def test_an_unknown_theme_is_told_with_those_there_are(tea_house):
    with pytest.raises(Problems) as caught:
        search(tea_house, Wanted(theme="servic"))
    [problem] = caught.value
    assert (problem.code, problem.about) == ("I011", ("servic",))
    assert "did you mean service?" in problem.sentence("en")
    assert "service, trade" in problem.mend("en")


def test_ids_are_found_in_the_order_asked_each_once(tea_house):
    assert ids(find(tea_house, ["broken_cups", "greeting_share", "broken_cups"])) == ["broken_cups", "greeting_share"]
    assert ids(find(tea_house, ["Broken-Cups"])) == ["broken_cups"]


def test_all_unknown_ids_are_told_at_once(tea_house):
    with pytest.raises(Problems) as caught:
        find(tea_house, ["broken_cup", "greeting_share", "nothing_like_it"])
    assert [(problem.code, problem.about) for problem in caught.value] == [("I010", ("broken_cup",)), ("I010", ("nothing_like_it",))]
    assert "did you mean broken_cups?" in caught.value.problems[0].sentence("en")
