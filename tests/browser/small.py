"""A small company for a walk: three agents, their lead, a manager, the general manager, HR and finance; no round yet."""

FILL = """
from datetime import date
from kaohe_web.engine.schemes import library_texts
from kaohe_web.library.actions import take_in
from kaohe_web.people.models import Attribute, Grant, Person, Posting, Right, Unit, User
since = date(2024, 1, 1)
company = Unit.objects.create(code="X", name="小公司", name_en="Small company")
team = Unit.objects.create(code="X-R", name="受理组", name_en="Reception", parent=company)
for number, name, unit, role, user, right, over in (
    ("R1", "安一", team, "reception_agent", "agent", None, None),
    ("R2", "贝二", team, "reception_agent", "agent2", None, None),
    ("R3", "陈三", team, "reception_agent", "agent3", None, None),
    ("L1", "梁组长", company, "lead", "lead", Right.LEAD, team),
    ("M1", "马经理", company, "boss", "manager", Right.MANAGER, team),
    ("G1", "葛总", company, "boss", "boss", Right.MANAGER, None),
    ("H1", "何人事", company, "office", "hr", Right.HR, None),
    ("F1", "方财务", company, "office", "finance", Right.FINANCE, None),
    ("A1", "艾审计", company, "office", "auditor", Right.AUDITOR, None),
):
    person = Person.objects.create(number=number, name=name, hired_on=since)
    Posting.objects.create(person=person, unit=unit, role=role, since=since)
    account = User.objects.create_user(user, password="kaohe-demo-2026", person=person)
    if right: Grant.objects.create(user=account, right=right, unit=over, since=since)
    if number.startswith("R"): Attribute.objects.create(person=person, key="performance_pay", text="3000", since=since)
take_in(library_texts()["guoan-cs"].read_text(encoding="utf-8"), User.objects.get(username="hr"))
"""
