"""What people see for the ids of a scheme: names of items, pay lines, grades, states, and the headings of every table.

Terminal, CSV and workbook take their words from here, so that a column bears one name everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kaohe.plan import Plan
from kaohe.problems import Language
from kaohe.scoring import ASSESSED, INCOMPLETE, Scorecard
from kaohe.texts import Text

HEADINGS = {
    "subject": Text("编号", "id"),
    "name": Text("姓名", "name"),
    "form": Text("考核表", "form"),
    "item": Text("指标", "item"),
    "item_name": Text("指标名称", "item name"),
    "points": Text("得分", "points"),
    "exact": Text("精确值", "exact"),
    "clause": Text("条款", "clause"),
    "total": Text("总分", "total"),
    "grade": Text("等级", "grade"),
    "rank": Text("名次", "rank"),
    "of": Text("排名人数", "of"),
    "line": Text("薪酬项", "pay line"),
    "line_name": Text("薪酬项名称", "pay line name"),
    "amount": Text("金额（元）", "amount (yuan)"),
    "actions": Text("后续措施", "actions"),
    "warnings": Text("提示", "warnings"),
    "status": Text("状态", "status"),
    "missing": Text("缺少", "missing"),
    "why": Text("原因", "why"),
    "sum": Text("合计", "total"),
    "checked": Text("核对数", "checked total"),
    "difference": Text("差额", "difference"),
    "unit": Text("单位", "unit"),
}

# Units as they follow a number; a plain number and a share have none.
UNIT_WORDS = {
    "yuan": Text("元", "yuan"),
    "points": Text("分", "points"),
    "seconds": Text("秒", "seconds"),
    "minutes": Text("分钟", "minutes"),
    "hours": Text("小时", "hours"),
    "days": Text("天", "days"),
}

STATUSES = {
    ASSESSED: Text("已考核", "assessed"),
    INCOMPLETE: Text("数据不全", "incomplete"),
    "not_assessed": Text("不考核", "not assessed"),
}


@dataclass(frozen=True)
class Labels:
    """The names of one plan in one language; an id without a name stands for itself."""

    plan: Plan
    language: Language

    def heading(self, key: str) -> str:
        """A column's heading."""
        return HEADINGS[key].tell(self.language)

    def item(self, id: str) -> str:
        """An item's name."""
        return self._name(self.plan.scheme.items, id)

    def items(self) -> list[str]:
        """The ids of all items, in the scheme's order."""
        return list(self.plan.scheme.items)

    def pay(self, id: str) -> str:
        """A pay line's name."""
        return self._name(self.plan.scheme.pay.lines if self.plan.scheme.pay else {}, id)

    def pay_lines(self, frame: str) -> list[str]:
        """The ids of the pay lines that exist per person, or per unit, in the sheet's order."""
        return [name for name, _, of in self.plan.outputs["pay"] if of == frame]

    def metric(self, id: str) -> str:
        """The name of a figure that is a result of its own."""
        columns = self.plan.scheme.grades.columns if self.plan.scheme.grades else {}
        return self._name({**columns, **self.plan.scheme.figures}, id)

    def metrics(self, frame: str) -> list[str]:
        """The ids of the figures that are results of their own, per person or per unit."""
        return [name for name, _, of in self.plan.outputs["metrics"] if of == frame]

    def action(self, id: str) -> str:
        """A consequence's name."""
        return self._name(self.plan.scheme.actions, id)

    def warning(self, id: str) -> str:
        """A warning's name."""
        return self._name(self.plan.scheme.warnings, id)

    def grade(self, id: str | None) -> str:
        """A grade and, where it has another one, its name."""
        if id is None:
            return ""
        rows = self.plan.scheme.grades.rows if self.plan.scheme.grades else {}
        name = self._name(rows, id)
        return id if name == id else f"{id} {name}"

    def form(self, id: str | None) -> str:
        """A form's name; one made for a role bears the role's name."""
        if not id:
            return ""
        name = self._name(self.plan.scheme.forms, id)
        roles = self.plan.scheme.roles.assessed
        return roles[id].tell(self.language) if name == id and isinstance(roles, dict) and id in roles else name

    def unit(self, id: str) -> str:
        """The name of a kind of unit."""
        return self._name(self.plan.scheme.units, id)

    def status(self, card: Scorecard) -> str:
        """A status as people say it; a state bears the name that the scheme gives it."""
        return self.status_word(card.status)

    def status_word(self, status: str) -> str:
        """A status as people say it."""
        if status in STATUSES:
            return STATUSES[status].tell(self.language)
        state = next((state for state in self.plan.scheme.states.values() if state.status == status), None)
        return state.name.tell(self.language) if state is not None else status

    def why(self, card: Scorecard) -> str:
        """Why somebody has no total: the state that takes them out, or what is missing."""
        if card.reason is not None:
            return self._name(self.plan.scheme.states, card.reason)
        return self.missing(card)

    def missing(self, card: Scorecard) -> str:
        """What a subject lacks, by name."""
        return self.join(map(self.missing_one, card.missing))

    def join(self, words: Any) -> str:
        """Words in a row."""
        return ("、" if self.language == "zh" else ", ").join(words)

    def missing_one(self, id: str) -> str:
        """One item or value that a subject lacks, by name."""
        known: Mapping[str, Any] = self.plan.scheme.items if id in self.plan.scheme.items else self.plan.scheme.values
        return self._name(known, id)

    def _name(self, known: Mapping[str, Any], id: str) -> str:
        entry = known.get(id)
        name = getattr(entry, "name", None) or getattr(entry, "text", None)
        return name.tell(self.language) if isinstance(name, Text) else id
