"""Schemes: forty to take in, own ones with every problem by its line, versions as regulations, two compared in plain words."""

from __future__ import annotations

from io import BytesIO

import pytest

from kaohe_web.engine.regulation import differences, library_text, shelves
from kaohe_web.library.models import SchemeVersion
from kaohe_web.schemes.actions import take
from kaohe_web.site.refusals import Forbidden

OWN = """scheme: tea-house
name: 茶馆考核 | Tea house
version: 1
period: month
scale: 100
items:
  greeting: {name: 迎客 | Greeting, weight: 60, clause: §1, rating: {raters: {lead: 主管 | Lead}, allowed: 0..100}}
  refill: {name: 续水 | Refill, weight: 40, clause: §2, rating: {raters: {lead: 主管 | Lead}, allowed: 0..100}}
total: {is: weighted sum}
"""


def test_the_library_holds_forty_and_is_searched_by_names_and_items(company, signed_in):
    assert len(shelves()) == 40
    hr = signed_in("hr")
    assert hr.get("/schemes/").content.decode().count("/take/") == 39
    found = hr.get("/schemes/?q=受理 目标").content.decode()
    assert "guoan-reception-goals" in found
    assert "taobao-shop-cs" not in found


def test_taking_in_twice_makes_one_version(company, signed_in):
    hr = signed_in("hr")
    first = hr.post("/schemes/library/everbright-csr/take/").url
    assert hr.post("/schemes/library/everbright-csr/take/").url == first
    assert SchemeVersion.objects.filter(scheme__code="everbright-csr").count() == 1
    assert hr.get("/schemes/library/everbright-csr/").url == first.partition("?")[0]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_version_is_shown_as_the_regulation_that_people_sign(company, signed_in, language):
    hr, version = signed_in("hr"), SchemeVersion.objects.get(scheme__code="guoan-cs")
    hr.cookies["kaohe_language"] = language
    page = hr.get(f"/schemes/versions/{version.id}/").content.decode()
    wanted = ("第一章", "创新力", "〔通则") if language == "zh" else ("Innovation", "Drawn up by")
    assert all(words in page for words in wanted)
    assert "<script>" not in page
    assert hr.get(f"/schemes/versions/{version.id}/paper/?both=1").content.startswith(b"%PDF")


def test_an_own_scheme_is_taken_in_from_a_file_or_a_text(company, signed_in):
    hr = signed_in("hr")
    file = BytesIO(OWN.encode())
    file.name = "scheme.yaml"
    assert "taken=1" in hr.post("/schemes/upload/", {"file": file}).url
    assert hr.post("/schemes/upload/", {"text": OWN.replace("60", "70").replace("40", "30")}).status_code == 302
    assert list(SchemeVersion.objects.filter(scheme__code="tea-house").order_by("number").values_list("number", flat=True)) == [1, 2]


def test_every_problem_is_told_by_its_line_and_the_text_stays(company, signed_in):
    broken = OWN.replace("period: month", "period: mnoth").replace("weight: 40", "weigth: 40")
    answer = signed_in("hr").post("/schemes/upload/", {"text": broken})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<td class="num">4</td>' in page
    assert '<td class="num">8</td>' in page
    assert "period: mnoth" in page
    assert not SchemeVersion.objects.filter(scheme__code="tea-house").exists()


def test_what_is_no_text_is_refused(company, signed_in):
    file = BytesIO(b"\xff\xfe\x00")
    file.name = "scheme.yaml"
    assert "UTF-8" in signed_in("hr").post("/schemes/upload/", {"file": file}).content.decode()
    assert "选一个文件" in signed_in("hr").post("/schemes/upload/", {"text": " "}).content.decode()


def test_two_versions_are_told_apart_in_plain_words(company, signed_in):
    other = OWN.replace("weight: 60", "weight: 70").replace("weight: 40", "weight: 30")
    told = [one for _, changes in differences(OWN, other) for one in changes]
    assert any("70" in one.zh and "60" in one.zh for one in told)
    assert differences(OWN, OWN + "\n# a remark\n") == []
    hr = signed_in("hr")
    for text in (OWN, other):
        hr.post("/schemes/upload/", {"text": text})
    old, new = SchemeVersion.objects.filter(scheme__code="tea-house").order_by("number")
    page = hr.get(f"/schemes/compare/?old={old.id}&new={new.id}").content.decode()
    assert "迎客" in page
    assert "第2版与第1版的变化" in page


def test_agents_read_the_scheme_of_their_rounds_and_no_other(company, signed_in):
    agent, hr = signed_in("agent"), company.user("hr")
    own = SchemeVersion.objects.get(scheme__code="guoan-cs")
    other, _ = take(hr, library_text("taobao-shop-cs"))
    assert agent.get(f"/schemes/versions/{own.id}/").status_code == 200
    assert agent.get(f"/schemes/versions/{other.id}/").status_code == 404
    assert [agent.get(path).status_code for path in ("/schemes/", "/schemes/new/", f"/schemes/versions/{own.id}/text/")] == [404] * 3


def test_nobody_but_hr_takes_schemes_in(company, signed_in):
    for user in ("auditor", "lead", "manager", "finance"):
        assert signed_in(user).post("/schemes/library/everbright-csr/take/").status_code == 404
        assert signed_in(user).post("/schemes/upload/", {"text": OWN}).status_code == 404
    with pytest.raises(Forbidden):
        take(company.user("auditor"), OWN)
