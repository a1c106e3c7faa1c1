"""What things are called within a sentence: the name of what a name in a formula stands for, and of words and units."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Protocol

from kaohe.compiling.meanings import SCORE
from kaohe.explaining.names import OWN, RELATIONS, Names
from kaohe.phrasing.pieces import Glue
from kaohe.plan import HISTORY, PART_WORD, Node, Tree, Typed
from kaohe.scheme import ConfigEntry, Declared, Scheme
from kaohe.texts import Text

SCORES = {
    "weighted sum": ("各项加权合计", "the weighted sum of the items"),
    "sum": ("各项得分合计", "the sum of the items"),
    "mean": ("各项得分平均", "the mean of the items"),
    "rating": ("评分", "the rating"),
    "total": ("上述总分", "that total"),
}


class Named(Protocol):
    """Something that may have a name."""

    @property
    def name(self) -> Text | None: ...


class Calling(Glue):
    """The names of one scheme's things in one language."""

    def __init__(self, names: Names) -> None:
        super().__init__(names.language)
        self.names = names
        self.scheme: Scheme = names.scheme
        self.nodes: dict[str, Node] = names.plan.nodes

    # --- names --------------------------------------------------------------------------------

    def name(self, word: str, found: Typed | None, frame: str) -> str:
        """What people call that which a name stands for; the name itself where nobody gave it another."""
        if found is not None and SCORE in (found.tree[0], found.tree[-1][0] if found.tree[0] == "at" else ""):
            return self.say(*SCORES.get(found.tree[-1], ("上述得分", "that score")))
        return (self._whose(word, found.tree) + self.of_tree(found.tree, frame)) or word if found is not None else word

    def _whose(self, word: str, tree: Tree) -> str:
        """Whose figure it is, where a formula names one that an item keeps for itself."""
        item, _, rest = word.partition(".")
        if not rest or item not in self.scheme.items or [word] not in (tree[1:], tree[2][1:] if tree[0] == "at" else []):
            return ""
        return self.say(f"“{self.names.of('item', item)}”的", f"{self.names.of('item', item)}: ")

    def of_tree(self, tree: Tree, frame: str) -> str:
        """What people call what a resolved name gives."""
        head = tree[0]
        if head in ("node", "fact", "at", "config"):
            return {"node": self._node, "fact": self._fact, "at": self._above, "config": self._choice}[head](tree, frame)
        if head in ("number_of", "owed"):
            return self.of_tree(tree[1], frame)
        return self.names.tell(OWN[head], head) if head in OWN else self._plain(head)

    def _plain(self, head: str) -> str:
        return {"none": self.say("无数据", "no data"), "yes": self.say("是", "yes"), "no": self.say("否", "no")}.get(head, "")

    def _node(self, tree: Tree, frame: str) -> str:
        id = tree[1]
        if id.startswith("needed."):
            node = self.nodes[id]
            return self.of_tree(node.inputs[0][1], node.frame)
        if id.startswith("past.") and f"figure.{id[5:]}" in self.nodes:
            id = f"figure.{id[5:]}"
        if id == "past.grade":
            id = "grade"
        name = self.names.node(id) if id in self.nodes else id
        kind, _, rest = id.partition(".")
        return self.say(f"“{name}”得分", f"score of {name}") if kind == "item" and "." not in rest else name

    def _fact(self, tree: Tree, frame: str) -> str:
        if tree[1] == PART_WORD:
            return self.names.source(frame)
        if tree[1] == "period_end" and frame.startswith(HISTORY):
            return self.say("该期期末", "that period's end")
        name = self.names.fact(frame, tree[1])
        if tree[1].startswith(("value.", "person.")) and name in self._figures:
            return self.say(f"填报的{name}", f"{name} as supplied")
        return name

    @cached_property
    def _figures(self) -> frozenset[str]:
        """The names that figures and pay lines bear: what is supplied under the same name is told apart from them."""
        lines = {} if self.scheme.pay is None else self.scheme.pay.lines
        bodies = (*self.scheme.figures.values(), *lines.values())
        return frozenset(body.name.tell(self.language) for body in bodies if body.name is not None)

    def _above(self, tree: Tree, frame: str) -> str:
        """A fact of a wider frame; what a unit has week by week is told with the unit."""
        name = self.of_tree(tree[2], tree[1])
        unit = tree[1].partition("/")[0]
        if "/" not in tree[1] or unit not in self.scheme.units:
            return name
        return self.say(f"{self.names.of('unit', unit)}的{name}", f"{name} of the {self.names.of('unit', unit)}")

    def _choice(self, tree: Tree, frame: str) -> str:
        name = self.names.of("config", tree[1])
        return name if len(tree) < 3 else self.spaced(name, self.bracketed(self.part(tree[1], tree[2])))

    # --- conditions that have a name ----------------------------------------------------------

    def truth(self, word: str, found: Typed | None, frame: str, holds: bool) -> str:
        """That a named condition holds or does not."""
        if found is None:
            return word
        head = found.tree[0]
        if head == "at":
            return self.truth(word, Typed(found.tree[2], "truth"), found.tree[1], holds)
        if head in ("yes", "no"):
            return self.say(*(("任何情况下", "in every case") if (head == "yes") == holds else ("任何情况下都不", "in no case")))
        if head == "nothing_applies":
            return self.say(*(("没有一项指标适用", "no item applies") if holds else ("有指标适用", "an item applies")))
        name = self._whose(word, found.tree) + self.quoted(self.of_tree(found.tree, frame) or word)
        if head in ("fact", "config"):
            return self.say(f"{name}为{'是' if holds else '否'}", f"{name} is {'yes' if holds else 'no'}")
        if str(found.tree[1]).startswith("state."):
            return self.say(f"{'' if holds else '不'}处于{name}", f"{name} {'applies' if holds else 'does not apply'}")
        return self.say(f"{'符合' if holds else '不符合'}{name}", f"{name} {'holds' if holds else 'does not hold'}")

    # --- words --------------------------------------------------------------------------------

    def word(self, word: str, beside: Typed, frame: str) -> str:
        """What people call a word that stands beside what may hold it."""
        return self._word(word, beside.tree, frame)

    def _word(self, word: str, tree: Tree, frame: str) -> str:
        if tree[0] == "at":
            return self._word(word, tree[2], tree[1])
        if tree[0] == "fact" and tree[1] == "relation":
            return self.names.of("relation", word)
        if tree[0] == "fact" and tree[1] == PART_WORD:
            return self.of_list(word, frame.partition("/")[2])
        if tree[0] == "config":
            return self.of_declared(word, self.scheme.config[tree[1]])
        declared = self.names.declared(frame, tree[1]) if tree[0] == "fact" else None
        return self.of_declared(word, declared) if declared is not None else self.names.word(tree, frame, word)

    def has_numbers(self, found: Typed) -> bool:
        """Whether the words that a name may give stand for numbers."""
        words = self.scheme.words.get(found.numbers)
        return words is not None and bool(words.numbers)

    def of_declared(self, word: str, declared: Declared) -> str:
        """What people call a word that a declared fact may hold, or an option of the company."""
        if isinstance(declared, ConfigEntry) and word in declared.called:
            return self.names.tell(declared.called[word], word)
        return self.of_list(word, declared.words if isinstance(declared.words, str) else "")

    def of_list(self, word: str, listed: str) -> str:
        """What people call a word of a list; a word without a name that is the id of something bears that thing's."""
        words = self.scheme.words.get(listed)
        name = "" if words is None else self.names.tell(words.names.get(word), word)
        return name if name and name != word else self.by_id(word)

    def by_id(self, word: str) -> str:
        """The name of an item, grade, role or whatever else bears this id; the word itself otherwise."""
        scheme = self.scheme
        lines = {} if scheme.pay is None else scheme.pay.lines
        rows = {} if scheme.grades is None else scheme.grades.rows
        homes: tuple[Mapping[str, Named], ...] = (scheme.items, scheme.events, scheme.figures, lines)
        homes += (rows, scheme.actions, scheme.states, scheme.forms)
        named = (home[word].name for home in homes if word in home)
        return next((self.names.tell(name, word) for name in named if name is not None), self.usual(word))

    def usual(self, word: str) -> str:
        """The name of a role, or what such a party is usually called; the word itself otherwise."""
        roles = self.scheme.roles
        known = {**roles.rate_only, **(roles.assessed if isinstance(roles.assessed, dict) else {})}
        name = known.get(word) or RELATIONS.get(word)
        return word if name is None else self.names.tell(name, word)

    def part(self, choice: str, part: str) -> str:
        """What people call one part of a choice of the company."""
        entry = self.scheme.config[choice]
        return self.names.tell(entry.called[part], part) if part in entry.called else self.by_id(part)

    def form(self, form: str) -> str:
        """What people call a form; one made for a role bears the role's name."""
        entry = self.scheme.forms[form]
        return self.names.tell(entry.name, form) if entry.name is not None else self.names.of("role", form)

    # --- units --------------------------------------------------------------------------------

    def unit(self, found: Typed) -> str:
        """The unit of what a name gives."""
        tree = found.tree[2] if found.tree[0] == "at" else found.tree
        if not found.unit and tree[0] == "node" and tree[1].startswith("item."):
            return "points"
        return found.unit
