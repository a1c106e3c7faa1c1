"""Restores a backup into an empty place, and proves it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kaohe_web.site.keeping import restore
from kaohe_web.site.refusals import Refused
from kaohe_web.site.speaking import spoken


class Command(BaseCommand):
    """Restores a backup into an empty place, and proves it."""

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The file to read."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Restore, walk the audit chain, recompute what was published."""
        try:
            kept = restore(file)
        except Refused as refused:
            raise CommandError("\n".join(spoken(zh, en) for zh, en in refused.reasons)) from refused
        self.stdout.write(spoken(f"已恢复 {kept.rows} 行、{kept.files} 个文件。", f"Restored {kept.rows} rows and {kept.files} files."))
        call_command("doctor", stdout=self.stdout)
