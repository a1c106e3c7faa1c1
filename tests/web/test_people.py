"""People come from a workbook: the difference is shown first, taken in once, and dated; each change goes on record."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from kaohe_web.audit.models import Content, Entry
from kaohe_web.engine.tables import read_table
from kaohe_web.people import actions
from kaohe_web.people.models import Attribute, Grant, Person, Posting, Right, Unit
from kaohe_web.people.standing import standing_of
from kaohe_web.site.refusals import Forbidden, Refused
from kaohe_web.staff.importing import import_people
from kaohe_web.staff.reading import KINDS, difference
from kaohe_web.staff.words import company_words

SINCE = date(2026, 11, 1)
HEAD = "工号,姓名,组/部门,上级部门,岗位,入职,离职,季度绩效薪资\n"
MOVED = "KF0101,陈雨桐,技术服务组,,受理岗位,,,3400\n"
LEFT = "KF0102,,,,,,2026-10-31,\n"
SAME = "KF0002,周倩,受理服务组,客户服务部,受理服务组主管,2023-05-01,,4800\n"
NEW = "KF0601,新一人,投诉组,客户服务部,受理岗位,2026-11-02,,3200\n"
RAISED = "KF0103,,,,,,,3300\n"


def table(rows: str):
    return read_table("人员.csv", (HEAD + rows).encode())


def compared(company, rows: str, user: str = "hr"):
    return difference(standing_of(company.user(user)), table(rows), SINCE, company_words())


def taken(company, rows: str):
    return import_people(company.user("hr"), table(rows), SINCE, company_words())


def test_each_row_is_new_moved_left_changed_or_unchanged(company):
    found = compared(company, MOVED + LEFT + SAME + NEW + RAISED)
    assert found.problems == []
    assert dict(found.counts) == dict.fromkeys(KINDS, 1)
    assert found.new_units == {"投诉组": "客户服务部"}
    assert [(one.what, one.before, one.after) for one in found.of("moved")[0].changes] == [
        ("任职", "受理服务组 受理岗位", "技术服务组 受理岗位"),
        ("季度绩效薪资", "3200", "3400"),
    ]


def test_looking_changes_nothing(company):
    before = (Person.objects.count(), Posting.objects.count(), Unit.objects.count(), Entry.objects.count())
    compared(company, MOVED + LEFT + NEW)
    assert (Person.objects.count(), Posting.objects.count(), Unit.objects.count(), Entry.objects.count()) == before


def test_what_changes_is_dated_and_what_was_stays_readable(company):
    taken(company, MOVED + LEFT + NEW)
    moved = Person.objects.get(number="KF0101")
    assert [(one.unit.name, one.since, one.until) for one in moved.postings.order_by("since")] == [
        ("受理服务组", date(2023, 5, 1), date(2026, 10, 31)),
        ("技术服务组", SINCE, None),
    ]
    pay = Attribute.objects.filter(person=moved, key="performance_pay").order_by("since")
    assert [(one.text, one.until) for one in pay] == [("3200", date(2026, 10, 31)), ("3400", None)]
    left = Person.objects.get(number="KF0102")
    assert (left.left_on, left.postings.get().until) == (date(2026, 10, 31), date(2026, 10, 31))
    new = Person.objects.get(number="KF0601")
    assert (new.postings.get().unit.parent.name, new.postings.get().since) == ("客户服务部", date(2026, 11, 2))


def test_the_same_workbook_twice_changes_nothing(company):
    rows = MOVED + LEFT + SAME + NEW + RAISED
    taken(company, rows)
    entries = Entry.objects.count()
    again = taken(company, rows)
    assert {kind: count for kind, count in again.counts if count} == {"same": 5}
    assert Entry.objects.count() == entries


def test_every_wrong_row_is_told_by_its_number_and_nothing_is_taken(company):
    rows = "KF0101,陈雨桐,,,,2026-13-01,,\n,谁,投诉组,客户服务部,受理岗位,,,\nKF0601,新一人,,,,,,\nKF0601,又一人,,,,,,\nKF0103,,,,,,2020-01-01,\n"
    with pytest.raises(Refused) as refused:
        taken(company, rows)
    told = [zh for zh, _ in refused.value.reasons]
    assert told == [
        "第2行：“入职”写的“2026-13-01”不是日期。",
        "第3行：没有写工号。",
        "第4行：新人没有写“组/部门”。",
        "第4行：新人没有写“岗位”。",
        "第5行：工号与第4行重复。",
        "第6行：离职早于入职。",
    ]
    assert not Person.objects.filter(number="KF0601").exists()


def test_a_sheet_without_numbers_is_no_list_of_people(company):
    found = difference(standing_of(company.user("hr")), read_table("x.csv", "谁\n张三\n".encode()), SINCE, company_words())
    assert [zh for _, zh, _ in found.problems] == ["缺“工号”这一列。", "缺“姓名”这一列。"]


def test_units_that_would_belong_to_themselves_are_told(company):
    found = compared(company, "KF0601,甲,一组,二组,受理岗位,2026-11-02,,\nKF0602,乙,二组,一组,受理岗位,2026-11-02,,\n")
    assert any("绕了一圈" in zh for _, zh, _ in found.problems)


def test_hr_of_one_department_takes_in_nobody_of_another(company):
    user = company.user("lead2")
    Grant.objects.create(user=user, right=Right.HR, unit=Unit.objects.get(code="CS-T"), since=date(2026, 1, 1))
    found = compared(company, SAME + "KF0201,,大客户组,,,,,\n", "lead2")
    assert [row for row, zh, _ in found.problems if "不在您负责的部门" in zh] == [2, 3]


def test_an_upload_is_shown_then_taken_in_by_one_act(company, signed_in):
    hr = signed_in("hr")
    file = BytesIO((HEAD + MOVED + NEW).encode("gbk"))
    file.name = "人员.csv"
    shown = hr.post("/people/import/upload/", {"file": file, "since": "2026-11-01"})
    page = hr.get(shown.url).content.decode()
    assert "新一人" in page
    assert not Person.objects.filter(number="KF0601").exists()
    hr.post(shown.url.partition("?")[0] + "apply/", {"since": "2026-11-01"})
    assert Person.objects.get(number="KF0601").name == "新一人"


def test_the_workbook_of_everybody_says_what_is_known_already(company, signed_in):
    book = signed_in("hr").get("/people/workbook/?people=1").content
    found = difference(standing_of(company.user("hr")), read_table("人员.xlsx", book), SINCE, company_words())
    assert (found.problems, found.changes_anything) == ([], False)
    assert dict(found.counts)["same"] == Person.objects.count()


def test_money_in_a_workbook_is_money_in_the_record(company):
    taken(company, RAISED + "KF0104,马大强,,,,,,\n")
    kept = {one.about: one.money for one in Content.objects.filter(entry__action="person.import")}
    assert kept == {"KF0103": True, "KF0104": False}


# --- one person -----------------------------------------------------------------------------------


def test_a_new_post_ends_the_one_before(company):
    person = Person.objects.get(number="KF0110")
    actions.post(company.user("hr"), person, Unit.objects.get(code="CS-K"), "key_account_rep", date(2026, 12, 1))
    assert [one.until for one in person.postings.order_by("since")] == [date(2026, 11, 30), None]


def test_correcting_takes_a_reason_and_no_overlap(company):
    hr, person = company.user("hr"), Person.objects.get(number="KF0110")
    later = actions.post(hr, person, Unit.objects.get(code="CS-K"), "key_account_rep", date(2026, 12, 1))
    with pytest.raises(Refused, match="takes a reason"):
        actions.correct_posting(hr, later, later.unit, later.role, date(2026, 12, 2), None, " ")
    with pytest.raises(Refused, match="overlap"):
        actions.correct_posting(hr, later, later.unit, later.role, date(2026, 11, 2), None, "错了")
    actions.correct_posting(hr, later, later.unit, later.role, date(2026, 12, 2), None, "写错一天")
    assert Content.objects.filter(entry__action="posting.correct").get().reason == "写错一天"


def test_the_page_changes_posts_and_attributes(company, signed_in):
    hr, person = signed_in("hr"), Person.objects.get(number="KF0110")
    posting = person.postings.get()
    assert person.name in hr.get(f"/people/{person.id}/").content.decode()
    hr.post(f"/people/{person.id}/posts/{posting.id}/end/", {"until": "2026-11-30"})
    hr.post(f"/people/{person.id}/attribute/", {"key": "季度绩效薪资", "text": "3300", "since": "2026-11-01"})
    assert person.postings.get().until == date(2026, 11, 30)
    assert [one.text for one in person.attributes.filter(key="performance_pay").order_by("since")] == ["3200", "3300"]


def test_people_are_found_by_name_unit_and_state_in_the_address(company, signed_in):
    hr, team = signed_in("hr"), Unit.objects.get(code="CS-K")
    listed = hr.get(f"/people/?unit={team.id}").content.decode()
    assert "KF0301" in listed
    assert "KF0110" not in listed
    assert "KF0110" in hr.get("/people/?name=KF0110&sort=name").content.decode()
    assert "KF0110" not in hr.get("/people/?state=left").content.decode()


def test_the_list_asks_the_database_as_often_for_forty_as_for_ten(company, signed_in, django_assert_max_num_queries):
    hr = signed_in("hr")
    with django_assert_max_num_queries(16):
        hr.get("/people/")


def test_the_auditor_reads_people_and_changes_nobody(company, signed_in):
    person = Person.objects.get(number="KF0110")
    auditor = signed_in("auditor")
    assert auditor.get(f"/people/{person.id}/").status_code == 200
    posting = person.postings.get()
    for path in ("change/", "post/", "attribute/", f"posts/{posting.id}/end/"):
        assert auditor.post(f"/people/{person.id}/{path}").status_code == 404
    assert auditor.post("/people/add/").status_code == 404
    with pytest.raises(Forbidden):
        actions.change_person(company.user("auditor"), person, "别人", "", None, None)


def test_leads_and_agents_have_no_list_of_people(company, signed_in):
    person = Person.objects.get(number="KF0110")
    for user in ("lead", "agent", "manager", "finance"):
        client = signed_in(user)
        assert [client.get(path).status_code for path in ("/people/", f"/people/{person.id}/", "/people/workbook/", "/people/import/")] == [
            404
        ] * 4
