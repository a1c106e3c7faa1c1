"""Makes the whole sample in a folder, and says what was made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from kaohe.sample.cells import Clock
from kaohe.sample.expecting import count_dirt, set_aside_conversations, write_expected
from kaohe.sample.exports import write_complaints, write_conversations, write_inspections, write_orders, write_surveys
from kaohe.sample.months import write_accounts, write_months, write_people
from kaohe.sample.world import World, make_world
from kaohe.sample.writing import write_text

Progress = Callable[[str, int, int], None]

_EXPORTS = {
    "conversations": write_conversations,
    "orders": write_orders,
    "surveys": write_surveys,
    "complaints": write_complaints,
    "inspections": write_inspections,
}
_STEPS = len(_EXPORTS) + 3

# What the company wrote itself: its rules in words, how its exports read, what is counted, the scheme that carries the rules out.
COMPANY_FILES = ("README.md", "sources.yaml", "measures.yaml", "scheme.yaml")

# Which files of a sample hold which table of sources.yaml.
TABLES = {
    "conversations": "raw/conversations-*.csv.gz",
    "orders": "raw/orders-*.csv.gz",
    "surveys": "raw/surveys-*.csv",
    "complaints": "raw/complaints.csv",
    "inspections": "raw/inspections.csv",
    "sub_accounts": "accounts.csv",
}


@dataclass(frozen=True)
class SampleReport:
    """What was made: the rows of each table by its path in the folder, and the dirt of each kind."""

    folder: Path
    seed: int
    conversations: int
    rows: dict[str, int]
    dirt: dict[str, int]
    conversations_set_aside: int


def make_sample(
    folder: Path,
    *,
    seed: int = 2026,
    start_month: str = "2026-01",
    months: int = 3,
    agents: int = 60,
    conversations: int = 200_000,
    progress: Progress | None = None,
) -> SampleReport:
    """An invented tea-ware shop's customer service, written into the folder: the same for the same seed.

    The company's own files, sources.yaml, measures.yaml and scheme.yaml, stand beside its data.
    `conversations` counts different ones; the files have some rows more, repeated by the dirt.
    `progress` is told each step, its number and the number of steps.

    Errors: ValueError when there are too few agents, months or conversations to plant every story in.
    """
    tell = progress or _tell_nobody
    tell("world", 1, _STEPS)
    world = make_world(seed, start_month, months, agents, conversations)
    rows = _write_exports(folder / "raw", world, tell)
    tell("months", _STEPS - 1, _STEPS)
    rows |= _write_people(folder, world)
    tell("expected", _STEPS, _STEPS)
    write_text(folder / "expected.json", write_expected(world, rows))
    write_company(folder)
    return SampleReport(folder, seed, len(world.talks), rows, count_dirt(world), set_aside_conversations(world))


def write_company(folder: Path) -> tuple[Path, ...]:
    """The invented company's own files, written into the folder: its sources, its measures, its scheme."""
    for name in COMPANY_FILES:
        write_text(folder / name, (files("kaohe.sample") / "company" / name).read_text(encoding="utf-8"))
    return tuple(folder / name for name in COMPANY_FILES)


def _tell_nobody(_step: str, _number: int, _of: int) -> None:
    """For whoever did not ask."""


def _write_exports(raw: Path, world: World, tell: Progress) -> dict[str, int]:
    clock = Clock(world.calendar)
    rows: dict[str, int] = {}
    for number, (name, write) in enumerate(_EXPORTS.items(), start=2):
        tell(name, number, _STEPS)
        rows |= write(raw, world, clock)
    return rows


def _write_people(folder: Path, world: World) -> dict[str, int]:
    whole = {
        "people.csv": write_people(folder / "people.csv", world.company.people),
        "accounts.csv": write_accounts(folder / "accounts.csv", world),
    }
    return whole | write_months(folder, world)
