"""Looks for what is commonly wrong, and says what to do."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from kaohe_web.site.health import findings
from kaohe_web.site.speaking import spoken


class Command(BaseCommand):
    """Each check with a word; exit code 1 where something is wrong."""

    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every check."""
        wrong = False
        for one in findings():
            wrong = wrong or not one.fine
            mark = spoken("好", "fine") if one.fine else spoken("有问题", "WRONG")
            self.stdout.write(f"{mark}  {spoken(one.zh, one.en)}")
        if wrong:
            sys.exit(1)
