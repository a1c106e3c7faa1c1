"""The sample company in a folder of its own: filled once, then served, one sign-in a role."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kaohe_web.sample.afterwards import go_on
from kaohe_web.sample.company import PASSWORD, SIGN_INS, fill
from kaohe_web.site.asking import Visitor, title_of
from kaohe_web.site.preparing import migrate
from kaohe_web.site.serving import answers, free_port, processes, wait
from kaohe_web.site.speaking import spoken


class Command(BaseCommand):
    """Fill, serve, tell who may sign in; without a terminal each role's first page is asked once."""

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to serve."""
        parser.add_argument("--port", type=int, default=0)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        """Run until stopped, or once around."""
        migrate()
        self.stdout.write(
            spoken(
                "网站的样例公司：国安创想客户服务部，35 人，三个季度。",
                "The site's sample company: a customer-service department of 35, three quarters.",
            )
        )
        fill()
        go_on()
        port = port or free_port("127.0.0.1")
        url = f"http://127.0.0.1:{port}/"
        with processes("127.0.0.1", port, 1) as started:
            if not answers(f"{url}sign-in/"):
                self.stderr.write(spoken("网站没有启动。", "The site did not start."))
                sys.exit(1)
            self._tell(url)
            if os.environ.get("DEMO_SERVE") == "0" or not sys.stdin.isatty():
                self._look(url)
                return
            self.stdout.write(spoken("按 Ctrl-C 停止；再次运行会保留数据。", "Stop it with Ctrl-C; another run keeps the data."))
            self.stdout.flush()
            sys.exit(wait(started))

    def _tell(self, url: str) -> None:
        self.stdout.write(spoken(f"请打开 {url}，密码都是 {PASSWORD}：", f"Open {url}; everybody's password is {PASSWORD}:"))
        for one in SIGN_INS:
            self.stdout.write(f"  {one.user:<10}{spoken(one.role, one.role_en)}")

    def _look(self, url: str) -> None:
        """Each role's first page, once."""
        for one in SIGN_INS:
            page = Visitor(url, one.user, PASSWORD).page("/")
            self.stdout.write(
                spoken(f"  已打开 {one.user} 的首页：{title_of(page)}", f"  opened the first page of {one.user}: {title_of(page)}")
            )
