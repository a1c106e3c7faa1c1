"""What a measuring must come to: every kind of dirt with its count and rows, every true figure, as one file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from kaohe.sample.dirt import KINDS, Kind, is_repeat
from kaohe.sample.followups import SILENT
from kaohe.sample.truth import DEFINITIONS, true_figures
from kaohe.sample.world import World

_ID_LETTERS = {"conversations": "H", "orders": "D", "surveys": "S", "complaints": "T"}

# Oddities that are not a matter of single rows, and how a reader meets them.
_WHOLE = {
    "byte_order_mark": "surveys-*.csv begin with a UTF-8 byte order mark",
    "gbk_encoding": "complaints.csv is in GBK",
    "renamed_account": "one person's account gets another name in mid-month",
    "handed_over_account": "one account passes from a person who left to one who joined",
    "silent_order": "orders without a conversation: nobody's",
}


def count_dirt(world: World) -> dict[str, int]:
    """How often each kind of dirt was planted; for kinds of rows, in rows."""
    marks = world.marks()
    return {kind.name: marks[kind.table].count(kind.name) for kind in KINDS} | _count_whole(world)


def set_aside_conversations(world: World) -> int:
    """How many rows of all conversation files a clean-up sets aside."""
    kinds = (kind for kind in KINDS if kind.table == "conversations" and kind.effect == "set_aside")
    return sum(world.talk_marks.count(kind.name) for kind in kinds)


def write_expected(world: World, rows: Mapping[str, int]) -> str:
    """The text of expected.json."""
    expected = {
        "seed": world.seed,
        "rows": dict(rows),
        "cast": _cast(world),
        "dirt": {kind.name: _kind(world, kind) for kind in KINDS} | _whole(world),
        "conversations_set_aside": set_aside_conversations(world),
        "definitions": DEFINITIONS,
        "by_conversation": true_figures(world, by_own_date=False),
        "by_own_date": true_figures(world, by_own_date=True),
    }
    return json.dumps(expected, ensure_ascii=False, indent=1) + "\n"


def _count_whole(world: World) -> dict[str, int]:
    silent = int(np.count_nonzero(world.orders.conversation == SILENT))
    counts = (len(world.calendar.months), 1, 1, 1, silent)
    return dict(zip(_WHOLE, counts, strict=True))


def _whole(world: World) -> dict[str, dict[str, Any]]:
    counts = _count_whole(world)
    return {name: {"count": counts[name], "effect": "kept", "means": sentence} for name, sentence in _WHOLE.items()}


def _kind(world: World, kind: Kind) -> dict[str, Any]:
    rows = world.marks()[kind.table].rows(kind.name).tolist()
    ids = [f"{_ID_LETTERS[kind.table]}{row + 1:08d}" for row in rows]
    effect = "set_aside_repetition" if is_repeat(kind) else kind.effect
    return {"table": kind.table, "count": len(rows), "effect": effect, "means": kind.sentence, "ids": ids}


def _cast(world: World) -> dict[str, Any]:
    cast, agents = world.company.cast, world.company.agents
    return {
        "renamed": {"person": agents[cast.renamed].id, "on": str(cast.renamed_on)},
        "same_name": [agents[number].id for number in cast.same_name],
        "left": {"person": agents[cast.left].id, "on": str(cast.left_on)},
        "joined": {"person": agents[cast.joined].id, "on": str(cast.joined_on)},
        "on_leave": {"person": agents[cast.on_leave].id, "month": cast.leave.name},
    }
