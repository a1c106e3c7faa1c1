"""Serves the site until somebody stops it."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from kaohe_web.site.preparing import prepare
from kaohe_web.site.serving import answers, free_port, processes, wait
from kaohe_web.site.speaking import spoken


class Command(BaseCommand):
    """Prepare, start, tell where, wait."""

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to serve."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args: Any, host: str, port: int, workers: int, **options: Any) -> None:
        """Run until stopped; exit code 1 where a process ended by itself."""
        password = prepare()
        port = port or free_port(host)
        url = f"http://{host}:{port}/"
        with processes(host, port, workers) as started:
            if not answers(f"{url}sign-in/"):
                self.stderr.write(spoken(f"网站没有启动：端口 {port} 可能被占用。", f"The site did not start: port {port} may be taken."))
                sys.exit(1)
            self.stdout.write(spoken(f"网站已启动：{url}", f"The site is at {url}"))
            self.stdout.write(spoken(f"数据在 {settings.HOME}；按 Ctrl-C 停止。", f"Its data is in {settings.HOME}; stop it with Ctrl-C."))
            if password:
                self.stdout.write(
                    spoken(
                        f"首个管理员：admin，一次性密码 {password}（登录后请修改）",
                        f"First administrator: admin, one-time password {password} (change it once signed in)",
                    )
                )
            self.stdout.flush()
            sys.exit(wait(started))
