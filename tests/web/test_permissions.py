"""Every route, every role, about oneself, one's team and another team; money in a column of its own. The table is permissions.yaml."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from kaohe_web.appeals.actions import open_appeal
from kaohe_web.collect.models import Import, Record, SetAside
from kaohe_web.pay.actions import open_sheet
from kaohe_web.people.models import Grant, Person, Posting, Right, Unit, User
from tests.web.probing import Things, clients, probe, routes

TABLE = yaml.safe_load((Path(__file__).parent / "permissions.yaml").read_text(encoding="utf-8"))
ROUTES = {route.name: route for route in routes()}
SINCE = date(2023, 5, 1)


@pytest.fixture
def things(company):
    """Neighbours in another department, and one of each thing that a path may name."""
    unit = Unit.objects.create(code="OD", name="采购部", parent=company.closed.unit.parent)
    for number, name, right in (("OD0001", "stranger", None), ("OD0002", "other_lead", Right.LEAD), ("OD0003", "other_hr", Right.HR)):
        person = Person.objects.create(number=number, name=f"邻{number[-1]}", hired_on=SINCE)
        Posting.objects.create(person=person, unit=unit, role="buyer", since=SINCE)
        user = User.objects.create_user(name, person=person)
        if right:
            Grant.objects.create(user=user, right=right, unit=unit, since=SINCE)
    return Things(company.published, company.collecting, {"version": 1, **one_of_each(company)})


def one_of_each(company) -> dict[str, object]:
    """What paths name by number: an appeal of the agent's with a file, a sheet, an import with a row set aside, a record with evidence."""
    hr, agent = company.user("hr"), company.user("agent")
    result = company.published.runs.get(version=1).results.get(subject="KF0101")
    appeal = open_appeal(agent, result.id, "item", "innovation", "", "请复核", [SimpleUploadedFile("proof.txt", b"at noon", "text/plain")])
    csv = ContentFile("被考核人,投诉总数\nKF0101,百\n".encode(), "figures.csv")
    source = Import.objects.create(round=company.collecting, file_name="figures.csv", digest="0" * 64, file=csv, rows=1, by=hr)
    row = SetAside.objects.create(
        source=source,
        table="values",
        row=2,
        cells={"subject": "KF0101", "complaints_total": "百"},
        code="F001",
        told="x",
        told_en="x",
        subject="KF0101",
    )
    record = Record.objects.create(
        round=company.collecting,
        kind="materials_issue",
        subject="KF0102",
        day="2026-08-01",
        by=hr,
        evidence=ContentFile(b"noted", "note.txt"),
    )
    person = Person.objects.get(number="KF0102")
    sheet = open_sheet(company.user("finance"), company.published.unit, "二季度")
    notice = agent.person.notices.first()
    grant = Grant.objects.filter(user__username="lead").first()
    return {
        "appeal_id": appeal.id, "file_id": appeal.files.first().id, "import_id": source.id, "row_id": row.id, "record_id": record.id,
        "person_id": person.id, "posting_id": person.postings.first().id, "attribute_id": person.attributes.first().id, "what": "end",
        "user_id": agent.id, "notice_id": notice.id, "grant_id": grant.id, "sheet_id": sheet.id, "kind": "csv", "digest": "0" * 64,
        "code": company.published.version.scheme.code, "version_id": company.published.version_id,
    }  # fmt: skip


def test_every_route_has_its_row():
    assert sorted(set(ROUTES) - set(TABLE)) == []


def test_every_row_has_its_route():
    assert sorted(set(TABLE) - set(ROUTES)) == []


def test_who_is_let_in_and_who_sees_money(things):
    everybody, wrong = clients(), {}
    for name, route in ROUTES.items():
        row = TABLE.get(name) or {}
        answers = probe(route, row, things, everybody)
        found = {"broken": answers.broken, "in": answers.let_in, "money": answers.money}
        told = {"broken": [], **{part: {actor: str(about) for actor, about in (row.get(part) or {}).items()} for part in ("in", "money")}}
        if found != told:
            wrong[name] = {part: (found[part], told[part]) for part in found if found[part] != told[part]}
    assert wrong == {}, "what was found, and what permissions.yaml says"
