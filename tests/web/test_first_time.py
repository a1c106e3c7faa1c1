"""From nothing to a round that is set up: each page says what comes next."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.web.served import TOP, Site


def test_an_empty_installation_leads_to_a_round_that_is_set_up(tmp_path: Path):
    site = Site("", tmp_path)
    told = site.python(f"import sys; sys.path.insert(0, {str(TOP)!r})\nfrom tests.web.first_walk import walk\nprint(walk())")
    assert ast.literal_eval(told.splitlines()[-1]) == [
        "从一轮考核开始",
        "确认收入",
        "选一个考核方案",
        "用它新建一轮考核",
        "新建一轮",
        "参评50人",
        "下一步：",
        "还没有账号",
        "50人中0人已签字",
    ]
