"""What one more day costs: states kept by day beside a scan of all rows, and the rows behind one figure.

    python benchmarks/measuring_days.py out/bench/measuring_days.json --rows 10000000

A file a day for thirty days, each imported as it would come in. Every step runs in a process of its
own, in turn, medians of the repeats: a scan of all rows; the states made for the first time; one
new day; the rows behind one person's figure, with a cache and without. Every figure is compared.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from importlib import import_module
from pathlib import Path

from measuring import FIGURES, SOURCES, _calls, _peak_mb

DAYS = 30
PERIOD = (date(2026, 3, 1), date(2026, 3, 31))
MERGEABLE = {id: parts for id, parts in FIGURES.items() if "quantile" not in parts} | {"held": "kind: sum, value: hold_seconds"}


def definitions_text() -> str:
    """Thirteen mergeable measures over the calls."""
    sources = SOURCES.replace("    columns:\n", "    subject: agent\n    time: called_at\n    columns:\n", 1)
    lines = [f"  {id}: {{name: {id}, version: 1, table: calls, {parts}}}" for id, parts in MERGEABLE.items()]
    return sources + "measures:\n" + "\n".join(lines) + "\n"


def generate(folder: Path, rows: int, agents: int) -> list[Path]:
    """A file of calls a day; the same for the same numbers."""
    np, pq = import_module("numpy"), import_module("pyarrow.parquet")
    random, paths = np.random.default_rng(20260301), []
    for day in range(DAYS):
        path = folder / f"calls-{day + 1:02}.parquet"
        count = rows // DAYS
        table = _calls(random, day * count, count, agents)
        moments = np.datetime64(f"2026-03-{day + 1:02}", "us") + random.integers(0, 86400, count).astype("timedelta64[s]")
        at = table.schema.get_field_index("called_at")
        pq.write_table(table.set_column(at, "called_at", import_module("pyarrow").array(moments)), path, compression="zstd")
        paths.append(path)
    return paths


def run_one(step: str, folder: Path) -> None:
    """In a process of its own: one step, what it took, and the sums of its figures."""
    kaohe = import_module("kaohe.measuring")
    workspace, definitions = kaohe.Workspace(folder / "workspace"), kaohe.read_definitions(folder / "definitions.yaml")
    period, start = kaohe.Period(*PERIOD), time.perf_counter()
    if step == "why":
        behind = kaohe.rows_behind(workspace, definitions, "resolved", "e00042", period)
        checks = {"rows": behind.denominator_count}
    else:
        measured = kaohe.measure(workspace, definitions, period, cache="off" if step == "scan" else "use")
        checks = {one.id: [sum(one.numerators), sum(one.denominators)] for one in measured.figures}
    print(json.dumps({"seconds": time.perf_counter() - start, "peak_mb": _peak_mb(), "checks": checks}))


def apart(step: str, folder: Path) -> dict[str, object]:
    """A step in a process of its own."""
    command = [sys.executable, __file__, "--step", step, "--folder", str(folder)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]))


def bench(folder: Path, rows: int, agents: int, repeats: int) -> dict[str, object]:
    """All steps for one number of rows."""
    kaohe = import_module("kaohe.measuring")
    (folder / "definitions.yaml").write_text(definitions_text(), encoding="utf-8")
    definitions, workspace = kaohe.read_definitions(folder / "definitions.yaml"), kaohe.Workspace(folder / "workspace")
    paths = generate(folder, rows, agents)
    start = time.perf_counter()
    kaohe.import_files(workspace, definitions, "calls", paths[:-1])
    imported = time.perf_counter() - start
    apart("scan", folder)  # the page cache is warm for all
    first = apart("states", folder)
    start = time.perf_counter()
    kaohe.import_files(workspace, definitions, "calls", paths[-1:])
    day_imported = time.perf_counter() - start
    for path in paths:
        path.unlink()
    kept = folder / "states"
    shutil.copytree(folder / "workspace" / "cache", kept)
    runs: dict[str, list[dict[str, object]]] = {"scan": [], "one new day": [], "again": [], "why": []}
    for _ in range(repeats):
        shutil.rmtree(folder / "workspace" / "cache")
        shutil.copytree(kept, folder / "workspace" / "cache")
        runs["scan"].append(apart("scan", folder))
        runs["one new day"].append(apart("states", folder))
        runs["again"].append(apart("states", folder))
        runs["why"].append(apart("why", folder))
    agree = all(run["checks"] == runs["scan"][0]["checks"] for name in ("scan", "one new day", "again") for run in runs[name])
    steps = {name: {key: _median(found, key) for key in ("seconds", "peak_mb")} for name, found in runs.items()}
    steps["states made"] = {"seconds": float(str(first["seconds"])), "peak_mb": float(str(first["peak_mb"]))}
    gain = steps["scan"]["seconds"] / steps["one new day"]["seconds"]
    return {
        "rows": rows,
        "agents": agents,
        "import_seconds": imported,
        "import_day_seconds": day_imported,
        "steps": steps,
        "gain": gain,
        "all_agree": agree,
    }


def _median(runs: list[dict[str, object]], key: str) -> float:
    return statistics.median(float(str(run[key])) for run in runs)


def tell(found: dict[str, object]) -> None:
    """The steps of one number of rows."""
    print(
        f"{found['rows']:,} rows, {found['agents']:,} agents: 29 days imported in {found['import_seconds']:.1f} s, one more in {found['import_day_seconds']:.1f} s"
    )
    steps = found["steps"]
    assert isinstance(steps, dict)
    for name, figures in steps.items():
        print(f"  {name:14}{figures['seconds']:9.3f} s{figures['peak_mb']:9.0f} MB")
    print(f"  one new day is {found['gain']:.1f} times faster than the scan; all figures agree: {found['all_agree']}")


def exponent(found: list[dict[str, object]]) -> float:
    """How the scan grows with the rows, between the smallest and the largest."""
    first, last = found[0], found[-1]
    seconds = [one["steps"]["scan"]["seconds"] for one in (first, last)]  # type: ignore[index]
    return math.log(seconds[1] / seconds[0]) / math.log(int(str(last["rows"])) / int(str(first["rows"])))


def main() -> None:
    """Every number of rows; print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, nargs="?", default=Path("out/bench/measuring_days.json"))
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--agents", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--step", choices=["scan", "states", "why"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        run_one(arguments.step, arguments.folder)
        return
    found = []
    for rows in arguments.rows:
        with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
            found.append(bench(Path(name), rows, arguments.agents, arguments.repeats))
        tell(found[-1])
    report = {"runs": found, "scan_exponent": exponent(found) if len(found) > 1 else None}
    print(f"the scan grows with the power {report['scan_exponent']:.2f} of the rows" if len(found) > 1 else "")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
