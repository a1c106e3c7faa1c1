"""The evaluator: every operation of a resolved formula, and the column of every figure, computed once."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from kaohe.columns import MISSING, NONE, AnyColumn, Array, Column, Links, Truth, Words
from kaohe.evaluating import people, periods, rows
from kaohe.evaluating.functions import COMPARE, FUNCTIONS
from kaohe.evaluating.lifting import lift
from kaohe.facts import Facts
from kaohe.numbers import day_number, number
from kaohe.plan import PEOPLE, Node, Plan, Tree
from kaohe.rules import rules
from kaohe.rules.bands import Band
from kaohe.rules.tiers import points_of_bands


class Evaluator:
    """The figures of one plan over one set of facts."""

    def __init__(self, plan: Plan, facts: Facts) -> None:
        self.plan = plan
        self.facts = facts
        self.columns: dict[str, AnyColumn] = {}
        self._links: dict[tuple[str, str], Links] = {}
        self._groups: dict[tuple[str, str], tuple[Array, Array]] = {}

    # --- what rules may ask -------------------------------------------------------------------

    def size(self, frame: str) -> int:
        """How many rows a frame has."""
        return self.facts.frames[frame].size

    def config(self, key: str) -> Any:
        """What the company chose."""
        return self.facts.config[key]

    def number(self, tree: Tree, frame: str) -> Column:
        """A formula that gives numbers."""
        found = self.value(tree, frame)
        assert isinstance(found, Column), tree
        return found

    def truth(self, tree: Tree, frame: str) -> Truth:
        """A formula that gives yes and no."""
        found = self.value(tree, frame)
        assert isinstance(found, Truth), tree
        return found

    def words(self, tree: Tree, frame: str) -> Words:
        """A formula that gives words."""
        found = self.value(tree, frame)
        assert isinstance(found, Words), tree
        return found

    def node(self, id: str) -> AnyColumn:
        """The column of a figure, computed once."""
        if id not in self.columns:
            node = self.plan.nodes[id]
            self.columns[id] = self._settled(node, rules()[node.rule].apply(self, node))
        return self.columns[id]

    def _settled(self, node: Node, found: AnyColumn) -> AnyColumn:
        """A figure that is owed turns nothing-to-measure into missing; one that looks at an owed word waits for it."""
        if not isinstance(found, Column):
            return found
        for column in node.params.get("owes", ()):
            absent = self.words(["fact", column], PEOPLE).codes < 0
            found = found.remark(np.where(absent, MISSING, 0).astype(np.uint8)) if absent.any() else found
        return found.marked_as(NONE, MISSING) if node.params.get("owed") else found

    def links(self, child: str, parent: str) -> Links:
        """Which row of `parent` each row of `child` belongs to, over several steps if need be."""
        key = (child, parent)
        if key not in self._links:
            self._links[key] = self._find_links(child, parent)
        return self._links[key]

    def _find_links(self, child: str, parent: str) -> Links:
        own = self.facts.frames[child].links
        if parent in own:
            return own[parent]
        for middle in own:
            if parent in self.facts.frames[middle].links:
                first, second = own[middle], self.links(middle, parent)
                through = np.where(first.parent >= 0, second.parent[first.parent], -1)
                return Links(through, second.size)
        raise KeyError(f"{child} does not lead to {parent}")

    def group_codes(self, group: str, frame: str) -> tuple[Array, Array]:
        """For each row the number of its group (-1: none), and whether it is a member.

        In a frame of weeks (or other parts) the same week of the same group is one group.
        """
        key = (group, frame)
        if key not in self._groups:
            self._groups[key] = self._find_codes(group, frame)
        return self._groups[key]

    def _find_codes(self, group: str, frame: str) -> tuple[Array, Array]:
        if frame != PEOPLE:
            codes, members = self.group_codes(group, PEOPLE)
            person, parts = self.links(frame, PEOPLE).parent, self.facts.frames[frame].columns["part"]
            assert isinstance(parts, Column)
            width = int(parts.n.v.max(initial=0)) + 1
            return np.where(codes[person] < 0, -1, codes[person] * width + parts.n.v), members[person]
        settings = self.plan.groups[group]
        codes = self._key_codes(settings)
        members = codes >= 0
        if settings["where"] is not None:
            members = members & np.broadcast_to(self.truth(settings["where"], PEOPLE).yes, members.shape)
        return codes, members

    def _key_codes(self, settings: dict[str, Any]) -> Array:
        size = self.size(PEOPLE)
        if settings["key"] is None:
            return np.zeros(size, dtype=np.int64)
        words = self.words(settings["key"], PEOPLE)
        codes = np.broadcast_to(words.codes, (size,)).astype(np.int64)
        return np.where(codes < 0, len(words.vocabulary), codes) if settings["blank"] == "one group" else codes

    # --- trees --------------------------------------------------------------------------------

    def value(self, tree: Tree, frame: str) -> AnyColumn:
        """The column that a resolved formula gives on a frame."""
        return _OPERATIONS[tree[0]](self, tree, frame)

    def _fact(self, tree: Tree, frame: str) -> AnyColumn:
        return self.facts.frames[frame].columns[tree[1]]

    def _at(self, tree: Tree, frame: str) -> AnyColumn:
        inner = tree[1]
        found, links = self.value(tree[2], inner), self.links(frame, inner)
        return lift(found, links)

    def _config(self, tree: Tree, frame: str) -> AnyColumn:
        value = self.facts.config.get(tree[1])
        if len(tree) > 2 and value is not None:
            value = value.get(tree[2])
        if isinstance(value, bool):
            return Truth(np.array([value]))
        if isinstance(value, Fraction):
            return Column.const(value)
        return Words.of([value]) if isinstance(value, str) else self._absent(tree[1])

    def _absent(self, key: str) -> AnyColumn:
        declared = self.plan.scheme.config[key]
        if declared.kind in ("text", "words", "month"):
            return Words.of([None])
        return Truth(np.array([False]), np.array([NONE], dtype=np.uint8)) if declared.kind == "yes_no" else Column.none()

    def _owed(self, tree: Tree, frame: str) -> AnyColumn:
        found = self.number(tree[1], frame)
        if found.absent is None:
            return found
        needed = self.truth(tree[2], frame).yes
        marks = np.where(found.absent == 0, 0, np.where(needed, MISSING, NONE)).astype(np.uint8)
        return Column(found.n, found.d, found.v, np.broadcast_to(marks, (found.size,)).copy())

    def _number_of(self, tree: Tree, frame: str) -> AnyColumn:
        words = self.words(tree[1], frame)
        table = Column.of([number(tree[2][word]) if word in tree[2] else None for word in words.vocabulary] + [None], NONE)
        return table.take(words.codes)

    def _arithmetic(self, tree: Tree, frame: str) -> AnyColumn:
        a, b = self.number(tree[1], frame), self.number(tree[2], frame)
        return {"+": Column.__add__, "-": Column.__sub__, "*": Column.__mul__, "/": Column.__truediv__}[tree[0]](a, b)

    def _compare(self, tree: Tree, frame: str) -> AnyColumn:
        a, b = self.number(tree[1], frame), self.number(tree[2], frame)
        return COMPARE[tree[0]](a, b)

    def _and(self, tree: Tree, frame: str) -> AnyColumn:
        found = self.truth(tree[1], frame)
        for part in tree[2:]:
            found = found & self.truth(part, frame)
        return found

    def _or(self, tree: Tree, frame: str) -> AnyColumn:
        found = self.truth(tree[1], frame)
        for part in tree[2:]:
            found = found | self.truth(part, frame)
        return found

    def _if(self, tree: Tree, frame: str) -> AnyColumn:
        test = self.truth(tree[1], frame)
        yes, no = self.value(tree[2], frame), self.value(tree[3], frame)
        if isinstance(yes, Words) and isinstance(no, Words):
            vocabulary = tuple(dict.fromkeys((*yes.vocabulary, *no.vocabulary)))
            return Words(np.where(test.yes, yes.recoded(vocabulary), no.recoded(vocabulary)), vocabulary)
        if isinstance(yes, Truth) and isinstance(no, Truth):
            return (test & yes) | (~test & no)
        assert isinstance(yes, Column)
        assert isinstance(no, Column)
        found = yes.where(test.yes, no)
        # an undecided condition is absent as it is itself; what the sides lack was not asked for
        return found if test.absent is None else Column.none().where(test.absent != 0, found).remark(test.absent)

    def _among(self, tree: Tree, frame: str) -> AnyColumn:
        return Truth(self.words(tree[1], frame).of_which(tree[2].__contains__))

    def _member(self, tree: Tree, frame: str) -> AnyColumn:
        """Is the person named in this row a member of the group, seen from the row's subject."""
        codes, members = self.group_codes(tree[2], PEOPLE)
        subject = self.links(frame, PEOPLE).parent
        named = self.links(frame, f"{PEOPLE}.{tree[1]}").parent
        both = (subject >= 0) & (named >= 0)
        same = both & (codes[subject] == codes[named]) & (codes[subject] >= 0) & members[named]
        return Truth(same & (subject != named) if self.plan.groups[tree[2]]["others"] else same)

    def _call(self, tree: Tree, frame: str) -> AnyColumn:
        if tree[1] == "first":
            return self._first([self.value(part, frame) for part in tree[2:]])
        return FUNCTIONS[tree[1]](*(self.number(part, frame) for part in tree[2:]))

    def _first(self, parts: list[AnyColumn]) -> AnyColumn:
        found = parts[0]
        for part in parts[1:]:
            if isinstance(found, Words) and isinstance(part, Words):
                vocabulary = tuple(dict.fromkeys((*found.vocabulary, *part.vocabulary)))
                mine = found.recoded(vocabulary)
                found = Words(np.where(mine >= 0, mine, part.recoded(vocabulary)), vocabulary)
            elif isinstance(found, Truth) and isinstance(part, Truth):
                known = np.ones(1, dtype=bool) if found.absent is None else found.absent == 0
                marks = None if part.absent is None else np.where(known, 0, part.absent).astype(np.uint8)
                found = Truth(np.where(known, found.yes, part.yes), marks)
            elif isinstance(found, Column) and isinstance(part, Column):
                found = found.or_else(part)
        return found


@lru_cache(maxsize=4096)
def constant(text: str) -> Column:
    """The number that a plan wrote, as a column; the same few are asked for in every run."""
    return Column.const(Fraction(text))


def _bands(self: Evaluator, tree: Tree, frame: str) -> AnyColumn:
    _, figure, bands, gives = tree
    columns = [self.number(give, frame) for give in gives]
    return points_of_bands(self.number(figure, frame), [Band.read(band) for band in bands], columns)


def _has(self: Evaluator, tree: Tree, frame: str) -> AnyColumn:
    """Is a word among the words of a cell; cells hold them with `|` between."""
    return Truth(self.words(tree[1], frame).of_which(lambda cell: tree[2] in cell.split("|")))


def _day(name: str) -> Callable[[Evaluator, Tree, str], AnyColumn]:
    return lambda self, tree, frame: Column.const(day_number(getattr(self.facts, name)))


_OPERATIONS: dict[str, Callable[[Evaluator, Tree, str], AnyColumn]] = {
    "num": lambda self, tree, frame: constant(tree[1]),
    "yes": lambda self, tree, frame: Truth(np.array([True])),
    "no": lambda self, tree, frame: Truth(np.array([False])),
    "none": lambda self, tree, frame: Column.none(),
    "word": lambda self, tree, frame: Words.of([tree[1]]),
    "start": _day("start"),
    "end": _day("end"),
    "as_of": _day("as_of"),
    "fact": Evaluator._fact,
    "node": lambda self, tree, frame: self.node(tree[1]),
    "at": Evaluator._at,
    "config": Evaluator._config,
    "owed": Evaluator._owed,
    "number_of": Evaluator._number_of,
    "+": Evaluator._arithmetic,
    "-": Evaluator._arithmetic,
    "*": Evaluator._arithmetic,
    "/": Evaluator._arithmetic,
    "neg": lambda self, tree, frame: -self.number(tree[1], frame),
    "<": Evaluator._compare,
    "<=": Evaluator._compare,
    ">": Evaluator._compare,
    ">=": Evaluator._compare,
    "==": Evaluator._compare,
    "is": lambda self, tree, frame: self.words(tree[1], frame).equals(tree[2]),
    "same": lambda self, tree, frame: self.words(tree[1], frame).same(self.words(tree[2], frame)),
    "among": Evaluator._among,
    "has": _has,
    "member": Evaluator._member,
    "and": Evaluator._and,
    "or": Evaluator._or,
    "not": lambda self, tree, frame: ~self.truth(tree[1], frame),
    "if": Evaluator._if,
    "given": lambda self, tree, frame: _given(self.value(tree[1], frame)),
    "call": Evaluator._call,
    "bands": _bands,
    "agg": rows.aggregate,
    "over": rows.over,
    "run": periods.run,
    "times": periods.times,
    "latest": periods.latest,
    "previous": periods.previous,
    "assessed": people.assessed,
    "incomplete": people.lacking,
    "whole": people.whole,
    "nothing_applies": people.nothing_applies,
}


def _given(found: AnyColumn) -> Truth:
    if isinstance(found, Column):
        return found.given()
    if isinstance(found, Words):
        return Truth(found.codes >= 0)
    return Truth(np.ones(found.yes.size, dtype=bool) if found.absent is None else found.absent == 0)
