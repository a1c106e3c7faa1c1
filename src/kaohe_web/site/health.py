"""Whether the site is well: folder, secret, database, settings, audit chain, frozen rounds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from kaohe_web.audit.queries import verify
from kaohe_web.results.actions import recomputed
from kaohe_web.results.models import Run
from kaohe_web.site.refusals import Refused

GIGABYTE = 1 << 30


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    fine: bool
    zh: str
    en: str


def findings() -> Iterator[Finding]:
    """Everything worth a look, the cheap things first; what needs a sound database is left out without one."""
    yield from _folder()
    yield from _settings()
    database = _database()
    yield database
    if database.fine:
        yield _chain()
        yield _frozen()


def _folder() -> Iterator[Finding]:
    writable = os.access(settings.HOME, os.W_OK)
    yield Finding(
        writable,
        f"数据文件夹 {settings.HOME}{'可写' if writable else '不可写：请检查权限'}",
        f"data folder {settings.HOME} {'can be written' if writable else 'cannot be written: look at its owner'}",
    )
    secret = settings.HOME / "secret"
    private = secret.is_file() and not secret.stat().st_mode & 0o077
    yield Finding(
        private,
        "密钥文件只有本用户可读" if private else "密钥文件别人也能读：chmod 600 secret",
        "the secret is readable by this user only" if private else "others can read the secret: chmod 600 secret",
    )
    free = shutil.disk_usage(settings.HOME).free
    yield Finding(free > GIGABYTE, f"磁盘剩余 {free // GIGABYTE} GB", f"{free // GIGABYTE} GB of disk are free")


def _settings() -> Iterator[Finding]:
    public = set(settings.ALLOWED_HOSTS) - {"localhost", "127.0.0.1"}
    fine = not public or settings.HTTPS
    yield Finding(
        fine,
        "对外服务已用 HTTPS" if fine else "对外服务没有设 KAOHE_HTTPS=1，登录信息会明文传输",
        "served through HTTPS, or to this machine only" if fine else "served to others without KAOHE_HTTPS=1: sign-ins travel in the clear",
    )


def _database() -> Finding:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return Finding(False, f"数据库连不上：{error}", f"the database cannot be reached: {error}")
    if waiting:
        return Finding(
            False, f"数据库有 {len(waiting)} 步升级没做：kaohe upgrade", f"the database lacks {len(waiting)} steps: kaohe upgrade"
        )
    return Finding(True, f"数据库（{connection.display_name}）已是本版本", f"the database ({connection.display_name}) is of this version")


def _chain() -> Finding:
    proof = verify()
    if proof.holds:
        return Finding(
            True,
            f"审计链完整：{proof.entries} 条，{len(proof.erased)} 条内容已删除",
            f"the audit chain is whole: {proof.entries} entries, {len(proof.erased)} erased",
        )
    number, zh, en = proof.broken[0]
    return Finding(False, f"审计链第 {number} 条：{zh}", f"audit entry {number}: {en}")


def _frozen() -> Finding:
    count = 0
    for run in Run.objects.filter(version__isnull=False).select_related("round"):
        try:
            recomputed(run)
        except Refused:
            return Finding(
                False,
                f"“{run.round.name}”第 {run.version} 版重算不一致",
                f"“{run.round.name}”, version {run.version}, recomputes to other figures",
            )
        count += 1
    return Finding(True, f"{count} 个已公布的结果重算一致", f"{count} published results recompute to the same figures")
