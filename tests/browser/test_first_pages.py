"""Everybody's first page opens, in both languages, at a desk and on a phone, without a word on the console."""

from __future__ import annotations

import re

import pytest

ROLES = ("hr", "lead", "agent", "manager", "boss", "finance", "auditor")


@pytest.mark.parametrize("user", ROLES)
def test_the_first_page_of_each_role_opens(house, user):
    with house.sits(user) as desk:
        desk.go("/")
        assert "待办与进展" in desk.text


@pytest.mark.parametrize("user", ROLES)
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_places_of_each_role_open_in_english(on_sqlite, user, phone):
    with on_sqlite.sits(user, english=True, phone=phone) as desk:
        links = desk.page.eval_on_selector_all("#places a", "links => links.map(link => link.getAttribute('href'))")
        assert links
        for link in links:
            desk.go(link)
            assert chinese_in(desk.text, on_sqlite.entered) == [], f"{link} has Chinese on its English page"


def chinese_in(text: str, entered: frozenset[str]) -> list[str]:
    """Chinese that nobody entered: names of people, units and rounds are as they were written, all else is to be English."""
    for name in sorted(entered, key=len, reverse=True):
        text = text.replace(name, "")
    return re.findall(r"[\u4e00-\u9fff]+", text)


def test_a_wrong_password_is_told_and_signs_nobody_in(on_sqlite, chromium):
    page = chromium.new_page()
    page.goto(f"{on_sqlite.site.url}/sign-in/")
    page.fill("#id_login", "hr")
    page.fill("#id_password", "wrong-password-here")
    page.locator("main button.first").click()
    assert "/sign-in/" in page.url
    assert page.locator(".errorlist").count() == 1
    page.close()
