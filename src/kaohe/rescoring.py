"""One subject's change carried through: only those are scored again whose figures it can move.

Whoever shares a group with the changed person (a team whose mean counts, a unit that is ranked)
is scored again with her; figures of the whole company make that everybody. The result equals
the full run, row by row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from kaohe.columns import AnyColumn, Array, Column, Links, Words
from kaohe.evaluating import Evaluator
from kaohe.facts import Facts, Frame
from kaohe.plan import PEOPLE, Plan, walk
from kaohe.scoring import Results, score


@dataclass(frozen=True)
class Neighbourhood:
    """The people whose results one person's facts can move, as rows of the whole company."""

    rows: Array
    everybody: bool


class Rescorer:
    """Scores again around one person; keeps what it learns about groups, so that each change is quick."""

    def __init__(self, results: Results) -> None:
        self.plan: Plan = results.plan
        self.facts: Facts = results.facts
        self.evaluator: Evaluator = results.evaluator
        self.row_of = {subject: row for row, subject in enumerate(self.facts.subjects)}
        self._members: dict[str, tuple[Array, Array]] = {}

    def around(self, subject: str, changes: Mapping[str, Fraction | None]) -> Results:
        """The results of everybody whom the change can move; `changes` are values by key, None takes one away.

        A KeyError for somebody, or for a key, that is not there.
        """
        row = self.row_of[subject]
        near = self.neighbourhood(row)
        facts = self.facts if near.everybody else self._slice(near.rows)
        at = row if near.everybody else int(np.searchsorted(near.rows, row))
        return score(self.plan, _changed(facts, at, changes))

    def neighbourhood(self, row: int) -> Neighbourhood:
        """Everybody tied to this row by a group, and by theirs in turn."""
        everyone = np.arange(len(self.facts.subjects))
        if self._is_tied_together():
            return Neighbourhood(everyone, True)
        rows = np.array([row], dtype=np.int64)
        while True:
            wider = np.unique(np.concatenate([rows, *(self._sharing(group, rows) for group in self._keyed())]))
            if wider.size == rows.size:
                return Neighbourhood(rows, rows.size == everyone.size)
            rows = wider

    def _used_groups(self) -> set[str]:
        trees = [node.inputs for node in self.plan.nodes.values()]
        named = {part[2] for tree in trees for part in walk(tree) if part[0] in ("over", "member")}
        return named | {node.params["among"] for node in self.plan.nodes.values() if "among" in node.params}

    def _keyed(self) -> list[str]:
        return [group for group in self._used_groups() if self.plan.groups[group]["key"] is not None]

    def _is_tied_together(self) -> bool:
        """Whether some figure is about the whole company, or about a unit's people."""
        whole = any(self.plan.groups[group]["key"] is None for group in self._used_groups())
        units = any(node.frame.partition("/")[0] in self.plan.scheme.units for node in self.plan.nodes.values())
        return whole or units

    def _sharing(self, group: str, rows: Array) -> Array:
        """Everybody in the same group as any of these rows."""
        if group not in self._members:
            codes, _ = self.evaluator.group_codes(group, PEOPLE)
            order = np.argsort(codes, kind="stable")
            self._members[group] = order, codes[order]
        order, ranked = self._members[group]
        codes, _ = self.evaluator.group_codes(group, PEOPLE)
        mine = np.unique(codes[rows])
        spans = [(np.searchsorted(ranked, code), np.searchsorted(ranked, code, side="right")) for code in mine if code >= 0]
        return np.concatenate([rows[:0], *(order[start:stop] for start, stop in spans)])

    def _slice(self, rows: Array) -> Facts:
        """The facts of these people alone."""
        taken: dict[str, Array] = {PEOPLE: rows}
        for name, frame in self.facts.frames.items():
            if PEOPLE in frame.links and name != PEOPLE:
                taken[name] = frame.links[PEOPLE].rows_of(rows)
        frames = {name: self._taken(frame, taken.get(name), taken) for name, frame in self.facts.frames.items()}
        subjects = [self.facts.subjects[row] for row in rows]
        return replace(self.facts, subjects=subjects, names=[self.facts.names[row] for row in rows], frames=frames)

    def _taken(self, frame: Frame, rows: Array | None, taken: dict[str, Array]) -> Frame:
        if rows is None:
            return frame
        links = {target: _moved(link, rows, taken.get(target.partition(".rater")[0])) for target, link in frame.links.items()}
        return frame.take(rows, links)


def _moved(link: Links, rows: Array, targets: Array | None) -> Links:
    """A link of the rows that are left, its targets counted anew."""
    parent = link.parent[rows]
    if targets is None:
        return Links(parent, link.size)
    place = np.searchsorted(targets, parent)
    found = (place < targets.size) & (parent >= 0)
    same = np.zeros(parent.size, dtype=bool)
    same[found] = targets[place[found]] == parent[found]
    return Links(np.where(same, place, -1), targets.size)


def _changed(facts: Facts, row: int, changes: Mapping[str, Fraction | None]) -> Facts:
    frame = facts.frames[PEOPLE]
    columns: dict[str, AnyColumn] = dict(frame.columns)
    for key, value in changes.items():
        name = f"value.{key}"
        column = columns[name]
        if isinstance(column, Words):
            raise KeyError(key)
        assert isinstance(column, Column)
        here = np.zeros(frame.size, dtype=bool)
        here[row] = True
        columns[name] = Column.of([value]).where(here, column)
    homes = {name: found for name, found in frame.homes.items() if name.removeprefix("value.") not in changes}
    people = Frame(frame.size, columns, frame.links, frame.table, frame.rows, homes)
    return replace(facts, frames={**facts.frames, PEOPLE: people})
