"""Formulas of one row as a person would write them, and conditions as a person would give them.

A `Telling` is what a rule's `tell` talks to: it writes what it is asked to write, and remembers
the figures and facts that went into it, which are then listed beneath the line.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from kaohe.columns import AnyColumn
from kaohe.explaining.names import OWN, Names
from kaohe.explaining.rows import Absent, Made, RowReader
from kaohe.numbers import day_of, write_number
from kaohe.plan import PART_WORD, PEOPLE, Node, Tree
from kaohe.problems import Language
from kaohe.rules import arithmetic, rules
from kaohe.rules.door import Context, Part, Rows

LONGEST = 160
LONGEST_REASON = 200
Leaf = tuple[Tree, str, int]
NEGATED = {"<": "≥", "<=": ">", ">": "≤", ">=": "<", "==": "≠"}
SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "="}


class Telling:
    """One figure of one row being told."""

    def __init__(self, reader: RowReader, names: Names, root: Node | None) -> None:
        self.reader = reader
        self.names = names
        self.language: Language = names.language
        self.root = root
        self.own = () if root is None else (f"{root.id}.", f"{root.id}@")
        self.leaves: dict[tuple[str, str, str, int], Leaf] = {}
        self.asides: list[str] = []
        self.parts: list[Part] = []
        self.rows_told: list[Rows] = []
        self.chain: list[str] = []
        self.steps: list[Fraction] = []

    # --- what rules may ask -------------------------------------------------------------------

    def say(self, zh: str, en: str) -> str:
        """The phrase in the reader's language."""
        return zh if self.language == "zh" else en

    def name(self, kind: str, key: str) -> str:
        """What people call it."""
        return self.names.of(kind, key)

    def number(self, tree: Tree, frame: str, row: int) -> Fraction | None:
        """The figure that a formula gives."""
        found = self.reader.value(tree, frame, row)
        return found if isinstance(found, Fraction) else None

    def mark(self, tree: Tree, frame: str, row: int) -> int:
        """Whether there is anything, and if not, why."""
        found = self.reader.value(tree, frame, row)
        return found.value if isinstance(found, Absent) else 0

    def holds(self, tree: Tree, frame: str, row: int) -> bool:
        """Whether a condition is known to hold."""
        return self.reader.holds(tree, frame, row)

    def word(self, tree: Tree, frame: str, row: int) -> str | None:
        """The word that a formula gives."""
        found = self.reader.value(tree, frame, row)
        return found if isinstance(found, str) else None

    def figure(self, node: Node, row: int) -> Fraction | None:
        """The figure of a node."""
        found = self.reader.node(node.id, row)
        return found if isinstance(found, Fraction) else None

    def rows(self, child: str, frame: str, row: int) -> list[int]:
        """The rows of `child` that belong to one row."""
        return self.reader.below(child, frame, row)

    def column(self, node: Node, make: Callable[[Context, Node], AnyColumn]) -> AnyColumn:
        """A column that a rule made on the way, kept."""
        return self.reader.keep((node.id, make.__name__), node, lambda: make(self.reader.evaluator, node))

    def once(self, node: Node, what: str, make: Callable[[], Made]) -> Made:
        """What is the same for every subject, made once."""
        return self.reader.once((node.id, what, self.language), make)

    def config(self, key: str) -> Any:
        """What the company chose."""
        return self.reader.facts.config[key]

    # --- numbers ------------------------------------------------------------------------------

    def shown(self, tree: Tree, frame: str, row: int) -> str:
        """The formula in figures; empty where it gives none."""
        head = tree[0]
        if head == "num":
            return arithmetic.written(tree[1])
        if head in _WRITERS:
            return _WRITERS[head](self, tree, frame, row)
        return self.leaf(tree, frame, row)

    def leaf(self, tree: Tree, frame: str, row: int) -> str:
        """A figure or fact that stands for itself: its number, and a line beneath; a part's own word heads its lines already."""
        if tree[0] not in WITHOUT_LINES and tree[1:] != [PART_WORD]:
            key = tree[1] if tree[0] in ("node", "fact") else str(tree)
            self.leaves.setdefault((tree[0], key, frame, row), (tree, frame, row))
        found = self.reader.value(tree, frame, row)
        return write_number(found) if isinstance(found, Fraction) else ""

    def folds(self, node: Node) -> bool:
        """Whether a figure is only a step of the one told: made by the compiler, without a name of its own."""
        return self.root is not None and node.frame == self.root.frame and node.id.startswith(self.own)

    def fold(self, node: Node, row: int) -> str:
        """The step in figures, its words beside."""
        told = rules()[node.rule].tell(self, node, row)
        self.chain.append(node.rule)
        found = self.reader.node(node.id, row)
        if isinstance(found, Fraction) and told.arithmetic and self._is_step(node, row, found, told.arithmetic):
            self.steps.append(found)
            self.parts.append(Part(self._step_name(node), found, told.words, told.arithmetic, told.rows, told.parts))
            return write_number(found)
        self.asides += [told.words] if told.words else []
        self.parts += told.parts
        self.rows_told += [told.rows] if told.rows is not None else []
        if not isinstance(found, Fraction):
            return ""
        return told.arithmetic or write_number(found)

    def _is_step(self, node: Node, row: int, found: Fraction, arithmetic: str) -> bool:
        """Whether a step gets a line of its own: it would grow too long, or it is a total that later steps change."""
        if len(arithmetic) > LONGEST:
            return True
        changes = node.rule == "weighted@1" or (bool(self.steps) and found != self.steps[-1])
        return changes and self.root is not None and found != self.reader.node(self.root.id, row)

    def _step_name(self, node: Node) -> str:
        if node.rule == "weighted@1":
            return self.say(*TOTALS[node.params["mode"]])
        return self.say("调整后", "Adjusted") if node.id.endswith(".then") else self.say("调整前", "Before adjusting")

    # --- conditions ---------------------------------------------------------------------------

    def reason(self, tree: Tree, frame: str, row: int) -> str:
        """Why a condition holds or does not hold, in as few words as decide it."""
        parts = list(dict.fromkeys(part for part in self.why(tree, frame, row) if part))
        found = self.say("，且 ", " and ").join(parts)
        return found if len(found) <= LONGEST_REASON else f"{found[:LONGEST_REASON]}…"

    def why(self, tree: Tree, frame: str, row: int) -> list[str]:
        """What decided a condition: all parts of what holds together, the first that broke it otherwise."""
        if tree[0] in ("and", "or"):
            return self._decisive(tree, frame, row)
        if tree[0] == "not":
            return self.why(tree[1], frame, row)
        if tree[0] == "at":
            above = self.reader.parent(frame, row, tree[1])
            return [] if above < 0 else self.why(tree[2], tree[1], above)
        if tree[0] == "if":
            test = self.reader.holds(tree[1], frame, row)
            return [*self.why(tree[1], frame, row), *self.why(tree[2 if test else 3], frame, row)]
        return [_REASONS[tree[0]](self, tree, frame, row)] if tree[0] in _REASONS else [self._plain(tree, frame, row)]

    def _decisive(self, tree: Tree, frame: str, row: int) -> list[str]:
        found = self.reader.value(tree, frame, row)
        settling = tree[0] == "or"
        values = [(part, self.reader.value(part, frame, row)) for part in tree[1:]]
        if found is settling:
            decisive = [part for part, value in values if value is settling][:1]
        elif isinstance(found, Absent):
            decisive = [part for part, value in values if isinstance(value, Absent)][:1]
        else:
            decisive = [part for part, _ in values]
        return [word for part in decisive for word in self.why(part, frame, row)]

    def _plain(self, tree: Tree, frame: str, row: int) -> str:
        """A named condition, a yes or no, a look at a group."""
        if tree[0] in ("yes", "no"):
            return ""
        self.leaf(tree, frame, row)
        name = self.name_of(tree, frame)
        holds = self.reader.value(tree, frame, row)
        if not name:
            return ""
        if isinstance(holds, Absent):
            return self.say(f"{name} 未知", f"{name}: not known")
        return name if holds else self.say(f"“{name}”不成立", f"not so: {name}")

    def compared(self, tree: Tree, frame: str, row: int) -> str:
        """A comparison as it turned out."""
        one, other = (self.told(part, frame, row) for part in tree[1:])
        held = self.reader.value(tree, frame, row)
        if isinstance(held, Absent):
            return self.say(f"{one} 与 {other} 无法比较", f"{one} and {other} cannot be compared")
        return f"{one} {SIGNS[tree[0]] if held else NEGATED[tree[0]]} {other}"

    def told(self, tree: Tree, frame: str, row: int) -> str:
        """A number in a sentence: a figure with its name, a date as a date."""
        if tree[0] == "num":
            return arithmetic.written(tree[1])
        if tree[0] == "at":
            above = self.reader.parent(frame, row, tree[1])
            return self.say("无", "none") if above < 0 else self.told(tree[2], tree[1], above)
        value = self.reader.value(tree, frame, row)
        if tree[0] in ("+", "-", "*", "/") and not self.is_date(tree, frame):
            one, other = (self.told(part, frame, row) for part in tree[1:])
            return f"{one} {'+-×÷'['+-*/'.index(tree[0])]} {other}"
        if tree[0] == "neg":
            return f"-{self.told(tree[1], frame, row)}"
        self.hear(tree, frame, row)
        if not isinstance(value, Fraction):
            return self.say(f"{self.name_of(tree, frame)} 无数据", f"{self.name_of(tree, frame)} (no data)")
        written = day_of(int(value)).isoformat() if self.is_date(tree, frame) else arithmetic.shortly(value)
        return f"{self.name_of(tree, frame)} {written}".strip()

    def hear(self, tree: Tree, frame: str, row: int) -> None:
        """Remember what a formula looks at, without writing it."""
        if tree[0] in ("call", "+", "-", "*", "/", "neg", "number_of", "bands", "if"):
            for part in tree[1:]:
                if isinstance(part, list) and part and isinstance(part[0], str):
                    self.hear(part, frame, row)
        else:
            self.shown(tree, frame, row)

    def is_date(self, tree: Tree, frame: str) -> bool:
        """Whether a formula gives a day."""
        if tree[0] in ("start", "end", "as_of"):
            return True
        if tree[0] == "fact":
            return self.names.is_day(frame, tree[1])
        if tree[0] == "call":
            return bool(tree[1] == "months_after" or (tree[1] == "first" and self.is_date(tree[2], frame)))
        return tree[0] in ("+", "-") and self.is_date(tree[1], frame)

    def name_of(self, tree: Tree, frame: str) -> str:
        """What people call what a formula gives."""
        head = tree[0]
        if head == "node":
            return self._node_name(tree[1])
        if head == "fact":
            return self.names.fact(frame, tree[1])
        if head in ("at", "owed", "number_of", "latest", "previous", "neg"):
            inner, where = (tree[2], tree[1]) if head == "at" else (tree[1], tree[3] if head in ("latest", "previous") else frame)
            return self.name_of(inner, where)
        if head == "config":
            return self.names.of("config", tree[1])
        if head in ("agg", "over"):
            return self._look_name(tree, frame)
        if head in ("run", "times"):
            return self._spell_name(tree, frame)
        if head == "call" and tree[1] in CALLS:
            return self.say(*CALLS[tree[1]])
        return self.names.tell(OWN[head], head) if head in OWN else ""

    def _node_name(self, id: str) -> str:
        node = self.reader.plan.nodes[id]
        if id.startswith("needed."):
            return self.name_of(node.inputs[0][1], node.frame)
        if id.startswith("past.") and not node.name and f"figure.{id[5:]}" in self.reader.plan.nodes:
            return self.names.node(f"figure.{id[5:]}")
        return self.names.node(id)

    def _look_name(self, tree: Tree, frame: str) -> str:
        source = self.names.source(tree[2]) if tree[0] == "agg" else self.names.of("group", tree[2]) if tree[2] else self.say("全体", "all")
        inner = tree[2] if tree[0] == "agg" else frame if "/" in frame else PEOPLE
        if tree[1] in ("any", "count"):
            return source if tree[3] is None else f"{source}·{self._short(tree[3], inner)}".rstrip("·")
        if tree[0] == "agg" and tree[1] == "sum" and (tree[3][0] != "fact" or tree[3][1] == "points"):
            return source
        value = self._plain_name(tree[3], inner)
        how = self.say(*HOW[tree[1]])
        return f"{source}·{value} {how}".replace("· ", " ").strip()

    def _plain_name(self, tree: Tree | None, frame: str) -> str:
        """The name of what is one fact or figure; a formula has none."""
        if tree is None or tree[0] not in ("fact", "node", "at", "owed", "number_of", "neg"):
            return ""
        return self.name_of(tree, frame)

    def _short(self, tree: Tree, frame: str) -> str:
        """The name of what an aggregate runs over; the first named thing in a formula without one."""
        found = self.name_of(tree, frame)
        if found or tree[0] in ("num", "word", "yes", "no"):
            return found
        parts = [part for part in tree[1:] if isinstance(part, list) and part and isinstance(part[0], str)]
        return next((name for part in parts if (name := self._short(part, frame))), "")

    def _spell_name(self, tree: Tree, frame: str) -> str:
        what = self._short(tree[1], frame)
        if tree[0] == "run":
            return self.say(f"“{what}”连续期数", f"periods in a row of “{what}”")
        within = self.say("本年度", "this year") if tree[3] == "year" else self.say("累计", "so far")
        return self.say(f"“{what}”{within}次数", f"times of “{what}” {within}")


WITHOUT_LINES = {
    "num",
    "start",
    "end",
    "as_of",
    "yes",
    "no",
    "none",
    "word",
    "assessed",
    "incomplete",
    "whole",
    "member",
    "nothing_applies",
}
TOTALS = {
    "weighted sum": ("各项加权合计", "Weighted sum of the items"),
    "sum": ("各项合计", "Sum of the items"),
    "mean": ("各项平均", "Mean of the items"),
}
CALLS = {
    "months_between": ("相隔月数", "months between"),
    "days_between": ("相隔天数", "days between"),
    "mean_given": ("平均", "mean"),
    "min": ("较小者", "the smaller"),
    "max": ("较大者", "the larger"),
}
HOW = {"sum": ("合计", "in all"), "mean": ("平均", "mean"), "min": ("最小", "least"), "max": ("最大", "most"), "share": ("占比", "share")}


# --- writing numbers ----------------------------------------------------------------------------


def _binary(self: Telling, tree: Tree, frame: str, row: int) -> str:
    one, other = self.shown(tree[1], frame, row), self.shown(tree[2], frame, row)
    if not one or not other or (tree[0] == "/" and not self.number(tree[2], frame, row)):
        return ""
    if tree[0] == "+":
        return arithmetic.plus([one, other])
    return _SIGNED[tree[0]](one, other)


_SIGNED = {"-": arithmetic.minus, "*": arithmetic.times, "/": arithmetic.over}


def _negative(self: Telling, tree: Tree, frame: str, row: int) -> str:
    inner = self.shown(tree[1], frame, row)
    return arithmetic.negative(inner) if inner and inner != "0" else inner


def _node(self: Telling, tree: Tree, frame: str, row: int) -> str:
    node = self.reader.plan.nodes[tree[1]]
    if tree[1].startswith("needed."):
        return self.shown(node.inputs[0], frame, row)
    return self.fold(node, row) if self.folds(node) else self.leaf(tree, frame, row)


def _at(self: Telling, tree: Tree, frame: str, row: int) -> str:
    above = self.reader.parent(frame, row, tree[1])
    return "" if above < 0 else self.shown(tree[2], tree[1], above)


def _if(self: Telling, tree: Tree, frame: str, row: int) -> str:
    reason = self.reason(tree[1], frame, row)
    self.asides += [reason] if reason else []
    test = self.reader.value(tree[1], frame, row)
    return "" if isinstance(test, Absent) else self.shown(tree[2 if test else 3], frame, row)


def _call(self: Telling, tree: Tree, frame: str, row: int) -> str:
    if tree[1] == "first":
        return _first(self, tree, frame, row)
    writer = _CALLS.get(tree[1])
    found = self.number(tree, frame, row)
    parts = [self.shown(part, frame, row) for part in tree[2:]] if writer else []
    if writer is None:
        self.hear(tree, frame, row)
    if found is None:
        return ""
    return write_number(found) if writer is None else writer([part for part in parts if part])


def _first(self: Telling, tree: Tree, frame: str, row: int) -> str:
    """The first that is there; all of them where none is."""
    given = [part for part in tree[2:] if not isinstance(self.reader.value(part, frame, row), Absent)]
    shown = [self.shown(part, frame, row) for part in given[:1] or tree[2:]]
    return shown[0] if given else ""


_CALLS: dict[str, Callable[[list[str]], str]] = {
    "min": lambda parts: arithmetic.call("min", parts),
    "max": lambda parts: arithmetic.call("max", parts),
    "mean": lambda parts: arithmetic.call("mean", parts),
    "mean_given": lambda parts: arithmetic.call("mean", parts),
    "sum": arithmetic.plus,
    "rounded": lambda parts: arithmetic.rounded(parts[0], "0.01", "half_up"),
    "abs": lambda parts: arithmetic.call("max", [parts[0], arithmetic.negative(parts[0])]),
}


def _numbered(self: Telling, tree: Tree, frame: str, row: int) -> str:
    self.leaf(tree[1], frame, row)
    found = self.number(tree, frame, row)
    return "" if found is None else write_number(found)


_WRITERS: dict[str, Callable[[Telling, Tree, str, int], str]] = {
    "+": _binary,
    "-": _binary,
    "*": _binary,
    "/": _binary,
    "neg": _negative,
    "node": _node,
    "at": _at,
    "if": _if,
    "call": _call,
    "owed": lambda self, tree, frame, row: self.shown(tree[1], frame, row),
    "number_of": _numbered,
}


# --- giving reasons -----------------------------------------------------------------------------


def _is(self: Telling, tree: Tree, frame: str, row: int) -> str:
    found = self.reader.value(tree[1], frame, row)
    self.leaf(tree[1], frame, row)
    word = self.names.word(tree[1], frame, tree[2])
    return f"{self.name_of(tree[1], frame)} {'=' if found == tree[2] else '≠'} {word}"


def _among(self: Telling, tree: Tree, frame: str, row: int) -> str:
    found = self.reader.value(tree[1], frame, row)
    self.leaf(tree[1], frame, row)
    word = self.names.word(tree[1], frame, found) if isinstance(found, str) else self.say("无", "none")
    return f"{self.name_of(tree[1], frame)} = {word}"


def _has(self: Telling, tree: Tree, frame: str, row: int) -> str:
    name = self.name_of(tree[1], frame)
    if self.reader.holds(tree, frame, row):
        self.leaf(tree[1], frame, row)
        return self.say(f"{name}含 {tree[2]}", f"{name} has {tree[2]}")
    return ""


def _given(self: Telling, tree: Tree, frame: str, row: int) -> str:
    self.hear(tree[1], frame, row)
    name = self.name_of(tree[1], frame)
    there = self.reader.holds(tree, frame, row)
    return self.say(f"{'有' if there else '没有'}{name}", f"{name} {'given' if there else 'not given'}")


def _any(self: Telling, tree: Tree, frame: str, row: int) -> str:
    if tree[1] != "any":
        return self._plain(tree, frame, row)
    self.leaf(tree, frame, row)
    there = self.reader.holds(tree, frame, row)
    name = self.name_of(tree, frame)
    return self.say(f"{'有' if there else '没有'}“{name}”", f"{name if there else f'no {name}'}")


def _same(self: Telling, tree: Tree, frame: str, row: int) -> str:
    names = [self.name_of(part, frame) for part in tree[1:]]
    for part in tree[1:]:
        self.leaf(part, frame, row)
    return f"{names[0]} {'=' if self.reader.holds(tree, frame, row) else '≠'} {names[1]}"


def _truth_call(self: Telling, tree: Tree, frame: str, row: int) -> str:
    if tree[1] != "is_multiple":
        return self._plain(tree, frame, row)
    one, other = (self.told(part, frame, row) for part in tree[2:])
    holds = self.reader.holds(tree, frame, row)
    return self.say(f"{one} {'是' if holds else '不是'} {other} 的倍数", f"{one} is {'' if holds else 'not '}a multiple of {other}")


_REASONS: dict[str, Callable[[Telling, Tree, str, int], str]] = {
    **dict.fromkeys(SIGNS, Telling.compared),
    "is": _is,
    "among": _among,
    "has": _has,
    "given": _given,
    "agg": _any,
    "over": _any,
    "same": _same,
    "call": _truth_call,
    "member": lambda self, tree, frame, row: "",
}


def day(value: Fraction) -> date:
    """The calendar day of a day number."""
    return day_of(int(value))
