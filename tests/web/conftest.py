"""The sample company in a real database, filled once; every test runs in a transaction of its own."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from kaohe_web.people.models import User
from kaohe_web.rounds.models import Round
from kaohe_web.sample.company import PASSWORD, fill


def pytest_collection_modifyitems(items):
    """One worker keeps the company; the others need not make it again."""
    for item in items:
        if "tests/web/" in str(item.path).replace("\\", "/"):
            item.add_marker(pytest.mark.xdist_group("web"))


@dataclass
class Company:
    """The sample company's users and rounds by name."""

    def user(self, name: str) -> User:
        return User.objects.get(username=name)

    @property
    def closed(self) -> Round:
        return Round.objects.get(end="2026-03-31")

    @property
    def published(self) -> Round:
        return Round.objects.get(end="2026-06-30")

    @property
    def collecting(self) -> Round:
        return Round.objects.get(end="2026-09-30")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        fill()


@pytest.fixture
def company(db):
    return Company()


@pytest.fixture
def signed_in(db):
    """A browser without a window, signed in as somebody: `signed_in("hr").get("/")`."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def password():
    return PASSWORD


@pytest.fixture
def sure_of():
    """Signed in, and the password said once more: what locking asks for."""

    def sure(client: Client) -> Client:
        client.post("/account/sure/", {"password": PASSWORD})
        return client

    return sure
