"""A plan as the linter looks at it: its figures' extents by form, the names that people see, what rests on what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from kaohe.linting.extents import Extent
from kaohe.linting.reckoning import Reckoning
from kaohe.plan import PEOPLE, Node, Plan, Tree, node_ids, walk
from kaohe.scheme import Scheme
from kaohe.texts import Text


class Studied:
    """A plan, and what can be known of its figures without any facts."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @property
    def scheme(self) -> Scheme:
        """What the scheme says."""
        return self.plan.scheme

    @property
    def forms(self) -> list[str]:
        """The forms; one without a name where the scheme has none."""
        return list(self.plan.forms)

    @cached_property
    def by_form(self) -> dict[str, Reckoning]:
        """The figures' extents for whoever has each form."""
        return {form: Reckoning(self.plan, form) for form in self.forms}

    @cached_property
    def overall(self) -> Reckoning:
        """The figures' extents for anybody."""
        return Reckoning(self.plan)

    def total(self, form: str) -> Extent:
        """What the total of a form may come to."""
        return self.by_form[form].node("total")

    @property
    def raw(self) -> Node | None:
        """The figure in which items become one, before anything follows it; None where a formula says it, or nothing does."""
        node = self.plan.nodes.get("total.raw")
        return node if node is not None and node.rule == "weighted@1" else None

    def behind(self, id: str) -> Iterator[Node]:
        """A figure and every figure that it rests on."""
        waiting, seen = [id], set[str]()
        while waiting:
            id = waiting.pop()
            if id not in seen and id in self.plan.nodes:
                seen.add(id)
                yield self.plan.nodes[id]
                waiting += node_ids(self.plan.nodes[id].inputs) + node_ids([list(self.plan.nodes[id].params.values())])

    def trees_behind(self, id: str) -> Iterator[Tree]:
        """Every operation on which a figure rests."""
        for node in self.behind(id):
            yield from walk(node.inputs)

    def pay_lines(self) -> Iterator[str]:
        """The pay lines of a person."""
        yield from (name for name, _, frame in self.plan.outputs["pay"] if frame == PEOPLE)

    # --- names --------------------------------------------------------------------------------

    def name(self, id: str) -> Text:
        """What people call a figure of the plan; a part of one bears the name of the whole."""
        while id:
            node = self.plan.nodes.get(id)
            if node is not None and node.name:
                return Text.read(node.name)
            id = id.rpartition(".")[0]
        return Text("", "")

    def clause(self, id: str) -> str:
        """The clause that a pay line comes from: its own, else that of the whole sheet."""
        pay = self.scheme.pay
        return self.plan.nodes[id].clause or ("" if pay is None else pay.clause)

    def form_name(self, form: str) -> Text:
        """What people call a form: its own name, else its role's."""
        entry, roles = self.scheme.forms.get(form), self.scheme.roles.assessed
        if entry is not None and entry.name is not None:
            return entry.name
        return roles[form] if isinstance(roles, dict) and form in roles else Text.read(form)

    def grade_name(self, grade: str) -> Text:
        """A grade's name, else its id."""
        rows = self.scheme.grades.rows if self.scheme.grades is not None else {}
        name = rows[grade].name if grade in rows else None
        return name or Text.read(grade)

    def event_name(self, kind: str) -> Text:
        """What people call a kind of record."""
        return self.scheme.events[kind].name

    def on_form(self, form: str) -> Text:
        """`（客服代表评估表）`: which form is meant; nothing where the scheme has none."""
        name = self.form_name(form)
        return Text(f"（{name.zh}）", f" ({name.en})") if form else Text("", "")


def path_of(id: str) -> tuple[str, ...]:
    """Where a figure of the plan stands in the scheme."""
    home, _, rest = id.partition(".")
    names = {"figure": "figures", "item": "items", "pay": "pay", "state": "states", "action": "actions", "warning": "warnings"}
    if home not in names or not rest:
        return (home,) if home not in ("grade", "of") else ("grades",) if home == "grade" else ("rank",)
    name = rest.partition(".")[0].partition("@")[0]
    return ("pay", "lines", name) if home == "pay" else (names[home], name)


CHINESE = re.compile("[\u4e00-\u9fff]")


def says(name: Text, zh: re.Pattern[str], en: re.Pattern[str]) -> bool:
    """Whether a name says something: by its Chinese words, or by the English ones where it has no others."""
    return bool(zh.search(name.zh)) if CHINESE.search(name.zh) else bool(en.search(name.en))


def joined(names: list[Text]) -> Text:
    """Names in a row."""
    return Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))
