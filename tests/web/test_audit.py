"""The record of what was done: read by those who may, and proved; whatever is changed, removed, inserted or reordered is found."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from kaohe_web.audit.actions import erase, hash_of, record
from kaohe_web.audit.guards import GUARDS
from kaohe_web.audit.models import Content, Entry
from kaohe_web.audit.queries import filtered, told, verify
from kaohe_web.people.models import Grant, Right, Unit
from kaohe_web.people.standing import standing_of
from kaohe_web.site.guards import remove

pytestmark = pytest.mark.django_db


@pytest.fixture
def unguarded(company):
    """Somebody with the database in hand has taken its guards down."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    remove(connection, GUARDS)


def sql(line, *values):
    with connection.cursor() as cursor:
        cursor.execute(line, values)


def broken():
    return [(number, en) for number, _, en in verify().broken]


# --- proof ----------------------------------------------------------------------------------------


def test_the_sample_companys_record_proves_itself(company):
    proof = verify()
    assert (proof.holds, proof.erased, proof.entries) == (True, [], Entry.objects.count())
    assert verify(proof.head).holds


@pytest.mark.parametrize(
    ("column", "value"),
    [("action", "x"), ("object_id", "999"), ("actor", "0" * 64), ("after", "0" * 64), ("at", "2026-01-01 00:00:00+00:00"), ("round_id", 2)],
)
def test_a_changed_entry_is_found(unguarded, column, value):
    sql(f"UPDATE audit_entry SET {column} = %s WHERE number = 7", value)
    assert (7, "the entry was changed") in broken()


def test_an_entry_changed_and_sealed_anew_breaks_the_one_after_it(unguarded):
    entry = Entry.objects.get(number=7)
    entry.action = "x"
    sql("UPDATE audit_entry SET action = 'x', hash = %s WHERE number = 7", hash_of(entry))
    assert broken() == [(8, "it does not follow the entry before it")]


@pytest.mark.parametrize(
    ("column", "value"),
    [("reason", "x"), ("actor", '{"user": "x"}'), ("after", '{"a": 1}'), ("salt", "0" * 32), ("about", "KF9999"), ("money", True)],
)
def test_a_changed_content_is_found(unguarded, column, value):
    sql(f"UPDATE audit_content SET {column} = %s WHERE entry_id = (SELECT id FROM audit_entry WHERE number = 7)", value)
    assert broken() == [(7, "its content is not what was sealed")]


def test_a_removed_entry_is_found(unguarded):
    sql("DELETE FROM audit_content WHERE entry_id = (SELECT id FROM audit_entry WHERE number = 7)")
    sql("DELETE FROM audit_entry WHERE number = 7")
    assert broken() == [(8, "entry 7 is gone"), (8, "it does not follow the entry before it")]


def test_an_inserted_entry_is_found(unguarded):
    last = Entry.objects.order_by("-number").first()
    sql("UPDATE audit_entry SET number = number + 100000 WHERE number > 7")
    sql("UPDATE audit_entry SET number = number - 99999 WHERE number > 100000")
    seven = Entry.objects.get(number=7)
    forged = Entry(number=8, at=last.at, actor=last.actor, action="x", object_kind="x", object_id="1", previous=seven.hash)
    forged.hash = hash_of(forged)
    forged.save(force_insert=True)
    found = broken()
    assert (9, "it does not follow the entry before it") in found
    assert (9, "the entry was changed") in found


def test_two_entries_in_the_other_order_are_found(unguarded):
    sql("UPDATE audit_entry SET number = 900000 WHERE number = 7")
    sql("UPDATE audit_entry SET number = 7 WHERE number = 8")
    sql("UPDATE audit_entry SET number = 8 WHERE number = 900000")
    assert {number for number, _ in broken()} >= {7, 8, 9}


def test_an_end_that_was_cut_off_is_found_by_the_head_that_was_kept_outside(unguarded):
    head = verify().head
    sql("DELETE FROM audit_content WHERE entry_id = (SELECT id FROM audit_entry ORDER BY number DESC LIMIT 1)")
    sql("DELETE FROM audit_entry WHERE hash = %s", head)
    assert verify().holds
    assert [en for _, _, en in verify(head).broken] == [f"the head kept outside, {head[:12]}…, is not in the chain"]


def test_an_earlier_head_still_stands_in_a_longer_chain(company):
    head = verify().head
    with transaction.atomic():
        record(company.user("hr"), "round.deadlines", company.closed, after={"x": 1})
    proof = verify(head)
    assert (proof.holds, proof.head == head) == (True, False)


def test_a_content_that_vanished_without_an_act_is_found(company):
    Content.objects.filter(entry__number=7).delete()
    assert broken() == [(7, "its content is gone and no act erased it")]


def test_erasing_a_person_removes_what_is_said_of_her_and_names_it(company):
    about = list(Entry.objects.filter(content__about="KF0101").order_by("number").values_list("number", flat=True))
    assert erase(None, "KF0101", "本人申请") == len(about) > 0
    proof = verify()
    assert (proof.holds, proof.erased) == (True, about)
    assert not Content.objects.filter(about="KF0101").exists()
    assert Entry.objects.filter(action="erase").count() == len(about)


# --- at the shell ---------------------------------------------------------------------------------


def test_the_command_proves_and_says_the_head(company, capsys, monkeypatch):
    monkeypatch.setenv("KAOHE_LANG", "en")
    call_command("audit", "verify")
    told = capsys.readouterr().out
    assert f"head {verify().head}" in told
    assert "Whole: nothing was changed, removed or inserted." in told


def test_the_command_fails_where_the_record_does_not_hold(unguarded, capsys):
    sql("UPDATE audit_entry SET action = 'x' WHERE number = 7")
    with pytest.raises(SystemExit) as exit:
        call_command("audit", "verify")
    assert exit.value.code == 1
    assert "有问题：第 7 条，本条被改过" in capsys.readouterr().out


def test_the_command_fails_for_a_head_that_is_not_there(company, capsys):
    with pytest.raises(SystemExit):
        call_command("audit", "verify", "--head", "ab" * 32)
    assert "外部保存的链头 abababababab… 不在链上" in capsys.readouterr().out


def test_the_command_erases_with_a_reason(company, capsys):
    call_command("audit", "erase", "KF0102", "--reason", "离职后申请")
    assert "已删除关于 KF0102 的内容" in capsys.readouterr().out
    call_command("audit", "verify")
    assert "内容已按规定删除" in capsys.readouterr().out


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sees"), [("auditor", 200), ("hr", 200), ("finance", 404), ("lead", 404), ("agent", 404), ("boss", 404), ("admin", 404)]
)
def test_the_record_exists_for_audit_and_hr_alone(signed_in, name, sees):
    client = signed_in(name)
    assert [client.get(path).status_code for path in ("/audit/", "/audit/proof/")] == [sees, sees]


def entries_of(company, name, **asked):
    standing = standing_of(company.user(name))
    return told(standing, list(filtered(standing, asked)[:2000]))


def test_filters_narrow_to_round_person_act_and_day(company):
    assert {one.entry.round_id for one in entries_of(company, "auditor", round=str(company.closed.id))} == {company.closed.id}
    assert {one.entry.action for one in entries_of(company, "auditor", act="round.publish")} == {"round.publish"}
    assert {one.about or one.number for one in entries_of(company, "auditor", person="KF0101")} == {"KF0101"}
    assert entries_of(company, "auditor", day="2020-01-01") == []
    today = Entry.objects.first().at.astimezone().date().isoformat()
    assert len(entries_of(company, "auditor", day=today)) > 0


def test_who_rated_how_is_for_audit_alone(company):
    ratings = entries_of(company, "hr", act="rating.give")
    assert {(one.who, one.about, one.hidden, len(one.said)) for one in ratings} == {("", "", "rater", 0)}
    assert entries_of(company, "hr", act="rating.give", person="KF0102") == []
    audit = entries_of(company, "auditor", act="rating.give", person="KF0102")
    assert len(audit) > 0
    assert {one.hidden for one in audit} == {""}


def test_hr_of_a_department_reads_of_its_rounds_only(company):
    user = company.user("lead")
    Grant.objects.create(user=user, right=Right.HR, unit=Unit.objects.get(code="CS-R"), since="2026-01-01")
    assert entries_of(company, "lead") == []
    Grant.objects.create(user=user, right=Right.HR, unit=Unit.objects.get(code="CS"), since="2026-01-01")
    assert {one.entry.round_id for one in entries_of(company, "lead")} == {company.closed.id, company.published.id, company.collecting.id}


def test_what_is_of_money_is_hidden_without_the_right_to_it(company):
    with transaction.atomic():
        record(company.user("hr"), "person.correct", company.closed, after={"performance_pay": "3200"}, about="KF0101", money=True)
    standing = standing_of(company.user("auditor"))
    assert told(standing, list(filtered(standing, {})[:1]))[0].said[0].after == "3200"
    limited = standing_of(company.user("lead"))
    shown = told(limited, list(Entry.objects.order_by("-number")[:1]))[0]
    assert (shown.hidden, shown.said) == ("money", [])


def test_before_and_after_stand_beside_one_another(company, signed_in):
    page = signed_in("auditor").get(f"/audit/?act=round.publish&round={company.closed.id}").content.decode()
    assert "approved" in page
    assert "confirming" in page


def test_the_proof_page_gives_the_head_and_takes_one_back(company, signed_in):
    client, head = signed_in("auditor"), verify().head
    assert head in client.get("/audit/proof/").content.decode()
    assert "它在链上" in client.get(f"/audit/proof/?head={head}").content.decode()
    assert "不在链上" in client.get(f"/audit/proof/?head={'0' * 63}1").content.decode()
