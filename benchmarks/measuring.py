"""What measuring costs: our one query beside hand-written SQL, polars and pandas on the same rows.

    python benchmarks/measuring.py --rows 10000000
    python benchmarks/measuring.py out/bench/measuring.json --rows 100000000 --only kaohe "hand-written SQL" --sets sums

Generates calls of 10,000 agents, imports them into a workspace (timed apart), then lets every
competitor compute the same thirteen figures per agent from the same Parquet files, each in a
process of its own: twelve sums, counts and maxima with a thirteenth (`sums`), and with an exact
90th percentile in its place (`quantile`). Prints a table and writes out/bench/measuring.json. On a
machine that others use, compare processor seconds: they stand beside those of the clock.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

ROWS_A_FILE = 1_000_000

SOURCES = """
company_zone: UTC
sources:
  calls:
    name: 通话 | Calls
    columns:
      call_id: {from: call_id, type: whole, needed: true}
      agent: {from: agent, needed: true}
      called_at: {from: called_at, type: datetime, needed: true}
      queue: {from: queue, needed: true}
      answered: {from: answered, type: yes_no, needed: true}
      resolved: {from: resolved, type: yes_no, needed: true}
      transferred: {from: transferred, type: yes_no, needed: true}
      wait_seconds: {from: wait_seconds, type: seconds, needed: true}
      talk_seconds: {from: talk_seconds, type: seconds, needed: true}
      hold_seconds: {from: hold_seconds, type: seconds, needed: true}
      rating: {from: rating, type: whole}
      amount: {from: amount, type: whole, needed: true}
"""

FIGURES = {
    "offered": "kind: count",
    "answered": "kind: count, where: answered",
    "talk": "kind: sum, value: talk_seconds",
    "handling": "kind: ratio, where: answered, numerator: talk_seconds + hold_seconds",
    "within_20": "kind: ratio, numerator: answered and wait_seconds <= 20",
    "speed": "kind: mean, where: answered, value: wait_seconds",
    "resolved": "kind: ratio, where: answered, numerator: resolved",
    "transferred": "kind: ratio, where: answered, numerator: transferred",
    "satisfaction": "kind: mean, value: rating",
    "satisfied": "kind: ratio, numerator: rating >= 4",
    "longest_wait": "kind: maximum, value: wait_seconds",
    "amount": "kind: sum, value: amount",
    "wait_p90": "kind: quantile, p: 0.9, value: wait_seconds",
}

THIRTEENTH = {"sums": {"held": "kind: sum, value: hold_seconds"}, "quantile": {"wait_p90": "kind: quantile, p: 0.9, value: wait_seconds"}}
TWELVE = {id: parts for id, parts in FIGURES.items() if id != "wait_p90"}

# What somebody who knows DuckDB well would write: conditional sums and `countif` are a fifth faster there than FILTER.
HAND_WRITTEN = """
SELECT agent, count(*), countif(answered), sum(talk_seconds),
       sum(CASE WHEN answered THEN talk_seconds + hold_seconds END), countif(answered AND wait_seconds <= 20),
       sum(CASE WHEN answered THEN wait_seconds END), countif(answered AND resolved), countif(answered AND transferred),
       sum(rating), count(rating), countif(rating >= 4), max(wait_seconds), sum(amount), $thirteenth
FROM read_parquet($files) WHERE called_at >= TIMESTAMP '2026-03-01' AND called_at < TIMESTAMP '2026-04-01' GROUP BY agent
"""

HAND_WRITTEN_THIRTEENTH = {"sums": "sum(hold_seconds)", "quantile": "quantile_disc(wait_seconds, 0.9)"}

Checks = dict[str, int]


def definitions_text() -> str:
    """Sources and all fourteen measures of the benchmark as a definitions file."""
    shared = "name: {0}, version: 1, table: calls, subject: agent, time: called_at"
    figures = TWELVE | THIRTEENTH["sums"] | THIRTEENTH["quantile"]
    lines = [f"  {id}: {{{shared.format(id)}, {parts}}}" for id, parts in figures.items()]
    sources = SOURCES.replace("    columns:\n", "    subject: agent\n    columns:\n", 1)
    return sources + "measures:\n" + "\n".join(lines) + "\n"


def generate(folder: Path, rows: int, agents: int) -> list[Path]:
    """Write calls as raw Parquet files of a million rows; the same for the same numbers."""
    np, pq = import_module("numpy"), import_module("pyarrow.parquet")
    random = np.random.default_rng(20260301)
    paths = []
    for first in range(0, rows, ROWS_A_FILE):
        path = folder / f"calls-{first // ROWS_A_FILE:03}.parquet"
        pq.write_table(_calls(random, first, min(ROWS_A_FILE, rows - first), agents), path, compression="zstd")
        paths.append(path)
    return paths


def _calls(random: Any, first: int, count: int, agents: int) -> Any:
    np, pa = import_module("numpy"), import_module("pyarrow")
    names = pa.array([f"e{i:05}" for i in range(agents)])
    start = int(np.datetime64("2026-03-01", "us").astype(np.int64))
    rating = random.integers(1, 6, count)
    return pa.table(
        {
            "call_id": pa.array(np.arange(first, first + count)),
            "agent": names.take(pa.array(random.integers(0, agents, count))),
            "called_at": pa.array((start + random.integers(0, 31 * 86400, count) * 1_000_000).astype("datetime64[us]"), pa.timestamp("us")),
            "queue": pa.array([f"q{i}" for i in range(12)]).take(pa.array(random.integers(0, 12, count))),
            "answered": pa.array(random.random(count) < 0.9),
            "resolved": pa.array(random.random(count) < 0.7),
            "transferred": pa.array(random.random(count) < 0.1),
            "wait_seconds": pa.array(random.exponential(25, count).astype(np.int64)),
            "talk_seconds": pa.array(random.exponential(240, count).astype(np.int64)),
            "hold_seconds": pa.array(random.exponential(20, count).astype(np.int64)),
            "rating": pa.array(rating, mask=random.random(count) < 0.6),
            "amount": pa.array(random.integers(0, 100_000, count)),
        }
    )


# --- competitors: each gives the sums of its figures over all agents, so that they can be compared ---


def run_kaohe(folder: Path, threads: int, kind: str, cache: str = "off") -> Checks:
    """Our engine, from definitions file to figures."""
    kaohe = import_module("kaohe.measuring")
    definitions = kaohe.read_definitions(folder / "definitions.yaml")
    workspace, period = kaohe.Workspace(folder / "workspace"), kaohe.Period(date(2026, 3, 1), date(2026, 3, 31))
    wanted, settings = [*TWELVE, *THIRTEENTH[kind]], kaohe.Settings(threads=threads)
    measured = kaohe.measure(workspace, definitions, period, measures=wanted, settings=settings, cache=cache)
    tops = {figures.id: sum(figures.numerators) for figures in measured.figures}
    return {**tops, "rated": sum(measured["satisfaction"].denominators)}


def run_kaohe_again(folder: Path, threads: int, kind: str) -> Checks:
    """Our engine as the command line runs it: from the states that an earlier run kept, where there are any."""
    return run_kaohe(folder, threads, kind, "use")


def run_sql(folder: Path, threads: int, kind: str) -> Checks:
    """The SQL that somebody who knows DuckDB well would write."""
    connection = import_module("duckdb").connect(config={"threads": str(threads)} if threads else {})
    connection.execute("SET enable_progress_bar = false")
    text = HAND_WRITTEN.replace("$thirteenth", HAND_WRITTEN_THIRTEENTH[kind])
    rows = connection.execute(text, {"files": [str(path) for path in _files(folder)]}).fetchall()
    sums = [sum(row[i] for row in rows) for i in range(1, 15)]
    names = ["offered", "answered", "talk", "handling", "within_20", "speed", "resolved", "transferred", "satisfaction", "rated"]
    return dict(zip([*names, "satisfied", "longest_wait", "amount", *THIRTEENTH[kind]], sums, strict=True))


def run_polars(folder: Path, threads: int, kind: str) -> Checks:
    """Polars, lazy and streaming."""
    pl = import_module("polars")
    answered, wait, rating = pl.col("answered"), pl.col("wait_seconds"), pl.col("rating")
    first, after = datetime(2026, 3, 1), datetime(2026, 4, 1)  # noqa: DTZ001
    frame = pl.scan_parquet(_files(folder)).filter((pl.col("called_at") >= first) & (pl.col("called_at") < after))
    thirteenth = {
        "sums": {"held": pl.col("hold_seconds").sum()},
        "quantile": {"wait_p90": wait.sort().get(((pl.len() * 9 + 9) // 10 - 1).cast(pl.Int64))},
    }
    figures = frame.group_by("agent").agg(
        offered=pl.len(),
        answered=answered.sum(),
        talk=pl.col("talk_seconds").sum(),
        handling=(pl.col("talk_seconds") + pl.col("hold_seconds")).filter(answered).sum(),
        within_20=(answered & (wait <= 20)).sum(),
        speed=wait.filter(answered).sum(),
        resolved=(answered & pl.col("resolved")).sum(),
        transferred=(answered & pl.col("transferred")).sum(),
        satisfaction=rating.sum(),
        rated=rating.count(),
        satisfied=(rating >= 4).sum(),
        longest_wait=wait.max(),
        amount=pl.col("amount").sum(),
        **thirteenth[kind],
    )
    row = figures.collect(engine="streaming").drop("agent").cast(pl.Int64).sum().to_dicts()[0]
    return {name: int(value) for name, value in row.items()}


def run_pandas(folder: Path, threads: int, kind: str) -> Checks:
    """Pandas, all needed columns in memory."""
    pd = import_module("pandas")
    frame = pd.concat(pd.read_parquet(path, columns=list(NEEDED)) for path in _files(folder))
    frame = frame[(frame.called_at >= "2026-03-01") & (frame.called_at < "2026-04-01")]
    answered = frame.answered
    frame["handling"] = (frame.talk_seconds + frame.hold_seconds).where(answered, 0)
    frame["within_20"] = answered & (frame.wait_seconds <= 20)
    frame["speed"] = frame.wait_seconds.where(answered, 0)
    frame["resolved"] &= answered
    frame["transferred"] &= answered
    frame["satisfied"] = frame.rating >= 4
    groups = frame.groupby("agent")
    summed = ["answered", "talk_seconds", "handling", "within_20", "speed", "resolved", "transferred", "rating", "satisfied", "amount"]
    sums = groups[[*summed, *(["hold_seconds"] if kind == "sums" else [])]].sum()
    names = {"talk_seconds": "talk", "rating": "satisfaction", "hold_seconds": "held"}
    found = {name: int(value) for name, value in sums.sum().rename(names).items()}
    extra = {"offered": len(frame), "rated": int(frame.rating.count()), "longest_wait": int(groups.wait_seconds.max().sum())}
    if kind == "quantile":
        ordered, sizes = frame.sort_values(["agent", "wait_seconds"]).wait_seconds, groups.size()
        extra["wait_p90"] = int(ordered.iloc[sizes.cumsum() - sizes + (sizes * 9 + 9) // 10 - 1].sum())
    return {**found, **extra}


COMPETITORS: dict[str, Callable[[Path, int, str], Checks]] = {
    "kaohe": run_kaohe,
    "kaohe again": run_kaohe_again,
    "hand-written SQL": run_sql,
    "polars": run_polars,
    "pandas": run_pandas,
}


LIBRARIES = {
    "kaohe": "kaohe.measuring",
    "kaohe again": "kaohe.measuring",
    "hand-written SQL": "duckdb",
    "polars": "polars",
    "pandas": "pandas",
}


def _files(folder: Path) -> list[Path]:
    return sorted((folder / "workspace" / "events").glob("*.parquet"))


NEEDED = ("agent", "called_at", "answered", "resolved", "transferred", "wait_seconds", "talk_seconds", "hold_seconds", "rating", "amount")


# --- running ----------------------------------------------------------------------------------------


def run_one(name: str, folder: Path, threads: int, kind: str) -> None:
    """In a process of its own: run a competitor and print what it took as JSON, its library imported before."""
    import_module(LIBRARIES[name])
    start, cpu = time.perf_counter(), time.process_time()
    checks = COMPETITORS[name](folder, threads, kind)
    taken = {"seconds": time.perf_counter() - start, "cpu_seconds": time.process_time() - cpu}
    print(json.dumps({**taken, "peak_mb": _peak_mb(), "checks": checks}))


def _peak_mb() -> float:
    """The most memory this process has held, in MB; not getrusage, which counts the parent's in."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def compare(folder: Path, repeats: int, threads: int, names: Sequence[str], kind: str) -> dict[str, dict[str, object]]:
    """Every competitor `repeats` times, in turn, so that a busy minute falls on all; medians."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    if "kaohe again" in names:
        _run_apart("kaohe again", folder, threads, kind)
    for _ in range(repeats):
        for name in names:
            runs[name].append(_run_apart(name, folder, threads, kind))
    return {name: _summary(taken) for name, taken in runs.items()}


def _run_apart(name: str, folder: Path, threads: int, kind: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--run", name, "--folder", str(folder), "--threads", str(threads), "--sets", kind]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]))


def _summary(runs: list[dict[str, float]]) -> dict[str, object]:
    figures = {key: statistics.median(run[key] for run in runs) for key in ("seconds", "cpu_seconds", "peak_mb")}
    best = {f"best_{key}": min(run[key] for run in runs) for key in ("seconds", "cpu_seconds")}
    return {**figures, **best, "checks": runs[0]["checks"]}


def main() -> None:
    """Generate, import, compare, print, write."""
    arguments = _arguments()
    if arguments.run:
        run_one(arguments.run, arguments.folder, arguments.threads, arguments.sets[0])
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        report = bench(Path(name), arguments)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def bench(folder: Path, arguments: argparse.Namespace) -> dict[str, object]:
    """The whole comparison, told as it goes."""
    start = time.perf_counter()
    paths = generate(folder, arguments.rows, arguments.agents)
    generated = time.perf_counter() - start
    (folder / "definitions.yaml").write_text(definitions_text(), encoding="utf-8")
    start, cpu = time.perf_counter(), time.process_time()
    kaohe = import_module("kaohe.measuring")
    kaohe.import_files(kaohe.Workspace(folder / "workspace"), kaohe.read_definitions(folder / "definitions.yaml"), "calls", paths)
    imported, import_cpu = time.perf_counter() - start, time.process_time() - cpu
    for path in paths:
        path.unlink()
    size = sum(path.stat().st_size for path in _files(folder))
    print(
        f"{arguments.rows:,} rows, {arguments.agents:,} agents: generated in {generated:.1f} s, imported in {imported:.1f} s, {size >> 20:,} MB"
    )
    sets = {}
    for kind in arguments.sets:
        found = compare(folder, arguments.repeats, arguments.threads, arguments.only, kind)
        _tell(kind, found)
        sets[kind] = {"competitors": found, "ratios": _ratios(found), "all_agree": _all_agree(found)}
    return {
        "rows": arguments.rows,
        "agents": arguments.agents,
        "machine": {"python": platform.python_version()} | {name: metadata.version(name) for name in ("duckdb", "polars", "pandas")},
        "generate_seconds": generated,
        "import_seconds": imported,
        "import_cpu_seconds": import_cpu,
        "events_mb": size >> 20,
        "sets": sets,
    }


def _tell(kind: str, found: dict[str, dict[str, object]]) -> None:
    print(f"{kind:18}{'median s':>10}{'best s':>10}{'CPU s':>10}{'best CPU':>10}{'peak MB':>10}")
    for name, figures in found.items():
        columns = ("seconds", "best_seconds", "cpu_seconds", "best_cpu_seconds", "peak_mb")
        print(f"{name:18}" + "".join(f"{figures[key]:10.2f}" for key in columns))
    for name, ratio in _ratios(found).items():
        print(f"{name} / kaohe: {ratio['seconds']:.2f} by the clock, {ratio['best_cpu_seconds']:.2f} by the processor")
    print(f"all figures agree: {_all_agree(found)}")
    for name, figures in found.items() if not _all_agree(found) else ():
        print(name, figures["checks"])


def _ratios(found: dict[str, dict[str, object]]) -> dict[str, dict[str, float]]:
    """How many times what kaohe takes each of the others takes."""
    keys = ("seconds", "best_seconds", "cpu_seconds", "best_cpu_seconds")
    ours = found.get("kaohe", {})
    others = {name: figures for name, figures in found.items() if name != "kaohe" and ours}
    return {name: {key: float(str(figures[key])) / float(str(ours[key])) for key in keys} for name, figures in others.items()}


def _all_agree(found: dict[str, dict[str, object]]) -> bool:
    checks = [figures["checks"] for figures in found.values()]
    return all(check == checks[0] for check in checks)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, nargs="?", default=Path("out/bench/measuring.json"), help="the JSON to write")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--agents", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=0, help="threads of the engines; 0 leaves it to them")
    parser.add_argument("--folder", type=Path, default=None, help="where the rows are generated; a temporary folder by default")
    parser.add_argument("--only", nargs="+", choices=list(COMPETITORS), default=list(COMPETITORS), help="which competitors")
    parser.add_argument("--sets", nargs="+", choices=list(THIRTEENTH), default=list(THIRTEENTH), help="which thirteen figures")
    parser.add_argument("--run", choices=list(COMPETITORS), help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
