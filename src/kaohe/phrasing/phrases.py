"""A scheme's parts in the words of the trade: one room from which pages and comparisons take their sentences."""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.compiling.formulas import Scope
from kaohe.compiling.meanings import Meanings
from kaohe.explaining.names import Names
from kaohe.numbers import as_typed
from kaohe.phrasing.bodies import Bodies
from kaohe.phrasing.calling import Calling
from kaohe.phrasing.describing import AMOUNT, POINTS, TOTAL, Describing, Result
from kaohe.phrasing.formulas import Formulas
from kaohe.phrasing.pieces import Glue
from kaohe.plan import PEOPLE, Plan
from kaohe.problems import Language
from kaohe.scheme import Body, Item


class Phrases(Glue):
    """The sentences of one scheme in one language."""

    def __init__(self, plan: Plan, language: Language, meanings: Meanings | None = None) -> None:
        super().__init__(language)
        self.plan = plan
        self.scheme = plan.scheme
        self.meanings = meanings or Meanings(plan)
        self.names = Names(plan, language)
        self.calling = Calling(self.names)
        self.formulas = Formulas(self.meanings, self.calling)
        self.bodies = Bodies(self.formulas)

    # --- bodies -------------------------------------------------------------------------------

    def item(self, name: str, body: Item) -> list[str]:
        """How an item, or its reading on one form, gets its points."""
        scope = self.meanings.of_item(name, body)
        told = self.bodies.lines(body, scope, POINTS)
        told += [self.every(body.per, scope, added=True)] if body.per is not None else []
        if body.in_use is not None:
            told.append(self.say("公司选用时才计：", "counts only where ") + self.formulas.condition(body.in_use, scope))
        return self._sentences([*told, *self._lets(name, body), *self.bodies.reported(body)])

    def _lets(self, item: str, body: Item) -> Iterator[str]:
        """The figures that an item keeps for itself."""
        for name, inner in body.let.items():
            lead, *more = self.bodies.lines(inner, self.meanings.of_let(item, name), Result())
            called = self.quoted(self.names.tell(inner.name, name))
            told = self.joined([lead, *(line.removeprefix("· ") for line in more)])
            yield self.say(f"其中{called}＝{told}", f"where {called} = {told}") + self.claused(inner.clause)

    def figure(self, name: str) -> list[str]:
        """How a named figure comes about."""
        figure, scope = self.scheme.figures[name], self.meanings.of_figure(name)
        told = self.bodies.lines(figure, scope, Result(unit=self.plan.nodes[f"figure.{name}"].unit))
        told += [self.every(figure.per, scope)] if figure.per is not None else []
        if figure.past is not None:
            past = self.formulas.formula(figure.past, self.meanings.of_past(name))
            told.append(self.labelled(self.say("往期", "earlier periods"), past))
        return self._sentences(told)

    def pay_line(self, name: str) -> list[str]:
        """How a pay line comes about."""
        assert self.scheme.pay is not None
        line, scope = self.scheme.pay.lines[name], self.meanings.of_pay(name)
        told = self.bodies.lines(line, scope, AMOUNT)
        told += [self.every(line.per, scope)] if line.per is not None else []
        if line.complete is not None:
            group = self.quoted(self.names.of("group", line.complete))
            told.append(self.say(f"{group}全部有结果之后才计算", f"only once everybody of {group} has a result"))
        return self._sentences(told)

    def _sentences(self, lines: list[str]) -> list[str]:
        """Lines that each stand for themselves: in English with a capital."""
        return lines if self.language == "zh" else [line[:1].upper() + line[1:] for line in lines]

    def total_after(self) -> list[str]:
        """What follows the total of the items: what it is made into, its ends, its rounding."""
        total = self.scheme.total
        assert total is not None
        ends = {"floor": total.floor, "cap": total.cap}
        body = Body(then=total.then, round=total.round, **{end: as_typed(number) for end, number in ends.items() if number is not None})
        told = self.bodies.following(body, self.meanings.of_total(), TOTAL)
        if total.reported is not None:
            told.append(self.bodies.rounding(total.reported, ("总分报告时", "the total is reported ")))
        return self._sentences(told)

    def pay_name(self, name: str) -> str:
        """What people call a pay line."""
        lines = {} if self.scheme.pay is None else self.scheme.pay.lines
        return self.names.tell(lines[name].name if name in lines else None, name)

    def every(self, per: str | None, scope: Scope, added: bool = False) -> str:
        """Per what a figure exists."""
        if per == "period":
            return self.say("逐期计算，往期照此办理", "one figure each period, earlier ones included")
        if per in self.scheme.units:
            unit = self.names.of("unit", per)
            if self.scheme.units[per].one:
                return self.say(f"以{unit}为整体计算", f"one figure for the {unit}")
            return self.say(f"按{unit}分别计算", f"one figure for each {unit}")
        part = self.names.source(scope.frame) if "/" in scope.frame else str(per)
        if added:
            return self.say(f"每{part}计一次，各{part}相加", f"counted for every {part.lower()} and added up")
        return self.say(f"按{part}分别计算", f"one figure for every {part.lower()}")

    # --- conditions ---------------------------------------------------------------------------

    def condition(self, text: str, owner: str = "", plain: bool = False, frame: str = PEOPLE) -> str:
        """A condition about one person, or about one row of a frame."""
        return self.formulas.condition(text, self.meanings.anywhere(owner, frame, plain))

    def formula(self, text: str, owner: str = "", frame: str = PEOPLE) -> str:
        """A formula about one person, or about one row of a frame."""
        return self.formulas.formula(text, self.meanings.anywhere(owner, frame))

    def factor(self, text: str, owner: str = "") -> str:
        """A formula about one person, in brackets where it is more than a name."""
        return self.describing(self.meanings.anywhere(owner), Result()).factor(text)

    def describing(self, scope: Scope, result: Result) -> Describing:
        """What tables of bands are told with."""
        return Describing(self.formulas, scope, result)
