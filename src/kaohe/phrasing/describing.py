"""What a rule is told while it puts a scheme into words: one body's formulas, seen from its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kaohe.compiling.formulas import Scope
from kaohe.compiling.outline import event_frame
from kaohe.expressions import Expression
from kaohe.numbers import as_typed
from kaohe.phrasing.declared import bounds_of
from kaohe.phrasing.formulas import Formulas
from kaohe.phrasing.pieces import OR, PRODUCT, SUM, Glue
from kaohe.phrasing.signs import branches
from kaohe.phrasing.speech import keywords, parsed
from kaohe.rules.bands import EDGE_WORDS, Band, edges_of
from kaohe.rules.door import Wording
from kaohe.scheme import Declared, Tier


@dataclass(frozen=True)
class Result:
    """What a body gives: its name within a sentence, its unit, and whether it is points, which are got and lost."""

    zh: str = ""
    en: str = ""
    unit: str = ""

    @property
    def is_points(self) -> bool:
        """Whether it is got and lost rather than had."""
        return self.unit == "points"


GATHERED = {"mean": ("平均值", "mean"), "sum": ("合计", "sum")}
POINTS = Result("得分", "Score", "points")
TOTAL = Result("总分", "total", "points")
AMOUNT = Result("金额", "Amount", "yuan")


class Describing(Glue):
    """One body being put into words."""

    def __init__(self, formulas: Formulas, scope: Scope, result: Result) -> None:
        super().__init__(formulas.language)
        self.formulas = formulas
        self.scope = scope
        self.result = result

    def _seen(self, rows: str) -> Scope:
        return self.scope.on(event_frame(rows)) if rows else self.scope

    # --- formulas -----------------------------------------------------------------------------

    def formula(self, text: str, rows: str = "") -> str:
        """A formula with names for ids."""
        return self.formulas.formula(text, self._seen(rows))

    def factor(self, text: str, rows: str = "") -> str:
        """The same, in brackets where a sign that holds more firmly follows."""
        return self.within(self.formulas.piece(parsed(text), self._seen(rows)), PRODUCT + 1)

    def condition(self, text: str, rows: str = "") -> str:
        """A condition in words."""
        return self.formulas.condition(text, self._seen(rows))

    def equals(self, text: str) -> str:
        """What is told, behind the name of the result."""
        name = self.say(self.result.zh, self.result.en)
        return f"{name}{self.say('＝', ' = ')}{text}" if name else text

    def ways(self, text: str) -> Wording:
        """A formula; a line for each of its ways, of records one after another where it is their mean or sum."""
        this, scope = self.formulas.filled(parsed(text), self.scope)
        if this.kind == "if":
            return Wording(self.say(f"{self.result.zh or '分情形'}：", f"{self.result.en or 'By case'}:"), tuple(self._branches(this)))
        source = self.formulas.source(this, scope) if this.kind == "call" else None
        if source is not None and this.parts[0].kind == "if" and this.word in GATHERED:
            return self._one_by_one(this, scope, source)
        return Wording(self.equals(self.formula(text)))

    def _one_by_one(self, this: Expression, scope: Scope, source: tuple[str, str]) -> Wording:
        """The mean or sum of what each row gives."""
        inside = Describing(self.formulas, self.formulas.inside(source, scope), self.result)
        where = keywords(this).get("where", this.parts[1] if len(this.parts) > 1 and this.parts[1].kind != "keyword" else None)
        rows, (zh, en) = self.formulas.rows_of(source), GATHERED[this.word]
        lead = self.say(f"{rows}逐条计，取{zh}：", f"The {en} of {rows}, each as follows:")
        counted = "" if where is None else self.formulas.truth(where, inside.scope).text
        entries = [*inside._branches(this.parts[0]), self.say(f"只计{counted}的", f"only those where {counted}") if counted else ""]
        return Wording(lead, tuple(entry for entry in entries if entry))

    def _branches(self, this: Expression, rows: str = "") -> Iterable[str]:
        for test, value in branches(this):
            given = self._given(value, rows)
            becomes = "" if self.result.is_points or _is_nothing(value) else "为"
            when = "" if test is None else self.formulas.truth(test, self._seen(rows)).text
            zh = f"若{when}，{becomes}{given}" if when else f"否则{becomes}{given}"
            yield self.say(zh, f"if {when}: {given}" if when else f"otherwise {given}")

    # --- what is given ------------------------------------------------------------------------

    def gives(self, text: str, rows: str = "") -> str:
        """What a band, a place or a branch gives."""
        this = parsed(text)
        if this.kind == "if":
            return self.joined(self._branches(this, rows))
        return self._given(this, rows)

    def _given(self, this: Expression, rows: str) -> str:
        if _is_nothing(this):
            return self.say("视为无数据", "no data")
        if not self.result.is_points:
            told, number = self.formulas.piece(this, self._seen(rows)), this.kind in ("number", "neg")
            return self.formulas.measured(told.text, self.formulas.unit_word(self.result.unit)) if number else self.within(told, OR)
        lost, text = self._points(this, rows, ("得", "扣"))
        return self.say(text, f"{'minus ' if lost else ''}{text}")

    def _points(self, this: Expression, rows: str, verbs: tuple[str, str]) -> tuple[bool, str]:
        """Whether points are taken away, and how many: `扣5分`, `按“分值”加分`, `扣（5×天数）分`."""
        this, lost = _without_sign(this)
        this, scope = self.formulas.filled(this, self._seen(rows))
        told, verb = self.formulas.piece(this, scope), verbs[lost]
        if this.kind == "number":
            return lost, self.say(f"{verb}{told.text}分", self.formulas.measured(told.text, "points"))
        if this.kind == "name":
            return lost, self.say(f"按“{told.text}”{verb}分", self.quoted(told.text))
        return lost, self.say(f"{verb}（{told.text}）分", self.within(told, SUM))

    def each(self, text: str, rows: str = "") -> str:
        """What one record gives or takes."""
        return self._changes(text, rows, self.say("每次", ""), self.say("", " each"))

    def once(self, text: str, rows: str = "") -> str:
        """What a kind of record gives or takes, however often it happened."""
        return self._changes(text, rows, self.say("有一次即", ""), self.say("，多次只计一次", " once, however often"))

    def change(self, text: str) -> str:
        """What is added to a score or taken from it, whatever happened how often."""
        return self._changes(text, "", "", "")

    def _changes(self, text: str, rows: str, before: str, after: str) -> str:
        this, _ = self.formulas.filled(parsed(text), self._seen(rows))
        if this.kind == "if":
            return f"{before}{self.joined(self._changing(this, rows))}{after}"
        return f"{before}{self._change(this, rows)}{after}"

    def _changing(self, this: Expression, rows: str) -> Iterable[str]:
        for test, value in branches(this):
            change = self._change(value, rows)
            when = "" if test is None else self.formulas.truth(test, self._seen(rows)).text
            yield self.say(f"若{when}，{change}" if when else f"否则{change}", f"if {when}: {change}" if when else f"otherwise {change}")

    def _change(self, this: Expression, rows: str) -> str:
        if this.kind == "number" and this.word == "0":
            return self.say("不加不扣", "nothing")
        if this.kind == "if":
            return self.bracketed(self.joined(self._changing(this, rows)))
        lost, text = self._points(this, rows, ("加", "扣"))
        return self.say(text, f"{'minus' if lost else 'plus'} {text}")

    # --- tables -------------------------------------------------------------------------------

    def bands(self, by: str, tiers: Sequence[Tier], rows: str = "") -> tuple[str, ...]:
        """Every band of a table and what it gives; what one record gives where `rows` names their type."""
        bands = [Band.of(tier) for tier in tiers]
        told = []
        for place, tier in enumerate(tiers):
            gives = self._changes(tier.points, rows, "", "") if rows else self.gives(tier.points)
            band = self.band(bands, place, by, rows)
            told.append(self.say(f"{band}，{gives}", f"{band}: {gives}") + self.claused(tier.clause))
        return tuple(told)

    def band(self, bands: Sequence[Band], place: int, by: str, rows: str = "") -> str:
        """One band in words, with the edge at which an earlier one would have held."""
        if not bands[place].edges:
            return self.say("其余", "otherwise")
        unit = self.formulas.unit_after(parsed(by), self._seen(rows))
        edges = sorted(edges_of(bands, place).edges, key=lambda edge: edge[0] in ("below", "up_to"))
        told = [self.spaced(self.say(*EDGE_WORDS[side]), self.formulas.measured(as_typed(edge), unit)) for side, edge in edges]
        return self.say("、", " and ").join(told)

    def measured(self, number: str, by: str) -> str:
        """A number with the unit of the figure that it is held against."""
        return self.formulas.measured(number, self.formulas.unit_after(parsed(by), self.scope))

    def measured_result(self, text: str) -> str:
        """A formula with the unit of the result, where it is a number."""
        this, scope = self.formulas.filled(parsed(text), self.scope)
        told = self.formulas.piece(this, scope).text
        unit = self.formulas.unit_word(self.result.unit)
        return self.formulas.measured(told, unit) if this.kind in ("number", "neg") else told

    # --- names --------------------------------------------------------------------------------

    def name(self, kind: str, key: str) -> str:
        """What people call an item, an event type, a group, a relation, a column of records."""
        names = self.formulas.calling.names
        if kind == "column":
            event, _, column = key.partition(".")
            return names.fact(event_frame(event), column)
        return names.of(kind, key)

    def bounds(self, declared: Declared) -> str:
        """What a declared fact may hold."""
        return bounds_of(declared, self)


def _is_nothing(this: Expression) -> bool:
    """Whether a formula says that there is nothing to measure."""
    return this.kind == "name" and this.word == "none"


def _without_sign(this: Expression) -> tuple[Expression, bool]:
    """What is left without the minus in front, and whether there was one."""
    if this.kind == "neg":
        return this.parts[0], True
    if this.kind in ("*", "/"):
        first, lost = _without_sign(this.parts[0])
        return Expression(this.kind, this.word, (first, this.parts[1]), this.at, this.typed), lost
    return this, False
