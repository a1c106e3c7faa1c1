"""Brings the database to this version, after a backup."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from kaohe_web.site.keeping import copy_database
from kaohe_web.site.speaking import spoken


class Command(BaseCommand):
    """Back up, migrate, prove."""

    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Nothing is done where nothing is to do."""
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not waiting:
            self.stdout.write(spoken("数据库已是最新。", "The database is up to date."))
            return
        if executor.loader.applied_migrations:
            self._copy()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        self.stdout.write(spoken(f"已完成 {len(waiting)} 步升级。", f"{len(waiting)} steps done."))
        call_command("doctor", stdout=self.stdout)

    def _copy(self) -> None:
        """A copy of the embedded database as it was; a PostgreSQL is backed up by whoever runs it, who is told so."""
        if connection.vendor != "sqlite":
            self.stdout.write(spoken("请先用 pg_dump 备份；升级可以撤回。", "Back it up with pg_dump first; the steps can be undone."))
            return
        file = settings.HOME / f"before-upgrade-{timezone.localtime():%Y%m%d-%H%M%S}.sqlite3"
        copy_database(file)
        self.stdout.write(spoken(f"升级前的数据库保存在 {file}", f"The database as it was is kept in {file}"))
