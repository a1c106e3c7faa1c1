"""The rating grid under the hands: keys rate and move, a pasted column is shown before it is written, a phone has one person a screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

GRID = "/rate/3/work_standardization/"


@pytest.fixture
def lead(on_sqlite):
    with on_sqlite.sits("lead") as desk:
        page = desk.go(GRID)
        yield page
        for subject in ("KF0109", "KF0110", "KF0111", "KF0112", "KF0113"):
            page.locator(f"[data-row={subject}] td.keep b").click()
            page.keyboard.press("Delete")
            expect(page.locator(f"[data-row={subject}] [data-open]")).to_be_visible()


def scores(page: Page, *subjects: str) -> list[str]:
    found = []
    for subject in subjects:
        chosen = page.locator(f"[data-row={subject}] .marks input:checked")
        found.append(chosen.get_attribute("value") if chosen.count() else "")
    return found


def current(page: Page) -> str | None:
    return page.locator("tr.on").get_attribute("data-row")


def settle(page: Page, done: int) -> None:
    expect(page.locator(".progress [data-done]")).to_have_text(str(done))


def test_a_digit_rates_and_moves_down_and_arrows_enter_and_delete_do_what_the_page_says(lead):
    assert current(lead) == "KF0109"
    for key in ("5", "1", "0"):
        lead.keyboard.press(key)
    settle(lead, 11)
    assert current(lead) == "KF0112"
    assert scores(lead, "KF0109", "KF0110", "KF0111") == ["0.5", "1", "0"]
    lead.keyboard.press("ArrowUp")
    lead.keyboard.press("Delete")
    settle(lead, 10)
    lead.keyboard.press("ArrowUp")
    lead.keyboard.press("Enter")
    assert current(lead) == "KF0111"
    lead.keyboard.press("ArrowRight")
    lead.keyboard.press("ArrowRight")
    settle(lead, 11)
    assert scores(lead, "KF0111") == ["0.5"]
    lead.wait_for_load_state("networkidle")
    lead.reload()
    assert scores(lead, "KF0109", "KF0110", "KF0111") == ["0.5", "1", "0.5"]


def test_leaving_while_a_rating_is_on_its_way_loses_nothing(lead):
    here = lead.url
    for key in ("1", "5", "0"):
        lead.keyboard.press(key)
    lead.goto(here.partition("/rate/")[0] + "/")
    lead.wait_for_timeout(1500)
    lead.goto(here)
    assert scores(lead, "KF0109", "KF0110", "KF0111") == ["1", "0.5", "0"]


def test_what_is_saved_is_said_and_submitting_waits_with_its_reason(lead):
    lead.keyboard.press("1")
    settle(lead, 9)
    expect(lead.locator("[data-saved-word]")).to_contain_text("已自动保存")
    expect(lead.locator("[data-word]")).to_have_text("还有9人未评")
    expect(lead.locator("[data-submit]")).to_be_disabled()
    expect(lead.locator("[data-why]")).to_have_text("评完18人后可以提交")


def test_a_pasted_column_is_read_line_by_line_before_anything_is_written(lead):
    lead.get_by_role("button", name="粘贴一列").click()
    lead.locator("[data-paste-text]").fill("1\n.5\n\n2\n０\n")
    rows = lead.locator("[data-paste-rows] tr")
    assert [row.locator("td").nth(3).inner_text() for row in rows.all()] == ["评 1", "评 0.5", "空，不改", "不在可评的分数里", "评 0"]
    settle(lead, 8)
    lead.locator("[data-paste-apply]").click()
    settle(lead, 11)
    assert scores(lead, "KF0109", "KF0110", "KF0111", "KF0112", "KF0113") == ["1", "0.5", "", "", "0"]


def test_two_columns_find_their_people_by_number_or_name(lead):
    name = lead.locator("[data-row=KF0110]").get_attribute("data-name")
    lead.get_by_role("button", name="粘贴一列").click()
    lead.locator("[data-paste-text]").fill(f"KF0112\t1\n{name}\t0.5\n没有的人\t1")
    expect(lead.locator("[data-paste-told]")).to_have_text("将评2人 · 1行读不懂，不会写入")
    lead.locator("[data-paste-apply]").click()
    settle(lead, 10)
    assert scores(lead, "KF0110", "KF0112") == ["0.5", "1"]


def test_when_the_answer_is_none_of_ours_the_row_says_that_it_was_not_saved(lead):
    lead.route("**/save/", lambda route: route.fulfill(status=200, body="<!doctype html>sign in"))
    lead.keyboard.press("1")
    expect(lead.locator("[data-row=KF0109] [data-wrong]")).to_be_visible()
    expect(lead.locator("[data-problems]")).to_contain_text("没有存上")
    lead.unroute("**/save/")


def test_a_phone_shows_one_person_with_big_choices_and_goes_on_to_the_next(on_sqlite):
    with on_sqlite.sits("lead", phone=True) as desk:
        page = desk.go(GRID)
        expect(page.locator("[data-one] .who")).to_be_visible()
        box = page.locator("[data-one] .pick").first.bounding_box()
        assert box is not None
        assert box["height"] >= 48
        page.locator("[data-one] .pick").first.click()
        expect(page.locator("[data-one] [data-given]")).to_be_visible()
        first = page.locator("[data-one] .who").inner_text()
        desk.click("保存，下一个未评")
        assert page.locator("[data-one] .who").inner_text() != first
    with on_sqlite.sits("lead") as desk:
        page = desk.go(f"{GRID}?person=KF0109")
        page.keyboard.press("Delete")
        settle(page, 8)
