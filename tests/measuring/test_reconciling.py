"""Our figures beside a platform's: what each cause contributes is known by hand, and all of it adds up.

Ten chats of four people. Ours: the mean reply time of whoever replied, within the desk's hours, robots
left out, at most 600 seconds. The platform counts nights too, all hours, robots, no cap, whoever was
asked, and knows whose a9 is.

张三: 60, 120 and 1800 (600) by day; 240 at night; 4 by the robot; 100 that 李四 answered; 28 under a9.
  ours 780/3 = 260 | night 780/4 = 195 | hours 1020/4 = 255 | robot 1024/5 = 204.8 | cap 2224/5 = 444.8
  | transfer 2324/6 = 387 1/3 | account 2352/7 = 336 | the platform says 336.4
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.measuring import Period, import_files, read_definitions, reconcile
from kaohe.problems import Problems
from tests.measuring.conftest import MARCH

SOURCES = """
company_zone: Asia/Shanghai
sources:
  chats:
    name: 会话 | Chats
    subject: {account: replied_by, through: shop}
    time: asked_at
    columns:
      chat: {from: chat, needed: true}
      account: {from: account, needed: true}
      replied_by: {from: replied_by, needed: true}
      asked_at: {from: asked_at, type: datetime, needed: true}
      replied_at: {from: replied_at, type: datetime, needed: true}
      robot: {from: robot, type: yes_no}
  sub_accounts:
    name: 子账号 | Sub-accounts
    columns:
      account: {from: account, needed: true}
      person: {from: person, needed: true}
      from_day: {from: from, type: date}
      to_day: {from: to, type: date}
  platform:
    name: 平台数字 | The platform's figures
    columns:
      account: {from: [旺旺, 客服], needed: true}
      reply: {from: [平均响应], type: seconds, places: 1}
accounts:
  shop: {name: 店铺子账号 | Sub-accounts of the shop, table: sub_accounts, account: account, person: person, from: from_day, to: to_day}
calendars:
  desk: {name: 白班 | Day desk, hours: {mon-sun: "09:00-18:00"}}
measures:
  reply:
    name: 平均响应 | Mean reply
    version: 1
    unit: second
    direction: lower
    table: chats
    kind: mean
    parameters: {most: 600}
    where: is_open(desk, asked_at)
    exclusions: [{reason: robot, name: 机器人 | Robot, when: robot}]
    clock: {start: asked_at, stop: replied_at, calendar: desk, cap: most}
reconciliations:
  reply:
    name: 平均响应与平台 | Mean reply beside the platform
    measure: reply
    figures:
      table: platform
      subject: {account: account, through: shop}
      value: reply
      total: [合计]
      rounded_to: 1
    steps:
      - {step: night, name: 夜间 | Nights, drop: where}
      - {step: hours, name: 全部时段 | All hours, drop: clock.calendar}
      - {step: robot, name: 机器人 | Robots, drop: exclusions.robot}
      - {step: cap, name: 不封顶 | No cap, drop: clock.cap}
      - {step: transfer, name: 转接 | Transfers, change: {subject: {account: account, through: shop}}}
      - {step: account, name: 未登记账号 | Unknown account, accounts: {a9: 张三}}
"""
ACCOUNTS = "account,person,from,to\na1,张三,,\na2,李四,,\na3,王五,,\na4,赵六,,\n"
CHATS = """chat,account,replied_by,asked_at,replied_at,robot
c1,a1,a1,2026-03-02 10:00:00,2026-03-02 10:01:00,否
c2,a1,a1,2026-03-02 11:00:00,2026-03-02 11:02:00,否
c3,a1,a1,2026-03-02 20:00:00,2026-03-02 20:04:00,否
c4,a1,a1,2026-03-02 12:00:00,2026-03-02 12:00:04,是
c5,a1,a1,2026-03-02 13:00:00,2026-03-02 13:30:00,否
c6,a1,a2,2026-03-02 14:00:00,2026-03-02 14:01:40,否
c7,a9,a9,2026-03-02 14:00:00,2026-03-02 14:00:28,否
c8,a2,a2,2026-03-02 15:00:00,2026-03-02 15:00:50,否
c9,a3,a3,2026-03-02 15:00:00,2026-03-02 15:00:30,否
c10,a4,a4,2026-03-02 15:00:00,2026-03-02 15:00:40,否
"""
PLATFORM = "旺旺,平均响应\na1,336.4\na2,50\na3,30\na7,12\n合计,271\n"
STEPS = ["night", "hours", "robot", "cap", "transfer", "account"]


@pytest.fixture
def shop(house):
    """The shop with its accounts, chats and the platform's figures."""
    house.definitions = read_definitions(house.write("definitions.yaml", SOURCES))
    for table, name, text in (("sub_accounts", "accounts.csv", ACCOUNTS), ("chats", "chats.csv", CHATS), ("platform", "qn.csv", PLATFORM)):
        house.write(name, text)
        house.take(name, table=table)
    return house


def reconciled(shop, **options):
    return reconcile(shop.workspace, shop.definitions, "reply", MARCH, **options)


def redefined(shop, *changes: tuple[str, str]):
    text = SOURCES
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    shop.definitions = read_definitions(shop.write("definitions.yaml", text.lstrip("\n")))
    return shop


def of(report, subject: str):
    return next(line for line in report.lines if line.subject == subject)


def fractions(*texts: str | None) -> tuple[Fraction | None, ...]:
    return tuple(None if text is None else Fraction(text) for text in texts)


def test_each_cause_contributes_what_was_worked_out_by_hand(shop) -> None:
    line = of(reconciled(shop), "张三")
    assert (line.ours, line.platform, line.gap) == fractions("260", "336.4", "76.4")
    assert dict(zip(STEPS, line.steps, strict=True)) == dict(
        zip(STEPS, fractions("-65", "60", "-50.2", "240", "-862/15", "-154/3"), strict=True)
    )
    assert (line.remaining, line.status) == (Fraction("0.4"), "rounding")


def test_a_cause_that_moves_a_row_moves_it_for_both_people(shop) -> None:
    line = of(reconciled(shop), "李四")
    assert (line.ours, line.platform, line.remaining, line.status) == (75, 50, 0, "explained")
    assert line.steps == fractions("0", "0", "0", "0", "-25", "0")


def test_who_stands_on_one_side_only_is_told_so(shop) -> None:
    report = reconciled(shop)
    told = {line.subject: (line.status, line.ours, line.platform) for line in report.lines if line.subject not in ("张三", "李四")}
    assert told == {
        "王五": ("equal", 30, 30),
        "赵六": ("ours_only", 40, None),
        "a7": ("platform_only", None, 12),
    }


def test_the_total_is_made_of_rows_and_leads_to_the_platforms_own(shop) -> None:
    report = reconciled(shop)
    assert report.total
    ours_only, *steps, platform_only = report.total.steps
    assert (report.total.ours, report.total.platform) == fractions("1000/7", "271")
    assert ours_only == Fraction(160) - Fraction(1000, 7)
    assert steps == list(fractions("-160/7", "240/7", "-293/14", "150", "0", "-545/18"))
    assert (platform_only, report.untold) == (0, ("a7",))
    assert report.total.remaining == Fraction(7, 9)
    assert report.total.ours + sum(report.total.steps) + report.total.remaining == report.total.platform


def test_the_rows_that_count_are_told_step_by_step(shop) -> None:
    assert reconciled(shop).counted == (7, 8, 8, 9, 9, 9, 10)


def test_steps_hold_in_their_order_and_another_order_splits_the_same_gap_otherwise(shop) -> None:
    lines = SOURCES.splitlines()
    night, cap = (next(line for line in lines if f"step: {step}," in line) for step in ("night", "cap"))
    before = of(reconciled(shop), "张三")
    redefined(shop, (night, "@"), (cap, night), ("@", cap))
    after = of(reconciled(shop), "张三")
    assert after.steps[0] == Fraction(1200, 3)
    assert after.steps != before.steps
    assert sum(after.steps) == sum(before.steps)


def test_the_report_is_data_for_machines_in_exact_text(shop) -> None:
    data = reconciled(shop).as_data()
    line = next(line for line in data["lines"] if line["subject"] == "张三")
    assert (line["ours"], line["steps"][4], line["platform"], line["status"]) == ("260", "-862/15", "336.4", "rounding")
    assert [step["counted"] for step in data["steps"]] == [8, 8, 9, 9, 9, 10]
    assert data["total"]["ours_only"] == "120/7"


def test_what_is_wrong_on_either_side_is_told(shop) -> None:
    shop.write("qn.csv", PLATFORM.replace("a3,30", "a3,soon"))
    redefined(shop, ("    name: 平台数字", "    same_name: replaces\n    name: 平台数字"))
    shop.take("qn.csv", table="platform")
    assert [problem.code for problem in reconciled(shop).problems()] == ["M020", "M038"]


def test_a_cache_gives_the_same_report(shop) -> None:
    assert reconciled(shop, cache="use").lines == reconciled(shop, cache="verify").lines == reconciled(shop).lines


# --- the platform's side ---------------------------------------------------------------------------


def taken_as(shop, text: str, *changes: tuple[str, str]):
    redefined(shop, ("    name: 平台数字", "    same_name: replaces\n    name: 平台数字"), *changes)
    shop.write("qn.csv", text)
    shop.take("qn.csv", table="platform")
    return reconciled(shop)


def test_two_values_of_one_subject_are_not_averaged(shop) -> None:
    report = taken_as(shop, PLATFORM + "a1,300\n")
    assert (of(report, "张三").platform, of(report, "张三").status) == (None, "ours_only")
    assert [problem.code for problem in report.problems()] == ["M063", "M038"]


def test_sides_of_one_subject_are_added_up_and_the_total_with_them(shop) -> None:
    columns = (
        "      reply: {from: [平均响应], type: seconds, places: 1}",
        "      seconds: {from: s, type: whole}\n      rounds: {from: n, type: whole}",
    )
    report = taken_as(
        shop,
        "旺旺,s,n\na1,2000,5\na1,352,2\na2,50,1\na3,30,1\na7,24,2\n",
        columns,
        ("      value: reply\n", "      numerator: seconds\n      denominator: rounds\n"),
    )
    assert (of(report, "张三").platform, of(report, "张三").status) == (336, "explained")
    assert report.total
    assert (report.total.platform, report.total.remaining, report.untold) == (Fraction(2456, 11), 0, ())
    assert report.total.steps[-1] == Fraction(2456, 11) - Fraction(2432, 9)


def test_a_long_table_gives_the_rows_that_are_asked_for_and_those_of_the_period(shop) -> None:
    columns = "      what: {from: 指标}\n      day: {from: 日期, type: date}\n      reply: {"
    where = '      value: reply\n      where: what == "平响"\n      time: day\n'
    report = taken_as(
        shop,
        "旺旺,指标,日期,平均响应\na1,平响,2026-03-31,336\na1,转化,2026-03-31,1\na1,平响,2026-04-01,99\n",
        ("      reply: {", columns),
        ("      value: reply\n", where),
    )
    assert {line.subject: line.platform for line in report.lines if line.platform is not None} == {"张三": 336}


def test_an_account_that_was_two_peoples_within_the_period_cannot_be_split(shop) -> None:
    shop.write("accounts.csv", ACCOUNTS.replace("a3,王五,,", "a3,王五,,2026-03-20\na3,李四,2026-03-20,"))
    shop.take("accounts.csv", table="sub_accounts")
    report = reconciled(shop)
    assert (of(report, "a3").status, of(report, "王五").status) == ("platform_only", "ours_only")
    told = [(problem.code, problem.about, problem.place.row) for problem in report.found]
    assert told == [("M062", ("a3",), 4)]


def test_counts_without_a_row_are_nought_and_add_up(shop) -> None:
    (changes) = (
        ("    kind: mean\n", "    kind: count\n"),
        ("    clock: {start: asked_at, stop: replied_at, calendar: desk, cap: most}\n", ""),
        ("      - {step: hours, name: 全部时段 | All hours, drop: clock.calendar}\n", ""),
        ("      - {step: cap, name: 不封顶 | No cap, drop: clock.cap}\n", ""),
    )
    report = taken_as(shop, "旺旺,平均响应\na1,7\na2,1\na3,1\na7,3\n", *changes)
    assert (of(report, "张三").ours, of(report, "张三").steps, of(report, "张三").status) == (3, (1, 1, 1, 1), "explained")
    assert report.total
    assert (report.total.ours, report.total.platform, report.total.steps) == (7, 12, (-1, 1, 1, 0, 1, 3))


# --- definitions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "code", "line"),
    [
        (("    measure: reply\n", "    measure: replies\n"), "M004", 45),
        (("      value: reply\n", ""), "M003", 46),
        (("      value: reply\n", "      value: repl\n"), "M004", 49),
        (("      value: reply\n", "      value: account\n"), "M002", 49),
        (("      value: reply\n", "      value: reply\n      numerator: reply\n"), "M002", 49),
        (("      value: reply\n", "      numerator: reply\n"), "M003", 46),
        (("      table: platform\n", "      table: platfrm\n"), "M004", 47),
        (("      total: [合计]\n", "      time: reply\n"), "M002", 50),
        (("drop: where", "drop: were"), "M004", 53),
        (("drop: clock.cap", "drop: clock.cup"), "M004", 56),
        (("drop: exclusions.robot", "drop: exclusions.robots"), "M004", 55),
        (("drop: where", "change: {where: robots}"), "M004", 53),
        (("drop: where", "change: {were: robot}"), "M004", 53),
        (("drop: where", "with: {limit: 5}"), "M004", 53),
        ((", drop: where", ""), "M003", 53),
        (("step: hours", "step: night"), "M002", 52),
        (("drop: where", "measure: {}, drop: where"), "M004", 53),
        (("rounded_to: 1", "rounded_to: 0"), "M002", 51),
        (("change: {subject: {account: account, through: shop}}", "change: {subject: account}, accounts: {a9: x}"), "M002", 57),
    ],
)
def test_what_is_wrong_with_a_reconciliation_is_told_with_its_line(house, wrong, code, line) -> None:
    assert wrong[0] in SOURCES
    path = house.write("definitions.yaml", SOURCES.lstrip("\n").replace(*wrong))
    with pytest.raises(Problems) as caught:
        read_definitions(path)
    assert [(problem.code, problem.place.line) for problem in caught.value] == [(code, line)]


def test_an_unknown_reconciliation_is_told_with_those_there_are(shop) -> None:
    with pytest.raises(Problems) as caught:
        reconcile(shop.workspace, shop.definitions, "replies", MARCH)
    assert [(problem.code, problem.found["known"]) for problem in caught.value] == [("M004", "reply")]


def test_a_measure_may_do_without_an_exclusion_of_its_table_or_preset(shop) -> None:
    exclusion = "    exclusions: [{reason: robot, name: 机器人 | Robot, when: robot}]\n"
    of_table = ("    time: asked_at\n", "    time: asked_at\n" + exclusion)
    redefined(
        shop,
        (exclusion, ""),
        of_table,
        ("    version: 1\n", "    version: 1\n    without: [robot]\n"),
        (", drop: exclusions.robot", ", drop: unit"),
    )
    assert shop.figures("reply").pair("张三") == (784, 4)
    redefined(shop, (exclusion, ""), of_table)
    assert of(reconciled(shop), "张三").steps[2] == Fraction("-50.2")


def test_a_parameter_and_a_ready_measure_s_exclusion_can_be_steps(house) -> None:
    text = """
company_zone: Asia/Shanghai
sources:
  sessions:
    name: 会话 | Sessions
    subject: account
    columns: {session_id: {from: id, needed: true}, account: {from: who}, started_at: {from: at, type: datetime, needed: true}, first_reply_at: {from: reply, type: datetime}}
  platform:
    name: 平台 | Platform
    columns: {account: {from: who, needed: true}, share: {from: share, type: number, places: 3}}
measures:
  quick: {preset: jd_first_reply_within_30_share, numerator: 'or_else(elapsed, limit + 1) <= limit', parameters: {limit: 30}}
reconciliations:
  quick:
    name: 京东 | JD
    measure: quick
    figures: {table: platform, subject: account, value: share}
    steps:
      - {step: sixty, name: 六十秒 | Sixty seconds, with: {limit: 60}}
      - {step: night, name: 夜间 | Nights, drop: exclusions.night}
"""
    house.definitions = read_definitions(house.write("d.yaml", text))
    house.write(
        "s.csv",
        "id,who,at,reply\n1,e1,2026-03-02 10:00:00,2026-03-02 10:00:30\n2,e1,2026-03-02 10:00:00,2026-03-02 10:01:00\n3,e1,2026-03-02 23:00:00,\n",
    )
    house.write("p.csv", "who,share\ne1,66.7%\n")
    house.take("s.csv", table="sessions")
    house.take("p.csv", table="platform")
    (line,) = reconcile(house.workspace, house.definitions, "quick", MARCH).lines
    assert (line.ours, line.steps, line.remaining) == (
        Fraction(1, 2),
        (Fraction(1, 2), Fraction(-1, 3)),
        Fraction("0.667") - Fraction(2, 3),
    )


# --- laws ------------------------------------------------------------------------------------------

CHAT = st.tuples(
    st.sampled_from(["a1", "a2", "a9"]), st.sampled_from(["a1", "a2", "a9"]), st.integers(0, 23), st.integers(0, 2000), st.booleans()
)


@settings(max_examples=12, deadline=None)
@given(st.lists(CHAT, min_size=1, max_size=12), st.permutations(range(6)))
def test_ours_and_the_steps_and_what_remains_are_always_the_platforms(house_in, tmp_path_factory, chats, order) -> None:
    house = house_in(tmp_path_factory.mktemp("law"))
    lines = SOURCES.splitlines()
    steps = [line for line in lines if line.startswith("      - {step")]
    text = "\n".join([*(line for line in lines if line not in steps), *(steps[i] for i in order), ""])
    house.definitions = read_definitions(house.write("definitions.yaml", text))
    rows = [
        f"c{i},{asked},{replied},2026-03-02 {hour:02}:00:00,2026-03-02 {hour:02}:{wait // 60:02}:{wait % 60:02},{'是' if robot else '否'}"
        for i, (asked, replied, hour, wait, robot) in enumerate(chats)
    ]
    for table, name, told in (
        ("sub_accounts", "accounts.csv", ACCOUNTS),
        ("chats", "chats.csv", "\n".join([CHATS.splitlines()[0], *rows, ""])),
        ("platform", "qn.csv", PLATFORM),
    ):
        house.write(name, told)
        import_files(house.workspace, house.definitions, table, [house.folder / name])
    report = reconcile(house.workspace, house.definitions, "reply", Period(MARCH.start, MARCH.end))
    for line in [*report.lines, *([report.total] if report.total else [])]:
        if None not in (line.ours, *line.after, line.platform):
            assert line.ours + sum(line.steps) + line.remaining == line.platform
