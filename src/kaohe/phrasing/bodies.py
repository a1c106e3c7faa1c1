"""Bodies in words: the rule of an item, a figure or a pay line, then what follows it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kaohe.compiling.compiler import BODY_RULES
from kaohe.compiling.formulas import Scope
from kaohe.numbers import as_typed
from kaohe.phrasing.describing import Describing, Result
from kaohe.phrasing.formulas import Formulas
from kaohe.phrasing.pieces import Glue
from kaohe.rules import rules
from kaohe.rules.adjust import HALVES
from kaohe.rules.door import Rule, Wording
from kaohe.scheme import Body, Item, Rounding, Story
from kaohe.texts import Text

ABSENT = {
    "missing": ("视为缺数据", "it is owed"),
    "spread": ("不计，权重分给其他指标", "it drops out and its weight goes to the others"),
    "null": ("不计", "it drops out"),
}
_CONDITIONAL = re.compile(r"(spread|null|missing) if (.+) else (spread|null|missing)")


def rule_of(body: Body) -> str:
    """The name and version of the rule that a body writes."""
    if body.story is not None:
        return body.story.rule
    written = next((rule for key, rule in BODY_RULES.items() if getattr(body, key) is not None), "formula")
    return f"{written}@1"


class Bodies(Glue):
    """The bodies of one scheme in one language."""

    def __init__(self, formulas: Formulas) -> None:
        super().__init__(formulas.language)
        self.formulas = formulas

    # --- the rule -----------------------------------------------------------------------------

    def rule(self, body: Body, scope: Scope, result: Result) -> Wording:
        """What the rule of a body says."""
        rule = rules()[rule_of(body)]
        if rule.describe is None:
            return self._unworded(rule, body.story)
        return rule.describe(Describing(self.formulas, scope, result), body)

    def _unworded(self, rule: Rule, story: Story | None) -> Wording:
        """A rule that has no words for a scheme: its name and its settings."""
        settings = {} if story is None else story.settings
        name = Text.read(rule.about).tell(self.language) or rule.name
        return Wording(
            self.say(f"按“{name}”计算：", f"By {name}:"), tuple(self.labelled(key, self._setting(value)) for key, value in settings.items())
        )

    def _setting(self, value: object) -> str:
        return self.listed(map(str, value)) if isinstance(value, (list, tuple)) else str(value)

    # --- what follows -------------------------------------------------------------------------

    def lines(self, body: Body, scope: Scope, result: Result) -> list[str]:
        """The rule and all that follows it, a line for each thing that is said."""
        told = self.rule(body, scope, result)
        return [told.lead, *(f"· {entry}" for entry in told.entries), *self.following(body, scope, result)]

    def following(self, body: Body, scope: Scope, result: Result) -> list[str]:
        """What is added, bounded, rounded; what becomes of nothing to measure."""
        made = "rating" if body.rating is not None else "rule"
        after = scope if scope.extra else self.formulas.meanings.after(scope, made)
        describing = Describing(self.formulas, after, result)
        told = [*self._then(body, describing), *self._added(body, scope, result), *self._ends(body, describing)]
        told += [self.rounding(body.round)] if body.round is not None else []
        told += [self.absence(body.if_none, scope)] if body.if_none not in (None, "missing") else []
        if body.if_absent is not None:
            value = describing.formula(body.if_absent)
            told.append(self.say(f"没有数据时按{value}计", f"{value} where there is no data"))
        return told

    def _then(self, body: Body, describing: Describing) -> list[str]:
        """What the rule's score is made into."""
        if body.then is None:
            return []
        told = describing.ways(body.then)
        return [self.say("再换算，", "Then ") + told.lead, *(f"· {entry}" for entry in told.entries)]

    def _added(self, body: Body, scope: Scope, result: Result) -> Iterable[str]:
        """What is added; a body of its own is told whole."""
        describing = Describing(self.formulas, scope, result)
        for plus in body.plus:
            if isinstance(plus, Body):
                lead, *more = self.lines(plus, scope, result)
                yield from (self.say(f"另{lead}", f"Also, {self.and_then(lead)}"), *more)
            elif result.is_points:
                yield self.say("另：", "Also: ") + describing.change(plus)
            else:
                yield self.say(f"另加{describing.formula(plus)}", f"plus {describing.formula(plus)}")

    def _ends(self, body: Body, describing: Describing) -> list[str]:
        """Below what and above what it does not go."""
        told = []
        for end, (zh, en) in ((body.floor, ("最低", "not below")), (body.cap, ("最高", "not above"))):
            if end is not None and end != "none":
                number = describing.measured_result(end)
                told.append(self.say(f"{zh}{number}", f"{en} {number}"))
        return [self.comma(told)] if told else []

    def rounding(self, rounding: Rounding, when: tuple[str, str] = ("", "")) -> str:
        """Where and how a figure is rounded; `when` says on which occasion."""
        zh, en = HALVES[rounding.half]
        to = as_typed(rounding.to)
        told = self.say(f"{zh}到{'整数' if to == '1' else to}", f"{en} to {'a whole number' if to == '1' else to}")
        if rounding.only == "endless":
            told = self.say(f"除不尽的，{when[0]}{told}", f"{when[1]}{told}, where it has no end")
        else:
            told = self.say(*when) + told
        return told + self.claused(rounding.clause)

    def absence(self, if_none: str | None, scope: Scope) -> str:
        """What becomes of an item with nothing to measure."""
        written = if_none or "missing"
        match = _CONDITIONAL.fullmatch(written)
        if match is None:
            if written in ABSENT:
                return self.say(f"无数据时{ABSENT[written][0]}", f"without data {ABSENT[written][1]}")
            return self.say(f"无数据时按{self.formulas.formula(written, scope)}计", f"{self.formulas.formula(written, scope)} without data")
        condition = self.formulas.condition(match[2], scope)
        one, other = (self.say(*ABSENT[match[side]]) for side in (1, 3))
        return self.say(f"无数据时，若{condition}，{one}；否则{other}", f"without data, if {condition}, {one}; otherwise {other}")

    # --- what only items say ------------------------------------------------------------------

    def reported(self, item: Item) -> list[str]:
        """How an item is shown, counted and used."""
        told = []
        if item.reported is not None:
            told.append(self.rounding(item.reported, ("报告时", "reported ")))
        if not item.in_total:
            told.append(self.say("单独计算，不并入各项合计", "kept apart: not among the items that are added up"))
        if item.note is not None:
            told.append(self.labelled(self.say("说明", "Note"), item.note.tell(self.language)))
        return told
