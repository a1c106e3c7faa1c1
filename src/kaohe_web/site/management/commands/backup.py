"""Writes a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kaohe_web.site.keeping import back_up
from kaohe_web.site.speaking import spoken


class Command(BaseCommand):
    """Writes a backup."""

    def add_arguments(self, parser: CommandParser) -> None:
        """The file to write."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Write it and say what it holds."""
        kept = back_up(file)
        self.stdout.write(
            spoken(
                f"已备份到 {kept.file}：{kept.rows} 行、{kept.files} 个文件。",
                f"Backed up into {kept.file}: {kept.rows} rows, {kept.files} files.",
            )
        )
