"""The same seed is the same sample, wherever and whenever it is made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kaohe.sample import COMPANY_FILES, SampleReport, make_sample

_MAKE = """
import sys, pathlib
from kaohe.sample import make_sample
make_sample(pathlib.Path(sys.argv[1]), seed=7, agents=20, conversations=5_000)
"""


def test_the_same_seed_gives_the_same_bytes(small: SampleReport, tmp_path: Path) -> None:
    make_sample(tmp_path, seed=7, agents=20, conversations=5_000)
    assert _bytes(tmp_path) == _bytes(small.folder)


def test_another_time_zone_and_another_hash_seed_change_nothing(small: SampleReport, tmp_path: Path) -> None:
    surroundings = {**os.environ, "TZ": "America/St_Johns", "PYTHONHASHSEED": "99", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", _MAKE, str(tmp_path)], check=True, env=surroundings)
    assert _bytes(tmp_path) == _bytes(small.folder)


def test_another_seed_gives_other_files_and_other_people(small: SampleReport, tmp_path: Path) -> None:
    make_sample(tmp_path, seed=8, agents=20, conversations=5_000)
    mine, theirs = _bytes(small.folder), _bytes(tmp_path)
    same = {name for name, content in mine.items() if theirs[name] == content}
    assert set(mine) == set(theirs)
    assert same == {name for name in mine if name.endswith("facts.yaml")} | {"accounts.csv", *COMPANY_FILES}


def test_progress_is_told_in_order_up_to_the_last_step(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    make_sample(tmp_path, agents=20, conversations=5_000, progress=lambda *step: told.append(step))
    assert [number for _, number, _ in told] == list(range(1, told[0][2] + 1))


@pytest.mark.parametrize(("start", "months", "agents"), [("2025-11", 1, 12), ("2027-12", 2, 30), ("2028-01", 14, 12)])
def test_a_sample_may_begin_in_any_month_and_last_as_long_as_one_likes(tmp_path: Path, start: str, months: int, agents: int) -> None:
    report = make_sample(tmp_path, start_month=start, months=months, agents=agents, conversations=4_000)
    folders = sorted(path.name for path in (tmp_path / "months").iterdir())
    assert folders[0] == start
    assert len(folders) == months
    assert report.rows[f"raw/conversations-{start}.csv.gz"] > 0


@pytest.mark.parametrize("wrong", [{"agents": 11}, {"months": 0}, {"conversations": 20}, {"agents": 5_000}, {"start_month": "2026-13"}])
def test_what_cannot_be_made_is_refused(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        make_sample(tmp_path, **wrong)  # type: ignore[arg-type]


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
