"""The cache gives what a full scan gives, costs a new file its own rows, and is never believed against the rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.measuring import Period, Workspace, import_files, measure, read_definitions
from kaohe.problems import Problems

DEFINITIONS = """
company_zone: Asia/Shanghai
sources:
  calls:
    name: 来电 | Calls
    subject: {account: agent, through: desk}
    time: at
    columns:
      id: {from: id, needed: true}
      agent: {from: agent}
      at: {from: at, type: datetime}
      wait: {from: wait, type: seconds, places: 1}
      ok: {from: ok, type: yes_no}
  people:
    name: 账号 | Accounts
    columns: {account: {from: account, needed: true}, person: {from: person, needed: true}, start: {from: start, type: date}, stop: {from: stop, type: date}}
accounts:
  desk: {name: 账号 | Accounts, table: people, account: account, person: person, from: start, to: stop}
calendars:
  office: {name: 办公 | Office, hours: {mon-fri: "09:00-18:00"}}
measures:
  calls: {name: 来电 | Calls, version: 1, table: calls, kind: count}
  waited: {name: 等待 | Waited, version: 1, table: calls, kind: sum, value: wait}
  mean: {name: 平均 | Mean, version: 1, table: calls, kind: mean, value: wait}
  longest: {name: 最长 | Longest, version: 1, table: calls, kind: maximum, value: wait}
  shortest: {name: 最短 | Shortest, version: 1, table: calls, kind: minimum, value: wait}
  share: {name: 占比 | Share, version: 1, table: calls, kind: ratio, numerator: ok, exclusions: [{reason: short, name: 太短 | Short, when: wait < 1}]}
  open: {name: 上班 | Open, version: 1, table: calls, kind: count, where: 'is_open(office, at)'}
  median: {name: 中位 | Median, version: 1, table: calls, kind: quantile, value: wait, p: 0.5}
  times: {name: 几种 | Kinds, version: 1, table: calls, kind: distinct, value: wait}
"""
PEOPLE = "account,person,start,stop\nx1,e1,,2026-03-05\nx1,e2,2026-03-05,\nx2,e2,,\n"
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


class Desk:
    def __init__(self, folder: Path) -> None:
        self.folder, self.workspace = folder, Workspace(folder / "w")
        self.define(DEFINITIONS)
        self.take("people", "people.csv", PEOPLE)

    def define(self, text: str) -> None:
        (self.folder / "d.yaml").write_text(text, encoding="utf-8")
        self.definitions = read_definitions(self.folder / "d.yaml")

    def take(self, table: str, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")
        import_files(self.workspace, self.definitions, table, [self.folder / name])

    def day(self, day: int, *rows: tuple[str, int, str]) -> None:
        lines = [f"{day}-{i},{agent},2026-03-{day:02} {10 + i % 12}:00,{wait},{ok}" for i, (agent, wait, ok) in enumerate(rows)]
        self.take("calls", f"calls-{day}.csv", "\n".join(["id,agent,at,wait,ok", *lines]) + "\n")

    def figures(self, cache: str = "off", period: Period = MARCH):
        return measure(self.workspace, self.definitions, period, cache=cache).figures

    def states(self) -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in (self.workspace.folder / "cache").rglob("*.parquet")}


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.day(4, ("x1", 5, "是"), ("x2", 0, "否"), ("", 7, "是"), ("x9", 3, "是"))
    desk.day(6, ("x1", 9, "否"), ("x1", 2, "是"))
    return desk


def test_the_cache_gives_what_a_scan_gives(desk):
    scanned = desk.figures()
    assert desk.figures("use") == scanned
    assert desk.figures("use") == scanned
    assert desk.figures("verify") == scanned


@pytest.mark.parametrize(
    "period",
    [Period(date(2026, 3, 4), date(2026, 3, 4)), Period(date(2026, 3, 5), date(2026, 3, 31)), Period(date(2026, 4, 1), date(2026, 4, 30))],
)
def test_states_serve_every_period(desk, period):
    desk.figures("use")
    assert desk.figures("use", period) == desk.figures("off", period)


def test_a_new_file_makes_its_own_state_and_leaves_the_others(desk):
    desk.figures("use")
    before = desk.states()
    desk.day(7, ("x2", 1, "是"))
    assert desk.figures("use") == desk.figures()
    after = desk.states()
    assert len(after) == len(before) + 1
    assert before.items() <= after.items()


def test_a_changed_measure_and_a_changed_account_are_measured_anew(desk):
    desk.figures("use")
    desk.define(DEFINITIONS.replace("when: wait < 1", "when: wait < 4"))
    assert desk.figures("use") == desk.figures()
    desk.take("people", "people.csv", PEOPLE.replace("x2,e2", "x2,e3"))
    assert desk.figures("use") == desk.figures()
    desk.define(DEFINITIONS.replace("09:00-18:00", "11:00-18:00"))
    assert desk.figures("use") == desk.figures()


def test_accounts_that_are_read_otherwise_are_measured_anew(desk):
    desk.figures("use")
    desk.define(DEFINITIONS.replace("from: start, to: stop}", "from: start, to: stop, otherwise: {x9: e9}}"))
    assert desk.figures("use")[0].pair("e9") == (1, 1)
    assert desk.figures("use") == desk.figures()
    desk.define(DEFINITIONS.replace("person: person, from: start", "person: account, from: start"))
    assert desk.figures("use") == desk.figures()
    assert desk.figures("use")[0].subjects == ("x1", "x2")


def test_a_state_that_lies_is_found_and_the_cache_removed(desk):
    desk.figures("use")
    path = max(desk.states(), key=lambda path: pq.read_metadata(path).num_rows)
    pq.write_table(pq.read_table(path).slice(0, 0), path)
    with pytest.raises(Problems) as caught:
        desk.figures("verify")
    assert [problem.code for problem in caught.value] == ["M041"]
    assert desk.states() == {}
    assert desk.figures("verify") == desk.figures()


def test_many_small_files_share_states(desk, monkeypatch):
    monkeypatch.setattr("kaohe.measuring.caching.MOST_PARTS", 1)
    assert desk.figures("use") == desk.figures()
    desk.day(7, ("x2", 1, "是"))
    assert desk.figures("use") == desk.figures()


ROWS = st.lists(st.tuples(st.sampled_from(["x1", "x2", "x9", ""]), st.integers(0, 9), st.sampled_from(["是", "否", ""])), max_size=12)


@settings(max_examples=10, deadline=None)
@given(st.dictionaries(st.integers(1, 28), ROWS, min_size=1, max_size=4), st.integers(1, 28))
def test_cached_figures_are_those_of_the_rows_whatever_the_rows_are(days, first):
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        for day, rows in days.items():
            desk.day(day, *rows)
            assert desk.figures("use", Period(date(2026, 3, first), date(2026, 3, 31))) == desk.figures(
                "off", Period(date(2026, 3, first), date(2026, 3, 31))
            )


def test_numbers_beyond_64_bits_are_kept_and_merged(tmp_path):
    desk = Desk(tmp_path)
    desk.define(DEFINITIONS.replace("kind: sum, value: wait", "kind: sum, value: wait * 100000000000000000"))
    desk.day(4, ("x2", 5, "是"))
    desk.day(6, *[("x2", 9999, "否")] * 100)
    scanned, cached = desk.figures(), desk.figures("use")
    assert cached == scanned == desk.figures("verify")
    assert scanned[1].numerators == (999905 * 10**18,)
    assert {path.suffix for path in (desk.workspace.folder / "cache").rglob("*-*")} == {".parquet", ".wide"}
