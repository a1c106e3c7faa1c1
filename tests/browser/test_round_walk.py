"""A whole round in the browser, as the people who would do it: from opening to a pay sheet that adds up."""

from __future__ import annotations

import re

import pytest
import xlsxwriter

from tests.browser.conftest import House
from tests.browser.small import FILL
from tests.servers import running_postgresql
from tests.web.served import new_database, serving

ROUND = "受理组2026年第二季度"


@pytest.fixture(scope="module")
def small_on_sqlite(chromium, tmp_path_factory):
    with serving(tmp_path_factory.mktemp("small"), prepare=()) as site:
        site.python(FILL)
        yield House(site, chromium)


@pytest.fixture(scope="module")
def small_on_postgresql(chromium, tmp_path_factory):
    with (
        running_postgresql() as server,
        serving(tmp_path_factory.mktemp("small"), new_database(server.url("postgres")), prepare=()) as site,
    ):
        site.python(FILL)
        yield House(site, chromium)


def workbook(folder):
    """Complaint counts and survey answers as a team hands them in: one answer in words of its own, one number with a letter O."""
    path = folder / "二季度数据.xlsx"
    book = xlsxwriter.Workbook(path)
    values = book.add_worksheet("values")
    values.write_row(0, 0, ["被考核人", "投诉总数", "已解决投诉数"])
    for row, (who, total, solved) in enumerate((("R1", 200, 197), ("R2", 100, 100), ("R3", 50, 45)), start=1):
        values.write_row(row, 0, [who, total, solved])
    answers = book.add_worksheet("survey_response")
    answers.write_row(0, 0, ["被考核人", "日期", "满意程度"])
    rows = [(who, f"2026-0{4 + place % 3}-1{place % 10}", "非常满意") for who in ("R1", "R2", "R3") for place in range(10)]
    rows += [("R1", "2026-05-20", "很好"), ("R2O", "2026-05-21", "一般")]
    for row, cells in enumerate(rows, start=1):
        answers.write_row(row, 0, cells)
    book.close()
    return path


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_whole_round_from_opening_to_pay_sheet(kind, request, tmp_path):
    house: House = request.getfixturevalue(f"small_on_{kind}")
    with house.sits("hr") as hr:
        number = opens_and_sets_up(hr)
    for user in ("agent", "agent2", "agent3"):
        with house.sits(user) as agent:
            agent.go(f"/rounds/{number}/goals/")
            agent.click("同意并签字")
            assert "已签字" in agent.text
    with house.sits("hr") as hr:
        collects(hr, number, workbook(tmp_path))
    for user in ("lead", "manager", "boss", "agent2"):
        with house.sits(user) as rater:
            rates_all(rater)
    with house.sits("hr") as hr:
        hr.go(f"/rounds/{number}/")
        hr.click("计算预览")
        waits_for_cards(hr, number)
        assert "没有挡住的事" in hr.text
        hr.click("送审批")
    with house.sits("manager") as manager:
        manager.go(f"/rounds/{number}/")
        assert "应发/元" not in manager.text
        manager.page.locator("summary", has_text="退回").click()
        manager.page.locator("details[open] select[name=stage]").select_option("scored")
        manager.page.locator("details[open] textarea[name=reason]").fill("请核对安一的回访")
        manager.page.locator("details[open] button.danger").click()
    with house.sits("hr") as hr:
        hr.go(f"/rounds/{number}/")
        assert "请核对安一的回访" in hr.text
        hr.click("送审批")
    for user in ("manager", "boss"):
        with house.sits(user) as approver:
            approver.go(f"/rounds/{number}/")
            approver.click("批准（第")
    with house.sits("hr") as hr:
        hr.go(f"/rounds/{number}/")
        hr.click("公布")
        assert "已公布" in hr.text
    with house.sits("agent") as agent:
        appeals(agent, number)
    with house.sits("hr") as hr:
        upholds(hr)
    with house.sits("agent") as agent:
        agent.go(f"/rounds/{number}/cards/R1/")
        assert "第2版" in agent.text
        agent.click("确认成绩单")
        assert "已确认" in agent.text
    with house.sits("finance") as finance:
        pays(finance)
    with house.sits("hr") as hr:
        hr.go(f"/rounds/{number}/")
        hr.click("结束本轮")
        assert "发放结束" in hr.text
    with house.sits("auditor") as auditor:
        auditor.go(f"/rounds/{number}/")
        auditor.go("/audit/")
        assert "公布" in auditor.text
    assert "有问题" not in house.site.manage("doctor")


def opens_and_sets_up(hr) -> int:
    page = hr.go("/rounds/new/?period=2026-04-01..2026-06-30")
    page.select_option("#version", index=1)
    page.select_option("#unit", label=page.locator("#unit option", has_text="受理组").inner_text())
    page.fill("[name=start]", "2026-04-01")
    page.fill("[name=end]", "2026-06-30")
    page.fill("#name", ROUND)
    hr.click("新建，去设置")
    number = int(re.search(r"/rounds/(\d+)/", page.url).group(1))
    page.fill("#approver1", "M1 马经理")
    page.locator("[name='money.1']").set_checked(False)
    page.fill("#approver2", "G1 葛总")
    page.locator("[name='money.2']").set_checked(True)
    hr.click("保存审批人")
    hr.go(f"/rounds/{number}/raters/")
    hr.site.python(f"""
from kaohe_web.collect.actions import Task, assign
from kaohe_web.people.models import User
from kaohe_web.rounds.models import Round
tasks = []
for one in ("R1", "R2", "R3"):
    tasks += [Task("work_standardization", one, "L1", "supervisor"), Task("work_standardization", one, "M1", "manager")]
    tasks += [Task("innovation", one, "M1", "manager"), Task("innovation", one, "G1", "general_manager")]
    tasks += [Task("internal_customer_satisfaction", one, "R2" if one != "R2" else "L1", "other_team")]
assign(User.objects.get(username="hr"), Round.objects.get(pk={number}), tasks)
""")
    hr.go(f"/rounds/{number}/")
    hr.click("请大家确认目标")
    assert "目标确认" in hr.text
    return number


def collects(hr, number, path) -> None:
    page = hr.go(f"/rounds/{number}/")
    hr.click("开始收集数据")
    hr.go(f"/rounds/{number}/data/")
    page.set_input_files("input[name=file]", path)
    hr.click("上传并预览")
    assert "要修正的2行" in hr.text
    hr.picture("import-preview")
    mend = page.locator("form.mend select").first
    mend.select_option(label="非常满意")
    page.locator("form.mend", has=page.locator("select")).locator("button").first.click()
    page.wait_for_load_state()
    assert "要修正的1行" in hr.text
    hr.click("收入")
    page.wait_for_timeout(500)
    for _ in range(60):
        hr.go(f"/rounds/{number}/problems/")
        if page.locator("input[name=row]").count():
            break
        page.wait_for_timeout(300)
    page.locator("input[name=row]").first.check()
    page.locator("#waive textarea").fill("工号写错，问过本人，不是本组的回访")
    hr.click("豁免")
    assert "没有搁置的行" in hr.text or "没有待办" in hr.text


def rates_all(rater) -> None:
    """Rate everything that is owed, from the keyboard."""
    page = rater.go("/rate/")
    links = page.eval_on_selector_all("main a[href^='/rate/']", "links => [...new Set(links.map(link => link.getAttribute('href')))]")
    for link in links:
        rater.go(link)
        people = page.locator("tr[data-subject], [data-row]").count()
        assert people, page.inner_html("main")[:2000]
        for _ in range(people):
            page.keyboard.press("1")
            page.wait_for_timeout(200)
        page.wait_for_load_state("networkidle")
        rater.go(link)
        assert "未评" not in page.inner_text("table"), f"{link}: {page.inner_text('table')}"


def waits_for_cards(hr, number) -> None:
    for _ in range(100):
        hr.go(f"/rounds/{number}/")
        if "成绩单还在生成" not in hr.text:
            return
        hr.page.wait_for_timeout(300)
    raise AssertionError("the cards were not written")


def appeals(agent, number) -> None:
    page = agent.go(f"/rounds/{number}/cards/R1/")
    assert "¥" in agent.text
    agent.go(f"/rounds/{number}/appeal/?item=complaint_resolution_rate")
    page.locator("input[name=about][value^='value:']").last.check()
    page.locator("textarea[name=words]").fill("有两件已在当天解决，系统晚一天关单。")
    page.locator("main form button.first").last.click()
    page.wait_for_load_state()
    assert "系统晚一天关单" in agent.text


def upholds(hr) -> None:
    page = hr.go("/appeals/")
    page.locator("main a[href^='/appeals/']").first.click()
    page.wait_for_load_state()
    hr.picture("appeal")
    field = page.locator("main form input[name^='value'], main form input[type=text]").first
    field.fill("199")
    hr.click("试算")
    page.locator("input[name=decision][value=uphold]").check()
    page.locator("textarea[name=reason], textarea[name=decision_words]").last.fill("已核对工单")
    page.locator("button.says-uphold").click()
    page.wait_for_load_state()
    assert "第2版" in hr.text or "支持" in hr.text


def pays(finance) -> None:
    """The sheet adds up on both sides; locking asks for the password once more."""
    page = finance.go("/pay/")
    page.locator("form[action='/pay/new/'] button").click()
    page.wait_for_load_state()
    assert "6项全部相符" in finance.text
    assert finance.text.count("9,000.00") >= 4
    finance.picture("pay-sheet")
    page.get_by_role("link", name="锁定，作为已发放").click()
    page.wait_for_load_state()
    if "再次确认身份" in finance.text:
        page.fill("#id_password", "kaohe-demo-2026")
        finance.click("确认")
    finance.click("锁定，作为已发放")
    if "再次确认身份" in finance.text:
        page.fill("#id_password", "kaohe-demo-2026")
        finance.click("确认")
        finance.click("锁定，作为已发放")
    assert "已锁定" in finance.text or "锁定" in page.inner_text(".head")
