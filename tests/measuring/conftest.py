"""The tea-house on the telephone: a small invented company whose events the measuring tests count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from kaohe.measuring import (
    Definitions,
    Figures,
    Import,
    Measured,
    Period,
    RowsBehind,
    Workspace,
    import_files,
    measure,
    read_definitions,
    rows_behind,
)

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))

CALLS = """
company_zone: Asia/Shanghai
sources:
  calls:
    name: 来电 | Calls
    missing: "?"
    columns:
      call_id: {from: [通话编号, Call Id], needed: true}
      agent: {from: [坐席, Agent]}
      called_at: {from: [来电时间, Called], type: datetime, needed: true}
      topic: {from: [主题, Topic], optional: true}
      answered: {from: [接听, Answered], type: yes_no, optional: true}
      wait_seconds: {from: [等待, Wait], type: seconds, optional: true}
      rating: {from: [评分, Rating], type: whole, optional: true}
      amount: {from: [金额, Amount], type: number, places: 2, optional: true}
"""

SHARED = "table: calls, subject: agent, time: called_at, version: 1, name: 度量 | Measure"


@dataclass
class House:
    """A workspace and its definitions, with short ways to write a file, take it in and measure it."""

    folder: Path
    definitions: Definitions | None = None

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.folder / "workspace")

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
        return path

    def define(self, *measures: str, sources: str = CALLS) -> Definitions:
        """Definitions with one flow-style measure a text: `wait: {kind: mean, value: wait_seconds}`."""
        lines = [measure.replace("{", "{" + SHARED + ", ", 1) for measure in measures]
        text = sources + ("measures:\n" + "".join(f"  {line}\n" for line in lines) if lines else "")
        self.definitions = read_definitions(self.write("definitions.yaml", text))
        return self.definitions

    def take(self, *files: str | Path, table: str = "calls") -> tuple[Import, ...]:
        assert self.definitions
        return import_files(self.workspace, self.definitions, table, [self.folder / file for file in files])

    def take_text(self, text: str, name: str = "calls.csv") -> Import:
        self.write(name, text)
        return self.take(name)[0]

    def measure(self, period: Period = MARCH) -> Measured:
        assert self.definitions
        return measure(self.workspace, self.definitions, period)

    def figures(self, id: str, period: Period = MARCH) -> Figures:
        return self.measure(period)[id]

    def behind(self, id: str, subject: str | None, limit: int = 100, offset: int = 0) -> RowsBehind:
        assert self.definitions
        return rows_behind(self.workspace, self.definitions, id, subject, MARCH, limit, offset)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An empty house."""
    return House(tmp_path)


@pytest.fixture
def new_house(tmp_path: Path) -> Callable[[], House]:
    """As many empty houses as one asks for."""
    made: list[House] = []

    def build() -> House:
        folder = tmp_path / f"house-{len(made)}"
        folder.mkdir()
        made.append(House(folder))
        return made[-1]

    return build


@pytest.fixture(scope="session")
def house_in() -> Callable[[Path], House]:
    """A house in a folder of one's own, for properties that need a new one for every example."""
    return House
