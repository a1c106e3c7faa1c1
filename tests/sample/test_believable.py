"""The whole sample has the size and the shape of a real shop's quarter."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from kaohe.sample import SampleReport, make_sample
from kaohe.sample.calendar import DAY, HOUR, NEVER
from kaohe.sample.drawing import Draws
from kaohe.sample.names import name_account
from kaohe.sample.world import World, make_world

Rows = list[dict[str, str]]
Read = Callable[[str], Rows]


@pytest.fixture(scope="module")
def world() -> World:
    """The default world."""
    return make_world(2026, "2026-01", 3, 60, 200_000)


def test_the_whole_sample_is_made_with_the_counts_asked_for(tmp_path: Path) -> None:
    report = make_sample(tmp_path)
    exported = sum(rows for name, rows in report.rows.items() if name.startswith("raw/conversations-"))
    repeated = report.dirt["duplicate_row"] + report.dirt["reexported_row"]
    assert report.conversations == 200_000
    assert exported == 200_000 + repeated
    assert report.conversations_set_aside * 1000 < 5 * exported
    assert json.loads((tmp_path / "expected.json").read_text(encoding="utf-8"))["rows"] == report.rows


def test_the_report_counts_the_rows_that_are_in_the_files(small: SampleReport, rows_of: Read) -> None:
    assert {name: len(rows_of(name)) for name in small.rows} == small.rows
    assert {path.relative_to(small.folder).as_posix() for path in small.folder.rglob("*.csv*")} == set(small.rows)


def test_all_agents_handle_some_hundreds_a_month_and_the_quick_are_twice_as_quick(world: World) -> None:
    talks = world.talks
    answered = talks.handled & (talks.replied != NEVER)
    waits = [sorted((talks.replied - talks.started)[answered & (talks.agent == number)].tolist()) for number in range(60)]
    medians = sorted(wait[len(wait) // 2] for wait in waits)
    assert min(len(wait) for wait in waits) > 300
    assert medians[-1] > 2 * medians[0]
    assert 10 < medians[30] < 40


def test_the_promotion_is_the_busiest_day_and_spring_festival_the_quietest(world: World) -> None:
    days = Counter(str(world.calendar.date_of(day)) for day in (world.talks.started // DAY).tolist())
    assert max(days, key=days.__getitem__) == "2026-03-08"
    assert "2026-02-16" <= min(days, key=days.__getitem__) <= "2026-02-22"


def test_evenings_peak_noon_dips_and_nights_are_the_automats(world: World) -> None:
    talks = world.talks
    hours = Counter((talks.started % DAY // HOUR).tolist())
    night = talks.started % DAY < 6 * HOUR
    assert hours[21] > hours[11] > hours[12] > hours[3]
    assert talks.automatic[night].mean() > 0.5 > talks.automatic[~night].mean() > 0.05


def test_some_replies_come_after_midnight_and_some_never(world: World) -> None:
    talks = world.talks
    over = talks.handled & (talks.replied // DAY > talks.started // DAY)
    assert 100 < over.sum() < 2_000
    assert 1_000 < (talks.replied == NEVER).sum() < 10_000


def test_draws_do_not_depend_on_how_many_come_from_another_stream() -> None:
    first, second = Draws(1, "orders"), Draws(1, "orders")
    Draws(1, "surveys").below(10, 1000)
    assert first.below(1000, 5).tolist() == second.below(1000, 5).tolist() == [int(value) for value in Draws(1, "orders").below(1000, 5)]
    assert first.below(10**6, 5).tolist() != Draws(2, "orders").below(10**6, 5).tolist()


def test_draws_stay_in_their_bounds_and_reach_them() -> None:
    draws = Draws(3, "bounds")
    assert set(draws.between(2, 5, 1000).tolist()) == {2, 3, 4, 5}
    assert set(draws.choose((1, 0, 3), 1000).tolist()) == {0, 2}
    assert sorted(draws.order(50).tolist()) == list(range(50))
    factors = sorted(draws.spread(10_001).tolist())
    assert 900 < factors[5_000] < 1_100


def test_account_names_never_repeat() -> None:
    assert len({name_account(number) for number in range(3_000)}) == 3_000
