"""A small tea-house with its scheme and facts in a folder, and the command run on them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kaohe.cli import main

SCHEME = """
scheme: tea-house-waiters
name: 茶馆服务员月度考核 | Monthly appraisal of tea-house waiters
period: month
scale: 100
people:
  bonus_base: {is: yuan 0.. optional, name: 奖金基数 | Bonus base}
values:
  refill_seconds: {is: seconds 0.. , name: 续水时长 | Refill time}
  greeting_share: {is: ratio, name: 迎客率 | Share greeted}
items:
  greeting: {name: 迎客 | Greeting, weight: 40%, clause: §1, is: greeting_share * 100}
  refill:
    name: 续水时长 | Refill time
    weight: 60%
    clause: §2
    by: refill_seconds
    tiers: [{below: 60, points: 100}, {up_to: 120, points: 60}, {else: 0}]
total: {is: weighted sum, clause: §3}
grades:
  clause: §6
  rows:
    A: {from: 90, name: 优秀 | Excellent}
    B: {from: 75, name: 良好 | Good}
    C: {else: yes, name: 待改进 | To improve}
rank: {by: total, clause: §7}
pay:
  clause: §4
  lines:
    bonus: {name: 奖金 | Bonus, is: bonus_base * total / 100, clause: §4}
actions:
  talk: {name: 面谈 | Talk, when: total < 60, clause: §5}
"""

FACTS = """
period: {start: 2026-03-01, end: 2026-03-31}
people:
  - {id: e1, name: 张三, bonus_base: 1000}
  - {id: e2, name: 李四, bonus_base: 1000.10}
  - {id: e3, name: 王五, bonus_base: 500}
values:
  e1: {refill_seconds: 45, greeting_share: 98.5%}
  e2: {refill_seconds: 130, greeting_share: 0.7}
  e3: {refill_seconds: 90}
"""


@dataclass
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@dataclass
class House:
    """The tea-house's folder."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    @property
    def scheme(self) -> str:
        return self.write("scheme.yaml", SCHEME)

    @property
    def facts(self) -> str:
        return self.write("facts.yaml", FACTS)

    def run(self, *words: object) -> Said:
        """The command, in this process, into pipes."""
        self.capsys.readouterr()
        code = main([str(word) for word in words])
        told = self.capsys.readouterr()
        return Said(code, told.out, told.err)

    def spawn(self, *words: object, **environment: str) -> Said:
        """The command as a shell would start it, with only these variables and PATH."""
        command = [sys.executable, "-m", "kaohe", *(str(word) for word in words)]
        bare = {"PATH": os.environ.get("PATH", ""), **environment}
        done = subprocess.run(command, env=bare, capture_output=True, encoding="utf-8", check=False, cwd=self.folder)
        return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def house(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> House:
    """The tea-house, in English unless a test says otherwise, on no particular terminal."""
    for name in ("COLUMNS", "KAOHE_DEBUG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KAOHE_LANG", "en")
    return House(tmp_path, capsys)
