"""Every route, every role, about oneself, one's team and another team; money in a column of its own. The table is permissions.yaml."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

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
    return Things(company.published, company.collecting, {"version": 1})


def test_every_route_has_its_row():
    assert sorted(set(ROUTES) - set(TABLE)) == []


def test_every_row_has_its_route():
    assert sorted(set(TABLE) - set(ROUTES)) == []


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_who_is_let_in_and_who_sees_money(name, things):
    row = TABLE.get(name) or {}
    answers = probe(ROUTES[name], row, things, clients())
    assert answers.broken == []
    assert answers.let_in == {actor: str(about) for actor, about in (row.get("in") or {}).items()}
    assert answers.money == {actor: str(about) for actor, about in (row.get("money") or {}).items()}
