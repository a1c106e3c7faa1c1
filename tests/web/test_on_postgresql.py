"""What holds on the embedded database holds on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.servers import running_postgresql
from tests.web.served import new_database

HERE = Path(__file__).resolve().parent
# These bring their own databases of both kinds, or ask every route, which no database answers otherwise.
APART = (Path(__file__).name, "test_keeping.py", "test_load.py", "test_permissions.py")
FILES = sorted(path for path in HERE.glob("test_*.py") if path.name not in APART)


def test_the_tests_of_the_site_pass_on_postgresql():
    with running_postgresql() as server:
        environment = {**os.environ, "KAOHE_DATABASE_URL": new_database(server.url("postgres"))}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", *map(str, FILES)]
        done = subprocess.run(command, cwd=HERE.parents[1], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
