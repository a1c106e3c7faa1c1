"""The site's commands at a shell. Each runs as a process of its own, so that `kaohe score` never waits for Django."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from kaohe_web.engine.shell import Entry, Lang, Text, talk_of

Home = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="数据文件夹（默认 ~/.kaohe 或 KAOHE_HOME） | The data folder (~/.kaohe or KAOHE_HOME)"),
]


def _run(context: typer.Context, home: Path | None, lang: str | None, *words: str) -> None:
    """Become a command of the site; its exit code is ours."""
    talk = talk_of(context, False)
    if find_spec("django") is None:
        talk.err.print(
            talk.say('网站需要另外安装：pip install "kaohe[web]"', 'The website is installed by: pip install "kaohe[web]"'), markup=False
        )
        raise typer.Exit(1)
    own = {"DJANGO_SETTINGS_MODULE": "kaohe_web.settings", "KAOHE_LANG": lang or talk.language, "PYTHONUTF8": "1"}
    folder = {} if home is None else {"KAOHE_HOME": str(home.resolve())}
    command, environment = [sys.executable, "-m", "django", *words], {**os.environ, **own, **folder}
    if os.name == "posix":
        os.execve(command[0], command, environment)  # in our place, so that a signal for us reaches it
    code = subprocess.call(command, env=environment)
    if code:
        raise typer.Exit(code)


def serve(
    context: typer.Context,
    home: Home = None,
    host: Annotated[str, typer.Option(help="在哪个地址上服务 | The address to serve on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口；0 为任意空闲端口 | The port; 0 for any free one")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="几个服务进程 | How many serving processes")] = 2,
    lang: Lang = None,
) -> None:
    """Serve the site: make its folder, secret, database and first administrator at the first start."""
    _run(context, home, lang, "serve", "--host", host, "--port", str(port), "--workers", str(workers))


def try_out(
    context: typer.Context,
    home: Home = Path("out/demo/site"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口；0 为任意空闲端口 | The port; 0 for any free one")] = 0,
    lang: Lang = None,
) -> None:
    """Serve the sample company, with one sign-in a role."""
    _run(context, home, lang, "sample", "--port", str(port))


def back_up(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="写到哪个文件（.zip） | The file to write (.zip)")],
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Write everything into one file: database, files, workspace, secret."""
    _run(context, home, lang, "backup", str(file))


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="备份文件 | The backup")],
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Bring a backup into an empty data folder and database, of whichever kind, and prove it."""
    _run(context, home, lang, "restore", str(file))


def upgrade(context: typer.Context, home: Home = None, lang: Lang = None) -> None:
    """Bring the database to this version; a backup is written first."""
    _run(context, home, lang, "upgrade")


def doctor(context: typer.Context, home: Home = None, lang: Lang = None) -> None:
    """Look for what is commonly wrong with folder, database, settings, audit chain and frozen rounds."""
    _run(context, home, lang, "doctor")


def audit(
    context: typer.Context,
    act: Annotated[
        str,
        typer.Argument(
            metavar="verify|erase", help="verify：验证审计链；erase：删除某人内容 | Prove the chain, or erase a person's content"
        ),
    ],
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="erase：工号 | erase: the work number")] = "",
    head: Annotated[str, typer.Option(help="外部保存的链头 | The head that was kept outside")] = "",
    reason: Annotated[str, typer.Option(help="erase：理由 | erase: the reason")] = "",
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Prove the audit chain, or erase what it says of a person."""
    more = [*(["--head", head] if head else []), *(["--reason", reason] if reason else [])]
    _run(context, home, lang, "audit", act, *([number] if number else []), *more)


COMMANDS = {
    "serve": Entry(
        serve,
        Text("启动网站：考核全过程，从开始到工资表。", "Serve the website: a whole round, from opening to pay sheet."),
        ("kaohe serve", "kaohe serve --home /srv/kaohe --port 8080"),
    ),
    "try": Entry(
        try_out,
        Text("用样例公司试用网站，每个角色一个账号。", "Try the website on a sample company, one sign-in a role."),
        ("kaohe try", "DEMO_SERVE=0 kaohe try"),
    ),
    "backup": Entry(
        back_up, Text("备份网站的全部数据。", "Back up everything that the site keeps."), ("kaohe backup kaohe-2026-11-22.zip",)
    ),
    "restore": Entry(
        restore,
        Text("把备份恢复到空的数据文件夹与数据库。", "Restore a backup into an empty folder and database."),
        ("kaohe restore kaohe-2026-11-22.zip --home /srv/kaohe-new",),
    ),
    "upgrade": Entry(upgrade, Text("升级数据库到本版本。", "Bring the database to this version."), ("kaohe upgrade",)),
    "doctor": Entry(doctor, Text("检查安装与数据是否健康。", "Look whether installation and data are healthy."), ("kaohe doctor",)),
    "audit": Entry(
        audit,
        Text("验证审计链，或按规定删除某人的内容。", "Prove the audit chain, or erase a person's content."),
        ("kaohe audit verify", 'kaohe audit erase KF0101 --reason "本人申请"'),
    ),
}
