"""The sample company: a customer-service department of 35, appraised by the quarter; three rounds, each at another stage.

Everything is entered through the same actions as in real use, by the people who would do it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from django.db import transaction

from kaohe_web.collect.actions import Given, Task, assign, enter_values, rate
from kaohe_web.collect.models import Duty, Record
from kaohe_web.engine.schemes import library_texts, rated_items
from kaohe_web.library.actions import take_in
from kaohe_web.library.models import SchemeVersion
from kaohe_web.pay.actions import lock, open_sheet
from kaohe_web.people.models import Attribute, Grant, Person, Posting, Right, Unit, User
from kaohe_web.results.actions import acknowledge, preview, publish
from kaohe_web.results.models import Result
from kaohe_web.results.telling import tell
from kaohe_web.rounds import actions
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.stages import Stage

PASSWORD = "kaohe-demo-2026"
HIRED = date(2023, 5, 1)
SURNAMES = "陈林周吴郑孙马朱胡郭何高罗梁宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶杜"
GIVEN = (
    "雨桐",
    "志强",
    "嘉欣",
    "思远",
    "一鸣",
    "晓东",
    "振华",
    "宇航",
    "佳宁",
    "文博",
    "海燕",
    "建军",
    "丽华",
    "小龙",
    "美玲",
    "俊杰",
    "子涵",
)
LEVELS = ("very_satisfied", "fairly_satisfied", "neutral", "dissatisfied", "very_dissatisfied")


@dataclass(frozen=True)
class SignIn:
    """Who may sign in, and what she sees there."""

    user: str
    role: str
    role_en: str


SIGN_INS = (
    SignIn("hr", "人力资源", "HR"),
    SignIn("lead", "受理服务组主管", "Team lead"),
    SignIn("agent", "受理岗位客服", "Agent"),
    SignIn("manager", "客户服务部经理（审批第一步）", "Manager, approves first"),
    SignIn("boss", "总经理（审批第二步）", "General manager, approves second"),
    SignIn("finance", "财务", "Finance"),
    SignIn("auditor", "审计", "Auditor"),
)


def fill() -> None:
    """Make the company and its rounds; a company that is there already is left alone."""
    if Unit.objects.exists():
        return
    house = _House()
    house.build()
    with transaction.atomic():
        version, _ = take_in(library_texts()["guoan-cs"].read_text(encoding="utf-8"), house.users["hr"])
    assert version is not None
    for quarter, stage in ((1, Stage.CLOSED), (2, Stage.CONFIRMING), (3, Stage.COLLECTING)):
        _Quarter(house, version, quarter).run(stage)


class _House:
    """People, units, rights and sign-ins."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.people: dict[str, Person] = {}
        self.random = Random(20260101)
        self.names = self._names()

    def build(self) -> None:
        company = Unit.objects.create(code="GA", name="国安创想", name_en="Guoan")
        service = Unit.objects.create(code="CS", name="客户服务部", name_en="Customer service", parent=company)
        teams = {
            "desk": Unit.objects.create(code="CS-R", name="受理服务组", name_en="Reception", parent=service),
            "tech": Unit.objects.create(code="CS-T", name="技术服务组", name_en="Technical service", parent=service),
            "key": Unit.objects.create(code="CS-K", name="大客户组", name_en="Key accounts", parent=service),
        }
        self.service, self.teams = service, teams
        office = Unit.objects.create(code="GM", name="总经办", name_en="Office", parent=company)
        self._person("GA0001", "钱卫东", office, "general_manager", 0)
        self._person("HR0001", "林静", office, "hr", 0)
        self._person("FN0001", "孙建平", office, "finance", 0)
        self._person("AU0001", "吕敏", office, "auditor", 0)
        self._person("KF0001", "高建国", service, "manager", 6000)
        self._person("KF0002", "周倩", teams["desk"], "reception_supervisor", 4800)
        self._person("KF0003", "郑凯", teams["tech"], "technical_supervisor", 4800)
        self._person("KF0101", "陈雨桐", teams["desk"], "reception_agent", 3200)
        for place in range(2, 18):
            self._person(f"KF01{place:02}", next(self.names), teams["desk"], "reception_agent", 3200)
        for place in range(1, 10):
            self._person(f"KF02{place:02}", next(self.names), teams["tech"], "technical_engineer", 3600)
        for place in range(1, 4):
            self._person(f"KF03{place:02}", next(self.names), teams["key"], "key_account_rep", 4200)
        self._person("KF0401", next(self.names), teams["tech"], "materials_assistant", 2800)
        self._person("KF0402", next(self.names), teams["tech"], "technical_assistant", 2800)
        self._person("KF0118", next(self.names), teams["desk"], "reception_agent", 3200, hired=date(2026, 8, 10))
        for name, number, right, unit in (
            ("hr", "HR0001", Right.HR, None),
            ("boss", "GA0001", Right.MANAGER, None),
            ("finance", "FN0001", Right.FINANCE, None),
            ("auditor", "AU0001", Right.AUDITOR, None),
            ("manager", "KF0001", Right.MANAGER, service),
            ("lead", "KF0002", Right.LEAD, teams["desk"]),
            ("lead2", "KF0003", Right.LEAD, teams["tech"]),
            ("agent", "KF0101", None, None),
        ):
            self._user(name, number, right, unit)
        root = User.objects.create_user("admin", password=PASSWORD)
        Grant.objects.create(user=root, right=Right.ADMIN, since=HIRED)

    def _names(self) -> Iterator[str]:
        taken = {"陈雨桐", "高建国", "周倩", "郑凯"}
        while True:
            name = self.random.choice(SURNAMES) + self.random.choice(GIVEN)
            if name not in taken:
                taken.add(name)
                yield name

    def _person(self, number: str, name: str, unit: Unit, role: str, pay: int, hired: date = HIRED) -> None:
        person = Person.objects.create(number=number, name=name, hired_on=hired)
        Posting.objects.create(person=person, unit=unit, role=role, since=hired)
        if pay:
            Attribute.objects.create(person=person, key="performance_pay", text=str(pay), since=hired)
        self.people[number] = person

    def _user(self, name: str, number: str, right: str | None, unit: Unit | None) -> None:
        user = User.objects.create_user(name, password=PASSWORD, person=self.people[number])
        if right is not None:
            Grant.objects.create(user=user, right=right, unit=unit, since=HIRED)
        self.users[name] = user

    def user_of(self, number: str) -> User:
        """The user who a person is; raters without a sign-in get one that nobody can use."""
        person = self.people[number]
        found = User.objects.filter(person=person).first()
        if found is None:
            found = User(username=number, person=person)
            found.set_unusable_password()
            found.save()
        return found


class _Quarter:
    """One quarter's round, brought to a stage."""

    def __init__(self, house: _House, version: SchemeVersion, quarter: int) -> None:
        self.house, self.quarter = house, quarter
        self.random = Random(quarter)
        start = date(2026, 3 * quarter - 2, 1)
        end = date(2026, 3 * quarter, 31 if quarter in (1, 4) else 30)
        self.hr = house.users["hr"]
        self.round = actions.open_round(self.hr, f"客户服务部2026年第{'一二三四'[quarter - 1]}季度", version, house.service, start, end)
        self._deadlines(end)

    def _deadlines(self, end: date) -> None:
        first = datetime(end.year, end.month, end.day, 10, tzinfo=UTC)  # 18:00 in Shanghai
        days = {Stage.COLLECTING: 10, Stage.SCORED: 12, Stage.REVIEWING: 15, Stage.APPROVED: 16, Stage.CONFIRMING: 23, Stage.CLOSED: 30}
        actions.set_deadlines(self.hr, self.round, {stage: first + timedelta(days=add) for stage, add in days.items()})

    def run(self, stage: str) -> None:
        actions.plan_approvals(self.hr, self.round, [(self.house.people["KF0001"], False), (self.house.people["GA0001"], True)])
        actions.ask_for_agreement(self.hr, self.round)
        for one in self.round.participants.select_related("person"):
            actions.sign(self.house.user_of(one.person.number), self.round)
        actions.start_collecting(self.hr, self.round)
        assign(self.hr, self.round, self._tasks())
        self._values()
        self._records()
        self._rate(leave_open=stage == Stage.COLLECTING)
        run, told = preview(self.hr, self.round)
        assert run is not None, told
        tell.call(run.id)
        if stage == Stage.COLLECTING:
            return
        actions.submit(self.hr, Round.objects.get(pk=self.round.pk))
        for user in ("manager", "boss"):
            actions.approve(self.house.users[user], self.round, run.id)
        publish(self.hr, self.round)
        if stage == Stage.CLOSED:
            for result in Result.objects.filter(run=run, participant__isnull=False):
                acknowledge(self.house.user_of(result.subject), result.id)
            self._pay()
            actions.close(self.hr, self.round)

    def _pay(self) -> None:
        """Finance gathers the sheet, looks at its checks and locks it."""
        finance = self.house.users["finance"]
        sheet = open_sheet(finance, self.house.service, f"2026年{self.round.end.month + 1}月发放")
        lock(finance, sheet.id, sum(entry.fen for entry in sheet.entries.all()))

    # --- facts ------------------------------------------------------------------------------------

    def _tasks(self) -> list[Task]:
        """Who rates whom: the named posts, and three colleagues drawn where the scheme asks for colleagues."""
        plan = self.round.version.plan
        return [
            Task(item.key, one.person.number, rater, relation)
            for one in self.round.participants.select_related("person")
            for item in rated_items(plan, one.role)
            for relation, _ in item.relations
            for rater in self._raters(relation, one.person.number, one.role, one.unit.code)
        ]

    def _raters(self, relation: str, subject: str, role: str, unit: str) -> Iterable[str]:
        named = {"general_manager": "GA0001", "manager": "KF0001", "peer_manager": "GA0001"}
        if relation in named:
            return [named[relation]] if named[relation] != subject else []
        if relation in ("supervisor", "related_post"):
            boss = "KF0002" if unit == "CS-R" or relation == "related_post" else "KF0003"
            return [boss] if unit != "CS-K" and boss != subject else []
        pool = [
            number for number in self.house.people if number.startswith("KF01" if unit != "CS-R" or relation == "team_member" else "KF02")
        ]
        if relation == "technical_team":
            pool = [number for number in self.house.people if number.startswith("KF02")]
        pool = [number for number in pool if number not in (subject, "KF0118")]
        return Random(f"{self.quarter}{subject}{relation}").sample(pool, 3) if relation != "ld_staff" else []

    def _values(self) -> None:
        values: dict[tuple[str, str], str] = {
            ("long_distance", "ld_actual"): str(860_000 + 70_000 * self.quarter),
            ("long_distance", "ld_target"): "1000000",
            (self.house.service.name, "drop_rate"): "0.0015",
        }
        for one in self.round.participants.select_related("person"):
            number = one.person.number
            if one.role == "reception_agent":
                total = 180 + self.random.randrange(40)
                values |= {
                    (number, "complaints_total"): str(total),
                    (number, "complaints_resolved"): str(total - self.random.choice((0, 1, 1, 2, 3, 3, 7))),
                }
            if one.role == "technical_engineer":
                total = 90 + self.random.randrange(30)
                values |= {(number, "jobs_total"): str(total), (number, "jobs_ok"): str(total - self.random.choice((0, 0, 1, 2, 4)))}
            if one.role == "key_account_rep":
                values[number, "drop_count"] = str(self.random.choice((0, 0, 1, 2)))
        enter_values(self.hr, self.round, values)

    def _records(self) -> None:
        """Survey answers of the quarter, as an import would have brought them."""
        months = [self.round.start.month + place for place in range(3)]
        rows = []
        for one in self.round.participants.select_related("person"):
            if one.role in ("reception_agent", "technical_engineer", "key_account_rep", "reception_supervisor", "technical_supervisor"):
                good = self.random.randrange(55, 90)
                for _ in range(self.random.choice((8, 10, 10, 11, 12))):
                    drawn = self.random.randrange(100)
                    level = LEVELS[0] if drawn < good else LEVELS[1 + self.random.randrange(4) // 2]
                    day = date(2026, self.random.choice(months), 1 + self.random.randrange(28))
                    rows.append(
                        Record(
                            round=self.round,
                            kind="survey_response",
                            subject=one.person.number,
                            day=day.isoformat(),
                            cells={"level": level},
                            by=self.hr,
                        )
                    )
        rows.append(
            Record(
                round=self.round,
                kind="materials_issue",
                subject="KF0401",
                day=date(2026, months[1], 9).isoformat(),
                cells={"found_by": "finance"},
                by=self.hr,
                note="盘点差一台调制解调器",
            )
        )
        Record.objects.bulk_create(rows)

    def _rate(self, leave_open: bool) -> None:
        duties = list(Duty.objects.filter(round=self.round).select_related("rater", "subject__person").order_by("rater_id", "id"))
        plan = self.round.version.plan
        allowed = {item.key: item.allowed for item in rated_items(plan)}
        by_rater: dict[str, list[Given]] = {}
        for duty in duties:
            if leave_open and self._is_left(duty):
                continue
            scores = allowed[duty.item] or ("0.75", "0.8", "0.9", "1")
            text = self.random.choice((scores[-1], scores[-1], scores[-2]))
            by_rater.setdefault(duty.rater.number, []).append(Given(duty.item, duty.subject.person.number, text, duty.relation))
        for rater, given in by_rater.items():
            rate(self.house.user_of(rater), self.round, given)

    def _is_left(self, duty: Duty) -> bool:
        """In the quarter that is being collected the lead has rated nobody yet, and the general manager left one out."""
        if duty.rater.number == "KF0002" and duty.item == "work_standardization":
            return duty.subject.person.number > "KF0108"
        return duty.rater.number == "GA0001" and duty.subject.person.number == "KF0105"
