"""Records that may only follow others of the same subject: `after: [agreed]` on an event type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from kaohe.fact_problems import OutOfOrder
from kaohe.facts import Table
from kaohe.problems import Problem
from kaohe.scheme import EventType
from kaohe.texts import listed

Moment = tuple[int, int]


@dataclass
class Diary:
    """When what happened to whom: a moment is a day and, within it, the row in the source."""

    moments: dict[tuple[str, str], list[Moment]] = field(default_factory=lambda: defaultdict(list))

    def write(self, kind: str, subject: str, day: int, row: int) -> None:
        """Keep one record, whatever the period."""
        self.moments[kind, subject].append((day, row))

    def out_of_order(self, events: dict[str, EventType], table: Table) -> Iterator[tuple[int, Problem]]:
        """Every record that came before one which it needs, by its row; it is told under its own name and theirs."""
        for (kind, subject), moments in self.moments.items():
            for moment in moments:
                lacking = [step for step in events[kind].after if not self._came(step, subject, moment)]
                if lacking:
                    place = table.at(moment[1], "at")
                    yield moment[1], OutOfOrder(place, [kind, *lacking, subject], what=subject, found=kind, needed=listed(lacking))

    def _came(self, step: str, subject: str, before: Moment) -> bool:
        return any(moment < before for moment in self.moments.get((step, subject), ()))
