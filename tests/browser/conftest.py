"""A real Chromium before a served site, on SQLite and on PostgreSQL; a console error or a refused script fails the test."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.servers import running_postgresql
from tests.web.served import Site, new_database, serving

TOP = Path(__file__).resolve().parents[2]
PASSWORD = "kaohe-demo-2026"
PICTURES = TOP / "out" / "pictures"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 860}


def pytest_collection_modifyitems(items):
    """All in one worker: a browser and the sites are started once."""
    for item in items:
        if "tests/browser/" in str(item.path).replace("\\", "/"):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable") if (found := shutil.which(name))), None
    )
    if program is None:
        done = subprocess.run([TOP / "tools" / "server_programs.sh", "chromium"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        program = shutil.which("chromium")
    arguments = ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


ENTERED = """
import json
from kaohe_web.people.models import Person, Unit
from kaohe_web.rounds.models import Round
from kaohe_web.audit.models import Content
from kaohe_web.collect.models import Record
from kaohe_web.pay.models import PaySheet
texts = [*Person.objects.values_list("name", flat=True), *Unit.objects.values_list("name", flat=True), *Round.objects.values_list("name", flat=True), *PaySheet.objects.values_list("name", flat=True)]
texts += [*Content.objects.exclude(reason="").values_list("reason", flat=True), *Record.objects.exclude(note="").values_list("note", flat=True), "国安创想", "中文"]
print(json.dumps(texts))
"""


@dataclass
class Desk:
    """One person before a browser."""

    page: Page
    site: Site
    heard: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        response = self.page.goto(self.site.url + path)
        assert response is not None
        assert response.status < 400, f"{path}: {response.status}"
        return self.page

    def click(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=False).first.click()
        self.page.wait_for_load_state()

    def picture(self, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    @property
    def text(self) -> str:
        return self.page.inner_text("main")


@dataclass
class House:
    """A served site, and people who sit down before it."""

    site: Site
    browser: Browser

    @cached_property
    def entered(self) -> frozenset[str]:
        """Every text that somebody entered: names, reasons, notes."""
        return frozenset(json.loads(self.site.python(ENTERED)))

    @contextmanager
    def sits(self, user: str, *, phone: bool = False, english: bool = False, password: str = PASSWORD) -> Iterator[Desk]:
        context = self.browser.new_context(viewport=PHONE if phone else DESK, is_mobile=phone, has_touch=phone, locale="zh-CN")
        if english:
            context.add_cookies([{"name": "kaohe_language", "value": "en", "url": self.site.url}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        desk = Desk(page, self.site)
        page.on("console", lambda message: desk.heard.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: desk.heard.append(str(error)))
        page.on(
            "request",
            lambda request: (
                desk.heard.append(f"another host: {request.url}") if not request.url.startswith((self.site.url, "data:", "blob:")) else None
            ),
        )
        desk.go("/sign-in/")
        page.fill("#id_login", user)
        page.fill("#id_password", password)
        page.locator("main button.first").click()
        page.wait_for_load_state()
        try:
            yield desk
            assert desk.heard == []
        finally:
            context.close()


@pytest.fixture(scope="session")
def on_sqlite(chromium, tmp_path_factory) -> Iterator[House]:
    with serving(tmp_path_factory.mktemp("sqlite")) as site:
        yield House(site, chromium)


@pytest.fixture(scope="session")
def on_postgresql(chromium, tmp_path_factory) -> Iterator[House]:
    with running_postgresql() as server, serving(tmp_path_factory.mktemp("postgresql"), new_database(server.url("postgres"))) as site:
        yield House(site, chromium)


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request) -> House:
    return request.getfixturevalue(f"on_{request.param}")
