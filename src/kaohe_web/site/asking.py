"""Asking a served site as a person would: sign in through its form, look at a page."""

from __future__ import annotations

import http.cookiejar
import json
import re
import urllib.parse
import urllib.request

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
TITLE = re.compile(r"<title>([^<]*)</title>")


class Visitor:
    """Somebody with a browser, signed in."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self.url = url.rstrip("/")
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        token = TOKEN.search(self.page("/sign-in/"))
        assert token is not None
        form = {"csrfmiddlewaretoken": token.group(1), "login": user, "password": password}
        self.first = self._read(
            urllib.request.Request(f"{self.url}/sign-in/", urllib.parse.urlencode(form).encode(), {"Referer": self.url})
        )

    def page(self, path: str) -> str:
        """The text of a page; an HTTPError where there is none."""
        return self._read(urllib.request.Request(f"{self.url}{path}"))

    def send(self, path: str, data: object) -> str:
        """The answer to data sent as JSON, as a page's own script would send it."""
        token = next((cookie.value or "" for cookie in self.jar if cookie.name == "csrftoken"), "")
        headers = {"Content-Type": "application/json", "X-CSRFToken": token, "Referer": self.url}
        return self._read(urllib.request.Request(f"{self.url}{path}", json.dumps(data).encode(), headers))

    def _read(self, request: urllib.request.Request) -> str:
        with self.opener.open(request, timeout=60) as response:
            return str(response.read().decode())


def title_of(page: str) -> str:
    """A page's title."""
    found = TITLE.search(page)
    return "" if found is None else found.group(1)
