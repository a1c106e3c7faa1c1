"""Runs pytest and keeps what it found as JSON: `python tools/soak.py out/soak/soak.json <pytest arguments>`.

For each test: how it ended, its seconds, and the figures it handed to pytest's `record_property`. Run by `make soak`.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from pathlib import Path

import pytest


class Keeper:
    """A pytest plugin that keeps one row a test."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the row of the test itself; of set-up and tear-down only what failed or was skipped."""
        if report.when == "call" or report.outcome != "passed":
            seconds = round(report.duration, 3)
            found = {str(name): value for name, value in report.user_properties}
            self.rows.append({"test": report.nodeid, "step": report.when, "outcome": report.outcome, "seconds": seconds, "found": found})


def main(target: Path, arguments: list[str]) -> int:
    """Run pytest with `arguments`, write `target`, give pytest's exit code."""
    keeper = Keeper()
    start = time.monotonic()
    code = int(pytest.main(arguments, plugins=[keeper]))
    about = {
        "exit_code": code,
        "seconds": round(time.monotonic() - start, 1),
        "python": platform.python_version(),
        "machine": platform.platform(),
        "cores": os.cpu_count(),
        "tests": sorted(keeper.rows, key=lambda row: str(row["test"])),
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(about, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    print(f"written: {target}")
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
