"""Accounts: passwords told once, changed before anything else; rights over units from a day to a day; only for the administrator."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from kaohe_web.audit.models import Content
from kaohe_web.people import accounts
from kaohe_web.people.models import Grant, Person, Right, Unit, User
from kaohe_web.people.standing import standing_of
from kaohe_web.site.refusals import Forbidden, Refused

OWN = "own-words-2026-x"


def admin() -> User:
    return User.objects.get(username="admin")


def newcomer() -> Person:
    return Person.objects.create(number="KF0901", name="新人", email="new@example.com")


def test_a_one_time_password_is_shown_once_and_kept_nowhere(company, signed_in):
    newcomer()
    page = signed_in("admin").post("/accounts/open/", {"person": "KF0901"}).content.decode()
    (password,) = re.findall(r"<td class=\"bold keep code\">([\w-]+)</td>", page)
    user = User.objects.get(username="KF0901")
    assert user.check_password(password)
    assert user.must_change_password
    assert password not in str(list(Content.objects.values("before", "after", "reason")))
    assert password not in signed_in("admin").get(f"/accounts/{user.id}/").content.decode()


def test_whoever_signs_in_with_it_changes_it_first(company):
    opened = accounts.open_account(admin(), "", newcomer())
    client = Client()
    client.post("/sign-in/", {"login": "KF0901", "password": opened.password})
    assert client.get("/cards/").url == "/account/password/"
    answer = client.post("/account/password/", {"oldpassword": opened.password, "password1": OWN, "password2": OWN})
    assert answer.url == "/"
    assert client.get("/").status_code == 200
    assert not User.objects.get(username="KF0901").must_change_password
    assert Content.objects.filter(entry__action="account.own", about="KF0901").count() == 1


def test_a_short_password_is_refused_in_the_language_of_the_page(company):
    opened = accounts.open_account(admin(), "", newcomer())
    client = Client()
    client.force_login(opened.user, backend="django.contrib.auth.backends.ModelBackend")
    told = client.post("/account/password/", {"oldpassword": opened.password, "password1": "x1", "password2": "x1"}).content.decode()
    assert "密码至少要12个字符。" in told


def test_everybody_without_an_account_gets_one_and_the_second_time_nobody(company):
    newcomer()
    Person.objects.create(number="KF0902", name="走了", left_on=date(2020, 1, 1))
    people = list(Person.objects.filter(number__startswith="KF09"))
    assert [one.user.username for one in accounts.open_accounts(admin(), people)] == ["KF0901", "KF0902"]
    assert accounts.open_accounts(admin(), people) == []


def test_those_who_left_are_not_among_those_without_an_account(company, signed_in):
    newcomer()
    Person.objects.create(number="KF0902", name="走了", left_on=date(2020, 1, 1))
    page = signed_in("admin").post("/accounts/open-all/").content.decode()
    assert "KF0901" in page
    assert "KF0902" not in page


def test_a_right_reaches_a_unit_and_its_parts_until_it_ends(company):
    user, service = User.objects.get(username="KF0110"), Unit.objects.get(code="CS")
    made = accounts.grant(admin(), user, Right.HR, service, date(2026, 1, 1), None)
    assert standing_of(user).covers(Unit.objects.get(code="CS-R").id, Right.HR)
    assert not standing_of(user).covers(Unit.objects.get(code="GM").id, Right.HR)
    accounts.end_grant(admin(), made, timezone.localdate() - timezone.timedelta(days=1))
    assert not standing_of(user).has(Right.HR)


def test_the_same_right_is_not_granted_twice(company):
    with pytest.raises(Refused, match="there already"):
        accounts.grant(admin(), User.objects.get(username="hr"), Right.HR, None, timezone.localdate(), None)


def test_one_administrator_always_stays(company):
    held = Grant.objects.get(user=admin(), right=Right.ADMIN)
    with pytest.raises(Refused, match="One administrator must stay"):
        accounts.end_grant(admin(), held, date(2026, 1, 1))
    with pytest.raises(Refused, match="own account"):
        accounts.enable(admin(), admin(), False)


def test_who_is_disabled_does_not_sign_in(company, password):
    accounts.enable(admin(), User.objects.get(username="agent"), False)
    client = Client()
    answer = client.post("/sign-in/", {"login": "agent", "password": password}, follow=True)
    assert answer.status_code == 200
    assert client.get("/").status_code == 302


def test_nobody_but_the_administrator_sees_or_changes_accounts(company, signed_in):
    user = User.objects.get(username="agent")
    for name in ("hr", "lead", "agent", "auditor"):
        client = signed_in(name)
        assert [client.get(path).status_code for path in ("/accounts/", f"/accounts/{user.id}/")] == [404, 404]
        assert client.post(f"/accounts/{user.id}/password/").status_code == 404
        assert client.post("/accounts/open-all/").status_code == 404
        assert client.post("/accounts/open/", {"person": "没有这人"}).status_code == 404
    with pytest.raises(Forbidden):
        accounts.grant(company.user("hr"), user, Right.ADMIN, None, timezone.localdate(), None)


@pytest.mark.parametrize(
    "path", ["/account/", "/account/password/", "/account/codes/generate/", "/account/activate/", "/account/sure/", "/sign-out/"]
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_ones_own_account_stands_in_our_frame(company, signed_in, path, language):
    client = signed_in("agent")
    client.cookies["kaohe_language"] = language
    answer = client.get(path, follow=True)
    assert answer.status_code == 200
    assert '<main id="main" class="page">' in answer.content.decode()
