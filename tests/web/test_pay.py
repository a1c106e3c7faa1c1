"""Pay sheets: what is owed, differences of corrections, six checks, locking, exports that no spreadsheet misreads."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction

from kaohe_web.appeals.models import Appeal
from kaohe_web.audit.models import Entry
from kaohe_web.audit.queries import verify
from kaohe_web.corrections.actions import amend
from kaohe_web.corrections.changes import Change, Kind
from kaohe_web.pay import actions
from kaohe_web.pay.checks import checks_of, is_stale, total_of
from kaohe_web.pay.columns import Column
from kaohe_web.pay.exports import csv_of, workbook_of
from kaohe_web.pay.guards import GUARDS
from kaohe_web.pay.models import PayEntry, PaySheet
from kaohe_web.pay.queries import Row
from kaohe_web.people.models import Unit
from kaohe_web.results.freezing import FrozenError
from kaohe_web.results.models import PayLine
from kaohe_web.rounds.actions import close
from kaohe_web.rounds.blockers import blockers_of
from kaohe_web.sample.afterwards import go_on
from kaohe_web.site.guards import standing
from kaohe_web.site.refusals import Forbidden, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(company):
    return Unit.objects.get(code="CS")


@pytest.fixture
def finance(company):
    return company.user("finance")


@pytest.fixture
def sheet(finance, unit):
    return actions.open_sheet(finance, unit, "2026年7月发放")


@pytest.fixture
def paid(finance, sheet):
    return actions.lock(finance, sheet.id, total_of(sheet))


def better_ratings(round, *subjects):
    """Every half rating of these people becomes a whole one."""
    found = round.ratings.filter(subject__in=subjects, text="1/2")
    return [Change(Kind.RATING, number=one.id, text="1") for one in found]


# --- what is owed ---------------------------------------------------------------------------------


def test_a_sheet_holds_what_published_rounds_pay_and_adds_up(company, sheet):
    frozen = PayLine.objects.filter(result__run__round=company.published, result__run__version=1)
    assert sheet.entries.count() == frozen.count() == 34
    assert total_of(sheet) == sum(line.fen for line in frozen)
    assert {one.kind for one in sheet.entries.all()} == {"due"}
    checks = checks_of(sheet)
    assert len(checks) == 6
    assert [one.zh for one in checks if not one.holds] == []


def test_the_six_checks_write_out_both_sides(sheet):
    told = {one.zh: one.told_zh for one in checks_of(sheet)}
    assert told["人数"] == "在册34 = 计发34 + 不计发0"
    assert told["等级"].endswith("= 34")
    assert told["与冻结结果"] == "90,600.00 = 冻结结果90,600.00 − 以前已发0.00"
    assert told["不重复"] == "34笔 = 34个不同的人与项；别的工资表上重复0笔"


def test_what_stands_on_a_sheet_is_not_owed_twice(finance, unit, sheet):
    with pytest.raises(Refused, match="Nothing is owed"):
        actions.open_sheet(finance, unit, "再来一张")
    actions.lock(finance, sheet.id, total_of(sheet))
    with pytest.raises(Refused, match="Nothing is owed"):
        actions.open_sheet(finance, unit, "再来一张")


def test_a_discarded_sheet_leaves_its_amounts_for_another(finance, unit, sheet):
    with pytest.raises(Refused, match="reason"):
        actions.discard(finance, sheet.id, "")
    actions.discard(finance, sheet.id, "月份写错了")
    assert not PayEntry.objects.filter(sheet__locked_at=None).exists()
    assert actions.open_sheet(finance, unit, "2026年8月发放").entries.count() == 34


def test_a_sheet_may_be_made_of_some_rounds_and_stays_with_them(company, finance, unit, signed_in):
    amend(company.user("hr"), company.closed, better_ratings(company.closed, "KF0110"), "补收")
    sheet = actions.open_sheet(finance, unit, "只发第一季度的差额", {company.closed.id})
    assert {one.result.run.round_id for one in sheet.entries.all()} == {company.closed.id}
    actions.refresh(finance, sheet.id)
    assert {one.result.run.round_id for one in sheet.entries.all()} == {company.closed.id}
    assert actions.open_sheet(finance, unit, "第二季度").entries.count() == 34


def test_the_sample_company_goes_on_to_a_closed_round_a_difference_and_two_appeals(company, finance, unit, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    go_on()
    go_on()
    assert [company.closed.stage, company.published.stage] == ["closed", "confirming"]
    assert Appeal.objects.filter(state="open").count() == 2
    next_one = actions.open_sheet(finance, unit, "7月发放")
    assert {(one.result.subject, one.fen) for one in next_one.entries.filter(kind="difference")} == {("KF0105", 0), ("KF0110", 160000)}
    assert [one.zh for one in checks_of(next_one) if not one.holds] == []


# --- differences ----------------------------------------------------------------------------------


def test_a_correction_leaves_the_difference_for_the_next_sheet(company, finance, unit, paid):
    run = amend(company.user("hr"), company.closed, better_ratings(company.closed, "KF0110", "KF0117"), "评分迟到，补收。")
    next_one = actions.open_sheet(finance, unit, "2026年8月发放")
    told = {one.result.subject: (one.kind, one.paid, one.due, one.fen) for one in next_one.entries.all()}
    assert set(told) == {"KF0110", "KF0117"}
    assert told["KF0110"] == ("difference", 160000, 320000, 160000)
    assert {one.result.run_id for one in next_one.entries.all()} == {run.id}
    assert [one.zh for one in checks_of(next_one) if not one.holds] == []


def test_a_correction_that_changes_no_money_stands_on_the_sheet_as_zero(company, finance, unit, paid, signed_in):
    one = company.closed.ratings.filter(subject="KF0105", text="1/2").first()
    amend(company.user("hr"), company.closed, [Change(Kind.RATING, number=one.id, text="1")], "补收一份")
    next_one = actions.open_sheet(finance, unit, "2026年8月发放")
    assert [(entry.result.subject, entry.fen) for entry in next_one.entries.all()] == [("KF0105", 0)]
    page = signed_in("finance").get(f"/pay/{next_one.id}/").content.decode()
    assert "1笔，其中1笔金额不变" in page
    assert '<td class="num bold">0.00</td>' in page


def test_two_corrections_after_one_another_are_paid_once_each(company, finance, unit, paid):
    hr = company.user("hr")
    amend(hr, company.closed, better_ratings(company.closed, "KF0110"), "第一次")
    second = actions.open_sheet(finance, unit, "8月")
    actions.lock(finance, second.id, total_of(second))
    back = [Change(Kind.RATING, number=one.id, text="0") for one in company.closed.ratings.filter(subject="KF0110", item="innovation")]
    back += [Change(Kind.VALUE, subject="KF0110", key="complaints_resolved", text="1")]
    run = amend(hr, company.closed, back, "第二次")
    third = actions.open_sheet(finance, unit, "9月")
    due = PayLine.objects.get(result__run=run, result__subject="KF0110").fen
    entry = third.entries.get(result__subject="KF0110")
    assert (entry.paid, entry.due, entry.fen) == (320000, due, due - 320000)
    assert entry.fen < 0
    assert sum(one.fen for one in PayEntry.objects.filter(result__run__round=company.closed, result__subject="KF0110")) == due


def test_a_sheet_that_was_overtaken_by_a_correction_is_not_locked_before_it_is_brought_up_to_date(company, finance, sheet):
    amend(company.user("hr"), company.published, better_ratings(company.published, "KF0111"), "补收")
    assert is_stale(sheet)
    assert [one.zh for one in checks_of(sheet) if not one.holds] == ["与冻结结果"]
    with pytest.raises(Refused, match="newer version"):
        actions.lock(finance, sheet.id, total_of(sheet))
    actions.refresh(finance, sheet.id)
    assert not is_stale(sheet)
    assert actions.lock(finance, sheet.id, total_of(sheet)).locked_by == finance


# --- locking --------------------------------------------------------------------------------------


def test_nobody_but_finance_locks_and_only_in_the_sum_that_was_seen(company, finance, sheet):
    for name in ("hr", "auditor", "boss", "lead"):
        with pytest.raises(Forbidden):
            actions.lock(company.user(name), sheet.id, total_of(sheet))
    with pytest.raises(Refused, match="not what you saw"):
        actions.lock(finance, sheet.id, total_of(sheet) - 1)


def test_a_sheet_that_does_not_add_up_is_not_locked(finance, sheet):
    entry = sheet.entries.first()
    PayEntry.objects.filter(pk=entry.pk).update(fen=entry.fen + 100, due=entry.due + 100)
    wrong = {one.zh for one in checks_of(sheet) if not one.holds}
    assert wrong == {"按薪酬项", "与冻结结果"}
    with pytest.raises(Refused):
        actions.lock(finance, sheet.id, total_of(sheet))


def test_a_locked_sheet_never_changes(paid, finance):
    entry = paid.entries.first()
    for refused in (paid.save, paid.delete, entry.save, entry.delete, paid.entries.all().delete, lambda: paid.entries.update(fen=0)):
        with pytest.raises(FrozenError):
            refused()
    for act in (actions.refresh, lambda by, pk: actions.discard(by, pk, "x"), lambda by, pk: actions.lock(by, pk, 0)):
        with pytest.raises(Refused, match="locked"):
            act(finance, paid.id)
    assert {guard.name for guard in GUARDS} <= standing(connection)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE pay_paysheet SET name = 'x' WHERE id = {sheet}",
        "UPDATE pay_paysheet SET locked_at = NULL WHERE id = {sheet}",
        "DELETE FROM pay_payentry WHERE sheet_id = {sheet}",
        "UPDATE pay_payentry SET fen = 0 WHERE sheet_id = {sheet}",
        "INSERT INTO pay_payentry (sheet_id, result_id, line, kind, due, paid, fen) VALUES ({sheet}, {result}, 'gift', 'due', 1, 0, 1)",
    ],
)
def test_the_database_refuses_too(paid, sql):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(sheet=paid.id, result=paid.entries.first().result_id))


def test_a_round_closes_when_its_last_version_is_paid_to_the_fen(company, finance, unit, sheet):
    hr = company.user("hr")
    assert [one.kind for one in blockers_of(company.published)] == ["unpaid"]
    actions.lock(finance, sheet.id, total_of(sheet))
    amend(hr, company.published, better_ratings(company.published, "KF0111"), "补收")
    assert [one.kind for one in blockers_of(company.published)] == ["unpaid"]
    more = actions.open_sheet(finance, unit, "差额")
    actions.lock(finance, more.id, total_of(more))
    assert close(hr, company.published).stage == "closed"


def test_every_act_stands_in_the_chain_as_money(finance, paid):
    entries = list(Entry.objects.filter(action__startswith="pay.", object_id=str(paid.id)).select_related("content"))
    assert [one.action for one in entries] == ["pay.open", "pay.lock"]
    assert all(one.content.money for one in entries)
    assert verify().holds


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sees"),
    [("finance", 200), ("hr", 200), ("auditor", 200), ("lead", 404), ("agent", 404), ("manager", 404), ("boss", 404), ("admin", 404)],
)
def test_pay_exists_for_finance_hr_and_audit_alone(company, signed_in, sheet, name, sees):
    client = signed_in(name)
    assert [client.get(path).status_code for path in ("/pay/", f"/pay/{sheet.id}/")] == [sees, sees]
    exported = client.post(f"/pay/{sheet.id}/export/csv/").status_code
    assert exported == sees


def test_the_equation_stands_on_top_and_the_groups_have_subtotals(signed_in, sheet):
    page = signed_in("finance").get(f"/pay/{sheet.id}/").content.decode()
    assert "¥90,600.00" in page
    assert "6项全部相符" in page
    assert "受理服务组" in page
    assert "48,800.00 + 8,400.00 + 3,000.00 + 30,400.00 = 90,600.00" in page


def test_filters_narrow_the_rows_and_leave_the_equation(signed_in, sheet):
    page = signed_in("finance").get(f"/pay/{sheet.id}/?unit=大客户组").content.decode()
    assert "KF0301" in page
    assert "KF0101" not in page
    assert "¥90,600.00" in page
    assert "筛选出3人，计发3人" in page


def test_locking_asks_for_the_password_again_and_then_locks(signed_in, sure_of, sheet):
    client = signed_in("finance")
    asked = client.get(f"/pay/{sheet.id}/lock/")
    assert (asked.status_code, asked["Location"]) == (302, f"/account/sure/?next=%2Fpay%2F{sheet.id}%2Flock%2F")
    assert client.post(f"/pay/{sheet.id}/lock/", {"seen": total_of(sheet)}).status_code == 302
    assert PaySheet.objects.get(pk=sheet.id).locked_at is None
    sure_of(client)
    assert "锁定以后这张表不再变动" in client.get(f"/pay/{sheet.id}/lock/").content.decode()
    done = client.post(f"/pay/{sheet.id}/lock/", {"seen": total_of(sheet)}, follow=True).content.decode()
    assert "已锁定，作为已发放。" in done
    assert PaySheet.objects.get(pk=sheet.id).locked_at is not None


def test_a_sheet_is_made_in_the_browser(signed_in, unit):
    page = signed_in("hr").post("/pay/new/", {"unit": unit.id, "name": "9月"}, follow=True)
    assert page.redirect_chain[-1][0] == f"/pay/{PaySheet.objects.first().id}/"
    assert signed_in("auditor").post("/pay/new/", {"unit": unit.id, "name": "9月"}).status_code == 404


# --- exports --------------------------------------------------------------------------------------


def test_the_workbook_has_amounts_as_numbers_and_their_sum(signed_in, sheet):
    answer = signed_in("finance").post(f"/pay/{sheet.id}/export/xlsx/")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0] == ("工号", "姓名", "部门", "岗位", "等级", "本期绩效", "更正差额", "应发", "说明")
    agent = next(row for row in rows if row[0] == "KF0101")
    assert agent[5] == agent[7] == 3200
    assert sum(row[7] for row in rows[1:-1]) == rows[-1][7] == 90600
    assert Entry.objects.order_by("-number").first().action == "pay.export"


def test_the_csv_opens_in_the_right_letters(signed_in, sheet):
    answer = signed_in("finance").post(f"/pay/{sheet.id}/export/csv/").content
    assert answer.startswith(b"\xef\xbb\xbf")
    lines = answer.decode("utf-8-sig").splitlines()
    assert next(line for line in lines if line.startswith("KF0101")) == "KF0101,陈雨桐,受理服务组,受理岗位,A,3200.00,,3200.00,"


def test_a_name_that_looks_like_a_formula_stays_a_name():
    columns = [Column("number", "工号"), Column("name", "=head"), Column("payable", "应发")]
    rows = [Row("-1", '=HYPERLINK("http://x")', "组", due=-1205), Row("2", "@sum", "组", due=None)]
    assert csv_of(columns, rows).decode("utf-8-sig") == '工号,\'=head,应发\r\n\'-1,"\'=HYPERLINK(""http://x"")",-12.05\r\n2,\'@sum,\r\n'
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_of("表/1", columns, rows))).active
    assert (sheet["B2"].value, sheet["B2"].data_type) == ('=HYPERLINK("http://x")', "s") or sheet["B2"].data_type == "s"
    assert (str(sheet["C2"].value), sheet["C3"].value) == ("-12.05", None)


def test_the_company_sets_its_own_columns_in_its_own_order(company, signed_in, sheet):
    client = signed_in("finance")
    form = {"place": ["2", "1", "3"], "what": ["number", "line:performance_pay", ""], "head": ["EMP_NO", "AMT", ""]}
    assert "导出列已保存" in client.post("/pay/columns/", form, follow=True).content.decode()
    lines = client.post(f"/pay/{sheet.id}/export/csv/").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "AMT,EMP_NO"
    assert "3200.00,KF0101" in lines
    assert signed_in("hr").get("/pay/columns/").status_code == 404
    with pytest.raises(Refused):
        actions.set_columns(company.user("finance"), [{"what": "password", "head": "x"}])
