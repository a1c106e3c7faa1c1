"""What people call the things of a plan, in one language."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from kaohe.numbers import write_number
from kaohe.plan import HISTORY, PEOPLE, Plan, Tree
from kaohe.problems import Language
from kaohe.scheme import Declared
from kaohe.texts import Text

HOMES = {
    "item": "items",
    "event": "events",
    "group": "groups",
    "config": "config",
    "state": "states",
    "action": "actions",
    "warning": "warnings",
    "unit": "units",
    "window": "windows",
    "form": "forms",
}
OWN = {
    "period_end": "期末 | Period's end",
    "month": "月份 | Month",
    "months_back": "距本期月数 | Months back",
    "total": "总分 | Total",
    "rank": "名次 | Rank",
    "of": "参加排名人数 | Ranked",
    "status": "状态 | Status",
    "last": "最后一名 | Last",
    "grade": "等级 | Grade",
    "nothing_applies": "没有一项适用 | No item applies",
    "at": "日期 | Date",
    "count": "次数 | Count",
    "score": "评分 | Score",
    "rater": "评分人 | Rater",
    "relation": "评分关系 | Relation",
    "call": "通话 | Call",
    "role": "岗位 | Role",
    "id": "编号 | Id",
    "name": "姓名 | Name",
    "start": "期初 | Period's start",
    "end": "期末 | Period's end",
    "as_of": "数据截止日 | Data known up to",
}
RELATIONS = {
    "self": "本人 | Self",
    "superior": "上级 | Superior",
    "supervisor": "主管 | Supervisor",
    "manager": "经理 | Manager",
    "general_manager": "总经理 | General manager",
    "peer": "同事 | Peer",
    "subordinate": "下属 | Subordinate",
    "customer": "客户 | Customer",
    "director": "主任 | Director",
    "agent": "客服人员 | Agent",
}


class Names:
    """The names of one plan in one language; an id stands in where the scheme gives no name."""

    def __init__(self, plan: Plan, language: Language) -> None:
        self.plan = plan
        self.scheme = plan.scheme
        self.language = language
        self._known: dict[tuple[str, str], str] = {}
        self._nodes: dict[str, str] = {}
        self._facts: dict[tuple[str, str], str] = {}
        self._days: dict[tuple[str, str], bool] = {}

    def tell(self, text: Text | str | None, key: str) -> str:
        """The text in the language, or the last part of an id."""
        if not text:
            return key.rpartition(".")[2]
        return (Text.read(text) if isinstance(text, str) else text).tell(self.language)

    def of(self, kind: str, key: str) -> str:
        """What people call an item, event type, group, relation, grade, choice, unit, action …"""
        return self._kept(kind, key, lambda: self._find(kind, key))

    def _find(self, kind: str, key: str) -> str:
        if kind == "source":
            return self.source(key)
        if kind == "relation":
            return self._relation(key)
        if kind == "grade":
            row = None if self.scheme.grades is None else self.scheme.grades.rows.get(key)
            return self.tell(None if row is None else row.name, key)
        if kind == "role":
            known = {**self.scheme.roles.rate_only, **(self.scheme.roles.assessed if self.scheme.roles.assessed != "all" else {})}
            return self.tell(known.get(key) or RELATIONS.get(key), key)
        found: Any = getattr(self.scheme, HOMES[kind]).get(key)
        return self.tell(getattr(found, "name", None), key)

    def _relation(self, key: str) -> str:
        """A party's name: what an item calls it, its role's name, or the usual word."""
        own = (entry.own for form in self.scheme.forms.values() for entry in form.items.values() if entry.own is not None)
        for item in (*self.scheme.items.values(), *self.scheme.figures.values(), *own):
            raters = item.rating.raters if item.rating is not None else "any"
            if raters != "any" and key in raters and raters[key].zh != key:
                return raters[key].tell(self.language)
        role = self.of("role", key)
        return role if role != key else self.tell(RELATIONS.get(key), key)

    def node(self, id: str) -> str:
        """The name of a figure."""
        found = self._nodes.get(id)
        if found is None:
            found = self._nodes[id] = self._node(id)
        return found

    def _kept(self, kind: str, key: str, find: Callable[[], str]) -> str:
        """A name, looked for once."""
        if (kind, key) not in self._known:
            self._known[kind, key] = find()
        return self._known[kind, key]

    def _node(self, id: str) -> str:
        known = self.plan.nodes[id].name
        if known:
            return self.tell(known, id)
        head, _, rest = id.partition(".")
        return self.of("item", rest.partition(".")[0].partition("@")[0]) if head == "item" else self.tell(OWN.get(id), id)

    def declared(self, frame: str, column: str) -> Declared | None:
        """The declaration of a fact's column."""
        head, _, rest = column.partition(".")
        if head == "value":
            return self.scheme.values.get(rest if frame == PEOPLE else f"{frame}.{rest}")
        if head == "person":
            return self.scheme.people.get(rest)
        if "/" in frame and rest:
            return self.scheme.events[head].columns.get(rest) if head in self.scheme.events else None
        if frame.startswith("event."):
            return self.scheme.events[frame.partition(".")[2]].columns.get(column)
        return self.scheme.history.get(column) if frame.startswith(HISTORY) else None

    def fact(self, frame: str, column: str) -> str:
        """The name of a fact."""
        found = self._facts.get((frame, column))
        if found is None:
            found = self._facts[frame, column] = self._fact(frame, column)
        return found

    def is_day(self, frame: str, column: str) -> bool:
        """Whether a fact is a calendar day."""
        found = self._days.get((frame, column))
        if found is None:
            declared = self.declared(frame, column)
            found = self._days[frame, column] = column in ("at", "period_end") or (declared is not None and declared.kind == "date")
        return found

    def _fact(self, frame: str, column: str) -> str:
        declared = self.declared(frame, column)
        tail = column.rpartition(".")[2]
        person = self.scheme.people.get(tail) if frame.startswith(HISTORY) else None
        named = [one.name for one in (declared, person) if one is not None and one.name is not None]
        return self.tell(named[0] if named else OWN.get(tail), tail)

    def word(self, tree: Tree, frame: str, word: str) -> str:
        """What people call a word that a formula gives."""
        if tree[0] == "at":
            return self.word(tree[2], tree[1], word)
        if tree[0] == "node":
            return self.of("grade", word) if tree[1] in ("grade", "past.grade") else word
        if tree[0] != "fact":
            return word
        if tree[1] == "person.role":
            return self.of("role", word)
        declared = self.declared(frame, tree[1])
        listed = self.scheme.words.get(declared.words) if declared is not None and isinstance(declared.words, str) else None
        return word if listed is None else self.tell(listed.names.get(word), word)

    def cells(self, frame: str, cells: dict[str, object]) -> dict[str, str]:
        """The cells of a record as people call and write them; whose and of what kind it is stands above."""
        found = {}
        for column, cell in cells.items():
            if column not in ("subject", "type", "item"):
                word = self.of("relation", str(cell)) if column == "relation" else self.word(["fact", column], frame, self._written(cell))
                found[self.fact(frame, column)] = word
        return found

    def _written(self, cell: object) -> str:
        if isinstance(cell, bool) or cell in ("true", "false"):
            yes = cell is True or cell == "true"
            return ("是" if yes else "否") if self.language == "zh" else ("yes" if yes else "no")
        return write_number(cell) if isinstance(cell, Fraction) else str(cell)

    def source(self, child: str) -> str:
        """What people call the rows of a frame."""
        kind, _, rest = child.partition(".")
        if kind == "event":
            return self.of("event", rest)
        if kind == "rating":
            figure = self.scheme.figures.get(rest)
            return self.of("item", rest) if rest in self.scheme.items else self.tell(None if figure is None else figure.name, rest)
        if child.startswith(HISTORY):
            return "往期" if self.language == "zh" else "Earlier periods"
        parts = child.partition("/")[2]
        return self.of("window", parts) if parts in self.scheme.windows else self.tell(self._words_name(parts), parts)

    def _words_name(self, listed: str) -> Text | None:
        """What the records that choose from a list of words call their choice."""
        columns = (column for event in self.scheme.events.values() for column in event.columns.values())
        return next((column.name for column in columns if column.words == listed and column.name is not None), None)

    def part(self, frame: str, place: int) -> str:
        """What people call one of the parts of a period, or one word of a list used as parts."""
        window = frame.partition("/")[2]
        if window in self.scheme.words:
            names = list(self.scheme.words[window].names.items())
            return self.tell(names[place][1], names[place][0])
        name = self.of("window", window)
        return f"第 {place + 1} {name}" if self.language == "zh" else f"{name} {place + 1}"
